"""Customer lifetime value: P(alive), expected orders, expected amounts."""

from __future__ import annotations

import math
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from footfall import _native
from footfall._errors import DataError, FootfallWarning
from footfall.analyses.backtest import Backtest
from footfall.core.checks import real
from footfall.core.columns import table_of, values
from footfall.core.language import spoken
from footfall.core.time_points import clock_of, date_of, moment, span
from footfall.models.bg_nbd import BgNbd
from footfall.models.fit import warn
from footfall.models.gamma_gamma import GammaGamma
from footfall.models.mbg_nbd import MbgNbd
from footfall.models.pareto_nbd import ParetoNbd
from footfall.result import PerCustomer
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.orders import Orders
    from footfall.models._purchases import PurchaseModel
    from footfall.result import Origin


def lifetime(
    self: Orders,
    horizon: Any = "365d",
    *,
    model: Literal["mbg", "bg", "pareto"] | None = None,
    discount: float = 0.1,
    margin: float | None = None,
) -> Lifetime:
    """Predict each customer's number of orders and customer lifetime value (CLV) over a horizon.

    A model of purchases (see :class:`footfall.MbgNbd`) and one of amounts (:class:`footfall.GammaGamma`) are fitted
    to all that is known up to the end of the data, or of the period after ``between``. Purchases of one day are
    one; money is net of refunds, and the first day's does not count for the amount of repeats, as in the
    literature. A refund that names its order (``refund_of``) is taken off that order's day, any other off its own.

    Where fewer than ten customers came back, no data tell whether the others have left or only wait: BG/NBD has all of
    them alive and MBG/NBD none. Nothing is predicted then, unless a model is asked for by name.

    Parameters
    ----------
    horizon : str or timedelta
        How far to look.
    model : {"mbg", "bg", "pareto"}, optional
        MBG/NBD (the default), where each purchase may be the last; BG/NBD, where customers stay until a repeat;
        Pareto/NBD, where they may leave at any time.
    discount : float
        By how much less a year later is worth: money after d days counts (1 + discount)^(−d/365).
    margin : float, optional
        The share of the money that is earned. Default: all.

    Returns
    -------
    Lifetime
        One row per customer who bought, in the order of the keys.

    Examples
    --------
    >>> life = ff.datasets.load_cdnow().lifetime("39w")
    >>> life.to_polars().select("repeats", "p_alive", "expected_orders", "value").row(0)
    (3, 0.63..., 0.93..., 23.54...)
    """
    days = span(horizon, "horizon", "365d") / _DAY
    rate = "a yearly rate from 0 to 5, as in 0.1 for ten percent"
    discount = real(discount, "discount", rate, lambda part: 0 <= part <= _DEAREST)
    earned = 1.0
    if margin is not None:
        share = "the share of the money that is earned, more than 0 and at most 1, as in 0.3"
        earned = real(margin, "margin", share, lambda part: 0 < part <= 1)
    params = {
        "horizon": days, "model": model or "mbg", "discount": discount, "margin": earned,
        "refunds": self._refunds, "predictions": "told" if model is None else "all",
    }  # fmt: skip
    if not self._log.has_money:
        raise DataError("the log has no money (amount=None), and a lifetime value is of money: give amount= or price=")
    native = _native.Lifetime(self._log, params)
    return Lifetime(native, self._origin, {**params, "horizon": horizon})


_DAY = 86_400 * 10**6
# A yearly rate beyond it is a percentage that was meant as a share.
_DEAREST = 5
MODELS: dict[str, type[PurchaseModel]] = {"bg": BgNbd, "mbg": MbgNbd, "pareto": ParetoNbd}
_Z = 1.959963984540054
_CORRELATED = 0.3
_WITHHELD = (
    "fewer than ten customers came back, so that no model can tell who has left: BG/NBD has all alive and MBG/NBD none"
)


