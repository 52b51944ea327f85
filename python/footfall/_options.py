"""Settings of the package."""

from __future__ import annotations

import os
import warnings

from footfall import _native
from footfall._errors import FootfallWarning


class Options:
    """Settings that hold for every call. ``FOOTFALL_THREADS`` in the environment sets ``threads`` at the start.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.options.threads = 2
    >>> ff.options.threads
    2
    >>> ff.options.threads = None
    """

    @property
    def threads(self) -> int | None:
        """Threads to use; None is one per core. Results do not depend on it."""
        return _native.get_threads() or None

    @threads.setter
    def threads(self, threads: int | None) -> None:
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(
                f"options.threads={threads!r}: give a whole number of at least 1, or None for one per core"
            )
        _native.set_threads(threads or 0)

    def __repr__(self) -> str:
        return f"footfall.options(threads={self.threads})"


def _of_environment() -> Options:
    made = Options()
    threads = os.environ.get("FOOTFALL_THREADS")
    if threads is None:
        return made
    if threads.isascii() and threads.isdigit() and int(threads) > 0:
        made.threads = int(threads)
    else:
        text = f"FOOTFALL_THREADS={threads!r} is left aside: give a whole number of at least 1"
        warnings.warn(text, FootfallWarning, stacklevel=2)
    return made


options = _of_environment()
