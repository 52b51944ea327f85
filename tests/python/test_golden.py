"""Every analysis and option group gives the values that it gave: one hash per result, for threads and memory alike.

The hash is of column names, types and values, not of how Arrow frames them. What an optimiser found (models, clusters)
is kept as numbers and compared to 1e-9, as the last digits of a logarithm belong to the machine. The values are no proof
of being right (other tests are); they show that a change of the code changed no number. Where a number is meant to
change, run this file as a script in the commit that changes it, and say why there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import footfall as ff
from footfall.datasets.cdnow import CDNOW

STORE = Path(__file__).with_name("golden.json")
STEPS = ["view", "cart", "order", "pay"]
MONEY = {"customer": "customer", "time": "time", "amount": "amount"}


class Data(NamedTuple):
    cdnow: ff.Orders
    orders: ff.Orders
    rows: ff.Orders
    events: ff.Events


def data(limit=None):
    shop = ff.datasets.make_shop(240, seed=11, dirt=0.03)
    people = ff.Customers(
        shop.customers, customer="customer", gender="gender", region="region", level="level", registered="registered"
    )
    log = ff.Events(
        shop.events, customer="customer", time="time", event="event", session="session", product="product",
        value="value", device="device", source="source", timezone="Europe/Berlin", memory_limit=limit,
    )  # fmt: skip
    orders = ff.Orders(
        shop.orders, **MONEY, order_id="order_id", product="product", category="category", quantity="quantity",
        status="status", cancelled=["cancelled"], refund_of="refund_of", timezone="Asia/Shanghai", memory_limit=limit,
    )  # fmt: skip
    return Data(
        ff.Orders(CDNOW, customer="customer_id", time="date", amount="amount", quantity="quantity", memory_limit=limit),
        orders.with_customers(people),
        ff.Orders(shop.orders, **MONEY, refunds="drop", memory_limit=limit),
        log.with_customers(people),
    )


def rfm_cases(of):
    rfm = of.orders.rfm(segments="tiers")
    yield "rfm", [rfm, rfm.segments, rfm.concentration, rfm.customers("lost")]
    yield "rfm cdnow", [of.cdnow.rfm(), of.cdnow.rfm().segments]
    yield "rfm days", [of.orders.rfm("2024-06-30", lookback="200d", frequency="days", monetary="mean", scores=5)]
    yield "rfm octants", [of.rows.rfm(segments="octants", frequency="rows", scores=7, language="zh")]
    rules = [ff.Rule("vip", r=(4, 5), f=(4, 5)), ff.Rule("big", where=[("monetary_total", ">=", 500)])]
    yield (
        "rfm rules",
        [of.orders.rfm(segments=ff.Segments(rules, default="other", overlaps="first"), weights=(3, 2, 1))],
    )
    before, after = (of.orders.rfm(day, lookback="180d") for day in ("2024-03-31", "2024-09-30"))
    yield "edges", [of.orders.rfm(edges=before.edges)]
    moved = before.migration(after)
    yield "migration", [moved, moved.customers, moved.moved("champions", "loyal")]
    window = of.orders.between("2024-01-01", "2024-07-01")
    yield "rfm between", [window.rfm(), window.quality]
    yield "quality", [of.cdnow.quality, of.orders.quality, of.rows.quality, of.events.quality]


def sales_cases(of):
    for period in ("day", "week", "month", "quarter", "year"):
        yield f"sales {period}", [of.orders.sales(period), of.cdnow.sales(period, compare="year")]
    for by in ("category", "region"):
        yield f"sales by {by}", [of.orders.sales(by=by, compare=None)]
    segment = of.rows.rfm()["segment"]
    yield "sales paid", [of.orders.sales(measure="paid", lookback="90d", compare=None)]
    kept, weekly = of.orders.retention(by=["category", "region"]), of.cdnow.retention("week", week_start="sunday")
    yield (
        "retention of buyers",
        [kept, weekly, of.cdnow.retention(kind="rolling"), of.orders.retention(periods=[(1, 60)])],
    )
    again = of.orders.repurchase(by="category", period="quarter")
    yield "repurchase", [again, again.periods, again.cycle, again.order_counts, again.overdue]
    yield "repurchase days", [of.cdnow.repurchase(count="days"), of.cdnow.repurchase(count="days").overdue]
    driven = of.orders.drivers(["category", "region", "amount", "items", "price_level"], within="60d")
    lost = of.cdnow.drivers(["orders", "recency_days", "amount"], outcome="lost")
    kinds = of.orders.categories(by="region")
    yield "categories", [kinds, kinds.preference, of.orders.categories(level="product", period="quarter")]
    yield "baskets", [of.orders.baskets(min_support=2), of.orders.baskets(level="category")]
    states = of.orders.lifecycle(by="region", dormant_after=2, lost_after=6)
    yield (
        "retention of registered",
        [
            of.orders.retention("quarter", cohort="registered", by=["region", "category"]),
            of.orders.retention(by="basket_size"),
        ],
    )
    periods = ("2024-02-01", "2024-05-01"), ("2024-05-01", "2024-08-01")
    moved = of.orders.contribution(*periods, columns=["buyers", "category", "region"])
    yield "contribution", [moved, moved.movers]
    switched = of.orders.switching(*periods)
    yield "switching", [switched, switched.flows, of.orders.baskets(level="category", unit="customer")]
    yield "sales of levels", of.orders.sales("year", by=["region", "category"]).subtotals
    yield "lifecycle", [states, states.flow, of.cdnow.lifecycle("week")]
    yield "drivers", [driven, driven.calibration, lost, lost.calibration]
    yield "sales by segment", [of.rows.between("2023-06-01", "2024-10-15").sales("week", by=segment)]
    yield "duplicates", [of.orders.duplicates(), of.cdnow.duplicates()]
    yield "as events", [of.orders.as_events("pay").funnel(["pay", "pay"], window="90d")]


def funnel_cases(of):
    rule = {"window": "3d"}
    options = {
        "plain": {}, "first entry": {"anchor": "first_entry", **rule}, "window": rule,
        "latest": {"anchor": "latest_entry", **rule}, "completion": {"anchor": "first_completion", **rule},
        "later": {"ties": "later", **rule}, "contiguous": {"mode": "contiguous"},
        "unordered": {"mode": "unordered", **rule}, "by": {"by": ["device", "region"], **rule},
        "by last": {"by": "source", "attribution": "last", **rule}, "by step": {"by": "device", "attribution": "order"},
        "by each": {"by": "device", "attribution": "each"}, "same": {"same": ["product"], **rule},
        "exclude": {"exclude": [ff.Exclude("click", after="view", before="order")], **rule},
        "session": {"unit": "session", "by": "device"}, "gap": {"unit": "session", "gap": "30m"},
        "attempt": {"unit": "attempt", "window": "1d", "by": "level"}, "period": {"period": "month", **rule},
        "full": {"follow_up": "full", "window": "90d", "start": "2023-05-01", "end": "2024-11-01"},
    }  # fmt: skip
    for name, chosen in options.items():
        funnel = of.events.funnel(STEPS, **chosen)
        yield f"funnel {name}", [funnel, funnel.per_customer, funnel.stopped_at(2), funnel.censored]
    where = [
        ["view", "click"],
        ff.Step("cart", where=[("value", ">", 50)]),
        ff.Step("pay", where=[("device", "==", "app")]),
    ]
    yield "funnel where", [of.events.funnel(where, window="1d")]
    window = of.events.between("2024-01-10", "2024-08-01")
    yield "funnel between", [window.funnel(STEPS, window="2d"), window.quality]
    yield "products", [of.events.products(STEPS, window="7d")]
    ours, theirs = (part.funnel(STEPS) for part in (window, of.events.between(None, "2024-01-10")))
    yield "compare", [ours.compare(theirs), ours.weakest(theirs)]
    key = of.events.funnel(STEPS).per_customer.rows()[0][0]
    yield "explain", [of.events.funnel(STEPS, window="3d").explain(key)]


def journey_cases(of):
    left = of.events.abandonment(checkout="checkout", window="12h", value="value", by=["device", "region"])
    yield "abandonment", [left, left.episodes, left.stages]
    by_session = of.events.between("2024-01-01", "2024-11-20").abandonment(unit="session", same=["product"])
    yield "abandonment session", [by_session, by_session.episodes]
    for name, gap in (("gap", "45m"), ("label", None)):
        visits = of.events.sessions(gap)
        yield f"sessions {name}", [visits, visits.daily, visits.summary]
        paths = of.events.paths("view", ["pay", "order"], 4, gap=gap)
        yield f"paths {name}", [paths, paths.transitions, of.events.paths(depth=3, gap=gap, most=20)]
    rhythm = of.events.rhythm(["view", "pay"])
    yield "last", [of.events.last(), of.events.between("2024-02-01").last("value")]
    signals = of.events.abandonment(signals=["checkout", "view"], landmark="5m")
    yield "abandonment signals", [signals, signals.signals]
    yield "rhythm", [rhythm, rhythm.weekdays, rhythm.overdispersion, of.events.between("2024-02-01").rhythm()]
    for kind in ("exact", "rolling"):
        for period in ("week", "month"):
            kept = of.events.retention("register", ["view", "pay"], period=period, kind=kind)
            yield f"retention {kind} {period}", [kept, kept.average]
    yield "retention any", [of.events.between("2023-09-01", "2024-09-09").retention(period="quarter")]
    credit = of.events.attribution("pay", "source", value="value")
    yield (
        "attribution",
        [credit, credit.customers, of.events.attribution("pay", "source", conversions="first", gap="1h")],
    )
    shop = ff.datasets.make_shop(240, seed=11)
    bought = ff.Orders(shop.orders, **MONEY, order_id="order_id", timezone="Europe/Berlin")
    stages = bought.stages(of.events, ["2024-03-31", "2024-06-30"], interested=["cart"])
    yield "stages", [stages, stages.flow]
    yield "mix", [of.events.mix(["device", "level"], goal="pay"), of.events.mix("source", gap=None)]
    yield "mix period", [of.events.mix("device", goal="order", period="month")]
    shown = of.events.precision("show", "click", "pay", by=["device", "region"], window="14d")
    yield "precision", [shown, shown.coverage, of.events.precision("show", "click", "pay")]


def model_cases(of):
    """What an optimiser found: numbers."""
    for model in ("mbg", "bg", "pareto"):
        life = of.cdnow.lifetime("180d", model=model)
        back = life.backtest("1997-12-31")
        yield f"lifetime {model}", [life, life.parameters, back, back.weeks]
    yield "lifetime shop", [of.orders.lifetime("90d", margin=0.3, discount=0.2)]
    features = ["source", "level", "checkout_pages", "first_time_buyer", "carts"]
    yield "abandonment features", [of.events.abandonment(features=features).features]
    before, after = (of.cdnow.rfm(day, lookback="180d") for day in ("1997-12-31", "1998-06-30"))
    yield "migration stability", [before.migration(after).stability]
    yield "sessions stability", list(of.events.sessions().stability.values())
    groups = of.cdnow.rfm().clusters(4, seed=3)
    yield "clusters", [groups, groups.centers, of.cdnow.rfm().clusters(seed=1).choice]


CASES = [rfm_cases, sales_cases, funnel_cases, journey_cases]


def hashed(part):
    """A short text of a result, or of what is no table."""
    if dataclasses.is_dataclass(part):
        return repr(dataclasses.asdict(part))
    if not hasattr(part, "to_arrow"):
        return repr(part)
    digest = hashlib.sha256()
    for field, column in zip(part.to_arrow().schema, part.to_arrow().columns, strict=True):
        array = column.combine_chunks()
        kind = field.type.value_type if hasattr(array, "dictionary_decode") else field.type
        array = array.dictionary_decode() if hasattr(array, "dictionary_decode") else array
        digest.update(f"{field.name}:{kind}:{len(array)};".encode())
        digest.update(np.packbits(array.is_null().to_numpy(zero_copy_only=False)).tobytes())
        if str(array.type) == "double":
            # The bits: minus zero is not zero.
            digest.update(array.fill_null(0.0).to_numpy().tobytes())
        else:
            digest.update(repr(array.to_pylist()).encode())
    return digest.hexdigest()[:16]


def summed(part):
    """The sums of the columns of numbers, and how many rows there are."""
    if dataclasses.is_dataclass(part):
        return {name: value for name, value in dataclasses.asdict(part).items() if isinstance(value, float)}
    table = part.to_arrow()
    sums = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if str(column.type) in {"double", "int64"}:
            sums[name] = math.fsum(value for value in column.to_pylist() if value is not None and math.isfinite(value))
    return {"rows": table.num_rows, **sums}


def hashes(of):
    return {name: [hashed(part) for part in parts] for cases in CASES for name, parts in cases(of)}


def models(of):
    return {name: [summed(part) for part in parts] for name, parts in model_cases(of)}


@pytest.fixture(scope="module")
def stored():
    return json.loads(STORE.read_text())


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@pytest.mark.parametrize(("threads", "limit"), [(1, None), (4, None), (1, "64KiB"), (4, "64KiB")])
def test_results_are_those_of_before(stored, threads, limit):
    ff.options.threads = threads
    try:
        found = hashes(data(limit))
    finally:
        ff.options.threads = None
    assert sorted(found) == sorted(stored["hashes"])
    assert {name: parts for name, parts in found.items() if stored["hashes"][name] != parts} == {}


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_fitted_models_are_those_of_before(stored):
    found = models(data())
    assert sorted(found) == sorted(stored["models"])
    for name, parts in found.items():
        for ours, theirs in zip(parts, stored["models"][name], strict=True):
            assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), name


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    kept = data()
    STORE.write_text(json.dumps({"hashes": hashes(kept), "models": models(kept)}, indent=1) + "\n")
