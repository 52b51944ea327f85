"""What stops early, what is given back, and what ends as an error where it once ended the process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import footfall as ff


def child(program, *, seconds=120, **environment):
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=seconds, check=False,
        env=os.environ | environment,
    )  # fmt: skip


def threads_of_ours():
    """How many threads are the pool's; one may end while they are counted."""
    count = 0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            count += (task / "comm").read_text().startswith("footfall")
    return count


def small():
    return ff.Orders(
        pa.table({"c": [1, 2], "t": ["2024-01-01", "2024-02-01"], "a": [1.0, 2.0]}), customer="c", time="t", amount="a"
    )


def test_pools_that_are_not_used_any_more_are_given_back():
    try:
        for count in (*range(2, 40), 3):
            ff.options.threads = count
            small().sales()
        for _ in range(200):
            if threads_of_ours() <= 3:
                break
            time.sleep(0.02)
        assert threads_of_ours() == 3
    finally:
        ff.options.threads = None


def test_a_fork_has_a_pool_of_its_own_whatever_its_parent_holds():
    program = """
import os, threading
import pyarrow as pa, numpy as np, footfall as ff
random = np.random.default_rng(1)
rows = pa.table({"c": random.integers(0, 9000, 400_000), "t": pa.array(random.integers(0, 10**14, 400_000), pa.timestamp("us")),
                 "a": random.random(400_000)})
def work():
    for count in (1, 2, 3, 2):
        ff.options.threads = count
        ff.Orders(rows, customer="c", time="t", amount="a").sales()
workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers: worker.start()
for _ in range(6):
    pid = os.fork()
    if pid == 0:
        ff.Orders(rows, customer="c", time="t", amount="a").sales()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
for worker in workers: worker.join()
print("done")
"""
    done = child(program)
    assert done.stdout == "done\n", done.stderr


def test_no_memory_is_a_memory_error_and_the_process_lives():
    program = """
import resource, numpy as np, pyarrow as pa, footfall as ff
n = 12_000_000
rows = pa.table({"c": np.arange(n), "t": pa.array(np.arange(n), pa.timestamp("s")), "a": np.ones(n)})
ff.Orders(rows.slice(0, 9), customer="c", time="t", amount="a").sales()
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 250_000_000, resource.RLIM_INFINITY))
try:
    ff.Orders(rows, customer="c", time="t", amount="a")
except MemoryError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(ff.Orders(rows.slice(0, 1000), customer="c", time="t", amount="a").quality.customers)
"""
    # The allocator would have taken a gigabyte of addresses before the limit was set.
    done = child(program, MIMALLOC_ARENA_RESERVE="32768")
    assert done.returncode == 0, done.stderr[-2000:]
    error, customers = done.stdout.splitlines()
    assert "there is no memory for another" in error
    assert "memory_limit=" in error
    assert customers == "1000"


def test_no_thread_is_an_error():
    # A limit of processes does not hold for the superuser.
    program = """
import os, resource
import pyarrow as pa, footfall as ff
if os.getuid() == 0:
    os.setuid(12345)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    ff.Orders(pa.table({"c": [1], "t": ["2024-01-01"], "a": [1.0]}), customer="c", time="t", amount="a")
except RuntimeError as error:
    print(error)
"""
    done = child(program)
    assert "no thread could be started" in done.stdout, done.stderr[-2000:]


def test_a_daemon_thread_at_the_end_of_the_interpreter_does_no_harm():
    program = """
import threading, time
import numpy as np, pyarrow as pa, footfall as ff
n = 3_000_000
rows = pa.table({"c": np.arange(n) % 99_999, "t": pa.array(np.arange(n), pa.timestamp("s")), "a": np.ones(n)})
def work():
    while True:
        ff.Orders(rows, customer="c", time="t", amount="a").rfm()
threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
"""
    for _ in range(3):
        done = child(program)
        assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
        assert "panicked" not in done.stderr


def test_damaged_codes_are_told():
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 1, 9], pa.int8()), pa.array(["a", "b"]), safe=False)
    table = pa.table({"c": [1, 2, 3], "t": ["2024-01-01"] * 3, "a": [1.0] * 3, "p": codes})
    with pytest.raises(ff.DataError, match=r'the data are damaged.*column "p".*row 2.*dictionary of 2 values'):
        ff.Orders(table, customer="c", time="t", amount="a", product="p")


@pytest.mark.parametrize("values", [[], ["a"]])
def test_a_category_of_nulls_alone(values):
    codes = pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int32()), pa.array(values, pa.string()))
    table = pa.table({"c": [1, 2], "t": ["2024-01-01", "2024-02-01"], "a": [1.0, 2.0], "p": codes})
    orders = ff.Orders(table, customer="c", time="t", amount="a", product="p")
    assert orders.sales(by="product").to_pandas()["p"].isna().all()
    assert "–" in repr(orders.sales(by="product"))


