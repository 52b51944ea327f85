"""Presets: descriptions of platforms' exports, one TOML file each, by which their columns are recognised."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "formats"
_PARTS = {"title", "kind", "fingerprint", "cannot_tell", "roles", "options", "layout"}
_KINDS = ("orders", "events")


@dataclass(frozen=True)
class Preset:
    """What the columns of a platform's export mean.

    Attributes
    ----------
    name, title : str
        Its name here, and the platform and export that it describes.
    kind : {"orders", "events"}
        What the export holds.
    fingerprint : list of str
        Columns that all of its files have; ``"A|B"`` is either of two names.
    roles : dict of str to str or list of str
        Which column plays which role; of a list the first that is not null counts.
    options : dict
        Options of :class:`footfall.Orders` or :class:`footfall.Events`.
    layout : dict
        ``spreadsheet`` (values are written as ``="…"``, with a tab or an apostrophe before them), ``fill_down``
        (columns that stand on the first line of an order only), ``add_to_amount`` (columns to add to the amount),
        ``no_buyer``.
    cannot_tell : str
        What the export does not say.
    """

    name: str
    title: str
    kind: str
    fingerprint: list[str]
    roles: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    layout: dict[str, Any] = field(default_factory=dict)
    cannot_tell: str = ""

    def fits(self, columns: list[str]) -> bool:
        """Whether a table has all columns of the fingerprint."""
        return all(_find(name, columns) is not None for name in self.fingerprint)

    def mapping(self, columns: list[str]) -> dict[str, Any]:
        """Return which of some columns play which role; roles without a column are left out."""
        found: dict[str, Any] = {}
        for role, given in self.roles.items():
            names = [_find(name, columns) for name in ([given] if isinstance(given, str) else given)]
            there = [name for name in names if name is not None]
            if there:
                found[role] = there[0] if len(there) == 1 else there
        return found

    def __repr__(self) -> str:
        lines = [f"{self.name}: {self.title}"]
        lines += [f"  {role:<12} {_shown(column)}" for role, column in self.roles.items()]
        lines += [f"  {name} = {value!r}" for name, value in self.options.items()]
        if self.cannot_tell:
            lines.append(f"  It does not tell {self.cannot_tell}.")
        return "\n".join(lines)


class Presets(Mapping[str, Preset]):
    """The presets of the package, by name.

    Examples
    --------
    >>> import footfall as ff
    >>> "shopify" in ff.presets
    True
    >>> ff.presets["magento"].roles["customer"]
    'Customer Email'
    """

    def __getitem__(self, name: str) -> Preset:
        path = _FOLDER / f"{name}.toml"
        if name not in self._names():
            raise KeyError(name)
        return _read(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def find(self, preset: Any) -> Preset:
        """Return a preset by its name, or that of a user's own file by its path."""
        if isinstance(preset, Preset):
            return preset
        if isinstance(preset, str) and preset in self:
            return self[preset]
        if isinstance(preset, (str, os.PathLike)) and Path(preset).suffix == ".toml":
            return _read(Path(preset))
        near = difflib.get_close_matches(str(preset), self._names(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        names = ", ".join(map(repr, self._names()))
        raise ValueError(
            f'preset={preset!r}: give one of {names}, "auto", or the path of a .toml file of your own{hint}'
        )

    def recognise(self, columns: list[str], kind: str) -> list[Preset]:
        """Return the presets whose fingerprint a header has; of two of which one asks for more, that one."""
        fitting = [preset for preset in self.values() if preset.kind == kind and preset.fits(columns)]
        most = max((len(preset.fingerprint) for preset in fitting), default=0)
        return [preset for preset in fitting if len(preset.fingerprint) == most]

    @staticmethod
    def _names() -> list[str]:
        return sorted(path.stem for path in _FOLDER.glob("*.toml"))

    def __repr__(self) -> str:
        width = max(map(len, self))
        return "\n".join(f"{name:<{width}}  {preset.title}" for name, preset in self.items())


presets = Presets()


def _read(path: Path) -> Preset:
    # Most jobs read no preset.
    import tomllib

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"preset={os.fspath(path)!r} is not TOML: {error}") from None
    unknown = set(given) - _PARTS
    if unknown or not {"title", "roles"} <= set(given):
        text = f"it has {', '.join(sorted(unknown))}" if unknown else "title or [roles] is missing"
        raise ValueError(f"preset={os.fspath(path)!r}: {text}; a preset has {', '.join(sorted(_PARTS))}")
    kind = given.get("kind", "orders")
    if kind not in _KINDS:
        raise ValueError(f'preset={os.fspath(path)!r}: kind={kind!r}; give "orders" or "events"')
    return Preset(
        name=path.stem, title=given["title"], kind=kind, fingerprint=given.get("fingerprint", []),
        roles=given["roles"], options=given.get("options", {}), layout=given.get("layout", {}),
        cannot_tell=given.get("cannot_tell", ""),
    )  # fmt: skip


def _find(name: str, columns: list[str]) -> str | None:
    """Return the column of a name, or of one of several joined by ``|``; blanks around it do not matter."""
    stripped = {column.strip(): column for column in reversed(columns)}
    return next((stripped[one] for one in name.split("|") if one in stripped), None)


def _shown(column: Any) -> str:
    return repr(column) if isinstance(column, str) else ", else ".join(map(repr, column))
