"""What each work costs as it grows: wall seconds, CPU seconds and memory, in processes of their own, on one thread and two."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import polars as pl

from large import files
from processes import ran
from shop import FOLDER

SIZES = (10**6, 10**7, 10**8)
THREADS = (1, 2)

# Of a file: the whole process, the start of Python included.
OF_FILES = {
    "RFM, Parquet to Parquet": """
ff.Orders(path, customer="customer", time="time", amount="amount").rfm().write_parquet(target)
""",
    "RFM, CSV to Parquet": """
ff.Orders(path, customer="customer", time="time", amount="amount").rfm().write_parquet(target)
""",
    "funnel within 7 days, Parquet to Parquet": """
ff.Events(path, customer="customer", time="time", event="event", only=steps).funnel(steps, window="7d").write_parquet(target)
""",
    "the same, memory_limit=1GiB": """
log = ff.Events(path, customer="customer", time="time", event="event", only=steps, memory_limit="1GiB")
log.funnel(steps, window="7d").write_parquet(target)
""",
    "RFM, memory_limit=1GiB": """
log = ff.Orders(path, customer="customer", time="time", amount="amount", memory_limit="1GiB")
log.rfm().write_parquet(target)
""",
}
# Rows that a work is given at most, where they are more than those of a table in memory, or of a CSV file.
MOST = {work: SIZES[-1] for work in OF_FILES if "CSV" not in work}
HEAD = """
import sys
import footfall as ff
path, target, ff.options.threads = sys.argv[1], sys.argv[2], %d
steps = ["view", "cart", "order", "pay"]
"""

# Of a table in memory, of no more rows than two of the sizes have: ten times as many sessions would not fit into 24 GB. What
# is made ready first, and what is measured.
ORDERS = 'ff.Orders(table, customer="customer", time="time", amount="amount")'
EVENTS = 'ff.Events(table, customer="customer", time="time", event="event")'
KEYED = "table = table.set_column(0, 'customer', pa.array(%s))"
IN_MEMORY = {
    "RFM, int64 keys": ("", f"kept = {ORDERS}; kept.rfm().native"),
    "RFM, string keys": (
        "table = table.set_column(0, 'customer', pc.binary_join_element_wise('c', table['customer'].cast(pa.string()), ''))",
        f"kept = {ORDERS}; kept.rfm().native",
    ),
    "RFM, lines with order_id": (
        "order = np.arange(rows) // 3\n"
        "table = table.take(pa.array(order * 3)).append_column('order_id', pa.array(order))",
        f"kept = {ORDERS[:-1]}, order_id='order_id'); kept.rfm().native",
    ),
    "RFM, 1,000 customers": (KEYED % "random.integers(0, 1000, rows)", f"kept = {ORDERS}; kept.rfm().native"),
    "RFM, one customer": (KEYED % "np.zeros(rows, np.int64)", f"kept = {ORDERS}; kept.rfm().native"),
    "RFM, 40 % of the rows on one customer": (
        KEYED % "np.where(random.random(rows) < 0.4, 1, table['customer'].to_numpy())",
        f"kept = {ORDERS}; kept.rfm().native",
    ),
    "RFM, sorted by customer": (
        "table = table.take(pa.array(np.argsort(table['customer'].to_numpy(), kind='stable'))).combine_chunks()",
        f"kept = {ORDERS}; kept.rfm().native",
    ),
    "`rfm` again, another date": (
        f"log = {ORDERS}; log.rfm(dt.date(2024, 3, 31)).native; log.rfm(dt.date(2024, 3, 24)).native",
        "kept = log.rfm(dt.date(2024, 3, 17)).native",
    ),
    "first funnel, dictionary names": ("", f"kept = {EVENTS}; kept.funnel(steps, window='7d')"),
    "first funnel, plain names": (
        "table = table.set_column(2, 'event', table['event'].cast(pa.string()))",
        f"kept = {EVENTS}; kept.funnel(steps, window='7d')",
    ),
    "second funnel": (
        f"log = {EVENTS}; log.funnel(steps, window='7d')",
        "kept = log.funnel(['home', 'view', 'cart', 'pay'], window='2d')",
    ),
    "sessions, one row each": ("", f"kept = {EVENTS}.sessions('1h')"),
    "paths": ("", f"kept = {EVENTS}.paths(gap='1h')"),
}
# Peaks begin anew where 5 is written there.
CHILD = """
import datetime as dt, json, sys, time, warnings
import numpy as np, pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet as pq
import footfall as ff
ff.options.threads = %d
warnings.simplefilter("ignore")
steps, random = ["view", "cart", "order", "pay"], np.random.default_rng(1)
table = pq.read_table(sys.argv[1]).combine_chunks()
rows = len(table)
%s
def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) / 1024
pa.default_memory_pool().release_unused()
open("/proc/self/clear_refs", "w").write("5")
before, cpu, start = memory("VmRSS"), time.process_time(), time.perf_counter()
%s
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
print(json.dumps([wall, cpu, memory("VmHWM") - before]))
"""


def of_file(work: str, path: Path, threads: int, runs: int) -> list[tuple[float, ...]]:
    program = HEAD % threads + OF_FILES[work]
    return [ran(program, path, FOLDER / "out.parquet") for _ in range(runs)]


def in_memory(work: str, folder: Path, threads: int, runs: int) -> list[tuple[float, ...]]:
    setup, measured = IN_MEMORY[work]
    command = [sys.executable, "-c", CHILD % (threads, setup, measured), str(folder)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(runs)]
    return [tuple(json.loads(one.stdout.splitlines()[-1])) for one in done]


def source(work: str, folder: Path) -> Path:
    """The file or the folder of files that a work begins with; a CSV file is written once."""
    if "CSV" not in work:
        return folder / "*.parquet"
    path = folder.with_suffix(".csv")
    if not path.exists():
        scan = pl.scan_parquet(folder / "*.parquet").select("customer", "time", "amount")
        scan.sink_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")
    return path


def cell(found: list[tuple[float, ...]]) -> str:
    wall, cpu, peak = (statistics.median(each) for each in zip(*found, strict=True))
    return f"{wall:.2f} s, {cpu:.2f} s, {peak:,.0f} MB"


def line(work: str, sizes: tuple[int, ...], runs: int) -> str:
    cells = []
    for rows in sizes:
        folder = files(rows)
        for threads in THREADS:
            if rows > MOST.get(work, SIZES[-2]):
                cells.append("")
            elif work in IN_MEMORY:
                cells.append(cell(in_memory(work, folder, threads, runs)))
            else:
                cells.append(cell(of_file(work, source(work, folder), threads, runs)))
    return f"| {work} | {' | '.join(cells)} |"


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on costs."""
    sizes = tuple(size for size in SIZES if size <= 10 * rows)
    runs = min(runs, 3)
    lines = [line(work, sizes, runs) for work in (*OF_FILES, *IN_MEMORY)]
    measured = "of one process" if runs == 1 else f"medians of {runs} processes"
    heads = [f"{size:,} rows, {'one thread' if threads == 1 else 'two'}" for size in sizes for threads in THREADS]
    return f"""## What it costs, as work grows

Wall seconds, CPU seconds and the peak of memory, {measured}. From file to file the process is measured from its start to
its end; in memory the work alone, in a new process (footfall's threads start in it), its peak above the table that is given. There are eight
customers to a hundred rows; files are in the cache of the system.

| work | {" | ".join(heads)} |
| --- |{" --- |" * len(heads)}
{chr(10).join(lines)}
"""
