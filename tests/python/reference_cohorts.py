"""Retention and repurchase of buyers, slow and obvious: customer by customer, spell by spell."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from reference import DAY, orders_of, total, usable


def histories(rows, refunds="net"):
    """By customer: all orders, and the purchases in the order of time."""
    used, _ = usable(rows, order_id=True)
    by_customer = defaultdict(list)
    for row in used:
        if row["customer"] is not None:
            by_customer[row["customer"]].append(row)
    found = {}
    for customer, mine in by_customer.items():
        orders = orders_of(mine, refunds=refunds)
        bought = sorted((order for order in orders if order["kind"] == "purchase"), key=lambda order: order["time"])
        if bought:
            found[customer] = (orders, bought)
    return found


def first_value(bought):
    """The category of the largest line of the first purchase, of lines of one size the smallest."""
    first = [line for order in bought if order["time"] == bought[0]["time"] for line in order["lines"]]
    line = min(first, key=lambda line: (-line["amount"], line["category"] is None, line["category"] or ""))
    return line["category"]


def retention(rows, *, index, kind="exact", intervals=None, since=0, by=False, refunds="net"):
    """Cells by (value, cohort, age), and sizes by (value, cohort); ``index`` maps a day to its period."""
    cells, sizes = defaultdict(lambda: {"customers": set(), "orders": 0, "amounts": []}), defaultdict(int)
    for customer, (orders, bought) in histories(rows, refunds).items():
        first = bought[0]["time"]
        if first < since:
            continue
        begun = first // DAY
        group = (first_value(bought) if by else None, index(begun))
        sizes[group] += 1
        for order in orders:
            day = order["time"] // DAY
            if intervals is None:
                ages = [index(day) - index(begun)]
            else:
                ages = [age for age, (low, high) in enumerate(intervals) if low <= day - begun <= high]
            for age in ages:
                cell = cells[(*group, age)]
                cell["amounts"] += order["amounts"]
                if order["kind"] == "purchase":
                    cell["orders"] += 1
                    for there in range(age + 1) if kind == "rolling" else [age]:
                        cells[(*group, there)]["customers"].add(customer)
    found = {
        key: {"customers": len(cell["customers"]), "orders": cell["orders"], "sales": total(cell["amounts"])}
        for key, cell in cells.items()
    }
    return found, sizes


def registered(rows, people, *, index, kind="exact", by=None):
    """The same by registration: ``people`` maps a key to the day of it; ``by`` takes the key and the first category."""
    cells, sizes = defaultdict(lambda: {"customers": set(), "orders": 0, "amounts": []}), defaultdict(int)
    used, _ = usable(rows, order_id=True)
    shops = defaultdict(list)
    for row in used:
        shops[row["customer"]].append(row)
    for customer, begun in people.items():
        if begun is None:
            continue
        orders = orders_of(shops[customer]) if customer in shops else []
        bought = sorted((one for one in orders if one["kind"] == "purchase"), key=lambda one: one["time"])
        group = (by(customer, first_value(bought) if bought else None) if by else None, index(begun))
        sizes[group] += 1
        for one in orders:
            age = index(one["time"] // DAY) - index(begun)
            if age < 0:
                continue
            cell = cells[(*group, age)]
            cell["amounts"] += one["amounts"]
            if one["kind"] == "purchase":
                cell["orders"] += 1
                for there in range(age + 1) if kind == "rolling" else [age]:
                    cells[(*group, there)]["customers"].add(customer)
    found = {
        key: {"customers": len(cell["customers"]), "orders": cell["orders"], "sales": total(cell["amounts"])}
        for key, cell in cells.items()
    }
    return found, sizes


def spells(rows, *, last_day, since=0, count="orders", by=False):
    """By value and order number: lengths, and whether another order ended them; all gaps; purchases that count."""
    lengths, gaps, counts = defaultdict(list), defaultdict(list), defaultdict(lambda: defaultdict(int))
    for _, bought in histories(rows).values():
        group = first_value(bought) if by else None
        purchases = dated(bought, count)
        counted = 0
        for number, (time, day) in enumerate(purchases, 1):
            if time < since:
                continue
            counted += 1
            later = purchases[number] if number < len(purchases) else None
            if number <= 5:
                lengths[group, number].append((later[1] - day, True) if later else (last_day - day, False))
            if later:
                gaps[group].append(later[1] - day)
        if counted:
            counts[group][counted] += 1
    return lengths, gaps, counts


def dated(bought, count):
    """Times and days of purchases; by days, the first of each day."""
    found = []
    for order in bought:
        day = order["time"] // DAY
        if count == "orders" or not found or found[-1][1] != day:
            found.append((order["time"], day))
    return found


def kaplan_meier(lengths, day):
    """The share that ended by a day, and how many lasted so long; None beyond the longest."""
    if not lengths or day > max(length for length, _ in lengths):
        return None
    alive = 1.0
    for at in sorted({length for length, ended in lengths if ended and length <= day}):
        at_risk = sum(length >= at for length, _ in lengths)
        alive *= 1 - sum(length == at and ended for length, ended in lengths) / at_risk
    return 1 - alive, sum(length >= day for length, _ in lengths)


def buyers(rows, *, index, since=0, count="orders"):
    """By period: buyers, those with several purchases, orders, those of known customers, buyers of the period before."""
    found = defaultdict(lambda: [0, 0, 0, 0, 0])
    for _, bought in histories(rows).values():
        purchases = dated(bought, count)
        periods = [index(day) for _, day in purchases]
        for period in sorted({index(day) for time, day in purchases if time >= since}):
            mine = [at for at, (time, _) in enumerate(purchases) if periods[at] == period and time >= since]
            earlier = periods[mine[0] - 1] if mine[0] > 0 else None
            sums = [1, len(mine) > 1, len(mine), sum(at > 0 for at in mine), earlier == period - 1]
            found[period] = [a + b for a, b in zip(found[period], sums, strict=True)]
    return found


def overdue(rows, *, last_day):
    """Customers who have been away for longer than ever before."""
    found = {}
    for customer, (_, bought) in histories(rows).items():
        days = [order["time"] // DAY for order in bought]
        gaps = [later - earlier for earlier, later in pairwise(days)]
        if len(gaps) >= 3 and last_day - days[-1] > max(gaps):
            found[customer] = (len(gaps), max(gaps), last_day - days[-1])
    return found


def pieces_of(order):
    """The pieces of an order, if they are known."""
    known = [line["quantity"] for line in order["lines"] if line["quantity"] is not None]
    return sum(known) if known else None


def index_order(bought, time):
    """Of orders at one instant that with the most money, then that of the smallest values."""

    def known(value):
        return value is None, value or 0

    def key(order):
        line = largest(order)
        category = line["category"]
        return -total(order["amounts"]), (category is None, category or ""), known(pieces_of(order))

    return min((order for order in bought if order["time"] == time), key=key)


def largest(order):
    """The largest line of an order, of lines of one size that of the smallest category."""
    return min(order["lines"], key=lambda line: (-line["amount"], line["category"] is None, line["category"] or ""))


def driver_units(rows, *, outcome, within, landmark, end, since=0):
    """Customers with what came of them, and what their order was; how many say nothing. Times are instants."""
    units, left_out = {}, {"ordered_by_landmark": 0, "not_followed": 0}
    for customer, (_, bought) in histories(rows).items():
        if outcome == "repurchase":
            first, later = bought[0], bought[1:]
            gap = later[0]["time"] - first["time"] if later else None
            if first["time"] < since:
                continue
            if landmark and gap is not None and gap <= landmark:
                left_out["ordered_by_landmark"] += 1
            elif end - first["time"] < within:
                left_out["not_followed"] += 1
            else:
                units[customer] = (gap is not None and gap <= within, index_order(bought, first["time"]))
        else:
            before = [order for order in bought if order["time"] <= end - within]
            if not before:
                left_out["not_followed"] += 1
            elif before[-1]["time"] >= since:
                units[customer] = (len(before) == len(bought), index_order(bought, before[-1]["time"]))
    return units, left_out


def add_line(cell, line, order, which):
    """Add a line to its category."""
    cell["amounts"].append(line["amount"])
    pieces = line["quantity"] or 0
    cell["items"] += -abs(pieces) if order["kind"] == "refund" else pieces
    if order["kind"] == "purchase":
        cell["orders"].add(which)
        cell["buyers"] |= set() if which[0] is None else {which[0]}


def categories(rows, *, index, since=0, by=None, refunds="net"):
    """Cells by (value, category), orders by (value, category, period) and by (value, period), buyers by value."""
    used, _ = usable(rows, order_id=True)
    by_customer = defaultdict(list)
    for row in used:
        by_customer[row["customer"]].append(row)
    cells = defaultdict(lambda: {"amounts": [], "buyers": set(), "orders": set(), "items": 0, "first": set()})
    shares, wholes, buyers = defaultdict(set), defaultdict(set), defaultdict(set)
    for customer, mine in by_customer.items():
        orders = orders_of(mine, refunds=refunds)
        bought = sorted((order for order in orders if order["kind"] == "purchase"), key=lambda order: order["time"])
        group = None if by is None or customer is None else by(customer)
        for number, order in enumerate(orders):
            if order["time"] < since:
                continue
            period = index(order["time"] // DAY)
            if order["kind"] == "purchase":
                wholes[group, period].add((customer, number))
                if customer is not None:
                    buyers[group].add(customer)
            for line in order["lines"]:
                add_line(cells[group, line["category"]], line, order, (customer, number))
                if order["kind"] == "purchase":
                    shares[group, line["category"], period].add((customer, number))
        if customer is not None and bought and bought[0]["time"] >= since:
            cells[group, first_value(bought)]["first"].add(customer)
    return cells, shares, wholes, buyers


def lifecycle(rows, *, index, last, dormant_after, lost_after, since=None):
    """Customers by (period, state before, state), period by period."""
    found = defaultdict(int)
    for _, bought in histories(rows).values():
        periods = {index(order["time"] // DAY) for order in bought}
        before = None
        for period in range(min(periods), last + 1):
            earlier = [other for other in periods if other < period]
            away = period - max(earlier) if earlier else None
            if period in periods:
                state = "new" if away is None else "back" if away >= dormant_after else "active"
            else:
                state = "lost" if away >= lost_after else "dormant" if away >= dormant_after else "active"
            if since is None or period >= since:
                found[period, before, state] += 1
            before = state
    return found
