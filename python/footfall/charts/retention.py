"""Cohort retention heatmap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

# A matrix of more cells cannot be read, and takes longer and longer to draw; of fewer, each has room for its figure.
_MOST = 40
_FIGURES = 20
_OWN = "#e9edf3"
_GROUPS = 8
# Rates of fewer customers jump about.
_FEW = 30
_LINES = 12


def plot_retention(table: Table, ages: list[str], language: str) -> Any:
    """Draw a heat map; what cannot be known yet is blank. Of many cohorts the latest are shown, and said.

    The period of the cohort itself, in which all or many are there, would take all colour from the others: it has none.
    The first row is the average, pooled over the cohorts that are shown.
    """
    say, alt = words("retention", language), altair()
    rows = [row for row in dicts(table) if row["rate"] is not None]
    cohorts = sorted({row["cohort"] for row in dicts(table)})
    ordered = sorted(dicts(table), key=lambda row: [row[name] for name in ages])
    names = list(dict.fromkeys(_age(row, ages) for row in ordered))
    shown, known = set(cohorts[-_MOST:]), set(names[:_MOST])
    rows = [row for row in rows if row["cohort"] in shown and _age(row, ages) in known]
    values = _cells(rows, ages, say["average"])
    order = list(dict.fromkeys(value["cohort"] for value in values))
    few = max(len(shown), min(len(names), _MOST)) <= _FIGURES
    base = alt.Chart(data_of(values)).encode(
        x=alt.X("period:O", title=say["period"] if ages == ["period"] else say["days"], sort=names),
        y=alt.Y("cohort:N", title=say["cohort"], sort=order), tooltip=["cohort:N", "period:O", "label:N"],
    )  # fmt: skip
    legend = None if few else alt.Legend(title=None, format="%")
    color = alt.Color("rate:Q", scale=alt.Scale(scheme="blues", domainMin=0), legend=legend)
    chart = base.transform_filter("!datum.own").mark_rect().encode(color=color)
    chart += base.transform_filter("datum.own").mark_rect(color=_OWN)
    if few:
        darkest = max((value["rate"] for value in values if not value["own"]), default=1.0)
        dark = alt.condition(f"!datum.own && datum.rate > {0.6 * darkest}", alt.value("white"), alt.value("black"))
        chart += base.mark_text(fontSize=10).encode(text="label:N", color=dark)
    cut = len(cohorts) > _MOST or len(names) > _MOST
    facts = {
        "shown": len(shown), "cohorts": len(cohorts), "last": min(len(names), _MOST) - 1, "periods": len(names),
    }  # fmt: skip
    chart = chart.properties(width=alt.Step(40 if few else 16), height=alt.Step(22 if few else 14))
    return finish(chart, say["title"], say["cut"].format(**facts) if cut else "")


def _cells(rows: list[dict[str, Any]], ages: list[str], average: str) -> list[dict[str, Any]]:
    """Return the cells of the heat map, those of the average first."""
    monthly = all(row["cohort"].day == 1 for row in rows)
    pooled: dict[Any, list[float]] = {}
    for row in rows:
        cell = pooled.setdefault(_age(row, ages), [0.0, 0])
        cell[0] += row["rate"] * row["size"]
        cell[1] += row["size"]
    cells = [(average, period, came / size) for period, (came, size) in pooled.items() if size]
    cells += [
        (f"{row['cohort']:{'%Y-%m' if monthly else '%Y-%m-%d'}} ({row['size']:,})", _age(row, ages), row["rate"])
        for row in sorted(rows, key=lambda row: row["cohort"])
    ]
    return [
        {"cohort": cohort, "period": period, "rate": rate, "label": f"{rate:.0%}", "own": period == 0}
        for cohort, period, rate in cells
    ]


def plot_groups(average: Table, by: list[str], ages: list[str], language: str) -> Any:
    """Draw the pooled rate by period, a line for each of the largest groups."""
    say, alt = words("retention", language), altair()
    rows = dicts(average)
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[_group(row, by)] = max(sizes.get(_group(row, by), 0), row["size"])
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:_GROUPS]
    values = [
        {"period": _age(row, ages), "rate": row["rate"], "group": _group(row, by)}
        for row in rows
        if _group(row, by) in largest and row.get("period") != 0 and row["size"] >= _FEW
    ]
    chart = (
        alt.Chart(data_of(values))
        .mark_line(point=True)
        .encode(
            x=alt.X("period:O", title=say["period"] if ages == ["period"] else say["days"], sort=None),
            y=alt.Y("rate:Q", title=say["rate"], axis=alt.Axis(format="%"), scale=alt.Scale(zero=True)),
            color=alt.Color("group:N", title=titles_of(by, language), sort=largest),
            tooltip=["group:N", "period:O", alt.Tooltip("rate:Q", format=".1%")],
        )
    )
    cut = say["groups"].format(shown=len(largest), groups=len(sizes)) if len(sizes) > len(largest) else ""
    return finish(chart.properties(width=560, height=300), say["title"], cut)


def plot_value(table: Table, average: Table, by: list[str], language: str) -> Any:
    """Draw what a member has brought so far: pale lines for the latest cohorts, a strong one for all or each group."""
    say, alt = words("retention", language), altair()
    everyone = say["all"]
    rows = dicts(table)
    shown = sorted({row["cohort"] for row in rows})[-_LINES:]
    pale = [] if by else [
        {"period": row["period"], "value": row["value"], "line": str(row["cohort"])}
        for row in rows
        if row["value"] is not None and row["cohort"] in shown
    ]  # fmt: skip
    strong = [
        {"period": row["period"], "value": row["value"], "line": _group(row, by) if by else everyone}
        for row in dicts(average)
    ]
    x, y = alt.X("period:Q", title=say["period"], axis=alt.Axis(tickMinStep=1)), alt.Y("value:Q", title=say["value"])
    color = alt.Color("line:N", title=titles_of(by, language)) if by else alt.value(BLUE)
    tooltip = ["line:N", "period:Q", alt.Tooltip("value:Q", format=",.2f")]
    chart = alt.Chart(data_of(strong)).mark_line(point=True, strokeWidth=3).encode(
        x=x, y=y, color=color, tooltip=tooltip
    )  # fmt: skip
    if pale:
        lines = alt.Chart(data_of(pale)).mark_line(opacity=0.35, color=MUTED)
        chart = lines.encode(x=x, y=y, detail="line:N", tooltip=tooltip) + chart
    note = say["cohorts"].format(shown=len(shown)) if pale else ""
    return finish(chart.properties(width=560, height=300), say["value_title"], note)


def _age(row: dict[str, Any], ages: list[str]) -> Any:
    return row["period"] if ages == ["period"] else f"{row['from_day']}–{row['to_day']}"


def _group(row: dict[str, Any], by: list[str]) -> str:
    return " / ".join(str(row[name]) for name in by)
