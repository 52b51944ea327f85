"""RFM, scored by min-rank and named on the grid, in footfall and in its peers."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

import footfall as ff

AS_OF = dt.date(2024, 6, 29)
GRID = [
    ("champions", 5, 5, 4, 5), ("loyal", 3, 4, 4, 5), ("potential_loyalists", 4, 5, 2, 3), ("new", 5, 5, 1, 1),
    ("promising", 4, 4, 1, 1), ("need_attention", 3, 3, 3, 3), ("about_to_sleep", 3, 3, 1, 2), ("at_risk", 1, 2, 3, 4),
    ("cant_lose", 1, 2, 5, 5), ("hibernating", 1, 2, 1, 2),
]  # fmt: skip
# What is asked of each library; footfall makes other columns when they are asked for.
COLUMNS = ["customer", "first_order", "last_order", "frequency", "monetary", "recency_days", "r", "f", "m", "segment"]


def footfall(table: pa.Table, order_id: str | None) -> object:
    orders = ff.Orders(table, customer="customer", time="time", amount="amount", order_id=order_id)
    return orders.rfm(AS_OF)[COLUMNS]


def _polars(lazy: pl.LazyFrame, order_id: str | None) -> pl.LazyFrame:
    if order_id is not None:
        lazy = lazy.group_by("customer", order_id).agg(pl.col("amount").sum(), pl.col("time").min())
    r, f, m = pl.col("recency_days"), pl.col("frequency"), pl.col("monetary")
    days = (pl.lit(AS_OF) - pl.col("last_order").dt.date()).dt.total_days()
    grid = pl.lit(None, pl.String)
    for code, r1, r2, f1, f2 in GRID:
        grid = (
            pl.when(pl.col("r").is_between(r1, r2) & pl.col("f").is_between(f1, f2)).then(pl.lit(code)).otherwise(grid)
        )

    def score(column: pl.Expr, *, falling: bool = False) -> pl.Expr:
        return 1 + 5 * (column.rank("min", descending=falling).cast(pl.Int64) - 1) // pl.len()

    return (
        lazy.group_by("customer")
        .agg(pl.col("time").min().alias("first_order"), pl.col("time").max().alias("last_order"),
             pl.len().cast(pl.Int64).alias("frequency"), pl.col("amount").sum().alias("monetary"))
        .with_columns(days.alias("recency_days"))
        .with_columns(score(r, falling=True).alias("r"), score(f).alias("f"), score(m).alias("m"))
        .with_columns(grid.alias("segment"))
        .sort("customer")
    )  # fmt: skip


def polars_memory(frame: pl.DataFrame, order_id: str | None) -> pl.DataFrame:
    return _polars(frame.lazy(), order_id).collect(engine="in-memory")


def polars_streaming(frame: pl.DataFrame, order_id: str | None) -> pl.DataFrame:
    return _polars(frame.lazy(), order_id).collect(engine="streaming")


def duck(connection: duckdb.DuckDBPyConnection, order_id: str | None) -> pa.Table:
    rows = "orders"
    if order_id is not None:
        rows = f"(select customer, sum(amount) amount, min(time) as time from orders group by customer, {order_id})"
    cases = " ".join(f"when r between {a} and {b} and f between {c} and {d} then '{code}'" for code, a, b, c, d in GRID)
    return connection.sql(f"""
        with summary as (
            select customer, min(time) first_order, max(time) last_order, count(*) frequency, sum(amount) monetary,
                   date '{AS_OF}' - max(time)::date recency_days
            from {rows} group by customer),
        scored as (
            select *, 1 + 5 * (rank() over (order by recency_days desc) - 1) // count(*) over () r,
                   1 + 5 * (rank() over (order by frequency) - 1) // count(*) over () f,
                   1 + 5 * (rank() over (order by monetary) - 1) // count(*) over () m
            from summary)
        select *, case {cases} end segment from scored order by customer""").to_arrow_table()


def pandas(frame: pd.DataFrame, order_id: str | None) -> pd.DataFrame:
    if order_id is not None:
        grouped = frame.groupby(["customer", order_id], sort=False)
        frame = grouped.agg(amount=("amount", "sum"), time=("time", "min")).reset_index()
    grouped = frame.groupby("customer", sort=True)
    table = grouped.agg(
        first_order=("time", "min"),
        last_order=("time", "max"),
        frequency=("amount", "size"),
        monetary=("amount", "sum"),
    )
    table["recency_days"] = (pd.Timestamp(AS_OF) - table["last_order"].dt.normalize()).dt.days
    for name, column, rising in (("r", "recency_days", False), ("f", "frequency", True), ("m", "monetary", True)):
        table[name] = 1 + 5 * (table[column].rank(method="min", ascending=rising).astype("int64") - 1) // len(table)
    inside = [table["r"].between(a, b) & table["f"].between(c, d) for _, a, b, c, d in GRID]
    table["segment"] = np.select(inside, [code for code, *_ in GRID], default="")
    return table.reset_index()


def read_once(table: pa.Table) -> object:
    """The floor: every byte of the three columns, read by vectorised kernels of PyArrow (one thread)."""
    keys = table["customer"]
    keys = pc.sum(keys) if pa.types.is_integer(keys.type) else pc.sum(pc.binary_length(keys))
    return keys, pc.min_max(table["time"]), pc.sum(table["amount"])


def check(ways: dict[str, object]) -> None:
    """All libraries give the same customers, counts, recency scores and frequency scores; money to the cent."""
    ours = pl.DataFrame(ways["footfall"]())
    for name in ways.keys() - {"footfall", "reading the columns once"}:
        theirs = ways[name]()
        theirs = pl.from_pandas(theirs) if name == "pandas" else pl.DataFrame(theirs)
        for column in ("customer", "recency_days", "frequency", "r", "f"):
            assert ours[column].cast(pl.String).equals(theirs[column].cast(pl.String), check_names=False), (
                name,
                column,
            )
        # Floats that are added one by one lose more digits, the more there are.
        assert ((ours["monetary"] - theirs["monetary"]).abs() <= 1e-6 + 1e-9 * ours["monetary"]).all(), name
        assert (ours["segment"].cast(pl.String) == theirs["segment"]).all(), name
        # The last bits of a sum of floats depend on the order of addition; ours do not.
        assert (ours["m"] != theirs["m"]).sum() <= len(ours) // 10_000, name
