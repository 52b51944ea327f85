"""The errors that footfall raises, beside Python's own."""

from __future__ import annotations


class FootfallError(Exception):
    """The base of every error of footfall's own."""


class ColumnError(FootfallError, KeyError):
    """A column that was named is not in the table; the message names the nearest."""

    def __str__(self) -> str:
        # KeyError would print the message in quotes.
        return str(self.args[0]) if self.args else ""


class DataError(FootfallError, ValueError):
    """Data that cannot be used; the message tells the first bad row and how many there are."""


class SpillError(FootfallError, OSError):
    """Rows beyond ``memory_limit`` could not be written to disk or read again; nothing is left behind."""


class MissingExtraError(FootfallError, ImportError):
    """An optional library is needed; the message says which extra brings it."""


class FootfallWarning(UserWarning):
    """A result that holds, but not what its reader may think."""
