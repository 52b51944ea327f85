"""pandas, column by column: no PyArrow is needed, and a column that no role names never fails the frame."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from footfall import _native
from footfall._errors import DataError
from footfall.core.checks import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Column = Any
"""An Arrow array, or ``(kind, values, mask, extra)`` as ``_native.Table.from_columns`` takes it."""


def to_table(frame: pd.DataFrame, roles: Sequence[tuple[str, str]]) -> _native.Table:
    """Bring the columns that the roles name into Arrow."""
    names = [name for name in frame.columns if isinstance(name, str)]
    columns: dict[str, Column] = {}
    for role, name in roles:
        _native.check_column(role, name, names)
        series = frame[name]
        if series.ndim > 1:
            raise DataError(f"{role}={name!r}: the table has two columns of this name; rename one of them")
        if name not in columns:
            columns[name] = to_column(series, f"{role}={name!r}")
    return _native.Table.from_columns(columns)


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index, where it has a name, is a column like the others: keys are often kept there."""
    names = [name for name in frame.index.names if isinstance(name, str)]
    if not names or any(name in frame.columns for name in names):
        return frame
    return frame.reset_index(level=names)


def to_column(series: pd.Series[Any], what: str) -> Column:
    """Bring one column into Arrow; ``what`` calls it in messages."""
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.IntervalDtype) or (isinstance(dtype, np.dtype) and dtype.kind in "cm"):
        raise DataError(f"{what} holds {dtype}: give strings, numbers, dates or times")
    if isinstance(dtype, pd.CategoricalDtype):
        if isinstance(series.cat.categories.dtype, (pd.DatetimeTZDtype, pd.PeriodDtype)):
            return to_column(series.astype(series.cat.categories.dtype), what)
        categories = to_column(pd.Series(series.cat.categories), what)
        return "dictionary", _plain(series.cat.codes.to_numpy()), None, categories
    if isinstance(dtype, pd.ArrowDtype) or (isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"):
        return series.array.__arrow_array__()
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _timestamps(series.dt.tz_convert(None), _zone(dtype.tz))
    if isinstance(dtype, pd.PeriodDtype):
        return _timestamps(series.dt.to_timestamp(), None)
    if isinstance(dtype, np.dtype):
        return _numpy(series, dtype, what)
    if hasattr(dtype, "numpy_dtype"):
        mask = _plain(series.isna().to_numpy())
        values = series.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.type(0))
        return "bool" if values.dtype.kind == "b" else "number", _plain(values), mask, None
    return _objects(series, what)


def _numpy(series: pd.Series[Any], dtype: np.dtype[Any], what: str) -> Column:
    if dtype.kind == "M":
        return _timestamps(series, None)
    if dtype.kind == "b":
        return "bool", _plain(series.to_numpy()), None, None
    if dtype.kind in "iuf":
        return "number", _plain(series.to_numpy()), None, None
    return _objects(series, what)


def _timestamps(series: pd.Series[Any], zone: str | None) -> Column:
    values = series.to_numpy()
    unit = np.datetime_data(values.dtype)[0]
    if unit not in {"s", "ms", "us", "ns"}:
        values, unit = values.astype("datetime64[us]"), "us"
    return unit, _plain(values.view("int64")), _plain(np.isnat(values)), zone


def _objects(series: pd.Series[Any], what: str) -> Column:
    """Bring Python objects into Arrow by what they are."""
    import pandas as pd

    missing = series.isna().to_numpy(dtype=bool)
    if missing.all():
        return "null", len(series), None, None
    kind = pd.api.types.infer_dtype(series, skipna=True)
    present = series.to_numpy(dtype=object)[~missing]
    if kind in {"integer", "floating", "mixed-integer-float"} and _fits(present):
        numbers = pd.to_numeric(pd.Series(np.where(missing, 0, series.to_numpy(dtype=object)), dtype=object))
        return "number", _plain(numbers.to_numpy()), _plain(missing), None
    if kind == "boolean":
        return "bool", _plain(np.where(missing, 0, series).astype(bool)), _plain(missing), None
    if kind in {"datetime", "datetime64"}:
        zones = [getattr(value, "tzinfo", None) for value in present]
        _one_clock(zones, np.flatnonzero(~missing), what)
        return to_column(_datetimes(series, missing, zones), what)
    if kind == "date":
        return to_column(_datetimes(series, missing, []), what)
    if kind == "decimal":
        return _decimals(series.to_numpy(dtype=object), missing)
    values = [None if gone else value for gone, value in zip(missing, series.to_numpy(dtype=object), strict=True)]
    if kind == "bytes":
        return "binary", values, None, None
    if len(present) and all(isinstance(value, uuid.UUID) for value in present):
        return "uuid", [None if value is None else value.bytes for value in values], None, None
    return (
        "text",
        values if kind == "string" else [_word(value, row, what) for row, value in enumerate(values)],
        None,
        None,
    )


