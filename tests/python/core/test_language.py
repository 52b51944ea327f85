"""The language of the package stands where none is given."""

from __future__ import annotations

import pytest

import footfall as ff
from footfall.core.titles import title_of
from test_golden import CASES, data, model_cases


@pytest.fixture
def chinese():
    ff.options.language = "zh"
    yield
    ff.options.language = "en"


def title(chart):
    return chart.to_dict()["title"]["text"]


def test_the_option_is_the_default(chinese):
    orders = ff.datasets.load_cdnow()
    rfm = orders.rfm()
    assert set(rfm.segments.to_polars()["segment_name"]) >= {"冠军客户"}
    assert (
        title(orders.sales().plot())
        == title(orders.sales().plot(language="zh"))
        != title(orders.sales().plot(language="en"))
    )
    assert title(rfm.plot()) == title(rfm.plot(language="zh"))
    assert title(rfm.segments.plot()) != title(rfm.segments.plot(language="en"))


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_findings_and_reports_speak_it(chinese, tmp_path):
    shop = ff.Shop.sample(4_000, seed=1)
    found = shop.diagnose(rules=["spend_by_tier"])
    assert found.to_polars()["title"].to_list() == ["投给流失客户的资源多于其贡献"]
    assert "电商客户数据分析报告" in shop.report(tmp_path / "report.html", sections=["introduction"]).read_text("utf-8")


def test_columns_have_titles(chinese):
    sales = ff.datasets.load_cdnow().sales()
    assert sales.titles()[:2] == ["周期", "完整"]
    assert sales.titles("en")[:2] == ["period", "whole"]
    page = sales._repr_html_()
    assert "客单价" in page
    assert ">sales_per_buyer</span>" in page
    # Names of one's own, and names in the text that programmers see, stay as they are.
    assert title_of("shoe_size", "zh") == "shoe_size"
    # The age of a customer is one of life, but for models of lifetime value.
    assert title_of("age", "zh") == "年龄"
    assert "距首次购买天数" in ff.datasets.load_cdnow().lifetime().titles()
    assert "sales_per_buyer" in repr(sales)


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@pytest.mark.parametrize("cases", [*CASES, model_cases], ids=lambda cases: cases.__name__)
def test_every_column_of_a_result_has_a_title(cases):
    for name, parts in cases(data()):
        for part in parts:
            if isinstance(part, ff.Table):
                untitled = [column for column in part.column_names if title_of(column, "zh") == column]
                assert set(untitled) <= {"rfm", "pay", "view", "cart", "order"}, (name, type(part).__name__)


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match=r"options\.language"):
        ff.options.language = "fr"
    assert ff.options.language == "en"
