"""A logistic regression, by Newton's method."""

from __future__ import annotations

from typing import Any, NamedTuple

_MOST_STEPS = 50
_CLOSE = 1e-10
_LARGE = 15.0


class Logit(NamedTuple):
    """Coefficients with their standard errors, and whether the likelihood has its top there."""

    coefficients: Any
    errors: Any
    converged: bool


def logit(x: Any, y: Any, clusters: Any) -> Logit:
    """Fit y (0 or 1) on x, whose first column is 1; errors know that rows of one cluster are alike.

    The sandwich of Huber and White over clusters: K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986). Where a column
    tells y for sure the likelihood has no top; then ``converged`` is false.
    """
    import numpy as np

    beta = np.zeros(x.shape[1])
    converged = False
    for _ in range(_MOST_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -700, 700)))
        information = (x * (p * (1 - p))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (y - p))
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            converged = bool(np.abs(beta).max() < _LARGE)
            break
    p = 1 / (1 + np.exp(-np.clip(x @ beta, -700, 700)))
    bread = np.linalg.pinv((x * (p * (1 - p))[:, None]).T @ x)
    number = int(clusters.max()) + 1 if len(clusters) else 0
    scores = np.zeros((number, x.shape[1]))
    np.add.at(scores, clusters, x * (y - p)[:, None])
    covariance = bread @ (scores.T @ scores) @ bread * (number / max(number - 1, 1))
    return Logit(beta, np.sqrt(np.maximum(np.diag(covariance), 0)), converged)
