"""A report as a Word document: real headings, tables and pictures, to be edited."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from footfall.charts._chart import check_chinese
from footfall.core.imports import import_optional
from footfall.report.html import WORDS
from footfall.report.shown import Cell

if TYPE_CHECKING:
    from pathlib import Path

    from footfall.report.shown import Chapter, Shown

_LATIN, _CHINESE = "Calibri", "Microsoft YaHei"
_DOTS = 2.0
# Tables of more columns are set smaller.
_WIDE = 10
# A bookmark's name is at most so long.
_LONGEST = 40


def docx(chapters: list[Chapter], title: str, language: str, path: Path) -> None:
    """Write the document."""
    module = import_optional("docx", "report", "shop.report()")
    if language == "zh":
        check_chinese()
    document = module.Document()
    _fonts(document)
    _margins(document)
    document.core_properties.title = title
    document.core_properties.author = "footfall"
    document.core_properties.language = "zh-CN" if language == "zh" else "en"
    document.add_heading(title, 0)
    marks = _Marks()
    for page in chapters:
        document.add_heading(page.title, 1)
        for kind, made in page.body:
            if kind == "head":
                document.add_heading(_clean(made), 2)
            elif kind == "say":
                _sentence(document, made, language, marks)
            elif kind == "lacks":
                words = WORDS[language]
                document.add_paragraph(
                    _clean(f"{words['lacks']} {made[0]} ({words['needs']} {made[1]})"), style="Quote"
                )
            elif kind == "chart":
                _picture(document, made)
            elif made.rows:
                _table(document, made, language, marks)
    document.save(str(path))


def _fonts(document: Any) -> None:
    """Set the fonts of Latin and of Chinese text, in which Word else takes its own."""
    from docx.oxml.ns import qn

    for style in document.styles:
        if (hasattr(style, "font") and style.element.rPr is not None) or style.name in {"Normal", "Title"}:
            style.font.name = _LATIN
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(name), None)
            fonts.set(qn("w:eastAsia"), _CHINESE)


def _margins(document: Any) -> None:
    """Leave the tables room."""
    from docx.shared import Cm

    for section in document.sections:
        section.left_margin = section.right_margin = Cm(1.8)


class _Marks:
    """Names of the cells that sentences lead to."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, int]] = {}

    def of(self, id: str) -> str:  # noqa: A002
        """Return the name of a cell: its id where it is short, else a number of its own."""
        if id not in self._names:
            plain = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in id)
            number = len(self._names)
            self._names[id] = f"c{number}_{plain}"[:_LONGEST], number
        return self._names[id][0]

    def number(self, id: str) -> str:  # noqa: A002
        """Return the number of a bookmark."""
        return str(self._names[id][1] + 1)


def _sentence(document: Any, sentence: list[Any], language: str, marks: _Marks) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = document.add_paragraph(style="List Bullet")
    for part in sentence:
        if not isinstance(part, Cell):
            paragraph.add_run(_clean(part))
            continue
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), marks.of(part.id))
        link.set(qn("w:tooltip"), part.kind)
        run = paragraph.add_run(_clean(part.shown(language)))
        run.bold = True
        link.append(run._r)  # noqa: SLF001 - python-docx has no hyperlinks of its own
        paragraph._p.append(link)  # noqa: SLF001


def _table(document: Any, table: Shown, language: str, marks: _Marks) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    made = document.add_table(rows=1, cols=len(table.columns), style="Light Grid Accent 1")
    for cell, text in zip(made.rows[0].cells, table.titles(language), strict=True):
        cell.text = _clean(text)
    for cells in table.cells():
        row = made.add_row()
        for cell, of in zip(row.cells, cells, strict=True):
            cell.text = _clean(of.shown(language))
            paragraph = cell.paragraphs[0]._p  # noqa: SLF001 - python-docx has no bookmarks of its own
            name = marks.of(of.id)
            for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
                mark = OxmlElement(tag)
                mark.set(qn("w:id"), marks.number(of.id))
                if tag == "w:bookmarkStart":
                    mark.set(qn("w:name"), name)
                    paragraph.insert(0, mark)
                else:
                    paragraph.append(mark)
    for row in made.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8 if len(table.columns) <= _WIDE else 6.5)
    if table.total > len(table.rows):
        note = WORDS[language]["rows"].format(shown=len(table.rows), total=f"{table.total:,}")
        document.add_paragraph(note, style="Caption")
    document.add_paragraph()


def _picture(document: Any, chart: Any) -> None:
    from docx.shared import Cm

    convert = import_optional("vl_convert", "report", "shop.report()")
    picture = convert.vegalite_to_png(chart.to_dict(validate=False), scale=_DOTS)
    document.add_picture(io.BytesIO(picture), width=Cm(16))


def _clean(text: str) -> str:
    """Return a text without the characters that XML has none of."""
    return "".join(letter for letter in text if letter in "\t\n" or ord(letter) >= 0x20)  # noqa: PLR2004 - control characters
