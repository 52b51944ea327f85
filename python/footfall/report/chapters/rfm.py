"""RFM, tiers, concentration and clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.data._shop_sections import tiers
from footfall.report._labels import label, missing, tier_names

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_TIERS = [
    "segment_name",
    "customers",
    "share",
    "revenue",
    "revenue_share",
    "recency_median",
    "frequency_median",
    "monetary_median",
]
_LARGEST = {
    "en": "{tier} brings most: {share} of the revenue from {customers} customers.",
    "zh": "{tier}贡献最多：{customers}名客户带来{share}的收入。",
}
_LOST = {
    "en": "{customers} customers ({share}) count as lost; they brought {revenue}.",
    "zh": "{customers}名客户（{share}）属于流失，他们曾带来{revenue}。",
}
_TOP = {
    "en": "The top fifth of the buyers bring {share} of the revenue; Gini {gini}.",
    "zh": "消费最高的五分之一买家带来{share}的收入；基尼系数{gini}。",
}
_MOVED = {
    "en": "Within the last quarter {left} customers left {tier} and {came} came to it.",
    "zh": "最近一个季度有{left}名客户离开{tier}，{came}名进入。",
}
_CLUSTER = {
    "en": "{name}: {customers} customers, at the median {frequency} orders and {monetary}, last seen {days} days ago.",
    "zh": "{name}：{customers}名客户，中位{frequency}单、{monetary}，距上次购买{days}天。",
}


def rfm(shop: Shop, page: Chapter) -> None:
    """Tell tiers with customers, revenue and concentration; the grid of segments; clusters."""
    section = shop.value()
    if shop.orders is None or not shop.orders._log.has_money:  # noqa: SLF001 - a noun of ours
        page.lacks(label("rfm", page.language), "orders.amount")
        return
    page.attempt("tiers", lambda: _tiers(page, shop))
    page.attempt("rfm", lambda: _segments(page, section.rfm))
    page.attempt("clusters", lambda: _clusters(page, section.clusters))
    page.attempt("migration", lambda: _migration(page, section.migration))
    missing(page, section)


def _tiers(page: Chapter, shop: Shop) -> None:
    found, names = tiers(shop), tier_names(page.language)
    rows = [{**row, "segment_name": names.get(row["segment"], row["segment"])} for row in dicts(found.segments)]
    page.about("tiers")
    table = page.show("tiers", rows, _TIERS)
    most = max(range(len(rows)), key=lambda at: rows[at]["revenue"])
    page.say(
        _LARGEST, tier=rows[most]["segment_name"], share=table.cell(most, "revenue_share"),
        customers=table.cell(most, "customers"),
    )  # fmt: skip
    gone = table.find(segment="lost")
    if gone is not None and rows[gone]["customers"]:
        page.say(_LOST, **{name: table.cell(gone, name) for name in ("customers", "share", "revenue")})
    page.draw(lambda: found.segments.plot(language=page.language))
    curve = found.concentration
    if curve.top_20 is not None:
        page.about("concentration")
        table = page.show("concentration", [{"top_20": curve.top_20, "gini": curve.gini}], ["top_20", "gini"])
        page.say(_TOP, share=table.cell(0, "top_20"), gini=table.cell(0, "gini"))
        page.draw(lambda: curve.plot(language=page.language))


def _segments(page: Chapter, found: Any) -> None:
    from footfall import _native

    names = dict(zip(*_native.segment_names({"scheme": "grid", "language": page.language}), strict=True))
    page.head("RFM")
    rows = [{**row, "segment_name": names.get(row["segment"], row["segment"])} for row in dicts(found.segments)]
    page.show("grid", rows, _TIERS)
    page.draw(lambda: found.plot(language=page.language))


def _clusters(page: Chapter, found: Any) -> None:
    page.about("clusters")
    rows = _named(dicts(found.centers), page.language)
    table = page.show("clusters", rows, ["cluster", "customers", "share", "recency_days", "frequency", "monetary"])
    for at in range(len(rows)):
        page.say(
            _CLUSTER, name=table.cell(at, "cluster"), days=table.cell(at, "recency_days"),
            **{name: table.cell(at, name) for name in ("customers", "frequency", "monetary")},
        )  # fmt: skip
    page.draw(lambda: found.plot(language=page.language))


def _migration(page: Chapter, found: Any) -> None:
    names = tier_names(page.language)
    page.about("migration")
    moved: dict[str, list[int]] = {code: [0, 0] for code in names}
    for before, after, count in (row[:3] for row in found.rows()):
        if before != after:
            for code, at in ((before, 0), (after, 1)):
                if code in moved:
                    moved[code][at] += count
    rows = [{"segment_name": names[code], "left": left, "came": came} for code, (left, came) in moved.items()]
    table = page.show("migration", rows, ["segment_name", "left", "came"])
    at = next(at for at, code in enumerate(moved) if code == "loyal_high_value")
    page.say(_MOVED, tier=rows[at]["segment_name"], left=table.cell(at, "left"), came=table.cell(at, "came"))
    page.draw(lambda: found.plot(language=page.language))


def _named(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Name clusters by their tier; of several with one tier the order says which."""
    names, seen = tier_names(language), dict[str, int]()
    named = []
    for row in rows:
        tier = str(row.get("tier"))
        seen[tier] = seen.get(tier, 0) + 1
        again = f" {seen[tier]}" if seen[tier] > 1 else ""
        named.append({**row, "cluster": f"{names.get(tier, tier)}{again}"})
    return named
