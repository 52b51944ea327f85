"""Every option of a funnel against all chains, and the tables of the docstring."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_funnel import SECOND, quietly

import footfall as ff
import reference_funnel as reference

EPOCH = dt.datetime(1970, 1, 1)
STEPS = {
    "plain": ["a", "b", "c"],
    "repeated": ["a", "a", "b"],
    "both": [["a", "b"], ["b", "c"], "c"],
}
ANCHORS = ["earliest_longest", "first_entry", "first_completion", "latest_entry"]
EXCLUDES = {
    "none": [],
    "any": [ff.Exclude("x")],
    "early": [ff.Exclude("x", before=2)],
    "late": [ff.Exclude("x", after=2)],
    "two": [ff.Exclude("x", after=2), ff.Exclude(["y"], after=1, before=2)],
}
SPANS = {"none": [], "any": [(0, 2)], "early": [(0, 1)], "late": [(1, 2)], "two": [(1, 2), (0, 1)]}
MEMBERS = {"two": {"x": {0}, "y": {1}}}


@st.composite
def logs(draw, most=12):
    event = st.tuples(
        st.integers(0, 1), st.integers(0, 7), st.sampled_from("aabbcxy"), st.sampled_from([1, 1, 2, None])
    )
    return sorted(draw(st.lists(event, max_size=most)), key=lambda event: event[1])


def read(drawn):
    frame = pa.table(
        {
            "who": pa.array([event[0] for event in drawn], pa.int64()),
            "at": pa.array([event[1] * SECOND for event in drawn], pa.timestamp("us")),
            "what": pa.array([event[2] for event in drawn], pa.string()),
            "product": pa.array([event[3] for event in drawn], pa.int64()),
        }
    )
    return ff.Events(frame, customer="who", time="at", event="what", product="product")


def events_of(drawn, name, exclude="none", product=...):
    """The events of each customer, as the reference takes them."""
    steps, found = STEPS[name], defaultdict(list)
    for who, at, what, item in drawn:
        if product is not ... and item != product:
            continue
        fits = {n for n, step in enumerate(steps) if what in (step if isinstance(step, list) else [step])}
        member = MEMBERS.get(exclude, {"x": {0} if SPANS[exclude] else set()}).get(what, set())
        found[who].append((at, fits, member))
    return found


def chains_of(funnel, extra=()):
    """Times in seconds by customer (and by what stands beside it), chain after chain."""
    found = defaultdict(list)
    for row in funnel.per_customer.to_arrow().to_pylist():
        times = [row[f"t{n}"] for n in range(1, 65) if row.get(f"t{n}") is not None]
        assert len(times) == row["depth"]
        key = (row["who"], *(row[name] for name in extra)) if extra else row["who"]
        found[key].append(tuple((time - EPOCH) // dt.timedelta(seconds=1) for time in times))
    return dict(found)


def seconds(window):
    return None if window is None else dt.timedelta(seconds=window)


@settings(max_examples=600, deadline=None)
@given(
    drawn=logs(),
    name=st.sampled_from(list(STEPS)),
    window=st.sampled_from([None, 0, 1, 2, 4]),
    mode=st.sampled_from(["ordered", "contiguous"]),
    ties=st.sampled_from(["steps", "later"]),
    anchor=st.sampled_from(ANCHORS),
    exclude=st.sampled_from(list(EXCLUDES)),
    starts=st.sampled_from([None, (1, 4)]),
)
def test_mode_anchor_ties_and_exclusions(drawn, name, window, mode, ties, anchor, exclude, starts):
    if mode == "contiguous":
        exclude = "none"
    bounds = (
        {} if starts is None else {"start": EPOCH.replace(second=starts[0]), "end": EPOCH.replace(second=starts[1])}
    )
    funnel = quietly(
        lambda: read(drawn).funnel(
            STEPS[name],
            window=seconds(window),
            mode=mode,
            ties=ties,
            anchor=anchor,
            exclude=EXCLUDES[exclude],
            **bounds,
        )
    )
    rules = {"window": window, "mode": mode, "ties": ties, "exclusions": SPANS[exclude]}
    rules |= {} if starts is None else {"starts": starts}
    expected = {}
    for who, events in events_of(drawn, name, exclude).items():
        chain = reference.reported(reference.chains(events, len(STEPS[name]), **rules), anchor)
        if chain:
            expected[who] = [tuple(time for time, _ in chain)]
    assert chains_of(funnel) == expected


@settings(max_examples=250, deadline=None)
@given(drawn=logs(), name=st.sampled_from(list(STEPS)), window=st.sampled_from([None, 0, 1, 3]))
def test_steps_in_any_order(drawn, name, window):
    funnel = quietly(lambda: read(drawn).funnel(STEPS[name], window=seconds(window), mode="unordered"))
    found = {who: reference.unordered(events, 3, window=window) for who, events in events_of(drawn, name).items()}
    assert chains_of(funnel) == {who: [times] for who, times in found.items() if times}
    assert [row["name"] for row in funnel.to_arrow().to_pylist()] == ["1 of 3", "2 of 3", "3 of 3"]


@settings(max_examples=250, deadline=None)
@given(
    drawn=logs(),
    window=st.sampled_from([None, 1, 3]),
    mode=st.sampled_from(["ordered", "contiguous"]),
    anchor=st.sampled_from(ANCHORS),
    exclude=st.sampled_from(["none", "late"]),
)
def test_same_value_in_every_step(drawn, window, mode, anchor, exclude):
    exclude = "none" if mode == "contiguous" else exclude
    funnel = quietly(
        lambda: read(drawn).funnel(
            STEPS["plain"],
            window=seconds(window),
            mode=mode,
            anchor=anchor,
            same=["product"],
            exclude=EXCLUDES[exclude],
        )
    )
    rules = {"window": window, "mode": mode, "exclusions": SPANS[exclude]}
    found = defaultdict(list)
    for product in (1, 2):
        for who, events in events_of(drawn, "plain", exclude, product).items():
            chain = reference.reported(reference.chains(events, 3, **rules), anchor)
            if chain:
                found[who].append(tuple(time for time, _ in chain))
    ours = chains_of(funnel)
    assert ours.keys() == found.keys()
    for who, chains in found.items():
        (mine,) = ours[who]
        assert mine in chains
        if anchor == "first_entry":
            assert mine[0] == min(chain[0] for chain in chains)
            continue
        deepest = [chain for chain in chains if len(chain) == max(map(len, chains))]
        key = {
            "earliest_longest": lambda chain: chain[0],
            "latest_entry": lambda chain: -chain[0],
            "first_completion": lambda chain: (chain[-1], -chain[0]),
        }[anchor]
        assert len(mine) == len(deepest[0])
        assert key(mine) == min(map(key, deepest))


@settings(max_examples=250, deadline=None)
@given(
    drawn=logs(),
    name=st.sampled_from(list(STEPS)),
    window=st.sampled_from([None, 0, 1, 3]),
    mode=st.sampled_from(["ordered", "contiguous"]),
    exclude=st.sampled_from(["none", "any", "late"]),
)
def test_attempts_follow_each_other(drawn, name, window, mode, exclude):
    exclude = "none" if mode == "contiguous" else exclude
    funnel = quietly(
        lambda: read(drawn).funnel(
            STEPS[name], window=seconds(window), mode=mode, unit="attempt", exclude=EXCLUDES[exclude]
        )
    )
    rules = {"window": window, "mode": mode, "exclusions": SPANS[exclude], "steps_": 3}
    found = {who: reference.attempts(events, 3, **rules) for who, events in events_of(drawn, name, exclude).items()}
    assert chains_of(funnel) == {who: chains for who, chains in found.items() if chains}
    numbers = funnel.per_customer.to_arrow().to_pylist()
    assert [row["attempt"] for row in numbers] == [n for who in sorted(found) for n in range(1, len(found[who]) + 1)]


@settings(max_examples=150, deadline=None)
@given(drawn=logs(14), gap=st.sampled_from([1, 2]), anchor=st.sampled_from(ANCHORS))
def test_sessions_by_gap_and_by_column(drawn, gap, anchor):
    numbered, last = [], {}
    for who, at, what, _ in drawn:
        before, number = last.get(who, (at, 1))
        last[who] = (at, number + (at - before > gap))
        numbered.append((who, at, what, last[who][1]))
    by_gap = quietly(lambda: read(drawn).funnel(STEPS["plain"], unit="session", gap=seconds(gap), anchor=anchor))
    frame = pa.table(
        {
            "who": pa.array([event[0] for event in numbered], pa.int64()),
            "at": pa.array([event[1] * SECOND for event in numbered], pa.timestamp("us")),
            "what": pa.array([event[2] for event in numbered], pa.string()),
            "visit": pa.array([event[3] for event in numbered], pa.int64()),
        }
    )
    log = ff.Events(frame, customer="who", time="at", event="what", session="visit")
    by_column = quietly(lambda: log.funnel(STEPS["plain"], unit="session", anchor=anchor))
    assert chains_of(by_gap, ["session"]) == chains_of(by_column, ["session"])
    for (who, session), (chain,) in chains_of(by_gap, ["session"]).items():
        events = [(at, what) for other, at, what, number in numbered if (other, number) == (who, session)]
        plain = [(at, {"abc".index(what)} if what in "abc" else set(), set()) for at, what in events]
        assert chain == tuple(time for time, _ in reference.reported(reference.chains(plain, 3), anchor))


@settings(max_examples=150, deadline=None)
@given(
    drawn=logs(14),
    attribution=st.sampled_from(["first", "last", "each", "b"]),
    mode=st.sampled_from(["ordered", "contiguous", "unordered"]),
    window=st.sampled_from([None, 2]),
)
def test_a_breakdown_loses_no_conversion(drawn, attribution, mode, window):
    log, steps = read(drawn), STEPS["plain"]
    total = quietly(lambda: log.funnel(steps, mode=mode, window=seconds(window))).to_arrow()["reached"].to_pylist()
    broken = quietly(
        lambda: log.funnel(steps, mode=mode, window=seconds(window), by="product", attribution=attribution)
    )
    sums = [0, 0, 0]
    values = defaultdict(list)
    for row in broken.to_arrow().to_pylist():
        sums[row["step"] - 1] += row["reached"]
        values[row["product"]].append(row["reached"])
    if attribution in {"first", "last"}:
        assert sums == total
    elif attribution == "b" and mode != "unordered":
        assert sums[1:] == total[1:]
        assert sums[0] == total[1]
    elif attribution == "each":
        for value, reached in values.items():
            alone = [event for event in drawn if event[3] == value]
            assert (
                reached
                == quietly(lambda a=alone: read(a).funnel(steps, mode=mode, window=seconds(window)))
                .to_arrow()["reached"]
                .to_pylist()
            )
    assert list(values) == sorted(values, key=lambda value: (value is None, value))


def test_attribution_reads_the_reported_chain():
    log = pl.DataFrame({"who": [1] * 3, "at": [0, 1, 2], "what": ["a", "b", "c"], "product": ["x", None, "z"]})
    events = ff.Events(log, customer="who", time="at", event="what", product="product", time_unit="s")
    found = {
        how: events.funnel(["a", "b", "c"], by="product", attribution=how).table["product"].to_list()[0]
        for how in ("first", "last", "b", "c")
    }
    assert found == {"first": "x", "last": "z", "b": None, "c": "z"}


def test_attributes_and_columns_of_results_stand_in_by():
    log = pl.DataFrame(
        {
            "who": [1, 1, 2, 2, 3],
            "at": [0, 1, 0, 1, 5],
            "what": ["a", "b", "a", "b", "a"],
            "device": ["p", "p", "w", "w", "w"],
        }
    )
    events = ff.Events(log, customer="who", time="at", event="what", time_unit="s", device="device")
    people = ff.Customers(pl.DataFrame({"who": [1, 2], "gender": ["f", "m"]}), customer="who", gender="gender")
    known = events.with_customers(people)
    table = known.funnel(["a", "b"], by=["gender", "device"]).table
    assert table.filter(pl.col("step") == 1).select("gender", "device", "reached").rows() == [
        ("f", "p", 1), ("m", "w", 1), (None, "w", 1),
    ]  # fmt: skip
    depth = events.funnel(["a", "b"]).per_customer["depth"]
    assert events.funnel(["a", "b"], by=depth).table.select("depth", "reached").rows() == [
        (1, 1),
        (1, 0),
        (2, 2),
        (2, 2),
    ]


@settings(max_examples=100, deadline=None)
@given(
    events=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90), st.sampled_from("abc")), max_size=25),
    mode=st.sampled_from(["ordered", "unordered"]),
)
def test_a_period_is_a_funnel_of_the_chains_that_start_in_it(events, mode):
    frame = pl.DataFrame(
        [(who, EPOCH + dt.timedelta(hours=6 * at), what) for who, at, what in events],
        orient="row",
        schema={"who": pl.Int64, "at": pl.Datetime("us"), "what": pl.String},
    )
    log = ff.Events(frame, customer="who", time="at", event="what")
    by_week = quietly(lambda: log.funnel(["a", "b", "c"], window="4d", period="week", mode=mode)).table
    for (week,), part in by_week.group_by("period", maintain_order=True):
        assert week.weekday() == 0
        alone = quietly(
            lambda w=week: log.funnel(["a", "b", "c"], window="4d", start=w, end=w + dt.timedelta(days=7), mode=mode)
        )
        assert part["reached"].to_list() == alone.table["reached"].to_list()
    starts = {EPOCH.date() - dt.timedelta(days=3) + dt.timedelta(days=(6 * at // 24 + 3) // 7 * 7)
              for _, at, what in events if what == "a" or mode == "unordered"}  # fmt: skip
    assert set(by_week["period"].to_list()) == starts


def test_the_docstring_is_the_test():
    text = ff.Events.funnel.__doc__
    plain = re.findall(r"^\s+([ABCx= ]+?)  +(none|\d+) +(\w+) +(steps|later) +([\d, ]+)$", text, re.MULTILINE)
    options = re.findall(r"^\s+([ABCRx12=. ]+?)  +(\w+=.*?\S)  +([\d, |]+)$", text, re.MULTILINE)
    assert (len(plain), len(options)) == (16, 21)
    for sequence, window, anchor, ties, times in plain:
        limit = None if window == "none" else f"{window}s"
        check(sequence, {"window": limit, "anchor": anchor, "ties": ties}, times)
    for sequence, given_options, times in options:
        check(sequence, eval(f"dict({given_options})", {"ff": ff, "dict": dict}), times)


def check(sequence, options, times):
    tick, drawn, joined = -1, [], False
    for sign in sequence.split():
        if sign == "=":
            joined = True
            continue
        tick += not joined
        joined = False
        if sign != ".":
            drawn.append((0, tick, sign[0], int(sign[1:]) if sign[1:] else None))
    funnel = quietly(lambda: read(drawn).funnel(["A", "B", "C"], **options))
    expected = [tuple(int(time) for time in chain.split(",")) for chain in times.split("|")]
    assert chains_of(funnel)[0] == expected, (sequence, options)


def shop():
    """Hundred view on the web, of whom forty pay; hundred in the app, of whom twenty do."""
    rows = [(who, 0, "view", "web" if who < 100 else "app") for who in range(200)]
    rows += [(who, 9, "pay", "web" if who < 100 else "app") for who in [*range(40), *range(100, 120)]]
    frame = pl.DataFrame(rows, orient="row", schema=["who", "at", "what", "device"])
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s", device="device")


def test_compare():
    funnel = shop().funnel(["view", "pay"], by="device")
    web = shop().funnel([ff.Step("view", where=[("device", "==", "web")]), "pay"])
    app = shop().funnel([ff.Step("view", where=[("device", "==", "app")]), "pay"])
    row = web.compare(app).to_arrow().to_pylist()[0]
    # prop.test(c(40, 20), c(100, 100), correct = FALSE) in R: X-squared = 9.5238, p-value = 0.002028.
    assert row["p_value"] == pytest.approx(0.002028, abs=5e-7)
    assert (row["difference"], row["p_adjusted"]) == (pytest.approx(0.2), row["p_value"])
    assert row["difference_low"] < 0.2 < row["difference_high"]
    itself = funnel.compare(funnel).to_arrow().to_pylist()
    assert [row["device"] for row in itself] == ["app", "web"]
    assert {row["p_adjusted"] for row in itself} == {1.0}
    with pytest.raises(ValueError, match="of the same steps, broken down by the same columns"):
        web.compare(funnel)
    with pytest.raises(ValueError, match=r"weakest\(\) takes one funnel"):
        funnel.weakest()


def test_holm():
    from footfall.analyses.comparison import holm

    # p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R.
    assert holm([0.01, 0.04, None, 0.03, 0.005]) == pytest.approx([0.03, 0.06, None, 0.06, 0.02])


def test_intervals_of_attempts_know_their_customers():
    rows = [
        (who, 10 * n + late, what)
        for who in range(20)
        for n in range(10)
        for late, what in ((0, "a"), (1, "b" if who % 2 else "x"))
    ]
    log = ff.Events(
        pl.DataFrame(rows, orient="row", schema=["who", "at", "what"]),
        customer="who",
        time="at",
        event="what",
        time_unit="s",
    )
    attempts = log.funnel(["a", "b"], unit="attempt", window="5s").to_arrow().to_pylist()[1]
    people = log.funnel(["a", "b"], window="5s").to_arrow().to_pylist()[1]
    assert (attempts["reached"], people["reached"]) == (100, 10)
    # Two hundred attempts of which those of one customer all agree tell no more than twenty customers.
    width, wide = (row["step_high"] - row["step_low"] for row in (attempts, people))
    assert wide <= width < wide * 1.05


def test_explain_says_why():
    log = pl.DataFrame(
        {
            "who": [1] * 8 + [2],
            "at": [0, 1, 2, 3, 4, 5, 60, 61, 0],
            "what": ["b", "a", "x", "b", "r", "a", "b", "c", "a"],
        }
    )
    events = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
    funnel = events.funnel(["a", "b", "c"], window="9s", exclude=[ff.Exclude("r", after="b")])
    rows = funnel.explain(1).rows()
    assert [(row[1], row[2]) for row in rows] == [
        ("b", None), ("a", 1), ("x", None), ("b", 2), ("r", None), ("a", None), ("b", None), ("c", None),
    ]  # fmt: skip
    assert [row[3] for row in rows] == [
        "fits b, but comes before the chain that is reported",
        "fills step 1, a",
        "is no step",
        "fills step 2, b",
        "is excluded: ends chains between b and c",
        "fits a, but is not needed there: the steps before it are not done, or it is done already",
        "fits b, but comes after the window of the chain that is reported",
        "fits c, but comes after the window of the chain that is reported",
    ]
    outside = events.funnel(["a", "b"], start="1970-01-02").explain(2).rows()
    assert outside[0][3] == "is step 1, but lies outside start and end"
    with pytest.raises(ValueError, match="no customer of the log has the key 9"):
        funnel.explain(9)


def test_products():
    rows = [(who, 0, "view", "hit") for who in range(100)] + [(who, 1, "pay", "hit") for who in range(60)]
    rows += [(who, 0, "view", "dud") for who in range(400)] + [(who, 1, "pay", "dud") for who in range(4)]
    rows += [(who, 0, "view", "rare") for who in range(5)] + [(1, 5, "pay", "other")]
    log = ff.Events(
        pl.DataFrame(rows, orient="row", schema=["who", "at", "what", "item"]),
        customer="who",
        time="at",
        event="what",
        product="item",
        time_unit="s",
    )
    table = log.products(["view", "pay"], window="1h").table
    assert table.select("product", "view", "pay", "many_seen_few_bought").rows() == [
        ("dud", 400, 4, True), ("hit", 100, 60, False), ("rare", 5, 0, False),
    ]  # fmt: skip
    assert table["overall_rate"].to_list() == table["pay_rate"].to_list() == [0.01, 0.6, 0.0]


BAD = {
    "mode": ({"mode": "strict"}, ValueError, '"ordered", "contiguous" or "unordered"'),
    "unordered anchor": ({"mode": "unordered", "anchor": "first_entry"}, ValueError, "leave anchor= out"),
    "unordered ties": ({"mode": "unordered", "ties": "later"}, ValueError, "leave ties= out"),
    "unordered attempt": ({"mode": "unordered", "unit": "attempt"}, ValueError, "any step may begin"),
    "unordered exclude": ({"mode": "unordered", "exclude": [ff.Exclude("x")]}, ValueError, "steps have no order"),
    "contiguous exclude": ({"mode": "contiguous", "exclude": [ff.Exclude("x")]}, ValueError, "any other event ends"),
    "attempt anchor": ({"unit": "attempt", "anchor": "latest_entry"}, ValueError, "every start in turn"),
    "unit": ({"unit": "visit"}, ValueError, '"customer", "session" or "attempt"'),
    "no session": ({"unit": "session"}, ff.ColumnError, "session"),
    "gap": ({"gap": "30m"}, ValueError, 'give unit="session"'),
    "period": ({"period": "decade"}, ValueError, '"day", "week"'),
    "attribution": ({"by": "product", "attribution": "best"}, ValueError, "the name of a step"),
    "attribution alone": ({"attribution": "last"}, ValueError, "give by="),
    "by": ({"by": "devise"}, ff.ColumnError, 'it has "what", "product"'),
    "by type": ({"by": 7}, TypeError, "by=7: give the name of a column"),
    "same": ({"same": "product"}, TypeError, r"same=\['product'\]"),
    "same column": ({"same": ["prodct"]}, ff.ColumnError, '"product"'),
    "same many": ({"same": ["product"] * 4}, ValueError, "at most 3"),
    "exclude": ({"exclude": ["x"]}, TypeError, "takes ff.Exclude"),
    "exclude step": ({"exclude": [ff.Exclude("x", after="z")]}, ValueError, "is not one of 'a', 'b'"),
    "exclude order": ({"exclude": [ff.Exclude("x", after="b", before="a")]}, ValueError, "must come before"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_errors(case):
    options, kind, words = BAD[case]
    with pytest.raises(kind, match=words):
        read([(0, 0, "a", 1), (0, 1, "b", 1)]).funnel(["a", "b"], **options)


def test_spilled_logs_give_the_same_funnels():
    drawn = [(who % 40, who % 7, "abcxy"[who * 7 % 5], who % 3 or None) for who in range(900)]
    drawn.sort(key=lambda event: event[1])
    frame = pa.table(
        {
            "who": [e[0] for e in drawn],
            "at": [e[1] for e in drawn],
            "what": [e[2] for e in drawn],
            "product": [e[3] for e in drawn],
        }
    )

    def log(**options):
        return ff.Events(frame, customer="who", time="at", event="what", product="product", time_unit="s", **options)

    for options in (
        {"mode": "contiguous"}, {"mode": "unordered", "window": "2s"}, {"by": "product", "attribution": "last"},
        {"same": ["product"], "exclude": [ff.Exclude("x")]}, {"unit": "attempt", "window": "1s"}, {"period": "day"},
    ):  # fmt: skip
        kept, spilled = (
            log().funnel(["a", "b", "c"], **options),
            log(memory_limit=500).funnel(["a", "b", "c"], **options),
        )
        assert spilled.to_arrow().equals(kept.to_arrow())
        assert spilled.per_customer.to_arrow().equals(kept.per_customer.to_arrow())


def test_products_without_a_name_have_no_row_and_are_counted():
    rows = [(1, 0, "view", "a"), (1, 1, "pay", "a"), (2, 0, "view", None), (3, 0, "view", None), (3, 1, "view", "b")]
    frame = pl.DataFrame(rows, orient="row", schema={"w": pl.Int64, "t": pl.Int64, "e": pl.String, "p": pl.String})
    found = ff.Events(frame, customer="w", time="t", event="e", product="p", time_unit="s").products(["view", "pay"])
    assert found.to_polars().select("product", "view", "pay").rows() == [("a", 1, 1), ("b", 1, 0)]
    assert found.without_product == 2
    assert "2 customers came to view by an event without a product" in repr(found)


def test_one_session_a_customer_is_as_sure_as_the_customers():
    rows = [(who, 0, "view", "s") for who in range(3)] + [(who, 1, "pay", "s") for who in range(2)]
    frame = pl.DataFrame(rows, orient="row", schema=["w", "t", "e", "s"])
    log = ff.Events(frame, customer="w", time="t", event="e", session="s", time_unit="s")
    for unit in ("customer", "session", "attempt"):
        row = log.funnel(["view", "pay"], unit=unit).to_polars().to_dicts()[-1]
        # Wilson's interval of 2 of 3, by hand.
        assert (row["step_low"], row["step_high"]) == pytest.approx((0.2077, 0.9385), abs=5e-5)


def test_an_exclusion_under_same_ends_what_agrees_with_it():
    def reached(item):
        rows = [(0, "view", "x"), (1, "refund", item), (2, "pay", "x"), (0, "view", "q")]
        frame = pl.DataFrame(rows, orient="row", schema=["t", "e", "p"]).with_columns(w=1)
        log = ff.Events(frame, customer="w", time="t", event="e", product="p", time_unit="s")
        return log.funnel(["view", "pay"], same=["product"], exclude=[ff.Exclude("refund")]).table["reached"].to_list()

    assert reached("x") == [1, 0]
    assert reached("y") == [1, 1]
    assert reached(None) == [1, 1]


def attempts(text, **options):
    names = {"A": "a", "B": "b", "C": "c"}
    rows = [(at, names[sign]) for at, sign in enumerate(text) if sign != "."] + [(99, "a"), (99, "b"), (99, "c")]
    frame = pl.DataFrame(rows, orient="row", schema=["t", "e"]).with_columns(
        w=pl.when(pl.col("t") == 99).then(2).otherwise(1)
    )
    log = ff.Events(frame, customer="w", time="t", event="e", time_unit="s")
    table = log.funnel(["a", "b", "c"], unit="attempt", **options).per_customer.table
    return table.filter(pl.col("w") == 1)["depth"].to_list()


def test_what_ends_an_attempt():
    # Its conversion; another start on the way is of the same attempt.
    assert attempts("ABCABC") == [3, 3]
    assert attempts("AABC") == [3]
    # Its window.
    assert attempts("AB...ABC", window="3s") == [2, 3]
    # An event that leaves it nothing to go on with.
    assert attempts("AABBABC", mode="contiguous")[-1] == 3
