"""The Lorenz curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, finish, words

if TYPE_CHECKING:
    from footfall.analyses.concentration import Concentration

_WORDS = {
    "en": ("Concentration of the revenue", "share of the customers, from the lowest revenue", "share of the revenue",
           "Gini {gini:.2f}; the best 20 % bring {top:.0%}"),
    "zh": ("销售额集中度", "客户占比(按消费金额由低到高)", "销售额占比", "基尼系数 {gini:.2f};前20%客户贡献 {top:.0%}"),
}  # fmt: skip


def plot_lorenz(concentration: Concentration, language: str) -> Any:
    """Draw the Lorenz curve over the line of equal shares."""
    title, x_title, y_title, subtitle = words(_WORDS, language)
    alt = altair()
    points = [{"x": x, "y": y} for x, y in concentration.rows()]
    curve = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("x:Q", title=x_title, axis=alt.Axis(format="%")),
        y=alt.Y("y:Q", title=y_title, axis=alt.Axis(format="%")),
    )
    equal = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(color=MUTED, strokeDash=[4, 4])
    chart = (
        curve.mark_area(color=BLUE, opacity=0.15)
        + curve.mark_line(color=BLUE).encode(tooltip=["x:Q", "y:Q"])
        + equal.encode(x="x:Q", y="y:Q")
    )
    known = concentration.gini is not None and concentration.top_20 is not None
    said = subtitle.format(gini=concentration.gini, top=concentration.top_20) if known else ""
    return finish(chart.properties(width=380, height=380), title, said)
