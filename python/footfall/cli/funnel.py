"""``footfall funnel``: how far the customers of a file come."""

from __future__ import annotations

from typing import Any

from footfall.cli._files import check_output, source, write
from footfall.core.text import text_table
from footfall.data.events import Events

_SHOWN = ("name", "reached", "lost", "step_rate", "step_low", "step_high", "overall_rate", "time_median")


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("funnel", help="how far the customers of a file come through steps")
    command.add_argument("file", help="Parquet, CSV or Excel; a glob is possible")
    command.add_argument("--customer", required=True, metavar="COLUMN", help="the customer's key")
    command.add_argument("--time", required=True, metavar="COLUMN", help="when the event happened")
    command.add_argument("--event", required=True, metavar="COLUMN", help="the event's name")
    command.add_argument("--steps", required=True, metavar="A,B,…", help="the steps, as in view,cart,order,pay")
    command.add_argument("--value", metavar="COLUMN", help="money of the last step")
    command.add_argument("--window", metavar="DURATION", help="the longest time from step 1, as in 7d")
    command.add_argument("--anchor", choices=("earliest_longest", "first_entry"), default="earliest_longest")
    command.add_argument("--ties", choices=("steps", "later"), default="steps")
    command.add_argument("--timezone", metavar="ZONE", help="whose days count, as in Asia/Shanghai")
    command.add_argument("--time-format", metavar="FORMAT", help="how times are written, as in %%d/%%m/%%Y")
    command.add_argument("--time-unit", choices=("s", "ms", "us", "ns"), help="what numbers count since 1970")
    command.add_argument("--encoding", help="of a CSV file (default: UTF-8)")
    command.add_argument("-o", "--output", metavar="FILE", help="where the depth and times of each customer go")
    command.set_defaults(run=run)


def run(given: Any) -> None:
    """Run the command."""
    check_output(given.output)
    events = Events(
        source(given.file), customer=given.customer, time=given.time, event=given.event, value=given.value,
        timezone=given.timezone, time_format=given.time_format, time_unit=given.time_unit, encoding=given.encoding,
    )  # fmt: skip
    steps = [step.strip() for step in given.steps.split(",")]
    funnel = events.funnel(steps, window=given.window, anchor=given.anchor, ties=given.ties)
    if given.output is not None:
        write(funnel.per_customer, given.output)
    print("\n".join(funnel.quality.lines()), end="\n\n")
    at = [funnel.column_names.index(name) for name in _SHOWN]
    print(text_table(list(_SHOWN), [tuple(row[index] for index in at) for row in funnel.rows()]))
    if given.output is not None:
        print(f"\n{funnel.per_customer.num_rows:,} customers written to {given.output}")
