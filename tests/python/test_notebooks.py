"""The notebooks run, and show what they show."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))


def shown(cell):
    """What a reader sees of a cell: texts, and that there is a picture."""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            yield output["name"], output["text"]
        else:
            data = output["data"]
            yield (
                "picture" if "image/svg+xml" in data else "result",
                "" if "image/svg+xml" in data else data["text/plain"],
            )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_as_it_stands(name, tmp_path):
    import nbclient
    import nbformat

    stored = nbformat.read(EXAMPLES / name, 4)
    run = nbformat.read(EXAMPLES / name, 4)
    client = nbclient.NotebookClient(run, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    for cell, again in zip(stored.cells, run.cells, strict=True):
        if cell.cell_type == "code":
            assert [kind for kind, _ in shown(cell)] == [kind for kind, _ in shown(again)], cell.source
            assert not any(kind == "stderr" for kind, _ in shown(again)), cell.source
            # Digits beyond what is shown may differ from machine to machine.
            texts = [(text, other) for (_, text), (_, other) in zip(shown(cell), shown(again), strict=True)]
            assert all(text.split()[:8] == other.split()[:8] for text, other in texts), cell.source


def test_there_are_three():
    assert NOTEBOOKS == ["first_look.ipynb", "lifetime_and_funnels.ipynb", "monthly_report.ipynb"]
