"""A shop in a period, and the periods that it is compared with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from footfall.data._shop_periods import Figures, Period, instant, period_before, year_before

if TYPE_CHECKING:
    import datetime as dt

    from footfall.data.events import Events
    from footfall.data.orders import Orders
    from footfall.data.shop import Shop


class Between:
    """What a shop has of periods."""

    #: What is counted, half-open; None for all.
    period: Period | None
    events: Events | None
    orders: Orders | None
    _whole: Shop | None

    def between(self, start: Any = None, end: Any = None) -> Shop:
        """Count what lies in a period; what is known of customers stays, as of :meth:`Orders.between`.

        :attr:`before` and :attr:`year_before` are the periods that it is compared with, :meth:`figures` compares.

        Parameters
        ----------
        start, end : date, datetime or str, optional
            The period is half-open. Spend, after-sales contacts and the survey are cut to it too.

        Examples
        --------
        >>> shop = ff.Shop.sample(2_000, seed=1).between("2024-04-01", "2024-07-01")
        >>> [f"{day:%Y-%m-%d}" for other in (shop.before, shop.year_before) for day in other.period]
        ['2024-01-01', '2024-04-01', '2023-04-01', '2023-07-01']
        """
        shop = cast("Shop", self)
        made = object.__new__(type(shop))
        # What is derived of the whole shop is not that of the period.
        derived = {"before", "year_before", "monthly_sales"}
        made.__dict__.update({name: value for name, value in self.__dict__.items() if name not in derived})
        made._made, made._locks = {}, {}
        made._whole = self._whole or shop
        for name in ("events", "orders", "spend", "after_sales", "survey"):
            part = getattr(shop, name)
            setattr(made, name, None if part is None else part.between(start, end))
        begin, stop = instant(start), instant(end)
        made.period = None if begin is None or stop is None else (begin, stop)
        return made

    @cached_property
    def before(self) -> Shop | None:
        """The period of the same length before this one: so many calendar months where it is whole months, else days.

        None without a period, or where the data do not hold the whole of it.
        """
        return None if self.period is None else self._in(period_before(self.period))

    @cached_property
    def year_before(self) -> Shop | None:
        """The same period a year before; None without a period, or where the data do not hold the whole of it."""
        return None if self.period is None else self._in(year_before(self.period))

    def _in(self, period: Period) -> Shop | None:
        """Return the shop in a period that each of its logs holds as a whole, or None."""
        starts = [log.quality.first for log in (self.events, self.orders) if log is not None]
        if self._whole is None or not all(first is not None and _day(first) <= period[0] for first in starts):
            return None
        return self._whole.between(*period)

    def figures(self) -> Figures:
        """Return the figures of the period, beside those of the period before and of a year before.

        Returns
        -------
        Figures
            One row per figure: of sales, conversion, carts and spend.
        """
        shop = cast("Shop", self)
        made: Figures = shop.shared("figures", lambda: Figures(shop))
        return made


def _day(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
