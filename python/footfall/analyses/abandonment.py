"""Cart abandonment."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses._logit import logit
from footfall.core.arguments import as_list, resolve_group_by, warn_unknown
from footfall.core.columns import codes, runs, table_of, values
from footfall.core.time_points import duration
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
    by: str | Table | Sequence[str | Table] | None = None,
    features: Sequence[str] | None = None,
) -> Abandonment:
    """Cart abandonment: how many carts are left, where, and what goes with it.

    What is counted is the cart **episode**: from the first cart event after a purchase or a lapse, to the purchase
    or to the window's silence after its last cart event. Each episode is counted once.

    Parameters
    ----------
    cart, purchase : str, int or list of them
        The events that fill a cart, and those that buy it.
    checkout : str, int or list of them, optional
        The stages behind the cart, in their order; the furthest one is the stage at which an episode was left.
    window : str or timedelta
        An episode without a purchase is left when so long has passed since its last cart event.
    recover_within : str or timedelta
        One that was left is recovered when something is bought within so long of its last cart event.
    unit : {"customer", "session"}
        Events of a customer belong together, or those of one of the customer's sessions (the role ``session``).
    same : list of str, optional
        Columns whose value must be equal in an episode and its purchase: with ``["product"]``, another product's
        purchase does not rescue a cart. Events without a value are left out.
    value : str, optional
        The number that holds money; that of the cart events is what an abandoned episode leaves.
    by : str, column of a result, or list of them, optional
        Columns of the log, where an episode has the value of its first event that has one; attributes of customers;
        or columns of results.
    features : list of str, optional
        Columns of the log, attributes of customers, or ``"checkout_pages"`` (events of the stages behind the cart),
        ``"first_time_buyer"``, ``"carts"`` (cart events): see :attr:`Abandonment.features`.

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
    c p               converted
    c c . c p         converted
    c . . . . . .     abandoned
    c . . . p         recovered
    c . . . c p       recovered, converted
    c . . . . . . p   abandoned
    c p c . . . . .   converted, abandoned
    c . .             open
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
    later = [] if checkout is None else as_list(checkout)
    wanted = list(features or ())
    log, groups = resolve_group_by(self._log, by)
    known = {name for _, name in groups}
    shown = [*groups, *((name, name) for name in dict.fromkeys(wanted) if name not in {*_OWN, *known})]
    if unit not in {"customer", "session"}:
        raise ValueError(f'unit={unit!r}: give "customer" or "session"')
    if isinstance(same, str):
        raise TypeError(f"same={same!r}: give a list of columns, as in same=[{same!r}]")
    limits = duration(window, "window"), duration(recover_within, "recover_within")
    params = {
        "stages": [as_list(cart), *([stage] for stage in later), as_list(purchase)],
        "names": ["cart", *map(str, later)],
        "window": limits[0] or 0,
        "recover_within": limits[1] or 0,
        "session": "session" if unit == "session" else None,
        "same": list(same or ()),
        "value": value,
        "shown": shown,
    }
    table = _native.run(log, "abandonment", params)["table"]
    names = set(self._log.values("event"))
    warn_unknown(
        self._log, [f'"{name}"' for name in [*as_list(cart), *later, *as_list(purchase)] if str(name) not in names]
    )
    title = [
        f"Carts left: {table.num_rows:,} episodes",
        f"  left after {window} of silence; recovered within {recover_within}; unit: {unit}"
        + (f"; same: {', '.join(same)}" if same else ""),
    ]
    return Abandonment(table, self._origin, by=[name for _, name in groups], features=wanted, title=title)


_OWN = ("checkout_pages", "first_time_buyer", "carts")
_STATUSES = ("converted", "recovered", "abandoned", "open")
_CONVERTED, _RECOVERED, _ABANDONED, _OPEN = range(4)
_BANDS = 4
_FEW = 8
_Z = 1.959963984540054


