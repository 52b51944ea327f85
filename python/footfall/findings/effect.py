"""What an action brought: the treated against the hold-out."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import DataError, FootfallWarning
from footfall.core.checks import instance
from footfall.core.columns import table_of, values
from footfall.core.time_points import span
from footfall.findings.experiment import GROUPS, Experiment
from footfall.result import Result

if TYPE_CHECKING:
    import os

    from footfall.data.orders import Orders

_Z = 1.959963984540054
_FEWEST = 2


def effect(orders: Orders, given: Experiment | str | os.PathLike[str], within: Any) -> Effect:
    """Compare what both groups bought from the start on."""
    import numpy as np

    experiment = given if isinstance(given, Experiment) else Experiment.read(given)
    instance(experiment, "experiment=", "ff.findings.Experiment or a path", Experiment)
    start = dt.datetime.combine(experiment.start, dt.time())
    stop = start + dt.timedelta(microseconds=span(within, "within", "30d"))
    seen = orders.end
    if seen is None or seen.replace(tzinfo=None) <= start:
        raise DataError(f"the action starts on {experiment.start}, and the orders end before: give newer orders")
    counted = orders.between(start, min(stop, seen.replace(tzinfo=None) + dt.timedelta(microseconds=1)))
    group = np.array([row[1] for row in experiment.rows()])
    bought, spent = np.zeros(len(group)), np.zeros(len(group))
    if counted.quality.customers:
        with warnings.catch_warnings():
            # Scores are not looked at.
            warnings.simplefilter("ignore", FootfallWarning)
            rfm = counted.rfm()
        key = experiment.column_names[0]
        people = _native.CustomerTable(experiment, customer=key, attributes=[])
        places = people.places(rfm, rfm.column_names[0])
        known = places >= 0
        bought[places[known]] = values(rfm.native, "frequency")[known]
        spent[places[known]] = np.nan_to_num(values(rfm.native, "monetary_total")[known])
    sides = [group == name for name in GROUPS]
    if not all(side.any() for side in sides):
        raise DataError("the experiment has no customers in one of its groups: nothing can be compared")
    return Effect(experiment, [(bought[side], spent[side]) for side in sides], min(stop, seen.replace(tzinfo=None)))


class Effect(Result):
    """One row per measure: "buyers" (the share who bought), "orders" and "sales" per customer.

    Columns: ``measure``; ``treatment`` and ``control``; ``difference`` with its 95 % interval ``low``, ``high``
    (Newcombe's of two shares; Welch's of two means) and ``p_value`` (two proportions; Welch, by the normal
    distribution); ``brought``, ``brought_low``, ``brought_high``: the difference times the customers who were treated.
    """

    def __init__(self, experiment: Experiment, sides: list[tuple[Any, Any]], until: dt.datetime) -> None:
        (treated, _), (held, _) = sides
        rows = [("buyers", *_shares(*((side[0] > 0) for side in sides)))]
        rows += [(name, *_means(*(side[at] for side in sides))) for at, name in enumerate(("orders", "sales"))]
        names = ("measure", "treatment", "control", "difference", "low", "high", "p_value")
        columns: dict[str, list[Any]] = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        for name, of in (("brought", "difference"), ("brought_low", "low"), ("brought_high", "high")):
            columns[name] = [None if one is None else one * len(treated) for one in columns[of]]
        super().__init__(table_of(columns), experiment._origin, [  # noqa: SLF001 - a result of ours
            f"{experiment.finding}: {len(treated):,} treated against {len(held):,} held out, "
            f"{experiment.start} to {until:%Y-%m-%d %H:%M}",
        ])  # fmt: skip


def _shares(treated: Any, held: Any) -> tuple[Any, ...]:
    (x, n), (y, m) = ((int(side.sum()), len(side)) for side in (treated, held))
    (low, high), (below, above) = (_native.wilson(*side) or (0.0, 1.0) for side in ((x, n), (y, m)))
    difference = _native.difference((x / n, low, high), (y / m, below, above))
    return x / n, y / m, *difference, _native.same_share((x / n, n), (y / m, m))


def _means(treated: Any, held: Any) -> tuple[Any, ...]:
    mean, base = float(treated.mean()), float(held.mean())
    if min(len(treated), len(held)) < _FEWEST:
        return mean, base, mean - base, None, None, None
    error = math.sqrt(sum(float(side.var(ddof=1)) / len(side) for side in (treated, held)))
    p = math.erfc(abs(mean - base) / error / math.sqrt(2)) if error else None
    return mean, base, mean - base, mean - base - _Z * error, mean - base + _Z * error, p
