"""The whole shop: all that is known of it in one noun."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall._errors import DataError
from footfall.core.checks import real, word
from footfall.core.rows import dicts
from footfall.data import _shop_lost as lost
from footfall.data import _shop_sections as sections
from footfall.data._shop_between import Between
from footfall.data._shop_parts import KINDS, options, part_of, shown_part

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from footfall.core.section import Section
    from footfall.data.after_sales import AfterSales
    from footfall.data.customers import Customers
    from footfall.data.events import Events
    from footfall.data.orders import Orders
    from footfall.data.spend import Spend
    from footfall.findings.effect import Effect
    from footfall.findings.experiment import Experiment
    from footfall.findings.findings import Findings
    from footfall.result import PerCustomer

#: The events of a shop, by what they mean.
STEPS = ("view", "cart", "order", "pay")


class Shop(Between):
    """All that is known of a shop: customers, events, orders, spend, after-sales; any part may be missing.

    What is known of the customers goes to events and orders by itself. What cannot be told without a part is listed
    (``missing`` of each section, ``silent`` of the findings) with what it would need.

    Parameters
    ----------
    customers, events, orders, spend, after_sales : optional
        The nouns :class:`Customers`, :class:`Events`, :class:`Orders`, :class:`Spend`, :class:`AfterSales`; or frames
        or paths, of which they are built by ``roles``, ``timezone`` and ``presets``.
    survey : optional
        Reasons that customers stated, as :class:`Events`: the event is the reason.
    roles : mapping of str to str, optional
        Columns by role, given once: each part takes those whose columns it has. ``"orders.time"`` is that of one part.
        What is not named is recognised by usual names, orders and events as :class:`Orders` does.
    timezone : str, optional
        As of :class:`Orders`, for all parts that are built here.
    presets : mapping of str to str, optional
        The preset of ``"orders"`` and of ``"events"``, where they are built here.
    cancelled : sequence of str
        As of :class:`Orders`, where they are built here.
    reading : mapping of str to object, optional
        How files are read, as ``{"encoding": "cp1252", "orders.decimal": ","}``: ``encoding``, ``delimiter``,
        ``sheet``, ``bad_lines``, ``decimal``, ``null_values``, ``time_format`` and ``time_unit`` of :class:`Orders`,
        for all parts that are built here or for one.
    steps : sequence of str
        The events from browsing to payment, in their order.
    recommendations : (str, str), optional
        The events of a recommendation that is shown, and clicked.
    doubts : sequence of str, optional
        Events that may tell of doubts before a purchase; default: those of the log that have a usual name, as
        "contact", "faq", "review", "compare".
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
        customers: Any = None,
        events: Any = None,
        orders: Any = None,
        spend: Any = None,
        after_sales: Any = None,
        survey: Any = None,
        roles: Mapping[str, str] | None = None,
        timezone: str | None = None,
        presets: Mapping[str, Any] | None = None,
        cancelled: Sequence[str] = (),
        reading: Mapping[str, Any] | None = None,
        steps: Sequence[str] = STEPS,
        recommendations: tuple[str, str] | None = None,
        doubts: Sequence[str] | None = None,
        benchmarks: Mapping[str, float] | None = None,
        margin: float = 1.0,
    ) -> None:
        if events is None and orders is None:
            raise ValueError("a shop needs events= or orders=: type ff.Shop(orders=ff.Orders(...))")
        given = {"customers": customers, "events": events, "orders": orders, "spend": spend, "after_sales": after_sales,
                 "survey": survey}  # fmt: skip
        known = {word(name, "presets", ("events", "orders")): one for name, one in (presets or {}).items()}
        made = {
            name: None
            if part is None
            else part_of(
                name, part, roles or {}, options(name, part, timezone, cancelled, reading or {}), known.get(name)
            )
            for name, part in given.items()
        }
        people: Customers | None = made["customers"]
        self.customers = people
        self.spend: Spend | None = made["spend"]
        self.after_sales: AfterSales | None = made["after_sales"]
        self.survey: Events | None = made["survey"]
        visits: Events | None = made["events"]
        bought: Orders | None = made["orders"]
        self.events = visits if visits is None or people is None else visits.with_customers(people)
        self.orders = bought if bought is None or people is None else bought.with_customers(people)
        self.period = None
        self.steps, self.recommendations = list(steps), recommendations
        self.doubts = None if doubts is None else list(doubts)
        self.benchmarks = dict(benchmarks or {})
        self.margin = real(margin, "margin", "a share above 0 and up to 1", lambda share: 0 < share <= 1)
        self._made: dict[Any, Any] = {}
        self._locks: dict[Any, threading.RLock] = {}
        self._whole = None

    @classmethod
    def sample(cls, customers: int = 10_000, seed: int = 0, *, without: Any = (), **more: Any) -> Shop:
        """Return a shop of :func:`footfall.datasets.make_shop`, with what is planted in it.

        Parameters
        ----------
        customers, seed, without, **more
            As of ``make_shop``.
        """
        from footfall.data._shop_sample import sample_parts

        return cls(**sample_parts(customers, seed, without, more), recommendations=("show", "click"))

    def shared(self, key: Any, make: Callable[[], Any]) -> Any:
        """Compute something of the shop once, however many sections, rules and threads ask for it."""
        if key not in self._made:
            # What is computed may ask for other things in turn, and never for what waits for it.
            with self._locks.setdefault(key, threading.RLock()):
                if key not in self._made:
                    self._made[key] = make()
        return self._made[key]

    def part(self, name: str) -> Any:
        """Return a part, or say that it is missing."""
        found = getattr(self, word(name, "part", KINDS))
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
        return lost.why_lost(self)

    def win_back(self, n: int = 1_000) -> PerCustomer:
        """Return the lost customers whom it pays most to win back.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        PerCustomer
            One row per customer of the tier "lost", those of most expected money first: the key, ``monetary_total``,
            ``recency_days``, ``p_alive``, ``expected_orders``, ``value`` (of the next 365 days by the lifetime model);
            with events ``last_event`` and ``last_event_time``, with after-sales ``last_contact``,
            ``last_contact_time`` and ``last_rating``.
        """
        return lost.win_back(self, n)

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

    def report(
        self,
        path: str | os.PathLike[str],
        *,
        language: Literal["en", "zh"] | None = None,
        sections: Sequence[str] | None = None,
        title: str | None = None,
    ) -> Path:
        """Write the report of the shop: statements, charts and tables, in one file that needs no network.

        Every number in a sentence names the cell of the table that it came from; :func:`footfall.report.check` checks
        that.

        Parameters
        ----------
        path : path
            A file that ends in .html (charts show their values, tables sort) or .docx (to be edited).
        language : {"en", "zh"}, optional
            The language of sentences, titles and charts; names of yours stay as they are. Default:
            ``ff.options.language``.
        sections : sequence of str, optional
            Of "summary", "introduction", "customers", "visits", "sales", "conversion", "abandonment", "repurchase",
            "rfm", "tiers", "diagnosis", "advice", "appendix"; default: all.
        title : str, optional
            Of the report.

        Returns
        -------
        pathlib.Path
            The file.

        Examples
        --------
        >>> import tempfile
        >>> shop = ff.Shop.sample(2_000, seed=1)
        >>> file = shop.report(tempfile.mkdtemp() + "/report.html", language="zh", sections=["customers"])
        >>> ff.report.check(file) > 0  # numbers in sentences, each that of its cell
        True
        """
        from footfall.report.write import write

        return write(self, path, language, sections, title)

    def effect(self, experiment: Experiment | str | os.PathLike[str], *, within: Any = "30d") -> Effect:
        """Tell what an action brought: customers who were treated against those who were held out.

        Parameters
        ----------
        experiment : Experiment or path
            As of :meth:`footfall.findings.Finding.experiment`, or the file that it wrote.
        within : str or timedelta
            How long after its start orders count; no longer than the data reach.

        Returns
        -------
        Effect
            One row per measure.
        """
        from footfall.findings.effect import effect

        return effect(self.part("orders"), experiment, within)

    def __repr__(self) -> str:
        lines = ["Shop"]
        lines += [f"  {name}: {shown_part(getattr(self, name))}" for name in KINDS]
        return "\n".join(lines)
