"""Timing several ways of the same work in turn."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping

_RANDOM = random.Random(7)


def shuffled(names: Iterable[str]) -> list[str]:
    """The names in an order drawn anew: what memory the one before gave back, and how, is felt by the next."""
    order = list(names)
    _RANDOM.shuffle(order)
    return order


def in_turn(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Medians in seconds; the ways take turns, after one run of each that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name in shuffled(ways):
            gc.collect()
            start = time.perf_counter()
            result = ways[name]()
            if run:
                times[name].append(time.perf_counter() - start)
            del result
    return {name: statistics.median(values) for name, values in times.items()}
