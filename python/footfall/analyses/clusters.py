"""Clusters: customers grouped by k-means on R, F and M."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses._scored import scored_of
from footfall.analyses.migration import Migration, migration
from footfall.core.checks import word
from footfall.core.columns import table_of, values
from footfall.core.language import spoken
from footfall.result import PerCustomer
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.analyses._rfm_result import RFM
    from footfall.analyses._scored import ScoredCustomers

AXES = ("recency_days", "frequency", "monetary")


@dataclass(frozen=True)
class Scaling:
    """How values become coordinates: logarithms, drawn in to two quantiles, standardised.

    Attributes
    ----------
    low, high : tuple of float
        The logarithms of recency, frequency and monetary value between which all are drawn in.
    mean, deviation : tuple of float
        Of what is left; a column without spread has a deviation of 1.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    @classmethod
    def of(cls, table: _native.Table, winsorize: float | None) -> Scaling:
        """Return that of the customers of an analysis."""
        import numpy as np

        logs = _logarithms(table)
        share = winsorize or 0.0
        ends = [np.quantile(log, [share, 1 - share]) for log in logs]
        drawn = [np.clip(log, *end) for log, end in zip(logs, ends, strict=True)]
        return cls(
            tuple(float(end[0]) for end in ends),
            tuple(float(end[1]) for end in ends),
            tuple(float(log.mean()) for log in drawn),
            tuple(float(log.std()) or 1.0 for log in drawn),
        )

    def apply(self, table: _native.Table) -> list[Any]:
        """Return the coordinates of customers, a column each."""
        import numpy as np

        return [
            np.ascontiguousarray((np.clip(log, low, high) - mean) / deviation)
            for log, low, high, mean, deviation in zip(
                _logarithms(table), self.low, self.high, self.mean, self.deviation, strict=True
            )
        ]


def _logarithms(table: _native.Table) -> list[Any]:
    """ln(1 + days), ln(frequency), and the signed ln(1 + |money|), as net money may be negative."""
    import numpy as np

    recency, frequency, money = (values(table, name).astype(float) for name in AXES)
    return [np.log1p(recency), np.log(frequency), np.sign(money) * np.log1p(np.abs(money))]


