"""Funnels against all chains, and the table."""

from __future__ import annotations

import datetime as dt
import math
import random

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
import reference_funnel

SECOND = 10**6
STEPS = {
    "plain": ["a", "b", "c"],
    "repeated": ["a", "a", "b"],
    "any of": [["a", "b"], "a", "c"],
    "both": [["a", "b"], ["b", "c"], ["a", "c"], "c"],
    "two": ["b", "a"],
}


@st.composite
def logs(draw):
    event = st.tuples(st.integers(0, 3), st.integers(0, 6), st.sampled_from("abcx"))
    return draw(st.lists(event, max_size=18))


def read(drawn, **options):
    frame = pa.table(
        {
            "who": pa.array([who for who, _, _ in drawn], pa.int64()),
            "at": pa.array([at * SECOND for _, at, _ in drawn], pa.timestamp("us")),
            "what": pa.array([what for _, _, what in drawn], pa.string()),
        }
    )
    return ff.Events(frame, customer="who", time="at", event="what", **options)


def fits(steps, what):
    return {at for at, step in enumerate(steps) if what in (step if isinstance(step, list) else [step])}


def expected(drawn, steps, *, starts=(-1, 99), **rules):
    found = {}
    for who in sorted({who for who, _, _ in drawn}):
        events = []
        for _, at, what in sorted((event for event in drawn if event[0] == who), key=lambda event: event[1]):
            can = fits(steps, what)
            if not starts[0] <= at < starts[1]:
                can -= {0}
            events.append((at, can, set()))
        anchor = rules.get("anchor")
        ours = {name: rule for name, rule in rules.items() if name != "anchor"}
        times = tuple(
            time for time, _ in reference_funnel.reported(reference_funnel.chains(events, len(steps), **ours), anchor)
        )
        if times:
            found[who] = times
    return found


def ours(funnel):
    epoch = dt.datetime(1970, 1, 1)
    found = {}
    for row in funnel.per_customer.to_arrow().to_pylist():
        times = [row[f"t{step}"] for step in range(1, len(row) - 1)]
        assert [time is not None for time in times] == [step < row["depth"] for step in range(len(times))]
        found[row["who"]] = tuple((time - epoch) // dt.timedelta(seconds=1) for time in times if time is not None)
    return found


def quietly(call):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ff.FootfallWarning)
        return call()


@settings(max_examples=600, deadline=None)
@given(
    drawn=logs(),
    name=st.sampled_from(list(STEPS)),
    window=st.sampled_from([None, 0, 1, 2, 3, 6]),
    ties=st.sampled_from(["steps", "later"]),
    anchor=st.sampled_from(["earliest_longest", "first_entry"]),
)
def test_chains_are_those_of_brute_force(drawn, name, window, ties, anchor):
    steps = STEPS[name]
    limit = None if window is None else dt.timedelta(seconds=window)
    funnel = quietly(lambda: read(drawn).funnel(steps, window=limit, ties=ties, anchor=anchor))
    found = expected(drawn, steps, window=window, ties=ties, anchor=anchor)
    assert ours(funnel) == found
    depths = [len(times) for times in found.values()]
    table = funnel.to_arrow().to_pylist()
    assert [row["reached"] for row in table] == [sum(depth > at for depth in depths) for at in range(len(steps))]
    for at in range(1, len(steps)):
        gaps = [times[at] - times[at - 1] for times in found.values() if len(times) > at]
        assert table[at]["time_median"] == (pytest.approx(np.median(gaps)) if gaps else None)
        assert table[at]["time_p90"] == (pytest.approx(np.quantile(gaps, 0.9)) if gaps else None)
        assert table[at]["lost"] == table[at - 1]["reached"] - table[at]["reached"]


@settings(max_examples=150, deadline=None)
@given(
    drawn=logs(),
    window=st.sampled_from([1, 3]),
    start=st.integers(0, 4),
    length=st.integers(1, 4),
    anchor=st.sampled_from(["earliest_longest", "first_entry"]),
)
def test_start_and_end_bound_step_one(drawn, window, start, length, anchor):
    steps, limits = STEPS["both"], (start, start + length)
    bounds = [dt.datetime(1970, 1, 1, 0, 0, second) for second in limits]
    funnel = quietly(
        lambda: read(drawn).funnel(steps, window=f"{window}s", start=bounds[0], end=bounds[1], anchor=anchor)
    )
    # A naive midnight is a date, whose start is the same instant.
    assert ours(funnel) == expected(drawn, steps, starts=limits, window=window, ties="steps", anchor=anchor)


