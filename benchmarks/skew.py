"""One key with most rows, and Ctrl-C: every analysis on a shop of which 40 % of the rows are one customer's, against an even
one, and how long after a signal the work stops. Our own promises: there is no peer."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable

import numpy as np
import pyarrow as pa

import footfall as ff

STEPS = ["view", "cart", "pay"]
Work = dict[str, Callable[[], object]]


def rows(count: int, share: float) -> pa.Table:
    """Make events and orders in one table; a share of the rows is one customer's."""
    random = np.random.default_rng(1)
    keys = random.integers(1, 1 + count * 8 // 100, count)
    keys[random.random(count) < share] = 0

    def words(values: list[str], weights: list[float]) -> pa.DictionaryArray:
        codes = random.choice(len(values), count, p=weights).astype("int32")
        return pa.DictionaryArray.from_arrays(pa.array(codes), values)

    micros = random.integers(0, 700 * 86_400 * 10**6, count)
    return pa.table({
        "customer": keys, "time": np.datetime64("2023-01-01", "us") + micros.astype("timedelta64[us]"),
        "event": words(["view", "cart", "checkout", "pay", "remove"], [0.4, 0.2, 0.15, 0.15, 0.1]),
        "device": words(["app", "web", "mini"], [0.5, 0.3, 0.2]), "product": random.integers(0, 2000, count),
        "amount": random.integers(100, 10_000, count) / 100, "order_id": random.integers(0, count // 2, count),
    })  # fmt: skip


def analyses(table: pa.Table) -> Work:
    """Every analysis, over logs that are read once."""
    orders = ff.Orders(table, customer="customer", time="time", amount="amount", order_id="order_id", product="product")
    events = ff.Events(
        table, customer="customer", time="time", event="event", device="device", product="product", value="amount"
    )

    def funnel(**options: object) -> Callable[[], object]:
        return lambda: events.funnel(STEPS, window="7d", **options)

    return {
        "Orders": lambda: ff.Orders(table, customer="customer", time="time", amount="amount", order_id="order_id"),
        "Events": lambda: ff.Events(table, customer="customer", time="time", event="event"),
        "quality": lambda: orders.between("2023-02-01", None).quality.customers,
        "rfm": lambda: orders.rfm().native, "rfm, tiers": lambda: orders.rfm(segments="tiers").native,
        "sales": orders.sales, "sales by product": lambda: orders.sales(by="product"),
        "lifetime": lambda: orders.lifetime("90d", model="mbg"),
        "as_events": orders.as_events, "duplicates": orders.duplicates, "funnel": funnel(),
        "funnel, first entry": funnel(anchor="first_entry"), "funnel, latest entry": funnel(anchor="latest_entry"),
        "funnel, unordered": funnel(mode="unordered"), "funnel, contiguous": funnel(mode="contiguous"),
        "funnel by device": funnel(by="device"), "funnel, each": funnel(by="device", attribution="each"),
        "funnel, same product": funnel(same=["product"]), "funnel, attempts": funnel(unit="attempt"),
        "funnel by month": funnel(period="month"), "products": lambda: events.products(["view", "pay"]),
        "abandonment": events.abandonment, "abandonment, removed": lambda: events.abandonment(removed="remove"),
        "sessions": events.sessions, "paths": events.paths, "rhythm": events.rhythm,
        "mix": lambda: events.mix("device", goal="pay"), "precision": lambda: events.precision("view", "cart", "pay"),
        "retention": events.retention, "retention by day": lambda: events.retention(period="day"),
        "concat": lambda: ff.Events.concat([events, events]),
    }  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """The better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def late(work: Callable[[], object], seconds: float) -> float:
    """The longest of three waits from a signal to the exception."""
    worst = 0.0
    for part in (0.2, 0.5, 0.8):
        sent: list[float] = []

        def send(sent: list[float] = sent) -> None:
            sent.append(time.perf_counter())
            os.kill(os.getpid(), signal.SIGINT)

        timer = threading.Timer(seconds * part, send)
        timer.start()
        try:
            work()
            with contextlib.suppress(KeyboardInterrupt):
                timer.join()
                time.sleep(0.05)
        except KeyboardInterrupt:
            worst = max(worst, time.perf_counter() - sent[0])
        timer.join()
    return worst


def section(count: int) -> str:
    """The part of docs/benchmarks.md on skew and interruption."""
    warnings.simplefilter("ignore")
    even, skewed = analyses(rows(count, 0.0)), analyses(rows(count, 0.4))
    lines = [
        f"\n## One key with 40 % of {count:,} rows, and Ctrl-C\n",
        "| work | even, s | skewed, s | ratio | Ctrl-C, s (even) | Ctrl-C, s (skewed) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in even:
        times = [timed(of[name]) for of in (even, skewed)]
        waits = [late(of[name], seconds) for of, seconds in zip((even, skewed), times, strict=True)]
        cells = (f"{times[0]:.3f}", f"{times[1]:.3f}", f"{times[1] / times[0]:.1f}", *(f"{wait:.2f}" for wait in waits))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(section(int(float(sys.argv[1])) if len(sys.argv) > 1 else 5_000_000))
