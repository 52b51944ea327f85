"""The words of rules of customers, orders, value and cost, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, dict[str, dict[str, str]]] = {
    "data_quality": {
        "en": {
            "title": "{part}: {reason}",
            "statement": "{n:count} of {of:count} rows of {part} ({rate:percent}) are left out or belong to nobody: {reason}.",
            "metric": "share of rows",
            "money": "share of the money read x sales a month",
            "action": "Find where these rows come from (tracking, export, joins) before you trust what rests on them.",
            "watch": "rows without a use in {part}, by month",
        },
        "zh": {
            "title": "{part}：{reason}",
            "statement": "{part}的{of:count}行中有{n:count}行（{rate:percent}）未能使用或无归属：{reason}。",
            "metric": "行数占比",
            "money": "所占金额比例×月销售额",
            "action": "在信任依赖它们的结论之前，先查明这些行的来源（埋点、导出、关联）。",
            "watch": "{part}中每月无法使用的行数",
        },
    },
    "data_quality.guests": {
        "en": {
            "title": "{rate:percent} of the money belongs to nobody",
            "statement": "{n:count} orders without a customer hold {rate:percent} of the money: sales count them, and no "
            "statement on customers does.",
            "metric": "share of the money",
            "money": "",
            "action": "Join guests by e-mail, phone or card before you read who comes back and what each is worth.",
            "watch": "share of the money of orders without a customer, by month",
        },
        "zh": {
            "title": "{rate:percent}的金额没有归属",
            "statement": "{n:count}笔没有客户的订单占金额的{rate:percent}：销售额计入它们，任何关于客户的结论都不包含它们。",
            "metric": "金额占比",
            "money": "",
            "action": "在解读复购与客户价值之前，用邮箱、手机号或卡号把游客订单关联起来。",
            "watch": "每月无客户订单的金额占比",
        },
    },
    "growing_market": {
        "en": {
            "title": "{market} grows faster than the rest",
            "statement": "{market} has {share:percent} of the customers, and its share of registrations changes by "
            "{growth:points} points a year.",
            "metric": "change of its share of registrations a year",
            "money": "its sales a month x the points that it grows by in a year",
            "action": "Look at what it buys and how it is delivered there; speak to it (prices, delivery, payment).",
            "watch": "its share of registrations and of first purchases",
        },
        "zh": {
            "title": "{market}增长快于其他市场",
            "statement": "{market}占客户的{share:percent}，其注册占比每年变化{growth:points}个百分点。",
            "metric": "注册占比的年变化",
            "money": "该市场月销售额×一年增长的百分点",
            "action": "看它买什么、如何配送；针对它做价格、配送、支付。",
            "watch": "其注册占比与首购占比",
        },
    },
    "many_refunds": {
        "en": {
            "title": "Orders of {name} {value} come back",
            "statement": "Of {n:count} orders {rate:percent} were refunded in full ({low:percent} to {high:percent}); of the "
            "others {baseline:percent}.",
            "metric": "share of orders refunded in full",
            "money": "(share - share of the others) x orders a month x money per order",
            "action": "Read the reasons for returns of {value}: description, sizes, quality, packing.",
            "watch": "share of orders of {value} refunded in full",
        },
        "zh": {
            "title": "{name}为{value}的订单退款偏多",
            "statement": "{n:count}笔订单中{rate:percent}被全额退款（区间{low:percent}至{high:percent}）；其余为{baseline:percent}。",
            "metric": "全额退款订单占比",
            "money": "（占比－其余的占比）×每月订单数×笔单价",
            "action": "阅读{value}的退货原因：描述、尺码、质量、包装。",
            "watch": "{value}的全额退款订单占比",
        },
    },
    "rising_tail_category": {
        "en": {
            "title": "{category} rises from the long tail",
            "statement": "The odds that an order holds {category} are {rise:number} times those at the start ({low:number} to "
            "{high:number}); it has {share:percent} of the sales.",
            "metric": "odds of an order, end over start",
            "money": "share of sales x sales a month x (1 - 1 / rise): what the rise brings, and its stalling would cost",
            "action": "Give it room: stock, a place on the first page, ads; look at who buys it (categories(by=...)).",
            "watch": "share of orders that hold it, by month",
        },
        "zh": {
            "title": "{category}从长尾上升",
            "statement": "订单中出现{category}的优势比是期初的{rise:number}倍（区间{low:number}至{high:number}）；"
            "它占销售额的{share:percent}。",
            "metric": "订单优势比（期末比期初）",
            "money": "销售占比×月销售额×（1－1/上升倍数）：上升带来的金额，停滞则失去",
            "action": "给它空间：库存、首页位置、广告；看是谁在买。",
            "watch": "每月含该品类的订单占比",
        },
    },
    "sales_moved": {
        "en": {
            "title": "Sales of {name} {value} fell",
            "statement": "From {was:money} to {now:money} within {days:count} days, by {change:change} ({low:change} to "
            "{high:change}): {volume:change} by the number of buyers, {mix:change} by their share who buy it, {rate:change} "
            "by the money of each.",
            "metric": "change of sales within {days:count} days",
            "money": "fall of the lines that no larger cause holds, by month",
            "action": "Look at stock, price, place and ads of {value}, and at who stopped buying it.",
            "watch": "sales of {value} by week",
        },
        "zh": {
            "title": "{name}为{value}的销售额下降",
            "statement": "{days:count}天内由{was:money}变为{now:money}，变化{change:change}（区间{low:change}至{high:change}）："
            "买家数带来{volume:change}，购买占比带来{mix:change}，人均金额带来{rate:change}。",
            "metric": "{days:count}天内的销售额变化",
            "money": "未被更大原因包含的订单行的下降，按月计",
            "action": "检查{value}的库存、价格、位置和广告，以及谁不再购买。",
            "watch": "{value}每周的销售额",
        },
    },
    "falling_retention": {
        "en": {
            "title": "Fewer first buyers come back within {days:count} days",
            "statement": "Of those who first bought in the last {third:count} months that were followed, {rate:percent} bought "
            "again within {days:count} days ({low:percent} to {high:percent}); of the first {third:count} months "
            "{baseline:percent}.",
            "metric": "share who buy again within {days:count} days",
            "money": "(share then - share now) x first buyers a month x money of a returning one within {days:count} days",
            "action": "Ask the last cohorts why: look at their channels, first products, delivery and ratings; welcome them "
            "after the first order (thanks, advice, a reason for the second).",
            "watch": "share of first buyers who buy again within {days:count} days, by month of the first order",
        },
        "zh": {
            "title": "首购客户在{days:count}天内的复购下降",
            "statement": "可追踪的最近{third:count}个月的首购客户中，{rate:percent}在{days:count}天内再次购买"
            "（区间{low:percent}至{high:percent}）；最早{third:count}个月为{baseline:percent}。",
            "metric": "{days:count}天内再次购买的占比",
            "money": "（过去占比－现在占比）×每月首购客户数×回购客户{days:count}天内的金额",
            "action": "询问最近批次的客户原因：渠道、首购商品、配送与评价；首单之后做好欢迎（感谢、建议、再次购买的理由）。",
            "watch": "按首购月份，{days:count}天内再次购买的占比",
        },
    },
    "concentrated_value": {
        "en": {
            "title": "Few customers carry the shop",
            "statement": "The top fifth of the buyers bring {rate:percent} of the revenue (Gini {gini:number}).",
            "metric": "revenue share of the top fifth",
            "money": "(share of the top fifth - threshold) x sales a month",
            "action": "Know them by name: service of their own, early access; and widen the base (second orders of the "
            "promising).",
            "watch": "revenue share of the top fifth",
        },
        "zh": {
            "title": "少数客户支撑着店铺",
            "statement": "消费最高的五分之一买家带来{rate:percent}的收入（基尼系数{gini:number}）。",
            "metric": "前五分之一买家的收入占比",
            "money": "（前五分之一的占比－阈值）×月销售额",
            "action": "认识他们每一位：专属服务、优先购买；同时扩大基础（有潜力客户的第二单）。",
            "watch": "前五分之一买家的收入占比",
        },
    },
    "shrinking_tier": {
        "en": {
            "title": "The tier {tier} shrinks",
            "statement": "Within {days:count} days {left:count} customers left it and {came:count} came; it had {had:count}.",
            "metric": "customers who left less those who came",
            "money": "(left - came) / members x its share of revenue x sales a month",
            "action": "Write to those who just left it, each with what they bought; ask what they miss.",
            "watch": "customers of {tier}, by month",
        },
        "zh": {
            "title": "{tier}在缩小",
            "statement": "{days:count}天内有{left:count}名客户离开、{came:count}名进入；原有{had:count}名。",
            "metric": "离开减去进入的客户数",
            "money": "（离开－进入）/原有客户数×其收入占比×月销售额",
            "action": "给刚离开的客户逐一写信，提到他们买过的商品；询问缺少什么。",
            "watch": "每月{tier}的客户数",
        },
    },
    "spend_by_tier": {
        "en": {
            "title": "The tier {tier} gets more than it brings",
            "statement": "{rate:percent} of the spend on customers goes to {tier}, who bring {baseline:percent} of the sales.",
            "metric": "share of spend",
            "money": "(share of spend - share of sales) x spend on customers a month",
            "action": "Give {tier} no more than they answer to: win back those of most expected money (win_back), and move "
            "the rest to loyal and promising customers.",
            "watch": "sales per unit of spend, by tier",
        },
        "zh": {
            "title": "投给{tier}的资源多于其贡献",
            "statement": "客户投入的{rate:percent}给了{tier}，而他们只带来{baseline:percent}的销售额。",
            "metric": "投入占比",
            "money": "（投入占比－销售占比）×每月客户投入",
            "action": "对{tier}的投入以其响应为限：先挽回预期金额最高者，其余转给忠诚与潜力客户。",
            "watch": "各层级单位投入的销售额",
        },
    },
    "rising_acquisition_cost": {
        "en": {
            "title": "A new customer through {channel} costs more every month",
            "statement": "The cost of a new customer rose by {rise:percent} a month, from {baseline:money} in the first third of "
            "the time to {cost:money} in the last.",
            "metric": "cost per new customer",
            "money": "(cost in the last third - cost in the first) x new customers a month in the last",
            "action": "Look at bids, creatives and audiences of {channel}; move budget to channels of lower cost until the cost "
            "is back.",
            "watch": "cost per new customer through {channel}",
        },
        "zh": {
            "title": "{channel}的获客成本逐月上升",
            "statement": "新客成本每月上升{rise:percent}，由前三分之一时段的{baseline:money}升至最后三分之一的{cost:money}。",
            "metric": "单个新客成本",
            "money": "（最后三分之一的成本－前三分之一的成本）×最后时段每月新客数",
            "action": "检查{channel}的出价、素材与人群；在成本回落前把预算移到成本更低的渠道。",
            "watch": "{channel}的单个新客成本",
        },
    },
}
