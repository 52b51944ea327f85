"""``footfall funnel``: how far the customers of a file come."""

from __future__ import annotations

from typing import Any

from footfall.cli._files import add_language, add_reading, check_output, print_table, reading, write
from footfall.data.events import Events

_SHOWN = ("name", "reached", "lost", "step_rate", "step_low", "step_high", "overall_rate", "time_median")


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("funnel", help="how far the customers of a file come through steps")
    add_reading(command)
    command.add_argument("--customer", metavar="COLUMN", help="the customer's key; not needed where it is recognised")
    command.add_argument("--time", metavar="COLUMN", help="when the event happened")
    command.add_argument("--event", metavar="COLUMN", help="the event's name")
    command.add_argument("--steps", required=True, metavar="A,B,…", help="the steps, as in view,cart,order,pay")
    command.add_argument("--value", metavar="COLUMN", help="money of the last step")
    command.add_argument("--window", metavar="DURATION", help="the longest time from step 1, as in 7d")
    command.add_argument("--anchor", choices=("earliest_longest", "first_entry"), default="earliest_longest")
    command.add_argument("--ties", choices=("steps", "later"), default="steps")
    add_language(command)
    command.add_argument("-o", "--output", metavar="FILE", help="where the depth and times of each customer go")
    command.set_defaults(run=run)


def run(given: Any) -> None:
    """Run the command."""
    check_output(given.output)
    events = Events(given.file, **reading(given, ("customer", "time", "event", "value")))
    steps = [step.strip() for step in given.steps.split(",")]
    funnel = events.funnel(steps, window=given.window, anchor=given.anchor, ties=given.ties)
    if given.output is not None:
        write(funnel.per_customer, given.output)
    print("\n".join(funnel.quality.lines()), end="\n\n")
    at = [funnel.column_names.index(name) for name in _SHOWN]
    print_table(_SHOWN, [tuple(row[index] for index in at) for row in funnel.rows()], given.language)
    if given.output is not None:
        print(f"\n{funnel.per_customer.num_rows:,} customers written to {given.output}")