class Abandonment(Result):
    """One row per value of ``by``, or one.

    Columns: what it is broken down by; ``episodes``; ``converted``, ``recovered``, ``abandoned``, ``open``: what became
    of them; ``rate``: of the episodes of which it is known, those not bought before the window's silence (recovered
    ones too), with its 95 % interval ``rate_low``, ``rate_high`` (Wilson's, over customers by Kish's design effect);
    ``recovery_rate``: of those that were left and of which it is known, those recovered; with a value, ``money_left``:
    the money of the abandoned ones.
    """

    def __init__(
        self,
        native: _native.Table,
        origin: Origin,
        *,
        by: list[str],
        features: list[str],
        title: list[str],
    ) -> None:
        self._episodes, self._by, self._features = native, by, features
        self._status = codes(native, "status")[0]
        self._settled = values(native, "settled").astype(bool)
        self._customers = runs(native)
        super().__init__(self._table(), origin, title)

    @cached_property
    def episodes(self) -> PerCustomer:
        """One row per episode: key, ``start``, ``last_cart``, ``bought``, ``carts``, ``checkout_pages``,
        ``first_time_buyer``, ``stage``, ``status``, ``settled`` (whether it is known if it is recovered), ``money``,
        and the columns of ``by`` and ``features``."""  # noqa: D205, D209
        table = self._episodes
        return PerCustomer(table, self._origin, [f"{table.num_rows:,} cart episodes"])

    @cached_property
    def stages(self) -> Table:
        """Where carts are left: abandoned episodes by the furthest stage they came to, and their share."""
        stage, words = codes(self._episodes, "stage")
        left = [int(((stage == at) & (self._status == _ABANDONED)).sum()) for at in range(len(words))]
        total = sum(left)
        shares = [count / total if total else None for count in left]
        return Table(table_of({"stage": words, "abandoned": left, "share": shares}), self._library)

    @cached_property
    def features(self) -> Table:
        """How the rate differs by level of each feature; association, which need not be cause.

        Columns: ``feature``, ``level`` (numbers in bands of their quantiles), ``episodes``, ``rate``, ``low``,
        ``high``, ``lift`` (rate over that of all), ``p_value`` (against all other levels, over customers),
        ``p_adjusted`` (Holm's); ``odds_ratio``, ``odds_low``, ``odds_high`` of a logistic regression on all features
        together, against the most frequent level (whose odds ratio is 1), with errors by customer; null where it
        cannot be told.
        """
        levels = [(feature, *self._levels(feature)) for feature in self._features]
        known = self._status != _OPEN
        left = (self._status != _CONVERTED)[known]
        customers = self._customers[known]
        odds = _odds([(code[known], names) for _, code, names in levels], left, customers)
        rows: list[dict[str, Any]] = []
        whole = float(left.mean()) if len(left) else math.nan
        for (feature, code, names), ratios in zip(levels, odds, strict=True):
            for at, name in enumerate(names):
                inside = code[known] == at
                ours, rest = _share(customers[inside], left[inside]), _share(customers[~inside], left[~inside])
                p = _native.same_share((ours[0], ours[3]), (rest[0], rest[3])) if ours and rest else None
                row = {"feature": feature, "level": name, "episodes": int(inside.sum())}
                row |= dict(zip(("rate", "low", "high"), ours[:3] if ours else (None,) * 3, strict=True))
                row |= {"lift": ours[0] / whole if ours and whole else None, "p_value": p}
                rows.append(row | dict(zip(("odds_ratio", "odds_low", "odds_high"), ratios[at], strict=True)))
        for row, adjusted in zip(rows, _native.holm([row["p_value"] for row in rows]), strict=True):
            row["p_adjusted"] = adjusted
        order = ("feature", "level", "episodes", "rate", "low", "high", "lift", "p_value", "p_adjusted",
                 "odds_ratio", "odds_low", "odds_high")  # fmt: skip
        return Table(table_of({name: [row[name] for row in rows] for name in order}), self._library)

    def _levels(self, feature: str) -> tuple[Any, list[str]]:
        import numpy as np

        kind = self._episodes.column(self._episodes.column_names.index(feature))[0]
        if kind != "number":
            code, words = codes(self._episodes, feature)
            return code, [str(word) for word in words]
        number = values(self._episodes, feature)
        distinct = np.unique(number[~np.isnan(number.astype(float))])
        if number.dtype == bool or len(distinct) <= _FEW:
            code = np.where(np.isnan(number.astype(float)), -1, np.searchsorted(distinct, number))
            return code, [str(value) for value in distinct.tolist()]
        edges = np.unique(np.nanquantile(number, np.linspace(0, 1, _BANDS + 1)))
        code = np.clip(np.searchsorted(edges, number, side="right") - 1, 0, len(edges) - 2)
        names = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
        return np.where(np.isnan(number), -1, code), names

    def _table(self) -> _native.Table:
        import numpy as np

        group = np.zeros(len(self._status), dtype=np.int64)
        names: list[tuple[Any, ...]] = [()]
        for name in self._by:
            code, words = codes(self._episodes, name)
            group = group * (len(words) + 1) + np.where(code < 0, len(words), code)
            names = [(*before, word) for before in names for word in [*words, None]]
        kept = np.unique(group).tolist() if self._by else [0]
        columns: dict[str, list[Any]] = {name: [names[at][n] for at in kept] for n, name in enumerate(self._by)}
        for row in (self._row(group == at) for at in kept):
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
        return table_of(columns)

    def _row(self, inside: Any) -> dict[str, Any]:
        status = self._status[inside]
        counts = {name: int((status == at).sum()) for at, name in enumerate(_STATUSES)}
        known = inside & (self._status != _OPEN)
        share = _share(self._customers[known], self._status[known] != _CONVERTED)
        settled = self._settled[inside] & (status != _CONVERTED)
        left = int(((status == _RECOVERED) | (status == _ABANDONED))[settled].sum())
        row: dict[str, Any] = {"episodes": len(status), **counts}
        row |= dict(zip(("rate", "rate_low", "rate_high"), share[:3] if share else (None,) * 3, strict=True))
        row["recovery_rate"] = counts["recovered"] / left if left else None
        if "money" in self._episodes.column_names:
            row["money_left"] = math.fsum(values(self._episodes, "money")[inside][status == _ABANDONED])
        return row


