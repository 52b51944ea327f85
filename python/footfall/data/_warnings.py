"""Warnings of a log that may have been read otherwise than its owner means."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall._errors import FootfallWarning

if TYPE_CHECKING:
    from footfall import _native

_LARGE = 0.2
_MASKED = 0.05
_TIED = 0.5
_SEVERAL = 3
_DEPTH = 3


Rules = Sequence[tuple[str, str, list[str | int]]]


def warn_of(log: _native.Log, rules: Rules | None, amount_per: str, file: str | None) -> None:
    """Say what smells of a log of orders; ``rules`` are what a caller says of statuses, None where a preset does."""
    if rules is not None:
        _warn_of_statuses(log, rules)
    seen = log.smells()
    if file is not None and not seen["rows"]:
        _warn(f"{file} has no rows")
    if amount_per == "line" and seen["repeated_amounts"] >= _SEVERAL and not seen["distinct_amounts"]:
        _warn(
            f"every order of several lines ({seen['repeated_amounts']:,}) has one amount on all of them: if it is the "
            'money of the order, it counts several times; type amount_per="order"'
        )
    if (seen["masked_share"] or 0) > _MASKED:
        _warn(f"{seen['masked_share']:.0%} of the orders are of customers whose key is masked: they are not told apart")
    elif (seen["largest_share"] or 0) > _LARGE:
        _warn(
            f"{seen['largest_share']:.0%} of the orders are of one customer, {seen['largest_key']}: if it stands for "
            "guests, name it in null_values= (of text), or set it to null"
        )
    if (seen["same_instant_share"] or 0) > _TIED:
        _warn(
            f"{seen['same_instant_share']:.0%} of the rows share customer and time with another, and each row is "
            "an order: if they are lines of orders, give order_id="
        )


def _warn_of_statuses(log: _native.Log, rules: Rules) -> None:
    """Say which statuses do not occur and which do, or that nothing says what they mean."""
    if not any(role == "status" for _, role, _ in rules):
        found = log.values("status")
        if found:
            _warn(
                f"status= has {', '.join(found[:20])}, and all of them count as orders: name those that are none in "
                "cancelled=, or those that are in paid="
            )
    for says, role, values in rules:
        unknown, found = log.unknown(role, {"values": values}), log.values(role)
        if unknown and found:
            _warn(f"{says}=: no {role} is {', '.join(unknown)}; the log has {', '.join(found[:20])}")


def _warn(text: str) -> None:
    warnings.warn(text, FootfallWarning, stacklevel=2 + _DEPTH)
