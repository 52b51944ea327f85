"""Titles of columns in English and Chinese, for readers who do not write code."""

from __future__ import annotations

import re

from footfall.core._titles_figures import FIGURES
from footfall.core._titles_more import MORE

_TITLES = FIGURES | MORE
# When a step was done: as many columns as a funnel has steps.
_STEP_TIME = re.compile(r"t(\d+)")


def kind_of(column: str, value: object = None) -> str:
    """Return what a column holds; in columns of other names numbers are numbers, and all else is text."""
    if column in _TITLES:
        return _TITLES[column][0]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else "text"


def titles_of(columns: list[str], language: str, between: str = " / ") -> str:
    """Return the titles of several columns as one text."""
    return between.join(title_of(column, language) for column in columns)


def title_of(column: str, language: str) -> str:
    """Return the title of a column; names of the user's own stay as they are.

    Examples
    --------
    >>> from footfall.core.titles import title_of
    >>> title_of("step_rate", "en"), title_of("step_rate", "zh"), title_of("shoe_size", "zh")
    ('of the step before', '上一步转化率', 'shoe_size')
    """
    if column in _TITLES:
        return _TITLES[column][2 if language == "zh" else 1]
    if found := _STEP_TIME.fullmatch(column):
        return f"第{found[1]}步时间" if language == "zh" else f"time of step {found[1]}"
    return column