def _share(customers: Any, counts: Any) -> tuple[float, float, float, float] | None:
    import numpy as np

    return (
        _native.clustered_share(np.ascontiguousarray(customers), np.ascontiguousarray(counts)) if len(counts) else None
    )


def _odds(levels: list[tuple[Any, list[str]]], left: Any, customers: Any) -> list[list[tuple[float | None, ...]]]:
    """Odds ratios with intervals by feature and level, of one model of all features."""
    import numpy as np

    blank: tuple[float | None, ...] = (None, None, None)
    found: list[list[tuple[float | None, ...]]] = [[blank] * len(names) for _, names in levels]
    whole = np.ones(len(left), dtype=bool)
    for code, _ in levels:
        whole &= code >= 0
    columns, places = [np.ones(int(whole.sum()))], []
    for feature, (code, names) in enumerate(levels):
        counts = np.bincount(code[whole], minlength=len(names)) if names else np.zeros(0)
        if not len(counts) or not counts.any():
            continue
        most = int(counts.argmax())
        found[feature][most] = (1.0, 1.0, 1.0)
        for at in (at for at in range(len(names)) if at != most and counts[at]):
            columns.append((code[whole] == at).astype(float))
            places.append((feature, at))
    if not places or whole.sum() <= len(columns):
        return found
    numbered = np.unique(customers[whole], return_inverse=True)[1]
    fit = logit(np.column_stack(columns), left[whole].astype(float), numbered)
    if not fit.converged:
        return found
    for (feature, at), beta, error in zip(places, fit.coefficients[1:], fit.errors[1:], strict=True):
        found[feature][at] = tuple(math.exp(beta + shift * error) for shift in (0, -_Z, _Z))
    return found
