"""Which values of which columns moved sales between two periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.bands import Bands
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import listed
from footfall.core.language import spoken
from footfall.core.periods import two_periods, written
from footfall.core.rows import dicts
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.orders import Orders
    from footfall.result import Origin


def contribution(
    self: Orders,
    before: tuple[Any, Any],
    after: tuple[Any, Any],
    *,
    columns: str | Table | Sequence[str | Table],
) -> Contribution:
    """Tell which values of which columns moved sales between two periods.

    Every line counts under its own value of each column, so that the changes of a column add up to the change of all,
    exactly. The money of a value changes as more or fewer people buy at all (``volume``), as another share of them
    buys it (``mix``), or as each spends more or less on it (``rate``): the three Shapley values of buyers × share ×
    money per buyer; and it is money of new, returning and won-back buyers, as in :meth:`sales`. The table
    has these as the column ``"buyers"`` too.

    Intervals are those of the change under another draw of customers: customers fall to 64 random groups by a hash of
    their key, and the error is that of the delete-a-group jackknife (K. M. Wolter, "Introduction to Variance
    Estimation", 2007; Student's t with 63 degrees of freedom). An order of a guest is a customer by itself there.

    Parameters
    ----------
    before, after : (start, end)
        Two half-open periods, the first over when the second begins; a date is the start of its day.
    columns : str, a column of a result, or a list of them
        Columns of the orders, attributes of the customers, or columns such as ``rfm["segment"]``. With ``"buyers"``
        among them, that buyers are new, returning or won back may explain the change too; where the data begin with
        the first period, all buyers of it are new.

    Returns
    -------
    Contribution
        One row per column and value, and one for all.

    Examples
    --------
    >>> orders = ff.datasets.load_cdnow()
    >>> tiers = orders.rfm()["f"]
    >>> first, second = ("1997-01-01", "1997-04-01"), ("1997-04-01", "1997-07-01")
    >>> moved = orders.contribution(first, second, columns=["buyers", tiers])
    >>> moved.movers.to_polars().select("column", "value", "moved").rows()
    [('buyers', 'new', -112498.61), ('buyers', 'returning', 33629.63), (None, None, 0.0)]
    """
    wanted = [columns] if isinstance(columns, (str, Table, Bands)) else listed(columns, "columns", _COLUMNS)
    log, groups = resolve_group_by(self._log, [one for one in wanted if not _is_buyers(one)], argument="columns")
    buyers = "explain" if any(map(_is_buyers, wanted)) else "shown"
    params = {**two_periods(before, after), "by": groups, "buyers": buyers, "refunds": self._refunds}
    found = _native.run(log, "contribution", params)
    return Contribution(found, self._origin, (written(before), written(after)))


_COLUMNS = 'columns of the orders or of customers, as in columns=["category", "region"]'


def _is_buyers(column: Any) -> bool:
    return isinstance(column, str) and column == "buyers"


class Contribution(Result):
    """One row per column and value, in that order; the last is all together, with null column and value.

    Columns: ``column``, ``value`` (as text); ``before``, ``after`` (money net of refunds), ``change`` with its 95 %
    interval ``low``, ``high``; ``buyers_before``, ``buyers_after``; ``volume``, ``mix``, ``rate`` (of identified
    buyers; where nobody bought it in one of the periods all is mix); ``new``, ``returning``, ``won_back`` and, where
    there are guests, ``guests``, the changes of their money, which add up to ``change``; ``excess`` (what the value
    has beyond the growth of all), and of it ``p_value`` and ``p_adjusted`` (Benjamini-Hochberg over all
    values).
    """

    def __init__(self, found: dict[str, Any], origin: Origin, periods: tuple[str, str]) -> None:
        whole = dicts(Table(found["table"], None))[-1]
        self._total = {name: whole[name] for name in ("before", "after", "change", "low", "high")}
        title = [
            "What moved sales, net of refunds, per line",
            f"  from {whole['before']:,.2f} ({periods[0]}) to {whole['after']:,.2f} ({periods[1]}): "
            f"{whole['change']:+,.2f} ({whole['low']:+,.2f} to {whole['high']:+,.2f})",
        ]
        if found["days_before"] != found["days_after"]:
            title.append(f"  the periods have {found['days_before']} and {found['days_after']} days")
        if not found["whole"]:
            title.append("  a period is not whole: it lies in part before or after the data")
        super().__init__(found["table"], origin, title)
        self._movers, self._periods = found["movers"], periods

    @property
    def movers(self) -> Table:
        """The few values that moved sales, the largest first, and the rest as the last row.

        A value is one if its change, and what it is beyond the growth of all, are more than chance (5 %, adjusted over
        all values) and go the same way, and if at least half of that is in lines that those before it do not have:
        what says the same twice is said once.

        Columns: ``column``, ``value`` (null for the rest); ``moved`` (the change of the lines that those before do not
        have; these add up to the change of sales exactly), ``share`` of the change; ``change`` of all lines of the
        value with its interval ``low``, ``high``.
        """
        return Table(self._movers, self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the way from the first period's sales to the second's, mover by mover.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.contribution import plot_contribution

        return plot_contribution(self.movers, self._total, self._periods, spoken(language))
