"""Pareto/NBD."""

from __future__ import annotations

from footfall.models._purchases import PurchaseModel


class ParetoNbd(PurchaseModel):
    """Pareto/NBD: rates of purchases and of leaving are gamma distributed; a customer may leave at any time.

    Parameters
    ----------
    r, alpha : float
        Shape and scale of the rate of purchases, λ ~ Γ(r, α).
    s, beta : float
        Shape and scale of the rate of leaving, μ ~ Γ(s, β). α and β have the unit of time.

    Notes
    -----
    D. C. Schmittlein, D. G. Morrison & R. Colombo, "Counting your customers: who are they and what will they do next?",
    Management Science 33 (1987).

    Examples
    --------
    >>> import footfall as ff
    >>> model = ff.ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> round(model.expected_orders_new(52), 3)
    1.473
    """

    _model = "pareto"
    _names = ("r", "alpha", "s", "beta")

    def __init__(self, r: float, alpha: float, s: float, beta: float) -> None:
        self._set(r, alpha, s, beta)
