"""BG/NBD."""

from __future__ import annotations

from footfall.models._purchases import PurchaseModel


class BgNbd(PurchaseModel):
    """BG/NBD: rates of purchases are gamma distributed, and each repeat may be the last, with a chance that is beta.

    The first purchase is never the last, so that a customer without a repeat is always one still; where that is not
    meant, take :class:`footfall.MbgNbd`.

    Parameters
    ----------
    r, alpha : float
        Shape and scale of the rate λ ~ Γ(r, α); α has the unit of time.
    a, b : float
        Of the chance to leave, p ~ B(a, b).

    Notes
    -----
    P. S. Fader, B. G. S. Hardie & K. L. Lee, "Counting your customers the easy way", Marketing Science 24 (2005).

    Examples
    --------
    >>> import footfall as ff
    >>> model = ff.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)  # CDNOW, in weeks, from the paper
    >>> round(model.expected_orders(39, repeats=2, last_seen=30.43, age=38.86), 3)
    1.226
    """

    _model = "bg"
    _names = ("r", "alpha", "a", "b")

    def __init__(self, r: float, alpha: float, a: float, b: float) -> None:
        self._set(r, alpha, a, b)
