"""Whatever holds the rows, opened: frames, Arrow and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import DataError
from footfall.core.checks import column, shown
from footfall.core.imports import loaded
from footfall.io.datasets import checked
from footfall.io.files import open_files
from footfall.io.paths import is_file
from footfall.io.table import FileOptions, Roles, SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def open_source(source: Any, options: FileOptions | None = None) -> SourceTable:
    """Open a source; its rows are read once it is known which columns play a role."""
    options = options or FileOptions()
    if is_file(source):
        return open_files(source, options)
    options.refuse(f"a {_name(source)}", "encoding", "delimiter", "sheet", "bad_lines")
    try:
        return _table(source)
    except UnicodeDecodeError as error:
        raise DataError(
            f"the name of a column of the source is not UTF-8 ({shown(error.object)}): rename it, or read the source "
            "again in its own encoding, such as GB 18030"
        ) from error


def _table(source: Any) -> SourceTable:
    pandas, polars = loaded("pandas"), loaded("polars")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return _pandas(source)
    if polars is not None and isinstance(source, (polars.DataFrame, polars.LazyFrame)):
        return SourceTable(source.collect_schema().names(), lambda roles: _polars(polars, source, roles), "polars")
    return _arrow(source)


def give_back() -> None:
    """Give back what PyArrow keeps of the memory that it read files into."""
    arrow = loaded("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()


def named_roles(roles: Iterable[tuple[str, Any]]) -> Roles:
    """Return the roles that have a column."""
    return [(role, column(name, role)) for role, name in roles if name is not None]


def _pandas(source: Any) -> SourceTable:
    from footfall.io.pandas import to_table, with_index

    frame = with_index(source)
    return SourceTable(
        [name for name in frame.columns if isinstance(name, str)], lambda roles: to_table(frame, roles), "pandas"
    )


def _polars(polars: Any, source: Any, roles: Roles) -> Any:
    """Polars cannot hand over columns of nulls alone, which are made here, nor Python objects, which are refused."""
    columns = checked(roles, source.collect_schema().names())
    lazy = isinstance(source, polars.LazyFrame)
    frame = source.select(columns).collect() if lazy else source.select(columns)
    for role, name in roles:
        if frame.schema[name] == polars.Object:
            raise DataError(
                f"{role}={name!r} holds Python objects, which Polars cannot hand over: convert the column first, as in "
                f"frame.with_columns(pl.col({name!r}).map_elements(str, return_dtype=pl.String))"
            )
    if polars.Null not in frame.dtypes:
        return frame
    nothing = ("null", frame.height, None, None)
    made = {name: nothing if kind == polars.Null else frame[name] for name, kind in frame.schema.items()}
    return _native.Table.from_columns(made)


def _arrow(source: Any) -> SourceTable:
    """Leave the columns that no role names behind, where the source can do so itself."""
    arrow, duckdb = loaded("pyarrow"), loaded("duckdb")
    if arrow is not None and isinstance(source, (arrow.Table, arrow.RecordBatch)):
        names = source.schema.names
        # Two columns of one name cannot be told apart here; Rust says so.
        if len(set(names)) < len(names):
            return SourceTable(names, lambda _: source)
        return SourceTable(names, lambda roles: source.select(checked(roles, names)))
    if arrow is not None and isinstance(source, arrow.RecordBatchReader):
        return SourceTable(source.schema.names, lambda _: _alike(arrow, source))
    if arrow is not None and hasattr(source, "scanner"):
        names = source.schema.names
        return SourceTable(names, lambda roles: source.scanner(columns=checked(roles, names)).to_reader())
    if duckdb is not None and isinstance(source, duckdb.DuckDBPyRelation):

        def read(roles: Roles) -> Any:
            columns = checked(roles, source.columns)
            return source.select(*[duckdb.ColumnExpression(column) for column in columns])

        return SourceTable(list(source.columns), read)
    _refuse(source)
    return SourceTable(_columns(source), lambda _: source)


def _alike(arrow: Any, reader: Any) -> Any:
    """Return a reader that refuses a batch of another schema, whose columns would be taken for others."""
    schema = reader.schema

    def batches() -> Iterator[Any]:
        for number, batch in enumerate(reader):
            if not batch.schema.equals(schema):
                pairs = zip(batch.schema, schema, strict=False)
                differs = next((f"{a} in place of {b}" for a, b in pairs if a != b), "other columns")
                raise DataError(f"batch {number} of the stream is not of its schema: it has {differs}")
            yield batch

    return arrow.RecordBatchReader.from_batches(schema, batches())


def _columns(source: Any) -> list[str]:
    """Return the names of the columns, where a source tells them before it is read."""
    names = getattr(source, "column_names", None) or getattr(getattr(source, "schema", None), "names", None)
    return list(names) if isinstance(names, (list, tuple)) else []


def _refuse(source: Any) -> None:
    if isinstance(source, type):
        raise TypeError(f"the source is the class {source.__name__}; give a table of it")
    module = str(getattr(type(source), "__module__", ""))
    if module.startswith("pyspark"):
        raise TypeError(
            "a Spark DataFrame would be collected to this machine: use ff.spark for it, "
            "or .toArrow() if it is small enough"
        )
    if not hasattr(source, "__arrow_c_stream__") and not hasattr(source, "__arrow_c_array__"):
        raise TypeError(
            f"the source is a {_name(source)}; give a pandas or Polars DataFrame, anything that speaks Arrow "
            "(a PyArrow table, reader or dataset, a DuckDB relation), a file object, or a path to Parquet, CSV or "
            "Excel files"
        )
    if type(source).__name__ == "Series":
        raise TypeError(f"the source is a {_name(source)}, a single column; give the DataFrame that it comes from")


def _name(source: Any) -> str:
    module = getattr(type(source), "__module__", "builtins")
    return f"{module}.{type(source).__qualname__}".removeprefix("builtins.")
