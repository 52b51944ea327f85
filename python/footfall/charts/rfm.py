"""RFM heatmap and segment bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.rfm_map import plot_map
from footfall.charts.words import words
from footfall.core.columns import values

if TYPE_CHECKING:
    import datetime as dt

    from footfall.table import Table


def plot_grid(table: Table, best: int, scheme: str, as_of: dt.date | None, language: str) -> Any:
    """Draw customers as colour, and segments as areas with their names.

    Of maps other than the built-in grid, whose segments are no areas of R and F: the segment of most customers of each.
    """
    if scheme != "grid":
        return plot_map(table, best, as_of, language)
    say, alt = words("rfm", language), altair()
    rows = _cells(table, best)
    scores = [str(score) for score in range(1, best + 1)]
    x = alt.X("r:O", title=say["r"], sort=scores, scale=alt.Scale(domain=scores))
    y = alt.Y("f:O", title=say["f"], sort=scores[::-1], scale=alt.Scale(domain=scores[::-1]))
    base = alt.Chart(data_of(rows))
    colour = alt.Color("customers:Q", title=say["customers"], scale=alt.Scale(scheme="blues", domainMin=0))
    heat = base.mark_rect(stroke="white", strokeWidth=1).encode(
        x=x, y=y, color=colour, tooltip=["r:O", "f:O", "customers:Q", "share:Q", "money:Q"]
    )
    top = max((row["customers"] for row in rows), default=1)
    ink = alt.condition(f"datum.customers > {top / 2}", alt.value("white"), alt.value("#1f2d3d"))
    counts = base.mark_text(fontSize=11, dy=9).encode(x=x, y=y, text="label:N", color=ink)
    chart = heat + counts + _areas(alt, scores, _names(language), rows)
    return finish(
        chart.properties(width=520, height=420), say["title"], f"{as_of or '–'} · {table.num_rows:,} {say['customers']}"
    )


def _cells(customers: Table, best: int) -> list[dict[str, Any]]:
    """Return customers and money of each cell."""
    import numpy as np

    table = customers.native
    cell = (values(table, "r").astype(np.int64) - 1) * best + values(table, "f").astype(np.int64) - 1
    counts = np.bincount(cell, minlength=best * best)
    money = np.bincount(cell, weights=values(table, "monetary"), minlength=best * best)
    rows = []
    for at, (count, sum_) in enumerate(zip(counts.tolist(), money.tolist(), strict=True)):
        rows.append({
            "r": str(at // best + 1), "f": str(at % best + 1), "customers": count, "label": f"{count:,}",
            "share": round(count / max(1, customers.num_rows), 4), "money": round(sum_ / max(1, count), 2),
        })  # fmt: skip
    return rows


# The cells of each segment of the grid, as (lowest R, highest R, lowest F, highest F).
_GRID = {
    "champions": (5, 5, 4, 5), "loyal": (3, 4, 4, 5), "potential_loyalists": (4, 5, 2, 3), "new": (5, 5, 1, 1),
    "promising": (4, 4, 1, 1), "need_attention": (3, 3, 3, 3), "about_to_sleep": (3, 3, 1, 2), "at_risk": (1, 2, 3, 4),
    "cant_lose": (1, 2, 5, 5), "hibernating": (1, 2, 1, 2),
}  # fmt: skip


def _names(language: str) -> dict[str, str]:
    return dict(zip(*_native.segment_names({"scheme": "grid", "language": language}), strict=True))


def _areas(alt: Any, scores: list[str], names: dict[str, str], rows: list[dict[str, Any]]) -> Any:
    """Draw the borders between segments, and each name in the middle of its area."""
    customers = {(row["r"], row["f"]): row["customers"] for row in rows}
    half = max(customers.values(), default=1) / 2
    lines, texts = [], []
    for code, (r1, r2, f1, f2) in _GRID.items():
        # In a cell of the upper middle, so that the name stands clear of the counts below it.
        r, f = str((r1 + r2) // 2), str((f1 + f2 + 1) // 2)
        dark = sum(customers[str(cell), f] > half for cell in (r1, r2)) == 2  # noqa: PLR2004 - both ends
        texts.append({"r": r, "f": f, "name": names[code], "place": 1.0 if r2 > r1 else 0.5, "dark": dark})
        lines += [{"r": str(r2), "f": str(cell), "side": "right"} for cell in range(f1, f2 + 1)]
        lines += [{"r": str(cell), "f": str(f2), "side": "top"} for cell in range(r1, r2 + 1)]

    def x(place: float) -> Any:
        return alt.X("r:O", bandPosition=place, sort=scores)

    def y(place: float) -> Any:
        return alt.Y("f:O", bandPosition=place, sort=scores[::-1])

    borders = alt.Chart(data_of(lines)).mark_rule(stroke="#1f2d3d", strokeWidth=1.5)
    right, top = (borders.transform_filter(f"datum.side == '{side}'") for side in ("right", "top"))
    chart = right.encode(x=x(1), y=y(0), y2=alt.Y2("f:O", bandPosition=1))
    chart += top.encode(x=x(0), x2=alt.X2("r:O", bandPosition=1), y=y(0))
    ink = alt.condition("datum.dark", alt.value("white"), alt.value("#1f2d3d"))
    for place in (0.5, 1.0):
        chosen = alt.Chart(data_of([text for text in texts if text["place"] == place]))
        chart += chosen.mark_text(fontWeight="bold", fontSize=11.5, dy=-10).encode(
            x=x(place), y=y(0.5), text="name:N", color=ink
        )
    return chart


def _in_language(language: str) -> dict[str, str]:
    """Return the names of built-in segments in a language, by their names in any."""
    named: dict[str, str] = {}
    for scheme in ("grid", "tiers", "octants"):
        _, wanted = _native.segment_names({"scheme": scheme, "language": language})
        for other in ("en", "zh"):
            _, given = _native.segment_names({"scheme": scheme, "language": other})
            named.update(zip(given, wanted, strict=True))
    return named


def plot_segments(segments: Table, language: str) -> Any:
    """Draw the share of the customers and of the revenue that each segment has."""
    say, alt = words("rfm", language), altair()
    at = {name: index for index, name in enumerate(segments.column_names)}
    rows, order, names = [], [], _in_language(language)
    for row in segments.rows():
        name = names.get(row[at["segment_name"]], row[at["segment_name"]])
        order.append(name)
        for measure in ("customers", "revenue"):
            share = row[at["share" if measure == "customers" else "revenue_share"]] or 0.0
            rows.append({"name": name, "measure": say[measure], "share": share, "label": f"{share:.1%}"})
    measures = [say["customers"], say["revenue"]]
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, domain=False, ticks=False)),
        yOffset=alt.YOffset("measure:N", sort=measures),
        x=alt.X("share:Q", title=say["share"], axis=alt.Axis(format="%")),
    )
    colour = alt.Color(
        "measure:N",
        sort=measures,
        title=None,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=measures, range=[BLUE, ORANGE]),
    )
    bars = base.mark_bar(height={"band": 0.9}).encode(color=colour, tooltip=["name:N", "measure:N", "label:N"])
    labels = base.mark_text(align="left", dx=4, fontSize=10).encode(text="label:N")
    return finish((bars + labels).properties(width=520, height=alt.Step(15)), say["segments"])
