"""The words of all charts in English and Chinese: the one place to add a language or mend a term."""

from __future__ import annotations

from typing import Any

from footfall.charts import _words_events, _words_orders, _words_value
from footfall.core.checks import word

WORDS: dict[str, dict[str, Any]] = {**_words_events.WORDS, **_words_orders.WORDS, **_words_value.WORDS}


def words(chart: str, language: str) -> Any:
    """Return the words of a chart in a language."""
    known = WORDS[chart]
    return known[word(language, "language", known)]
