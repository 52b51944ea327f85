"""A table that every library can take."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from footfall import _native
from footfall.core.checks import shown, word
from footfall.core.frames import to_pandas, to_rows
from footfall.core.imports import import_optional
from footfall.core.language import spoken
from footfall.core.text import html_table, text_table
from footfall.core.titles import title_of
from footfall.io.write import escaped, replacing, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from footfall._native import Table as NativeTable

_SHOWN = 10


class Table:
    """An Arrow table of our own, immutable.

    It is an Arrow stream: ``pl.DataFrame(table)``, ``pa.table(table)`` and ``duckdb.sql("from table")`` take it.

    Examples
    --------
    >>> table = ff.datasets.load_cdnow().rfm().segments
    >>> table.num_rows, table.column_names[:3]
    (10, ['segment', 'segment_name', 'customers'])
    """

    #: Titles of columns that mean here what they do nowhere else.
    _titles: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, native: NativeTable | Callable[[], NativeTable], library: str | None = None) -> None:
        self._made = native
        self._library = library

    @property
    def _native(self) -> NativeTable:
        """The core's own table; one that is large is made when it is first asked for."""
        if callable(self._made):
            self._made = self._made()
        return self._made

    @property
    def native(self) -> NativeTable:
        """The core's own table."""
        return self._native

    @property
    def num_rows(self) -> int:
        """The number of rows."""
        return self._native.num_rows

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return self._native.column_names

    @property
    def table(self) -> Any:
        """The table in the library that the input came in: pandas, Polars, else :class:`footfall.Table`.

        Each time a new one, so that a change of it is not a change of the result.
        """
        if self._library == "pandas":
            return self.to_pandas()
        if self._library == "polars":
            return self.to_polars()
        return Table(self._native)

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame with a plain RangeIndex; PyArrow is not needed."""
        return to_pandas(self._native)

    def to_polars(self) -> pl.DataFrame:
        """Return a Polars DataFrame."""
        return import_optional("polars", "all", "to_polars()").DataFrame(self._native)

    def to_arrow(self) -> pa.Table:
        """Return a PyArrow table."""
        return import_optional("pyarrow", "files", "to_arrow()").table(self._native)

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write a Parquet file, compressed by Snappy. A file of that name is replaced when the new one is complete."""
        with replacing(path) as part:
            self._native.write_parquet(os.fspath(part))

    def write_csv(
        self,
        path: str | os.PathLike[str],
        *,
        encoding: str = "utf-8-sig",
        formulas: Literal["keep", "escape"] = "keep",
        language: Literal["en", "zh"] | None = None,
    ) -> None:
        """Write a CSV file, compressed by gzip where its name ends in ``.gz``.

        By default it has the mark by which Excel knows UTF-8. A file of that name is replaced when the new one is
        complete.

        Parameters
        ----------
        path : str or path
        encoding : str
            Characters that it lacks are an error.
        formulas : {"keep", "escape"}
            A spreadsheet runs text that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, and names of products
            and customers can be anyone's. ``"escape"`` puts an apostrophe before such text; numbers stay as they are.
        language : {"en", "zh"}, optional
            Write :meth:`titles` of the columns in place of their names.
        """
        word(formulas, "formulas", ("keep", "escape"))
        rows = to_rows(self._native)
        write_rows(path, self._header(language), escaped(rows) if formulas == "escape" else rows, encoding)

    to_csv = write_csv

    def write_excel(self, path: str | os.PathLike[str], *, language: Literal["en", "zh"] | None = None) -> None:
        """Write an Excel workbook of one sheet.

        Texts stay texts, also those that look like formulas; whole numbers that Excel would round are texts. A file of
        that name is replaced when the new one is complete.

        Parameters
        ----------
        path : str or path
            A file that ends in .xlsx.
        language : {"en", "zh"}, optional
            Write :meth:`titles` of the columns in place of their names.
        """
        from footfall.io.write_excel import write_excel

        if not str(path).lower().endswith(".xlsx"):
            raise ValueError(f"write_excel({str(path)!r}): name a file that ends in .xlsx")
        write_excel(path, self._header(language), to_rows(self._native), self.num_rows)

    to_excel = write_excel

    def titles(self, language: Literal["en", "zh"] | None = None) -> list[str]:
        """Return what readers who do not write code call the columns; names of your own stay as they are.

        Parameters
        ----------
        language : {"en", "zh"}, optional
            Default: ``ff.options.language``.

        Examples
        --------
        >>> ff.datasets.load_cdnow().sales().head(1)["sales_per_buyer"].titles("zh")
        ['客单价']
        """
        of, own = spoken(language), self._titles
        return [own[name][of] if name in own else title_of(name, of) for name in self.column_names]

    def _header(self, language: Literal["en", "zh"] | None) -> list[str]:
        """Return the first row of a file."""
        return self.column_names if language is None else self.titles(language)

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows as Python objects."""
        return to_rows(self._native)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.column_names

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return self.num_rows, len(self.column_names)

    def head(self, n: int = _SHOWN) -> Table:
        """Return the first rows."""
        return Table(self._native.slice(0, max(n, 0)), self._library)

    def __getitem__(self, name: str | list[str]) -> Table:
        """Return one column, or those of a list in its order.

        Examples
        --------
        >>> segments = ff.datasets.load_cdnow().rfm().segments
        >>> segments[["segment", "customers"]].head(2).rows()
        [('champions', 414), ('loyal', 315)]
        """
        return self._columns(name if isinstance(name, list) else [name])

    def _columns(self, names: list[str]) -> Table:
        """Return some columns."""
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"[{shown(name)}]: give the name of a column, or a list of names")
            _native.check_column("column", name, self.column_names)
        if not names or len(set(names)) < len(names):
            raise ValueError(f"[{shown(names)}]: name at least one column, and each of them once")
        return Table(self._chosen([self.column_names.index(name) for name in names]), self._library)

    def _chosen(self, indices: list[int]) -> NativeTable:
        """Return some columns by their numbers."""
        return self._native.select(indices)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Iterate over the rows."""
        return iter(self.rows())

    def __len__(self) -> int:
        return self.num_rows

    def __arrow_c_schema__(self) -> object:
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def _title(self) -> list[str]:
        return [f"{type(self).__name__} of {self.num_rows:,} rows"]

    def __repr__(self) -> str:
        rows = to_rows(self._native.slice(0, _SHOWN))
        more = self.num_rows - len(rows)
        lines = [*self._title(), text_table(self.column_names, rows)]
        return "\n".join([*lines, f"… {more:,} more rows"] if more else lines)

    def _repr_html_(self) -> str:
        return self._html("; ".join(self._title()), self._more())

    def _html(self, caption: str, note: str) -> str:
        """Return the first rows as HTML; to those who read English the names of the columns are their titles."""
        names = self.column_names
        titles = names if spoken(None) == "en" else self.titles()
        return html_table(names, titles, self.head().rows(), caption, note)

    def _more(self) -> str:
        """Say how many rows are not shown."""
        more = self.num_rows - _SHOWN
        return f"… {more:,} more rows" if more > 0 else ""
