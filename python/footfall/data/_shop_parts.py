"""The parts of a shop: nouns as they are, and frames or files by roles that are given once."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from footfall.core.checks import column, instance, word
from footfall.data._shop_names import usual
from footfall.data.after_sales import AfterSales
from footfall.data.customers import Customers
from footfall.data.events import Events
from footfall.data.orders import Orders
from footfall.data.spend import Spend
from footfall.io.paths import is_file
from footfall.io.source import open_source
from footfall.io.table import FileOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS: dict[str, type] = {
    "customers": Customers, "events": Events, "orders": Orders, "spend": Spend, "after_sales": AfterSales,
    "survey": Events,
}  # fmt: skip
# Roles of the columns that a part cannot be without.
_WANTED = {
    "customers": ("customer",), "events": ("customer", "time", "event"), "orders": ("customer", "time", "amount"),
    "spend": ("time", "amount"), "after_sales": ("customer", "time", "kind"), "survey": ("customer", "time", "event"),
}  # fmt: skip
_RECOGNISED = ("events", "orders")
# What is said of files alone, and of all sources.
_OF_FILES = ("encoding", "delimiter", "sheet", "bad_lines")
_READING = (*_OF_FILES, "decimal", "null_values", "time_format", "time_unit")


def options(
    name: str, given: Any, timezone: str | None, cancelled: Sequence[str], reading: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of a part that is built; of what is said for all parts those that this one takes."""
    made: dict[str, Any] = {} if timezone is None else {"timezone": timezone}
    if name == "orders" and cancelled:
        made["cancelled"] = cancelled
    takes = [option for option in inspect.signature(KINDS[name]).parameters if option in _READING]
    own: dict[str, Any] = {}
    for key, value in reading.items():
        part, _, option = str(key).rpartition(".")
        word(option, "reading", _READING)
        if part and word(part, "reading", KINDS) == name:
            own[word(option, f"reading of {part}", takes)] = value
        elif not part and option in takes and (option not in _OF_FILES or is_file(given)):
            own.setdefault(option, value)
    return made | own


def part_of(name: str, given: Any, roles: Mapping[str, str], options: dict[str, Any], preset: Any) -> Any:
    """Return a noun as it is; build one of a frame or a path.

    Roles are those whose columns the source has; ``"orders.time"`` stands before ``"time"``. Without a role of theirs,
    orders and events are recognised by a preset or by usual names, and other parts by usual names.
    """
    if isinstance(given, KINDS[name]):
        return given
    if not is_file(given) and not hasattr(given, "columns"):
        instance(given, f"{name}=", f"ff.{KINDS[name].__name__}, a frame or a path", KINDS[name])
    of_file = {option: options[option] for option in _OF_FILES if option in options}
    found = open_source(given, FileOptions(**of_file)).columns
    known = {**usual(name, found), **_roles(name, roles, found)}
    lacks = [role for role in _WANTED[name] if role not in known]
    if name in _RECOGNISED and preset is not None:
        return KINDS[name](given, preset=preset, **known, **options)
    if name in _RECOGNISED and not {"customer", "time"} & known.keys():
        return KINDS[name](given, **known, **options)
    if lacks:
        has = ", ".join(map(repr, found[:20]))
        example = ", ".join(f"{role!r}: ..." for role in lacks)
        raise ValueError(
            f"{name}=: which column is the {' and which the '.join(lacks)}? It has {has}: give roles={{{example}}}, or "
            f"ff.{KINDS[name].__name__}(...)"
        )
    return KINDS[name](given, **known, **options)


def _roles(name: str, roles: Mapping[str, str], found: list[str]) -> dict[str, str]:
    """Return the roles that a part has columns for."""
    own: dict[str, str] = {}
    for given, of in roles.items():
        part, _, role = str(given).rpartition(".")
        if part:
            word(part, "roles", KINDS)
        if part in {"", name} and (part or role not in own) and column(of, "roles") in found:
            own[role] = of
    # One column is not the same time for a customer as for an order.
    if name == "customers":
        own = {role: of for role, of in own.items() if role not in {"time", "event", "amount"}}
    return own


def shown_part(part: Any) -> str:
    """Return what a part is, in a line."""
    return "none" if part is None else repr(part).split("\n", 2)[1].strip()
