"""Gamma-Gamma."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Self

from footfall import _native
from footfall.core.checks import real
from footfall.models._arrays import answer, arrays, refuse
from footfall.models.fit import FittedModel, read, warn

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_NAMES = ("p", "q", "gamma")


class GammaGamma(FittedModel):
    """Gamma-Gamma: what a purchase is worth is gamma distributed, around a mean that differs from customer to customer.

    The model takes the number of purchases and what each is worth for independent.

    Parameters
    ----------
    p : float
        Shape of the worth of one purchase.
    q, gamma : float
        Shape and scale of its rate over customers; γ has the unit of money. The mean over all customers is
        p·γ / (q − 1), and infinite where q is at most one.

    Notes
    -----
    R. Colombo & W. Jiang, Journal of Interactive Marketing 13 (1999); P. S. Fader & B. G. S. Hardie, "The Gamma-Gamma
    model of monetary value" (2013).

    Examples
    --------
    >>> import footfall as ff
    >>> model = ff.GammaGamma(p=6.25, q=3.74, gamma=15.44)  # CDNOW, from the note
    >>> round(model.expected_amount(repeats=2, mean_amount=22.35), 1)
    24.7
    """

    def __init__(self, p: float, q: float, gamma: float) -> None:
        wanted = "a positive number, as the parameters of GammaGamma are"
        named = zip(_NAMES, (p, q, gamma), strict=True)
        p, q, gamma = (real(value, name, wanted, lambda number: number > 0) for name, value in named)
        self._parameters = (p, q, gamma)

    @classmethod
    def fit(cls, repeats: ArrayLike, mean_amount: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Find the parameters under which the means are most likely.

        Parameters
        ----------
        repeats : array_like of shape (n,)
            Over how many purchases each mean is taken: at least one.
        mean_amount : array_like of shape (n,)
            The mean worth of a customer's purchases: more than 0.
        weights : array_like of shape (n,), optional
            How many customers each stands for.

        Returns
        -------
        GammaGamma
        """
        import numpy as np

        (x, mean), _ = arrays(repeats=repeats, mean_amount=mean_amount)
        named = _named(x, mean)
        refuse(~((x >= 1) & (x == np.floor(x)) & np.isfinite(x)), "repeats= are whole numbers from 1", *named)
        refuse(~((mean > 0) & np.isfinite(mean)), "mean_amount= is more than 0: leave the others out", *named)
        if not len(x):
            raise ValueError("fit() needs at least one customer")
        weighed = None
        if weights is not None:
            (weighed, _), _ = arrays(weights=weights, repeats=x)
            refuse(~(np.isfinite(weighed) & (weighed >= 0)), "weights= are numbers from 0", ("weights", weighed))
            if not weighed.sum() > 0:
                raise ValueError("weights= are all 0: nobody is left to fit to")
        made = cls.of_fit(_native.fit_spending(x, mean, weighed), len(x))
        if made.fit_result is not None:
            warn(made.fit_result, cls.__name__, 3)
        return made

    @classmethod
    def of_fit(cls, fitted: Any, customers: int) -> Self:
        """Make the model of what the core has fitted to so many customers."""
        parameters, fit = read(fitted, _NAMES, customers)
        made = cls(**parameters)
        made._fit = fit
        return made

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(_NAMES, self._parameters, strict=True))

    @property
    def mean(self) -> float:
        """The mean over all customers; infinite where q is at most one."""
        p, q, gamma = self._parameters
        return p * gamma / (q - 1) if q > 1 else math.inf

    def expected_amount(self, repeats: ArrayLike, mean_amount: ArrayLike) -> Any:
        """Return the expected worth of a customer's next purchase; of one without repeats, the mean over all."""
        (x, mean), single = arrays(repeats=repeats, mean_amount=mean_amount)
        refuse(~((x >= 0) & (mean >= 0)), "repeats= and mean_amount= are numbers from 0", *_named(x, mean))
        return answer(_native.of_spending(self._parameters, "expected", x, mean), single)

    def log_likelihood(self, repeats: ArrayLike, mean_amount: ArrayLike) -> Any:
        """Return the log-likelihood of each customer's mean."""
        (x, mean), single = arrays(repeats=repeats, mean_amount=mean_amount)
        refuse(~((x >= 1) & (mean > 0)), "repeats= starts at 1 and mean_amount= is more than 0", *_named(x, mean))
        return answer(_native.of_spending(self._parameters, "log_likelihood", x, mean), single)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value:.6g}" for name, value in self.parameters.items())
        return f"GammaGamma({inside})"


def _named(repeats: Any, mean: Any) -> tuple[tuple[str, Any], ...]:
    return ("repeats", repeats), ("mean_amount", mean)
