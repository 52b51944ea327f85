"""The words of rules of conversion and of carts, in English and Chinese."""

from __future__ import annotations

_WATCH = {"en": "share of {unit} from {before} to {step} for {where}", "zh": "{where}从{before}到{step}的{unit}占比"}
_METRIC = {"en": "share of {unit} from {before} to {step}", "zh": "从{before}到{step}的{unit}占比"}
_CARTS = {"en": "share of carts that are left", "zh": "购物车放弃率"}
_CART_MONEY = {
    "en": "(rate - rate of the others) x such carts a month x {per}",
    "zh": "（放弃率－其余的放弃率）×每月此类购物车数×{per}",
}

WORDS: dict[str, dict[str, dict[str, str]]] = {
    "weak": {
        "en": {
            "title": "{before} to {step} fails for {where}",
            "statement": "Of {n:count} {unit} with {before}, {rate:percent} came to {step} ({low:percent} to "
            "{high:percent}); elsewhere {baseline:percent}.",
            "metric": _METRIC["en"],
            "money": "(rate elsewhere - rate) x {unit} with {before} a month x money per {step}",
            "action": "Go through {before} to {step} as {where} does: page, form, payment; mend what stops there.",
            "watch": _WATCH["en"],
        },
        "zh": {
            "title": "{where}在{before}到{step}这一步受阻",
            "statement": "{n:count}名{before}的{unit}中，{rate:percent}到达{step}（区间{low:percent}至{high:percent}）；"
            "其余群体为{baseline:percent}。",
            "metric": _METRIC["zh"],
            "money": "（其余群体的转化率－本群体转化率）×每月{before}的{unit}数×每次{step}的金额",
            "action": "以{where}的身份走一遍{before}到{step}：页面、表单、支付；修复受阻之处。",
            "watch": _WATCH["zh"],
        },
    },
    "weak_product": {
        "en": {
            "title": "Many see product {product}, few put it into the cart",
            "statement": "Of {n:count} customers with {before} of it, {rate:percent} came to {step} ({low:percent} to "
            "{high:percent}); of other products {baseline:percent}.",
            "metric": "share of customers from {before} to {step}",
            "money": "(rate of other products - rate) x customers a month x money per {step}",
            "action": "Open its page as a customer does: pictures, text, price, stock, reviews, delivery.",
            "watch": "share of customers from {before} to {step} of it",
        },
        "zh": {
            "title": "商品{product}看的人多、加购的人少",
            "statement": "{n:count}名{before}该商品的客户中，{rate:percent}到达{step}（区间{low:percent}至{high:percent}）；"
            "其他商品为{baseline:percent}。",
            "metric": "从{before}到{step}的客户占比",
            "money": "（其他商品的转化率－该商品转化率）×每月客户数×每次{step}的金额",
            "action": "以客户的身份打开它的详情页：图片、文案、价格、库存、评价、配送。",
            "watch": "该商品从{before}到{step}的客户占比",
        },
    },
    "step_below_past": {
        "en": {
            "title": "{before} to {step} lies below its own past",
            "statement": "Of {n:count} customers with {before}, {rate:percent} came to {step} ({low:percent} to "
            "{high:percent}); {baseline:percent} was to be expected of the months before.",
            "metric": "share of customers from {before} to {step}",
            "money": "(expected rate - rate) x customers with {before} a month x money per {step}",
            "action": "Find what changed between {before} and {step} in the last month: releases, prices, stock, payment.",
            "watch": "share of customers from {before} to {step}, by week",
        },
        "zh": {
            "title": "{before}到{step}的转化低于自身过去水平",
            "statement": "{n:count}名{before}的客户中，{rate:percent}到达{step}（区间{low:percent}至{high:percent}）；"
            "按此前各月的走势应为{baseline:percent}。",
            "metric": "从{before}到{step}的客户占比",
            "money": "（基准－转化率）×每月{before}的客户数×每次{step}的金额",
            "action": "找出上个月{before}到{step}之间的变化：版本发布、价格、库存、支付。",
            "watch": "每周从{before}到{step}的客户占比",
        },
    },
    "step_below_past.benchmark": {
        "en": {
            "title": "{before} to {step} lies below the benchmark",
            "statement": "Of {n:count} customers with {before}, {rate:percent} came to {step} ({low:percent} to "
            "{high:percent}); {baseline:percent} is the benchmark.",
            "metric": "share of customers from {before} to {step}",
            "money": "(baseline - rate) x customers with {before} a month x money per {step}",
            "action": "Find what changed between {before} and {step} in the last month: releases, prices, stock, payment.",
            "watch": "share of customers from {before} to {step}, by week",
        },
        "zh": {
            "title": "{before}到{step}的转化低于行业基准",
            "statement": "{n:count}名{before}的客户中，{rate:percent}到达{step}（区间{low:percent}至{high:percent}）；"
            "行业基准为{baseline:percent}。",
            "metric": "从{before}到{step}的客户占比",
            "money": "（基准－转化率）×每月{before}的客户数×每次{step}的金额",
            "action": "找出上个月{before}到{step}之间的变化：版本发布、价格、库存、支付。",
            "watch": "每周从{before}到{step}的客户占比",
        },
    },
    "imprecise_recommendations": {
        "en": {
            "title": "Few click what is recommended",
            "statement": "Of {n:count} products shown to a customer, {rate:percent} were clicked ({low:percent} to "
            "{high:percent}); {baseline:percent} is usual. Of what was bought, {recall:percent} had been shown.",
            "metric": "click rate of recommendations",
            "money": "(usual rate - rate) x showings a month x money per view",
            "action": "Recommend by what a customer viewed and bought lately and by what is bought together "
            "(orders.baskets); leave out what was bought already; test against the best sellers.",
            "watch": "click rate and purchases of recommendations",
        },
        "zh": {
            "title": "推荐的商品很少被点击",
            "statement": "向客户展示的{n:count}次商品中，{rate:percent}被点击（区间{low:percent}至{high:percent}）；"
            "通常为{baseline:percent}。购买的商品中有{recall:percent}曾被推荐。",
            "metric": "推荐点击率",
            "money": "（通常点击率－点击率）×每月展示次数×每次浏览的金额",
            "action": "按客户近期浏览、购买以及一起购买的商品推荐；去掉已购商品；与畅销榜对照测试。",
            "watch": "推荐的点击率与购买数",
        },
    },
    "cart_doubts": {
        "en": {
            "title": "Carts are left after {event}",
            "statement": "Of {n:count} carts with {event} soon after, {rate:percent} were left ({low:percent} to "
            "{high:percent}); of the others not bought by then {baseline:percent}. It need not be the cause.",
            "metric": _CARTS["en"],
            "money": _CART_MONEY["en"],
            "action": "Read what is asked in {event}, and answer it on the page of the product and in the cart.",
            "watch": "share of carts with {event} that are left",
        },
        "zh": {
            "title": "出现{event}之后购物车更常被放弃",
            "statement": "加购后不久出现{event}的{n:count}个购物车中，{rate:percent}被放弃（区间{low:percent}至{high:percent}）；"
            "届时尚未购买的其余购物车为{baseline:percent}。这不一定是原因。",
            "metric": _CARTS["zh"],
            "money": _CART_MONEY["zh"],
            "action": "查看{event}中的问题，并在商品页和购物车里直接回答。",
            "watch": "出现{event}的购物车的放弃率",
        },
    },
    "cart_features": {
        "en": {
            "title": "Carts with {feature} {level} are left more often",
            "statement": "Of {n:count} carts with {feature} {level}, {rate:percent} were left ({low:percent} to "
            "{high:percent}); of the others {baseline:percent}. It need not be the cause.",
            "metric": _CARTS["en"],
            "money": _CART_MONEY["en"],
            "action": "Look at carts with {feature} {level}, and test a change.",
            "watch": "share of carts with {feature} {level} that are left",
        },
        "zh": {
            "title": "{feature}为{level}的购物车更常被放弃",
            "statement": "{feature}为{level}的{n:count}个购物车中，{rate:percent}被放弃（区间{low:percent}至{high:percent}）；"
            "其余为{baseline:percent}。这不一定是原因。",
            "metric": _CARTS["zh"],
            "money": _CART_MONEY["zh"],
            "action": "查看{feature}为{level}的购物车，并测试一项改动。",
            "watch": "{feature}为{level}的购物车的放弃率",
        },
    },
    "stated_reasons": {
        "en": {
            "title": "Stated for not buying: {reason}",
            "statement": "Of {answered:count} customers who answered, {n:count} ({rate:percent}; {low:percent} to "
            "{high:percent}) state {reason}. Who answers need not be like who does not.",
            "metric": "share of those who answered",
            "money": "share x money of carts left a month, if who answers is like who does not",
            "action": "Take up {reason} where it arises: page of the product, cart, checkout, service.",
            "watch": "share who state {reason}, by month",
        },
        "zh": {
            "title": "客户自述的未购原因：{reason}",
            "statement": "{answered:count}名作答客户中，{n:count}名（{rate:percent}；区间{low:percent}至{high:percent}）"
            "提到{reason}。作答者不一定代表未作答者。",
            "metric": "作答客户中的占比",
            "money": "占比×每月被放弃购物车的金额（假定作答者与未作答者相同）",
            "action": "在{reason}出现的环节处理：商品页、购物车、结算、客服。",
            "watch": "每月提到{reason}的占比",
        },
    },
}

