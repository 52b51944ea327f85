"""Files of text and foreign arrays, changed at random: each is read as it stands, or refused in our own words. `make fuzz` runs
as many cases as are asked for; CI runs a few."""

from __future__ import annotations

import csv
import ctypes
import io
import os
import warnings
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

CASES = int(os.environ.get("FUZZ_CASES", "60"))
REFUSED = (ff.FootfallError, TypeError, ValueError, UnicodeError)
HEADER = ["customer", "time", "amount", "product"]
NAMES = st.text(st.sampled_from(list("ab;,\t|\"'\n 商品é€=-")), min_size=1, max_size=6).map(lambda name: f"p{name}q")
ROWS = st.lists(
    st.tuples(
        st.integers(1, 9), st.dates(date(2020, 1, 1), date(2024, 1, 1)),
        st.integers(1, 10**6), NAMES,
    ), min_size=2, max_size=12,
)  # fmt: skip


def text_of(rows, delimiter, quoting, ends, encoding):
    """Write rows as a spreadsheet would."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ends)
    writer.writerow(HEADER)
    writer.writerows((key, day, f"{cents / 100:.2f}", name) for key, day, cents, name in rows)
    return text.getvalue().encode(encoding)


DIALECTS = st.tuples(
    st.sampled_from([",", ";", "\t", "|"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)  # fmt: skip


def refusal(call):
    """The words in which a call is refused, if it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call()
        except REFUSED as error:
            return str(error)
    return ""


def orders_of(path, **options):
    """Read a file of the columns above."""
    return ff.Orders(path, customer="customer", time="time", amount="amount", product="product", **options)


@settings(max_examples=CASES, deadline=None)
@given(rows=ROWS, dialect=DIALECTS)
def test_any_dialect_is_read_as_it_was_written(rows, dialect, tmp_path_factory):
    path = tmp_path_factory.mktemp("dialect") / "orders.csv"
    path.write_bytes(text_of(rows, *dialect))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        orders = orders_of(path, encoding="gb18030" if dialect[3] == "gb18030" else None)
        sold = orders.sales("year", by="product").table
    assert orders.quality.rows_used == len(rows)
    total = sum(Decimal(cents) / 100 for _, _, cents, _ in rows)
    assert sum(amount or 0 for amount in pa.table(sold)["sales"].to_pylist()) == pytest.approx(float(total), rel=1e-12)
    assert set(pa.table(sold)["product"].to_pylist()) == {name for *_, name in rows}


