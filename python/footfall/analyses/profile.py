"""Who the customers are: counts, shares, growth, and what each group brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses._cohort_trend import cochran_armitage
from footfall.bands import Bands
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import column, instance, listed, shown
from footfall.core.columns import table_of
from footfall.core.language import spoken
from footfall.core.rows import dicts
from footfall.result import Origin, Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from footfall.data.customers import Customers
    from footfall.data.orders import Orders

Cells = dict[tuple[Any, ...], dict[str, Any]]
"""Sales, orders and buyers of groups, by their values."""

_PAIR = 2
_BY = 'attributes of the customers, as in by=["region", ff.bands("age", [18, 25, 35])]'


def profile(
    self: Customers,
    by: str | Bands | Sequence[str | Bands],
    *,
    orders: Orders | None = None,
    groups: Mapping[str, str] | None = None,
    period: Literal["week", "month", "quarter", "year"] = "month",
) -> Profile:
    """Count customers by attribute: shares, growth of registrations, and what each group brings.

    Every customer of the table counts, those too who never bought. Growth is that of the share of registrations by
    whole periods (Cochran-Armitage test for a trend of proportions), so that a market grows where it grows faster than
    the others.

    Parameters
    ----------
    by : str, ff.bands(...), or a list of them
        Roles or columns of the customers; numbers in half-open bands.
    orders : Orders, optional
        What the customers bought; then ``buyers``, ``orders``, ``sales`` and the ratios per head are known.
    groups : mapping of str to str, optional
        Values of the first attribute and the names of their groups, as ``{"shanghai": "coast"}``; values that are not
        named stay as they are. With it there is no money.
    period : {"week", "month", "quarter", "year"}
        Calendar periods of registrations.

    Returns
    -------
    Profile
        One row per group, those of most customers first.

    Examples
    --------
    >>> import polars as pl
    >>> people = pl.DataFrame({"id": [1, 2, 3, 4], "sex": ["f", "f", "m", None], "years": [19, 25, 34, 41]})
    >>> customers = ff.Customers(people, customer="id", gender="sex", age="years")
    >>> customers.profile("gender").rows()[0][:3]
    ('f', 2, 0.5)
    >>> [row[0] for row in customers.profile(ff.bands("age", [18, 25, 35])).rows()]
    ['[25, 35)', '[18, 25)', '≥ 35']
    """
    given = [by] if isinstance(by, (str, Bands)) else listed(by, "by", _BY)
    if not given or not all(isinstance(one, (str, Bands)) for one in given):
        raise TypeError(f"by={shown(by)}: give {_BY}")
    if orders is not None:
        from footfall.data.orders import Orders as OrderLog

        instance(orders, "orders=", "ff.Orders", OrderLog)
    named = [(one.column, one.edges) if isinstance(one, Bands) else (column(one, "by"), []) for one in given]
    names = [name for name, _ in named]
    brought: Cells = {}
    if orders is not None and groups is None:
        brought = brought_by(orders.with_customers(self), given, [names])[0]
    return profile_with(self, named, groups, period, brought)


def profile_with(
    people: Customers,
    named: list[tuple[str, Any]],
    groups: Mapping[str, str] | None,
    period: str,
    brought: Cells,
) -> Profile:
    """Return the profile of customers by attributes, with what their groups bought."""
    joined = {**people._times, "by": named, "period": period if "registered" in people.roles else None}  # noqa: SLF001
    rows = dicts(Table(people._table.profile(joined), None))  # noqa: SLF001 - a noun of ours
    names = [name for name, _ in named]
    if groups is not None:
        rows = [{**row, names[0]: groups.get(str(row[names[0]]), row[names[0]])} for row in rows]
    return Profile(names, rows, brought, people._library)  # noqa: SLF001


def brought_by(known: Orders, by: Sequence[Any], sets: Sequence[Sequence[str]]) -> list[Cells]:
    """Return what each group bought, of several groupings in one pass; ``known`` are orders that know the attributes.

    ``by`` are all attributes that play a part, and ``sets`` the names of those of each grouping.
    """
    log, sources = resolve_group_by(known._log, by)  # noqa: SLF001 - a noun of ours
    places = [name for _, name in sources]
    params = {
        "by": sources, "sets": [[places.index(name) for name in names] for names in sets],
        "refunds": known._refunds,  # noqa: SLF001 - a noun of ours
    }  # fmt: skip
    found = _native.run(log, "group_totals", params)
    tables = [found["table" if at == 0 else f"set {at}"] for at in range(len(sets))]
    return [
        {row[: len(names)]: dict(zip(("buyers", "orders", "sales"), row[len(names) :], strict=True))
         for row in Table(table, None).rows()}
        for names, table in zip(sets, tables, strict=True)
    ]  # fmt: skip


class Profile(Result):
    """One row per group, those of most customers first.

    Columns: the attributes; ``customers``; ``share`` of all with its Wilson 95 % interval ``low``, ``high``; with
    orders ``buyers``, ``orders``, ``sales`` (net of refunds), ``sales_share``, ``sales_per_customer``,
    ``orders_per_customer``; with registrations ``growth`` (of the share of registrations, by year, as a difference of
    shares) and ``p_value`` (Cochran-Armitage over whole periods).
    """

    def __init__(
        self,
        names: list[str],
        rows: list[dict[str, Any]],
        brought: Cells,
        library: str | None,
    ) -> None:
        counts: dict[tuple[Any, ...], int] = {}
        for row in rows:
            key = tuple(row[name] for name in names)
            counts[key] = counts.get(key, 0) + row["customers"]
        total = sum(counts.values())
        keys = sorted(counts, key=lambda key: (-counts[key], [str(part) for part in key]))
        columns: dict[str, list[Any]] = {name: [key[at] for key in keys] for at, name in enumerate(names)}
        columns["customers"] = [counts[key] for key in keys]
        columns["share"] = [counts[key] / total for key in keys]
        bounds = [_native.wilson(counts[key], total) or (0.0, 1.0) for key in keys]
        columns["low"], columns["high"] = [low for low, _ in bounds], [high for _, high in bounds]
        if brought:
            cells = [brought.get(key, {"sales": 0.0, "orders": 0, "buyers": 0}) for key in keys]
            money = sum(cell["sales"] for cell in brought.values())
            columns |= {name: [cell[name] for cell in cells] for name in ("buyers", "orders", "sales")}
            columns["sales_share"] = [cell["sales"] / money if money else None for cell in cells]
            for name, what in (("sales_per_customer", "sales"), ("orders_per_customer", "orders")):
                columns[name] = [cell[what] / counts[key] for key, cell in zip(keys, cells, strict=True)]
        if rows and "registered" in rows[0]:
            tests = [_growth(rows, names, key) for key in keys]
            columns["growth"] = [None if test is None else test[0] * 365.0 for test in tests]
            columns["p_value"] = [None if test is None else test[2] for test in tests]
        super().__init__(
            table_of(columns), Origin(library, lambda: None), [f"{total:,} customers by {' and '.join(names)}"]
        )
        self._names = names

    def cross(self) -> Table:
        """Tell which combinations of two attributes are there more often than by chance, were the two independent.

        Returns
        -------
        Table
            One row per pair of values that both are known: the two attributes; ``customers``; ``expected``; ``lift``
            (customers by expected); ``residual`` (Haberman's adjusted residual, normal where there is no association);
            ``p_value`` and ``p_adjusted`` (Benjamini-Hochberg, over all rows); ``cramers_v`` of the whole table.

        Examples
        --------
        >>> import polars as pl
        >>> people = pl.DataFrame({"id": range(4), "sex": ["f", "f", "m", "m"], "city": ["a", "a", "b", "b"]})
        >>> customers = ff.Customers(people, customer="id", gender="sex", city="city")
        >>> customers.profile(["gender", "city"]).cross().rows()[0][:5]
        ('f', 'a', 2, 1.0, 2.0)
        """
        from footfall.analyses._cross import cross

        if len(self._names) != _PAIR:
            raise ValueError(
                f"cross() tells of two attributes, and this profile has {len(self._names)}: give two in by="
            )
        return Table(table_of(cross(self._names, dicts(self))), self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the share of customers of each group with its interval, and of sales where they are known.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.profile import plot_profile

        return plot_profile(self, self._names, spoken(language))


def _growth(rows: list[dict[str, Any]], names: list[str], key: tuple[Any, ...]) -> tuple[float, float, float] | None:
    """Return the trend of the share of registrations, but for the first and last period, which may not be whole."""
    periods: dict[Any, list[int]] = {}
    for row in rows:
        if row["registered"] is not None:
            cell = periods.setdefault(row["registered"], [0, 0])
            cell[0] += row["customers"] * (tuple(row[name] for name in names) == key)
            cell[1] += row["customers"]
    cohorts = [(day.toordinal(), mine, every) for day, (mine, every) in sorted(periods.items())][1:-1]
    return cochran_armitage(cohorts) if cohorts else None
