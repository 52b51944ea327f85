"""Trend test of a daily series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from footfall import _native

_WEEK = 7
_LEVEL = 0.05
_MARGIN = 0.1


@dataclass(frozen=True)
class Stability:
    """Whether a daily series rises, falls or stays.

    The seasonal Kendall test with the days of the week as seasons, and the median of the slopes from week to week
    (R. M. Hirsch, J. R. Slack & R. A. Smith, Water Resources Research 18, 1982).

    Attributes
    ----------
    mean, deviation : float or None
        Over the days.
    weekly_change, low, high : float or None
        The change from week to week with its 95 % interval.
    p_value : float or None
        p-value of the trend test (H0: no trend).
    verdict : {"rising", "falling", "stable", "unclear"}
        Stable where, with its whole interval, the change over all the weeks is less than a tenth of the mean; else
        rising or falling where the p-value is below 0.05; unclear elsewhere.
    """

    mean: float | None
    deviation: float | None
    weekly_change: float | None
    low: float | None
    high: float | None
    p_value: float | None
    verdict: str


def stability(days: Any, series: Any) -> Stability:
    """Test a series; days without an event are missing."""
    import numpy as np

    if not len(days):
        return Stability(None, None, None, None, None, None, "unclear")
    mean, deviation = float(np.mean(series)), float(np.std(series))
    places = (days - days[0]).astype(int)
    filled: list[float | None] = [None] * (int(places[-1]) + 1)
    for place, value in zip(places.tolist(), series.tolist(), strict=True):
        filled[place] = value
    trend = _native.seasonal_trend(filled, _WEEK)
    if trend is None:
        return Stability(mean, deviation, None, None, None, None, "unclear")
    slope, low, high, p = trend
    weeks = len(filled) / _WEEK
    verdict = "unclear"
    if max(abs(low), abs(high)) * weeks < _MARGIN * mean:
        verdict = "stable"
    elif p < _LEVEL and slope != 0:
        verdict = "rising" if slope > 0 else "falling"
    return Stability(mean, deviation, slope, low, high, p, verdict)