def test_schema_metadata_is_not_read(tmp_path):
    table = pa.table({"c": [1], "t": ["2024-01-01"], "a": [1.0]}).replace_schema_metadata({b"k": b"\xff\xfe"})
    pq.write_table(table, tmp_path / "odd.parquet")
    assert ff.Orders(tmp_path / "odd.parquet", customer="c", time="t", amount="a").quality.rows_used == 1
    field = pa.field("c", pa.int64(), metadata={b"\xff": b"\xfe"})
    odd = pa.table([[1], ["2024-01-01"], [1.0]], schema=pa.schema([field, ("t", pa.string()), ("a", pa.float64())]))
    assert ff.Orders(odd, customer="c", time="t", amount="a").quality.rows_used == 1


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_the_years_1_to_9999_are_read_in_every_type(zone):
    ends = [-62135596800, 253402300799]
    text = ["0001-01-01T00:00:00", "9999-12-31T23:59:59"]
    micros = pa.array([second * 10**6 for second in ends], pa.timestamp("us", zone))
    seconds = pa.array(ends, pa.timestamp("s", zone))
    for times in (micros, seconds, pa.array(text)):
        orders = ff.Orders(
            pa.table({"c": [1, 2], "t": times, "a": [1.0, 2.0]}), customer="c", time="t", amount="a",
            timezone=None if times.type != pa.string() else zone,
        )  # fmt: skip
        rfm = orders.rfm()
        assert rfm.num_rows == 2
        assert len(rfm.rows()) == 2
        assert repr(rfm)
        assert orders.end is not None
    for beyond in (ends[0] - 1, ends[1] + 1):
        table = pa.table({"c": [1], "t": pa.array([beyond], pa.timestamp("s", zone)), "a": [1.0]})
        with pytest.raises(ff.DataError, match="the years 1 to 9999"):
            ff.Orders(table, customer="c", time="t", amount="a")


def skewed(rows, share=1.0):
    """Events of which most are one customer's, each of them a cart, a purchase or neither."""
    random = np.random.default_rng(2)
    keys = np.where(random.random(rows) < share, 0, random.integers(1, 1 + rows // 20, rows))
    events = pa.DictionaryArray.from_arrays(
        pa.array(random.choice(4, rows).astype("int8")), ["cart", "pay", "view", "out"]
    )
    times = pa.array(random.integers(0, 10**15, rows), pa.timestamp("us"))
    table = pa.table({"c": keys, "t": times, "e": events, "p": random.integers(0, 5000, rows)})
    return ff.Events(table, customer="c", time="t", event="e", product="p")


def test_one_customer_of_many_carts_takes_no_longer_than_many_customers():
    # Quadratic work on so many episodes would take minutes.
    events = skewed(400_000)
    found = events.abandonment(removed="out", recover_within="365d")
    assert found.episodes.num_rows > 50_000


@pytest.mark.parametrize("name", ["abandonment", "retention", "concat"])
def test_an_interrupt_leaves_the_log_as_it_was(name):
    # How soon it is heard is told by benchmarks/skew.py.
    events = skewed(300_000, share=0.4)
    work = {
        "abandonment": events.abandonment,
        "retention": lambda: events.retention(period="day"),
        "concat": lambda: ff.Events.concat([events, events]),
    }[name]
    before = events.retention().rows()

    def again():
        while True:
            work()

    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            again()
    finally:
        timer.join()
    assert events.retention().rows() == before


def test_what_identifies_nothing_is_fitted_in_few_steps():
    random = np.random.default_rng(0)
    repeats = random.poisson(4.0, 4000).astype(float)
    age = np.full(4000, 700.0)
    last = np.where(repeats > 0, age * random.random(4000) ** (1 / np.maximum(repeats, 1)), 0.0)
    for model in (ff.ParetoNbd, ff.BgNbd, ff.MbgNbd):
        with pytest.warns(ff.FootfallWarning, match="not identified"):
            fitted = model.fit(repeats, last, age)
        assert fitted.fit_result.evaluations < 300


def test_a_change_of_the_table_does_not_come_back():
    frame = pd.DataFrame({"c": [1, 2], "t": ["2024-01-01", "2024-02-01"], "a": [1.0, 2.0]})
    rfm = ff.Orders(frame, customer="c", time="t", amount="a").rfm()
    taken = rfm.table
    taken["segment"] = "mine"
    taken.loc[0, "monetary"] = -1.0
    assert "mine" not in set(rfm.table["segment"])
    assert rfm.table["monetary"].tolist() == [1.0, 2.0]


def test_long_and_odd_cells_are_shown_short():
    table = pa.table({"c": ["x" * 10**5, "a\x1b[31m\n\tb"], "t": ["2024-01-01"] * 2, "a": [1.0, 2.0]})
    shown = repr(ff.Orders(table, customer="c", time="t", amount="a").rfm())
    assert max(map(len, shown.splitlines())) < 1000
    assert "\x1b" not in shown
    assert r"a\x1b[31m\n\tb" in shown


def test_formulas_are_escaped_where_that_is_asked_for(tmp_path):
    table = pa.table(
        {"c": ["=cmd|' /C calc'!A0", "ann", "-1", "@x"], "t": ["2024-01-01"] * 4, "a": [1.0, -2.0, 3.0, 4.0]}
    )
    rfm = ff.Orders(table, customer="c", time="t", amount="a").rfm()
    rfm.write_csv(tmp_path / "kept.csv")
    rfm.write_csv(tmp_path / "escaped.csv", formulas="escape")
    kept = pd.read_csv(tmp_path / "kept.csv")["c"].tolist()
    assert sorted(kept) == sorted(row[0] for row in rfm.rows())
    cells = pd.read_csv(tmp_path / "escaped.csv")
    assert all(cell == "ann" or cell.startswith("'") for cell in cells["c"])
    assert cells["monetary"].dtype.kind == "f"


def test_a_console_that_is_not_utf8_is_written_to(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("customer,time,amount\n张三,2024-01-01,5\n李四,2024-02-01,7\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "footfall", "rfm", str(path), "--customer", "customer", "--time", "time", "--amount", "amount"],
        capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
