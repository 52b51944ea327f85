"""The result contract: tables, exports, capsules, text."""

from __future__ import annotations

import csv
import datetime as dt
import re

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest

import footfall as ff


def test_a_result_is_an_arrow_stream(cdnow):
    rfm = cdnow.rfm()
    table = rfm.to_arrow()
    assert pa.table(rfm).equals(table)
    assert pl.DataFrame(rfm).equals(rfm.to_polars())
    assert duckdb.sql("select count(*), sum(frequency) from rfm").fetchall() == [(2357, 6919)]
    assert pd.DataFrame.from_arrow(rfm).shape == (2357, 17)
    schema = pa.schema(rfm)
    assert schema.names == rfm.column_names == [
        "customer_id", "first_order", "last_order", "recency_days", "frequency", "monetary", "monetary_total",
        "monetary_mean", "refund_amount", "refund_orders", "r", "f", "m", "rfm", "score", "segment", "segment_name",
    ]  # fmt: skip


def test_pandas_and_polars_agree(cdnow):
    for result in (cdnow.rfm(), cdnow.rfm().segments, cdnow.sales("month"), cdnow.rfm().concentration):
        ours = result.to_pandas()
        theirs = result.to_arrow().to_pandas()
        for name in result.column_names:
            left, right = ours[name], theirs[name]
            if right.dtype == object and left.dtype.kind == "M":
                right = pd.to_datetime(right)
            assert (
                left.astype(object).where(left.notna(), None).tolist()
                == right.astype(object).where(right.notna(), None).tolist()
            ), name


def test_files_hold_the_table(cdnow, tmp_path):
    segments = cdnow.rfm(language="zh").segments
    segments.write_parquet(tmp_path / "s.parquet")
    assert pa.parquet.read_table(tmp_path / "s.parquet").to_pylist() == segments.to_arrow().to_pylist()
    segments.write_csv(tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbfsegment,segment_name")
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)][1:3] == ["冠军客户", "忠诚客户"]
    segments.write_csv(tmp_path / "g.csv", encoding="gb18030")
    assert "冠军客户" in (tmp_path / "g.csv").read_text(encoding="gb18030")


def test_a_list_of_names_gives_these_columns_in_its_order(cdnow, tmp_path):
    rfm = cdnow.rfm()
    some = rfm[["m", "customer_id", "segment"]]
    assert some.to_arrow().equals(rfm.to_arrow().select(["m", "customer_id", "segment"]))
    some.write_parquet(tmp_path / "some.parquet")
    assert pl.read_parquet(tmp_path / "some.parquet").equals(pl.DataFrame(some))
    # The columns are the same whether the whole table is there already or not, and whoever asks for one.
    assert rfm[["m", "customer_id", "segment"]].to_arrow().equals(some.to_arrow())
    assert cdnow.rfm()["frequency"].to_arrow().equals(rfm.to_arrow().select(["customer_id", "frequency"]))
    # A single name keeps the key beside it, to stand in `by=`; a list of one does not.
    assert rfm["segment"].column_names == ["customer_id", "segment"]
    assert rfm[["segment"]].column_names == ["segment"]
    assert rfm.segments[["customers"]].rows() == [(count,) for _, _, count, *_ in rfm.segments.rows()]


@pytest.mark.parametrize(
    ("names", "error", "text"),
    [
        (["segment", "Frequency"], ff.ColumnError, r'column="Frequency": .* \(did you mean "frequency"'),
        ([], ValueError, "at least one column"),
        (["m", "r", "m"], ValueError, r"'m', 'r', 'm'\]\]: .* each of them once"),
        (["m", 3], TypeError, r"\[3\]: give the name of a column"),
        (3, TypeError, r"\[3\]: give the name of a column"),
    ],
)
def test_columns_that_cannot_be_given_say_why(cdnow, names, error, text):
    with pytest.raises(error, match=text):
        cdnow.rfm()[names]


