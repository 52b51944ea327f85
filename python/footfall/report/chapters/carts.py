"""Which carts are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import featured, label, missing
from footfall.report.shown import beyond_chance

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_COUNTS = [
    "episodes",
    "converted",
    "recovered",
    "abandoned",
    "open",
    "rate",
    "rate_low",
    "rate_high",
    "recovery_rate",
    "money_left",
]
_RATE = {
    "en": "Of {carts} carts {rate} were left ({low} to {high}); {recovered} of these came back and bought, {open} are still "
    "open.",
    "zh": "{carts}个购物车中{rate}被放弃（区间{low}至{high}）；其中{recovered}之后找回，另有{open}个尚未结束。",
}
_MONEY = {"en": "Money left in carts: {money}.", "zh": "购物车中遗留金额：{money}。"}
_FEATURE = {
    "en": "Carts with {feature} {level} are left most often: {rate} ({low} to {high}). It need not be the cause.",
    "zh": "{feature}为{level}的购物车最常被放弃：{rate}（区间{low}至{high}）。这不一定是原因。",
}
_SIGNAL = {
    "en": "After {signal} soon after the cart, {rate} were left ({low} to {high}).",
    "zh": "加购后不久出现{signal}时，{rate}被放弃（区间{low}至{high}）。",
}
_REASON = {
    "en": "Stated in the survey most often: {reason}, by {count} customers ({share}).",
    "zh": "问卷中提到最多的原因：{reason}，{count}名客户（{share}）。",
}


def carts(shop: Shop, page: Chapter) -> None:
    """Tell the rate, what was recovered, money, what goes with it, and reasons that were stated."""
    section = shop.abandonment()
    if "carts" in list(section):
        page.attempt("carts", lambda: _rate(page, section.carts))
        page.attempt("features", lambda: _features(shop, page, section.carts))
    missing(page, section)
    _reasons(shop, page)


def _rate(page: Chapter, found: Any) -> None:
    table = page.show("carts", dicts(found), _COUNTS)
    if table.rows and table.rows[0]["rate"] is not None:
        page.say(
            _RATE, carts=table.cell(0, "episodes"), rate=table.cell(0, "rate"), low=table.cell(0, "rate_low"),
            high=table.cell(0, "rate_high"), recovered=table.cell(0, "recovery_rate"), open=table.cell(0, "open"),
        )  # fmt: skip
        if table.rows[0].get("money_left"):
            page.say(_MONEY, money=table.cell(0, "money_left"))
        page.draw(lambda: found.plot(language=page.language))


def _features(shop: Shop, page: Chapter, found: Any) -> None:
    from footfall.data._shop_sections import cart_features, doubts

    columns = [
        "feature",
        "level",
        "episodes",
        "rate",
        "low",
        "high",
        "odds_ratio",
        "odds_low",
        "odds_high",
        "p_adjusted",
    ]
    if cart_features(shop):
        rows = sorted(
            (row for row in dicts(found.features) if row["rate"] is not None and row["p_adjusted"] is not None),
            key=lambda row: (not beyond_chance(row["p_adjusted"]), -row["rate"]),
        )
        table = page.show("features", featured(rows, page.language), columns)
        if table.rows and beyond_chance(table.rows[0]["p_adjusted"]):
            page.say(_FEATURE, **{name: table.cell(0, name) for name in ("feature", "level", "rate", "low", "high")})
    else:
        page.lacks(label("carts", page.language), "events.shipping_fee, events.payment, events.checkout_steps")
    if doubts(shop):
        rows = [row for row in dicts(found.signals) if row["level"] == "True" and row["rate"] is not None]
        table = page.show("signals", rows, columns)
        for at in range(min(len(rows), 3)):
            page.say(
                _SIGNAL,
                signal=table.cell(at, "feature"),
                **{name: table.cell(at, name) for name in ("rate", "low", "high")},
            )
    else:
        page.lacks(label("contacts", page.language), "doubts=")


def _reasons(shop: Shop, page: Chapter) -> None:
    if shop.survey is None:
        page.lacks(label("survey", page.language), "survey")
        return
    stated: dict[str, int] = {}
    for row in shop.survey.last().rows():
        stated[str(row[1])] = stated.get(str(row[1]), 0) + 1
    total = sum(stated.values())
    rows = [
        {"reason": reason, "customers": count, "share": count / total}
        for reason, count in sorted(stated.items(), key=lambda one: (-one[1], one[0]))
    ]
    table = page.show("reasons", rows, ["reason", "customers", "share"])
    if rows:
        page.say(
            _REASON, reason=table.cell(0, "reason"), count=table.cell(0, "customers"), share=table.cell(0, "share")
        )
