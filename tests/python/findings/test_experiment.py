"""Experiments: who is held out, the file, and what the action brought."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

import footfall as ff
from footfall.core.rows import dicts

pytestmark = pytest.mark.filterwarnings("ignore:no customer has score")


def finding(keys):
    frame = pl.DataFrame({"customer": keys, "at": dt.date(2024, 1, 1), "amount": 1.0})
    audience = ff.Orders(frame, customer="customer", time="at", amount="amount").rfm()
    return ff.findings.Finding(
        "win_back", "value", "t", "s", "customers", 1.0, audience, "write", "orders", audience=audience
    )


def test_the_same_seed_holds_the_same_customers_out():
    one = finding(list(range(100))).experiment("2024-07-01", holdout=0.3, seed=5)
    again = finding(list(range(100))[::-1]).experiment(dt.date(2024, 7, 1), holdout=0.3, seed=5)
    assert dict(row[:2] for row in one.rows()) == dict(row[:2] for row in again.rows())
    groups = [row[1] for row in one.rows()]
    assert groups.count("control") == 30
    other = finding(list(range(100))).experiment("2024-07-01", holdout=0.3, seed=6)
    assert other.rows() != one.rows()
    assert one.join(pl.DataFrame({"customer": [3]}))["finding"].to_list() == ["win_back"]


@pytest.mark.parametrize("keys", [list(range(40)), [f"c-{one:03}" for one in range(40)]])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_file_says_what_the_experiment_says(keys, suffix, tmp_path):
    experiment = finding(keys).experiment("2024-02-01", holdout=0.5)
    path = tmp_path / f"experiment.{suffix}"
    getattr(experiment, f"write_{suffix}")(path)
    read = ff.findings.Experiment.read(path)
    assert (read.finding, read.start) == ("win_back", dt.date(2024, 2, 1))
    orders = ff.Orders(
        pl.DataFrame({"customer": keys[:20], "at": dt.date(2024, 2, 9), "amount": 2.0}),
        customer="customer", time="at", amount="amount",
    )  # fmt: skip
    shop = ff.Shop(orders=orders)
    assert shop.effect(path).rows() == shop.effect(experiment).rows()


# Of the same numbers, low, high and p: statsmodels 0.15.0, CompareMeans (usevar="unequal") by the normal distribution,
# and confint_proportions_2indep(method="newcomb"); scipy 1.17.1, chi2_contingency(correction=False).
GOLDEN = {
    "orders": (0.2569887800180777, 0.6305112199819223, 3.2095876183979195e-06),
    "sales": (5.821424908642071, 15.857741758024588, 2.2991513660938532e-05),
    "buyers": (0.021584664377460705, 0.20764073274384798, 0.015430242223386483),
}


def bought(who, group):
    """Orders of a customer after the start, by day and amount."""
    orders = (who * 7 % 11) % 4 if group == "treatment" else (who * 5 % 13) % 3
    return [(1 + 9 * at, 5.0 + (who * 31 + at * 17) % 40) for at in range(orders)]


def test_the_effect_is_that_of_other_programs():
    experiment = finding(list(range(400))).experiment("2024-02-01", holdout=0.4, seed=1)
    # The rule above goes by the place in its group, so that the numbers do not depend on who is drawn.
    sides = {name: [row[0] for row in experiment.rows() if row[1] == name] for name in ("treatment", "control")}
    start, rows = dt.date(2024, 2, 1), []
    for name, side in sides.items():
        for at, who in enumerate(side):
            rows += [(who, start + dt.timedelta(days=day), amount) for day, amount in bought(at, name)]
            # A day before the start, and on the first day after thirty: neither counts.
            rows += [(who, dt.date(2024, 1, 31), 1_000.0), (who, dt.date(2024, 3, 2), 1_000.0)]
    frame = pl.DataFrame(rows, schema=["customer", "at", "amount"], orient="row")
    orders = ff.Orders(frame, customer="customer", time="at", amount="amount")
    found = {row["measure"]: row for row in dicts(ff.Shop(orders=orders).effect(experiment, within="30d"))}
    for measure, of in (("orders", len), ("sales", lambda own: sum(amount for _, amount in own))):
        means = [sum(of(bought(at, name)) for at in range(len(side))) / len(side) for name, side in sides.items()]
        row = found[measure]
        assert (row["treatment"], row["control"]) == pytest.approx(means)
        assert row["difference"] == pytest.approx(means[0] - means[1])
        assert row["brought"] == pytest.approx(row["difference"] * 240)
    for measure, golden in GOLDEN.items():
        assert tuple(found[measure][name] for name in ("low", "high", "p_value")) == pytest.approx(golden)


def test_what_is_no_experiment_is_refused(tmp_path):
    path = tmp_path / "no.csv"
    path.write_text("customer,when\n1,2\n")
    shop = ff.Shop(orders=ff.datasets.load_cdnow())
    empty = tmp_path / "empty.csv"
    empty.write_text("customer,group,finding,start\n")
    with pytest.raises(ff.DataError, match="without customers"):
        shop.effect(empty)
    with pytest.raises(ff.DataError, match="no experiment: it has no column 'group'"):
        shop.effect(path)
    later = finding([1, 2]).experiment("2030-01-01")
    with pytest.raises(ff.DataError, match="the action starts on 2030-01-01, and the orders end before"):
        shop.effect(later)
    with pytest.raises(ff.DataError, match="two customers or more"):
        finding([1]).experiment("2024-01-01")
    with pytest.raises(ValueError, match="holdout=1"):
        finding([1, 2]).experiment("2024-01-01", holdout=1)
    nobody = ff.findings.Finding("r", "value", "t", "s", "cost", 1.0, later, "a", "w")
    with pytest.raises(ff.DataError, match="r names no customers"):
        nobody.experiment("2024-01-01")
