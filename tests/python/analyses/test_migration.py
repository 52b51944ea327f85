"""Who moved from segment to segment, counted with Polars, by frozen edges."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

import footfall as ff


@pytest.fixture(scope="module")
def orders():
    return ff.datasets.load_cdnow()


@pytest.fixture(scope="module", params=["grid", "tiers", "octants", "own"])
def pair(orders, request):
    own = ff.Segments(
        [ff.Rule("often", f=(3, 5)), ff.Rule("rich", where=[("monetary", ">", 60)])], default="rest", overlaps="first"
    )
    segments = own if request.param == "own" else request.param
    return tuple(orders.rfm(day, lookback="180d", segments=segments) for day in ("1997-12-31", "1998-06-30"))


def test_pairs_are_those_counted_by_hand(orders, pair):
    before, after = pair
    found = before.migration(after)
    # The later analysis anew, with the edges of the earlier one.
    frozen = orders.rfm("1998-06-30", lookback="180d", edges=before.edges)
    then = before.to_polars().select("customer_id", pl.col("segment").cast(pl.String), money="monetary_total")
    customers = found.customers.to_polars().with_columns(pl.col("from", "to").cast(pl.String))
    # Those of the earlier day in the order of the keys, then the newcomers in theirs.
    assert customers["customer_id"][: len(then)].is_sorted()
    assert customers["customer_id"][len(then) :].is_sorted()
    assert set(customers["from"][len(then) :]) == {"newcomer"}
    old = customers.filter(pl.col("from") != "newcomer").sort("customer_id")
    assert old["customer_id"].to_list() == then["customer_id"].to_list()
    assert old["from"].to_list() == then["segment"].to_list()
    assert old["before"].to_list() == then["money"].to_list()
    there = set(after.to_polars()["customer_id"])
    assert all((row[2] == "absent") == (row[0] not in there) for row in customers.rows())
    assert set(customers.filter(pl.col("from") == "newcomer")["customer_id"]) == there - set(then["customer_id"])
    if before._params["segments"] == "grid":
        names = dict(frozen.to_polars().select("customer_id", pl.col("segment").cast(pl.String)).rows())
        assert all(row[2] == names[row[0]] for row in customers.rows() if row[2] != "absent")
    counted = customers.group_by("from", "to").agg(
        customers=pl.len().cast(pl.Int64), revenue=pl.coalesce("before", "after").sum()
    )
    table = found.to_polars()
    joined = table.join(counted, on=["from", "to"], how="full", suffix="_")
    assert joined["customers"].equals(joined["customers_"], check_names=False)
    assert joined["revenue"].to_numpy() == pytest.approx(joined["revenue_"].to_numpy())
    shares = table.group_by("from").agg(pl.col("share", "revenue_share").sum())
    assert shares["share"].to_numpy() == pytest.approx(1)
    assert shares["revenue_share"].to_numpy() == pytest.approx(1)


def test_who_moved_and_the_index_of_stability(orders, pair):
    before, after = pair
    found = before.migration(after)
    rows = found.rows()
    for start, end, count, *_ in rows[::5]:
        moved = found.moved(start, end)
        assert moved.num_rows == count
        assert {(row[1], row[2]) for row in moved.rows()} == {(start, end)}
    frozen = orders.rfm("1998-06-30", lookback="180d", edges=before.edges).to_polars()
    stability = dict(found.stability.to_polars().select("measure", "psi").rows())
    for axis in "rfm":
        counts = [np.bincount(table[axis].to_numpy(), minlength=6) for table in (before.to_polars(), frozen)]
        # Half a customer where there is none, unless neither has any.
        known = counts[0] + counts[1] > 0
        p, q = (np.maximum(column[known], 0.5) for column in counts)
        p, q = p / p.sum(), q / q.sum()
        assert stability[axis.upper()] == pytest.approx(math.fsum((q - p) * np.log(q / p)))
    with pytest.raises(ValueError, match='start="nowhere": give "'):
        found.moved("nowhere", "absent")


def test_standing_still_is_no_movement(orders):
    """A customer who does the same in both periods stays where he was."""
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 12, 31), "1d", eager=True)
    random = np.random.default_rng(4)
    frames = [
        pl.DataFrame({"who": who, "day": days.gather_every(int(gap), who % int(gap)), "amount": 10.0 + who})
        for who, gap in enumerate(random.choice([7, 14, 28, 56], 60))
    ]
    log = ff.Orders(pl.concat(frames), customer="who", time="day", amount="amount")
    before, after = (log.rfm(day, lookback="112d", monetary="mean") for day in ("2024-08-31", "2024-12-21"))
    rows = before.migration(after).rows()
    assert all(start == end for start, end, *_ in rows)
    assert set(before.migration(after).stability.to_polars()["verdict"]) == {"stable"}


def test_clusters_migrate_likewise(orders):
    before, after = (orders.rfm(day, lookback="180d") for day in ("1997-12-31", "1998-06-30"))
    clusters = before.clusters(3)
    found = clusters.migration(after)
    now = dict(clusters.assign(after).to_polars().select("customer_id", "cluster").rows())
    then = dict(clusters.to_polars().select("customer_id", "cluster").rows())
    for key, start, end, *_ in found.customers.rows():
        assert start == str(then.get(key, "newcomer"))
        assert end == str(now.get(key, "absent"))


def test_logs_of_other_sources_are_matched_by_key(orders):
    from footfall.datasets.cdnow import CDNOW

    frame = pl.read_parquet(CDNOW).sample(fraction=1, shuffle=True, seed=3)
    roles = {"customer": "customer_id", "time": "date", "amount": "amount"}
    later = ff.Orders(frame, **roles).rfm("1998-06-30", lookback="180d")
    before = orders.rfm("1997-12-31", lookback="180d")
    assert before.migration(later).rows() == before.migration(orders.rfm("1998-06-30", lookback="180d")).rows()


@pytest.mark.parametrize(
    ("message", "first", "second"),
    [
        ("needs lookback= in both", {}, {}),
        ("look back 90d and 180d", {"lookback": "90d"}, {"lookback": "180d"}),
        ("frequency='orders' and 'days'", {"lookback": "90d"}, {"lookback": "90d", "frequency": "days"}),
        ("give a later one", {"lookback": "90d", "as_of": "1998-06-30"}, {"lookback": "90d"}),
    ],
)
def test_analyses_that_do_not_compare_are_refused(orders, message, first, second):
    before = orders.rfm(**{"as_of": "1997-12-31", **first})
    with pytest.raises(ValueError, match=message):
        before.migration(orders.rfm(**{"as_of": "1998-06-30", **second}))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_are_drawn(pair, language, tmp_path):
    found = pair[0].migration(pair[1])
    for kind in ("flow", "matrix"):
        found.plot(kind, language=language).save(tmp_path / f"{kind}.png")
        assert (tmp_path / f"{kind}.png").stat().st_size > 8_000
    with pytest.raises(ValueError, match='give "flow" or "matrix"'):
        found.plot("sankey")
