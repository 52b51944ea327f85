"""A funnel of four steps, in footfall and in its peers; and the speed of the sample shop."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import duckdb
import polars as pl
import pyarrow as pa
from chdb.session import Session

import footfall as ff
from shop import events as made
from timing import in_turn

STEPS = ["view", "cart", "order", "pay"]
DAYS = 7
OTHER_STEPS, OTHER_DAYS = ["home", "view", "cart", "pay"], 2


def log(table: pa.Table) -> ff.Events:
    return ff.Events(table, customer="customer", time="time", event="event")


def windowed(events: ff.Events) -> list[int]:
    return events.funnel(STEPS, window=f"{DAYS}d").to_arrow()["reached"].to_pylist()


def first_entry(events: ff.Events) -> list[int]:
    return events.funnel(STEPS, anchor="first_entry").to_arrow()["reached"].to_pylist()


def other(events: ff.Events) -> list[int]:
    return events.funnel(OTHER_STEPS, window=f"{OTHER_DAYS}d").to_arrow()["reached"].to_pylist()


class ChDb:
    """`windowFunnel` on tables that are loaded, names being LowCardinality."""

    def __init__(self, table: pa.Table) -> None:
        self.session = Session()
        self.arrow = table.set_column(1, "time", table["time"].cast(pa.timestamp("s")).cast(pa.int64()))
        self.session.query("create database if not exists b")
        columns = "customer Int64, time DateTime, event LowCardinality(String)"
        engines = {
            "memory": "Memory",
            "by_time": "MergeTree order by time",
            "by_customer": "MergeTree order by (customer, time)",
        }
        for name, engine in engines.items():
            self.session.query(f"create table b.{name} ({columns}) engine = {engine}")
        arrow = self.arrow  # noqa: F841 - Python(arrow) finds it
        self.session.query("insert into b.memory select customer, toDateTime(time), event from Python(arrow)")
        for name in ("by_time", "by_customer"):
            self.session.query(f"insert into b.{name} select * from b.memory")
            self.session.query(f"optimize table b.{name} final")

    def funnel(self, source: str, steps: list[str] = STEPS, days: int = DAYS) -> list[int]:
        arrow = self.arrow  # noqa: F841 - Python(arrow) finds it
        time = "toDateTime(assumeNotNull(time))" if source == "Python(arrow)" else "time"
        event = "assumeNotNull(event)" if source == "Python(arrow)" else "event"
        conditions = ", ".join(f"{event} = '{step}'" for step in steps)
        names = ", ".join(f"'{step}'" for step in steps)
        done = self.session.query(
            f"""select level, count() from (
                select customer, windowFunnel({days * 86_400})({time}, {conditions}) as level
                from {source} where event in ({names}) group by customer) group by level""",
            "CSV",
        )
        counts = dict(map(int, line.split(",")) for line in str(done).split())
        return [sum(count for level, count in counts.items() if level >= step) for step in range(1, len(steps) + 1)]


def polars(frame: pl.DataFrame, engine: str) -> list[int]:
    """The earliest of each step that is not before the step before."""
    lazy = frame.lazy()
    reached = lazy.filter(pl.col("event") == STEPS[0]).group_by("customer").agg(at=pl.col("time").min())
    counts = [reached.select(pl.len())]
    for step in STEPS[1:]:
        later = lazy.filter(pl.col("event") == step).join(reached, on="customer").filter(pl.col("time") >= pl.col("at"))
        reached = later.group_by("customer").agg(at=pl.col("time").min())
        counts.append(reached.select(pl.len()))
    return [frame.item() for frame in pl.collect_all(counts, engine=engine)]


def polars_grouped(frame: pl.DataFrame, engine: str) -> list[int]:
    """The same in one group-by: a column of times per step, the earliest picked one after the other."""
    lazy = frame.lazy().filter(pl.col("event").is_in(STEPS))
    columns = [pl.when(pl.col("event") == step).then(pl.col("time")).alias(step) for step in STEPS]
    lazy = lazy.select("customer", *columns)
    at, exprs = pl.col(STEPS[0]).min(), []
    for step in STEPS:
        at = pl.col(step).min() if step == STEPS[0] else pl.col(step).filter(pl.col(step) >= at).min()
        exprs.append(at.alias(step))
    done = lazy.group_by("customer").agg(exprs).select(pl.col(STEPS).count()).collect(engine=engine)
    return list(done.row(0))


def duck(connection: duckdb.DuckDBPyConnection) -> list[int]:
    first = f"select customer, min(time) as reached from events where event = '{STEPS[0]}' group by customer"
    # Materialised, so that no step is made again for the next one.
    parts = [f"s1 as materialized ({first})"]
    for number, step in enumerate(STEPS[1:], start=2):
        parts.append(
            f"s{number} as materialized (select customer, min(time) as reached from events join s{number - 1} "
            f"using (customer) where event = '{step}' and time >= s{number - 1}.reached group by customer)"
        )
    counts = ", ".join(f"(select count(*) from s{number + 1})" for number in range(len(STEPS)))
    return list(connection.execute(f"with {', '.join(parts)} select {counts}").fetchall()[0])


def ways_windowed(table: pa.Table, chdb: ChDb) -> dict[str, Callable[[], list[int]]]:
    return {
        "footfall": lambda: windowed(log(table)),
        "chDB Memory": lambda: chdb.funnel("b.memory"),
        "chDB MergeTree by time": lambda: chdb.funnel("b.by_time"),
        "chDB MergeTree by customer": lambda: chdb.funnel("b.by_customer"),
        "chDB on Arrow": lambda: chdb.funnel("Python(arrow)"),
    }


def ways_second(table: pa.Table, chdb: ChDb) -> dict[str, Callable[[], list[int]]]:
    events = log(table)
    return {
        "footfall": lambda: other(events),
        "chDB Memory": lambda: chdb.funnel("b.memory", OTHER_STEPS, OTHER_DAYS),
        "chDB MergeTree by time": lambda: chdb.funnel("b.by_time", OTHER_STEPS, OTHER_DAYS),
        "chDB MergeTree by customer": lambda: chdb.funnel("b.by_customer", OTHER_STEPS, OTHER_DAYS),
    }


def ways_first_entry(rows: pa.Table) -> dict[str, Callable[[], list[int]]]:
    frame = pl.from_arrow(rows)
    connection = duckdb.connect()
    connection.execute("create table events as select customer, time, event::varchar as event from rows")
    connection.execute("create type name as enum (select distinct event from events)")
    connection.execute("alter table events alter event type name")
    return {
        "footfall": lambda: first_entry(log(rows)),
        "Polars joins": lambda: polars(frame, "in-memory"),
        "Polars joins, streaming": lambda: polars(frame, "streaming"),
        "Polars one group-by": lambda: polars_grouped(frame, "in-memory"),
        "Polars one group-by, streaming": lambda: polars_grouped(frame, "streaming"),
        "DuckDB": lambda: duck(connection),
    }


def line(name: str, ways: dict[str, Callable[[], list[int]]], runs: int) -> str:
    """All give the same counts; then each is timed."""
    counts = {way: run() for way, run in ways.items()}
    assert len({tuple(count) for count in counts.values()}) == 1, counts
    times = in_turn(ways, runs)
    ours = times.pop("footfall")
    best = min(times, key=times.get)
    others = "; ".join(f"{peer} {seconds:.3f}" for peer, seconds in times.items())
    return f"| {name} | {ours:.3f} | {others} | **{times[best] / ours:.1f}×** {best} |"


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on funnels."""
    customers = rows * 8 // 100
    table = made(rows, customers)
    plain = table.set_column(2, "event", table["event"].cast(pa.string()))
    chdb = ChDb(table)
    lines = [
        line("7 days, grouping included, dictionary names", ways_windowed(table, chdb), runs),
        line("7 days, grouping included, plain string names", ways_windowed(plain, chdb), runs),
        line("no window, first entry, grouping included", ways_first_entry(table), runs),
        line("a second funnel on the same log, other steps, 2 days", ways_second(table, chdb), runs),
    ]
    return f"""## Funnel: four steps

{rows:,} events of {customers:,} customers in the order of time, three quarters of them of the four steps; int64 keys. chDB runs
`windowFunnel` with a filter on the names, on tables that are loaded (LowCardinality names, DateTime; the MergeTree
tables are merged, and "by customer" is sorted by customer and time beforehand) and on the Arrow table. Polars and DuckDB chain
the earliest of each step that is not before the step before.

| work | footfall | peers | against the fastest |
| --- | --- | --- | --- |
{chr(10).join(lines)}
"""


def shop_section(runs: int) -> str:
    """The part on the sample shop."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        shop = ff.datasets.make_shop(240_000, seed=1)
        times.append(time.perf_counter() - start)
    return f"""## The sample shop

`ff.datasets.make_shop(240_000)` makes {shop.events.num_rows:,} events and {shop.orders.num_rows:,} order lines in {statistics.median(times):.1f} s.
"""
