"""The first page: what happened, what is at stake, what to do, and whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall._errors import FootfallError
from footfall.core.rows import dicts
from footfall.data._shop_sections import tiers
from footfall.report._labels import label
from footfall.report.chapters.diagnosis import findings_of, table_of_findings
from footfall.report.shown import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Callable

    from footfall.data.shop import Shop
    from footfall.report.shown import Cell, Chapter

_FIRST = 3
_SALES = {
    "en": "Sales, net of refunds, were {sales} from {buyers} buyers and {orders} orders: {per_buyer} per buyer and "
    "{per_order} per order.",
    "zh": "扣除退款后的销售额为{sales}，来自{buyers}名买家的{orders}笔订单：客单价{per_buyer}，笔单价{per_order}。",
}
_GUESTS = {
    "en": "Sales, net of refunds, were {sales} from {orders} orders: {per_order} per order. The buyers are not known.",
    "zh": "扣除退款后的销售额为{sales}，共{orders}笔订单：笔单价{per_order}。买家未知。",
}
_CHANGE = {
    "en": "Against the period before, sales changed by {change}.",
    "zh": "与上一期间相比，销售额变化{change}。",
}
_MONTH = {
    "en": "In the last whole month, sales changed by {change} against the month before.",
    "zh": "最近一个完整月份的销售额较上月变化{change}。",
}
_PAID = {
    "en": "Of the customers who came to {first}, {rate} reached {last} within a week.",
    "zh": "到达{first}的客户中，{rate}在一周内到达{last}。",
}
_BACK = {
    "en": "Of the buyers, {rate} ordered a second time within ninety days.",
    "zh": "买家中有{rate}在九十天内第二次购买。",
}
_TOP = {
    "en": "The top fifth of the buyers bring {share} of the revenue.",
    "zh": "消费最高的五分之一买家带来{share}的收入。",
}
_FOUND = {
    "en": "{count} findings, {money} a month at stake, what overlaps counted once.",
    "zh": "共{count}项发现，每月涉及金额{money}，重叠部分只计一次。",
}
_QUIET = {
    "en": "No rule found anything that stands out beyond chance.",
    "zh": "没有规则发现超出随机的问题。",
}
_FEW = {
    "en": "There is too little to say much: {buyers} buyers. Rates of so few carry wide intervals.",
    "zh": "数据太少，结论有限：只有{buyers}名买家，比率的区间会很宽。",
}
_DO = {"en": "{title}. {action}", "zh": "{title}。{action}"}
_WHOM = {
    "en": "{title}. {action} It concerns {count} customers.",
    "zh": "{title}。{action}涉及{count}名客户。",
}


def summary(shop: Shop, page: Chapter) -> None:
    """Tell the period in five sentences, the findings by money, and the first things to do."""
    rows = _figures(shop, page.language)
    table = page.show("figures", rows, ["figure", "setting"])
    known = {row["_name"]: table.cell(at, "setting") for at, row in enumerate(rows)}
    _state(shop, page, known)
    found = findings_of(shop)
    if not found.all:
        if not _few(shop):
            page.say(_QUIET)
        return
    if "findings" in known:
        page.say(_FOUND, count=known["findings"], money=known["stake"])
    page.about("what_to_do_first")
    shown = table_of_findings(shop, page)
    for at, one in enumerate(found.all[:_FIRST]):
        values = {"title": shown.cell(at, "title"), "action": one.said(page.language)["action"]}
        if one.audience is None:
            page.say(_DO, **values)
        else:
            page.say(_WHOM, **values, count=shown.cell(at, "audience"))


def _state(shop: Shop, page: Chapter, known: dict[str, Cell]) -> None:
    """State the figures that are known."""
    if "per_buyer" in known:
        page.say(_SALES, **{name: known[name] for name in ("sales", "buyers", "orders", "per_buyer", "per_order")})
    elif "per_order" in known:
        page.say(_GUESTS, **{name: known[name] for name in ("sales", "orders", "per_order")})
    if _few(shop) and "buyers" in known:
        page.say(_FEW, buyers=known["buyers"])
    for name, words, value in (
        ("change", _CHANGE, "change"), ("month", _MONTH, "change"), ("back", _BACK, "rate"), ("top", _TOP, "share"),
    ):  # fmt: skip
        if name in known:
            page.say(words, **{value: known[name]})
    if "paid" in known:
        page.say(_PAID, first=shop.steps[0], last=shop.steps[-1], rate=known["paid"])


def _figures(shop: Shop, language: str) -> list[dict[str, Any]]:
    known = {row["figure"]: row for row in dicts(shop.figures())}
    rows = []

    def add(name: str, code: str, value: Any, kind: str) -> None:
        if value is not None:
            rows.append({"_name": name, "figure": label(code, language), "setting": value, "_kind": kind})

    def value(figure: str, column: str = "value") -> Any:
        return known[figure][column] if figure in known else None

    for name, figure, kind in (
        ("sales", "sales", "money"), ("buyers", "buyers", "count"), ("orders", "orders", "count"),
        ("per_buyer", "sales_per_buyer", "money"), ("per_order", "sales_per_order", "money"),
    ):  # fmt: skip
        if value("sales") is not None and (name != "buyers" or value("buyers")):
            add(name, figure, value(figure), kind)
    zh = language == "zh"
    if _few(shop):
        return rows
    add("change", "较上期变化" if zh else "change against the period before", value("sales", "change"), "percent")
    add("month", "月度变化" if zh else "change of the last whole month", _known(_month, shop), "percent")
    add("paid", "整体转化率" if zh else "conversion", _known(_paid, shop), "percent")
    if shop.orders is not None:
        add("back", "九十天复购" if zh else "second order within ninety days", _known(_back, shop), "percent")
        if shop.orders._log.has_money:  # noqa: SLF001 - a noun of ours
            add(
                "top",
                "前五分之一收入占比" if zh else "revenue share of the top fifth",
                _known(_top, shop),
                "percent",
            )
    found = findings_of(shop)
    add("findings", "发现" if zh else "findings", len(found.all) or None, "count")
    add(
        "stake",
        "每月涉及金额" if zh else "money a month at stake",
        found.money_at_stake if found.all else None,
        "money",
    )
    return rows


def _few(shop: Shop) -> bool:
    """Whether there are so few buyers, and visitors, that rates would be those of chance."""
    logs = [log for log in (shop.orders, shop.events) if log is not None]
    return all(log.quality.customers < ENOUGH for log in logs)


def _known(make: Callable[[Shop], float | None], shop: Shop) -> float | None:
    """Return a figure; None where the data are too few for it."""
    try:
        return make(shop)
    except (FootfallError, ValueError):
        return None


def _back(shop: Shop) -> float | None:
    rates = {(row["after"], row["days"]): row["rate"] for row in dicts(shop.repurchase().rates)}
    return rates.get((1, 90))


def _top(shop: Shop) -> float | None:
    share: float | None = tiers(shop).concentration.top_20
    return share


def _month(shop: Shop) -> float | None:
    if shop.orders is None or shop.period is not None:
        return None
    whole = [row for row in dicts(shop.sales().months) if row["complete"]]
    return whole[-1].get("growth") if whole else None


def _paid(shop: Shop) -> float | None:
    if shop.events is None:
        return None
    rows = dicts(shop.conversion().funnel)
    return rows[-1]["overall_rate"] if rows and rows[0]["reached"] else None
