"""Logs larger than their memory: the same results, honest errors, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

STEPS = ["view", "cart", "pay"]


def table(rows=20_000, customers=1_500, seed=5):
    random = np.random.default_rng(seed)
    names = np.array(["view", "cart", "pay", "help"])
    return pa.table(
        {
            "c": pa.array([f"customer {key}" for key in random.integers(0, customers, rows)]),
            "t": pa.array(random.integers(0, 10**13, rows), pa.timestamp("us")),
            "a": random.normal(20, 15, rows).round(2),
            "o": random.integers(0, rows // 3, rows),
            "e": names[random.integers(0, 4, rows)],
            "v": random.random(rows),
        }
    )


def orders(data, **options):
    return ff.Orders(data, customer="c", time="t", amount="a", order_id="o", product="e", quantity="v", **options)


def events(data, **options):
    return ff.Events(data, customer="c", time="t", event="e", value="v", **options)


def order_answers(log):
    return [
        log.rfm().to_arrow(),
        log.rfm(segments="tiers", frequency="days").to_arrow(),
        log.sales("week", by="product").to_arrow(),
        log.duplicates().to_arrow(),
        log.as_events("pay").funnel(["pay", "pay"], window="3d").to_arrow(),
        log.quality,
    ]


def event_answers(log):
    funnel = log.funnel(STEPS, window="4d")
    return [funnel.to_arrow(), funnel.per_customer.to_arrow(), log.quality, log.end]


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(0, 400),
    customers=st.integers(1, 60),
    seed=st.integers(0, 10**6),
    limit=st.sampled_from([1, 2_000, "16KiB", "1MB"]),
)
def test_results_do_not_depend_on_the_limit(rows, customers, seed, limit):
    data = table(max(rows, 3), customers, seed).slice(0, rows)
    assert order_answers(orders(data, memory_limit=limit)) == order_answers(orders(data))
    assert event_answers(events(data, memory_limit=limit)) == event_answers(events(data))


def test_a_larger_log_goes_to_disk_and_comes_back():
    data = table()
    limited, free = orders(data, memory_limit=50_000), orders(data)
    assert (limited._log.spilled, free._log.spilled) == (True, False)
    assert limited._log.row_bytes < free._log.row_bytes / 100
    assert order_answers(limited) == order_answers(free)


def test_the_cost_of_a_row_is_the_documented_one():
    rows = 20_000
    data = table(rows)
    # A time within a second 8, an amount of two places 4, an order number 2, a label 1, a further number of more places
    # 8; and each order number once.
    known = len(set(data["o"].to_pylist()))
    log = orders(data)
    log.sales()
    # An order number is kept once in each partition that has it: rows of one order are of several customers here.
    assert rows * 23 + known * 8 <= log._log.row_bytes <= rows * 31
    assert events(data)._log.row_bytes == rows * 17
    # Whole seconds and hundredths take 4, and so does a quantity.
    seconds = pa.array(range(rows), pa.timestamp("s"))
    plain = pa.table({"c": data["c"], "t": seconds, "e": data["e"], "v": [row / 100 for row in range(rows)]})
    assert events(plain)._log.row_bytes == rows * 9


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_orders_wait_in_few_bytes_until_their_rows_are_asked_for():
    rows = 20_000
    data = table(rows)
    seconds = pa.array(range(rows), pa.timestamp("s"))
    plain = pa.table({"c": data["c"], "t": seconds, "a": [row / 100 for row in range(rows)]})
    log = ff.Orders(plain, customer="c", time="t", amount="a")
    scored = log.rfm().to_arrow()
    # The time and the amount 4 each, the number of the customer 2; of lines an order number 4, and whether there is one 1.
    assert log._log.row_bytes == rows * 10
    numbered = plain.append_column("o", pa.array([row // 3 for row in range(rows)]))
    assert ff.Orders(numbered, customer="c", time="t", amount="a", order_id="o")._log.row_bytes == rows * 15
    log.sales()
    assert log._log.row_bytes == rows * 8
    assert log.rfm().to_arrow() == scored


def test_the_limit_of_the_package_holds_where_none_is_given():
    data = table()
    ff.options.memory_limit = "10 kB"
    try:
        assert orders(data)._log.spilled
        assert not orders(data, memory_limit="1GiB")._log.spilled
    finally:
        ff.options.memory_limit = None


def test_only_the_named_events_are_kept(tmp_path):
    data = table()
    path = tmp_path / "log.parquet"
    pq.write_table(data, path)
    kept = events(path, only=[ff.Step(["view", "cart"]), "pay"])
    whole = events(data)
    assert kept.funnel(STEPS, window="4d").to_arrow() == whole.funnel(STEPS, window="4d").to_arrow()
    helps = data["e"].to_pylist().count("help")
    assert kept.quality.left_out == {"other_event": helps}
    assert kept.quality.rows_used + helps == kept.quality.rows_read == data.num_rows
    assert kept._log.row_bytes == kept.quality.rows_used * 17
    # What is left behind still tells how long the shop was watched.
    last = pa.table({"c": ["customer 1"], "t": pa.array([2 * 10**13], pa.timestamp("us")), "e": ["help"], "v": [0.0]})
    longer = pa.concat_tables([data.select(last.column_names), last])
    assert events(longer, only=STEPS).end == events(longer).end != whole.end
    with pytest.raises(TypeError, match=r'only=\["view", "pay"\]'):
        events(data, only="view")


def test_files_are_streamed_and_only_their_columns_read(tmp_path):
    data = table()
    for part in range(4):
        pq.write_table(data.slice(part * 5_000, 5_000), tmp_path / f"{part}.parquet", row_group_size=700)
    read = orders(str(tmp_path / "*.parquet"), memory_limit="30KB")
    assert read._log.spilled
    assert order_answers(read) == order_answers(orders(data))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    data = table()
    gone = tmp_path / "gone"
    gone.mkdir()
    ff.options.spill_folder = gone
    try:
        gone.rmdir()
        with pytest.raises(ff.SpillError, match=r"gone: .*; raise the limit, or set ff.options.spill_folder"):
            orders(data, memory_limit=1000)
    finally:
        ff.options.spill_folder = None
    with pytest.raises(ValueError, match="there is no such folder; make it first"):
        ff.options.spill_folder = gone


FULL = """
import resource, signal, sys
import footfall as ff
sys.path.insert(0, {tests!r})
from test_memory import orders, table
data = table()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
ff.options.spill_folder = {folder!r}
try:
    orders(data, memory_limit=1000)
