"""``footfall report``, ``init``, ``sales``, ``retention`` and ``repurchase``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import footfall as ff
from footfall.cli import main
from footfall.data._shop_names import part_of_columns

EXPORTS = Path(__file__).parents[1] / "io" / "exports"
PARTS = ("orders", "events", "customers", "spend", "after_sales")
pytestmark = pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made, to = ff.datasets.make_shop(1_500, 2), tmp_path_factory.mktemp("shop")
    for part in PARTS:
        getattr(made, part).write_csv(to / f"{part}.csv")
    return to


def test_init_tells_the_parts_apart_and_report_reads_them(folder, tmp_path, capsys):
    config = tmp_path / "shop.toml"
    assert main(["init", *(str(folder / f"{part}.csv") for part in PARTS), "-o", str(config)]) == 0
    read = tomllib.loads(config.read_text("utf-8"))
    assert {part: Path(read[part]).name for part in PARTS} == {part: f"{part}.csv" for part in PARTS}
    assert read["roles"]["customers.city"] == "city_tier"
    assert read["roles"]["spend.segment"] == "segment"
    page = tmp_path / "report.html"
    arguments = ["report", "--config", str(config), "--cancelled", "cancelled", "--language", "zh", "-o", str(page)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(page)
    assert ff.report.check(page) > 200
    # The same as from Python, where the roles are named.
    whole = ff.Shop(
        **{part: str(folder / f"{part}.csv") for part in PARTS}, roles=read["roles"], cancelled=["cancelled"]
    )
    text = re.sub(r"<[^>]*>", "", page.read_text("utf-8"))
    buyers = whole.orders.quality.customers
    assert f"来自{buyers:,}名买家" in text
    assert main(["init", str(folder / "orders.csv"), "-o", str(config)]) == 2
    assert "it is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        (["user_id", "event", "time"], "events"),
        (["用户ID", "事件", "时间"], "events"),
        (["客户编号", "下单时间", "实付金额"], "orders"),
        (["customer_id", "gender", "city"], "customers"),
        (["会员编号", "性别"], "customers"),
        (["date", "channel", "cost"], "spend"),
        (["客户", "时间", "类型", "评分"], "after_sales"),
        (["a", "b"], None),
    ],
)
def test_parts_are_told_by_their_columns(columns, part):
    assert part_of_columns(columns) == part


def test_init_says_what_it_cannot_tell(tmp_path):
    pd.DataFrame({"a": [1], "b": [2]}).to_csv(tmp_path / "what.csv", index=False)
    assert main(["init", str(tmp_path / "what.csv"), "-o", str(tmp_path / "shop.toml")]) == 0
    assert '# "what.csv": its part cannot be told; its columns: "a", "b"' in (tmp_path / "shop.toml").read_text("utf-8")


def test_names_of_columns_are_names_in_the_file(tmp_path):
    # What a name holds is no setting: neither in a value nor in a comment.
    shop = {"customer": [1], "time": ["2024-01-01"], "amount": [2.0], 'say "x"\nlanguage = "zh"': [3]}
    pd.DataFrame(shop).to_parquet(tmp_path / "orders.parquet")
    pd.DataFrame({"a\nmargin = 0.1": [1]}).to_parquet(tmp_path / "b\nmargin = 0.2.parquet")
    config = tmp_path / "shop.toml"
    files = [str(tmp_path / name) for name in ("orders.parquet", "b\nmargin = 0.2.parquet")]
    assert main(["init", *files, "-o", str(config)]) == 0
    read = tomllib.loads(config.read_text("utf-8"))
    assert read == {
        "orders": "orders.parquet", "output": "report.html", "language": "en",
        "roles": {"orders.customer": "customer", "orders.time": "time", "orders.amount": "amount"},
    }  # fmt: skip


def test_files_in_another_encoding(tmp_path, capsys):
    text = "Kunde;Zeit;Betrag;Café\n" + "".join(f"{who};2024-0{1 + who % 9}-01;{who},50;é\n" for who in range(40))
    (tmp_path / "orders.csv").write_text(text, "cp1252")
    named = ["--role", "customer=Kunde", "--role", "time=Zeit", "--role", "amount=Betrag"]
    command = ["report", str(tmp_path / "orders.csv"), *named, "-o", str(tmp_path / "report.html")]
    reading = ["--reading", "encoding=cp1252", "--reading", "orders.delimiter=;", "--reading", "decimal=,"]
    assert main([*command, *reading]) == 0
    assert (tmp_path / "report.html").exists()
    assert main([*command, "--reading", "orders.encodings=cp1252"]) == 2
    assert 'did you mean "encoding"?' in capsys.readouterr().err
    assert main(["init", str(tmp_path / "orders.csv"), "--encoding", "cp1252", "-o", str(tmp_path / "shop.toml")]) == 0
    assert tomllib.loads((tmp_path / "shop.toml").read_text("utf-8"))["reading"] == {"encoding": "cp1252"}


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.glob("*.*") if path.suffix in {".csv", ".txt"}))
def test_the_report_of_each_export(name, tmp_path, capsys):
    page = tmp_path / "report.html"
    # The encoding of one cannot be told from its bytes.
    reading = ["--reading", "encoding=cp1252"] if name == "amazon_order_report.txt" else []
    status = main(["report", str(EXPORTS / name), "-o", str(page), "--language", "zh", *reading])
    said = capsys.readouterr()
    if name == "taobao_order_list_saved_by_excel_gbk.csv":
        # It was spoilt by a spreadsheet.
        assert status == 2
        assert said.err.startswith("footfall report: ")
        assert len(said.err.splitlines()) == 1
        return
    assert status == 0, said.err
    assert ff.report.check(page) > 0
    text = page.read_text("utf-8")
    assert "数据太少" in text or "买家未知" in text


def test_bad_arguments_are_one_line_and_status_2(folder, tmp_path, capsys):
    orders = str(folder / "orders.csv")
    bad = tmp_path / "bad.toml"
    bad.write_text("nonsense = 1\n")
    broken = tmp_path / "broken.toml"
    broken.write_text("= 1\n")
    for arguments, message in (
        (["report", orders, "--role", "customer"], "--role 'customer': give it as in --role customer=buyer"),
        (["report", orders, "--config", str(bad)], "there is no setting 'nonsense'"),
        (["report", orders, "--config", str(broken)], "broken.toml"),
        (["report"], "a shop needs events= or orders="),
        (["report", orders, "-o", "report.pdf"], "ends in .html or .docx"),
        (["sales", orders, "-o", "sales.txt"], "ends in .parquet or .csv"),
    ):
        assert main(arguments) == 2, arguments
        error = capsys.readouterr().err
        assert message in error
        assert len(error.splitlines()) == 1


def test_where_no_row_can_be_used_the_status_is_3(tmp_path, capsys):
    empty = tmp_path / "empty.csv"
    empty.write_text("customer,time,amount\n,,\n")
    for command in ("report", "sales", "rfm"):
        assert main([command, str(empty), *(["-o", str(tmp_path / "r.html")] if command == "report" else [])]) == 3
        assert "empty" in (said := capsys.readouterr()).err + said.out or "nothing to report" in said.err + said.out


def test_tables_are_those_of_the_methods(tmp_path, capsys):
    source = tmp_path / "orders.parquet"
    pd.read_parquet(ff.datasets.CDNOW).to_parquet(source)
    names = ["--customer", "customer_id", "--time", "date", "--amount", "amount"]
    orders = ff.Orders(source, customer="customer_id", time="date", amount="amount")
    expected = {
        "sales": orders.sales("quarter"), "retention": orders.retention("quarter"),
        "repurchase": orders.repurchase(period="quarter").periods,
    }  # fmt: skip
    for command, table in expected.items():
        target = tmp_path / f"{command}.parquet"
        assert main([command, str(source), *names, "--period", "quarter", "-o", str(target)]) == 0
        read = pd.read_parquet(target)
        assert len(read) == table.num_rows
        assert list(read.columns) == table.column_names
        assert f"{table.num_rows:,} rows written to {target}" in capsys.readouterr().out


def test_the_version(capsys):
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out.strip() == f"footfall {ff.__version__}"
