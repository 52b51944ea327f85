"""Retention and repurchase of buyers, and pairs of products in one order."""

from __future__ import annotations

import warnings

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import rusket

import footfall as ff
from journeys import line
from shop import orders as made

LEAST = 20


def log(table: pa.Table) -> ff.Orders:
    return ff.Orders(table, customer="customer", time="time", amount="amount")


def retention_ours(table: pa.Table) -> tuple[int, int]:
    rows = log(table).retention("month").rows()
    return sum(row[3] or 0 for row in rows), sum(row[7] or 0 for row in rows)


def retention_duck(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    rows = connection.execute("""
        with begun as (select customer, date_trunc('month', min(time)) cohort from orders group by customer),
        dated as (select customer, cohort, datediff('month', cohort, time) age, amount from orders join begun using (customer)),
        by_customer as (select cohort, age, customer, count(*) n, sum(amount) m from dated group by all)
        select cohort, age, count(*), sum(n), sum(m) from by_customer group by all""").fetchall()
    return sum(row[2] for row in rows), int(sum(row[3] for row in rows))


def retention_polars(frame: pl.DataFrame) -> tuple[int, int]:
    month = pl.col("time").dt.year().cast(pl.Int32) * 12 + pl.col("time").dt.month()
    lazy = frame.lazy().with_columns(month=month)
    by_customer = lazy.group_by("customer", "month").agg(n=pl.len(), m=pl.col("amount").sum())
    first = lazy.group_by("customer").agg(cohort=pl.col("month").min())
    rows = by_customer.join(first, on="customer").group_by("cohort", pl.col("month") - pl.col("cohort")).agg(
        pl.len().alias("customers"), pl.col("n").sum(), pl.col("m").sum()
    ).collect(engine="streaming")  # fmt: skip
    return int(rows["customers"].sum()), int(rows["n"].sum())


def repurchase_ours(table: pa.Table) -> int:
    found = log(table).repurchase()
    return sum(row[2] for row in found.rows() if row[1] == 30)


def repurchase_duck(connection: duckdb.DuckDBPyConnection) -> int:
    rows = connection.execute("""
        with numbered as (select customer, row_number() over w n,
                                 datediff('day', time, lead(time) over w) gap, time
                          from orders window w as (partition by customer order by time))
        select least(n, 6) number, gap, case when gap is null then datediff('day', time, (select max(time) from orders)) end waits,
               count(*) from numbered group by all""").fetchall()
    return sum(row[3] for row in rows if row[0] <= 5)


def repurchase_polars(frame: pl.DataFrame) -> int:
    last = frame["time"].max()
    day = pl.col("time").dt.truncate("1d")
    lazy = frame.lazy().sort("customer", "time").with_columns(
        n=pl.int_range(pl.len()).over("customer", mapping_strategy="group_to_rows") + 1,
        gap=(day.shift(-1).over("customer") - day).dt.total_days(), waits=(pl.lit(last).dt.truncate("1d") - day).dt.total_days(),
    )  # fmt: skip
    waits = pl.when(pl.col("gap").is_null()).then(pl.col("waits"))
    rows = (
        lazy.group_by(pl.min_horizontal("n", 6).alias("n"), "gap", waits=waits)
        .agg(count=pl.len())
        .collect(engine="streaming")
    )
    return int(rows.filter(pl.col("n") <= 5)["count"].sum())


def lines_of(orders: int) -> pa.Table:
    """Orders of some three products of 2,000, the popular ones more often."""
    random = np.random.default_rng(3)
    sizes = random.integers(1, 6, orders)
    number = np.repeat(np.arange(orders), sizes)
    weights = 1 / np.arange(1, 2001)
    product = random.choice(2000, len(number), p=weights / weights.sum()).astype(np.int32)
    customer = random.integers(0, orders // 4, orders)[number]
    return pa.table({
        "customer": customer, "time": pa.array(1_700_000_000_000_000 + number, pa.timestamp("us")),
        "amount": random.integers(100, 9000, len(number)) / 100, "order_id": number, "product": product,
    })  # fmt: skip


def baskets_ours(table: pa.Table) -> int:
    orders = ff.Orders(table, customer="customer", time="time", amount="amount", order_id="order_id", product="product")
    return orders.baskets(min_support=LEAST).num_rows


def baskets_duck(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute(f"""
        with items as (select distinct order_id, product from lines),
        often as (select product, count(*) n from items group by product having n >= {LEAST}),
        kept as (select order_id, product from items join often using (product)),
        pairs as (select a.product p, b.product q, count(*) n from kept a join kept b
                  on a.order_id = b.order_id and a.product < b.product group by all having n >= {LEAST})
        select count(*) from pairs join often x on x.product = p join often y on y.product = q""").fetchone()[0]


def baskets_polars(frame: pl.DataFrame) -> int:
    items = frame.lazy().select("order_id", "product").unique()
    often = items.group_by("product").agg(n=pl.len()).filter(pl.col("n") >= LEAST)
    kept = items.join(often, on="product", how="semi")
    pairs = kept.join(kept, on="order_id").filter(pl.col("product") < pl.col("product_right"))
    counted = pairs.group_by("product", "product_right").agg(n=pl.len()).filter(pl.col("n") >= LEAST)
    return counted.collect(engine="streaming").height


def baskets_rusket(frame: pl.DataFrame, orders: int) -> int:
    """Its counting of pairs; it gives no lift."""
    baskets = rusket.from_transactions(frame.select("order_id", "product"), "order_id", "product")
    found = rusket.eclat(baskets, min_support=LEAST / orders, max_len=2)
    return sum(len(items) == 2 for items in found["itemsets"])


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on who comes back and what is bought together."""
    warnings.simplefilter("ignore")
    runs = min(runs, 3)
    table = made(rows, rows * 8 // 100).select(["customer", "time", "amount"])
    frame = pl.from_arrow(table)
    lines = lines_of(rows // 10)
    line_frame = pl.from_arrow(lines)
    connection = duckdb.connect()
    for name, source in (("orders", table), ("lines", lines)):
        connection.register("rows_", source)
        connection.execute(f"create table {name} as select * from rows_")
    # The last month is not over, and ours leaves it out.
    assert retention_duck(connection) == retention_polars(frame)
    assert retention_ours(table)[0] <= retention_duck(connection)[0]
    assert repurchase_ours(table) == repurchase_duck(connection) == repurchase_polars(frame)
    assert baskets_ours(lines) == baskets_duck(connection) == baskets_polars(line_frame)
    assert baskets_rusket(line_frame, rows // 10) == baskets_ours(lines)
    made_lines = [
        line(
            "retention by month, customers, orders and money", lambda: retention_ours(table),
            {"DuckDB": lambda: retention_duck(connection), "Polars streaming": lambda: retention_polars(frame)}, runs,
        ),
        line(
            "repurchase (peers: days to the next order by order number alone)", lambda: repurchase_ours(table),
            {"DuckDB": lambda: repurchase_duck(connection), "Polars streaming": lambda: repurchase_polars(frame)}, runs,
        ),
        line(
            f"pairs in {rows // 10:,} orders of 2,000 products", lambda: baskets_ours(lines),
            {"DuckDB": lambda: baskets_duck(connection), "Polars streaming": lambda: baskets_polars(line_frame), "rusket": lambda: baskets_rusket(line_frame, rows // 10)}, runs,
        ),
    ]  # fmt: skip
    return f"""## Orders: who comes back, what is bought together

{rows:,} orders as above; the making of the log is included. Medians of {runs} runs.

| work | footfall | peers | against the fastest |
| --- | --- | --- | --- |
{chr(10).join(made_lines)}
"""
