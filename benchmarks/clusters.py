"""k-means against scikit-learn, from the same start to the same tolerance."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings

import numpy as np

import footfall as ff
from timing import in_turn


def customers(rows: int, width: int) -> np.ndarray:
    """Scaled logarithms of recency, frequency, money, and days as a customer, as RFM has them."""
    random = np.random.default_rng(0)
    recency, frequency = random.exponential(120, rows), random.geometric(0.35, rows)
    money, age = random.lognormal(4, 0.8, rows) * frequency, random.uniform(0, 700, rows)
    logs = np.stack([np.log1p(recency), np.log(frequency), np.log(money), np.log1p(age)][:width], axis=1)
    return np.ascontiguousarray((logs - logs.mean(axis=0)) / logs.std(axis=0))


def line(points: np.ndarray, k: int, runs: int) -> str:
    from sklearn.cluster import KMeans

    init = points[np.random.default_rng(k).choice(len(points), k, replace=False)]

    def peer(algorithm: str) -> KMeans:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return KMeans(k, init=init, n_init=1, algorithm=algorithm).fit(points)

    ways = {
        "footfall": lambda: ff.kmeans(points, k, init=init),
        "lloyd": lambda: peer("lloyd"),
        "elkan": lambda: peer("elkan"),
    }
    ours, theirs = ways["footfall"](), ways["lloyd"]()
    assert ours.inertia <= theirs.inertia_ * (1 + 1e-9), (ours.inertia, theirs.inertia_)
    same = (ours.labels == theirs.labels_).mean()
    times = in_turn(ways, runs)
    best = min(times["lloyd"], times["elkan"])
    return (
        f"| {len(points):,} × {points.shape[1]}, k = {k} | {times['footfall']:.2f} | {times['lloyd']:.2f} | "
        f"{times['elkan']:.2f} | **{best / times['footfall']:.1f}×** | {ours.n_iter} and {theirs.n_iter_} | "
        f"{ours.inertia:.1f} and {theirs.inertia_:.1f} | {same:.2%} |"
    )


def alone() -> str:
    """Memory of ten million points in a process of its own, beyond the data."""
    program = f"""
import json, resource, sys, time
sys.path.insert(0, {str(sys.path[0])!r})
import clusters, footfall as ff
points = clusters.customers(10_000_000, 4)
ff.kmeans(points[:1000], 2)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
def status(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) * 1024
before, start = status("VmRSS"), time.perf_counter()
found = ff.kmeans(points, 8)
print(json.dumps([time.perf_counter() - start, (status("VmHWM") - before) / len(points), found.n_iter]))
"""
    out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    seconds, bytes_a_row, steps = json.loads(out)
    return (
        f"10,000,000 × 4, k = 8, from a seed, in a process of its own: {seconds:.1f} s in {steps} steps, with "
        f"{bytes_a_row:.0f} bytes a row beyond the data."
    )


def section(runs: int) -> str:
    """The part of docs/benchmarks.md on k-means."""
    points = customers(1_000_000, 3)
    return f"""## k-means

Scaled logarithms of R, F and M, float64; the same centres to start from and the same tolerance (1e-4), all threads.

| points | footfall | scikit-learn lloyd | scikit-learn elkan | against the faster | steps | inertia | same labels |
| --- | --- | --- | --- | --- | --- | --- | --- |
{line(points, 5, runs)}
{line(points, 8, runs)}

{alone()}
"""
