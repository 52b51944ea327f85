"""The result of RFM: the customers scored and named."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.analyses._scored import ScoredCustomers, ScoredResult, scored_of
from footfall.analyses.concentration import Concentration
from footfall.core.checks import real, whole, word
from footfall.core.columns import codes, values
from footfall.core.language import spoken
from footfall.core.quality import Quality
from footfall.core.time_points import date_of
from footfall.edges import Edges
from footfall.result import Origin, PerCustomer, Result

if TYPE_CHECKING:
    import datetime as dt

    from footfall.analyses.clusters import Clusters
    from footfall.analyses.migration import Migration

_AUTO = (3, 8)
_SEEDS = 2**64 - 1
_NAMES = {"r": "recency", "f": "frequency", "m": "monetary value"}


class RFM(PerCustomer, ScoredResult):
    """One row per customer with a purchase, in the order of the keys.

    Columns: the key; ``first_order``, ``last_order``; ``recency_days`` (calendar days from the last order to the as-of
    date); ``frequency``; ``monetary``, ``monetary_total``, ``monetary_mean`` (net money, and per purchase);
    ``refund_amount`` (positive), ``refund_orders``; the scores ``r``, ``f``, ``m``; ``rfm`` ("543"); ``score`` (their
    weighted mean); ``segment`` (a stable code), ``segment_name`` (in the language params for).

    Examples
    --------
    >>> rfm = ff.datasets.load_cdnow().rfm(segments="tiers")
    >>> rfm.as_of, rfm.lost_after
    (datetime.date(1998, 6, 30), 233.0)
    """

    def __init__(self, native: _native.Rfm, library: str | None, params: dict[str, Any]) -> None:
        self._rfm = native
        self._codes = native.codes
        self._params = params
        self._info = native.info()
        self._rows, self._names = native.num_rows, native.column_names()
        everything = range(len(self._names))
        origin = Origin(library, lambda: Quality.from_info(native.quality()))
        super().__init__(lambda: native.columns(everything), origin, [])
        self._warn()

    @property
    def num_rows(self) -> int:
        """The number of customers."""
        return self._rows

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return list(self._names)

    def _chosen(self, indices: list[int]) -> _native.Table:
        """Return some columns, of which no other is made."""
        return self._rfm.columns(indices) if callable(self._made) else super()._chosen(indices)

    def _warn(self) -> None:
        """Say where the best score is empty, unless there are fewer customers than scores."""
        scores = self._params["scores"]
        tops = zip("rfm", self._info["best"], strict=True)
        empty = [f"{_NAMES[axis]} (best: {top})" for axis, top in tops if top is not None and top < scores]
        if empty and self._params["edges"] is None and self.num_rows >= scores:
            warnings.warn(
                f"no customer has score {scores} of {', '.join(empty)}: so many are tied at the best value that it "
                "earns less, and segments that ask for more stay empty",
                FootfallWarning,
                stacklevel=4,
            )

    @cached_property
    def scored(self) -> ScoredCustomers:
        """The customers, for the analyses that start from them."""
        return ScoredCustomers(self._native, self._params, self.as_of, self.lost_after, self._origin)

    def __getstate__(self) -> dict[str, Any]:
        # What stands for itself goes along; what needs the log does not.
        _ = self._params["segments"] == "none" or self.segments, self.concentration
        return super().__getstate__()

    @property
    def as_of(self) -> dt.date | None:
        """The day from which recency counts back; None where the log has no row."""
        return date_of(self._info["last_day"]) if self._params["dated"] else None

    @cached_property
    def edges(self) -> Edges:
        """The edges used, to save and to apply to another period."""
        recency, frequency, monetary = self._info["edges"]
        return Edges(recency=recency, frequency=frequency, monetary=monetary)

    @property
    def lost_after(self) -> float | None:
        """Days after which a customer counts as lost, for ``"tiers"``; None if nobody ever came back."""
        lost_after: float | None = self._info["lost_after"]
        return lost_after

    @cached_property
    def segments(self) -> SegmentTable:
        """Customers, revenue, their shares, and medians of R, F and M, per segment in the order of the map."""
        self._check_segments()
        title = [f"Segments of {self.num_rows:,} customers, as of {self.as_of or 'no day'}"]
        return SegmentTable(self._rfm.segments(), self._origin, title)

    @cached_property
    def concentration(self) -> Concentration:
        """How unequally the revenue is shared: Lorenz curve, Gini coefficient, share of the best fifth."""
        return Concentration(*self._rfm.concentration(), self._origin)

    def _check_segments(self) -> None:
        if self._params["segments"] == "none":
            raise ValueError(
                'segments=None gives scores alone: type segments="grid" (of scores=5), or a map of your own'
            )

    def customers(self, segment: str) -> PerCustomer:
        """Return the customers of a segment, by its code.

        Raises
        ------
        ValueError
            If there is no such segment.
        """
        import numpy as np

        word(segment, "segment", self._codes)
        code, names = codes(self._native, "segment")
        wanted = names.index(segment) if segment in names else -2
        table = self._native.take(np.flatnonzero(code == wanted).astype(np.int64))
        title = [f"{table.num_rows:,} customers of segment {segment}, as of {self.as_of}"]
        return PerCustomer(table, self._origin, title)

    def clusters(
        self, k: int | Literal["auto"] = "auto", *, seed: int = 0, winsorize: float | None = 0.005
    ) -> Clusters:
        """Group alike customers by k-means on logarithms of R, F and M.

        Recency becomes ln(1 + days), frequency ln, monetary value the signed ln(1 + amount); each is drawn in to two
        quantiles, so that a few very large customers do not make a cluster of their own, and standardised.

        Parameters
        ----------
        k : int or "auto"
            How many clusters, from 2; ``"auto"`` takes of 3 to 8 the one of the best Caliński–Harabasz ratio among
            those whose stability is at least 0.75, else the most stable, and says so.
        seed : int
            Of the starts and the bootstrap samples.
        winsorize : float, optional
            The share at each end that is drawn in. None: no value is.

        Returns
        -------
        Clusters
            One row per customer, in the order of the keys.

        Examples
        --------
        >>> clusters = ff.datasets.load_cdnow().rfm().clusters(4)
        >>> clusters.centers.to_polars().select("cluster", "tier", "customers").rows()[0]
        (1, 'loyal_high_value', 222)
        """
        from footfall.analyses.clusters import Clusters, Scaling

        low, high = _AUTO
        auto = isinstance(k, str) and k == "auto"
        counts = list(range(low, high + 1)) if auto else [whole(k, "k", 2, also=', or "auto"')]
        seed = whole(seed, "seed", 0, _SEEDS)
        if winsorize is not None:
            # Both ends together would leave nothing.
            winsorize = real(winsorize, "winsorize", "a share from 0 up to 0.5, or None", lambda part: 0 <= part < 0.5)  # noqa: PLR2004
        if self.num_rows < counts[-1]:
            raise ValueError(f"{self.num_rows} customers are too few for {counts[-1]} clusters: give a smaller k=")
        scaling = Scaling.of(self._native, winsorize)
        found, tried, taken, stable = _native.choose_clusters(
            scaling.apply(self._native), counts=counts, seed=seed, order=2
        )
        scored = replace(self.scored, lost_after=self._rfm.lost_after())
        return Clusters(scored, found, scaling, (tried, taken, stable))

    def migration(self, later: RFM) -> Migration:
        """Compare with a later analysis: who went from which segment to which.

        The customers of the later analysis are scored by the edges and named by the rules of this one, so that standing
        still is no movement. Both look back equally far.

        Parameters
        ----------
        later : RFM
            The same analysis of a later day, with the same ``lookback``.

        Returns
        -------
        Migration

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> before, after = (orders.rfm(day, lookback="180d") for day in ("1997-12-31", "1998-06-30"))
        >>> before.migration(after).to_polars().select("from", "to", "customers").rows()[0]
        ('champions', 'champions', 13)
        """
        import numpy as np

        from footfall.analyses.migration import check_lookbacks, migration

        theirs = scored_of(later, "rfm.migration()")
        check_lookbacks(self.scored, theirs)
        scores, after = self._rfm.rescored(later._rfm)
        # A map leaves nobody out: gaps are refused when it is built.
        _, before = self._rfm.rescored(self._rfm)
        later_scores = scores.reshape(-1, 3)
        pairs = {
            axis.upper(): (values(self._native, axis).astype(np.int64), later_scores[:, at].astype(np.int64))
            for at, axis in enumerate("rfm")
        }
        return migration(self.scored, theirs, (before, after), self._codes, scores=pairs, measure="edges")

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the grid of R and F: customers as colour, segments as areas, where the map is ``"grid"``.

        Parameters
        ----------
        language : {"en", "zh"}, optional
            Default: that of the analysis.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.rfm import plot_grid

        params = self._params
        return plot_grid(self, params["scores"], params["segments"], self.as_of, language or params["language"])

    def _title(self) -> list[str]:
        params = self._params
        zone = self.quality.zone or "local time, no time zone"
        lines = [
            f"RFM of {self.num_rows:,} customers, as of {self.as_of or 'no day'} ({zone})",
            f"  recency: calendar days; frequency: {params['frequency']}; "
            + f"monetary: {params['monetary']}, refunds {params['refunds']}; "
            + f"scores 1 to {params['scores']}; segments: {params['segments']}",
        ]
        if params["lookback"] is not None:
            lines.append(f"  lookback: {params['lookback']}")
        if self.lost_after is not None:
            lines.append(f"  lost after {self.lost_after:g} days without an order")
        return lines + ["  " + line for line in self.quality.lines()]


class SegmentTable(Result):
    """One row per segment."""

    def plot(self, *, language: str | None = None) -> Any:
        """Draw customers and revenue per segment, as shares.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.rfm import plot_segments

        return plot_segments(self, spoken(language))
