"""Points in time and durations, as people write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal, overload

from footfall.core.checks import shown
from footfall.core.imports import loaded

Moment = tuple[str, int]

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - naive local time (no time zone)
_MICROSECOND = dt.timedelta(microseconds=1)
_LONGEST = 3_653_000 * 86_400 * 10**6
# Seconds in ten thousand years, and in the units of numpy that are not finer.
_FAR = 366 * 10_000 * 86_400
_SECONDS = {"Y": 31_556_952, "M": 2_629_746, "W": 604_800, "D": 86_400, "h": 3_600, "m": 60, "s": 1}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def moment(value: Any, name: str) -> Moment | None:
    """Return ``("day" | "wall" | "instant", number)``: a date, a wall clock in the log's zone, or an instant."""
    if value is None:
        return None
    value = _of_numpy(value, name)
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f'{name}={shown(value)} is not an ISO 8601 date: write it as "2024-06-30"') from None
    if value is not None and value != value:  # noqa: PLR0124 - NaT is the only one
        raise ValueError(f"{name}= is no time (NaT)")
    if isinstance(value, dt.datetime):
        return _of_datetime(value)
    if isinstance(value, dt.date):
        return "day", value.toordinal() - _EPOCH.toordinal()
    raise TypeError(f'{name}={shown(value)}: give a date, a datetime or a string such as "2024-06-30"')


def _of_numpy(value: Any, name: str) -> Any:
    """Return numpy's datetime64 and timedelta64 as Python's; anything else as it is."""
    numpy = loaded("numpy")
    if numpy is not None and isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        unit, count = numpy.datetime_data(value.dtype)
        seconds = int(value.astype("int64")) * count * _SECONDS.get(unit, 0)
        # Microseconds would wrap around.
        if not numpy.isnat(value) and abs(seconds) > _FAR:
            raise ValueError(f"{name}={shown(value)} is beyond the years 1 to 9999")
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
    value = _of_numpy(value, name)
    if isinstance(value, dt.timedelta):
        micros = value // _MICROSECOND
    else:
        found = re.fullmatch(r"\s*(\d{1,18})\s*([smhdw])\s*", value) if isinstance(value, str) else None
        if not found:
            raise ValueError(
                f'{name}={shown(value)} is not a duration: write a whole number and a unit, as in "30m", "36h", "7d" '
                'or "2w", or give a datetime.timedelta'
            )
        micros = int(found[1]) * _UNITS[found[2]] * 10**6
    if micros > _LONGEST:
        raise ValueError(f"{name}={shown(value)}: the duration is longer than ten thousand years")
    if micros < 0 or (micros == 0 and zero == "refused"):
        raise ValueError(f"{name}={value!r}: the duration must be longer than nothing")
    return micros


def span(value: Any, name: str, example: str) -> int:
    """Return microseconds of a duration that must be given."""
    micros = duration(value, name)
    if micros is None:
        raise TypeError(f"{name}=None: give a duration, as in {name}={example!r}")
    return micros


def date_of(day: int) -> dt.date:
    """Return the date of a day counted from 1970-01-01; beyond Python's calendar its first or last day."""
    ordinal = day + _EPOCH.toordinal()
    return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))


@overload
def wall_clock(micros: None) -> None: ...


@overload
def wall_clock(micros: int) -> dt.datetime: ...


def wall_clock(micros: int | None) -> dt.datetime | None:
    """Return a wall clock, given in microseconds, as a naive datetime; beyond Python's calendar its first or last."""
    if micros is None:
        return None
    try:
        return _EPOCH + dt.timedelta(microseconds=micros)
    except OverflowError:
        return dt.datetime.max if micros > 0 else dt.datetime.min  # noqa: DTZ901 - a wall clock


def clock_of(point: Moment) -> dt.datetime | None:
    """Return a point as wall clock; None for an instant, whose wall clock the log's zone decides."""
    kind, number = point
    return None if kind == "instant" else wall_clock(number * 86_400 * 10**6 if kind == "day" else number)
