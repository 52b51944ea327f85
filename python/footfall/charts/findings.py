"""Money at stake by finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, ORANGE, PALE, RED, WHOLE, altair, data_of, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.findings.finding import Finding

_SEVERITY = {"high": RED, "medium": ORANGE, "low": BLUE}
# More rows cannot be read.
_MOST = 20


def plot_findings(findings: list[Finding], language: str) -> Any:
    """Draw a bar for each finding with money; those that overlap with a larger one are pale."""
    say, alt = words("findings", language), altair()
    shown = [finding for finding in findings if finding.money_at_stake][:_MOST]
    if not shown:
        raise ValueError("no finding has money at stake: there is nothing to draw")
    values = [
        {
            "title": finding.said(language)["title"],
            "money": finding.money_at_stake, "severity": say[finding.severity],
            "label": f"{finding.money_at_stake:,.0f}", "strength": PALE if finding.overlaps else WHOLE,
        }
        for finding in shown
    ]  # fmt: skip
    scale = alt.Scale(domain=[say[name] for name in _SEVERITY], range=list(_SEVERITY.values()))
    base = alt.Chart(data_of(values)).encode(
        y=alt.Y("title:N", title=None, sort=[value["title"] for value in values], axis=alt.Axis(labelLimit=360)),
        x=alt.X("money:Q", title=say["money"]),
    )
    bars = base.mark_bar().encode(
        color=alt.Color("severity:N", title=None, scale=scale),
        opacity=alt.Opacity("strength:Q", scale=None, legend=None), tooltip=["title:N", "label:N"],
    )  # fmt: skip
    text = base.mark_text(align="left", dx=3, fontSize=10, color=MUTED).encode(text="label:N")
    note = say["overlap"] if any(finding.overlaps for finding in shown) else ""
    return finish((bars + text).properties(width=420, height=alt.Step(24)), say["title"], note)
