"""One table, many producers, equal results; and what people really hold."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import itertools
import subprocess
import sys
import uuid

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import pytest

import footfall as ff

ROWS = 500


@pytest.fixture(scope="module")
def base():
    random = np.random.default_rng(1)
    return pa.table(
        {
            "customer": pa.array(random.integers(0, 60, ROWS), pa.int64()),
            "time": pa.array(random.integers(0, 10**9, ROWS) * 10**6 // 86_400 * 86_400, pa.timestamp("us")),
            "amount": pa.array(random.integers(1, 10_000, ROWS) / 100),
            "unused": pa.array(["x"] * ROWS),
        }
    )


class Capsules:
    """An object that speaks Arrow and nothing else."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


class Arrays:
    """An object that gives one array."""

    def __init__(self, batch):
        self._batch = batch

    def __arrow_c_array__(self, requested_schema=None):
        return self._batch.__arrow_c_array__(requested_schema)


def chunked(table):
    return pa.concat_tables([table.slice(0, 7), table.slice(7, 0), table.slice(7, 100), table.slice(107)])


PRODUCERS = {
    "pandas": lambda t, _: t.to_pandas(),
    "pandas_with_index": lambda t, _: t.to_pandas().sample(frac=1, random_state=0),
    "pandas_arrow_dtypes": lambda t, _: t.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas_masked": lambda t, _: t.to_pandas().astype({"customer": "Int64", "amount": "Float64"}),
    "pandas_strided": lambda t, _: pd.DataFrame(
        {
            "customer": np.stack([t["customer"].to_numpy()] * 2, axis=1)[:, 0],
            "time": t["time"].to_pandas(),
            "amount": t["amount"].to_numpy()[::-1][::-1],
        }
    ),
    "pandas_float_ids": lambda t, _: t.to_pandas().astype({"customer": "float64"}),
    "pandas_categorical": lambda t, _: t.to_pandas().astype({"customer": "category"}),
    "pandas_objects": lambda t, _: t.to_pandas().astype({"customer": object, "amount": object}),
    "polars": lambda t, _: pl.from_arrow(t),
    "polars_lazy": lambda t, _: pl.from_arrow(t).lazy(),
    "table": lambda t, _: t,
    "chunked": lambda t, _: chunked(t),
    "sliced": lambda t, _: pa.concat_tables([t.slice(0, 3), t]).combine_chunks().slice(3),
    "batch": lambda t, _: t.combine_chunks().to_batches()[0],
    "reader": lambda t, _: chunked(t).to_reader(),
    "dataset": lambda t, _: pa.dataset.dataset(t),
    "duckdb": lambda t, _: duckdb.sql("select * from t"),
    "capsules": lambda t, _: Capsules(t),
    "arrays": lambda t, _: Arrays(t.combine_chunks().to_batches()[0]),
    "parquet": lambda t, folder: [pa.parquet.write_table(t, folder / "a.parquet"), folder / "a.parquet"][1],
    "csv": lambda t, folder: [pa.csv.write_csv(t, folder / "a.csv"), str(folder / "a.csv")][1],
    "folder_glob": lambda t, folder: [
        pa.parquet.write_table(t.slice(0, 200), folder / "p0.parquet"),
        pa.parquet.write_table(t.slice(200), folder / "p1.parquet"),
        str(folder / "p*.parquet"),
    ][2],
    "list_of_files": lambda t, folder: [
        pa.parquet.write_table(t.slice(0, 200), folder / "q0.parquet"),
        pa.parquet.write_table(t.slice(200), folder / "q1.parquet"),
        [folder / "q0.parquet", str(folder / "q1.parquet")],
    ][2],
}


def scored(source, **options):
    return ff.Orders(source, customer="customer", time="time", amount="amount", **options).rfm("2001-09-09")


@pytest.mark.parametrize("producer", PRODUCERS)
def test_every_producer_gives_the_same_scores(base, producer, tmp_path):
    expected = scored(base).to_arrow()
    found = scored(PRODUCERS[producer](base, tmp_path)).to_arrow()
    if producer == "pandas_categorical":
        assert pa.types.is_dictionary(found.schema.field(0).type)
        found = found.set_column(0, "customer", found.column(0).cast(pa.int64()))
    assert found.equals(expected)


@pytest.mark.parametrize(
    ("producer", "kind"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("table", ff.Table)]
)
def test_results_come_in_the_library_of_the_input(base, producer, kind, tmp_path):
    rfm = scored(PRODUCERS[producer](base, tmp_path))
    for result in (rfm, rfm.segments, rfm.customers("champions"), rfm.concentration):
        assert type(result.table) is kind
    if kind is pd.DataFrame:
        assert isinstance(rfm.table.index, pd.RangeIndex)


