"""A progress bar on a terminal; nothing on a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from footfall import _native

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 30


@contextmanager
def progress() -> Iterator[None]:
    """Show how far the core is while it works longer than a tenth of a second."""
    if not sys.stderr.isatty():
        yield
        return
    _native.on_progress(_show)
    try:
        yield
    finally:
        _native.on_progress(None)
        _clear()


def _show(done: int, total: int) -> None:
    if total:
        full = _WIDTH * done // total
        sys.stderr.write(f"\r{'█' * full}{'░' * (_WIDTH - full)} {done / total:4.0%}")
        sys.stderr.flush()


def _clear() -> None:
    sys.stderr.write("\r" + " " * (_WIDTH + 6) + "\r")
    sys.stderr.flush()
