"""The parameters of a funnel, as the core reads them; it refuses combinations without a meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import columns, instance, listed
from footfall.core.time_points import duration, moment
from footfall.data.exclude import Exclude
from footfall.data.step import steps_of

if TYPE_CHECKING:
    from footfall.data.step import Step

DEFAULTS: dict[str, Any] = {
    "window": None, "mode": "ordered", "anchor": "earliest_longest", "ties": "steps", "by": None,
    "attribution": "first", "same": None, "exclude": None, "unit": "customer", "gap": None, "start": None, "end": None,
    "follow_up": "any", "period": None,
}  # fmt: skip


def native_funnel(log: _native.Log, steps: Any, params: dict[str, Any]) -> tuple[_native.Funnel, list[Step]]:
    """Run a funnel."""
    made = steps_of(steps)
    names = [step.name for step in made]
    log, by = resolve_group_by(log, params["by"])
    read = {
        "steps": [step.native() for step in made],
        "window": duration(params["window"], "window", zero="allowed"),
        "start": moment(params["start"], "start"),
        "end": moment(params["end"], "end"),
        "by": by,
        "same": columns(params["same"], "same"),
        "exclude": _exclusions(params["exclude"], names),
        "gap": duration(params["gap"], "gap"),
    }
    return _native.Funnel(log, {**params, **read}), made


def _exclusions(exclude: Any, names: list[str]) -> list[Any]:
    if exclude is None:
        return []
    wanted = 'ff.Exclude, as in ff.Exclude("refund", after="cart"), or a list of them'
    given = [exclude] if isinstance(exclude, Exclude) else listed(exclude, "exclude", wanted)
    for one in given:
        instance(one, "exclude=", wanted, Exclude)
    return [one.native(names) for one in given]
