"""Data quality of orders: what became of every row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from footfall.core.time_points import wall_clock

if TYPE_CHECKING:
    import datetime as dt

_WORDS = {
    "null_customer": "without a customer",
    "null_time": "without a time",
    "null_amount": "without an amount",
    "infinite_amount": "with an infinite amount",
    "cancelled": "cancelled",
    "refunds": "refunds, dropped",
    "before_lookback": "before the lookback",
    "before_period": "before the period",
    "after_period": "after the period",
    "after_as_of": "after the as-of date",
}


@dataclass(frozen=True)
class Quality:
    """What became of every row: used, or left out with its reason; the counts sum to the rows read.

    Attributes
    ----------
    rows_read, rows_used : int
        Rows of the source, and rows that were used.
    left_out : dict of str to int
        Rows left out, by reason: ``null_customer``, ``null_time``, ``null_amount``, ``infinite_amount``,
        ``cancelled``, ``refunds`` (dropped), ``before_lookback``, ``before_period``, ``after_period``, ``after_as_of``.
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

    @classmethod
    def from_info(cls, info: dict[str, Any]) -> Quality:
        """Make it of what the core counted."""
        money = info["money_read"]
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
        )

    def lines(self) -> list[str]:
        """Return the facts in words, one a line."""
        lines = [f"{self.rows_used:,} of {self.rows_read:,} rows used"]
        for reason, rows in self.left_out.items():
            share = f"{self.money_share[reason]:.1%} of the money read"
            lines.append(f"  left out: {rows:,} {_WORDS[reason]} ({share})")
        lines.append(f"{self.customers:,} customers with a purchase")
        if self.customers_without_purchase:
            lines.append(f"  not scored: {self.customers_without_purchase:,} customers without a purchase")
        if self.refund_orders:
            lines.append(f"{self.refund_orders:,} refunds of {self.refund_amount:,.2f}")
        if self.refunds_unmatched:
            lines.append(f"  {self.refunds_unmatched:,} of their rows name an order that the customer does not have")
        lines += [f"{count:,} rows without a {role}" for role, count in self.missing.items()]
        if self.first is not None:
            lines.append(f"{self.first} to {self.last} ({self.zone or 'local time, no time zone'})")
        return lines

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return "<pre>" + "\n".join(self.lines()) + "</pre>"
