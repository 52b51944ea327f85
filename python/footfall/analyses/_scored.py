"""The customers of an RFM analysis, as clusters and migrations take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from footfall.core.checks import shown

if TYPE_CHECKING:
    import datetime as dt

    from footfall import _native
    from footfall.result import Origin


@dataclass(frozen=True)
class ScoredCustomers:
    """Keys, values and scores, with what they were asked for."""

    table: _native.Table
    params: dict[str, Any]
    as_of: dt.date | None
    lost_after: float | None
    origin: Origin


class ScoredResult:
    """A result whose customers are scored."""

    @property
    def scored(self) -> ScoredCustomers:
        """The customers, for the analyses that start from them."""
        raise NotImplementedError


def scored_of(value: Any, what: str) -> ScoredCustomers:
    """Return the customers of another analysis that a caller gives."""
    if not isinstance(value, ScoredResult):
        raise TypeError(f"{what} takes another RFM analysis, as orders.rfm(…) gives one, not {shown(value)}")
    return value.scored
