"""Events at one instant: read by stated rules, so that the order of rows does not decide where meaning can."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

SCHEMA = {"who": pl.Int64, "at": pl.Int64, "what": pl.String, "item": pl.String, "paid": pl.Float64, "hit": pl.Int64}
WATCHED = [(9, 0, what, "z", None, hit) for hit, what in enumerate(["view", "cart", "order", "pay"])]


def read(rows, **roles):
    frame = pl.DataFrame(rows, orient="row", schema=SCHEMA)
    return ff.Events(
        frame, customer="who", time="at", event="what", product="item", value="paid", time_unit="s", **roles
    )


@st.composite
def shuffled(draw):
    event = st.tuples(
        st.integers(0, 2), st.integers(0, 5), st.sampled_from(["view", "cart", "order", "pay"]),
        st.sampled_from(["x", "y", None]), st.sampled_from([10.0, 20.0, None]),
    )  # fmt: skip
    rows = [(*row, hit) for hit, row in enumerate(draw(st.lists(event, max_size=14)))] + WATCHED
    return rows, draw(st.permutations(rows))


def ruled(log):
    """What has a rule of its own for ties."""
    for same in (None, ["product"]):
        yield log.abandonment("cart", "order", "pay", window="2s", recover_within="3s", same=same, value="value")
        for anchor in ("earliest_longest", "first_entry", "first_completion", "latest_entry"):
            yield log.funnel(["view", "cart", "pay"], window="3s", same=same, anchor=anchor)
        yield log.funnel(["view", "cart"], mode="unordered", same=same)
        yield log.funnel(["view", "cart", "pay"], unit="attempt", same=same)
    yield log.funnel(["view", "pay"], by="product", attribution="each")
    yield log.retention("view", "pay", period="day")
    yield log.precision("view", "cart", "pay", window="2s")
    yield log.rhythm()


def in_order(log):
    """What only the log can know: which of two events at one instant came first."""
    yield log.sessions("1s")
    yield log.paths(gap="1s")
    yield log.mix("product", goal="pay", gap="1s")
    yield log.funnel(["view", "cart", "pay"], by="product")


@settings(max_examples=150, deadline=None)
@given(shuffled())
def test_the_order_of_rows_decides_nothing_but_what_quality_announces(drawn):
    rows, other = drawn
    one, two = read(rows), read(other)
    assert one.quality == two.quality
    tied = {}
    for who, at, *_ in rows:
        tied[who, at] = tied.get((who, at), 0) + 1
    assert one.quality.tied == sum(count for count in tied.values() if count > 1)
    for ours, theirs in zip(ruled(one), ruled(two), strict=True):
        assert ours.to_arrow().equals(theirs.to_arrow()), ours
    # With a sequence nothing is left to the order of rows.
    for ours, theirs in zip(in_order(read(rows, sequence="hit")), in_order(read(other, sequence="hit")), strict=True):
        assert ours.to_arrow().equals(theirs.to_arrow()), ours


def test_without_ties_the_order_of_rows_is_nothing():
    rows = [(1, at, what, item, None, None) for at, (what, item) in enumerate(zip("abcab", "xyxxy", strict=True))]
    one, two = read(rows), read(rows[::-1])
    assert one.quality.tied == 0
    for ours, theirs in zip(
        (one.sessions("1s"), one.paths(gap="1s"), one.mix("product", gap="1s")),
        (two.sessions("1s"), two.paths(gap="1s"), two.mix("product", gap="1s")),
        strict=True,
    ):
        assert ours.to_arrow().equals(theirs.to_arrow())


def test_a_sequence_orders_events_at_one_instant():
    rows = [(1, 0, "pay", None, None, 3), (1, 0, "view", None, None, 1), (1, 0, "help", None, None, None),
            (1, 0, "cart", None, None, 2)]  # fmt: skip
    visit = read(rows, sequence="hit").sessions().table.to_dicts()[0]
    # An event without a number comes last.
    assert (visit["entry"], visit["exit"]) == ("view", "help")
    assert read(rows, sequence="hit").paths().table.rows()[0][:4] == ("view", "cart", "pay", "help")
    assert read(rows).sessions().table.to_dicts()[0]["entry"] == "pay"
    assert "at one instant with another of the customer: 4 rows" in repr(read(rows).quality)


def test_ties_with_same_go_to_the_chain_that_comes_furthest():
    def chain(rows, **options):
        log = read([*rows, *WATCHED])
        return log.funnel(["view", "cart", "pay"], same=["product"], **options).per_customer.table.to_dicts()[0]

    # Whatever the products are called: two views at one instant, one of them goes on.
    for far, near in (("x", "y"), ("y", "x")):
        rows = [(1, 0, "view", near, None, 0), (1, 0, "view", far, None, 1), (1, 4, "cart", far, None, 2)]
        assert chain(rows)["depth"] == 2
        assert chain(rows, anchor="first_entry")["depth"] == 2
        # Both as far: the one whose steps are earlier.
        rows += [(1, 2, "cart", near, None, 3)]
        for anchor in ("earliest_longest", "first_entry", "latest_entry"):
            assert chain(rows, anchor=anchor)["t2"].second == 2


def test_of_chains_at_the_same_instants_that_of_the_first_value_counts():
    # By hand: x and y are both viewed and carted at 0, and x comes first.
    lines = [(1, 0, "view", "y", None, 0), (1, 0, "cart", "y", 20.0, 1), (1, 0, "view", "x", None, 2),
             (1, 0, "cart", "x", 10.0, 3), (1, 0, "cart", "x", 30.0, 4)]  # fmt: skip
    for rows in (lines, lines[::-1], lines[2:] + lines[:2]):
        for mode in ("ordered", "unordered"):
            last = read(rows).funnel(["view", "cart"], mode=mode, same=["product"]).table.to_dicts()[-1]
            assert last["point_money"] / last["point_value"] == pytest.approx(40)


def test_a_completion_has_all_lines_of_its_event():
    rows = [(1, 0, "view", None, None, 0), (1, 5, "pay", "x", 10.0, 1), (1, 5, "pay", "y", 20.0, 2),
            (1, 5, "help", None, 7.0, 3), (1, 6, "pay", "x", 99.0, 4)]  # fmt: skip
    last = read(rows).funnel(["view", "pay"]).table.to_dicts()[-1]
    assert last["point_money"] / last["point_value"] == pytest.approx(30)
    # The general path, and with same= only lines that agree in it.
    last = read(rows).funnel(["view", "pay"], by="event", attribution="last").table.to_dicts()[-1]
    assert last["point_money"] / last["point_value"] == pytest.approx(30)
    seen = [(1, 0, "view", "y", None, 0), *rows[1:]]
    last = read(seen).funnel(["view", "pay"], same=["product"]).table.to_dicts()[-1]
    assert last["point_money"] / last["point_value"] == pytest.approx(20)


def test_completions_of_the_sample_shop_are_whole_orders():
    shop = ff.datasets.make_shop(5_000, seed=1)
    log = ff.Events(shop.events, customer="customer", time="time", event="event", value="value")
    last = log.funnel(["view", "cart", "order", "pay"]).to_polars().to_dicts()[-1]
    # By Polars: the sum of the lines of each customer's completing instant, over the customers.
    assert last["point_money"] / last["point_value"] == pytest.approx(118.73, abs=0.005)


def test_a_point_more_of_a_step_that_nobody_reached_has_a_value():
    rows = [(who, 0, "view", None, None, 0) for who in range(10)]
    rows += [(who, 1, "cart", None, None, 1) for who in range(5)]
    log = read([*rows, (20, 0, "pay", None, None, 2)])
    table = log.funnel(["view", "cart", "pay"]).table
    assert table["reached"].to_list() == [10, 5, 0]
    # By hand: a hundredth of the 5 who came to the cart would pay.
    assert table["point_value"].to_list() == [None, 0.0, pytest.approx(0.05)]


def test_an_exclusion_of_a_steps_own_event_is_refused():
    log = read([(1, 0, "view", None, None, 0), (1, 1, "cart", None, 5.0, 1), (1, 2, "pay", None, None, 2)])
    for event, span in (("view", {}), ("cart", {}), ("pay", {"after": "cart"}), (["help", "cart"], {})):
        with pytest.raises(ValueError, match="no chain could pass it"):
            log.funnel(["view", "cart", "pay"], exclude=[ff.Exclude(event, **span)])
    # Outside of its span, or with a condition that the step's event does not meet, it has a meaning.
    for exclude in (ff.Exclude("pay", after="view", before="cart"), ff.Exclude("cart", where=[("value", ">", 9)])):
        assert log.funnel(["view", "cart", "pay"], exclude=[exclude]).table["reached"].to_list() == [1, 1, 1]
