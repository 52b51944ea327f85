"""The whole shop: read from Parquet and diagnosed in a process of its own, with the time of each part of the work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FOLDER = Path(__file__).with_name("data")

CHILD = """
import json, resource, sys, time
import footfall as ff
from footfall.findings import ask, registry
folder = sys.argv[1]
took = {}
begin = time.perf_counter()

def timed(name, make):
    start = time.perf_counter()
    made = make()
    took[name] = took.get(name, 0.0) + time.perf_counter() - start
    return made

person = {name: name for name in ("registered", "age", "gender", "region", "channel", "level", "points")}
visit = {name: name for name in ("session", "product", "value", "device", "source", "keyword", "shipping_fee")}
line = {name: name for name in (
    "order_id", "product", "category", "quantity", "status", "refund_of", "payment", "coupon", "margin")}
import pyarrow.parquet
people = pyarrow.parquet.read_metadata(f"{folder}/customers.parquet")
customers = timed("read customers", lambda: ff.Customers(f"{folder}/customers.parquet", customer="customer",
    city="city_tier", **person))
events = timed("read events", lambda: ff.Events(f"{folder}/events.parquet", customer="customer", time="time",
    event="event", **visit))
orders = timed("read orders", lambda: ff.Orders(f"{folder}/orders.parquet", customer="customer", time="time",
    amount="amount", delivery="delivery_days", shipping="shipping_fee", cancelled=["cancelled"], **line))
shop = timed("join", lambda: ff.Shop(customers=customers, events=events, orders=orders,
    spend=ff.Spend(f"{folder}/spend.parquet", time="time", amount="amount", channel="channel", segment="segment"),
    after_sales=ff.AfterSales(f"{folder}/after_sales.parquet", customer="customer", time="time", kind="kind",
        order_id="order_id", rating="rating"),
    recommendations=("show", "click")))
ask.load()
for name, rule in list(registry.RULES.items()):
    def function(shop, rule=rule, name=name):
        return timed(name, lambda: rule.function(shop))
    registry.RULES[name] = registry.RuleOf(name, rule.section, rule.needs, rule.rate, function)
start = time.perf_counter()
if sys.argv[2] == "report":
    page = shop.report(f"{folder}/report.html")
    size = page.stat().st_size / 2**20
else:
    size = len(shop.diagnose().all)
end = time.perf_counter()
print(json.dumps({"work": end - start, "whole": end - begin, "size": size,
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, "took": took,
    "rows": [people.num_rows, events.quality.rows_read, orders.quality.rows_read]}))
"""


def files(customers: int, events: int, orders: int) -> Path:
    """Write a shop: visits of some sample customers, and the orders of several sample shops upon the same customers."""
    folder = FOLDER / f"shop-{customers}-{events}-{orders}"
    if (folder / "done").exists():
        return folder
    import footfall as ff

    folder.mkdir(parents=True, exist_ok=True)
    first = ff.datasets.make_shop(customers, 1)
    for name in ("customers", "spend", "after_sales"):
        pq.write_table(pa.table(getattr(first, name)), folder / f"{name}.parquet")
    seen = pa.table(first.events)
    # Whole sessions, so that what is left is what a shop has of fewer visits.
    part = min(events / seen.num_rows, 1.0)
    kept = pc.less(
        pc.bit_wise_and(pc.multiply(seen["session"].cast(pa.int64()), 2_654_435_761), 0xFFFF), part * 0x10000
    )
    pq.write_table(seen.filter(kept), folder / "events.parquet")
    del seen
    lines, shift = [pa.table(first.orders)], 0
    while sum(table.num_rows for table in lines) < orders:
        shift += 1
        more = pa.table(ff.datasets.make_shop(customers, 1 + shift).orders)
        for name in ("order_id", "refund_of"):
            more = more.set_column(more.column_names.index(name), name, pc.add(more[name], shift * 10**10))
        lines.append(more)
    pq.write_table(pa.concat_tables(lines).slice(0, orders), folder / "orders.parquet")
    (folder / "done").touch()
    return folder


def _run(folder: Path, what: str) -> dict:
    ran = subprocess.run([sys.executable, "-c", CHILD, str(folder), what], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def section(customers: int = 10**6, events: int = 10**7, orders: int = 5 * 10**6) -> str:
    """Return the times as a section of the report."""
    sizes = [str(customers), str(events), str(orders)]
    # In a process of its own, since a child starts with the peak of its parent.
    subprocess.run([sys.executable, __file__, "make", *sizes], check=True)
    folder = files(customers, events, orders)
    found, report = (_run(folder, what) for what in ("diagnose", "report"))
    rows = [
        "## The whole shop",
        "",
        f"{found['rows'][0]:,} customers, {found['rows'][1]:,} events, {found['rows'][2]:,} order lines: `diagnose()` "
        f"{found['work']:.1f} s, with reading {found['whole']:.1f} s, peak {found['peak']:.2f} GiB, {found['size']} findings; "
        f"`report()`, which diagnoses too, {report['work']:.1f} s, with reading {report['whole']:.1f} s, peak "
        f"{report['peak']:.2f} GiB, a page of {report['size']:.1f} MiB. The orders of several sample shops stand on the same customers; reading is that of "
        "Parquet files, in the same process.",
        "",
        "| part | seconds |",
        "| --- | --- |",
    ]
    rows += [f"| {name} | {seconds:.2f} |" for name, seconds in found["took"].items()]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    made = sys.argv[1:2] == ["make"]
    sizes = [int(one) for one in sys.argv[1 + made :]]
    if made:
        files(*sizes)
    else:
        print(section(*sizes))
