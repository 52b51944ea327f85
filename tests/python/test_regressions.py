"""Odd inputs that were once read wrongly."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import footfall as ff


def orders(rows=3, **columns):
    frame = pd.DataFrame({"c": range(rows), "t": ["2024-01-01"] * rows, "a": [1.0] * rows} | columns)
    roles = {name: name for name in columns if name not in {"c", "t", "a"}}
    return ff.Orders(frame, customer="c", time="t", amount="a", **roles)


def test_empty_results_and_dictionaries_without_values(cdnow):
    with pytest.warns(ff.FootfallWarning, match="nobody is scored"):
        empty = cdnow.rfm("1990-01-01")
    assert empty.to_pandas().shape == (0, 17)
    assert empty.rows() == []
    assert "RFM of 0 customers" in repr(empty)
    assert empty.join(pd.DataFrame({"customer_id": [1]}))["r"].isna().all()
    nothing = orders(product=pd.Categorical([None] * 3))
    assert nothing.sales(by="product").to_arrow()["product"].to_pylist() == [None]
    no_values = pd.Categorical([None] * 3, categories=pd.Index([], dtype="str"))
    assert orders(product=no_values).rfm().num_rows == 3


@pytest.mark.parametrize("kind", [float, decimal.Decimal])
def test_cents_that_come_to_nothing_are_nothing(kind):
    amounts = [kind(text) for text in ("0.1", "0.2", "-0.3")]
    frame = {"c": [1, 1, 1], "t": ["2024-01-01"] * 3, "a": amounts, "o": [1, 1, 1]}
    one = ff.Orders(pd.DataFrame(frame), customer="c", time="t", amount="a", order_id="o")
    assert (one.quality.customers, one.quality.refund_orders) == (0, 1)
    frame |= {"o": [1, 1, 2], "back": [None, None, 1]}
    two = ff.Orders(pd.DataFrame(frame), customer="c", time="t", amount="a", order_id="o", refund_of="back")
    assert (two.quality.customers, two.quality.customers_without_purchase) == (0, 1)
    # A cent that is left is a cent.
    frame |= {"a": [kind(text) for text in ("1e9", "0.01", "-1e9")], "o": [1, 1, 1], "back": [None] * 3}
    three = ff.Orders(pd.DataFrame(frame), customer="c", time="t", amount="a", order_id="o")
    assert three.rfm().table["monetary"].tolist() == [pytest.approx(0.01)]


def test_by_means_the_column_of_the_result():
    mine = orders(product=["x", "y", "z"])
    renamed = ff.Orders(
        pd.DataFrame({"c": [1, 2], "t": ["2024-01-01"] * 2, "a": [1, 2], "segment": ["u", "v"]}),
        customer="c", time="t", amount="a", category="segment",
    )  # fmt: skip
    assert set(renamed.sales(by=renamed.rfm()["segment"]).table["segment"]) <= {
        "hibernating",
        "at_risk",
        "about_to_sleep",
    }
    with pytest.raises(ValueError, match="takes one column of a result"):
        mine.sales(by=mine.rfm())
    with pytest.raises(ValueError, match="is the key itself"):
        mine.rfm()["c"]
    with pytest.raises(TypeError, match="by=7: give the name"):
        mine.sales(by=[7])
    known = ff.Customers(pd.DataFrame({"c": [0], "product": ["p"]}), customer="c", gender="product")
    with pytest.raises(ValueError, match="rename one of them"):
        mine.with_customers(known).sales(by="product")


def test_as_of_beyond_the_period_is_refused(cdnow):
    with pytest.raises(ValueError, match="lies after the end of the period"):
        cdnow.between(None, "1998-01-01").rfm("1998-06-30")
    assert cdnow.between(None, "1998-01-01").rfm("1997-12-31").as_of == dt.date(1997, 12, 31)


def test_a_key_named_like_a_column_of_the_result_is_refused():
    frame = pd.DataFrame({"score": [11], "t": ["2024-01-01"], "a": [1]})
    with pytest.raises(ff.DataError, match='"score" of your data has the name of a column of the result; rename it'):
        ff.Orders(frame, customer="score", time="t", amount="a").rfm()


def test_python_objects_in_polars_are_refused():
    frame = pl.DataFrame({"c": pl.Series([object()], dtype=pl.Object), "t": ["2024-01-01"], "a": [1]})
    with pytest.raises(ff.DataError, match="holds Python objects"):
        ff.Orders(frame, customer="c", time="t", amount="a")


@pytest.mark.parametrize("role", ["order_id", "product", "quantity", "refund_of"])
def test_columns_of_nulls(role):
    roles = {"order_id": "o", role: "n"} if role == "refund_of" else {role: "n"}
    columns = {"c": [1, 2], "t": ["2024-01-01"] * 2, "a": [1.0, 2.0], "n": [None, None], "o": [5, 6]}
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns)):
        assert ff.Orders(frame, customer="c", time="t", amount="a", **roles).rfm().num_rows == 2
    nothing = ff.Orders(pl.DataFrame(columns), customer="c", time="n", amount="n")
    assert nothing.quality.left_out == {"null_time": 2}


def test_too_many_digits_are_an_error():
    wide = pa.array([decimal.Decimal(10) ** 45], pa.decimal256(60, 2))
    with pytest.raises(ff.DataError):
        ff.Orders(pa.table({"c": [1], "t": ["2024-01-01"], "a": wide}), customer="c", time="t", amount="a")
    for odd in ("Infinity", "1e30"):
        with pytest.raises(ff.DataError, match="decimals"):
            orders(a=[decimal.Decimal(odd), decimal.Decimal("1e-20"), decimal.Decimal(1)])


def test_a_period_is_complete_only_if_covered_from_its_start(cdnow):
    assert cdnow.between("1997-03-15").sales().to_arrow()["complete"].to_pylist()[:2] == [False, True]
    # The last observed day is that of the last instant before the end.
    for end, complete in (("1998-05-31T12:00", True), ("1998-05-31", False), ("1998-06-01", True)):
        assert cdnow.between(None, end).sales().to_arrow()["complete"].to_pylist()[-2:] == [True, complete]


def test_zones_are_kept_and_named_as_others_know_them():
    times = pd.Series(pd.to_datetime(["2024-01-01 01:00", "2024-01-02 01:00", None])).dt.tz_localize("Asia/Shanghai")
    for column in (times, times.astype("category"), times.astype(object)):
        assert orders(t=column).timezone == "Asia/Shanghai"
    for name, known in (("asia/shanghai", "Asia/Shanghai"), ("utc", "UTC"), ("+08", "+08:00")):
        log = ff.Orders(
            pd.DataFrame({"c": [1], "t": ["2024-01-01"], "a": [1]}), customer="c", time="t", amount="a", timezone=name
        )
        assert log.timezone == known
        assert log.rfm().table["last_order"].dt.tz is not None
        assert log.rfm().rows()
    with pytest.raises(ValueError, match="is unknown: give an IANA name"):
        ff.Orders(
            pd.DataFrame({"c": [1], "t": ["2024-01-01"], "a": [1]}),
            customer="c",
            time="t",
            amount="a",
            timezone="UTC+8",
        )


def test_the_zone_of_text_does_not_depend_on_the_batches():
    chunks = pa.chunked_array([pa.array([None], pa.string()), ["2024-01-01T00:00:00+08:00"]])
    log = ff.Orders(pa.table({"c": [1, 2], "t": chunks, "a": [1, 1]}), customer="c", time="t", amount="a")
    assert log.timezone == "UTC"


@pytest.mark.parametrize("time", [pa.array([-(2**63)], pa.timestamp("us")), pa.array([10**17], pa.timestamp("ms"))])
def test_times_that_no_calendar_has_are_refused(time):
    with pytest.raises(ff.DataError, match="years 1 to 9999"):
        ff.Orders(pa.table({"c": [1], "t": time, "a": [1]}), customer="c", time="t", amount="a")


def test_a_format_that_leaves_the_minutes_out_is_refused():
    frame = pd.DataFrame({"c": [1], "t": ["2024-01-01 10:30"], "a": [1]})
    with pytest.raises(ff.DataError, match="cannot be read with time_format"):
        ff.Orders(frame, customer="c", time="t", amount="a", time_format="%Y-%m-%d %H:%S")


def test_duplicates_do_not_depend_on_the_order_of_rows():
    frame = pd.DataFrame(
        {"c": [1] * 5, "t": ["2024-01-01"] * 5, "a": [2.0, 2, 2, 2, -0.0], "o": ["b", "b", "a", "a", "z"]}
    )
    frame = pd.concat([frame, frame.iloc[[4]].assign(a=0.0)])
    found = [
        ff.Orders(data, customer="c", time="t", amount="a", order_id="o").duplicates().rows()
        for data in (frame, frame[::-1])
    ]
    assert found[0] == found[1]
    assert [row[3] for row in found[0]] == ["a", "b", "z"]


def test_numbers_of_numpy_are_numbers(cdnow):
    assert cdnow.rfm(scores=np.int64(5), segments="tiers", lost_after=np.int64(90)).lost_after == 90
    assert cdnow.rfm(segments="octants", cut=np.int64(3)).num_rows == 2357
    frame = pd.DataFrame({"c": [1, 2], "t": ["2024-01-01"] * 2, "a": [1, 2], "s": [3.0, 4.0]})
    log = ff.Orders(frame, customer="c", time="t", amount="a", status="s", cancelled=[3.0])
    assert log.quality.left_out == {"cancelled": 1}


BAD = {
    "NaT": lambda o: o.rfm(pd.NaT),
    "lookback": lambda o: o.rfm(lookback="99999999999999d"),
    "cut": lambda o: o.rfm(segments="octants", cut=float("nan")),
    "weights": lambda o: o.rfm(weights=(1e308, 1e308, 1e308)),
    "language": lambda o: o.rfm(segments=ff.Segments([ff.Rule("a")]), language="fr"),
    "scores": lambda o: ff.Segments([ff.Rule("a")], scores=300),
    "edges": lambda o: ff.Edges([180, None, 30, 7], [1, 2, 3, 4], [1, 2, 3, 4]),
    "unit": lambda o: ff.Orders(pd.DataFrame({"c": [1], "t": ["2024-01-01"], "a": [1]}), customer="c", time="t", amount="a",
                                time_unit="parsec"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_sense_is_a_value_error(case, cdnow):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are tested elsewhere
        BAD[case](cdnow)


def test_impossible_cells_are_no_gaps():
    ff.Segments(
        [ff.Rule("some", where=[("refund_amount", ">", 0)]), ff.Rule("none", where=[("refund_amount", "==", 0)])]
    )
    ff.Segments([ff.Rule("all", where=[("monetary", "<", float("inf"))])])
    assert orders().rfm(segments=ff.Segments([ff.Rule("v", r=5)], default="v")).segments.num_rows == 1


def test_sales_far_apart_are_an_error():
    with pytest.raises(ff.DataError, match="look for times that are far off"):
        orders(2, t=["0002-01-01", "9998-01-01"]).sales("day")


CSV = {
    "numbers turn to fractions": ("a", ["1"] * 200_000 + ["2.55"]),
    "nothing at first": ("n", [""] * 200_000 + ["C12"]),
    "numbers turn to words": ("c", ["1.0"] * 200_000 + ["C12"]),
    "dates turn to times": ("t", ["2024-01-01"] * 200_000 + ["2024-01-01 10:00:00"]),
}


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@pytest.mark.parametrize("case", CSV)
def test_csv_columns_that_change_late(case, tmp_path):
    name, values = CSV[case]
    columns = {
        "c": ["1"] * len(values),
        "t": ["2024-01-01"] * len(values),
        "a": ["1"] * len(values),
        "n": [""] * len(values),
    }
    columns[name] = values
    lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
    (tmp_path / "late.csv").write_text("\n".join(lines))
    log = ff.Orders(tmp_path / "late.csv", customer="c", time="t", amount="a", product="n")
    assert log.quality.rows_used == len(values)
    assert log.rfm().num_rows == (2 if name == "c" else 1)


def test_csv_of_another_encoding_says_so(tmp_path):
    (tmp_path / "gb.csv").write_bytes("c,t,a\nMüller,2024-01-01,5\n".encode("cp1252"))
    for options, words in (
        ({}, r"is not UTF-8, .* encoding=\"gb18030\" for Chinese or encoding=\"cp1252\""),
        ({"encoding": "nope"}, "is unknown; give one such as"),
    ):
        with pytest.raises(ValueError, match=words):
            ff.Orders(tmp_path / "gb.csv", customer="c", time="t", amount="a", **options)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(ValueError, match="is empty: it has no line"):
        ff.Orders(tmp_path / "empty.csv", customer="c", time="t", amount="a")


def test_join_with_keys_of_other_widths_and_odd_columns(cdnow):
    rfm = cdnow.rfm()
    for kind in (pl.UInt8, pl.Int64, pl.Float64):
        assert rfm.join(pl.DataFrame({"customer_id": [4, 21]}, schema={"customer_id": kind}))["f"].to_list() == [4, 3]
    table = pa.table({"customer_id": pa.array([21, None], pa.int16()), "list": [[1], [2]]})
    assert rfm.join(table)["f"].to_pylist() == [3, None]
    # The text "4" is the number 4, and "04" is not.
    assert rfm.join(pd.DataFrame({"customer_id": ["4", "x", "04"]}))["f"].isna().tolist() == [False, True, True]
    with pytest.raises(ff.DataError, match="hold different types"):
        rfm.join(pa.table({"customer_id": [b"4"]}))
    twice = pd.concat([pd.DataFrame({"customer_id": [4]})] * 2, axis=1)
    with pytest.raises(ff.DataError, match="two columns of this name"):
        rfm.join(twice)


def test_values_of_a_dictionary_that_no_row_has_are_no_events():
    words = pa.array(["view", "gone", None, "pay", *map(str, range(9))])
    for values in (words, words[:4]):  # longer than its rows, and shorter
        codes = pa.array([0, 3, 2, None, 0], pa.int8())
        what = pa.DictionaryArray.from_arrays(codes, values)
        log = pa.table({"c": [1, 1, 1, 2, 2], "t": [1, 2, 3, 4, 5], "e": what})
        events = ff.Events(log, customer="c", time="t", event="e", time_unit="s")
        assert events.quality.left_out == {"null_event": 2}
        assert events.funnel(["view", "pay"]).to_pandas()["reached"].tolist() == [2, 1]
        with pytest.warns(ff.FootfallWarning, match=r'no event is named "gone"; the log has pay, view$'):
            events.funnel(["view", "gone"])


def test_customers_without_a_purchase_leave_no_gap():
    """More customers than one task takes, some of whom only have refunds."""
    customers = np.random.default_rng(4).permutation(100_000)
    money = np.where(customers % 7 == 0, -1.0, customers + 0.5)
    frame = pd.DataFrame({"c": customers, "t": pd.Timestamp("2024-01-01"), "a": money})
    with pytest.warns(ff.FootfallWarning, match="no customer has score 5"):
        rfm = ff.Orders(frame, customer="c", time="t", amount="a").rfm()
    table = rfm.table
    expected = frame[frame["a"] > 0].sort_values("c")
    assert table["c"].tolist() == expected["c"].tolist()
    assert table["monetary"].tolist() == expected["a"].tolist()
    worse = expected["a"].rank(method="min").astype(int) - 1
    assert table["m"].tolist() == (1 + 5 * worse // len(expected)).tolist()
    assert rfm.quality.customers_without_purchase == (customers % 7 == 0).sum()


@pytest.mark.parametrize("rows", [2, 3, 4, 5, 8, 100_000])
def test_money_that_no_exact_sum_can_hold_is_refused(rows):
    """Also where the sum has gone round once or more."""
    with pytest.raises(ff.DataError, match=r"more than (2\^53|38 digits) in size"):
        orders(rows, a=[4.6e18] * rows)
    assert orders(2, a=[2e15] * 2).quality.rows_used == 2


def test_keys_of_two_tables_match_by_value_not_by_bits():
    signed, unsigned = pa.array([-1, 5], pa.int64()), pa.array([2**64 - 1, 5], pa.uint64())
    for mine, theirs in ((unsigned, signed), (signed, unsigned)):
        log = ff.Orders(
            pa.table({"c": mine, "t": ["2024-01-01"] * 2, "a": [1.0, 2.0]}), customer="c", time="t", amount="a"
        )
        known = ff.Customers(pa.table({"id": theirs, "g": ["highest", "five"]}), customer="id", gender="g")
        by = log.with_customers(known).sales(by="gender").to_arrow()
        assert sorted(zip(by["g"].to_pylist(), by["sales"].to_pylist(), strict=True), key=str) == [
            ("five", 2.0),
            (None, 1.0),
        ]
        joined = log.rfm().join(pa.table({"c": theirs}))
        assert joined["monetary"].to_pylist() == [None, 2.0]


def test_a_refund_of_a_number_beyond_the_orders_refunds_none():
    def quality(named):
        table = pa.table({
            "c": [1, 1], "t": ["2024-01-01", "2024-01-02"], "a": [5.0, -5.0],
            "o": pa.array([2**64 - 1, 9], pa.uint64()), "r": pa.array([None, named], pa.int64()),
        })  # fmt: skip
        log = ff.Orders(table, customer="c", time="t", amount="a", order_id="o", refund_of="r")
        return log.quality.customers, log.quality.refunds_unmatched

    # 7 and -1 are no order numbers of the log.
    assert quality(7) == quality(-1) == (1, 1)


def test_numbers_beyond_the_orders_keep_their_values():
    table = pa.table({
        "c": [1, 1, 1], "t": ["2024-01-01"] * 3, "a": [-5.0, -5.0, -2.0],
        "o": pa.array([9, 9, 9], pa.uint64()), "r": pa.array([-1, -1, -2], pa.int64()),
    })  # fmt: skip
    log = ff.Orders(table, customer="c", time="t", amount="a", order_id="o", refund_of="r")
    assert log.duplicates().to_arrow().select(["o", "r", "copies"]).to_pylist() == [{"o": 9, "r": -1, "copies": 2}]


def test_a_decimal_of_too_many_digits_is_named_with_its_row():
    wide = pa.decimal256(60, 2)
    chunks = [pa.array([decimal.Decimal(1)], wide)] * 4 + [pa.array([decimal.Decimal(10) ** 45], wide)]
    table = pa.table({"c": [1] * 5, "t": ["2024-01-01"] * 5, "a": pa.chunked_array(chunks)})
    with pytest.raises(
        ff.DataError, match=r'^amount="a": 1 value cannot be held in 38 digits, the first in row 4: 10{45}'
    ):
        ff.Orders(table, customer="c", time="t", amount="a")
    with pytest.raises(ff.DataError, match=r'^value="a": 1 value cannot be held in 38 digits, the first in row 4'):
        ff.Events(table, customer="c", time="t", event="c", value="a")


def test_a_time_that_64_bits_do_not_hold_is_named_with_its_row():
    table = pa.table({"c": [1, 2], "t": pa.array([1, 2**63], pa.uint64()), "a": [1.0, 2.0]})
    with pytest.raises(ff.DataError, match=r'^time="t": 1 value cannot be a time .* row 1: 9223372036854775808'):
        ff.Orders(table, customer="c", time="t", amount="a", time_unit="s")


def test_a_failing_producer_is_one_line():
    schema = pa.schema([("c", pa.int64()), ("t", pa.string()), ("a", pa.float64())])

    def batches():
        yield from (pa.record_batch([[1], ["2024-01-01"], [1.0]], schema=schema) for _ in range(4))
        raise KeyError("column of the database")

    with pytest.raises(ff.DataError, match=r"^reading the data failed: KeyError: 'column of the database'$") as caught:
        ff.Orders(pa.RecordBatchReader.from_batches(schema, batches()), customer="c", time="t", amount="a")
    assert "\n" not in str(caught.value)


def test_a_word_that_is_none_is_told_before_a_combination():
    table = pa.table({"c": [1, 1], "t": ["2024-01-01", "2024-01-02"], "e": ["view", "pay"]})
    events = ff.Events(table, customer="c", time="t", event="e")
    with pytest.raises(ValueError, match=r"orderd.*ordered"):
        events.funnel(["view", "pay"], mode="orderd", exclude=ff.Exclude("x"))
    with pytest.raises(ValueError, match=r"first_entri.*first_entry"):
        events.funnel(["view", "pay"], unit="attempt", anchor="first_entri")
    with pytest.raises(ValueError, match="exclude"):
        events.funnel(["view", "pay"], mode="unordered", exclude=ff.Exclude("x"))
