"""Groups of which a smaller share succeeds than of the rest, each told once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from footfall import _native

Cell = tuple[tuple[Any, ...], float, float]
"""The values of a cell, its units, and those of them that succeeded."""


@dataclass(frozen=True)
class Group:
    """A group that falls short of the rest."""

    place: dict[str, str]
    units: float
    successes: float
    rest_units: float
    rest_successes: float
    p_value: float

    @property
    def rate(self) -> float:
        """The share of the group."""
        return self.successes / self.units

    @property
    def baseline(self) -> float:
        """The share of the rest."""
        return self.rest_successes / self.rest_units


def short_of_rest(names: list[str], cells: list[Cell], *, least: float) -> tuple[int, list[Group]]:
    """Return how many groups were tested, and those that fall short, the surest first.

    Groups are the values of each column and of each pair of columns, against all others (two-proportion
    z-test). After a group was told, its units are taken out and the
    rest is looked at again: what says the same twice is said once. Groups of fewer than ``least`` units are not tested.
    """
    columns = [*((at,) for at in range(len(names))), *combinations(range(len(names)), 2)]
    tests, left, found = 0, list(cells), list[Group]()
    while True:
        groups = [group for some in columns for group in _groups(names, left, some, least)]
        tests = tests or len(groups)
        best = min(groups, key=lambda group: group.p_value, default=None)
        # What is not sure by itself cannot become sure with all the others.
        if best is None or best.p_value > 0.05 / max(tests, 1):
            return tests, found
        found.append(best)
        left = [cell for cell in left if not _inside(names, cell, best.place)]


def _groups(names: list[str], cells: list[Cell], some: tuple[int, ...], least: float) -> list[Group]:
    sums: dict[tuple[Any, ...], list[float]] = {}
    for values, units, successes in cells:
        cell = sums.setdefault(tuple(values[at] for at in some), [0.0, 0.0])
        cell[0] += units
        cell[1] += successes
    all_units, all_successes = (sum(cell[at] for cell in sums.values()) for at in (0, 1))
    made = []
    for key, (units, successes) in sums.items():
        rest, rest_successes = all_units - units, all_successes - successes
        if units < least or rest < least or any(value is None for value in key):
            continue
        place = {names[at]: str(value) for at, value in zip(some, key, strict=True)}
        p = _below(successes / units, units, rest_successes / rest, rest)
        made.append(Group(place, units, successes, rest, rest_successes, p))
    return made


def _below(share: float, n: float, of_rest: float, m: float) -> float:
    """Return the two-sided p-value where the first share is below the other; 1 where it is not."""
    return 1.0 if share >= of_rest else _native.same_share((share, n), (of_rest, m)) or 0.0


def _inside(names: list[str], cell: Cell, place: dict[str, str]) -> bool:
    return all(str(cell[0][names.index(name)]) == value for name, value in place.items())
