"""The customers of an RFM analysis, as clusters and migrations take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
