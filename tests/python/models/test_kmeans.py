"""k-means against Lloyd by hand and scikit-learn's printed results, and clusters of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff


def lloyd(points, centers, weights, steps=300, tol=1e-4):
    """The slow, obvious way; clusters without points take the farthest one."""
    limit = tol * points.var(axis=0).mean()
    labels = None
    for _ in range(steps):
        distances = ((points[:, None] - centers[None]) ** 2).sum(axis=2)
        new = distances.argmin(axis=1)
        moved = labels is None or (new != labels).any()
        labels = new
        own = distances[np.arange(len(points)), labels]
        totals = np.stack([np.bincount(labels, weights * column, len(centers)) for column in points.T], axis=1)
        counts = np.bincount(labels, weights, len(centers))
        far = [point for point in np.argsort(-own, kind="stable") if weights[point] > 0]
        for cluster, point in zip(np.flatnonzero(counts == 0), far, strict=False):
            totals[labels[point]] -= weights[point] * points[point]
            counts[labels[point]] -= weights[point]
            totals[cluster], counts[cluster] = weights[point] * points[point], weights[point]
            labels[point] = cluster
            moved = True
        means = np.where(counts[:, None] > 0, totals / np.where(counts > 0, counts, 1)[:, None], centers)
        shift = ((means - centers) ** 2).sum()
        centers = means
        if not moved or shift <= limit:
            break
    distances = ((points[:, None] - centers[None]) ** 2).sum(axis=2)
    labels = distances.argmin(axis=1)
    return labels, centers, (weights * distances.min(axis=1)).sum()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_steps_are_those_of_lloyd(seed, k, width, weighted):
    random = np.random.default_rng(seed)
    count = int(random.integers(k, 400))
    points = random.normal(size=(count, width)) + 4 * random.integers(0, 4, (count, 1))
    weights = random.integers(0, 4, count).astype(float) if weighted else np.ones(count)
    weights[0] += weighted
    init = points[random.choice(count, k, replace=False)] + random.normal(size=(k, width)) * 0.1
    found = ff.kmeans(points, k, init=init, weights=weights if weighted else None)
    labels, centers, inertia = lloyd(points, init, weights)
    assert found.inertia == pytest.approx(inertia, rel=1e-9, abs=1e-9)
    assert found.centers == pytest.approx(centers, rel=1e-8, abs=1e-8)
    assert (found.labels == labels).all()
    assert found.sizes == pytest.approx(np.bincount(labels, weights, k))


def test_inertia_is_that_of_scikit_learn():
    """`KMeans(5, init=X[:5], n_init=1).fit(X)` of scikit-learn 1.9.1: inertia_ and n_iter_."""
    random = np.random.default_rng(12)
    points = random.normal(size=(20_000, 3)).cumsum(axis=1)
    found = ff.kmeans(points, 5, init=points[:5])
    assert found.inertia == pytest.approx(SKLEARN[0], rel=1e-9)
    assert found.n_iter == SKLEARN[1]
    assert found.converged


SKLEARN = (27219.070042101186, 61)


def test_a_cluster_without_points_takes_the_farthest():
    points = np.array([[0.0], [0.1], [0.2], [9.0]])
    found = ff.kmeans(points, 3, init=[[0.1], [500.0], [600.0]])
    assert sorted(found.sizes.tolist()) == [1.0, 1.0, 2.0]
    assert found.inertia == pytest.approx(0.005)


@pytest.fixture(scope="module")
def blobs():
    random = np.random.default_rng(7)
    middle = np.array([[0, 0, 0], [8, 0, 3], [0, 9, -4], [9, 9, 9]], dtype=float)
    truth = random.integers(0, 4, 60_000)
    return middle[truth] + random.normal(size=(60_000, 3)), truth


def test_separated_groups_are_found_from_any_seed(blobs):
    points, truth = blobs
    for seed in range(5):
        found = ff.kmeans(points, 4, seed=seed)
        pairs = set(zip(truth.tolist(), found.labels.tolist(), strict=True))
        shares = [
            max((truth == t).sum() and ((truth == t) & (found.labels == c)).sum() for c in range(4)) for t in range(4)
        ]
        assert sum(shares) / len(truth) > 0.999
        assert len(pairs) >= 4
    assert (np.diff(found.centers[:, 0]) > 0).all()


def test_the_same_seed_gives_the_same_labels_for_any_threads_and_layout(blobs):
    points, _ = blobs
    before = ff.options.threads
    expected = ff.kmeans(points, 6, seed=3)
    frames = [
        points, np.asfortranarray(points), points.tolist(), pd.DataFrame(points, columns=list("abc")),
        pl.DataFrame(points, schema=list("abc")), pa.table(dict(zip("abc", points.T.copy(), strict=True))),
    ]  # fmt: skip
    for threads, frame in zip((1, 2, 3, 4, 5, 1), frames, strict=True):
        ff.options.threads = threads
        found = ff.kmeans(frame, 6, seed=3)
        assert (found.labels == expected.labels).all()
        assert found.centers.tobytes() == expected.centers.tobytes()
        assert (found.predict(frame) == expected.labels).all()
    ff.options.threads = before


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (
            ff.DataError,
            "2 rows have others, the first is row 1",
            lambda: ff.kmeans([[0.0], [np.nan], [np.inf], [1.0]], 2),
        ),
        (ValueError, "only 2 points differ", lambda: ff.kmeans([[0.0], [0.0], [1.0]], 3)),
        (ValueError, "k=4, but X has 3 rows", lambda: ff.kmeans([[0.0], [0.0], [1.0]], 4)),
        (ValueError, "k=0", lambda: ff.kmeans([[0.0]], 0)),
        (TypeError, "k=2.5: give a whole number", lambda: ff.kmeans([[0.0]], 2.5)),
        (ValueError, "17 columns", lambda: ff.kmeans(np.zeros((3, 17)), 2)),
        (ValueError, "3 dimensions", lambda: ff.kmeans(np.zeros((3, 2, 2)), 2)),
        (ValueError, "give 2 centres of 1 columns", lambda: ff.kmeans([[0.0], [1.0]], 2, init=[[0.0, 1.0]])),
        (ValueError, "weights= has the shape", lambda: ff.kmeans([[0.0], [1.0]], 2, weights=[1.0])),
        (ValueError, "not all of them 0", lambda: ff.kmeans([[0.0], [1.0]], 2, weights=[0.0, 0.0])),
        (ValueError, "tol=-1", lambda: ff.kmeans([[0.0], [1.0]], 2, tol=-1)),
        (ValueError, "no rows", lambda: ff.kmeans(np.zeros((0, 2)), 2)),
        (ValueError, "X has 2 columns, and the clusters", lambda: ff.kmeans([[0.0], [1.0]], 2).predict([[0.0, 1.0]])),
    ],
)
def test_bad_input_is_named(error, message, call):
    with pytest.raises(error, match=message):
        call()


@pytest.fixture(scope="module")
def rfm():
    return ff.datasets.load_cdnow().rfm(segments="tiers")


def test_clusters_of_customers(rfm):
    clusters = rfm.clusters()
    choice = clusters.choice.to_polars()
    assert choice["k"].to_list() == list(range(3, 9))
    stable = choice.filter(pl.col("stability") >= 0.75)
    taken = choice.filter("taken")
    assert taken["calinski_harabasz"].item() == stable["calinski_harabasz"].max()
    assert clusters.stable
    assert clusters.k == taken["k"].item()
    # Caliński–Harabasz and the simplified silhouette by hand.
    points = np.stack(clusters.scaling.apply(rfm._native), axis=1)
    assert points.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert points.std(axis=0) == pytest.approx(1)
    table = clusters.to_polars()
    labels = table["cluster"].to_numpy() - 1
    means = np.stack([points[labels == at].mean(axis=0) for at in range(clusters.k)])
    within = ((points - means[labels]) ** 2).sum()
    between = sum((labels == at).sum() * (means[at] ** 2).sum() for at in range(clusters.k))
    n, k = len(points), clusters.k
    assert taken["inertia"].item() == pytest.approx(within, rel=1e-3)
    assert taken["calinski_harabasz"].item() == pytest.approx(between / within * (n - k) / (k - 1), rel=2e-3)
    distances = np.sort(np.sqrt(((points[:, None] - means[None]) ** 2).sum(axis=2)), axis=1)
    assert taken["silhouette"].item() == pytest.approx((1 - distances[:, 0] / distances[:, 1]).mean(), rel=2e-3)
    centers = clusters.centers.to_polars()
    assert centers["customers"].sum() == rfm.num_rows
    assert centers["revenue"].sum() == pytest.approx(rfm.to_polars()["monetary_total"].sum())
    assert centers["x_monetary"].is_sorted(descending=True)
    own = table.filter(pl.col("cluster") == 1)
    assert centers["recency_days"][0] == own["recency_days"].median()


def test_new_customers_are_assigned_by_what_was_kept(rfm):
    clusters = rfm.clusters(4, seed=2)
    again = clusters.assign(rfm).to_polars()
    assert again.equals(clusters.to_polars())
    other = ff.datasets.load_cdnow().rfm("1998-01-31", segments="tiers")
    assert clusters.assign(other).num_rows == other.num_rows
    with pytest.raises(ValueError, match="frequency='orders', and the other analysis has 'days'"):
        clusters.assign(ff.datasets.load_cdnow().rfm(frequency="days"))
    assert clusters.stable is None
    assert rfm.clusters(4, seed=2).to_polars().equals(clusters.to_polars())


def test_a_giant_makes_no_cluster_of_its_own_unless_asked():
    random = np.random.default_rng(1)
    count = 3_000
    frame = pl.DataFrame(
        {
            "who": np.arange(count),
            "day": np.datetime64("2024-01-01") + random.integers(0, 300, count).astype("timedelta64[D]"),
            "amount": np.concatenate([random.gamma(3, 20, count - 2), [4e14, 5e14]]),
        }
    )
    rfm = ff.Orders(frame, customer="who", time="day", amount="amount")
    with pytest.warns(ff.FootfallWarning, match="tied"):
        rfm = rfm.rfm()
    drawn, free = (rfm.clusters(3, winsorize=share).centers.to_polars() for share in (0.005, None))
    assert drawn["customers"].min() > 100
    assert free["customers"].min() == 2


def test_few_that_differ_are_named_and_not_passed_over():
    alike = pl.DataFrame({"who": range(40), "day": ["2024-01-01"] * 39 + ["2024-02-01"], "amount": [5.0] * 39 + [9.0]})
    with pytest.warns(ff.FootfallWarning, match="tied"):
        rfm = ff.Orders(alike, customer="who", time="day", amount="amount").rfm()
    with pytest.raises(ValueError, match="k=4, but only 2 points differ: give k=2 at most"):
        rfm.clusters(4, winsorize=None)
    with pytest.raises(ValueError, match="k=8, but only 2 points differ"):
        rfm.clusters(winsorize=None)
    assert rfm.clusters(2, winsorize=None).centers.to_polars()["customers"].to_list() == [1, 39]
    with pytest.raises(ValueError, match="5 customers are too few for 8 clusters: give a smaller k="):
        ff.Orders(alike[-5:], customer="who", time="day", amount="amount").rfm(edges=rfm.edges).clusters()


def test_what_a_sample_misses_is_found():
    points = np.zeros((100_000, 2))
    points[77_777] = 5.0
    assert sorted(ff.kmeans(points, 2).sizes.tolist()) == [1.0, 99_999.0]
    weights = np.zeros(100_000)
    weights[[3, 77_777]] = 2.0
    assert sorted(ff.kmeans(points, 2, weights=weights).sizes.tolist()) == [2.0, 2.0]
    with pytest.raises(ff.DataError, match="1 rows have others, the first is row 1"):
        ff.kmeans([[0.0], [1.0]], 2).predict([[0.0], [np.nan]])


def test_tiers_are_those_that_the_rule_gives(rfm):
    clusters = rfm.clusters(6)
    frame = rfm.to_polars().with_columns(cluster=clusters.to_polars()["cluster"])
    medians = frame.group_by("cluster").agg(pl.col("recency_days", "f", "m").median()).sort("cluster")
    for row, tier in zip(medians.to_dicts(), clusters.centers.to_polars()["tier"], strict=True):
        if row["recency_days"] > rfm.lost_after:
            expected = "lost"
        elif row["f"] >= 4:
            expected = "loyal_high_value" if row["m"] >= 4 else "frequent_low_value"
        elif row["m"] >= 4:
            expected = "high_value_infrequent"
        else:
            expected = "potential" if max(row["f"], row["m"]) >= 3 else "general"
        assert tier == expected


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("k=1: give a whole number from 2", lambda rfm: rfm.clusters(1)),
        ("k='few': give a whole number", lambda rfm: rfm.clusters("few")),
        ("seed=-1", lambda rfm: rfm.clusters(3, seed=-1)),
        ("winsorize=0.5", lambda rfm: rfm.clusters(3, winsorize=0.5)),
        ('give "scatter" or "profile"', lambda rfm: rfm.clusters(3).plot("pie")),
        ('give "en" or "zh"', lambda rfm: rfm.clusters(3).plot(language="fr")),
        ("too few for 3000 clusters", lambda rfm: rfm.clusters(3000)),
    ],
)
def test_bad_arguments_are_named(rfm, message, call):
    with pytest.raises((TypeError, ValueError), match=message):
        call(rfm)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_are_drawn(rfm, language, tmp_path):
    clusters = rfm.clusters(4)
    for kind in ("scatter", "profile"):
        clusters.plot(kind, language=language).save(tmp_path / f"{kind}.png")
        assert (tmp_path / f"{kind}.png").stat().st_size > 8_000


def test_centres_are_the_means_of_the_labels_and_the_ratio_is_theirs(rfm):
    clusters = rfm.clusters()
    points = np.column_stack(clusters.scaling.apply(rfm._native))
    labels = clusters.to_arrow()["cluster"].to_numpy() - 1
    means = np.array([points[labels == cluster].mean(axis=0) for cluster in range(clusters.k)])
    centers = clusters.centers.to_arrow()
    found = np.column_stack([centers[name].to_numpy() for name in ("x_recency", "x_frequency", "x_monetary")])
    assert np.abs(found - means).max() < 1e-12
    taken = next(row for row in clusters.choice.to_arrow().to_pylist() if row["taken"])
    # By the formula, of the labels; and calinski_harabasz_score of scikit-learn.
    counts = np.bincount(labels)
    between = (counts * ((means - points.mean(axis=0)) ** 2).sum(axis=1)).sum() / (clusters.k - 1)
    within = ((points - means[labels]) ** 2).sum() / (len(points) - clusters.k)
    assert taken["calinski_harabasz"] == pytest.approx(between / within, rel=1e-12)
    assert taken["calinski_harabasz"] == pytest.approx(3240.4956, abs=5e-5)


def test_no_two_clusters_bear_one_name(rfm):
    for k in (3, 6, 8):
        centers = rfm.clusters(k).centers.to_arrow().to_pylist()
        names = [row["name"] for row in centers]
        assert len(set(names)) == k
        assert all(row["name"].startswith(row["tier"]) for row in centers)
    assert len({row["tier"] for row in centers}) < 8


def test_a_cluster_beyond_lost_after_is_lost_whatever_the_map():
    orders = ff.datasets.load_cdnow()
    lost_after = orders.rfm(segments="tiers").lost_after
    for row in orders.rfm().clusters(5).centers.to_arrow().to_pylist():
        assert (row["tier"] == "lost") == (row["recency_days"] > lost_after)
