"""Stages of customers and attribution of conversions against the slow reference."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

START = dt.datetime(2024, 1, 1)
HOUR = dt.timedelta(hours=1)
STAGES = ["aware", "interested", "bought", "loyal"]
RULES = ["first", "last", "linear", "position", "time_decay"]

seen = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 40 * 24), st.sampled_from(["view", "cart", "help"])), max_size=30
)
bought = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 40 * 24)), min_size=1, max_size=12)


def stage(views, orders, end, contacts, purchases):
    """The furthest stage of one customer before an instant, in hours."""
    count = sum(end - purchases <= at < end for at in orders)
    if count:
        return "loyal" if count >= 2 else "bought"
    there = [what for at, what in views if end - contacts <= at < end]
    return "interested" if "cart" in there else "aware" if there else None


@settings(max_examples=150, deadline=None)
@given(views=seen, sales=bought, dates=st.lists(st.integers(0, 45), min_size=1, max_size=3, unique=True).map(sorted))
def test_stages_agree_with_the_reference(views, sales, dates):
    views = [*views, (99, 0, "cart")]
    log = pl.DataFrame(
        {
            "who": [who for who, *_ in views],
            "at": [START + at * HOUR for _, at, _ in views],
            "what": [what for *_, what in views],
        }
    )
    lines = pl.DataFrame({"who": [who for who, _ in sales], "at": [START + at * HOUR for _, at in sales], "paid": 1.0})
    events = ff.Events(log, customer="who", time="at", event="what")
    orders = ff.Orders(lines, customer="who", time="at", amount="paid")
    days = [(START + dt.timedelta(days=day)).date() for day in dates]
    found = orders.stages(events, days, interested="cart", contacts="5d", purchases="20d")
    people = {who for who, *_ in views} | {who for who, _ in sales}
    where = {}
    for who in people:
        mine = [(at, what) for one, at, what in views if one == who]
        paid = [at for one, at in sales if one == who]
        where[who] = [stage(mine, paid, (day + 1) * 24, 5 * 24, 20 * 24) for day in dates]
    for row in found.to_arrow().to_pylist():
        at = days.index(row["date"])
        assert row["customers"] == sum(stages[at] == row["stage"] for stages in where.values())
    flows = defaultdict(int)
    for stages in where.values():
        for at in range(1, len(dates)):
            if stages[at - 1] or stages[at]:
                flows[days[at], stages[at - 1] or "none", stages[at] or "none"] += 1
    table = pa.table(found.flow).to_pylist()
    assert {(row["date"], row["from"], row["to"]): row["customers"] for row in table} == flows
    for row in table:
        of = sum(count for key, count in flows.items() if key[:2] == (row["date"], row["from"]))
        assert row["share"] == row["customers"] / of


def test_stages_know_purchases_before_the_period():
    lines = pl.DataFrame({"who": [1, 1, 2], "at": ["2024-01-01", "2024-03-01", "2024-03-02"], "paid": 1.0})
    log = pl.DataFrame({"who": [1], "at": ["2024-03-01"], "what": ["cart"]})
    events = ff.Events(log, customer="who", time="at", event="what")
    orders = ff.Orders(lines, customer="who", time="at", amount="paid").between("2024-02-01", "2024-04-01")
    found = orders.stages(events, ["2024-03-31"], interested="cart")
    assert found.to_polars()["customers"].to_list() == [0, 0, 1, 1]
    with pytest.raises(ValueError, match="each later than the one before"):
        orders.stages(events, ["2024-03-31", "2024-03-01"], interested="cart")


def credit(touches, at, half_life):
    """The shares of visits by each rule."""
    n = len(touches)
    weights = [2 ** (-(at - begun) / half_life) for begun, _ in touches]
    for number in range(n):
        ends = number in (0, n - 1)
        position = 1 if n == 1 else 0.5 if n == 2 else 0.4 if ends else 0.2 / (n - 2)
        yield [number == 0, number == n - 1, 1 / n, position, weights[number] / sum(weights)]


@settings(max_examples=150, deadline=None)
@given(
    log=st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(0, 400), st.sampled_from(["view", "view", "pay"]),
            st.sampled_from(["ads", "mail", None]),
        ),
        min_size=1, max_size=30,
    ),
    conversions=st.sampled_from(["all", "first"]),
)  # fmt: skip
def test_attribution_agrees_with_the_reference(log, conversions):
    log = sorted([*log, (1, 0, "pay", None)], key=lambda row: row[1])
    frame = pl.DataFrame({
        "who": [row[0] for row in log], "at": [START + row[1] * HOUR for row in log], "what": [row[2] for row in log],
        "from": pl.Series([row[3] for row in log], dtype=pl.String), "paid": [float(row[1] % 7) for row in log],
    })  # fmt: skip
    events = ff.Events(frame, customer="who", time="at", event="what", source="from", value="paid")
    found = events.attribution(
        "pay", "source", window="100h", half_life="24h", conversions=conversions, value="value", gap="3h"
    )
    sums, touched, ends = defaultdict(lambda: [0.0] * 10), defaultdict(int), {}
    for who in {row[0] for row in log}:
        mine = [row for row in log if row[0] == who]
        visits = []
        for number, row in enumerate(mine):
            if number == 0 or row[1] - mine[number - 1][1] > 3:
                visits.append((row[1], []))
            visits[-1][1].append(row[3])
        named = [(begun, next(filter(None, channels), None)) for begun, channels in visits]
        named = sorted((begun, channel) for begun, channel in named if channel)
        paid = [row for row in mine if row[2] == "pay"]
        for number, row in enumerate(paid if conversions == "all" else paid[:1]):
            touches = [(begun, channel) for begun, channel in named if row[1] - 100 <= begun <= row[1]]
            if number == 0:
                ends[who] = (touches[0][1], touches[-1][1]) if touches else (None, None)
            shares = list(credit(touches, row[1], 24)) or [[1.0] * 5]
            channels = [channel for _, channel in touches] or [None]
            for channel in set(channels):
                touched[channel] += 1
            for channel, weights in zip(channels, shares, strict=True):
                for at, weight in enumerate(weights):
                    sums[channel][at] += weight
                    sums[channel][at + 5] += weight * (row[1] % 7)
    rows = found.to_arrow().to_pylist()
    assert {row["from"]: row["conversions"] for row in rows} == touched
    for row in rows:
        of = [row[name] for name in (*RULES, *(f"{rule}_value" for rule in RULES))]
        assert of == pytest.approx(sums[row["from"]], rel=1e-9, abs=1e-9)
    table = pa.table(found.customers).to_pylist()
    assert {row["who"]: (row["first"], row["last"]) for row in table} == ends


def test_acquisition_counts_new_customers_by_five_rules():
    shop = ff.datasets.make_shop(2_000, seed=3)
    orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    roles = {"customer": "customer", "time": "time", "event": "event", "session": "session"}
    events = ff.Events(shop.events, **roles, channel="source")
    spend = ff.Spend(shop.spend, time="time", amount="amount", channel="channel")
    cost = orders.acquisition(spend, events=events)
    table = cost.attributions.to_polars()
    whole = orders.sales("month", compare=None).to_polars().filter(pl.col("complete"))
    new = whole["new_buyers"].sum()
    # Some have no visit within the window; the five rules agree on how many there are.
    totals = {rule: table[rule].sum() for rule in RULES}
    assert len({round(total, 6) for total in totals.values()}) == 1
    assert totals["first"] <= new
    ads = table.filter(pl.col("channel") == "ads").to_dicts()[0]
    assert ads["linear_cac"] == pytest.approx(ads["spend"] / ads["linear"])
    # By one rule they are those of the table.
    of_table = cost.channels.to_polars().filter(pl.col("channel") == "ads")["new_customers"][0]
    assert ads["first"] == of_table
    with pytest.raises(ValueError, match="give one of them"):
        orders.acquisition(spend, events=events, customers=ff.Customers(shop.customers, customer="customer"))
    people = ff.Customers(shop.customers, customer="customer", channel="channel")
    without = orders.acquisition(spend, customers=people)
    with pytest.raises(ValueError, match="five rules need the visits"):
        _ = without.attributions
