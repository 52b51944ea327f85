"""The money that the same customers took from one category to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.checks import column
from footfall.core.language import spoken
from footfall.core.periods import two_periods, written
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.orders import Orders
    from footfall.result import Origin


def switching(self: Orders, before: tuple[Any, Any], after: tuple[Any, Any], *, level: str = "category") -> Switching:
    """Follow the money of the same customers from category to category between two periods.

    The gain-loss analysis of consumer panels, customer by customer: who spent in one of the periods alone is new or
    lost; of the others, what some categories lost and others gained is moved between them, in proportion to both, and
    what is left of one side is spent more or less in all. So the change of a category is new + lost + more + less +
    moved in + moved out. Guests are left out, as no one knows which of them are the same.

    Parameters
    ----------
    before, after : (start, end)
        Two half-open periods, the first over when the second begins; take two of the same length and season.
    level : str
        The column that names what is bought.

    Returns
    -------
    Switching
        One row per category.

    Examples
    --------
    >>> import polars as pl
    >>> lines = pl.DataFrame({
    ...     "who": ["ann", "ann", "bob"], "day": ["2024-01-05", "2024-02-05", "2024-02-07"],
    ...     "what": ["tea", "coffee", "tea"], "paid": [10.0, 12.0, 5.0],
    ... })
    >>> orders = ff.Orders(lines, customer="who", time="day", amount="paid", category="what")
    >>> moved = orders.switching(("2024-01-01", "2024-02-01"), ("2024-02-01", "2024-03-01"))
    >>> moved.flows.rows()
    [('tea', 'coffee', 10.0, 1, 10.0)]
    """
    params = {**two_periods(before, after), "level": column(level, "level"), "refunds": self._refunds}
    found = _native.run(self._log, "switching", params)
    return Switching(found, self._origin, level, (written(before), written(after)))


class Switching(Result):
    """One row per category, in the order of the names.

    Columns: the category; ``before``, ``after`` and ``change`` (money net of refunds); ``new`` (of customers who spent
    in the second period alone), ``lost`` (in the first alone, below zero), ``more`` and ``less`` (of customers of both
    who spent more or less in all), ``moved_in`` and ``moved_out`` (from and to other categories), which add up to the
    change.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, level: str, periods: tuple[str, str]) -> None:
        title = [f"Money between values of {level}, per customer, net of refunds", f"  {periods[0]}, {periods[1]}"]
        super().__init__(found["table"], origin, title)
        self._flows = found["flows"]

    @property
    def flows(self) -> Table:
        """One row per pair of categories between which money moved.

        Columns: ``from``, ``to``; ``money``; ``customers`` who took some along; ``net`` (less what went the other
        way).
        """
        return Table(self._flows, self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw why each category changed, as parts of a bar, those that changed most first.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.switching import plot_switching

        return plot_switching(self, spoken(language))
