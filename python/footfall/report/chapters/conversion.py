"""How customers convert."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import label, missing
from footfall.report.shown import ENOUGH

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_STEPS = ["step", "name", "reached", "step_rate", "step_low", "step_high", "overall_rate", "time_median", "point_money"]
# Of more groups, the worst and the best are shown.
_GROUPS = 20
_WHOLE = {
    "en": "Of {seen} customers with {first}, {paid} came to {last} within a week: {rate}.",
    "zh": "{seen}名{first}的客户中，一周内有{paid}名到达{last}：{rate}。",
}
_STEP = {
    "en": "From {before} to {step} come {rate} ({low} to {high}), half of them within {time} of the first contact.",
    "zh": "从{before}到{step}的转化率为{rate}（区间{low}至{high}），其中一半在首次接触后{time}内。",
}
_WEAK = {
    "en": "Most are lost before {step}; one point more there brings {money} over the period.",
    "zh": "流失最多的是{step}之前；该步每提高一个百分点，整个期间带来{money}。",
}
_REGISTERED = {
    "en": "Of {count} who registered, {seen} came to {first} and {paid} to {last} within thirty days.",
    "zh": "{count}名注册客户中，三十天内有{seen}到达{first}，{paid}到达{last}。",
}
_GROUP = {
    "en": "By {what}, {worst} comes least often from {before} to {step}: {rate} ({low} to {high}); {best} most often: "
    "{rate_two}.",
    "zh": "按{what}看，{worst}从{before}到{step}的转化率最低：{rate}（区间{low}至{high}）；最高的是{best}：{rate_two}。",
}
_CLICKS = {
    "en": "Of {shown} products shown to a customer by recommendations, {clicks} were clicked ({low} to {high}).",
    "zh": "推荐向客户展示的{shown}次商品中，{clicks}被点击（区间{low}至{high}）。",
}
_RECALL = {
    "en": "Of what was bought, {recall} had been recommended.",
    "zh": "购买的商品中有{recall}曾被推荐。",
}


def conversion(shop: Shop, page: Chapter) -> None:
    """Tell each rate, the weakest step, where and for whom, what one point is worth, and recommendations."""
    section = shop.conversion()
    known = list(section)
    if "funnel" in known:
        page.attempt("funnel", lambda: _funnel(page, section.funnel))
        if "from_registration" in known:
            page.attempt("from_registration", lambda: _registered(page, section.from_registration))
        for name in ("by_device", "by_source", "by_region"):
            if name in known:
                page.attempt(name, partial(_part, page, section, name))
    if "products" in known:
        page.attempt("products", lambda: _products(shop, page, section.products))
    if "recommendations" in known:
        page.attempt("recommendations", lambda: _recommendations(page, section.recommendations))
    missing(page, section)


def _funnel(page: Chapter, found: Any) -> None:
    rows = dicts(found)
    table = page.show("funnel", rows, _STEPS)
    if not rows or not rows[0]["reached"]:
        return
    end = len(rows) - 1
    page.say(
        _WHOLE, seen=table.cell(0, "reached"), first=table.cell(0, "name"), paid=table.cell(end, "reached"),
        last=table.cell(end, "name"), rate=table.cell(end, "overall_rate"),
    )  # fmt: skip
    for at in range(1, len(rows)):
        if rows[at]["step_rate"] is not None and rows[at]["time_median"] is not None:
            page.say(
                _STEP, before=table.cell(at - 1, "name"), step=table.cell(at, "name"), rate=table.cell(at, "step_rate"),
                low=table.cell(at, "step_low"), high=table.cell(at, "step_high"), time=table.cell(at, "time_median"),
            )  # fmt: skip
    lost = [(rows[at]["lost"] or 0, at) for at in range(1, len(rows))]
    _, most = max(lost)
    if rows[most].get("point_money") is not None:
        page.say(_WEAK, step=table.cell(most, "name"), money=table.cell(most, "point_money"))
    page.draw(lambda: found.plot(language=page.language))


def _registered(page: Chapter, found: Any) -> None:
    page.about("from_registration")
    table = page.show("registered", dicts(found), _STEPS[:8])
    end = len(table.rows) - 1
    if table.rows[0]["reached"]:
        page.say(
            _REGISTERED, count=table.cell(0, "reached"), first=table.cell(1, "name"), seen=table.cell(1, "overall_rate"),
            last=table.cell(end, "name"), paid=table.cell(end, "overall_rate"),
        )  # fmt: skip


def _groups(page: Chapter, name: str, found: Any) -> None:
    by = found.column_names[0]
    rows = [row for row in dicts(found) if row[by] is not None]
    order = list(dict.fromkeys(row["name"] for row in rows))
    # A rate of a few customers says nothing of their group.
    rows = [row for row in rows if row["step_rate"] and row["reached"] >= ENOUGH * row["step_rate"]]
    # The step in which groups differ most.
    spread: dict[str, list[float]] = {}
    for row in rows:
        spread.setdefault(row["name"], []).append(row["step_rate"])
    apart = {step: max(rates) - min(rates) for step, rates in spread.items() if len(rates) > 1}
    if not apart:
        return
    step = max(apart, key=lambda one: apart[one])
    shown = sorted((row for row in rows if row["name"] == step), key=lambda row: row["step_rate"])
    if len(shown) > _GROUPS:
        shown = [*shown[: _GROUPS // 2], *shown[-_GROUPS // 2 :]]
    page.about(name)
    table = page.show(name, shown, [by, *_STEPS[1:6]], most=_GROUPS)
    worst, best = 0, len(table.rows) - 1
    before = order[order.index(step) - 1]
    page.say(
        _GROUP, what=label(by, page.language), worst=table.cell(worst, by), before=str(before), step=table.cell(worst, "name"),
        rate=table.cell(worst, "step_rate"), low=table.cell(worst, "step_low"), high=table.cell(worst, "step_high"),
        best=table.cell(best, by), rate_two=table.cell(best, "step_rate"),
    )  # fmt: skip
    page.draw(lambda: found.plot(language=page.language))


def _products(shop: Shop, page: Chapter, found: Any) -> None:
    view = shop.steps[0]
    rows = sorted((row for row in dicts(found) if row["product"] is not None), key=lambda row: -row[view])
    page.about("products")
    page.show("products", rows, ["product", *shop.steps, "overall_rate", "overall_low", "overall_high"], most=10)


def _recommendations(page: Chapter, found: Any) -> None:
    page.about("recommendations")
    rows = [{**row, "recall": found.recall} for row in dicts(found)]
    table = page.show(
        "recommendations",
        rows,
        ["impressions", "shown", "clicked", "click_rate", "click_low", "click_high", "precision", "recall"],
    )
    if rows and rows[0]["click_rate"] is not None:
        page.say(
            _CLICKS, shown=table.cell(0, "shown"), clicks=table.cell(0, "click_rate"), low=table.cell(0, "click_low"),
            high=table.cell(0, "click_high"),
        )  # fmt: skip
    if rows and found.recall is not None:
        page.say(_RECALL, recall=table.cell(0, "recall"))


def _part(page: Chapter, section: Any, name: str) -> None:
    _groups(page, name, getattr(section, name))
