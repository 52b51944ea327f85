"""Charts: what they show, and that they can be drawn."""

from __future__ import annotations

import datetime as dt
import html
import re

import altair as alt
import pandas as pd
import polars as pl
import pytest

import footfall as ff
from footfall.charts._names import state_names


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


def test_other_maps_show_their_segments(cdnow):
    rfm = cdnow.rfm(segments="tiers")
    picture = drawn(rfm.plot(language="zh"))
    assert ">457<" in picture
    assert ">高价值忠诚客户<" in picture
    # By Polars: of the best cell, the segment of most customers and its share.
    cell = rfm.to_polars().filter(r=5, f=5)
    most = cell["segment_name"].value_counts(sort=True).row(0)
    assert [f"recency score: 5\nfrequency score: 5\nsegment: {most[0]}\ncustomers: {cell.height:,}\nin this segment: "
            f"{most[1] / cell.height:.0%}"] == ["\n".join(row) for row in told(rfm.plot()) if row[:2] == [
                "recency score: 5", "frequency score: 5"]]  # fmt: skip
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
    assert f">{retention.rows()[0][0]:%Y-%m} (" in picture
    assert (">average<" if language == "en" else ">平均<") in picture


def cohorts(days):
    """One customer a day, who comes back every day."""
    rows = [(who, day) for who in range(days) for day in range(who, days)]
    frame = pl.DataFrame({"who": [who for who, _ in rows], "at": [day * 86_400 for _, day in rows], "what": "view"})
    return ff.Events(frame, customer="who", time="at", event="what", time_unit="s").retention(period="day")


def test_what_moved_is_drawn(cdnow, language):
    first, second = ("1997-01-01", "1997-04-01"), ("1997-04-01", "1997-07-01")
    moved = cdnow.contribution(first, second, columns=["buyers", cdnow.rfm()["f"]])
    picture = drawn(moved.plot(language=language))
    assert f">{moved.rows()[-1][2]:,.0f}<" in picture
    assert f">{moved.movers.rows()[0][2]:+,.0f}<" in picture
    # Several words stand on several lines.
    assert all(f">{word}<" in picture for word in (("new", "buyers") if language == "en" else ("新客",)))


def test_switching_stages_credit_and_spend_are_drawn(language):
    shop = ff.datasets.make_shop(400, seed=3)
    roles = {"customer": "customer", "time": "time", "amount": "amount", "order_id": "order_id"}
    orders = ff.Orders(shop.orders, **roles, category="category")
    events = ff.Events(shop.events, customer="customer", time="time", event="event", source="source")
    switched = orders.switching(("2024-01-01", "2024-07-01"), ("2024-07-01", "2025-01-01"))
    assert ">pet<" in drawn(switched.plot(language=language))
    dates = ["2024-06-30", "2024-09-30"]
    stages = orders.stages(events, dates, interested="cart")
    assert (">loyal<" if language == "en" else ">忠诚<") in drawn(stages.plot(language=language))
    one = orders.stages(events, dates[:1], interested="cart")
    assert f">{one.rows()[-1][2]:,}<" in drawn(one.plot(language=language))
    credit = events.attribution("pay", "source")
    assert ">direct<" in drawn(credit.plot(language=language))
    spend = ff.Spend(shop.spend, time="time", amount="amount", segment="segment")
    worth = orders.allocation(spend, orders.rfm(segments="tiers")["segment"])
    assert (">Lost<" if language == "en" else ">流失客户<") in drawn(worth.plot(language=language))
    pairs = orders.baskets(level="category", unit="customer")
    assert f"({pairs.rows()[0][2]:,})" in drawn(pairs.plot(language=language))


def test_a_large_matrix_of_retention_is_cut_and_says_so():
    retention = cohorts(120)
    chart = retention.plot().to_dict()
    assert "the last 40 of 120 cohorts, periods 0 to 39 of 120" in str(chart["title"])
    assert "共120个首次时间中最近的40个" in str(retention.plot(language="zh").to_dict()["title"])
    drawn = next(iter(chart["datasets"].values())) if "datasets" in chart else chart["data"]["values"]
    # With the row of the average.
    assert len(drawn) == 40 * 41 // 2 + 40
    # The period of a cohort itself takes no colour from the others.
    assert all(cell["own"] == (cell["period"] == 0) for cell in drawn)
    small = cohorts(5).plot().to_dict()
    assert "subtitle" not in small["title"] or not small["title"]["subtitle"]
    assert len(small["layer"]) == 3
    assert len(chart["layer"]) == 2


