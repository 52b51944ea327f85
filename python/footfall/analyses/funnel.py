"""Funnel: how far customers come through steps, within a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall.analyses._funnel_params import native_funnel
from footfall.analyses._funnel_result import Funnel
from footfall.core.arguments import warn_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.data.exclude import Exclude
    from footfall.data.step import Step
    from footfall.table import Table


def funnel(
    self: Events,
    steps: Sequence[str | int | Sequence[str | int] | Step],
    *,
    window: Any = None,
    mode: Literal["ordered", "contiguous", "unordered"] = "ordered",
    anchor: Literal["earliest_longest", "first_entry", "first_completion", "latest_entry"] = "earliest_longest",
    ties: Literal["steps", "later"] = "steps",
    by: str | Table | Sequence[str | Table] | None = None,
    attribution: str = "first",
    same: Sequence[str] | None = None,
    exclude: Sequence[Exclude] | None = None,
    unit: Literal["customer", "session", "attempt"] = "customer",
    gap: Any = None,
    start: Any = None,
    end: Any = None,
    follow_up: Literal["any", "full"] = "any",
    period: Literal["day", "week", "month", "quarter", "year"] | None = None,
) -> Funnel:
    """Funnel: how far customers come through steps.

    One event fills one step of a chain. The depth of a customer is that of the deepest chain of any start (with
    ``anchor="first_entry"``, of the first).

    Parameters
    ----------
    steps : sequence
        2 to 64 steps: event names, lists of names (any of them), or :class:`footfall.Step`.
    window : str or timedelta, optional
        The longest time from step 1, inclusive: ``"30m"``, ``"7d"``. A day is 24 hours.
    mode : {"ordered", "contiguous", "unordered"}
        Other events may come between; no other event of the log may (under ``same``, none that agrees in it); or
        the steps come in any order, the window counts from the first of them, and ``reached`` counts how many
        different ones were done.
    anchor : {"earliest_longest", "first_entry", "first_completion", "latest_entry"}
        Whose times are reported when several starts come as far: the earliest start's, the first start's (though
        another may come further), that of the chain which comes as far first (of several, the latest start's), or
        the latest start's. The steps are as early as they can be.
    ties : {"steps", "later"}
        Events at one instant may be read in whichever order carries the chain furthest, or a step must be strictly
        later than the one before. Of chains that ``same`` or tied starts tell apart, the one that comes furthest is
        reported, then the one whose steps are earlier; of chains at the same instants that of the first value.
    by : str, column of a result, or list of them, optional
        One funnel for each value: a role or column of the log, an attribute of the customers (see
        :meth:`with_customers`), or a column such as ``rfm["segment"]``. Null is a value of its own.
    attribution : {"first", "last", "each"} or the name of a step
        Which event's value a chain has: that of its first event, of its deepest, or of a step (chains that do not
        come to it are left out); with these a customer is in one funnel, so that no conversion is lost. With
        ``"each"`` every value has a funnel of the events that have it.
    same : list of str, optional
        Up to three columns whose value must be equal in all events of a chain. What has no value fits no chain.
    exclude : list of Exclude, optional
        Events that end a chain, which keeps its depth. Under ``same`` an event ends only chains that agree with it in
        these columns; one without a value there ends none. An event of a step between its ``after`` and ``before`` is
        refused, unless ``where`` tells the two apart.
    unit : {"customer", "session", "attempt"}
        What is counted: customers; their sessions (the role ``session``, or runs of events without a ``gap``); or
        their attempts. An attempt begins at the first start after the one before has ended, and ends with the instant
        of its conversion, with the last event within its window, or with the one after which no chain of it goes on.
        Intervals of the last two know that those of one customer are alike, by Kish's design effect: the variance of
        the ratio over customers by that of as many units drawn one by one, at least 1 (and 1 for one unit each).
    gap : str or timedelta, optional
        With ``unit="session"``: a longer pause between two events of the log begins another session.
    start, end : date, datetime or str, optional
        When step 1 may happen, half-open; later steps may follow up to ``window``.
    follow_up : {"any", "full"}
        ``"full"`` leaves out every start, converted or not, with less than a window of data behind it;
        ``funnel.censored`` counts them in either case.
    period : {"day", "week", "month", "quarter", "year"}, optional
        One funnel for each calendar period, of the chains that start in it.

    Returns
    -------
    Funnel
        One row per value of ``by``, period and step.

    Notes
    -----
    Steps A, B, C; one event a tick; "=" joins events to the tick before, "." is a tick without one; a digit is the
    product. The times that are reported, chains parted by "|":

    ============ ====== ================ ===== ==============
    events       window anchor           ties  times
    ============ ====== ================ ===== ==============
    A x B x C    none   earliest_longest steps 0, 2, 4
    A C B C      none   earliest_longest steps 0, 2, 3
    B C A        none   earliest_longest steps 2
    A B x C      3      earliest_longest steps 0, 1, 3
    A B x x C    3      earliest_longest steps 0, 1
    A x x A B C  3      earliest_longest steps 3, 4, 5
    A x x A B C  3      first_entry      steps 0
    A A B C C    9      earliest_longest steps 0, 2, 3
    A B x x A B  4      earliest_longest steps 0, 1
    A B x x A B  4      latest_entry     steps 4, 5
    A A B B C    none   first_completion steps 1, 2, 4
    A B A B C    none   latest_entry     steps 2, 3, 4
    B = A C      none   earliest_longest steps 0, 0, 1
    C = B = A    0      earliest_longest steps 0, 0, 0
    A = B C      none   earliest_longest later 0
    A = B B C    none   earliest_longest later 0, 1, 2
    ============ ====== ================ ===== ==============

    =============== ============================================== ====================
    events          options                                        times
    =============== ============================================== ====================
    A x B C         mode="contiguous"                              0
    A B x C         mode="contiguous"                              0, 1
    A B A B C       mode="contiguous"                              2, 3, 4
    A = x B C       mode="contiguous"                              0, 1, 2
    C A B           mode="unordered"                               0, 1, 2
    B . . A C       mode="unordered", window="2s"                  3, 4
    C C A           mode="unordered"                               1, 2
    A R B C         exclude=[ff.Exclude("R")]                      0
    A B R C         exclude=[ff.Exclude("R", before="B")]          0, 1, 3
    A R A B C       exclude=[ff.Exclude("R")]                      2, 3, 4
    A B R B C       exclude=[ff.Exclude("R", after="B")]           0, 3, 4
    A B = R C       exclude=[ff.Exclude("R", after="B")]           0, 1
    A1 B2 B1 C1     same=["product"]                               0, 2, 3
    A1 B C1         same=["product"]                               0
    A1 B2 x1 B1     same=["product"], mode="contiguous"            0
    A1 x2 B1 C1     same=["product"], mode="contiguous"            0, 2, 3
    A B C A B       unit="attempt"                                 0, 1, 2 | 3, 4
    A A B C         unit="attempt"                                 0, 2, 3
    A B . A . B C   unit="attempt", window="2s"                    0, 1 | 3, 5
    A B . . . B C   unit="session", gap="3s"                       0, 1
    A B . . . A B   unit="session", gap="3s"                       0, 1 | 5, 6
    =============== ============================================== ====================

    Examples
    --------
    >>> import pyarrow as pa
    >>> log = pa.table({
    ...     "who": [7, 7, 8], "at": [0, 60, 30], "what": ["view", "pay", "view"], "on": ["web", "app", "app"]
    ... })
    >>> events = ff.Events(log, customer="who", time="at", event="what", time_unit="s", device="on")
    >>> events.funnel(["view", "pay"], window="1m").weakest().rate
    0.5
    >>> events.funnel(["view", "pay"], by="device").to_polars().select("device", "name", "reached").rows()
    [('app', 'view', 1), ('app', 'pay', 0), ('web', 'view', 1), ('web', 'pay', 1)]
    """
    params = {
        "window": window, "mode": mode, "anchor": anchor, "ties": ties, "by": by, "attribution": attribution,
        "same": same, "exclude": exclude, "unit": unit, "gap": gap, "start": start, "end": end,
        "follow_up": follow_up, "period": period,
    }  # fmt: skip
    native, made = native_funnel(self._log, steps, params)
    warn_unknown(self._log, native.unknown)
    return Funnel(native, self._origin, [step.name for step in made], {**params, "anchor": native.anchor})
