"""The names of parts, figures and reasons in English and Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from footfall import _native

if TYPE_CHECKING:
    from footfall.core.section import Section
    from footfall.report.shown import Chapter

_CHINESE = {
    "attributes": "客户属性", "ahead": "未来价值", "customers": "客户", "events": "行为", "orders": "订单", "spend": "投入", "after_sales": "售后", "survey": "问卷",
    "age": "年龄", "gender": "性别", "region": "地区", "city": "城市等级", "channel": "渠道", "level": "会员等级",
    "region_by_age": "地区与年龄", "gender_by_category": "性别与品类", "sessions": "会话", "stability": "稳定性",
    "rhythm": "时段", "devices": "设备", "sources": "来源", "sources_by_month": "来源逐月", "keywords": "关键词",
    "attribution": "归因", "months": "逐月", "year_before": "同比", "benchmarks": "行业对照", "by_category": "按品类",
    "categories": "品类", "products": "商品", "pairs": "关联购买", "cycle": "购买周期", "preference": "偏好",
    "funnel": "漏斗", "by_device": "按设备", "by_source": "按来源", "by_region": "按地区", "recommendations": "推荐",
    "from_registration": "从注册开始", "migration": "层级迁移", "features": "购物车特征", "win_back": "挽回名单",
    "figures": "指标", "carts": "购物车", "showings": "展示", "first buyers": "首购客户", "rates": "复购率",
    "by_month": "逐月", "retention": "留存", "registered": "注册批次", "drivers": "因素", "rfm": "RFM",
    "tiers": "层级", "concentration": "集中度", "clusters": "聚类", "lifetime": "生命周期价值", "summary": "概览",
    "sales": "销售", "visits": "访问", "repurchase": "复购", "last_events": "最后行为", "contacts": "售后联系",
    "refunds": "退款", "null_customer": "客户为空", "null_time": "时间为空", "null_amount": "金额为空",
    "infinite_amount": "金额无穷", "cancelled": "已取消", "not_paid": "未支付", "guests": "游客",
    "repeated_customer": "客户重复", "before_period": "早于期间", "after_period": "晚于期间",
    "null_event": "行为为空", "high": "高", "medium": "中", "low": "低", "stable": "稳定", "rising": "上升",
    "falling": "下降", "unstable": "不稳定", "interval_low": "区间下限", "interval_high": "区间上限", "count": "数量",
    "money": "每月金额", "p": "校正后p值", "n": "数量", "rate": "比率", "baseline": "对照", "recall": "曾被推荐",
    "share": "占比", "growth": "占比年变化", "rise": "上升倍数", "was": "之前", "now": "之后", "change": "变化",
    "volume": "买家数带来", "mix": "购买占比带来", "third": "月数", "days": "天数", "gini": "基尼系数",
    "left": "离开", "came": "进入", "had": "原有", "cost": "成本", "answered": "作答人数", "audience": "涉及客户",
    "each": "每组所需", "weeks": "周数", "market": "市场", "category": "品类", "value": "取值", "name": "名称",
    "tier": "层级", "feature": "特征", "where": "位置", "before": "上一步", "step": "步骤", "unit": "单位",
    "event": "行为", "product": "商品", "reason": "原因", "part": "数据", "of": "总数",
    "visits_per_active_day": "每活跃日访问次数", "seconds_per_active_day": "每活跃日停留秒数", "converted": "已购买",
    "orders_per_buyer": "人均订单数", "sales_per_buyer": "客单价", "sales_per_order": "笔单价", "buyers": "买家数",
    "new_buyers": "新买家", "visitors": "访客", "carts_left": "购物车放弃率", "head": "头部", "body": "腰部",
    "tail": "长尾", "what_to_do_first": "首先要做的", "device": "设备", "source": "来源", "keyword": "关键词",
    "items": "件数", "amount": "金额", "delivery": "配送", "payment": "支付方式", "coupon": "优惠券", "discount": "折扣",
    "discounted": "有折扣", "price_level": "价格水平", "refund_orders": "退款订单数", "shipping_fee": "运费", "points": "积分",
    "checkout_pages": "结算页数", "checkout_steps": "结算步骤数", "basket_size": "件数", "recency_days": "未购买天数",
    "number_of_events": "行为数", "last_event": "最后行为", "rating": "评分", "cart_doubts": "购物车疑虑",
    "stated_reasons": "客户陈述的原因", "weak_payment": "支付方式薄弱", "weak_product": "商品薄弱", "weak_step": "步骤薄弱",
    "imprecise_recommendations": "推荐不精准", "rising_acquisition_cost": "获客成本上升", "spend_by_tier": "层级投入",
    "many_refunds": "退款偏多", "growing_market": "增长市场", "rising_tail_category": "长尾上升", "sales_moved": "销售变动",
    "falling_retention": "复购下降", "shrinking_tier": "层级缩小", "cart_features": "购物车特征", "data_quality": "数据质量",
    "step_below_past": "步骤低于过去", "concentrated_value": "价值集中",
}  # fmt: skip


def label(code: Any, language: str) -> str:
    """Return what a reader sees of a code of the package; in other texts nothing changes."""
    text = str(code)
    if language == "zh":
        return _CHINESE.get(text, text)
    return text.replace("_", " ") if text in _CHINESE else text


# Bands of numbers, as drivers have them.
_BAND = re.compile(r"(-?[\d.]+) to (-?[\d.]+)")
#: What features of a part are called where its columns alone do not tell.
FEATURES = {
    "last_events": {"event": "last_event", "events": "number_of_events"},
    "contacts": {"event": "last_event", "events": "number_of_events", "value": "rating"},
}


def featured(rows: list[dict[str, Any]], language: str, part: str = "") -> list[dict[str, Any]]:
    """Return rows of features with names of the features and bands as a reader sees them."""
    known = FEATURES.get(part, {})

    def band(level: Any) -> Any:
        found = _BAND.fullmatch(str(level)) if language == "zh" else None
        return level if found is None else f"{found[1]}至{found[2]}"

    return [
        {**row, "feature": label(known.get(row["feature"], row["feature"]), language), "level": band(row["level"])}
        for row in rows
    ]


def tier_names(language: str) -> dict[str, str]:
    """Return the names of the tiers by code."""
    return dict(zip(*_native.segment_names({"scheme": "tiers", "language": language}), strict=True))


def missing(page: Chapter, section: Section) -> None:
    """Tell what a section cannot tell, and what it would need."""
    for name, why in section.missing.items():
        page.lacks(label(name, page.language), why)
