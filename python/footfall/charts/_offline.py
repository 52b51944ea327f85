"""Pictures as HTML that a notebook shows without a network or a script, with what each mark is on hover."""

from __future__ import annotations

import hashlib
import html
import re

# Marks that stand for one row each; a line or an area stands for many, and its points tell what they are.
_MARK = re.compile(
    r'<(?P<tag>path|circle|rect) aria-label="(?P<label>[^"]*)"(?P<rest> role="graphics-symbol" '
    r'aria-roledescription="(?!line|area|trail)[^"]*"[^>]*?)(?P<end>/?)>'
)
# A figure on a mark must not hide what lies below it from the pointer.
_FIGURE = re.compile(r'<text (?=aria-label="[^"]*" role="graphics-symbol")')
_ID = re.compile(r'(?<=\bid=")[^"]+|(?<=url\(#)[^)"]+|(?<=href="#)[^"]+')
_NUMBER = re.compile(r"([-−]?\d+\.\d+)(%?)")
# What is larger is shown without decimals, what is smaller as nothing.
_LARGE, _SMALL = 1000, 1e-4


def as_html(svg: str, tips: list[str]) -> str:
    """Return a picture as HTML: a title, which browsers show on hover, in each mark; identifiers of its own.

    ``tips`` are the titles of the fields of its tooltips.
    """
    own = hashlib.sha256(svg.encode()).hexdigest()[:8]
    named = _ID.sub(lambda found: f"{found[0]}-{own}", svg)
    told = _FIGURE.sub('<text pointer-events="none" ', _MARK.sub(lambda found: _titled(found, tips), named))
    return f'<div style="overflow-x:auto">{told}</div>'


def _titled(found: re.Match[str], tips: list[str]) -> str:
    title = html.escape(_told(html.unescape(found["label"]), tips), quote=False)
    if not title:
        return found[0]
    opened = f'<{found["tag"]} aria-label="{found["label"]}"{found["rest"]}><title>{title}</title>'
    return f"{opened}</{found['tag']}>" if found["end"] else opened


def _told(label: str, tips: list[str]) -> str:
    """Return what a mark is, a line for each field of its tooltip."""
    fields = [part.partition(": ") for part in label.split("; ")]
    known = {name: _rounded(value) for name, _, value in fields if value not in {"", "null"}}
    return "\n".join(f"{name}: {known[name]}" for name in tips if name in known)


def _rounded(value: str) -> str:
    """Return a number that has no format as a reader sees it; all else as it is."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        return value
    number = float(found[1].replace("−", "-"))
    if found[2]:
        return f"{number:.1f}%"
    if abs(number) >= _LARGE:
        return f"{number:,.0f}"
    return "0" if abs(number) < _SMALL else f"{number:.4g}"
