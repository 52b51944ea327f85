"""Points in time and durations, as people write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

from footfall.core.imports import loaded

Moment = tuple[str, int]

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - naive local time (no time zone)
_MICROSECOND = dt.timedelta(microseconds=1)
_LONGEST = 3_653_000 * 86_400 * 10**6
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def moment(value: Any, name: str) -> Moment | None:
    """Return ``("day" | "wall" | "instant", number)``: a date, a wall clock in the log's zone, or an instant."""
    if value is None:
        return None
    value = _of_numpy(value)
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f'{name}={value!r} is not an ISO 8601 date: write it as "2024-06-30"') from None
    if value is not None and value != value:  # noqa: PLR0124 - NaT is the only one
        raise ValueError(f"{name}= is no time (NaT)")
    if isinstance(value, dt.datetime):
        return _of_datetime(value)
    if isinstance(value, dt.date):
        return "day", value.toordinal() - _EPOCH.toordinal()
    raise TypeError(f'{name}= takes a date, a datetime or a string such as "2024-06-30", not {type(value).__name__}')


def _of_numpy(value: Any) -> Any:
    """Return numpy's datetime64 and timedelta64 as Python's; anything else as it is."""
    numpy = loaded("numpy")
    if numpy is not None and isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        return value.astype(f"{type(value).__name__}[us]").item()
    return value


def _of_datetime(value: dt.datetime) -> Moment:
    if value.tzinfo is not None:
        return "instant", (value - _EPOCH.replace(tzinfo=dt.UTC)) // _MICROSECOND
    micros = (value - _EPOCH) // _MICROSECOND
    day, rest = divmod(micros, 86_400 * 10**6)
    # pandas has no dates: midnight is how it writes one.
    return ("day", day) if rest == 0 else ("wall", micros)


def duration(value: Any, name: str, *, zero: Literal["refused", "allowed"] = "refused") -> int | None:
    """Return microseconds."""
    if value is None:
        return None
    value = _of_numpy(value)
    if isinstance(value, dt.timedelta):
        micros = value // _MICROSECOND
    else:
        found = re.fullmatch(r"\s*(\d+)\s*([smhdw])\s*", value) if isinstance(value, str) else None
        if not found:
            raise ValueError(
                f'{name}={value!r} is not a duration: write a whole number and a unit, as in "30m", "36h", "7d" or '
                '"2w", or give a datetime.timedelta'
            )
        micros = int(found[1]) * _UNITS[found[2]] * 10**6
    if micros > _LONGEST:
        raise ValueError(f"{name}={value!r}: the duration is longer than ten thousand years")
    if micros < 0 or (micros == 0 and zero == "refused"):
        raise ValueError(f"{name}={value!r}: the duration must be longer than nothing")
    return micros


def date_of(day: int) -> dt.date:
    """Return the date of a day counted from 1970-01-01."""
    return dt.date.fromordinal(day + _EPOCH.toordinal())


def wall_clock(micros: int | None) -> dt.datetime | None:
    """Return a wall clock, given in microseconds, as a naive datetime."""
    return None if micros is None else _EPOCH + dt.timedelta(microseconds=micros)