@settings(max_examples=150, deadline=None)
@given(drawn=logs(), window=st.sampled_from([1, 3]))
def test_follow_up(drawn, window):
    steps = STEPS["plain"]
    last = max((at for _, at, _ in drawn), default=0)
    short = sum(what == "a" and last - at < window for _, at, what in drawn)
    for policy, starts in (("any", (-1, 99)), ("full", (-1, last - window + 1))):
        funnel = quietly(lambda policy=policy: read(drawn).funnel(steps, window=f"{window}s", follow_up=policy))
        assert funnel.censored == short
        found = expected(drawn, steps, starts=starts, window=window, ties="steps", anchor="earliest_longest")
        assert ours(funnel) == found


@settings(max_examples=60, deadline=None)
@given(drawn=logs(), seed=st.integers(0, 99), threads=st.integers(1, 3), cut=st.integers(0, 18))
def test_batches_threads_and_the_order_of_rows_change_nothing(drawn, seed, threads, cut):
    table = quietly(lambda: read(drawn).funnel(STEPS["both"], window="3s"))
    shuffled = drawn[:]
    random.Random(seed).shuffle(shuffled)
    frame = pa.table(
        {
            "who": pa.array([who for who, _, _ in shuffled], pa.int64()),
            "at": pa.array([at * SECOND for _, at, _ in shuffled], pa.timestamp("us")),
            "what": pa.array([what for _, _, what in shuffled], pa.string()).dictionary_encode(),
        }
    )
    frame = pa.concat_tables([frame.slice(0, cut), frame.slice(cut)])
    try:
        ff.options.threads = threads
        events = ff.Events(frame, customer="who", time="at", event="what")
        again = quietly(lambda: events.funnel(STEPS["both"], window="3s"))
    finally:
        ff.options.threads = None
    assert again.to_arrow().equals(table.to_arrow())
    assert again.per_customer.to_arrow().equals(table.per_customer.to_arrow())


def test_one_row_fills_one_step_among_ties():
    # Steps [[A, B], A]: one row A gives depth 1; rows A and B at one instant give 2.
    steps = [["a", "b"], "a"]

    assert ours(quietly(lambda: read([(0, 0, "a")]).funnel(steps))) == {0: (0,)}
    assert ours(read([(0, 0, "a"), (0, 0, "b")]).funnel(steps)) == {0: (0, 0)}


def shop():
    """Hundred view, forty of them pay, ten in the log's last hour."""
    rows = [(who, who * 60, "view", None, "phone" if who % 2 else "web") for who in range(100)]
    rows += [(who, who * 60 + 30, "pay", 10.0 if who else None, "phone") for who in range(40)]
    return pl.DataFrame(
        rows,
        orient="row",
        schema={"who": pl.Int64, "at": pl.Int64, "what": pl.String, "money": pl.Float64, "device": pl.String},
    )


def test_the_table(tmp_path):
    events = ff.Events(shop(), customer="who", time="at", event="what", value="money", time_unit="s")
    funnel = events.funnel(["view", "pay"], window="1h")
    view, pay = funnel.table.to_dicts()
    assert (view["reached"], pay["reached"], pay["lost"], view["lost"]) == (100, 40, 60, None)
    assert (view["step_rate"], pay["step_rate"], view["overall_rate"]) == (None, 0.4, 1.0)
    # Wilson's interval of 40 in 100, as R's binom::binom.wilson prints it.
    assert (round(pay["step_low"], 4), round(pay["step_high"], 4)) == (0.3094, 0.498)
    assert (pay["time_median"], pay["time_p90"]) == (30.0, 30.0)
    # One point more of 100 viewers, all of whom then are through; at a mean of 10 each.
    assert (pay["point_value"], pay["point_money"]) == (1.0, 10.0)
    assert funnel.censored == sum(99 * 60 - who * 60 < 3600 for who in range(100))
    assert funnel.stopped_at("view").num_rows == funnel.stopped_at(1).num_rows == 60
    assert funnel.stopped_at("pay").table["who"].to_list() == list(range(40))
    assert funnel.per_customer.join(shop()).height == 140


def test_conditions_name_roles_and_columns():
    events = ff.Events(shop(), customer="who", time="at", event="what", value="money", device="device", time_unit="s")

    def reached(*where, event="view"):
        return events.funnel([ff.Step(event, where=where), "pay"]).table["reached"].to_list()

    assert reached(("device", "==", "phone")) == [50, 20]
    assert reached(("device", "!=", "phone")) == [50, 20]
    assert reached(("device", ">", "phone")) == [50, 20]
    assert events.funnel(["view", ff.Step("pay", where=[("value", ">", 0)], name="paid")]).table[
        "reached"
    ].to_list() == [100, 39]
    assert events.funnel(["view", ff.Step("pay", where=[("money", "<", 0.5)])]).table["reached"].to_list() == [100, 0]


