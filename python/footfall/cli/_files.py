"""What the command line reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall.core.options import LANGUAGES
from footfall.core.text import text_table
from footfall.core.titles import title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.table import Table

#: The exit status where all went well, and there is nothing to show.
EMPTY = 3
_WRITERS = {".parquet": "write_parquet", ".pq": "write_parquet", ".csv": "write_csv"}


def add_reading(command: Any) -> None:
    """Add the options of how a file is read."""
    command.add_argument("file", help="Parquet, Feather, CSV, JSON lines or Excel; a glob is possible")
    command.add_argument(
        "--preset", metavar="NAME", help="the platform's export that it is, or the path of a .toml file"
    )
    command.add_argument("--timezone", metavar="ZONE", help="whose days count, as in Asia/Shanghai")
    command.add_argument("--time-format", metavar="FORMAT", help="how times are written, as in %%d/%%m/%%Y")
    command.add_argument("--time-unit", choices=("s", "ms", "us", "ns"), help="what numbers count since 1970")
    command.add_argument("--encoding", help="of a CSV file (default: found)")
    command.add_argument("--delimiter", metavar="CHAR", help="of a CSV file (default: found)")
    command.add_argument("--decimal", choices=(".", ","), help="the decimal mark of amounts (default: found)")
    command.add_argument("--null", action="append", default=[], metavar="WORD", help="a word for a missing value")
    command.add_argument("--sheet", metavar="NAME", help="of an Excel workbook")
    command.add_argument("--bad-lines", choices=("error", "count"), default="error")


def reading(given: Any, roles: Sequence[str]) -> dict[str, Any]:
    """Return the roles and options that were given."""
    options = ("preset", "timezone", "time_format", "time_unit", "encoding", "delimiter", "decimal", "sheet")
    named = {name: getattr(given, name) for name in (*roles, *options)}
    return {
        **{name: value for name, value in named.items() if value is not None},
        "null_values": given.null, "bad_lines": given.bad_lines,
    }  # fmt: skip


def add_language(command: Any) -> None:
    """Add the language of what is printed."""
    command.add_argument(
        "--language", choices=LANGUAGES, default="en", help="of what is printed; files keep the names of the columns"
    )


def print_table(names: Sequence[str], rows: Sequence[tuple[Any, ...]], language: str) -> None:
    """Print rows under what the reader calls the columns."""
    print(text_table(list(names) if language == "en" else [title_of(name, language) for name in names], list(rows)))


def check_output(path: str | None) -> None:
    """Refuse a file that could not be written, before any work is done."""
    if path is None:
        return
    if Path(path).suffix.lower() not in _WRITERS:
        raise ValueError(f"-o {path}: name a file that ends in .parquet or .csv")
    if not Path(path).absolute().parent.is_dir():
        raise FileNotFoundError(f"-o {path}: there is no such folder")


def write(table: Table, path: str) -> None:
    """Write a table by the ending of its name."""
    getattr(table, _WRITERS[Path(path).suffix.lower()])(path)
