"""The one conversion to pandas and to rows of Python objects; neither needs PyArrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.imports import import_optional
from footfall.core.time_points import date_of, wall_clock

if TYPE_CHECKING:
    import pandas as pd

    from footfall import _native


def to_pandas(table: _native.Table) -> pd.DataFrame:
    """Return a DataFrame with a plain RangeIndex."""
    pandas = import_optional("pandas", "pandas", "to_pandas()")
    columns = {name: _series(pandas, *table.column(at)) for at, name in enumerate(table.column_names)}
    frame: pd.DataFrame = pandas.DataFrame(columns, index=pandas.RangeIndex(table.num_rows))
    return frame


def _uuids(values: Any) -> list[Any]:
    import uuid

    return [None if value is None else uuid.UUID(bytes=value) for value in values]


def _series(pandas: Any, kind: str, values: Any, missing: Any, extra: Any) -> Any:
    import numpy as np

    if kind == "timestamp":
        times = values.view("datetime64[us]")
        if missing is not None:
            times = np.where(missing, np.datetime64("NaT"), times)
        series = pandas.Series(times)
        return series if extra is None else series.dt.tz_localize("UTC").dt.tz_convert(_zone(extra))
    if kind == "date":
        times = values.astype("datetime64[D]").astype("datetime64[s]")
        return pandas.Series(times if missing is None else np.where(missing, np.datetime64("NaT"), times))
    if kind == "dictionary":
        codes = values if missing is None else np.where(missing, -1, values)
        return pandas.Series(pandas.Categorical.from_codes(codes, categories=pandas.Index(extra[1])))
    if kind == "number":
        if missing is None:
            return pandas.Series(values)
        if values.dtype.kind == "f":
            return pandas.Series(np.where(missing, np.nan, values))
        masked = pandas.arrays.BooleanArray if values.dtype.kind == "b" else pandas.arrays.IntegerArray
        return pandas.Series(masked(values, missing))
    if kind == "uuid":
        return pandas.Series(_uuids(values), dtype=object)
    texts = all(isinstance(value, str) for value in values if value is not None)
    return pandas.Series(values, dtype="str" if texts else object)


def _zone(name: str) -> Any:
    """Return offsets as pandas takes them; names stay names."""
    import datetime as dt

    if name[:1] in "+-":
        return dt.datetime.strptime(name, "%z").tzinfo
    return name


def to_rows(table: _native.Table) -> list[tuple[Any, ...]]:
    """Return rows of Python objects."""
    columns = [_objects(*table.column(at)) for at in range(len(table.column_names))]
    return list(zip(*columns, strict=True))


def _objects(kind: str, values: Any, missing: Any, extra: Any) -> list[Any]:
    if kind == "timestamp":
        objects = _datetimes(values, extra)
    elif kind == "date":
        objects = [date_of(day) for day in values.tolist()]
    elif kind == "dictionary":
        words = list(extra[1])
        objects = [words[code] if 0 <= code < len(words) else None for code in values.tolist()]
    elif kind == "uuid":
        objects = _uuids(values)
    else:
        objects = values.tolist() if hasattr(values, "tolist") else list(values)
    if missing is None:
        return list(objects)
    return [None if gone else value for gone, value in zip(missing.tolist(), objects, strict=True)]


def _datetimes(micros: Any, zone: str | None) -> list[Any]:
    """Return datetimes; an instant that a zone shows in a year which Python's calendar lacks is shown in UTC."""
    import datetime as dt
    import zoneinfo

    plain = [wall_clock(value) for value in micros.tolist()]
    if zone is None:
        return plain
    named = dt.datetime.strptime(zone, "%z").tzinfo if zone[:1] in "+-" else zoneinfo.ZoneInfo(zone)
    shown = []
    for value in plain:
        at = value.replace(tzinfo=dt.UTC)
        try:
            shown.append(at.astimezone(named))
        except OverflowError:
            shown.append(at)
    return shown
