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


def text_order(value):
    return (value is None, value or "")


def first_values(_, orders):
    """The values of the largest line of the first purchase; of the first order where nothing was bought."""
    purchases = [order for order in orders if order["kind"] == "purchase"] or orders
    first = min(order["time"] for order in purchases)
    lines = [line for order in purchases if order["time"] == first for line in order["lines"]]
    line = min(lines, key=lambda line: (-line["amount"], text_order(line["category"]), text_order(line["status"])))
    return line["category"], line["status"]


def own_values(line, _):
    return line["category"], line["status"]


@pytest.mark.filterwarnings("ignore:status= has")
@settings(max_examples=200, deadline=None)
@given(
    drawn=rows(),
    kind=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    values=st.sampled_from([None, own_values, first_values]),
    refunds=st.sampled_from(["net", "drop"]),
)
def test_sales_agree_with_the_reference(drawn, kind, values, refunds):
    orders = ff.Orders(
        table(drawn),
        customer="customer",
        time="time",
        amount="amount",
        order_id="order_id",
        quantity="quantity",
        category="category",
        status="status",
        refunds=refunds,
    )
    by = ["category", "status"] if values else None
    found = orders.sales(kind, by=by, attribution="first" if values is first_values else None)
    check(found, reference.sales(drawn, period=lambda time: first_day(kind, time), refunds=refunds, values=values))
    totals = reference.sales(drawn, period=lambda time: first_day(kind, time), refunds=refunds)
    check(found.totals, totals)


def check(found, expected):
    cells = {
        (tuple(row[name] for name in ("category", "status") if name in row), row["period"]): row
        for row in found.to_arrow().to_pylist()
    }
    for key, cell in expected.items():
        row = cells.pop(key)
        money, buyers, count, items = (cell[name] for name in ("sales", "buyers", "orders", "items"))
        assert (row["sales"], row["buyers"], row["orders"], row["items"]) == (money, buyers, count, items)
        assert row.get("guest_sales", 0) == cell["guest_sales"]
        assert row.get("guest_orders", 0) == cell["guest_orders"]
        assert row["orders_per_buyer"] == ((count - cell["guest_orders"]) / buyers if buyers else None)
        assert row["sales_per_buyer"] == (cell["of_buyers"] / buyers if buyers else None)
        assert row["sales_per_order"] == (money / count if count else None)
        assert row["items_per_order"] == (items / count if count else None)
        assert row["sales_per_item"] == (money / items if items else None)
    # What is left are periods between a group's first and last, without a sale.
    assert all((row["sales"], row["buyers"], row["orders"]) == (0, 0, 0) for row in cells.values())


def lines(**columns):
    count = len(next(iter(columns.values())))
    frame = pl.DataFrame({"customer": [1] * count, "time": [0] * count, **columns})
    roles = {name: name for name in frame.columns if name in {"order_id", "category", "quantity", "payment"}}
    return ff.Orders(frame, customer="customer", time="time", amount="amount", time_unit="s", **roles)


def picked(table, *names):
    return [tuple(row[name] for name in names) for row in table.to_arrow().to_pylist()]


def test_a_line_counts_under_its_own_value():
    orders = lines(order_id=[1, 1, 2], amount=[10, 90, 900], category=["pet", "food", "food"])
    sales = orders.sales(by="category")
    assert picked(sales, "category", "sales", "buyers", "orders") == [("food", 990, 1, 2), ("pet", 10, 1, 1)]
    # An order of two categories counts in both, and once in the totals.
    assert picked(sales.totals, "sales", "buyers", "orders") == [(1000, 1, 2)]
    assert picked(orders.sales(by="category", attribution="first"), "category", "sales", "orders") == [
        ("food", 1000, 2)
    ]


def test_lines_of_one_size_go_by_the_smallest_value():
    orders = lines(order_id=[1, 1, 2], amount=[50, 50, 1], category=["pet", "food", "toys"])
    assert picked(orders.sales(by="category", attribution="first"), "category", "sales") == [("food", 101)]


def test_whether_it_is_a_purchase_is_decided_on_the_whole_order():
    # A coupon that is a line of its own makes no order of its value a refund; an order taken back whole is none.
    orders = lines(
        order_id=[1, 1, 2, 2], amount=[100, -20, 30, -30], category=["food", "coupon", "pet", "pet"], quantity=[1] * 4
    )
    sales = orders.sales(by="category")
    assert picked(sales, "category", "sales", "orders") == [("coupon", -20, 1), ("food", 100, 1), ("pet", 0, 0)]


def test_items_are_net_of_what_refunds_took_back():
    for pieces in (1, -1):
        orders = lines(order_id=[1, 2], amount=[60, -20], quantity=[3, pieces])
        assert picked(orders.sales(), "items", "sales_per_item", "items_per_order") == [(2, 20, 2)]


def test_several_columns_break_sales_down():
    orders = lines(order_id=[1, 2, 3], amount=[1, 2, 4], category=["a", "a", "b"], payment=["card", "cash", "card"])
    assert picked(orders.sales(by=["payment", "category"]), "payment", "category", "sales") == [
        ("card", "a", 1), ("card", "b", 4), ("cash", "a", 2),
    ]  # fmt: skip
    assert orders.sales(by=["payment", "category"]).plot() is not None
    with pytest.raises(ValueError, match="give by="):
        orders.sales(attribution="first")


def days(*given):
    frame = pl.DataFrame({"who": [1] * len(given), "at": given, "amount": [10.0 * 2**n for n in range(len(given))]})
    return ff.Orders(frame, customer="who", time="at", amount="amount")


def test_an_incomplete_period_is_not_compared():
    orders = days("2024-01-10", "2024-02-29", "2024-03-31", "2024-04-15")
    rows = picked(orders.sales(), "complete", "change", "growth", "change_buyers")
    assert rows == [(False, None, None, None), (True, None, None, None), (True, 20, 1.0, 0), (False, None, None, None)]


def test_the_last_observed_day_makes_a_period_complete():
    # The rule: the day of the last row, whatever its hour; or that of the last instant before the end of between().
    assert picked(days("2024-01-01T23:00", "2024-01-31T00:00").sales(), "complete") == [(True,)]
    assert picked(days("2024-01-01", "2024-01-30").sales(), "complete") == [(False,)]
    early = days("2024-01-01", "2024-01-20", "2024-02-05")
    assert picked(early.between(end="2024-02-01").sales(), "complete") == [(True,)]
    assert picked(early.between(end="2024-01-31").sales(), "complete") == [(False,)]
    assert picked(days("2024-01-05", "2024-01-31").between(start="2024-01-01").sales(), "complete") == [(True,)]


def test_a_leap_day_is_compared_with_the_28th():
    orders = days("2023-02-28", "2024-02-29")
    assert picked(orders.sales("day", compare="year"), "change")[-1] == (10,)


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
