"""Writing a report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from footfall.core.checks import shown
from footfall.core.language import spoken
from footfall.io.write import replacing
from footfall.report.build import chapters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.shop import Shop

_ENDS = (".html", ".docx")
_TITLES = {"en": "Customer analysis report", "zh": "电商客户数据分析报告"}


def write(
    shop: Shop, path: str | os.PathLike[str], language: str | None, sections: Sequence[str] | None, title: str | None
) -> Path:
    """Write a report, and return its path."""
    language = spoken(language)
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"report({shown(path)}): give the path of a file that ends in .html or .docx")
    file = Path(path)
    if file.suffix.lower() not in _ENDS:
        raise ValueError(f"report({shown(str(path))}): name a file that ends in .html or .docx")
    if not file.absolute().parent.is_dir():
        raise FileNotFoundError(f"report({shown(str(path))}): there is no such folder; make it first")
    made, name = chapters(shop, language, sections), title or _TITLES[language]
    if file.suffix.lower() == ".docx":
        from footfall.report.word import docx

        with replacing(file) as part:
            docx(made, name, language, part)
    else:
        from footfall.report.html import html

        page = html(made, name, language)
        with replacing(file) as part:
            part.write_text(page, "utf-8")
    return file
