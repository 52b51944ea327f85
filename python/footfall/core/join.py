"""A per-customer result beside a frame of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.imports import loaded
from footfall.io.source import open_source

if TYPE_CHECKING:
    from footfall.table import Table


def join(result: Table, frame: Any) -> Any:
    """Add the columns of ``result`` to the rows of ``frame`` that have their key; other rows get nulls.

    Keys are read as the log read them, so that 17850.0 finds 17850 and 536365 finds "536365".
    """
    key, *names = result.column_names
    pandas, polars, arrow = loaded("pandas"), loaded("polars"), loaded("pyarrow")
    if polars is not None and isinstance(frame, polars.DataFrame):
        places = _places(result, frame, frame.columns)
        wanted = polars.Series([None if place < 0 else place for place in places.tolist()], dtype=polars.UInt32)
        return frame.hstack(result.to_polars().select(polars.col(names).gather(wanted)))
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        places = _places(result, frame, [name for name in frame.columns if isinstance(name, str)])
        return _with_pandas(pandas, result.to_pandas().drop(columns=key), frame, places)
    if arrow is not None and isinstance(frame, arrow.Table):
        places = _places(result, frame, frame.column_names)
        found = result.to_arrow().select(names).take(arrow.array(places, mask=places < 0))
        for name in names:
            frame = frame.append_column(found.schema.field(name), found.column(name))
        return frame
    raise TypeError(f"join() takes a pandas or Polars DataFrame or a PyArrow table, not {type(frame).__name__}")


def _places(result: Table, frame: Any, found: list[str]) -> Any:
    """Return the row of the result that each row of the frame belongs to; -1 for none."""
    key, *names = result.column_names
    _native.check_column("join", key, found)
    both = [name for name in names if name in found]
    if both:
        raise ValueError(f"join(): the frame already has {', '.join(map(repr, both))}; rename or drop them first")
    keys = _native.CustomerTable(result, customer=key, attributes=[])
    return keys.places(open_source(frame).read([("join", key)]), key)


def _with_pandas(pandas: Any, mine: Any, frame: Any, places: Any) -> Any:
    """Beside the frame, under its index; columns of whole numbers stay so where every row is found."""
    found = places >= 0
    rest = mine.take(places) if found.all() else mine.reindex(pandas.Index(places).where(found, len(mine)))
    rest.index = frame.index
    return pandas.concat([frame, rest], axis=1)
