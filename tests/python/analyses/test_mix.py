"""What visits are made of, how precise recommendations are, and whether days are stable, counted by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

GAP = 30 * 60


def events_of(rows):
    schema = {"who": pl.Int64, "at": pl.Int64, "what": pl.String, "device": pl.String, "source": pl.String}
    frame = pl.DataFrame(rows, orient="row", schema=schema)
    return ff.Events(frame, customer="who", time="at", event="what", device="device", source="source", time_unit="s")


def sessions_of(rows):
    """Each session as (customer, start, device, source, events, converted)."""
    by = defaultdict(list)
    for row in rows:
        by[row[0]].append(row)
    for who, own in by.items():
        session = []
        for row in [*own, (who, 10**12, None, None, None)]:
            if session and row[1] - session[-1][1] > GAP:
                first = [next((r[at] for r in session if r[at] is not None), None) for at in (3, 4)]
                paid = any(r[2] == "pay" for r in session)
                # A session that may go on beyond the data is open, whether it has reached the goal or not.
                over = max(row[1] for row in rows) - session[-1][1] > GAP
                yield who, session[0][1], *first, len(session), paid if over else None
                session = []
            session.append(row)


@st.composite
def logs(draw):
    event = st.tuples(
        st.integers(0, 3),
        st.integers(0, 40).map(lambda step: step * 20 * 60 + 9 * 86_400),
        st.sampled_from(["view", "pay"]),
        st.sampled_from(["app", "web", None]),
        st.sampled_from(["ads", "seo", None]),
    )
    return sorted(draw(st.lists(event, min_size=1, max_size=25)), key=lambda row: row[1])


@settings(max_examples=200, deadline=None)
@given(logs())
def test_mix_is_that_counted_by_hand(rows):
    if not any(row[2] == "pay" for row in rows):
        rows = [*rows, (9, rows[-1][1], "pay", None, None)]
    mix = events_of(rows).mix(["device", "source"], goal="pay")
    sessions = list(sessions_of(rows))
    expected = {}
    for session in sessions:
        expected.setdefault(session[2:4], []).append(session)
    customers = len({session[0] for session in sessions})
    found = {(row["device"], row["source"]): row for row in mix.table.to_dicts()}
    assert found.keys() == expected.keys()
    for group, own in expected.items():
        row = found[group]
        assert row["customers"] == len({session[0] for session in own})
        assert row["customer_share"] == pytest.approx(row["customers"] / customers)
        assert row["sessions"] == len(own)
        assert row["session_share"] == pytest.approx(len(own) / len(sessions))
        assert row["events"] == sum(session[4] for session in own)
        assert row["event_share"] == pytest.approx(row["events"] / len(rows))
        within = [session for session in sessions if session[2] == group[0]]
        assert row["share_within"] == pytest.approx(len(own) / len(within))
        over = [session[5] for session in own if session[5] is not None]
        assert (row["converted"], row["open"]) == (sum(over), len(own) - len(over))
        if over:
            assert row["conversion"] == pytest.approx(sum(over) / len(over))
            assert row["conversion_low"] <= row["conversion"] <= row["conversion_high"]
        else:
            assert row["conversion"] is None
    assert [*found] == sorted(found, key=lambda group: [(value is None, value or "") for value in group])


def test_changes_are_against_the_period_before_where_both_are_whole():
    day = 86_400
    rows = [(1, 0, "view", "app", None), (2, day, "view", "app", None), (3, day + 9, "pay", "web", None)]
    rows += [(4, 2 * day, "pay", "app", None), (5, 2 * day, "view", "app", None), (6, 3 * day, "view", "web", None)]
    mix = events_of(rows).mix("device", goal="pay", period="day").table.to_dicts()
    found = {(row["device"], row["period"].day): row for row in mix}
    assert found["app", 1]["sessions_before"] is None
    assert found["app", 3]["sessions_before"] == 1
    assert found["app", 3]["session_growth"] == 1.0
    assert found["app", 3]["share_change"] == pytest.approx(0.5)
    assert found["app", 3]["conversion_change"] == pytest.approx(0.5)
    assert found["app", 3]["change_low"] < 0.5 < found["app", 3]["change_high"]
    # Nobody came on a day: what follows it has a day before all the same.
    gap = events_of([(1, 0, "view", "app", None), (2, 2 * day, "view", "app", None)]).mix("device", period="day")
    assert gap.table["sessions_before"].to_list() == [None, 0]
    assert gap.table["share_change"].to_list() == [None, None]
    # What was not there the day before has no growth.
    assert found["web", 4]["sessions_before"] == 0
    assert found["web", 4]["session_growth"] is None
    assert [row["complete"] for row in mix] == [True] * len(mix)
    cut = events_of([*rows, (1, 9, "view", "app", None)]).between("1970-01-02", None)
    found = {(row["device"], row["period"].day): row for row in cut.mix("device", period="day").table.to_dicts()}
    assert ("app", 1) not in found
    assert found["app", 2]["complete"]
    assert found["app", 2]["sessions_before"] is None


def test_attributes_and_results_break_a_mix_down_too():
    shop = ff.datasets.make_shop(800, seed=3)
    log = ff.Events(shop.events, customer="customer", time="time", event="event", session="session")
    customers = ff.Customers(shop.customers, customer="customer", region="region")
    mix = log.with_customers(customers).mix("region", gap=None).to_polars()
    assert mix["session_share"].sum() == pytest.approx(1)
    assert mix["customer_share"].sum() == pytest.approx(1)
    assert mix["sessions"].sum() == log.sessions(None).num_rows
    orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    segments = log.mix(orders.rfm()["segment"]).to_polars()
    assert segments["segment"].null_count() == 1
    with pytest.raises(ValueError, match="name at least one column"):
        log.mix([])
    with pytest.raises(ff.ColumnError, match="regoin"):
        log.mix("regoin")


def precision_by_hand(rows, window):
    """Each pair's showings whose window is over, and the depth: of those, clicks and purchases that lie within it."""
    depths, pairs, end = {}, defaultdict(list), max(row[1] for row in rows)
    for who, at, what, product in rows:
        pairs[who, product].append((at, ("show", "click", "pay").index(what)))
    for pair, own in pairs.items():
        shows = [at for at, depth in own if depth == 0 and at + window <= end]
        clicks = [(s, c) for s in shows for c, depth in own if depth == 1 and s <= c <= s + window]
        pays = [p for s, c in clicks for p, depth in own if depth == 2 and c <= p <= s + window]
        if any(depth == 0 for _, depth in own):
            depths[pair] = len(shows), 2 if pays else 1 if clicks else 0
    return depths


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(0, 12), st.sampled_from(["show", "click", "pay"]), st.sampled_from("ab")
        ),
        max_size=25,
    ),
    window=st.integers(1, 6),
)
def test_precision_is_that_counted_by_hand(rows, window):
    rows = [*rows, (9, 0, "show", "z"), (9, 1, "click", "z"), (9, 1, "pay", "z")]
    frame = pl.DataFrame(rows, orient="row", schema=["who", "at", "what", "it"])
    log = ff.Events(frame, customer="who", time="at", event="what", product="it", time_unit="s")
    found = log.precision("show", "click", "pay", window=dt.timedelta(seconds=window))
    pairs = precision_by_hand(rows, window).values()
    depths = [depth for shows, depth in pairs if shows]
    row = found.table.to_dicts()[0]
    assert row["impressions"] == sum(shows for shows, _ in pairs)
    assert row["open"] == sum(not shows for shows, _ in pairs)
    assert [row["shown"], row["clicked"], row["bought"]] == [sum(d >= at for d in depths) for at in range(3)]
    bought = {(who, it): at for who, at, what, it in sorted(rows, key=lambda row: -row[1]) if what == "pay"}
    before = sum(any(r[0] == who and r[3] == it and r[2] == "show" and r[1] <= at for r in rows)
                 for (who, it), at in bought.items())  # fmt: skip
    assert found.coverage == pytest.approx(before / len(bought))
    apart = log.precision("show", "click", "pay", "it", window=dt.timedelta(seconds=window)).table
    assert apart.select("impressions", "shown", "clicked", "bought").sum().row(0) == tuple(
        row[name] for name in ("impressions", "shown", "clicked", "bought")
    )


