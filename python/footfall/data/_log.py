"""What orders and events share: a log that is grouped once, and the views of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall._moments import wall_clock

if TYPE_CHECKING:
    import datetime as dt

    from footfall import _native


class GroupedLog:
    """A log in Rust, and the library that its results come in."""

    _log: _native.Log
    _library: str | None

    @property
    def end(self) -> dt.datetime | None:
        """The end of observation: the last row's time, or the end of the period; wall clock in the log's zone."""
        end = self._log.end
        return None if end is None else wall_clock(self._log.wall_clock(end))

    @property
    def timezone(self) -> str | None:
        """The zone whose days, weeks and months count; None for wall clock of no stated zone."""
        return self._log.zone
