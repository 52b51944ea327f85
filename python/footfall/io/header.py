"""Columns recognised by the usual names of their roles, in English and Chinese."""

from __future__ import annotations

import re

_ORDERS = {
    "customer": (
        "customerid customer custid customerno customernumber userid user uid memberid member buyerid buyer "
        "clientid client customeremail buyeremail email 客户id 客户编号 客户 用户id 用户编号 用户 会员id "
        "会员编号 会员号 买家id 买家会员名 买家昵称 顾客id 顾客编号 下单帐号 下单账号"
    ),
    "time": (
        "ordertime orderdate orderdatetime orderedat createdat createtime createddate purchasedate "
        "purchasetime invoicedate transactiondate transactiontime date time datetime timestamp paytime "
        "paidat paymenttime 订单创建时间 下单时间 下单日期 订单时间 订单日期 交易时间 支付时间 付款时间 "
        "订单付款时间 日期 时间"
    ),
    "amount": (
        "amount orderamount totalamount total ordertotal grandtotal totalprice sales revenue paidamount "
        "paymentamount payment netsales linetotal value money 金额 订单金额 支付金额 实付金额 实付款 "
        "成交金额 销售额 消费金额 应付金额 买家实际支付金额"
    ),
    "price": ("unitprice price itemprice 单价 价格 商品单价"),
    "order_id": (
        "orderid orderno ordernumber order invoiceno invoice invoicenumber transactionid 订单号 订单编号 "
        "订单id 主订单编号"
    ),
    "quantity": ("quantity qty items itemcount numitems pieces 数量 商品数量 购买数量 件数"),
    "product": ("productid product sku itemid item stockcode productname 商品id 商品编号 商品 商品名称 产品"),
    "category": ("category categoryname productcategory 品类 类目 商品类目 商品分类 类别"),
    "status": ("status orderstatus 订单状态 状态"),
}
_EVENTS = {
    "customer": (
        "userid user uid customerid customer visitorid clientid memberid distinctid anonymousid deviceid "
        "用户id 用户编号 用户 客户id 会员id 访客id"
    ),
    "time": (
        "eventtime time timestamp datetime date ts createdat servertime eventtimestamp 时间 时间戳 日期 "
        "行为时间 事件时间 发生时间"
    ),
    "event": (
        "event eventname eventtype behaviortype behavior behaviour action activity type 事件 事件名 "
        "事件名称 行为 行为类型"
    ),
    "session": ("session sessionid usersession visitid gasessionid 会话id 会话 访问id"),
    "product": ("productid product itemid item sku 商品id 商品编号 商品"),
}
_USUAL = {"orders": _ORDERS, "events": _EVENTS}
_NEEDED = {"orders": ("customer", "time"), "events": ("customer", "time", "event")}


def usual_names(columns: list[str], kind: str, given: set[str]) -> dict[str, str]:
    """Return the columns whose names are usual for a role; where two fit a role that is needed, refuse."""
    found: dict[str, str] = {}
    plain = {column: re.sub(r"[\W_]+", "", column.casefold()) for column in columns}
    for role, names in _USUAL[kind].items():
        usual = names.split()
        fitting = [column for column in columns if plain[column] in usual]
        if len(fitting) > 1 and role in _NEEDED[kind] and role not in given:
            raise ValueError(
                f"{' and '.join(map(repr, fitting))} could both be the {role}: name one, as in {role}={fitting[0]!r}"
            )
        if fitting and role not in given:
            found[role] = fitting[0]
    if kind == "orders" and found.keys() | given >= {"amount"}:
        found.pop("price", None)
    missing = [role for role in _NEEDED[kind] if role not in found and role not in given]
    if kind == "orders" and not (found.keys() | given) & {"amount", "price"}:
        missing.append("amount")
    if missing:
        raise ValueError(
            f'the columns are not recognised: name that of the {", the ".join(missing)}, as in {missing[0]}="…"; the '
            f"table has {', '.join(map(repr, columns[:30]))}"
        )
    return found
