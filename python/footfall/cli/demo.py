"""``footfall demo``: what the package does, on a shop that is made up and known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from footfall.core.text import text_table
from footfall.data.events import Events
from footfall.data.orders import Orders
from footfall.data.shop import Shop
from footfall.datasets import make_shop

if TYPE_CHECKING:
    from footfall.table import Table


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("demo", help="analyse a sample shop: segments, sales, the funnel, and its reports")
    command.add_argument("--folder", default="footfall-demo", help="where the charts go (default: %(default)s)")
    command.add_argument("--language", choices=("en", "zh"), default="en")
    command.add_argument("--customers", type=int, default=20_000, help="how many register (default: %(default)s)")
    command.add_argument("--seed", type=int, default=0)
    command.set_defaults(run=run)


def run(given: Any) -> None:
    """Run the command."""
    shop = make_shop(given.customers, given.seed)
    orders = Orders(
        shop.orders, customer="customer", time="time", amount="amount", order_id="order_id", product="product",
        category="category", quantity="quantity", status="status", cancelled=["cancelled"], refund_of="refund_of",
    )  # fmt: skip
    events = Events(shop.events, customer="customer", time="time", event="event", value="value", device="device")
    charts = _value(orders, given.language) | _conversion(events)
    _heading("Charts")
    folder = Path(given.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in charts.items():
        chart.save(str(folder / name))
        print(folder / name)
    _heading("Reports of the whole shop")
    whole = Shop.sample(given.customers, given.seed)
    print(whole.report(folder / "report-en.html"))
    print(whole.report(folder / "report-zh.html", language="zh"))


def _value(orders: Orders, language: Literal["en", "zh"]) -> dict[str, Any]:
    rfm = orders.rfm(language=language)
    tiers = orders.rfm(segments="tiers", language=language)
    sales = orders.sales("quarter")
    _heading("What was read")
    print("\n".join(orders.quality.lines()))
    _heading("Sales by quarter, and what drove the change")
    _show(sales, ["period", "sales", "buyers", "orders", "sales_per_buyer", "change", "change_buyers",
                  "change_orders_per_buyer", "change_amount_per_order"])  # fmt: skip
    _heading(f"Segments on recency and frequency, as of {rfm.as_of}")
    _show(rfm.segments, ["segment_name", "customers", "share", "revenue", "revenue_share", "recency_median",
                         "frequency_median", "monetary_median"])  # fmt: skip
    _heading(f"Tiers by value; lost after {tiers.lost_after:g} days without an order")
    _show(tiers.segments, ["segment_name", "customers", "share", "revenue", "revenue_share"])
    gini, top = rfm.concentration.gini, rfm.concentration.top_20
    print(f"\nGini {gini:.3f}; the best 20 % of the customers bring {top:.1%} of the revenue")
    return {
        "rfm-grid.svg": rfm.plot(),
        "segments.svg": rfm.segments.plot(language=language),
        "tiers.svg": tiers.segments.plot(language=language),
        "concentration.svg": rfm.concentration.plot(language=language),
        "sales.svg": sales.plot(language=language),
    }


def _conversion(events: Events) -> dict[str, Any]:
    steps = ["view", "cart", "order", "pay"]
    funnel = events.funnel(steps, window="7d")
    _heading("From view to payment within 7 days")
    _show(funnel, ["step", "name", "reached", "lost", "step_rate", "step_low", "step_high", "overall_rate",
                   "time_median"])  # fmt: skip
    weak = funnel.weakest()
    print(f"\nWeakest: {weak.name}, done by {weak.rate:.1%} of those before it ({weak.low:.1%} to {weak.high:.1%})")
    return {"funnel.svg": funnel.plot()}


def _heading(text: str) -> None:
    print(f"\n{text}\n")


def _show(table: Table, names: list[str]) -> None:
    at = [table.column_names.index(name) for name in names]
    print(text_table(names, [tuple(row[index] for index in at) for row in table.rows()]))
