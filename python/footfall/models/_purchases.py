"""What all models of purchases share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from footfall import _native
from footfall.core.checks import real, word
from footfall.models._arrays import answer, arrays, histories, refuse
from footfall.models.fit import FittedModel, read, warn

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Four = tuple[float, float, float, float]


class PurchaseModel(FittedModel):
    """A model of purchases; see its kinds, :class:`footfall.BgNbd`, ``MbgNbd`` and ``ParetoNbd``.

    Every time is in one unit of your choice. ``repeats`` counts a customer's purchases but for the first (purchases of
    one day as one, as the literature does it), ``last_seen`` is the time from the first to the last purchase (t_x) and
    ``age`` that from the first purchase to the end of observation (T). Arrays have one length; numbers give a number.
    """

    _model: ClassVar[str]
    _names: ClassVar[tuple[str, str, str, str]]
    _parameters: Four

    def _set(self, *parameters: float) -> None:
        wanted = f"a positive number, as the parameters of {type(self).__name__} are"
        named = zip(self._names, parameters, strict=True)
        made = tuple(real(value, name, wanted, lambda number: number > 0) for name, value in named)
        self._parameters = made  # type: ignore[assignment] # There are four names.

    @classmethod
    def fit(
        cls,
        repeats: ArrayLike,
        last_seen: ArrayLike,
        age: ArrayLike,
        weights: ArrayLike | None = None,
    ) -> Self:
        """Find the parameters under which histories are most likely.

        Newton's method with exact derivatives, from the best of several starts. What the data do not identify is said
        in a warning and in :attr:`fit_result`, not raised.

        Parameters
        ----------
        repeats, last_seen, age : array_like of shape (n,)
            The histories.
        weights : array_like of shape (n,), optional
            How many customers each stands for.

        Returns
        -------
        PurchaseModel
        """
        checked, _ = histories(repeats, last_seen, age)
        import numpy as np

        if not len(checked[0]) or not (checked[2] > 0).any():
            raise ValueError("fit() needs at least one customer with an age of more than 0")
        weighed = None
        if weights is not None:
            (weighed, _), _ = arrays(weights=weights, repeats=checked[0])
            refuse(~(np.isfinite(weighed) & (weighed >= 0)), "weights= are numbers from 0", ("weights", weighed))
            if not weighed.sum() > 0:
                raise ValueError("weights= are all 0: nobody is left to fit to")
        fitted = _native.fit_purchases(cls._model, checked[0], checked[1], checked[2], weighed)
        made = cls.of_fit(fitted, len(checked[0]))
        if made.fit_result is not None:
            warn(made.fit_result, cls.__name__, 3)
        return made

    @classmethod
    def of_fit(cls, fitted: Any, customers: int) -> Self:
        """Make the model of what the core has fitted to so many customers."""
        parameters, fit = read(fitted, cls._names, customers)
        made = cls(*parameters.values())
        made._fit = fit
        return made

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self._names, self._parameters, strict=True))

    def log_likelihood(self, repeats: ArrayLike, last_seen: ArrayLike, age: ArrayLike) -> Any:
        """Return the log-likelihood of each history."""
        return self._each("log_likelihood", 0.0, repeats, last_seen, age)

    def p_alive(self, repeats: ArrayLike, last_seen: ArrayLike, age: ArrayLike, *, ahead: float = 0.0) -> Any:
        """P(alive): the probability that a customer is still active, now or a time ``ahead``."""
        return self._each("p_alive", _time(ahead, "ahead"), repeats, last_seen, age)

    def expected_orders(self, horizon: float, repeats: ArrayLike, last_seen: ArrayLike, age: ArrayLike) -> Any:
        """Return the expected purchases in a time after the end of observation, given the history."""
        return self._each("expected", _time(horizon, "horizon"), repeats, last_seen, age)

    def expected_orders_new(self, t: ArrayLike) -> Any:
        """Return the expected repeats of a new customer in times since the first purchase."""
        import numpy as np

        (times,), single = arrays(t=t)
        refuse(~(np.isfinite(times) & (times >= 0)), "t= takes finite times from 0", ("t", times))
        return answer(_native.expected_new(self._model, self._parameters, times), single)

    def probability(self, n: ArrayLike, t: float) -> Any:
        """Return the chance of exactly ``n`` repeats in a time since the first purchase."""
        import numpy as np

        (numbers,), single = arrays(n=n)
        refuse(
            ~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))),
            "n= takes whole numbers from 0",
            ("n", numbers),
        )
        return answer(_native.probability(self._model, self._parameters, numbers, _time(t, "t")), single)

    def time_to_next(
        self, repeats: ArrayLike, last_seen: ArrayLike, age: ArrayLike, *, statistic: str = "median"
    ) -> Any:
        """Return the median or the mean time to the next purchase of a customer who has not left.

        The mean is infinite where r + repeats is at most one.
        """
        word(statistic, "statistic", ("median", "mean"))
        return self._each(f"next_{statistic}", 0.0, repeats, last_seen, age)

    def _each(self, what: str, time: float, repeats: Any, last_seen: Any, age: Any) -> Any:
        checked, single = histories(repeats, last_seen, age)
        params = {"model": self._model, "parameters": list(self._parameters), "what": what, "time": time}
        return answer(_native.of_histories(params, *checked), single)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value:.6g}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({inside})"


def _time(value: Any, name: str) -> float:
    return real(value, name, "a time from 0, a number in the unit of the histories", lambda time: time >= 0)
