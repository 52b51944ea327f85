"""What all charts share: fonts that have Chinese, and a picture that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.imports import import_optional

if TYPE_CHECKING:
    from footfall.table import Table

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MUTED = "#8a94a6"
BLUE, ORANGE, GREEN, RED = "#2f6db3", "#e08a2e", "#3d9970", "#c0504d"


def altair() -> Any:
    """Import Altair, or say which extra brings it."""
    import_optional("vl_convert", "plot", "plot()")
    return import_optional("altair", "plot", "plot()")


def dicts(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of its columns."""
    return [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]


class _Offline:
    """Shows itself in a notebook as an SVG picture, which needs neither a network nor a script."""

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, str]:
        import vl_convert

        return {"image/svg+xml": vl_convert.vegalite_to_svg(self.to_dict())}  # type: ignore[attr-defined]


def finish(chart: Any, title: str, subtitle: str = "") -> Any:
    """Give a chart its title, its fonts and its offline picture."""
    made = (
        chart.properties(title={"text": title, "subtitle": subtitle, "anchor": "start", "subtitleColor": MUTED})
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(grid=False, domainColor=MUTED, tickColor=MUTED)
    )
    # Altair keeps what is set on a chart as part of the picture; this is not part of it.
    object.__setattr__(made, "__class__", type(type(made).__name__, (_Offline, type(made)), {}))
    return made
