"""The parts of a shop: nouns as they are, and frames or files by roles that are given once."""

from __future__ import annotations

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


def options(name: str, timezone: str | None, cancelled: Sequence[str]) -> dict[str, Any]:
    """Return the options of a part that is built."""
    made: dict[str, Any] = {} if timezone is None else {"timezone": timezone}
    return {**made, "cancelled": cancelled} if name == "orders" and cancelled else made


def part_of(name: str, given: Any, roles: Mapping[str, str], options: dict[str, Any], preset: Any) -> Any:
    """Return a noun as it is; build one of a frame or a path.

    Roles are those whose columns the source has; ``"orders.time"`` stands before ``"time"``. Without a role of theirs,
    orders and events are recognised by a preset or by usual names, and other parts by usual names.
    """
    if isinstance(given, KINDS[name]):
        return given
    if not is_file(given) and not hasattr(given, "columns"):
        instance(given, f"{name}=", f"ff.{KINDS[name].__name__}, a frame or a path", KINDS[name])
    found = open_source(given).columns
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
