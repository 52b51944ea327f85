"""Models of purchases and spending, against the papers, other programs, and simulated shops."""

from __future__ import annotations

import math
import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall.datasets.cdnow import CDNOW

KINDS = (ff.BgNbd, ff.MbgNbd, ff.ParetoNbd)


@pytest.fixture(scope="module")
def cdnow():
    """Histories of the first 39 weeks in weeks, and the means of the repeats; by pandas' way of counting, not ours."""
    days = (
        pl.read_parquet(CDNOW)
        .with_columns(day=pl.col("date").cast(pl.Date))
        .filter(pl.col("day") <= pl.date(1997, 9, 30))
        .group_by("customer_id", "day")
        .agg(pl.col("amount").sum())
        .sort("customer_id", "day")
    )
    found = days.group_by("customer_id", maintain_order=True).agg(
        repeats=pl.len() - 1,
        last=(pl.col("day").max() - pl.col("day").min()).dt.total_days() / 7,
        age=(pl.date(1997, 9, 30) - pl.col("day").min()).dt.total_days() / 7,
        mean=pl.col("amount").slice(1).mean(),
    )
    return tuple(found[name].to_numpy().astype(float) for name in ("repeats", "last", "age", "mean"))


# P. S. Fader, B. G. S. Hardie & K. L. Lee (2005); the test suites of BTYD, BTYDplus and CLVTools; lifetimes 0.11.3.
FITS = [
    (ff.BgNbd, {"r": 0.24260, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, -9582.429207),
    (ff.MbgNbd, {"r": 0.52484, "alpha": 6.18299, "a": 0.89136, "b": 1.61400}, -9582.1357),
    (ff.ParetoNbd, {"r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.67150}, -9594.9762),
]
ERRORS = {
    ff.BgNbd: {"r": 0.01256, "alpha": 0.37822, "a": 0.18572, "b": 0.70535},
    ff.ParetoNbd: {"r": 0.0476, "alpha": 0.8427, "s": 0.1873, "beta": 6.2105},
}


@pytest.mark.parametrize(("kind", "parameters", "likelihood"), FITS)
def test_cdnow_is_fitted_as_in_the_literature(cdnow, kind, parameters, likelihood):
    model = kind.fit(*cdnow[:3])
    assert model.fit_result.status == "converged"
    assert model.fit_result.decrement < 1e-6
    assert model.fit_result.customers == 2357
    for name, value in parameters.items():
        assert model.parameters[name] == pytest.approx(value, rel=4e-4)
    assert model.fit_result.log_likelihood == pytest.approx(likelihood, abs=2e-4)
    assert model.log_likelihood(*cdnow[:3]).sum() == pytest.approx(likelihood, abs=2e-4)
    for name, error in ERRORS.get(kind, {}).items():
        assert model.standard_errors[name] == pytest.approx(error, rel=2e-3)


def test_spending_is_fitted_as_in_the_literature(cdnow):
    repeats, mean = cdnow[0], cdnow[3]
    kept = repeats > 0
    assert kept.sum() == 946
    model = ff.GammaGamma.fit(repeats[kept], mean[kept])
    assert model.fit_result.log_likelihood == pytest.approx(-4055.9177, abs=1e-3)
    for name, value in {"p": 6.25, "q": 3.74, "gamma": 15.44}.items():
        assert model.parameters[name] == pytest.approx(value, abs=0.01)
    assert model.mean == pytest.approx(35.171, abs=2e-3)
    # The sheet of Fader & Hardie's note 025: its first ten customers, which stand in another order there.
    found = model.expected_amount(repeats, np.nan_to_num(mean))
    assert found[0] == pytest.approx(24.65, abs=0.01)
    for amount in (18.91, 35.17, 71.46, 27.28):
        assert np.abs(found - amount).min() < 0.006


def test_the_numbers_of_the_paper(cdnow):
    model = ff.BgNbd.fit(*cdnow[:3])
    # The spreadsheet of FHL, and the test suites of BTYD.
    assert ff.BgNbd(0.243, 4.414, 0.793, 2.426).expected_orders(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=5e-4)
    times = [0.1429, 1, 3, 31.8571, 32, 78]
    assert model.expected_orders_new(times) == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=6e-4)
    model = ff.BgNbd(0.243, 4.414, 0.793, 2.426)
    assert model.probability(0, 39) == pytest.approx(0.5737864, abs=1e-7)
    assert model.probability(10, 2) == pytest.approx(1.07869e-07, rel=1e-5)
    published = [0.0019995214, 0.0015170236, 0.0011633150, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913,
                 0.0003467171, 0.0002769613, 0.0002222260]  # fmt: skip
    assert model.probability(np.arange(11, 21), 30) == pytest.approx(published, rel=1e-6)


# lifetimes 0.11.3: history, chance to be alive, expected orders in 39 weeks.
PREDICTIONS = [
    (ff.MbgNbd(0.525, 6.183, 0.891, 1.614), (0, 0, 39), 0.38934764, 0.15343944844865084),
    (ff.MbgNbd(0.525, 6.183, 0.891, 1.614), (2, 30.43, 38.86), 0.70620226, 1.2629606232673432),
    (ff.MbgNbd(0.525, 6.183, 0.891, 1.614), (26, 30.86, 31.0), 0.96556614, 19.450722652158557),
    (ff.ParetoNbd(0.553, 10.578, 0.606, 11.669), (0, 0, 39), 0.29446703101458666, 0.1065267131766721),
    (ff.ParetoNbd(0.553, 10.578, 0.606, 11.669), (2, 30.43, 38.86), 0.8691675591530111, 1.4551231932576019),
    (ff.ParetoNbd(0.553, 10.578, 0.606, 11.669), (26, 30.86, 31.0), 0.9979187310551578, 20.117026077370543),
]


@pytest.mark.parametrize(("model", "history", "alive", "orders"), PREDICTIONS)
def test_predictions_are_those_of_lifetimes(model, history, alive, orders):
    assert model.p_alive(*history) == pytest.approx(alive, rel=3e-8)
    assert model.expected_orders(39, *history) == pytest.approx(orders, rel=1e-10)


@pytest.mark.parametrize("model", [ff.BgNbd(0.243, 4.414, 0.793, 2.426), *[row[0] for row in PREDICTIONS[2:4]]])
@pytest.mark.parametrize("time", [0.5, 39, 400])
def test_chances_add_up_to_one_and_to_the_mean(model, time):
    chances = model.probability(np.arange(20_000), time)
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert (chances * np.arange(20_000)).sum() == pytest.approx(model.expected_orders_new(time), rel=1e-6)


positive = st.floats(-3, 3).map(lambda exponent: 10.0**exponent)


@settings(max_examples=400, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    parameters=st.tuples(positive, positive, positive, positive),
    repeats=st.integers(0, 5_000),
    age=st.floats(0, 10_000),
    part=st.sampled_from([0.0, 1e-9, 0.3, 0.999, 1.0]),
    horizon=st.sampled_from([0.0, 1e-6, 7.0, 365.0, 36_500.0]),
)
def test_no_history_gives_nonsense(kind, parameters, repeats, age, part, horizon):
    model = kind(*parameters)
    history = (repeats, age * part if repeats else 0.0, age)
    assert math.isfinite(model.log_likelihood(*history))
    alive, later = model.p_alive(*history), model.p_alive(*history, ahead=horizon)
    assert 0 <= later <= alive * (1 + 1e-9) <= 1 + 1e-9
    orders = model.expected_orders(horizon, *history)
    assert math.isfinite(orders)
    assert orders >= 0
    # Nobody buys more often than without ever leaving.
    assert orders <= alive * horizon * (parameters[0] + repeats) / (parameters[1] + age) * (1 + 1e-6)
    assert 0 <= model.probability(min(repeats, 100), horizon) <= 1 + 1e-9
    assert model.time_to_next(*history) > 0


def simulate(kind, parameters, customers, seed):
    """Histories of customers who follow a model, day by exact time."""
    random = np.random.default_rng(seed)
    r, alpha, c, d = parameters
    age = random.uniform(200, 700, customers)
    rate = random.gamma(r, 1 / alpha, customers)
    leave = random.beta(c, d, customers) if kind is not ff.ParetoNbd else random.gamma(c, 1 / d, customers)
    repeats, last = np.zeros(customers), np.zeros(customers)
    life = random.exponential(1 / leave) if kind is ff.ParetoNbd else np.full(customers, np.inf)
    for at in range(customers):
        time, end = 0.0, min(age[at], life[at])
        if kind is ff.MbgNbd and random.random() < leave[at]:
            continue
        while True:
            time += random.exponential(1 / rate[at])
            if time > end:
                break
            repeats[at] += 1
            last[at] = time
            if kind is not ff.ParetoNbd and random.random() < leave[at]:
                break
    return repeats, last, age


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (ff.BgNbd, (0.8, 60.0, 0.7, 3.0)),
        (ff.MbgNbd, (0.8, 75.0, 0.6, 4.2)),
        (ff.ParetoNbd, (0.9, 50.0, 0.7, 120.0)),
    ],
)
def test_known_parameters_are_found_again(kind, parameters):
    model = kind.fit(*simulate(kind, parameters, 20_000, 11))
    assert model.fit_result.converged
    for (name, found), truth in zip(model.parameters.items(), parameters, strict=True):
        assert abs(found - truth) < 3.5 * model.standard_errors[name], (name, found, truth)


