"""``footfall rfm``: score the customers of a file."""

from __future__ import annotations

import sys
from typing import Any

from footfall.cli._files import EMPTY, add_language, add_reading, check_output, print_table, reading, write
from footfall.data.orders import Orders

_ROLES = (
    "customer", "time", "amount", "price", "quantity", "order_id", "status", "refund_of", "refunded", "refunded_at",
    "paid_at",
)  # fmt: skip


_HELP = {
    "customer": "the customer's key; not needed where the columns are recognised",
    "time": "when the order was made",
    "amount": "the money",
    "price": "the price of a piece, in place of the amount",
}


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("rfm", help="score and segment the customers of a file")
    add_reading(command)
    for role in _ROLES:
        command.add_argument(f"--{role.replace('_', '-')}", metavar="COLUMN", help=_HELP.get(role))
    command.add_argument(
        "--amount-per", choices=("line", "order"), default="line", help="what the amount in a row is of"
    )
    command.add_argument("--paid", action="append", default=[], metavar="VALUE", help="a status that is an order")
    command.add_argument("--cancelled", action="append", default=[], metavar="VALUE", help="a status that is no order")
    command.add_argument("--as-of", metavar="DATE", help="the day that recency counts from (default: the last)")
    command.add_argument("--lookback", metavar="DURATION", help="leave out older orders, as in 365d")
    command.add_argument("--refunds", choices=("net", "drop", "raise"), default="net")
    command.add_argument("--frequency", choices=("orders", "days", "rows"), default="orders")
    command.add_argument("--monetary", choices=("total", "mean"), default="total")
    command.add_argument("--segments", choices=("grid", "tiers", "octants"), default="grid")
    add_language(command)
    command.add_argument("-o", "--output", metavar="FILE", help="where the table goes: .parquet or .csv")
    command.set_defaults(run=run)


def run(given: Any) -> int:
    """Run the command."""
    check_output(given.output)
    orders = Orders(
        given.file, **reading(given, _ROLES), amount_per=given.amount_per, cancelled=given.cancelled, paid=given.paid,
        refunds=given.refunds,
    )  # fmt: skip
    rfm = orders.rfm(
        given.as_of, lookback=given.lookback, frequency=given.frequency, monetary=given.monetary,
        segments=given.segments, language=given.language,
    )  # fmt: skip
    print("\n".join(rfm.quality.lines()), end="\n\n")
    if not rfm.num_rows:
        print("footfall rfm: no customer has a purchase, so that the table is empty", file=sys.stderr)
        return EMPTY
    if given.output is not None:
        write(rfm, given.output)
    print_table(rfm.segments.column_names, rfm.segments.rows(), given.language)
    if given.output is not None:
        print(f"\n{rfm.num_rows:,} customers written to {given.output}")
    return 0
