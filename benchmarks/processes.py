"""From file to file: whole processes that start, read, work and write; wall and CPU seconds, and the peak of memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from large import PROGRAMS
from rfm import COLUMNS, GRID
from shop import events, orders
from timing import shuffled

# What a process says of itself: getrusage would tell the peak of the process that started it, if that was higher.
TAIL = """
import os
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
os.write(1, f"{peak / 1024:.0f}".encode())
"""

FOOTFALL_RFM = """
import datetime as dt, sys
import footfall as ff
orders = ff.Orders(sys.argv[1], customer="customer", time="time", amount="amount")
orders.rfm(dt.date(2024, 6, 29))[%s].write_parquet(sys.argv[2])
"""
FOOTFALL_FUNNEL = """
import sys
import footfall as ff
events = ff.Events(sys.argv[1], customer="customer", time="time", event="event"%s)
events.funnel(["view", "cart", "order", "pay"], %s).write_parquet(sys.argv[2])
"""
POLARS_RFM = f"""
import datetime as dt, sys
import polars as pl
f, m, days = pl.col("frequency"), pl.col("monetary"), pl.col("recency_days")
grid = pl.lit(None, pl.String)
for code, r1, r2, f1, f2 in {GRID}:
    grid = pl.when(pl.col("r").is_between(r1, r2) & pl.col("f").is_between(f1, f2)).then(pl.lit(code)).otherwise(grid)
def score(column, falling=False):
    return 1 + 5 * (column.rank("min", descending=falling).cast(pl.Int64) - 1) // pl.len()
(
    pl.SCAN.group_by("customer")
    .agg(pl.col("time").min().alias("first_order"), pl.col("time").max().alias("last_order"),
         pl.len().cast(pl.Int64).alias("frequency"), pl.col("amount").sum().alias("monetary"))
    .with_columns((pl.lit(dt.date(2024, 6, 29)) - pl.col("last_order").dt.date()).dt.total_days().alias("recency_days"))
    .with_columns(score(days, True).alias("r"), score(f).alias("f"), score(m).alias("m"))
    .with_columns(grid.alias("segment")).sort("customer").WRITE
)
"""
WRITERS = {"in-memory": "collect().write_parquet(sys.argv[2])", "streaming": "sink_parquet(sys.argv[2])"}
CASES = " ".join(f"when r between {a} and {b} and f between {c} and {d} then '{code}'" for code, a, b, c, d in GRID)
DUCK_RFM = f"""
import sys
import duckdb
duckdb.sql(f\"\"\"copy (
    with summary as (
        select customer, min(time) first_order, max(time) last_order, count(*) frequency, sum(amount) monetary,
               date '2024-06-29' - max(time)::date recency_days
        from READ('{{sys.argv[1]}}') group by customer),
    scored as (
        select *, 1 + 5 * (rank() over (order by recency_days desc) - 1) // count(*) over () r,
               1 + 5 * (rank() over (order by frequency) - 1) // count(*) over () f,
               1 + 5 * (rank() over (order by monetary) - 1) // count(*) over () m
        from summary)
    select *, case {CASES} end segment from scored order by customer
) to '{{sys.argv[2]}}' (format parquet)\"\"\")
"""
POLARS_FUNNEL = f"""
import sys, time
path = sys.argv[1]
{PROGRAMS["funnel"]["Polars streaming"]}
pl.DataFrame({{"step": steps, "reached": result}}).write_parquet(sys.argv[2])
"""
DUCK_FUNNEL = """
import sys
import duckdb
parts = [f"s1 as materialized (select customer, min(time) as at from '{sys.argv[1]}' where event = 'view' group by customer)"]
for number, step in enumerate(["cart", "order", "pay"], start=2):
    parts.append(f"s{number} as materialized (select customer, min(time) as at from '{sys.argv[1]}' e join s{number - 1} p "
                 f"using (customer) where event = '{step}' and time >= p.at group by customer)")
