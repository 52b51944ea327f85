"""Hours and weekdays: counts by the wall clock, planted peaks found, none in a flat day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import footfall as ff


def log(times, customers, **options):
    frame = pl.DataFrame({"who": customers, "at": times, "what": ["view"] * len(times)})
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s", **options)


def drawn(weights, count, seed, days=60):
    """Times of events over some days, the hours by weight."""
    random = np.random.default_rng(seed)
    hours = random.choice(24, size=count, p=np.array(weights) / sum(weights))
    return 1_704_067_200 + random.integers(0, days, count) * 86_400 + hours * 3600 + random.integers(0, 3600, count)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Shanghai", "America/New_York"])
def test_counts_are_those_of_pandas_where_the_clock_changes(zone):
    random = np.random.default_rng(2)
    # A year, with both changes of the clock in it.
    times = 1_704_067_200 + random.integers(0, 366 * 86_400, 20_000)
    who = random.integers(0, 500, 20_000)
    rhythm = log(times, who, timezone=zone).rhythm()
    local = pd.to_datetime(times, unit="s", utc=True).tz_convert(zone)
    frame = pd.DataFrame({"hour": local.hour, "weekday": local.day_of_week + 1, "who": who})
    table = rhythm.to_arrow().to_pydict()
    assert table["events"] == frame.groupby("hour").size().tolist()
    assert table["customers"] == frame.groupby("hour")["who"].nunique().tolist()
    assert sum(table["share"]) == pytest.approx(1)
    weekdays = rhythm.weekdays.to_arrow().to_pydict()
    assert weekdays["events"] == frame.groupby("weekday").size().tolist()
    assert weekdays["customers"] == frame.groupby("weekday")["who"].nunique().tolist()
    # The hours that passed, one by one.
    passed = pd.date_range(local.min().floor("h"), local.max().floor("h"), freq="h").hour.value_counts().sort_index()
    seen = np.array(table["events"]) / np.array(table["events_per_hour"])
    assert np.abs(seen - passed.to_numpy()).max() <= 1.25


def test_a_flat_day_has_no_peak():
    found = [log(drawn([1] * 24, 30_000, seed), range(30_000)).rhythm().peaks for seed in range(60)]
    # At the level 0.01, sixty flat days have a peak by chance with less than 0.6 expected; adjusted, far fewer.
    assert sum(map(bool, found)) <= 2


def test_planted_peaks_are_found():
    weights = [1 + 2 * np.exp(-((hour - 12) ** 2) / 4) + 3 * np.exp(-((hour - 20) ** 2) / 4) for hour in range(24)]
    rhythm = log(drawn(weights, 30_000, 1), range(30_000)).rhythm()
    assert rhythm.peaks == [12, 20]
    assert 1 <= rhythm.overdispersion < 1.2
    one = [1 + 3 * np.exp(-((hour - 3) ** 2) / 4) for hour in range(24)]
    assert log(drawn(one, 30_000, 2), range(30_000)).rhythm().peaks == [3]


def test_days_that_differ_in_shape_need_more():
    # All events of a day in one burst: many, but they tell no more than the days do.
    random = np.random.default_rng(5)
    bursts = random.integers(0, 24, 30)
    times = np.repeat(1_704_067_200 + np.arange(30) * 86_400 + bursts * 3600, 500) + random.integers(0, 3600, 15_000)
    rhythm = log(times, range(15_000)).rhythm()
    assert rhythm.overdispersion > 100
    assert rhythm.peaks == []


def test_favourite_hours_of_customers_are_no_peaks_of_the_day():
    # 200 customers, each a hundred times in one hour of their own: another 200 would have other hours.
    found = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        who = np.repeat(np.arange(200), 100)
        hours = random.integers(0, 24, 200)[who]
        times = (
            1_704_067_200
            + random.integers(0, 60, who.size) * 86_400
            + hours * 3600
            + random.integers(0, 3600, who.size)
        )
        found.append(log(times, who).rhythm().peaks)
    assert sum(map(bool, found)) <= 2
    # One customer alone tells of no other; many with one favourite hour do.
    assert log(drawn([1] * 12 + [9] + [1] * 11, 3_000, 1), [1] * 3_000).rhythm().peaks == []
    shared = np.where(np.arange(200) % 2, 12, random.integers(0, 24, 200))[who]
    times = 1_704_067_200 + random.integers(0, 60, who.size) * 86_400 + shared * 3600
    assert log(times, who).rhythm().peaks == [12]


def test_the_sample_shop_has_its_two_peaks():
    shop = ff.datasets.make_shop(5_000, seed=1)
    visits = ff.Events(shop.events, customer="customer", time="time", event="event")
    assert len(visits.rhythm().peaks) == 2
    assert len(visits.rhythm("view").peaks) == 2
    # Without them customers come evenly through the waking hours, which are one rise.
    even = ff.datasets.make_shop(5_000, seed=1, without=["two_peaks"])
    assert len(ff.Events(even.events, customer="customer", time="time", event="event").rhythm().peaks) <= 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_plot(language):
    chart = log(drawn([1] * 24, 100, 1), [1] * 100).rhythm().plot(language=language)
    picture = chart._repr_mimebundle_()["image/svg+xml"]
    assert (">Mon<" if language == "en" else ">周一<") in picture


def test_an_empty_log_and_an_unknown_event():
    nothing = np.array([], dtype=np.int64)
    empty = log(nothing, nothing).rhythm()
    assert (empty.peaks, sum(empty.to_arrow()["events"].to_pylist())) == ([], 0)
    with pytest.raises(ValueError, match='no event of the log is named "pay"'):
        log([0], [1]).rhythm("pay")


def test_events_per_hour_go_by_quarters_of_an_hour():
    # By hand: 00:00 to 01:30 are four quarters of hour 0 and two of hour 1.
    rows = log([600, 4_800, 5_000], [1, 1, 2]).rhythm().to_arrow().to_pylist()
    assert [(row["events"], row["events_per_hour"]) for row in rows[:3]] == [(1, 1.0), (2, 4.0), (0, None)]