def test_weights_and_order_and_unit_do_not_matter(cdnow):
    repeats, last, age = (column[:600] for column in cdnow[:3])
    counts = np.arange(600) % 3
    twice = [np.repeat(column, counts) for column in (repeats, last, age)]
    weighted, plain = ff.MbgNbd.fit(repeats, last, age, counts), ff.MbgNbd.fit(*twice)
    assert weighted.parameters == pytest.approx(plain.parameters, rel=1e-6)
    assert ff.MbgNbd.fit(*(column[::-1] for column in twice)).parameters == plain.parameters
    days = ff.MbgNbd.fit(twice[0], twice[1] * 7, twice[2] * 7).parameters
    assert days["alpha"] == pytest.approx(7 * plain.parameters["alpha"], rel=1e-5)
    assert days["r"] == pytest.approx(plain.parameters["r"], rel=1e-5)


def test_threads_do_not_change_a_bit(cdnow):
    before = ff.options.threads
    found = []
    for threads in (1, 2, 5):
        ff.options.threads = threads
        found.append(ff.ParetoNbd.fit(*cdnow[:3]).parameters)
    ff.options.threads = before
    assert found[0] == found[1] == found[2]


def test_what_the_data_do_not_tell_is_said_and_not_raised():
    random = np.random.default_rng(3)
    age = random.uniform(100, 200, 3_000)
    # Nobody leaves, and all have one rate.
    repeats = random.poisson(0.05 * age).astype(float)
    last = np.where(repeats > 0, age * random.beta(np.maximum(repeats, 1), 1), 0.0)
    for kind in KINDS:
        with pytest.warns(ff.FootfallWarning, match="are not identified by the data"):
            model = kind.fit(repeats, last, age)
        assert model.fit_result.status == "not identified"
        assert model.fit_result.not_identified
        # What is foretold is sound all the same.
        orders = model.expected_orders(100, repeats, last, age)
        assert orders.mean() == pytest.approx(5, rel=0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        nobody = ff.MbgNbd.fit(np.zeros(500), np.zeros(500), np.full(500, 100.0))
    assert nobody.expected_orders(100, 0, 0, 100) < 0.01


def test_the_starts_do_not_matter(cdnow):
    """From the maximum no direction rises: the likelihood around it is lower by what the standard errors say."""
    model = ff.ParetoNbd.fit(*cdnow[:3])
    best = model.fit_result.log_likelihood
    for name, error in model.standard_errors.items():
        for side in (-1, 1):
            moved = ff.ParetoNbd(**{**model.parameters, name: model.parameters[name] + side * 0.2 * error})
            assert moved.log_likelihood(*cdnow[:3]).sum() < best


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ff.DataError, "whole numbers from 0", lambda: ff.BgNbd.fit([1.5], [2], [3])),
        (
            ff.DataError,
            r"between 0 and age=.*1 rows do not fit, the first at 1",
            lambda: ff.BgNbd.fit([1, 1], [2, 9], [3, 3]),
        ),
        (ff.DataError, "without a repeat the last purchase is the first", lambda: ff.BgNbd.fit([0], [2], [3])),
        (ValueError, "weights= are all 0", lambda: ff.BgNbd.fit([1], [2], [3], [0])),
        (ValueError, "weights= are all 0", lambda: ff.GammaGamma.fit([1], [2.0], [0])),
        (ff.DataError, "finite times", lambda: ff.BgNbd(1, 1, 1, 1).expected_orders_new(math.inf)),
        (ff.DataError, "mean_amount=-1", lambda: ff.GammaGamma(6, 4, 15).expected_amount([1, 2], [3.0, -1.0])),
        (ff.DataError, "finite", lambda: ff.BgNbd.fit([1], [math.nan], [3])),
        (ValueError, "arrays of one length", lambda: ff.BgNbd.fit([1, 2], [2], [3])),
        (ValueError, "at least one customer", lambda: ff.BgNbd.fit([], [], [])),
        (ValueError, "a positive number", lambda: ff.BgNbd(0, 1, 1, 1)),
        (ValueError, "horizon=-1", lambda: ff.BgNbd(1, 1, 1, 1).expected_orders(-1, 0, 0, 1)),
        (TypeError, r"repeats=\['a'\]: give numbers", lambda: ff.BgNbd.fit(["a"], [2], [3])),
        (ff.DataError, "more than 0", lambda: ff.GammaGamma.fit([1, 2], [3.0, 0.0])),
        (ff.DataError, "whole numbers from 1", lambda: ff.GammaGamma.fit([0, 2], [3.0, 1.0])),
        (ValueError, 'statistic="mode"', lambda: ff.BgNbd(1, 1, 1, 1).time_to_next(0, 0, 1, statistic="mode")),
    ],
)
def test_bad_input_is_named(error, message, call):
    with pytest.raises(error, match=message):
        call()


