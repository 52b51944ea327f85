"""An action and who takes part in it: those who are treated, and a hold-out that is left alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.checks import real, shown, whole
from footfall.core.columns import table_of
from footfall.core.rows import dicts
from footfall.data._shop_periods import instant
from footfall.data.customers import Customers
from footfall.result import Origin, PerCustomer

if TYPE_CHECKING:
    import os

    from footfall.table import Table

GROUPS = ("treatment", "control")
_COLUMNS = ("group", "finding", "start")


class Experiment(PerCustomer):
    """One row per customer of an audience: the key, ``group`` ("treatment" or "control"), ``finding``, ``start``.

    ``write_csv`` and ``write_parquet`` keep it as a file, which :meth:`footfall.Shop.effect` reads when the action is
    over.
    """

    def __init__(self, table: Any, library: str | None) -> None:
        super().__init__(table, Origin(library, lambda: None), [])
        rows = dicts(self)
        if not rows:
            raise DataError("an experiment without customers: there is nobody to compare")
        sizes = {group: sum(row["group"] == group for row in rows) for group in GROUPS}
        #: The finding that it acts upon, and the day on which the action starts.
        self.finding: str = rows[0]["finding"]
        self.start: dt.date = dt.date.fromisoformat(str(rows[0]["start"])[:10])
        self._lines = [
            f"Experiment on {self.finding} from {self.start}: "
            + ", ".join(f"{n:,} {group}" for group, n in sizes.items())
        ]  # fmt: skip

    @classmethod
    def assign(cls, audience: Table, finding: str, *, holdout: float, seed: int, start: Any) -> Experiment:
        """Assign the customers of an audience at random; the same seed assigns the same ones, in any order of rows."""
        share = real(holdout, "holdout", "a share between 0 and 1", lambda share: 0 < share < 1)
        whole(seed, "seed", 0)
        day = instant(start)
        if day is None:
            raise ValueError(f'start={shown(start)}: give the day on which the action starts, as "2024-07-01"')
        key = audience.column_names[0]
        keys = [row[0] for row in audience.rows()]
        if len(keys) < len(GROUPS):
            raise DataError(f"an experiment needs two customers or more; the audience has {len(keys)}")
        ranked = sorted(range(len(keys)), key=lambda at: _hash(seed, finding, keys[at]))
        held = set(ranked[: min(max(round(share * len(keys)), 1), len(keys) - 1)])
        columns = {
            key: keys, "group": [GROUPS[at in held] for at in range(len(keys))], "finding": [finding] * len(keys),
            "start": [day.date()] * len(keys),
        }  # fmt: skip
        return cls(table_of(columns), audience._library)  # noqa: SLF001 - a table of ours

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Experiment:
        """Read the file that an experiment was written to."""
        from footfall.io.source import open_source

        source = open_source(path)
        lacks = [name for name in _COLUMNS if name not in source.columns]
        if lacks:
            raise DataError(
                f"{shown(str(path))} is no experiment: it has no column {' and no '.join(map(repr, lacks))}"
            )
        key = source.columns[0]
        roles: dict[str, Any] = {name: name for name in _COLUMNS}
        people = Customers(path, customer=key, **roles)
        found = {name: dicts_of(people, name) for name in _COLUMNS}
        keys = list(found["group"])
        return cls(table_of({key: keys, **{name: [str(found[name][one]) for one in keys] for name in _COLUMNS}}), None)


def dicts_of(people: Customers, role: str) -> dict[Any, Any]:
    """Return an attribute by the key of its customer."""
    from footfall.table import Table

    return {row[0]: row[1] for row in Table(people._table.attribute(role)).rows()}  # noqa: SLF001 - a noun of ours


def _hash(seed: int, finding: str, key: Any) -> bytes:
    return hashlib.blake2b(f"{seed}\0{finding}\0{key}".encode(), digest_size=16).digest()
