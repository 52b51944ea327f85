"""Attributes of customers, as a log takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footfall import _native


class CustomerAttributes:
    """A dimension table in Rust, joined to a log by key."""

    _table: _native.CustomerTable

    def attach(self, log: _native.Log) -> _native.Log:
        """Return the core's log with what is known of its customers."""
        return log.attach(self._table)
