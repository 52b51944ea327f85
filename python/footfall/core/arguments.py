"""The arguments of analyses, checked before any work is done."""

from __future__ import annotations

import datetime as dt
import math
import numbers
import warnings
from typing import Any

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.bands import Bands
from footfall.core.checks import column, listed, shown, word
from footfall.core.time_points import duration
from footfall.segments import Segments
from footfall.table import Table


def check_map(segments: Any, scores: Any, monetary: str, lost_after: Any, cut: Any) -> None:
    """Refuse a map that the scores cannot fill, and options of another map."""
    if isinstance(segments, Segments):
        if segments.scores != scores:
            raise ValueError(f"scores={scores}, but the segments were made for {segments.scores}: give both the same")
    elif segments is None:
        return
    elif not isinstance(segments, str):
        raise TypeError(f'segments={shown(segments)}: give "grid", "tiers", "octants", None or ff.Segments([…])')
    elif word(segments, "segments", ("grid", "tiers", "octants")) != "octants" and scores != 5:  # noqa: PLR2004 - the built-in maps are drawn on five scores
        raise ValueError(
            f"segments={segments!r} needs scores=5, not {scores}: type segments=None for scores alone, or "
            f"segments=ff.Segments([...], scores={scores}) for a map of your own"
        )
    if segments == "tiers" and monetary != "total":
        raise ValueError('segments="tiers" is defined on the total: type monetary="total"')
    if lost_after is not None and segments != "tiers":
        raise ValueError('lost_after= belongs to segments="tiers"')
    if cut is not None and segments != "octants":
        raise ValueError('cut= belongs to segments="octants"')


_BEYOND = 2**63


def statuses(value: Any, option: str = "cancelled") -> str | int:
    """Return a status as the core compares it."""
    if isinstance(value, str):
        return value
    number: Any = value if isinstance(value, numbers.Real) else math.nan
    if -_BEYOND <= number < _BEYOND and number == int(number):
        return int(number)
    raise TypeError(f"{option}=[{shown(value)}]: give strings or whole numbers of 64 bits, as the status holds them")


def column_of_result(by: Any, argument: str = "by") -> tuple[str, str]:
    """Return the key and the name of a column of a result."""
    names = by.column_names
    if len(names) != 2:  # noqa: PLR2004 - the key and the column
        raise ValueError(f'{argument}= takes one column of a result, as in rfm["segment"]; this table has {len(names)}')
    return names[0], names[1]


def three_weights(weights: Any) -> tuple[float, float, float]:
    """Return the weights of R, F and M."""
    try:
        r, f, m = (float(weight) for weight in weights)
    except (TypeError, ValueError):
        raise ValueError(f"weights={shown(weights)}: give three numbers, for R, F and M") from None
    if not all(weight >= 0 for weight in (r, f, m)) or r + f + m == 0 or math.isinf(100 * (r + f + m)):
        raise ValueError(f"weights={weights!r}: no weight may be negative, and one must be positive")
    return r, f, m


def three_cuts(cut: Any, scores: int) -> tuple[float, float, float] | None:
    """Return the scores from which R, F and M are high."""
    if cut is None:
        return None
    try:
        r, f, m = (float(cut),) * 3 if isinstance(cut, numbers.Real) else tuple(map(float, cut))
    except (TypeError, ValueError):
        raise ValueError(f"cut={shown(cut)}: give a score, or three for R, F and M") from None
    if not all(1 <= score <= scores for score in (r, f, m)):
        raise ValueError(f"cut={shown(cut)}: give scores from 1 to {scores}")
    return r, f, m


def days(lost_after: Any) -> float | None:
    """Return a number of days."""
    if lost_after is None:
        return None
    if isinstance(lost_after, numbers.Real) and float(lost_after) >= 0:
        return float(lost_after)
    if isinstance(lost_after, (str, dt.timedelta)):
        return (duration(lost_after, "lost_after") or 0) / (86_400 * 10**6)
    raise ValueError(f'lost_after={shown(lost_after)}: give days, as in 90 or "90d"')


_BY = (
    'the name of a column, a column of a result as in rfm["segment"], ff.bands("age", [18, 25, 35]), or a list of them'
)


BASKET_SIZE = "basket_size"


def resolve_group_by(
    log: _native.Log, by: Any, *, refunds: str | None = None, argument: str = "by"
) -> tuple[_native.Log, list[tuple[str, str]]]:
    """Return the columns of ``by=`` as the core finds them, and the names that they have in results."""
    given = [] if by is None else [by] if isinstance(by, (str, Table, Bands)) else listed(by, argument, _BY)
    named: list[tuple[str, str]] = []
    columns = {one if isinstance(one, str) else one.column for one in given if isinstance(one, (str, Bands))}
    if refunds is not None and BASKET_SIZE in columns:
        log = _with_basket_size(log, refunds)
    for number, one in enumerate(given):
        if isinstance(one, Table):
            key, name = column_of_result(one, argument)
            # A name that no column can have, so that none of the log's own is meant.
            source = f"by a column of a result {number}"
            log = log.attach(_native.CustomerTable(one, customer=key, attributes=[(source, name)]))
            named.append((source, name))
        elif isinstance(one, Bands):
            source = f"by bands {number}"
            log = log.with_bands(source, one.column, one.edges)
            named.append((source, one.column))
        elif isinstance(one, str):
            named.append((column(one, argument), one))
        else:
            raise TypeError(f"{argument}={shown(one)}: give {_BY}")
        if named[-1][1] in [name for _, name in named[:-1]]:
            raise ValueError(f"{argument}= names {named[-1][1]!r} twice: give each column once")
    return log, named


def _with_basket_size(log: _native.Log, refunds: str) -> _native.Log:
    """Give each customer the items of the first purchase, as an attribute."""
    if "quantity" not in log.numbers:
        raise ValueError(f'by="{BASKET_SIZE}" counts the items of the first order: give quantity= to Orders')
    # Purchases stand by customer and time, and of several rows of a customer a table of attributes takes the first.
    purchases = log.purchases({"refunds": refunds, "event": ""})
    key, names = purchases.column_names[0], purchases.column_names
    sizes = purchases.select([0, names.index("quantity", 1)]).renamed([key, BASKET_SIZE])
    return log.attach(_native.CustomerTable(sizes, customer=key, attributes=[(BASKET_SIZE, BASKET_SIZE)]))


def session_rule(log: _native.Log, gap: Any) -> str:
    """Say what a session is."""
    if not log.names_sessions:
        return f"a pause of more than {gap or '30m'} ends one"
    return "of the log" if gap is None else f"of the log, cut at pauses of more than {gap}"


def warn_unknown(log: _native.Log, unknown: list[str]) -> None:
    """Say which events do not occur, and which do."""
    if unknown:
        known = ", ".join(log.values("event")[:20])
        text = f"no event is named {', '.join(dict.fromkeys(unknown))}; the log has {known}"
        warnings.warn(text, FootfallWarning, stacklevel=3)
