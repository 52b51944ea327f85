"""Parquet files, which the core reads and writes itself."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import os
import subprocess
import sys
import uuid
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall import _native

pytestmark = pytest.mark.filterwarnings("ignore:no customer has score")
ROLES = {"customer": "c", "time": "t", "amount": "a"}
CASES = int(os.environ.get("FUZZ_CASES", "1000"))


def rows(count=500, seed=1):
    random = np.random.default_rng(seed)
    return pa.table(
        {
            "c": random.integers(0, 40, count),
            "t": pa.array(random.integers(0, 10**6, count) * 10**6, pa.timestamp("us")),
            "a": np.round(random.gamma(2, 20, count), 2),
            "label": pa.array(random.choice(["x", "y", None], count)),
            "note": pa.array(["left at the door"] * count),
        }
    )


def scored(source, **options):
    orders = ff.Orders(source, **ROLES, label="label", **options)
    return orders.rfm("1970-02-01", segments=None).to_arrow(), orders.sales("year", by="label").to_arrow()


def same(found, expected):
    return all(one.to_pylist() == other.to_pylist() for one, other in zip(found, expected, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 3000),
    row_group=st.integers(1, 1500),
    page=st.sampled_from([64, 1 << 12, 1 << 20]),
    codec=st.sampled_from(["none", "snappy", "gzip", "zstd", "lz4", "brotli"]),
    version=st.sampled_from(["1.0", "2.0"]),
    dictionary=st.booleans(),
    limit=st.sampled_from([None, "30KB", "1MB"]),
)
def test_however_a_file_is_laid_out_its_rows_are_the_same(
    tmp_path_factory, count, row_group, page, codec, version, dictionary, limit
):
    table = rows(max(count, 1), seed=count)
    path = tmp_path_factory.mktemp("laid") / "a.parquet"
    pq.write_table(
        table, path, row_group_size=row_group, data_page_size=page, compression=codec, use_dictionary=dictionary,
        data_page_version=version, write_page_index=dictionary,
    )  # fmt: skip
    assert same(scored(path, memory_limit=limit), scored(table))


def test_files_of_other_writers(tmp_path):
    table = rows()
    arrow = table  # noqa: F841 - DuckDB finds it
    expected = scored(table)
    pl.from_arrow(table).write_parquet(tmp_path / "polars.parquet", row_group_size=100)
    table.to_pandas().to_parquet(tmp_path / "pandas.parquet")
    duckdb.sql(f"copy (from arrow) to '{tmp_path / 'duckdb.parquet'}' (format parquet, row_group_size 100)")
    for name in ("polars", "pandas", "duckdb"):
        assert same(scored(tmp_path / f"{name}.parquet"), expected), name
    assert same(scored(io.BytesIO((tmp_path / "polars.parquet").read_bytes())), expected)


TIMES = [
    *[pa.array([1, None, 3_000_000_000], pa.timestamp(unit, zone)) for unit in ("ms", "us", "ns") for zone in (None, "Asia/Shanghai")],
    pa.array([1, None, 3], pa.timestamp("s")),
    pa.array([1, None, 20_000], pa.date32()),
    pa.array(["2024-01-01", None, "2024-02-29"]),
    pa.array(["2024-01-01", None, "2024-02-29"]).dictionary_encode(),
]  # fmt: skip
KEYS = [
    *[pa.array([1, 7, 1], kind) for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())],
    *[pa.array(["b", "äö", "b"], kind) for kind in (pa.string(), pa.large_string(), pa.string_view())],
    *[pa.array([b"b", b"\xff", b"b"], kind) for kind in (pa.binary(), pa.large_binary(), pa.binary_view())],
    pa.array([b"bb", b"aa", b"bb"], pa.binary(2)),
    pa.array(["b", "a", "b"]).dictionary_encode(),
    pa.array([uuid.UUID(int=9).bytes, uuid.UUID(int=3).bytes, uuid.UUID(int=9).bytes], pa.uuid()),
    pa.array([2.0, 3.0, 2.0]),
]  # fmt: skip
AMOUNTS = [
    pa.array([1, 2, None], pa.int32()), pa.array([1.5, 2.25, None], pa.float32()), pa.array([1.5, 2.25, None]),
    pa.array([decimal.Decimal("1.50"), decimal.Decimal("2.25"), None], pa.decimal128(12, 2)),
    pa.array([decimal.Decimal("1.50"), decimal.Decimal("2.25"), None], pa.decimal256(40, 2)),
    pa.array(["1.50", "2.25", None]),
]  # fmt: skip


@pytest.mark.parametrize(("role", "column"), [
    *[("t", column) for column in TIMES], *[("c", column) for column in KEYS], *[("a", column) for column in AMOUNTS],
], ids=str)  # fmt: skip
def test_every_type_is_read_as_from_memory(role, column, tmp_path):
    plain = {"c": pa.array([1, 2, 1]), "t": pa.array([0, 1, 2], pa.timestamp("us")), "a": pa.array([1.0, 2.0, 3.0])}
    table = pa.table(plain | {role: column})
    pq.write_table(table, tmp_path / "a.parquet")
    # What the file has kept of a type is what PyArrow reads of it.
    table = pq.read_table(tmp_path / "a.parquet")
    found = ff.Orders(tmp_path / "a.parquet", **ROLES)
    expected = ff.Orders(table, **ROLES)
    assert found.rfm(segments=None).to_arrow().equals(expected.rfm(segments=None).to_arrow())
    assert found.rfm(segments=None).to_arrow().schema == expected.rfm(segments=None).to_arrow().schema
    assert found.quality.left_out == expected.quality.left_out


def test_int96_times_of_spark(tmp_path):
    table = rows()
    pq.write_table(table, tmp_path / "a.parquet", use_deprecated_int96_timestamps=True)
    assert same(scored(tmp_path / "a.parquet"), scored(table))


def test_files_of_one_table_may_have_narrower_numbers_and_other_texts(tmp_path):
    table = rows()
    first = table.slice(0, 200).set_column(0, "c", table["c"].slice(0, 200).cast(pa.int16()))
    first = first.set_column(1, "t", first["t"].cast(pa.timestamp("ms")))
    second = table.slice(200).set_column(3, "label", table["label"].slice(200).cast(pa.large_string()))
    # A column in another place is found by its name.
    second = second.select(["note", "label", "a", "t", "c"])
    for name, part in (("a", first), ("b", second)):
        pq.write_table(part, tmp_path / f"{name}.parquet")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "a.crc").touch()
    assert same(scored(tmp_path), scored(table))
    empty = first.slice(0, 0).set_column(3, "label", pa.nulls(0))
    pq.write_table(empty, tmp_path / "0.parquet")
    assert same(scored(tmp_path), scored(table))


def test_files_that_are_not_alike_are_refused(tmp_path):
    table = rows()
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(table.set_column(2, "a", pa.array(["5"] * 500)), tmp_path / "b.parquet")
    with pytest.raises(
        ff.DataError, match=r'amount="a": .*b\.parquet holds Utf8, and .*a\.parquet Float64: write both alike'
    ):
        ff.Orders(str(tmp_path / "*.parquet"), **ROLES)
    pq.write_table(table.drop_columns("a"), tmp_path / "b.parquet")
    with pytest.raises(ff.ColumnError, match=r"b\.parquet has no such column"):
        ff.Orders(str(tmp_path / "*.parquet"), **ROLES)
    pq.write_table(table.rename_columns(["c", "t", "a", "a", "note"]), tmp_path / "b.parquet")
    with pytest.raises(ff.DataError, match=r"b\.parquet has two columns of this name"):
        ff.Orders(str(tmp_path / "b.parquet"), **ROLES)


def test_values_that_stand_on_the_first_line_of_an_order_are_filled_across_row_groups(tmp_path):
    export = Path(__file__).parent / "exports" / "shopify_orders_export.csv"
    table = pa.Table.from_pandas(pd.read_csv(export, dtype=str))
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    found, expected = (ff.Orders(source, preset="shopify") for source in (tmp_path / "a.parquet", table))
    assert found.rfm(segments=None).to_arrow().equals(expected.rfm(segments=None).to_arrow())
    assert found.quality.left_out == expected.quality.left_out


def test_without_pyarrow_files_are_read_and_written(tmp_path):
    pq.write_table(rows(), tmp_path / "a.parquet")
    program = f"""
