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
    measure=st.sampled_from(["net", "paid"]),
    lookback=st.sampled_from([None, 1, 20, 400]),
)
def test_sales_agree_with_the_reference(drawn, kind, values, refunds, measure, lookback):
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
    given = {"measure": measure, "lookback": None if lookback is None else f"{lookback}d"}
    found = orders.sales(kind, by=by, attribution="first" if values is first_values else None, **given)
    asked = {"period": lambda time: first_day(kind, time), "refunds": refunds, "measure": measure, "lookback": lookback}
    check(found, reference.sales(drawn, values=values, **asked))
    check(found.totals, reference.sales(drawn, **asked))


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
        for name in ("new", "returning", "won_back"):
            part = tuple(row[f"{name}_{what}"] for what in ("sales", "buyers", "orders"))
            assert part == cell["parts"].get(name, (0, 0, 0))
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


def test_new_is_new_to_the_shop_and_a_refund_alone_is_no_purchase():
    days = ["2022-01-10", "2023-03-01", "2023-03-20", "2023-04-02", "2023-04-05"]
    frame = pl.DataFrame({
        "customer": [1, 1, 2, 2, 1], "time": days, "amount": [10.0, 20.0, 30.0, -5.0, 40.0],
        "category": ["pet", "pet", "food", "food", "toys"],
    })  # fmt: skip
    orders = ff.Orders(frame, customer="customer", time="time", amount="amount", category="category")
    spring = orders.between("2023-03-01", None)
    names = [
        "period",
        "new_buyers",
        "returning_buyers",
        "won_back_buyers",
        "new_sales",
        "returning_sales",
        "won_back_sales",
    ]
    march, april = dt.date(2023, 3, 1), dt.date(2023, 4, 1)
    # The purchase of 2022 is known, though it is not counted: customer 1 is won back in March, and returns in April.
    assert picked(spring.sales(), *names) == [(march, 1, 0, 1, 30, 0, 20), (april, 0, 1, 0, 0, 35, 0)]
    assert picked(spring.sales(lookback="365d"), *names)[0] == (march, 2, 0, 0, 50, 0, 0)
    # The first pair of toys is bought by a customer whom the shop knows.
    toys = [
        row
        for row in picked(spring.sales(by="category"), "category", "new_buyers", "returning_buyers")
        if row[0] == "toys"
    ]
    assert toys == [("toys", 0, 1)]


def test_paid_leaves_refunds_out():
    orders = lines(order_id=[1, 1, 2, 3], amount=[100.0, -100.0, 50.0, 30.0])
    frame = pl.DataFrame({"c": [1, 1, 2], "t": [0, 100, 50], "a": [100.0, -100.0, 50.0], "o": [1, 1, 2]})
    later = ff.Orders(frame, customer="c", time="t", amount="a", order_id="o", time_unit="s")
    assert picked(later.sales(), "sales", "buyers", "orders") == [(50, 1, 1)]
    assert picked(later.sales(measure="paid"), "sales", "buyers", "orders") == [(150, 2, 2)]
    # A line below zero at the time of the order is a discount of it, and an order of nothing a refund.
    assert picked(orders.sales(measure="paid"), "sales", "orders") == [(80, 2)]


def test_a_seller_screen_is_met(request):
    folder = request.path.parents[1] / "io" / "exports"
    orders = ff.Orders(folder / "taobao_order_list_gb18030.csv", preset="taobao")
    net, paid = orders.sales("year"), orders.sales("year", measure="paid")
    assert picked(paid, "sales", "orders", "buyers") == [(2760.5, 5, 3)]
    assert picked(net, "sales") != picked(paid, "sales")
    assert "as paid" in repr(paid)


def test_who_bought_is_drawn():
    sales = ff.datasets.load_cdnow().sales("month")
    drawn = sales.plot("buyers", language="zh").to_dict()
    assert {value["kind"] for value in drawn["data"]["values"]} == {"新客", "老客", "召回客户"}
    with pytest.raises(ValueError, match="leave by="):
        ff.datasets.load_cdnow().sales(by=ff.datasets.load_cdnow().rfm()["segment"]).plot("buyers")
    with pytest.raises(ValueError, match="change"):
        sales.plot("waterfall")
