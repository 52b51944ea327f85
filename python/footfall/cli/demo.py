"""``footfall demo``: what the package does, on real orders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall.datasets import load_cdnow
from footfall.results._text import text_table

if TYPE_CHECKING:
    from footfall.results.table import Table


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("demo", help="score and segment the customers of CDNOW, a music shop")
    command.add_argument("--folder", default="footfall-demo", help="where the charts go (default: %(default)s)")
    command.add_argument("--language", choices=("en", "zh"), default="en")
    command.set_defaults(run=run)


def run(given: Any) -> None:
    """Run the command."""
    orders = load_cdnow()
    rfm = orders.rfm(language=given.language)
    tiers = orders.rfm(segments="tiers", language=given.language)
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
    _heading("Charts")
    charts = {
        "rfm-grid.svg": rfm.plot(),
        "segments.svg": rfm.segments.plot(language=given.language),
        "tiers.svg": tiers.segments.plot(language=given.language),
        "concentration.svg": rfm.concentration.plot(language=given.language),
        "sales.svg": sales.plot(language=given.language),
    }
    folder = Path(given.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in charts.items():
        chart.save(str(folder / name))
        print(folder / name)


def _heading(text: str) -> None:
    print(f"\n{text}\n")


def _show(table: Table, names: list[str]) -> None:
    at = [table.column_names.index(name) for name in names]
    print(text_table(names, [tuple(row[index] for index in at) for row in table.rows()]))
