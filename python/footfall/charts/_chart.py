"""What all charts share: fonts that have Chinese, and a picture that needs no network."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from footfall._errors import FootfallWarning
from footfall.charts._offline import as_html
from footfall.charts._tips import tip_titles, title_tips
from footfall.core.imports import import_optional

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
MUTED = "#8a94a6"
# How strong what is known of a whole period is drawn, and what is not.
WHOLE, PALE = 1.0, 0.45
BLUE, ORANGE, GREEN, RED = "#2f6db3", "#e08a2e", "#3d9970", "#c0504d"
#: Colours of segments and of states, as many as the largest map has.
STATES = (BLUE, GREEN, ORANGE, "#7b5ea7", "#4bacc6", "#9bbb59", RED, "#b08b5b", "#5f7f9f", "#d08ab0")


_CHINESE = {
    "number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]},
    "time": {
        "dateTime": "%x %A %X", "date": "%Y年%-m月%-d日", "time": "%H:%M:%S", "periods": ["上午", "下午"],
        "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
        "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        "months": [f"{month}月" for month in range(1, 13)], "shortMonths": [f"{month}月" for month in range(1, 13)],
    },
}  # fmt: skip


def altair() -> Any:
    """Import Altair, or say which extra brings it."""
    import_optional("vl_convert", "plot", "plot()")
    return import_optional("altair", "plot", "plot()")


def data_of(values: Sequence[dict[str, Any]]) -> Any:
    """Return rows as the data of a picture; a tuple, which Altair does not copy at each step of making a chart."""
    return altair().Data(values=tuple(values))


def check_chinese() -> None:
    """Warn where no font of the machine has Chinese: pictures would show boxes, and no error."""
    convert = import_optional("vl_convert", "plot", "plot()")
    drawn = [
        convert.svg_to_png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" '
            f'font-family="{FONT}">{letter}</text></svg>'
        )
        for letter in "中文"
    ]
    if drawn[0] == drawn[1]:
        warnings.warn(
            "no font of this machine has Chinese, so that pictures show boxes in its place: install one, as the "
            "package fonts-noto-cjk of Debian",
            FootfallWarning,
            stacklevel=2,
        )


class _Offline:
    """Shows itself in a notebook as a picture without network or script, whose marks tell on hover what they are.

    Charts stand beside each other by ``|`` and below each other by ``&``.
    """

    def __or__(self, other: Any) -> Any:
        return _together(altair().hconcat, self, other)

    def __and__(self, other: Any) -> Any:
        return _together(altair().vconcat, self, other)

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, str]:
        import vl_convert

        svg = vl_convert.vegalite_to_svg(self.to_dict())  # type: ignore[attr-defined]
        return {"text/html": as_html(svg, tip_titles(self, altair())), "image/svg+xml": svg}


def finish(chart: Any, title: str, subtitle: str = "") -> Any:
    """Give a chart its title, its fonts and its offline picture."""
    title_tips(chart, "zh" if _is_chinese(title) else "en", altair())
    heading = {"text": title, "subtitle": subtitle, "anchor": "start", "subtitleColor": MUTED}
    return _configured(chart.properties(title=heading), _locale(title))


def _locale(title: str) -> dict[str, Any]:
    """Return how a picture writes months, days and numbers: as the language of its title does."""
    return {"locale": _CHINESE} if _is_chinese(title) else {}


def _is_chinese(title: str) -> bool:
    return "\u4e00" <= title[:1] <= "\u9fff"


def _configured(chart: Any, locale: dict[str, Any]) -> Any:
    """Give a chart its fonts and its offline picture."""
    made = (
        chart.configure(font=FONT, **locale)
        .configure_view(stroke=None)
        .configure_axis(grid=False, domainColor=MUTED, tickColor=MUTED, labelFlush=False)
        .configure_axisX(labelOverlap=True, labelSeparation=6)
        .configure_axisTemporal(labelFlush=True)
        .configure_axisXBand(labelAngle=0)
        .configure_axisXPoint(labelAngle=0)
        # What a line or an area is pale for is no part of what its colour means.
        .configure_legend(symbolOpacity=1)
    )
    # Altair keeps what is set on a chart as part of the picture; this is not part of it.
    object.__setattr__(made, "__class__", type(type(made).__name__, (_Offline, type(made)), {}))
    return made


def _together(concat: Any, *charts: Any) -> Any:
    """Put charts together; what is set once for a picture is set anew for the whole."""
    alt = altair()
    plain, locale = [], dict[str, Any]()
    for chart in charts:
        known = getattr(chart.config, "locale", alt.Undefined)
        locale |= {} if known is alt.Undefined else {"locale": known}
        copy = chart.copy(deep=False)
        copy.config = alt.Undefined
        plain.append(copy)
    return _configured(concat(*plain).resolve_scale(color="independent"), locale)


def hover(base: Any) -> Any:
    """Return points that are not seen, for what a line tells on hover."""
    return base.mark_point(opacity=0, filled=True, size=90)


def period_names(periods: list[Any]) -> dict[Any, str]:
    """Return periods as axes call them: by their months where they begin with months."""
    form = "%Y-%m" if all(period.day == 1 for period in periods) else "%Y-%m-%d"
    return {period: f"{period:{form}}" for period in periods}


def stacked(values: list[dict[str, Any]], colours: dict[str, str], title: str) -> Any:
    """Draw a bar for each period, of parts above each other; those of periods that are not whole are pale.

    ``values`` have ``period``, ``kind``, ``order``, ``customers`` and ``whole``.
    """
    alt = altair()
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    chart = (
        alt.Chart(data_of(values))
        .mark_bar()
        .encode(
            x=alt.X("period:O", title=None),
            y=alt.Y("customers:Q", title=title, stack="zero"),
            color=alt.Color("kind:N", title=None, scale=scale), order="order:Q",
            opacity=alt.Opacity("whole:Q", scale=None, legend=None),
            tooltip=["period:O", "kind:N", "customers:Q"],
        )
    )  # fmt: skip
    return chart.properties(width=560, height=300)
