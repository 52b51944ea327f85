"""``footfall report`` and ``footfall init``: the report of a shop's files."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from footfall._errors import DataError
from footfall.cli._files import EMPTY
from footfall.core.checks import shown
from footfall.core.options import LANGUAGES
from footfall.data._shop_names import part_of_columns, usual
from footfall.data.shop import Shop
from footfall.io.header import usual_names
from footfall.io.presets import presets
from footfall.io.source import open_source
from footfall.io.table import FileOptions

_PARTS = ("orders", "events", "customers", "spend", "after_sales", "survey")
_SETTINGS = ("timezone", "steps", "recommendations", "doubts", "benchmarks", "margin", "cancelled")
_CONFIG = (*_PARTS, *_SETTINGS, "roles", "presets", "reading", "language", "output", "title")


def add(commands: Any) -> None:
    """Add both commands."""
    command = commands.add_parser("report", help="the report of a shop, from its files")
    command.add_argument("orders", nargs="?", help="the file of orders; its columns are recognised")
    for part in _PARTS[1:]:
        command.add_argument(f"--{part.replace('_', '-')}", metavar="FILE")
    command.add_argument(
        "--role", action="append", default=[], metavar="ROLE=COLUMN", help="as customer=buyer, or orders.time=paid_at"
    )
    command.add_argument(
        "--preset", action="append", default=[], metavar="PART=NAME", help="the platform's export, as orders=shopify"
    )
    command.add_argument(
        "--reading", action="append", default=[], metavar="OPTION=VALUE",
        help="how files are read, as encoding=cp1252 or orders.decimal=,",
    )  # fmt: skip
    command.add_argument("--timezone", metavar="ZONE", help="whose days count, as in Asia/Shanghai")
    command.add_argument("--steps", metavar="A,B,…", help="the events from browsing to payment")
    command.add_argument("--cancelled", action="append", default=[], metavar="VALUE", help="a status that is no order")
    command.add_argument("--from", dest="start", metavar="DATE", help="count from this day on")
    command.add_argument("--to", dest="end", metavar="DATE", help="count up to before this day")
    command.add_argument("--config", metavar="FILE", help="a .toml file, as footfall init writes one")
    command.add_argument("--language", choices=LANGUAGES)
    command.add_argument("--title")
    command.add_argument("-o", "--output", metavar="FILE", help="an .html or .docx file (default: report.html)")
    command.set_defaults(run=run)
    init = commands.add_parser("init", help="write a .toml file for footfall report, from the files it is shown")
    init.add_argument("files", nargs="+")
    init.add_argument("--encoding", help="of CSV files (default: found)")
    init.add_argument("-o", "--output", default="shop.toml", metavar="FILE")
    init.set_defaults(run=write_config)


def run(given: Any) -> int:
    """Run ``footfall report``."""
    config = {} if given.config is None else _config(given.config)
    parts = {name: getattr(given, name) or config.get(name) for name in _PARTS}
    settings = {name: config[name] for name in _SETTINGS if name in config}
    if given.timezone is not None:
        settings["timezone"] = given.timezone
    if given.steps is not None:
        settings["steps"] = [step.strip() for step in given.steps.split(",")]
    if given.cancelled:
        settings["cancelled"] = given.cancelled
    roles = {**config.get("roles", {}), **_pairs(given.role, "--role", "customer=buyer")}
    named = {**config.get("presets", {}), **_pairs(given.preset, "--preset", "orders=shopify")}
    settings["reading"] = {**config.get("reading", {}), **_pairs(given.reading, "--reading", "encoding=cp1252")}
    shop = Shop(
        **{name: part for name, part in parts.items() if part is not None}, roles=roles, presets=named, **settings
    )
    if given.start is not None or given.end is not None:
        shop = shop.between(given.start, given.end)
    if all(part is None or not part.quality.rows_used for part in (shop.orders, shop.events)):
        print("footfall report: no row of the files can be used, so that there is nothing to report", file=sys.stderr)
        return EMPTY
    output = given.output or config.get("output", "report.html")
    language = given.language or config.get("language")
    print(shop.report(output, language=language, title=given.title or config.get("title")))
    return 0


def _pairs(given: list[str], option: str, example: str) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise ValueError(f"{option} {shown(one)}: give it as in {option} {example}")
        pairs[name] = value
    return pairs


def _config(path: str) -> dict[str, Any]:
    """Return the settings of a file; the paths in it start at its folder."""
    try:
        read = tomllib.loads(Path(path).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"--config {path}: {error}") from error
    unknown = [name for name in read if name not in _CONFIG]
    if unknown:
        raise ValueError(f"--config {path}: there is no setting {shown(unknown[0])}; there are {', '.join(_CONFIG)}")
    folder = Path(path).parent
    for name in (*_PARTS, "output"):
        if isinstance(read.get(name), str) and "://" not in read[name]:
            read[name] = str(folder / read[name])
    if "recommendations" in read:
        read["recommendations"] = tuple(read["recommendations"])
    return read


def write_config(given: Any) -> int:
    """Run ``footfall init``."""
    target = Path(given.output)
    if target.exists():
        raise FileExistsError(f"-o {target}: it is there already; name another file, or remove it")
    lines, roles = ["# Files of the shop; paths start at the folder of this file."], ["", "[roles]"]
    kinds: list[str] = []
    for file in given.files:
        columns = open_source(file, FileOptions(given.encoding)).columns
        part = part_of_columns(columns)
        if part is None or part in kinds:
            why = "its part cannot be told" if part is None else f"it looks like {part}, as another one does"
            lines.append(f"# {_quoted(Path(file).name)}: {why}; its columns: {', '.join(map(_quoted, columns[:20]))}")
            continue
        kinds.append(part)
        lines.append(f"{part} = {_quoted(_relative(file, target))}")
        fitting = presets.recognise(columns, part) if part in {"orders", "events"} else []
        if fitting:
            roles.append(f"# {part}: the preset {fitting[0].name!r} knows its columns")
        else:
            known = usual(part, columns) | (usual_names(columns, part, set()) if part in {"orders", "events"} else {})
            roles += [f"{_quoted(f'{part}.{role}')} = {_quoted(column)}" for role, column in known.items()]
    lines += ['output = "report.html"', 'language = "en"  # or "zh"', '# timezone = "Asia/Shanghai"']
    lines += ['# cancelled = ["cancelled"]  # statuses that are no order']
    if given.encoding is not None:
        roles[:0] = ["", "[reading]", f"encoding = {_quoted(given.encoding)}"]
    lines += ['# steps = ["view", "cart", "order", "pay"]  # your events from browsing to payment']
    target.write_text("\n".join([*lines, *roles, ""]), "utf-8")
    print(f"{target} written; look at it, then: footfall report --config {target}")
    return 0


def _relative(file: str, target: Path) -> str:
    try:
        return Path(file).resolve().relative_to(target.resolve().parent).as_posix()
    except ValueError:
        return Path(file).resolve().as_posix()


def _quoted(text: str) -> str:
    """Return a text as TOML writes it, which is as JSON does, but for one letter that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
