"""Categories against the slow reference, fits of our own in numpy, and what was planted."""

from __future__ import annotations

import datetime as dt
import math
import random

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference_cohorts as reference
from reference import DAY, total
from strategies import rows, table

EPOCH = dt.datetime(1970, 1, 1)
ROLES = {
    "customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "category": "category",
    "quantity": "quantity",
}  # fmt: skip


def week(day):
    return (day + 3) // 7


@settings(max_examples=200, deadline=None)
@given(drawn=rows(), since=st.sampled_from([None, 9]), refunds=st.sampled_from(["net", "drop"]), by=st.booleans())
def test_categories_agree_with_the_reference(drawn, since, refunds, by):
    whole = ff.Orders(table(drawn), **ROLES, refunds=refunds)
    people = pl.DataFrame(
        {"customer": list(range(-3, 5)), "side": ["left" if key < 1 else "right" for key in range(-3, 5)]}
    )
    whole = whole.with_customers(ff.Customers(people, customer="customer", side="side"))
    orders = whole if since is None else whole.between(EPOCH + dt.timedelta(days=since), None)
    found = orders.categories(by="side" if by else None, period="week")
    side = (lambda key: "left" if key < 1 else "right") if by else None
    cells, shares, wholes, buyers = reference.categories(
        drawn, index=week, since=(since or 0) * DAY, by=side, refunds=refunds
    )
    seen = set()
    for row in found.to_arrow().to_pylist():
        group = row["side"] if by else None
        cell = cells[group, row["category"]]
        seen.add((group, row["category"]))
        assert row["sales"] == total(cell["amounts"])
        assert (row["buyers"], row["orders"], row["items"]) == (len(cell["buyers"]), len(cell["orders"]), cell["items"])
        assert row["first_purchases"] == len(cell["first"])
        check_trend(row, orders, group, shares, wholes)
    assert seen == set(cells)
    check_parts(found, by)
    if by:
        check_preference(found, cells, buyers)


def check_parts(found, by):
    """The rule of head, body and tail, group by group."""
    groups = {}
    for row in found.to_arrow().to_pylist():
        groups.setdefault(row["side"] if by else None, []).append(row)
    for mine in groups.values():
        money = [row["sales"] for row in mine]
        assert money == sorted(money, reverse=True)
        positive = math.fsum(amount for amount in money if amount > 0)
        before = 0.0
        for row in mine:
            if positive <= 0:
                assert row["share"] is None
                continue
            expected = "tail" if row["sales"] <= 0 or before >= 0.95 else "body" if before >= 0.8 else "head"
            if min(abs(before - 0.8), abs(before - 0.95)) > 1e-9:
                assert row["part"] == expected
            before += max(row["sales"], 0) / positive
            assert row["cumulative_share"] == pytest.approx(before, abs=1e-12)


def whole_weeks(orders):
    quality = orders.quality
    first, last = ((at - EPOCH).days for at in (quality.first, quality.last))
    if orders._log.window[0] is not None:
        first = 9
    return [index for index in range(week(first), week(last) + 1) if index * 7 - 3 >= first and index * 7 + 3 <= last]


