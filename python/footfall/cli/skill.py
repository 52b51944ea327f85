"""``footfall skill``: what an assistant must know of the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("skill", help="what an assistant must know: the calls, the traps and the checker")
    command.add_argument("-o", "--output", metavar="FOLDER", help="write footfall/SKILL.md into a folder of skills")
    command.set_defaults(run=run)


def run(given: Any) -> int:
    """Run the command."""
    text = (files("footfall") / "assistant" / "SKILL.md").read_text("utf-8")
    if given.output is None:
        print(text, end="")
        return 0
    folder = Path(given.output) / "footfall"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "SKILL.md"
    target.write_text(text, "utf-8")
    print(target)
    return 0
