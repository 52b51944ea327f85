"""Weakest step of a funnel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weakest:
    """The step that falls shortest.

    Attributes
    ----------
    step, name : int, str
        Which one.
    rate, low, high : float
        Its rate from the step before, with the Wilson 95 % interval.
    baseline : float or None
        The rate that it is compared with; None where the step with the lowest rate was asked for.
    difference, difference_low, difference_high : float or None
        Rate less baseline, with Newcombe's 95 % interval (of the rate alone where the baseline was given as a number).
    """

    step: int
    name: str
    rate: float
    low: float
    high: float
    baseline: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
