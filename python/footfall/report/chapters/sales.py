"""What customers buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.report._labels import label, missing
from footfall.report.shown import beyond_chance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_MONTHS = [
    "period", "complete", "sales", "buyers", "new_buyers", "orders", "sales_per_buyer", "sales_per_order", "sales_per_item",
    "items_per_order", "orders_per_buyer", "change", "change_buyers", "change_orders_per_buyer", "change_amount_per_order",
]  # fmt: skip
# Of thousands of products many rise, each of no weight.
_LEAST = 0.005
# As many must be expected in a cell by chance for its test (Cochran).
CELL = 5
_MONTH = {
    "en": "In {period}, sales were {sales} from {buyers} buyers and {orders} orders: {per_buyer} per buyer, {per_order} per "
    "order.",
    "zh": "{period}销售额{sales}，买家{buyers}名，订单{orders}笔：客单价{per_buyer}，笔单价{per_order}。",
}
_GUESTS = {
    "en": "In {period}, sales were {sales} from {orders} orders: {sales_per_order} per order. The buyers are not known.",
    "zh": "{period}销售额{sales}，订单{orders}笔：笔单价{sales_per_order}。买家未知。",
}
_MOVED = {
    "en": "Against the month before that is {change}: {by_buyers} by the number of buyers, {by_orders} by orders per buyer, "
    "{by_money} by money per order.",
    "zh": "较上月变化{change}：买家数带来{by_buyers}，人均订单带来{by_orders}，笔单价带来{by_money}。",
}
_TRADE = {
    "en": "{measure}: {ours} against {trade} of the trade.",
    "zh": "{measure}：本店{ours}，行业{trade}。",
}
_HOT = {
    "en": "{first} brings most: {share} of the sales, {per_order} per order; then {second} with {share_two}.",
    "zh": "{first}贡献最多：占销售额的{share}，笔单价{per_order}；其次为{second}，占{share_two}。",
}
_RISES = {
    "en": "{name} rises from the long tail: the odds of an order with it are {trend} times those at the start ({low} to "
    "{high}).",
    "zh": "{name}从长尾上升：订单含它的优势比是期初的{trend}倍（区间{low}至{high}）。",
}
_NO_RISE = {"en": "No category rises from the long tail beyond chance.", "zh": "没有品类从长尾显著上升。"}
_CYCLE = {
    "en": "Customers who come back do so at a typical distance of {days} days.",
    "zh": "回购客户有典型间隔：{days}天。",
}
_NO_CYCLE = {
    "en": "Half of the gaps between orders are shorter than {median} days; no typical distance stands out.",
    "zh": "购买间隔的一半短于{median}天；没有典型周期。",
}
_PREFERS = {
    "en": "{group} buys {category} {lift} times as often as all buyers ({rate} of the group).",
    "zh": "{group}购买{category}的比率是全体买家的{lift}倍（该群体的{rate}）。",
}
_NO_PREFERENCE = {
    "en": "No group prefers a category beyond chance.",
    "zh": "没有群体对品类有超出随机的偏好。",
}


def sales(shop: Shop, page: Chapter) -> None:
    """Tell money per buyer, order and piece, what moved it, cycles, categories and who prefers which."""
    section = shop.sales()
    known = list(section)
    if "months" in known:
        page.attempt("months", lambda: _months(page, section.months))
    if "benchmarks" in known:
        page.attempt("benchmarks", lambda: _trade(page, section))
    if "categories" in known:
        page.attempt("categories", lambda: _categories(page, section.categories))
    if "cycle" in known:
        page.attempt("cycle", lambda: _cycle(page, section.cycle))
    if "preference" in known:
        page.attempt("preference", lambda: _preference(page, section.preference))
    missing(page, section)


def _months(page: Chapter, found: Any) -> None:
    rows = dicts(found)[::-1]
    columns = [name for name in _MONTHS if rows and any(row.get(name) is not None for row in rows)]
    table = page.show("months", rows, columns, most=13)
    last = table.find(complete=True)
    if last is None or "sales" not in table.columns:
        return
    if "sales_per_buyer" not in table.columns:
        page.say(_GUESTS, **{name: table.cell(last, name) for name in ("period", "sales", "orders", "sales_per_order")})
        page.draw(lambda: found.plot(language=page.language))
        return
    page.say(
        _MONTH, period=table.cell(last, "period"), sales=table.cell(last, "sales"), buyers=table.cell(last, "buyers"),
        orders=table.cell(last, "orders"), per_buyer=table.cell(last, "sales_per_buyer"),
        per_order=table.cell(last, "sales_per_order"),
    )  # fmt: skip
    if table.rows[last].get("change_buyers") is not None:
        page.say(
            _MOVED, change=table.cell(last, "change"), by_buyers=table.cell(last, "change_buyers"),
            by_orders=table.cell(last, "change_orders_per_buyer"), by_money=table.cell(last, "change_amount_per_order"),
        )  # fmt: skip
    page.draw(lambda: found.plot(language=page.language))


def _trade(page: Chapter, section: Any) -> None:
    rows = [{**row, "measure": label(row["measure"], page.language)} for row in dicts(section.benchmarks)]
    if not rows:
        page.lacks(label("benchmarks", page.language), "benchmarks=")
        return
    table = page.show("benchmarks", rows, ["measure", "ours", "benchmark", "ratio"])
    for at, row in enumerate(rows):
        page.say(_TRADE, measure=row["measure"], ours=table.cell(at, "ours"), trade=table.cell(at, "benchmark"))


def _categories(page: Chapter, found: Any) -> None:
    rows = dicts(found)
    name = found.column_names[0]
    page.about("categories")
    shown = [{**row, "part": label(row["part"], page.language)} for row in rows]
    rising = [row for row in shown if row["rising_tail"] and (row["share"] or 0.0) >= _LEAST][:5]
    # What rises from the tail stands below those of most money.
    kept = shown[:12] + [row for row in rising if row not in shown[:12]]
    names = [
        name,
        "sales",
        "share",
        "buyers",
        "orders",
        "sales_per_buyer",
        "sales_per_order",
        "growth_rate",
        "trend",
        "trend_low",
        "trend_high",
    ]
    table = page.show(
        "categories", [{**row, "growth_rate": row["growth"]} for row in kept], [*names, "p_adjusted"], most=20
    )
    if len(rows) > 1:
        page.say(
            _HOT, first=table.cell(0, name), share=table.cell(0, "share"), per_order=table.cell(0, "sales_per_order"),
            second=table.cell(1, name), share_two=table.cell(1, "share"),
        )  # fmt: skip
    for row in rising:
        at = table.find(**{name: row[name]})
        if at is not None:
            page.say(
                _RISES, name=table.cell(at, name), trend=table.cell(at, "trend"), low=table.cell(at, "trend_low"),
                high=table.cell(at, "trend_high"),
            )  # fmt: skip
    if not rising:
        page.say(_NO_RISE)
    page.draw(lambda: found.plot(language=page.language))


def _cycle(page: Chapter, found: Any) -> None:
    page.about("cycle")
    table = page.show("cycle", dicts(found), ["gaps", "p25", "median", "p75", "typical_days", "p_value"])
    if not table.rows or table.rows[0]["median"] is None:
        return
    if table.rows[0]["typical_days"] is None:
        page.say(_NO_CYCLE, median=table.cell(0, "median"))
    else:
        page.say(_CYCLE, days=table.cell(0, "typical_days"))


def expected(row: Mapping[str, Any]) -> bool:
    """Whether a cell of a table of groups and categories is large enough for its test: five by chance (Cochran)."""
    return bool(row["lift"]) and row["buyers"] / row["lift"] >= CELL


def _preference(page: Chapter, found: Any) -> None:
    rows = [row for row in dicts(found) if row["lift"] is not None and row["p_adjusted"] is not None and expected(row)]
    if not rows:
        return
    page.about("preference")
    names = found.column_names
    category, groups = names[0], names[1 : names.index("buyers")]
    # The surest first: of those beyond chance the largest lift.
    rows.sort(
        key=lambda row: (not beyond_chance(row["p_adjusted"]) or row["lift"] <= 1, -row["lift"], row["p_adjusted"])
    )
    table = page.show(
        "preference", rows, [category, *groups, "buyers", "group_buyers", "rate", "lift", "tgi", "p_adjusted"]
    )
    if not beyond_chance(rows[0]["p_adjusted"]) or rows[0]["lift"] <= 1:
        page.say(_NO_PREFERENCE)
        return
    words = {
        language: text.replace("{group}", " / ".join(f"{{group{at}}}" for at in range(len(groups))))
        for language, text in _PREFERS.items()
    }
    cells = {f"group{at}": table.cell(0, group) for at, group in enumerate(groups)}
    page.say(words, **cells, category=table.cell(0, category), lift=table.cell(0, "lift"), rate=table.cell(0, "rate"))
