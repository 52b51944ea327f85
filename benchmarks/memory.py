"""What a log takes of memory: the peak while it is read, and what stays, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

LIMIT = 100
# By row: the time, and the amount, a double; by customer: the key, and where its rows start.
ROW_BYTES = 8 + 8
CUSTOMER_BYTES = 8 + 4

CHILD = """
import json, os, resource, sys, threading, time
import psutil
import pyarrow, pyarrow.dataset, pyarrow.csv
import footfall as ff
me = psutil.Process()
ff.Orders(pyarrow.table({"customer": [1], "time": ["2024-01-01"], "amount": [1.0]}), customer="customer", time="time",
          amount="amount").rfm().native
before = me.memory_info().rss
peak = before
over = threading.Event()
def watch():
    global peak
    while not over.wait(0.005):
        peak = max(peak, me.memory_info().rss)
watcher = threading.Thread(target=watch)
watcher.start()
start = time.perf_counter()
orders = ff.Orders(sys.argv[1], customer="customer", time="time", amount="amount", memory_limit=sys.argv[2] or None)
seconds = time.perf_counter() - start
time.sleep(0.3)
over.set(); watcher.join()
kept = me.memory_info().rss - before
print(json.dumps({"peak": (peak - before) / 1e6, "whole": peak / 1e6, "kept": kept / 1e6, "seconds": seconds,
                  "rows": orders._log.row_bytes / 1e6, "customers": orders.quality.customers}))
"""


def write(rows: int, folder: Path) -> list[Path]:
    """Write orders as Parquet and as CSV, group by group."""
    random = np.random.default_rng(1)
    parquet, text = folder / "orders.parquet", folder / "orders.csv"
    writers = None
    for begin in range(0, rows, 1 << 20):
        count = min(1 << 20, rows - begin)
        seconds = random.integers(0, 2 * 365 * 86_400, count)
        batch = pa.table({
            "customer": random.integers(0, rows * 8 // 100, count),
            "time": (np.datetime64("2023-01-01", "s") + seconds.astype("timedelta64[s]")).astype("datetime64[ms]"),
            "amount": random.integers(100, 100_000, count) / 100,
            "note": pa.array(["left at the door"] * count),
        })  # fmt: skip
        if writers is None:
            writers = pa.parquet.ParquetWriter(parquet, batch.schema), pa.csv.CSVWriter(text, batch.schema)
        for writer in writers:
            writer.write_table(batch)
    for writer in writers or ():
        writer.close()
    return [parquet, text]


def measure(path: Path, limit: str) -> dict[str, float]:
    """Read a file in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), limit], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def section(rows: int) -> str:
    """The part of docs/benchmarks.md on memory."""
    lines = [
        f"\n## Memory: {rows:,} orders from a file (customer, time, amount)\n",
        "| file | memory_limit | peak above the start, MB | the rows, MB | peak / rows | kept, MB | kept / (rows and customers) | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for path in write(rows, Path(folder)):
            for limit in (f"{LIMIT}MB", ""):
                of = measure(path, limit)
                rows_mb = of["rows"]
                parts = (
                    (f"{of['peak']:.0f}", f"{rows_mb:.0f}", f"{of['peak'] / rows_mb:.2f}")
                    if not limit
                    else (f"{of['peak']:.0f}", f"{rows * ROW_BYTES / 1e6:.0f} in all", "")
                )
                held = rows_mb + of["customers"] * CUSTOMER_BYTES / 1e6
                kept = f"{of['kept'] / held:.2f}" if not limit else ""
                cells = (path.suffix[1:], limit or "none", *parts, f"{of['kept']:.0f}", kept, f"{of['seconds']:.1f}")
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(section(int(float(sys.argv[1])) if len(sys.argv) > 1 else 30_000_000))
