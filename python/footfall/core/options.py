"""Settings of the package."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.core.imports import import_optional
from footfall.core.units import size_of


class Options:
    """Settings that hold for every call. ``FOOTFALL_THREADS`` in the environment sets ``threads`` at the start.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.options.threads = 2
    >>> ff.options.threads
    2
    >>> ff.options.threads = None
    >>> ff.options
    footfall.options(threads=None, memory_limit=None, spill_folder=None, progress=None)
    """

    def __init__(self) -> None:
        self._memory_limit: str | int | None = None
        self._spill_folder: str | None = None
        self._progress: bool | None = None

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

    @property
    def memory_limit(self) -> str | int | None:
        """What the rows of a log may take in memory, where ``memory_limit=`` is not given; None is no limit."""
        return self._memory_limit

    @memory_limit.setter
    def memory_limit(self, limit: str | int | None) -> None:
        size_of(limit, "options.memory_limit")
        self._memory_limit = limit

    @property
    def spill_folder(self) -> str | None:
        """The folder for rows beyond the limit; None is that of the system, which ``TMPDIR`` sets."""
        return self._spill_folder

    @spill_folder.setter
    def spill_folder(self, folder: str | os.PathLike[str] | None) -> None:
        path = None if folder is None else os.fspath(folder)
        if path is not None and not Path(path).is_dir():
            raise ValueError(f"options.spill_folder={path!r}: there is no such folder; make it first")
        self._spill_folder = path

    @property
    def progress(self) -> bool | None:
        """Whether long work shows a bar; None shows it in notebooks and on terminals (``tqdm`` draws it)."""
        return self._progress

    @progress.setter
    def progress(self, progress: bool | None) -> None:
        if progress not in {True, False, None}:
            raise ValueError(f"options.progress={progress!r}: give True, False, or None for notebooks and terminals")
        if progress:
            import_optional("tqdm", "progress", "a progress bar")
        self._progress = progress

    def __repr__(self) -> str:
        names = ("threads", "memory_limit", "spill_folder", "progress")
        return f"footfall.options({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


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


def memory(limit: Any) -> dict[str, Any]:
    """Return the arguments for the core: the limit in bytes, by default the package's, and where rows go beyond it."""
    own = limit if limit is not None else options.memory_limit
    return {"memory_limit": size_of(own, "memory_limit"), "spill_folder": options.spill_folder}
