"""From a CSV file to customers: reading and grouping, the whole job of a first look."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.csv

import footfall as ff
from shop import orders
from timing import in_turn

COLUMNS = ["customer", "time", "amount", "order_id"]


def write(rows: pa.Table, folder: Path) -> Path:
    """Write orders as a shop has them: with an order number, and columns that no one asks for."""
    count = rows.num_rows
    numbers = pa.array(range(10**9, 10**9 + count), pa.int64())
    frame = pl.from_arrow(rows.select(["customer", "time", "amount"])).with_columns(
        order_id=pl.from_arrow(numbers), note=pl.lit("left at the door"), product=pl.int_range(pl.len()) % 2000
    )
    path = folder / "orders.csv"
    frame.write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")
    return path


def footfall(path: Path) -> ff.results.RFM:
    """Read the file into orders, and summarise the customers."""
    orders = ff.Orders(path, customer="customer", time="time", amount="amount", order_id="order_id")
    return orders.rfm(segments=None)


def summary(frame: pl.DataFrame | pl.LazyFrame):
    return frame.group_by("customer").agg(
        pl.col("time").max().alias("last"), pl.col("order_id").n_unique().alias("orders"), pl.col("amount").sum()
    )


def polars_eager(path: Path) -> pl.DataFrame:
    """Use `read_csv` and its group-by."""
    return summary(pl.read_csv(path, columns=COLUMNS, try_parse_dates=True))


def polars_streaming(path: Path) -> pl.DataFrame:
    """Use `scan_csv` and the streaming engine."""
    return summary(pl.scan_csv(path, try_parse_dates=True)).collect(engine="streaming")


def duck(path: Path) -> pa.Table:
    """Use `read_csv` and its group-by."""
    query = (
        "select customer, max(time) as last, count(distinct order_id) as orders, sum(amount) as amount "
        f"from read_csv('{path}') group by customer"
    )
    with duckdb.connect() as connection:
        return connection.sql(query).to_arrow_table()


def check(path: Path) -> None:
    """All find the same customers with the same orders."""
    ours = footfall(path).to_polars().select("customer", "frequency").sort("customer").rows()
    theirs = polars_eager(path).select("customer", "orders").sort("customer").rows()
    streamed = polars_streaming(path).select("customer", "orders").sort("customer").rows()
    ducks = pl.from_arrow(duck(path)).select("customer", "orders").sort("customer").rows()
    assert ours == theirs == streamed == ducks


def ways(path: Path) -> dict:
    return {
        "footfall": lambda: footfall(path).native,
        "Polars read_csv": lambda: polars_eager(path),
        "Polars streaming": lambda: polars_streaming(path),
        "DuckDB": lambda: duck(path),
    }


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on files."""
    table = orders(rows, rows * 8 // 100)
    with tempfile.TemporaryDirectory() as folder:
        path = write(table, Path(folder))
        check(path)
        times, size = in_turn(ways(path), runs), path.stat().st_size
    peers = {name: seconds for name, seconds in times.items() if name != "footfall"}
    best = min(peers, key=peers.get)
    cells = " | ".join(f"{seconds:.2f}" for seconds in times.values())
    return f"""## From a CSV file to customers

{rows:,} rows of {rows * 8 // 100:,} customers, {size / 1e6:,.0f} MB in six columns, of which four are read: `ff.Orders(path, …)` and
`rfm(segments=None)` against reading and a group-by with the last time, distinct orders and money of each customer. The file is in the
cache of the system; footfall reads names as text, and finds that they are whole numbers.

| footfall | {" | ".join(peers)} | against the fastest peer |
| --- |{" --- |" * len(peers)} --- |
| {cells} | **{peers[best] / times["footfall"]:.1f}×** {best} |
"""