except ff.SpillError as error:
    print(error)
print(orders(data).rfm().to_arrow().num_rows)
"""


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path):
    program = FULL.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    said, rows = done.stdout.splitlines()
    assert "could not be written to" in said
    assert str(tmp_path) in said
    assert int(rows) > 1_000
    assert not list(tmp_path.iterdir())


KILLED = """
import sys, time
import footfall as ff
sys.path.insert(0, {tests!r})
from test_memory import orders, table
ff.options.spill_folder = {folder!r}
log = orders(table(), memory_limit=1000)
assert log._log.spilled
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_the_process_ends_nothing_is_left(how, tmp_path):
    program = KILLED.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout.readline() == "ready\n"
    child.send_signal(how)
    child.wait(timeout=30)
    assert child.returncode != 0
    child.stdout.close()
    assert not list(tmp_path.iterdir())


def test_a_log_that_is_gone_gives_its_disk_back(tmp_path):
    ff.options.spill_folder = tmp_path
    try:
        log = orders(table(), memory_limit=1000)
        assert any(str(tmp_path) in name for name in open_files())
        del log
        assert not any(str(tmp_path) in name for name in open_files())
    finally:
        ff.options.spill_folder = None


def open_files():
    return [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if os.path.lexists(link)]


@pytest.mark.parametrize("harm", ["vanished", "truncated", "damaged"])
def test_a_file_that_is_spoiled_while_it_is_read_is_an_error(harm, tmp_path):
    data = table()
    for part in range(4):
        pq.write_table(data.slice(part * 5_000, 5_000), tmp_path / f"{part}.parquet", row_group_size=1_000)
    victim = tmp_path / "3.parquet"
    import pyarrow.dataset as ds

    dataset = ds.dataset(sorted(map(str, tmp_path.iterdir())))
    if harm == "vanished":
        victim.unlink()
    elif harm == "truncated":
        victim.write_bytes(victim.read_bytes()[:5_000])
    else:
        spoiled = bytearray(victim.read_bytes())
        spoiled[200:20_000] = os.urandom(19_800)
        victim.write_bytes(spoiled)
    with pytest.raises(ff.DataError, match="reading the data failed"):
        orders(dataset, memory_limit="10KB")


def test_two_threads_may_analyse_one_log_at_once():
    from concurrent.futures import ThreadPoolExecutor

    data = table()
    expected = events(data).funnel(STEPS, window="4d").to_arrow()
    log = events(data, memory_limit=1000)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda _: log.funnel(STEPS, window="4d").to_arrow(), range(8))
        assert all(one == expected for one in found)


def test_ctrl_c_while_rows_spill_gives_memory_and_disk_back(tmp_path):
    program = f"""
import itertools, pyarrow as pa, footfall as ff
ff.options.spill_folder = {str(tmp_path)!r}
schema = pa.schema([("c", pa.int64()), ("t", pa.timestamp("us")), ("a", pa.float64())])
batch = pa.record_batch([range(100_000), pa.array(range(100_000), pa.timestamp("us")), [1.0] * 100_000], schema=schema)
print("ready", flush=True)
stream = pa.RecordBatchReader.from_batches(schema, itertools.repeat(batch))
ff.Orders(stream, customer="c", time="t", amount="a", memory_limit="1MB")
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert "KeyboardInterrupt" in said
    assert not list(tmp_path.iterdir())
