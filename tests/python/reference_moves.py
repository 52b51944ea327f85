"""What moved between two periods, slow and obvious: line by line, customer by customer, in fractions."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from reference import DAY, decimal_of, orders_of, usable


def shops(rows, until, refunds="net"):
    """By customer (guests under None) the orders of the rows before a day."""
    used, _ = usable(rows, order_id=True)
    by_customer = defaultdict(list)
    for row in used:
        if row["time"] < until * DAY:
            by_customer[row["customer"]].append(row)
    return {customer: orders_of(mine, refunds=refunds) for customer, mine in by_customer.items()}


def period_of(time, periods):
    return next((at for at, (start, end) in enumerate(periods) if start * DAY <= time < end * DAY), None)


def standing(orders, period):
    """By the first purchase of the period and the last before it."""
    start, end = (day * DAY for day in period)
    bought = sorted(order["time"] for order in orders if order["kind"] == "purchase")
    inside = [time for time in bought if start <= time < end]
    before = [time for time in bought if time < start]
    if not inside:
        return "returning"
    if not before:
        return "new"
    return "won_back" if inside[0] // DAY - before[-1] // DAY > 365 else "returning"


def contribution(rows, periods, columns, refunds="net"):
    """Money, buyers and money by standing of each value; ``columns`` maps a name to a function of customer and line."""
    cells = defaultdict(
        lambda: {"money": [Fraction(0)] * 2, "buyers": [set(), set()], "standing": defaultdict(Fraction)}
    )
    for customer, orders in shops(rows, periods[1][1], refunds).items():
        of = ["guests"] * 2 if customer is None else [standing(orders, period) for period in periods]
        for order in orders:
            at = period_of(order["time"], periods)
            if at is None:
                continue
            for line in order["lines"]:
                money = decimal_of(line["amount"])
                values = [("buyers", of[at]), *((name, value(customer, line)) for name, value in columns.items())]
                for key in [*values, (None, None)]:
                    cell = cells[key]
                    cell["money"][at] += money
                    cell["standing"][of[at]] += money if at else -money
                    if order["kind"] == "purchase" and customer is not None:
                        cell["buyers"][at].add(customer)
    return cells


def switching(rows, periods, refunds="net"):
    """Money by category and period; flows by from, to and kind, of fractions."""
    totals, flows = defaultdict(lambda: [Fraction(0)] * 2), defaultdict(lambda: [Fraction(0), 0])
    for customer, orders in shops(rows, periods[1][1], refunds).items():
        if customer is None:
            continue
        spent = defaultdict(lambda: [Fraction(0)] * 2)
        for order in orders:
            at = period_of(order["time"], periods)
            if at is not None:
                for line in order["lines"]:
                    spent[line["category"]][at] += decimal_of(line["amount"])
        for category, money in spent.items():
            totals[category] = [a + b for a, b in zip(totals[category], money, strict=True)]
        for key, money in flows_of(spent):
            flows[key][0] += money
            flows[key][1] += 1
    return totals, flows


def flows_of(spent):
    """The flows of one customer: from, to and kind, and the money."""
    change = {category: after - before for category, (before, after) in spent.items() if after != before}
    gains = {category: money for category, money in change.items() if money > 0}
    losses = {category: -money for category, money in change.items() if money < 0}
    there = [any(money[at] for money in spent.values()) for at in (0, 1)]
    if not there[0]:
        return [((None, category, "new"), money) for category, money in change.items()]
    if not there[1]:
        return [((category, None, "lost"), -money) for category, money in change.items()]
    gained, lost = sum(gains.values()), sum(losses.values())
    moved = min(gained, lost)
    found = [((None, to, "more"), gain * (1 - moved / gained)) for to, gain in gains.items() if gained > moved]
    found += [((of, None, "less"), loss * (1 - moved / lost)) for of, loss in losses.items() if lost > moved]
    if moved:
        found += [
            ((of, to, "moved"), moved * (loss / lost) * (gain / gained))
            for of, loss in losses.items()
            for to, gain in gains.items()
        ]
    return found
