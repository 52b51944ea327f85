"""Asking every rule of a shop."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from footfall._errors import FootfallError
from footfall.core.checks import listed, word
from footfall.core.progress import working
from footfall.findings.findings import Findings
from footfall.findings.registry import RULES, Checked, Unanswerable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.shop import Shop


def ask(shop: Shop, rules: Sequence[str] | None, level: float) -> Findings:
    """Run the rules that the shop has the parts for; the others are named with what they need."""
    load()
    names = list(RULES) if rules is None else [word(one, "rules", RULES) for one in listed(rules, "rules", "names")]
    checked: dict[str, Checked] = {}
    silent: dict[str, str] = {}
    for name in names:
        rule = RULES[name]
        lacks = [part for part in rule.needs if getattr(shop, part) is None]
        if lacks:
            silent[name] = f"needs {' and '.join(f'{part}=' for part in lacks)}"
            continue
        try:
            with working(f"footfall: {name.replace('_', ' ')}"):
                checked[name] = rule.function(shop)
        except (Unanswerable, FootfallError) as why:
            silent[name] = str(why)
    library = (shop.orders or shop.events)._library  # type: ignore[union-attr]  # noqa: SLF001
    return Findings(checked, shop.monthly_sales, level, silent, library)


def load() -> None:
    """Import the rules of the package, once."""
    from footfall import rules

    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"footfall.rules.{module.name}")
