"""Roles and options of orders: prices, refunds in columns, amounts of orders, payments, statuses, guests."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff


def orders(columns, **roles):
    frame = pl.DataFrame(columns, strict=False)
    given = {"customer": "c", "time": "t", **roles}
    if "amount" not in given and "price" not in given:
        given["amount"] = "a"
    return ff.Orders(frame, **given)


def year(log, *names):
    row = log.sales("year").to_arrow().to_pylist()[0]
    return tuple(row[name] for name in names)


def column(result, name):
    return result.to_arrow()[name].to_pylist()


DAY = "2024-03-05"


def test_an_amount_is_price_times_quantity():
    log = orders(
        {"c": [1, 1, 2], "t": [DAY] * 3, "p": [19.9, 0.1, 1.125], "q": [3.0, 2.0, 0.5]}, price="p", quantity="q"
    )
    assert column(log.rfm(segments=None), "monetary") == [59.9, 0.5625]
    assert year(log, "sales", "items") == (60.4625, 5.5)
    missing = orders({"c": [1, 1], "t": [DAY] * 2, "p": [2.0, 3.0], "q": [None, 1]}, price="p", quantity="q")
    assert missing.quality.left_out == {"null_amount": 1}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 99)), min_size=1, max_size=20))
def test_prices_multiply_exactly(lines):
    columns = {
        "c": [1] * len(lines), "t": [DAY] * len(lines),
        "p": [cents / 100 for cents, _ in lines], "q": [pieces for _, pieces in lines],
    }  # fmt: skip
    assert year(orders(columns, price="p", quantity="q"), "sales") == (sum(c * q for c, q in lines) / 100,)


def test_equal_amounts_tie_however_they_were_computed():
    log = orders({"c": [1, 2, 2, 2], "t": [DAY] * 4, "a": [3 * 19.9, 19.9, 19.9, 19.9]})
    rfm = log.rfm(scores=2, edges=ff.Edges(recency=[1], frequency=[2], monetary=[59.7]))
    assert (column(rfm, "monetary"), column(rfm, "m")) == ([59.7, 59.7], [2, 2])
    odd = orders({"c": [1, 1], "t": [DAY] * 2, "a": [1 / 3, 0.25]}).quality
    assert (odd.amounts_as_floats, odd.amounts_as_decimals) == (1, 1)
    assert "1 amounts with more than four decimal places" in repr(odd)


def test_refunds_in_a_column_count_on_their_own_date():
    columns = {
        "c": [1, 1, 2], "t": ["2024-01-05", "2024-02-05", "2024-01-06"], "a": [100, 50, 30],
        "back": [40, 0, 30], "when": ["2024-03-01", None, "2024-01-20"],
    }  # fmt: skip
    for sign in (1, -1):
        log = orders(
            {**columns, "back": [sign * back for back in columns["back"]]}, refunded="back", refunded_at="when"
        )
        assert log.rfm(segments=None).to_polars().select("c", "frequency", "monetary", "refund_amount").rows() == [
            (1, 2, 110.0, 40.0)
        ]
        quality = log.quality
        assert (quality.refund_orders, quality.refund_amount, quality.customers_without_purchase) == (2, 70.0, 1)
        by_month = log.sales("month").to_arrow().to_pylist()
        assert [(row["sales"], row["orders"]) for row in by_month] == [(100.0, 1), (50.0, 1), (-40.0, 0)]
        # At the end of January the 40 have not been given back yet.
        assert column(log.rfm("2024-01-31", segments=None), "monetary") == [100.0]
    dropped = orders(columns, refunded="back", refunded_at="when", refunds="drop")
    assert year(dropped, "sales", "orders") == (150.0, 2)
    undated = orders(columns, refunded="back")
    assert [row["sales"] for row in undated.sales("month").to_arrow().to_pylist()] == [60.0, 50.0]
    with pytest.raises(
        ff.DataError, match=r"below zero in some rows \(the first is row 0\) and above it in others \(row 2\)"
    ):
        orders({**columns, "back": [-40, 0, 30]}, refunded="back")


def test_a_status_means_refunded_in_full():
    columns = {"c": [1, 1, 2], "t": [DAY] * 3, "a": [5.0, 7.0, 9.0], "s": ["ok", "refunded", "refunded"]}
    for roles in (
        {"refunded": {"s": ["refunded"]}},
        {"status": "s", "refunded": {"s": ["refunded"]}, "paid": ["ok", "refunded"]},
    ):
        log = orders(columns, **roles)
        assert year(log, "sales", "orders", "buyers") == (5.0, 1, 1)
        assert (log.quality.refund_orders, log.quality.refund_amount) == (2, 16.0)


def test_a_later_negative_line_of_an_order_is_a_refund_on_its_own_date():
    columns = {
        "c": [1, 1, 1, 1], "t": ["2024-01-05", "2024-01-05", "2024-02-10", "2024-01-08"], "a": [100, -5, -20, 9],
        "o": ["x", "x", "x", "y"],
    }  # fmt: skip
    log = orders(columns, order_id="o")
    by_month = log.sales("month").to_arrow().to_pylist()
    # The discount of -5 stands in the order of its own day.
    assert [(row["sales"], row["orders"]) for row in by_month] == [(104.0, 2), (-20.0, 0)]
    assert (log.quality.refund_orders, log.quality.refund_amount) == (1, 20.0)


def test_the_amount_of_an_order_counts_once_and_is_shared_by_its_lines():
    columns = {
        "c": [1, 1, 2], "t": [DAY] * 3, "a": [100.0, 100.0, 7.0], "o": [1, 1, 2], "k": ["pet", "food", "food"],
        "p": [1.0, 2.0, 5.0], "q": [1, 1, 1], "fee": [6.0, 6.0, 1.0],
    }  # fmt: skip
    roles = {"order_id": "o", "category": "k", "shipping": "fee", "amount_per": "order"}
    log = orders(columns, amount="a", price="p", quantity="q", **roles)
    assert year(log, "sales", "orders", "shipping") == (107.0, 2, 7.0)
    by = {row["k"]: (row["sales"], row["shipping"]) for row in log.sales("year", by="category").to_arrow().to_pylist()}
    assert by == {"food": (73.67, 5.0), "pet": (33.33, 2.0)}
    # Without weights no one knows what of the order belongs to each: null, and the total is right.
    blind = orders(columns, **roles)
    rows = {row["k"]: row["sales"] for row in blind.sales("year", by="category").to_arrow().to_pylist()}
    assert rows == {"food": None, "pet": None}
    assert year(blind, "sales") == (107.0,)
    assert "money by category is unknown" in repr(blind.sales("year", by="category"))
    # One line has it, the others are null; an order without any is left out.
    sparse = orders({**columns, "a": [None, 100.0, None]}, **roles)
    assert (year(sparse, "sales", "orders"), sparse.quality.left_out) == ((100.0, 1), {"null_amount": 1})
    with pytest.raises(ff.DataError, match=r"the lines of order 1 have two values of amount=, 100 and 90"):
        orders({**columns, "a": [100.0, 90.0, 7.0]}, **roles)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(-(10**6), 10**6), st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 9)), min_size=1, max_size=6)
)
def test_shares_add_to_the_order(cents, lines):
    count = len(lines)
    columns = {
        "c": [1] * count, "t": [DAY] * count, "a": [cents / 100] * count, "o": [1] * count,
        "k": [str(at) for at in range(count)], "p": [p / 100 for p, _ in lines], "q": [q for _, q in lines],
    }  # fmt: skip
    log = orders(columns, amount="a", price="p", quantity="q", order_id="o", category="k", amount_per="order")
    rows = log.sales("year", by="category").to_arrow().to_pylist()
    weight = sum(p * q for p, q in lines)
    if weight == 0 and count > 1:
        assert all(row["sales"] is None for row in rows)
        return
    shares = {int(row["k"]): round(row["sales"] * 100) for row in rows}
    assert sum(shares.values()) == cents
    for at, (p, q) in enumerate(lines):
        assert abs(shares[at] - cents * (p * q) / (weight or 1)) < 1 or count == 1


def test_one_amount_on_all_lines_smells():
    columns = {"c": [1] * 6, "t": [DAY] * 6, "a": [5.0, 5.0, 7.0, 7.0, 9.0, 9.0], "o": [1, 1, 2, 2, 3, 3]}
    with pytest.warns(
        ff.FootfallWarning, match=r'every order of several lines \(3\) has one amount .* amount_per="order"'
    ):
        orders(columns, order_id="o")


def test_a_key_is_the_first_column_that_is_not_null():
    columns = {
        "mail": ["ann@x", None, " ", None, None], "phone": [1, 22, 33, None, None], "t": [DAY] * 5, "a": [1, 2, 4, 8, 16],
        "o": ["i", "j", "k", "i", "z"],
    }  # fmt: skip
    log = ff.Orders(pl.DataFrame(columns), customer=["mail", "phone"], time="t", amount="a", order_id="o")
    table = log.rfm(segments=None)
    # The line without any goes with that of its order; the last one is a guest.
    assert dict(zip(column(table, "mail"), column(table, "monetary"), strict=True)) == {
        "22": 2.0,
        "33": 4.0,
        "ann@x": 9.0,
    }
    assert (log.quality.guest_orders, year(log, "sales", "guest_sales", "buyers")) == (1, (31.0, 16.0, 3))
    times = orders({"c": [1, 2], "t": [None, "2024-01-02"], "u": ["2024-01-09", None], "a": [1, 2]}, time=["t", "u"])
    assert column(times.rfm(segments=None), "last_order") == [dt.datetime(2024, 1, 9), dt.datetime(2024, 1, 2)]


def test_what_is_not_paid_is_no_order():
    columns = {"c": [1, 1, 2], "t": [DAY] * 3, "a": [1, 2, 4], "paid": [DAY, None, DAY]}
    log = orders(columns, paid_at="paid")
    assert (year(log, "sales"), log.quality.left_out) == ((5.0,), {"not_paid": 1})


def test_statuses_that_are_orders_or_none():
    columns = {
        "c": [1, 1, 2, 2],
        "t": [DAY] * 4,
        "a": [1, 2, 4, 8],
        "s": ["done", "void", "new", None],
        "x": [1, 1, 0, 1],
    }
    log = orders(columns, status="s", paid=["done", "new"])
    assert (year(log, "sales"), log.quality.left_out) == ((5.0,), {"not_paid": 2})
    log = orders(columns, status="s", cancelled=["void"], paid={"x": ["1"]})
    assert (year(log, "sales"), log.quality.left_out) == ((9.0,), {"cancelled": 1, "not_paid": 1})
    with pytest.warns(ff.FootfallWarning, match="status= has done, new, void, and all of them count as orders"):
        orders(columns, status="s")
    with pytest.warns(ff.FootfallWarning, match=r'paid=: no status is "gone"; the log has done, new, void'):
        orders(columns, status="s", paid=["done", "gone"])


def test_a_cancelled_order_takes_its_refunds_with_it():
    columns = {
        "c": [1, 1, 1], "t": ["2024-01-05", "2024-01-09", "2024-01-06"], "a": [50, -50, 20], "o": ["x", "r", "y"],
        "of": [None, "x", None], "s": ["void", "ok", "ok"],
    }  # fmt: skip
    log = orders(columns, order_id="o", refund_of="of", status="s", cancelled=["void"])
    assert year(log, "sales", "orders") == (20.0, 1)
    assert log.quality.left_out == {"cancelled": 2}
    # Of an order of which a line is left, the refund counts.
    half = {name: [*values, values[0]] for name, values in columns.items()} | {"s": ["void", "ok", "ok", "ok"]}
    assert year(orders(half, order_id="o", refund_of="of", status="s", cancelled=["void"]), "sales") == (20.0,)


def test_guests_count_in_sales_and_in_no_analysis_of_customers():
    columns = {
        "c": [1, None, None, 2], "t": ["2024-01-05", "2024-01-06", "2024-02-06", "2024-02-07"], "a": [10.0, 20.0, 30.0, 5.0],
        "q": [1, 2, 3, 4],
    }  # fmt: skip
    log = orders(columns, quantity="q")
    rows = log.sales("month").to_arrow().to_pylist()
    names = ("sales", "orders", "items", "buyers", "guest_sales", "guest_orders", "sales_per_buyer", "sales_per_order")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (30.0, 2, 3, 1, 20.0, 1, 10.0, 15.0),
        (35.0, 2, 7, 1, 30.0, 1, 5.0, 17.5),
    ]
    assert log.rfm(segments=None).num_rows == 2
    assert log.rfm(segments=None).quality.left_out == {"guests": 2}
    assert (log.quality.guest_orders, log.quality.guest_share) == (2, 50 / 65)
    with pytest.raises(ff.DataError, match=r'nulls="raise": 2 of 4 rows have no customer, the first is row 1'):
        orders(columns, nulls="raise")


def test_the_change_splits_into_buyers_and_guests():
    days = [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 31), dt.datetime(2024, 2, 1), dt.datetime(2024, 2, 29)]
    log = orders({"c": [1, None, 1, None], "t": days, "a": [10.0, 20.0, 15.0, 50.0]})
    row = log.sales("month").to_arrow().to_pylist()[1]
    parts = ("change_buyers", "change_orders_per_buyer", "change_amount_per_order", "change_guests")
    assert [row[name] for name in parts] == [0.0, 0.0, 5.0, 30.0]
    assert row["change"] == 35.0


def test_further_columns_stand_in_by():
    log = orders({"c": [1, 2], "t": [DAY] * 2, "a": [1, 2], "utm": ["ads", "mail"]}, channel="utm")
    assert log.sales("year", by="channel").to_arrow()["sales"].to_pylist() == [1.0, 2.0]


def test_a_log_without_money():
    log = orders({"c": [1, 1, 2], "t": ["2024-01-05", "2024-02-05", "2024-01-09"]}, amount=None)
    table = log.rfm().to_polars()
    assert table["frequency"].to_list() == [2, 1]
    assert table["monetary"].to_list() == [None, None]
    assert [row["sales"] for row in log.sales("month").to_arrow().to_pylist()] == [None, None]
    assert log.sales("month").to_arrow()["orders"].to_pylist() == [2, 1]
    with pytest.raises(ff.DataError, match=r"the log has no money \(amount=None\)"):
        log.rfm(segments="tiers")
    with pytest.raises(ff.DataError, match="the log has no money"):
        log.lifetime()


@pytest.mark.parametrize(
    ("roles", "error", "words"),
    [
        ({"price": "p", "quantity": "q", "amount": "a"}, ValueError, "amount= or price=, not both"),
        ({"price": "p"}, ValueError, "give quantity= as well"),
        ({"amount_per": "order"}, ValueError, "needs order_id="),
        ({"refunded_at": "t"}, ValueError, "give refunded= as well"),
        ({"amount": None, "refunded": "a"}, ValueError, "is of money, and the log has none"),
        ({"customer": 5}, TypeError, 'customer=5: give the name of a column, as in customer="customer"'),
        ({"status": "s", "paid": "ok"}, TypeError, r"paid=\['ok'\]"),
        ({"null_values": [None]}, TypeError, "give words"),
        ({"decimal": ";"}, ValueError, r'decimal=";": give "\." or ","'),
    ],
)
def test_contradictions_say_what_to_type(roles, error, words):
    columns = {"c": [1], "t": [DAY], "a": [1], "p": [1.0], "q": [1], "s": ["ok"], "o": [1]}
    with pytest.raises(error, match=words):
        orders(columns, **roles)


def test_what_is_missing_is_named():
    with pytest.raises(TypeError, match=r"ff\.Orders needs amount=: the name of a column each \(price= with quantity="):
        ff.Orders(pl.DataFrame({"c": [1], "t": [DAY]}), customer="c", time="t")


def test_numbers_are_banded():
    log = orders({"c": [1, 2, 3, 4], "t": [DAY] * 4, "a": [1, 2, 4, 8], "q": [1, 5, 10, None]}, quantity="q")
    sales = log.sales("year", by=ff.bands("quantity", [5, 10]))
    assert sales.to_polars().select("q", "sales").rows() == [("< 5", 1.0), ("[5, 10)", 2.0), ("≥ 10", 4.0), (None, 8.0)]
    people = ff.Customers(pl.DataFrame({"id": [1, 2, 3], "age": [17.0, 25.0, 34.5]}), customer="id", age="age")
    by = log.with_customers(people).sales("year", by=[ff.bands("age", [18, 25, 35])])
    assert by.to_polars().select("age", "sales").rows() == [("< 18", 1.0), ("[25, 35)", 6.0), (None, 8.0)]
    with pytest.raises(ValueError, match="each larger than the one before"):
        log.sales(by=ff.bands("quantity", [5, 5]))
    with pytest.raises(ff.ColumnError, match="nothing"):
        log.sales(by=ff.bands("nothing", [5]))
