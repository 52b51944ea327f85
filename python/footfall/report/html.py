"""A report as one HTML file, which needs no network."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from footfall.core.imports import import_optional
from footfall.report.shown import Cell

if TYPE_CHECKING:
    from footfall.report.shown import Chapter

WORDS = {
    "en": {
        "contents": "Contents", "rows": "the first {shown} of {total} rows", "lacks": "Cannot be told:", "needs": "needs",
        "mark": "A number in a sentence leads to the cell that it came from.",
    },
    "zh": {
        "contents": "目录", "rows": "共{total}行，显示前{shown}行", "lacks": "无法说明：", "needs": "需要",
        "mark": "句中的数字可点击，跳到它所在的表格单元。",
    },
}  # fmt: skip
_SCRIPT = "window.vegaEmbed = vegaEmbed;"


def html(chapters: list[Chapter], title: str, language: str) -> str:
    """Return the page."""
    jinja = import_optional("jinja2", "report", "shop.report()")
    charts = [made for page in chapters for kind, made in page.body if kind == "chart"]
    specs = [json.dumps(_interactive(chart), separators=(",", ":")).replace("</", "<\\/") for chart in charts]
    environment = jinja.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files("footfall.report") / "page.html.j2").read_text("utf-8"))
    text: str = template.render(
        title=title, language=language, chapters=chapters, words=WORDS[language], specs=specs, bundle=_bundle() if specs else "",
        Cell=Cell, isinstance=isinstance, anchor=anchor,
    )  # fmt: skip
    return text


def anchor(cell: Cell) -> str:
    """Return the id of a cell in a page."""
    return cell.id.replace(" ", "_")


@cache
def _bundle() -> str:
    """Return the scripts that draw; they are the same in every report."""
    convert = import_optional("vl_convert", "report", "shop.report()")
    script: str = convert.javascript_bundle(_SCRIPT)
    return script.replace("</script", "<\\/script")


def _interactive(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("usermeta", None)
    return spec
