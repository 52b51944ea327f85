"""Sales against the slow reference, and the decomposition."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference
from reference import DAY
from strategies import rows, table

EPOCH = dt.date(1970, 1, 1)


def first_day(kind, time):
    day = EPOCH + dt.timedelta(days=time // DAY)
    return {
        "day": day,
        "week": day - dt.timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }[kind]


def first_category(orders):
    best = min(
        orders,
        key=lambda order: (
            order["kind"] != "purchase",
            order["time"],
            min((line["time"], line["category"] is None, line["category"] or "") for line in order["lines"])[1:],
        ),
    )
    line = min(best["lines"], key=lambda line: (line["time"], line["category"] is None, line["category"] or ""))
    return line["category"]


@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(),
    kind=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    by=st.booleans(),
    refunds=st.sampled_from(["net", "drop"]),
)
def test_sales_agree_with_the_reference(drawn, kind, by, refunds):
    orders = ff.Orders(
        table(drawn),
        customer="customer",
        time="time",
        amount="amount",
        order_id="order_id",
        quantity="quantity",
        category="category",
        refunds=refunds,
    )
    found = orders.sales(kind, by="category" if by else None).to_arrow().to_pylist()
    expected = reference.sales(
        drawn, period=lambda time: first_day(kind, time), refunds=refunds, group=first_category if by else None
    )
    cells = {(row.get("category"), row["period"]): row for row in found}
    for key, (money, buyers, count, items) in expected.items():
        row = cells.pop(key)
        assert (row["sales"], row["buyers"], row["orders"], row["items"]) == (money, buyers, count, items)
        assert row["sales_per_buyer"] == (money / buyers if buyers else None)
        assert row["sales_per_order"] == (money / count if count else None)
        assert row["items_per_order"] == (items / count if count else None)
        assert row["sales_per_item"] == (money / items if items else None)
    # What is left are periods between a group's first and last, without a sale.
    assert all((row["sales"], row["buyers"], row["orders"]) == (0, 0, 0) for row in cells.values())


@pytest.mark.parametrize(("period", "compare"), [("month", "previous"), ("quarter", "previous"), ("month", "year")])
def test_the_change_is_split_exactly(cdnow, period, compare):
    rows = cdnow.sales(period, compare=compare).to_arrow().to_pylist()
    sales = {row["period"]: row["sales"] for row in rows}
    compared = 0
    for row, before in zip(rows[1:], rows, strict=False):
        if compare == "previous":
            assert row["change"] == pytest.approx(row["sales"] - before["sales"], abs=1e-9)
        elif row["change"] is not None:
            year_before = row["period"].replace(year=row["period"].year - 1)
            assert row["change"] == pytest.approx(row["sales"] - sales[year_before], abs=1e-9)
        if row["change"] is not None:
            parts = row["change_buyers"] + row["change_orders_per_buyer"] + row["change_amount_per_order"]
            assert parts == pytest.approx(row["change"], rel=1e-12, abs=1e-7)
            compared += 1
    assert compared == {("month", "previous"): 17, ("quarter", "previous"): 5, ("month", "year"): 6}[period, compare]


def test_a_period_is_complete_when_the_data_reach_its_end(cdnow):
    assert cdnow.sales("month").to_arrow()["complete"].to_pylist()[-1] is True
    assert cdnow.sales("year").to_arrow()["complete"].to_pylist() == [True, False]
    assert cdnow.between(end="1998-06-15").sales("month").to_arrow()["complete"].to_pylist()[-1] is False


def test_groups_of_a_result_add_up_to_the_whole(cdnow):
    rfm = cdnow.rfm()
    whole = pl.DataFrame(cdnow.sales("quarter"))
    parts = pl.DataFrame(cdnow.sales("quarter", by=rfm["segment"]))
    summed = parts.group_by("period").agg(pl.col("sales", "buyers", "orders").sum()).sort("period")
    assert summed["buyers"].to_list() == whole["buyers"].to_list()
    assert summed["orders"].to_list() == whole["orders"].to_list()
    assert summed["sales"].to_list() == pytest.approx(whole["sales"].to_list())
    assert set(parts["segment"].cast(pl.String)) == set(rfm.to_pandas()["segment"])


def test_benchmarks_stand_beside_the_last_complete_period(cdnow):
    sales = cdnow.sales("year", benchmarks={"sales_per_order": 40, "orders": 5000})
    first = sales.to_arrow().to_pylist()[0]
    assert sales.benchmarks.rows() == [
        ("sales_per_order", first["sales_per_order"], 40.0, first["sales_per_order"] / 40),
        ("orders", first["orders"], 5000.0, first["orders"] / 5000),
    ]
