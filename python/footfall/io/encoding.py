"""The encoding of a text file, found where its bytes leave one reading only."""

from __future__ import annotations

import codecs

from footfall._errors import DataError
from footfall.core.checks import shown

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The common characters of GB 2312 (its level 1) have these first bytes; nonsense has rare ones.
_COMMON = range(0xB0, 0xD8)
_MOSTLY = 0.7


def check_encoding(encoding: str) -> str:
    """Refuse an encoding that is none."""
    text = f'encoding={shown(encoding)} is unknown; give one such as "utf8", "gb18030" or "latin-1"'
    if not isinstance(encoding, str):
        raise TypeError(text)
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise ValueError(text) from None
    return encoding


def find_encoding(sample: bytes, name: str, fallback: str | None) -> str:
    """Return the encoding of a file that begins so: UTF-8, UTF-16 with its mark, or GB 18030 where it is Chinese."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if _decoded(sample, "utf-8") is not None:
        return "utf-8"
    if fallback is not None and _decoded(sample, fallback) is not None:
        return fallback
    text = _decoded(sample, "gb18030")
    if text is not None and _is_chinese(text):
        return "gb18030"
    raise DataError(
        f'{name} is not UTF-8, and what it is cannot be told for sure: give its encoding, as in encoding="gb18030" for '
        'Chinese or encoding="cp1252" for Western European (as Excel writes it)'
    )


def _decoded(sample: bytes, encoding: str) -> str | None:
    """Return the text, of which the last character may be cut."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    common = 0
    for char in han:
        try:
            common += char.encode("gb2312")[0] in _COMMON
        except UnicodeEncodeError:
            continue
    return bool(han) and common >= _MOSTLY * len(han)
