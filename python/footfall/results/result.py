"""What every analysis gives: a table, its picture, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.results._join import join
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall import _native


class Result(Table):
    """A table that knows what it was made from."""

    def __init__(self, native: _native.Table, library: str | None, quality: Any, title: list[str]) -> None:
        super().__init__(native, library)
        self._quality = quality
        self._lines = title

    @property
    def quality(self) -> Any:
        """Rows read, used and left out by reason."""
        return self._quality

    def _title(self) -> list[str]:
        return self._lines


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

    def __getitem__(self, name: str) -> Table:
        """Return one column with its key, to stand in ``by=``."""
        from footfall import _native

        _native.check_column("result", name, self.column_names)
        if name == self.column_names[0]:
            raise ValueError(f"{name!r} is the key itself; name another column")
        return Table(self._native.select([0, self.column_names.index(name)]), self._library)
