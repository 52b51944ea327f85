"""Findings of a shop, those with most money at stake first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from footfall.core.checks import shown
from footfall.core.columns import table_of
from footfall.core.language import spoken
from footfall.findings.finding import Finding
from footfall.result import Origin, Result

if TYPE_CHECKING:
    from footfall.findings.registry import Checked

_HIGH, _MEDIUM = 0.05, 0.01


class Findings(Result):
    """One row per finding, those with most money at stake first.

    Columns are those of :class:`Finding`; :attr:`all` has the findings themselves, with evidence, audience and the size
    of a test. ``findings["weak_step"]`` is those of a rule, or the one of an id.
    """

    def __init__(
        self,
        checked: dict[str, Checked],
        monthly: float | None,
        level: float,
        silent: dict[str, str],
        library: str | None,
    ) -> None:
        told = _adjusted(checked, level)
        told = [_weighed(finding, monthly) for finding in told]
        told.sort(key=lambda finding: (-(finding.money_at_stake or 0.0), finding.p_adjusted or 0.0, finding.id))
        #: The findings, in the order of the rows.
        self.all: list[Finding] = _overlapping(told)
        #: The rules that could not be asked, and what they would need.
        self.silent = silent
        #: How many hypotheses were tested.
        self.tests = sum(one.tests for one in checked.values())
        title = [
            f"{len(self.all)} findings of {len(checked)} rules, {self.tests:,} tests adjusted together "
            f"(Benjamini-Hochberg, {level:.0%})",
        ]
        if self.all:
            title.append(f"  {self.money_at_stake:,.0f} a month at stake, what overlaps counted once")
        title += [f"  not asked: {name}: {why}" for name, why in silent.items()]
        rows = [finding.row() for finding in self.all]
        empty = Finding("", "", "", "", "", None, self, "", "").row()
        columns = {name: [row[name] for row in rows] for name in empty}
        super().__init__(table_of(columns), Origin(library, lambda: None), title)

    @property
    def money_at_stake(self) -> float:
        """Money per month, of each pool the largest alone."""
        return sum(finding.money_at_stake or 0.0 for finding in self.all if not finding.overlaps)

    def __getitem__(self, name: str | list[str]) -> Any:
        """Return the finding of an id, or all of a rule."""
        if not isinstance(name, str) or name in self.column_names:
            return super().__getitem__(name)
        of_rule = [finding for finding in self.all if finding.rule == name]
        placed = [finding for finding in self.all if finding.id == name and finding.place]
        if of_rule or placed:
            return of_rule or placed[0]
        raise KeyError(f"no finding has the id or the rule {shown(name)}; there are {[one.id for one in self.all]}")

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the money at stake by finding; what overlaps is pale.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.findings import plot_findings

        return plot_findings(self.all, spoken(language))


def _adjusted(checked: dict[str, Checked], level: float) -> list[Finding]:
    """Adjust p-values over all tests of all rules; what was counted is told as it is."""
    tests = sum(one.tests for one in checked.values())
    found = [finding for one in checked.values() for finding in one.findings]
    tested = sorted((one for one in found if one.p_value is not None), key=lambda one: one.p_value or 0.0)
    told, lowest = [one for one in found if one.p_value is None], 1.0
    for rank in range(len(tested), 0, -1):
        lowest = min(lowest, (tested[rank - 1].p_value or 0.0) * tests / rank)
        if lowest <= level:
            told.append(replace(tested[rank - 1], p_adjusted=lowest))
    return told


def _weighed(finding: Finding, monthly: float | None) -> Finding:
    share = (finding.money_at_stake or 0.0) / monthly if monthly else 0.0
    return replace(finding, severity="high" if share >= _HIGH else "medium" if share >= _MEDIUM else "low")


def _overlapping(told: list[Finding]) -> list[Finding]:
    """Name, for each finding, those of the same pool that have more money."""
    return [
        replace(finding, overlaps=tuple(one.id for one in told[:at] if finding.pool and one.pool == finding.pool))
        for at, finding in enumerate(told)
    ]
