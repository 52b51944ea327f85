"""RFM against the slow reference, for every option."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference
from reference import DAY
from strategies import rows, table

EPOCH = dt.date(1970, 1, 1)
MEASURES = (
    "first_order",
    "last_order",
    "recency_days",
    "frequency",
    "monetary",
    "monetary_total",
    "monetary_mean",
    "refund_amount",
    "refund_orders",
)


def ours(result):
    epoch = dt.datetime(1970, 1, 1)
    found = {}
    for row in result.to_arrow().to_pylist():
        for name in ("first_order", "last_order"):
            row[name] = (row[name] - epoch) // dt.timedelta(microseconds=1)
        found[row["customer"]] = row
    return found


def quietly(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        return call()


pytestmark = pytest.mark.filterwarnings(
    "ignore:cancelled=. no status is", "ignore:status= has", "ignore:no row of the log"
)


def log(drawn, *, order_id, refund_of, refunded=None, **options):
    roles = {"order_id": "order_id"} if order_id or refund_of else {}
    roles |= {"refund_of": "refund_of"} if refund_of else {}
    roles |= {"refunded": "refunded"} if refunded else {}
    roles |= {"refunded_at": "refunded_at"} if refunded == "dated" else {}
    return ff.Orders(
        table(drawn), customer="customer", time="time", amount="amount", status="status", **roles, **options
    )


@settings(max_examples=300, deadline=None)
@given(
    drawn=rows(),
    order_id=st.booleans(),
    refund_of=st.booleans(),
    refunded=st.sampled_from([None, None, "column", "dated"]),
    refunds=st.sampled_from(["net", "drop"]),
    cancelled=st.sampled_from([(), ("void",)]),
    frequency=st.sampled_from(["orders", "days", "rows"]),
    monetary=st.sampled_from(["total", "mean"]),
    as_of=st.integers(0, 32),
    lookback=st.one_of(st.none(), st.integers(1, 30)),
    since=st.one_of(st.none(), st.integers(0, 20)),
    scores=st.sampled_from([2, 3, 5, 10]),
)
def test_every_option_agrees_with_the_reference(
    drawn, order_id, refund_of, refunded, refunds, cancelled, frequency, monetary, as_of, lookback, since, scores
):
    orders = log(
        drawn, order_id=order_id, refund_of=refund_of, refunded=refunded, refunds=refunds, cancelled=list(cancelled)
    )
    if since is not None:
        orders = orders.between(start=EPOCH + dt.timedelta(days=since))
    segments = "octants" if scores != 5 else "grid"
    result = quietly(
        lambda: orders.rfm(
            EPOCH + dt.timedelta(days=as_of),
            lookback=None if lookback is None else f"{lookback}d",
            frequency=frequency,
            monetary=monetary,
            scores=scores,
            segments=segments,
        )
    )
    if refunded != "dated":
        drawn = [{**row, "refunded_at": None} for row in drawn]
    expected = reference.rfm(
        drawn,
        refunded=refunded is not None,
        as_of=as_of,
        order_id=order_id or refund_of,
        refund_of=refund_of,
        refunds=refunds,
        frequency=frequency,
        monetary=monetary,
        cancelled=cancelled,
        since=None if since is None else since * DAY,
        known=None if lookback is None else (as_of + 1 - lookback) * DAY,
    )
    found = ours(result)
    assert list(found) == sorted(expected)
    for customer, facts in expected.items():
        assert {name: found[customer][name] for name in MEASURES} == facts
    if expected:
        for axis, name, less in (("r", "recency_days", True), ("f", "frequency", False), ("m", "monetary", False)):
            values = [found[customer][name] for customer in found]
            scored = reference.min_rank(values, scores, less_is_better=less)
            assert [found[customer][axis] for customer in found] == scored
    quality = result.quality
    assert quality.rows_used + sum(quality.left_out.values()) == quality.rows_read == len(drawn)


@settings(max_examples=100, deadline=None)
@given(drawn=rows(), scores=st.sampled_from([2, 5, 7]))
def test_edges_applied_to_their_own_data_give_the_same_scores(drawn, scores):
    orders = log(drawn, order_id=True, refund_of=False)
    first = quietly(lambda: orders.rfm(scores=scores, segments="octants"))
    edges = ff.Edges.from_json(first.edges.to_json())
    again = orders.rfm(scores=scores, segments="octants", edges=edges)
    assert again.to_arrow().equals(first.to_arrow())
    assert again.edges == first.edges


@settings(max_examples=100, deadline=None)
@given(drawn=rows())
def test_lost_after_is_that_of_the_curve(drawn):
    positive = [row | {"refund_of": None} for row in drawn if row["amount"] is None or not row["amount"] < 0]
    result = quietly(lambda: log(positive, order_id=False, refund_of=False).rfm("1970-02-10", segments="tiers"))
    assert result.lost_after == reference.lost_after(positive, as_of=40)


GRID = {
    "champions": ((5, 5), (4, 5)),
    "loyal": ((3, 4), (4, 5)),
    "potential_loyalists": ((4, 5), (2, 3)),
    "new": ((5, 5), (1, 1)),
    "promising": ((4, 4), (1, 1)),
    "need_attention": ((3, 3), (3, 3)),
    "about_to_sleep": ((3, 3), (1, 2)),
    "at_risk": ((1, 2), (3, 4)),
    "cant_lose": ((1, 2), (5, 5)),
    "hibernating": ((1, 2), (1, 2)),
}


def grid(r, f, _m, _days):
    return next(code for code, ((r1, r2), (f1, f2)) in GRID.items() if r1 <= r <= r2 and f1 <= f <= f2)


def tiers(_r, f, m, days, lost_after):
    if days > lost_after:
        return "lost"
    if f >= 4:
        return "loyal_high_value" if m >= 4 else "frequent_low_value"
    if m >= 4:
        return "high_value_infrequent"
    return "potential" if f == 3 or m == 3 else "general"


def test_grid_and_tiers_name_every_customer_of_cdnow(cdnow):
    for row in cdnow.rfm().to_arrow().to_pylist():
        assert row["segment"] == grid(row["r"], row["f"], row["m"], row["recency_days"])
    result = cdnow.rfm(segments="tiers", lost_after="100d")
    assert result.lost_after == 100
    for row in result.to_arrow().to_pylist():
        assert row["segment"] == tiers(row["r"], row["f"], row["m"], row["recency_days"], 100)


OCTANTS = {
    "111": "重要价值客户",
    "101": "重要发展客户",
    "011": "重要保持客户",
    "001": "重要挽留客户",
    "110": "一般价值客户",
    "100": "一般发展客户",
    "010": "一般保持客户",
    "000": "一般挽留客户",
}


@pytest.mark.parametrize("cut", [None, 4, (2, 3.5, 5)])
def test_octants_are_high_from_their_cut_on(cdnow, cut):
    rows = cdnow.rfm(segments="octants", language="zh", cut=cut).to_arrow().to_pylist()
    means = tuple(sum(row[axis] for row in rows) / len(rows) for axis in "rfm")
    limits = means if cut is None else cut if isinstance(cut, tuple) else (cut,) * 3
    for row in rows:
        cell = "".join(str(int(row[axis] >= limit)) for axis, limit in zip("rfm", limits, strict=True))
        assert row["segment_name"] == OCTANTS[cell]


def test_a_date_means_its_end_and_later_rows_are_counted():
    frame = {"customer": [1, 1, 2], "time": ["2024-01-01T23:59:59", "2024-01-02", "2024-01-01"], "amount": [1, 2, 3]}
    import pandas as pd

    orders = ff.Orders(pd.DataFrame(frame), customer="customer", time="time", amount="amount")
    rfm = quietly(lambda: orders.rfm(as_of="2024-01-01"))
    assert rfm.table["monetary"].tolist() == [1.0, 3.0]
    assert rfm.quality.left_out == {"after_as_of": 1}
    assert rfm.as_of == dt.date(2024, 1, 1)
    for same in (dt.date(2024, 1, 1), pd.Timestamp("2024-01-01"), dt.datetime(2024, 1, 1, 23, 59, 59)):
        assert quietly(lambda same=same: orders.rfm(as_of=same)).to_arrow().equals(rfm.to_arrow())


def test_weights_and_wide_scores(cdnow):
    rows = cdnow.rfm(weights=(1, 2, 3)).to_arrow().to_pylist()
    assert all(row["score"] == pytest.approx((row["r"] + 2 * row["f"] + 3 * row["m"]) / 6) for row in rows)
    assert all(row["rfm"] == f"{row['r']}{row['f']}{row['m']}" for row in rows)
    wide = cdnow.rfm(scores=10, segments="octants").to_arrow().to_pylist()
    assert all(row["rfm"] == f"{row['r']}-{row['f']}-{row['m']}" for row in wide)


def test_everyone_tied_is_said():
    import polars as pl

    frame = pl.DataFrame({"customer": range(6), "time": ["2024-01-01"] * 6, "amount": [5.0, 4, 3, 2, 1, 0]})
    orders = ff.Orders(frame, customer="customer", time="time", amount="amount")
    with pytest.warns(
        ff.FootfallWarning, match=r"no customer has score 5 of recency \(best: 1\), frequency \(best: 1\):"
    ):
        rfm = orders.rfm()
    assert rfm.table["rfm"].to_list() == ["115", "114", "113", "112", "111", "111"]
    # Four customers cannot fill five scores, and nobody needs to be told.
    few = ff.Orders(frame.head(4), customer="customer", time="time", amount="amount").rfm()
    assert few.table["m"].to_list() == [4, 3, 2, 1]


def test_an_empty_log_has_answers():
    import pyarrow as pa

    empty = pa.table(
        {"c": pa.array([], pa.string()), "t": pa.array([], pa.timestamp("us")), "a": pa.array([], pa.float64())}
    )
    orders = ff.Orders(empty, customer="c", time="t", amount="a")
    assert orders.rfm().num_rows == 0
    assert orders.rfm().concentration.gini is None
    assert orders.rfm(segments="tiers").segments.num_rows == 6
    assert orders.sales().num_rows == orders.duplicates().num_rows == 0
    assert (orders.quality.rows_read, orders.end) == (0, None)
