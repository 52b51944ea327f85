"""What the README and the docstrings show is run; what the stubs say is checked; the wheel promises are kept."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import footfall as ff

ROOT = Path(__file__).parents[2]
EXPORTS = Path(__file__).parent / "io" / "exports"
MODULES = sorted(
    name for _, name, _ in pkgutil.walk_packages(ff.__path__, "footfall.") if not name.endswith(("_native", "__main__"))
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", ["footfall", *MODULES])
def test_examples_of_docstrings_run(name):
    failed, _ = doctest.testmod(importlib.import_module(name), extraglobs={"ff": ff}, optionflags=FLAGS)
    assert failed == 0


def test_public_names_have_examples():
    for name in ("Orders", "Customers", "Rule", "Segments", "Edges", "Table"):
        assert ">>> " in getattr(ff, name).__doc__, name
    for name in ("rfm", "sales", "between", "duplicates"):
        assert ">>> " in getattr(ff.Orders, name).__doc__, name


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
def test_the_skill_runs(tmp_path, monkeypatch, capsys):
    from footfall.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["skill"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("---\nname: footfall\ndescription: ")
    names = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(block, "SKILL.md", "exec"), names)
    assert main(["skill", "-o", "skills"]) == 0
    assert (tmp_path / "skills" / "footfall" / "SKILL.md").read_text("utf-8") == text


def test_names_that_llms_are_told_are_there():
    text = (Path(ff.__file__).parent / "assistant" / "llms.txt").read_text("utf-8")
    for noun in (ff.Orders, ff.Events, ff.Shop):
        line = re.search(rf"^- {noun.__name__}: (.*?)(?=^- |\Z|^$)", text, re.MULTILINE | re.DOTALL).group(1)
        for name in re.findall(r"`(\w+)`", line):
            assert hasattr(noun, name), (noun, name)
    for call in re.findall(r"`ff\.(\w+)", text):
        assert hasattr(ff, call)


def test_the_readme_runs(tmp_path, monkeypatch):
    import pandas as pd

    monkeypatch.chdir(tmp_path)
    frame = pd.read_parquet(ff.datasets.CDNOW)
    frame.to_parquet("orders.parquet")
    for name in ("orders_export.csv", "shopify_orders_export.csv"):
        shutil.copy(EXPORTS / "shopify_orders_export.csv", name)
    shutil.copy(EXPORTS / "amazon_order_report.txt", "amazon_order_report.txt")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(blocks) >= 2
    names = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    commands = re.findall(r"^footfall (.*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert commands
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "footfall", *shlex.split(command, comments=True)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def test_the_page_on_data_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXPORTS / "shopify_orders_export.csv", "orders_export.csv")
    Path("my.csv").write_text("who,when,paid\nann,2024-01-05,9.50\n")
    page = (ROOT / "docs" / "getting-your-data-in.md").read_text()
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(block, "getting-your-data-in.md", "exec"), {})
    (preset,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    Path("till.toml").write_text(preset)
    Path("till.csv").write_text(
        "who,email,phone,when,paid,coupon\n1,ann@x,,2024-01-05,9.50,-1.50\n1,,,2024-01-05,1.00,\n"
    )
    assert ff.Orders("till.csv", preset="till.toml", order_id="who").sales("year").rows()[0][2] == 9.0
    # Every preset stands in the table of platforms, and no other.
    assert set(re.findall(r'preset="(\w+)"', page)) == set(ff.presets)


def test_the_stubs_are_those_of_the_module():
    command = [sys.executable, "-m", "mypy.stubtest", "footfall._native"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_importing_brings_numpy_and_nothing_else():
    program = (
        "import sys, footfall; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'pandas', 'polars', 'pyarrow', 'altair', 'duckdb'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_native_class_is_frozen_and_every_name_has_words():
    from footfall import _native

    assert all(getattr(_native, name).__doc__ for name in _native.__all__)
    classes = re.findall(
        r"#\[pyclass\((.*?)\)\]", "".join(path.read_text() for path in (ROOT / "src/python").glob("*.rs"))
    )
    assert len(classes) == sum(isinstance(getattr(_native, name), type) for name in _native.__all__)
    assert all("frozen" in options for options in classes)
