"""The report: every number of a sentence is that of its cell, and every cell that of its method."""

from __future__ import annotations

import datetime as dt
import html.parser
import re
import zipfile

import polars as pl
import pytest

import footfall as ff
from footfall.core.rows import dicts
from footfall.report.shown import beyond_chance

pytestmark = pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
KINDS = [("en", "html"), ("zh", "html"), ("en", "docx"), ("zh", "docx")]


class Tables(html.parser.HTMLParser):
    """The values of each table by its id: rows of dicts of column to text."""

    def __init__(self, text):
        super().__init__()
        self.tables = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "td" and "id" in given:
            table, row, column = given["id"].split(".", 2)
            self.tables.setdefault(table, {}).setdefault(int(row), {})[column] = given["data-value"]


@pytest.fixture(scope="module")
def shop():
    return ff.Shop.sample(4_000, seed=3)


@pytest.fixture(scope="module")
def reports(shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    return {(language, end): shop.report(folder / f"{language}.{end}", language=language) for language, end in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_stands_in_a_table(reports, kind):
    assert ff.report.check(reports[kind]) > 200


def test_a_page_is_small_whatever_the_shop(reports):
    assert reports["zh", "html"].stat().st_size < 3 * 2**20


@pytest.mark.parametrize(
    ("pattern", "put", "message"),
    [
        (r'(<data value="summary-figures.0.setting"[^>]*><a [^>]*>)[^<]*', r"\g<1>1", "differs from the cell"),
        (r'<p class="says">', '<p class="says">In all 12. ', "a number of no table"),
        (r'<data value="summary-figures.0.setting"', '<data value="nowhere.0.x"', "which no table has"),
        ('content="footfall"', 'content="x"', "is no report"),
    ],
)
def test_a_changed_page_is_refused(reports, pattern, put, message, tmp_path):
    text = reports["en", "html"].read_text("utf-8")
    made = re.sub(pattern, put, text, count=1)
    assert made != text
    path = tmp_path / "changed.html"
    path.write_text(made, "utf-8")
    with pytest.raises(ff.DataError, match=message):
        ff.report.check(path)


def test_a_changed_document_is_refused(reports, tmp_path):
    path = tmp_path / "changed.docx"
    with zipfile.ZipFile(reports["en", "docx"]) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                text = data.decode()
                made = re.sub(r"(<w:hyperlink [^>]*>.*?<w:t>)[^<]*", r"\g<1>17", text, count=1, flags=re.DOTALL)
                assert made != text
                data = made.encode()
            target.writestr(name, data)
    with pytest.raises(ff.DataError, match="differs from its cell"):
        ff.report.check(path)
    empty = tmp_path / "no.docx"
    empty.write_bytes(b"no")
    with pytest.raises(ff.DataError, match="is no report"):
        ff.report.check(empty)


def same(rows, expected, columns):
    for at, row in rows.items():
        for column in columns:
            value = expected[at][column]
            assert row[column] == ("" if value is None else str(value)), (at, column)


def test_tables_are_those_of_the_methods(shop, reports):
    tables = Tables(reports["en", "html"].read_text("utf-8")).tables
    same(
        tables["customers-region"], dicts(shop.profile().region), ["region", "customers", "share", "sales_per_customer"]
    )
    same(tables["conversion-funnel"], dicts(shop.conversion().funnel), ["name", "reached", "step_rate", "point_money"])
    same(tables["abandonment-carts"], dicts(shop.abandonment().carts), ["episodes", "rate", "abandoned"])
    same(tables["rfm-tiers"], dicts(shop.value().tiers.segments), ["segment_name", "customers", "revenue"])
    months = dicts(shop.sales().months)[::-1]
    same(tables["sales-months"], months, ["period", "sales", "buyers", "change_buyers"])
    found = shop.diagnose().all
    assert len(tables["diagnosis-findings"]) == len(found) > 0
    for at, row in tables["diagnosis-findings"].items():
        assert row["title"] == found[at].title
        assert row["money_at_stake"] == str(found[at].money_at_stake)
        facts = {one["fact"]: one["setting"] for one in tables[f"diagnosis-facts-{at}"].values()}
        assert facts["money"] == str(found[at].money_at_stake)
    back = dicts(shop.win_back(10))
    same(tables["tiers-win-back"], back, ["customer", "value", "recency_days"])


def test_a_p_value_that_is_too_small_for_a_double_is_the_surest():
    assert beyond_chance(0.0)
    assert not beyond_chance(0.05)
    assert not beyond_chance(None)


def test_sentences_are_in_the_language(reports):
    text = re.sub(r"<script.*?</script>", "", reports["zh", "html"].read_text("utf-8"), flags=re.DOTALL)
    said = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r'<p class="says">(.*?)</p>', text, re.DOTALL)]
    assert len(said) > 80
    assert all(re.search("[一-鿿]", one) for one in said)
    heads = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", text)
    assert heads[0] == "电商客户数据分析报告"
    assert all(re.search("[一-鿿]", head) or head == "RFM" for head in heads)


