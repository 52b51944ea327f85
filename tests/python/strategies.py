"""Random shops: small, with many ties, nulls, refunds and shared order numbers."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st

from reference import DAY

AMOUNTS = (0.1, 0.2, 0.3, 5.0, 19.99, 19.99, 1e6, 0.0, -0.1, -0.3, -19.99, -5.0)


@st.composite
def rows(draw, max_size=40):
    odd = st.sampled_from([None, float("nan"), float("inf")])
    amount = st.one_of(st.sampled_from(AMOUNTS), st.sampled_from(AMOUNTS), st.sampled_from(AMOUNTS), odd)
    row = st.fixed_dictionaries(
        {
            "customer": st.one_of(st.none(), *[st.integers(-3, 4)] * 9),
            "time": st.one_of(st.none(), *[st.integers(0, 59).map(lambda half: half * DAY // 2)] * 9),
            "amount": amount,
            "order_id": st.one_of(st.none(), st.integers(0, 5)),
            "refund_of": st.one_of(st.none(), st.integers(0, 5)),
            "status": st.sampled_from(["ok", "ok", "void", None]),
            "quantity": st.one_of(st.none(), st.integers(0, 5)),
            "category": st.sampled_from(["a", "b", None]),
            "refunded": st.sampled_from([None, None, 0.0, 0.1, 5.0, 19.99]),
            "refunded_at": st.one_of(st.none(), st.integers(0, 59).map(lambda half: half * DAY // 2)),
        }
    )
    drawn = draw(st.lists(row, max_size=max_size))
    for one in drawn:
        # Refunds are written as negative amounts.
        if not (one["amount"] is not None and one["amount"] < 0):
            one["refund_of"] = None
    return drawn


SCHEMA = pa.schema(
    [
        ("customer", pa.int64()),
        ("time", pa.timestamp("us")),
        ("amount", pa.float64()),
        ("order_id", pa.int64()),
        ("refund_of", pa.int64()),
        ("status", pa.string()),
        ("quantity", pa.int64()),
        ("category", pa.string()),
        ("refunded", pa.float64()),
        ("refunded_at", pa.timestamp("us")),
    ]
)


def table(drawn):
    return pa.Table.from_pylist(drawn, schema=SCHEMA)
