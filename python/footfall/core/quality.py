"""Data quality of orders: what became of every row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from footfall.core.time_points import wall_clock
from footfall.io.table import FileNotes

if TYPE_CHECKING:
    import datetime as dt

_WORDS = {
    "null_customer": "without a customer",
    "null_time": "without a time",
    "null_amount": "without an amount",
    "infinite_amount": "with an infinite amount",
    "cancelled": "cancelled",
    "not_paid": "not paid",
    "guests": "of guests, who are no customers",
    "refunds": "refunds, dropped",
    "before_lookback": "before the lookback",
    "before_period": "before the period",
    "after_period": "after the period",
    "after_as_of": "after the as-of date",
}


# So many numbers of broken lines are kept.
_FIRST = 10


@dataclass(frozen=True)
class Quality:
    """What became of every row: used, or left out with its reason; the counts sum to the rows read.

    Attributes
    ----------
    rows_read, rows_used : int
        Rows of the source, and rows that were used.
    left_out : dict of str to int
        Rows left out, by reason: ``null_time``, ``null_amount``, ``infinite_amount``, ``cancelled``, ``not_paid``,
        ``guests`` (in results of customers), ``refunds`` (dropped), ``before_lookback``, ``before_period``,
        ``after_period``, ``after_as_of``.
    money_share : dict of str to float
        The money of the rows left out, by reason, as a share of all money read.
    customers : int
        Customers with a purchase.
    customers_without_purchase : int
        Customers with orders that are all refunds, or were refunded in full; they are not scored.
    refund_orders, refund_amount : int, float
        Orders that are refunds, and their money (positive).
    refunds_unmatched : int
        Rows that name an order to refund (``refund_of``) that their customer does not have.
    missing : dict of str to int
        Nulls in the columns of numbers beside the amount; they leave no row out.
    guest_orders, guest_share : int, float
        Purchases of guests (orders without a customer, which sales count), and their share of the money used.
    amounts_as_decimals, amounts_as_floats : int
        Of amounts that came as floats: those that are decimals of at most four places (or within four units in the last
        place of one) and count as such, and those that are not and are added as the doubles they are.
    bad_lines, bad_line_numbers : dict of str to int, tuple of int
        Lines of a text file that were left out, by reason (``too_many_fields``, ``too_few_fields``), and the numbers of
        the first of them where they are known. They are no rows.
    encoding : str or None
        The encoding of a text file that was found, where it is not UTF-8.
    first, last : datetime.datetime or None
        Wall clock of the first and last row that could be read, in the zone of the log.
    zone : str or None
        The zone whose calendar counts; None for naive local time (no time zone).
    """

    rows_read: int
    rows_used: int
    left_out: dict[str, int]
    money_share: dict[str, float]
    customers: int
    customers_without_purchase: int
    refund_orders: int
    refund_amount: float
    refunds_unmatched: int
    first: dt.datetime | None
    last: dt.datetime | None
    zone: str | None
    missing: dict[str, int] = field(default_factory=dict)
    guest_orders: int = 0
    guest_share: float = 0.0
    amounts_as_floats: int = 0
    amounts_as_decimals: int = 0
    bad_lines: dict[str, int] = field(default_factory=dict)
    bad_line_numbers: tuple[int, ...] = ()
    encoding: str | None = None

    @classmethod
    def from_info(cls, info: dict[str, Any], notes: FileNotes | None = None) -> Quality:
        """Make it of what the core counted, and of what was seen of the files."""
        money = info["money_read"]
        used = money - sum(part for _, _, part in info["left_out"])
        notes = notes or FileNotes()
        numbers = (number for _, number in notes.bad_lines)
        return cls(
            rows_read=info["rows_read"],
            rows_used=info["rows_used"],
            left_out={reason: rows for reason, rows, _ in info["left_out"]},
            money_share={reason: part / money if money else 0.0 for reason, _, part in info["left_out"]},
            customers=info["customers"],
            customers_without_purchase=info["customers_without_purchase"],
            refund_orders=info["refund_orders"],
            refund_amount=info["refund_amount"],
            refunds_unmatched=info["refunds_unmatched"],
            first=wall_clock(info["first"]),
            last=wall_clock(info["last"]),
            zone=info["zone"],
            missing=dict(info["missing"]),
            guest_orders=info["guest_orders"],
            guest_share=info["guest_money"] / used if used else 0.0,
            amounts_as_floats=info["amounts_as_floats"],
            amounts_as_decimals=info["amounts_as_decimals"],
            bad_lines=dict(Counter(reason for reason, _ in notes.bad_lines)),
            bad_line_numbers=tuple(islice(numbers, _FIRST)),
            encoding=notes.encoding,
        )

    def lines(self) -> list[str]:
        """Return the facts in words, one a line."""
        lines = [f"{self.rows_used:,} of {self.rows_read:,} rows used"]
        for reason, rows in self.left_out.items():
            share = f"{self.money_share[reason]:.1%} of the money read"
            lines.append(f"  left out: {rows:,} {_WORDS[reason]} ({share})")
        for reason, count in self.bad_lines.items():
            at = ", ".join(map(str, self.bad_line_numbers))
            lines.append(
                f"  not read: {count:,} lines with {reason.replace('_', ' ')}" + (f" (lines {at})" if at else "")
            )
        lines.append(f"{self.customers:,} customers with a purchase")
        if self.guest_orders:
            lines.append(f"{self.guest_orders:,} orders of guests ({self.guest_share:.1%} of the money used)")
        if self.customers_without_purchase:
            lines.append(f"  not scored: {self.customers_without_purchase:,} customers without a purchase")
        if self.refund_orders:
            lines.append(f"{self.refund_orders:,} refunds of {self.refund_amount:,.2f}")
        if self.refunds_unmatched:
            lines.append(f"  {self.refunds_unmatched:,} of their rows name an order that the customer does not have")
        lines += [f"{count:,} rows without a {role}" for role, count in self.missing.items()]
        if self.amounts_as_floats:
            lines.append(f"{self.amounts_as_floats:,} amounts with more than four decimal places, added as they are")
        if self.encoding is not None:
            lines.append(f"read as {self.encoding}")
        if self.first is not None:
            lines.append(f"{self.first} to {self.last} ({self.zone or 'local time, no time zone'})")
        return lines

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return "<pre>" + "\n".join(self.lines()) + "</pre>"
