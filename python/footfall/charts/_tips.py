"""What a mark tells on hover: its fields under their titles, in the language of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.titles import kind_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Fields of pictures that are no columns of a table.
_TITLES = {
    "label": ("figure", "数值"), "line": ("line", "分组"), "group": ("group", "群体"), "pair": ("pair", "组合"),
    "odds": ("odds ratio", "优势比"), "kind": ("kind", "类别"), "part": ("part of the sales", "销售分层"),
    "rule": ("rule", "归因规则"), "credit": ("conversions", "归因转化数"),
    "cac": ("cost of a new customer", "获客成本"),
    "cost": ("cost of a new customer", "获客成本"), "x": ("customers", "客户占比"), "y": ("held by them", "所占份额"),
    "measure": ("of", "口径"), "trend": ("odds of an order, end over start", "优势比（期末/期初）"),
    "value": ("value", "数值"), "period": ("period", "周期"), "figures": ("figures", "数值"), "day": ("day", "日期"),
    "mean": ("mean of 7 days", "7日均值"), "stage": ("stage", "阶段"), "severity": ("severity", "程度"),
    "axis": ("axis", "维度"), "step": ("step", "步骤"),
}  # fmt: skip
_FORMATS = {"percent": ".1%", "count": ",.0f", "money": ",.2f", "change": "+,.0f"}
# Marks that stand for one row each; of a line the points do.
_MARKS = ("bar", "rect", "point", "circle", "line", "arc")
_CHANNELS = ("x", "y", "color", "size", "theta")


def title_tips(chart: Any, language: str, alt: Any) -> None:
    """Give each mark a tooltip: its own fields, else those of its axes; each with its title, shares in per cent."""
    for part in _parts(chart):
        encoding = getattr(part, "encoding", alt.Undefined)
        if encoding is alt.Undefined or _mark(part, alt) not in _MARKS:
            continue
        if not isinstance(encoding.tooltip, list):
            encoding.tooltip = list(_shown(encoding, alt))
        encoding.tooltip = [_titled(tip, language, alt) for tip in encoding.tooltip]


def tip_titles(chart: Any, alt: Any) -> list[str]:
    """Return the titles of all fields of the tooltips of a picture that :func:`title_tips` went over."""
    found = [getattr(getattr(part, "encoding", None), "tooltip", None) for part in _parts(chart)]
    tips = [tip for tooltip in found if isinstance(tooltip, list) for tip in tooltip]
    return list(dict.fromkeys(tip["title"] for tip in tips if isinstance(tip, alt.Tooltip)))


def _parts(chart: Any) -> Iterator[Any]:
    """Return the pictures of a picture, and itself."""
    yield chart
    for name in ("layer", "hconcat", "vconcat", "concat"):
        inner = getattr(chart, name, None)
        for one in inner if isinstance(inner, list) else ():
            yield from _parts(one)
    spec = getattr(chart, "spec", None)
    if hasattr(spec, "encoding") or hasattr(spec, "layer"):
        yield from _parts(spec)


def _mark(part: Any, alt: Any) -> str:
    mark = getattr(part, "mark", alt.Undefined)
    if isinstance(mark, str) or mark is alt.Undefined:
        return str(mark)
    return "" if mark["type"] == "line" and _field(mark, "point", alt) is not True else str(mark["type"])


def _shown(encoding: Any, alt: Any) -> Iterator[Any]:
    """Return the fields of the channels that a reader sees, as the axes call and write them."""
    for name in _CHANNELS:
        channel = getattr(encoding, name, alt.Undefined)
        shorthand = alt.Undefined if not isinstance(channel, alt.FieldChannelMixin) else channel["shorthand"]
        if shorthand is alt.Undefined:
            continue
        title = channel["title"]
        made = alt.Tooltip(shorthand) if title in {None, alt.Undefined} else alt.Tooltip(shorthand, title=title)
        guide = _field(channel, "legend" if name in {"color", "size"} else "axis", alt)
        form = _field(guide, "format", alt) if isinstance(guide, (alt.Axis, alt.Legend)) else alt.Undefined
        if form is not alt.Undefined:
            made["format"] = ".1%" if form == "%" else form
        yield made


def _field(of: Any, name: str, alt: Any) -> Any:
    try:
        return of[name]
    except KeyError:
        return alt.Undefined


def _titled(tip: Any, language: str, alt: Any) -> Any:
    made = tip.copy() if isinstance(tip, alt.Tooltip) else alt.Tooltip(tip)
    name, _, kind = made["shorthand"].partition(":")
    name = name.removeprefix("sum(").removesuffix(")")
    if made["title"] is alt.Undefined:
        known = _TITLES.get(name)
        made["title"] = title_of(name, language) if known is None else known[1 if language == "zh" else 0]
    form = _FORMATS.get(kind_of(name)) if kind == "Q" and name not in _TITLES else None
    if kind == "T":
        form = "%Y-%m-%d"
    if made["format"] is alt.Undefined and form is not None:
        made["format"] = form
    return made