@pytest.mark.parametrize("without", [[], ["recommendations"]])
def test_the_rate_of_clicks_is_the_planted_one(without):
    shop = ff.datasets.make_shop(5_000, seed=1, without=without)
    log = ff.Events(shop.events, customer="customer", time="time", event="event", product="product")
    found = log.precision("show", "click", "cart", window=None)
    row = found.to_polars().to_dicts()[0]
    truth = 0.08 if without else 0.02
    # Pairs are shown more than once now and then, so that a pair is clicked a little more often than a showing.
    assert row["clicked"] / row["impressions"] == pytest.approx(truth, rel=0.1)
    assert row["click_low"] < row["click_rate"] < row["click_high"]
    with pytest.raises(ValueError, match="stands in two of"):
        log.precision("show", "click", "click")
    with pytest.raises(ValueError, match='no event of the log is named "shown"; give one of cart, checkout'):
        log.precision("shown", "click", "cart")


def daily(counts):
    """A log with so many visits of one customer on each day."""
    rows = [day * 86_400 + 7_200 * visit for day, count in enumerate(counts) for visit in range(count)]
    frame = pl.DataFrame({"who": [1] * len(rows), "at": rows, "what": ["view"] * len(rows)})
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s").sessions()


def test_a_series_is_rising_falling_stable_or_unclear():
    random = np.random.default_rng(5)
    weekly = np.tile([3, 3, 3, 3, 4, 6, 6], 20)
    verdict = {
        "stable": weekly,
        "rising": weekly + np.arange(140) // 35,
        "falling": weekly + 4 - np.arange(140) // 35,
        "unclear": np.clip(random.poisson(3, 14), 1, None),
    }
    for expected, counts in verdict.items():
        visits = daily(counts)
        assert visits.stability["visits_per_active_day"].verdict == expected
        assert visits.daily.to_polars()["sessions"].to_list() == counts.tolist()
    assert daily(weekly).stability["visits_per_active_day"].mean == pytest.approx(weekly.mean())


