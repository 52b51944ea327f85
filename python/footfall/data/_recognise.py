"""What a source is: the preset that describes it, or columns with usual names, and what of it a caller overrides."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

from footfall._errors import DataError
from footfall.io.header import usual_names
from footfall.io.presets import Preset, presets
from footfall.io.source import open_source

if TYPE_CHECKING:
    from footfall.io.table import FileOptions, SourceTable

AUTO = "auto"
_PRICED = ("amount", "price")


class Recognised(NamedTuple):
    """A source that has been opened, and what its columns mean.

    Attributes
    ----------
    table : SourceTable
        The source.
    given : dict
        Roles and options: those of the preset, and over them the caller's own.
    layout : dict
        What the preset says beside the options.
    """

    table: SourceTable
    given: dict[str, Any]
    layout: dict[str, Any]


def recognise(source: Any, kind: str, preset: Any, files: FileOptions, given: dict[str, Any]) -> Recognised:
    """Open a source and tell what its columns mean; ``given`` are the roles and options that the caller typed."""
    if preset is None:
        if {"customer", "time"} & given.keys():
            return Recognised(open_source(source, files), given, {})
        preset = AUTO
    if preset != AUTO:
        found = presets.find(preset)
        if found.kind != kind:
            raise ValueError(f"preset={found.name!r} is of {found.kind}: give it to ff.{found.kind.title()}")
        return _applied(open_source(source, _with(files, found)), found, given)
    table, found_auto = _opened(source, kind, files)
    if found_auto is not None:
        return _applied(table, found_auto, given)
    usual = usual_names(table.columns, kind, set(given))
    _tell("columns with usual names", usual | {role: given[role] for role in usual if role in given}, "")
    return Recognised(table, usual | given, {})


def _opened(source: Any, kind: str, files: FileOptions) -> tuple[SourceTable, Preset | None]:
    """Open a source, and find the one preset that its columns have."""
    try:
        table = open_source(source, files)
    except DataError:
        # The names of the columns may be plain where the rows are not; a preset then knows the encoding.
        if files.encoding is not None:
            raise
        table = open_source(source, dataclasses.replace(files, encoding="latin-1"))
        fitting = presets.recognise(table.columns, kind)
        if len(fitting) != 1 or "encoding" not in fitting[0].options:
            raise
        return open_source(source, _with(files, fitting[0])), fitting[0]
    fitting = presets.recognise(table.columns, kind)
    if len(fitting) > 1:
        names = " and ".join(repr(one.name) for one in fitting)
        raise ValueError(f"the columns fit the presets {names}: name one, as in preset={fitting[0].name!r}")
    return table, fitting[0] if fitting else None


def _with(files: FileOptions, preset: Preset) -> FileOptions:
    options = preset.options
    return dataclasses.replace(
        files, fallback=files.fallback or options.get("encoding"), delimiter=files.delimiter or options.get("delimiter")
    )


def _applied(table: SourceTable, preset: Preset, given: dict[str, Any]) -> Recognised:
    roles = preset.mapping(table.columns)
    if "amount" in roles and preset.options.get("amount_per", "line") == "line":
        roles.pop("price", None)
    for one, other in (_PRICED, _PRICED[::-1]):
        if one in given and other not in given:
            roles.pop(other, None)
    options = {name: value for name, value in preset.options.items() if name not in {"encoding", "delimiter"}}
    refunded = options.pop("refunded", None)
    if refunded is not None and "refunded" not in given:
        options["refunded_if"] = refunded
    if not preset.layout.get("no_buyer") and not {"customer", "time"} <= (roles | given).keys():
        missing = [role for role in ("customer", "time") if role not in roles | given]
        wanted = ", ".join(repr(preset.roles[role]) for role in missing)
        raise ValueError(
            f"preset={preset.name!r}: the table has no column for the {' and the '.join(missing)} ({wanted}); it has "
            f"{', '.join(map(repr, table.columns[:30]))}"
        )
    _tell(preset.name, roles | {role: given[role] for role in given if role in roles}, preset.cannot_tell)
    there = {
        name: [column for column in value if column in table.columns] if isinstance(value, list) else value
        for name, value in preset.layout.items()
    }
    return Recognised(table, roles | options | given, there)


def _tell(name: str, roles: dict[str, Any], cannot_tell: str) -> None:
    """Print how a source is read, so that a wrong reading is seen."""
    shown = {
        role: column if isinstance(column, str) else " else ".join(map(str, column)) for role, column in roles.items()
    }
    lines = [f"read as {name}:", *(f"  {role:<12} {column}" for role, column in shown.items())]
    if cannot_tell:
        lines.append(f"  It does not tell {cannot_tell}.")
    print("\n".join(lines))  # noqa: T201 - the contract: a mapping that was found is printed
