"""What a report calls columns whose meaning it knows better than their table."""

from __future__ import annotations

from footfall.core import titles

_OWN: dict[str, tuple[str, str, str]] = {
    "reached": ("count", "customers", "客户数"),
    "segment_name": ("text", "tier", "层级"),
    "segment": ("text", "tier", "层级"),
    "value": ("money", "value of the next year", "未来一年价值"),
    "view": ("count", "view", "view"),
    "cart": ("count", "cart", "cart"),
    "order": ("count", "order", "order"),
    "pay": ("count", "pay", "pay"),
}  # fmt: skip


def kind_of(column: str, value: object = None) -> str:
    """Return what a column holds; in columns of other names numbers are numbers, and all else is text."""
    return _OWN[column][0] if column in _OWN else titles.kind_of(column, value)


def title_of(column: str, language: str) -> str:
    """Return the title of a column; names of the user's own stay as they are."""
    return _OWN[column][2 if language == "zh" else 1] if column in _OWN else titles.title_of(column, language)
