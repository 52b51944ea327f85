"""The command line: reports, and single analyses of a file."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

from footfall._errors import FootfallError
from footfall.cli import demo, funnel, report, rfm, sales, skill

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all went well, 2 with a one-line reason on bad input, 3 where there is nothing to show."""
    from footfall import __version__

    parser = argparse.ArgumentParser(prog="footfall", description="Customer analytics for shops.")
    parser.add_argument("--version", action="version", version=f"footfall {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    report.add(commands)
    demo.add(commands)
    rfm.add(commands)
    sales.add(commands)
    skill.add(commands)
    funnel.add(commands)
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that is not UTF-8 shows what it lacks as escapes.
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int | None = given.run(given)
    except (FootfallError, ValueError, TypeError, OSError) as error:
        print(f"footfall {given.command}: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(f"footfall {given.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    return status or 0
