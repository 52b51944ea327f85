"""One finding: a fact with its evidence, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.checks import word
from footfall.core.options import options

if TYPE_CHECKING:
    from footfall.findings.experiment import Experiment
    from footfall.findings.sample_size import SampleSize
    from footfall.table import Table


@dataclass(frozen=True)
class Finding:
    """What a rule found.

    Attributes
    ----------
    rule, section : str
        The rule that found it, and the section of the report that it belongs to.
    place : dict of str to str
        Where it is, as ``{"device": "mobile_web", "region": "west", "step": "order"}``.
    title, statement : str
        In a few words, and as a sentence with its numbers.
    metric : str
        What ``value`` is; ``baseline`` is what it is compared with.
    value, low, high, baseline : float or None
        The number with its 95 % interval where it is an estimate.
    money_at_stake : float or None
        Money per month, net of refunds, by ``money_formula``.
    money_formula : str
        How it was computed, in words.
    pool : str
        Money of one pool is the same money seen from several sides; see :attr:`overlaps`.
    p_value : float or None
        Of the rule's test by itself; None for what was counted.
    p_adjusted : float or None
        Of all tests of all rules together (Benjamini-Hochberg).
    evidence : Table
        The rows that it was read from.
    action, watch : str
        What to do, and the metric that tells whether it worked.
    audience : Table or None
        The customers whom it concerns; the key stands first.
    test : SampleSize or None
        How large a test of the action must be.
    overlaps : tuple of str
        Ids of findings of the same pool with more money, in whose money this one's is contained as far as we know.
    severity : str
        "high" from 5 % of monthly sales on, "medium" from 1 %, else "low".
    words, facts
        What kind of sentences they are, and what stands in them, so that they can be said in other languages
        (:meth:`said`); empty for rules of your own, whose texts are as they are.
    """

    rule: str
    section: str
    title: str
    statement: str
    metric: str
    value: float | None
    evidence: Table
    action: str
    watch: str
    place: dict[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    money_at_stake: float | None = None
    money_formula: str = ""
    pool: str = ""
    p_value: float | None = None
    p_adjusted: float | None = None
    audience: Table | None = None
    test: SampleSize | None = None
    overlaps: tuple[str, ...] = ()
    severity: str = "low"
    words: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same in every run: the rule and the place."""
        return ":".join([self.rule, *(f"{name}={value}" for name, value in self.place.items())])

    def __repr__(self) -> str:
        money = "" if self.money_at_stake is None else f"; {self.money_at_stake:,.0f} a month"
        sure = "counted" if self.p_adjusted is None else f"p = {self.p_adjusted:.2g} of all tests together"
        return f"[{self.severity}] {self.title}{money} ({sure})\n  {self.statement}\n  do: {self.action}"

    def said(self, language: str) -> dict[str, str]:
        """Return ``title``, ``statement``, ``metric``, ``money``, ``action`` and ``watch`` in a language.

        Examples
        --------
        >>> found = ff.Shop.sample(4_000, seed=1).diagnose(rules=["spend_by_tier"])["spend_by_tier:segment=lost"]
        >>> found.said("zh")["title"]
        '投给流失客户的资源多于其贡献'
        """
        from footfall.rules import say

        word(language, "language", ("en", "zh"))
        return say(self, language)

    def experiment(self, start: Any, *, holdout: float = 0.1, seed: int = 0) -> Experiment:
        """Assign the audience to the action, and hold some of it out at random, so that it can be told what it brings.

        Write it with ``write_csv``, treat the group "treatment" alone, and give the file to
        :meth:`footfall.Shop.effect` when the action is over.

        Parameters
        ----------
        start : date, datetime or str
            The day on which the action starts.
        holdout : float
            The share of the audience that is left alone.
        seed : int
            The same seed holds the same customers out, in any order of rows.

        Returns
        -------
        Experiment
            One row per customer of the audience.

        Examples
        --------
        >>> found = ff.Shop.sample(4_000, seed=1).diagnose(rules=["spend_by_tier"])["spend_by_tier:segment=lost"]
        >>> experiment = found.experiment("2025-01-10", holdout=0.5)
        >>> experiment.column_names
        ['customer', 'group', 'finding', 'start']
        """
        from footfall.findings.experiment import Experiment as Made

        if self.audience is None:
            raise DataError(f"{self.id} names no customers, so that none can be held out: it is about {self.metric}")
        return Made.assign(self.audience, self.id, holdout=holdout, seed=seed, start=start)

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table, in the language of ``ff.options``."""
        said = self.said(options.language)
        names = ("value", "low", "high", "baseline", "money_at_stake")
        return {
            "id": self.id, "section": self.section, "severity": self.severity, "title": said["title"],
            "statement": said["statement"], "metric": said["metric"],
            **{name: getattr(self, name) for name in names},
            "money_formula": said["money"] if self.money_formula else "", "p_value": self.p_value,
            "p_adjusted": self.p_adjusted, "action": said["action"], "watch": said["watch"],
            "overlaps": ", ".join(self.overlaps),
        }  # fmt: skip
