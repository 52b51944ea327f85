"""Rules by name: small functions of a shop that look for one thing each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from footfall.core.checks import listed, real, word

if TYPE_CHECKING:
    from footfall.findings.finding import Finding


@dataclass(frozen=True)
class Checked:
    """What a rule looked at: how many hypotheses it tested, and those of them that it would tell."""

    tests: int
    findings: list[Finding]


Function = Callable[..., Checked]


class Unanswerable(Exception):  # noqa: N818 - no error: a rule has nothing to say
    """What a rule would need that the parts of the shop do not have."""


@dataclass(frozen=True)
class RuleOf:
    """A rule: its function, what it needs, and what it promises."""

    name: str
    section: str
    needs: tuple[str, ...]
    rate: float
    function: Function

    @property
    def thresholds(self) -> dict[str, Any]:
        """Its parameters with their defaults."""
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return {one.name: one.default for one in parameters}


RULES: dict[str, RuleOf] = {}
_SECTIONS = ("quality", "customers", "behaviour", "sales", "conversion", "abandonment", "repurchase", "value", "cost")


def rule(
    name: str, *, section: str, needs: tuple[str, ...] | list[str] = (), rate: float = 0.05
) -> Callable[[Function], Function]:
    """Register a rule of your own, so that :meth:`Shop.diagnose` asks it.

    Parameters
    ----------
    name : str
        Its name; one of a rule that is there replaces it.
    section : str
        The section of the report.
    needs : sequence of str
        The parts of a shop without which it has nothing to say, as ``("orders",)``.
    rate : float
        How often it raises a false alarm by itself, as its docstring says; 0 for what is counted.

    Returns
    -------
    A decorator of a function that takes a :class:`Shop` and thresholds by keyword, and returns :class:`Checked`.

    Examples
    --------
    >>> @ff.rule("many_guests", section="quality", needs=("orders",), rate=0.0)
    ... def many_guests(shop, *, share=0.5):
    ...     return ff.findings.Checked(0, [])
    >>> ff.findings.RULES.pop("many_guests").thresholds
    {'share': 0.5}
    """
    word(section, "section", _SECTIONS)
    parts = tuple(word(part, "needs", PARTS) for part in listed(needs, "needs", 'parts, as in ("orders",)'))
    share = real(rate, "rate", "a share from 0 to 1", lambda share: 0 <= share < 1)

    def register(function: Function) -> Function:
        RULES[name] = RuleOf(name, section, parts, share, function)
        return function

    return register


#: The parts of a shop.
PARTS = ("customers", "events", "orders", "spend", "after_sales", "survey", "recommendations")
