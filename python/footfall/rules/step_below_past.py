"""A step of the funnel that falls below its own past."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._money import MONTH, evidence_of, money_per
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop

_FEWEST = 4
Month = tuple[int, int]


@rule("step_below_past", section="conversion", needs=("events",))
def step_below_past(shop: Shop, *, least: float = 0.01) -> Checked:
    """Find steps whose rate in the last whole month lies below what the months before it lead to expect.

    Test: the last whole month against the line through up to six whole months before it (weighted least squares, with
    the variance of the forecast), as rates drift where customers grow older; customers within 7 days of the first step;
    told where the rate lies at least ``least`` below. Also a step below its benchmark (``benchmarks={"pay": 0.8}``).
    False alarms: 2.5 % for each step.
    """
    rows = dicts(shop.conversion().months)
    periods = list(dict.fromkeys(row["period"] for row in rows))[1:-1]
    tests, found = 0, []
    for at, step in enumerate(shop.steps[1:], 1):
        steps = (shop.steps[at - 1], step)
        before = {row["period"]: row["reached"] for row in rows if row["name"] == steps[0]}
        after = {row["period"]: row["reached"] for row in rows if row["name"] == step}
        months = [month for month in periods if before.get(month)]
        if len(months) < _FEWEST:
            continue
        past, last = [(after.get(month, 0), before[month]) for month in months[-7:-1]], months[-1]
        x, n = after.get(last, 0), before[last]
        table = evidence_of([{"period": one, steps[0]: before[one], step: after.get(one, 0)} for one in months[-7:]])
        expected, p = _against_line(past, (x, n))
        tests += 1
        if expected - x / n >= least:
            found.append(_finding(shop, (*steps, "past"), (x, n), (expected, p), table))
        wanted = shop.benchmarks.get(step)
        if wanted is not None:
            tests += 1
            error = math.sqrt(max(wanted * (1 - wanted), 1 / n) / n)
            p = math.erfc(max(wanted - x / n, 0.0) / error / math.sqrt(2))
            if wanted - x / n >= least:
                found.append(_finding(shop, (*steps, "benchmark"), (x, n), (wanted, p), table))
    return Checked(tests, found)


def _against_line(past: list[Month], last: Month) -> tuple[float, float]:
    """Return the rate that a line through the past has in the last month, and the p-value of what lies beside it."""
    x, n = last
    whole = (sum(one for one, _ in past) + x) / (sum(of for _, of in past) + n)
    variance = whole * (1 - whole)
    weights = [of for _, of in past]
    total = sum(weights)
    middle = sum(at * of for at, of in enumerate(weights)) / total
    mean = sum(one for one, _ in past) / total
    spread = sum(of * (at - middle) ** 2 for at, of in enumerate(weights))
    slope = sum((at - middle) * (one - of * mean) for at, (one, of) in enumerate(past)) / spread
    ahead = len(past) - middle
    expected = min(max(mean + slope * ahead, 0.0), 1.0)
    error = math.sqrt(variance * (1 / n + 1 / total + ahead**2 / spread))
    return expected, math.erfc(abs(expected - x / n) / error / math.sqrt(2)) if error else 1.0


def _finding(
    shop: Shop, place: tuple[str, str, str], counts: Month, expected: tuple[float, float], table: Any
) -> Finding:
    (before, step, against), (x, n), (baseline, p) = place, counts, expected
    rate = x / n
    low, high = _native.wilson(x, n) or (0.0, 1.0)
    worth = money_per(shop, step)
    words = "step_below_past" if against == "past" else "step_below_past.benchmark"
    return Finding(
        rule="step_below_past", section="conversion", place={"step": step, "against": against},
        **worded(words, {
            "before": before, "step": step, "n": n, "rate": rate, "low": low, "high": high, "baseline": baseline,
        }),
        value=rate, low=low, high=high, baseline=baseline, p_value=p, evidence=table, pool=f"step {step}",
        money_at_stake=None if worth is None else (baseline - rate) * n * worth,
        test=two_proportions(rate, baseline, "customers", n / (MONTH / 7)),
    )  # fmt: skip
