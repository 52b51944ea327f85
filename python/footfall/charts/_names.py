"""The names of segments and tiers, for pictures of their codes."""

from __future__ import annotations

import re

from footfall import _native

_SCHEMES = ("grid", "tiers", "octants")
# Of several clusters of one tier the others are numbered.
_NUMBERED = re.compile(r"(?P<code>.+)_(?P<number>\d+)")


def state_names(codes: list[str], language: str) -> dict[str, str]:
    """Return the name of each code of one of the maps of the package; codes of your own rules stay as they are."""
    for scheme in _SCHEMES:
        known = dict(zip(*_native.segment_names({"scheme": scheme, "language": language}), strict=True))
        named = {code: _named(code, known) for code in codes}
        if all(name is not None or code in {"newcomer", "absent"} for code, name in named.items()):
            return {code: name or code for code, name in named.items()}
    return {code: code for code in codes}


def _named(code: str, known: dict[str, str]) -> str | None:
    found = _NUMBERED.fullmatch(code)
    if found is None or code in known:
        return known.get(code)
    return f"{known[found['code']]} {found['number']}" if found["code"] in known else None
