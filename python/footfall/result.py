"""What every analysis gives: a table, its picture, and what was left out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import FootfallError
from footfall.core.join import join
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable


class Origin:
    """Where a result comes from: the library of its input, and what became of every row, which is asked for once."""

    def __init__(self, library: str | None, quality: Callable[[], Any]) -> None:
        self.library = library
        self._ask: Callable[[], Any] | None = quality

    @cached_property
    def quality(self) -> Any:
        """Rows read, used and left out by reason."""
        return None if self._ask is None else self._ask()

    def __getstate__(self) -> dict[str, Any]:
        return {"library": self.library, "quality": self.quality, "_ask": None}


class Gone:
    """What a result loses on the way through a pickle: the log behind it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise FootfallError(
            "this result came out of a pickle, which keeps its tables and not the log behind them: run the analysis "
            "again for what needs the log"
        )


class Result(Table):
    """A table that knows what it was made from. It cannot be changed, so that a copy of it is itself."""

    def __init__(self, native: _native.Table | Callable[[], _native.Table], origin: Origin, title: list[str]) -> None:
        super().__init__(native, origin.library)
        self._origin = origin
        self._lines = title

    @property
    def quality(self) -> Any:
        """Rows read, used and left out by reason."""
        return self._origin.quality

    def _title(self) -> list[str]:
        return self._lines

    def _repr_html_(self) -> str:
        quality = "; ".join(line.strip() for line in self.quality.lines()[:2]) if self.quality is not None else ""
        note = "; ".join(text for text in (self._more(), quality) if text)
        return self._html("; ".join(self._title()[:1]), note)

    def __getstate__(self) -> dict[str, Any]:
        # What would make the table needs the log.
        _ = self._native
        handles = (_native.Funnel, _native.Lifetime, _native.Rfm)
        return {name: Gone() if isinstance(value, handles) else value for name, value in vars(self).items()}

    def __copy__(self) -> Result:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Result:
        return self


class PerCustomer(Result):
    """A result with one row per customer; the key stands first, under its own name."""

    def join(self, frame: Any) -> Any:
        """Add these columns to a frame of yours.

        Parameters
        ----------
        frame
            A pandas or Polars DataFrame or a PyArrow table that has the key under its own name.

        Returns
        -------
        The same kind of frame with its rows in their order; customers that are not in the result get nulls.

        Examples
        --------
        >>> import polars as pl
        >>> frame = pl.DataFrame({"customer_id": [4, 0], "vip": [True, False]})
        >>> ff.datasets.load_cdnow().rfm().join(frame).select("customer_id", "vip", "frequency").rows()
        [(4, True, 4), (0, False, None)]
        """
        return join(self, frame)

    def __getitem__(self, name: str | list[str]) -> Table:
        """Return one column with its key, to stand in ``by=``, or the columns of a list as they are.

        Examples
        --------
        >>> rfm = ff.datasets.load_cdnow().rfm()
        >>> rfm[["customer_id", "r", "f", "m", "segment"]].shape
        (2357, 5)
        """
        if isinstance(name, list):
            return self._columns(name)
        if name == self.column_names[0]:
            raise ValueError(f"{name!r} is the key itself; name another column")
        return self._columns([self.column_names[0], name])
