"""Mix of sessions: bars of shares, intervals of conversion, lines by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

_MOST = 8


def plot_mix(table: Table, by: list[str], language: str) -> Any:
    """Draw shares and conversion, of the values with most sessions."""
    say, alt = words("mix", language), altair()
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    sizes: dict[str, int] = {}
    for row in rows:
        row["value"] = " · ".join(say["none"] if row[name] is None else str(row[name]) for name in by)
        sizes[row["value"]] = sizes.get(row["value"], 0) + row["sessions"]
    kept = sorted(sizes, key=lambda value: (-sizes[value], value))[:_MOST]
    values = [_value(row) for row in rows if row["value"] in kept]
    rest = [row for row in rows if row["value"] not in kept]
    if rest:
        kept = [*kept, say["others"]]
        values += [
            _value(
                {
                    **_sums([row for row in rest if row.get("period") == period]),
                    "value": say["others"],
                    "period": period,
                }
            )
            for period in dict.fromkeys(row.get("period") for row in rest)
        ]
    measures = ["share", "rate"] if "conversion" in table.column_names else ["share"]
    draw = _lines if "period" in table.column_names else _bars
    chart = alt.hconcat(*(draw(alt, values, measure, kept, say) for measure in measures))
    subtitle = f"{say['most']} {len(sizes)}" if rest else ""
    return finish(chart, say["title"] + " " + titles_of(by, language, ", "), subtitle)


def _value(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "value": row["value"], "share": row["session_share"], "rate": row.get("conversion"),
        "low": row.get("conversion_low"), "high": row.get("conversion_high"),
        "period": str(row.get("period")), "label": f"{row['session_share']:.1%}",
    }  # fmt: skip


def _sums(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the share and the conversion of several values together, of sessions that are over."""
    over = sum(row["sessions"] - row["open"] for row in rows if "open" in row)
    came = sum(row["converted"] for row in rows if "converted" in row)
    share = sum(row["session_share"] or 0.0 for row in rows)
    return {"session_share": share, "conversion": came / over if over else None}


def _bars(alt: Any, values: list[dict[str, Any]], measure: str, kept: list[str], say: dict[str, str]) -> Any:
    y = alt.Y("value:N", sort=kept, title=None, axis=alt.Axis(labels=measure == "share", ticks=False))
    x = alt.X(f"{measure}:Q", title=say[measure], axis=alt.Axis(format="%", tickCount=5))
    base = alt.Chart(data_of(values)).encode(y=y)
    if measure == "share":
        text = base.mark_text(align="left", dx=4).encode(x=x, text="label:N")
        return (base.mark_bar(color=BLUE).encode(x=x) + text).properties(width=320)
    ends = base.mark_rule(color=ORANGE).encode(x=alt.X("low:Q", title=say["rate"]), x2="high:Q")
    return (ends + base.mark_point(color=ORANGE, filled=True, size=50).encode(x=x)).properties(width=260)


def _lines(alt: Any, values: list[dict[str, Any]], measure: str, kept: list[str], say: dict[str, str]) -> Any:
    return (
        alt.Chart(data_of(values))
        .mark_line(point=True)
        .encode(
            x=alt.X("period:T", title=None),
            y=alt.Y(f"{measure}:Q", title=say[measure], axis=alt.Axis(format="%")),
            color=alt.Color("value:N", sort=kept, title=None),
        )
        .properties(width=380, height=220)
    )
