"""The command line: ``footfall demo``, ``footfall rfm`` and ``footfall funnel``."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

from footfall._errors import FootfallError
from footfall.cli import demo, funnel, rfm

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all went well, 2 with a one-line reason on bad input."""
    parser = argparse.ArgumentParser(prog="footfall", description="Customer analytics for shops.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    demo.add(commands)
    rfm.add(commands)
    funnel.add(commands)
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that is not UTF-8 shows what it lacks as escapes.
            stream.reconfigure(errors="backslashreplace")
    try:
        given.run(given)
    except (FootfallError, ValueError, TypeError, OSError) as error:
        print(f"footfall {given.command}: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(f"footfall {given.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0
