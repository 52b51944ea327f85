"""The roles and options of a table of orders, checked, and as the core takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footfall.core.arguments import statuses
from footfall.core.checks import column, listed, shown, word, zone
from footfall.core.options import memory
from footfall.io.source import named_roles

_IDS = ("order_id", "refund_of")
_LABELS = ("product", "category", "status", "payment")
_NUMBERS = ("quantity", "discount", "margin", "shipping")
_OPTIONS = {
    "timezone", "nulls", "refunds", "time_format", "time_unit", "decimal", "null_values", "amount_per", "cancelled",
    "paid", "refunded_if", "memory_limit",
}  # fmt: skip
_KNOWN = {*_IDS, *_LABELS, *_NUMBERS, "customer", "time", "amount", "price", "paid_at", "refunded", "refunded_at"}


class OrderOptions:
    """The roles and options of a table of orders."""

    def __init__(self, given: dict[str, Any], layout: Mapping[str, Any]) -> None:
        self._given = given
        self._layout = layout
        refunded = given.get("refunded")
        self.refunded_if = refunded if isinstance(refunded, Mapping) else given.get("refunded_if")
        self.refunded = refunded if isinstance(refunded, str) else None
        self.others = {name: column(one, name) for name, one in given.items() if name not in _OPTIONS | _KNOWN}
        self._check()
        self.statuses = self._statuses()

    def roles(self) -> list[tuple[str, str]]:
        """Return every role with its column."""
        given = self._given
        roles: list[tuple[str, Any]] = [("customer", name) for name in self.customer]
        roles += [("time", name) for name in self.time]
        roles += [(role, given.get(role)) for role in ("amount", "price", "paid_at", "refunded_at")]
        roles += [("refunded", self.refunded), *((role, given.get(role)) for role in (*_IDS, *_NUMBERS))]
        roles += [("amount", name) for name in self._layout.get("add_to_amount", [])]
        roles += [("fill_down", name) for name in self._layout.get("fill_down", [])]
        return list(named_roles([*roles, *self._labels()]))

    def params(self, names: str) -> dict[str, Any]:
        """Return them as the core takes them; ``names`` says what names are told apart by."""
        given, layout = self._given, self._layout
        by_order = given.get("amount_per", "line") == "order"
        numbers = [role for role in _NUMBERS if given.get(role) is not None]
        columns = [(role, given[role]) for role in numbers]
        if by_order and given.get("price") is not None and given.get("amount") is not None:
            columns.append(("price", given["price"]))
        if self.refunded is not None or self.refunded_if:
            columns.append(("refunded", self.refunded or ""))
        moment = given.get("refunded_at")
        return {
            "customer": self.customer, "time": self.time, "amount": given.get("amount"),
            "price": given.get("price") if given.get("amount") is None else None,
            "amount_per": given.get("amount_per", "line"), "paid_at": given.get("paid_at"),
            "add_to_amount": list(layout.get("add_to_amount", [])),
            "moments": [] if moment is None else [("refunded_at", moment)],
            "ids": [(role, given[role]) for role in _IDS if given.get(role) is not None],
            "labels": self._labels(), "numbers": columns, "statuses": self.statuses,
            "timezone": zone(given.get("timezone")), "time_format": given.get("time_format"),
            "time_unit": given.get("time_unit"), "nulls": given.get("nulls", "drop"),
            "decimal": given.get("decimal"), "null_values": as_words(given.get("null_values", ())),
            "written": "spreadsheet" if layout.get("spreadsheet") else "plain",
            "fill_down": list(layout.get("fill_down", [])), "names": names, "only": None, "observed": None,
            **memory(given.get("memory_limit")),
        }  # fmt: skip

    def typed_statuses(self, typed: Mapping[str, Any]) -> list[tuple[str, str, list[str | int]]] | None:
        """Return what a caller says of statuses, as a preset's need not occur; None where only a preset says any."""
        own = [rule for rule in self.statuses if rule[0] in typed]
        return own if own or not self.statuses else None

    @property
    def customer(self) -> list[str]:
        """The columns of the key, of which the first that is not null counts."""
        return as_columns(self._given.get("customer"), "customer")

    @property
    def time(self) -> list[str]:
        """The columns of the time, likewise."""
        return as_columns(self._given.get("time"), "time")

    def _labels(self) -> list[tuple[str, str]]:
        given = self._given
        labels = [(role, column(given[role], role)) for role in _LABELS if given.get(role) is not None]
        labels += self.others.items()
        for rules in (given.get("cancelled"), given.get("paid"), self.refunded_if):
            if isinstance(rules, Mapping):
                known = {name for _, name in labels}
                labels += [(name, name) for name in rules if name not in known]
        return labels

    def _statuses(self) -> list[tuple[str, str, list[str | int]]]:
        made = []
        roles = {name: role for role, name in self._labels()}
        for says, rules in (
            ("cancelled", self._given.get("cancelled")), ("paid", self._given.get("paid")),
            ("refunded", self.refunded_if),
        ):  # fmt: skip
            by_column = rules if isinstance(rules, Mapping) else _by_column(rules, says)
            for name, values in by_column.items():
                role = "status" if name is None else roles[name]
                wanted = [values] if isinstance(values, (str, int)) else listed(values, says, "a list of values")
                made.append((says, role, [statuses(value, says) for value in wanted]))
        return made

    def _check(self) -> None:
        """Refuse roles that are missing, and options that contradict each other."""
        given = self._given
        needs = [role for role in ("customer", "time") if given.get(role) is None]
        if self._layout.get("no_buyer") and "customer" in needs:
            needs.remove("customer")
        if "amount" not in given and given.get("price") is None:
            needs.append("amount")
        if needs:
            raise TypeError(
                f"ff.Orders needs {', '.join(f'{role}=' for role in needs)}: the name of a column each (price= with "
                "quantity= in place of amount=; amount=None for a log without money)"
            )
        word(given.get("refunds", "net"), "refunds", ("net", "drop", "raise"))
        self._check_money()

    def _check_money(self) -> None:
        """Refuse roles of money that contradict each other."""
        given = self._given
        priced, by_order = given.get("price") is not None, given.get("amount_per", "line") == "order"
        money = [name for name in ("refunded", "refund_of") if given.get(name) is not None]
        for wrong, words in (
            (
                priced and given.get("amount") is not None and not by_order,
                "give amount= or price=, not both: where price= is given, the amount of a line is price times quantity",
            ),
            (
                priced and given.get("quantity") is None,
                "price= is the price of a piece: give quantity= as well, the number of pieces",
            ),
            (
                given.get("refund_of") is not None and given.get("order_id") is None,
                "refund_of= names orders by their id: give order_id= as well",
            ),
            (
                by_order and given.get("order_id") is None,
                'amount_per="order" needs order_id=, which tells the lines of an order',
            ),
            (
                given.get("refunded_at") is not None and self.refunded is None and not self.refunded_if,
                "refunded_at= is when money was given back: give refunded= as well, how much",
            ),
            (
                bool(money) and given.get("amount") is None and not priced,
                f"{money[0] if money else ''}= is of money, and the log has none: give amount=, or leave it out",
            ),
        ):
            if wrong:
                raise ValueError(words)


def _by_column(rules: Any, says: str) -> dict[None, list[Any]]:
    """Return the values of the column ``status``, where any are given."""
    if rules is None:
        return {}
    values = listed(rules, says, f"a list of values of the status, as in {says}=[{shown(rules)}]")
    return {None: values} if values else {}


def as_columns(given: Any, role: str) -> list[str]:
    """Return one column or several as a list."""
    if given is None:
        return []
    names = list(given) if isinstance(given, (list, tuple)) else [given]
    return [column(name, role) for name in names]


def as_words(given: Any) -> list[str]:
    """Return the words that stand for a missing value."""
    wanted = 'words, as in null_values=["-", "NULL"]'
    words = [given] if isinstance(given, str) else listed(given, "null_values", wanted)
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"null_values={shown(given)}: give {wanted}")
    return words