class Lifetime(PerCustomer):
    """One row per customer who bought, in the order of the keys.

    Columns: the key; ``repeats`` (days with a purchase, but for the first), ``last_seen`` and ``age`` (days from the
    first purchase to the last one, and to the end of the data); ``p_alive`` (the probability of being active);
    ``expected_orders`` in the horizon; ``expected_amount`` (of one of them: by Gamma-Gamma from the mean of the
    customer's repeats; for a customer without a positive one the mean of the model, where that is infinite or fewer
    than ten came back the mean of all repeats, and without any repeat that of first days); ``value`` (money of the
    horizon, times the margin, discounted to the end of the data); ``next_order_median``, ``next_order_mean`` (days to
    the next order of a customer who has not left; the mean is null where it is infinite). Predictions are null where
    fewer than ten customers came back and no model was asked for by name.
    """

    _titles: ClassVar[dict[str, dict[str, str]]] = {"age": {"en": "days since the first order", "zh": "距首次购买天数"}}

    def __init__(self, native: _native.Lifetime, origin: Origin, params: dict[str, Any]) -> None:
        self._lifetime = native
        self._info = native.info()
        self._params = params
        self._model = MODELS[params["model"]].of_fit(native.purchases, self._info["customers"])
        self._spending: GammaGamma | None = None
        if native.spending is not None:
            self._spending = GammaGamma.of_fit(native.spending, self._info["spending_customers"])
        for model in (self._model, self._spending):
            if model is not None and model.fit_result is not None and not self._info["withheld"]:
                warn(model.fit_result, type(model).__name__, 4)
        if self._info["withheld"]:
            warnings.warn(f"{_WITHHELD}; type model={params['model']!r} to predict all the same", FootfallWarning, 3)
        super().__init__(native.table(), origin, [])

    @property
    def model(self) -> PurchaseModel:
        """The model of purchases, in days."""
        return self._model

    @property
    def spending(self) -> GammaGamma | None:
        """The model of what a purchase is worth; None where too few customers came back to tell."""
        return self._spending

    @cached_property
    def parameters(self) -> Table:
        """One row per parameter: ``model``, ``parameter``, ``value``, ``standard_error``, ``low``, ``high``.

        The 95 % interval is that of the logarithm; null where the data do not tell.
        """
        rows: list[tuple[Any, ...]] = []
        for model in (self._model, self._spending):
            if model is None:
                continue
            errors = model.standard_errors or {}
            for name, value in model.parameters.items():
                error = errors.get(name, math.nan)
                known = math.isfinite(error)
                spread = math.exp(min(_Z * error / value, 700.0)) if known else math.nan
                ends = (error, value / spread, value * spread) if known else (None,) * 3
                rows.append((type(model).__name__, name, value, *ends))
        names = ("model", "parameter", "value", "standard_error", "low", "high")
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        return Table(table_of(columns), self._library)

    @cached_property
    def population(self) -> Table:
        """One row: all customers together, and a new one.

        Columns: ``customers``; ``alive`` (expected), ``expected_orders``, ``value`` of all; ``amount`` (the expected
        amount of a customer without a repeat); ``new_orders`` (expected repeats of a new customer in the horizon).
        """
        told = not self._info["withheld"]

        def total(name: str) -> float | None:
            return float(values(self._native, name).sum()) if told else None

        row = {
            "customers": self.num_rows,
            "alive": total("p_alive"),
            "expected_orders": total("expected_orders"),
            "value": total("value"),
            "amount": self._info["population_amount"],
            "new_orders": self._info["expected_new"] if told else None,
        }
        return Table(table_of({name: [value] for name, value in row.items()}), self._library)

    def p_alive_at(self, at: Any) -> PerCustomer:
        """P(alive): the probability that each customer is still active on a later day, as known at the end of the data.

        Parameters
        ----------
        at : date, datetime or str
            A day at the end of the data or after it.

        Returns
        -------
        PerCustomer
            The key and ``p_alive``.
        """
        day = moment(at, "at")
        if day is None:
            raise TypeError("p_alive_at() takes a date")
        table = self._lifetime.alive({"at": day})
        return PerCustomer(table, self._origin, [f"Probability of being active (p_alive) on {at}"])

    def backtest(self, split: Any) -> Backtest:
        """Fit the same models to what lay before a day, and compare with what came after.

        Parameters
        ----------
        split : date or str
            The first day that the models do not see.

        Returns
        -------
        Backtest

        Examples
        --------
        >>> life = ff.datasets.load_cdnow().lifetime(model="bg")
        >>> life.backtest("1997-10-01").totals.rows()[0][:3]
        ('orders', 1882.0, 1653.4...)
        """
        day = moment(split, "split")
        if day is None:
            raise TypeError('backtest() takes the first day that the models do not see, as in "2024-07-01"')
        customers, weeks, fitted, horizon = self._lifetime.backtest({"split": day})
        fit = type(self._model).of_fit(fitted, customers.num_rows).fit_result
        title = [f"Backtest of {type(self._model).__name__}: {customers.num_rows:,} customers, {horizon:g} days after"]
        return Backtest(customers, weeks, self._origin, fit=fit, title=title, split=clock_of(day))

    def _title(self) -> list[str]:
        params, facts = self._params, self._info
        last = date_of(facts["last_day"])
        lines = [
            f"Lifetime value of {self.num_rows:,} customers in {params['horizon']} after {last}; "
            f"discounted by {params['discount']:.0%} a year; margin {params['margin']:.0%}",
            f"  {self._model!r}, in days; {self._model.fit_result.status if self._model.fit_result else ''}",
        ]
        if facts["withheld"]:
            lines.append(f"  no predictions: {_WITHHELD}")
        if self._spending is None:
            lines.append(f"  too few came back to model amounts: {facts['population_amount']:,.2f} for each")
            return lines
        lines.append(f"  {self._spending!r}; {self._spending.fit_result.status if self._spending.fit_result else ''}")
        if not math.isfinite(self._spending.mean):
            lines.append(
                "  q is at most 1, so that the model has no mean: customers without a repeat have that of all repeats, "
                f"{facts['population_amount']:,.2f}"
            )
        if facts["correlation"] is not None:
            far = "; the model takes them for independent" if abs(facts["correlation"]) > _CORRELATED else ""
            lines.append(f"  correlation of repeats and mean amount: {facts['correlation']:.2f}{far}")
        if facts["spending_left_out"]:
            lines.append(
                f"  {facts['spending_left_out']:,} customers whose repeats came to nothing have the mean of all"
            )
        return lines

    def plot(self, kind: Literal["alive", "value"] = "alive", *, language: str | None = None) -> Any:
        """Draw the probability of being active over recency and repeats, or how value is spread over customers.

        Parameters
        ----------
        kind : {"alive", "value"}
            The chance for every history of a customer as old as the oldest; or the share of the value that the best
            customers hold.
        language : {"en", "zh"}
            Of titles.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.lifetime import plot_alive, plot_value

        if kind not in {"alive", "value"}:
            raise ValueError(f'kind={kind!r}: give "alive" or "value"')
        return (
            plot_alive(self, self._model, spoken(language)) if kind == "alive" else plot_value(self, spoken(language))
        )
