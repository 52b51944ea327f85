"""Events that end a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.data.step import Condition, Step

if TYPE_CHECKING:
    from collections.abc import Sequence


class Exclude:
    """Events that end a chain between two of its steps; the chain keeps the steps that it has.

    Parameters
    ----------
    event : str, int or sequence of them
        The event, or several of which any will do.
    after, before : str or int, optional
        The steps between which it counts, by name or number (from 1); default: the first and the last. What happens at
        the instant of one of the two counts too.
    where : sequence of (column, comparison, value), optional
        What must hold of the event, as in :class:`footfall.Step`.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.Exclude("refund", after="cart", before="pay")
    Exclude('refund', after='cart', before='pay')
    """

    def __init__(
        self,
        event: str | int | Sequence[str | int],
        after: str | int | None = None,
        before: str | int | None = None,
        *,
        where: Sequence[Condition] = (),
    ) -> None:
        self.step = Step(event, where=where)
        self.after, self.before = after, before

    def native(self, names: list[str]) -> tuple[Any, int, int]:
        """Return it as the core reads it, among steps of these names."""
        after = 1 if self.after is None else place_of(self.after, names, f"{self!r}: after=")
        before = len(names) if self.before is None else place_of(self.before, names, f"{self!r}: before=")
        if after >= before:
            raise ValueError(f"{self!r}: the step after= must come before the step before=, of {names}")
        return self.step.native(), after, before

    def __repr__(self) -> str:
        event = self.step.events[0] if len(self.step.events) == 1 else self.step.events
        where = f", where={self.step.where}" if self.step.where else ""
        return f"Exclude({event!r}, after={self.after!r}, before={self.before!r}{where})"


def place_of(step: str | int, names: list[str], what: str) -> int:
    """Return the number of a step, from 1, by its name or its number."""
    if isinstance(step, int) and 1 <= step <= len(names):
        return step
    if names.count(str(step)) == 1:
        return names.index(str(step)) + 1
    known = ", ".join(map(repr, names))
    raise ValueError(f"{what} {step!r} is not one of {known}; give a name, or a number from 1 to {len(names)}")
