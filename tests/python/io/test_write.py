"""Files are written whole, or not at all."""

from __future__ import annotations

import datetime as dt
import gzip
import os
from types import SimpleNamespace

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest

import footfall as ff
from footfall.io.write_excel import write_excel


def table(name="客户"):
    frame = pl.DataFrame({"c": [name, "b"], "t": ["2024-01-01"] * 2, "a": [1.0, 2.0]})
    return ff.Orders(frame, customer="c", time="t", amount="a").rfm()["monetary"]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        table().write_csv(path, encoding="ascii")
    with pytest.raises(ValueError, match="encoding='martian' is unknown; give one such as"):
        table().write_csv(path, encoding="martian")
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_files_for_readers_have_titles(tmp_path):
    sales = ff.datasets.load_cdnow().sales()["sales_per_buyer"]
    for language, title in ((None, "sales_per_buyer"), ("en", "sales per buyer"), ("zh", "客单价")):
        sales.write_csv(tmp_path / "out.csv", language=language)
        sales.write_excel(tmp_path / "out.xlsx", language=language)
        assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[0] == title
        assert openpyxl.load_workbook(tmp_path / "out.xlsx").active["A1"].value == title
    with pytest.raises(ValueError, match="language"):
        sales.write_csv(tmp_path / "out.csv", language="fr")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interruption_or_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch, error):
    def stop(*_, **__):
        raise error

    for name, write in (("out.csv", "write_csv"), ("out.parquet", "write_parquet")):
        path = tmp_path / name
        path.write_text("old")
        with monkeypatch.context() as patch:
            patch.setattr("footfall.io.write.csv.writer", stop)
            given = table()
            if write == "write_parquet":
                given._made = SimpleNamespace(write_parquet=stop)
            with pytest.raises(error):
                getattr(given, write)(path)
        assert path.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.parquet"]


def test_a_new_file_replaces_the_old_one(tmp_path):
    table("a").write_csv(tmp_path / "out.csv")
    table("z").write_csv(tmp_path / "out.csv")
    assert pl.read_csv(tmp_path / "out.csv")["c"].to_list() == ["b", "z"]
    table("a").write_parquet(tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["c"].to_pylist() == ["a", "b"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.parquet"]
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        table().write_csv(tmp_path / "nowhere" / "out.csv")


def test_a_name_that_ends_in_gz_is_compressed(tmp_path):
    for name in ("one.csv.gz", "two.csv.gz"):
        table().write_csv(tmp_path / name)
    with gzip.open(tmp_path / "one.csv.gz", "rt", encoding="utf-8-sig") as file:
        assert file.read().splitlines() == ["c,monetary", "b,2.0", "客户,1.0"]
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "two.csv.gz").read_bytes()


def test_a_device_is_written_to(tmp_path):
    table().write_csv(os.devnull)
    link = tmp_path / "link.csv"
    (tmp_path / "real.csv").write_text("old")
    link.symlink_to(tmp_path / "real.csv")
    table().write_csv(link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8-sig").startswith("c,monetary")


def test_a_workbook_has_the_values_and_no_formulas(tmp_path):
    rows = [
        ('=HYPERLINK("x")', 2**60, 1.5, dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30), True),
        ("+1", 7, None, None, None, None), ("客户", -3, float("nan"), dt.date(1999, 1, 1), None, False),
    ]  # fmt: skip
    names = ["=name", "key", "money", "day", "at", "yes"]
    path = tmp_path / "book.xlsx"
    write_excel(path, names, rows, len(rows))
    sheet = openpyxl.load_workbook(path).active
    read = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert read[0] == names
    assert read[1] == [
        *(str(one) if one == 2**60 else one for one in rows[0][:3]),
        dt.datetime(2024, 2, 29),
        *rows[0][4:],
    ]
    assert read[2] == ["+1", 7, None, None, None, None]
    assert read[3] == ["客户", -3, None, dt.datetime(1999, 1, 1), None, False]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
    with pytest.raises(ValueError, match="holds 1,048,575 rows below its header"):
        write_excel(path, names, [], 2**20)


def test_a_table_is_written_to_excel(tmp_path):
    path = tmp_path / "book.xlsx"
    table("=1+1").write_excel(path)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0] == ("c", "monetary")
    assert set(rows[1:]) == {("=1+1", 1), ("b", 2)}
    with pytest.raises(ValueError, match=r"ends in \.xlsx"):
        table().write_excel(tmp_path / "book.csv")
