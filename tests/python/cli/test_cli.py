"""The command line, as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

import footfall as ff
from footfall.cli import main

NAMES = ["--customer", "customer_id", "--time", "date", "--amount", "amount"]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "footfall", *map(str, arguments)], check=False, capture_output=True, text=True
    )


def test_the_demo_shows_tables_and_names_its_charts(tmp_path):
    done = run("demo", "--folder", tmp_path / "charts", "--customers", 3000)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    shop = ff.datasets.make_shop(3000)
    orders = pd.DataFrame(shop.orders.to_pandas())
    paid = (orders["status"] != "cancelled").sum()
    assert f"{paid:,} of {len(orders):,} rows used" in done.stdout
    assert "Champions" in done.stdout
    views = shop.events.to_pandas().query("event == 'view'")["customer"].nunique()
    assert f" view  {views:>8}" in done.stdout
    files = sorted(path.name for path in (tmp_path / "charts").iterdir())
    charts = ["rfm-grid.svg", "sales.svg", "segments.svg", "tiers.svg"]
    assert files == ["concentration.svg", "funnel.svg", "report-en.html", "report-zh.html", *charts]
    for language in ("en", "zh"):
        assert ff.report.check(tmp_path / "charts" / f"report-{language}.html") > 200
    assert all(str(tmp_path / "charts" / name) in done.stdout for name in files)


@pytest.mark.parametrize("given", ["parquet", "csv", "xlsx"])
@pytest.mark.parametrize("wanted", ["parquet", "csv"])
def test_rfm_reads_and_writes_files(given, wanted, tmp_path, capsys):
    source, target = tmp_path / f"in.{given}", tmp_path / f"out.{wanted}"
    frame = pd.read_parquet(ff.datasets.CDNOW)
    {"parquet": frame.to_parquet, "csv": frame.to_csv, "xlsx": frame.to_excel}[given](source, index=False)
    assert main(["rfm", str(source), *NAMES, "-o", str(target)]) == 0
    expected = ff.datasets.load_cdnow().rfm().to_pandas()
    read = pd.read_parquet(target) if wanted == "parquet" else pd.read_csv(target)
    assert read["segment"].astype(str).tolist() == expected["segment"].astype(str).tolist()
    assert read["monetary"].tolist() == expected["monetary"].tolist()
    said = capsys.readouterr()
    assert f"2,357 customers written to {target}" in said.out
    assert said.err == ""


def test_options_reach_the_analysis(tmp_path):
    target = tmp_path / "o.parquet"
    options = [
        "--as-of",
        "1998-01-01",
        "--lookback",
        "365d",
        "--segments",
        "tiers",
        "--language",
        "zh",
        "--frequency",
        "days",
    ]
    assert main(["rfm", str(ff.datasets.CDNOW), *NAMES, *options, "-o", str(target)]) == 0
    expected = ff.datasets.load_cdnow().rfm(
        "1998-01-01", lookback="365d", segments="tiers", language="zh", frequency="days"
    )
    assert pyarrow.parquet.read_table(target).to_pylist() == expected.to_arrow().to_pylist()


BAD = {
    "no file": (["nowhere.csv", *NAMES], "there is no such file"),
    "no excel": (["nowhere.xlsx", *NAMES], "there is no such file"),
    "column": ([ff.datasets.CDNOW, "--customer", "customer", *NAMES[2:]], 'did you mean "customer_id"'),
    "output": ([ff.datasets.CDNOW, *NAMES, "-o", "x.txt"], "ends in .parquet or .csv"),
    "folder": ([ff.datasets.CDNOW, *NAMES, "-o", "nowhere/x.csv"], "no such folder"),
    "date": ([ff.datasets.CDNOW, *NAMES, "--as-of", "soon"], 'write it as "2024-06-30"'),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_status_2_and_one_line(case):
    arguments, words = BAD[case]
    done = run("rfm", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("footfall rfm: ")
    assert words in done.stderr


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_funnel_reads_a_file_and_writes_the_customers(kind, tmp_path, capsys):
    source, target = tmp_path / f"events.{kind}", tmp_path / "out.csv"
    frame = pd.DataFrame(
        {
            "who": [1, 1, 2, 3, 3],
            "at": ["2024-01-01", "2024-01-02", "2024-01-01", "2024-01-01", "2024-02-01"],
            "what": ["view", "pay", "view", "view", "pay"],
        }
    )
    {"csv": frame.to_csv, "parquet": frame.to_parquet}[kind](source, index=False)
    names = ["--customer", "who", "--time", "at", "--event", "what"]
    assert main(["funnel", str(source), *names, "--steps", "view, pay", "--window", "7d", "-o", str(target)]) == 0
    said = capsys.readouterr().out
    assert "3 customers written to" in said
    assert [line.split() for line in said.splitlines() if line.startswith("pay")] == [
        ["pay", "1", "2", "0.333", "0.061", "0.792", "0.333", "86,400.00"]
    ]
    assert pd.read_csv(target)["depth"].tolist() == [2, 1, 1]
    assert main(["funnel", str(source), *names, "--steps", "view"]) == 2
    assert capsys.readouterr().err.startswith("footfall funnel: ")


def test_a_platforms_export_needs_no_roles(capsys):
    folder = Path(__file__).parents[1] / "io" / "exports"
    assert main(["rfm", str(folder / "shopify_orders_export.csv")]) == 0
    said = capsys.readouterr().out
    assert "read as shopify:" in said
    assert "3 customers with a purchase" in said
    assert main(["rfm", str(folder / "jd_orders_gbk.csv"), "--preset", "jd", "--cancelled", "已取消"]) == 0
    assert "1 cancelled" in capsys.readouterr().out
    assert main(["rfm", str(folder / "taobao_order_list_saved_by_excel_gbk.csv")]) == 2
    assert "scientific notation" in capsys.readouterr().err


def test_values_may_be_numbers(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(
        "user;at;state;paid\n1;2024-01-01;1;5,50\n1;2024-01-02;2;7,00\n2;2024-01-03;1;1,00\n"
    )
    names = ["--customer", "user", "--time", "at"]
    assert main(["rfm", str(tmp_path / "a.csv"), *names, "--amount", "paid", "--status", "state", "--paid", "1"]) == 0
    assert "1 not paid" in capsys.readouterr().out
    assert main(["funnel", str(tmp_path / "a.csv"), *names, "--event", "state", "--steps", "1,2"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[:2] == ["2", "1"]
