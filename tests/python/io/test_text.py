"""Text files: names as they are written, money and times by stated rules, dialects, encodings, broken lines."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff

pytestmark = pytest.mark.filterwarnings("ignore:no customer has score")
ROLES = {"customer": "id", "time": "at", "amount": "money"}


def written(folder, text, name="a.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def column(result, name):
    return result.to_arrow()[name].to_pylist()


def keys(path, **options):
    return column(ff.Orders(path, **ROLES, **options).rfm(segments=None), "id")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["0815", "815", "00815"], ["00815", "0815", "815"]),
        (["3E2", "300"], ["300", "3E2"]),
        (["NA", "null", "N/A", "nan"], ["N/A", "NA", "nan", "null"]),
        (["815", "-7", "0", "10"], [-7, 0, 10, 815]),
        (["9223372036854775807", "1"], [1, 2**63 - 1]),
        (["9223372036854775808", "1"], ["1", "9223372036854775808"]),
        (["1.0", "1"], ["1", "1.0"]),
        ([" a", "a"], [" a", "a"]),
    ],
)
def test_names_are_text(tmp_path, names, expected):
    lines = "".join(f"{name},2024-01-01,1\n" for name in names)
    assert keys(written(tmp_path, "id,at,money\n" + lines)) == expected


# What a line of CSV can hold; a byte order mark or a lone carriage return is written otherwise.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\ufeff", exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=150, deadline=None)
@given(names=st.lists(TEXT.filter(bool), min_size=1, max_size=8, unique=True))
def test_text_keys_never_merge(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("keys") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(
            [["id", "at", "money"], *[[name, "2024-01-01", 1] for name in names]]
        )
    if any(re.fullmatch(r"\d\.\d+E\+\d+", name) for name in names):
        return
    assert len(keys(path)) == len(names)


DIALECTS = [
    {"delimiter": delimiter, "quoting": quoting, "lineterminator": end}
    for delimiter, quoting, end in [
        (",", csv.QUOTE_MINIMAL, "\n"), (",", csv.QUOTE_ALL, "\r\n"), (";", csv.QUOTE_MINIMAL, "\r\n"),
        (";", csv.QUOTE_ALL, "\n"), ("\t", csv.QUOTE_MINIMAL, "\n"), ("\t", csv.QUOTE_ALL, "\r\n"),
        ("|", csv.QUOTE_MINIMAL, "\n"), ("|", csv.QUOTE_ALL, "\n"), (",", csv.QUOTE_NONNUMERIC, "\n"),
        (";", csv.QUOTE_NONNUMERIC, "\r\n"),
    ]
]  # fmt: skip
NAMES = st.sampled_from(
    ["ann", "Müller", "张三", 'say "hi"', "a,b", "a;b", "tab\tbed", "p|q", "two\nlines", "0815", "李四"]
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, st.integers(0, 10**6), st.integers(-(10**9), 10**9)), min_size=1, max_size=15),
    dialect=st.sampled_from(DIALECTS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    packed=st.booleans(),
)
def test_dialects_and_encodings_read_back_equal(tmp_path_factory, rows, dialect, encoding, packed):
    path = tmp_path_factory.mktemp("csv") / ("a.csv.gz" if packed else "a.csv")
    text = io.StringIO(newline="")
    start = dt.datetime(2024, 1, 1)
    written_rows = [(name, start + dt.timedelta(minutes=minutes), cents) for name, minutes, cents in rows]
    table = [["id", "at", "money"], *[[name, str(at), f"{cents / 100:.2f}"] for name, at, cents in written_rows]]
    csv.writer(text, **dialect).writerows(table)
    data = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    log = ff.Orders(path, **ROLES, refunds="net")
    frame = pl.DataFrame(
        {"id": [row[0] for row in written_rows], "at": [row[1] for row in written_rows],
         "money": [row[2] / 100 for row in written_rows]}
    )  # fmt: skip
    assert log.rfm(segments=None).rows() == ff.Orders(frame, **ROLES).rfm(segments=None).rows()
    assert log.quality.rows_read == len(rows)


MONEY = [
    ("19.90", 19.9), ("-12.00", -12.0), ("'-12.00", -12.0), ("(12.00)", -12.0), ("¥1,234.00", 1234.0), ("¥-1,260.00", -1260.0),
    ("￥12", 12.0), ("598元", 598.0), ("0元", 0.0), ("1.234,56 €", 1234.56), ("US$5.00", 5.0), ("5.00 USD", 5.0),
    ("1 234,56", 1234.56), ("1'234.50", 1234.5), ("1,234,567", 1234567.0), ("12,5", 12.5), ("1.5e3", 1500.0), ("+7", 7.0),
    ("12.00-", -12.0), ("1.234", 1.234), ("0.1", 0.1), ("12,34,567.00", 1234567.0), ("R$ 10,00", 10.0), ("€ -5", -5.0),
    (" 7 ", 7.0), ("1234567.89", 1234567.89),
    ("1,234", "it is 1234 or 1.234: type decimal"), ("12,345", "it is 12345 or 12.345"), ("1.2万", "amounts are written as"),
    ("3k", "amounts are written as"), ("12%", "amounts are written as"), ("-", "null_values="), ("abc", "amounts are written as"),
    ("1..2", "amounts are written as"), ("--1", "amounts are written as"), ("nan", "null_values="), ("inf", "amounts are written"),
    ("1,23,4.00", "amounts are written as"), ("¥1€", "amounts are written as"), ("0x10", "amounts are written as"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MONEY)
def test_money_is_read_by_rule_or_refused(tmp_path, text, expected):
    path = written(tmp_path, f'id,at,money\n1,2024-01-01,"{text}"\n1,2024-01-01,100000\n')
    if isinstance(expected, float):
        assert ff.Orders(path, **ROLES).sales("year").rows()[0][2] == expected + 100_000
    else:
        with pytest.raises(ff.DataError, match=re.escape(expected)):
            ff.Orders(path, **ROLES)


def test_one_column_has_one_decimal_mark(tmp_path):
    path = written(tmp_path, 'id,at,money\n1,2024-01-01,"1.234,56"\n1,2024-01-01,19.90\n')
    with pytest.raises(
        ff.DataError, match=r'some amounts .* a decimal point and others with a decimal comma \("19\.90", "1\.2'
    ):
        ff.Orders(path, **ROLES)
    ambiguous = written(tmp_path, 'id,at,money\n1,2024-01-01,"1,234"\n')
    for mark, money in ((".", 1234.0), (",", 1.234)):
        assert ff.Orders(ambiguous, **ROLES, decimal=mark).sales("year").rows()[0][2] == money


TIMES = [
    ("2024-05-01", {}, (2024, 5, 1)), ("2024/5/1", {}, (2024, 5, 1)), ("2024.05.01", {}, (2024, 5, 1)),
    ("2024年5月1日", {}, (2024, 5, 1)), ("2024年5月1日 9:58", {}, (2024, 5, 1, 9, 58)), ("2024/5/1 22:02", {}, (2024, 5, 1, 22, 2)),
    ("2024-05-01 09:58", {}, (2024, 5, 1, 9, 58)), ("2024-05-01T09:58:12", {}, (2024, 5, 1, 9, 58, 12)),
    ("2024-05-01 09:58:12.5", {}, (2024, 5, 1, 9, 58, 12, 500_000)), ("2024-05-01 09:58:12 +0800", {}, (2024, 5, 1, 1, 58, 12)),
    ("2024-05-01T09:58:12+08:00", {}, (2024, 5, 1, 1, 58, 12)), ("2024-05-01T09:58:12Z", {}, (2024, 5, 1, 9, 58, 12)),
    ("2019-10-01 00:00:00 UTC", {}, (2019, 10, 1)), ("2024-05-01 9:58 PM", {}, (2024, 5, 1, 21, 58)),
    ("2024-05-01 12:00:00 AM", {}, (2024, 5, 1)), (" 2024-05-01 ", {}, (2024, 5, 1)),
    ("2024-05-01 09:58:12 -03", {}, (2024, 5, 1, 12, 58, 12)), ("20240501T095812", {}, (2024, 5, 1, 9, 58, 12)),
    ("13/05/2024", {"time_format": "%d/%m/%Y"}, (2024, 5, 13)), ("5/1/2024 9:58", {"time_format": "%m/%d/%Y %H:%M"}, (2024, 5, 1, 9, 58)),
    ("May 1, 2024 22:02:11 PM", {"time_format": "%b %d, %Y %H:%M:%S %p"}, (2024, 5, 1, 22, 2, 11)),
    ("May 3, 2024 09:10:00 AM", {"time_format": "%b %d, %Y %H:%M:%S %p"}, (2024, 5, 3, 9, 10)),
    ("01.05.24", {"time_format": "%d.%m.%y"}, (2024, 5, 1)), ("20240501", {"time_format": "%Y%m%d"}, (2024, 5, 1)),
    ("1714557492", {"time_unit": "s"}, (2024, 5, 1, 9, 58, 12)), ("1714557492000000", {"time_unit": "us"}, (2024, 5, 1, 9, 58, 12)),
    ("13/05/2024", {}, 'type time_format="%d/%m/%Y", or set invalid'),
    ("05/13/2024 9:58", {}, 'type time_format="%m/%d/%Y %H:%M", or set invalid'),
    ("5/1/2024", {}, 'type time_format="%d/%m/%Y" if the day comes first, time_format="%m/%d/%Y" if the month does'),
    ("01.05.2024 09:58", {}, 'type time_format="%d.%m.%Y %H:%M"'), ("May 1, 2024", {}, 'type time_format="%b %d, %Y"'),
    ("1 May 2024", {}, 'type time_format="%d %b %Y"'), ("2024-13-01", {}, "say how the times are written"),
    ("2024-02-30", {}, "say how the times are written"), ("yesterday", {}, "say how the times are written"),
    ("2024-05-01 22:02 PM", {}, "say how the times are written"), ("2024-05-01 25:00", {}, "say how the times are written"),
    ("13/05/24", {"time_format": "%d/%m/%Y"}, "give the format that all times have"), ("9:58", {}, "say how the times are written"),
    ("24-05-01", {}, "cannot be read as ISO 8601"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options", "expected"), TIMES)
def test_times_are_read_by_rule_or_refused(tmp_path, text, options, expected):
    path = written(tmp_path, f'id,at,money\n1,"{text}",1\n')
    if isinstance(expected, tuple):
        found = column(ff.Orders(path, **ROLES, **options).rfm(segments=None), "last_order")[0]
        assert found.replace(tzinfo=None) == dt.datetime(*expected)
    else:
        with pytest.raises(ff.DataError, match=re.escape(expected)):
            ff.Orders(path, **ROLES, **options)


def test_whole_numbers_are_dates_where_a_format_says_so():
    frame = pl.DataFrame({"id": [1], "at": [20240501], "money": [1.0]})
    assert column(ff.Orders(frame, **ROLES, time_format="%Y%m%d").rfm(segments=None), "last_order") == [
        dt.datetime(2024, 5, 1)
    ]


def test_the_encoding_is_found_where_there_is_one_reading(tmp_path):
    lines = "id,at,money\n张三,2024-01-01,1\n李四,2024-01-02,2\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        log = ff.Orders(written(tmp_path, lines, encoding=encoding), **ROLES)
        assert column(log.rfm(segments=None), "id") == ["张三", "李四"]
        assert log.quality.encoding == (None if encoding.startswith("utf-8") else encoding)
    western = written(tmp_path, "id,at,money\nMüller,2024-01-01,1\n", encoding="cp1252")
    with pytest.raises(ff.DataError, match=r'is not UTF-8, .* encoding="gb18030" .* encoding="cp1252"'):
        keys(western)
    assert keys(western, encoding="cp1252") == ["Müller"]
    late = written(
        tmp_path, "id,at,money\n" + "a,2024-01-01,1\n" * 100_000 + "Müller,2024-01-01,1\n", encoding="cp1252"
    )
    with pytest.raises(ff.DataError, match=r"is not UTF-8 all through; give its encoding"):
        keys(late)


def test_null_words_and_only_they_are_null(tmp_path):
    path = written(tmp_path, "id,at,money\n-,2024-01-01,1\nNULL,2024-01-01,2\n,2024-01-01,4\na,-,8\n")
    assert keys(path, null_values=["-", "NULL"]) == []
    assert ff.Orders(path, **ROLES, null_values=["-"]).quality.left_out == {"null_time": 1}
    frame = pl.DataFrame({"id": ["-", "a"], "at": ["2024-01-01"] * 2, "money": ["1", "-"]})
    quality = ff.Orders(frame, **ROLES, null_values=["-"]).quality
    assert (quality.left_out, quality.guest_orders) == ({"null_amount": 1}, 1)


def test_broken_lines_are_refused_or_counted(tmp_path):
    path = written(tmp_path, "id,at,money\n1,2024-01-01,1\n2,2024-01-01,2,3\n3,2024-01-01\n4,2024-01-02,4\n")
    with pytest.raises(ff.DataError, match=r"a line has 4 fields, and the first line has 3: .* bad_lines=\"count\""):
        ff.Orders(path, **ROLES)
    quality = ff.Orders(path, **ROLES, bad_lines="count").quality
    assert (quality.rows_read, quality.bad_lines) == (2, {"too_many_fields": 1, "too_few_fields": 1})
    assert quality.bad_line_numbers == (3, 4)
    assert "not read: 1 lines with too many fields (lines 3, 4)" in repr(quality)
    with pytest.raises(ValueError, match=r'bad_lines=.drop.: give "error" or "count"'):
        ff.Orders(path, **ROLES, bad_lines="drop")


def test_tables_of_text_and_of_numbers_match_by_value(tmp_path):
    """January's file has whole numbers only, February's has "0815" too: a customer is one in both."""
    january = ff.Orders(written(tmp_path, "id,at,money\n815,2024-01-01,5\n7,2024-01-02,1\n"), **ROLES)
    february = ff.Orders(written(tmp_path, "id,at,money\n815,2024-02-01,5\n0815,2024-02-02,1\n", "b.csv"), **ROLES)
    people = ff.Customers(written(tmp_path, "id,sex\n815,f\n0815,m\n", "c.csv"), customer="id", gender="sex")
    for log, expected in ((january, {"f": 5.0, None: 1.0}), (february, {"f": 5.0, "m": 1.0})):
        sales = log.with_customers(people).sales("year", by="gender")
        assert dict(zip(column(sales, "sex"), column(sales, "sales"), strict=True)) == expected
    before, after = (log.rfm(lookback="30d") for log in (january, february))
    moved = before.migration(after).customers.to_arrow().to_pylist()
    assert sorted(row["id"] for row in moved) == ["0815", "7", "815"]
    (both,) = [row for row in moved if row["id"] == "815"]
    assert "newcomer" not in (both["from"], both["to"])
    assert "absent" not in (both["from"], both["to"])
    together = ff.Events.concat([january.as_events("pay"), february.as_events("pay")])
    assert together.quality.customers == 3
    joined = january.rfm(segments=None).join(pl.DataFrame({"id": ["815", "0815", "x"]}))
    assert joined["monetary"].to_list() == [5.0, None, None]
    refunds = "id,at,money,no,of\n1,2024-01-01,9,17,\n1,2024-01-05,-9,x1,17\n"
    log = ff.Orders(written(tmp_path, refunds, "r.csv"), **ROLES, order_id="no", refund_of="of")
    assert log.quality.customers_without_purchase == 1
    frame = pl.DataFrame(
        {"id": [1, 1], "at": ["2024-01-01", "2024-01-05"], "money": [9, -9], "no": ["17", "x1"], "of": [None, 17]}
    )
    assert ff.Orders(frame, **ROLES, order_id="no", refund_of="of").quality.customers_without_purchase == 1


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_excel_is_read_as_text(tmp_path):
    rows = [
        ["id", "at ", "money"], ["0815", dt.datetime(2024, 1, 5, 8, 26), 2.55], ["815", dt.date(2024, 1, 6), 3],
        [None, "2024-01-07", "¥1,000.00"],
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", {"data": rows, "empty": []})
    log = ff.Orders(path, **ROLES)
    assert column(log.rfm(segments=None), "id") == ["0815", "815"]
    assert column(log.rfm(segments=None), "last_order") == [dt.datetime(2024, 1, 5, 8, 26), dt.datetime(2024, 1, 6)]
    assert log.sales("year").rows()[0][2] == 1005.55
    several = workbook(tmp_path / "b.xlsx", {"one": rows, "two": rows})
    with pytest.raises(ValueError, match=r"has data in 2 sheets, 'one', 'two': name one, as in sheet='one'"):
        ff.Orders(several, **ROLES)
    assert ff.Orders(several, **ROLES, sheet="two").quality.rows_read == 3
    with pytest.raises(ValueError, match=r"sheet='three': .* has 'one', 'two'"):
        ff.Orders(several, **ROLES, sheet="three")
    long = workbook(tmp_path / "c.xlsx", {"data": [["id", "at", "money"], [2160000000000000101, "2024-01-05", 1]]})
    with pytest.raises(ff.DataError, match="of which Excel keeps 15 digits"):
        ff.Orders(long, **ROLES)


def test_sources_of_every_kind(tmp_path):
    table = pa.table({"id": [1, 2], "at": ["2024-01-01", "2024-02-01"], "money": [1.5, 2.0]})
    text = "id,at,money\n1,2024-01-01,1.5\n2,2024-02-01,2.0\n"
    pa.feather.write_feather(table, tmp_path / "a.feather")
    (tmp_path / "a.jsonl").write_text(
        '{"id": 1, "at": "2024-01-01", "money": 1.5}\n{"id": 2, "at": "2024-02-01", "money": 2.0}\n'
    )
    (tmp_path / "a.txt").write_text(text.replace(",", "\t"))
    (tmp_path / "a.csv.zst").write_bytes(pa.compress(text.encode(), "zstd", asbytes=True))
    sources = [tmp_path / name for name in ("a.feather", "a.jsonl", "a.txt", "a.csv.zst")]
    sources += [io.BytesIO(text.encode()), io.StringIO(text), f"file://{tmp_path / 'a.txt'}"]
    expected = ff.Orders(table, **ROLES).rfm(segments=None).to_arrow()
    for source in sources:
        assert ff.Orders(source, **ROLES).rfm(segments=None).to_arrow().equals(expected), source
    for month in (1, 2):
        folder = tmp_path / "hive" / f"month={month}"
        folder.mkdir(parents=True)
        pa.parquet.write_table(table.slice(month - 1, 1), folder / "a.parquet")
    by_month = ff.Orders(tmp_path / "hive", **ROLES, month="month").sales("year", by="month")
    assert column(by_month, "sales") == [1.5, 2.0]
    (tmp_path / "many").mkdir()
    for number, line in enumerate(text.splitlines()[1:]):
        (tmp_path / "many" / f"{number}.csv").write_text("id,at,money\n" + line)
    for many in (str(tmp_path / "many" / "*.csv"), tmp_path / "many"):
        assert ff.Orders(many, **ROLES).rfm(segments=None).to_arrow().equals(expected)
    (tmp_path / "many" / "2.csv").write_text("id,at\n1,2024-01-01\n")
    with pytest.raises(ff.ColumnError, match="money"):
        ff.Orders(str(tmp_path / "many" / "*.csv"), **ROLES)


def test_columns_of_usual_names_are_recognised_and_told(tmp_path, capsys):
    path = written(tmp_path, "用户ID,下单时间,支付金额,订单号\n1,2024-01-01,5,x\n")
    assert ff.Orders(path).quality.customers == 1
    assert "customer     用户ID" in capsys.readouterr().out
    english = written(tmp_path, "user_id,event_time,Event Name,page\n1,2024-01-01,view,a\n")
    assert ff.Events(english).quality.customers == 1
    assert "event        Event Name" in capsys.readouterr().out
    two = written(tmp_path, "customer_id,user_id,date,amount\n1,2,2024-01-01,5\n")
    with pytest.raises(ValueError, match=r"'customer_id' and 'user_id' could both be the customer: name one"):
        ff.Orders(two)
    assert column(ff.Orders(two, preset="auto", customer="user_id").rfm(segments=None), "user_id") == [2]
    none = written(tmp_path, "a,b\n1,2\n")
    with pytest.raises(
        ValueError, match=r"not recognised: name that of the customer, the time, the amount, .* the table has 'a', 'b'"
    ):
        ff.Orders(none)


def test_events_of_platforms_are_recognised(tmp_path, capsys):
    rees = written(
        tmp_path,
        "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
        "2019-10-01 00:00:00 UTC,view,1,2,c,b,9.5,7,s1\n2019-10-01 00:01:00 UTC,purchase,1,2,c,b,9.5,7,s1\n",
    )
    events = ff.Events(rees)
    assert "read as rees46:" in capsys.readouterr().out
    assert events.funnel(["view", "purchase"]).to_arrow()["reached"].to_pylist() == [1, 1]
    ga4 = written(tmp_path, "event_name,event_timestamp,user_pseudo_id\npage_view,1714557492000000,1.2\n")
    assert ff.Events(ga4).quality.first == dt.datetime(2024, 5, 1, 9, 58, 12)


def test_what_smells_is_said(tmp_path):
    day = "2024-01-01"
    most = pl.DataFrame({"id": [1] * 30 + list(range(2, 102)), "at": [day] * 130, "money": [1.0] * 130})
    with pytest.warns(ff.FootfallWarning, match="23% of the orders are of one customer, 1: if it stands for guests"):
        ff.Orders(most, **ROLES)
    masked = most.with_columns(id=pl.format("张{}**", pl.int_range(pl.len())))
    with pytest.warns(ff.FootfallWarning, match="100% of the orders are of customers whose key is masked"):
        ff.Orders(masked, **ROLES)
    lines = pl.DataFrame({"id": [at // 2 for at in range(200)], "at": [day] * 200, "money": [1.0] * 200})
    with pytest.warns(
        ff.FootfallWarning, match="100% of the rows share customer and time with another, .* give order_id="
    ):
        ff.Orders(lines, **ROLES)
    with pytest.warns(ff.FootfallWarning, match="has no rows"):
        ff.Orders(written(tmp_path, "id,at,money\n"), **ROLES)


def test_a_key_in_the_index_of_a_frame_is_a_column():
    frame = pl.DataFrame({"id": [1, 2], "at": ["2024-01-01"] * 2, "money": [1.0, 2.0]}).to_pandas().set_index("id")
    assert column(ff.Orders(frame, **ROLES).rfm(segments=None), "id") == [1, 2]


def test_options_of_files_are_refused_for_other_sources(tmp_path):
    frame = pl.DataFrame({"id": [1], "at": ["2024-01-01"], "money": [1.0]})
    for option in ({"encoding": "utf8"}, {"delimiter": ";"}, {"sheet": "a"}, {"bad_lines": "count"}):
        with pytest.raises(ValueError, match=r"is for (CSV files|Excel workbooks); this source is a polars"):
            ff.Orders(frame, **ROLES, **option)
    with pytest.raises(ValueError, match="sheet='a' is for Excel workbooks; this source is CSV"):
        ff.Orders(written(tmp_path, "id,at,money\n"), **ROLES, sheet="a")
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(ValueError, match=r"a\.doc: give files of one kind, by their ending: \.parquet"):
        ff.Orders(tmp_path / "a.doc", **ROLES)
