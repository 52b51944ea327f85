"""``footfall sales``, ``retention`` and ``repurchase``: what the orders of a file tell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from footfall.cli._files import EMPTY, add_language, add_reading, check_output, print_table, reading, write
from footfall.data.orders import Orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from footfall.table import Table

_ROLES = ("customer", "time", "amount", "price", "quantity", "order_id", "status", "refund_of")
_SALES = ("period", "sales", "buyers", "new_buyers", "orders", "sales_per_buyer", "sales_per_order", "growth")
_ROWS = 24


def _sales(orders: Orders, period: Any) -> Table:
    return orders.sales(period)


def _retention(orders: Orders, period: Any) -> Table:
    return orders.retention(period)


def _repurchase(orders: Orders, period: Any) -> Table:
    return orders.repurchase(period=period).periods


_COMMANDS: dict[str, tuple[str, Callable[[Orders, Any], Table], tuple[str, ...]]] = {
    "sales": ("sales by calendar period, and what drove them", _sales, _SALES),
    "retention": ("who is still there, by period after the first order", _retention, ()),
    "repurchase": ("who buys again, by calendar period", _repurchase, ()),
}


def add(commands: Any) -> None:
    """Add the commands."""
    for name, (help_text, make, columns) in _COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        add_reading(command)
        for role in _ROLES:
            command.add_argument(f"--{role.replace('_', '-')}", metavar="COLUMN")
        command.add_argument(
            "--cancelled", action="append", default=[], metavar="VALUE", help="a status that is no order"
        )
        command.add_argument("--period", choices=("week", "month", "quarter", "year"), default="month")
        add_language(command)
        command.add_argument("-o", "--output", metavar="FILE", help="where the table goes: .parquet or .csv")
        command.set_defaults(run=run, make=make, columns=columns)


def run(given: Any) -> int:
    """Run a command."""
    check_output(given.output)
    orders = Orders(given.file, **reading(given, _ROLES), cancelled=given.cancelled)
    table = given.make(orders, given.period)
    print("\n".join(orders.quality.lines()), end="\n\n")
    if not table.num_rows:
        print(f"footfall {given.command}: no order can be used, so that the table is empty", file=sys.stderr)
        return EMPTY
    if given.output is not None:
        write(table, given.output)
    names = [name for name in given.columns or table.column_names if name in table.column_names]
    at = [table.column_names.index(name) for name in names]
    print_table(names, [tuple(row[index] for index in at) for row in table.rows()[-_ROWS:]], given.language)
    if given.output is not None:
        print(f"\n{table.num_rows:,} rows written to {given.output}")
    return 0
