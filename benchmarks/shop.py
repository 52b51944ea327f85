"""The data: orders and events of a shop in which few customers come often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).with_name("data")
LINES = 3


def orders(rows: int, customers: int) -> pa.Table:
    """Rows as orders, and as lines of orders of three; integer and string keys."""
    path = FOLDER / f"orders-{rows}-{customers}.parquet"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        pq.write_table(_made(rows, customers), path)
    return pq.read_table(path).combine_chunks()


def _made(rows: int, customers: int) -> pa.Table:
    random = np.random.default_rng(7)
    # A gamma rate for each customer, as in the NBD model of purchases.
    rate = random.gamma(0.6, 1.0, customers) + 0.02
    key = random.choice(customers, size=rows, p=rate / rate.sum()).astype(np.int64) * 7_919 + 10_000_000
    time = random.integers(1_640_995_200, 1_719_705_600, rows) * 10**6
    amount = np.round(random.lognormal(3.3, 0.9, rows), 2)
    order = np.arange(rows) // LINES
    return pa.table(
        {
            "customer": key,
            "name": pa.array([f"customer-{value}" for value in key.tolist()]),
            "time": pa.array(time, pa.timestamp("us")),
            "amount": amount,
            # Three lines that follow each other are one order of one customer.
            "line_customer": key[order * LINES],
            "line_time": pa.array(time[order * LINES], pa.timestamp("us")),
            "order_id": order,
        }
    )


NAMES = {
    "view": 0.45,
    "cart": 0.15,
    "order": 0.08,
    "pay": 0.07,
    "home": 0.1,
    "search": 0.08,
    "click": 0.05,
    "help": 0.02,
}


def events(rows: int, customers: int) -> pa.Table:
    """Events over 90 days, to the second, in the order of time; the first four names are three quarters of them."""
    path = FOLDER / f"events-{rows}-{customers}.parquet"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        random = np.random.default_rng(8)
        rate = random.gamma(0.6, 1.0, customers) + 0.02
        key = random.choice(customers, size=rows, p=rate / rate.sum()).astype(np.int64) * 7_919 + 10_000_000
        time = np.sort(random.integers(1_704_067_200, 1_704_067_200 + 90 * 86_400, rows)) * 10**6
        code = random.choice(len(NAMES), size=rows, p=list(NAMES.values())).astype(np.int32)
        names = pa.DictionaryArray.from_arrays(code, pa.array(list(NAMES)))
        table = pa.table({"customer": key, "time": pa.array(time, pa.timestamp("us")), "event": names})
        pq.write_table(table, path)
    return pq.read_table(path).combine_chunks()
