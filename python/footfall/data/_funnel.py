"""The arguments of a funnel, checked and handed to the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._moments import duration, moment
from footfall.data._arguments import column_of_result
from footfall.data.exclude import Exclude
from footfall.data.step import steps_of
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall.data.step import Step

_MOST_SAME = 3
_PERIODS = ("day", "week", "month", "quarter", "year")


def native_funnel(log: _native.Log, steps: Any, asked: dict[str, Any]) -> tuple[_native.Funnel, list[Step]]:
    """Run a funnel as it is asked for; combinations without a meaning are refused."""
    made = steps_of(steps)
    names = [step.name for step in made]
    window = duration(asked["window"], "window", zero="allowed")
    gap = duration(asked["gap"], "gap")
    exclude = _exclusions(asked["exclude"], names)
    same = _columns(asked["same"])
    asked["anchor"] = anchor = _check(asked, window, exclude)
    log, by = sources(log, asked["by"])
    if asked["attribution"] != "first" and not by:
        raise ValueError(f"attribution={asked['attribution']!r} says which event's value of by= counts: give by=")
    native = _native.Funnel(
        log,
        steps=[step._native() for step in made],  # noqa: SLF001
        window=window,
        mode=asked["mode"],
        ties=asked["ties"],
        anchor=anchor,
        start=moment(asked["start"], "start"),
        end=moment(asked["end"], "end"),
        follow_up=asked["follow_up"],
        by=by,
        attribution=asked["attribution"],
        same=same,
        exclude=exclude,
        unit=asked["unit"],
        gap=gap,
        period=asked["period"],
    )
    return native, made


def _check(asked: dict[str, Any], window: int | None, exclude: list[Any]) -> str:
    """Refuse what has no meaning; return whose times are reported."""
    mode, anchor, unit = asked["mode"], asked["anchor"], asked["unit"]
    if asked["follow_up"] == "full" and window is None:
        raise ValueError('follow_up="full" needs window=')
    if asked["gap"] is not None and unit != "session":
        raise ValueError('gap= parts sessions: give unit="session" with it')
    if asked["period"] is not None and asked["period"] not in _PERIODS:
        raise ValueError(f"period={asked['period']!r}: give one of {', '.join(map(repr, _PERIODS))}")
    if exclude and mode != "ordered":
        why = "any other event ends a chain there" if mode == "contiguous" else "steps have no order there"
        raise ValueError(f'exclude= has no meaning with mode="{mode}": {why}; leave one of the two out')
    if unit == "attempt" and mode == "unordered":
        raise ValueError('unit="attempt" has no meaning with mode="unordered", where any step may begin an attempt')
    if unit == "attempt" and anchor not in {"earliest_longest", "first_entry"}:
        raise ValueError(f'anchor={anchor!r} has no meaning with unit="attempt", where every start in turn is reported')
    if mode != "unordered":
        return str(anchor)
    if anchor not in {"earliest_longest", "first_completion"}:
        raise ValueError(f'anchor={anchor!r}: with mode="unordered" it is "first_completion"; leave anchor= out')
    if asked["ties"] == "later":
        raise ValueError('ties="later" has no meaning with mode="unordered"; leave ties= out')
    return "first_completion"


def _exclusions(exclude: Any, names: list[str]) -> list[Any]:
    if exclude is None:
        return []
    given = [exclude] if isinstance(exclude, Exclude) else list(exclude)
    for one in given:
        if not isinstance(one, Exclude):
            raise TypeError(f'exclude=[{one!r}]: give ff.Exclude, as in ff.Exclude("refund", after="cart")')
    return [one._native(names) for one in given]  # noqa: SLF001


def _columns(same: Any) -> list[str]:
    if same is None:
        return []
    if isinstance(same, str) or not all(isinstance(name, str) for name in same):
        raise TypeError(f'same={same!r}: give a list of columns, as in same=["product"]')
    if len(same) > _MOST_SAME:
        raise ValueError(f"same={same!r}: give at most {_MOST_SAME} columns")
    return list(same)


def sources(log: _native.Log, by: Any) -> tuple[_native.Log, list[tuple[str, str]]]:
    """Return the columns of ``by=`` as the core finds them, and the names that they have in results."""
    given = [] if by is None else [by] if isinstance(by, (str, Table)) else list(by)
    named: list[tuple[str, str]] = []
    for number, one in enumerate(given):
        if isinstance(one, Table):
            key, name = column_of_result(one)
            # A name that no column can have, so that none of the log's own is meant.
            source = f"by a column of a result {number}"
            log = log.attach(_native.CustomerTable(one, customer=key, attributes=[(source, name)]))
            named.append((source, name))
        elif isinstance(one, str):
            named.append((one, one))
        else:
            raise TypeError(
                'by= takes the name of a column, a column of a result as in rfm["segment"], or a list of them, '
                f"not {type(one).__name__}"
            )
    return log, named
