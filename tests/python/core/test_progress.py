"""Long work is told of: after a second, on terminals and in notebooks, and not on pipes."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time

import pyarrow as pa
import pytest

import footfall as ff
from footfall import _native
from footfall.core import progress as _progress
from footfall.core.progress import Bars

SCHEMA = pa.schema([("c", pa.int64()), ("t", pa.timestamp("us")), ("a", pa.float64())])

PROGRAM = """
import time, pyarrow as pa, footfall as ff
schema = pa.schema([("c", pa.int64()), ("t", pa.timestamp("us")), ("a", pa.float64())])
def slowly():
    for _ in range(15):
        time.sleep(0.1)
        yield pa.record_batch([[1], pa.array([0], pa.timestamp("us")), [1.0]], schema=schema)
reader = pa.RecordBatchReader.from_batches(schema, slowly())
print(ff.Orders(reader, customer="c", time="t", amount="a").quality.rows_read)
"""


class Listener:
    def __init__(self):
        self.told, self.closed = [], []

    def update(self, *facts):
        self.told.append(facts)

    def close(self, task):
        self.closed.append(task)


@pytest.fixture
def listener():
    made = Listener()
    _native.on_progress(made)
    yield made
    _native.on_progress(Bars())


def orders(batches, pause):
    def slowly():
        for _ in range(batches):
            time.sleep(pause)
            yield pa.record_batch([[1], pa.array([0], pa.timestamp("us")), [1.0]], schema=SCHEMA)

    reader = pa.RecordBatchReader.from_batches(SCHEMA, slowly())
    return ff.Orders(reader, customer="c", time="t", amount="a")


def test_rows_are_told_while_they_come(listener):
    orders(15, 0.1)
    tasks, rows, done, total = zip(*listener.told, strict=True)
    assert len(set(tasks)) == 1
    assert listener.closed == [tasks[0]]
    assert list(rows) == sorted(rows)
    assert 0 < rows[-1] <= 15
    # While rows come no step is done; on a slow machine the last of them may be told with the steps behind them.
    assert all(one == of == 0 for row, one, of in zip(rows, done, total, strict=True) if row < 15)


def test_short_work_is_not_told_of(listener):
    orders(2, 0)
    assert (listener.told, listener.closed) == ([], [])


def run(program, **streams):
    return subprocess.run([sys.executable, "-c", program], check=True, **streams)


def test_a_bar_on_a_terminal_and_nothing_on_a_pipe():
    piped = run(PROGRAM, capture_output=True, text=True)
    assert (piped.stdout.strip(), piped.stderr) == ("15", "")
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    run(PROGRAM, stderr=child, stdout=subprocess.DEVNULL)
    os.close(child)
    shown = os.read(parent, 1 << 16).decode()
    os.close(parent)
    assert "footfall: " in shown
    assert "rows read" in shown


@pytest.mark.parametrize(("asked", "drawn"), [(True, True), (False, False), (None, False)])
def test_the_option_decides(asked, drawn, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    bars = Bars()
    ff.options.progress = asked
    try:
        bars.update(1, 5, 2, 4)
        assert bool(bars._bars) == drawn
        if drawn:
            assert (bars._bars[1].n, bars._bars[1].total, bars._bars[1].postfix) == (2, 4, "5 rows read")
    finally:
        bars.close(1)
        ff.options.progress = None
    assert not bars._bars


def test_a_notebook_has_a_bar(monkeypatch):
    class Shell:
        kernel = object()

    class IPython:
        get_ipython = staticmethod(Shell)

    monkeypatch.setitem(sys.modules, "IPython", IPython)
    assert _progress._wanted()


def test_what_cannot_be_set_says_so():
    with pytest.raises(TypeError, match="give True, False, or None"):
        ff.options.progress = "yes"
