"""Checking a Word report: sentences lead to bookmarks of table cells, whose texts they must have."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from footfall._errors import DataError
from footfall.core.checks import shown as quoted

if TYPE_CHECKING:
    from pathlib import Path

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGIT = re.compile(r"\d")


def check_word(path: Path) -> int:
    """Check a document, and return how many numbers were checked."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - a file of ours
    except (zipfile.BadZipFile, KeyError, ET.ParseError) as error:
        raise DataError(f"{quoted(str(path))} is no report of footfall") from error
    cells = {
        mark.get(f"{_W}name"): _text(paragraph)
        for paragraph in root.iter(f"{_W}p")
        for mark in paragraph.iter(f"{_W}bookmarkStart")
    }
    count = 0
    for paragraph in root.iter(f"{_W}p"):
        links = list(paragraph.iter(f"{_W}hyperlink"))
        if not links and not _says(paragraph):
            continue
        for link in links:
            name, text = link.get(f"{_W}anchor"), _text(link)
            if name not in cells:
                raise DataError(f"{quoted(text)} names a cell that no table has")
            if cells[name] != text:
                raise DataError(f"{quoted(text)} differs from its cell, which has {quoted(cells[name])}")
            count += 1
        loose = "".join(_text(run) for run in paragraph.findall(f"{_W}r"))
        if _DIGIT.search(loose):
            raise DataError(f"a number of no table stands in {quoted(loose)}")
    return count


def _says(paragraph: ET.Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and style.get(f"{_W}val") == "ListBullet"


def _text(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_W}t"))