def told(chart):
    """What each mark tells on hover, as lines."""
    page = chart._repr_mimebundle_()["text/html"]
    return [html.unescape(text).split("\n") for text in re.findall("<title>([^<]*)</title>", page)]


def test_marks_tell_what_they_are_without_a_script(cdnow, language):
    rfm = cdnow.rfm()
    cell = next(row for row in told(rfm.plot(language=language)) if row[0].endswith(": 1") and row[1].endswith(": 1"))
    assert cell[2] == ("customers: 457" if language == "en" else "客户数: 457")
    page = rfm.plot()._repr_mimebundle_()["text/html"]
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/", "")
    rate = cdnow.repurchase().to_polars().row(0, named=True)
    first = told(cdnow.repurchase().plot(language=language))[0]
    assert first[2] == f"{'rate' if language == 'en' else '比率'}: {rate['rate']:.1%}"
    assert first[3].endswith(f": {rate['at_risk']:,}")


def test_pictures_beside_each_other_do_not_share_identifiers(cdnow):
    pages = [chart._repr_mimebundle_()["text/html"] for chart in (cdnow.rfm().plot(), cohorts(30).plot())]
    names = [set(re.findall(r'\bid="([^"]+)"', page)) for page in pages]
    assert [len(own) for own in names] == [1, 1]
    # The drawing numbers them in each process anew; what is added tells the pictures apart.
    assert len({name.partition("-")[2] for own in names for name in own}) == 2
    assert all(set(re.findall(r"url\(#([^)]+)\)", page)) <= own for page, own in zip(pages, names, strict=True))


