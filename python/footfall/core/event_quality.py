"""Data quality of events: what became of every row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from footfall.core.time_points import wall_clock

if TYPE_CHECKING:
    import datetime as dt

    from footfall.io.table import FileNotes

_WORDS = {
    "null_customer": "without a customer",
    "null_time": "without a time",
    "null_event": "without an event",
    "other_event": "of events that are not kept",
    "before_period": "before the period",
    "after_period": "after the period",
}


@dataclass(frozen=True)
class EventQuality:
    """What became of every row: used, or left out with its reason; the counts sum to the rows read.

    Attributes
    ----------
    rows_read, rows_used : int
        Rows of the source, and rows that were used.
    left_out : dict of str to int
        Rows left out, by reason: ``null_customer``, ``null_time``, ``null_event``, ``other_event`` (see
        ``only=``), ``before_period``, ``after_period``.
    customers : int
        Customers with a row that was used.
    first, last : datetime.datetime or None
        Wall clock of the first and last row that could be read, in the zone of the log.
    zone : str or None
        The zone whose calendar counts; None for naive local time (no time zone).
    without_session : int or None
        Of the rows that were used, those without a session, which are in none; None where no role names sessions.
    tied : int
        Of the rows that were used, those that share their instant with another of their customer: which of them comes
        first is told by ``sequence``, else by the order of rows, wherever an analysis has no rule of its own.
    missing : dict of str to int
        Nulls in the columns of numbers (``value``, ``sequence``); they leave no row out.
    bad_lines : dict of str to int
        Lines of a text file that were left out, by reason (``too_many_fields``, ``too_few_fields``). They are no rows.
    encoding : str or None
        The encoding of a text file that was found, where it is not UTF-8.
    """

    rows_read: int
    rows_used: int
    left_out: dict[str, int]
    customers: int
    first: dt.datetime | None
    last: dt.datetime | None
    zone: str | None
    without_session: int | None = None
    tied: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    bad_lines: dict[str, int] = field(default_factory=dict)
    encoding: str | None = None

    @classmethod
    def from_info(cls, info: dict[str, Any], notes: FileNotes) -> EventQuality:
        """Make it of what the core counted, and of what was seen of the files."""
        seen = {"bad_lines": dict(Counter(reason for reason, _ in notes.bad_lines)), "encoding": notes.encoding}
        times = {name: wall_clock(info[name]) for name in ("first", "last")}
        return cls(**{**info, **times, "left_out": dict(info["left_out"]), "missing": dict(info["missing"]), **seen})

    def lines(self) -> list[str]:
        """Return the facts in words, one a line."""
        lines = [f"{self.rows_used:,} of {self.rows_read:,} rows used"]
        lines += [f"  left out: {rows:,} {_WORDS[reason]}" for reason, rows in self.left_out.items()]
        lines += [f"  not read: {count:,} lines with {why.replace('_', ' ')}" for why, count in self.bad_lines.items()]
        if self.without_session:
            lines.append(f"  in no session: {self.without_session:,} rows without one")
        if self.tied:
            lines.append(f"  at one instant with another of the customer: {self.tied:,} rows")
        lines.append(f"{self.customers:,} customers")
        lines += [f"{count:,} rows without a {role}" for role, count in self.missing.items()]
        if self.encoding is not None:
            lines.append(f"read as {self.encoding}")
        if self.first is not None:
            lines.append(f"{self.first} to {self.last} ({self.zone or 'local time, no time zone'})")
        return lines

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return "<pre>" + "\n".join(self.lines()) + "</pre>"
