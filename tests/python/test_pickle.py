"""Results, models, edges, segments and steps go through pickles and copies; logs say what to keep instead."""

from __future__ import annotations

import copy
import pickle

import cloudpickle
import joblib
import pytest

import footfall as ff
from test_golden import CASES, data, model_cases

SAVES = [
    lambda value: pickle.loads(pickle.dumps(value)),
    lambda value: cloudpickle.loads(cloudpickle.dumps(value)),
    copy.deepcopy,
    copy.copy,
]


@pytest.fixture(scope="module")
def logs():
    return data()


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@pytest.mark.parametrize("cases", [*CASES, model_cases], ids=lambda cases: cases.__name__)
def test_every_result_comes_back(logs, cases):
    for name, parts in cases(logs):
        for part in parts:
            back = pickle.loads(pickle.dumps(part))
            assert type(back) is type(part), name
            if isinstance(part, ff.Table):
                assert back.to_arrow().equals(part.to_arrow()), name
                assert repr(back) == repr(part), name
            if isinstance(part, ff.results.Result):
                assert back.quality == part.quality, name
                assert copy.deepcopy(part) is part, name
            assert back._repr_html_() == part._repr_html_() if hasattr(part, "_repr_html_") else True


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_results_go_to_other_processes(logs):
    results = [logs.orders.rfm(), logs.events.funnel(["view", "pay"]), logs.cdnow.lifetime("90d")]
    rows = joblib.Parallel(n_jobs=2)(joblib.delayed(len)(result) for result in results)
    assert rows == [len(result) for result in results]


@pytest.mark.parametrize("save", SAVES, ids=["pickle", "cloudpickle", "deepcopy", "copy"])
def test_models_edges_segments_and_steps_come_back(save):
    model = ff.MbgNbd(0.5, 6, 0.9, 1.6)
    assert save(model).parameters == model.parameters
    edges = ff.Edges(recency=[90.0, 60, 30, 10], frequency=[1.0, 2, 3, 4], monetary=[5.0, 10, 20, 40])
    assert save(edges).to_json() == edges.to_json()
    rules = ff.Segments([ff.Rule("best", r=(4, 5)), ff.Rule("rest", r=(1, 3))])
    assert [rule.code for rule in save(rules).rules] == ["best", "rest"]
    step = ff.Step("pay", where=[("value", ">", 0)], name="paid")
    assert repr(save(step)) == repr(step)
    spend = ff.GammaGamma(6.25, 3.74, 15.4)
    assert save(spend).parameters == spend.parameters


def test_what_needs_the_log_says_so_after_a_pickle(logs):
    rfm = pickle.loads(pickle.dumps(logs.cdnow.rfm("1997-12-31", lookback="180d")))
    assert rfm.segments.num_rows == 10
    assert rfm.customers("champions").num_rows == rfm.segments.rows()[0][2]
    assert 0 < rfm.concentration.gini < 1
    with pytest.raises(ff.FootfallError, match="came out of a pickle"):
        rfm.migration(logs.cdnow.rfm("1998-06-30", lookback="180d"))
    funnel = pickle.loads(pickle.dumps(logs.events.funnel(["view", "pay"])))
    with pytest.raises(ff.FootfallError, match="run the analysis again"):
        _ = funnel.per_customer


@pytest.mark.parametrize("save", SAVES[:3], ids=["pickle", "cloudpickle", "deepcopy"])
def test_logs_say_what_to_keep_instead(logs, save):
    for log, noun in ((logs.orders, "Orders"), (logs.events, "Events")):
        with pytest.raises(TypeError, match=f"ff.{noun} cannot be pickled.*Pickle a result"):
            save(log)
