"""How customers visit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import label, missing
from footfall.report.shown import beyond_chance

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_MIX = ["sessions", "session_share", "customers", "conversion", "conversion_low", "conversion_high"]
_SHARE = {
    "en": "By {what}, most sessions come from {first} ({share}), then {second} ({share_two}).",
    "zh": "按{what}看，会话最多的是{first}（{share}），其次为{second}（{share_two}）。",
}
_BEST = {
    "en": "Of sessions that are over, those of {best} convert most often: {rate} ({low} to {high}).",
    "zh": "在已结束的会话中，{best}的转化率最高：{rate}（区间{low}至{high}）。",
}
_STABLE = {
    "en": "{measure}: {mean} in the mean, {verdict} from week to week.",
    "zh": "{measure}：均值{mean}，逐周{verdict}。",
}
_PEAK = {
    "en": "The day has a peak at {hour} o'clock, with {share} of the events.",
    "zh": "一天中在{hour}点有高峰，占全部行为的{share}。",
}
_NO_PEAK = {
    "en": "No hour of the day stands out as a peak.",
    "zh": "一天中没有明显的高峰时段。",
}
_MOVED = {
    "en": "In {period}, the share of sessions from {source} changed by {change} points against the month before.",
    "zh": "{period}来自{source}的会话占比较上月变化{change}个百分点。",
}
_UNMOVED = {
    "en": "Between the last two whole months, no source changed its conversion beyond chance.",
    "zh": "最近两个完整月份之间，各来源的转化率没有超出随机的变化。",
}
_CONVERTED = {
    "en": "In {period}, the conversion of sessions from {source} changed by {change} points ({low} to {high}).",
    "zh": "{period}来自{source}的会话转化率变化{change}个百分点（区间{low}至{high}）。",
}


def visits(shop: Shop, page: Chapter) -> None:
    """Tell devices, visits and time, hours of the day, sources with their change, and keywords."""
    section = shop.behaviour()
    known = list(section)
    for name in ("devices", "sources", "keywords"):
        if name in known:
            page.attempt(name, partial(_part, page, section, name))
    if "sources_by_month" in known:
        page.attempt("sources_by_month", lambda: _change(page, section.sources_by_month))
    if "stability" in known:
        page.attempt("stability", lambda: _stability(page, section))
    if "rhythm" in known:
        page.attempt("rhythm", lambda: _hours(page, section.rhythm))
    missing(page, section)


def _mix(page: Chapter, name: str, found: Any) -> None:
    column = found.column_names[0]
    rows = sorted((row for row in dicts(found) if row[column] is not None), key=lambda row: -row["sessions"])
    if len(rows) < 2:  # noqa: PLR2004 - nothing to compare
        return
    what = page.about(name)
    table = page.show(name, rows, [column, *_MIX])
    page.say(
        _SHARE, what=what, first=table.cell(0, column), share=table.cell(0, "session_share"),
        second=table.cell(1, column), share_two=table.cell(1, "session_share"),
    )  # fmt: skip
    rated = [at for at, row in enumerate(table.rows) if row["conversion_low"] is not None]
    if rated:
        best = max(rated, key=lambda at: table.rows[at]["conversion"])
        page.say(
            _BEST, best=table.cell(best, column), rate=table.cell(best, "conversion"),
            low=table.cell(best, "conversion_low"), high=table.cell(best, "conversion_high"),
        )  # fmt: skip
    page.draw(lambda: found.plot(language=page.language))


def _change(page: Chapter, found: Any) -> None:
    rows = [row for row in dicts(found) if row["complete"] and row["share_change"] is not None]
    if not rows:
        return
    last = max(row["period"] for row in rows)
    rows = sorted((row for row in rows if row["period"] == last), key=lambda row: -abs(row["share_change"]))
    names = [
        "source",
        "period",
        "sessions",
        "session_share",
        "share_change",
        "conversion_change",
        "change_low",
        "change_high",
    ]
    table = page.show("changes", rows, [*names, "p_adjusted"])
    page.say(
        _MOVED, period=table.cell(0, "period"), source=table.cell(0, "source"), change=table.cell(0, "share_change")
    )
    moved = next((at for at, row in enumerate(table.rows) if beyond_chance(row["p_adjusted"])), None)
    if moved is None:
        page.say(_UNMOVED)
    else:
        page.say(
            _CONVERTED, period=table.cell(moved, "period"), source=table.cell(moved, "source"),
            change=table.cell(moved, "conversion_change"), low=table.cell(moved, "change_low"),
            high=table.cell(moved, "change_high"),
        )  # fmt: skip


def _stability(page: Chapter, section: Any) -> None:
    page.about("stability")
    rows = [
        {
            "measure": label(name, page.language), "mean": one.mean, "deviation": one.deviation,
            "weekly_change": one.weekly_change, "p_value": one.p_value, "verdict": label(one.verdict, page.language),
        }
        for name, one in section.stability.items()
    ]  # fmt: skip
    table = page.show("stability", rows, ["measure", "mean", "deviation", "weekly_change", "p_value", "verdict"])
    for at, row in enumerate(rows):
        page.say(_STABLE, measure=row["measure"], mean=table.cell(at, "mean"), verdict=row["verdict"])
    page.draw(lambda: section.sessions.plot(language=page.language))


def _hours(page: Chapter, found: Any) -> None:
    page.about("rhythm")
    table = page.show(
        "hours",
        [row for row in dicts(found) if row["events"]],
        ["hour", "events", "customers", "share", "peak"],
        most=24,
    )
    peaks = [at for at, row in enumerate(table.rows) if row["peak"]]
    for at in peaks:
        page.say(_PEAK, hour=table.cell(at, "hour"), share=table.cell(at, "share"))
    if not peaks:
        page.say(_NO_PEAK)
    page.draw(lambda: found.plot(language=page.language))


def _part(page: Chapter, section: Any, name: str) -> None:
    _mix(page, name, getattr(section, name))
