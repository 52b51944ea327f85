"""Which visits are given the credit for conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import column
from footfall.core.checks import events as event_names
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import PerCustomer, Result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from footfall.bands import Bands
    from footfall.data.events import Events
    from footfall.result import Origin
    from footfall.table import Table

#: The rules, in the order of the columns.
RULES = ("first", "last", "linear", "position", "time_decay")


def attribution(
    self: Events,
    goal: str | int | Sequence[str | int],
    by: str | Table | Bands,
    *,
    window: str | timedelta = "30d",
    half_life: str | timedelta = "7d",
    conversions: Literal["all", "first"] = "all",
    value: str | None = None,
    gap: str | timedelta | None = None,
) -> Attribution:
    """Give the credit for conversions to the channels of the visits before them, by five rules side by side.

    A visit is a session; its channel is the first value of ``by`` in it that is not null. To a conversion belong the
    visits that began at most ``window`` before it, that of the conversion included:

    - **first**, **last**: all of the credit goes to the first, or the last, of them;
    - **linear**: to each alike;
    - **position**: 40 % to the first, 40 % to the last, the rest to those between alike (of two, half each);
    - **time_decay**: to each by 2^(-age / half_life), age being the time from the start of the visit to the conversion.

    A conversion without such a visit is counted under null. No rule tells what caused a purchase: it takes an
    experiment for that.

    Parameters
    ----------
    goal : str, int or list of them
        The events that convert, as ``"pay"``.
    by : str or a column of a result
        The channel, as ``"source"``.
    window, half_life : str or timedelta
        How long before a conversion a visit may have begun; the age at which its weight is a half.
    conversions : {"all", "first"}
        All, or the first of each customer that is known, as for :meth:`Orders.acquisition`.
    value : str, optional
        The number that says what a conversion is worth, as ``"value"``.
    gap : str or timedelta, optional
        The pause that ends a session, as of :meth:`sessions`.

    Returns
    -------
    Attribution
        One row per channel.

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({
    ...     "who": [1, 1, 1], "at": ["2024-01-01", "2024-01-05", "2024-01-09"], "what": ["view", "view", "pay"],
    ...     "from": ["ads", "mail", "direct"],
    ... })
    >>> events = ff.Events(log, customer="who", time="at", event="what", source="from")
    >>> credit = events.attribution("pay", "source").table
    >>> credit.select("from", "first", "last", "position").rows()
    [('ads', 1.0, 0.0, 0.4), ('direct', 0.0, 1.0, 0.4), ('mail', 0.0, 0.0, 0.2)]
    """
    log, groups = resolve_group_by(self._log, by)
    params = {
        "goal": event_names(goal, "goal"), "by": groups, "window": duration(window, "window"),
        "half_life": duration(half_life, "half_life"), "conversions": conversions,
        "value": None if value is None else column(value, "value"), "gap": duration(gap, "gap"),
    }  # fmt: skip
    title = [
        f"Credit for conversions by {groups[0][1]}, five rules" if groups else "",
        f"  {conversions} conversions; visits up to {window} before; time decay halves in {half_life}",
    ]
    return Attribution(_native.run_rows(log, "attribution", params), self._origin, title)


class Attribution(Result):
    """One row per channel, in the order of the values; null is for conversions without a visit.

    Columns: the channel; ``conversions`` that it had a part in; the credit for them by rule: ``first``, ``last``,
    ``linear``, ``position``, ``time_decay``, each adding up to the number of conversions; with ``value=`` the same of
    money: ``first_value`` and so on.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, title: list[str]) -> None:
        super().__init__(found["table"], origin, title)
        self._customers = found["rows"]

    @property
    def customers(self) -> PerCustomer:
        """One row per customer who converted: the channels of the ``first`` and ``last`` visit before the first time.

        A column of it can stand in ``by=``, as in ``orders.retention(by=credit.customers["first"])``.
        """
        return PerCustomer(self._customers, self._origin, ["Channels before the first conversion of each customer"])

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the credit of each channel by the five rules.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.attribution import plot_attribution

        return plot_attribution(self, spoken(language))
