"""What goes with buying again, or with leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.bands import Bands
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import listed, shown, word
from footfall.core.language import spoken
from footfall.core.time_points import duration, span
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from footfall.data.orders import Orders
    from footfall.result import Origin

_WANTED = 'a list of columns, of "amount", "items", "discounted" or "price_level", or of columns of results'


def drivers(
    self: Orders,
    features: Sequence[str | Table | Bands],
    *,
    outcome: Literal["repurchase", "lost"] = "repurchase",
    within: str | timedelta = "90d",
    landmark: str | timedelta = "0d",
) -> Drivers:
    """Find what goes with buying again after the first order, or with leaving after the last; it need not be the cause.

    With ``outcome="repurchase"`` a customer counts who orders again within ``within`` of the first purchase, and
    features are what is known of that purchase. With ``outcome="lost"`` a customer counts who had bought before the
    last ``within`` of the data, and did not in it; features are those of the last purchase before it. Customers who
    were not followed for all of ``within`` say nothing; they are counted in :attr:`Drivers.left_out`.

    Parameters
    ----------
    features : list
        Columns of the orders (of its largest line; numbers as the sum of its lines, in bands of their quantiles);
        attributes of the customers (see :meth:`with_customers`); columns of results such as ``rfm["segment"]``;
        ``ff.bands(…)``; or what an order has by itself: ``"amount"``, ``"items"`` (pieces, or lines where they are
        not known), ``"discounted"`` (with the role ``discount``), ``"price_level"`` (the price of a piece by the
        median of the same column ``category``); with ``outcome="lost"`` also ``"orders"`` (so far) and
        ``"recency_days"`` (when the time begins in which none came).
    outcome : {"repurchase", "lost"}
        What features go with.
    within : str or timedelta
        The time in which another order counts.
    landmark : str or timedelta
        The time after the first order at which features are known, as ``"14d"`` for delivery or rating: who orders
        again by then is left out, and counted.

    Returns
    -------
    Drivers
        One row per feature and level.

    Examples
    --------
    >>> found = ff.datasets.load_cdnow().drivers(["amount", "items"], within="90d")
    >>> found.left_out
    {'ordered_by_landmark': 0, 'not_followed': 0}
    >>> [(row["level"], row["customers"], round(row["rate"], 3)) for row in found.to_arrow().to_pylist()][:2]
    [('0 to 14.37', 559, 0.256), ('14.37 to 23.54', 619, 0.236)]
    """
    given = listed(features, "features", _WANTED)
    for one in given:
        if not isinstance(one, (str, Table, Bands)):
            raise TypeError(f"features=[{shown(one)}]: give {_WANTED}")
    log, sources = resolve_group_by(self._log, given)
    params = {
        "features": sources, "outcome": word(outcome, "outcome", ["repurchase", "lost"]),
        "within": span(within, "within", "90d"), "landmark": duration(landmark, "landmark", zero="allowed") or 0,
        "refunds": self._refunds,
    }  # fmt: skip
    return Drivers(_native.run(log, "drivers", params), self._origin, outcome, within, landmark)


class Drivers(Result):
    """One row per feature and level: how the outcome differs by it. It goes with the outcome; it need not cause it.

    Columns: ``feature``, ``level`` (numbers of more than eight values in bands of their quartiles); ``customers``;
    ``rate`` of the outcome with its Wilson 95 % interval ``low``, ``high``; ``lift`` (the rate over that of all);
    ``p_value`` (against all other levels, two proportions) and ``p_adjusted`` (Benjamini-Hochberg, over all rows);
    ``odds_ratio`` with its 95 % Wald interval ``odds_low``, ``odds_high``, of one logistic regression on all features
    together, against the most frequent level (whose odds ratio is 1), with the errors of the model; ``method``:
    "maximum likelihood", or "Firth's penalty" where a level separates the outcomes; null where it cannot be told.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, outcome: str, within: Any, landmark: Any) -> None:
        what = {
            "repurchase": f"another order within {within} of the first",
            "lost": f"no order in the last {within}",
        }[outcome]
        known = f", features known after {landmark}" if landmark != "0d" else ""
        title = [
            f"What goes with {what}{known} (not what causes it)",
            f"  {found['customers']:,} customers, of whom {found['counted']:,}; per customer, net of refunds",
        ]
        super().__init__(found["table"], origin, title)
        self._found, self._outcome = found, outcome

    @property
    def left_out(self) -> dict[str, int]:
        """Customers who say nothing: ``ordered_by_landmark``, and ``not_followed`` for long enough."""
        return {"ordered_by_landmark": self._found["early"], "not_followed": self._found["unfollowed"]}

    @property
    def auc(self) -> float | None:
        """The area under the ROC curve of a regression of the earlier customers (70 %), over the later ones.

        The chance that a later customer who counts was given a higher chance than one who does not; 0.5 is no better
        than a coin. None where there are fewer than 30 later customers, or it cannot be fitted.
        """
        area: float | None = self._found["area"]
        return area

    @property
    def brier(self) -> float | None:
        """The mean squared difference of the chances given to later customers and what came of them."""
        brier: float | None = self._found["brier"]
        return brier

    @property
    def calibration(self) -> Table:
        """One row per band of the chances given to later customers, ten at most.

        Columns: ``band``, ``customers``, ``predicted`` (the mean chance), ``observed`` (the share who count) with its
        Wilson 95 % interval ``low``, ``high``.
        """
        return Table(self._found["validation"], self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the odds ratio of each level with its interval, on a logarithmic scale.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.drivers import plot_drivers

        return plot_drivers(self, self._outcome, spoken(language))
