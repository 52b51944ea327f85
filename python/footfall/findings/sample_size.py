"""How large a test of an action must be."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Quantiles of the normal distribution: 5 % on both sides, and a power of 0.8.
_Z_ALPHA, _Z_POWER = 1.959963984540054, 0.8416212335729143


@dataclass(frozen=True)
class SampleSize:
    """Units that each of two groups needs, so that a change of a rate is seen with power 0.8 at 5 %.

    Attributes
    ----------
    rate, target : float
        The rate today, and the one that the action is to reach.
    unit : str
        What is counted, as "customers".
    each : int
        Units in each group.
    weeks : float or None
        How long that takes at today's traffic, both groups together.
    """

    rate: float
    target: float
    unit: str
    each: int
    weeks: float | None

    def __repr__(self) -> str:
        weeks = "" if self.weeks is None else f", some {self.weeks:,.1f} weeks at today's traffic"
        return f"{self.each:,} {self.unit} in each group to tell {self.target:.1%} from {self.rate:.1%}{weeks}"


def two_proportions(rate: float, target: float, unit: str, per_week: float | None = None) -> SampleSize | None:
    """Return the size for a two-sided test of two proportions; None where there is nothing to tell apart.

    The normal approximation with a pooled variance: J. L. Fleiss, "Statistical Methods for Rates and Proportions",
    2nd edition (1981), formula 3.14 without the correction for continuity.

    Examples
    --------
    >>> from footfall.findings.sample_size import two_proportions
    >>> two_proportions(0.5, 0.6, "sessions").each  # R: power.prop.test(p1=.5, p2=.6, power=.8) gives 387.34
    388
    """
    if rate == target or not (0 < rate < 1 and 0 < target < 1):
        return None
    mean = (rate + target) / 2
    spread = _Z_ALPHA * math.sqrt(2 * mean * (1 - mean))
    spread += _Z_POWER * math.sqrt(rate * (1 - rate) + target * (1 - target))
    each = math.ceil((spread / (rate - target)) ** 2)
    return SampleSize(rate, target, unit, each, 2 * each / per_week if per_week else None)
