"""Data to try things on."""

from __future__ import annotations

from pathlib import Path

from footfall.data.orders import Orders

CDNOW = Path(__file__).with_name("cdnow.parquet")
"""The file behind :func:`load_cdnow`: ``customer_id``, ``date``, ``quantity``, ``amount``."""


def load_cdnow() -> Orders:
    """Orders of CDNOW, a music shop: 6,919 orders of 2,357 customers, 1997-01-01 to 1998-06-30.

    The customers are one tenth of those who first bought in the first quarter of 1997. The data stand in the package
    ``lifetimes`` (MIT licence); they go back to P. S. Fader and B. G. S. Hardie. Needs the extra ``files``.

    Returns
    -------
    Orders
        With the roles ``customer``, ``time``, ``amount`` and ``quantity``.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.datasets.load_cdnow().quality.customers
    2357
    """
    return Orders(CDNOW, customer="customer_id", time="date", amount="amount", quantity="quantity")
