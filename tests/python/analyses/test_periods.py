"""One rule for a complete period, in every analysis: all of its calendar days were observed."""

from __future__ import annotations

import polars as pl
import pytest

import footfall as ff


def log(*times):
    frame = pl.DataFrame(
        {"who": [1] * len(times), "at": times, "what": ["view"] * len(times), "from": ["a"] * len(times)}
    )
    return ff.Events(frame, customer="who", time="at", event="what", **{"from": "from"})


def complete(result, period="period"):
    return {row[period].isoformat(): row["complete"] for row in result.to_arrow().to_pylist()}


def by_mix(events):
    return complete(events.mix("from", period="month"))


def by_funnel(events):
    return complete(events.funnel(["view", "view"], period="month"))


@pytest.mark.parametrize("found", [by_mix, by_funnel])
def test_mix_and_funnels_go_by_observed_days(found):
    events = log("2024-01-02T00:00", "2024-02-29T00:00", "2024-03-01T12:00", "2024-03-30T23:59")
    assert found(events) == {"2024-01-01": False, "2024-02-01": True, "2024-03-01": False}
    # The day of the last row counts, whatever its hour.
    assert found(log("2024-01-01T23:00", "2024-01-31T00:00")) == {"2024-01-01": True}
    # So do those that between() says were observed.
    assert found(events.between("2024-01-01", "2024-03-01")) == {"2024-01-01": True, "2024-02-01": True}
    assert found(events.between(end="2024-04-01"))["2024-03-01"] is True


def test_a_funnel_counts_starts_between_start_and_end():
    events = log("2024-01-01T00:00", "2024-01-20T00:00", "2024-01-31T00:00")
    found = complete(events.funnel(["view", "view"], period="month", start="2024-01-15"))
    assert found == {"2024-01-01": False}
    assert (
        complete(events.funnel(["view", "view"], period="month", start="2024-01-01", end="2024-02-01"))["2024-01-01"]
        is True
    )


def known(events, period="month"):
    return [(row["period"], row["customers"]) for row in events.retention(period=period).to_arrow().to_pylist()]


def test_retention_knows_a_period_whose_last_day_was_observed():
    # The last row need not fall on the last instant of the month.
    assert known(log("2024-01-10T08:00", "2024-02-29T08:00")) == [(0, 1), (1, 1)]
    assert known(log("2024-01-10T08:00", "2024-02-28T08:00")) == [(0, 1), (1, None)]
    # between(end=) is half-open: it adds no row of a month that it does not reach into.
    assert known(log("2024-01-10T08:00", "2024-02-20T08:00", "2024-03-05T08:00").between(end="2024-03-01")) == [
        (0, 1), (1, 1),
    ]  # fmt: skip
