"""The Cochran-Armitage test for a trend of proportions over cohorts."""

from __future__ import annotations

import math
from typing import Any

_YEAR = 365.0

Cohort = tuple[int, int, int]
"""The day of a cohort, how many of it are there, and how many it has."""


def cochran_armitage(cohorts: list[Cohort]) -> tuple[float, float, float] | None:
    """Return the slope per day, z and the two-sided p-value; None where nothing can differ.

    P. Armitage, "Tests for linear trends in proportions and frequencies", Biometrics 11 (1955).
    """
    size = sum(n for _, _, n in cohorts)
    share = sum(x for _, x, _ in cohorts) / size
    mean = sum(day * n for day, _, n in cohorts) / size
    spread = sum(n * (day - mean) ** 2 for day, _, n in cohorts)
    if spread == 0 or share in (0.0, 1.0):
        return None
    trend = sum((x - n * share) * (day - mean) for day, x, n in cohorts)
    z = trend / math.sqrt(share * (1 - share) * spread)
    return trend / spread, z, math.erfc(abs(z) / math.sqrt(2))


def trend_columns(by: list[str], groups: dict[tuple[Any, ...], list[Cohort]]) -> dict[str, list[Any]]:
    """Return one row per group."""
    columns: dict[str, list[Any]] = {name: [key[at] for key in groups] for at, name in enumerate(by)}
    found = [cochran_armitage(cohorts) for cohorts in groups.values()]
    columns["cohorts"] = [len(cohorts) for cohorts in groups.values()]
    columns["size"] = [sum(n for _, _, n in cohorts) for cohorts in groups.values()]
    columns["rate"] = [sum(x for _, x, _ in cohorts) / sum(n for _, _, n in cohorts) for cohorts in groups.values()]
    columns["change_per_year"] = [None if test is None else test[0] * _YEAR for test in found]
    columns["z"] = [None if test is None else test[1] for test in found]
    columns["p_value"] = [None if test is None else test[2] for test in found]
    return columns
