"""What new customers cost: by hand, against pandas, and as it is planted."""

from __future__ import annotations

import datetime as dt
import math
import random

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall.analyses._mann_kendall import mann_kendall

MONTHS = [dt.date(2024, month, 1) for month in range(1, 7)]


def dicts(table):
    return pa.table(table).to_pylist()


@settings(max_examples=80, deadline=None)
@given(
    orders=st.lists(
        st.tuples(st.integers(1, 12), st.integers(0, 170), st.integers(1, 90)), min_size=1, max_size=40,
    ),
    paid=st.lists(st.tuples(st.sampled_from(["ads", "mail", None]), st.sampled_from(MONTHS), st.integers(1, 500)), max_size=20),
)  # fmt: skip
def test_costs_agree_with_pandas(orders, paid):
    channel = {key: "ads" if key % 2 else "mail" for key in range(1, 13)}
    frame = pd.DataFrame(orders, columns=["who", "day", "amount"])
    frame["time"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D")
    frame["amount"] = frame["amount"].astype(float)
    spent = pd.DataFrame(
        {"where": pd.Series([row[0] for row in paid], dtype="str"), "month": pd.to_datetime([row[1] for row in paid]),
         "cost": pd.Series([row[2] for row in paid], dtype=float)}
    )  # fmt: skip
    people = pl.DataFrame({"who": list(channel), "where": list(channel.values())})
    made = ff.Orders(frame, customer="who", time="time", amount="amount")
    spend = ff.Spend(spent, time="month", amount="cost", where="where")
    found = made.acquisition(spend, by="where", customers=ff.Customers(people, customer="who", where="where"))
    first = frame.groupby("who")["time"].min().dt.to_period("M")
    new = first.groupby([first.index.map(channel), first]).size()
    cost = spent.groupby(["where", spent["month"].dt.to_period("M")])["cost"].sum()
    last = frame["time"].max()
    seen = set()
    for row in found.to_arrow().to_pylist():
        key = (row["where"], pd.Period(row["period"], "M"))
        seen.add(key)
        assert row["new_customers"] == new.get(key, 0)
        assert row["spend"] == pytest.approx(cost.get(key, 0.0))
        assert row["cac"] == (pytest.approx(row["spend"] / row["new_customers"]) if row["new_customers"] else None)
        whole = key[1].end_time.normalize() <= last.normalize() and key[1].start_time >= frame["time"].min().normalize()
        assert row["complete"] == whole
    assert set(new.index) | set(cost.index) <= seen
    unassigned = spent["cost"][spent["where"].isna()].sum()
    assert found.unassigned == pytest.approx(unassigned)
    for row in dicts(found.channels):
        mine = [one for one in found.to_arrow().to_pylist() if one["where"] == row["where"] and one["complete"]]
        assert row["new_customers"] == sum(one["new_customers"] for one in mine)
        assert row["spend"] == pytest.approx(sum(one["spend"] for one in mine))


def test_payback_by_hand():
    # Ten customers of January pay 10 each month; one costs 25, so that half of the money has paid for it in the fifth month.
    days = [dt.date(2024, month, 2) for month in range(1, 8)]
    frame = pl.DataFrame(
        {"who": [key for key in range(10) for _ in days], "day": days * 10, "paid": 10.0, "where": "ads"}
    )
    orders = ff.Orders(frame, customer="who", time="day", amount="paid", where="where")
    spend = ff.Spend(
        pl.DataFrame({"day": [dt.date(2024, 1, 1)], "cost": [250.0], "where": ["ads"]}),
        time="day",
        amount="cost",
        where="where",
    )
    orders = orders.between("2024-01-01", "2024-07-01")
    found = orders.acquisition(spend, by="where", margin=0.5)
    (row,) = dicts(found.channels)
    assert (row["cac"], row["payback_periods"], row["periods_known"], row["value"]) == (25.0, 4, 6, 30.0)
    assert row["value_to_cost"] == 1.2
    assert (row["trend"], row["p_value"]) == ("unknown", None)
    assert [one["value"] for one in dicts(found.value)] == [5.0, 10.0, 15.0, 20.0, 25.0, 30.0]


def test_a_trend_as_kendall_has_it():
    # By hand: of ten rising values S is 45, its variance 125, z = 44 / sqrt(125).
    trend, change, p = mann_kendall([1.1**step for step in range(10)])
    assert trend == "rising"
    assert change == pytest.approx(0.1)
    assert p == pytest.approx(math.erfc(44 / math.sqrt(125) / math.sqrt(2)))
    assert mann_kendall([5.0, 4.0, 3.0, 2.0, 1.0, 0.5, 0.4, 0.3])[0] == "falling"
    assert mann_kendall([1.0] * 6) == ("flat", 0.0, 1.0)
    assert mann_kendall([1.0, 2.0, 3.0]) == ("unknown", None, None)
    chance = random.Random(1)
    alarms = sum(mann_kendall([chance.lognormvariate(0, 0.3) for _ in range(24)])[0] != "flat" for _ in range(400))
    # 5 % of 400 are 20; 35 would be more than three standard deviations.
    assert alarms <= 34


def sample(without=()):
    made = ff.datasets.make_shop(12_000, seed=6, without=list(without))
    orders = ff.Orders(
        made.orders, customer="customer", time="time", amount="amount", order_id="order_id", status="status",
        cancelled=["cancelled"],
    )  # fmt: skip
    people = ff.Customers(made.customers, customer="customer", channel="channel")
    spend = ff.Spend(made.spend, time="time", amount="amount", channel="channel", segment="segment")
    return orders.acquisition(spend, customers=people, margin=0.4)


def test_the_planted_rise_is_found():
    found = {row["channel"]: row for row in dicts(sample().channels)}
    assert found["ads"]["trend"] == "rising"
    assert found["ads"]["change_per_period"] > 0.01
    healthy = {row["channel"]: row["trend"] for row in dicts(sample(without=["rising_acquisition_cost"]).channels)}
    assert healthy["ads"] != "rising"


def test_what_is_paid_for_no_channel_is_counted_and_said():
    found = sample()
    assert found.unassigned > 0
    assert "was paid for none" in repr(found)
    for language in ("en", "zh"):
        found.plot(language=language).to_dict()


def test_what_has_no_meaning_is_refused():
    orders = ff.datasets.load_cdnow()
    spend = ff.Spend(pl.DataFrame({"t": ["1997-01-01"], "a": [5.0], "w": ["x"]}), time="t", amount="a", channel="w")
    assert "1 of 1 rows used" in repr(spend)
    for asked, words in [
        ({"spend": orders}, "ff.Spend"), ({"spend": None}, "ff.Spend"), ({"spend": spend, "margin": 0}, "margin"),
        ({"spend": spend, "margin": 40}, "margin"), ({"spend": spend, "by": "colour"}, "colour"), ({"spend": spend, "by": 5}, "by"),
        ({"spend": spend, "period": "fortnight"}, "month"), ({"spend": spend, "customers": 5}, "ff.Customers"),
    ]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            orders.acquisition(**asked)
    for asked, words in [
        ({"time": "x"}, "time"),
        ({"amount": "x"}, "amount"),
        ({"channel": "x"}, "channel"),
        ({"time": 5}, "time"),
    ]:
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            ff.Spend(pl.DataFrame({"t": ["1997-01-01"], "a": [5.0]}), **({"time": "t", "amount": "a"} | asked))