counts = " union all ".join(f"(select {n} as step, count(*) as reached from s{n})" for n in range(1, 5))
duckdb.sql(f"copy (with {', '.join(parts)} {counts}) to '{sys.argv[2]}' (format parquet)")
"""
CHDB_FUNNEL = """
import sys
import chdb
chdb.query(f\"\"\"
    select level as step, sum(customers) over (order by level desc) as reached from (
        select level, count() as customers from (
            select customer, windowFunnel(604800)(toDateTime(assumeNotNull(time)), assumeNotNull(event) = 'view',
                assumeNotNull(event) = 'cart', assumeNotNull(event) = 'order', assumeNotNull(event) = 'pay') as level
            from file('{sys.argv[1]}', Parquet) where event in ('view', 'cart', 'order', 'pay') group by customer)
        where level > 0 group by level)
    into outfile '{sys.argv[2]}' truncate format Parquet\"\"\")
"""


def scan(program: str, reader: str) -> str:
    return program.replace("pl.SCAN", f"pl.{reader}")


def rfm_ways(kind: str) -> dict[str, str]:
    scanned = {"parquet": "scan_parquet(sys.argv[1])", "csv": "scan_csv(sys.argv[1], try_parse_dates=True)"}[kind]
    polars = scan(POLARS_RFM, scanned)
    ways = {f"Polars {name}": polars.replace("WRITE", writer) for name, writer in WRITERS.items()}
    duck = DUCK_RFM.replace("READ", {"parquet": "read_parquet", "csv": "read_csv"}[kind])
    return {
        "footfall": FOOTFALL_RFM % COLUMNS,
        "footfall, all its columns": FOOTFALL_RFM.replace("[%s]", ""),
        **ways,
        "DuckDB": duck,
    }


def ran(program: str, source: Path, target: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and the peak in MB of a process."""
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    # Packages are compiled once they were installed, whatever this machine's setting is.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program + TAIL, str(source), str(target)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    with child.stdout as told:
        # DuckDB tells its progress before.
        peak = float(told.read().split()[-1].split(b"\n")[-1])
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    assert status == 0, program
    return wall, used.ru_utime + used.ru_stime, peak


def row(work: str, ways: dict[str, str], source: Path, *, runs: int, key: str) -> str:
    target = source.parent / "out.parquet"
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    for name, program in ways.items():
        ran(program, source, target)
        counts = pl.read_parquet(target).sort(key)
        found[name].clear()
        if name == "footfall":
            ours = counts
        common = [c for c in ("recency_days", "frequency", "r", "f", "segment", "reached") if c in counts.columns]
        for column in common:
            assert counts[column].cast(pl.String).equals(ours[column].cast(pl.String), check_names=False), (
                name,
                column,
            )
    for _ in range(runs):
        for name in shuffled(ways):
            found[name].append(ran(ways[name], source, target))
    medians = {name: [statistics.median(each) for each in zip(*all_, strict=True)] for name, all_ in found.items()}
    cells = [f"{wall:.2f} s, {cpu:.2f} s, {peak:.0f} MB" for wall, cpu, peak in medians.values()]
    ours_wall, _, ours_peak = medians["footfall"]
    peers = [found for name, found in medians.items() if not name.startswith("footfall")]
    best, least = min(peer[0] for peer in peers), min(peer[2] for peer in peers)
    told = " | ".join(f"{name}: {cell}" for name, cell in zip(medians, cells, strict=True))
    return f"| {work} | {told} | **{best / ours_wall:.1f}×** | {ours_peak / least:.2f} |"


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on whole processes."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "orders.parquet"
        pq.write_table(orders(rows, rows * 8 // 100).select(["customer", "time", "amount"]), source)
        lines.append(row("RFM, Parquet to Parquet", rfm_ways("parquet"), source, runs=runs, key="customer"))
        text = folder / "orders.csv"
        pl.read_parquet(source).write_csv(text, datetime_format="%Y-%m-%d %H:%M:%S")
        lines.append(row("RFM, CSV to Parquet", rfm_ways("csv"), text, runs=runs, key="customer"))
        log = folder / "events.parquet"
        table = events(rows, rows * 8 // 100)
        pq.write_table(table.set_column(2, "event", table["event"].cast(pa.string())), log)
        only = ', only=["view", "cart", "order", "pay"]'
        first = {
            "footfall": FOOTFALL_FUNNEL % (only, 'anchor="first_entry"'),
            "Polars streaming": POLARS_FUNNEL,
            "DuckDB": DUCK_FUNNEL,
        }
        lines.append(row("funnel of first entries, no window", first, log, runs=runs, key="reached"))
        windowed = {"footfall": FOOTFALL_FUNNEL % (only, 'window="7d"'), "chDB": CHDB_FUNNEL}
        lines.append(row("funnel within 7 days", windowed, log, runs=runs, key="reached"))
    return f"""## From file to file

Whole processes: Python starts, {rows:,} rows are read from a file (in the cache of the system), and a Parquet file is written. Wall
seconds, CPU seconds and peak resident set, medians of {runs} runs whose order is drawn each
time; last the ratio of the fastest peer's wall time to ours, and of our peak to the smallest peer's.

| work | | | | | faster | memory |
| --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}
"""


if __name__ == "__main__":
    print(section(int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000, 5))