def test_any_library_and_single_numbers_are_taken():
    import pandas as pd

    model = ff.MbgNbd(0.5, 6.0, 0.9, 1.6)
    one = model.p_alive(2, 30.0, 40.0)
    assert isinstance(one, float)
    for make in (list, np.array, pd.Series, pl.Series):
        assert model.p_alive(make([2, 2]), make([30.0, 30.0]), 40.0).tolist() == [one, one]
    assert repr(model) == "MbgNbd(r=0.5, alpha=6, a=0.9, b=1.6)"
    # Lomax's median: half of those who have not left have bought by then.
    assert model.time_to_next(2, 30, 40) == pytest.approx(46 * (2 ** (1 / 2.5) - 1))
    assert model.time_to_next(2, 30, 40, statistic="mean") == pytest.approx(46 / 1.5)
    assert math.isinf(model.time_to_next(0, 0, 40, statistic="mean"))


def test_spending_of_few_or_wild_customers():
    random = np.random.default_rng(8)
    customers = 20_000
    p, q, gamma = 6.0, 4.0, 60.0
    repeats = random.integers(1, 9, customers).astype(float)
    scale = random.gamma(q, 1 / gamma, customers)
    mean = random.gamma(p * repeats) / (repeats * scale)
    model = ff.GammaGamma.fit(repeats, mean)
    for name, truth in {"p": p, "q": q, "gamma": gamma}.items():
        assert abs(model.parameters[name] - truth) < 3.5 * model.standard_errors[name]
    wild = random.gamma(p * repeats) / (repeats * random.gamma(0.7, 1 / gamma, customers))
    heavy = ff.GammaGamma.fit(repeats, wild)
    assert heavy.parameters["q"] < 1
    assert math.isinf(heavy.mean)
    assert np.isfinite(heavy.expected_amount(repeats, wild)).all()
    # Where p·x + q is at most 1 one purchase tells too little for a mean.
    assert math.isinf(ff.GammaGamma(0.2, 0.5, 10.0).expected_amount(1, 20.0))
    assert math.isfinite(ff.GammaGamma(0.2, 0.5, 10.0).expected_amount(4, 20.0))
