"""Waterfall: from one sum to another, step by step."""

from __future__ import annotations

from typing import Any

from footfall.charts._chart import BLUE, GREEN, RED, altair, data_of

Step = tuple[str, float]
"""A name, and what it adds."""


def waterfall(start: Step, steps: list[Step], end: Step, title: str) -> Any:
    """Draw a bar for each sum, and between them what each step adds or takes; ``title`` is that of the money."""
    alt = altair()
    rows = [_row(start[0], 0.0, start[1], "sum", f"{start[1]:,.0f}")]
    level = start[1]
    for name, part in steps:
        rows.append(_row(name, level, level + part, "up" if part >= 0 else "down", f"{part:+,.0f}"))
        level += part
    rows.append(_row(end[0], 0.0, end[1], "sum", f"{end[1]:,.0f}"))
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["sum", "up", "down"], range=[BLUE, GREEN, RED]))
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("name:N", sort=[row["name"] for row in rows], title=None, axis=_lines(alt, rows))
    )
    bars = base.mark_bar(size=56 if len(rows) < 8 else 34).encode(  # noqa: PLR2004 - more bars, thinner ones
        y=alt.Y("low:Q", title=title), y2="high:Q", color=colour, tooltip=["name:N", "label:N"]
    )
    labels = base.mark_text(dy=-7, fontSize=11).encode(y="top:Q", text="label:N")
    return (bars + labels).properties(width=max(520, 64 * len(rows)), height=300)


def _row(name: str, low: float, high: float, kind: str, label: str) -> dict[str, Any]:
    return {"name": name, "low": low, "high": high, "top": max(low, high), "kind": kind, "label": label}


def _lines(alt: Any, rows: list[dict[str, Any]]) -> Any:
    """Names of several words stand on several lines, so that all fit beside each other; long words are turned."""
    room = 14
    longest = max((len(word) for row in rows for word in row["name"].split()), default=0)
    return alt.Axis(labelAngle=0 if longest <= room else -30, labelExpr="split(datum.label, ' ')", labelOverlap=False)
