"""Visits, the ways through them, and who comes back, against queries of Polars and pandas."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff


def test_sessions_are_those_of_polars():
    random = np.random.default_rng(4)
    rows = 4_000
    frame = pl.DataFrame(
        {
            "who": random.integers(0, 200, rows),
            "at": random.integers(0, 10 * 86_400, rows),
            "what": np.array(["home", "view", "cart"])[random.integers(0, 3, rows)],
        }
    ).sort("who", "at", maintain_order=True)
    visits = ff.Events(frame, customer="who", time="at", event="what", time_unit="s").sessions("2h")
    gaps = pl.col("at").diff().over("who").fill_null(0) > 7_200
    expected = (
        frame.with_columns(session=1 + gaps.cum_sum().over("who"))
        .group_by("who", "session", maintain_order=True)
        .agg(
            seconds=(pl.col("at").max() - pl.col("at").min()).cast(pl.Float64),
            events=pl.len().cast(pl.Int64),
            entry=pl.col("what").first(),
            exit=pl.col("what").last(),
        )
        .with_columns(pl.col("session").cast(pl.Int64), bounce=pl.col("events") == 1)
    )
    ours = visits.table.drop("start", "end").with_columns(pl.col("entry", "exit").cast(pl.String))
    assert ours.equals(expected.select(ours.columns))
    summary = visits.summary.table.to_dicts()[0]
    days = frame.select(pl.struct("who", pl.col("at") // 86_400).n_unique()).item()
    assert summary["active_days"] == days
    assert summary["bounce_rate"] == pytest.approx(expected["bounce"].mean())
    assert summary["visits_mean"] == pytest.approx(len(expected) / 200)
    assert summary["seconds_per_active_day"] == pytest.approx(expected["seconds"].sum() / days)
    named = ff.Events(
        frame.with_columns(session=1 + gaps.cum_sum().over("who")),
        customer="who",
        time="at",
        event="what",
        session="session",
        time_unit="s",
    ).sessions(None)
    assert named.to_arrow()["seconds"].equals(visits.to_arrow()["seconds"])


@st.composite
def logs(draw):
    event = st.tuples(st.integers(0, 2), st.integers(0, 20), st.sampled_from("abcd"))
    return sorted(draw(st.lists(event, max_size=20)), key=lambda row: row[1])


@settings(max_examples=200, deadline=None)
@given(
    rows=logs(),
    start=st.sampled_from([None, "a", ["a", "b"]]),
    end=st.sampled_from([None, "d"]),
    depth=st.integers(1, 4),
    gap=st.integers(0, 5),
)
def test_paths_are_those_counted_by_hand(rows, start, end, depth, gap):
    names = {event for _, _, event in rows}
    if (start and not names & set(start)) or (end and end not in names):
        return
    frame = pl.DataFrame(rows, orient="row", schema={"who": pl.Int64, "at": pl.Int64, "what": pl.String})
    log = ff.Events(frame, customer="who", time="at", event="what", time_unit="s")
    found = log.paths(start, end, depth, gap=dt.timedelta(seconds=gap), most=1000)
    sequences, transitions = Counter(), Counter()
    for who in {who for who, _, _ in rows}:
        visits, last = [], None
        for other, at, event in rows:
            if other == who:
                visits = [*visits, []] if last is None or at - last > gap else visits
                visits[-1].append(event)
                last = at
        for visit in visits:
            begin = 0 if start is None else next((n for n, event in enumerate(visit) if event in start), None)
            if begin is None:
                continue
            path = visit[begin:]
            path = path[: path.index(end) + 1] if end in path else path
            sequences[(*path[:depth], *[None] * (depth - len(path)), len(path) > depth)] += 1
            transitions.update(zip([None, *path], [*path, None], strict=True))
    ours = found.to_arrow().to_pylist()
    assert {tuple(row.values())[: depth + 1]: row["count"] for row in ours} == sequences
    assert [row["count"] for row in ours] == sorted(sequences.values(), reverse=True)
    assert found.count == sum(sequences.values())
    table = found.transitions.to_arrow().to_pylist()
    assert {(row["from"], row["to"]): row["count"] for row in table} == transitions
    for row in table:
        assert row["rate"] == row["count"] / sum(n for (a, _), n in transitions.items() if a == row["from"])


@settings(max_examples=200, deadline=None)
@given(
    events=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 150), st.sampled_from("abc")), max_size=30),
    kind=st.sampled_from(["exact", "rolling"]),
    first=st.sampled_from([None, "a"]),
    returning=st.sampled_from([None, "b"]),
)
def test_retention_is_that_counted_by_hand(events, kind, first, returning):
    names = {event for _, _, event in events}
    if (first and first not in names) or (returning and returning not in names):
        return
    begin = dt.date(2024, 1, 1)
    frame = pd.DataFrame(events, columns=["who", "day", "what"])
    frame["at"] = pd.to_datetime([begin + dt.timedelta(days=int(day)) for day in frame["day"]])
    found = ff.Events(frame, customer="who", time="at", event="what").retention(first, returning, kind=kind)
    if not events:
        assert found.num_rows == 0
        return
    end = frame["at"].max()
    frame["month"] = frame["at"].dt.year * 12 + frame["at"].dt.month
    cohorts, there = {}, Counter()
    for who, mine in frame.sort_values("at", kind="stable").groupby("who"):
        begun = mine if first is None else mine[mine["what"] == first]
        if begun.empty:
            continue
        start = begun.iloc[0]
        cohorts[who] = start["month"]
        later = mine[mine["at"] >= start["at"]]
        later = later if returning is None else later[later["what"] == returning]
        ages = set(later["month"] - start["month"])
        for age in ages if kind == "exact" else range(max(ages, default=-1) + 1):
            there[start["month"], age] += 1
    sizes = Counter(cohorts.values())
    last = end.year * 12 + end.month
    rows = found.to_arrow().to_pylist()
    assert len(rows) == sum(last - cohort + 1 for cohort in sizes)
    for row in rows:
        cohort = row["cohort"].year * 12 + row["cohort"].month
        assert row["size"] == sizes[cohort]
        # Known is a period whose last day is no later than that of the last row.
        next_month = pd.Timestamp(row["cohort"]) + pd.DateOffset(months=row["period"] + 1)
        over = end.date() >= (next_month - pd.Timedelta(days=1)).date()
        assert row["customers"] == (there[cohort, row["period"]] if over else None)
    pooled = {row["period"]: row for row in found.average.to_arrow().to_pylist()}
    for period, row in pooled.items():
        known = [other for other in rows if other["period"] == period and other["customers"] is not None]
        assert row["rate"] == pytest.approx(sum(o["customers"] for o in known) / sum(o["size"] for o in known))


def test_errors():
    log = ff.Events(pl.DataFrame({"w": [1], "t": ["2024-01-01"], "e": ["a"]}), customer="w", time="t", event="e")
    with pytest.raises(ValueError, match='no event of the log is named "b"'):
        log.paths("b")
    with pytest.raises(ValueError, match="from 1 to 20"):
        log.paths(depth=0)
    with pytest.raises(ValueError, match='give "exact" or "rolling"'):
        log.retention(kind="any")
    with pytest.raises(ValueError, match='give "day"'):
        log.retention(period="decade")
    with pytest.raises(ff.ColumnError, match="session"):
        log.funnel(["a", "a"], unit="session")


def test_spilled_logs_give_the_same():
    random = np.random.default_rng(1)
    frame = pl.DataFrame(
        {
            "w": random.integers(0, 50, 2000),
            "t": random.integers(0, 10**7, 2000),
            "e": np.array(list("abc"))[random.integers(0, 3, 2000)],
        }
    )
    kept, spilled = (
        ff.Events(frame, customer="w", time="t", event="e", time_unit="s", memory_limit=limit) for limit in (None, 500)
    )
    assert spilled._log.spilled
    for ask in (
        lambda log: log.sessions("1d").to_arrow(), lambda log: log.paths(gap="1d").to_arrow(),
        lambda log: log.retention(period="week").to_arrow(), lambda log: log.abandonment("a", None, "b").episodes.to_arrow(),
    ):  # fmt: skip
        assert ask(spilled).equals(ask(kept))


def visits(rows, **roles):
    frame = pl.DataFrame(
        rows, orient="row", schema={"who": pl.Int64, "at": pl.Int64, "what": pl.String, "id": pl.String}
    )
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s", **roles)


VISITS = [
    (1, 0, "home", "a"), (1, 60, "view", None), (1, 120, "cart", "b"), (1, 180, "pay", "a"), (1, 9_000, "view", "a"),
]  # fmt: skip


def test_sessions_are_those_of_the_role_where_it_is_given():
    log = visits(VISITS, session="id")
    table = log.sessions().table
    assert table.select("session", "events", "entry", "exit").rows() == [
        ("a", 3, "home", "view"), ("b", 1, "cart", "cart"),
    ]  # fmt: skip
    # A gap cuts them further; without the role it is 30 minutes.
    assert log.sessions("1h").table.select("session", "events", "entry").rows() == [
        (1, 2, "home"), (2, 1, "cart"), (3, 1, "view"),
    ]  # fmt: skip
    assert visits(VISITS).sessions().table["events"].to_list() == [4, 1]
    # In one meaning everywhere.
    assert log.mix("event").table["sessions"].sum() == 2
    assert log.paths().count == 2
    assert log.paths(gap="1h").count == log.mix("event", gap="1h").table["sessions"].sum() == 3
    assert len(log.funnel(["home", "pay"], unit="session").per_customer.table) == 1
    assert log.funnel(["home", "view"], unit="session").table["reached"].to_list() == [1, 1]
    assert log.funnel(["home", "view"], unit="session", gap="1h").table["reached"].to_list() == [1, 0]


def test_events_without_a_session_are_counted():
    log = visits(VISITS, session="id")
    assert log.quality.without_session == 1
    assert "in no session: 1 rows without one" in repr(log.quality)
    assert log.between("1970-01-01T00:02").quality.without_session == 0
    assert visits(VISITS).quality.without_session is None


def test_between_cuts_no_session():
    log = visits([(1, 86_400 * 2 + at, what, "s") for at, what in ((-60, "home"), (60, "view"), (4_000, "home"))])
    whole = log.sessions().table.rows()
    # The first begins before the period and ends in it; a period to midnight has it whole.
    assert log.between("1970-01-03").sessions().table.rows() == whole[1:]
    assert log.between(end="1970-01-03").sessions().table.rows() == whole[:1]
    assert whole[0][4:6] == (120.0, 2)
    daily = log.between(end="1970-01-03").sessions().daily.table.to_dicts()
    assert [(row["day"].day, row["sessions"]) for row in daily] == [(2, 1)]