def test_what_a_mark_tells_is_text():
    frame = pl.DataFrame(
        {"who": [1, 2], "at": [0, 1], "what": "view", "device": ["<script>alert(1)</script>", "a; b: c"]}
    )
    log = ff.Events(frame, customer="who", time="at", event="what", device="device", time_unit="s")
    page = log.mix("device").plot()._repr_mimebundle_()["text/html"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_states_have_names(cdnow):
    before, after = (cdnow.rfm(day, lookback="180d") for day in ("1997-12-31", "1998-06-30"))
    moved = before.migration(after)
    for kind in ("flow", "matrix"):
        picture = drawn(moved.plot(kind, language="zh"))
        assert ">冠军客户<" in picture
        assert "champions" not in picture
        assert "1997-12-31 → 1998-06-30" in picture
    clusters = cdnow.rfm().clusters(3)
    assert ">1 " in drawn(clusters.plot(language="zh"))
    assert not any(f" {tier}<" in drawn(clusters.plot(language="zh")) for tier in clusters.to_polars()["tier"].unique())
    # Codes of your own rules are their names.
    assert state_names(["mine", "new"], "zh") == {"mine": "mine", "new": "new"}
    assert state_names(["lost", "lost_2", "newcomer"], "zh") == {
        "lost": "流失客户", "lost_2": "流失客户 2", "newcomer": "newcomer",
    }  # fmt: skip


def test_groups_show_rates_with_intervals():
    chart = visits_by_device().funnel(["view", "pay"], by="device").plot().to_dict()
    layers = chart["spec"]["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["bar", "rule", "point", "text"]
    drawn = chart["data"]["values"]
    paid = next(row for row in drawn if row["step"] == "2 pay")
    assert (paid["step_rate"], paid["high"]) == (1.0, 1.0)
    assert paid["low"] == pytest.approx(0.510, abs=5e-4)  # Wilson's interval of 4 of 4


def visits_by_device():
    rows = [(who, 60 * who * step, what, "app" if who % 2 else "web") for who in range(1, 9)
            for step, what in enumerate(["view", "pay"])]  # fmt: skip
    frame = pl.DataFrame(rows, orient="row", schema=["who", "at", "what", "device"])
    return ff.Events(frame, customer="who", time="at", event="what", session="who", device="device", time_unit="s")


def test_times_are_drawn_for_each_value():
    chart = visits_by_device().funnel(["view", "pay"], by="device").plot("times").to_dict()
    drawn = next(iter(chart["datasets"].values())) if "datasets" in chart else chart["data"]["values"]
    # By hand: 1, 3, 5 and 7 minutes, and 2, 4, 6 and 8.
    assert {bar["group"] for bar in drawn} == {"app · median 4.0 minutes", "web · median 5.0 minutes"}
    assert sum(bar["count"] for bar in drawn if bar["group"].startswith("app")) == 4
    assert chart["title"]["text"] == "From step 1 to the last (device)"


@pytest.mark.parametrize(
    ("unit", "en", "zh"),
    [("customer", "customers", "客户数"), ("session", "sessions", "会话数"), ("attempt", "attempts", "尝试次数")],
)
def test_titles_name_what_is_counted(unit, en, zh):
    funnel = visits_by_device().funnel(["view", "pay"], unit=unit)
    assert funnel.plot().to_dict()["title"]["subtitle"] == f"8 {en}"
    assert funnel.plot(language="zh").to_dict()["title"]["subtitle"] == f"8 {zh}"


def test_notebooks_say_how_many_rows_are_not_shown(cdnow):
    rfm = cdnow.rfm()
    assert "… 2,347 more rows" in rfm._repr_html_()
    assert "… 2,347 more rows" in rfm["monetary"]._repr_html_()
    assert "more rows" not in rfm.head(3)._repr_html_()


def test_small_shares_can_be_read():
    rows = [(who, who, "show", who) for who in range(20_000)] + [(3, 3, "click", 3), (3, 3, "pay", 3)]
    frame = pl.DataFrame(rows, orient="row", schema=["who", "at", "what", "it"])
    found = ff.Events(frame, customer="who", time="at", event="what", product="it", time_unit="s").precision(
        "show", "click", "pay", window=None
    )
    assert "5e-05" in repr(found)
    assert "0.005%" in found._repr_html_()


def test_charts_stand_beside_and_below_each_other():
    orders = ff.datasets.load_cdnow()
    one, other = orders.sales("quarter").plot(), orders.repurchase().plot()
    for made, kind in ((one | other, "hconcat"), (one & other, "vconcat"), ((one | other) & one, "vconcat")):
        spec = made.to_dict()
        assert kind in spec
        assert spec["config"]["font"]
        assert "config" not in spec[kind][0]
        assert drawn(made)


def test_of_many_sources_the_rest_is_one():
    # Twelve sources of 12, 11, … 1 sessions; the first event of each session is a visit, and every second one buys.
    rows = [
        (1_000 * source + visit, 60 * step, what, f"s{source:02}")
        for source in range(12)
        for visit in range(12 - source)
        for step, what in enumerate(["view", "pay"] if visit % 2 else ["view"])
    ]
    rows.append((99_999, 10**6, "view", "s00"))
    frame = pl.DataFrame(rows, schema=["who", "at", "what", "source"], orient="row")
    events = ff.Events(frame, customer="who", time="at", event="what", source="source", time_unit="s")
    spec = events.mix("source", goal="pay").plot().to_dict()
    values = next(
        rows
        for rows in [
            *spec.get("datasets", {}).values(),
            *(part.get("data", {}).get("values") for part in spec["hconcat"]),
        ]
        if rows
    )
    others = next(row for row in values if row["value"] == "others")
    # By hand: sources 8 to 11 have 4 + 3 + 2 + 1 sessions of 79, of which 2 + 1 + 1 + 0 paid.
    assert (others["share"], others["rate"]) == (pytest.approx(10 / 79), pytest.approx(0.4))
    assert len({row["value"] for row in values}) == 9


def test_months_are_in_the_language_of_the_picture():
    sales = ff.datasets.load_cdnow().sales("week", compare=None)
    chinese, english = (drawn(sales.plot(language=language)) for language in ("zh", "en"))
    assert ">5月<" in chinese
    assert "May" not in chinese
    assert "May" in english
    both = drawn(sales.plot(language="zh") & sales.plot(language="zh"))
    assert ">5月<" in both


def test_of_many_groups_the_largest_eight_are_lines_and_a_part_of_a_period_is_pale():
    frame = pl.DataFrame(
        [(who, dt.date(2024, month, 1 + who % 9), 1.0 + who, f"c{who:02}") for who in range(12) for month in (1, 2, 3, 4)],
        schema=["who", "at", "paid", "kind"], orient="row",
    )  # fmt: skip
    orders = ff.Orders(frame, customer="who", time="at", amount="paid", category="kind")
    spec = orders.sales("month", by="kind").plot().to_dict()
    rows = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    groups = {row["group"] for row in rows}
    assert groups == {*(f"c{who:02}" for who in range(4, 12)), "others"}
    # By hand: 1 + 2 + 3 + 4 in each month.
    assert {row["sales"] for row in rows if row["group"] == "others"} == {10.0}
    assert {row["period"] for row in rows if row["whole"] < 1} == {"2024-04-01"}
    assert "pale" in spec["title"]["subtitle"]


def test_a_mark_stands_where_the_fit_ends():
    backtest = ff.datasets.load_cdnow().lifetime(model="bg").backtest("1997-10-01")
    assert "the fit ends here" in drawn(backtest.plot())
    assert "1997-10-01" in str(backtest.plot().to_dict())
