"""Sankey diagram: flows between columns of nodes."""

from __future__ import annotations

from typing import Any

from footfall.charts._chart import altair, data_of

_NODE = 0.06
_GAP = 0.02
_POINTS = 24
Link = tuple[int, str, str, float]
"""From a node of a column to one of the next: the column, both names, the amount."""


def flow(links: list[Link], order: list[str], colors: dict[str, str], titles: list[str] | None = None) -> Any:
    """Draw nodes as bars whose height is what flows through them, and links as bands."""
    if not links:
        raise ValueError("there is nobody in either column: there is nothing to draw")
    alt = altair()
    total = max(sum(amount for at, _, _, amount in links if at == column) for column in {link[0] for link in links})
    nodes = _nodes(links, order, total)
    bands = _bands(links, order, nodes, total)
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    color = alt.Color("name:N", scale=scale, legend=None)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True))
    drawn: list[dict[str, Any]] = [
        {"name": name, "x": column - _NODE, "x2": column + _NODE, "y": top, "y2": top + height,
         "share": height, "label": f"{name} {height:.0%}" if titles is None else name}
        for (column, name), (top, height) in nodes.items()
    ]  # fmt: skip
    areas = alt.Chart(data_of(bands)).mark_area(opacity=0.35).encode(x=x, y=y, y2="y2:Q", detail="link:N", color=color)
    bars = (
        alt.Chart(data_of(drawn))
        .encode(y=y, y2="y2:Q", color=color)
        .mark_bar()
        .encode(x=x, x2="x2:Q", tooltip=["name:N", "share:Q"])
    )
    named = [{**row, "middle": (row["y"] + row["y2"]) / 2} for row in drawn if row["y2"] - row["y"] > _GAP]
    text = (
        alt.Chart(data_of(named))
        .mark_text(align="left", dx=3, fontSize=10)
        .encode(x="x2:Q", y="middle:Q", text="label:N")
    )
    layers = [areas, bars, text]
    if titles is not None:
        heads = [{"x": column, "y": -0.04, "label": title} for column, title in enumerate(titles)]
        layers.append(alt.Chart(data_of(heads)).mark_text(fontWeight="bold").encode(x="x:Q", y="y:Q", text="label:N"))
    columns = 1 + max(column for column, _ in nodes)
    return alt.layer(*layers).properties(width=max(420, 170 * columns), height=380)


def _nodes(links: list[Link], order: list[str], total: float) -> dict[tuple[int, str], tuple[float, float]]:
    """Top and height of each node; a node is as high as the larger of what comes and what goes."""
    comes: dict[tuple[int, str], float] = {}
    goes: dict[tuple[int, str], float] = {}
    for column, before, after, amount in links:
        goes[column, before] = goes.get((column, before), 0) + amount
        comes[column + 1, after] = comes.get((column + 1, after), 0) + amount
    tops: dict[int, float] = {}
    nodes = {}
    for column, name in sorted({*comes, *goes}, key=lambda node: (node[0], order.index(node[1]))):
        height = max(comes.get((column, name), 0), goes.get((column, name), 0)) / total
        nodes[column, name] = (tops.get(column, 0.0), height)
        tops[column] = tops.get(column, 0.0) + height + _GAP
    return nodes


def _bands(
    links: list[Link], order: list[str], nodes: dict[tuple[int, str], tuple[float, float]], total: float
) -> list[dict[str, Any]]:
    """Points along both edges of each link; links leave and arrive in the order of the nodes."""
    left, right = ({node: top for node, (top, _) in nodes.items()} for _ in range(2))
    bands = []
    ranked = sorted(links, key=lambda link: (link[0], order.index(link[1]), order.index(link[2])))
    for number, (column, before, after, amount) in enumerate(ranked):
        height = amount / total
        start, end = left[column, before], right[column + 1, after]
        left[column, before] += height
        right[column + 1, after] += height
        for point in range(_POINTS + 1):
            part = point / _POINTS
            bend = part * part * (3 - 2 * part)
            y = start + (end - start) * bend
            x = column + _NODE + (1 - 2 * _NODE) * part
            bands.append({"link": number, "name": before, "x": x, "y": y, "y2": y + height})
    return bands
