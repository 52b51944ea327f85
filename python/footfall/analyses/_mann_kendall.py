"""The Mann-Kendall test for a trend, and the Theil-Sen slope."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

# With fewer values no order of them is rare.
_FEWEST = 4
_LEVEL = 0.05


def mann_kendall(values: list[float]) -> tuple[str, float | None, float | None]:
    """Return "rising", "falling", "flat" or "unknown", the change per step as a share, and the two-sided p-value.

    H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945); the variance with ties and the normal
    approximation with continuity correction as in M. G. Kendall, "Rank Correlation Methods" (1975). The slope is the
    median of those of all pairs (P. K. Sen, JASA 63, 1968), of logarithms.
    """
    from statistics import median

    count = len(values)
    if count < _FEWEST:
        return "unknown", None, None
    score = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    ties = sum(n * (n - 1) * (2 * n + 5) for n in Counter(values).values())
    variance = (count * (count - 1) * (2 * count + 5) - ties) / 18
    z = (score - math.copysign(1, score)) / math.sqrt(variance) if score and variance else 0.0
    p = math.erfc(abs(z) / math.sqrt(2))
    logs = [math.log(value) for value in values]
    slopes = [(logs[b] - logs[a]) / (b - a) for a, b in combinations(range(count), 2)]
    change = math.expm1(median(slopes))
    if p >= _LEVEL:
        return "flat", change, p
    return "rising" if score > 0 else "falling", change, p
