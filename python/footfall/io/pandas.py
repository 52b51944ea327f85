"""pandas, column by column: no PyArrow is needed, and a column that no role names never fails the frame."""

from __future__ import annotations

import decimal
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from footfall import _native
from footfall._errors import DataError

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
            columns[name] = to_column(series)
    return _native.Table.from_columns(columns)


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index, where it has a name, is a column like the others: keys are often kept there."""
    names = [name for name in frame.index.names if isinstance(name, str)]
    if not names or any(name in frame.columns for name in names):
        return frame
    return frame.reset_index(level=names)


def to_column(series: pd.Series[Any]) -> Column:
    """Bring one column into Arrow."""
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        if isinstance(series.cat.categories.dtype, (pd.DatetimeTZDtype, pd.PeriodDtype)):
            return to_column(series.astype(series.cat.categories.dtype))
        categories = to_column(pd.Series(series.cat.categories))
        return "dictionary", _plain(series.cat.codes.to_numpy()), None, categories
    if isinstance(dtype, pd.ArrowDtype) or (isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"):
        return series.array.__arrow_array__()
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _timestamps(series.dt.tz_convert(None), _zone(dtype.tz))
    if isinstance(dtype, pd.PeriodDtype):
        return _timestamps(series.dt.to_timestamp(), None)
    if isinstance(dtype, np.dtype):
        return _numpy(series, dtype)
    if hasattr(dtype, "numpy_dtype"):
        mask = _plain(series.isna().to_numpy())
        values = series.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.type(0))
        return "bool" if values.dtype.kind == "b" else "number", _plain(values), mask, None
    return _objects(series)


def _numpy(series: pd.Series[Any], dtype: np.dtype[Any]) -> Column:
    if dtype.kind == "M":
        return _timestamps(series, None)
    if dtype.kind == "b":
        return "bool", _plain(series.to_numpy()), None, None
    if dtype.kind in "iuf":
        return "number", _plain(series.to_numpy()), None, None
    return _objects(series)


def _timestamps(series: pd.Series[Any], zone: str | None) -> Column:
    values = series.to_numpy()
    unit = np.datetime_data(values.dtype)[0]
    if unit not in {"s", "ms", "us", "ns"}:
        values, unit = values.astype("datetime64[us]"), "us"
    return unit, _plain(values.view("int64")), _plain(np.isnat(values)), zone


def _objects(series: pd.Series[Any]) -> Column:
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
        zones = {str(getattr(value, "tzinfo", None)) for value in present}
        return to_column(pd.to_datetime(series, utc=len(zones) > 1))
    if kind == "date":
        return to_column(pd.to_datetime(series))
    if kind == "decimal":
        return _decimals(series.to_numpy(dtype=object), missing)
    values = [None if gone else value for gone, value in zip(missing, series.to_numpy(dtype=object), strict=True)]
    if kind == "bytes":
        return "binary", values, None, None
    if len(present) and all(isinstance(value, uuid.UUID) for value in present):
        return "uuid", [None if value is None else value.bytes for value in values], None, None
    return "text", values if kind == "string" else [_word(value) for value in values], None, None


def _fits(values: np.ndarray[Any, Any]) -> bool:
    """Whether whole numbers fit 64 bits; longer ones are told apart by their digits."""
    return all(not isinstance(value, int) or -(2**63) <= value < 2**63 for value in values)


def _word(value: Any) -> str | None:
    """Return what a mixed column holds as a string: 536365, 536365.0 and "536365" are one."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return None if value is None else str(value)


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
