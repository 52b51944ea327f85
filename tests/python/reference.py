"""The same definitions, slow and obvious: rows as dicts, orders as lists of rows, sums as fractions."""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

DAY = 86_400 * 10**6


def decimal_of(amount):
    """What a float counts as: the decimal of at most four places that it shows, else the double that it is."""
    shown = Decimal(repr(amount))
    return Fraction(shown) if shown.as_tuple().exponent >= -4 and abs(amount) < 2**35 else Fraction(amount)


def total(amounts):
    """The exact sum of amounts, rounded once."""
    return float(sum(map(decimal_of, amounts), Fraction(0)))


def usable(rows, cancelled=(), *, order_id=False, refund_of=False):
    """Rows that are used, and how many are left out by reason; a row without a customer goes with its order's."""
    used, out = [], defaultdict(int)
    for row in rows:
        amount = row["amount"]
        if row["time"] is None:
            out["null_time"] += 1
        elif amount is None or math.isnan(amount):
            out["null_amount"] += 1
        elif math.isinf(amount):
            out["infinite_amount"] += 1
        elif row.get("status") in cancelled:
            out["cancelled"] += 1
        else:
            used.append(row)
    if order_id:
        used = adopted(used)
    if refund_of:
        void = {row["order_id"] for row in rows if row.get("status") in cancelled and row["order_id"] is not None}
        # What has another reason to be left out is no cancelled order.
        void = {
            number
            for number in void
            if any(row["order_id"] == number and usable([row], cancelled)[1] == {"cancelled": 1} for row in rows)
        }
        there = {(row["customer"], row["order_id"]) for row in used}
        left = [row for row in used if row["refund_of"] in void and (row["customer"], row["refund_of"]) not in there]
        out["cancelled"] += len(left)
        used = [row for row in used if not any(row is one for one in left)]
    return used, {reason: count for reason, count in out.items() if count}


def adopted(rows):
    """Rows of which those without a customer have the smallest that another line of their order names."""
    owners = defaultdict(set)
    for row in rows:
        if row["customer"] is not None and row["order_id"] is not None:
            owners[row["order_id"]].add(row["customer"])
    return [
        {**row, "customer": min(owners[row["order_id"]])}
        if row["customer"] is None and owners.get(row["order_id"])
        else row
        for row in rows
    ]


def nothing(amounts):
    """Whether amounts come to zero or less, but for what the rounding of their doubles can leave."""
    amounts = list(amounts)
    return total(amounts) <= total(map(abs, amounts)) * 2.0**-52


def order(number, lines, **more):
    """An order of some lines."""
    return {
        "number": number, "lines": lines, "time": min(line["time"] for line in lines),
        "amounts": [line["amount"] for line in lines], "rows": len(lines), "kind": "purchase", **more,
    }  # fmt: skip


def orders_of(rows, *, order_id=True, refund_of=False, refunded=False, refunds="net", until=math.inf):
    """Orders of one customer as dicts: time, lines, amounts, rows, kind."""
    groups = defaultdict(list)
    for at, row in enumerate(rows):
        number = row.get("order_id") if order_id else None
        groups["row", at].append(row) if number is None else groups["order", number].append(row)
    orders = []
    for (_, number), lines in groups.items():
        paid = [line["time"] for line in lines if line["amount"] >= 0]
        later = [line for line in lines if paid and line["amount"] < 0 and line["time"] > min(paid)]
        first = order(number, [line for line in lines if not any(line is other for other in later)])
        if nothing(first["amounts"]) and any(amount < 0 for amount in first["amounts"]):
            first["kind"] = "refund"
        orders.append(first)
        for time in sorted({line["time"] for line in later}):
            back = [line for line in later if line["time"] == time]
            orders.append(order(None, back, kind="refund"))
        gone = first["amounts"] + [line["amount"] for line in later]
        if later and first["kind"] == "purchase" and nothing(gone):
            first["kind"] = "refunded"
        first["numbered"] = order_id and lines[0].get("order_id") is not None
    if refund_of and refunds == "net":
        take_back(orders, rows)
    if refunded:
        orders += given_back(orders, until)
    if refunds == "drop":
        orders = [one for one in orders if one["kind"] == "purchase"]
    return orders


def take_back(orders, rows):
    """Orders that refunds elsewhere take back in full are no purchase."""
    for one in orders:
        back = [
            row["amount"]
            for row in rows
            if one.get("numbered") and row["refund_of"] == one["number"] and row["order_id"] != one["number"]
        ]
        if one["kind"] == "purchase" and back and total(back) < 0 and nothing(one["amounts"] + back):
            one["kind"] = "refunded"


def given_back(orders, until):
    """Refunds that stand in a column: one for each time that the lines of an order have."""
    made = []
    for one in [one for one in orders if one["kind"] != "refund"]:
        lines = [line for line in one["lines"] if line.get("refunded")]
        at = [one["time"] if line.get("refunded_at") is None else line["refunded_at"] for line in lines]
        back = [(time, -abs(line["refunded"]), line) for time, line in zip(at, lines, strict=True) if time < until]
        if back and one["kind"] == "purchase" and nothing(one["amounts"] + [amount for _, amount, _ in back]):
            one["kind"] = "refunded"
        for time in sorted({time for time, _, _ in back}):
            amounts = [amount for when, amount, _ in back if when == time]
            made.append({"number": None, "lines": [], "time": time, "amounts": amounts, "rows": 0, "kind": "refund"})
    return made


