"""``footfall rfm``: score the customers of a file."""

from __future__ import annotations

from typing import Any

from footfall.cli._files import check_output, source, write
from footfall.core.text import text_table
from footfall.data.orders import Orders

_ROLES = ("order_id", "status", "refund_of")


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("rfm", help="score and segment the customers of a file")
    command.add_argument("file", help="Parquet, CSV or Excel; a glob is possible")
    command.add_argument("--customer", required=True, metavar="COLUMN", help="the customer's key")
    command.add_argument("--time", required=True, metavar="COLUMN", help="when the order was made")
    command.add_argument("--amount", required=True, metavar="COLUMN", help="the money")
    for role in _ROLES:
        command.add_argument(f"--{role.replace('_', '-')}", metavar="COLUMN")
    command.add_argument("--cancelled", action="append", default=[], metavar="VALUE", help="a status that is no order")
    command.add_argument("--as-of", metavar="DATE", help="the day that recency counts from (default: the last)")
    command.add_argument("--lookback", metavar="DURATION", help="leave out older orders, as in 365d")
    command.add_argument("--timezone", metavar="ZONE", help="whose days count, as in Asia/Shanghai")
    command.add_argument("--time-format", metavar="FORMAT", help="how times are written, as in %%d/%%m/%%Y")
    command.add_argument("--time-unit", choices=("s", "ms", "us", "ns"), help="what numbers count since 1970")
    command.add_argument("--encoding", help="of a CSV file (default: UTF-8)")
    command.add_argument("--refunds", choices=("net", "drop", "raise"), default="net")
    command.add_argument("--frequency", choices=("orders", "days", "rows"), default="orders")
    command.add_argument("--monetary", choices=("total", "mean"), default="total")
    command.add_argument("--segments", choices=("grid", "tiers", "octants"), default="grid")
    command.add_argument("--language", choices=("en", "zh"), default="en")
    command.add_argument("-o", "--output", metavar="FILE", help="where the table goes: .parquet or .csv")
    command.set_defaults(run=run)


def run(given: Any) -> None:
    """Run the command."""
    check_output(given.output)
    orders = Orders(
        source(given.file), customer=given.customer, time=given.time, amount=given.amount,
        **{role: getattr(given, role) for role in _ROLES},
        cancelled=given.cancelled, timezone=given.timezone, time_format=given.time_format, time_unit=given.time_unit,
        encoding=given.encoding, refunds=given.refunds,
    )  # fmt: skip
    rfm = orders.rfm(
        given.as_of, lookback=given.lookback, frequency=given.frequency, monetary=given.monetary,
        segments=given.segments, language=given.language,
    )  # fmt: skip
    if given.output is not None:
        write(rfm, given.output)
    print("\n".join(rfm.quality.lines()), end="\n\n")
    print(text_table(rfm.segments.column_names, rfm.segments.rows()))
    if given.output is not None:
        print(f"\n{rfm.num_rows:,} customers written to {given.output}")
