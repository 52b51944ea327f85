"""Concentration of revenue: Lorenz curve and Gini coefficient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.language import spoken
from footfall.result import Result

if TYPE_CHECKING:
    from footfall import _native
    from footfall.result import Origin


class Concentration(Result):
    """The Lorenz curve: ``revenue_share`` of the lowest ``customer_share`` of the customers, in hundredths.

    Attributes
    ----------
    gini : float or None
        The Gini coefficient: 0 where all customers spend the same. None where the revenue is not positive.
    top_20 : float or None
        The share of the revenue that the best fifth of the customers bring.
    negative : int
        Customers whose refunds exceed what they bought: they count as 0, so that no share lies beyond the whole.

    Examples
    --------
    >>> concentration = ff.datasets.load_cdnow().rfm().concentration
    >>> round(concentration.gini, 3), round(concentration.top_20, 3)
    (0.631, 0.674)
    """

    def __init__(
        self, native: _native.Table, gini: float | None, top_20: float | None, negative: int, origin: Origin
    ) -> None:
        title = ["Concentration of the revenue"]
        if gini is not None and top_20 is not None:
            title = [f"Concentration of the revenue: Gini {gini:.3f}; the best 20 % bring {top_20:.1%}"]
        if negative:
            title.append(f"  {negative:,} customers whose refunds exceed what they bought count as 0")
        super().__init__(native, origin, title)
        self.negative = negative
        self.gini = gini
        self.top_20 = top_20

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the Lorenz curve.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.concentration import plot_lorenz

        return plot_lorenz(self, self.gini, self.top_20, spoken(language))
