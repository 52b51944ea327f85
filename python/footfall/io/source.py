"""Whatever holds the rows, opened as an Arrow stream of the named columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from footfall import _native
from footfall._errors import DataError
from footfall.core.imports import loaded
from footfall.io import files

Roles = Sequence[tuple[str, str]]


class Opened(NamedTuple):
    """A source that Rust can read, and the library that its results should come in."""

    stream: Any
    library: str | None


def open_source(source: Any, roles: Iterable[tuple[str, Any]], encoding: str | None) -> Opened:
    """Open ``source``, keeping the columns that the roles name."""
    named: Roles = [(role, _text(role, name)) for role, name in roles if name is not None]
    if isinstance(source, (str, os.PathLike)) or (isinstance(source, list) and source and _are_paths(source)):
        return Opened(files.open_files(source, named, encoding), None)
    if encoding is not None:
        raise ValueError(f"encoding={encoding!r} is for CSV files; this source is a {_name(source)}")
    return _open_frame(source, named)


def _open_frame(source: Any, roles: Roles) -> Opened:
    pandas, polars = loaded("pandas"), loaded("polars")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        from footfall.io.pandas import to_table

        return Opened(to_table(source, roles), "pandas")
    if polars is not None and isinstance(source, (polars.DataFrame, polars.LazyFrame)):
        columns = _checked(roles, source.collect_schema().names())
        frame = (
            source.lazy().select(columns).collect() if isinstance(source, polars.LazyFrame) else source.select(columns)
        )
        return Opened(_polars(polars, frame, roles), "polars")
    narrowed = _narrowed(source, roles)
    _refuse(narrowed)
    return Opened(narrowed, None)


def _polars(polars: Any, frame: Any, roles: Roles) -> Any:
    """Polars cannot hand over columns of nulls alone, which are made here, nor Python objects, which are refused."""
    for role, name in roles:
        if frame.schema[name] == polars.Object:
            raise DataError(
                f"{role}={name!r} holds Python objects, which Polars cannot hand over: convert the column first, as in "
                f"frame.with_columns(pl.col({name!r}).map_elements(str, return_dtype=pl.String))"
            )
    if polars.Null not in frame.dtypes:
        return frame
    nothing = ("null", frame.height, None, None)
    columns = {name: nothing if kind == polars.Null else frame[name] for name, kind in frame.schema.items()}
    return _native.Table.from_columns(columns)


def _narrowed(source: Any, roles: Roles) -> Any:
    """Leave the columns that no role names behind, where the source can do so itself."""
    arrow, duckdb = loaded("pyarrow"), loaded("duckdb")
    if arrow is not None and isinstance(source, (arrow.Table, arrow.RecordBatch)):
        names = source.schema.names
        # Two columns of one name cannot be told apart here; Rust says so.
        return source if len(set(names)) < len(names) else source.select(_checked(roles, names))
    if arrow is not None and hasattr(source, "scanner"):
        return source.scanner(columns=_checked(roles, source.schema.names)).to_reader()
    if duckdb is not None and isinstance(source, duckdb.DuckDBPyRelation):
        columns = _checked(roles, source.columns)
        return source.select(*[duckdb.ColumnExpression(column) for column in columns])
    return source


def _refuse(source: Any) -> None:
    module = type(source).__module__
    if module.startswith("pyspark"):
        raise TypeError(
            "a Spark DataFrame would be collected to this machine: use ff.spark for it, "
            "or .toArrow() if it is small enough"
        )
    if not hasattr(source, "__arrow_c_stream__") and not hasattr(source, "__arrow_c_array__"):
        raise TypeError(
            f"the source is a {_name(source)}; give a pandas or Polars DataFrame, anything that speaks Arrow "
            "(a PyArrow table, reader or dataset, a DuckDB relation), or a path to Parquet or CSV files"
        )
    if type(source).__name__ == "Series":
        raise TypeError(f"the source is a {_name(source)}, a single column; give the DataFrame that it comes from")


def _checked(roles: Roles, found: Iterable[str]) -> list[str]:
    found = list(found)
    for role, name in roles:
        _native.check_column(role, name, found)
    return list(dict.fromkeys(name for _, name in roles))


def _are_paths(source: list[Any]) -> bool:
    return all(isinstance(path, (str, os.PathLike)) for path in source)


def _text(role: str, name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f'{role}= takes the name of a column, as in {role}="{role}", not a {type(name).__name__}')
    return name


def _name(source: Any) -> str:
    return f"{type(source).__module__}.{type(source).__qualname__}".removeprefix("builtins.")
