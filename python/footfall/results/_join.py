"""A per-customer result beside a frame of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._extras import loaded

if TYPE_CHECKING:
    from footfall.results.table import Table


def join(result: Table, frame: Any) -> Any:
    """Add the columns of ``result`` to the rows of ``frame`` that have their key; other rows get nulls."""
    key, *names = result.column_names
    pandas, polars, arrow = loaded("pandas"), loaded("polars"), loaded("pyarrow")
    if polars is not None and isinstance(frame, polars.DataFrame):
        _check(frame.columns, key, names)
        mine = result.to_polars().with_columns(polars.col(key).cast(frame.schema[key]))
        return frame.join(mine, on=key, how="left", maintain_order="left")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        _check(map(str, frame.columns), key, names)
        return _join_pandas(pandas, result, frame, key)
    if arrow is not None and isinstance(frame, arrow.Table):
        _check(frame.column_names, key, names)
        order = "__footfall_order"
        numbered = frame.append_column(order, arrow.array(range(frame.num_rows), arrow.int64()))
        mine = result.to_arrow()
        mine = mine.set_column(0, key, mine.column(0).cast(frame.schema.field(key).type))
        return numbered.join(mine, key, join_type="left outer").sort_by(order).drop_columns([order])
    raise TypeError(f"join() takes a pandas or Polars DataFrame or a PyArrow table, not {type(frame).__name__}")


def _join_pandas(pandas: Any, result: Table, frame: Any, key: str) -> Any:
    """Keys are read as the log read them, so that 17850.0 finds 17850 and 536365 finds "536365"."""
    from footfall.data._pandas import to_column

    read = _native.Table.from_columns({key: to_column(frame[key])})
    kind, values, missing, extra = read.column(0)
    if kind == "dictionary":
        values = [None if code >= len(extra[1]) else extra[1][code] for code in values.tolist()]
    mine = result.to_pandas()
    wanted = mine[key]
    theirs = pandas.Series(values, index=frame.index)
    if wanted.dtype.kind in "iu":
        theirs = pandas.to_numeric(theirs)
    index = pandas.Index(wanted.astype(object) if wanted.dtype.kind not in "iu" else wanted)
    places = index.get_indexer(pandas.Index(theirs if wanted.dtype.kind in "iu" else theirs.astype(object)))
    if missing is not None:
        places[missing] = -1
    rest = mine.drop(columns=key).take(places.clip(min=0)) if len(mine) else mine.drop(columns=key).reindex(range(0))
    found = pandas.Series(places >= 0)
    rest = rest.reset_index(drop=True).reindex(range(len(frame))).where(found) if not found.all() else rest
    rest.index = frame.index
    return pandas.concat([frame, rest], axis=1)


def _check(found: Any, key: str, names: list[str]) -> None:
    found = list(found)
    _native.check_column("join", key, found)
    both = [name for name in names if name in found]
    if both:
        raise ValueError(f"join(): the frame already has {', '.join(map(repr, both))}; rename or drop them first")
