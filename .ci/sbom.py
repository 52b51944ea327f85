"""Take the paths of the machine out of the list of components in each wheel of a folder: python .ci/sbom.py FOLDER."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PATH = re.compile(r"path\+file://[^\"#]*#")


def rewrite(wheel: Path) -> None:
    """Unpack a wheel, name its own parts by their name alone, and pack it again with the checksums of what it holds."""
    run = [sys.executable, "-m", "wheel"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*run, "unpack", str(wheel), "--dest", folder], check=True)
        (unpacked,) = Path(folder).iterdir()
        for part in unpacked.rglob("*.cyclonedx.json"):
            part.write_text(PATH.sub("pkg:cargo/", part.read_text("utf-8")), "utf-8")
            if "path+file" in part.read_text("utf-8"):
                raise SystemExit(f"{part.name} still names a path")
        subprocess.run([*run, "pack", str(unpacked), "--dest-dir", str(wheel.parent)], check=True)


if __name__ == "__main__":
    for found in Path(sys.argv[1]).glob("*.whl"):
        rewrite(found)
