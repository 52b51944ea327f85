"""The chapters of a report, from a shop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from footfall.core.checks import listed, word
from footfall.core.progress import working
from footfall.report.chapters import (
    appendix,
    carts,
    conversion,
    customers,
    diagnosis,
    introduction,
    repurchase,
    rfm,
    sales,
    summary,
    tiers,
    visits,
)
from footfall.report.shown import ENOUGH, Chapter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from footfall.data.shop import Shop

#: The chapters in their order: what makes each, and its title.
CHAPTERS: dict[str, tuple[Callable[[Shop, Chapter], None], dict[str, str]]] = {
    "summary": (summary.summary, {"en": "At a glance", "zh": "摘要"}),
    "introduction": (introduction.introduction, {"en": "Introduction", "zh": "引言"}),
    "customers": (customers.customers, {"en": "Who the customers are", "zh": "基础属性分布"}),
    "visits": (visits.visits, {"en": "How they visit", "zh": "行为特征"}),
    "sales": (sales.sales, {"en": "How they buy", "zh": "消费特征"}),
    "conversion": (conversion.conversion, {"en": "Conversion", "zh": "关键转化节点"}),
    "abandonment": (carts.carts, {"en": "Cart abandonment", "zh": "购物车放弃"}),
    "repurchase": (repurchase.repurchase, {"en": "Repurchase", "zh": "复购"}),
    "rfm": (rfm.rfm, {"en": "RFM", "zh": "RFM分层"}),
    "tiers": (tiers.tiers, {"en": "What each tier is like", "zh": "不同价值客户群体特征"}),
    "diagnosis": (diagnosis.diagnosis, {"en": "Diagnosis", "zh": "现存问题"}),
    "advice": (diagnosis.advice, {"en": "Recommendations", "zh": "优化建议"}),
    "appendix": (appendix.appendix, {"en": "Appendix", "zh": "附录"}),
}


_AT_ONCE = 2
_OF = {
    "customers": "customers", "visits": "events", "conversion": "events", "abandonment": "events", "repurchase": "orders",
    "rfm": "orders", "tiers": "orders",
}  # fmt: skip
_FEW = {
    "en": "There is too little to say here: {count} customers.",
    "zh": "这里可说的太少：只有{count}名客户。",
}


def _few(shop: Shop, page: Chapter) -> bool:
    """Tell where a chapter rests on so few customers that it would tell of chance."""
    part = getattr(shop, _OF.get(page.id, ""), None)
    if part is None:
        return False
    count = part.quality["rows_used"] if page.id == "customers" else part.quality.customers
    if count >= ENOUGH:
        return False
    if count:
        page.say(_FEW, count=page.show("few", [{"customers": count}], ["customers"]).cell(0, "customers"))
    else:
        page.lacks(page.title, "orders.customer" if part is shop.orders else "events.customer")
    return True


def chapters(shop: Shop, language: str, sections: Sequence[str] | None) -> list[Chapter]:
    """Return the chapters that are asked for, in their order."""
    wanted = (
        CHAPTERS
        if sections is None
        else [word(one, "sections", CHAPTERS) for one in listed(sections, "sections", "names")]
    )
    # Two chapters at once: what one computes on a single thread leaves room for the other.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        pages = [pool.submit(_page, shop, name, language) for name in CHAPTERS if name in wanted]
        return [page.result() for page in pages]


def _page(shop: Shop, name: str, language: str) -> Chapter:
    make, titles = CHAPTERS[name]
    page = Chapter(name, titles[language], language)
    with working(f"footfall: {name}"):
        if not _few(shop, page):
            make(shop, page)
    page.close()
    return page
