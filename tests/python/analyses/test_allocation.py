"""What is spent on groups against what they bring, by hand."""

from __future__ import annotations

import polars as pl
import pytest

import footfall as ff

LINES = pl.DataFrame(
    {
        "who": [1, 1, 2, 3],
        "day": ["2023-12-01", "2024-01-02", "2024-01-03", "2024-01-04"],
        "paid": [50.0, 30.0, 15.0, 5.0],
    }
)


def tiers(orders):
    """A column of a result: here 2 for two purchases, 1 for one."""
    return orders.rfm(scores=2, segments=None)["f"]


def test_spend_that_names_segments():
    orders = ff.Orders(LINES, customer="who", time="day", amount="paid")
    spend = pl.DataFrame({"day": "2024-01-01", "cost": [8.0, 2.0, 90.0, 1.0], "for": ["2", "1", "new", None]})
    worth = orders.allocation(ff.Spend(spend, time="day", amount="cost", segment="for"), tiers(orders))
    assert worth.unassigned == 91.0
    assert worth.to_arrow().to_pylist() == [
        {"f": "2", "customers": 1, "customer_share": 1 / 3, "sales": 80.0, "sales_share": 0.8, "spend": 8.0,
         "spend_share": 0.8, "spend_per_customer": 8.0, "sales_per_spend": 10.0, "index": 1.0},
        {"f": "1", "customers": 2, "customer_share": 2 / 3, "sales": 20.0, "sales_share": 0.2, "spend": 2.0,
         "spend_share": 0.2, "spend_per_customer": 1.0, "sales_per_spend": 10.0, "index": 1.0},
    ]  # fmt: skip
    assert "91.00 was spent on none of them" in repr(worth)


def test_spend_that_names_customers():
    orders = ff.Orders(LINES, customer="who", time="day", amount="paid")
    spend = pl.DataFrame({"day": "2024-01-01", "cost": [3.0, 6.0, 1.0, 7.0], "to": [1, 2, None, 99]})
    worth = orders.allocation(ff.Spend(spend, time="day", amount="cost", customer="to"), tiers(orders))
    rows = worth.to_arrow().to_pylist()
    assert [(row["f"], row["spend"], row["spend_share"]) for row in rows] == [("2", 3.0, 3 / 9), ("1", 6.0, 6 / 9)]
    # That of nobody, and that of a customer who has no group.
    assert worth.unassigned == 8.0
    assert rows[1]["index"] == pytest.approx((6 / 9) / 0.2)


def test_spend_on_nobody_says_what_to_give():
    orders = ff.Orders(LINES, customer="who", time="day", amount="paid")
    spend = ff.Spend(pl.DataFrame({"day": ["2024-01-01"], "cost": [3.0]}), time="day", amount="cost")
    with pytest.raises(ValueError, match="give customer= or segment= to Spend"):
        orders.allocation(spend, tiers(orders))
    with pytest.raises(TypeError, match="give a column of a result"):
        orders.allocation(spend, "who")


def test_the_planted_spend_by_tier_is_found():
    shop = ff.datasets.make_shop(3_000, seed=2)
    roles = {"customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "status": "status"}
    orders = ff.Orders(shop.orders, **roles, cancelled=["cancelled"], refund_of="refund_of")
    spend = ff.Spend(shop.spend, time="time", amount="amount", segment="segment")
    worth = orders.allocation(spend, orders.rfm(segments="tiers")["segment"])
    planted = {row[1]: row[3] for row in shop.truth.rows() if row[0] == "spend_by_tier"}
    for row in worth.to_arrow().to_pylist():
        assert row["spend_share"] == pytest.approx(planted.get(row["segment"], 0.0), abs=0.01)
