"""The funnel of each product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.results.result import Result

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Products(Result):
    """One row per product.

    Columns: the product; the customers who reached each step, under the step's name; ``…_rate`` (of those of the step
    before); ``overall_rate`` (of those of step 1) with its Wilson 95 % interval ``overall_low``, ``overall_high``;
    ``many_seen_few_bought``: whether the product is among the upper quarter by step 1 and the whole interval of its
    rate lies below the rate of all products together. Products that nobody came to step 1 with are not there.
    """

    def __init__(self, native: _native.Funnel, library: str | None, quality: EventQuality, names: list[str]) -> None:
        title = [f"Funnels by product: {' → '.join(names)}", *("  " + line for line in quality.lines())]
        super().__init__(native.wide(), library, quality, title)
