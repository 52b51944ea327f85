"""Optional libraries, imported where they are used."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from footfall._errors import MissingExtraError


def import_optional(module: str, extra: str, what: str) -> Any:
    """Import an optional library, or say which extra brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        text = f'{what} needs {library}, which is not installed: type  pip install "footfall[{extra}]"'
        raise MissingExtraError(text) from error


def loaded(module: str) -> Any | None:
    """Return a library if the caller has imported it: what it made cannot be here otherwise."""
    return sys.modules.get(module)
