"""Pairs of one order against counting them one by one, and what is planted."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from reference import DAY, orders_of, usable
from strategies import rows, table

ROLES = {"customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "category": "category"}


def baskets(drawn, since, refunds, unit="order"):
    """The items of each purchase, or of all purchases of a customer."""
    used, _ = usable(drawn, order_id=True)
    by_customer = defaultdict(list)
    for row in used:
        by_customer[row["customer"]].append(row)
    orders = [order for mine in by_customer.values() for order in orders_of(mine, refunds=refunds)]
    orders = [order for order in orders if order["kind"] == "purchase" and order["time"] >= since]
    found = [{line["category"] for line in order["lines"]} - {None} for order in orders]
    if unit == "customer":
        mine = defaultdict(set)
        for order, items in zip(orders, found, strict=True):
            mine[order["lines"][0]["customer"]] |= items
        found = [items for customer, items in mine.items() if customer is not None]
    return [items for items in found if items]


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(), since=st.sampled_from([None, 9]), least=st.sampled_from([1, 2, 0.0, 0.4]),
    refunds=st.sampled_from(["net", "drop"]), unit=st.sampled_from(["order", "customer"]),
)  # fmt: skip
def test_pairs_agree_with_counting_them(drawn, since, least, refunds, unit):
    import datetime as dt

    # A few more kinds, so that there are pairs.
    for at, row in enumerate(drawn):
        row["category"] = None if row["category"] is None else row["category"] + str(at % 3)
    orders = ff.Orders(table(drawn), **ROLES, refunds=refunds)
    if since is not None:
        orders = orders.between(dt.datetime(1970, 1, 1) + dt.timedelta(days=since), None)
    made = baskets(drawn, (since or 0) * DAY, refunds, unit)
    singles, pairs = defaultdict(int), defaultdict(int)
    for items in made:
        for item in items:
            singles[item] += 1
        for pair in combinations(sorted(items), 2):
            pairs[pair] += 1
    enough = {
        pair: count
        for pair, count in pairs.items()
        if count >= (least if isinstance(least, int) else least * len(made))
    }
    found = orders.baskets(level="category", min_support=least, unit=unit).to_arrow().to_pylist()
    assert [(row["item"], row["with"]) for row in found] == sorted(enough, key=lambda pair: (-enough[pair], pair))
    for row in found:
        pair = (row["item"], row["with"])
        assert row[f"{unit}s"] == pairs[pair]
        assert (row[f"item_{unit}s"], row[f"with_{unit}s"]) == tuple(singles[item] for item in pair)
        assert row["support"] == pairs[pair] / len(made)
        assert row["confidence"] == pairs[pair] / singles[pair[0]]
        assert row["lift"] == pytest.approx(pairs[pair] * len(made) / (singles[pair[0]] * singles[pair[1]]))
        assert row["lift_low"] <= row["lift"] <= row["lift_high"]


def test_planted_pairs_are_found_and_intervals_hold():
    chance = random.Random(2)
    order, what = [], []
    for number in range(20_000):
        items = {chance.choices("abcdef", [30, 20, 20, 10, 10, 10])[0] for _ in range(chance.randint(1, 3))}
        if "e" in items and chance.random() < 0.5:
            items.add("f")
        order += [number] * len(items)
        what += sorted(items)
    frame = pl.DataFrame({"c": order, "t": 0, "a": [1.0 + at % 7 for at in range(len(order))], "o": order, "p": what})
    orders = ff.Orders(frame, customer="c", time="t", amount="a", order_id="o", product="p", time_unit="s")
    rows = {(row["item"], row["with"]): row for row in orders.baskets().to_arrow().to_pylist()}
    assert rows["e", "f"]["lift_low"] > 1.5
    assert rows["a", "b"]["lift_high"] < 1.5
    variance = (
        1 / rows["e", "f"]["orders"]
        - 1 / rows["e", "f"]["item_orders"]
        - 1 / rows["e", "f"]["with_orders"]
        + 1 / 20_000
    )
    assert math.log(rows["e", "f"]["lift_high"] / rows["e", "f"]["lift"]) == pytest.approx(
        1.959963984540054 * math.sqrt(variance)
    )


def test_what_baskets_need():
    frame = pl.DataFrame({"c": [1, 1], "t": 0, "a": [1.0, 2.0], "o": [1, 1], "p": ["x", "y"]})
    orders = ff.Orders(frame, customer="c", time="t", amount="a", order_id="o", product="p", time_unit="s")
    for asked, words in [
        ({"min_support": 0}, "a share"), ({"min_support": 1.5}, "a share"), ({"min_support": "x"}, "a share"),
        ({"min_support": True}, "a share"), ({"level": "colour"}, "colour"), ({"level": 5}, "level"),
    ]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            orders.baskets(**asked)
    plain = ff.Orders(frame, customer="c", time="t", amount="a", product="p", time_unit="s")
    with pytest.raises(ValueError, match="order_id="):
        plain.baskets()
    for language in ("en", "zh"):
        orders.baskets(min_support=1).plot(language=language).to_dict()
