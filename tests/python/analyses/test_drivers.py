"""What goes with buying again, against the slow reference, a fit of our own in numpy, and what was planted."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference
import reference_cohorts
from reference import DAY
from strategies import rows, table

EPOCH = dt.datetime(1970, 1, 1)
ROLES = {"customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "category": "category"}


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(max_size=60), outcome=st.sampled_from(["repurchase", "lost"]), within=st.sampled_from([3, 10]),
    landmark=st.sampled_from([0, 2]), since=st.sampled_from([None, 9]),
)  # fmt: skip
def test_rates_agree_with_the_reference(drawn, outcome, within, landmark, since):
    whole = ff.Orders(table(drawn), **ROLES, quantity="quantity")
    if whole.quality.last is None:
        return
    orders = whole if since is None else whole.between(EPOCH + dt.timedelta(days=since), None)
    landmark = landmark if outcome == "repurchase" else 0
    found = orders.drivers(["category", "items"], outcome=outcome, within=f"{within}d", landmark=f"{landmark}d")
    end = (whole.quality.last - EPOCH) // dt.timedelta(microseconds=1)
    units, left_out = reference_cohorts.driver_units(
        drawn, outcome=outcome, within=within * DAY, landmark=landmark * DAY, end=end, since=(since or 0) * DAY
    )
    assert found.left_out == left_out
    expected = defaultdict(list)
    for counts, order in units.values():
        line, pieces = reference_cohorts.largest(order), reference_cohorts.pieces_of(order)
        if line["category"] is not None:
            expected["category", line["category"]].append(counts)
        if pieces is not None:
            expected["items", pieces].append(counts)
    for row in found.to_arrow().to_pylist():
        if row["feature"] == "items" and " to " in row["level"]:
            continue
        key = (row["feature"], row["level"] if row["feature"] == "category" else int(row["level"]))
        mine = expected.get(key, [])
        assert row["customers"] == len(mine)
        assert row["rate"] == (sum(mine) / len(mine) if mine else None)


def shop(count, seed, effect=1.2):
    """First orders of two kinds of three channels, of which one and one level go with a second order."""
    chance = random.Random(seed)
    who, when, channel, level = [], [], [], {}
    for customer in range(count):
        which, level[customer] = chance.choice("abc"), chance.choice(["plus", "plain", "plain"])
        linear = -1 + effect * (which == "b") + 0.8 * (level[customer] == "plus")
        day = chance.randint(0, 200)
        who.append(customer)
        when.append(day)
        channel.append(which)
        if chance.random() < 1 / (1 + math.exp(-linear)):
            who.append(customer)
            when.append(day + chance.randint(1, 60))
            channel.append(chance.choice("abc"))
    frame = pl.DataFrame(
        {"c": who, "t": [EPOCH + dt.timedelta(days=day) for day in when], "a": 1.0, "channel": channel}
    )
    people = pl.DataFrame({"c": list(level), "level": list(level.values())})
    orders = ff.Orders(frame, customer="c", time="t", amount="a", channel="channel")
    return orders.with_customers(ff.Customers(people, customer="c", level="level")), level


def test_odds_ratios_are_those_of_a_fit_in_numpy():
    orders, level = shop(3000, 4)
    found = {(row["feature"], row["level"]): row for row in orders.drivers(["channel", "level"]).to_arrow().to_pylist()}
    # The same by hand: one row per customer, dummies against the most frequent level.
    frame = orders_frame(orders)
    end = frame["t"].max()
    by_customer = frame.sort("t").group_by("c", maintain_order=True).agg(pl.col("t"), pl.col("channel").first())
    x, y = [], []
    for customer, times, channel in by_customer.rows():
        if (end - times[0]).days < 90:
            continue
        x.append([channel == "a", channel == "b", channel == "c", level[customer] == "plus"])
        y.append(len(times) > 1 and (times[1] - times[0]).days <= 90)
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    counts = x[:, :3].sum(axis=0)
    base = int(np.argmax(counts))
    beta, errors = reference.logistic(x[:, [at for at in range(4) if at != base]], y)
    names = [("channel", "abc"[at]) for at in range(3) if at != base] + [("level", "plus")]
    for name, coefficient, error in zip(names, beta[1:], errors[1:], strict=True):
        row = found[name]
        assert row["odds_ratio"] == pytest.approx(math.exp(coefficient), rel=1e-8)
        assert row["odds_low"] == pytest.approx(math.exp(coefficient - 1.959963984540054 * error), rel=1e-6)
    assert found["channel", "abc"[base]]["odds_ratio"] == 1


def orders_frame(orders):
    """The rows of the shop above, made again."""
    chance = random.Random(4)
    made = []
    for customer in range(3000):
        which, level = chance.choice("abc"), chance.choice(["plus", "plain", "plain"])
        linear = -1 + 1.2 * (which == "b") + 0.8 * (level == "plus")
        day = chance.randint(0, 200)
        made.append((customer, day, which))
        if chance.random() < 1 / (1 + math.exp(-linear)):
            made.append((customer, day + chance.randint(1, 60), chance.choice("abc")))
    assert len(made) == orders.quality.rows_read
    return pl.DataFrame(
        {
            "c": [row[0] for row in made],
            "t": [EPOCH + dt.timedelta(days=row[1]) for row in made],
            "channel": [row[2] for row in made],
        }
    )


def test_what_is_planted_is_found_and_told_of_later_customers():
    found = shop(6000, 7)[0].drivers(["channel", "level"])
    rows = {(row["feature"], row["level"]): row for row in found.to_arrow().to_pylist()}
    base = (
        next(level for level in "ac" if rows["channel", level]["odds_ratio"] == 1)
        if rows["channel", "b"]["odds_ratio"] != 1
        else "b"
    )
    planted = math.exp(1.2) if base != "b" else math.exp(-1.2)
    other = "b" if base != "b" else "a"
    assert rows["channel", other]["odds_low"] < planted < rows["channel", other]["odds_high"]
    assert rows["level", "plus"]["odds_low"] < math.exp(0.8) < rows["level", "plus"]["odds_high"]
    assert rows["level", "plus"]["p_adjusted"] < 1e-6
    assert 0.6 < found.auc < 0.8
    for band in pa.table(found.calibration).to_pylist():
        assert band["low"] - 0.05 < band["predicted"] < band["high"] + 0.05


def test_a_shop_without_drivers_shows_none():
    alarms = 0
    for seed in range(10):
        orders, _ = shop(1500, seed, effect=0.0)
        rows = orders.drivers(["channel"]).to_arrow().to_pylist()
        alarms += any(row["p_adjusted"] < 0.05 for row in rows)
    # Ten shops at five in a hundred: three or more would be one in ninety.
    assert alarms <= 2


def test_planted_drivers_of_the_sample_shop_are_found():
    made = ff.datasets.make_shop(20_000, seed=3)
    orders = ff.Orders(
        made.orders, customer="customer", time="time", amount="amount", order_id="order_id", status="status",
        cancelled=["cancelled"],
    )  # fmt: skip
    people = ff.Customers(made.customers, customer="customer", level="level")
    rows = orders.with_customers(people).drivers(["level"]).to_arrow().to_pylist()
    (plus,) = [row for row in rows if row["level"] == "plus"]
    assert plus["odds_low"] < 2.2 < plus["odds_high"]


def test_a_level_that_tells_for_sure_is_penalised():
    frame = pl.DataFrame({
        "c": [*range(40), *range(20)], "t": [EPOCH + dt.timedelta(days=d) for d in [0] * 40 + [5] * 20], "a": 1.0,
        "kind": ["x"] * 20 + ["y"] * 20 + ["x"] * 20,
    })  # fmt: skip
    frame = pl.concat(
        [frame, pl.DataFrame({"c": [99], "t": [EPOCH + dt.timedelta(days=200)], "a": [1.0], "kind": ["x"]})]
    )
    rows = ff.Orders(frame, customer="c", time="t", amount="a", kind="kind").drivers(["kind"]).to_arrow().to_pylist()
    assert {row["method"] for row in rows} == {"Firth's penalty"}
    # By hand: Firth's penalty for two groups is half a unit more in each cell.
    ratio = next(row["odds_ratio"] for row in rows if row["odds_ratio"] != 1)
    assert abs(math.log(ratio)) == pytest.approx(2 * math.log(41), rel=1e-5)


def test_own_features_and_their_needs():
    frame = pl.DataFrame({
        "c": [1, 1, 2, 3], "t": [EPOCH + dt.timedelta(days=d) for d in [0, 5, 0, 200]], "a": [10.0, 5.0, 30.0, 1.0],
        "o": [1, 2, 3, 4], "q": [2, 1, 1, 1], "d": [1.0, 0.0, 0.0, 0.0], "k": ["x", "x", "x", "y"],
    })  # fmt: skip
    orders = ff.Orders(
        frame, customer="c", time="t", amount="a", order_id="o", quantity="q", discount="d", category="k"
    )
    found = (
        orders.drivers(["amount", "items", "discounted", "price_level", "category", "discount"]).to_arrow().to_pylist()
    )
    levels = {(row["feature"], row["level"]): (row["customers"], row["rate"]) for row in found}
    assert levels["items", "2"] == (1, 1.0)
    assert levels["discounted", "True"] == (1, 1.0)
    assert levels["discounted", "False"] == (1, 0.0)
    # Pieces of 5 and of 30 in one category: their median is 17.5.
    assert levels["price_level", str(5 / 17.5)] == (1, 1.0)
    lost = orders.drivers(["orders", "recency_days"], outcome="lost").to_arrow().to_pylist()
    assert {(row["feature"], row["level"]) for row in lost} >= {
        ("orders", "2"),
        ("orders", "1"),
        ("recency_days", "105"),
    }
    plain = ff.Orders(frame, customer="c", time="t", amount=None)
    for asked, words in [
        ({"features": []}, "name columns"), ({"features": "amount"}, "a list"), ({"features": [5]}, "a list"),
        ({"features": ["colour"]}, "colour"), ({"features": ["amount"], "within": "0d"}, "within"),
        ({"features": ["amount"], "landmark": "90d"}, "shorter"), ({"features": ["amount"], "outcome": "gone"}, "lost"),
        ({"features": ["amount"], "outcome": "lost", "landmark": "3d"}, "landmark"),
    ]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            orders.drivers(**asked)
    for name, words in [("amount", "money"), ("discounted", "discount="), ("price_level", "money")]:
        with pytest.raises(ValueError, match=words):
            plain.drivers([name])


def test_drivers_are_drawn():
    found = shop(500, 1)[0].drivers(["channel", "level"])
    for language in ("en", "zh"):
        drawn = found.plot(language=language).to_dict()
        assert drawn["title"]["text"]
    assert "not what causes it" in repr(found)
