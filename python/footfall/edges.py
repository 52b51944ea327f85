"""Edges between scores, to save and to apply to another period."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from footfall.core.checks import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = ("recency", "frequency", "monetary")


@dataclass(frozen=True)
class Edges:
    """Edges of the scores 2 … k: an edge belongs to the better class.

    Parameters
    ----------
    recency : sequence of float or None
        In days, falling: a customer reaches score s with at most ``recency[s - 2]`` days.
    frequency, monetary : sequence of float or None
        Rising: a customer reaches score s with at least ``frequency[s - 2]``.

    Notes
    -----
    None stands for a score that no value earned; nobody reaches it.

    Examples
    --------
    >>> import footfall as ff
    >>> edges = ff.Edges(recency=[180, 90, 30, 7], frequency=[2, 3, 5, 10], monetary=[50, 100, 200, 500])
    >>> ff.Edges.from_json(edges.to_json()) == edges
    True
    >>> rfm = ff.datasets.load_cdnow().rfm(edges=edges)
    >>> rfm.edges == edges
    True
    """

    recency: Sequence[float | None]
    frequency: Sequence[float | None]
    monetary: Sequence[float | None]

    def __post_init__(self) -> None:
        for name in _NAMES:
            given = listed(getattr(self, name), f"Edges: {name}", "a list of edges, as rfm.edges has them")
            cuts = tuple(_edge(name, value) for value in given)
            known = [cut for cut in cuts if cut is not None]
            if cuts and known != sorted(known, reverse=name == "recency"):
                order = "fall" if name == "recency" else "rise"
                raise ValueError(f"Edges({name}={list(cuts)}): the edges must {order} from score 2 to the best")
            if None in cuts and any(cut is not None for cut in cuts[cuts.index(None) :]):
                raise ValueError(f"Edges({name}={list(cuts)}): who cannot reach a score reaches no better one")
            object.__setattr__(self, name, cuts)
        if len({len(getattr(self, name)) for name in _NAMES}) > 1:
            raise ValueError(
                "Edges: recency, frequency and monetary need the same number of edges, one less than scores"
            )

    def to_json(self) -> str:
        """Return the edges as JSON."""
        return json.dumps({name: list(getattr(self, name)) for name in _NAMES})

    @classmethod
    def from_json(cls, text: str) -> Edges:
        """Read what :meth:`to_json` wrote."""
        try:
            values = json.loads(text) if isinstance(text, (str, bytes)) else {}
            return cls(**{name: values[name] for name in _NAMES})
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"this JSON holds no edges ({error}); give what Edges.to_json() wrote") from error

    def cuts(self, scores: int) -> list[list[float | None]]:
        """Return the edges as the core reads them."""
        if len(self.recency) != scores - 1:
            raise ValueError(
                f"edges= holds {len(self.recency)} edges, for {len(self.recency) + 1} scores; scores={scores} needs "
                f"{scores - 1}"
            )
        return [list(getattr(self, name)) for name in _NAMES]


def _edge(name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"Edges({name}=…): {shown(value)} is not a number") from None
    if math.isnan(number):
        raise ValueError(f"Edges({name}=…): an edge is not a number; give None for a score that nobody reaches")
    return number