import sys
for name in ("pyarrow", "pandas", "polars", "duckdb", "numpy"):
    sys.modules[name] = None
import footfall as ff
ff.Orders({str(tmp_path / "a.parquet")!r}, customer="c", time="t", amount="a").rfm(segments=None).write_parquet({str(tmp_path / "b.parquet")!r})
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    expected = ff.Orders(rows(), **ROLES).rfm(segments=None).to_arrow()
    assert same([pq.read_table(tmp_path / "b.parquet")], [expected])


def test_more_files_than_can_be_open_at_once_are_one_table(tmp_path):
    table = rows(1200)
    for number in range(300):
        pq.write_table(table.slice(number * 4, 4), tmp_path / f"{number:04}.parquet")
    (tmp_path / "text").mkdir()
    for number in range(300):
        frame = pl.from_arrow(table.slice(number * 4, 4)).with_columns(pl.col("a").cast(pl.String))
        frame.write_csv(tmp_path / "text" / f"{number:04}.csv")
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
import footfall as ff
for source in ({str(tmp_path / "*.parquet")!r}, {str(tmp_path / "text")!r}):
    print(ff.Orders(source, customer="c", time="t", amount="a").quality.rows_used)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1200", "1200"]


def test_a_folder_without_a_readable_file_is_named(tmp_path):
    pq.write_table(rows(), tmp_path / "_a.parquet")
    with pytest.raises(FileNotFoundError, match="there is no Parquet file in it"):
        ff.Orders(tmp_path, **ROLES)


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path):
    for name in ("a", "b"):
        pq.write_table(rows(), tmp_path / f"{name}.parquet")
    scan = _native.ParquetFiles([(str(tmp_path / f"{name}.parquet"), None) for name in ("a", "b")])
    scan = scan.select([("customer", "c")])
    pq.write_table(rows(400), tmp_path / "b.parquet")
    with pytest.raises(ff.DataError, match=r"b\.parquet cannot be read as Parquet: it was changed while it was read"):
        _native.CustomerTable(scan, customer="c", attributes=[])


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A small file with dictionary pages, nulls and several row groups."""
    path = tmp_path_factory.mktemp("sound") / "a.parquet"
    pq.write_table(rows(60), path, row_group_size=25, compression="snappy")
    return path.read_bytes()


def read(damaged):
    try:
        orders = ff.Orders(io.BytesIO(damaged), **ROLES, label="label")
        orders.rfm("1970-02-01", segments=None)
    except (ff.DataError, ValueError) as error:
        return str(error)
    return None


def test_a_file_that_was_cut_is_an_error(sound):
    for length in range(4, len(sound), 7):
        assert "cannot be read as Parquet" in read(sound[:length])


def test_damaged_files_are_errors_or_other_values_and_nothing_worse(sound, capfd):
    random = np.random.default_rng(3)
    for _ in range(CASES):
        damaged = bytearray(sound)
        for place in random.integers(4, len(sound), random.integers(1, 4)):
            damaged[place] = random.integers(0, 256)
        read(bytes(damaged))
    # A panic that became an error is not told on the way.
    assert capfd.readouterr().err == ""


SHOWN = {
    "texts": pa.array(["a", None, "c"]), "words": pa.array(["a", None, "a"]).dictionary_encode(),
    "whole": pa.array([1, None, 3]), "small": pa.array([1, 2, 3], pa.int8()), "part": pa.array([0.5, None, 1e300]),
    "truth": pa.array([True, None, False]), "day": pa.array([dt.date(2024, 1, 1), None, dt.date(1960, 1, 1)]),
    "at": pa.array([1, None, 3], pa.timestamp("us", "Asia/Shanghai")), "nothing": pa.nulls(3),
}  # fmt: skip


def test_what_is_written_is_what_others_read(tmp_path):
    customers = pa.table({"c": [1, 2, 3]} | SHOWN)
    attributes = {name: name for name in SHOWN if name != "nothing"}
    table = ff.Orders(rows(), **ROLES).with_customers(ff.Customers(customers, customer="c", **attributes))
    for result in (table.rfm("1970-02-01", segments=None), table.sales("month"), table.sales("month", by="texts")):
        result.write_parquet(tmp_path / "a.parquet")
        arrow = result.to_arrow()
        assert same([pq.read_table(tmp_path / "a.parquet")], [arrow])
        assert pq.read_table(tmp_path / "a.parquet").schema == arrow.schema
        assert pl.read_parquet(tmp_path / "a.parquet").rows() == pl.from_arrow(arrow).rows()
        count = duckdb.sql(f"select count(*) from '{tmp_path / 'a.parquet'}'").limit(1).fetchall()
        assert count == [(arrow.num_rows,)]
        assert len(pd.read_parquet(tmp_path / "a.parquet")) == arrow.num_rows


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No space left on device"):
        ff.Orders(rows(), **ROLES).rfm(segments=None).write_parquet("/dev/full")
