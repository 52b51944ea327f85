"""Retention and repurchase of buyers against the slow reference, and against numbers of other programs."""

from __future__ import annotations

import datetime as dt
import math
import random

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference_cohorts as reference
from footfall.analyses._cohort_trend import cochran_armitage
from reference import DAY
from strategies import rows, table

EPOCH = dt.date(1970, 1, 1)
ROLES = {"customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "category": "category"}


def week(day):
    return (day + 3) // 7


def sunday_week(day):
    return (day + 4) // 7


def month(day):
    date = EPOCH + dt.timedelta(days=day)
    return (date.year - 1970) * 12 + date.month - 1


def first_day(kind, index):
    if kind == "month":
        return dt.date(1970 + index // 12, index % 12 + 1, 1)
    return EPOCH + dt.timedelta(days=index * 7 - (3 if kind == "week" else 4))


def day_of(date):
    return (date - EPOCH).days


def last_day(orders):
    return (orders.quality.last.date() - EPOCH).days


PERIODS = {"week": week, "sunday": sunday_week, "month": month}


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(), kind=st.sampled_from(["exact", "rolling"]), period=st.sampled_from(["week", "sunday", "month"]),
    by=st.booleans(), since=st.sampled_from([None, 9]), refunds=st.sampled_from(["net", "drop"]),
)  # fmt: skip
def test_retention_agrees_with_the_reference(drawn, kind, period, by, since, refunds):
    whole = ff.Orders(table(drawn), **ROLES, refunds=refunds)
    orders = whole if since is None else whole.between(EPOCH + dt.timedelta(days=since), None)
    given = (
        {"period": "month"}
        if period == "month"
        else {"period": "week", "week_start": "sunday" if period == "sunday" else "monday"}
    )
    found = orders.retention(**given, kind=kind, by="category" if by else None).to_arrow().to_pylist()
    index = PERIODS[period]
    cells, sizes = reference.retention(drawn, index=index, kind=kind, by=by, since=(since or 0) * DAY, refunds=refunds)
    seen = set()
    for row in found:
        cohort = index(day_of(row["cohort"]))
        group = (row["category"] if by else None, cohort)
        seen.add(group)
        assert row["size"] == sizes[group]
        over = day_of(first_day(period, cohort + row["period"] + 1)) - 1 <= last_day(whole)
        if not over:
            assert row["customers"] is row["rate"] is row["sales"] is row["value"] is None
            continue
        cell = cells.get((*group, row["period"]), {"customers": 0, "orders": 0, "sales": 0.0})
        assert (row["customers"], row["orders"], row["sales"]) == (cell["customers"], cell["orders"], cell["sales"])
        assert row["rate"] == row["customers"] / row["size"]
        so_far = math.fsum(cells.get((*group, age), {"sales": 0})["sales"] for age in range(row["period"] + 1))
        assert row["value"] == pytest.approx(so_far / row["size"], rel=1e-12, abs=1e-9)
    assert seen == set(sizes)


@settings(max_examples=150, deadline=None)
@given(
    drawn=rows(), joined=st.lists(st.one_of(st.none(), st.integers(-20, 40)), min_size=12, max_size=12),
    kind=st.sampled_from(["exact", "rolling"]), by=st.sampled_from([None, "side", "category"]),
)  # fmt: skip
def test_registered_cohorts_agree_with_the_reference(drawn, joined, kind, by):
    # Keys -3 to 4 may be in the log, 5 to 8 never are.
    people = dict(zip(range(-3, 9), joined, strict=True))
    frame = pl.DataFrame(
        {
            "customer": list(people), "side": ["left" if key % 2 else "right" for key in people],
            "since": [None if day is None else EPOCH + dt.timedelta(days=day) for day in people.values()],
        },
        schema={"customer": pl.Int64, "side": pl.String, "since": pl.Date},
    )  # fmt: skip
    known = ff.Customers(frame, customer="customer", side="side", registered="since")
    orders = ff.Orders(table(drawn), **ROLES).with_customers(known)
    value = {"side": lambda key, _: "left" if key % 2 else "right", "category": lambda _, bought: bought}
    if orders.quality.first is None:
        return
    # Who registers after the end of the data is not known of yet.
    known_of = {key: day for key, day in people.items() if day is not None and day <= last_day(orders)}
    cells, sizes = reference.registered(drawn, known_of, index=week, kind=kind, by=value.get(by))
    first = (orders.quality.first.date() - EPOCH).days
    seen = set()
    for row in orders.retention("week", kind=kind, by=by, cohort="registered").to_arrow().to_pylist():
        cohort = week(day_of(row["cohort"]))
        group = (row[by] if by else None, cohort)
        seen.add(group)
        assert row["size"] == sizes[group]
        start, end = (day_of(first_day("week", at)) for at in (cohort, cohort + row["period"] + 1))
        if start < first or end - 1 > last_day(orders):
            assert row["customers"] is None
            continue
        cell = cells.get((*group, row["period"]), {"customers": 0, "orders": 0, "sales": 0.0})
        assert (row["customers"], row["orders"], row["sales"]) == (cell["customers"], cell["orders"], cell["sales"])
    assert seen == set(sizes)


def test_registered_cohorts_need_registrations():
    orders = ff.datasets.load_cdnow()
    with pytest.raises(ValueError, match=r"registered=\"…\""):
        orders.retention(cohort="registered")
    people = ff.Customers(pl.DataFrame({"id": [1]}), customer="id")
    with pytest.raises(ValueError, match="no registered="):
        orders.with_customers(people).retention(cohort="registered")
    odd = ff.Customers(pl.DataFrame({"id": [1], "since": ["1/2/97"]}), customer="id", registered="since")
    with pytest.raises(ff.DataError, match='registered="since"'):
        orders.with_customers(odd).retention(cohort="registered")


def test_the_size_of_the_first_basket():
    lines = pl.DataFrame({
        "who": [1, 1, 1, 2, 3], "order": [1, 1, 2, 3, 4], "pieces": [1, 2, 9, 1, None],
        "day": ["2024-01-01", "2024-01-01", "2024-02-01", "2024-01-03", "2024-01-04"], "paid": 5.0,
    })  # fmt: skip
    orders = ff.Orders(lines, customer="who", time="day", amount="paid", order_id="order", quantity="pieces")
    kept = orders.retention(by="basket_size").to_arrow().to_pylist()
    assert [(row["basket_size"], row["size"]) for row in kept if row["period"] == 0] == [(1.0, 1), (3.0, 1), (None, 1)]
    again = orders.repurchase(by=ff.bands("basket_size", [2])).to_arrow().to_pylist()
    assert {row["basket_size"] for row in again} == {"< 2", "≥ 2", None}
    with pytest.raises(ValueError, match="give quantity= to Orders"):
        ff.Orders(lines, customer="who", time="day", amount="paid").retention(by="basket_size")


@settings(max_examples=100, deadline=None)
@given(drawn=rows(), intervals=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 20)), min_size=1, max_size=3))
def test_intervals_of_days_agree_with_the_reference(drawn, intervals):
    intervals = [(low, low + more) for low, more in intervals]
    orders = ff.Orders(table(drawn), **ROLES)
    cells, sizes = reference.retention(drawn, index=week, intervals=intervals)
    found = orders.retention("week", periods=intervals).to_arrow().to_pylist()
    assert len(found) == len(sizes) * len(intervals)
    for at, row in enumerate(found):
        cohort, age = week(day_of(row["cohort"])), at % len(intervals)
        assert (row["from_day"], row["to_day"]) == intervals[age]
        if day_of(first_day("week", cohort + 1)) - 1 + intervals[age][1] > last_day(orders):
            assert row["customers"] is None
        else:
            cell = cells.get((None, cohort, age), {"customers": 0, "orders": 0, "sales": 0.0})
            assert (row["customers"], row["orders"], row["sales"]) == (cell["customers"], cell["orders"], cell["sales"])


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(), count=st.sampled_from(["orders", "days"]), by=st.booleans(), since=st.sampled_from([None, 9]),
    period=st.sampled_from([None, "week", "month"]),
)  # fmt: skip
def test_repurchase_agrees_with_the_reference(drawn, count, by, since, period):
    whole = ff.Orders(table(drawn), **ROLES)
    if whole.quality.last is None:
        return
    orders = whole if since is None else whole.between(EPOCH + dt.timedelta(days=since), None)
    found = orders.repurchase(count=count, by="category" if by else None, period=period)
    lengths, gaps, counts = reference.spells(
        drawn, last_day=last_day(whole), since=(since or 0) * DAY, count=count, by=by
    )
    seen = set()
    for row in found.to_arrow().to_pylist():
        spells = lengths[row["category"] if by else None, row["after"]]
        seen.add((row["category"] if by else None, row["after"]))
        assert row["customers"] == len(spells)
        assert row["returned"] == sum(ended and length <= row["days"] for length, ended in spells)
        expected = reference.kaplan_meier(spells, row["days"])
        if expected is None:
            assert row["rate"] is None
        else:
            assert (row["rate"], row["at_risk"]) == (pytest.approx(expected[0], abs=1e-12), expected[1])
            assert row["low"] is None or row["low"] <= row["rate"] <= row["high"]
    assert seen == {key for key, spells in lengths.items() if spells}
    for row in pa.table(found.cycle).to_pylist():
        mine = sorted(gaps[row["category"] if by else None])
        assert row["gaps"] == len(mine)
        assert row["median"] == mine[math.ceil(len(mine) / 2) - 1]
        assert row["p90"] == mine[math.ceil(len(mine) * 0.9) - 1]
    for row in pa.table(found.order_counts).to_pylist():
        mine = counts[row["category"] if by else None]
        assert (row["customers"], row["share"]) == (mine[row["orders"]], mine[row["orders"]] / sum(mine.values()))
    if not by:
        check_periods(found, drawn, period, since, count)


