"""Bands: numbers cut at edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.checks import column as check_column
from footfall.core.checks import listed, real

if TYPE_CHECKING:
    from collections.abc import Sequence


class Bands:
    """A column of numbers, or an attribute of customers, cut at edges, to stand in ``by=``.

    Parameters
    ----------
    column : str
        A role, a column or an attribute that holds numbers.
    edges : sequence of float
        Where it is cut, rising; an edge belongs to the band that it begins: ``[25, 35)``.

    Examples
    --------
    >>> import footfall as ff
    >>> import polars as pl
    >>> orders = ff.Orders(
    ...     pl.DataFrame({"who": [1, 2, 3], "day": ["2024-01-05"] * 3, "paid": [5.0, 7.0, 9.0]}),
    ...     customer="who", time="day", amount="paid",
    ... )
    >>> people = ff.Customers(pl.DataFrame({"id": [1, 2, 3], "years": [17, 25, 34]}), customer="id", age="years")
    >>> sales = orders.with_customers(people).sales(by=ff.bands("age", [18, 25, 35]))
    >>> sales.to_polars().select("years", "sales").rows()
    [('< 18', 5.0), ('[25, 35)', 16.0)]
    """

    def __init__(self, column: str, edges: Sequence[float]) -> None:
        self.column = check_column(column, "column")
        wanted = "a list of numbers, as in [18, 25, 35]"
        edges = listed(edges, f"bands({column!r}): edges", wanted)
        self.edges = [real(edge, f"bands({column!r}): an edge", "a finite number", lambda _: True) for edge in edges]

    def __repr__(self) -> str:
        return f"bands({self.column!r}, {self.edges})"


def bands(column: str, edges: Sequence[float]) -> Bands:
    """Cut a column of numbers at edges, to stand in ``by=``; see :class:`Bands`.

    Returns
    -------
    Bands
    """
    return Bands(column, edges)
