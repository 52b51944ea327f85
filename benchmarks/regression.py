"""Logistic regression as drivers and abandonment fit it, against statsmodels and scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from footfall import _native
from timing import in_turn

COLUMNS = 20


def made(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """A design whose first column is 1, and outcomes that follow it."""
    random = np.random.default_rng(7)
    design = np.column_stack([np.ones(rows), random.normal(size=(rows, COLUMNS - 1))])
    beta = random.normal(scale=0.3, size=COLUMNS)
    return design, random.random(rows) < 1 / (1 + np.exp(-design @ beta))


def log_likelihood(design: np.ndarray, outcome: np.ndarray, beta: np.ndarray) -> float:
    linear = design @ beta
    return float((outcome * linear - np.logaddexp(0, linear)).sum())


def section(rows: int, runs: int) -> str:
    """The part of docs/benchmarks.md on logistic regression."""
    warnings.simplefilter("ignore")
    rows, runs = rows // 10, min(runs, 3)
    design, outcome = made(rows)
    whole = outcome.astype(float)
    ways = {
        "footfall": lambda: np.array(_native.logit(design, outcome)[0]),
        "statsmodels": lambda: sm.Logit(whole, design).fit(disp=0).params,
        "scikit-learn (lbfgs, no penalty)": lambda: LogisticRegression(
            C=np.inf, solver="lbfgs", tol=1e-8, max_iter=1_000, fit_intercept=False
        ).fit(design, outcome).coef_[0],
    }  # fmt: skip
    found = {name: log_likelihood(design, outcome, way()) for name, way in ways.items()}
    assert max(found.values()) - min(found.values()) < 1e-3
    times = in_turn(ways, runs)
    ours = times.pop("footfall")
    best = min(times, key=times.get)
    peers = "; ".join(f"{name} {seconds:.2f}" for name, seconds in times.items())
    return f"""## Logistic regression

{rows:,} units, {COLUMNS} columns of doubles; coefficients and standard errors (scikit-learn has none). The optima agree to 0.001 of
log-likelihood. Medians of {runs} runs.

| work | footfall | peers | against the fastest |
| --- | --- | --- | --- |
| logit | {ours:.2f} | {peers} | **{times[best] / ours:.1f}×** {best} |
"""