def test_days_add_up_to_the_summary():
    shop = ff.datasets.make_shop(600, seed=2)
    log = ff.Events(shop.events, customer="customer", time="time", event="event", timezone="Asia/Shanghai")
    visits = log.sessions()
    days, summary = visits.daily.to_polars(), visits.summary.to_polars().to_dicts()[0]
    assert days["customers"].sum() == summary["active_days"]
    assert days["sessions"].sum() == summary["sessions"]
    seconds = (days["seconds_per_active_day"] * days["customers"]).sum()
    assert seconds == pytest.approx(summary["seconds_per_active_day"] * summary["active_days"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_are_drawn(language, tmp_path):
    shop = ff.datasets.make_shop(500, seed=2)
    log = ff.Events(shop.events, customer="customer", time="time", event="event", product="product", device="device")
    pictures = {
        "mix": log.mix("device", goal="pay"),
        "mix by month": log.mix("device", goal="pay", period="month"),
        "precision": log.precision("show", "click", "cart", "device"),
        "sessions": log.sessions(),
    }
    for name, result in pictures.items():
        path = tmp_path / f"{name}.png"
        result.plot(language=language).save(path)
        assert path.stat().st_size > 5_000
        with pytest.raises(ValueError, match='give "en" or "zh"'):
            result.plot(language="fr")


def test_a_pair_has_the_value_of_the_first_showing_that_came_furthest():
    def place(*rows):
        # Another product names every event.
        named = [(0, what, "x") for what in ("show", "click", "pay")]
        frame = pl.DataFrame([*rows, *named], orient="row", schema=["at", "what", "place"])
        frame = frame.with_columns(who=1, it=pl.when(pl.col("place") == "x").then(2).otherwise(1))
        log = ff.Events(frame, customer="who", time="at", event="what", product="it", place="place", time_unit="s")
        table = log.precision("show", "click", "pay", "place", window=None).table
        return [row["place"] for row in table.to_dicts() if row["shown"] and row["place"] != "x"]

    # Both showings are clicked and the purchase follows both clicks: the first.
    assert place((0, "show", "home"), (1, "click", ""), (2, "show", "cart"), (3, "click", ""), (4, "pay", "")) == [
        "home"
    ]
    # Only the second is clicked at all; neither is; the first is bought, the second is not clicked.
    assert place((0, "show", "home"), (2, "show", "cart"), (3, "click", "")) == ["home"]
    assert place((0, "show", "home"), (2, "show", "cart")) == ["home"]
    assert place((0, "click", ""), (1, "show", "home"), (2, "click", ""), (3, "pay", ""), (4, "show", "cart")) == [
        "home"
    ]

    frame = pl.DataFrame({"at": [0, 100, 101, 102, 400], "what": ["show", "show", "click", "pay", "show"],
                          "place": ["home", "cart", "", "", "end"], "who": 1, "it": 1})  # fmt: skip
    log = ff.Events(frame, customer="who", time="at", event="what", product="it", place="place", time_unit="s")
    # The first is out of the window by the click, so that the second came furthest.
    table = log.precision("show", "click", "pay", "place", window="1m").table.to_dicts()
    assert [(row["place"], row["impressions"], row["bought"]) for row in table] == [("cart", 2, 1)]


def test_precision_is_not_biased_near_the_end_of_the_data():
    random = np.random.default_rng(2)
    pairs, day = 20_000, 86_400
    at = random.uniform(0, 9 * day, pairs)
    after = at + random.uniform(0, 6 * day, pairs)
    paid = (random.random(pairs) < 0.3) & (after < 9 * day)
    frame = pl.DataFrame({
        "who": np.concatenate([np.arange(pairs), *[np.arange(pairs)[paid]] * 2]),
        "at": np.concatenate([at, after[paid], after[paid]]).astype("int64"),
        "what": ["show"] * pairs + ["click"] * int(paid.sum()) + ["pay"] * int(paid.sum()),
    }).with_columns(it=1)  # fmt: skip
    log = ff.Events(frame, customer="who", time="at", event="what", product="it", time_unit="s")
    row = log.precision("show", "click", "pay").table.to_dicts()[0]
    assert row["precision_low"] < 0.3 < row["precision_high"]
    assert row["shown"] + row["open"] == pairs
    early = log.between(end="1970-01-03").precision("show", "click", "pay").table.to_dicts()[0]
    assert (early["shown"], early["precision"]) == (0, None)


def test_a_session_that_may_go_on_has_no_outcome():
    rows = [(1, 0, "view", "app", None), (2, 0, "pay", "app", None), (3, 7200, "pay", "app", None)]
    row = events_of(rows).mix("device", goal="pay").table.to_dicts()[0]
    assert (row["sessions"], row["open"], row["converted"], row["conversion"]) == (3, 1, 1, 0.5)
