"""How a fit ended."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

from footfall._errors import FootfallWarning


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
    """

    status: str
    not_identified: tuple[str, ...]
    log_likelihood: float
    decrement: float
    covariance: Any
    standard_errors: dict[str, float]
    customers: int
    evaluations: int

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

    parameters, covariance, likelihood, decrement, evaluations, status, vague = fitted
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
    )
    return dict(zip(names, parameters, strict=True)), fit


def warn(fit: Fit, model: str, level: int) -> None:
    """Say what a fit cannot tell."""
    if fit.status == "not identified":
        text = (
            f"{model}: parameters {', '.join(fit.not_identified)} are not identified by the data; predictions may "
            "still be usable, but do not interpret these parameters"
        )
        warnings.warn(text, FootfallWarning, stacklevel=level)
    elif fit.status == "not converged":
        text = f"{model}: no maximum of the likelihood was found (decrement {fit.decrement:.2g})"
        warnings.warn(text, FootfallWarning, stacklevel=level)
