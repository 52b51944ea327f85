"""The same definitions, slow and obvious: rows as dicts, orders as lists of rows, sums by math.fsum."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np

DAY = 86_400 * 10**6


def usable(rows, cancelled=()):
    """Rows that are used, and how many are left out by reason."""
    used, out = [], defaultdict(int)
    for row in rows:
        amount = row["amount"]
        if row["customer"] is None:
            out["null_customer"] += 1
        elif row["time"] is None:
            out["null_time"] += 1
        elif amount is None or math.isnan(amount):
            out["null_amount"] += 1
        elif math.isinf(amount):
            out["infinite_amount"] += 1
        elif row.get("status") in cancelled:
            out["cancelled"] += 1
        else:
            used.append(row)
    return used, dict(out)


def nothing(amounts):
    """Whether amounts come to zero or less, but for what the rounding of their doubles can leave."""
    amounts = list(amounts)
    return math.fsum(amounts) <= math.fsum(map(abs, amounts)) * 2.0**-52


def orders_of(rows, *, order_id=True, refund_of=False, refunds="net"):
    """Orders of one customer as dicts: time, lines, total, kind."""
    groups = defaultdict(list)
    for at, row in enumerate(rows):
        number = row.get("order_id") if order_id else None
        groups["row", at].append(row) if number is None else groups["order", number].append(row)
    orders = []
    for (_, number), lines in groups.items():
        total = math.fsum(line["amount"] for line in lines)
        refund = nothing(line["amount"] for line in lines) and any(line["amount"] < 0 for line in lines)
        orders.append(
            {
                "number": number,
                "numbered": lines[0].get("order_id") is not None and order_id,
                "lines": lines,
                "time": min(line["time"] for line in lines),
                "total": total,
                "kind": "refund" if refund else "purchase",
            }
        )
    if refund_of and refunds == "net":
        for order in orders:
            back = [
                row["amount"]
                for row in rows
                if order["numbered"] and row["refund_of"] == order["number"] and row["order_id"] != order["number"]
            ]
            if order["kind"] == "purchase" and back and math.fsum(back) < 0:
                whole = [line["amount"] for line in order["lines"]] + back
                order["kind"] = "refunded" if nothing(whole) else "purchase"
    if refunds == "drop":
        orders = [order for order in orders if order["kind"] != "refund"]
    return orders


def rfm(
    rows,
    *,
    as_of,
    known=None,
    since=None,
    order_id=True,
    refund_of=False,
    refunds="net",
    frequency="orders",
    monetary="total",
    cancelled=(),
):
    """Recency, frequency and money by customer; ``as_of`` is a day number, ``known`` and ``since`` are instants."""
    used, _ = usable(rows, cancelled)
    by_customer = defaultdict(list)
    for row in used:
        if row["time"] < (as_of + 1) * DAY:
            by_customer[row["customer"]].append(row)
    result = {}
    for customer, mine in by_customer.items():
        orders = orders_of(mine, order_id=order_id, refund_of=refund_of, refunds=refunds)
        orders = [order for order in orders if known is None or order["time"] >= known]
        counted = [order for order in orders if since is None or order["time"] >= since]
        bought = [order for order in counted if order["kind"] == "purchase"]
        if not bought:
            continue
        total = math.fsum(line["amount"] for order in counted for line in order["lines"])
        back = [order for order in counted if order["kind"] == "refund"]
        counts = {
            "orders": len(bought),
            "days": len({order["time"] // DAY for order in bought}),
            "rows": sum(len(order["lines"]) for order in bought),
        }
        result[customer] = {
            "first_order": min(order["time"] for order in orders if order["kind"] == "purchase"),
            "last_order": max(order["time"] for order in bought),
            "recency_days": as_of - max(order["time"] for order in bought) // DAY,
            "frequency": counts[frequency],
            "monetary": total if monetary == "total" else total / len(bought),
            "monetary_total": total,
            "monetary_mean": total / len(bought),
            "refund_amount": -math.fsum(line["amount"] for order in back for line in order["lines"]),
            "refund_orders": len(back),
        }
    return result


def min_rank(values, k, *, less_is_better=False):
    """1 + floor(k * strictly worse / n)."""
    if less_is_better:
        values = [-value for value in values]
    return [1 + k * sum(other < value for other in values) // len(values) for value in values]


def sales(rows, *, period, order_id=True, refunds="net", values=None):
    """Net money, buyers, orders and items by (values, period).

    ``period`` maps a time; ``values`` a line and the orders of its customer to what it counts under.
    """
    used, _ = usable(rows)
    by_customer = defaultdict(list)
    for row in used:
        by_customer[row["customer"]].append(row)
    cells = defaultdict(lambda: {"amounts": [], "buyers": set(), "orders": set(), "items": []})
    for customer, mine in by_customer.items():
        orders = orders_of(mine, order_id=order_id, refunds=refunds)
        for number, order in enumerate(orders):
            for line in order["lines"]:
                cell = cells[values(line, orders) if values else (), period(order["time"])]
                cell["amounts"].append(line["amount"])
                pieces = line["quantity"] or 0
                cell["items"].append(-abs(pieces) if order["kind"] == "refund" else pieces)
                if order["kind"] == "purchase":
                    cell["buyers"].add(customer)
                    cell["orders"].add((customer, number))
    return {
        key: (math.fsum(cell["amounts"]), len(cell["buyers"]), len(cell["orders"]), math.fsum(cell["items"]))
        for key, cell in cells.items()
    }


def lost_after(rows, *, as_of):
    """The Kaplan-Meier rule of the tiers, spell by spell."""
    used, _ = usable(rows)
    days = defaultdict(set)
    for row in used:
        if row["amount"] >= 0:
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
