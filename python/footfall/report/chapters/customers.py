"""Who the customers are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.report._labels import missing
from footfall.report.shown import LEVEL, beyond_chance

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_SHOWN = ["customers", "share", "low", "high", "buyers", "sales_share", "sales_per_customer", "growth", "p_value"]
_LARGEST = {
    "en": "By {what}, {first} is the largest group with {share} of the customers ({low} to {high}), then {second} with "
    "{share_two}.",
    "zh": "按{what}看，{first}最多，占客户的{share}（区间{low}至{high}），其次为{second}，占{share_two}。",
}
_ONLY = {
    "en": "By {what}, all are {first}: {customers} customers.",
    "zh": "按{what}看，全部为{first}：{customers}名客户。",
}
_SPEND = {
    "en": "Most sales per customer come from {best}: {money} each.",
    "zh": "人均销售额最高的是{best}：{money}。",
}
_GROWS = {
    "en": "{market} grows fastest: its share of registrations changes by {growth} points a year.",
    "zh": "{market}增长最快：其注册占比每年变化{growth}个百分点。",
}
_STILL = {
    "en": "No group of {what} changes its share of registrations beyond chance.",
    "zh": "各{what}的注册占比没有超出随机的变化。",
}
_LINK = {
    "en": "Most beyond chance: {a} and {b}, {lift} times as often as if the two were independent.",
    "zh": "最超出随机的组合：{a}与{b}，为两者独立时的{lift}倍。",
}
_NO_LINK = {
    "en": "{what}: no combination is there more often than by chance.",
    "zh": "{what}：没有超出随机的组合。",
}


def customers(shop: Shop, page: Chapter) -> None:
    """Tell ages, gender, regions and tiers of cities, with growth and what goes together."""
    section = shop.profile()
    for name in section:
        if name not in {"region_by_age", "gender_by_category"}:
            page.attempt(name, partial(_attribute, shop, page, name))
    for name in ("region_by_age", "gender_by_category"):
        if name in list(section):
            page.attempt(name, partial(_together, shop, page, name))
    missing(page, section)


def _attribute(shop: Shop, page: Chapter, name: str) -> None:
    found = getattr(shop.profile(), name)
    # The level of a member is no level of a feature.
    column = "member_level" if name == "level" else name
    rows = [
        {column: "–" if row[name] is None else row[name], **{k: v for k, v in row.items() if k != name}}
        for row in dicts(found)
    ]
    if not rows:
        return
    what = page.about(name)
    table = page.show(name, rows, [column, *_SHOWN])
    first = table.cell(0, column)
    if len(rows) == 1:
        page.say(_ONLY, what=what, first=first, customers=table.cell(0, "customers"))
    else:
        page.say(
            _LARGEST, what=what, first=first, share=table.cell(0, "share"), low=table.cell(0, "low"),
            high=table.cell(0, "high"), second=table.cell(1, column), share_two=table.cell(1, "share"),
        )  # fmt: skip
    shown = range(len(table.rows))
    if "sales_per_customer" in table.columns and len(rows) > 1:
        most = max(shown, key=lambda at: table.rows[at]["sales_per_customer"])
        page.say(_SPEND, best=table.cell(most, column), money=table.cell(most, "sales_per_customer"))
    # Bonferroni over the groups; the fastest of those that grow.
    grows = [at for at in shown if beyond_chance(table.rows[at].get("p_value"), LEVEL / len(rows))]
    best = max(grows, key=lambda at: table.rows[at]["growth"], default=None)
    if best is not None and table.rows[best]["growth"] > 0:
        page.say(_GROWS, market=table.cell(best, column), growth=table.cell(best, "growth"))
    elif "growth" in table.columns:
        page.say(_STILL, what=what)
    page.draw(lambda: found.plot(language=page.language))


def _together(shop: Shop, page: Chapter, name: str) -> None:
    found = getattr(shop.profile(), name)
    table = found.cross() if name == "region_by_age" else found
    rows = sorted(
        dicts(table), key=lambda row: (row["p_adjusted"] if row["p_adjusted"] is not None else 1.0, -row["lift"])
    )
    what = page.about(name)
    names = list(rows[0])[:2] if rows else []
    counts = ["customers", "expected"] if name == "region_by_age" else ["buyers", "rate"]
    shown = page.show(name, rows, [*names, *counts, "lift", "p_adjusted", "cramers_v"], most=10)
    link = next((at for at, row in enumerate(shown.rows) if beyond_chance(row["p_adjusted"]) and row["lift"] > 1), None)
    if link is None:
        page.say(_NO_LINK, what=what)
    else:
        page.say(_LINK, a=shown.cell(link, names[0]), b=shown.cell(link, names[1]), lift=shown.cell(link, "lift"))
