"""Funnel charts: small multiples by value, lines by period, histogram of times to convert."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, PALE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

_MOST_GROUPS = 12
_BINS = 40
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def _rows(table: Table, keys: list[str], say: dict[str, str]) -> list[dict[str, Any]]:
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    for row in rows:
        row["group"] = " · ".join(say["none"] if row[key] is None else str(row[key]) for key in keys)
    return rows


def plot_groups(table: Table, keys: list[str], language: str) -> Any:
    """Draw small funnels side by side, those of most customers first."""
    say, alt = words("funnel_groups", language), altair()
    rows = _rows(table, keys, say)
    sizes = {row["group"]: row["reached"] for row in rows if row["step"] == 1}
    largest = sorted(sizes, key=lambda group: -sizes[group])[:_MOST_GROUPS]
    values = [
        {
            "group": row["group"],
            "step": f"{row['step']} {row['name']}",
            "share": row["overall_rate"] or 0.0,
            "label": f"{row['reached']:,} ({row['overall_rate'] or 0:.0%})",
            "low": row["step_low"],
            "high": row["step_high"],
            "end": 1.0,
            "step_rate": row["step_rate"],
            "reached": row["reached"],
        }
        for row in rows
        if row["group"] in largest
    ]
    order = list(dict.fromkeys(value["step"] for value in values))
    x = alt.X(
        "share:Q",
        title=say["of"],
        axis=alt.Axis(format="%", values=[0, 0.5, 1]),
        scale=alt.Scale(domain=[0, 1.6], nice=False),
    )
    tooltip = ["group:N", "step:N", "reached:Q", alt.Tooltip("share:Q", title=say["of"], format=".1%"), "step_rate:Q"]
    base = alt.Chart().encode(y=alt.Y("step:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)), x=x)
    known = base.transform_filter("isValid(datum.low)")
    layer = alt.layer(
        base.mark_bar(color=BLUE, height={"band": 0.7}, opacity=PALE).encode(tooltip=tooltip),
        known.mark_rule(color=ORANGE, strokeWidth=2).encode(x=alt.X("low:Q", title=say["of"]), x2="high:Q"),
        known.mark_point(color=ORANGE, filled=True, opacity=1).encode(x="step_rate:Q", tooltip=tooltip),
        base.mark_text(align="left", dx=4, fontSize=10).encode(x=alt.X("end:Q", title=say["of"]), text="label:N"),
    ).properties(width=190, height=alt.Step(22))
    chart = layer.facet(
        facet=alt.Facet("group:N", sort=largest, title=None, header=alt.Header(labelFontSize=12)),
        columns=3,
        data=data_of(values),
    )
    names = titles_of(keys, language, ", ")
    cut = f"{say['more']} {len(sizes)}" if len(sizes) > len(largest) else ""
    return finish(chart, f"{say['by']} {names}", " · ".join(text for text in (say["how"], cut) if text))


def plot_periods(table: Table, keys: list[str], language: str) -> Any:
    """Draw the rate of each step as a line over the periods, with its interval."""
    say, alt = words("funnel_groups", language), altair()
    values = [
        {
            "period": str(row["period"]),
            "step": f"{row['step']} {row['name']}",
            "group": row["group"],
            "rate": row["step_rate"],
            "low": row["step_low"],
            "high": row["step_high"],
        }
        for row in _rows(table, [name for name in keys if name != "period"], say)
        if row["step_rate"] is not None
    ]
    order = list(dict.fromkeys(value["step"] for value in values))
    color = alt.Color("step:N", sort=order, title=None)
    x = alt.X("period:T", title=None)
    base = alt.Chart().encode(x=x, color=color)
    tooltip = ["group:N", "period:T", "step:N", "rate:Q"]
    layer = alt.layer(
        base.mark_area(opacity=0.15).encode(
            y=alt.Y("low:Q", title=say["rate"], axis=alt.Axis(format="%")), y2="high:Q"
        ),
        base.mark_line(point=True).encode(y=alt.Y("rate:Q", title=say["rate"]), tooltip=tooltip),
    ).properties(width=420, height=220)
    data = data_of(values)
    if any(value["group"] for value in values):
        chart = layer.facet(facet=alt.Facet("group:N", title=None), columns=2, data=data)
    else:
        chart = layer.properties(data=data)
    return finish(chart, say["trend"])


def plot_times(table: Table, keys: list[str], steps: int, unit: str, language: str) -> Any:
    """Draw the distribution of the time from step 1 to the last, over those who came through; for each value apart."""
    say, alt = words("funnel_groups", language), altair()
    groups: dict[str, list[float]] = {}
    for row in _rows(table, keys, say):
        if (end := row[f"t{steps}"]) is not None:
            groups.setdefault(row["group"], []).append((end - row["t1"]).total_seconds())
    largest = sorted(groups, key=lambda group: (-len(groups[group]), group))[:_MOST_GROUPS]
    longest = max((max(groups[group]) for group in largest), default=1.0)
    name, size = next((unit for unit in _UNITS if longest >= 2 * unit[1]), _UNITS[-1])
    headed = {
        group: f"{group} · {say['median']} {_median(groups[group]) / size:.1f} {say[name]}" if keys else group
        for group in largest
    }
    values = [bar for group in largest for bar in _histogram(groups[group], headed[group], max(longest, 1.0), size)]
    bars = (
        alt.Chart()
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("from:Q", bin="binned", title=say[name]),
            x2="to:Q",
            y=alt.Y("count:Q", title=None if keys else say[unit]),
            tooltip=[
                alt.Tooltip("range:N", title=f"{say['times']} ({say[name]})"),
                alt.Tooltip("count:Q", title=say[unit], format=",.0f"),
            ],
        )
    )
    data = data_of(values)
    if keys:
        sizes = bars.properties(width=220, height=140)
        facet = alt.Facet("group:N", sort=list(headed.values()), title=None, header=alt.Header(labelFontSize=12))
        cut = f"{say['more']} {len(groups)}" if len(groups) > len(largest) else ""
        note = " · ".join(text for text in (say[unit], cut) if text)
        return finish(
            sizes.facet(facet=facet, columns=3, data=data), f"{say['times']} ({titles_of(keys, language, ', ')})", note
        )
    middle = f"{say['median']}: {_median(groups['']) / size:.1f} {say[name]}" if groups else ""
    return finish(bars.properties(width=460, height=220, data=data), say["times"], middle)


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds)


def _histogram(seconds: list[float], group: str, longest: float, size: int) -> list[dict[str, Any]]:
    width = longest / _BINS
    counts = [0] * _BINS
    for value in seconds:
        counts[min(int(value / width), _BINS - 1)] += 1
    ends = [at * width / size for at in range(_BINS + 1)]
    return [
        {"group": group, "from": start, "to": end, "count": count, "range": f"{start:.1f}–{end:.1f}"}
        for start, end, count in zip(ends, ends[1:], counts, strict=False)
    ]
