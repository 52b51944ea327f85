"""A shop of raw parts, its periods, its figures, and those who are worth winning back."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

import footfall as ff
from footfall.core.rows import dicts
from footfall.data._shop_periods import period_before, year_before

ORDERS = pl.DataFrame({
    "buyer": ["a", "a", "b", "b", "c", "d"],
    "paid_at": [dt.datetime(2024, 1, 3), dt.datetime(2024, 2, 3), dt.datetime(2024, 2, 5), dt.datetime(2024, 3, 1),
                dt.datetime(2023, 2, 7), dt.datetime(2022, 12, 1)],
    "total": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
})  # fmt: skip
VISITS = pl.DataFrame({
    "buyer": ["a", "a", "b", "x", "y", "d"],
    "at": [dt.datetime(2024, 2, 3), dt.datetime(2024, 2, 3, 0, 5), dt.datetime(2024, 2, 4), dt.datetime(2024, 1, 9),
           dt.datetime(2022, 12, 1), dt.datetime(2024, 3, 1)],
    "what": ["view", "cart", "view", "view", "view", "view"],
})  # fmt: skip
ROLES = {"customer": "buyer", "orders.time": "paid_at", "amount": "total", "events.time": "at", "event": "what"}


def test_a_shop_of_frames_is_that_of_its_nouns():
    raw = ff.Shop(orders=ORDERS, events=VISITS, roles=ROLES)
    orders = ff.Orders(ORDERS, customer="buyer", time="paid_at", amount="total")
    events = ff.Events(VISITS, customer="buyer", time="at", event="what")
    assert raw.orders.sales().rows() == orders.sales().rows()
    assert raw.events.last().rows() == events.last().rows()


def test_a_zone_is_given_once(tmp_path):
    path = tmp_path / "orders.parquet"
    ORDERS.with_columns(pl.col("paid_at").dt.replace_time_zone("UTC")).write_parquet(path)
    shop = ff.Shop(orders=path, events=VISITS, roles=ROLES, timezone="America/New_York")
    # Midnight of UTC is the evening before in New York.
    assert shop.orders.sales("day").rows()[0][0] == dt.date(2022, 11, 30)


def test_what_a_part_lacks_is_named():
    with pytest.raises(ValueError, match=r"spend=: which column is the time\? .*roles=\{'time': \.\.\."):
        ff.Shop(orders=ORDERS, spend=pl.DataFrame({"when": [1], "total": [2.0]}), roles=ROLES)
    with pytest.raises(ValueError, match="roles"):
        ff.Shop(orders=ORDERS, roles={"order.time": "paid_at"})
    with pytest.raises(ValueError, match="presets"):
        ff.Shop(orders=ORDERS, roles=ROLES, presets={"spend": "shopify"})
    with pytest.raises(TypeError, match=r"events= takes ff\.Events, a frame or a path"):
        ff.Shop(events=3)


@pytest.mark.parametrize(
    ("period", "before", "year"),
    [
        (("2024-04-01", "2024-07-01"), ("2024-01-01", "2024-04-01"), ("2023-04-01", "2023-07-01")),
        (("2024-03-01", "2024-04-01"), ("2024-02-01", "2024-03-01"), ("2023-03-01", "2023-04-01")),
        (("2024-01-01", "2025-01-01"), ("2023-01-01", "2024-01-01"), ("2023-01-01", "2024-01-01")),
        (("2024-02-29", "2024-03-07"), ("2024-02-22", "2024-02-29"), ("2023-02-28", "2023-03-07")),
        (("2023-12-01", "2024-02-01"), ("2023-10-01", "2023-12-01"), ("2022-12-01", "2023-02-01")),
    ],
)
def test_the_periods_before(period, before, year):
    given = tuple(map(dt.datetime.fromisoformat, period))
    assert period_before(given) == tuple(map(dt.datetime.fromisoformat, before))
    assert year_before(given) == tuple(map(dt.datetime.fromisoformat, year))


@pytest.mark.filterwarnings("ignore:no event is named")
def test_figures_are_those_counted_by_hand():
    shop = ff.Shop(orders=ORDERS, events=VISITS, roles=ROLES).between("2024-02-01", "2024-03-01")
    rows = {row["figure"]: row for row in dicts(shop.figures())}
    # February: a 20, b 30; of them b is new. January: a 10. The February before: c 50.
    assert [rows["sales"][name] for name in ("value", "before", "year_before")] == [50.0, 10.0, 50.0]
    assert (rows["sales"]["change"], rows["sales"]["year_change"]) == (4.0, 0.0)
    assert [rows["new_buyers"][name] for name in ("value", "before", "year_before")] == [1.0, 1.0, 1.0]
    assert rows["sales_per_buyer"]["value"] == 25.0
    assert [rows["visitors"][name] for name in ("value", "before", "year_before")] == [2.0, 1.0, 0.0]
    # Of two who viewed one filled a cart; a month before, none of one.
    assert (rows["view_to_cart"]["value"], rows["view_to_cart"]["before"], rows["view_to_cart"]["change"]) == (
        0.5,
        0,
        0.5,
    )


def test_a_period_that_the_data_do_not_hold_is_not_compared():
    shop = ff.Shop(orders=ORDERS, roles=ROLES)
    assert shop.before is None
    assert shop.year_before is None
    early = shop.between("2023-02-01", "2023-03-01")
    assert early.before is not None
    assert early.year_before is None
    assert all(row["year_before"] is None for row in dicts(early.figures()))


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_whom_to_win_back_is_told_with_what_they_did_last():
    shop = ff.Shop.sample(6_000, seed=2)
    found = dicts(shop.win_back(200))
    lost = {row["customer"] for row in dicts(shop.value().tiers.customers("lost"))}
    worth = {row["customer"]: row["value"] for row in dicts(shop.value().lifetime)}
    assert [row["value"] for row in found] == sorted((worth[who] for who in lost), reverse=True)[:200]
    assert all(row["value"] == worth[row["customer"]] for row in found)
    made = ff.datasets.make_shop(6_000, 2)
    visits = pl.DataFrame(made.events).sort("time").group_by("customer", maintain_order=True).last()
    at = dict(visits.select("customer", "time").rows())
    said = pl.DataFrame(made.after_sales).sort("time", maintain_order=True)
    contacts = dict(said.group_by("customer").agg(pl.col("time").max()).rows())
    rated = said.filter(pl.col("rating").is_not_null()).group_by("customer", maintain_order=True).last()
    ratings = dict(rated.select("customer", "rating").rows())
    times = dict(rated.select("customer", "time").rows())
    twice = {
        row[0]
        for row in said.filter(pl.col("rating").is_not_null()).group_by("customer", "time").len().rows()
        if row[2] > 1
    }
    for row in found:
        who = row["customer"]
        assert row["last_event_time"] == at[who]
        assert row["last_contact_time"] == contacts.get(who)
        if who not in twice:
            assert row["last_rating"] == ratings.get(who), (who, times.get(who))
    assert any(row["last_contact"] is None for row in found)


def test_a_cross_table_is_that_of_categories():
    people = pl.DataFrame(
        {"who": range(120), "sex": ["f", "m", "m"] * 40, "place": ["n", "s", "s", "s", "n", "s"] * 20}
    )
    customers = ff.Customers(people, customer="who", gender="sex", region="place")
    rows = dicts(customers.profile(["gender", "region"]).cross())
    # The same through the test of categories: one order line each, of a category that is the place.
    bought = people.with_columns(at=pl.lit(dt.date(2024, 1, 1)), paid=pl.lit(1.0))
    orders = ff.Orders(bought, customer="who", time="at", amount="paid", category="place").with_customers(customers)
    other = {(row["sex"], row["place"]): row for row in dicts(orders.categories(by="gender").preference)}
    assert len(rows) == len(other) == 4
    for row in rows:
        same = other[row["gender"], row["region"]]
        assert row["residual"] == pytest.approx(same["residual"])
        assert row["cramers_v"] == pytest.approx(same["cramers_v"])
        assert row["p_adjusted"] == pytest.approx(same["p_adjusted"])
    with pytest.raises(ValueError, match="this profile has 1: give two in by="):
        customers.profile("gender").cross()


def test_the_profile_of_a_shop_is_that_of_its_customers():
    shop = ff.Shop.sample(3_000, seed=7)
    for name in ("age", "gender", "region", "city", "channel", "level"):
        by = ff.bands("age", [18, 25, 35, 45, 55]) if name == "age" else name
        own, other = dicts(getattr(shop.profile(), name)), dicts(shop.customers.profile(by, orders=shop.orders))
        assert len(own) == len(other) > 1
        for row, same in zip(own, other, strict=True):
            assert row == {column: pytest.approx(value) for column, value in same.items()}


def test_what_threads_ask_for_at_once_is_computed_once():
    shop, made = ff.Shop(orders=ORDERS, events=VISITS, roles=ROLES), []

    def make():
        time.sleep(0.05)
        made.append(1)
        return shop.shared("inner", lambda: "inner")

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: shop.shared("outer", make), range(8))) == {"inner"}
    assert made == [1]


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_the_funnel_begins_at_the_registration():
    shop = ff.Shop.sample(2_000, seed=3)
    rows = dicts(shop.conversion().from_registration)
    assert [row["name"] for row in rows] == ["register", "view", "cart", "order", "pay"]
    assert rows[0]["reached"] == 2_000
    # Where the log has no registrations, those of the customers stand in.
    made = pl.DataFrame(ff.datasets.make_shop(2_000, 3).events).filter(pl.col("event") != "register")
    events = ff.Events(made, customer="customer", time="time", event="event")
    other = ff.Shop(events=events, customers=shop.customers).conversion().from_registration
    assert [row["reached"] for row in dicts(other)] == [row["reached"] for row in rows]


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_who_changed_tier_is_that_of_two_dates():
    shop = ff.Shop.sample(3_000, seed=3)
    before, after = (
        shop.orders.rfm(day, lookback="180d", segments="tiers") for day in (dt.date(2024, 10, 2), dt.date(2024, 12, 31))
    )
    assert shop.value().migration.rows() == before.migration(after).rows()
    with pytest.raises(ff.DataError, match="needs orders of 271 days"):
        _ = shop.between("2024-07-01", "2024-10-01").value().migration


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_what_tiers_are_worth_ahead_and_who_is_in_them():
    shop = ff.Shop.sample(4_000, seed=5)
    section = shop.tier_profile()
    worth = pl.DataFrame(shop.value().lifetime).join(
        pl.DataFrame(shop.value().tiers).select("customer", "segment"), on="customer"
    )
    means = worth.group_by("segment").agg(
        pl.len().alias("customers"), pl.col("p_alive", "expected_orders", "value").mean()
    )
    expected = {row["segment"]: row for row in means.to_dicts()}
    assert len(expected) == 6
    for row in dicts(section.ahead):
        assert row == {name: pytest.approx(value) for name, value in expected[row["segment"]].items()}
    people = pl.DataFrame(ff.datasets.make_shop(4_000, 5).customers).select("customer", "level")
    counts = (
        worth.select("customer", "segment")
        .join(people.cast({"level": pl.String}), on="customer")
        .group_by("segment", "level")
        .len()
    )
    rows = [row for row in dicts(section.attributes) if row["attribute"] == "level"]
    assert {(row["segment"], row["value"]): row["customers"] for row in rows} == {
        (a, b): n for a, b, n in counts.rows()
    }
    assert {row["attribute"] for row in dicts(section.attributes)} == {
        "age",
        "gender",
        "region",
        "city",
        "channel",
        "level",
    }
