"""Charts: what they show, and that they can be drawn."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

import footfall as ff


@pytest.fixture(params=["en", "zh"])
def language(request):
    return request.param


def drawn(chart):
    """The chart as SVG, drawn without a browser."""
    assert isinstance(chart, alt.TopLevelMixin)
    picture = chart._repr_mimebundle_()["image/svg+xml"]
    assert picture.startswith("<svg")
    return picture


def test_the_grid_shows_each_segment_once(cdnow, language):
    rfm = cdnow.rfm(language=language)
    picture = drawn(rfm.plot())
    for _, name, *_ in rfm.segments.rows():
        assert picture.count(f">{name}<".replace("'", "&#x27;")) + picture.count(f">{name}<") >= 1, name
    assert ">457<" in picture


def test_other_maps_have_a_heat_map_too(cdnow):
    assert ">457<" in drawn(cdnow.rfm(segments="tiers").plot())
    assert drawn(cdnow.rfm(scores=3, segments="octants").plot())


def test_segments_show_both_shares(cdnow, language):
    rfm = cdnow.rfm(language=language)
    picture = drawn(rfm.segments.plot(language=language))
    table = rfm.to_pandas()
    best = table[table["segment"] == "champions"]
    assert f">{len(best) / len(table):.1%}<" in picture
    assert f">{best['monetary_total'].sum() / table['monetary_total'].sum():.1%}<" in picture
    assert (">revenue<" if language == "en" else ">销售额<") in picture


def test_the_lorenz_curve_states_its_numbers(cdnow, language):
    picture = drawn(cdnow.rfm().concentration.plot(language=language))
    assert "0.63" in picture
    assert "67" in picture


def test_the_waterfall_shows_what_drove_the_change(cdnow, language):
    picture = drawn(cdnow.sales("quarter").plot(language=language))
    frame = pd.read_parquet(ff.datasets.CDNOW)
    months = pd.to_datetime(frame["date"])
    earlier, later = (
        frame[(months >= start) & (months < end)]
        for start, end in (("1998-01-01", "1998-04-01"), ("1998-04-01", "1998-07-01"))
    )
    for total in (earlier["amount"].sum(), later["amount"].sum()):
        assert f">{total:,.0f}<" in picture
    # The mean of what the number of buyers does, over every order in which the three factors can be changed.
    (b0, o0, m0), (b1, o1, m1) = (
        (part["customer_id"].nunique(), len(part), part["amount"].sum()) for part in (earlier, later)
    )
    f0, f1, a0, a1 = o0 / b0, o1 / b1, m0 / o0, m1 / o1
    buyers = (b1 - b0) * (2 * f0 * a0 + 2 * f1 * a1 + f0 * a1 + f1 * a0) / 6
    assert f"{abs(buyers):,.0f}<" in picture
    assert (">buyers<" if language == "en" else ">购买人数<") in picture


def test_without_a_comparison_sales_are_a_line(cdnow):
    assert "Sales by period" in drawn(cdnow.sales("month", compare=None).plot())
    by_segment = drawn(cdnow.sales("quarter", by=cdnow.rfm()["segment"]).plot())
    assert "champions" in by_segment


def test_charts_are_saved(cdnow, tmp_path):
    cdnow.rfm().plot().save(str(tmp_path / "grid.png"))
    assert (tmp_path / "grid.png").read_bytes().startswith(b"\x89PNG")


def test_an_unknown_language_is_refused(cdnow):
    for result in (cdnow.rfm(), cdnow.rfm().segments, cdnow.rfm().concentration, cdnow.sales()):
        with pytest.raises(ValueError, match='give "en" or "zh"'):
            result.plot(language="fr")


def test_a_missing_extra_says_which_to_install(cdnow, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    with pytest.raises(ff.MissingExtraError, match=r'pip install "footfall\[plot\]"'):
        cdnow.rfm().plot()


@pytest.fixture
def visits():
    shop = ff.datasets.make_shop(3_000, seed=1)
    return ff.Events(
        shop.events, customer="customer", time="time", event="event", value="value", device="device", session="session"
    )


FUNNEL = ["view", "cart", "order", "pay"]


def test_small_funnels_stand_side_by_side(visits, language):
    funnel = visits.funnel(FUNNEL, window="7d", by="device")
    picture = drawn(funnel.plot(language=language))
    for device, step, name, reached, *_ in funnel.rows():
        assert f">{device}<" in picture
        assert f">{step} {name}<" in picture
        assert f">{reached:,} (" in picture


def test_periods_are_lines(visits, language):
    picture = drawn(visits.funnel(FUNNEL, window="7d", period="month").plot(language=language))
    assert (">rate<" if language == "en" else ">转化率<") in picture
    assert ">4 pay<" in picture


def test_the_time_to_convert_is_a_distribution(visits, language):
    funnel = visits.funnel(FUNNEL, window="7d")
    chart = funnel.plot("times", language=language)
    assert sum(bar["count"] for bar in chart.to_dict()["data"]["values"]) == funnel.to_arrow()["reached"][-1].as_py()
    assert drawn(chart)


def test_transitions_and_cohorts_are_heat_maps(visits, language):
    paths = visits.paths(gap=None)
    picture = drawn(paths.plot("transitions", language=language))
    assert (">(ends)<" if language == "en" else ">（离开）<") in picture
    flow = drawn(paths.plot(language=language))
    assert (">(ends) " if language == "en" else ">（离开） ") in flow
    with pytest.raises(ValueError, match='give "flow" or "transitions"'):
        paths.plot("sankey")
    with pytest.raises(ValueError, match="no path has a second step"):
        visits.paths(depth=1).plot()
    retention = visits.retention("view", period="month")
    picture = drawn(retention.plot(language=language))
    assert f">{retention.rows()[0][0]} (" in picture