def test_weakest():
    events = ff.Events(shop(), customer="who", time="at", event="what", time_unit="s")
    funnel = events.funnel(["view", "pay"])
    assert (funnel.weakest().name, funnel.weakest().rate, funnel.weakest().baseline) == ("pay", 0.4, None)
    against = funnel.weakest([0.5])
    assert against.difference == pytest.approx(-0.1)
    assert (against.difference_low, against.difference_high) == pytest.approx((-0.1906, -0.002), abs=1e-3)
    assert funnel.weakest({"pay": 0.5}) == against
    # Newcombe (1998), table II: 56/70 against 48/80 is .2 with .0524 to .3339 by method 10.
    rows = [(who, 0, "view") for who in range(150)]
    first = read([*rows[:70], *[(who, 1, "pay") for who in range(56)]]).funnel(["view", "pay"])
    second = read([*rows[:80], *[(who, 1, "pay") for who in range(48)]]).funnel(["view", "pay"])
    compared = first.weakest(second)
    assert (round(compared.difference, 4), round(compared.difference_low, 4), round(compared.difference_high, 4)) == (
        0.2,
        0.0524,
        0.3339,
    )


def test_a_second_funnel_does_not_read_again():
    table = pa.table({"who": [1, 1], "at": [0, 5], "what": ["a", "b"]})
    events = ff.Events(table.to_reader(), customer="who", time="at", event="what", time_unit="s")
    assert events.funnel(["a", "b"]).to_arrow()["reached"].to_pylist() == [1, 1]
    assert events.funnel(["b", "a"]).to_arrow()["reached"].to_pylist() == [1, 0]


def test_quality_and_between():
    frame = pd.DataFrame(
        {
            "who": [1, 2, None, 3, 4],
            "at": ["2024-01-01", "2024-01-02", "2024-01-02", None, "2024-01-03"],
            "what": ["a", "a", "a", "a", None],
        }
    )
    events = ff.Events(frame, customer="who", time="at", event="what")
    assert events.quality.left_out == {"null_customer": 1, "null_time": 1, "null_event": 1}
    assert (events.quality.rows_read, events.quality.rows_used, events.quality.customers) == (5, 2, 2)
    part = events.between("2024-01-02")
    assert part.quality.left_out["before_period"] == 1
    assert part.funnel(["a", "a"]).table["reached"].tolist() == [1, 0]
    assert events.between(end="2024-01-02").funnel(["a", "a"]).table["reached"].tolist() == [1, 0]
    assert events.end == dt.datetime(2024, 1, 2)
    with pytest.raises(ff.DataError, match="have no event, the first is row 4"):
        ff.Events(frame.iloc[[0, 1, 1, 1, 4]], customer="who", time="at", event="what", nulls="raise")


BAD = {
    "one step": (lambda e: e.funnel(["a"]), ValueError, "2 to 64 steps"),
    "text": (lambda e: e.funnel("a"), TypeError, "give a list of steps"),
    "ties": (lambda e: e.funnel(["a", "b"], ties="first"), ValueError, 'give "steps" or "later"'),
    "anchor": (lambda e: e.funnel(["a", "b"], anchor="best"), ValueError, '"earliest_longest", "first_entry"'),
    "follow_up": (lambda e: e.funnel(["a", "b"], window="1d", follow_up="some"), ValueError, 'give "any" or "full"'),
    "full without window": (lambda e: e.funnel(["a", "b"], follow_up="full"), ValueError, "needs window="),
    "window": (lambda e: e.funnel(["a", "b"], window="soon"), ValueError, 'as in "30m"'),
    "where": (lambda e: e.funnel([ff.Step("a", where=[("devise", "==", "x")]), "b"]), ff.ColumnError, 'it has "what"'),
    "condition": (lambda e: ff.Step("a", where=[("v", "=", 1)]), ValueError, "one of <, <=, >"),
    "step": (lambda e: e.funnel(["a", "b"]).stopped_at("c"), ValueError, "is not one of 'a', 'b'"),
    "rates": (lambda e: e.funnel(["a", "b"]).weakest([0.5, 0.5]), ValueError, "give 1 rates"),
    "steps differ": (lambda e: e.funnel(["a", "b"]).weakest(e.funnel(["a", "a"])), ValueError, "has other steps"),
}


@pytest.mark.parametrize("case", BAD)
def test_errors(case):
    call, kind, words = BAD[case]
    with pytest.raises(kind, match=words):
        call(read([(0, 0, "a"), (0, 1, "b")]))


def test_an_unknown_event_is_said():
    with pytest.warns(ff.FootfallWarning, match='no event is named "veiw"; the log has a, b'):
        read([(0, 0, "a"), (0, 1, "b")]).funnel(["veiw", "b"])