KEYS = {
    **{name: pa.array([1, 2, 1, None], getattr(pa, name)()) for name in (
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
    **{name: pa.array(["b", "äö", "b", None], getattr(pa, name)()) for name in ("string", "large_string", "string_view")},
    **{name: pa.array([b"b", b"\xff", b"b", None], getattr(pa, name)()) for name in (
        "binary", "large_binary", "binary_view")},
    "fixed": pa.array([b"bb", b"aa", b"bb", None], pa.binary(2)),
    "dictionary": pa.array(["b", "a", "b", None]).dictionary_encode(),
    "int_dictionary": pa.array([5, 7, 5, None]).dictionary_encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_keeps_its_name_and_type(kind):
    keys = KEYS[kind]
    frame = pa.table({"der Schlüssel": keys, "t": [dt.date(2024, 1, day) for day in (1, 2, 3, 4)], "a": [1, 2, 3, 4]})
    orders = ff.Orders(frame, customer="der Schlüssel", time="t", amount="a")
    table = orders.rfm().to_arrow()
    assert table.schema.field(0).name == "der Schlüssel"
    assert table.schema.field(0).type == keys.type
    assert sorted(table.column(0).to_pylist()) == sorted(set(keys.to_pylist()) - {None})
    assert (orders.quality.left_out, orders.quality.guest_orders) == ({}, 1)


def test_uint64_keys_beyond_the_sign_are_in_order():
    keys = pa.array([2**64 - 1, 3, 2**63], pa.uint64())
    frame = pa.table({"k": keys, "t": [dt.date(2024, 1, 1)] * 3, "a": [1, 2, 3]})
    assert ff.Orders(frame, customer="k", time="t", amount="a").rfm().to_arrow()["k"].to_pylist() == [
        3,
        2**63,
        2**64 - 1,
    ]


@pytest.mark.parametrize("objects", [True, False])
def test_uuids_are_uuids_again(objects):
    ids = sorted(uuid.UUID(int=value) for value in (7, 2**100, 3))
    frame = pd.DataFrame({"k": [ids[1], ids[0], ids[2], ids[0]], "t": ["2024-01-01"] * 4, "a": [1, 2, 3, 4]})
    if not objects:
        frame = pa.table({"k": pa.array([i.bytes for i in frame["k"]], pa.uuid()), "t": frame["t"], "a": frame["a"]})
    rfm = ff.Orders(frame, customer="k", time="t", amount="a").rfm()
    assert rfm.to_pandas()["k"].tolist() == ids
    assert rfm.to_arrow().schema.field("k").type == pa.uuid()


def test_dictionaries_that_differ_between_chunks():
    chunks = [pa.array(["a", "b"]).dictionary_encode(), pa.array(["b", "c", None, "a"]).dictionary_encode()]
    keys = pa.chunked_array(chunks)
    frame = pa.table({"k": keys, "t": pa.array([dt.date(2024, 1, 1)] * 6), "a": range(6)})
    table = ff.Orders(frame, customer="k", time="t", amount="a", category="k").rfm().to_arrow()
    assert table["k"].to_pylist() == ["a", "b", "c"]
    assert table["monetary"].to_pylist() == [5.0, 3.0, 3.0]


INSTANT = dt.datetime(2024, 3, 10, 12, 30)
TIMES = {
    **{f"timestamp_{unit}": (pa.array([INSTANT], pa.timestamp(unit)), {}) for unit in ("s", "ms", "us", "ns")},
    "zoned": (pa.array([INSTANT], pa.timestamp("ns", "UTC")), {"timezone": "UTC"}),
    "iso": (pa.array(["2024-03-10T12:30:00"]), {}),
    "iso_with_space": (pa.array([" 2024-03-10 12:30 "]), {}),
    "format": (pa.array(["10/3/2024 12:30"]), {"time_format": "%d/%m/%Y %H:%M"}),
    "seconds": (pa.array([1_710_073_800]), {"time_unit": "s"}),
    "float_milliseconds": (pa.array([1_710_073_800_000.0]), {"time_unit": "ms"}),
    "dictionary": (pa.array(["2024-03-10T12:30:00"]).dictionary_encode(), {}),
}


@pytest.mark.parametrize("kind", TIMES)
def test_times_of_every_kind(kind):
    times, options = TIMES[kind]
    orders = ff.Orders(pa.table({"k": [1], "t": times, "a": [1]}), customer="k", time="t", amount="a", **options)
    assert orders.end == INSTANT


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_dates(kind):
    frame = pa.table({"k": [1], "t": pa.array([INSTANT.date()], kind), "a": [1]})
    assert ff.Orders(frame, customer="k", time="t", amount="a").end == dt.datetime(2024, 3, 10)


AMOUNTS = {
    "int8": pa.array([1, 2, None], pa.int8()), "uint64": pa.array([1, 2, None], pa.uint64()),
    "float32": pa.array([1.0, 2.0, None], pa.float32()), "float64": pa.array([1.0, 2.0, None]),
    "decimal": pa.array([decimal.Decimal("1.00"), decimal.Decimal("2.00"), None], pa.decimal128(20, 2)),
    "decimal256": pa.array([decimal.Decimal("1.00"), decimal.Decimal("2.00"), None], pa.decimal256(50, 2)),
}  # fmt: skip


@pytest.mark.parametrize("kind", AMOUNTS)
def test_amounts_of_every_kind(kind):
    frame = pa.table({"k": [1, 1, 1], "t": ["2024-01-01"] * 3, "a": AMOUNTS[kind]})
    orders = ff.Orders(frame, customer="k", time="t", amount="a")
    assert orders.rfm().to_arrow()["monetary"].to_pylist() == [3.0]
    assert orders.quality.left_out == {"null_amount": 1}


def test_decimals_in_pandas_add_exactly():
    frame = pd.DataFrame(
        {"k": [1] * 3, "t": ["2024-01-01"] * 3, "a": [decimal.Decimal(x) for x in ("0.1", "0.20", "0.3")]}
    )
    assert ff.Orders(frame, customer="k", time="t", amount="a").rfm().table["monetary"].tolist() == [0.6]


RETAIL = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
C536379,D,Discount,-1,12/1/2010 9:41,27.50,14527,United Kingdom
536414,22139,,56,12/1/2010 11:52,0,,United Kingdom
536420,22139,BOX,2,12/2/2010 12:02,5,14527,United Kingdom
"""


def test_the_frame_that_read_csv_makes_goes_in():
    frame = pd.read_csv(io.StringIO(RETAIL))
    frame["Amount"] = frame["Quantity"] * frame["UnitPrice"]
    frame["InvoiceNo"] = [int(number) if number.isdigit() else number for number in frame["InvoiceNo"]]
    assert frame["CustomerID"].dtype == "float64"
    orders = ff.Orders(
        frame,
        customer="CustomerID",
        time="InvoiceDate",
        amount="Amount",
        order_id="InvoiceNo",
        product="StockCode",
        time_format="%m/%d/%Y %H:%M",
    )
    assert (orders.quality.left_out, orders.quality.guest_orders) == ({}, 1)
    assert orders.quality.refund_orders == 1
    table = orders.rfm().table
    assert table["CustomerID"].tolist() == [14527, 17850]
    assert table["CustomerID"].dtype == "int64"
    assert table["frequency"].tolist() == [1, 1]
    assert table["refund_amount"].tolist() == [27.5, 0.0]
    joined = orders.rfm().join(frame)
    assert joined["frequency"].tolist()[:3] == [1, 1, 1]
    assert joined["frequency"].isna().tolist() == [False, False, False, True, False]


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_a_csv_whose_numbers_turn_into_words_late(tmp_path):
    lines = ["customer,time,amount,invoice"]
    lines += [f"{row % 9},2024-01-01 10:00:00,1.5,{row}" for row in range(120_000)]
    lines += ["3,2024-01-02,2.5,C17", ",2024-01-02,1,"]
    (tmp_path / "late.csv").write_text("\n".join(lines))
    orders = ff.Orders(tmp_path / "late.csv", customer="customer", time="time", amount="amount", order_id="invoice")
    assert (orders.quality.left_out, orders.quality.guest_orders) == ({}, 1)
    assert orders.rfm().to_arrow()["frequency"].to_pylist()[3] == 120_000 // 9 + 1


def test_csv_in_another_encoding(tmp_path):
    (tmp_path / "gb.csv").write_bytes("客户,时间,金额\n张三,2024-01-01,5\n".encode("gb18030"))
    orders = ff.Orders(tmp_path / "gb.csv", customer="客户", time="时间", amount="金额", encoding="gb18030")
    assert orders.rfm().to_arrow()["客户"].to_pylist() == ["张三"]


def test_an_unused_column_of_mixed_objects_never_fails_the_frame():
    frame = pd.DataFrame({"k": ["a"], "t": ["2024-01-01"], "a": [1.0], "odd": [object()], 7: [{}]})
    assert ff.Orders(frame, customer="k", time="t", amount="a").rfm().num_rows == 1


def test_mixed_objects_are_strings():
    frame = pd.DataFrame({"k": [536365, "C536379", 536365.0, "536365", None], "t": ["2024-01-01"] * 5, "a": [1] * 5})
    table = ff.Orders(frame, customer="k", time="t", amount="a").rfm().table
    assert table["k"].tolist() == ["536365", "C536379"]
    assert table["monetary"].tolist() == [3.0, 1.0]


def test_pandas_times_of_every_kind():
    naive = pd.Series(pd.to_datetime(["2024-03-10 12:30", None]))
    for times in (
        naive,
        naive.astype("datetime64[s]"),
        naive.astype("datetime64[ns]"),
        naive.astype(object),
        naive.dt.to_period("min"),
        pd.Series(["2024-03-10 12:30", None]),
        naive.astype("timestamp[us][pyarrow]"),
    ):
        frame = pd.DataFrame({"k": [1, 2], "t": times, "a": [1, 1]})
        orders = ff.Orders(frame, customer="k", time="t", amount="a")
        assert orders.end == INSTANT
        assert orders.quality.left_out == {"null_time": 1}
    for zone in ("Asia/Shanghai", dt.timezone(dt.timedelta(hours=8)), "UTC"):
        frame = pd.DataFrame({"k": [1, 2], "t": naive.dt.tz_localize(zone), "a": [1, 1]})
        orders = ff.Orders(frame, customer="k", time="t", amount="a")
        assert orders.end == INSTANT
        last = orders.rfm().table["last_order"]
        assert last.dt.tz is not None
        assert last.dt.tz_localize(None).tolist() == [pd.Timestamp(INSTANT)]
    dates = pd.DataFrame({"k": [1, 2], "t": [INSTANT.date(), None], "a": [1, 1]})
    assert ff.Orders(dates, customer="k", time="t", amount="a").end == dt.datetime(2024, 3, 10)


def test_a_reader_is_read_once_and_kept(base):
    orders = ff.Orders(base.to_reader(), customer="customer", time="time", amount="amount")
    assert orders.rfm().to_arrow().equals(orders.rfm().to_arrow())
    assert orders.quality.rows_read == ROWS


def test_pandas_needs_no_pyarrow():
    program = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pyarrow":
            raise ImportError("hidden")
sys.meta_path.insert(0, Hidden())
import pandas as pd, footfall as ff
frame = pd.DataFrame({"k": ["b", "a", None], "t": pd.to_datetime(["2024-01-02", "2024-01-01", "2024-01-01"]),
                      "a": [1.5, 2.5, 1.0], "c": pd.Categorical(["x", "y", "x"])})
assert frame["k"].dtype.storage == "python"
orders = ff.Orders(frame, customer="k", time="t", amount="a", category="c")
rfm = orders.rfm()
assert rfm.table["k"].tolist() == ["a", "b"], rfm.table
assert rfm.table["segment"].dtype == "category"
assert rfm.join(frame)["monetary"].tolist()[:2] == [1.5, 2.5]
assert orders.sales(by="category").table["c"].tolist() == ["x", "y"]
repr(rfm), rfm.segments._repr_html_()
assert "pyarrow" not in sys.modules
try:
    rfm.to_arrow()
except ff.MissingExtraError as error:
    assert 'pip install "footfall[files]"' in str(error)
else:
    raise AssertionError
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Amounts wait as hundredths as long as all of a morsel are: chunk by chunk, another kind may come first, between or last.
KINDS_OF_AMOUNTS = {
    "none": [],
    "cents": [19.9, 0.01, 21_474_836.47],
    "back": [-19.9, 5.0],
    "null": [7.5, None],
    "thirds": [1 / 3, 2.5],
    "signed zero": [-0.0, 1.0],
    "large": [21_474_836.48, 1e9],
}


@pytest.mark.parametrize("kinds", list(itertools.permutations(KINDS_OF_AMOUNTS, 3)))
def test_amounts_of_several_chunks_are_those_of_one(kinds):
    chunks = [pa.array(KINDS_OF_AMOUNTS[kind], pa.float64()) for kind in ("cents", *kinds)]
    rows = sum(map(len, chunks))
    table = pa.table(
        {
            "customer": [row % 3 for row in range(rows)],
            "time": pa.array([86_400 * row for row in range(rows)], pa.timestamp("s")),
            "amount": pa.chunked_array(chunks),
        }
    )
    whole = table.combine_chunks()
    # Text is read by another way.
    texts = whole.set_column(
        2, "amount", pa.array([None if x is None else repr(x) for x in whole["amount"].to_pylist()])
    )
    found = []
    for given in (table, whole, texts):
        orders = ff.Orders(given, customer="customer", time="time", amount="amount", nulls="drop")
        found.append((orders.rfm().to_arrow(), orders.quality, orders.sales("day").to_arrow()))
    assert found[0] == found[1] == found[2]
