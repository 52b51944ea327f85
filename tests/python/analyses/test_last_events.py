"""The last event of each customer, and the signals before a cart is left, against loops over rows."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall.core.rows import dicts

EPOCH = dt.datetime(1970, 1, 1)
MINUTE = dt.timedelta(minutes=1)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 60), st.sampled_from(["cart", "pay", "faq", "chat", "view"]),
        st.one_of(st.none(), st.sampled_from([1.0, 2.0, 5.0])),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


def events(rows):
    schema = {"who": pl.Int64, "at": pl.Int64, "what": pl.String, "stars": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(at=pl.from_epoch(pl.col("at") * 60))
    return ff.Events(frame, customer="who", time="at", event="what", value="stars")


@settings(max_examples=150, deadline=None)
@given(ROWS, st.integers(0, 30), st.integers(31, 61))
def test_last_events_agree_with_a_loop(rows, start, end):
    found = events(rows).between(EPOCH + start * MINUTE, EPOCH + end * MINUTE).last("value")
    expected = []
    for who in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == who and start <= row[1] < end]
        if own:
            at, what = max((row[1], row[2]) for row in own)
            stars = [(row[1], row[3]) for row in own if row[3] is not None]
            expected.append((who, what, EPOCH + at * MINUTE, len(own), max(stars)[1] if stars else None))
    assert found.rows() == expected


@pytest.mark.filterwarnings("ignore:no event is named")
@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_signals_agree_with_a_loop_over_episodes(rows):
    landmark = 5
    log = events([*rows, (9, 120, "view", None)])
    left = log.abandonment(window="10m", recover_within="20m", signals=["faq", "chat"], landmark="5m")
    counts = {}
    for episode in dicts(left.episodes):
        bought = episode["bought"]
        waits = bought is None or bought - episode["start"] > landmark * MINUTE
        if episode["status"] in {"open", "emptied"} or not waits:
            continue
        for signal in ("faq", "chat"):
            came = any(
                row[0] == episode["who"] and row[2] == signal
                and episode["start"] <= EPOCH + row[1] * MINUTE <= episode["start"] + landmark * MINUTE
                for row in rows
            )  # fmt: skip
            cell = counts.setdefault((signal, str(came)), [0, 0])
            cell[0] += 1
            cell[1] += episode["status"] != "converted"
    for row in dicts(left.signals):
        count, gone = counts.get((row["feature"], row["level"]), (0, 0))
        assert row["episodes"] == count
        if count:
            assert row["rate"] == pytest.approx(gone / count)


def test_an_event_is_a_signal_or_a_stage():
    log = events([(1, 0, "cart", None)])
    with pytest.raises(ValueError, match="'cart' stands in both cart= and signals="):
        log.abandonment(signals=["cart"])
    with pytest.raises(ValueError, match="signals= has 65 events: give at most 64"):
        log.abandonment(signals=[f"event {number}" for number in range(65)])
    with pytest.raises(ff.ColumnError, match="no such column"):
        log.last("nope")


def test_what_is_not_known_is_no_other_level():
    # By hand: of four carts with a fee one was left, of two without one both; a cart of unknown fee is in neither.
    rows = []
    for who, fee, bought in [(1, 0, 1), (2, 0, 1), (3, 5, 1), (4, 5, 0), (5, None, 0), (6, None, 0)]:
        rows += [(who, 0, "cart", fee), *([(who, 1, "pay", fee)] if bought else [])]
    left = events([*rows, (9, 9_000, "view", None)]).abandonment(features=["value"])
    levels = {row["level"]: row for row in dicts(left.features)}
    assert {level: row["episodes"] for level, row in levels.items()} == {"0.0": 2, "5.0": 2}
    # 0 of 2 against 1 of 2, pooled: z = 0.5 / sqrt(0.25 * 0.75).
    assert levels["0.0"]["p_value"] == pytest.approx(0.2482130789899235)
    assert levels["5.0"]["p_value"] == pytest.approx(0.2482130789899235)
