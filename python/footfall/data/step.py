"""A step of a funnel."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

from footfall.core.checks import events, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

Condition = tuple[str, str, Any]
_EXAMPLE = '("value", ">", 0)'
_LARGE = 2**63
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
        try:
            self.events = events(event, "event")
        except (TypeError, ValueError) as error:
            raise ValueError(f"Step({shown(event)}): {error}") from None
        conditions = listed(where, f"Step({shown(event)}): where", f"a list of conditions, as in where=[{_EXAMPLE}]")
        self.where = [_condition(event, condition) for condition in conditions]
        if name is not None and not isinstance(name, str):
            raise TypeError(f"Step({shown(event)}): name={shown(name)}: give text")
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
        raise TypeError(f'steps={shown(steps)}: give a list of steps, as in ["view", "cart", "pay"]')
    given = listed(steps, "steps", 'a list of steps, as in ["view", "cart", "pay"]')
    made = [step if isinstance(step, Step) else Step(step) for step in given]
    if not 2 <= len(made) <= 64:  # noqa: PLR2004 - one bit each
        raise ValueError(f"steps={shown(steps)}: give 2 to 64 steps, not {len(made)}")
    return made


def kept_events(only: Any) -> list[str | int] | None:
    """Return the names of the events to keep: names, lists of names, or the steps that have them."""
    if only is None:
        return None
    given = listed(None if isinstance(only, Step) else only, "only", 'a list of events, as in only=["view", "pay"]')
    named = [step.events if isinstance(step, Step) else events(step, "only") for step in given]
    return list(dict.fromkeys(event for step in named for event in step))


def _condition(event: Any, given: Any) -> Condition:
    try:
        column, comparison, value = given
    except (TypeError, ValueError):
        column, comparison, value = None, None, None
    number = isinstance(value, numbers.Real) and -_LARGE <= float(value) < _LARGE
    if not isinstance(column, str) or comparison not in _COMPARISONS or not (isinstance(value, str) or number):
        raise ValueError(
            f"Step({shown(event)}, where=…): {shown(given)} is not a condition; write it as {_EXAMPLE}, with text or a "
            "finite number of at most 64 bits, and one of " + ", ".join(_COMPARISONS)
        )
    return column, comparison, value


def _value(value: str | float) -> tuple[str | int, float]:
    """Return a value as labels have it, and as numbers have it."""
    number = math.nan if isinstance(value, str) else float(value)
    return (value if isinstance(value, str) else int(value)), number
