"""Settings of the package."""

from __future__ import annotations

import difflib
import os
import warnings
from pathlib import Path
from typing import Any

from footfall import _native
from footfall._errors import FootfallWarning
from footfall.core.checks import shown, whole, word
from footfall.core.imports import import_optional
from footfall.core.units import size_of

LANGUAGES = ("en", "zh")
_NAMES = ("threads", "memory_limit", "spill_folder", "progress", "language")
# More never help, and a machine may not be able to start them.
_MOST_THREADS = 1024


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
    footfall.options(threads=None, memory_limit=None, spill_folder=None, progress=None, language='en')
    """

    def __init__(self) -> None:
        self._memory_limit: str | int | None = None
        self._spill_folder: str | None = None
        self._progress: bool | None = None
        self._language = "en"

    @property
    def threads(self) -> int | None:
        """Threads to use; None is one per core. Results do not depend on it."""
        return _native.get_threads() or None

    @threads.setter
    def threads(self, threads: int | None) -> None:
        _native.set_threads(0 if threads is None else whole(threads, "options.threads", 1, _MOST_THREADS))

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
        if folder is not None and not isinstance(folder, (str, os.PathLike)):
            raise TypeError(f"options.spill_folder={shown(folder)}: give the path of a folder, or None")
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
        if not (progress is None or isinstance(progress, bool)):
            raise TypeError(
                f"options.progress={shown(progress)}: give True, False, or None for notebooks and terminals"
            )
        if progress:
            import_optional("tqdm", "progress", "a progress bar")
        self._progress = progress

    @property
    def language(self) -> str:
        """The language of segments, charts and reports where ``language=`` is not given: "en" or "zh"."""
        return self._language

    @language.setter
    def language(self, language: str) -> None:
        self._language = word(language, "options.language", LANGUAGES)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name not in _NAMES:
            near = difflib.get_close_matches(name, _NAMES, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise AttributeError(f"there is no option {name!r}{hint}; the options are {', '.join(_NAMES)}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"footfall.options({', '.join(f'{name}={getattr(self, name)!r}' for name in _NAMES)})"


def _of_environment() -> Options:
    made = Options()
    threads = os.environ.get("FOOTFALL_THREADS")
    if threads is None:
        return made
    if threads.isascii() and threads.isdigit() and 0 < int(threads) <= _MOST_THREADS:
        made.threads = int(threads)
    else:
        text = f"FOOTFALL_THREADS={threads!r} is left aside: give a whole number from 1 to {_MOST_THREADS}"
        warnings.warn(text, FootfallWarning, stacklevel=2)
    return made


options = _of_environment()


def memory(limit: Any) -> dict[str, Any]:
    """Return the arguments for the core: the limit in bytes, by default the package's, and where rows go beyond it."""
    own = limit if limit is not None else options.memory_limit
    return {"memory_limit": size_of(own, "memory_limit"), "spill_folder": options.spill_folder}
