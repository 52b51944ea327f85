"""Run all benchmarks and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import psutil
import pyarrow as pa

import clusters
import coming_back
import costs
import diagnose
import files
import funnel
import journeys
import large
import lifetime
import memory
import processes
import regression
import rfm
import shapes
import skew
from shop import orders
from timing import in_turn

DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def work(rows: pa.Table, order_id: str | None, runs: int) -> dict[str, float]:
    frame, arrow_frame = pl.from_arrow(rows), rows.to_pandas()
    with duckdb.connect() as connection:
        connection.execute("create table orders as select * from rows")
        ways = {
            "footfall": lambda: rfm.footfall(rows, order_id),
            "Polars in-memory": lambda: rfm.polars_memory(frame, order_id),
            "Polars streaming": lambda: rfm.polars_streaming(frame, order_id),
            "DuckDB": lambda: rfm.duck(connection, order_id),
            "pandas": lambda: rfm.pandas(arrow_frame, order_id),
            "reading the columns once": lambda: rfm.read_once(rows),
        }
        rfm.check(ways)
        return in_turn(ways, runs)


def started() -> float:
    """Median seconds of `import footfall` in a new process, less those of an empty one."""

    def seconds(program: str) -> float:
        import time

        times = []
        for _ in range(9):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    return seconds("import footfall") - seconds("pass")


def line(name: str, times: dict[str, float]) -> str:
    ours, floor = times["footfall"], times["reading the columns once"]
    peers = {peer: value for peer, value in times.items() if peer not in {"footfall", "reading the columns once"}}
    best = min(peers, key=peers.get)
    cells = [f"{times[key]:.2f}" for key in ("footfall", *peers)]
    return (
        f"| {name} | {' | '.join(cells)} | **{peers[best] / ours:.1f}×** {best} | {floor:.3f} | {ours / floor:.0f}× |"
    )


def rfm_section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on RFM."""
    customers = rows * 8 // 100
    table = orders(rows, customers)
    plain = table.select(["customer", "time", "amount"])
    named = table.select(["name", "time", "amount"]).rename_columns(["customer", "time", "amount"])
    lines = table.select(["line_customer", "line_time", "amount", "order_id"])
    lines = lines.rename_columns(["customer", "time", "amount", "order_id"])
    made = [
        line("rows as orders, int64 keys", work(plain, None, runs)),
        line("rows as orders, string keys", work(named, None, runs)),
        line("lines with order_id (3 an order)", work(lines, "order_id", runs)),
    ]
    return f"""## RFM: summary, scores and segments, from Arrow in memory

{rows:,} rows of {customers:,} customers. footfall reads the Arrow table, groups it, scores and names every customer; nothing
is kept from run to run.

| work | footfall | Polars in-memory | Polars streaming | DuckDB | pandas | against the fastest peer | reading the columns once | ours to that |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(made)}

"Reading the columns once" sums the columns with PyArrow on one thread.
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--only",
        choices=(
            "rfm",
            "files",
            "shapes",
            "funnel",
            "journeys",
            "coming_back",
            "regression",
            "lifetime",
            "clusters",
            "shop",
            "large",
            "memory",
            "skew",
            "diagnose",
            "processes",
            "costs",
        ),
        help="one section, printed and not written",
    )
    given = parser.parse_args()
    sections = {
        "rfm": lambda: rfm_section(given.rows, given.runs),
        "files": lambda: files.section(given.rows, given.runs),
        "shapes": lambda: shapes.section(given.rows, given.runs),
        "funnel": lambda: funnel.section(given.rows, given.runs),
        "journeys": lambda: journeys.section(given.rows, given.runs),
        "coming_back": lambda: coming_back.section(given.rows, given.runs),
        "regression": lambda: regression.section(given.rows, given.runs),
        "lifetime": lambda: lifetime.section(given.runs),
        "clusters": lambda: clusters.section(given.runs),
        "shop": lambda: funnel.shop_section(given.runs),
        "large": lambda: large.section(given.rows, given.runs),
        "memory": lambda: memory.section(3 * given.rows),
        "skew": lambda: skew.section(given.rows // 2),
        "diagnose": diagnose.section,
        "processes": lambda: processes.section(given.rows, given.runs),
        "costs": lambda: costs.section(given.rows, given.runs),
    }
    if given.only:
        print(sections[given.only]())
        return
    report = text(given, [made() for made in sections.values()])
    print(report)
    if given.rows == parser.get_default("rows"):
        DOCS.write_text(report)


def text(given: argparse.Namespace, sections: list[str]) -> str:
    libraries = ("polars", "duckdb", "chdb", "pandas", "pyarrow", "numpy", "lifetimes", "scikit-learn")
    named = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in libraries)
    wheel = next(Path(__file__).parents[1].glob("dist/*.whl"), None)
    size = f"{wheel.stat().st_size / 1e6:.1f} MB (`make dist`)" if wheel else "see `make dist`"
    return f"""# Benchmarks

Made by `make bench` on {dt.date.today()}: {psutil.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()};
{named}. Medians of {given.runs} runs in seconds; the libraries take turns on the same data, each with its data in its own memory
and all its threads. `benchmarks/README.md` says how; results are compared before they are timed.

{chr(10).join(sections)}
## Start and size

`import footfall` takes {started():.2f} s more than an empty interpreter (numpy is imported when first needed). The wheel: {size}.
"""


if __name__ == "__main__":
    main()