def check_periods(found, drawn, period, since, count):
    index = {None: lambda _: 0, "week": week, "month": month}[period]
    expected = reference.buyers(drawn, index=index, since=(since or 0) * DAY, count=count)
    got = pa.table(found.periods).to_pylist()
    assert len(got) == len(expected)
    for row, key in zip(got, sorted(expected), strict=True):
        buyers, several, made, repeats, back = expected[key]
        assert (row["buyers"], row["repeat_buyers"], row["orders"], row["repeat_orders"]) == (
            buyers,
            several,
            made,
            repeats,
        )
        assert row["repurchase_rate"] == several / buyers
        if period:
            before = expected[key - 1][0] if key - 1 in expected else 0
            assert (row["buyers_before"], row["came_back"]) == (before, min(back, before))


@settings(max_examples=100, deadline=None)
@given(drawn=rows(max_size=60))
def test_overdue_customers_agree_with_the_reference(drawn):
    orders = ff.Orders(table(drawn), **ROLES)
    if orders.quality.last is None:
        return
    expected = reference.overdue(drawn, last_day=last_day(orders))
    found = {row["customer"]: row for row in pa.table(orders.repurchase().overdue).to_pylist()}
    assert set(found) == set(expected)
    for customer, (gaps, longest, days) in expected.items():
        row = found[customer]
        assert (row["gaps"], row["longest_gap"], row["days_since"], row["chance"]) == (
            gaps,
            longest,
            days,
            1 / (gaps + 1),
        )


