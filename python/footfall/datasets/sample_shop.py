"""Synthetic shop data with known ground truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from footfall import _native
from footfall.core.checks import listed, real, whole, word
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

# A shop of so many has events beyond what memories hold.
_MOST = 10**8
_DIRT = ("null_customer", "null_time", "duplicates", "late")


@dataclass(frozen=True, repr=False)
class SampleShop:
    """The tables of a sample shop, each a :class:`footfall.Table`, which is an Arrow stream.

    Attributes
    ----------
    customers : Table
        ``customer, registered, age, gender, region, city_tier, channel, level, points``; one row per customer.
    events : Table
        ``customer, time, event, session, device, source, keyword, product, value, shipping_fee``. Events: register,
        show and click (recommendations), view, cart, checkout, order, pay; one row per product. ``value`` is the money
        of a ``pay``; ``shipping_fee`` stands from the cart on.
    orders : Table
        ``customer, time, order_id, product, category, quantity, price, discount, amount, margin, coupon, shipping_fee,
        payment, delivery_days, status, refund_of``; one row per line. ``amount`` is quantity times price less discount,
        and the fee of an order stands in its first line. The price of a product differs from order to order. A refund
        is an order of its own with negative amounts; orders that were never paid are ``cancelled``.
    spend : Table
        ``time, channel, segment, amount``: one row per month and channel for new customers (``segment`` "new"), and per
        month and tier for customers.
    after_sales : Table
        ``customer, time, order_id, kind, rating``: ratings (1 to 5), questions, complaints, returns.
    truth : Table
        ``truth, place, measure, size, without, planted``: what was planted, where and how strong; ``without`` is the
        size where the truth is left out (null where there is none).
    """

    customers: Table
    events: Table
    orders: Table
    spend: Table
    after_sales: Table
    truth: Table

    def __repr__(self) -> str:
        sizes = {name: getattr(self, name).num_rows for name in self.__dataclass_fields__}
        return "SampleShop\n" + "\n".join(f"  {name}: {rows:,} rows" for name, rows in sizes.items())


def make_shop(
    customers: int = 10_000,
    seed: int = 0,
    *,
    without: Literal["all"] | Sequence[str] = (),
    dirt: float | Mapping[str, float] = 0.0,
    cycle: float | None = None,
) -> SampleShop:
    """Make up a shop over 2023 and 2024: customers, what they do, buy, return and say, and what they cost.

    The same arguments make the same shop, on any machine and for any number of threads.

    Parameters
    ----------
    customers : int
        Registered customers; some 40 events each.
    seed : int
        From 0; another seed makes another shop.
    without : "all" or sequence of str
        Truths to leave out; ``"all"`` makes a shop without a fault, in which only the purchase process stays.
    dirt : float or mapping
        Shares of the rows of events and orders that are spoilt: ``null_customer``, ``null_time``, ``duplicates`` (a row
        stands there twice) and ``late`` (it stands at the end, out of the order of time). One number is all of them.
    cycle : float, optional
        Days from a purchase to the next that are typical of the shop, as for coffee or lenses: gaps are Gamma with
        this mean and a third of it as standard deviation, in place of the purchase process (which has no typical gap).

    Returns
    -------
    SampleShop
        The tables.

    Notes
    -----
    What is planted, by its name in ``truth``; ``make_shop(...).truth`` has every number:

    ``tiers``
        12 % of the buyers have both a rate and a mean spend in the top fifth (4 % without). The sizes of the five tiers
        by true parameters: lost (dropped out), loyal_high_value, frequent_low_value, high_value_infrequent, potential.
    ``weak_step``
        From cart to order: the odds of an order, per session with a cart, are 0.4 times those elsewhere on
        ``mobile_web`` in the region ``west``.
    ``shipping_fee``
        The odds of leaving a cart without an order are 1.35 times as high for each 5 of fee.
    ``two_peaks``
        Of the sessions 30 % start around 12:30 (normal, with a standard deviation of 0.8 hours) and 35 % around 20:30
        (1 hour), the rest evenly from 7 to 24; without, the day has one wide peak at 15:00.
    ``growing_city_tier``
        Registrations a day in ``tier_3`` grow fourfold.
    ``rising_category``
        The odds of ``pet`` among order lines grow sixfold.
    ``category_preference``
        Odds ratios among order lines, over customers of neither preference: 2.5 for ``beauty``, ages 25 to 34 in
        ``east``; 2.0 for ``digital``, ages 18 to 24 in ``south``.
    ``repurchase_drivers``
        Odds ratios of a second order within 90 days: 1.8 for a first order rated 4 or 5, of those rated; 1.5 for one
        delivered within 3 days; 2.2 for the level ``plus``; in a joint logistic regression.
    ``rising_acquisition_cost``
        The cost of a registration through ``ads`` grows 2.2-fold.
    ``falling_retention``
        Of those who first buy from July 2024 on, 0.65 times as many stay after the first order. Their purchases follow
        MBG/NBD with this much more dropout.
    ``spend_by_tier``
        Spend on customers goes to tiers by fixed shares, 45 % of it to the lost; without, by what they bring.
    ``recommendations``
        2 % of what is shown is clicked (8 % without).
    ``purchase_process``
        Purchases (before refunds and cancelled orders) follow MBG/NBD in days, r = 0.8, alpha = 75, a = 0.6, b = 4.2;
        the money of an order Gamma-Gamma, p = 6, q = 4, gamma = 60. Half would never buy; of those who registered last
        some have not bought yet. Without, all buyers have the mean rate, dropout and spend, and there are no tiers
        among them. With ``tiers``, spend goes with rate, so that Gamma-Gamma of all orders finds q some 2 % low; that
        of first orders finds it.

    The purchase process comes first and the rest is drawn around it: features of an order are drawn given whether
    another one followed, carts left behind given the orders. So all of it holds at once.

    Examples
    --------
    >>> shop = ff.datasets.make_shop(2_000, seed=1)
    >>> shop.customers.num_rows
    2000
    >>> orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id",
    ...                    status="status", cancelled=["cancelled"], refund_of="refund_of")
    >>> events = ff.Events(shop.events, customer="customer", time="time", event="event", value="value")
    >>> funnel = events.funnel(["view", "cart", "order", "pay"], window="7d")
    >>> funnel.table.column_names[:3]
    ['step', 'name', 'reached']
    """
    truths = [name for name in _native.shop_truths() if name != "purchase_process"]
    all_of_them = isinstance(without, str) and without == "all"
    named = [without] if isinstance(without, str) else listed(without, "without", 'names of truths, or "all"')
    left_out = truths if all_of_them else [word(name, "without", _native.shop_truths()) for name in named]
    customers, seed = whole(customers, "customers", 1, _MOST), whole(seed, "seed", 0, 2**64 - 1)
    gap = None if cycle is None else real(cycle, "cycle", "days from 1 to 365", lambda days: 1 <= days <= 365)  # noqa: PLR2004
    return SampleShop(*map(Table, _native.make_shop(customers, seed, without=left_out, dirt=_shares(dirt), cycle=gap)))


def _shares(dirt: float | Mapping[str, float]) -> tuple[float, float, float, float]:
    given = dirt if isinstance(dirt, Mapping) else dict.fromkeys(_DIRT, dirt)
    for name in given:
        word(name, "dirt", _DIRT)
    null_customer, null_time, duplicates, late = (
        real(given.get(name, 0.0), "dirt", "a share from 0 to 1, or a mapping of them", lambda share: 0 <= share <= 1)
        for name in _DIRT
    )
    return null_customer, null_time, duplicates, late
