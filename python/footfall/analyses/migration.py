"""Segment migration: transition counts, shares and stability (PSI)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import word
from footfall.core.columns import table_of, values
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import PerCustomer, Result
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.analyses._scored import ScoredCustomers
    from footfall.result import Origin

NEW, ABSENT = "newcomer", "absent"
_SMALL, _LARGE = 0.1, 0.25


class Migration(Result):
    """One row per pair of states that a customer was in.

    Columns: ``from``, ``to`` (codes of segments; ``"newcomer"`` where a customer was not there before, ``"absent"``
    where one is not there any more); ``customers``, ``share`` (of the
    customers of the row's ``from``); ``revenue`` (net money of the earlier analysis, of newcomers that of the later
    one), ``revenue_share`` (of the row's ``from``). Both analyses are scored by the edges and named by the rules of the
    earlier one (clusters: assigned by its centres), so that a customer who does the same stays where he was.
    """

    def __init__(
        self,
        rows: list[tuple[Any, ...]],
        customers: _native.Table,
        origin: Origin,
        *,
        title: list[str],
        days: tuple[str, str],
        stability: list[tuple[str, float]],
    ) -> None:
        names = ("from", "to", "customers", "share", "revenue", "revenue_share")
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        super().__init__(table_of(columns), origin, title)
        self._customers, self._days = customers, days
        self._stability = stability

    @cached_property
    def customers(self) -> PerCustomer:
        """One row per customer: the key, ``from``, ``to``, the money ``before`` and ``after`` (null where absent).

        Those of the earlier analysis in the order of the keys, then the newcomers in theirs.
        """
        return PerCustomer(self._customers, self._origin, ["Customers by where they were and are"])

    def moved(self, start: str, end: str) -> PerCustomer:
        """Return the customers who went from one state to another, by their codes.

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> before, after = (orders.rfm(day, lookback="180d") for day in ("1997-12-31", "1998-06-30"))
        >>> before.migration(after).moved("champions", "absent").num_rows
        13
        """
        import numpy as np

        masks = []
        for name, option, state in (("from", "start", start), ("to", "end", end)):
            _, codes, _, extra = self._customers.column(self._customers.column_names.index(name))
            known = list(extra[1])
            word(state, option, known)
            masks.append(codes == known.index(state))
        rows = np.flatnonzero(masks[0] & masks[1]).astype(np.int64)
        table = self._customers.take(rows)
        return PerCustomer(table, self._origin, [f"{len(rows):,} customers from {start} to {end}"])

    @cached_property
    def stability(self) -> Table:
        """One row per score, R, F, M, and the states: ``measure``, ``psi`` and ``verdict``.

        The population stability index, Σ (q − p)·ln(q / p) over the shares before and after of those who are there
        (a class that is empty on one of the two days counts half a customer there, one that is empty on both is none):
        below 0.1 stable, up to 0.25 shifted, beyond unlike.
        """
        verdicts = [
            "stable" if psi < _SMALL else "shifted" if psi <= _LARGE else "unlike" for _, psi in self._stability
        ]
        columns: dict[str, list[Any]] = {
            "measure": [name for name, _ in self._stability],
            "psi": [psi for _, psi in self._stability],
            "verdict": verdicts,
        }
        return Table(table_of(columns), self._library)

    def plot(self, kind: Literal["flow", "matrix"] = "flow", *, language: str | None = None) -> Any:
        """Draw who went where.

        Parameters
        ----------
        kind : {"flow", "matrix"}
            A Sankey diagram, or a heat map of the shares of each row.
        language : {"en", "zh"}
            Of titles.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.migration import plot_flow, plot_matrix

        word(kind, "kind", ("flow", "matrix"))
        return (plot_flow if kind == "flow" else plot_matrix)(self, self._days, spoken(language))


def check_lookbacks(before: ScoredCustomers, later: ScoredCustomers) -> None:
    """Refuse analyses that do not look back equally far."""
    lookbacks = [scored.params["lookback"] for scored in (before, later)]
    if None in lookbacks:
        raise ValueError(
            'migration needs lookback= in both analyses, as in rfm(as_of, lookback="365d"): with all history so far, '
            "a customer who stands still looks like one who rises"
        )
    if duration(lookbacks[0], "lookback") != duration(lookbacks[1], "lookback"):
        raise ValueError(f"the analyses look back {lookbacks[0]} and {lookbacks[1]}: give both the same lookback=")
    if before.as_of is None or later.as_of is None:
        raise ValueError("migration needs two analyses with customers: the log of one of them has no row")
    if before.as_of >= later.as_of:
        raise ValueError(f"the later analysis is as of {later.as_of}, and this one of {before.as_of}: give a later one")
    zones = [scored.origin.quality.zone for scored in (before, later)]
    if zones[0] != zones[1]:
        raise ValueError(
            f"the days of the analyses are of two zones, {zones[0] or 'none'} and {zones[1] or 'none'}: give both logs "
            "the same timezone="
        )
    for option in ("frequency", "monetary", "refunds"):
        own, theirs = before.params[option], later.params[option]
        if own != theirs:
            raise ValueError(f"the analyses have {option}={own!r} and {theirs!r}: give both the same")


def migration(
    before: ScoredCustomers,
    later: ScoredCustomers,
    states: tuple[Any, Any],
    names: list[str],
    *,
    scores: dict[str, tuple[Any, Any]],
    measure: str,
) -> Migration:
    """Compare two analyses whose customers are in states, by their places in names."""
    import numpy as np

    check_lookbacks(before, later)
    old, new = before.table, later.table
    key = old.column_names[0]
    places = _native.CustomerTable(old, customer=key, attributes=[]).places(new, new.column_names[0])
    unseen = np.flatnonzero(places < 0)
    then, now = states
    everyone, absent = [*names, NEW, ABSENT], len(names) + 1
    start = np.concatenate([then, np.full(len(unseen), len(names), dtype=np.int32)])
    end = np.full(len(start), absent, dtype=np.int32)
    end[places[places >= 0]] = now[places >= 0]
    end[len(then) :] = now[unseen]
    earlier, after = values(old, "monetary_total"), values(new, "monetary_total")
    money = [np.full(len(start), np.nan) for _ in range(2)]
    money[0][: len(then)] = earlier
    money[1][places[places >= 0]] = after[places >= 0]
    money[1][len(then) :] = after[unseen]
    keys = _native.Table.stack([old.select([0]), new.take(unseen.astype(np.int64)).select([0])])
    table = keys.beside(_native.Table.of_words("from", start, everyone))
    table = table.beside(_native.Table.of_words("to", end, everyone))
    for name, column in zip(("before", "after"), money, strict=True):
        missing = np.isnan(column).astype(np.uint8)
        filled = np.nan_to_num(column)
        table = table.beside(_native.Table.from_columns({name: ("number", filled, missing, None)}))
    rows = _pairs(start, end, np.where(np.isnan(money[0]), money[1], money[0]), everyone)
    classes = {**scores, "state": (then, now)}
    measured = [(name, _native.population_stability(*map(_whole, pair))) for name, pair in classes.items()]
    title = [f"From {before.as_of} to {later.as_of}, by the {measure} of the earlier; {len(start):,} customers"]
    days = (str(before.as_of), str(later.as_of))
    return Migration(rows, table, later.origin, title=title, days=days, stability=measured)


def _pairs(start: Any, end: Any, money: Any, names: list[str]) -> list[tuple[Any, ...]]:
    import numpy as np

    width = len(names)
    cells = start.astype(np.int64) * width + end
    counts = np.bincount(cells, minlength=width * width).reshape(width, width)
    sums = np.bincount(cells, weights=money, minlength=width * width).reshape(width, width)
    rows = []
    for before, after in zip(*np.nonzero(counts), strict=True):
        count, revenue = int(counts[before, after]), float(sums[before, after])
        whole = float(sums[before].sum())
        rows.append(
            (names[before], names[after], count, count / int(counts[before].sum()), revenue,
             revenue / whole if whole else None)
        )  # fmt: skip
    return rows


def _whole(classes: Any) -> Any:
    import numpy as np

    return np.ascontiguousarray(classes, dtype=np.int64)