def _fits(values: np.ndarray[Any, Any]) -> bool:
    """Whether whole numbers fit 64 bits; longer ones are told apart by their digits."""
    return all(not isinstance(value, int) or -(2**63) <= value < 2**63 for value in values)


# What a mixed column may hold.
_PLAIN = (str, bool, int, float, np.generic, decimal.Decimal, dt.date, dt.time, uuid.UUID)


def _word(value: Any, row: int, what: str) -> str | None:
    """Return what a mixed column holds as a string: 536365, 536365.0 and "536365" are one."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if value is not None and not isinstance(value, _PLAIN):
        raise DataError(
            f"{what} holds {shown(value)} in row {row}, a {type(value).__name__}: give strings or numbers, as "
            "frame[…].astype(str) makes them"
        )
    return None if value is None else str(value)


def _one_clock(zones: list[Any], rows: Any, what: str) -> None:
    """Refuse datetimes of which some have a zone and others do not: the fewer of the two."""
    naive = [row for row, zone in zip(rows, zones, strict=True) if zone is None]
    aware = [row for row, zone in zip(rows, zones, strict=True) if zone is not None]
    if naive and aware:
        fewer, kind = (naive, "without a time zone") if len(naive) <= len(aware) else (aware, "with a time zone")
        raise DataError(
            f"{what}: {len(fewer):,} datetimes are {kind} among others, the first in row {fewer[0]}: make them alike, "
            "as pandas.to_datetime(…, utc=True) does"
        )


def _datetimes(series: pd.Series[Any], missing: Any, zones: list[Any]) -> pd.Series[Any]:
    """Return Python's dates and datetimes as timestamps of microseconds, which hold all of their years."""
    import pandas as pd

    if any(zone is not None for zone in zones):
        return pd.to_datetime(series, utc=len(set(map(str, zones))) > 1)
    values = [None if gone else value for gone, value in zip(missing, series, strict=True)]
    return pd.Series(np.array(values, dtype="datetime64[us]"))


def _decimals(values: np.ndarray[Any, Any], missing: np.ndarray[Any, Any]) -> Column:
    odd = next((value for value in values[~missing] if not value.is_finite()), None)
    if odd is not None:
        raise DataError(f"a column of decimals holds {odd}; set them to null")
    scale = max(max((-value.as_tuple().exponent for value in values[~missing]), default=0), 0)
    digits = max((value.adjusted() for value in values[~missing]), default=0) + 1 + scale
    if digits > 38:  # noqa: PLR2004 - what 128 bits hold
        raise DataError(f"a column of decimals needs {digits} digits; 38 are possible: round it first")
    with decimal.localcontext(prec=76):
        counts = [None if gone else int(value.scaleb(scale)) for gone, value in zip(missing, values, strict=True)]
    return "decimal", counts, None, scale


def _plain(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return values side by side in memory, in an order and width that Arrow has; truths as bytes."""
    if values.dtype.kind == "b":
        values = values.view("uint8")
    if values.dtype == np.float16:
        values = values.astype("float32")
    if values.dtype.itemsize > 8:  # noqa: PLR2004 - longdouble
        values = values.astype("float64")
    return np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))


def _zone(zone: Any) -> str:
    """Return a zone's IANA name, or its offset as ISO 8601 writes it."""
    name = str(zone)
    return name[3:] if name.startswith("UTC") and len(name) > 3 else name  # noqa: PLR2004 - datetime's "UTC+08:00"
