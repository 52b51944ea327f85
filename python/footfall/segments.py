"""Segments of your own: rules on scores and values, checked when they are built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import instance, listed, shown, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

Range = int | tuple[int, int]
Condition = tuple[str, str, float]


class Rule:
    """A segment: a code, and who is in it.

    Parameters
    ----------
    code : str
        The stable name, as it stands in the column ``segment``.
    r, f, m : int or (int, int), optional
        The score, or the lowest and highest score, of recency, frequency and monetary value. Default: any.
    where : sequence of (column, comparison, number), optional
        What must hold of the values: ``recency_days``, ``frequency``, ``monetary``, ``monetary_total``,
        ``monetary_mean``, ``refund_amount``, ``refund_orders``, compared by ``<``, ``<=``, ``>``, ``>=``, ``==``,
        ``!=``.
    name, name_zh : str, optional
        What people read, in English and Chinese. Default: the code.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.Rule("vip", r=(4, 5), f=(4, 5), where=[("monetary_total", ">", 1000)], name_zh="贵宾")
    Rule('vip', r=(4, 5), f=(4, 5), where=[('monetary_total', '>', 1000.0)])
    """

    def __init__(
        self,
        code: str,
        *,
        r: Range | None = None,
        f: Range | None = None,
        m: Range | None = None,
        where: Sequence[Condition] = (),
        name: str | None = None,
        name_zh: str | None = None,
    ) -> None:
        if not isinstance(code, str) or not code:
            raise ValueError(f"Rule({shown(code)}): the code must be a string that is not empty")
        self.code = code
        self.r, self.f, self.m = (_range(code, axis, given) for axis, given in (("r", r), ("f", f), ("m", m)))
        conditions = listed(where, f"Rule({code!r}): where", 'a list of conditions, as in [("recency_days", "<=", 30)]')
        self.where = [_condition(code, condition) for condition in conditions]
        for option, text in (("name", name), ("name_zh", name_zh)):
            _check_text(f"Rule({code!r}): {option}", text)
        self.name = name or code
        self.name_zh = name_zh or self.name

    def native(self, language: str, scores: int) -> tuple[Any, ...]:
        """Return it as the core reads it."""
        axes = [(1, scores) if axis is None else axis for axis in (self.r, self.f, self.m)]
        return self.code, self.name_zh if language == "zh" else self.name, axes, self.where

    def __repr__(self) -> str:
        axes = "".join(f", {axis}={given}" for axis in "rfm" if (given := getattr(self, axis)) is not None)
        return f"Rule({self.code!r}{axes}{f', where={self.where}' if self.where else ''})"


class Segments:
    """A map of rules. Built only if it is one: gaps, overlaps and rules that no customer can reach are named.

    Parameters
    ----------
    rules : sequence of Rule
        Rules of the same code are one segment.
    default : str, optional
        The code of the customers that no rule takes. Without one, a gap is an error.
    default_name, default_name_zh : str, optional
        Its names.
    overlaps : {"raise", "first"}
        Where two rules of different codes hold: refuse the map, or let the first win.
    scores : int
        The best score of the analysis that the map is for.

    Raises
    ------
    ValueError
        If the rules are no map; every combination of scores, and of the stretches into which ``where`` cuts the values,
        is tried.

    Examples
    --------
    >>> import footfall as ff
    >>> ff.Segments([ff.Rule("good", r=(4, 5)), ff.Rule("best", r=5, f=5)])
    Traceback (most recent call last):
    ...
    ValueError: segments: no rule takes R 1–3 F 1–4 M 1–5; R 1–3 F 5 M 1–5 (type default="…" to name the customers
    that no rule takes). two rules take "good" and "best" in R 5 F 5 M 1–5 (type overlaps="first" to let the first of
    them win). no customer can reach "best" (earlier rules take all of theirs, or their limits are empty)
    >>> ff.Segments([ff.Rule("best", r=5, f=5), ff.Rule("good", r=(4, 5))], default="rest", overlaps="first")
    Segments(best, good; the rest: rest)
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        default: str | None = None,
        *,
        default_name: str | None = None,
        default_name_zh: str | None = None,
        overlaps: Literal["raise", "first"] = "raise",
        scores: int = 5,
    ) -> None:
        # The contract's limits.
        scores = whole(scores, "scores", 2, 100)
        self.rules = listed(rules, "Segments: rules", 'a list of ff.Rule, as in [ff.Rule("best", r=(4, 5))]')
        for option, text in (
            ("default", default), ("default_name", default_name), ("default_name_zh", default_name_zh),
        ):  # fmt: skip
            _check_text(f"Segments: {option}", text)
        for rule in self.rules:
            instance(rule, "Segments: rules=", "ff.Rule objects", Rule)
            for axis in "rfm":
                if (given := getattr(rule, axis)) is not None and given[1] > scores:
                    raise ValueError(f"{rule!r}: {axis} goes to {given[1]}, but scores end at {scores}")
        self.default = default
        self.scores = scores
        self._default_names = (default_name or default, default_name_zh or default_name or default)
        _native.check_segments({"rules": self.native("en"), "scores": scores, "rest": default, "overlaps": overlaps})

    def native(self, language: str) -> list[tuple[Any, ...]]:
        """Return the rules as the core reads them."""
        return [rule.native(language, self.scores) for rule in self.rules]

    def rest(self, language: str) -> tuple[str, str] | None:
        """Return code and name of the customers that no rule takes."""
        if self.default is None:
            return None
        return self.default, str(self._default_names[language == "zh"])

    def __repr__(self) -> str:
        codes = ", ".join(dict.fromkeys(rule.code for rule in self.rules))
        return f"Segments({codes}{f'; the rest: {self.default}' if self.default else ''})"


def _check_text(option: str, text: Any) -> None:
    if text is not None and not (isinstance(text, str) and text):
        raise (ValueError if text == "" else TypeError)(f"{option}={shown(text)}: give text that is not empty, or None")


def _range(code: str, axis: str, given: Any) -> tuple[int, int] | None:
    if given is None:
        return None
    both = (given, given) if isinstance(given, int) else tuple(given) if isinstance(given, (list, tuple)) else ()
    # Exactly a lowest and a highest.
    if len(both) != 2 or not all(isinstance(end, int) for end in both) or not 1 <= both[0] <= both[1] <= 100:  # noqa: PLR2004
        text = f"Rule({code!r}, {axis}={shown(given)}): give a score, or a lowest and a highest of 1 to 100"
        raise ValueError(text)
    return both


def _condition(code: str, given: Any) -> Condition:
    try:
        column, comparison, number = given
        return str(column), str(comparison), float(number)
    except (TypeError, ValueError):
        raise ValueError(
            f'Rule({code!r}, where=…): {shown(given)} is not a condition; write it as ("recency_days", "<=", 30)'
        ) from None
