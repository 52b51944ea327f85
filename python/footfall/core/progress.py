"""Progress bar for long work: in notebooks and on terminals, after one second; nothing on a pipe."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from footfall.core import options as settings
from footfall.core.imports import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator


#: The name of the work that is done, as the bar shows it.
_work: ContextVar[str] = ContextVar("work", default="footfall")


@contextmanager
def working(name: str) -> Iterator[None]:
    """Name the work for as long as it takes."""
    token = _work.set(name)
    try:
        yield
    finally:
        _work.reset(token)


class ProgressListener(Protocol):
    """What the core tells of its work."""

    def update(self, task: int, rows: int, done: int, total: int) -> object:
        """Rows read so far; units done, and units known, which are none while a source is read."""

    def close(self, task: int) -> object:
        """Hear that the work is over."""


class Bars:
    """One bar for each piece of work; several Python threads may work at once."""

    def __init__(self) -> None:
        self._bars: dict[int, Any] = {}

    def update(self, task: int, rows: int, done: int, total: int) -> None:
        """Draw the bar anew."""
        bar = self._bars[task] if task in self._bars else self._new(task)
        if bar is None:
            return
        bar.total, bar.n = total or None, done
        bar.set_postfix_str(f"{rows:,} rows read" if rows else "", refresh=False)
        bar.bar_format = None if total else "{desc}: {postfix} [{elapsed}]"
        bar.refresh()

    def close(self, task: int) -> None:
        """Take the bar away."""
        bar = self._bars.pop(task, None)
        if bar is not None:
            bar.close()

    def _new(self, task: int) -> Any:
        if not _wanted():
            return None
        try:
            with warnings.catch_warnings():
                # Without ipywidgets a notebook gets the bar of a terminal, which needs no word.
                warnings.simplefilter("ignore")
                from tqdm.auto import tqdm

                bar = tqdm(desc=_work.get(), unit=" parts", leave=False)
        except ImportError:
            return None
        self._bars[task] = bar
        return bar


def _wanted() -> bool:
    asked = settings.options.progress
    if asked is not None:
        return asked
    ipython = loaded("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel") or sys.stderr.isatty()