def test_a_document_has_headings_tables_and_pictures(reports):
    import docx

    document = docx.Document(str(reports["zh", "docx"]))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads[:3] == ["摘要", "引言", "基础属性分布"]
    assert len(heads) == 13
    assert len(document.tables) > 30
    assert len(document.inline_shapes) > 20
    fonts = document.styles["Normal"].element.rPr.rFonts.attrib.values()
    assert "Microsoft YaHei" in fonts


def test_of_many_groups_the_worst_and_the_best_are_told(tmp_path):
    # 60 devices of 40 customers, of which 10 % more fill a cart from one to the next; one device of a single customer.
    start = dt.datetime(2024, 1, 1)
    rows = [(99_999, start, "view", "alone")]
    for device in range(60):
        for who in range(40):
            at = start + dt.timedelta(hours=who)
            steps = ["view", "cart", "order", "pay"] if who < device // 2 + 5 else ["view"]
            rows += [
                (100 * device + who, at + dt.timedelta(minutes=n), step, f"d{device:02}")
                for n, step in enumerate(steps)
            ]
    names = ["customer", "time", "event", "device"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    shop = ff.Shop(events=ff.Events(frame, **dict(zip(names, names, strict=True))))
    text = re.sub(r"<[^>]*>", "", shop.report(tmp_path / "many.html", sections=["conversion"]).read_text("utf-8"))
    said = re.search(r"By device, (\S+) comes least often from view to cart.*; (\S+) most often", text)
    assert said.groups() in {(worst, best) for worst in ("d00", "d01") for best in ("d58", "d59")}


HOSTILE = ["<script>alert(1)</script>", "x" * 10_000, "a.b[c]:d", '=HYPERLINK("x")', "{{ 7 * 7 }}", "</td><b>"]


def hostile_shop():
    start = dt.datetime(2024, 1, 1)
    rows = [
        (who, start + dt.timedelta(hours=7 * who + 500 * again), 10.0 + who % 7, HOSTILE[who % len(HOSTILE)])
        for who in range(240)
        for again in range(1 + who % 3)
    ]
    names = ["<b>who</b>", "when.at[0]:x", "money", "kind"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    orders = ff.Orders(frame, customer=names[0], time=names[1], amount="money", category="kind")
    people = frame.select(names[0], pl.col("kind").alias("re.gion[1]")).unique(names[0], keep="first")
    return ff.Shop(orders=orders, customers=ff.Customers(people, customer=names[0], region="re.gion[1]"))


@pytest.mark.parametrize("end", ["html", "docx"])
def test_hostile_text_is_text(end, tmp_path):
    path = hostile_shop().report(tmp_path / f"hostile.{end}", title="<i>Shop</i>")
    assert ff.report.check(path) > 0
    if end == "html":
        text = path.read_text("utf-8")
        body = re.sub(r"<script>.*?</script>\n", "", text, flags=re.DOTALL)
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body
        assert "<b>" not in body
        assert "x" * 200 not in body
        assert "{{ 7 * 7 }}" in body
        assert "&lt;i&gt;Shop" in body


def test_of_a_few_customers_little_is_said(tmp_path):
    frame = pl.DataFrame(
        {"who": [1, 2, 2], "at": [dt.date(2024, 1, day) for day in (1, 2, 3)], "paid": [5.0, 6.0, 7.0]}
    )
    shop = ff.Shop(orders=ff.Orders(frame, customer="who", time="at", amount="paid"))
    text = shop.report(tmp_path / "few.html").read_text("utf-8")
    assert "There is too little to say" in text
    said = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r'<p class="says">(.*?)</p>', text, re.DOTALL)]
    assert not any("top fifth of the buyers bring" in one or "ordered a second time" in one for one in said)


