"""Funnels by product: high traffic, low conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.analyses._funnel_params import DEFAULTS, native_funnel
from footfall.core.arguments import warn_unknown
from footfall.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall import _native
    from footfall.data.events import Events
    from footfall.data.step import Step
    from footfall.result import Origin


def products(
    self: Events,
    steps: Sequence[str | int | Sequence[str | int] | Step],
    *,
    window: Any = None,
    start: Any = None,
    end: Any = None,
) -> Products:
    """Run a funnel for each product: of those who viewed it, who bought it.

    Parameters
    ----------
    steps, window, start, end
        As in :meth:`funnel`; all events of a chain are of one product. The log needs ``product=``.

    Returns
    -------
    Products
        One row per product, in the order of the products.

    Examples
    --------
    >>> import pyarrow as pa
    >>> log = pa.table({
    ...     "who": [1, 1, 2, 2], "at": [0, 60, 30, 40], "what": ["view", "pay", "view", "pay"], "it": list("aaab")
    ... })
    >>> events = ff.Events(log, customer="who", time="at", event="what", product="it", time_unit="s")
    >>> events.products(["view", "pay"]).to_polars().select("product", "view", "pay", "pay_rate").rows()
    [('a', 2, 1, 0.5)]
    """
    params = {**DEFAULTS, "window": window, "start": start, "end": end, "by": "product", "attribution": "each"}
    native, made = native_funnel(self._log, steps, params)
    warn_unknown(self._log, native.unknown)
    return Products(native.wide(), self._origin, [step.name for step in made], native.without_value)


class Products(Result):
    """One row per product.

    Columns: the product; the customers who reached each step, under the step's name; ``…_rate`` (of those of the step
    before); ``overall_rate`` (of those of step 1) with its Wilson 95 % interval ``overall_low``, ``overall_high``;
    ``many_seen_few_bought``: whether the product is among the upper quarter by step 1 and the whole interval of its
    rate lies below the rate of all products together. Products that nobody came to step 1 with are not there.

    Attributes
    ----------
    without_product : int
        Customers who came to step 1 by an event that names no product; they are in no row.
    """

    def __init__(self, native: _native.Table, origin: Origin, names: list[str], without_product: int) -> None:
        title = [f"Funnels by product: {' → '.join(names)}"]
        if without_product:
            title.append(f"  {without_product:,} customers came to {names[0]} by an event without a product")
        super().__init__(native, origin, title)
        self.without_product = without_product

    def _title(self) -> list[str]:
        return self._lines + ["  " + line for line in self.quality.lines()]