class Clusters(PerCustomer):
    """One row per customer, in the order of the keys.

    Columns: the key; ``recency_days``, ``frequency``, ``monetary`` of the analysis; ``cluster`` (from 1, the one of the
    largest monetary value first); ``tier`` (the code of the tier that the cluster resembles); ``name`` (the tier, and
    of several clusters that resemble one, a number behind it from the second on, so that no two bear one name).

    A cluster has the tier that the rules of the map ``"tiers"`` give to its medians: lost where the median of
    ``recency_days`` exceeds ``lost_after`` (that of the map, else found as it is there, of the same orders), or, where
    nobody came back, the median score of R is 2 or less; then by the median scores of F and M, where 4 is high and 3
    has potential.
    """

    def __init__(
        self,
        scored: ScoredCustomers,
        found: Any,
        scaling: Scaling,
        choice: tuple[list[tuple[Any, ...]], int, bool],
    ) -> None:
        import numpy as np

        labels, centers, *_ = found
        self._scored = scored
        self.scaling = scaling
        self._centers = np.array(centers).reshape(-1, len(AXES))
        self._choice, self._taken, self._stable = choice
        self._labels = labels.astype(np.int64)
        tiers = _tiers(scored, self._labels, len(self._centers))
        self._tiers = tiers
        super().__init__(_assigned(scored.table, self._labels, tiers), scored.origin, [])

    @property
    def k(self) -> int:
        """How many clusters there are."""
        return len(self._centers)

    @property
    def stable(self) -> bool | None:
        """Whether the stability of the number taken is at least 0.75; None where ``k`` was given."""
        return self._stable if len(self._choice) > 1 else None

    @cached_property
    def centers(self) -> Table:
        """One row per cluster: its size, its money, and where it lies.

        Columns: ``cluster``, ``tier``, ``name``; ``customers``, ``share``; ``revenue``, ``revenue_share`` (net money of
        the analysis); the medians ``recency_days``, ``frequency``, ``monetary``; the coordinates of the centre
        ``x_recency``, ``x_frequency``, ``x_monetary`` (standard deviations from the mean of all, of the logarithms).
        """
        import numpy as np

        table = self._scored.table
        money = values(table, "monetary_total")
        inside = [self._labels == cluster for cluster in range(self.k)]
        revenue = [float(money[some].sum()) for some in inside]
        counts = [int(some.sum()) for some in inside]
        columns: dict[str, list[Any]] = {
            "cluster": list(range(1, self.k + 1)),
            "tier": self._tiers,
            "name": _names(self._tiers),
            "customers": counts,
            "share": [count / len(self._labels) for count in counts],
            "revenue": revenue,
            "revenue_share": [part / sum(revenue) if sum(revenue) else None for part in revenue],
        }
        for name in AXES:
            column = values(table, name)
            columns[name] = [float(np.median(column[some])) if some.any() else None for some in inside]
        for at, name in enumerate(("x_recency", "x_frequency", "x_monetary")):
            columns[name] = self._centers[:, at].tolist()
        return Table(table_of(columns), self._library)

    @cached_property
    def choice(self) -> Table:
        """One row per number of clusters that was tried.

        Columns: ``k``, ``inertia``; ``calinski_harabasz`` (variance between clusters over that within);
        ``silhouette`` (simplified: with distances to centres); ``stability`` (the mean adjusted Rand index against
        clusters of ten bootstrap samples); ``taken``.
        """
        names = ("k", "inertia", "calinski_harabasz", "silhouette", "stability")
        columns: dict[str, list[Any]] = {name: [row[at] for row in self._choice] for at, name in enumerate(names)}
        columns["taken"] = [at == self._taken for at in range(len(self._choice))]
        return Table(table_of(columns), self._library)

    def assign(self, other: RFM) -> PerCustomer:
        """Return the clusters of the customers of another analysis, by the scaling and the centres of this one.

        Parameters
        ----------
        other : RFM
            Of the same ``frequency`` and ``monetary``.

        Returns
        -------
        PerCustomer
            Columns as those of the clusters themselves.
        """
        return self._assign(scored_of(other, "clusters.assign()"))

    def _assign(self, other: ScoredCustomers) -> PerCustomer:
        import numpy as np

        for option in ("frequency", "monetary"):
            own, theirs = self._scored.params[option], other.params[option]
            if own != theirs:
                raise ValueError(f"the clusters are of {option}={own!r}, and the other analysis has {theirs!r}")
        table = other.table
        labels = _native.nearest(self.scaling.apply(table), self._centers.ravel().tolist()).astype(np.int64)
        title = [f"{table.num_rows:,} customers assigned to {self.k} clusters, as of {other.as_of}"]
        return PerCustomer(_assigned(table, labels, self._tiers), other.origin, title)

    def migration(self, later: RFM) -> Migration:
        """Compare with a later analysis, whose customers are assigned by the centres of this one.

        Parameters
        ----------
        later : RFM
            Of the same ``lookback``.

        Returns
        -------
        Migration
            From cluster to cluster, by their numbers as text.
        """
        import numpy as np

        names = [str(cluster) for cluster in range(1, self.k + 1)]
        other = scored_of(later, "clusters.migration()")
        after = values(self._assign(other).native, "cluster").astype(np.int32) - 1
        return migration(
            self._scored, other, (self._labels.astype(np.int32), after), names, scores={}, measure="centres"
        )

    def _title(self) -> list[str]:
        said = "" if self.stable is None else f"; stability {self._choice[self._taken][4]:.2f}"
        flag = "" if self.stable in {None, True} else ": no number of clusters comes again from sample to sample"
        return [f"{self.k} clusters of {self.num_rows:,} customers, as of {self._scored.as_of}{said}{flag}"]

    def plot(self, kind: Literal["scatter", "profile"] = "scatter", *, language: str | None = None) -> Any:
        """Draw the clusters by recency and monetary value, or their profiles.

        Parameters
        ----------
        kind : {"scatter", "profile"}
            Medians of R and M with the share of the customers as size; or the centre of each on R, F and M.
        language : {"en", "zh"}
            Of titles.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.clusters import plot_profile, plot_scatter

        word(kind, "kind", ("scatter", "profile"))
        return (plot_scatter if kind == "scatter" else plot_profile)(self.centers, spoken(language))


def _assigned(table: _native.Table, labels: Any, tiers: list[str]) -> _native.Table:
    """Return the key, R, F and M, the cluster, its tier and its name."""
    import numpy as np

    own = table.select([0, *(table.column_names.index(name) for name in AXES)])
    found = own.beside(_native.Table.from_columns({"cluster": ("number", labels + 1, None, None)}))
    for column, of_cluster in (("tier", tiers), ("name", _names(tiers))):
        words = sorted(set(of_cluster))
        codes = np.array([words.index(word) for word in of_cluster], dtype=np.int32)[labels]
        found = found.beside(_native.Table.of_words(column, np.ascontiguousarray(codes), words))
    return found


def _names(tiers: list[str]) -> list[str]:
    """Return a name of its own for each cluster."""
    seen: dict[str, int] = {}
    names = []
    for tier in tiers:
        seen[tier] = seen.get(tier, 0) + 1
        names.append(tier if seen[tier] == 1 else f"{tier}_{seen[tier]}")
    return names


def _tiers(scored: ScoredCustomers, labels: Any, count: int) -> list[str]:
    import numpy as np

    columns = {name: values(scored.table, name) for name in ("recency_days", "r", "f", "m")}
    scale = 5 / scored.params["scores"]
    tiers = []
    for cluster in range(count):
        inside = labels == cluster
        days, r, f, m = (float(np.median(column[inside])) if inside.any() else 0.0 for column in columns.values())
        lost = r * scale <= 2 if scored.lost_after is None else days > scored.lost_after  # noqa: PLR2004
        tiers.append(_native.tier_of(f * scale, m * scale) if not lost else "lost")
    return tiers
