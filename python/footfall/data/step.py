"""A step of a funnel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Condition = tuple[str, str, Any]
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class Step:
    """A step of a funnel: any of some events, under conditions.

    Parameters
    ----------
    event : str, int or sequence of them
        The event, or several of which any will do.
    where : sequence of (column, comparison, value), optional
        What must hold of the event, by role or column: ``<``, ``<=``, ``>``, ``>=``, ``==``, ``!=``. A null never
        holds.
    name : str, optional
        The name in results. Default: the events, joined by " / ".

    Examples
    --------
    >>> import footfall as ff
    >>> ff.Step("pay", where=[("value", ">", 0)], name="paid")
    Step('pay', where=[('value', '>', 0)], name='paid')
    >>> ff.Step(["pay", "pay later"]).name
    'pay / pay later'
    """

    def __init__(
        self, event: str | int | Sequence[str | int], *, where: Sequence[Condition] = (), name: str | None = None
    ) -> None:
        self.events = [event] if isinstance(event, (str, int)) else list(event)
        if not self.events or not all(isinstance(one, (str, int)) for one in self.events):
            raise ValueError(f"Step({event!r}): give the name of an event, or a list of names")
        self.where = [_condition(event, condition) for condition in where]
        self.name = name or " / ".join(map(str, self.events))

    def native(self) -> tuple[Any, ...]:
        """Return it as the core reads it."""
        conditions = [(column, comparison, *_value(value)) for column, comparison, value in self.where]
        return self.name, self.events, conditions

    def __repr__(self) -> str:
        event = self.events[0] if len(self.events) == 1 else self.events
        where = f", where={self.where}" if self.where else ""
        return f"Step({event!r}{where}, name={self.name!r})"


def steps_of(steps: Any) -> list[Step]:
    """Return steps as a caller writes them: names, lists of names, or :class:`Step`."""
    if isinstance(steps, (str, Step)):
        raise TypeError(f'steps={steps!r}: give a list of steps, as in ["view", "cart", "pay"]')
    made = [step if isinstance(step, Step) else Step(step) for step in steps]
    if not 2 <= len(made) <= 64:  # noqa: PLR2004 - one bit each
        raise ValueError(f"steps={steps!r}: give 2 to 64 steps, not {len(made)}")
    return made


def kept_events(only: Any) -> list[str | int] | None:
    """Return the names of the events to keep: names, lists of names, or the steps that have them."""
    if only is None:
        return None
    if isinstance(only, (str, int, Step)):
        raise TypeError(f'only={only!r}: give a list of events, as in only=["view", "pay"]')
    named = [step if isinstance(step, Step) else Step(step) for step in only]
    return list(dict.fromkeys(event for step in named for event in step.events))


def _condition(event: Any, given: Any) -> Condition:
    try:
        column, comparison, value = given
    except (TypeError, ValueError):
        column, comparison, value = None, None, None
    if not isinstance(column, str) or comparison not in _COMPARISONS or not isinstance(value, (str, int, float)):
        raise ValueError(
            f'Step({event!r}, where=…): {given!r} is not a condition; write it as ("value", ">", 0), with one of '
            + ", ".join(_COMPARISONS)
        )
    return column, comparison, value


def _value(value: str | float) -> tuple[str | int, float]:
    """Return a value as labels have it, and as numbers have it."""
    number = math.nan if isinstance(value, str) else float(value)
    return (value if isinstance(value, str) else int(value)), number
