"""One checked door for each kind of argument: what was given, what is accepted, what to type instead.

What is of another type raises `TypeError`, what is of the right type and out of range `ValueError`. Options that go to
the core as they are, words and numbers among them, are checked there (``src/params``), and not here too.
"""

from __future__ import annotations

import decimal
import math
import numbers
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from footfall import _native

# So many characters of a value stand in a message.
_SHOWN = 300
_BITS = 63


def shown(value: Any) -> str:
    """Return a value as it stands in a message: what is long is cut, what cannot be shown is named by its type."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - anything may go wrong in another's class
        text = f"<{type(value).__name__}>"
    text = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def word(value: Any, name: str, known: Iterable[str]) -> str:
    """Return one of some words."""
    _native.check_word(name, value, list(known))
    return str(value)


def whole(value: Any, name: str, least: int | None = None, most: int | None = None, *, also: str = "") -> int:
    """Return a whole number of any library's type; ``also`` says what else the argument takes."""
    ends = [f" from {least}" if least is not None else "", f" to {most}" if most is not None else ""]
    text = f"{name}={shown(value)}: give a whole number{''.join(ends)}{also}"
    if isinstance(value, bool):
        raise ValueError(text)  # noqa: TRY004 - to Python it is a whole number
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(text) from None
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(text)
    return number


def real(value: Any, name: str, wanted: str, fits: Callable[[float], bool]) -> float:
    """Return a finite number that fits; ``wanted`` says which do."""
    text = f"{name}={shown(value)}: give {wanted}"
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, decimal.Decimal)):
        raise TypeError(text)
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(text) from None
    if not (math.isfinite(number) and fits(number)):
        raise ValueError(text)
    return number


def column(value: Any, name: str) -> str:
    """Return the name of a column."""
    if not isinstance(value, str):
        raise TypeError(f'{name}={shown(value)}: give the name of a column, as in {name}="{name}"')
    if not _encodes(value):
        raise ValueError(f"{name}={shown(value)}: half a surrogate pair is no text, and no column has such a name")
    return value


def columns(value: Any, name: str) -> list[str]:
    """Return a list of names of columns; None is none."""
    if value is None:
        return []
    example = f"{name}=[{shown(value)}]" if isinstance(value, str) else f'{name}=["product"]'
    return [column(one, name) for one in listed(value, name, f"a list of columns, as in {example}")]


def listed(value: Any, name: str, wanted: str) -> list[Any]:
    """Return a list; a string is none, as it would be taken letter by letter."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{name}={shown(value)}: give {wanted}")
    return list(value)


def events(value: Any, name: str) -> list[str | int]:
    """Return the names of one event or of several."""
    wanted = f'{name}={shown(value)}: give the name of an event, as in {name}="view", or a list of names'
    if isinstance(value, (str, numbers.Integral)):
        value = [value]
    elif not isinstance(value, Iterable) or isinstance(value, (bytes, Mapping)):
        raise TypeError(wanted)
    found: list[str | int] = []
    for one in value:
        if isinstance(one, str) and _encodes(one):
            found.append(one)
        elif isinstance(one, numbers.Integral) and not isinstance(one, bool):
            if not -(2**_BITS) <= int(one) < 2**_BITS:
                raise ValueError(f"{name}={shown(one)}: an event that is a number has at most 64 bits")
            found.append(int(one))
        else:
            raise TypeError(wanted)
    if not found:
        raise ValueError(f"{wanted} with at least one")
    return found


def events_or_none(value: Any, name: str) -> list[str | int] | None:
    """Return the names of some events; None stands for all."""
    return None if value is None else events(value, name)


def zone(value: Any) -> str | None:
    """Return the name of a time zone."""
    if value is None:
        return None
    name = value
    if not isinstance(value, str):
        import zoneinfo

        name = value.key if isinstance(value, zoneinfo.ZoneInfo) else value
    if isinstance(name, str) and _encodes(name):
        _native.check_zone(name)
        return name
    raise TypeError(
        f'timezone={shown(value)}: give an IANA name such as "Asia/Shanghai", an offset such as "+08:00", or a '
        "zoneinfo.ZoneInfo of a name"
    )


def instance(value: Any, what: str, wanted: str, kinds: type | Sequence[type]) -> None:
    """Refuse what is not of a class of ours."""
    if not isinstance(value, tuple(kinds) if isinstance(kinds, Sequence) else kinds):
        raise TypeError(f"{what} takes {wanted}, not {shown(value)}")


def _encodes(text: str) -> bool:
    """Whether a text is one: half a surrogate pair is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
