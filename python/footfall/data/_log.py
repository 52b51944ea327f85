"""What orders and events share: a log that is grouped once, and the views of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall.core.time_points import wall_clock
from footfall.result import Origin

if TYPE_CHECKING:
    import datetime as dt

    from footfall import _native


class GroupedLog:
    """A log in Rust, and the library that its results come in."""

    _log: _native.Log
    _library: str | None

    @cached_property
    def quality(self) -> Any:
        """Rows read, used and left out by reason."""
        raise NotImplementedError

    @cached_property
    def _origin(self) -> Origin:
        return Origin(self._library, lambda: self.quality)

    @property
    def end(self) -> dt.datetime | None:
        """The end of observation: the last row's time, or the end of the period; wall clock in the log's zone."""
        end = self._log.end
        return None if end is None else wall_clock(self._log.wall_clock(end))

    @property
    def timezone(self) -> str | None:
        """The zone whose days, weeks and months count; None for naive local time (no time zone)."""
        return self._log.zone

    def __reduce__(self) -> Any:
        name = type(self).__name__
        raise TypeError(
            f"ff.{name} cannot be pickled: it holds every row. Pickle a result (each keeps its tables), or write the "
            f"rows to a Parquet file and read them again with ff.{name}"
        )
