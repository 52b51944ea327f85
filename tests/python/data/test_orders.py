"""Orders: lines, refunds, periods, zones, customers, duplicates, quality."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

import footfall as ff
import reference
from strategies import rows, table


def shop(lines, **options):
    """Orders of lines (customer, day of January 2024, amount, order id, refund_of)."""
    frame = pl.DataFrame(
        [(c, dt.date(2024, 1, day), a, o, b) for c, day, a, o, b in lines],
        orient="row",
        schema={"c": pl.String, "t": pl.Date, "a": pl.Float64, "o": pl.String, "b": pl.String},
    )
    return ff.Orders(frame, customer="c", time="t", amount="a", order_id="o", refund_of="b", **options)


def facts(orders, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        rfm = orders.rfm(**options)
    return {row["c"]: (row["recency_days"], row["frequency"], row["monetary"]) for row in rfm.table.to_dicts()}


# Each line: what happened, and (recency on 31 January, frequency, money) of customer "x"; None: not scored.
REFUNDS = {
    "a refund does not move recency": ([("x", 1, 9, "1", None), ("x", 9, -4, "2", None)], (30, 1, 5)),
    "a line inside an order takes off": ([("x", 1, 9, "1", None), ("x", 1, -4, "1", None)], (30, 1, 5)),
    "an order that comes to nothing is a refund": ([("x", 1, 9, "1", None), ("x", 3, -9, "1", None)], None),
    "a free order is an order": ([("x", 1, 0, "1", None)], (30, 1, 0)),
    "refunded in full is no purchase": ([("x", 1, 9, "1", None), ("x", 5, 7, "2", None), ("x", 6, -7, "3", "2")], (30, 1, 9)),
    "refunded in part is one": ([("x", 1, 9, "1", None), ("x", 5, 7, "2", None), ("x", 6, -3, "3", "2")], (26, 2, 13)),
    "refunds add up": ([("x", 1, 9, "1", None), ("x", 5, 7, "2", None), ("x", 6, -3, "3", "2"), ("x", 7, -4, None, "2")],
                       (30, 1, 9)),
    "a refund under its own order's number": ([("x", 1, 9, "1", None), ("x", 5, -4, "1", "1")], (30, 1, 5)),
    "no number, no order to join": ([("x", 1, 9, None, None), ("x", 1, 9, None, None)], (30, 2, 18)),
    "another's order is not refunded": ([("x", 1, 9, "1", None), ("y", 2, -9, "2", "1")], (30, 1, 9)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUNDS)
def test_refunds(case):
    lines, expected = REFUNDS[case]
    assert facts(shop(lines), as_of="2024-01-31").get("x") == expected


def test_refund_policies_differ():
    lines = [("x", 1, 9, "1", None), ("x", 5, 7, "2", None), ("x", 6, -7, "3", "2")]
    assert facts(shop(lines), as_of="2024-01-31") == {"x": (30, 1, 9)}
    dropped = shop(lines, refunds="drop")
    assert facts(dropped, as_of="2024-01-31") == {"x": (26, 2, 16)}
    assert dropped.quality.left_out == {"refunds": 1}
    assert dropped.quality.money_share == {"refunds": pytest.approx(-7 / 9)}


def test_customers_without_a_purchase_are_counted():
    quality = shop([("x", 1, 9, "1", None), ("y", 2, -9, "2", "1"), ("z", 2, 0, "5", None)]).quality
    assert (quality.customers, quality.customers_without_purchase) == (2, 1)
    assert (quality.refund_orders, quality.refund_amount, quality.refunds_unmatched) == (1, 9.0, 1)


def test_rows_after_the_as_of_date_are_cut_before_orders_are_formed():
    lines = [("x", 1, 9, "1", None), ("x", 20, -9, "1", None)]
    assert facts(shop(lines), as_of="2024-01-19") == {"x": (18, 1, 9)}
    assert facts(shop(lines), as_of="2024-01-20") == {}


@pytest.mark.filterwarnings("ignore:cancelled=. no status is")
@settings(max_examples=150, deadline=None)
@given(drawn=rows())
def test_every_row_is_used_or_counted(drawn):
    orders = ff.Orders(
        table(drawn), customer="customer", time="time", amount="amount", order_id="order_id", status="status",
        cancelled=["void"], quantity="quantity",
    )  # fmt: skip
    used, out = reference.usable(drawn, ("void",))
    quality = orders.quality
    assert quality.left_out == out
    assert (quality.rows_read, quality.rows_used) == (len(drawn), len(used))
    money = reference.total(
        row["amount"] for row in drawn if row["amount"] is not None and math.isfinite(row["amount"])
    )
    for reason, share in quality.money_share.items():
        lost = reference.total(
            row["amount"]
            for row in drawn
            if row["amount"] is not None
            and math.isfinite(row["amount"])
            and reference.usable([row], ("void",))[1] == {reason: 1}
        )
        assert share == (lost / money if money else 0.0)
    assert quality.missing.get("quantity", 0) == sum(row["quantity"] is None for row in used)


def test_between_counts_a_period_and_keeps_what_is_known():
    lines = [("x", 1, 9, "1", None), ("x", 10, 5, "2", None), ("x", 20, 3, "3", None), ("y", 12, 4, "4", None)]
    part = shop(lines).between("2024-01-10", dt.date(2024, 1, 20))
    assert part.end == dt.datetime(2024, 1, 20)
    rfm = part.rfm()
    assert rfm.as_of == dt.date(2024, 1, 19)
    assert rfm.table["first_order"].to_list() == [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 12)]
    assert facts(part) == {"x": (9, 1, 5), "y": (7, 1, 4)}
    assert part.quality.left_out == {"before_period": 1, "after_period": 1}
    assert part.between(end="2024-01-15").end == dt.datetime(2024, 1, 15)
    open_end = shop(lines).between("2024-01-10")
    assert facts(open_end) == {"x": (0, 2, 8), "y": (8, 1, 4)}


def test_days_are_those_of_the_zone():
    # 2024-01-01 20:00 UTC is 2024-01-02 in Shanghai.
    frame = pa.table(
        {
            "c": [1, 2],
            "t": pa.array([dt.datetime(2024, 1, 1, 20), dt.datetime(2024, 1, 1, 1)], pa.timestamp("us", "UTC")),
            "a": [1, 1],
        }
    )
    utc = ff.Orders(frame, customer="c", time="t", amount="a")
    assert (utc.timezone, utc.rfm(frequency="days").as_of) == ("UTC", dt.date(2024, 1, 1))
    shanghai = ff.Orders(frame, customer="c", time="t", amount="a", timezone="Asia/Shanghai")
    assert shanghai.rfm().as_of == dt.date(2024, 1, 2)
    assert shanghai.rfm().to_arrow()["recency_days"].to_pylist() == [0, 1]
    assert shanghai.rfm().to_arrow().schema.field("last_order").type == pa.timestamp("us", "Asia/Shanghai")
    assert shanghai.end == dt.datetime(2024, 1, 2, 4)
    assert shanghai.between("2024-01-02").quality.left_out == {"before_period": 1}


def test_wall_clock_is_taken_in_the_zone():
    frame = pa.table({"c": [1], "t": ["2024-03-31T02:30:00"], "a": [1]})
    berlin = ff.Orders(frame, customer="c", time="t", amount="a", timezone="Europe/Berlin")
    # The clock was put forward at 02:00.
    assert berlin.end == dt.datetime(2024, 3, 31, 3, 30)


def test_exact_duplicates_are_found():
    lines = [
        ("x", 1, 9, "1", None),
        ("x", 1, 9, "1", None),
        ("x", 1, 9, "2", None),
        ("y", 1, 9, "1", None),
        ("y", 1, 9, None, None),
        ("y", 1, 9, None, None),
        ("y", 1, 9, None, None),
    ]
    found = shop(lines).duplicates().table
    assert found.rows() == [
        ("x", dt.datetime(2024, 1, 1), 9.0, "1", None, 2),
        ("y", dt.datetime(2024, 1, 1), 9.0, None, None, 3),
    ]
    assert found.columns == ["c", "t", "a", "o", "b", "copies"]


def test_attributes_stand_in_by(cdnow):
    known = pl.DataFrame({"id": [4, 21, 4, None], "sex": ["f", "m", "m", "m"], "points": [1.5, None, 3.0, 2.0]})
    customers = ff.Customers(known, customer="id", gender="sex", loyalty="points")
    assert customers.quality == {"rows_read": 4, "rows_used": 2, "null_customer": 1, "repeated_customer": 1}
    orders = cdnow.with_customers(customers)
    by_role, by_name = orders.sales("year", by="gender"), orders.sales("year", by="sex")
    assert by_role.to_arrow().equals(by_name.to_arrow())
    found = {(row["sex"], row["period"].year): row["buyers"] for row in by_role.to_arrow().to_pylist()}
    assert found == {("f", 1997): 1, ("m", 1997): 1, (None, 1997): 2355, (None, 1998): found[None, 1998]}
    assert orders.sales("year", by="loyalty").to_arrow()["points"].to_pylist()[0] == 1.5


def sold(**columns):
    frame = pl.DataFrame({
        "c": [1, 1, 1, 2, 1], "t": ["2024-01-01", "2024-01-01", "2024-02-01", "2024-02-03", "2024-03-05"],
        "a": [10.0, 30.0, 5.0, 8.0, -5.0], "o": [1, 1, 2, 3, 4], **columns,
    })  # fmt: skip
    roles = {"category": "kind", "payment": "by", "discount": "off", "quantity": "n"}
    given = {role: column for role, column in roles.items() if column in columns}
    return ff.Orders(frame, customer="c", time="t", amount="a", order_id="o", **given)


def test_events_of_orders_carry_their_columns_along():
    orders = sold(kind=["pet", "food", "food", "pet", "food"], by=["card"] * 5, off=[1.0, 0.5, None, 2.0, None],
                  n=[1, 2, 1, 1, 1])  # fmt: skip
    events = orders.as_events("pay")
    rows = events._log.rows()
    table = ff.Table(rows, "polars").table
    assert table.select("c", "value", "order_number", "category", "payment", "discount", "quantity").rows() == [
        (1, 40.0, 1.0, "food", "card", 1.5, 3.0), (1, 5.0, 2.0, "food", "card", None, 1.0),
        (2, 8.0, 1.0, "pet", "card", 2.0, 1.0),
    ]  # fmt: skip
    first, second = (ff.Step("pay", where=[("order_number", "==", n)], name=f"order {n}") for n in (1, 2))
    assert events.funnel([first, second]).table["reached"].to_list() == [2, 1]
    assert events.funnel([first, second], by="category").table["category"].to_list() == ["food", "food", "pet", "pet"]
    discounted = ff.Step("pay", where=[("discount", ">", 0)])
    assert events.funnel([discounted, "pay"]).table["reached"].to_list() == [2, 1]


def test_events_of_orders_end_where_the_orders_do():
    orders = sold()
    # The last row is a refund, which is no purchase: the shop was watched until then.
    assert orders.as_events().end == orders.end == dt.datetime(2024, 3, 5)
    assert orders.as_events().retention(period="month").table["customers"].to_list() == [1, 1, None, 1, None]
    joined = ff.Events.concat([orders.as_events("pay"), orders.as_events("again")])
    assert joined.end == dt.datetime(2024, 3, 5)


def test_events_of_a_period_know_what_was_before_it():
    part = sold().between("2024-02-01", "2024-03-01")
    events = part.as_events("pay")
    assert events.end == part.end
    assert events.quality.left_out == {"before_period": 1}
    # The second order of the first customer is in the period; its number is that of the whole log.
    first, second = (ff.Step("pay", where=[("order_number", "==", n)], name=str(n)) for n in (1, 2))
    assert events.funnel([second, "pay"]).table["reached"].to_list() == [1, 0]
    assert events.funnel([first, "pay"]).table["reached"].to_list() == [1, 0]
    # Retention by cohort: one customer began before the period, one in it.
    assert events.retention(period="month").table["size"].to_list() == [1]


def test_joined_logs_end_with_what_was_left_behind():
    frame = pl.DataFrame({"who": [1, 1, 2], "at": ["2024-01-01", "2024-01-05", "2023-12-31"], "what": ["a", "b", "c"]})
    log = ff.Events(frame, customer="who", time="at", event="what", only=["a"])
    joined = ff.Events.concat([log, log])
    assert (joined.end, joined.quality.rows_used) == (dt.datetime(2024, 1, 5), 2)
    assert joined._log.range == log._log.range


def test_a_status_that_never_occurs_is_told():
    frame = pl.DataFrame({"c": [1, 2], "t": ["2024-01-01"] * 2, "a": [1.0, 2.0], "s": ["paid", "void"]})
    with pytest.warns(ff.FootfallWarning, match='no status is "cancelled"; the log has paid, void'):
        ff.Orders(frame, customer="c", time="t", amount="a", status="s", cancelled=["void", "cancelled"])


def test_money_too_small_to_count_is_refused():
    def read(*amounts):
        frame = pl.DataFrame({"c": [1] * len(amounts), "t": ["2024-01-01"] * len(amounts), "a": amounts})
        return ff.Orders(frame, customer="c", time="t", amount="a")

    with pytest.raises(
        ff.DataError, match=r'amount="a": 2 values are smaller than 2\*\*-64 .* the first in row 1: 1e-20'
    ):
        read(1.0, 1e-20, -3e-30)
    assert read(1.0, 0.0, 2.0**-64).quality.rows_used == 3


def test_rfm_counts_refunds_as_orders_do():
    # The second customer has a refund and no purchase.
    frame = pl.DataFrame({"c": [1, 1, 2], "t": ["2024-01-01", "2024-01-02", "2024-01-03"], "a": [9.0, -2.0, -3.0]})
    orders = ff.Orders(frame, customer="c", time="t", amount="a")
    assert (orders.quality.refund_orders, orders.quality.refund_amount) == (2, 5.0)
    assert (orders.rfm().quality.refund_orders, orders.rfm().quality.refund_amount) == (2, 5.0)


def test_a_lookback_of_days_is_the_same_for_a_date_and_a_time_of_it():
    days = ["2024-06-01T00:30", "2024-06-02T00:30", "2024-06-10T10:00"]
    frame = pl.DataFrame({"c": [1, 2, 3], "t": days, "a": [1.0] * 3})
    orders = ff.Orders(frame, customer="c", time="t", amount="a")
    # By hand: the nine days from the 2nd to the 10th.
    for as_of in ("2024-06-10", "2024-06-10T12:00", "2024-06-10T23:00"):
        rfm = orders.rfm(as_of, lookback="9d")
        assert rfm.to_arrow()["c"].to_pylist() == [2, 3]
        assert max(rfm.to_arrow()["recency_days"].to_pylist()) == 8
    # Hours elapse.
    assert orders.rfm("2024-06-10T12:00", lookback="203h").to_arrow()["c"].to_pylist() == [3]
    assert orders.rfm("2024-06-10T12:00", lookback="204h").to_arrow()["c"].to_pylist() == [2, 3]


def test_what_lookback_and_between_know():
    frame = pl.DataFrame({"c": [1, 1, 1], "t": ["2024-01-01", "2024-03-01", "2024-03-11"], "a": [1.0] * 3})
    orders = ff.Orders(frame, customer="c", time="t", amount="a")

    def first(rfm):
        return rfm.to_arrow()["first_order"].to_pylist()[0].date().isoformat(), rfm.lost_after

    assert first(orders.rfm(segments="tiers")) == ("2024-01-01", 60.0)
    # Under lookback earlier orders had not been; after between() they are known, and not counted.
    assert first(orders.rfm(segments="tiers", lookback="30d")) == ("2024-03-01", 10.0)
    assert first(orders.between("2024-03-01").rfm(segments="tiers")) == ("2024-01-01", 10.0)


def test_an_empty_log_is_as_of_no_day():
    frame = pl.DataFrame(
        {"c": [1], "t": ["2024-01-01"], "a": [None]}, schema={"c": pl.Int64, "t": pl.String, "a": pl.Float64}
    )
    orders = ff.Orders(frame, customer="c", time="t", amount="a")
    with pytest.warns(ff.FootfallWarning, match="the result is empty, and as of no day"):
        rfm = orders.rfm()
    assert (rfm.num_rows, rfm.as_of) == (0, None)
    assert "as of no day" in repr(rfm)
    assert orders.rfm("2024-05-01").as_of == dt.date(2024, 5, 1)


def test_concentration_stays_between_nothing_and_all():
    frame = pl.DataFrame({"c": [1, 1, 2, 3], "t": ["2024-01-01"] * 4, "a": [5.0, -9.0, 7.0, 0.0]})
    concentration = ff.Orders(frame, customer="c", time="t", amount="a").rfm().concentration
    # By hand: 0, 0 and 7; the Gini coefficient of three of whom one has all is 2/3.
    assert concentration.gini == pytest.approx(2 / 3)
    assert concentration.top_20 == pytest.approx(0.6)
    assert concentration.negative == 1
    assert "1 customers whose refunds exceed what they bought count as 0" in repr(concentration)


def test_a_wall_clock_that_comes_twice_or_not_at_all():
    times = ["2024-10-27 02:30", "2024-03-31 02:30"]
    frame = pl.DataFrame({"c": [1, 2], "t": times, "a": [1.0, 1.0]})
    orders = ff.Orders(frame, customer="c", time="t", amount="a", timezone="Europe/Berlin")
    found = orders.rfm().to_arrow()["last_order"].to_pylist()
    # The earlier of the two is summer time; one that is skipped is read with the offset before the change.
    assert [at.astimezone(dt.UTC).strftime("%H:%M") for at in found] == ["00:30", "01:30"]
    assert [at.strftime("%H:%M") for at in found] == ["02:30", "03:30"]