@settings(max_examples=CASES, deadline=None)
@given(
    rows=ROWS, dialect=DIALECTS, edits=st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), max_size=6),
    cut=st.none() | st.integers(0, 400), bad_lines=st.sampled_from(["error", "count"]),
)  # fmt: skip
def test_damaged_text_is_read_or_refused(rows, dialect, edits, cut, bad_lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / "orders.csv"
    text = bytearray(text_of(rows, *dialect))
    for at, byte in edits:
        text[at % len(text)] = byte
    path.write_bytes(text if cut is None else text[:cut])
    refused = refusal(lambda: orders_of(path, bad_lines=bad_lines).sales())
    assert "\n" not in refused
    assert len(refused) < 1500


ARRAYS = st.sampled_from([
    pa.array([3, 1, None, 2]), pa.array([3, 1, 2, 2], pa.int8()), pa.array([2**63, 1, 2, 3], pa.uint64()),
    pa.array([1.5, None, float("nan"), 2.0]), pa.array(["a", None, "bc", "商"]), pa.array(["a", "b", "c", "d"], pa.large_string()),
    pa.array(["a", "b" * 20, None, "d"], pa.string_view()), pa.array(["x", None, "y", "x"]).dictionary_encode(),
    pa.array(["1.50", "2", None, "3"]), pa.array(["2024-01-01", "2024-02-01", None, "2024-01-03"]),
    pa.array([0, 10**9, None, 5], pa.timestamp("s")), pa.array([0, 10**15, 3, 5], pa.timestamp("us", "Asia/Shanghai")),
    pa.array([1, 2, None, 3], pa.date32()), pa.array([1, 2, None, 3], pa.date64()), pa.array([True, None, False, True]),
    pa.array([Decimal("1.25"), None, Decimal("2.00"), Decimal("3.10")]), pa.nulls(4), pa.array([[1], None, [2, 3], []]),
    pa.array([{"a": 1}, None, {"a": 2}, {"a": 3}]), pa.array([b"a", None, b"\xff", b"c"]), pa.array([1, 2, None, 3], pa.time64("us")),
    pa.array([1, 2, None, 3], pa.duration("s")), pa.RunEndEncodedArray.from_arrays([2, 4], pa.array(["a", "b"])),
])  # fmt: skip


def answer(table):
    """What is read of a table, or the words in which it is refused."""
    found = []

    def read():
        orders = ff.Orders(table, customer="k", time="t", amount="a", product="p")
        found.append(str(pa.table(orders.sales("year", by="product").table)))

    return refusal(read) or found


@settings(max_examples=CASES, deadline=None)
@given(columns=st.tuples(ARRAYS, ARRAYS, ARRAYS, ARRAYS), offset=st.integers(0, 3), length=st.integers(0, 4))
def test_a_slice_of_any_array_is_read_as_its_copy(columns, offset, length):
    table = pa.table(dict(zip("ktap", columns, strict=True))).slice(offset, length)
    copied = pa.table({name: pa.array(table[name].to_pylist(), table[name].type) for name in "ktap" if not _runs(table[name])}
                      | {name: table[name].combine_chunks() for name in "ktap" if _runs(table[name])})  # fmt: skip
    assert answer(table) == answer(copied)


def _runs(column):
    return pa.types.is_run_end_encoded(column.type) or pa.types.is_dictionary(column.type)


class ArrowSchema(ctypes.Structure):
    """The C data interface."""


class ArrowArray(ctypes.Structure):
    """The C data interface."""


ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))),
    ("dictionary", ctypes.POINTER(ArrowSchema)), ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p),
]  # fmt: skip
ArrowArray._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))), ("dictionary", ctypes.POINTER(ArrowArray)),
    ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p),
]  # fmt: skip
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


class Changed:
    """A batch whose structures are changed on their way."""

    def __init__(self, batch, change):
        self._batch, self._change = batch, change

    def __arrow_c_array__(self, requested_schema=None):
        schema, array = self._batch.__arrow_c_array__(requested_schema)
        self._change(
            ArrowSchema.from_address(_pointer(schema, b"arrow_schema")),
            ArrowArray.from_address(_pointer(array, b"arrow_array")),
        )
        return schema, array


BATCH = pa.record_batch({
    "k": [1, 2, 3], "t": pa.array([1, 2, 3], pa.timestamp("us")), "a": [1.0, 2.0, 3.0], "p": pa.array(["x", "y", "x"]).dictionary_encode(),
})  # fmt: skip
# What can be told from sound memory: numbers that no array of its type has, and texts that name no type.
NUMBERS = st.one_of(
    st.tuples(st.just("length"), st.integers(-(2**63), -1)), st.tuples(st.just("offset"), st.integers(-(2**63), -1)),
    st.tuples(st.just("n_buffers"), st.sampled_from([-1, 0, 1])), st.tuples(st.just("n_children"), st.integers(-3, -1)),
)  # fmt: skip
FORMATS = st.binary(min_size=0, max_size=6).filter(lambda text: b"\0" not in text)


@settings(max_examples=CASES, deadline=None)
@given(at=st.integers(0, 3), number=NUMBERS)
def test_structures_that_cannot_be_are_refused(at, number):
    field, value = number

    def change(_, array):
        setattr(array.children[at].contents, field, value)

    with pytest.raises(REFUSED) as refused:
        ff.Orders(Changed(BATCH, change), customer="k", time="t", amount="a", product="p")
    assert "inside" not in str(refused.value)


@settings(max_examples=CASES, deadline=None)
@given(at=st.integers(0, 3), text=FORMATS, names=st.booleans())
def test_formats_and_names_of_any_bytes_are_read_or_refused(at, text, names):
    kept = ctypes.create_string_buffer(text)

    def change(schema, _):
        setattr(schema.children[at].contents, "name" if names else "format", ctypes.cast(kept, ctypes.c_char_p).value)
        schema.kept = kept

    source = Changed(BATCH, change)
    assert "inside" not in refusal(lambda: ff.Orders(source, customer="k", time="t", amount="a", product="p"))
