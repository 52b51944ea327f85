"""The roles and options of a log of events, as the core takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.checks import zone
from footfall.data._order_options import as_columns, as_words
from footfall.io.source import named_roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NUMBERS = ("value", "sequence")
_OPTIONS = ("timezone", "time_format", "time_unit", "decimal", "null_values")


class EventOptions:
    """The roles and options of a log of events."""

    def __init__(self, given: dict[str, Any], null_values: Any) -> None:
        self._given = given
        self._null_values = null_values
        needs = [role for role in ("customer", "time", "event") if given.get(role) is None]
        if needs:
            text = f"ff.Events needs {', '.join(f'{role}=' for role in needs)}: the name of a column each"
            raise TypeError(text)
        self._customer, self._time = (as_columns(given[role], role) for role in ("customer", "time"))
        self._numbers = {role: given[role] for role in _NUMBERS if given.get(role) is not None}
        named = {"customer", "time", *_NUMBERS, *_OPTIONS}
        self._labels = {role: column for role, column in given.items() if role not in named}

    def roles(self) -> list[tuple[str, str]]:
        """Return every role with its column."""
        pairs = [("customer", name) for name in self._customer] + [("time", name) for name in self._time]
        return list(named_roles([*pairs, *self._labels.items(), *self._numbers.items()]))

    def params(self, names: str) -> dict[str, Any]:
        """Return them as the core takes them; ``names`` says what names are told apart by."""
        given = self._given
        options = {name: given.get(name) for name in ("time_format", "time_unit", "decimal")}
        options["timezone"] = zone(given.get("timezone"))
        return {
            **event_params(self._customer, self._time, self._labels, self._numbers),
            "names": names, "null_values": as_words(self._null_values), **options,
        }  # fmt: skip


def event_params(
    customer: Sequence[str], time: Sequence[str], labels: Mapping[str, str], numbers: Mapping[str, str]
) -> dict[str, Any]:
    """Return the roles of a log of events as the core takes them, with the options of a table of our own."""
    return {
        "customer": list(customer), "time": list(time), "amount": None, "price": None, "add_to_amount": [],
        "amount_per": "line", "paid_at": None, "moments": [], "ids": [], "labels": list(labels.items()),
        "numbers": list(numbers.items()), "statuses": [], "timezone": None, "time_format": None, "time_unit": None,
        "decimal": None, "null_values": [], "written": "plain", "fill_down": [], "names": "typed",
    }  # fmt: skip
