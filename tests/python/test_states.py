"""Every analysis through its encoded state gives what it gives at once; a state that is damaged or not its own is refused.

Splits by customer, merges in any order and flipped bytes are tried in `tests/states.rs`; here is the way through Python,
with the options that the methods send.
"""

from __future__ import annotations

import pytest

import footfall as ff
from footfall import _native
from footfall.analyses.profile import brought_by
from test_golden import data, funnel_cases, journey_cases, rfm_cases, sales_cases

pytestmark = pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")


@pytest.fixture(scope="module")
def calls():
    """What the methods of both nouns ask the core for: log, name of the analysis, params."""
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        for entry in ("run", "run_rows"):
            asked = getattr(_native, entry)
            patch.setattr(_native, entry, lambda *call, asked=asked: seen.append(call) or asked(*call))
        # Results that answer further questions keep a handle of their own.
        for handle in (_native.Rfm, _native.Funnel, _native.Lifetime):
            name = handle.__name__

            def made(log, params, name=name, handle=handle):
                seen.append((log, name.lower(), params))
                return handle(log, params)

            patch.setattr(_native, name, made)
        of = data()
        for cases in (rfm_cases, sales_cases, funnel_cases, journey_cases):
            list(cases(of))
        of.cdnow.lifetime("90d")
        brought_by(of.orders, ["region", "gender"], [("region",), ("region", "gender")])
    return seen


def plain(found):
    """Tables as their bytes."""
    return {name: part.__reduce__()[1] if isinstance(part, _native.Table) else part for name, part in found.items()}


def test_all_analyses_are_asked_for(calls):
    assert {name for _, name, _ in calls} == set(_native.analyses())


def test_states_finish_as_the_whole(calls):
    for log, name, params in calls:
        state = _native.partial(log, name, params)
        assert plain(_native.finish(log, name, params, [state])) == plain(_native.run(log, name, params)), (
            name,
            params,
        )


def test_states_that_do_not_serve_are_refused(calls):
    firsts = {name: (log, params) for log, name, params in reversed(calls)}
    states = {name: _native.partial(log, name, params) for name, (log, params) in firsts.items()}
    for (name, (log, params)), other in zip(firsts.items(), [*states][1:] + [*states][:1], strict=True):
        state = states[name]
        for damaged in (state[:-1], b"\0" + state[1:], b""):
            with pytest.raises(ff.DataError, match="state"):
                _native.finish(log, name, params, [damaged])
        with pytest.raises(ff.DataError, match="customer"):
            _native.finish(log, name, params, [state, state])
        with pytest.raises(ff.DataError, match=other):
            _native.finish(log, name, params, [states[other]])