#: What to do about a feature of carts that is known.
ACTIONS = {
    "shipping_fee": {
        "en": "Show the fee before the cart, or give free shipping from a sum on; test both.",
        "zh": "在加购之前就说明运费，或设满额包邮；两种都做测试。",
    },
    "payment": {
        "en": "Look at failures and waiting times of this way to pay; offer another one first, and test it.",
        "zh": "检查该支付方式的失败率和等待时间；把另一种方式放在前面并测试。",
    },
    "checkout_steps": {
        "en": "Shorten the checkout: fields, pages, an account that need not be; test it against today's.",
        "zh": "缩短结算流程：字段、页数、不必要的注册；与现有流程对照测试。",
    },
    "coupon": {
        "en": "Look at what the coupon asks for; show in the cart what it takes off.",
        "zh": "检查优惠券的使用门槛；在购物车里直接显示优惠金额。",
    },
    "device": {
        "en": "Go through cart and checkout on this device: loading time, form, keyboard, payment.",
        "zh": "在该设备上走一遍购物车和结算：加载时间、表单、键盘、支付。",
    },
}
for _feature, _action in ACTIONS.items():
    WORDS[f"cart_features.{_feature}"] = {
        language: {**words, "action": _action[language]} for language, words in WORDS["cart_features"].items()
    }
# Where nothing was bought, nothing was foretold of it.
WORDS["imprecise_recommendations.unbought"] = {
    language: {**words, "statement": words["statement"].partition(cut)[0].strip()}
    for cut, (language, words) in zip(
        (" Of what was bought", "购买的商品中"), WORDS["imprecise_recommendations"].items(), strict=True
    )
}