def check_trend(row, orders, group, shares, wholes):
    """The odds by Newton's method in numpy."""
    weeks = whole_weeks(orders)
    part = np.array([len(shares.get((group, row["category"], index), ())) for index in weeks], dtype=float)
    every = np.array([len(wholes.get((group, index), ())) for index in weeks], dtype=float)
    if row["trend"] is None:
        return
    assert len(weeks) >= 4
    x = np.column_stack([np.ones(len(weeks)), np.linspace(-0.5, 0.5, len(weeks))])
    beta = np.array([np.log(part.sum() / (every.sum() - part.sum())), 0.0])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (every * p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(information, x.T @ (part - every * p))
    assert row["trend"] == pytest.approx(math.exp(beta[1]), rel=1e-5)


def check_preference(found, cells, buyers):
    everyone = set().union(*buyers.values()) if buyers else set()
    for row in pa.table(found.preference).to_pylist():
        group, category = row["side"], row["category"]
        mine = buyers[group]
        of_category = {key: len(cell["buyers"]) for key, cell in cells.items() if key[1] == category}
        bought = of_category.get((group, category), 0)
        assert (row["buyers"], row["group_buyers"]) == (bought, len(mine))
        overall = sum(of_category.values()) / len(everyone)
        if not overall:
            continue
        assert row["lift"] == pytest.approx(bought / len(mine) / overall)
        assert row["tgi"] == pytest.approx(100 * row["lift"])
        if row["cramers_v"] is not None:
            observed = np.array([[of_category.get((side, category), 0), len(buyers[side]) - of_category.get((side, category), 0)]
                                 for side in buyers])  # fmt: skip
            expected = np.outer(observed.sum(1), observed.sum(0)) / observed.sum()
            chi = ((observed - expected) ** 2 / expected).sum()
            assert row["cramers_v"] == pytest.approx(math.sqrt(chi / observed.sum()), abs=1e-9)
            row_share, column_share = observed.sum(1) / observed.sum(), observed.sum(0) / observed.sum()
            at = list(buyers).index(group)
            spread = math.sqrt(expected[at, 0] * (1 - row_share[at]) * (1 - column_share[0]))
            assert row["residual"] == pytest.approx((observed[at, 0] - expected[at, 0]) / spread, abs=1e-9)


def sample_shop(seed, without=()):
    made = ff.datasets.make_shop(6_000, seed=seed, without=list(without))
    orders = ff.Orders(
        made.orders, customer="customer", time="time", amount="amount", order_id="order_id", category="category",
        product="product", status="status", cancelled=["cancelled"],
    )  # fmt: skip
    return orders.with_customers(ff.Customers(made.customers, customer="customer", region="region", age="age"))


def test_the_planted_rising_category_is_found():
    rows = {row["category"]: row for row in sample_shop(5).categories().to_arrow().to_pylist()}
    assert rows["pet"]["trend_low"] < 6 < rows["pet"]["trend_high"]
    assert rows["pet"]["rising_tail"]
    assert sum(row["rising_tail"] for row in rows.values()) == 1
    none = sample_shop(5, without=["rising_category"]).categories().to_arrow().to_pylist()
    assert not any(row["rising_tail"] for row in none)


def test_planted_preferences_are_found():
    orders = sample_shop(2)
    young = orders.categories(by=[ff.bands("age", [18, 25, 35]), "region"])
    rows = {
        tuple(row[name] for name in young.preference.column_names[:3]): row
        for row in pa.table(young.preference).to_pylist()
    }
    beauty = [
        row
        for key, row in rows.items()
        if key[0] == "beauty" and key[2] == "east" and "25" in str(key[1]) and "35" in str(key[1])
    ]
    digital = [row for key, row in rows.items() if key[0] == "digital" and key[2] == "south" and "18" in str(key[1])]
    (beauty,), (digital,) = beauty, digital
    assert beauty["lift"] > 1.2
    assert beauty["p_adjusted"] < 0.001
    # The smaller group of the weaker preference is not told from chance among all 210 pairs, but by itself.
    assert digital["lift"] > 1.2
    assert digital["residual"] > 1.96


def test_shops_without_a_trend_or_preference_show_none():
    risen = preferred = 0
    for seed in range(10):
        chance = random.Random(seed)
        count = 2500
        frame = pl.DataFrame({
            "c": [chance.randrange(900) for _ in range(count)],
            "t": [EPOCH + dt.timedelta(days=chance.randrange(365)) for _ in range(count)],
            "a": [chance.uniform(1, 9) for _ in range(count)],
            "k": [chance.choices("abcdef", [40, 30, 15, 10, 3, 2])[0] for _ in range(count)],
        })  # fmt: skip
        people = pl.DataFrame({"c": list(range(900)), "side": [chance.choice("xyz") for _ in range(900)]})
        orders = ff.Orders(frame, customer="c", time="t", amount="a", category="k")
        found = orders.with_customers(ff.Customers(people, customer="c", side="side")).categories(by="side")
        risen += any(
            row["p_adjusted"] is not None and row["p_adjusted"] < 0.05
            for row in orders.categories().to_arrow().to_pylist()
        )
        preferred += any(
            row["p_adjusted"] is not None and row["p_adjusted"] < 0.05 for row in pa.table(found.preference).to_pylist()
        )
    # Of ten shops at five in a hundred three or more would be one in ninety.
    assert risen <= 2
    assert preferred <= 2


def test_products_and_other_columns_are_levels_too():
    orders = sample_shop(1)
    products = orders.categories(level="product")
    assert products.column_names[0] == "product"
    assert math.fsum(products.to_polars()["sales"].to_list()) == pytest.approx(
        math.fsum(orders.categories().to_polars()["sales"].to_list())
    )
    with pytest.raises(ValueError, match="type by="):
        _ = products.preference
    with pytest.raises(KeyError, match="colour"):
        orders.categories(level="colour")
    with pytest.raises(TypeError, match="level"):
        orders.categories(level=5)
    with pytest.raises(ValueError, match="month"):
        orders.categories(period="fortnight")


def test_categories_are_drawn():
    orders = sample_shop(1)
    for language in ("en", "zh"):
        orders.categories().plot(language=language).to_dict()
        orders.categories(by="region").plot(language=language).to_dict()
    orders.between("2023-02-01", "2023-03-01").categories().plot().to_dict()
