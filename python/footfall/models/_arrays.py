"""Arrays of histories, checked."""

from __future__ import annotations

from typing import Any

from footfall._errors import DataError
from footfall.core.checks import shown


def arrays(**given: Any) -> tuple[list[Any], bool]:
    """Return arrays of floats of one length, and whether all were single numbers."""
    import numpy as np

    made = []
    for name, value in given.items():
        try:
            made.append(floats(value))
        except (TypeError, ValueError, OverflowError) as error:
            raise TypeError(f"{name}={shown(value)}: give numbers, or an array of them") from error
    shapes = {array.shape for array in made if array.ndim}
    if len(shapes) > 1 or any(array.ndim > 1 for array in made):
        found = ", ".join(f"{name} {array.shape}" for name, array in zip(given, made, strict=True))
        raise ValueError(f"arrays of one length are needed: {found}")
    single = not shapes
    return [np.ascontiguousarray(np.broadcast_to(array, next(iter(shapes), (1,)))) for array in made], single


def floats(value: Any) -> Any:
    """Return an array of floats; complex numbers are none."""
    import numpy as np

    found = np.asarray(value)
    if found.dtype.kind not in "biufO":
        raise TypeError(f"{found.dtype} is no number")
    # The order in memory stays, as columns side by side need no copy.
    return np.asarray(found, dtype=np.float64)


def refuse(bad: Any, what: str, *columns: tuple[str, Any]) -> None:
    """Raise if any row is bad, and name the first of them."""
    count = int(bad.sum())
    if count:
        at = int(bad.argmax())
        shown = ", ".join(f"{name}={column[at]:g}" for name, column in columns)
        raise DataError(f"{what}: {count:,} rows do not fit, the first at {at} ({shown})")


def histories(repeats: Any, last_seen: Any, age: Any) -> tuple[list[Any], bool]:
    """Return the three arrays of histories that can be."""
    import numpy as np

    (x, seen, whole), single = arrays(repeats=repeats, last_seen=last_seen, age=age)
    named = (("repeats", x), ("last_seen", seen), ("age", whole))
    refuse(~np.isfinite(x + seen + whole), "histories need finite numbers", *named)
    refuse((x < 0) | (x != np.floor(x)), "repeats= counts purchases but for the first: whole numbers from 0", *named)
    refuse(
        (seen < 0) | (seen > whole), "last_seen= lies between 0 and age= (both count from the first purchase)", *named
    )
    refuse((x == 0) & (seen > 0), "without a repeat the last purchase is the first, so that last_seen= is 0", *named)
    return [x, seen, whole], single


def answer(values: Any, single: bool) -> Any:  # noqa: FBT001 - what `arrays` said
    """Return a number for a number, else the array."""
    return float(values[0]) if single else values
