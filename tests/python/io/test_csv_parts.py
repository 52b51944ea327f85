"""Text files of several parts, which threads read side by side."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import random
import subprocess
import sys

import polars as pl
import pytest

import footfall as ff

ROLES = {"customer": "id", "time": "at", "amount": "money"}
ROWS = 150_000


def lines(awkward):
    """Rows of some 40 bytes, so that there are more than two parts of 2 MiB; some values go over several lines."""
    choose = random.Random(5)
    note = ['said "no"\r\nand\nwent', "a,b", "", 'x"y', '"', "\n\n"] if awkward else ["plain"]
    return [
        (f"c{choose.randrange(9_000)}", f"2024-{choose.randrange(1, 13):02}-{choose.randrange(1, 29):02}",
         f"{choose.randrange(10**6) / 100:.2f}", choose.choice(note))
        for _ in range(ROWS)
    ]  # fmt: skip


def text_of(rows, end="\n"):
    text = io.StringIO(newline="")
    # Python leaves a line feed unquoted where lines end otherwise.
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL)
    writer.writerow(["id", "at", "money", "note"])
    writer.writerows(rows)
    return text.getvalue()


def frame(rows):
    columns = list(zip(*rows, strict=True))
    return pl.DataFrame(
        {"id": columns[0], "at": columns[1], "money": columns[2], "note": [note or None for note in columns[3]]}
    )


def answers(source, **options):
    log = ff.Orders(source, **ROLES, note="note", **options)
    return log.quality.rows_used, log.rfm(segments=None).rows(), log.sales("month", by="note").rows()


@pytest.mark.parametrize("awkward", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_parts_are_cut_where_records_end(tmp_path, awkward, end):
    rows = lines(awkward)
    path = tmp_path / "a.csv"
    path.write_bytes(text_of(rows, end).encode())
    expected = answers(frame(rows), decimal=".")
    assert expected[0] == ROWS
    assert answers(path) == expected
    assert answers(path, memory_limit="1MB") == expected


def test_compressed_files_file_objects_and_other_encodings(tmp_path):
    rows = lines(awkward=True)
    text = text_of(rows)
    expected = answers(frame(rows), decimal=".")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode(), 1))
    (tmp_path / "a.csv.bz2").write_bytes(bz2.compress(text.encode(), 1))
    (tmp_path / "a.csv").write_bytes(text.encode("utf-16"))
    for name in ("a.csv.gz", "a.csv.bz2", "a.csv"):
        assert answers(tmp_path / name) == expected, name
    assert answers(io.BytesIO(text.encode())) == expected
    with (tmp_path / "a.csv.gz").open("rb") as held:
        assert answers(gzip.GzipFile(fileobj=held)) == expected
        assert not held.closed


def test_copies_as_utf8_are_gone_after_reading(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("id,at,money\nMüller,2024-01-01,5\n".encode("cp1252"))
    folder = tmp_path / "spill"
    folder.mkdir()
    ff.options.spill_folder = str(folder)
    try:
        assert ff.Orders(path, **ROLES, encoding="cp1252").rfm(segments=None).rows()[0][0] == "Müller"
        with pytest.raises(ff.DataError, match=r"a\.csv cannot be read as ascii"):
            ff.Orders(path, **ROLES, encoding="ascii")
        assert not list(folder.iterdir())
    finally:
        ff.options.spill_folder = None


def test_broken_lines_have_their_numbers_wherever_they_stand(tmp_path):
    rows = lines(awkward=False)
    text = text_of(rows).split("\n")
    broken = (7, 60_000, 149_990)
    for line in broken:
        text[line - 1] += ",more" if line != 60_000 else ""
    text[59_999] = "c1,2024-01-01"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(text))
    with pytest.raises(ff.DataError, match="a line has 5 fields, and the first line has 4"):
        ff.Orders(path, **ROLES)
    quality = ff.Orders(path, **ROLES, bad_lines="count").quality
    assert quality.bad_lines == {"too_many_fields": 2, "too_few_fields": 1}
    assert quality.bad_line_numbers == broken
    assert quality.rows_read == ROWS - 3
    # A row of a later part is named by its number among all.
    text = text_of(rows).split("\n")
    text[120_001] = "c1,2024-01-01,abc,plain"
    path.write_text("\n".join(text))
    with pytest.raises(ff.DataError, match='the first in row 120000: "abc"'):
        ff.Orders(path, **ROLES)


def test_what_is_not_utf8_at_the_end_is_found(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text_of(lines(awkward=False)).encode() + b"c\xff,2024-01-01,5,plain\n")
    with pytest.raises(ff.DataError, match=r"a\.csv is not UTF-8 all through; give its encoding"):
        ff.Orders(path, **ROLES)


def test_a_quote_that_is_never_closed_takes_the_rest(tmp_path):
    rows = lines(awkward=False)
    path = tmp_path / "a.csv"
    path.write_text('id,at,money,note\nc1,2024-01-01,5,"open\n' + text_of(rows))
    log = ff.Orders(path, **ROLES, note="note")
    assert log.quality.rows_read == 1


def test_without_pyarrow_text_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text_of(lines(awkward=False)[:500]))
    program = f"""
import sys
for name in ("pyarrow", "pandas", "polars", "duckdb", "numpy"):
    sys.modules[name] = None
import footfall as ff
print(ff.Orders({str(path)!r}, customer="id", time="at", amount="money").quality.rows_used)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "500\n"


def test_a_delimiter_is_one_ascii_character(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id；at；money\n1；2024-01-01；5\n")
    for delimiter in ("；", ";;"):
        with pytest.raises(ValueError, match=r"give one ASCII character"):
            ff.Orders(path, **ROLES, delimiter=delimiter)
