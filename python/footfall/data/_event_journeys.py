"""What lies around the funnels of a log of events: carts that are left, and visits."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._moments import duration
from footfall.data._arguments import listed
from footfall.data._funnel import sources
from footfall.results.abandonment import Abandonment
from footfall.results.paths import Paths
from footfall.results.retention import Retention
from footfall.results.rhythm import Rhythm
from footfall.results.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.event_quality import EventQuality
    from footfall.results.table import Table

_OWN = ("checkout_pages", "first_time_buyer", "carts")
Event = str | int


class EventJourneys:
    """What a log of events says of carts and visits."""

    _log: _native.Log
    _library: str | None

    @abstractmethod
    def _quality(self) -> EventQuality:
        """Return what became of every row."""

    @abstractmethod
    def _warn(self, unknown: list[str]) -> None:
        """Say which events do not occur."""

    def abandonment(
        self,
        cart: Event | Sequence[Event] = "cart",
        checkout: Event | Sequence[Event] | None = None,
        purchase: Event | Sequence[Event] = "pay",
        *,
        window: Any = "1d",
        recover_within: Any = "30d",
        unit: Literal["customer", "session"] = "customer",
        same: Sequence[str] | None = None,
        value: str | None = None,
        by: str | Table | Sequence[str | Table] | None = None,
        features: Sequence[str] | None = None,
    ) -> Abandonment:
        """How many carts are left, where, and what goes with it.

        What is counted is the cart **episode**: from the first cart event after a purchase or a lapse, to the purchase
        or to the window's silence after its last cart event. Each episode is counted once.

        Parameters
        ----------
        cart, purchase : str, int or list of them
            The events that fill a cart, and those that buy it.
        checkout : str, int or list of them, optional
            The stages behind the cart, in their order; the furthest one is the stage at which an episode was left.
        window : str or timedelta
            An episode without a purchase is left when so long has passed since its last cart event.
        recover_within : str or timedelta
            One that was left is recovered when something is bought within so long of its last cart event.
        unit : {"customer", "session"}
            Events of a customer belong together, or those of one of the customer's sessions (the role ``session``).
        same : list of str, optional
            Columns whose value must be equal in an episode and its purchase: with ``["product"]``, another product's
            purchase does not rescue a cart. Events without a value are left out.
        value : str, optional
            The number that holds money; that of the cart events is what an abandoned episode leaves.
        by : str, column of a result, or list of them, optional
            Columns of the log, where an episode has the value of its first event that has one; attributes of customers;
            or columns of results.
        features : list of str, optional
            Columns of the log, attributes of customers, or ``"checkout_pages"`` (events of the stages behind the cart),
            ``"first_time_buyer"``, ``"carts"`` (cart events): see :attr:`Abandonment.features`.

        Returns
        -------
        Abandonment

        Notes
        -----
        One event an hour, window 2 h, recovered within 5 h; "c" cart, "o" checkout, "p" purchase, "." an hour without
        an event; the log ends with the last sign.

        ================= =======================
        events            episodes
        ================= =======================
        c p               converted
        c c . c p         converted
        c . . . . . .     abandoned
        c . . . p         recovered
        c . . . c p       recovered, converted
        c . . . . . . p   abandoned
        c p c . . . . .   converted, abandoned
        c . .             open
        p c o .           open
        ================= =======================

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({"who": [1, 1, 2, 3], "at": [0, 1, 0, 99], "what": ["cart", "pay", "cart", "cart"]})
        >>> events = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
        >>> left = events.abandonment(window="30s", recover_within="60s")
        >>> left.table.select("converted", "abandoned", "open", "rate").rows()
        [(1, 1, 1, 0.5)]
        """
        later = [] if checkout is None else listed(checkout)
        wanted = list(features or ())
        log, groups = sources(self._log, by)
        known = {name for _, name in groups}
        shown = [*groups, *((name, name) for name in dict.fromkeys(wanted) if name not in {*_OWN, *known})]
        if unit not in {"customer", "session"}:
            raise ValueError(f'unit={unit!r}: give "customer" or "session"')
        if isinstance(same, str):
            raise TypeError(f"same={same!r}: give a list of columns, as in same=[{same!r}]")
        limits = duration(window, "window"), duration(recover_within, "recover_within")
        table = _native.abandonment(
            log,
            stages=[listed(cart), *([stage] for stage in later), listed(purchase)],
            names=["cart", *map(str, later)],
            window=limits[0] or 0,
            recover_within=limits[1] or 0,
            session="session" if unit == "session" else None,
            same=list(same or ()),
            value=value,
            shown=shown,
        )
        names = set(self._log.values("event"))
        self._warn([f'"{name}"' for name in [*listed(cart), *later, *listed(purchase)] if str(name) not in names])
        title = [
            f"Carts left: {table.num_rows:,} episodes",
            f"  left after {window} of silence; recovered within {recover_within}; unit: {unit}"
            + (f"; same: {', '.join(same)}" if same else ""),
        ]
        return Abandonment(
            table, self._library, self._quality(), by=[name for _, name in groups], features=wanted, title=title
        )

    def sessions(self, gap: Any = "30m") -> Sessions:
        """Cut each customer's events into visits.

        Parameters
        ----------
        gap : str, timedelta or None
            A longer pause between two events begins another session. None: the role ``session`` names them.

        Returns
        -------
        Sessions
            One row per session.

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({"who": [1, 1, 1], "at": [0, 60, 3600], "what": ["home", "view", "home"]})
        >>> visits = ff.Events(log, customer="who", time="at", event="what", time_unit="s").sessions()
        >>> visits.table.select("session", "seconds", "events", "entry", "exit", "bounce").rows()
        [(1, 60.0, 2, 'home', 'view', False), (2, 0.0, 1, 'home', 'home', True)]
        """
        table, daily = _native.sessions(self._log, gap=duration(gap, "gap", zero="allowed"))
        title = [
            f"{table.num_rows:,} sessions ({'of the log' if gap is None else f'a pause of more than {gap} ends one'})"
        ]
        return Sessions(table, self._library, self._quality(), daily, title)

    def paths(
        self,
        start: Event | Sequence[Event] | None = None,
        end: Event | Sequence[Event] | None = None,
        depth: int = 5,
        *,
        gap: Any = "30m",
        most: int = 100,
    ) -> Paths:
        """Show the ways through visits: what follows what, and the most common sequences.

        Parameters
        ----------
        start, end : str, int or list of them, optional
            A path begins with the first of these events in a session and ends with the first of those; default: with
            the session. Sessions without a start have no path.
        depth : int
            Events of a path that are told apart, 1 to 20.
        gap : str, timedelta or None
            As for :meth:`sessions`.
        most : int
            How many sequences are shown.

        Returns
        -------
        Paths
            One row per sequence, the most common first.

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({"who": [1, 1, 2], "at": [0, 60, 0], "what": ["home", "view", "home"]})
        >>> paths = ff.Events(log, customer="who", time="at", event="what", time_unit="s").paths(depth=2)
        >>> paths.table.rows()
        [('home', None, False, 1, 0.5), ('home', 'view', False, 1, 0.5)]
        >>> paths.transitions.table.rows()[1]
        ('home', 'view', 1, 0.5)
        """
        if not isinstance(depth, int) or not 1 <= depth <= 20:  # noqa: PLR2004 - columns that can be read
            raise ValueError(f"depth={depth!r}: give a whole number from 1 to 20")
        if not isinstance(most, int) or most < 1:
            raise ValueError(f"most={most!r}: give a whole number of at least 1")
        transitions, sequences, count = _native.paths(
            self._log,
            gap=duration(gap, "gap", zero="allowed"),
            start=None if start is None else listed(start),
            end=None if end is None else listed(end),
            depth=depth,
            most=most,
        )
        return Paths(sequences, transitions, self._library, self._quality(), count)

    def rhythm(self, event: Event | Sequence[Event] | None = None) -> Rhythm:
        """Count events and customers by hour and by weekday, and find the peaks of the day.

        Parameters
        ----------
        event : str, int or list of them, optional
            The events that count. Default: all.

        Returns
        -------
        Rhythm
            One row per hour of the wall clock in the log's zone. Where the clock is changed, an hour that did not come,
            or came twice, counts as that.

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({"who": [1, 2, 2], "at": ["2024-01-01 09:30", "2024-01-01 09:45", "2024-01-02 20:00"]})
        >>> log = log.with_columns(pl.col("at").str.to_datetime(), what=pl.lit("view"))
        >>> rhythm = ff.Events(log, customer="who", time="at", event="what").rhythm()
        >>> rhythm.table.filter(pl.col("events") > 0).select("hour", "events", "customers").rows()
        [(9, 2, 2), (20, 1, 1)]
        >>> rhythm.peaks
        []
        """
        events = None if event is None else listed(event)
        hours, weekdays, overdispersion = _native.rhythm(self._log, events=events)
        return Rhythm(hours, weekdays, self._library, self._quality(), overdispersion)

    def retention(
        self,
        first: Event | Sequence[Event] | None = None,
        returning: Event | Sequence[Event] | None = None,
        *,
        period: Literal["day", "week", "month", "quarter", "year"] = "month",
        kind: Literal["exact", "rolling"] = "exact",
    ) -> Retention:
        """Show of those who began in a period how many are there later.

        Parameters
        ----------
        first : str, int or list of them, optional
            The event that begins; a customer's cohort is the period of the first of them. Default: any event.
        returning : str, int or list of them, optional
            The events that count as being there. Default: any event.
        period : {"day", "week", "month", "quarter", "year"}
            Calendar periods in the log's zone; weeks start on Monday.
        kind : {"exact", "rolling"}
            There in that very period; or in that or any later one, up to the end of the data.

        Returns
        -------
        Retention
            One row per cohort and period after it.

        Examples
        --------
        >>> import polars as pl
        >>> days = ["2024-01-05", "2024-02-10", "2024-01-09", "2024-03-31"]
        >>> log = pl.DataFrame({"who": [1, 1, 2, 2], "day": days, "what": ["join", "pay", "join", "pay"]})
        >>> events = ff.Events(log, customer="who", time="day", event="what")
        >>> events.retention("join", "pay").table.select("period", "size", "customers").rows()
        [(0, 2, 0), (1, 2, 1), (2, 2, None)]
        """
        table = _native.retention(
            self._log,
            begins=None if first is None else listed(first),
            returns=None if returning is None else listed(returning),
            period=period,
            kind=kind,
        )
        return Retention(table, self._library, self._quality(), period, kind)
