"""Charts: what they show, and that they can be drawn."""

from __future__ import annotations

import altair as alt
import footfall as ff
import pytest


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
    picture = drawn(cdnow.rfm(language=language).segments.plot(language=language))
    assert ">17.6%<" in picture
    assert ">49.0%<" in picture
    assert (">revenue<" if language == "en" else ">销售额<") in picture


def test_the_lorenz_curve_states_its_numbers(cdnow, language):
    picture = drawn(cdnow.rfm().concentration.plot(language=language))
    assert "0.63" in picture
    assert "67" in picture


def test_the_waterfall_shows_what_drove_the_change(cdnow, language):
    picture = drawn(cdnow.sales("quarter").plot(language=language))
    for label in (">24,887<", "5,238<", "683<", "985<", ">17,981<"):
        assert label in picture
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
