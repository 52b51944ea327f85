"""Carts that are left, against episodes found one by one."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

HOUR = 3600
EPOCH = dt.datetime(1970, 1, 1)


def read(rows, **roles):
    """Rows of (who, hour, event, product, value, device)."""
    names = ["who", "at", "what", "item", "money", "device"]
    columns = list(zip(*rows, strict=True)) if rows else [[]] * 6
    types = [pa.int64(), pa.int64(), pa.string(), pa.string(), pa.float64(), pa.string()]
    frame = pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)})
    frame = frame.set_column(1, "at", pa.array([at * HOUR for at in frame["at"].to_pylist()], pa.int64()))
    return ff.Events(
        frame,
        customer="who",
        time="at",
        event="what",
        product="item",
        value="money",
        device="device",
        time_unit="s",
        **roles,
    )


def episodes(rows, *, window, recover, same=False):  # noqa: C901
    """Every episode as (who, start, status, stage, carts, money), one cart event after another."""
    groups, end = defaultdict(list), max((row[1] for row in rows), default=0)
    # At one instant cart, checkout and purchase are read in that order.
    for row in sorted(rows, key=lambda row: (row[1], ["cart", "checkout", "pay", "view"].index(row[2]))):
        if not same or row[3] is not None:
            groups[row[0], row[3] if same else None].append(row)
    found = []
    for (who, _), events in groups.items():
        carts = [n for n, event in enumerate(events) if event[2] == "cart"]
        for n in carts:
            before = [event for event in events[:n] if event[2] in {"cart", "pay"}]
            goes_on = before and before[-1][2] == "cart" and events[n][1] - before[-1][1] <= window
            if goes_on:
                continue
            members, last = [events[n]], events[n][1]
            bought = None
            for event in events[n + 1 :]:
                if event[1] - last > window:
                    break
                if event[2] == "pay":
                    bought = event[1]
                    break
                if event[2] == "cart":
                    last = event[1]
                members.append(event)
            status = "converted"
            if bought is None:
                later = [
                    event[1] for event in events if event[2] == "pay" and event[1] - last <= recover and event[1] > last
                ]
                status = "recovered" if later else "abandoned"
            # Of a window that is not over nothing is known, bought or not.
            status = status if end - last > window else "open"
            stage = "checkout" if any(event[2] == "checkout" for event in members) else "cart"
            mine = [event for event in members if event[2] == "cart"]
            found.append((who, events[n][1], status, stage, len(mine), sum(event[4] for event in mine)))
    return sorted(found)


@st.composite
def shops(draw):
    event = st.tuples(
        st.integers(0, 2), st.integers(0, 14), st.sampled_from(["cart", "cart", "checkout", "pay", "view"]),
        st.sampled_from(["x", "y", None]), st.sampled_from([1.0, 2.5]), st.sampled_from(["web", "app", None]),
    )  # fmt: skip
    return draw(st.lists(event, max_size=16))


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@settings(max_examples=300, deadline=None)
@given(rows=shops(), window=st.sampled_from([1, 3]), recover=st.sampled_from([3, 6]), same=st.booleans())
def test_episodes_are_those_found_one_by_one(rows, window, recover, same):
    log = read(rows)
    left = log.abandonment(
        "cart", "checkout", "pay", window=f"{window}h", recover_within=f"{recover}h", same=["product"] if same else None,
        value="value",
    )  # fmt: skip
    ours = [
        (
            row["who"],
            (row["start"] - EPOCH) // dt.timedelta(hours=1),
            row["status"],
            row["stage"],
            row["carts"],
            row["money"],
        )
        for row in left.episodes.to_arrow().to_pylist()
    ]
    expected = episodes(rows, window=window, recover=recover, same=same)
    assert sorted(ours) == expected
    row = left.to_arrow().to_pylist()[0]
    for status in ("converted", "recovered", "abandoned", "open"):
        assert row[status] == sum(episode[2] == status for episode in expected)
    known = row["episodes"] - row["open"]
    assert row["rate"] == (pytest.approx((known - row["converted"]) / known) if known else None)
    money = sum(e[5] for e in expected if e[2] == "abandoned")
    assert row["money_left"] == (pytest.approx(money) if expected else None)
    assert sum(left.stages.to_arrow()["abandoned"].to_pylist()) == row["abandoned"]


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_the_docstring_is_the_test():
    rows = re.findall(r"^\s+([cop][cop. ]*?)  +([a-z, ]+)$", ff.Events.abandonment.__doc__, re.MULTILINE)
    assert len(rows) == 10
    names = {"c": "cart", "o": "checkout", "p": "pay"}
    for signs, statuses in rows:
        ticks = signs.split()
        log = [(1, hour, names[sign], None, 1.0, None) for hour, sign in enumerate(ticks) if sign != "."]
        log.append((2, len(ticks) - 1, "view", None, None, None))
        left = read(log).abandonment("cart", "checkout", "pay", window="2h", recover_within="5h")
        assert ", ".join(left.episodes.to_arrow()["status"].to_pylist()) == statuses, signs


def test_what_is_beside_an_episode():
    rows = [
        (1, 0, "cart", "x", 1.0, None), (1, 1, "checkout", "x", None, "web"), (1, 2, "pay", "x", 1.0, "web"),
        (1, 50, "cart", "y", 4.0, "app"), (2, 60, "view", None, None, None),
    ]  # fmt: skip
    left = read(rows).abandonment("cart", "checkout", "pay", window="2h", by="device", value="value")
    table = left.episodes.to_arrow().to_pylist()
    assert [(row["device"], row["first_time_buyer"], row["checkout_pages"]) for row in table] == [
        ("web", True, 1), ("app", False, 0),
    ]  # fmt: skip
    assert [(row["device"], row["rate"], row["money_left"]) for row in left.to_arrow().to_pylist()] == [
        ("app", 1.0, 4.0), ("web", 0.0, 0.0),
    ]  # fmt: skip
    before = read(rows).between("1970-01-02").abandonment("cart", None, "pay", window="2h")
    assert before.episodes.num_rows == 1


def planted(customers=6_000, seed=3):
    """Carts of which those in the app are left with twice the odds, those with a fee with three times."""
    random = np.random.default_rng(seed)
    rows, truth = [], []
    for who in range(customers):
        app, fee = random.random() < 0.5, float(random.integers(0, 2))
        odds = 0.5 * (2 if app else 1) * (3 if fee else 1)
        left = random.random() < odds / (1 + odds)
        rows.append((who, 0, "cart", None, fee, "app" if app else "web"))
        if not left:
            rows.append((who, 1, "pay", None, None, None))
        truth.append((app, fee, left))
    rows.append((customers, 999, "view", None, None, None))
    return rows, truth


def test_features_tell_what_goes_with_it():
    rows, truth = planted()
    left = read(rows).abandonment(window="2h", features=["device", "value", "first_time_buyer"])
    table = {(row["feature"], row["level"]): row for row in left.features.to_arrow().to_pylist()}
    app = [gone for device, _, gone in truth if device]
    assert table["device", "app"]["rate"] == pytest.approx(np.mean(app))
    assert table["device", "app"]["episodes"] == len(app)
    assert table["device", "app"]["lift"] == pytest.approx(np.mean(app) / np.mean([gone for *_, gone in truth]))
    for key, odds in ((("device", "app"), 2), (("value", "1.0"), 3)):
        row, other = table[key], next(r for k, r in table.items() if k[0] == key[0] and k != key)
        found = [row["odds_ratio"] / other["odds_ratio"]]
        # The level that is most frequent is the reference: one of the two odds ratios is 1.
        assert 1.0 in {row["odds_ratio"], other["odds_ratio"]}
        assert odds / 1.35 < found[0] < odds * 1.35
        assert row["p_adjusted"] < 1e-6
    assert table["first_time_buyer", "True"]["odds_ratio"] == 1.0


def test_columns_go_by_role_or_by_name_and_unknown_events_are_said():
    rows = [(1, 0, "cart", "x", 2.0, "web"), (1, 1, "pay", "x", None, None), (2, 0, "cart", "y", 3.0, "app")]
    left = read(rows).abandonment(window="30m", by="item", features=["money", "product"])
    assert [row["item"] for row in left.to_arrow().to_pylist()] == ["x", "y"]
    assert {row["feature"] for row in left.features.to_arrow().to_pylist()} == {"money", "product"}
    with pytest.warns(ff.FootfallWarning, match='no event is named "basket"; the log has cart, pay'):
        read(rows).abandonment("basket")


def test_limits_and_errors():
    log = read([(1, 0, "cart", None, 1.0, "web")])
    with pytest.raises(ff.ColumnError, match="nothing"):
        log.abandonment(by="nothing")
    with pytest.raises(TypeError, match=r"same=\[\'product\'\]"):
        log.abandonment(same="product")
    with pytest.raises(ValueError, match='give "customer" or "session"'):
        log.abandonment(unit="visit")
    with pytest.raises(ff.ColumnError, match="session"):
        log.abandonment(unit="session")


def test_attributes_and_results_break_carts_down_too():
    shop = ff.datasets.make_shop(800, seed=3)
    customers = ff.Customers(shop.customers, customer="customer", region="region")
    log = ff.Events(shop.events, customer="customer", time="time", event="event").with_customers(customers)
    whole = log.abandonment("cart", "checkout", "pay").to_polars()
    orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    region = {
        row["customer"]: row["region"] for row in pa.table(shop.customers).select(["customer", "region"]).to_pylist()
    }
    for by in ("region", orders.rfm()["segment"], ["region", orders.rfm()["r"]]):
        apart = log.abandonment("cart", "checkout", "pay", by=by, features=["region"])
        assert apart.to_polars()["episodes"].sum() == whole["episodes"].item()
        assert apart.to_polars()["abandoned"].sum() == whole["abandoned"].item()
    rows = log.abandonment("cart", "checkout", "pay", by="region").episodes.to_polars()
    assert [str(value) for value in rows["region"]] == [region[customer] for customer in rows["customer"]]
    with pytest.raises(ff.ColumnError, match="regoin"):
        log.abandonment("cart", None, "pay", by="regoin")


def shop_of(days, share=0.7, customers=20_000, seed=11):
    """Carts at any time of some days, of which a share is left; the others are bought within the hours after."""
    random = np.random.default_rng(seed)
    start = random.uniform(0, days * 86_400, customers)
    bought = start + random.uniform(0, 10 * HOUR, customers)
    paid = (random.random(customers) >= share) & (bought < days * 86_400)
    who = np.arange(customers)
    frame = pl.DataFrame(
        {
            "who": np.concatenate([who, who[paid]]),
            "at": np.concatenate([start, bought[paid]]).astype("int64"),
            "what": ["cart"] * customers + ["pay"] * int(paid.sum()),
        }
    )
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s")


def test_the_rate_is_not_biased_near_the_end_of_the_data():
    row = shop_of(7).abandonment().to_arrow().to_pylist()[0]
    assert row["rate_low"] < 0.7 < row["rate_high"]
    assert row["rate_high"] - row["rate_low"] < 0.02
    assert row["converted"] + row["recovered"] + row["abandoned"] + row["open"] == row["episodes"]
    # In one day no window of a day is over: nothing is known, of what was bought neither.
    row = shop_of(1).abandonment().to_arrow().to_pylist()[0]
    assert (row["open"], row["converted"], row["rate"]) == (row["episodes"], 0, None)


def test_recovery_counts_where_its_time_is_over():
    rows = [(1, 0, "cart"), (1, 4, "pay"), (2, 0, "cart"), (3, 40, "cart"), (3, 44, "pay"), (4, 50, "view")]
    log = read([(*row, None, None, None) for row in rows])
    # By hand: of the first two 30 hours are over, one came back; of the third it would be known too early.
    row = log.abandonment(window="2h", recover_within="30h").to_arrow().to_pylist()[0]
    assert (row["recovered"], row["abandoned"], row["recovery_rate"]) == (2, 1, 0.5)


def test_at_one_instant_a_purchase_comes_after_its_cart():
    for order in (["cart", "checkout", "pay"], ["pay", "checkout", "cart"], ["checkout", "pay", "cart"]):
        rows = [(1, 5, what, None, 1.0, "web") for what in order] + [(2, 50, "view", None, None, None)]
        left = read(rows).abandonment("cart", "checkout", "pay", window="2h")
        episode = left.episodes.to_arrow().to_pylist()[0]
        assert (left.episodes.num_rows, episode["status"], episode["stage"]) == (1, "converted", "checkout")


def test_a_cart_that_was_emptied_is_neither_left_nor_bought():
    def statuses(*events):
        rows = [(1, hour, what, product, 1.0, None) for hour, (what, product) in enumerate(events)]
        rows.append((2, 99, "pay", None, None, None))
        left = read(rows).abandonment("cart", None, "pay", window="3h", removed="remove")
        return left.episodes.to_arrow()["status"].to_pylist(), left.to_arrow().to_pylist()[0]

    found, row = statuses(("cart", "x"), ("remove", "x"))
    assert (found, row["emptied"], row["rate"]) == (["emptied"], 1, None)
    # One of two is left in it; what was never in it empties nothing.
    assert statuses(("cart", "x"), ("cart", "y"), ("remove", "x"))[0] == ["abandoned"]
    assert statuses(("cart", "x"), ("cart", "x"), ("remove", "x"))[0] == ["abandoned"]
    assert statuses(("cart", "x"), ("remove", "y"))[0] == ["abandoned"]
    assert statuses(("cart", "x"), ("cart", "y"), ("remove", "y"), ("remove", "x"), ("cart", "z"), ("pay", "z"))[0] == [
        "emptied", "converted",
    ]  # fmt: skip
    # A purchase of nothing brings no emptied cart back.
    assert statuses(("cart", "x"), ("remove", "x"), ("pay", "z"))[0] == ["emptied"]


def test_no_money_in_a_cart_is_no_zero():
    rows = [(1, 0, "cart", None, None, "web"), (2, 0, "cart", None, 3.0, "app"), (2, 1, "cart", None, None, "app")]
    left = read([*rows, (3, 99, "pay", None, None, None)]).abandonment(window="2h", value="value", by="device")
    assert [(row["device"], row["money_left"]) for row in left.to_arrow().to_pylist()] == [("app", 3.0), ("web", None)]
    assert left.episodes.to_arrow()["money"].to_pylist() == [None, 3.0]


def separated(without=()):
    """Episodes by device and fee, and how many of them are left: all on the television."""
    cells = {("app", 0.0): (40, 12), ("web", 0.0): (60, 30), ("tv", 0.0): (9, 9),
             ("app", 1.0): (50, 25), ("web", 1.0): (45, 30), ("tv", 1.0): (6, 6)}  # fmt: skip
    rows, who = [], 0
    for (device, fee), (episodes, left) in cells.items():
        for at in range(episodes if device not in without else 0):
            who += 1
            rows.append((who, 0, "cart", None, fee, device))
            if at >= left:
                rows.append((who, 1, "pay", None, None, None))
    rows.append((0, 99, "view", None, None, None))
    return read(rows).abandonment(window="2h", features=["device", "value"]).features.to_arrow().to_pylist()


def test_a_level_that_separates_is_fitted_with_firths_penalty():
    # firthmodels 0.8.2, FirthLogisticRegression(gtol=1e-13, xtol=1e-13) on the same table: exp(coef_) and
    # exp(coef_ -+ 1.96 bse_).
    golden = {
        "app": (0.4697558234, 0.2613383604, 0.8443863095),
        "tv": (25.0261831683, 1.4638076136, 427.8634966522),
        "1.0": (2.1160729512, 1.1819139521, 3.7885708405),
    }
    found = {row["level"]: row for row in separated()}
    for level, (odds, low, high) in golden.items():
        row = found[level]
        assert (row["odds_ratio"], row["odds_low"], row["odds_high"]) == pytest.approx((odds, low, high), rel=1e-6)
        assert row["method"] == "Firth's penalty"


def test_without_a_level_that_separates_it_is_maximum_likelihood():
    # statsmodels 0.15.0 Logit, cov_type="cluster" without its correction, errors by n / (n - 1): exp(params -+ 1.96 bse).
    found = {row["level"]: row for row in separated(without=["tv"])}
    assert found["app"]["method"] == "maximum likelihood"
    assert (found["app"]["odds_ratio"], found["app"]["odds_low"], found["app"]["odds_high"]) == pytest.approx(
        (0.46328406, 0.25602082, 0.83833856), rel=1e-6
    )
    both = [(who, 0, "cart", None, 1.0, "web" if who % 2 else "app") for who in range(40)]
    left = read([*both, (99, 99, "pay", None, None, None)]).abandonment(window="2h", features=["device", "value"])
    # All were left: nothing tells what goes with it.
    assert {row["method"] for row in left.features.to_arrow().to_pylist() if row["odds_ratio"] != 1} == {None}
