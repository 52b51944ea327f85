"""A step of the funnel that falls below its own past."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._money import MONTH, evidence_of, money_per

if TYPE_CHECKING:
    from footfall.data.shop import Shop

_FEWEST = 4


@rule("step_below_past", section="conversion", needs=("events",))
def step_below_past(shop: Shop, *, least: float = 0.01) -> Checked:
    """Find steps whose rate in the last whole month lies below that of the months before it.

    Test: two proportions, the last whole month against up to six whole months before it, customers within 7 days of
    the first step; told where the rate lies at least ``least`` below. Also a step below its benchmark
    (``benchmarks={"pay": 0.8}``) by its Wilson interval. False alarms: 5 % over all steps.
    """
    rows = dicts(shop.conversion().months)
    periods = list(dict.fromkeys(row["period"] for row in rows))[1:-1]
    tests, found = 0, []
    for at, step in enumerate(shop.steps[1:], 1):
        before = {row["period"]: row["reached"] for row in rows if row["name"] == shop.steps[at - 1]}
        after = {row["period"]: row["reached"] for row in rows if row["name"] == step}
        months = [month for month in periods if before.get(month)]
        if len(months) < _FEWEST:
            continue
        last, past = months[-1], months[-7:-1]
        n, m = before[last], sum(before[month] for month in past)
        x, y = after.get(last, 0), sum(after.get(month, 0) for month in past)
        table = evidence_of(
            [{"period": month, shop.steps[at - 1]: before[month], step: after.get(month, 0)} for month in [*past, last]]
        )
        tests += 1
        if y / m - x / n >= least:
            found.append(
                _finding(
                    shop,
                    (shop.steps[at - 1], step),
                    (x, n, y / m, _native.same_share((x / n, n), (y / m, m)) or 0.0),
                    f"in {last}",
                    table,
                )
            )
        wanted = shop.benchmarks.get(step)
        if wanted is not None:
            tests += 1
            p = math.erfc(max(wanted - x / n, 0.0) / math.sqrt(2 * wanted * (1 - wanted) / n))
            if wanted - x / n >= least:
                found.append(_finding(shop, (shop.steps[at - 1], step), (x, n, wanted, p), "benchmark", table))
    return Checked(tests, found)


def _finding(
    shop: Shop, steps: tuple[str, str], counts: tuple[int, int, float, float], against: str, table: Any
) -> Finding:
    before, step = steps
    x, n, baseline, p = counts
    rate = x / n
    low, high = _native.wilson(x, n) or (0.0, 1.0)
    worth = money_per(shop, step)
    return Finding(
        rule="step_below_past", section="conversion", place={"step": step, "against": against},
        title=f"{before} to {step} lies below " + ("the benchmark" if against == "benchmark" else "its own past"),
        statement=f"Of {n:,} customers with {before}, {rate:.1%} came to {step} ({low:.1%} to {high:.1%}); "
        f"{baseline:.1%} " + ("is the benchmark." if against == "benchmark" else "in the months before."),
        metric=f"share of customers from {before} to {step}", value=rate, low=low, high=high, baseline=baseline, p_value=p,
        evidence=table, money_at_stake=None if worth is None else (baseline - rate) * n * worth,
        money_formula=f"(baseline - rate) x customers with {before} a month x money per {step}", pool=f"step {step}",
        action=f"Find what changed between {before} and {step} in the last month: releases, prices, stock, payment.",
        watch=f"share of customers from {before} to {step}, by week",
        test=two_proportions(rate, baseline, "customers", n / (MONTH / 7)),
    )  # fmt: skip