def test_a_period_is_compared_with_the_one_before(shop, tmp_path):
    quarter = shop.between("2024-07-01", "2024-10-01")
    path = quarter.report(tmp_path / "quarter.html", sections=["summary", "introduction"])
    text = re.sub(r"<[^>]*>", "", path.read_text("utf-8"))
    change = next(row["change"] for row in dicts(quarter.figures()) if row["figure"] == "sales")
    assert f"Against the period before, sales changed by {change:.1%}." in text
    assert "This report counts the period from 2024-07-01 to before 2024-10-01." in text


def test_what_cannot_be_written_is_refused(shop, tmp_path):
    with pytest.raises(ValueError, match=r"name a file that ends in \.html or \.docx"):
        shop.report(tmp_path / "report.pdf")
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        shop.report(tmp_path / "no" / "report.html")
    with pytest.raises(ValueError, match="language"):
        shop.report(tmp_path / "report.html", language="fr")
    with pytest.raises(ValueError, match="sections"):
        shop.report(tmp_path / "report.html", sections=["nope"])
    with pytest.raises(TypeError, match="give the path of a file"):
        shop.report(5)


def test_a_rule_of_ones_own_stands_as_it_is(tmp_path):
    @ff.rule("own", section="sales", needs=("orders",), rate=0.0)
    def own(shop):
        one = ff.findings.Finding("own", "sales", "Own", "It is 12 % of 34.", "m", 1.0, shop.orders.sales(), "act", "w")
        return ff.findings.Checked(0, [one])

    try:
        path = ff.Shop(orders=ff.datasets.load_cdnow()).report(tmp_path / "own.html", sections=["diagnosis", "advice"])
        assert ff.report.check(path) > 0
        assert "It is 12 % of 34." in path.read_text("utf-8")
    finally:
        ff.findings.RULES.pop("own")


MADE = ff.datasets.make_shop(1_500, 1)
WHO, WHEN = {"customer": "customer"}, {"customer": "customer", "time": "time"}
PARTS = {
    "events": lambda: {"events": ff.Events(MADE.events, **WHEN, event="event")},
    "devices": lambda: {"events": ff.Events(MADE.events, **WHEN, event="event", device="device", source="source")},
    "orders": lambda: {"orders": ff.Orders(MADE.orders, **WHEN, amount="amount")},
    "categories": lambda: {"orders": ff.Orders(MADE.orders, **WHEN, amount="amount", category="category")},
    "people": lambda: {
        **PARTS["categories"](), "customers": ff.Customers(MADE.customers, **WHO, gender="gender"),
    },
    "registered": lambda: {
        **PARTS["events"](), "customers": ff.Customers(MADE.customers, **WHO, registered="registered", age="age"),
    },
    "survey": lambda: {
        **PARTS["events"](), **PARTS["orders"](), "survey": ff.Events(MADE.after_sales, **WHEN, event="kind"),
        "after_sales": ff.AfterSales(MADE.after_sales, **WHEN, kind="kind"),
        "spend": ff.Spend(MADE.spend, time="time", amount="amount"),
    },
}  # fmt: skip


@pytest.mark.parametrize("parts", PARTS)
def test_any_part_of_a_shop_may_be_missing(parts, tmp_path):
    path = ff.Shop(**PARTS[parts]()).report(tmp_path / "report.html")
    assert ff.report.check(path) > 20
    assert "Cannot be told:" in path.read_text("utf-8")
