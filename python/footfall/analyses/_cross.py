"""Association of two attributes: which pairs are there more often than by chance."""

from __future__ import annotations

import math
from typing import Any

from footfall import _native


def cross(names: list[str], rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the columns of a cross table with its evidence; S. J. Haberman, Biometrics 29 (1973)."""
    one, other = names
    cells = {
        (row[one], row[other]): row["customers"] for row in rows if row[one] is not None and row[other] is not None
    }
    of_one: dict[Any, int] = {}
    of_other: dict[Any, int] = {}
    for (a, b), count in cells.items():
        of_one[a] = of_one.get(a, 0) + count
        of_other[b] = of_other.get(b, 0) + count
    total = sum(cells.values())
    pairs = [(a, b) for a in sorted(of_one, key=str) for b in sorted(of_other, key=str)]
    counts = [cells.get(pair, 0) for pair in pairs]
    expected = [of_one[a] * of_other[b] / total for a, b in pairs]
    residuals = [
        _residual(count, mean, of_one[a] / total, of_other[b] / total)
        for (a, b), count, mean in zip(pairs, counts, expected, strict=True)
    ]
    p_values = [None if residual is None else math.erfc(abs(residual) / math.sqrt(2)) for residual in residuals]
    chi = sum((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True))
    least = min(len(of_one), len(of_other)) - 1
    v = math.sqrt(chi / (total * least)) if total and least > 0 else None
    return {
        one: [a for a, _ in pairs], other: [b for _, b in pairs], "customers": counts, "expected": expected,
        "lift": [count / mean for count, mean in zip(counts, expected, strict=True)], "residual": residuals,
        "p_value": p_values, "p_adjusted": _native.benjamini_hochberg(p_values), "cramers_v": [v] * len(pairs),
    }  # fmt: skip


def _residual(count: int, mean: float, share: float, of_other: float) -> float | None:
    spread = mean * (1 - share) * (1 - of_other)
    return (count - mean) / math.sqrt(spread) if spread > 0 else None
