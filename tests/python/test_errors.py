"""Errors: their class, and words that say what to type instead."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import footfall as ff


def frame(**columns):
    return pd.DataFrame({"customer": [1, 2], "time": ["2024-01-01", "2024-01-02"], "amount": [1.0, 2.0]} | columns)


def orders(source=None, **options):
    names = {"customer": "customer", "time": "time", "amount": "amount"} | options
    return ff.Orders(frame() if source is None else source, **names)


BAD = {
    "missing": (lambda: orders(customer="custmer"), ff.ColumnError, 'did you mean "customer"'),
    "missing_polars": (lambda: orders(pl.DataFrame(frame()), order_id="no"), ff.ColumnError, 'order_id="no": the table has'),
    "missing_arrow": (lambda: orders(pa.table(frame()), time="tme"), ff.ColumnError, 'did you mean "time"'),
    "missing_is_a_key_error": (lambda: orders(customer="x"), KeyError, "the table has no such column"),
    "not_a_name": (lambda: orders(customer=3), TypeError, "customer=3: give the name of a column"),
    "series": (lambda: orders(frame()["amount"]), TypeError, "a single column; give the DataFrame"),
    "polars_series": (lambda: orders(pl.DataFrame(frame())["amount"]), TypeError, "a single column"),
    "dict": (lambda: orders({"customer": [1]}), TypeError, "give a pandas or Polars DataFrame"),
    "no_file": (lambda: orders("nowhere.parquet"), FileNotFoundError, "there is no such file"),
    "odd_file": (lambda: orders(__file__), ValueError, "give files of one kind"),
    "time_words": (lambda: orders(frame(time=["2024-01-01", "1/2/2024"])), ff.DataError,
                   r'1 value cannot be read as ISO 8601, the first in row 1: "1/2/2024"; type time_format="%d/%m/%Y" if the day comes first, '
                   'time_format="%m/%d/%Y" if the month does'),
    "time_numbers": (lambda: orders(frame(time=[1, 2])), ff.DataError, 'time_unit="s"'),
    "time_unit": (lambda: orders(frame(time=[1, 2]), time_unit="min"), ValueError, 'give one of "s", "ms"'),
    "time_far": (lambda: orders(frame(time=[1, 2**60]), time_unit="s"), ff.DataError, "the years 1 to 9999, the first in row 1"),
    "time_bool": (lambda: orders(frame(time=[True, False])), ff.DataError, "timestamps, dates, ISO 8601 strings"),
    "zone": (lambda: orders(timezone="Mars/Phobos"), ValueError, 'give an IANA name such as "Asia/Shanghai"'),
    "key_half": (lambda: orders(frame(customer=[1.0, 1.5])), ff.DataError, "1 value cannot be a whole number, the first in row 1: 1.5"),
    "key_bool": (lambda: orders(frame(customer=[True, False])), ff.DataError, "integers, strings, binary values"),
    "amount_words": (lambda: orders(frame(amount=["1", "2x"])), ff.DataError,
                     r'1 value cannot be read as an amount, the first in row 1: "2x"; amounts are written as in 1234.5'),
    "nulls": (lambda: orders(frame(customer=[1, None]), nulls="raise"), ff.DataError,
              r"1 of 2 rows have no customer, the first is row 1; .*nulls=\"drop\""),
    "nulls_word": (lambda: orders(nulls="ignore"), ValueError, 'give "drop" or "raise"'),
    "infinite": (lambda: orders(frame(amount=[1, float("inf")]), nulls="raise"), ff.DataError, "an infinite amount"),
    "too_much": (lambda: orders(frame(amount=[4e18, 4e18])), ff.DataError, "add up to more than 2\\^53"),
    "refunds": (lambda: orders(frame(amount=[5, -5]), refunds="raise"), ff.DataError, 'type refunds="net"'),
    "refunds_word": (lambda: orders(refunds="keep"), ValueError, '"net", "drop" or "raise"'),
    "refund_of_alone": (lambda: orders(refund_of="amount"), ValueError, "give order_id= as well"),
    "refund_of_positive": (lambda: orders(frame(o=[1, 2], b=[None, 1]), order_id="o", refund_of="b"), ff.DataError,
                           "write refunds as negative amounts"),
    "refund_of_kind": (lambda: orders(frame(o=[b"x", b"y"], b=[None, 1]), order_id="o", refund_of="b"), ff.DataError,
                       "convert both to strings"),
    "cancelled_alone": (lambda: orders(cancelled=["void"]), ValueError, "cancelled= needs status="),
    "cancelled_text": (lambda: orders(frame(s=["a", "b"]), status="s", cancelled="a"), TypeError, "give a list"),
    "cancelled_kind": (lambda: orders(frame(s=[1, 2]), status="s", cancelled=["a"]), ValueError, "cannot stand in status"),
    "memory": (lambda: orders(memory_limit="1 giga"), ValueError, 'write a number and a unit, as in "512MB"'),
    "no memory": (lambda: orders(memory_limit=0), ValueError, "at least a byte"),
    "memory type": (lambda: orders(memory_limit=1.5), ValueError, "no size"),
    "encoding": (lambda: orders(encoding="gbk"), ValueError, "is for CSV files"),
    "as_of": (lambda: orders().rfm("yesterday"), ValueError, 'write it as "2024-06-30"'),
    "as_of_kind": (lambda: orders().rfm(7), TypeError, "as_of=7: give a date"),
    "lookback": (lambda: orders().rfm(lookback="1y"), ValueError, 'as in "30m", "36h", "7d"'),
    "lookback_zero": (lambda: orders().rfm(lookback="0d"), ValueError, "longer than nothing"),
    "frequency": (lambda: orders().rfm(frequency="lines"), ValueError, '"orders", "days" or "rows"'),
    "monetary": (lambda: orders().rfm(monetary="median"), ValueError, '"total" or "mean"'),
    "scores": (lambda: orders().rfm(scores=1), ValueError, "from 2 to 100"),
    "scores_grid": (lambda: orders().rfm(scores=4, segments="grid"), ValueError, "needs scores=5"),
    "segments": (lambda: orders().rfm(segments="putler"), ValueError, '"grid", "tiers" or "octants"'),
    "tiers_mean": (lambda: orders().rfm(segments="tiers", monetary="mean"), ValueError, 'type monetary="total"'),
    "language": (lambda: orders().rfm(language="fr"), ValueError, 'give "en" or "zh"'),
    "weights": (lambda: orders().rfm(weights=(1, 2)), ValueError, "three numbers"),
    "weights_zero": (lambda: orders().rfm(weights=(0, 0, 0)), ValueError, "one must be positive"),
    "edges": (lambda: orders().rfm(edges=ff.Edges([9], [1], [1])), ValueError, "scores=5 needs 4"),
    "edges_order": (lambda: ff.Edges([1, 9], [1, 2], [1, 2]), ValueError, "must fall"),
    "edges_json": (lambda: ff.Edges.from_json("{}"), ValueError, "give what Edges.to_json"),
    "lost_after": (lambda: orders().rfm(lost_after=9), ValueError, 'belongs to segments="tiers"'),
    "cut": (lambda: orders().rfm(cut=3), ValueError, 'belongs to segments="octants"'),
    "between": (lambda: orders().between("2024-02-01", "2024-01-01"), ValueError, "start must lie before end"),
    "customers": (lambda: orders().with_customers(frame()), TypeError, "ff.Customers.frame"),
    "customers_key": (lambda: orders().with_customers(ff.Customers(frame(customer=[b"a", b"b"]), customer="customer")),
                      ff.DataError, "convert both to strings or both to integers"),
    "age_and_birth": (lambda: ff.Customers(frame(), customer="customer", age="a", birth="b"), ValueError, "not both"),
    "by": (lambda: orders(frame(c=["x", "y"]), category="c").sales(by="categry"), ff.ColumnError, 'it has "c"'),
    "period": (lambda: orders().sales("fortnight"), ValueError, '"day", "week", "week_sunday", "month"'),
    "compare": (lambda: orders().sales(compare="last"), ValueError, '"previous" or "year", or None'),
    "benchmarks": (lambda: orders().sales(benchmarks={"aov": 1}), ValueError, "sales_per_order"),
    "segment": (lambda: orders().rfm().customers("vip"), ValueError, '"champions"'),
    "column": (lambda: orders().rfm()["segmnt"], ff.ColumnError, 'did you mean "segment"'),
    "join": (lambda: orders().rfm().join(frame(r=[1, 2])), ValueError, "already has 'r'"),
    "join_kind": (lambda: orders().rfm().join([1]), TypeError, "takes a pandas or Polars DataFrame"),
    "threads": (lambda: setattr(ff.options, "threads", 0), ValueError, "from 1 to 1024"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@pytest.mark.parametrize("case", BAD)
def test_errors_say_what_to_type(case):
    call, kind, words = BAD[case]
    with pytest.raises(kind, match=words) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text
    # A KeyError shows its message in quotes.
    assert not (text.startswith(("'", '"')) and text.endswith(text[0]))


def test_our_errors_have_one_base():
    assert issubclass(ff.ColumnError, (ff.FootfallError, KeyError))
    assert issubclass(ff.DataError, (ff.FootfallError, ValueError))
    assert issubclass(ff.MissingExtraError, (ff.FootfallError, ImportError))


def test_two_columns_of_one_name():
    twice = pd.concat([frame(), frame()[["amount"]]], axis=1)
    with pytest.raises(ff.DataError, match="two columns of this name"):
        orders(twice)
    batch = pa.table(
        [pa.array([1]), pa.array([2]), pa.array(["2024-01-01"]), pa.array([1.0])],
        names=["customer", "customer", "time", "amount"],
    )
    with pytest.raises(ff.DataError, match="two columns of this name"):
        orders(batch)


def test_a_producer_that_fails_is_quoted():
    schema = pa.schema([("customer", pa.int64()), ("time", pa.string()), ("amount", pa.float64())])

    def batches():
        yield pa.record_batch([[1], ["2024-01-01"], [1.0]], schema=schema)
        raise RuntimeError("the tape broke")

    with pytest.raises(ff.DataError, match="the tape broke"):
        orders(pa.RecordBatchReader.from_batches(schema, batches()))
