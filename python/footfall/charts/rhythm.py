"""Activity by hour and weekday, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_rhythm(hours: Table, weekdays: Table, peaks: list[int], language: str) -> Any:
    """Draw the share of the events by hour and by weekday."""
    say, alt = words("rhythm", language), altair()
    bars = [{"hour": row[0], "share": row[3] or 0, "peak": row[0] in peaks} for row in hours.rows()]
    days = [{"day": say["days"][row[0] - 1], "share": row[3] or 0} for row in weekdays.rows()]
    y = alt.Y("share:Q", title=say["share"], axis=alt.Axis(format="%"))
    color = alt.condition("datum.peak", alt.value(ORANGE), alt.value(BLUE))
    left = (
        alt.Chart(data_of(bars))
        .mark_bar()
        .encode(x=alt.X("hour:O", title=say["hour"]), y=y, color=color)
        .properties(width=420, height=200)
    )
    right = (
        alt.Chart(data_of(days))
        .mark_bar(color=BLUE)
        .encode(x=alt.X("day:N", sort=list(say["days"]), title=say["weekday"], axis=alt.Axis(labelOverlap=False)), y=y)
        .properties(width=180, height=200)
    )
    found = ", ".join(f"{hour}:00" for hour in peaks) or "–"
    return finish(alt.hconcat(left, right), str(say["title"]), f"{say['peaks']}: {found}")
