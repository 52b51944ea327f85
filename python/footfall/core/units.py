"""Sizes in bytes, as people write them."""

from __future__ import annotations

import re
from typing import Any

from footfall.core.checks import shown

_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
          "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}  # fmt: skip


_LARGEST = 2**63


def size_of(value: Any, name: str) -> int | None:
    """Return bytes: a whole number of them, or a number and a unit."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        size: float = value
    else:
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", value.lower()) if isinstance(value, str) else None
        if not found or found[2] not in _UNITS:
            raise ValueError(
                f'{name}={shown(value)} is no size: write a number and a unit, as in "512MB" or "1GiB", or give bytes'
            )
        size = float(found[1]) * _UNITS[found[2]]
    if not 1 <= size < _LARGEST:
        raise ValueError(f"{name}={shown(value)}: give a size of at least a byte and of at most 8 EiB")
    return int(size)
