"""Models of purchases: fits and predictions against the package `lifetimes`."""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import pyarrow as pa

import footfall as ff
from timing import in_turn

DAYS = 730
PARAMETERS = (0.8, 75.0, 0.6, 4.2)


def histories(customers: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers who buy by MBG/NBD, in whole days: repeats, last, age."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = PARAMETERS
    age = random.integers(30, DAYS, customers).astype(float)
    rate, leave = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    repeats, last = np.zeros(customers), np.zeros(customers)
    time, here = np.zeros(customers), random.random(customers) >= leave
    while here.any():
        time = time + np.ceil(random.exponential(1 / rate))
        here &= time <= age
        repeats[here] += 1
        last[here] = time[here]
        here &= random.random(customers) >= leave
    return repeats, last, age


def fits(kind: str, customers: int) -> dict[str, object]:
    """Ways to fit a model; each gives the log-likelihood in days."""
    import lifetimes

    repeats, last, age = histories(customers, 1)
    ours = {"BG/NBD": ff.BgNbd, "Pareto/NBD": ff.ParetoNbd}[kind]
    theirs = {"BG/NBD": lifetimes.BetaGeoFitter, "Pareto/NBD": lifetimes.ParetoNBDFitter}[kind]

    def peer() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = theirs().fit(repeats, last, age)
        names = ("r", "alpha", "a", "b") if kind == "BG/NBD" else ("r", "alpha", "s", "beta")
        return float(ours(*(fitted.params_[name] for name in names)).log_likelihood(repeats, last, age).sum())

    return {
        "footfall": lambda: ours.fit(repeats, last, age).fit_result.log_likelihood,
        "lifetimes": peer,
    }


def line(kind: str, customers: int, runs: int) -> str:
    ways = fits(kind, customers)
    ours, theirs = ways["footfall"](), ways["lifetimes"]()
    # The same or a better likelihood, or there is nothing to compare.
    assert ours >= theirs - 1e-6 * abs(theirs), (ours, theirs)
    times = in_turn(ways, runs)
    return (
        f"| {kind}, {customers:,} customers | {times['footfall']:.3f} | {times['lifetimes']:.2f} | "
        f"**{times['lifetimes'] / times['footfall']:.0f}×** | {ours:.3f} | {theirs:.3f} |"
    )


def million(runs: int) -> str:
    """A million customers, from orders in memory to the table of values."""
    repeats, last, age = histories(1_000_000, 2)
    summary = pa.table({"repeats": repeats, "last": last, "age": age})

    def read_once() -> float:
        import pyarrow.compute as pc

        return sum(pc.sum(column).as_py() for column in summary.columns)

    def fit_and_foretell(model: type[ff.MbgNbd]) -> float:
        fitted = model.fit(repeats, last, age)
        alive = fitted.p_alive(repeats, last, age)
        return float((alive + fitted.expected_orders(365, repeats, last, age)).sum())

    counts = (repeats + 1).astype(int)
    who = np.repeat(np.arange(len(counts)), counts)
    at = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(who)) - np.repeat(at, counts)
    share = np.where(np.repeat(repeats, counts) > 0, place / np.maximum(np.repeat(repeats, counts), 1), 0)
    start = DAYS - np.repeat(age, counts)
    day = start + np.floor(share * np.repeat(last, counts))
    amount = np.random.default_rng(3).gamma(3, 10, len(who)).round(2)
    times = pa.array((day * 86_400_000_000).astype("datetime64[us]"))
    table = pa.table({"customer": who, "time": times, "amount": amount})
    orders = ff.Orders(table, customer="customer", time="time", amount="amount").between(
        None, dt.date(1970, 1, 1) + dt.timedelta(days=DAYS + 1)
    )
    times = in_turn(
        {
            "read": read_once,
            "mbg": lambda: fit_and_foretell(ff.MbgNbd),
            "pareto": lambda: fit_and_foretell(ff.ParetoNbd),
            "orders": lambda: orders.lifetime().num_rows,
        },
        runs,
    )
    rows = [
        ("MBG/NBD: fit, chance and orders of each, from histories", times["mbg"]),
        ("Pareto/NBD: the same", times["pareto"]),
        (f"`orders.lifetime()` on a log of {len(who):,} orders: MBG/NBD and Gamma-Gamma, table", times["orders"]),
    ]
    return "\n".join(f"| {name} | {seconds:.2f} | {seconds / times['read']:.0f}× |" for name, seconds in rows)


def section(runs: int) -> str:
    """The part of docs/benchmarks.md on lifetime models."""
    lines = [line("BG/NBD", 100_000, runs), line("Pareto/NBD", 20_000, min(runs, 3))]
    return f"""## Lifetime models

Histories in whole days that follow MBG/NBD, from arrays; the peer is `lifetimes` without a penalty. Log-likelihoods are those of
our formula at either's parameters.

| fit | footfall | lifetimes | ratio | our log-likelihood | theirs |
| --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

A million customers, against summing the three columns of their histories once:

| work | seconds | to reading once |
| --- | --- | --- |
{million(runs)}
"""
