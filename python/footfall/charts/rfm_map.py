"""RFM segments that are no areas of R and F: the segment that most customers of each cell are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import STATES, altair, data_of, finish
from footfall.charts._names import state_names
from footfall.charts.words import words
from footfall.core.columns import codes, values

if TYPE_CHECKING:
    import datetime as dt

    from footfall.table import Table

# The share from which a cell is too dark for dark figures.
_DARK = 0.75


def plot_map(table: Table, best: int, as_of: dt.date | None, language: str) -> Any:
    """Draw the most frequent segment of each cell as colour, its customers, and the share that are in the segment."""
    import numpy as np

    say, alt = words("rfm", language), altair()
    segment, known = codes(table.native, "segment")
    r, f = (values(table.native, axis).astype(np.int64) - 1 for axis in "rf")
    counts = np.zeros((best, best, max(len(known), 1)), dtype=np.int64)
    np.add.at(counts, (r, f, segment), 1)
    named = state_names(known, language)
    rows = []
    for row, column in np.argwhere(counts.sum(axis=2) > 0).tolist():
        cell = counts[row, column]
        most = int(cell.argmax())
        rows.append({
            "r": str(row + 1), "f": str(column + 1), "segment_name": named[known[most]], "customers": int(cell.sum()),
            "label": f"{cell.sum():,}", "share": float(cell[most] / cell.sum()),
            "inside": f"{cell[most] / cell.sum():.0%}",
        })  # fmt: skip
    scores = [str(score) for score in range(1, best + 1)]
    shown = [named[code] for code in known if named[code] in {row["segment_name"] for row in rows}]
    scale = alt.Scale(domain=shown, range=[STATES[at % len(STATES)] for at in range(len(shown))])
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("r:O", title=say["r"], sort=scores, scale=alt.Scale(domain=scores)),
        y=alt.Y("f:O", title=say["f"], sort=scores[::-1], scale=alt.Scale(domain=scores[::-1])),
    )
    inside = alt.Tooltip("share:Q", title=say["inside"], format=".0%")
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color("segment_name:N", title=None, scale=scale),
        opacity=alt.Opacity("share:Q", scale=None, legend=None),
        tooltip=["r:O", "f:O", "segment_name:N", "customers:Q", inside],
    )
    ink = alt.condition(f"datum.share > {_DARK}", alt.value("white"), alt.value("#1f2d3d"))
    counts = base.mark_text(dy=-7).encode(text="label:N", color=ink)
    chart = cells + counts + base.mark_text(dy=8, fontSize=10).encode(text="inside:N", color=ink)
    note = f"{as_of or '–'} · {table.num_rows:,} {say['customers']} · {say['map']}"
    return finish(chart.properties(width=520, height=420), say["title"], note)
