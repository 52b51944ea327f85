"""Mix of sessions: shares and conversion by source, device and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by, session_rule
from footfall.core.checks import events_or_none
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin
    from footfall.table import Table

Event = str | int


def mix(
    self: Events,
    by: str | Table | Sequence[str | Table],
    *,
    goal: Event | Sequence[Event] | None = None,
    gap: Any = None,
    period: Literal["day", "week", "month", "quarter", "year"] | None = None,
) -> Mix:
    """Share out customers, sessions and events by source, device and the like, and how many sessions reach a goal.

    Parameters
    ----------
    by : str, column of a result, or list of them
        Columns of the log, attributes of customers or columns of results. A session has the value of its first
        event that has one; several columns drill down, the first into the second and so on.
    goal : str, int or list of them, optional
        A session with one of these events converts.
    gap : str or timedelta, optional
        As for :meth:`sessions`.
    period : {"day", "week", "month", "quarter", "year"}, optional
        One mix for each of these, by the start of the session, and what changed against the period before.

    Returns
    -------
    Mix
        One row per value (and period), in the order of the values; null is a value of its own and comes last.

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({
    ...     "who": [1, 1, 1, 2], "at": [0, 60, 9_000, 0], "what": ["view", "pay", "view", "view"],
    ...     "device": ["app", "app", "web", "web"],
    ... })
    >>> events = ff.Events(log, customer="who", time="at", event="what", device="device", time_unit="s")
    >>> events.mix("device", goal="pay").table.select("device", "sessions", "open", "conversion").rows()
    [('app', 1, 0, 1.0), ('web', 2, 1, 0.0)]
    """
    log, named = resolve_group_by(self._log, by)
    if not named:
        raise ValueError('by=[]: name at least one column, as in by="device"')
    goals = events_or_none(goal, "goal")
    params = {
        "by": named,
        "goal": goals,
        "gap": duration(gap, "gap", zero="allowed"),
        "period": period,
    }
    found = _native.run(log, "mix", params)
    names = [name for _, name in named]
    title = ["Mix of sessions by " + ", ".join(names) + (f" and {period}" if period else "")]
    title.append(f"  sessions: {session_rule(self._log, gap)}")
    if goals is not None:
        title.append(f"  goal: {' or '.join(map(str, goals))} in the same session")
    return Mix(found["table"], self._origin, title, names)


class Mix(Result):
    """One row per value, and per period where one was asked for.

    Columns: what it is by; ``customers`` (with a session of that value: one with two devices is in both),
    ``sessions``, ``events`` (of those sessions), each with its share of all, ``customer_share``, ``session_share``,
    ``event_share``; with several columns ``share_within`` (sessions, of those of the columns before). With a goal
    ``converted`` (sessions), ``conversion`` with its 95 % interval ``conversion_low``, ``conversion_high`` (Wilson's,
    on the effective sample size, with customers as clusters).

    With a period: ``period`` (its first day), ``complete`` (whether the data cover it whole) and, where both it and
    the one before are complete, ``sessions_before``, ``session_growth``, ``share_change`` (of the share of sessions);
    ``conversion_change`` with Newcombe's 95 % interval ``change_low``, ``change_high``, and ``p_value``,
    ``p_adjusted`` (Holm's, over the rows).
    """

    def __init__(
        self,
        native: _native.Table,
        origin: Origin,
        title: list[str],
        by: list[str],
    ) -> None:
        super().__init__(native, origin, title)
        self._by = by

    def plot(self, *, language: str | None = None) -> Any:
        """Draw shares of sessions, and the conversion with its interval; by period as lines.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.mix import plot_mix

        return plot_mix(self, self._by, spoken(language))