def test_a_trend_of_proportions_as_r_has_it():
    # prop.trend.test(c(83, 90, 129, 70), c(86, 93, 136, 82)): X-squared = 8.2249, df = 1, p-value = 0.004132
    slope, z, p = cochran_armitage([(1, 83, 86), (2, 90, 93), (3, 129, 136), (4, 70, 82)])
    assert z**2 == pytest.approx(8.2249, abs=5e-5)
    assert p == pytest.approx(0.004132, abs=5e-7)
    assert slope < 0


def gaps_of(seed, cycle):
    """Orders of 3,000 customers at random, a third of whom come back after some 30 days where there is a cycle."""
    chance = random.Random(seed)
    who, when = [], []
    for customer in range(3000):
        day = chance.uniform(0, 365)
        rate = chance.gammavariate(1.2, 1 / 60)
        for _ in range(chance.randint(1, 6)):
            who.append(customer)
            when.append(day)
            regular = cycle and chance.random() < 0.34
            day += max(chance.gauss(30, 3), 1) if regular else chance.expovariate(max(rate, 1e-4))
            if day > 365:
                break
    frame = pl.DataFrame({"c": who, "t": [int(day * 86_400) for day in when], "a": 1.0})
    return ff.Orders(frame, customer="c", time="t", amount="a", time_unit="s")


def cycle_of(orders):
    (row,) = pa.table(orders.repurchase().cycle).to_pylist()
    return row


def test_a_planted_cycle_is_found_and_a_shop_without_one_has_none():
    found = [cycle_of(gaps_of(seed, cycle=True))["typical_days"] for seed in range(3)]
    assert all(days is not None and abs(days - 30) <= 3 for days in found)
    none = [cycle_of(gaps_of(seed, cycle=False))["typical_days"] for seed in range(10)]
    assert sum(days is not None for days in none) <= 2


def test_groups_that_come_back_alike_are_told_from_those_that_do_not():
    chance = random.Random(5)
    who, when, what = [], [], []
    for customer in range(2000):
        kind = customer % 2
        day = chance.randint(0, 99)
        for _ in range(2):
            who.append(customer)
            when.append(EPOCH + dt.timedelta(days=day))
            what.append("ab"[kind])
            day += 1 + int(chance.expovariate(1 / (20 + 40 * kind)))
    frame = pl.DataFrame({"c": who, "t": when, "a": 1.0, "k": what}).filter(pl.col("t") < dt.date(1970, 5, 1))
    orders = ff.Orders(frame, customer="c", time="t", amount="a", category="k")
    (row,) = [row for row in pa.table(orders.repurchase(by="category").differences).to_pylist() if row["after"] == 1]
    assert row["degrees"] == 1
    assert row["p_value"] < 1e-10
    with pytest.raises(ValueError, match="type by="):
        _ = orders.repurchase().differences


