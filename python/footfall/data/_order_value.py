"""What a log of orders says of the future."""

from __future__ import annotations

import math
import numbers
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._moments import duration
from footfall.results.lifetime import MODELS, Lifetime

if TYPE_CHECKING:
    from footfall.data.quality import Quality

_DAY = 86_400 * 10**6


class OrderValue:
    """What a log of orders says of the future."""

    _log: _native.Log
    _library: str | None
    _refunds: str

    @property
    @abstractmethod
    def quality(self) -> Quality:
        """Rows read, used and left out."""

    def lifetime(
        self,
        horizon: Any = "365d",
        *,
        model: Literal["mbg", "bg", "pareto"] = "mbg",
        discount: float = 0.1,
        margin: float | None = None,
    ) -> Lifetime:
        """Foretell how often each customer will buy in a time to come, and what that is worth.

        A model of purchases (see :class:`footfall.MbgNbd`) and one of amounts (:class:`footfall.GammaGamma`) are fitted
        to all that is known up to the end of the data, or of the period after ``between``. Purchases of one day are
        one; money is net of refunds, and the first day's does not count for the amount of repeats, as in the
        literature.

        Parameters
        ----------
        horizon : str or timedelta
            How far to look.
        model : {"mbg", "bg", "pareto"}
            MBG/NBD, where each purchase may be the last; BG/NBD, where customers stay until a repeat; Pareto/NBD, where
            they may leave at any time.
        discount : float
            By how much less a year later is worth: money after d days counts (1 + discount)^(−d/365).
        margin : float, optional
            The share of the money that is earned. Default: all.

        Returns
        -------
        Lifetime
            One row per customer who bought, in the order of the keys.

        Examples
        --------
        >>> life = ff.datasets.load_cdnow().lifetime("39w")
        >>> life.to_polars().select("repeats", "p_alive", "expected_orders", "value").row(0)
        (3, 0.63..., 0.93..., 23.54...)
        """
        micros = duration(horizon, "horizon")
        if micros is None:
            raise ValueError('horizon=None: give how far to look, as in "365d"')
        if model not in MODELS:
            raise ValueError(f"model={model!r}: give {', '.join(map(repr, MODELS))}")
        if not isinstance(discount, numbers.Real) or not (discount >= 0 and math.isfinite(discount)):
            raise ValueError(f"discount={discount!r}: give a yearly rate from 0, as in 0.1 for ten percent")
        if margin is not None and not (isinstance(margin, numbers.Real) and math.isfinite(margin) and margin > 0):
            raise ValueError(f"margin={margin!r}: give the share of the money that is earned, as in 0.3")
        earned, days = 1.0 if margin is None else float(margin), micros / _DAY
        native = _native.Lifetime(
            self._log,
            model=model,
            horizon=days,
            discount=float(discount),
            margin=earned,
            refunds=self._refunds,
        )
        asked = {"horizon": horizon, "model": model, "discount": float(discount), "margin": earned}
        return Lifetime(native, self._library, self.quality, asked)