def rfm(
    rows,
    *,
    as_of,
    known=None,
    since=None,
    order_id=True,
    refund_of=False,
    refunded=False,
    refunds="net",
    frequency="orders",
    monetary="total",
    cancelled=(),
):
    """Recency, frequency and money by customer; ``as_of`` is a day number, ``known`` and ``since`` are instants."""
    used, _ = usable(rows, cancelled, order_id=order_id, refund_of=refund_of)
    by_customer = defaultdict(list)
    for row in used:
        if row["time"] < (as_of + 1) * DAY and row["customer"] is not None:
            by_customer[row["customer"]].append(row)
    result = {}
    for customer, mine in by_customer.items():
        orders = orders_of(
            mine, order_id=order_id, refund_of=refund_of, refunded=refunded, refunds=refunds, until=(as_of + 1) * DAY
        )
        orders = [order for order in orders if known is None or order["time"] >= known]
        counted = [order for order in orders if since is None or order["time"] >= since]
        bought = [order for order in counted if order["kind"] == "purchase"]
        if not bought:
            continue
        money = total(amount for order in counted for amount in order["amounts"])
        back = [order for order in counted if order["kind"] == "refund"]
        counts = {
            "orders": len(bought),
            "days": len({order["time"] // DAY for order in bought}),
            "rows": sum(order["rows"] for order in bought),
        }
        result[customer] = {
            "first_order": min(order["time"] for order in orders if order["kind"] == "purchase"),
            "last_order": max(order["time"] for order in bought),
            "recency_days": as_of - max(order["time"] for order in bought) // DAY,
            "frequency": counts[frequency],
            "monetary": money if monetary == "total" else money / len(bought),
            "monetary_total": money,
            "monetary_mean": money / len(bought),
            "refund_amount": -total(amount for order in back for amount in order["amounts"]),
            "refund_orders": len(back),
        }
    return result


def min_rank(values, k, *, less_is_better=False):
    """1 + floor(k * strictly worse / n)."""
    if less_is_better:
        values = [-value for value in values]
    return [1 + k * sum(other < value for other in values) // len(values) for value in values]


def standings(days, period, lookback):
    """By period: whether a customer who bought on these days is new, returning or won back in it."""
    found = {}
    for day in sorted(set(days)):
        before = [other for other in days if other < day]
        gap = day - max(before) if before else None
        if gap is None or (lookback is not None and gap > lookback):
            standing = "new"
        else:
            standing = "won_back" if gap > 365 else "returning"
        found.setdefault(period(day * DAY), standing)
    return found


def sales(rows, *, period, order_id=True, refunds="net", values=None, measure="net", lookback=None):
    """Net money, buyers, orders and items by (values, period).

    ``period`` maps a time; ``values`` a line and the orders of its customer to what it counts under.
    """
    used, _ = usable(rows, order_id=order_id)
    by_customer = defaultdict(list)
    for row in used:
        by_customer[row["customer"]].append(row)
    cells = defaultdict(
        lambda: {
            "amounts": [],
            "buyers": set(),
            "orders": set(),
            "items": [],
            "guests": [],
            "parts": defaultdict(lambda: ([], set(), set())),
        }
    )
    for customer, mine in by_customer.items():
        orders = orders_of(mine, order_id=order_id, refunds="net" if measure == "paid" else refunds)
        counted = ("purchase", "refunded") if measure == "paid" else ("purchase",)
        if measure == "paid":
            orders = [order for order in orders if order["kind"] in counted]
        bought = [order["time"] // DAY for order in orders if order["kind"] in counted]
        standing = standings(bought, period, lookback)
        for number, order in enumerate(orders):
            for line in order["lines"]:
                who = "guest" if customer is None else standing.get(period(order["time"]), "returning")
                cell = cells[values(line, orders) if values else (), period(order["time"])]
                cell["amounts"].append(line["amount"])
                cell["guests"] += [line["amount"]] if customer is None else []
                part = cell["parts"][who]
                part[0].append(line["amount"])
                pieces = line["quantity"] or 0
                cell["items"].append(-abs(pieces) if order["kind"] == "refund" else pieces)
                if order["kind"] in counted:
                    part[1].add(customer)
                    part[2].add((customer, number))
                    cell["buyers"] |= set() if customer is None else {customer}
                    cell["orders"].add((customer, number))
    return {
        key: {
            "sales": total(cell["amounts"]),
            "buyers": len(cell["buyers"]),
            "orders": len(cell["orders"]),
            "items": math.fsum(cell["items"]),
            "guest_sales": total(cell["guests"]),
            "guest_orders": sum(customer is None for customer, _ in cell["orders"]),
            "parts": {name: (total(p[0]), len(p[1]), len(p[2])) for name, p in cell["parts"].items()},
            "of_buyers": total([*cell["amounts"], *[-amount for amount in cell["guests"]]]),
        }
        for key, cell in cells.items()
    }


def lost_after(rows, *, as_of):
    """The Kaplan-Meier rule of the tiers, spell by spell."""
    used, _ = usable(rows)
    days = defaultdict(set)
    for row in used:
        if row["amount"] >= 0 and row["customer"] is not None:
            days[row["customer"]].add(row["time"] // DAY)
    spells = []
    for mine in days.values():
        ordered = sorted(mine)
        spells += [(later - earlier, True) for earlier, later in pairwise(ordered)]
        spells.append((as_of - ordered[-1], False))
    curve, alive = [], 1.0
    for day in sorted({length for length, _ in spells}):
        at_risk = sum(length >= day for length, _ in spells)
        ended = sum(length == day and came for length, came in spells)
        alive *= 1 - ended / at_risk
        curve.append((day, 1 - alive))
    height = curve[-1][1] if curve else 0
    return next((day for day, ended in curve if height > 0 and ended >= 0.9 * height - 1e-12), None)


def logistic(x, y):
    """Coefficients (intercept first) and standard errors of a logistic regression, by Newton's method."""
    x = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(information, x.T @ (y - p))
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))
