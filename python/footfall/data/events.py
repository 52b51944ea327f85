"""Events: what customers did."""

from __future__ import annotations

import warnings
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.analyses.abandonment import abandonment
from footfall.analyses.attribution import attribution
from footfall.analyses.funnel import funnel
from footfall.analyses.last_events import last
from footfall.analyses.mix import mix
from footfall.analyses.paths import paths
from footfall.analyses.precision import precision
from footfall.analyses.products import products
from footfall.analyses.retention import retention
from footfall.analyses.rhythm import rhythm
from footfall.analyses.sessions import sessions
from footfall.core.checks import shown
from footfall.core.event_quality import EventQuality
from footfall.core.options import memory
from footfall.core.time_points import moment
from footfall.data._attributes import CustomerAttributes
from footfall.data._event_options import EventOptions, event_params
from footfall.data._log import GroupedLog
from footfall.data._recognise import recognise
from footfall.data.step import kept_events
from footfall.io.source import give_back
from footfall.io.table import FileNotes, FileOptions

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from footfall.data.customers import Customers
    from footfall.data.step import Step
    from footfall.io.presets import Preset


class Events(GroupedLog):
    """A log of events, grouped by customer once and kept in the order of time.

    Parameters
    ----------
    source
        As for :class:`footfall.Orders`.
    customer, time, event : str
        Columns of the customer's key, of the time, and of the event's name.
    session, product, value, sequence : str, optional
        Columns of further roles; ``value`` holds money or another number, ``sequence`` a number that orders the events
        of a customer at one instant, such as a hit number. Without it they stand in the order of rows.
    timezone, nulls, time_format, time_unit, encoding
        As for :class:`footfall.Orders`. Rows with a null key, time or event are left out and counted, or refused.
    memory_limit : str or int, optional
        As for :class:`footfall.Orders`.
    only : sequence, optional
        Names of the events to keep, or steps of a funnel. The others are left behind as they are read, and counted;
        they still tell how long the shop was watched (``events.end``).
    **others : str
        Any further column by a name of your choice, as in ``device="ua_device"``, to stand in ``where=``.

    Examples
    --------
    >>> import footfall as ff
    >>> import polars as pl
    >>> frame = pl.DataFrame({
    ...     "user": [1, 1, 1, 2, 2, 3],
    ...     "at": ["2024-01-01 10:00", "2024-01-01 10:05", "2024-01-02 09:00", "2024-01-01 11:00", "2024-01-01 11:01",
    ...            "2024-01-01 12:00"],
    ...     "what": ["view", "cart", "pay", "view", "cart", "view"],
    ... })
    >>> events = ff.Events(frame, customer="user", time="at", event="what")
    >>> funnel = events.funnel(["view", "cart", "pay"], window="7d")
    >>> funnel.table.select("name", "reached", "overall_rate").rows()
    [('view', 3, 1.0), ('cart', 2, 0.6666666666666666), ('pay', 1, 0.3333333333333333)]
    >>> funnel.stopped_at("cart").table["user"].to_list()
    [2]
    """

    def __init__(
        self,
        source: Any,
        /,
        *,
        customer: str | Sequence[str] | None = None,
        time: str | Sequence[str] | None = None,
        event: str | None = None,
        session: str | None = None,
        product: str | None = None,
        value: str | None = None,
        sequence: str | None = None,
        preset: str | os.PathLike[str] | Preset | None = None,
        timezone: str | None = None,
        nulls: Literal["drop", "raise"] = "drop",
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        decimal: Literal[".", ","] | None = None,
        null_values: Sequence[str] = (),
        sheet: str | None = None,
        bad_lines: Literal["error", "count"] = "error",
        memory_limit: str | int | None = None,
        only: Sequence[str | int | Sequence[str | int] | Step] | None = None,
        **others: str,
    ) -> None:
        typed = {
            "customer": customer, "time": time, "event": event, "session": session, "product": product, "value": value,
            "sequence": sequence, "timezone": timezone, "time_format": time_format, "time_unit": time_unit,
            "decimal": decimal, **others,
        }  # fmt: skip
        given = {name: one for name, one in typed.items() if one is not None}
        kept, limit = kept_events(only), memory(memory_limit)
        files = FileOptions(encoding, delimiter, sheet, bad_lines)
        found = recognise(source, "events", preset, files, given)
        options = EventOptions(found.given, null_values or found.given.get("null_values", ()))
        log = _native.Log(found.table.read(options.roles()), {
            **options.params(found.table.names), "nulls": nulls, "only": kept, "observed": None, **limit,
        })  # fmt: skip
        give_back()
        self._notes = found.table.notes
        self._set(log, found.table.library)
        if kept is not None and self.quality.rows_read:
            never = log.unknown("event", {"values": kept})
            if never:
                text = f"only= names {', '.join(never)}, which no row has as its event"
                warnings.warn(text, FootfallWarning, stacklevel=2)

    def _set(self, log: _native.Log, library: str | None) -> None:
        self._log = log
        self._library = library

    def _view(self, log: _native.Log) -> Events:
        view = object.__new__(type(self))
        view._set(log, self._library)
        view._notes = self._notes
        return view

    @classmethod
    def of_table(
        cls,
        table: _native.Table,
        library: str | None,
        *,
        time: str = "time",
        event: str | None = None,
        numbers: Sequence[str] = (),
        observed: tuple[int, int] | None = None,
        times: Mapping[str, Any] = MappingProxyType({}),
    ) -> Events:
        """Make a log of a table of our own: its first column is the key, the others are roles of their names."""
        key, *names = table.column_names
        if event is not None:
            table = table.with_text("event", event)
            names.append("event")
        labels = {name: name for name in names if name != time and name not in numbers}
        values = {name: name for name in names if name in numbers}
        made = object.__new__(cls)
        log = _native.Log(table, {
            **event_params([key], [time], labels, values), **times, "nulls": "drop", "only": None,
            "observed": observed, **memory(None),
        })  # fmt: skip
        made._notes = FileNotes()
        made._set(log, library)
        return made

    @staticmethod
    def concat(logs: Sequence[Events]) -> Events:
        """Join logs of the same customers into one.

        Parameters
        ----------
        logs : sequence of Events
            Their keys must hold one type, their times one zone. A role that a log lacks is null in its rows. At one
            instant, rows stand in the order of the logs.

        Returns
        -------
        Events
            Columns are named by their roles; the key as in the first log.

        Examples
        --------
        >>> import polars as pl
        >>> visits = pl.DataFrame({"id": [1, 2], "at": ["2024-01-01", "2024-01-01"], "what": ["view", "view"]})
        >>> sales = pl.DataFrame({"id": [1], "day": ["2024-01-02"], "paid": [9.5]})
        >>> log = ff.Events.concat([
        ...     ff.Events(visits, customer="id", time="at", event="what"),
        ...     ff.Orders(sales, customer="id", time="day", amount="paid").as_events("pay"),
        ... ])
        >>> log.funnel(["view", "pay"]).table["reached"].to_list()
        [2, 1]
        """
        logs = list(logs)
        if not logs or not all(isinstance(log, Events) for log in logs):
            raise TypeError("Events.concat() takes a list of ff.Events that is not empty")
        native = [log._log for log in logs]  # noqa: SLF001
        table = _native.Table.stack([log.rows() for log in native])
        numbers = [number for log in native for number in log.numbers]
        ranges = [log.range for log in native if log.range is not None]
        observed = (min(first for first, _ in ranges), max(last for _, last in ranges)) if ranges else None
        return Events.of_table(table, logs[0]._library, numbers=numbers, observed=observed)  # noqa: SLF001

    @cached_property
    def quality(self) -> EventQuality:
        """Rows read, used and left out by reason."""
        return EventQuality.from_info(self._log.event_quality(), self._notes)

    def between(self, start: Any = None, end: Any = None) -> Events:
        """Count what starts in a period: steps 1, episodes, cohorts, sessions.

        Parameters
        ----------
        start, end : date, datetime or str, optional
            Half-open; a date is the start of its day in the log's zone. Rows from ``end`` on are cut, and ``end`` is
            the end of observation. Step 1 of a funnel must lie in the period. Sessions that begin in it count whole.

        Returns
        -------
        Events
            The same events, seen through the period; nothing is copied.
        """
        return self._view(self._log.between({"start": moment(start, "start"), "end": moment(end, "end")}))

    def with_customers(self, customers: Customers) -> Events:
        """Add what is known of the customers.

        Returns
        -------
        Events
            The same events; nothing is copied.
        """
        if not isinstance(customers, CustomerAttributes):
            raise TypeError(f"with_customers() takes ff.Customers, not {shown(customers)}")
        return self._view(customers.attach(self._log))

    funnel = funnel
    products = products
    abandonment = abandonment
    attribution = attribution
    sessions = sessions
    paths = paths
    rhythm = rhythm
    mix = mix
    last = last
    precision = precision
    retention = retention

    def __repr__(self) -> str:
        return "Events\n" + "\n".join("  " + line for line in self.quality.lines())
