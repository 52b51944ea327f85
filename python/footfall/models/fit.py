"""How a fit ended."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

from footfall._errors import FootfallWarning

_USABLE = 0.1


@dataclass(frozen=True)
class Fit:
    """How a model came to its parameters.

    Attributes
    ----------
    status : {"converged", "not identified", "not converged"}
        At a maximum of the likelihood; at a limit of some parameters, or where it hardly depends on them; or neither.
    not_identified : tuple of str
        Those parameters.
    log_likelihood : float
        Of all customers, in the unit of time of the data.
    decrement : float
        The Newton decrement: half of it is how far the log-likelihood may lie below its maximum.
    covariance : numpy.ndarray or None
        Of the parameters, the inverse of the observed information; None where that has none.
    standard_errors : dict of str to float
        By parameter; not-a-number where they are unknown.
    customers, evaluations : int
        How many were fitted, and how often the likelihood was.
    spread : float or None
        Where parameters are not identified: by what share the expected purchases of all customers in a time as long as
        their mean age (of :class:`footfall.GammaGamma`, their expected amounts) change along the direction of least
        information, while the log-likelihood stays within 1.92 of its maximum (what a test of 5 % tells apart).
    """

    status: str
    not_identified: tuple[str, ...]
    log_likelihood: float
    decrement: float
    covariance: Any
    standard_errors: dict[str, float]
    customers: int
    evaluations: int
    spread: float | None = None

    @property
    def usable(self) -> bool:
        """Whether predictions can be used: where parameters are not identified, whether ``spread`` is below 0.1."""
        return self.spread is None or self.spread < _USABLE

    @property
    def converged(self) -> bool:
        """Whether the status is ``"converged"``."""
        return self.status == "converged"


class FittedModel:
    """A model that may have been fitted."""

    _fit: Fit | None = None

    @property
    def standard_errors(self) -> dict[str, float] | None:
        """The standard errors by name, of the observed information; None where the model was not fitted."""
        return self._fit.standard_errors if self._fit else None

    @property
    def fit_result(self) -> Fit | None:
        """How the fit ended; None where the model was built from parameters."""
        return self._fit


def read(fitted: Any, names: tuple[str, ...], customers: int) -> tuple[dict[str, float], Fit]:
    """Return the parameters by name and how the fit ended."""
    import numpy as np

    parameters, covariance, likelihood, decrement, evaluations, status, vague, spread = fitted
    matrix = None if covariance is None else np.array(covariance)
    errors = [math.nan] * len(names) if matrix is None else np.sqrt(np.diag(matrix)).tolist()
    fit = Fit(
        status,
        tuple(names[at] for at in vague),
        likelihood,
        decrement,
        matrix,
        dict(zip(names, errors, strict=True)),
        customers,
        evaluations,
        spread,
    )
    return dict(zip(names, parameters, strict=True)), fit


def warn(fit: Fit, model: str, level: int) -> None:
    """Say what a fit cannot tell."""
    if fit.status == "not identified":
        usable = "are usable" if fit.usable else "are not usable"
        text = (
            f"{model}: parameters {', '.join(fit.not_identified)} are not identified by the data: do not interpret "
            f"them. Predictions {usable}: over parameters that the data hardly tell apart they change by "
            f"{fit.spread or 0:.0%}"
        )
        warnings.warn(text, FootfallWarning, stacklevel=level)
    elif fit.status == "not converged":
        text = f"{model}: no maximum of the likelihood was found (decrement {fit.decrement:.2g})"
        warnings.warn(text, FootfallWarning, stacklevel=level)
