"""The usual names of columns in the parts of a shop, in English and Chinese, and which part a file is."""

from __future__ import annotations

import re

from footfall.io.header import usual_names
from footfall.io.presets import presets

_CUSTOMER = (
    "customer customerid userid user memberid member uid buyerid buyer 客户 客户id 客户编号 用户 用户id 会员id 会员编号"
)
USUAL: dict[str, dict[str, str]] = {
    "customers": {
        "customer": _CUSTOMER,
        "registered": "registered registeredat registrationdate signupdate createdat 注册时间 注册日期",
        "age": "age 年龄",
        "birth": "birth birthday birthdate dateofbirth 生日 出生日期",
        "gender": "gender sex 性别",
        "region": "region province state country 地区 省份 省",
        "city": "city citytier 城市 城市等级",
        "channel": "channel 渠道 注册渠道 来源渠道",
        "level": "level memberlevel 等级 会员等级",
        "points": "points 积分",
    },
    "spend": {
        "time": "time date month day 时间 日期 月份",
        "amount": "amount spend cost 金额 花费 费用 投入",
        "channel": "channel 渠道",
        "segment": "segment tier 层级 分层",
    },
    "after_sales": {
        "customer": _CUSTOMER,
        "time": "time date createdat 时间 日期",
        "kind": "kind type 类型 售后类型",
        "order_id": "orderid orderno 订单号 订单编号",
        "rating": "rating score stars 评分 星级",
    },
    "survey": {"customer": _CUSTOMER, "time": "time date 时间 日期", "event": "reason answer event 原因 回答"},
}
#: Columns that stand for what they are called.
_SAME = {
    "events": ("device", "source", "keyword", "shipping_fee", "payment", "coupon", "checkout_steps", "value"),
    "orders": ("payment", "coupon", "delivery", "margin", "refund_of"),
}


def usual(part: str, columns: list[str]) -> dict[str, str]:
    """Return the roles of a part whose columns have usual names, the first column of each."""
    found = {
        role: column
        for role, names in USUAL.get(part, {}).items()
        for column in columns[::-1]
        if re.sub(r"[\W_]+", "", column.casefold()) in names.split()
    }
    return found | {
        name: name for name in _SAME.get(part, ()) if name in columns and not presets.recognise(columns, part)
    }


def part_of_columns(columns: list[str]) -> str | None:
    """Return which part of a shop a file is, by its columns; None where that cannot be told."""
    for part in ("events", "orders"):
        if presets.recognise(columns, part):
            return part
    for part in ("events", "orders"):
        try:
            usual_names(columns, part, set())
        except ValueError:
            continue
        return part
    needed = {"after_sales": {"customer", "time", "kind"}, "spend": {"time", "amount"}, "customers": {"customer"}}
    return next((part for part, roles in needed.items() if roles <= usual(part, columns).keys()), None)