def test_64_steps_and_the_wilson_limits():
    steps = [f"s{at}" for at in range(64)]
    funnel = read([(0, at, step) for at, step in enumerate(steps)]).funnel(steps)
    assert funnel.to_arrow()["reached"].to_pylist() == [1] * 64
    assert all(row["step_high"] in {1.0, None} for row in funnel.to_arrow().to_pylist())
    assert math.isclose(funnel.to_arrow()["step_low"].to_pylist()[1], 0.20654931, abs_tol=1e-8)


def test_the_plot_can_be_read_with_eight_chinese_steps():
    names = ["浏览首页", "搜索商品", "查看详情", "加入购物车", "开始结算", "填写地址", "提交订单", "完成支付"]
    drawn = [(who, at, name) for who in range(100) for at, name in enumerate(names[: 8 - who // 13])]
    picture = read(drawn).funnel(names).plot(language="zh")._repr_mimebundle_()["image/svg+xml"]
    for name in names:
        assert name in picture
    assert "转化漏斗" in picture
    assert ">100 (100.0%)<" in picture


def test_logs_are_joined_by_customer():
    drawn = [(0, 0, "a"), (0, 2, "c"), (1, 1, "a"), (2, 0, "a")]
    whole = read([*drawn, (0, 1, "b"), (1, 2, "b")])
    parts = ff.Events.concat([read(drawn), read([(0, 1, "b"), (1, 2, "b")])])
    assert ours(parts.funnel(["a", "b", "c"])) == ours(whole.funnel(["a", "b", "c"]))
    assert parts.quality.rows_used == 6
    with pytest.raises(TypeError, match=r"takes a list of ff\.Events"):
        ff.Events.concat([])
    with pytest.raises(ValueError, match="call between"):
        ff.Events.concat([read(drawn).between(end="1970-01-02")])


def test_roles_types_and_zones_when_logs_are_joined():
    def log(key, zone=None, **more):
        columns = {"who": key, "at": ["2024-01-01"] * len(key), "what": ["a"] * len(key), **more}
        roles = {name: name for name in more}
        return ff.Events(pa.table(columns), customer="who", time="at", event="what", timezone=zone, **roles)

    joined = ff.Events.concat([
        log(pa.array([1, 2], pa.int32()), value=[1.5, None], device=pa.array(["x", "y"]).dictionary_encode()),
        log(pa.array([2], pa.int64()), session=["s"], device=pa.array(["z"], pa.string_view())),
    ])  # fmt: skip
    assert joined.funnel([ff.Step("a", where=[("device", "!=", "x")]), "a"]).to_arrow()["reached"].to_pylist() == [1, 1]
    assert joined.funnel([ff.Step("a", where=[("value", ">", 1)]), "a"]).to_arrow()["reached"].to_pylist() == [1, 0]
    with pytest.raises(ff.DataError, match="convert both to one type"):
        ff.Events.concat([log([1]), log([b"x"])])
    # Keys match by value: the text "1" is the number 1.
    assert ff.Events.concat([log([1, 2]), log(["1", "x"])]).quality.customers == 3
    with pytest.raises(ff.DataError, match="different zones"):
        ff.Events.concat([log([1]), log([1], zone="Asia/Shanghai")])
    shanghai = ff.Events.concat([log([1], zone="Asia/Shanghai"), log([2], zone="Asia/Shanghai")])
    assert shanghai.timezone == "Asia/Shanghai"


def test_orders_and_customers_become_events(cdnow):
    pays = cdnow.as_events("pay")
    assert pays.quality.rows_used == 6919
    again = pays.funnel(["pay", "pay"])
    # Who ordered twice, by pandas.
    frame = pd.read_parquet(ff.datasets.CDNOW)
    assert again.to_arrow()["reached"].to_pylist() == [2357, int((frame.groupby("customer_id").size() > 1).sum())]
    part = cdnow.between("1998-01-01", "1998-02-01").as_events()
    assert part.quality.rows_used == int(pd.to_datetime(frame["date"]).between("1998-01-01", "1998-01-31").sum())
    known = pd.DataFrame({"who": [1, 2, 3], "since": pd.to_datetime(["2024-01-01", "2024-01-02", None])})
    people = ff.Customers(known, customer="who", registered="since")
    orders = ff.Orders(
        pd.DataFrame({"who": [1], "t": ["2024-01-05"], "a": [3.0]}), customer="who", time="t", amount="a"
    )
    funnel = ff.Events.concat([people.as_events(), orders.as_events("pay")]).funnel(["register", "pay"], window="7d")
    assert funnel.table["reached"].tolist() == [2, 1]
    assert funnel.table["time_median"].tolist()[1] == 4 * 86_400
    with pytest.raises(ValueError, match="have no registered="):
        ff.Customers(known, customer="who").as_events()