def test_the_text_states_units_policies_and_what_was_left_out():
    frame = pl.DataFrame({"客户": ["甲", "乙", None], "t": ["2024-01-01"] * 3, "a": [1.0, 2.0, 1.0]})
    rfm = ff.Orders(frame, customer="客户", time="t", amount="a", timezone="Asia/Shanghai").rfm(
        lookback="30d", language="zh"
    )
    text = repr(rfm)
    for words in (
        "RFM of 2 customers, as of 2024-01-01 (Asia/Shanghai)", "recency: calendar days", "refunds net", "lookback: 30d",
        "2 of 3 rows used", "left out: 1 of guests, who are no customers (25.0% of the money read)",
    ):  # fmt: skip
        assert words in text
    # Chinese characters are two wide: the columns stand under their names.
    head, _, first = text.splitlines()[-4:-1]
    assert head.encode("gb18030").index(b"first_order") == first.encode("gb18030").index(b"2024")
    assert "<table " in rfm._repr_html_()
    assert "<caption " in rfm.segments._repr_html_()


def test_times_come_back_in_their_zone():
    frame = pa.table({"c": [1], "t": pa.array([dt.datetime(2024, 1, 1, 20)], pa.timestamp("us", "UTC")), "a": [1]})
    for zone in ("Asia/Shanghai", "+08:00"):
        rfm = ff.Orders(frame, customer="c", time="t", amount="a", timezone=zone).rfm()
        assert rfm.to_pandas()["last_order"][0] == pd.Timestamp("2024-01-02 04:00+08:00")
        assert rfm.rows()[0][1].isoformat() == "2024-01-02T04:00:00+08:00"


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
def test_join_keeps_the_rows_and_their_order(cdnow, kind):
    rfm = cdnow.rfm()
    keys = [21, 0, 4, 21]
    frame = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "arrow": pa.table}[kind](
        {"customer_id": keys, "n": range(4)}
    )
    if kind == "pandas":
        frame.index = [7, 7, 8, 9]
    joined = rfm.join(frame)
    rows = {"pandas": lambda: joined.to_dict("records"), "polars": lambda: joined.to_dicts(),
            "arrow": lambda: joined.to_pylist()}[kind]()  # fmt: skip
    assert [row["customer_id"] for row in rows] == keys
    assert [row["n"] for row in rows] == [0, 1, 2, 3]
    assert [None if pd.isna(row["segment"]) else row["segment"] for row in rows] == [
        "at_risk",
        None,
        "loyal",
        "at_risk",
    ]
    if kind == "pandas":
        assert joined.index.tolist() == [7, 7, 8, 9]
        assert rfm.join(frame.iloc[:0]).shape == (0, 18)
        assert rfm.join(frame[["customer_id"]][:1])["frequency"].dtype == "int64"


def test_join_reads_keys_as_the_log_did():
    frame = pd.DataFrame({"k": [536365, "C536379", 536365.0, None], "t": ["2024-01-01"] * 4, "a": [1] * 4})
    joined = ff.Orders(frame, customer="k", time="t", amount="a").rfm().join(frame)
    assert joined["monetary"].tolist()[:3] == [2.0, 1.0, 2.0]
    assert joined["monetary"].isna().tolist() == [False, False, False, True]
    categories = frame.assign(k=pd.Categorical(["a", "b", "a", None]))
    joined = ff.Orders(categories, customer="k", time="t", amount="a").rfm().join(categories)
    assert joined["monetary"].tolist()[:3] == [2.0, 1.0, 2.0]
    assert joined["monetary"].isna().tolist() == [False, False, False, True]


def test_results_do_not_change(cdnow):
    rfm = cdnow.rfm()
    before = rfm.to_arrow()
    frame = rfm.to_pandas()
    frame.loc[:, "frequency"] = 0
    assert rfm.to_arrow().equals(before)
    with pytest.raises(AttributeError):
        rfm.quality.rows_read = 0


def test_a_notebook_shows_shares_counts_and_keys_as_such(cdnow):
    shown = cdnow.rfm().segments._repr_html_()
    assert re.search(r"text-align:right[^>]*>17\.6%</td>", shown)  # 414 of 2,357
    assert "6,919 of 6,919 rows used" in shown
    assert re.search(r">7,432</td>", cdnow.sales("quarter")._repr_html_())  # items are floats, and whole
    frame = pd.DataFrame({"customer": [1_234_567], "t": ["2024-01-01"], "a": [1.5]})
    assert ">1234567</td>" in ff.Orders(frame, customer="customer", time="t", amount="a").rfm()._repr_html_()
