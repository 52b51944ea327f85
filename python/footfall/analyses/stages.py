"""Stages of customers on some dates: aware, interested, bought, loyal (AIPL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.checks import events as event_names
from footfall.core.checks import instance, listed, whole
from footfall.core.language import spoken
from footfall.core.time_points import duration, moment
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from footfall.data.events import Events
    from footfall.data.orders import Orders
    from footfall.result import Origin

# A name that no event has.
_BOUGHT = "a purchase of the orders"


def stages(
    self: Orders,
    events: Events,
    dates: Sequence[Any],
    *,
    interested: str | int | Sequence[str | int],
    contacts: str | timedelta = "30d",
    purchases: str | timedelta = "730d",
    loyal: int = 2,
) -> Stages:
    """Count customers by the furthest stage that they have reached on some dates, and who moved between them.

    The stages are those of AIPL: **loyal** with ``loyal`` purchases within ``purchases`` before the end of the date,
    **bought** with one; else **interested** with an event of ``interested`` within ``contacts``, **aware** with any
    other event; else none. Orders that went back in full are no purchase. Platforms define the stages by data of their
    own (Alibaba's A and I count 15 days, P and L two years and one): give their lengths to compare.

    Parameters
    ----------
    events : Events
        What the customers did beside buying, with keys that match those of the orders.
    dates : sequence of date, datetime or str
        The dates, each later than the one before; a date means its end.
    interested : str, int or list of them
        The events that show interest, as ``["cart", "favourite"]``.
    contacts, purchases : str or timedelta
        How long an event and a purchase count.
    loyal : int
        From how many purchases on a customer is loyal.

    Returns
    -------
    Stages
        One row per date and stage.

    Examples
    --------
    >>> shop = ff.datasets.make_shop(2_000, seed=1)
    >>> orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    >>> events = ff.Events(shop.events, customer="customer", time="time", event="event")
    >>> stages = orders.stages(events, ["2024-03-31", "2024-06-30"], interested=["cart"])
    >>> stages.table.column_names
    ['date', 'stage', 'customers', 'share']
    """
    from footfall.data.events import Events as EventLog

    instance(events, "events=", "ff.Events", EventLog)
    points = [moment(date, "dates") for date in listed(dates, "dates", 'dates, as in ["2024-03-31", "2024-06-30"]')]
    both = EventLog.concat([events, self._purchases(_BOUGHT)])
    params = {
        "dates": [point for point in points if point is not None], "interested": event_names(interested, "interested"),
        "bought": [_BOUGHT], "contacts": duration(contacts, "contacts"),
        "purchases": duration(purchases, "purchases"), "loyal": whole(loyal, "loyal", 2, 10**6),
    }  # fmt: skip
    title = [
        "Customers by the furthest stage on a date",
        f"  contacts count {contacts}, purchases {purchases}; loyal from {loyal} purchases",
    ]
    return Stages(_native.run(both._log, "stages", params), self._origin, title)  # noqa: SLF001


class Stages(Result):
    """One row per date and stage, in that order.

    Columns: ``date``; ``stage`` ("aware", "interested", "bought", "loyal"); ``customers`` whose furthest stage it is;
    ``share`` of all with a stage on the date.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, title: list[str]) -> None:
        super().__init__(found["table"], origin, title)
        self._flow = found["flow"]

    @property
    def flow(self) -> Table:
        """One row per date but the first, stage on the date before and stage: who moved.

        Columns: ``date``; ``from`` and ``to`` ("none" where there is no stage); ``customers``; ``share`` of those who
        were in the stage before.
        """
        return Table(self._flow, self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the flow from stage to stage between the last two dates; of one date, its stages.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.stages import plot_stages

        return plot_stages(self, self.flow, spoken(language))
