"""CDNOW against published numbers."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import footfall as ff


def test_the_scores_of_frequency_are_those_of_the_literature(cdnow):
    # The min-rank rule on CDNOW's frequencies, half of which are 1: .511, .172, .152, .165 of the customers score
    # 1, 3, 4, 5, and nobody 2, as R's package rfm has it too.
    table = cdnow.rfm().to_pandas()
    shares = (table["f"].value_counts(normalize=True).sort_index().round(3)).to_dict()
    assert shares == {1: 0.511, 3: 0.172, 4: 0.152, 5: 0.165}


def test_the_summary_is_that_of_the_package_lifetimes(cdnow):
    # `lifetimes` gives 2,357 customers, of whom 1,411 did not come back within the first 273 days (to 1997-09-30);
    # Fader, Hardie and Lee (2005) print the same count.
    table = cdnow.rfm("1997-09-30", frequency="days").to_pandas()
    assert len(table) == 2357
    assert (table["frequency"] == 1).sum() == 1411


def test_concentration_agrees_with_a_plain_sum(cdnow):
    rfm = cdnow.rfm()
    money = sorted(rfm.to_pandas()["monetary_total"])
    n, total = len(money), math.fsum(money)
    gini = 2 * math.fsum(rank * value for rank, value in enumerate(money, 1)) / (n * total) - (n + 1) / n
    assert rfm.concentration.gini == pytest.approx(gini, abs=1e-12)
    best = math.fsum(money[-(n // 5) :]) + (n / 5 - n // 5) * money[-(n // 5) - 1]
    assert rfm.concentration.top_20 == pytest.approx(best / total, abs=1e-12)


def test_the_file_is_small_and_has_its_licence():
    assert ff.datasets.CDNOW.stat().st_size < 60_000
    assert "MIT License" in ff.datasets.CDNOW.with_name("cdnow.LICENSE.txt").read_text()
    frame = pd.read_parquet(ff.datasets.CDNOW)
    assert (len(frame), frame["customer_id"].nunique()) == (6919, 2357)


def test_segments_and_customers_agree(cdnow):
    rfm = cdnow.rfm()
    table = rfm.to_pandas()
    segments = rfm.segments.to_pandas().set_index("segment")
    for code, row in segments.iterrows():
        mine = table[table["segment"] == code]
        assert rfm.customers(code).num_rows == len(mine) == row["customers"]
        assert row["revenue"] == math.fsum(mine["monetary_total"])
        assert row["share"] == pytest.approx(len(mine) / len(table))
        if len(mine):
            assert row["recency_median"] == mine["recency_days"].median()
            assert row["monetary_median"] == mine["monetary"].median()
    assert segments["revenue_share"].sum() == pytest.approx(1)
