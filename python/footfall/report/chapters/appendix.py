"""Definitions, parameters and versions."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.report.shown import Chapter

_DEFINITIONS = {
    "en": "Sales are the money of orders less refunds, on the date of each. A buyer is a customer with an order that was "
    "not refunded in full. Sales per buyer divide by buyers, sales per order by orders. A rate of a step is the share of "
    "customers who came to it, of those at the step before, within a week of the first. Intervals of rates are Wilson's; "
    "tests of all rules are adjusted together by Benjamini and Hochberg. The repurchase rate is the share of buyers with "
    "two or more orders in a period; the return rate that of the buyers of one period who buy in the next.",
    "zh": "销售额为订单金额减去退款，各按其日期计入。买家指有未被全额退款订单的客户。客单价按买家计，笔单价按订单计。"
    "步骤转化率为在首步之后一周内由上一步到达该步的客户占比。比率的区间为Wilson区间；全部规则的检验按Benjamini-Hochberg一起校正。"
    "复购率为期间内购买两次及以上的买家占比；回购率为上期买家在本期再次购买的占比。",
}


def appendix(shop: Shop, page: Chapter) -> None:
    """Tell definitions, the parameters that were used, and versions."""
    from footfall import __version__

    page.say(_DEFINITIONS)
    rows: list[dict[str, Any]] = [
        {"name": "steps", "setting": " → ".join(shop.steps)},
        {"name": "margin", "setting": shop.margin, "_kind": "number"},
        {
            "name": "benchmarks",
            "setting": ", ".join(f"{name}={value:g}" for name, value in shop.benchmarks.items()) or "–",
        },
        {"name": "footfall", "setting": __version__},
        {"name": "Python", "setting": platform.python_version()},
    ]
    page.show("parameters", rows, ["name", "setting"])
