"""A section of a shop: results by name, each computed when it is first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.progress import working

if TYPE_CHECKING:
    from collections.abc import Callable


class Section:
    """Results by name; ``missing`` says what cannot be told, and what it would need."""

    def __init__(self, title: str, parts: dict[str, Callable[[], Any]], missing: dict[str, str]) -> None:
        self._title, self._parts, self._made = title, parts, dict[str, Any]()
        #: What cannot be told of this shop, and what it would need.
        self.missing = missing

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.missing:
            raise DataError(f"{name} cannot be told: it needs {self.missing[name]}")
        if name not in self._parts:
            known = ", ".join([*self._parts, *self.missing])
            raise AttributeError(f"{self._title} has no {name!r}; it has {known}")
        if name not in self._made:
            with working(f"footfall: {name.replace('_', ' ')}"):
                self._made[name] = self._parts[name]()
        return self._made[name]

    def __dir__(self) -> list[str]:
        return [*self._parts, "missing"]

    def __iter__(self) -> Any:
        return iter(self._parts)

    def __repr__(self) -> str:
        lines = [self._title, "  " + ", ".join(self._parts)]
        return "\n".join([*lines, *(f"  cannot be told: {name}: needs {why}" for name, why in self.missing.items())])
