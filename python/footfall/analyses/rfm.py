"""RFM: recency, frequency and monetary value, scored and named."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.analyses._rfm_result import RFM
from footfall.core.arguments import check_map, days, three_cuts, three_weights
from footfall.core.checks import instance, whole
from footfall.core.language import spoken
from footfall.core.time_points import duration, moment
from footfall.edges import Edges
from footfall.segments import Segments

if TYPE_CHECKING:
    from types import EllipsisType

    from footfall.data.orders import Orders


# The best score of the built-in maps.
_OF_MAPS = 5


def rfm(
    self: Orders,
    as_of: Any = None,
    *,
    lookback: Any = None,
    frequency: Literal["orders", "days", "rows"] = "orders",
    monetary: Literal["total", "mean"] = "total",
    scores: int = 5,
    edges: Edges | None = None,
    weights: tuple[float, float, float] = (1, 1, 1),
    segments: str | Segments | EllipsisType | None = ...,
    language: Literal["en", "zh"] | None = None,
    lost_after: Any = None,
    cut: float | tuple[float, float, float] | None = None,
) -> RFM:
    """Score every customer by recency, frequency and monetary value, and name the segment.

    Of n customers, score = 1 + ⌊k · (number strictly worse) / n⌋: equal values always get equal scores; recent,
    frequent and large are better.

    Parameters
    ----------
    as_of : date, datetime or str, optional
        The day from which recency counts back; a date means its end. Later rows are left out and counted. Default:
        the day of the last row (the last day of the period after :meth:`between`), never the clock. A naive
        datetime at midnight is a date, as pandas writes one.
    lookback : str or timedelta, optional
        Orders longer ago are left out, as if they had not been: ``first_order`` and ``lost_after`` know the others
        alone. Whole days are calendar days, that of ``as_of`` the last of them: ``"365d"`` takes the same orders for a
        date and for any time of that day. Other durations end at ``as_of``. (After :meth:`between`, what lies before
        the period is not counted, but ``first_order`` is that of the whole log; ``lost_after`` knows the period alone.)
    frequency : {"orders", "days", "rows"}
        Purchases, distinct days with one, or their rows.
    monetary : {"total", "mean"}
        Net money, or net money per purchase.
    scores : int
        The best score, 2 to 100. The built-in maps need 5.
    edges : Edges, optional
        Edges of another period to use instead of the data's own, so that the scores of two dates compare.
    weights : tuple of float
        How much R, F and M weigh in ``score``, their mean.
    segments : {"grid", "tiers", "octants"}, Segments or None
        The map that names customers, see :class:`footfall.Segments`; None gives scores alone. Default: "grid", and None
        where ``scores`` is not 5.
    language : {"en", "zh"}, optional
        The language of ``segment_name``; default: ``ff.options.language``.
    lost_after : int, str or timedelta, optional
        For ``"tiers"``: days without an order after which a customer is lost. Default: the days at which the
        Kaplan-Meier curve of the time to the next order (orders of one day are one) has reached 90 % of its final
        height; it is stated in the result.
    cut : float or tuple, optional
        For ``"octants"``: the score from which R, F and M are high. Default: the mean score.

    Returns
    -------
    RFM
        One row per customer with a purchase, in the order of the keys.

    Examples
    --------
    >>> rfm = ff.datasets.load_cdnow().rfm(as_of="1998-06-30")
    >>> rfm.customers("champions").num_rows
    414
    """
    if segments is ...:
        segments = "grid" if scores == _OF_MAPS else None
    own = segments if isinstance(segments, Segments) else None
    # The contract's limits.
    scores = whole(scores, "scores", 2, 100)
    check_map(segments, scores, monetary, lost_after, cut)
    names = spoken(language)
    if edges is not None:
        instance(edges, "edges=", "ff.Edges, as rfm.edges has them", Edges)
    read = {
        "as_of": moment(as_of, "as_of"),
        "lookback": duration(lookback, "lookback"),
        "refunds": self._refunds,
        "frequency": frequency,
        "monetary": monetary,
        "scores": scores,
        "edges": None if edges is None else edges.cuts(scores),
        "weights": three_weights(weights),
        "scheme": "own" if own or segments is None else str(segments),
        "rules": own.native(names) if own else [],
        "rest": own.rest(names) if own else None,
        "lost_after": days(lost_after),
        "cut": three_cuts(cut, scores),
        "language": names,
    }
    dated = as_of is not None or self._log.range is not None or self._log.window[1] is not None
    if not dated:
        warnings.warn("no row of the log can be used: the result is empty, and as of no day", FootfallWarning, 2)
    native = _native.Rfm(self._log, read)
    params = {
        "frequency": frequency, "monetary": monetary, "scores": scores, "refunds": self._refunds,
        "segments": "own rules" if own else segments or "none", "language": names, "lookback": lookback,
        "edges": edges, "dated": dated,
    }  # fmt: skip
    found = RFM(native, self._library, params)
    if as_of is not None and not found.num_rows and self._log.range is not None:
        warnings.warn(
            f"as_of={as_of}: no purchase of the log lies before its end, so that nobody is scored", FootfallWarning, 2
        )
    return found
