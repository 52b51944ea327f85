"""The options of a funnel, and what lies around it: visits, paths, retention."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

import footfall as ff
from funnel import DAYS, STEPS
from shop import events as made
from timing import in_turn

GAP = 3_600

OPTIONS = {
    "plain": {},
    'mode="contiguous"': {"mode": "contiguous"},
    'mode="unordered"': {"mode": "unordered"},
    'anchor="first_completion"': {"anchor": "first_completion"},
    'anchor="latest_entry"': {"anchor": "latest_entry"},
    "exclude=[…]": {"exclude": [ff.Exclude("help")]},
    'by="device"': {"by": "device"},
    'by="device", attribution="each"': {"by": "device", "attribution": "each"},
    'same=["product"]': {"same": ["product"]},
    'unit="session", gap="1h"': {"unit": "session", "gap": f"{GAP}s"},
    'unit="attempt"': {"unit": "attempt"},
    'period="week"': {"period": "week"},
}


def log(table: pa.Table, **roles: str) -> ff.Events:
    return ff.Events(table, customer="customer", time="time", event="event", **roles)


def options(table: pa.Table, runs: int) -> str:
    """Seconds of each option, the making of the log included, and on a log that is there."""
    random = np.random.default_rng(2)
    count = table.num_rows
    product = pa.array(random.integers(0, 50, count).astype(np.int32))
    device = pa.DictionaryArray.from_arrays(
        random.integers(0, 3, count).astype(np.int32), pa.array(["web", "app", "mini"])
    )
    table = table.append_column("product", product).append_column("device", device)
    roles = {"product": "product", "device": "device"}
    kept = log(table, **roles)
    window = f"{DAYS}d"
    fresh = {
        name: lambda given=given: log(table, **roles).funnel(STEPS, window=window, **given)
        for name, given in OPTIONS.items()
    }
    again = {name: lambda given=given: kept.funnel(STEPS, window=window, **given) for name, given in OPTIONS.items()}
    times, later = in_turn(fresh, runs), in_turn(again, runs)
    return "\n".join(
        f"| {name} | {times[name]:.2f} | {times[name] / times['plain']:.1f}× | {later[name]:.2f} |" for name in OPTIONS
    )


def sessions_duck(connection: duckdb.DuckDBPyConnection) -> int:
    return (
        connection.sql(f"""
        with parted as (
            select customer, time, event,
                   time - lag(time) over (partition by customer order by time) > interval {GAP} second as begins
            from events),
        numbered as (
            select *, sum(coalesce(begins, false)::int) over (partition by customer order by time
                                                              rows unbounded preceding) as session from parted)
        select customer, session, min(time) a, max(time) b, count(*) n, arg_min(event, time) entry, arg_max(event, time) exit
        from numbered group by customer, session""")
        .to_arrow_table()
        .num_rows
    )


def sessions_polars(frame: pl.DataFrame) -> int:
    gap = pl.duration(seconds=GAP)
    lazy = frame.lazy().sort("customer", "time")
    begins = (pl.col("customer") != pl.col("customer").shift()) | (pl.col("time").diff() > gap)
    lazy = lazy.with_columns(session=begins.fill_null(value=True).cum_sum())
    found = lazy.group_by("session").agg(
        pl.col("customer").first(), pl.col("time").first().alias("a"), pl.col("time").last().alias("b"), pl.len(),
        pl.col("event").first().alias("entry"), pl.col("event").last().alias("exit"),
    )  # fmt: skip
    return found.collect(engine="streaming").height


def paths_duck(connection: duckdb.DuckDBPyConnection) -> int:
    rows = connection.execute(f"""
        with pairs as (
            select event, time, lead(event) over w as next, lead(time) over w as later from events
            window w as (partition by customer order by time))
        select event, case when later - time <= interval {GAP} second then next end as after, count(*)
        from pairs group by all""").fetchall()
    return sum(row[2] for row in rows)


def retention_duck(connection: duckdb.DuckDBPyConnection) -> int:
    rows = connection.execute("""
        with begun as (select customer, date_trunc('week', min(time)) cohort from events group by customer)
        select cohort, datediff('week', cohort, date_trunc('week', time)) age, count(distinct customer)
        from events join begun using (customer) group by all""").fetchall()
    return sum(row[2] for row in rows if row[1] == 0)


def line(name: str, ours: Callable[[], object], peers: dict[str, Callable[[], object]], runs: int) -> str:
    times = in_turn({"footfall": ours, **peers}, runs)
    mine = times.pop("footfall")
    best = min(times, key=times.get)
    others = "; ".join(f"{peer} {seconds:.2f}" for peer, seconds in times.items())
    return f"| {name} | {mine:.2f} | {others} | **{times[best] / mine:.1f}×** {best} |"


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on options, visits and retention."""
    runs = min(runs, 3)
    table = made(rows, rows * 8 // 100)
    frame = pl.from_arrow(table)
    connection = duckdb.connect()
    connection.register("rows_", table)
    connection.execute("create table events as select customer, time, event::varchar as event from rows_")
    connection.execute("create type name as enum (select distinct event from events)")
    connection.execute("alter table events alter event type name")
    gap = f"{GAP}s"
    count = log(table).sessions(gap).num_rows
    assert count == sessions_duck(connection) == sessions_polars(frame)
    lines = [
        line(
            "sessions, one row each",
            lambda: log(table).sessions(gap),
            {"DuckDB": lambda: sessions_duck(connection), "Polars streaming": lambda: sessions_polars(frame)},
            runs,
        ),
        line(
            "paths: transitions (ours: sequences too)",
            lambda: log(table).paths(gap=gap),
            {"DuckDB": lambda: paths_duck(connection)},
            runs,
        ),
        line(
            "retention by week",
            lambda: log(table).retention(period="week"),
            {"DuckDB": lambda: retention_duck(connection)},
            runs,
        ),
    ]
    return f"""## Events: options of a funnel, visits, retention

{rows:,} events as above, dictionary names; the making of the log is included but for the last column. Medians of {runs} runs.

| funnel | seconds | to the plain one | on a log that is there |
| --- | --- | --- | --- |
{options(table, runs)}

| work | footfall | peers | against the fastest |
| --- | --- | --- | --- |
{chr(10).join(lines)}
"""
