"""MBG/NBD."""

from __future__ import annotations

from footfall.models._purchases import PurchaseModel


class MbgNbd(PurchaseModel):
    """MBG/NBD: as :class:`footfall.BgNbd`, but the first purchase may be the last, too.

    Parameters
    ----------
    r, alpha : float
        Shape and scale of the rate λ ~ Γ(r, α); α has the unit of time.
    a, b : float
        Of the chance to leave at each purchase, p ~ B(a, b).

    Notes
    -----
    E. P. Batislam, M. Denizel & A. Filiztekin, "Empirical validation and comparison of models for customer base
    analysis", International Journal of Research in Marketing 24 (2007).

    Examples
    --------
    >>> import footfall as ff
    >>> model = ff.MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(model.p_alive(repeats=0, last_seen=0, age=39), 3)
    0.389
    """

    _model = "mbg"
    _names = ("r", "alpha", "a", "b")

    def __init__(self, r: float, alpha: float, a: float, b: float) -> None:
        self._set(r, alpha, a, b)
