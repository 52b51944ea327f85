"""Ctrl-C, forks, threads, and a core that lets Python go on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest

import footfall as ff


def table(rows=300_000, customers=20_000):
    random = np.random.default_rng(3)
    return pa.table(
        {
            "c": random.integers(0, customers, rows),
            "t": pa.array(random.integers(0, 10**14, rows), pa.timestamp("us")),
            "a": random.random(rows).round(2),
        }
    )


def scores(data):
    batches = pa.Table.from_batches(data.to_batches(max_chunksize=1_000))
    return ff.Orders(batches, customer="c", time="t", amount="a").rfm().to_arrow()


def _in_child(data, queue):
    queue.put(scores(data).column("monetary").to_pylist()[:100])


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_works():
    data = table()
    expected = scores(data).column("monetary").to_pylist()[:100]
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [context.Process(target=_in_child, args=(data, queue)) for _ in range(2)]
    for child in children:
        child.start()
    for _ in children:
        assert queue.get(timeout=60) == expected
    for child in children:
        child.join(timeout=60)
        assert child.exitcode == 0


def test_many_python_threads_get_the_same_answer():
    data = table(60_000)
    expected = scores(data)
    with ThreadPoolExecutor(8) as pool:
        assert all(found.equals(expected) for found in pool.map(lambda _: scores(data), range(16)))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(threads):
    data = table()
    expected = scores(data)
    try:
        ff.options.threads = threads
        assert scores(data).equals(expected)
    finally:
        ff.options.threads = None


def test_python_goes_on_while_the_core_works():
    data = table(3_000_000, 1_000_000)
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.002)

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = len(ticks)
    ff.Orders(data, customer="c", time="t", amount="a").rfm()
    during = len(ticks) - start
    stop.set()
    ticker.join()
    assert during > 10


ENDLESS = """
import itertools, pyarrow as pa, footfall as ff
schema = pa.schema([("c", pa.int64()), ("t", pa.timestamp("us")), ("a", pa.float64())])
batch = pa.record_batch([pa.array(range(1000)), pa.array(range(1000), pa.timestamp("us")), pa.array([1.0] * 1000)], schema=schema)
print("ready", flush=True)
ff.Orders(pa.RecordBatchReader.from_batches(schema, itertools.repeat(batch)), customer="c", time="t", amount="a")
"""


def test_ctrl_c_stops_the_core():
    child = subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert child.returncode != 0


@pytest.mark.parametrize(("given", "threads", "warned"), [("3", 3, False), ("0", None, True), ("many", None, True)])
def test_the_environment_sets_the_threads(given, threads, warned):
    program = "import footfall; print(footfall.options.threads)"
    environment = os.environ | {"FOOTFALL_THREADS": given}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == str(threads)
    assert (f"FOOTFALL_THREADS={given!r}" in done.stderr) == warned
