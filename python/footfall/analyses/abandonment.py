"""Cart abandonment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by, warn_unknown
from footfall.core.checks import columns, events, shown, word
from footfall.core.language import spoken
from footfall.core.time_points import span
from footfall.result import PerCustomer, Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin

Event = str | int


def abandonment(
    self: Events,
    cart: Event | Sequence[Event] = "cart",
    checkout: Event | Sequence[Event] | None = None,
    purchase: Event | Sequence[Event] = "pay",
    *,
    window: Any = "1d",
    recover_within: Any = "30d",
    unit: Literal["customer", "session"] = "customer",
    same: Sequence[str] | None = None,
    value: str | None = None,
    removed: Event | Sequence[Event] | None = None,
    by: str | Table | Sequence[str | Table] | None = None,
    features: Sequence[str] | None = None,
    signals: Event | Sequence[Event] | None = None,
    landmark: Any = "10m",
) -> Abandonment:
    """Cart abandonment: how many carts are left, where, and what goes with it.

    What is counted is the cart **episode**: from the first cart event after a purchase or a lapse, to the purchase
    or to the window's silence after its last cart event. Each episode is counted once. Events of a customer at one
    instant are read as cart, checkout, purchase, removal, whatever the order of rows.

    An episode whose window is not over when the data end is open, bought or not: purchases are known at once, and that
    a cart was left only after the window, so that counting the former alone would make the rate too low.

    Parameters
    ----------
    cart, purchase : str, int or list of them
        The events that fill a cart, and those that buy it.
    checkout : str, int or list of them, optional
        The stages behind the cart, in their order; the furthest one is the stage at which an episode was left.
    window : str or timedelta
        An episode without a purchase is left when so long has passed since its last cart event.
    recover_within : str or timedelta
        One that was left is recovered if a purchase follows within this duration of the last cart event.
    unit : {"customer", "session"}
        Events of a customer belong together, or those of one of the customer's sessions (the role ``session``).
    same : list of str, optional
        Columns whose value must be equal in an episode and its purchase: with ``["product"]``, another product's
        purchase does not rescue a cart. Events without a value are left out.
    value : str, optional
        The number that holds money; that of the cart events is what an abandoned episode leaves.
    removed : str, int or list of them, optional
        The events that take back a cart event (of the same product, where the log has the role): a cart that was
        emptied is neither left nor bought.
    by : str, column of a result, or list of them, optional
        Columns of the log, where an episode has the value of its first event that has one; attributes of customers;
        or columns of results.
    features : list of str, optional
        Columns of the log, attributes of customers, or ``"checkout_pages"`` (events of the stages behind the cart),
        ``"first_time_buyer"``, ``"carts"`` (cart events): see :attr:`Abandonment.features`.
    signals : str, int or list of them, optional
        Events that may tell of doubts, as ``["contact", "faq"]``: see :attr:`Abandonment.signals`; at most 64.
    landmark : str or timedelta
        How long after its first cart event a signal counts for an episode.

    Returns
    -------
    Abandonment

    Notes
    -----
    One event an hour, window 2 h, recovered within 5 h; "c" cart, "o" checkout, "p" purchase, "." an hour without
    an event; the log ends with the last sign.

    ================= =======================
    events            episodes
    ================= =======================
    c p . .           converted
    c c . c p . .     converted
    c . . . . . .     abandoned
    c . . . p         recovered
    c . . . c p . .   recovered, converted
    c . . . . . . p   abandoned
    c p c . . . . .   converted, abandoned
    c . .             open
    c p .             open
    p c o .           open
    ================= =======================

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({"who": [1, 1, 2, 3], "at": [0, 1, 0, 99], "what": ["cart", "pay", "cart", "cart"]})
    >>> events = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
    >>> left = events.abandonment(window="30s", recover_within="60s")
    >>> left.table.select("converted", "abandoned", "open", "rate").rows()
    [(1, 1, 1, 0.5)]
    """
    stages = _stages(cart, purchase, checkout=checkout, removed=removed, signals=signals)
    later, taken_out = stages["checkout"], stages["removed"]
    log, groups = resolve_group_by(self._log, by)
    word(unit, "unit", ("customer", "session"))
    same = columns(same, "same")
    params = {
        "stages": [stages["cart"], *([stage] for stage in later), stages["purchase"]],
        "names": ["cart", *map(str, later)],
        "removed": taken_out,
        **_limits(window, recover_within),
        "session": "session" if unit == "session" else None,
        "same": same,
        "value": value,
        "by": groups,
        "features": list(dict.fromkeys(columns(features, "features"))),
        "signals": stages["signals"], "landmark": span(landmark, "landmark", "10m"),
    }  # fmt: skip
    found = _native.run(log, "abandonment", params)
    named = [event for stage in stages.values() for event in stage]
    warn_unknown(self._log, self._log.unknown("event", {"values": named}))
    title = [
        f"Carts left: {found['episodes'].num_rows:,} episodes",
        f"  left after {window} of silence; recovered within {recover_within}; unit: {unit}"
        + (f"; same: {', '.join(same)}" if same else ""),
    ]
    return Abandonment(found, self._origin, title)


def _stages(cart: Any, purchase: Any, **others: Any) -> dict[str, list[str | int]]:
    """Return the events of each stage; an event stands in one."""
    stages = {"cart": events(cart, "cart"), "purchase": events(purchase, "purchase")}
    for name, given in others.items():
        stages[name] = [] if given is None else events(given, name)
    seen: dict[str | int, str] = {}
    for name, given in stages.items():
        for event in given:
            if seen.setdefault(event, name) != name:
                raise ValueError(f"{shown(event)} stands in both {seen[event]}= and {name}=: give each event once")
    return stages


def _limits(window: Any, recover_within: Any) -> dict[str, int]:
    """Return the silence after which a cart is left, and the time in which it is recovered."""
    limits = {"window": span(window, "window", "1d"), "recover_within": span(recover_within, "recover_within", "30d")}
    if limits["recover_within"] < limits["window"]:
        raise ValueError(
            f"recover_within={recover_within!r} is shorter than window={window!r}: a cart is left when its window is "
            "over, and recovered after that; give at least the window"
        )
    return limits


class Abandonment(Result):
    """One row per value of ``by``, or one.

    Columns: what it is broken down by; ``episodes``; ``converted``, ``recovered``, ``abandoned``, ``open``: what became
    of them (``emptied`` too, with ``removed=``); ``rate``: of the episodes whose window is over and which were not
    emptied, those not bought before the window's silence (recovered ones too), with its 95 % interval ``rate_low``,
    ``rate_high`` (Wilson's, over customers by Kish's design effect); ``recovery_rate``: of those that were left and for
    which ``recover_within`` is over, those recovered; with a value, ``money_left``: the money of the abandoned ones,
    null where no cart event has any.
    """

    def __init__(self, found: dict[str, _native.Table], origin: Origin, title: list[str]) -> None:
        super().__init__(found["table"], origin, title)
        self._found = found

    @property
    def episodes(self) -> PerCustomer:
        """One row per episode: key, ``start``, ``last_cart``, ``bought``, ``carts``, ``checkout_pages``,
        ``first_time_buyer``, ``stage``, ``status``, ``settled`` (whether it is known if it is recovered), ``money``,
        and the columns of ``by`` and ``features``."""  # noqa: D205, D209
        table = self._found["episodes"]
        return PerCustomer(table, self._origin, [f"{table.num_rows:,} cart episodes"])

    @property
    def stages(self) -> Table:
        """Where carts are left: abandoned episodes by the furthest stage they came to, and their share."""
        return Table(self._found["stages"], self._library)

    @property
    def features(self) -> Table:
        """How the rate differs by level of each feature; association, which need not be cause.

        Columns: ``feature``, ``level`` (numbers in bands of their quantiles), ``episodes``, ``rate``, ``low``,
        ``high``, ``lift`` (rate over that of all), ``p_value`` (against all other levels, over customers),
        ``p_adjusted`` (Holm's); ``odds_ratio``, ``odds_low``, ``odds_high`` of a logistic regression on all features
        together, against the most frequent level (whose odds ratio is 1); ``method``: "maximum likelihood", with errors
        by customer, or "Firth's penalty" for the whole model where a level separates the outcomes (all of its episodes
        were left, or none), with the errors of the model; null where it cannot be told: all outcomes are the same, or
        two features say the same.
        """
        return Table(self._found["features"], self._library)

    @property
    def signals(self) -> Table:
        """How the rate differs with the events of ``signals=``: columns as of :attr:`features`.

        Whether an event came between the first cart event and the landmark after it, of the episodes that were not
        bought by then, as one that is bought at once leaves no time for a doubt (landmark method; Anderson, Cain and
        Gelber, "Analysis of survival by tumor response", 1983).
        """
        return Table(self._found["signals"], self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the rates with their intervals, and where carts are left; of many values the thirty with most episodes.

        Parameters
        ----------
        language : {"en", "zh"}

        Returns
        -------
        altair.VConcatChart
            Needs the extra ``plot``.
        """
        from footfall.charts.abandonment import plot_abandonment

        return plot_abandonment(self, self.stages, spoken(language))
