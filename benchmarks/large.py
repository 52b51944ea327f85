"""Logs larger than their memory: time and peak of whole processes, each under the same limit."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rfm import COLUMNS
from shop import FOLDER, NAMES

LIMIT = "1GiB"
FILES = 20
STEPS = ["view", "cart", "order", "pay"]

HEAD = """
import json, sys, tempfile, time
path, limit = sys.argv[1], sys.argv[2]
"""
# Of this program alone: what getrusage tells begins with the peak of the process that started it.
TAIL = """
took = time.perf_counter() - start
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([took, peak / 2**20, result]))
"""

PROGRAMS = {
    "funnel": {
        "footfall": """
import footfall as ff
start = time.perf_counter()
steps = ["view", "cart", "order", "pay"]
log = ff.Events(path, customer="customer", time="time", event="event", only=steps, memory_limit=limit)
result = log.funnel(steps, anchor="first_entry").to_arrow()["reached"].to_pylist()
""",
        "DuckDB": """
import duckdb
start = time.perf_counter()
steps = ["view", "cart", "order", "pay"]
connection = duckdb.connect(config={"memory_limit": limit, "temp_directory": tempfile.mkdtemp()})
source = f"read_parquet('{path}')"
parts = [f"s1 as materialized (select customer, min(time) as at from {source} where event = 'view' group by customer)"]
for number, step in enumerate(steps[1:], start=2):
    parts.append(f"s{number} as materialized (select customer, min(time) as at from {source} e join s{number - 1} p "
                 f"using (customer) where event = '{step}' and time >= p.at group by customer)")
counts = ", ".join(f"(select count(*) from s{number + 1})" for number in range(4))
result = list(connection.execute(f"with {', '.join(parts)} select {counts}").fetchall()[0])
""",
        "Polars streaming": """
import polars as pl
start = time.perf_counter()
steps = ["view", "cart", "order", "pay"]
lazy = pl.scan_parquet(path)
reached = lazy.filter(pl.col("event") == "view").group_by("customer").agg(at=pl.col("time").min())
counts = [reached.select(pl.len())]
for step in steps[1:]:
    later = lazy.filter(pl.col("event") == step).join(reached, on="customer").filter(pl.col("time") >= pl.col("at"))
    reached = later.group_by("customer").agg(at=pl.col("time").min())
    counts.append(reached.select(pl.len()))
result = [frame.item() for frame in pl.collect_all(counts, engine="streaming")]
""",
    },
    "RFM": {
        "footfall": f"""
import footfall as ff
start = time.perf_counter()
log = ff.Orders(path, customer="customer", time="time", amount="amount", memory_limit=limit)
table = log.rfm(segments=None)[{COLUMNS[:-1]}].to_arrow()
result = [table.num_rows, int(table["frequency"].to_numpy().sum())]
""",
        "DuckDB": """
import duckdb
start = time.perf_counter()
connection = duckdb.connect(config={"memory_limit": limit, "temp_directory": tempfile.mkdtemp()})
connection.execute(f\"\"\"create table scored as
with summary as (
    select customer, min(time) first_order, max(time) last_order, count(*) frequency, sum(amount) monetary,
           date '2024-03-31' - max(time)::date recency_days
    from read_parquet('{path}') group by customer)
select *, 1 + 5 * (rank() over (order by recency_days desc) - 1) // count(*) over () r,
       1 + 5 * (rank() over (order by frequency) - 1) // count(*) over () f,
       1 + 5 * (rank() over (order by monetary) - 1) // count(*) over () m
from summary\"\"\")
result = list(connection.execute("select count(*), sum(frequency)::bigint from scored").fetchall()[0])
""",
        "Polars streaming": """
import datetime, polars as pl
start = time.perf_counter()
def score(column, falling=False):
    return 1 + 5 * (column.rank("min", descending=falling).cast(pl.Int64) - 1) // pl.len()
days = (pl.lit(datetime.date(2024, 3, 31)) - pl.col("last_order").dt.date()).dt.total_days()
table = (
    pl.scan_parquet(path).group_by("customer")
    .agg(pl.col("time").min().alias("first_order"), pl.col("time").max().alias("last_order"),
         pl.len().cast(pl.Int64).alias("frequency"), pl.col("amount").sum().alias("monetary"))
    .with_columns(days.alias("recency_days"))
    .with_columns(score(pl.col("recency_days"), True).alias("r"), score(pl.col("frequency")).alias("f"),
                  score(pl.col("monetary")).alias("m"))
    .collect(engine="streaming")
)
result = [table.height, table["frequency"].sum()]
""",
    },
}


def files(rows: int) -> Path:
    """Events over 90 days in the order of time, in several files; made once."""
    folder = FOLDER / f"large-{rows}"
    if len(list(folder.glob("*.parquet"))) == FILES:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(9)
    customers, names = rows * 8 // 100, pa.array(list(NAMES))
    # A gamma rate for each customer, as in the NBD model; drawn by the inverse of its sums.
    upto = np.cumsum(random.gamma(0.6, 1.0, customers) + 0.02)
    share, span = rows // FILES, 90 * 86_400 // FILES
    for number in range(FILES):
        key = np.searchsorted(upto, random.random(share) * upto[-1]).astype(np.int64) * 7_919 + 10_000_000
        time = np.sort(random.integers(0, span, share)) + 1_704_067_200 + number * span
        code = random.choice(len(names), size=share, p=list(NAMES.values())).astype(np.int32)
        table = pa.table(
            {
                "customer": key,
                "time": pa.array(time * 10**6, pa.timestamp("us")),
                "event": pa.DictionaryArray.from_arrays(code, names),
                "amount": np.round(random.lognormal(3.3, 0.9, share), 2),
            }
        )
        pq.write_table(table, folder / f"{number:02}.parquet", row_group_size=1 << 20)
    return folder


def timed(program: str, path: Path, runs: int) -> tuple[float, float, list[int]] | None:
    """Median seconds and peak in GiB of a process of its own; None if it fails under the limit."""
    command = [sys.executable, "-c", HEAD + program + TAIL, f"{path}/*.parquet", LIMIT]
    done = [subprocess.run(command, check=False, capture_output=True, text=True) for _ in range(runs)]
    if any(one.returncode for one in done):
        return None
    told = [json.loads(one.stdout.splitlines()[-1]) for one in done]
    return statistics.median(one[0] for one in told), max(one[1] for one in told), told[0][2]


def line(work: str, rows: int, runs: int) -> str:
    """Results are the same; a peer that fails says so."""
    found = {name: timed(program, files(rows), runs) for name, program in PROGRAMS[work].items()}
    results = {tuple(one[2]) for one in found.values() if one}
    assert len(results) == 1, found
    cells = [f"{one[0]:.1f} s, {one[1]:.2f} GiB" if one else "fails" for one in found.values()]
    return f"| {work} | {' | '.join(cells)} |"


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on logs larger than their memory."""
    rows *= 10
    lines = [line(work, rows, min(runs, 3)) for work in PROGRAMS]
    return f"""## Larger than memory

{rows:,} events of {rows * 8 // 100:,} customers in {FILES} Parquet files, read by a process of its own: seconds and peak resident set,
start of Python included in the peak. footfall and DuckDB are given a limit of {LIMIT}; Polars has none to give. The
funnel is the one without a window that SQL can express; footfall drops events that are no step while reading (`only=`).

| work | footfall | DuckDB | Polars streaming |
| --- | --- | --- | --- |
{chr(10).join(lines)}
"""
