"""What each tier is like, why the lost left, and whom to win back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import featured, label, missing, tier_names
from footfall.report.chapters.sales import CELL, expected
from footfall.report.shown import beyond_chance

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_WON_BACK = 10
_BLIND = 0.95
_LIKES = {
    "en": "{tier} buys {category} {lift} times as often as all buyers ({rate} of the tier).",
    "zh": "{tier}购买{category}的比率是全体买家的{lift}倍（该层级的{rate}）。",
}
_IS = {
    "en": "Of {tier}, {attribute} {level} is {lift} times as frequent as among all buyers.",
    "zh": "{tier}中{attribute}为{level}的客户是全体买家中的{lift}倍。",
}
_NO_ATTRIBUTE = {
    "en": "No attribute is more frequent in a tier than by chance.",
    "zh": "没有属性在某一层级中超出随机地更常见。",
}
_AHEAD = {
    "en": "{tier}: a chance of {alive} that they still buy, and {value} expected in the next year, in the mean.",
    "zh": "{tier}：平均有{alive}的概率仍在购买，未来一年预期{value}。",
}
_ALL_ALIVE = {
    "en": "The model cannot tell who has left: in its eyes nearly all still buy, the lost too. The orders cover too short a "
    "time, or customers come at long intervals; take its values for upper bounds.",
    "zh": "模型无法判断谁已流失：在它看来几乎所有客户（包括流失层级）都仍在购买。订单覆盖的时间太短，或客户间隔很长；其价值应视为上限。",
}
_LEFT = {
    "en": "Of customers with {feature} {level}, {rate} did not buy again in the last half year ({low} to {high}).",
    "zh": "{feature}为{level}的客户中，最近半年有{rate}没有再购买（区间{low}至{high}）。",
}
_NO_REASON = {
    "en": "Nothing that is known goes with leaving beyond chance.",
    "zh": "已知信息与流失没有超出随机的关系。",
}
_BACK = {
    "en": "First to win back is {customer}: {value} expected in the next year, after {days} days without an order.",
    "zh": "最值得优先挽回的是{customer}：未来一年预期{value}，已{days}天未购买。",
}


def tiers(shop: Shop, page: Chapter) -> None:
    """Tell what tiers buy, what they are worth ahead, what goes with leaving, and whom to win back."""
    if shop.orders is None or not shop.orders._log.has_money:  # noqa: SLF001 - a noun of ours
        page.lacks(label("tiers", page.language), "orders.amount")
        return
    section, lost = shop.tier_profile(), shop.why_lost()
    if "categories" in list(section):
        page.attempt("categories", lambda: _categories(page, section.categories))
    if "attributes" in list(section):
        page.attempt("attributes", lambda: _attributes(page, section.attributes))
    page.attempt("lifetime", lambda: _ahead(page, section, shop.value().lifetime))
    for part in lost:
        page.attempt(part, partial(_reasons, page, lost, part))
    page.attempt("win_back", lambda: _win_back(shop, page))
    missing(page, section)
    missing(page, lost)


def _categories(page: Chapter, found: Any) -> None:
    names = tier_names(page.language)
    rows = [{**row, "segment_name": names.get(row["segment"], row["segment"])} for row in dicts(found)]
    category = found.column_names[0]
    rows = [row for row in rows if row["p_adjusted"] is not None and row["lift"] is not None and expected(row)]
    rows.sort(key=lambda row: (not beyond_chance(row["p_adjusted"]) or row["lift"] <= 1, -row["lift"]))
    page.about("preference")
    table = page.show("categories", rows, ["segment_name", category, "buyers", "rate", "lift", "p_adjusted"])
    if rows and beyond_chance(rows[0]["p_adjusted"]) and rows[0]["lift"] > 1:
        page.say(
            _LIKES, tier=rows[0]["segment_name"], category=table.cell(0, category), lift=table.cell(0, "lift"),
            rate=table.cell(0, "rate"),
        )  # fmt: skip


def _attributes(page: Chapter, found: Any) -> None:
    names = tier_names(page.language)
    rows = [{**row, "segment_name": names.get(row["segment"], row["segment"])} for row in dicts(found)]
    rows = [row for row in rows if row["expected"] >= CELL]
    rows.sort(key=lambda row: (not beyond_chance(row["p_adjusted"]) or row["lift"] <= 1, -row["lift"]))
    page.about("attributes")
    columns = ["segment_name", "attribute", "level", "customers", "expected", "lift", "p_adjusted"]
    shown = [{**row, "level": row["value"], "attribute": label(row["attribute"], page.language)} for row in rows]
    table = page.show("attributes", shown, columns)
    if rows and beyond_chance(rows[0]["p_adjusted"]) and rows[0]["lift"] > 1:
        page.say(
            _IS, tier=rows[0]["segment_name"], attribute=table.cell(0, "attribute"), level=table.cell(0, "level"),
            lift=table.cell(0, "lift"),
        )  # fmt: skip
    else:
        page.say(_NO_ATTRIBUTE)


def _ahead(page: Chapter, section: Any, worth: Any) -> None:
    names = tier_names(page.language)
    rows = [
        {**row, "segment_name": names.get(row["segment"], row["segment"])}
        for row in dicts(section.ahead)
        if row["value"] is not None
    ]
    if not rows:
        return
    rows.sort(key=lambda row: -row["value"])
    page.about("lifetime")
    table = page.show("ahead", rows, ["segment_name", "customers", "p_alive", "value"])
    if all(row["p_alive"] > _BLIND for row in rows):
        page.say(_ALL_ALIVE)
        return
    for at in (0, len(rows) - 1):
        page.say(_AHEAD, tier=rows[at]["segment_name"], alive=table.cell(at, "p_alive"), value=table.cell(at, "value"))
    page.draw(lambda: worth.plot(language=page.language))


def _reasons(page: Chapter, lost: Any, part: str) -> None:
    names = ["feature", "level", "customers", "rate", "low", "high", "odds_ratio", "p_adjusted"]
    page.about(part)
    rows = sorted(
        (row for row in dicts(getattr(lost, part)) if row["p_adjusted"] is not None),
        key=lambda row: (not beyond_chance(row["p_adjusted"]), -row["rate"]),
    )
    table = page.show(f"lost-{part}", featured(rows, page.language, part), names, most=8)
    if table.rows and beyond_chance(table.rows[0]["p_adjusted"]):
        page.say(_LEFT, **{name: table.cell(0, name) for name in ("feature", "level", "rate", "low", "high")})
    else:
        page.say(_NO_REASON)


def _win_back(shop: Shop, page: Chapter) -> None:
    found = shop.win_back(_WON_BACK)
    rows, key = dicts(found), found.column_names[0]
    if not rows:
        return
    page.about("win_back")
    names = ["recency_days", "monetary_total", "p_alive", "expected_orders", "value"]
    table = page.show("win-back", rows, [key, *names, "last_event", "last_event_time", "last_contact", "last_rating"])
    page.say(_BACK, customer=table.cell(0, key), value=table.cell(0, "value"), days=table.cell(0, "recency_days"))
