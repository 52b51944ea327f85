"""Files are written whole, or not at all."""

from __future__ import annotations

import gzip
import os

import polars as pl
import pyarrow.parquet as pq
import pytest

import footfall as ff


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


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interruption_or_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch, error):
    def stop(*_, **__):
        raise error

    for name, write in (("out.csv", "write_csv"), ("out.parquet", "write_parquet")):
        path = tmp_path / name
        path.write_text("old")
        with monkeypatch.context() as patch:
            patch.setattr("footfall.io.write.csv.writer", stop)
            patch.setattr(pq, "write_table", stop)
            with pytest.raises(error):
                getattr(table(), write)(path)
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
