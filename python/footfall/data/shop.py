"""The whole shop: all that is known of it in one noun."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.checks import instance, real, word
from footfall.core.rows import dicts
from footfall.data import _shop_sections as sections
from footfall.data.after_sales import AfterSales
from footfall.data.customers import Customers
from footfall.data.events import Events
from footfall.data.orders import Orders
from footfall.data.spend import Spend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from footfall.core.section import Section
    from footfall.findings.findings import Findings
    from footfall.table import Table

_KINDS = {"customers": Customers, "events": Events, "orders": Orders, "spend": Spend, "after_sales": AfterSales}
#: The events of a shop, by what they mean.
STEPS = ("view", "cart", "order", "pay")


class Shop:
    """All that is known of a shop: customers, events, orders, spend, after-sales; any part may be missing.

    What is known of the customers goes to events and orders by itself. What cannot be told without a part is listed
    (``missing`` of each section, ``silent`` of the findings) with what it would need.

    Parameters
    ----------
    customers, events, orders, spend, after_sales : optional
        The nouns :class:`Customers`, :class:`Events`, :class:`Orders`, :class:`Spend`, :class:`AfterSales`.
    survey : Events, optional
        Reasons that customers stated, as events.
    steps : sequence of str
        The events from browsing to payment, in their order.
    recommendations : (str, str), optional
        The events of a recommendation that is shown, and clicked.
    benchmarks : mapping of str to float, optional
        Figures of the trade: of sales by their column, ``"click_rate"`` of recommendations, and rates of steps by their
        event.
    margin : float
        The share of money that is left after the cost of goods.

    Examples
    --------
    >>> shop = ff.Shop.sample(2_000, seed=1)
    >>> shop.sales().months.column_names[:3]
    ['period', 'complete', 'sales']
    >>> shop.conversion().funnel.to_polars()["name"].to_list()
    ['view', 'cart', 'order', 'pay']
    >>> shop.diagnose().column_names[:3]
    ['id', 'section', 'severity']
    """

    def __init__(
        self,
        *,
        customers: Customers | None = None,
        events: Events | None = None,
        orders: Orders | None = None,
        spend: Spend | None = None,
        after_sales: AfterSales | None = None,
        survey: Events | None = None,
        steps: Sequence[str] = STEPS,
        recommendations: tuple[str, str] | None = None,
        benchmarks: Mapping[str, float] | None = None,
        margin: float = 1.0,
    ) -> None:
        given = {"customers": customers, "events": events, "orders": orders, "spend": spend, "after_sales": after_sales}
        for name, part in given.items():
            if part is not None:
                instance(part, f"{name}=", f"ff.{_KINDS[name].__name__}", _KINDS[name])
        if survey is not None:
            instance(survey, "survey=", "ff.Events", Events)
        if events is None and orders is None:
            raise ValueError("a shop needs events= or orders=: type ff.Shop(orders=ff.Orders(...))")
        self.customers, self.spend, self.after_sales, self.survey = customers, spend, after_sales, survey
        self.events = events if events is None or customers is None else events.with_customers(customers)
        self.orders = orders if orders is None or customers is None else orders.with_customers(customers)
        self.steps, self.recommendations = list(steps), recommendations
        self.benchmarks = dict(benchmarks or {})
        self.margin = real(margin, "margin", "a share above 0 and up to 1", lambda share: 0 < share <= 1)
        self._made: dict[Any, Any] = {}

    @classmethod
    def sample(cls, customers: int = 10_000, seed: int = 0, *, without: Any = (), **more: Any) -> Shop:
        """Return a shop of :func:`footfall.datasets.make_shop`, with what is planted in it.

        Parameters
        ----------
        customers, seed, without, **more
            As of ``make_shop``.
        """
        from footfall.datasets.sample_shop import make_shop

        made = make_shop(customers, seed, without=without, **more)
        person: dict[str, Any] = {name: name for name in ("registered", "age", "gender", "region", "channel", "level")}
        visit: dict[str, Any] = {name: name for name in ("session", "product", "value", "device", "source", "keyword")}
        line: dict[str, Any] = {
            name: name
            for name in (
                "order_id", "product", "category", "quantity", "status", "refund_of", "payment", "coupon", "margin",
            )
        }  # fmt: skip
        return cls(
            customers=Customers(made.customers, customer="customer", city="city_tier", points="points", **person),
            events=Events(
                made.events, customer="customer", time="time", event="event", shipping_fee="shipping_fee", **visit
            ),
            orders=Orders(
                made.orders, customer="customer", time="time", amount="amount", delivery="delivery_days",
                shipping="shipping_fee", cancelled=["cancelled"], **line,
            ),
            spend=Spend(made.spend, time="time", amount="amount", channel="channel", segment="segment"),
            after_sales=AfterSales(
                made.after_sales, customer="customer", time="time", kind="kind", order_id="order_id", rating="rating"
            ),
            recommendations=("show", "click"),
        )  # fmt: skip

    def between(self, start: Any = None, end: Any = None) -> Shop:
        """Count what lies in a period; what is known of customers stays, as of :meth:`Orders.between`.

        Parameters
        ----------
        start, end : date, datetime or str, optional
            The period is half-open. Spend and after-sales contacts are cut to it too.
        """
        made = object.__new__(Shop)
        made.__dict__.update(self.__dict__)
        made._made = {}
        made.events = None if self.events is None else self.events.between(start, end)
        made.orders = None if self.orders is None else self.orders.between(start, end)
        made.spend = None if self.spend is None else self.spend.between(start, end)
        made.after_sales = None if self.after_sales is None else self.after_sales.between(start, end)
        return made

    def shared(self, key: Any, make: Callable[[], Any]) -> Any:
        """Compute something of the shop once, however many sections and rules ask for it."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def part(self, name: str) -> Any:
        """Return a part, or say that it is missing."""
        found = getattr(self, word(name, "part", _KINDS))
        if found is None:
            raise DataError(f"the shop has no {name}: give {name}= to ff.Shop")
        return found

    @cached_property
    def monthly_sales(self) -> float | None:
        """Mean sales of the complete months, of the last twelve at most; None where there is none."""
        if self.orders is None or not self.orders._log.has_money:  # noqa: SLF001
            return None
        rows = dicts(self.shared("months", lambda: self.part("orders").sales("month")))
        whole = [row["sales"] for row in rows if row["complete"]][-12:]
        return sum(whole) / len(whole) if whole else None

    def profile(self) -> Section:
        """Tell who the customers are."""
        return sections.profile(self)

    def behaviour(self) -> Section:
        """Tell how they visit."""
        return sections.behaviour(self)

    def sales(self) -> Section:
        """Tell what they buy, and what moved it."""
        return sections.sales(self)

    def conversion(self) -> Section:
        """Tell how they come from the first view to the payment."""
        return sections.conversion(self)

    def abandonment(self) -> Section:
        """Tell which carts are left."""
        return sections.abandonment(self)

    def repurchase(self) -> Section:
        """Tell who comes back."""
        return sections.repurchase(self)

    def value(self) -> Section:
        """Tell what each customer is worth."""
        return sections.value(self)

    def tier_profile(self) -> Section:
        """Tell what each tier is like, against all customers."""
        return sections.tier_profile(self)

    def why_lost(self) -> Section:
        """Tell what goes with leaving."""
        return sections.why_lost(self)

    def win_back(self, n: int = 1_000) -> Table:
        """Return the lost customers whom it pays most to win back.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        Table
            One row per customer of the tier "lost", those of most expected money first: the key, ``monetary_total``,
            ``recency_days``, ``p_alive``, ``expected_orders``, ``value`` (of the next 365 days by the lifetime model).
        """
        return sections.win_back(self, n)

    def diagnose(self, *, rules: Sequence[str] | None = None, level: float = 0.05) -> Findings:
        """Ask the rules what is wrong, and what to do about it.

        Parameters
        ----------
        rules : sequence of str, optional
            The rules to ask; default: all (``ff.findings.RULES``).
        level : float
            The share of false findings that is borne among those that were tested (Benjamini-Hochberg over all tests
            of all rules).

        Returns
        -------
        Findings
            One row per finding, those with most money at stake first.
        """
        from footfall.findings.ask import ask

        return ask(self, rules, real(level, "level", "a share between 0 and 1", lambda share: 0 < share < 1))

    def __repr__(self) -> str:
        lines = ["Shop"]
        for name in _KINDS:
            part = getattr(self, name)
            lines.append(f"  {name}: " + ("none" if part is None else repr(part).split("\n", 2)[1].strip()))
        return "\n".join(lines)
