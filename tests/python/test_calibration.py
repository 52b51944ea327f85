"""How often a shop without an effect shows one, and whether what is planted lies in its interval: over fixed seeds.

`make calibrate` asks 200 seeds; the tests ask ten. A check fails where the alarms are more than its stated rate makes
likely (a binomial test at 1 in 1,000: the seeds are fixed, so that it fails always or never).
"""

from __future__ import annotations

import math
import os
from functools import cache

import polars as pl
import pytest

import footfall as ff

SEEDS = int(os.environ.get("CALIBRATION_SEEDS", "10"))
CUSTOMERS = 3_000
ROLES = {
    "customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id", "product": "product",
    "category": "category", "quantity": "quantity", "status": "status", "refund_of": "refund_of", "delivery": "delivery_days",
}  # fmt: skip


class Sample:
    """The logs of a sample shop."""

    def __init__(self, seed, without=(), **more):
        made = ff.datasets.make_shop(CUSTOMERS, seed=seed, without=without, **more)
        attributes = {
            "registered": "registered",
            "region": "region",
            "age": "age",
            "channel": "channel",
            "level": "level",
        }
        self.people = ff.Customers(made.customers, customer="customer", **attributes)
        orders = ff.Orders(made.orders, **ROLES, cancelled=["cancelled"])
        self.orders = orders.with_customers(self.people)
        self.spend = ff.Spend(made.spend, time="time", amount="amount", channel="channel", segment="segment")


@cache
def healthy(seed):
    return Sample(seed, without="all")


@cache
def planted(seed):
    return Sample(seed)


def surprise(alarms, runs, rate):
    """How likely so many alarms or more are at a rate."""
    return sum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(alarms, runs + 1))


def rising_tail(shop):
    return shop.orders.categories().to_polars()["rising_tail"].any()


def preference(shop):
    found = shop.orders.categories(by="region").preference.to_polars()
    return (found["p_adjusted"].fill_null(1.0) < 0.05).any()


def drivers(shop):
    found = shop.orders.drivers(["level", "region"], within="90d").to_polars()
    return (found["p_adjusted"].fill_null(1.0) < 0.05).any()


def purchase_cycle(shop):
    return shop.orders.repurchase().cycle.to_polars()["typical_days"][0] is not None


def retention_trend(shop):
    p = shop.orders.retention("month").trend(1).to_polars()["p_value"][0]
    return p is not None and p < 0.05


def acquisition_trend(shop):
    found = shop.orders.acquisition(shop.spend).channels.to_polars()
    return found.filter(pl.col("channel") == "ads")["trend"][0] in {"rising", "falling"}


def movers(shop):
    """Two months of one year: what grows with the shop is the same everywhere."""
    periods = ("2024-07-01", "2024-09-01"), ("2024-09-01", "2024-11-01")
    return shop.orders.contribution(*periods, columns=["category", "region", "level"]).movers.num_rows > 1


def log_rank(shop):
    p = shop.orders.repurchase(by="region").differences.to_polars()["p_value"][0]
    return p is not None and p < 0.05


# Each with the rate of false alarms that its docstring states: of tests adjusted together, that of any alarm.
CHECKS = {
    rising_tail: 0.05, preference: 0.05, drivers: 0.05, purchase_cycle: 0.05, retention_trend: 0.05,
    acquisition_trend: 0.05, movers: 0.05, log_rank: 0.05,
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_healthy_shop_raises_no_more_alarms_than_stated(check):
    alarms = sum(bool(check(healthy(seed))) for seed in range(SEEDS))
    print(f"{check.__name__}: {alarms} alarms in {SEEDS} healthy shops, stated {CHECKS[check]:.0%}")  # noqa: T201
    assert surprise(alarms, SEEDS, CHECKS[check]) > 0.001


def level_plus(shop):
    found = shop.orders.drivers(["level"], within="90d").to_polars().filter(pl.col("level") == "plus")
    return found["odds_low"][0] <= 2.2 <= found["odds_high"][0]


def pet(shop):
    found = shop.orders.categories().to_polars().filter(pl.col("category").cast(pl.String) == "pet")
    return found["trend_low"][0] <= 6.0 <= found["trend_high"][0]


@pytest.mark.parametrize("covers", [level_plus, pet], ids=lambda check: check.__name__)
def test_intervals_cover_what_is_planted(covers):
    missed = sum(not covers(planted(seed)) for seed in range(SEEDS))
    print(f"{covers.__name__}: {missed} of {SEEDS} intervals miss what is planted, stated 5%")  # noqa: T201
    assert surprise(missed, SEEDS, 0.05) > 0.001


FOUND = {rising_tail: 0.9, preference: 0.3, drivers: 0.9, acquisition_trend: 0.9}


@pytest.mark.parametrize("check", FOUND, ids=lambda check: check.__name__)
def test_what_is_planted_is_found(check):
    found = sum(bool(check(planted(seed))) for seed in range(SEEDS))
    print(f"{check.__name__}: found in {found} of {SEEDS} shops with it")  # noqa: T201
    # At least so often, but for chance.
    assert surprise(SEEDS - found, SEEDS, 1 - FOUND[check]) > 0.001


def test_a_planted_purchase_cycle_is_found():
    days = [
        Sample(seed, without="all", cycle=30.0).orders.repurchase().cycle.to_polars()["typical_days"][0]
        for seed in range(SEEDS)
    ]
    print(f"typical days of shops with a cycle of 30: {sorted(map(str, days))[:5]} ...")  # noqa: T201
    # Gaps are Gamma with a mean of 30 days and a standard deviation of 10: they lie closest at 27.
    assert all(day is not None and 20 <= day <= 34 for day in days)
