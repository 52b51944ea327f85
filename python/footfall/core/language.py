"""The language that is spoken where none is given."""

from __future__ import annotations

from footfall.core.checks import word
from footfall.core.options import LANGUAGES, options


def spoken(language: str | None) -> str:
    """Return a language that was given, else the package's."""
    return options.language if language is None else word(language, "language", LANGUAGES)
