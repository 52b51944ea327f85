"""Bad calls over all entry points: of which class the error is, and a word that it holds.

`calls/calls.tsv` lists calls one by one; the rest is a table of entry points, their arguments, and what is wrong for each
kind of argument. Whatever is given, an error is one line that names the argument.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import footfall as ff

pytestmark = pytest.mark.filterwarnings("ignore")

nan, inf = math.nan, math.inf
REFUSED = (ValueError, TypeError, ff.FootfallError, OSError)
WRONG = (ValueError, TypeError)
CLASSES = {
    "refused": REFUSED, "wrong": WRONG, "column": (TypeError, ff.ColumnError), "ValueError": ValueError,
    "TypeError": TypeError, "AttributeError": AttributeError, "RuntimeError": RuntimeError, "DataError": ff.DataError,
    "ColumnError": ff.ColumnError,
}  # fmt: skip
# What Python or a library says of its own insides.
INSIDES = (
    "object is not", "is not an instance", "unhashable", "failed to extract", "not iterable", "could not convert",
    "unpack", "not supported between", "cannot be converted", "codec can't", "positional argument", "Traceback",
    "failed inside", "has no attribute", "NoneType", "invalid literal",
)  # fmt: skip
LONGEST = 1500


def F(**c):
    return pd.DataFrame({"customer": [1, 2], "time": ["2024-01-01", "2024-01-02"], "amount": [1.0, 2.0]} | c)


def A(**c):
    return pa.table({"customer": [1, 2], "time": ["2024-01-01", "2024-01-02"], "amount": [1.0, 2.0]} | c)


def O(src=None, **k):  # noqa: E743
    names = {"customer": "customer", "time": "time", "amount": "amount"}
    return ff.Orders(F() if src is None else src, **(names | k))


def G(**c):
    frame = {
        "customer": [1, 1, 2],
        "time": ["2024-01-01", "2024-01-02", "2024-01-03"],
        "event": ["view", "pay", "view"],
    }
    return pd.DataFrame(frame | c)


def E(src=None, **k):
    return ff.Events(G() if src is None else src, **({"customer": "customer", "time": "time", "event": "event"} | k))


def BO(**k):
    r, n = np.random.default_rng(1), 400
    frame = pd.DataFrame({
        "customer": r.integers(0, 60, n),
        "time": pd.Timestamp("2024-01-01") + pd.to_timedelta(r.integers(0, 500 * 86400, n), unit="s"),
        "amount": r.gamma(2, 20, n).round(2), "order": np.arange(n), "cat": r.choice(["a", "b", "c"], n),
    })  # fmt: skip
    return ff.Orders(frame, customer="customer", time="time", amount="amount", order_id="order", category="cat", **k)


def BE(**k):
    r, n = np.random.default_rng(2), 600
    frame = pd.DataFrame({
        "customer": r.integers(0, 50, n),
        "time": pd.Timestamp("2024-01-01") + pd.to_timedelta(r.integers(0, 90 * 86400, n), unit="s"),
        "event": r.choice(["view", "cart", "pay", "help"], n), "device": r.choice(["app", "web"], n),
        "product": r.integers(0, 9, n), "value": r.random(n),
    })  # fmt: skip
    names = {"customer": "customer", "time": "time", "event": "event"}
    return ff.Events(frame, **names, device="device", product="product", value="value", **k)


PERIODS = {"before": ("2024-01-01", "2024-03-01"), "after": ("2024-03-01", "2024-05-01")}
SPAN = [
    5,
    None,
    "2024-01",
    ("2024-01-01",),
    ("2024-02-01", "2024-01-01"),
    (None, None),
    ("nope", "2024-01-01"),
    object(),
]
X = np.random.default_rng(3).random((50, 2))


class Stream:
    def __arrow_c_stream__(self, requested_schema=None):
        raise RuntimeError("boom in the producer")


class Stream5:
    def __arrow_c_stream__(self, requested_schema=None):
        return 5


def reader(fail_at=1, kind=RuntimeError, n=3):
    schema = pa.schema([("customer", pa.int64()), ("time", pa.string()), ("amount", pa.float64())])

    def batches():
        for i in range(n):
            if i == fail_at:
                raise kind("the tape broke")
            yield pa.record_batch([[1], ["2024-01-01"], [1.0]], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def listed():
    lines = (Path(__file__).parent / "calls" / "calls.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


@pytest.fixture
def names(tmp_path):
    def csv(text, name="x.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    import decimal
    import pickle

    import polars as pl
    import pyarrow.parquet as pq

    def fcsv(text, name="x.csv", **k):
        return O(csv(text, name), **k)

    return globals() | {
        "W": tmp_path, "csv": csv, "fcsv": fcsv, "pickle": pickle, "decimal": decimal, "pl": pl, "pq": pq,
        "zoneinfo": zoneinfo,
    }  # fmt: skip


def check(error, kinds, word):
    assert isinstance(error, kinds), repr(error)
    text = str(error)
    assert re.search(word, text), text
    assert "\n" not in text, text
    assert len(text) < LONGEST, len(text)
    own = not isinstance(error, AttributeError)
    assert not own or not any(inside in text for inside in INSIDES), text


@pytest.mark.parametrize(("kind", "word", "call"), listed(), ids=range(len(listed())))
def test_calls_that_are_listed(kind, word, call, names):
    *first, last = call.split("; ") if kind == "taken" or "; " in call else [call]
    if kind == "taken":
        for line in first:
            exec(line, names)
        found = eval(last, names)
        assert not word or eval(word, names | {"_": found}) is not False
        return
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its class is looked at below
        exec(call, names)
    check(caught.value, CLASSES[kind], word)


COLUMN = [5, b"x", 1.5, object(), {"a": 1}]
WORD = [5, "nope", ["x"], b"x", object(), 2**70]
WHOLE = ["x", 1.5, -1, 2**70, [1], object(), nan, True]
DURATION = ["x", 5, -1, "1y", [1], "0d", object(), b"1d", "1d 2h", "-3d"]
MOMENT = ["nope", 5, [1], object(), b"2024-01-01", float("nan"), pd.NaT]
ZONE = ["Mars/Phobos", 5, b"UTC", dt.UTC, ["UTC"], object()]
EVENTS = [5.5, [], [None], object(), b"x", 2**70, True, [["a"]], {"a": 1}, nan]
LIST = ["device", 5, [5], object(), b"x", [None]]
BY = [5, [5], "nope", object(), b"device", [None], [["device"]], pd.DataFrame({"a": [1]})]
SHARE = ["x", -1, 2.0, nan, [0.5], inf, 10**400, object(), True]
LANGUAGE = ["fr", 5, ["en"], object()]
POSITIVE = ["x", 0, -1, nan, inf, None, [1], object(), True]


def rfm(**k):
    return BO().rfm(**k)


def lookback(**k):
    return BO().rfm("2024-12-31", lookback="90d", **k)


STEPS = ["view", "cart", "pay"]
# Entry points; of each argument what is wrong for its kind, and what else is given.
ENTRIES = {
    "Orders": (lambda **k: O(F(s=["a", "b"], o=[1, 2]), **k), {
        **dict.fromkeys(["customer", "time", "amount", "order_id", "product", "category", "quantity", "status", "discount",
                         "shipping", "payment", "paid_at", "shop"], COLUMN),
        "timezone": ZONE, "nulls": WORD, "refunds": WORD, "amount_per": WORD, "time_format": [5, ["%Y"], b"x", object()],
        "time_unit": WORD, "decimal": WORD, "memory_limit": ["x", 1.5, -1, 0, [1], "1 giga", 2**64, "9" * 400 + "GB"],
        "null_values": [5, [5], object()], "preset": [5, "nope", b"x", ["magento"]],
    }, {}),
    "Orders.cancelled": (lambda **k: O(F(s=["a", "b"]), status="s", **k), {
        "cancelled": [5, "a", [1.5], [None], object(), [["a"]], [2**70], b"x"],
        "paid": [5, "a", [1.5], [None], object(), [["a"]], [2**70], b"x"],
    }, {}),
    "Events": (E, {
        **dict.fromkeys(["customer", "time", "event", "session", "product", "value", "sequence", "device"], COLUMN),
        "timezone": ZONE, "nulls": WORD, "time_unit": WORD, "only": [5, "view", [5.5], [None], object(), [2**70]],
    }, {}),
    "Customers": (lambda **k: ff.Customers(F(), **({"customer": "customer"} | k)), {
        **dict.fromkeys(["customer", "registered", "age", "gender", "region"], COLUMN), "timezone": ZONE,
        "null_values": [5, [5], object()],
    }, {}),
    "between": (lambda **k: BO().between(**k), {"start": MOMENT, "end": MOMENT}, {}),
    "rfm": (rfm, {
        "as_of": MOMENT, "lookback": DURATION, "frequency": WORD, "monetary": WORD,
        "scores": [*WHOLE, 1, 101], "edges": [5, "x", [1], {"recency": [1]}, object()],
        "weights": [5, "abc", (1, 2), (-1, 1, 1), (nan, 1, 1), (0, 0, 0), object()],
        "segments": [*WORD, [], ["grid"]], "language": LANGUAGE,
    }, {}),
    "rfm.lost_after": (lambda **k: rfm(segments="tiers", **k), {"lost_after": ["x", -1, [1], object(), nan, b"1d"]}, {}),
    "rfm.cut": (lambda **k: rfm(segments="octants", **k), {"cut": ["x", 0, 99, (1, 2), nan, object(), (1, 2, 9)]}, {}),
    "clusters": (lambda **k: rfm().clusters(**k), {
        "k": [*WHOLE, "few", 1], "seed": WHOLE, "winsorize": ["x", -1, 0.5, nan, [0.1], object()],
    }, {}),
    "assign": (lambda **k: rfm().clusters(3).assign(k["RFM"]), {"RFM": [5, None, "x", object(), F()]}, {}),
    "migration": (lambda **k: lookback().migration(k["RFM"]), {"RFM": [5, None, "x", object(), F()]}, {}),
    "customers": (lambda **k: rfm().customers(**k), {"segment": [5, "nope", None, ["champions"], b"x"]}, {}),
    "sales": (lambda **k: BO().sales(**k), {
        "period": WORD, "by": BY, "compare": WORD, "measure": WORD, "lookback": DURATION, "benchmarks": [5, "x", ["sales"], {"nope": 1}, {5: 1}, {"sales": "x"},
        {"sales": 0}, {"sales": nan}, {"sales": None}, {"sales": True}],
    }, {}),
    "sales.attribution": (lambda **k: BO().sales(by="category", **k), {"attribution": WORD}, {}),
    "lifetime": (lambda **k: BO().lifetime(**k), {
        "horizon": DURATION, "model": WORD, "discount": [*SHARE[:2], 10.0, *SHARE[3:]], "margin": [*SHARE, 0, 30],
    }, {}),
    "funnel": (lambda **k: BE().funnel(**({"steps": STEPS} | k)), {
        "steps": [5, "view", ["view"], [], None, object(), ["view"] * 65, b"view"],
        "window": [one for one in DURATION if one != "0d"], "mode": WORD, "anchor": WORD, "ties": WORD, "by": BY, "same": LIST,
        "exclude": [5, "help", ["help"], [None], object()], "unit": WORD, "gap": DURATION, "start": MOMENT, "end": MOMENT,
        "follow_up": WORD, "period": WORD,
    }, {}),
    "funnel.attribution": (lambda **k: BE().funnel(STEPS, by="device", **k), {"attribution": [5, "nope", ["first"], b"x"]}, {}),
    "products": (lambda **k: BE().products(**({"steps": STEPS} | k)), {"steps": [5, "view", None, ["view"]], "window": ["x", 5]}, {}),
    "abandonment": (lambda **k: BE().abandonment(**k), {
        "cart": [*EVENTS, None], "checkout": EVENTS, "purchase": [*EVENTS, None], "removed": EVENTS,
        "window": [*DURATION, None], "recover_within": [*DURATION, None, "1h"], "unit": WORD, "same": LIST,
        "value": [5, "nope", ["value"], b"x"], "by": BY, "features": LIST, "signals": EVENTS,
        "landmark": [one for one in DURATION if one != "0d"],
    }, {}),
    "last": (lambda **k: BE().last(**k), {"value": [5, "nope", ["value"], b"x"]}, {}),
    "sessions": (lambda **k: BE().sessions(**k), {"gap": [*DURATION[:5], object()]}, {}),
    "paths": (lambda **k: BE().paths(**k), {
        "start": EVENTS, "end": EVENTS, "depth": [*WHOLE, 0, 21], "gap": [*DURATION[:5], object()], "most": [*WHOLE, 0],
    }, {}),
    "rhythm": (lambda **k: BE().rhythm(**k), {"event": EVENTS}, {}),
    "mix": (lambda **k: BE().mix(**({"by": "device"} | k)), {
        "by": [*BY, None, []], "goal": EVENTS, "gap": [one for one in DURATION if one != "0d"], "period": WORD,
    }, {}),
    "precision": (lambda **k: BE().precision(**({"shown": "view", "clicked": "cart", "bought": "pay"} | k)), {
        "shown": [*EVENTS, None], "clicked": [*EVENTS, None], "bought": [*EVENTS, None], "by": BY, "window": DURATION,
    }, {}),
    "retention": (lambda **k: BE().retention(**k), {"first": EVENTS, "returning": EVENTS, "period": WORD, "kind": WORD}, {}),
    "orders.retention": (lambda **k: BO().retention(**k), {
        "period": WORD, "kind": WORD, "by": BY, "week_start": WORD, "cohort": [*WORD, "registered"],
        "periods": [5, "x", [], [5], [(1,)], [(1, 2, 3)], [(0, 5)], [(5, 1)], [("a", "b")], [(1.5, 2)], object(), [None]],
    }, {}),
    "retention.trend": (lambda **k: BO().retention().trend(**k), {"period": [*WHOLE, 99, -1]}, {}),
    "categories": (lambda **k: BO().categories(**k), {"level": [*COLUMN, None], "by": BY, "period": WORD}, {}),
    "baskets": (lambda **k: O(F(p=["x", "y"], o=[1, 1]), product="p", order_id="o").baskets(**k), {
        "level": [*COLUMN, None], "min_support": ["x", 0, 1.5, -0.1, nan, None, True, [1], object()], "unit": WORD,
    }, {}),
    "Spend": (lambda **k: ff.Spend(F(), **({"time": "time", "amount": "amount"} | k)), {
        **dict.fromkeys(["time", "amount", "channel", "segment", "customer"], COLUMN), "timezone": ZONE, "nulls": WORD, "time_unit": WORD,
    }, {}),
    "acquisition": (lambda **k: BO().acquisition(**({"spend": ff.Spend(F(k=["x", "y"]), time="time", amount="amount", k="k"), "by": "k"} | k)), {
        "by": [*COLUMN, None], "period": WORD, "margin": [*SHARE, 0, 30], "events": [5, "x", F(), object()],
    }, {}),
    "acquisition.events": (lambda **k: BO().acquisition(ff.Spend(F(k=["x", "y"]), time="time", amount="amount", device="k"), by="device",
                                                        **({"events": BE()} | k)), {
        "rule": WORD, "window": DURATION,
    }, {}),
    "contribution": (lambda **k: BO().contribution(**(PERIODS | {"columns": "cat"} | k)), {
        "before": SPAN, "after": SPAN, "columns": [*BY, None],
    }, {}),
    "switching": (lambda **k: BO().switching(**(PERIODS | k)), {
        "before": SPAN, "after": SPAN, "level": [*COLUMN, None, "nope"],
    }, {}),
    "stages": (lambda **k: BO().stages(**({"events": BE(), "dates": ["2024-03-31"], "interested": "cart"} | k)), {
        "events": [5, None, F(), "x"], "dates": [5, "2024-01-01", [], [5], [None], ["nope"], ["2024-02-01", "2024-01-01"]],
        "interested": [*EVENTS, None], "contacts": [*DURATION, None], "purchases": [*DURATION, None], "loyal": [*WHOLE, 1],
    }, {}),
    "attribution": (lambda **k: BE().attribution(**({"goal": "pay", "by": "device"} | k)), {
        "goal": [*EVENTS, None], "by": [*BY, None, [], ["device", "product"]], "window": [*DURATION, None],
        "half_life": [*DURATION, None], "conversions": [*WORD, None], "value": [*COLUMN, "nope"],
        "gap": [one for one in DURATION if one != "0d"],
    }, {}),
    "allocation": (lambda **k: BO().allocation(**({"spend": ff.Spend(F(k=["x", "y"]), time="time", amount="amount", segment="k"),
                                                   "by": rfm()["segment"]} | k)), {
        "spend": [5, None, F(), "x"], "by": [5, None, "x", F(), rfm().table],
    }, {}),
    "lifecycle": (lambda **k: BO().lifecycle(**k), {
        "period": WORD, "by": BY, "dormant_after": [*WHOLE, 0, 12], "lost_after": [*WHOLE, 0, 3],
    }, {}),
    "drivers": (lambda **k: BO().drivers(**({"features": ["amount"]} | k)), {
        "features": [*LIST, [], "amount", 5, [5], None, object()], "outcome": WORD, "within": [*DURATION, None],
        "landmark": [one for one in DURATION if one != "0d"] + ["90d", "91d"],
    }, {}),
    "repurchase": (lambda **k: BO().repurchase(**k), {"period": WORD, "by": BY, "count": WORD}, {}),
    "as_events": (lambda **k: BO().as_events(**k), {"event": [5, None, ["pay"], b"x"]}, {}),
    "with_customers": (lambda **k: BO().with_customers(k["Customers"]), {"Customers": [5, None, F(), "x"]}, {}),
    "Step": (lambda **k: ff.Step(**({"event": "view"} | k)), {
        "event": [*EVENTS, None], "where": [5, "x", [5], [("value", "=", 1)], [("value", ">", None)], [("value", ">", nan)]],
        "name": [5, ["x"], b"x"],
    }, {}),
    "Rule": (lambda **k: ff.Rule(**({"code": "a"} | k)), {
        "code": [5, "", None, ["a"]], "r": [4.5, (1, 2, 3), (), "x", 0, (3, 2), 101], "f": [4.5, (1,)], "m": [4.5, "x"],
        "where": [5, "x", [5], [("a", 1)]], "name": [5, ["x"]], "name_zh": [5],
    }, {}),
    "Segments": (lambda **k: ff.Segments(**({"rules": [ff.Rule("a")]} | k)), {
        "rules": [5, None, "x", ff.Rule("a"), [5]], "default": [5, "", ["x"]], "overlaps": WORD,
        "scores": [*WHOLE, 1, 101],
    }, {}),
    "Edges": (lambda **k: ff.Edges(**({"recency": [9], "frequency": [1], "monetary": [1]} | k)), {
        **{name: [5, None, "x", ["x"], [nan], [[1]]] for name in ("recency", "frequency", "monetary")},
    }, {}),
    "bands": (lambda **k: ff.bands(**({"column": "age", "edges": [1, 2]} | k)), {"column": COLUMN}, {}),
    "bands.edges": (lambda **k: ff.bands("age", k["edge"]), {"edge": [5, None, "x", ["x"], [nan], [None], [inf]]}, {}),
    "BgNbd": (lambda **k: ff.BgNbd(**({"r": 1, "alpha": 1, "a": 1, "b": 1} | k)), dict.fromkeys(["r", "alpha", "a", "b"], POSITIVE), {}),
    "ParetoNbd": (lambda **k: ff.ParetoNbd(**({"r": 1, "alpha": 1, "s": 1, "beta": 1} | k)), dict.fromkeys(["s", "beta"], POSITIVE), {}),
    "GammaGamma": (lambda **k: ff.GammaGamma(**({"p": 1, "q": 1, "gamma": 1} | k)), dict.fromkeys(["p", "q", "gamma"], POSITIVE), {}),
    "expected_orders": (lambda **k: ff.BgNbd(1, 1, 1, 1).expected_orders(**({"horizon": 1, "repeats": 1, "last_seen": 1, "age": 2} | k)), {
        "horizon": ["39w", None, -1, nan, [1], True], "repeats": ["x", None, -1, 1.5, [nan], object(), 1j],
        "last_seen": ["x", None, -1, 3, object()], "age": ["x", None, -1, object()],
    }, {}),
    "probability": (lambda **k: ff.BgNbd(1, 1, 1, 1).probability(**({"n": 1, "t": 1} | k)), {"n": [inf, -1, 1.5, "x", None], "t": [-1, "x", None, inf]}, {}),
    "kmeans": (lambda **k: ff.kmeans(**({"X": X, "k": 2} | k)), {
        "X": ["x", [["a", "b"]], [[1, 2], [3]], F(), None, [[1j]], np.zeros((2, 2, 2)), np.zeros((2, 17)), pa.table({"a": ["x"]}), object()],
        "k": [*WHOLE, 0, 51], "weights": [["a"] * 50, [1.0], [-1.0] * 50, "x", 5], "init": ["random", [[1]], [["a"]], object()],
        "seed": WHOLE, "max_iter": [*WHOLE, 0], "tol": SHARE[:2],
    }, {}),
    "make_shop": (lambda **k: ff.datasets.make_shop(**({"customers": 5} | k)), {
        "customers": [*WHOLE, 0, 2**40], "seed": WHOLE, "without": [5, "nope", ["nope"], [5], None],
        "dirt": ["x", -1, 2.0, nan, None, [1], {"nope": 0.1}, {"late": 2}], "cycle": ["x", 0, -1, nan, 400, [1], object()],
    }, {}),
    "options": (lambda **k: [setattr(ff.options, name, value) for name, value in k.items()], {
        "threads": [*WHOLE, 0, 1025], "memory_limit": ["x", 1.5, 0, [1], object()], "spill_folder": [5, "/nowhere/at/all", [1]],
        "progress": ["yes", 5, []],
    }, {}),
    "write_csv": (lambda **k: rfm().write_csv("/dev/null", **k), {"encoding": ["martian", 5, None, ["utf-8"]]}, {}),
    "explain": (lambda **k: BE().funnel(STEPS).explain(**k), {"customer": [None, 1.5, [1], object(), 2**70, "nobody"]}, {}),
    "stopped_at": (lambda **k: BE().funnel(STEPS).stopped_at(**k), {"step": [None, 0, 9, "nope", [1], 1.5, object()]}, {}),
    "plot": (lambda **k: BE().funnel(STEPS).plot(**k), {"language": LANGUAGE}, {}),
    "rfm.plot": (lambda **k: rfm().segments.plot(**k), {"language": LANGUAGE}, {}),
    "paths.plot": (lambda **k: BE().paths().plot(**k), {"kind": WORD, "language": LANGUAGE}, {}),
}  # fmt: skip


def table():
    return [
        pytest.param(entry, name, value, id=f"{entry}({name}={type(value).__name__} {at})")
        for entry, (_, arguments, _) in ENTRIES.items()
        for name, values in arguments.items()
        for at, value in enumerate(values)
    ]


@pytest.mark.parametrize(("entry", "name", "value"), table())
def test_wrong_arguments_are_named(entry, name, value):
    call, _, more = ENTRIES[entry]
    with pytest.raises((TypeError, ValueError, ff.ColumnError)) as caught:
        call(**{name: value}, **more)
    check(caught.value, (TypeError, ValueError, ff.ColumnError), name)


def test_there_are_as_many_calls_as_were_promised():
    assert len(table()) + len(listed()) >= 900
