"""The crates in the wheel: whose licences allow it, from a registry, and none by way of another repository."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

ALLOWED = {
    "MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unlicense",
    "Unicode-3.0", "CC0-1.0", "0BSD", "BSL-1.0", "MIT-0",
}  # fmt: skip


def shipped():
    """The packages that the wheel is built of, without those of tests and builds."""
    text = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked", "--features", "python"],
        cwd=Path(__file__).parents[2], capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    found = json.loads(text)
    packages = {package["id"]: package for package in found["packages"]}
    edges = {
        node["id"]: [dep["pkg"] for dep in node["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
        for node in found["resolve"]["nodes"]
    }
    seen, waiting = set(), [found["resolve"]["root"]]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += edges[at]
    return [packages[at] for at in sorted(seen)]


def allows(expression):
    """Whether one of the alternatives of an SPDX expression is allowed as a whole."""
    alternatives = re.split(r"\s+OR\s+|/", expression.replace("(", "").replace(")", ""))
    return any(all(part in ALLOWED for part in re.split(r"\s+AND\s+", one)) for one in alternatives)


def test_every_crate_of_the_wheel_may_be_shipped():
    packages = shipped()
    assert len(packages) > 50
    odd = {package["name"]: package["license"] for package in packages if not allows(package["license"] or "")}
    assert not odd
    others = [p["name"] for p in packages if p["source"] is not None and not p["source"].startswith("registry+")]
    assert not others
