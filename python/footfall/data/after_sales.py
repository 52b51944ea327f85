"""After-sales: ratings, questions, complaints, returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall.data.events import Events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.core.event_quality import EventQuality


class AfterSales:
    """What customers said and sent back after they had bought: one row per contact.

    Parameters
    ----------
    source
        As for :class:`footfall.Orders`.
    customer, time, kind : str
        The columns of the key, of when it was, and of what it was ("rating", "complaint", "return").
    order_id, rating : str, optional
        The columns of the order that it was about, and of the stars that it gave.
    timezone, nulls, time_format, time_unit, encoding, delimiter, null_values, sheet, bad_lines
        As for :class:`footfall.Orders`.
    **others : str
        Any further column by a name of your choice.

    Examples
    --------
    >>> import polars as pl
    >>> said = pl.DataFrame({"who": [1, 1], "at": ["2024-01-09", "2024-02-01"], "what": ["rating", "return"],
    ...                      "stars": [5, None]})
    >>> contacts = ff.AfterSales(said, customer="who", time="at", kind="what", rating="stars")
    >>> contacts.events.mix("event").to_polars().select("event", "customers").rows()
    [('rating', 1), ('return', 1)]
    """

    def __init__(
        self,
        source: Any,
        /,
        *,
        customer: str,
        time: str,
        kind: str,
        order_id: str | None = None,
        rating: str | None = None,
        timezone: str | None = None,
        nulls: Literal["drop", "raise"] = "drop",
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        null_values: Sequence[str] = (),
        sheet: str | None = None,
        bad_lines: Literal["error", "count"] = "error",
        **others: str,
    ) -> None:
        roles = {"order_id": order_id, "value": rating, **others}
        given: dict[str, Any] = {name: column for name, column in roles.items() if column is not None}
        #: The contacts as a log of events: the kind is the event, the rating the value.
        self.events = Events(
            source, customer=customer, time=time, event=kind, timezone=timezone, nulls=nulls, time_format=time_format,
            time_unit=time_unit, encoding=encoding, delimiter=delimiter, null_values=null_values, sheet=sheet,
            bad_lines=bad_lines, **given,
        )  # fmt: skip

    @property
    def quality(self) -> EventQuality:
        """What became of every row."""
        return self.events.quality

    def between(self, start: Any = None, end: Any = None) -> AfterSales:
        """Count the contacts of a period, as of :meth:`Events.between`."""
        made = object.__new__(AfterSales)
        made.events = self.events.between(start, end)
        return made

    def __repr__(self) -> str:
        return "AfterSales\n" + "\n".join("  " + line for line in self.quality.lines())
