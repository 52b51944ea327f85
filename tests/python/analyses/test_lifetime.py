"""What each customer will be worth: histories, values and backtests, against Polars and sums by day."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall.datasets.cdnow import CDNOW

MODELS = ["mbg", "bg", "pareto"]


@pytest.fixture(scope="module")
def orders():
    return ff.datasets.load_cdnow()


def counted(frame, end):
    """Histories up to a day, by Polars: purchases of a day are one; refunds lower the money of repeats."""
    frame = frame.filter(pl.col("day") <= end)
    bought = frame.filter(pl.col("amount") >= 0)
    first = bought.group_by("who").agg(first=pl.col("day").min())
    frame = frame.join(first, on="who")
    money = frame.group_by("who").agg(all=pl.col("amount").sum())
    at_first = frame.filter(pl.col("day") == pl.col("first")).group_by("who").agg(start=pl.col("amount").sum())
    days = bought.group_by("who").agg(
        repeats=pl.col("day").n_unique().cast(pl.Int64) - 1,
        last_seen=(pl.col("day").max() - pl.col("day").min()).dt.total_days(),
        age=(pl.lit(end) - pl.col("day").min()).dt.total_days(),
    )
    joined = days.join(money, on="who").join(at_first, on="who").sort("who")
    return joined.with_columns(mean=(pl.col("all") - pl.col("start")) / pl.col("repeats"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_histories_are_those_of_polars(seed):
    random = np.random.default_rng(seed)
    rows = int(random.integers(60, 400))
    frame = pl.DataFrame(
        {
            "who": random.integers(0, 40, rows),
            "day": [dt.date(2024, 1, 1) + dt.timedelta(days=int(day)) for day in random.integers(0, 90, rows)],
            "amount": np.round(random.normal(30, 25, rows), 2),
        }
    )
    end = frame["day"].max()
    with pytest.MonkeyPatch.context() as patch:
        # Few rows tell little of a model; here the histories matter.
        patch.setattr("footfall.analyses.lifetime.warn", lambda *_: None)
        life = ff.Orders(frame, customer="who", time="day", amount="amount").lifetime("30d")
    expected = counted(frame, end)
    assert (
        life.to_polars()
        .select("who", "repeats", "last_seen", "age")
        .equals(expected.select("who", "repeats", "last_seen", "age"))
    )
    if life.spending is not None:
        kept = expected.filter((pl.col("repeats") > 0) & (pl.col("mean") > 0))
        amounts = dict(life.to_polars().select("who", "expected_amount").rows())
        told = life.spending.expected_amount(kept["repeats"].to_numpy(), kept["mean"].to_numpy())
        assert [amounts[who] for who in kept["who"]] == pytest.approx(told.tolist(), rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_the_table_is_what_the_model_says(orders, model):
    life = orders.lifetime("180d", model=model, discount=0.15, margin=0.4)
    table = life.to_polars()
    history = [table[name].to_numpy().astype(float) for name in ("repeats", "last_seen", "age")]
    assert table["p_alive"].to_numpy() == pytest.approx(life.model.p_alive(*history))
    assert table["expected_orders"].to_numpy() == pytest.approx(life.model.expected_orders(180, *history))
    assert table["next_order_median"].to_numpy() == pytest.approx(life.model.time_to_next(*history))
    # The value by hand: each day's purchases, discounted to the end of the data.
    some = [column[:40] for column in history]
    steps = [life.model.expected_orders(day, *some) for day in np.arange(0, 180.5, 0.5)]
    weight = 1.15 ** (-(np.arange(360) / 2 + 0.25) / 365)
    by_hand = (np.diff(steps, axis=0) * weight[:, None]).sum(axis=0) * table["expected_amount"].to_numpy()[:40] * 0.4
    assert table["value"].to_numpy()[:40] == pytest.approx(by_hand, rel=1e-6)
    plain = orders.lifetime("180d", model=model, discount=0.0).to_polars()
    assert plain["value"].to_numpy() == pytest.approx((plain["expected_orders"] * plain["expected_amount"]).to_numpy())


def test_a_later_day_is_less_likely(orders):
    life = orders.lifetime()
    now, later = (life.p_alive_at(day).to_polars()["p_alive"] for day in ("1998-06-30", "1999-06-30"))
    assert now.to_numpy() == pytest.approx(life.to_polars()["p_alive"].to_numpy())
    table = life.to_polars()
    history = [table[name].to_numpy().astype(float) for name in ("repeats", "last_seen", "age")]
    assert later.to_numpy() == pytest.approx(life.model.p_alive(*history, ahead=365))
    assert (later < now).all()


def test_the_period_is_the_end_of_observation(orders):
    life = orders.between(None, "1997-10-01").lifetime(model="bg")
    # As BTYD and lifetimes fit it, in weeks.
    assert life.model.parameters["alpha"] / 7 == pytest.approx(4.4136, abs=2e-4)
    assert life.to_polars()["age"].max() == 272
    # What came before the period stays known.
    late = orders.between("1997-07-01", "1997-10-01").lifetime(model="bg")
    assert late.model.parameters == life.model.parameters


@pytest.mark.parametrize("model", MODELS)
def test_a_backtest_sees_nothing_of_the_future(orders, model):
    test = orders.lifetime(model=model).backtest("1997-10-01")
    frame = pl.read_parquet(CDNOW).select(who="customer_id", day=pl.col("date").cast(pl.Date), amount="amount")
    split, end = dt.date(1997, 10, 1), dt.date(1998, 6, 30)
    before = counted(frame, dt.date(1997, 9, 30))
    after = (
        frame.filter(pl.col("day") >= split)
        .group_by("who")
        .agg(orders=pl.col("day").n_unique().cast(pl.Float64), money=pl.col("amount").sum())
    )
    expected = (
        before.join(after, on="who", how="left").sort("who").with_columns(pl.col("orders", "money").fill_null(0.0))
    )
    found = test.to_polars()
    assert found["customer_id"].to_list() == expected["who"].to_list()
    assert found["repeats"].equals(expected["repeats"])
    assert found["orders"].to_list() == expected["orders"].to_list()
    assert found["money"].to_numpy() == pytest.approx(expected["money"].to_numpy())
    known = orders.between(None, split).lifetime(f"{(end - split).days + 1}d", model=model).to_polars()
    assert found["expected_orders"].to_numpy() == pytest.approx(known["expected_orders"].to_numpy())
    totals = test.totals.to_polars()
    assert totals["actual"][0] == expected["orders"].sum() == 1882
    assert totals["expected_ratio"][0] == pytest.approx(0.87, abs=0.06)
    # The model is nearer than "as often as before", customer by customer and in sum.
    assert totals["expected_error"][0] < 0.8 * totals["naive_error"][0]
    assert abs(totals["expected_ratio"][0] - 1) < abs(totals["naive_ratio"][0] - 1)
    by_repeats = test.by_repeats.to_polars()
    assert by_repeats["customers"].sum() == 2357
    assert by_repeats["actual"][0] == pytest.approx(expected.filter(pl.col("repeats") == 0)["orders"].mean())
    deciles = test.deciles.to_polars()
    assert deciles["customers"].sum() == 2357
    assert set(deciles["customers"]) == {235, 236}
    assert deciles["lift"][0] > 3
    weeks = test.weeks.to_polars()
    repeats = frame.unique(["who", "day"]).filter(pl.col("day") > pl.col("day").min().over("who"))
    last = weeks["week"][-1]
    assert weeks["actual"][-1] == repeats.filter(pl.col("day") <= last).height
    ages = (pl.Series([last]) - frame.group_by("who").agg(pl.col("day").min())["day"]).dt.total_days().to_numpy()
    mbg = {"mbg": ff.MbgNbd, "bg": ff.BgNbd, "pareto": ff.ParetoNbd}[model]
    parameters = orders.between(None, split).lifetime(model=model).model.parameters
    assert weeks["expected"][-1] == pytest.approx(mbg(**parameters).expected_orders_new(ages.astype(float)).sum())


def test_the_planted_process_is_found():
    shop = ff.datasets.make_shop(30_000, seed=4, without=["repurchase_drivers", "falling_retention", "tiers"])
    truth = {
        row["measure_"]: row["size"]
        for row in pl.DataFrame(shop.truth)
        .filter(pl.col("truth") == "purchase_process")
        .with_columns(measure_=pl.col("place"))
        .to_dicts()
    }
    log = ff.Orders(
        shop.orders,
        customer="customer",
        time="time",
        amount="amount",
        order_id="order_id",
        status="status",
        cancelled=["cancelled"],
    )
    life = log.lifetime()
    assert life.model.fit_result.converged
    # A fifth of slack: what the shop plants beside the process (levels, delivery, refunds) moves it a little.
    assert life.model.parameters["r"] == pytest.approx(truth["r"], rel=0.2)
    rate = life.model.parameters["r"] / life.model.parameters["alpha"]
    assert rate == pytest.approx(truth["r"] / truth["alpha"], rel=0.2)


def test_bits_do_not_depend_on_threads_rows_or_memory(orders):
    frame = pl.read_parquet(CDNOW)
    roles = {"customer": "customer_id", "time": "date", "amount": "amount"}
    before = ff.options.threads
    tables = []
    for threads, rows, limit in (
        (1, frame, None),
        (2, frame.reverse(), None),
        (3, frame.sample(fraction=1, shuffle=True, seed=1), "1MiB"),
    ):
        ff.options.threads = threads
        tables.append(ff.Orders(rows, **roles, memory_limit=limit).lifetime().to_polars())
    ff.options.threads = before
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def test_refunds_and_few_customers():
    rows = [("a", "2024-01-01", 10.0), ("a", "2024-02-01", 20.0), ("a", "2024-02-03", -20.0), ("b", "2024-01-05", 5.0)]
    frame = pd.DataFrame(rows, columns=["who", "day", "amount"])
    with pytest.warns(ff.FootfallWarning, match="are not identified by the data"):
        life = ff.Orders(frame, customer="who", time="day", amount="amount").lifetime(model="mbg")
    # The refund is no purchase, and what came back came to nothing.
    assert life.table["repeats"].tolist() == [1, 0]
    assert life.spending is None
    assert "too few came back" in repr(life)
    assert life.table["expected_amount"].tolist() == pytest.approx([7.5, 7.5])
    single = pd.DataFrame([("a", "2024-01-01", 1.0)], columns=["who", "day", "amount"])
    with pytest.raises(ff.DataError, match="bought before the last day"):
        ff.Orders(single, customer="who", time="day", amount="amount").lifetime()


def test_a_shop_without_a_mean_says_so():
    random = np.random.default_rng(2)
    customers, repeats = 400, 6
    scale = random.gamma(0.6, 1 / 50, customers)
    amount = random.gamma(3, 1, (customers, repeats)) / scale[:, None]
    frame = pl.DataFrame(
        {
            "who": np.repeat(np.arange(customers), repeats),
            "day": [
                dt.date(2024, 1, 1) + dt.timedelta(days=int(day))
                for day in random.integers(0, 300, customers * repeats)
            ],
            "amount": amount.ravel(),
        }
    )
    frame = pl.concat([frame, pl.DataFrame({"who": [9999], "day": [dt.date(2024, 2, 2)], "amount": [10.0]})])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footfall.analyses.lifetime.warn", lambda *_: None)
        life = ff.Orders(frame, customer="who", time="day", amount="amount").lifetime()
    assert life.spending.parameters["q"] < 1
    assert "q is at most 1" in repr(life)
    assert math.isfinite(life.to_polars()["value"].sum())


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ValueError, 'model="nbd": give', lambda log: log.lifetime(model="nbd")),
        (ValueError, "discount=-1", lambda log: log.lifetime(discount=-1)),
        (ValueError, "margin=0", lambda log: log.lifetime(margin=0)),
        (ValueError, "horizon='year' is not a duration", lambda log: log.lifetime("year")),
        (ValueError, "split= lies before the first purchase", lambda log: log.lifetime().backtest("1990-01-01")),
        (TypeError, "horizon=None: give a duration", lambda log: log.lifetime(None)),
        (ValueError, "split= lies on the day after the first", lambda log: log.lifetime().backtest("1997-01-02")),
        (ValueError, "split= lies behind the last day", lambda log: log.lifetime().backtest("2020-01-01")),
        (ValueError, 'give "alive" or "value"', lambda log: log.lifetime().plot("map")),
        (TypeError, "takes a date", lambda log: log.lifetime().p_alive_at(None)),
        (ValueError, "at= lies before the end of the data", lambda log: log.lifetime().p_alive_at("1998-01-01")),
    ],
)
def test_bad_arguments_are_named(orders, error, message, call):
    with pytest.raises(error, match=message):
        call(orders)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_are_drawn(orders, language, tmp_path):
    life = orders.lifetime()
    test = life.backtest("1997-10-01")
    pictures = {kind: life.plot(kind, language=language) for kind in ("alive", "value")}
    pictures |= {kind: test.plot(kind, language=language) for kind in ("weeks", "repeats", "deciles")}
    for kind, chart in pictures.items():
        chart.save(tmp_path / f"{kind}.png")
        assert (tmp_path / f"{kind}.png").stat().st_size > 8_000
    assert life.parameters.num_rows == 7
    assert life.population.to_polars()["customers"].item() == 2357


def test_a_refund_of_the_first_order_does_not_lower_what_repeats_are_worth():
    rows = [(1, "2024-01-01", 100.0, 1, None), (1, "2024-02-01", 50.0, 2, None), (1, "2024-02-05", -40.0, 3, 1),
            (2, "2024-01-01", 1.0, 4, None)]  # fmt: skip
    frame = pl.DataFrame(rows, orient="row", schema=["who", "day", "amount", "id", "of"])
    roles = {"customer": "who", "time": "day", "amount": "amount", "order_id": "id"}

    def worth(**more):
        life = ff.Orders(frame, **roles, **more).lifetime(model="bg")
        return life.to_polars()["expected_amount"][0]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        # One repeat of 50: its mean is that of all repeats.
        assert worth(refund_of="of") == pytest.approx(50)
        # A refund that names no order falls on its own day.
        assert worth() == pytest.approx(10)


def one_time_buyers(repeats=0):
    days = [f"2024-01-{1 + at % 28:02d}" for at in range(100)] + ["2024-01-29"] * repeats
    frame = pl.DataFrame({"who": [*range(100), *range(repeats)], "day": days, "amount": [10.0] * (100 + repeats)})
    return ff.Orders(frame, customer="who", time="day", amount="amount")


def test_nothing_is_predicted_where_hardly_anyone_came_back():
    with pytest.warns(ff.FootfallWarning, match="fewer than ten customers came back, so that no model can tell"):
        life = one_time_buyers().lifetime()
    table = life.to_polars()
    for name in ("p_alive", "expected_orders", "value", "next_order_median", "next_order_mean"):
        assert table[name].null_count() == 100
    assert table["expected_amount"].to_list() == [10.0] * 100
    assert "no predictions: fewer than ten customers came back" in repr(life)
    assert life.population.rows()[0][1:4] == (None, None, None)
    # Asked for by name: each says what it says.
    with pytest.warns(ff.FootfallWarning, match="Predictions are not usable"):
        assert one_time_buyers().lifetime(model="bg").to_polars()["p_alive"].min() > 0.99
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        assert one_time_buyers(10).lifetime().to_polars()["value"].null_count() == 0


def test_whether_predictions_are_usable_is_tested():
    # One rate for all: r and alpha are not identified, and what is expected hardly depends on them.
    random = np.random.default_rng(3)
    age = np.full(4_000, 300.0)
    repeats = random.poisson(3.0, 4_000).astype(float)
    last = np.where(repeats > 0, 300.0 * random.beta(np.maximum(repeats, 1), 1.0), 0.0)
    with pytest.warns(ff.FootfallWarning, match=r"Predictions are usable: .* they change by \d%"):
        model = ff.BgNbd.fit(repeats, last, age)
    assert model.fit_result.usable
    assert model.fit_result.spread < 0.1
    with pytest.warns(ff.FootfallWarning, match="Predictions are not usable"):
        model = ff.BgNbd.fit(np.zeros(100), np.zeros(100), np.full(100, 30.0))
    assert not model.fit_result.usable


def test_the_expected_amount_falls_back_in_a_stated_order():
    # Three came back: too few for a model, so that others have the mean of all repeats (20, 40, 60).
    rows = [
        (who, f"2024-01-{1 + again:02d}", 20.0 * (who + 1) if again else 5.0) for who in range(3) for again in (0, 1)
    ]
    rows += [(9, "2024-01-01", 5.0), (10, "2024-02-01", 5.0)]
    frame = pl.DataFrame(rows, orient="row", schema=["who", "day", "amount"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        life = ff.Orders(frame, customer="who", time="day", amount="amount").lifetime()
    assert life.to_polars()["expected_amount"].to_list() == pytest.approx([40.0] * 5)
