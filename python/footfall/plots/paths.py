"""What follows what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.plots._chart import altair, finish

if TYPE_CHECKING:
    from footfall.results.paths import Paths

_MOST = 15
_WORDS = {
    "en": {
        "title": "What follows what", "from": "event", "to": "next event", "begin": "(begins)", "end": "(ends)",
        "paths": "paths",
    },
    "zh": {
        "title": "事件流转", "from": "事件", "to": "下一事件", "begin": "（开始）", "end": "（离开）",
        "paths": "条路径",
    },
}  # fmt: skip


def plot_transitions(paths: Paths, language: str) -> Any:
    """Draw rates from each event to the next; the most frequent events alone."""
    if language not in _WORDS:
        raise ValueError(f'language={language!r}: give "en" or "zh"')
    say, alt = _WORDS[language], altair()
    rows = paths.transitions.rows()
    sizes: dict[Any, int] = {}
    for before, _, count, _ in rows:
        sizes[before] = sizes.get(before, 0) + count
    kept = sorted((event for event in sizes if event is not None), key=lambda event: -sizes[event])[:_MOST]
    values = [
        {
            "from": say["begin"] if before is None else str(before),
            "to": say["end"] if after is None else str(after),
            "rate": rate,
            "label": f"{rate:.0%}",
        }
        for before, after, _, rate in rows
        if (before is None or before in kept) and (after is None or after in kept)
    ]
    names = [str(event) for event in kept]
    y = alt.Y("from:N", sort=[say["begin"], *names], title=say["from"])
    x = alt.X("to:N", sort=[*names, say["end"]], title=say["to"], axis=alt.Axis(labelAngle=-40))
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    color = alt.Color("rate:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    dark = alt.condition("datum.rate > 0.5", alt.value("white"), alt.value("black"))
    chart = base.mark_rect().encode(color=color) + base.mark_text(fontSize=10).encode(text="label:N", color=dark)
    return finish(
        chart.properties(width=alt.Step(44), height=alt.Step(26)), say["title"], f"{paths.count:,} {say['paths']}"
    )
