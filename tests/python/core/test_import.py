"""What `import footfall` brings, and what it leaves until it is named."""

from __future__ import annotations

import subprocess
import sys

import pytest

import footfall as ff

PROGRAM = """
import sys
import footfall as ff
waiting = [name for name in ("findings", "report", "data.shop", "models.kmeans") if f"footfall.{name}" in sys.modules]
assert not waiting, waiting
assert set(ff.__all__) <= set(dir(ff))
assert all(getattr(ff, name) is getattr(ff, name) for name in ff.__all__)
"""


def test_what_few_processes_use_is_imported_when_it_is_named():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(AttributeError, match="module 'footfall' has no attribute 'rfn'"):
        _ = ff.rfn
