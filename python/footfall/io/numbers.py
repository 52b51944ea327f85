"""Columns of numbers in files whose columns are all text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.checks import shown
from footfall.core.imports import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator


def with_numbers(stream: Any, columns: dict[str, str]) -> Any:
    """Read some text columns of a stream as numbers; an empty text is null.

    Parameters
    ----------
    stream
        As a file's table gives it; one that is no reader of PyArrow, or has no text there, stays as it is.
    columns : dict of str to str
        Columns, and the role of each.
    """
    arrow = loaded("pyarrow")
    if arrow is None or not isinstance(stream, arrow.RecordBatchReader):
        return stream
    texts = (arrow.string(), arrow.large_string())
    wanted = [name for name in columns if stream.schema.field(name).type in texts]
    if not wanted:
        return stream
    schema = stream.schema
    for name in wanted:
        schema = schema.set(schema.get_field_index(name), arrow.field(name, arrow.float64()))

    def batches() -> Iterator[Any]:
        for batch in stream:
            for name in wanted:
                numbers = _numbers(batch.column(name), name, columns[name])
                batch = batch.set_column(batch.schema.get_field_index(name), name, numbers)  # noqa: PLW2901 - column by column
            yield batch

    return arrow.RecordBatchReader.from_batches(schema, batches())


def _numbers(texts: Any, name: str, role: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
    known = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    try:
        return known.cast(pa.float64())
    except pa.ArrowInvalid as error:
        first = next(text for text in known.to_pylist() if text is not None and not _is_number(text))
        raise DataError(f"{role}={name!r}: {shown(first)} is no number") from error


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
