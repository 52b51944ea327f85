"""The same RFM on rows of other shapes, asked again, and on one thread."""

from __future__ import annotations

import datetime as dt
import warnings

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

import footfall as ff
import rfm
from shop import orders
from timing import in_turn


def shapes(rows: int) -> dict[str, pa.Table]:
    """One table per shape; times and amounts are the same."""
    table = orders(rows, rows * 8 // 100).select(["customer", "time", "amount"])
    random = np.random.default_rng(1)

    def keyed(keys: np.ndarray) -> pa.Table:
        return table.set_column(0, "customer", pa.array(keys.astype(np.int64)))

    by_customer = np.argsort(table["customer"].to_numpy(), kind="stable")
    return {
        f"{rows // 25 * 2:,} customers, random order": table,
        "sorted by customer": table.take(pa.array(by_customer)).combine_chunks(),
        "each row its own customer": keyed(random.permutation(rows)),
        "1,000 customers": keyed(random.integers(0, 1000, rows)),
        "40 % of the rows on one customer": keyed(np.where(random.random(rows) < 0.4, 1, table["customer"].to_numpy())),
        "one customer": keyed(np.zeros(rows)),
    }


def line(name: str, table: pa.Table, runs: int) -> str:
    frame = pl.from_arrow(table)
    with duckdb.connect() as connection, warnings.catch_warnings():
        # So many are tied that some scores stay empty: that is what these shapes are.
        warnings.simplefilter("ignore", ff.FootfallWarning)
        connection.register("rows_", table)
        connection.execute("create table orders as select * from rows_")
        ways = {
            "footfall": lambda: rfm.footfall(table, None),
            "Polars in-memory": lambda: rfm.polars_memory(frame, None),
            "Polars streaming": lambda: rfm.polars_streaming(frame, None),
            "DuckDB": lambda: rfm.duck(connection, None),
        }
        rfm.check(ways)
        times = in_turn(ways, runs)
    ours = times.pop("footfall")
    best = min(times, key=times.get)
    others = " | ".join(f"{seconds:.2f}" for seconds in times.values())
    return f"| {name} | {ours:.2f} | {others} | **{times[best] / ours:.1f}×** {best} |"


def again(rows: int, runs: int) -> tuple[float, float]:
    """Seconds of the first analysis, the making of the log included, and of another one on the same log."""
    table = orders(rows, rows * 8 // 100).select(["customer", "time", "amount"])
    log = ff.Orders(table, customer="customer", time="time", amount="amount")
    other = rfm.AS_OF - dt.timedelta(days=7)
    times = in_turn({"first": lambda: rfm.footfall(table, None), "again": lambda: log.rfm(other)[rfm.COLUMNS]}, runs)
    return times["first"], times["again"]


def on_threads(rows: int, runs: int) -> list[float]:
    """Seconds on one thread and on two."""
    table = orders(rows, rows * 8 // 100).select(["customer", "time", "amount"])
    times = []
    for threads in (1, 2):
        ff.options.threads = threads
        times.append(in_turn({"footfall": lambda: rfm.footfall(table, None)}, runs)["footfall"])
    ff.options.threads = None
    return times


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on shapes."""
    lines = [line(name, table, runs) for name, table in shapes(rows).items()]
    first, repeated = again(rows, runs)
    one, two = on_threads(rows, runs)
    return f"""## RFM: other shapes, int64 keys

{rows:,} rows.

| rows | footfall | Polars in-memory | Polars streaming | DuckDB | against the fastest peer |
| --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

On one thread {one:.2f} s, on two {two:.2f} s: {one / two:.1f}×. The first analysis with the making of the log {first:.2f} s, another date on
the same log {repeated:.2f} s: {first / repeated:.1f}×.
"""
