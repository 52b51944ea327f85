"""What was read, and how to read what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.report._labels import label

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_PARTS = ("customers", "events", "orders", "spend", "after_sales", "survey")
_READ = {
    "en": "Of {part} {read} rows were read and {used} used.",
    "zh": "{part}读取{read}行，使用{used}行。",
}
_SPAN = {
    "en": "Of {part} {read} rows were read and {used} used, from {first} to {last}.",
    "zh": "{part}读取{read}行，使用{used}行，时间为{first}至{last}。",
}
_PERIOD = {
    "en": "This report counts the period from {start} to before {end}.",
    "zh": "本报告统计{start}（含）至{end}（不含）的期间。",
}
_ZONE = {
    "en": "Days and hours are those of {zone}.",
    "zh": "日期与时刻以{zone}为准。",
}
_CLOCK = {
    "en": "The times of the data have no zone: days and hours are those of the clock that they show.",
    "zh": "数据中的时间没有时区：日期与时刻按其所示的时钟理解。",
}
_HOW = {
    "en": "Money is net of refunds on their own date, unless it says otherwise. An interval after a rate is that of "
    "ninety-five percent: with other customers of the same kind the rate would lie in it nineteen times of twenty. "
    "What a test finds is told after adjusting for all tests together.",
    "zh": "除另有说明外，金额均已按退款当日扣除退款。比率之后的区间是百分之九十五区间：换一批同类客户，二十次中有十九次比率会落在其中。"
    "检验结果均已对全部检验一起校正。",
}


def introduction(shop: Shop, page: Chapter) -> None:
    """Tell the sources, the rows read and left out, the zone, and how to read intervals."""
    rows, reasons = [], []
    for name in _PARTS:
        part = getattr(shop, name)
        if part is None:
            page.lacks(label(name, page.language), name)
            continue
        row, left = _read(part.quality)
        rows.append({"source_of": label(name, page.language), **row})
        reasons += [
            {"source_of": label(name, page.language), "reason": label(reason, page.language), "rows": count}
            for reason, count in left.items()
            if count
        ]
    table = page.show("sources", rows, ["source_of", "rows_read", "rows_used", "first", "last"])
    for at, row in enumerate(rows):
        values = {"part": row["source_of"], "read": table.cell(at, "rows_read"), "used": table.cell(at, "rows_used")}
        if row["first"] is None:
            page.say(_READ, **values)
        else:
            page.say(_SPAN, **values, first=table.cell(at, "first"), last=table.cell(at, "last"))
    if reasons:
        page.show("reasons", reasons, ["source_of", "reason", "rows"])
    _times(shop, page)
    page.say(_HOW)


def _read(quality: Any) -> tuple[dict[str, Any], dict[str, int]]:
    if isinstance(quality, dict):
        left = {name: count for name, count in quality.items() if name not in {"rows_read", "rows_used"}}
        return {"rows_read": quality["rows_read"], "rows_used": quality["rows_used"], "first": None, "last": None}, left
    counts = {"rows_read": quality.rows_read, "rows_used": quality.rows_used}
    return {**counts, "first": quality.first, "last": quality.last}, quality.left_out


def _times(shop: Shop, page: Chapter) -> None:
    log = shop.orders or shop.events
    zone = None if log is None else log.quality.zone
    if shop.period is not None:
        rows = [{"first": shop.period[0], "last": shop.period[1]}]
        table = page.show("period", rows, ["first", "last"])
        page.say(_PERIOD, start=table.cell(0, "first"), end=table.cell(0, "last"))
    if zone is None:
        page.say(_CLOCK)
    else:
        page.say(_ZONE, zone=zone)
