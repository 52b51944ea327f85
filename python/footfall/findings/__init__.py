"""Findings: what is wrong, how sure, how much money, what to do."""

from footfall.findings.effect import Effect
from footfall.findings.experiment import Experiment
from footfall.findings.finding import Finding
from footfall.findings.findings import Findings
from footfall.findings.registry import RULES, Checked, rule
from footfall.findings.sample_size import SampleSize, two_proportions

__all__ = [
    "RULES",
    "Checked",
    "Effect",
    "Experiment",
    "Finding",
    "Findings",
    "SampleSize",
    "rule",
    "two_proportions",
]
