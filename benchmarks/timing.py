"""Timing several ways of the same work in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def in_turn(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Medians in seconds; the ways alternate, after one run of each that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            gc.collect()
            start = time.perf_counter()
            result = way()
            if run:
                times[name].append(time.perf_counter() - start)
            del result
    return {name: statistics.median(values) for name, values in times.items()}
