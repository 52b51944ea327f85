"""Who comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import featured, missing
from footfall.report.shown import beyond_chance

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_QUARTER = 90
_RATE = {
    "en": "Of {customers} buyers, {rate} ordered a second time within {days} days ({low} to {high}).",
    "zh": "{customers}名买家中，{rate}在{days}天内第二次购买（区间{low}至{high}）。",
}
_MONTH = {
    "en": "In {period}, {rate} of the buyers ordered twice or more, and {back} of the buyers of the month before came back.",
    "zh": "{period}有{rate}的买家购买两次及以上（复购率），上月买家中有{back}回购（回购率）。",
}
_DRIVER = {
    "en": "With {feature} {level}, {rate} came back within ninety days ({low} to {high}), by odds {odds} times those of the "
    "others, all else equal.",
    "zh": "{feature}为{level}时，{rate}在九十天内回购（区间{low}至{high}），在其他条件相同时，优势比为其余的{odds}倍。",
}
_NO_DRIVER = {
    "en": "Nothing that is known of the first order goes with coming back beyond chance.",
    "zh": "首单的已知特征与回购没有超出随机的关系。",
}


def repurchase(shop: Shop, page: Chapter) -> None:
    """Tell both rates, the time to the second order, retention, and what goes with coming back."""
    section = shop.repurchase()
    known = list(section)
    if "rates" in known:
        page.attempt("rates", lambda: _rates(page, section.rates))
    if "by_month" in known:
        page.attempt("by_month", lambda: _months(page, section.by_month))
    if "retention" in known:
        page.attempt("retention", lambda: _retention(page, section.retention))
    if "drivers" in known:
        page.attempt("drivers", lambda: _drivers(page, section.drivers))
    missing(page, section)


def _rates(page: Chapter, found: Any) -> None:
    rows = [row for row in dicts(found) if row["after"] == 1]
    table = page.show("rates", rows, ["after", "days", "customers", "rate", "low", "high"])
    at = table.find(days=_QUARTER)
    if at is not None and rows[at]["rate"] is not None:
        page.say(_RATE, **{name: table.cell(at, name) for name in ("customers", "rate", "days", "low", "high")})
    page.draw(lambda: found.plot(language=page.language))


def _retention(page: Chapter, found: Any) -> None:
    page.about("retention")
    page.draw(lambda: found.plot(language=page.language))


def _months(page: Chapter, found: Any) -> None:
    rows = dicts(found)[::-1]
    names = [
        "period",
        "complete",
        "buyers",
        "repeat_buyers",
        "repurchase_rate",
        "buyers_before",
        "came_back",
        "return_rate",
    ]
    table = page.show("months", rows, names, most=12)
    last = table.find(complete=True)
    if last is not None and rows[last]["return_rate"] is not None:
        page.say(
            _MONTH, period=table.cell(last, "period"), rate=table.cell(last, "repurchase_rate"),
            back=table.cell(last, "return_rate"),
        )  # fmt: skip


def _drivers(page: Chapter, found: Any) -> None:
    page.about("drivers")
    rows = sorted(
        (row for row in dicts(found) if row["p_adjusted"] is not None),
        key=lambda row: (not beyond_chance(row["p_adjusted"]), -(row["odds_ratio"] or 0.0)),
    )
    names = [
        "feature",
        "level",
        "customers",
        "rate",
        "low",
        "high",
        "odds_ratio",
        "odds_low",
        "odds_high",
        "p_adjusted",
    ]
    table = page.show("drivers", featured(rows, page.language), names)
    told = [
        at for at, row in enumerate(table.rows) if beyond_chance(row["p_adjusted"]) and (row["odds_ratio"] or 0.0) > 1
    ][:3]
    for at in told:
        page.say(
            _DRIVER, odds=table.cell(at, "odds_ratio"),
            **{name: table.cell(at, name) for name in ("feature", "level", "rate", "low", "high")},
        )  # fmt: skip
    if not told:
        page.say(_NO_DRIVER)
    page.draw(lambda: found.plot(language=page.language))