def test_dropout_and_averages():
    cdnow = ff.datasets.load_cdnow()
    dropout = pa.table(cdnow.repurchase(count="days").dropout).to_pylist()
    # Who has bought more often is lost less.
    assert [row["after"] for row in dropout] == [1, 2, 3, 4, 5]
    assert dropout[0]["lost"] > dropout[1]["lost"] > dropout[3]["lost"]
    kept = cdnow.retention("month")
    average = pa.table(kept.average).to_pylist()
    assert [row["period"] for row in average][:3] == [0, 1, 2]
    assert average[0]["rate"] == 1.0
    assert average[1]["value"] == pytest.approx(average[0]["value"] + average[1]["sales_per_member"])


def test_what_has_no_meaning_is_refused():
    orders = ff.datasets.load_cdnow()
    for asked, words in [
        ({"periods": [(0, 30)]}, "from 1"), ({"periods": [(31, 30)]}, "first and last day"), ({"periods": [30]}, "pairs"),
        ({"periods": []}, "None for calendar"), ({"kind": "rolling", "periods": [(1, 30)]}, "calendar periods"),
        ({"week_start": "sunday"}, 'period="week"'), ({"week_start": "tuesday", "period": "week"}, "monday"),
        ({"kind": "exactly"}, "exact"), ({"period": "fortnight"}, "month"), ({"by": "colour"}, "colour"),
    ]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            orders.retention(**asked)
    with pytest.raises(ValueError, match="days"):
        orders.repurchase(count="day")
    with pytest.raises(ValueError, match="whole number"):
        orders.retention().trend(99)
    with pytest.raises(ValueError, match="calendar period"):
        orders.retention(periods=[(1, 30)]).plot("value")


def test_both_are_drawn():
    orders = ff.datasets.load_cdnow()
    for language in ("en", "zh"):
        orders.retention("month").plot(language=language).to_dict()
        orders.retention("month").plot("value", language=language).to_dict()
        orders.retention("month", periods=[(1, 30), (31, 90)]).plot(language=language).to_dict()
        orders.retention("month", by=orders.rfm()["segment"]).plot(language=language).to_dict()
        orders.repurchase().plot(language=language).to_dict()
        orders.repurchase(by=orders.rfm()["segment"]).plot(language=language).to_dict()


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(), after=st.sampled_from([(1, 2), (1, 3), (2, 3)]), since=st.sampled_from([None, 9]),
    period=st.sampled_from(["week", "month"]),
)  # fmt: skip
def test_states_agree_with_the_reference(drawn, after, since, period):
    whole = ff.Orders(table(drawn), **ROLES)
    if whole.quality.last is None:
        return
    orders = whole if since is None else whole.between(EPOCH + dt.timedelta(days=since), None)
    index = PERIODS[period]
    found = orders.lifecycle(period, dormant_after=after[0], lost_after=after[1])
    expected = reference.lifecycle(
        drawn, index=index, last=index(last_day(whole)), dormant_after=after[0], lost_after=after[1],
        since=None if since is None else index(since),
    )  # fmt: skip
    flow = {
        (index(day_of(row["period"])), row["from"], row["to"]): row["customers"]
        for row in pa.table(found.flow).to_pylist()
    }
    assert flow == dict(expected)
    for row in found.to_arrow().to_pylist():
        at = index(day_of(row["period"]))
        for state in ("new", "active", "back", "dormant", "lost"):
            assert row[state] == sum(count for key, count in expected.items() if key[0] == at and key[2] == state)
    shares = {}
    for row in pa.table(found.flow).to_pylist():
        if row["share"] is not None:
            shares.setdefault((row["period"], row["from"]), []).append(row["share"])
    assert all(math.fsum(parts) == pytest.approx(1) for parts in shares.values())


def test_states_are_drawn_and_refused():
    orders = ff.datasets.load_cdnow()
    for language in ("en", "zh"):
        orders.lifecycle().plot(language=language).to_dict()
    with pytest.raises(ValueError, match="leave by="):
        orders.lifecycle(by=orders.rfm()["segment"]).plot()
    for asked, words in [
        ({"dormant_after": 0}, "from 1"), ({"dormant_after": 12}, "the second larger"), ({"lost_after": 2.5}, "whole"),
        ({"period": "fortnight"}, "month"), ({"by": "colour"}, "colour"),
    ]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, KeyError), match=words):
            orders.lifecycle(**asked)
