from collections.abc import Sequence
from typing import Any, TypeAlias, final

from footfall._progress import ProgressListener

__all__ = [
    "CustomerTable",
    "Funnel",
    "Log",
    "Rfm",
    "Table",
    "abandonment",
    "check_column",
    "check_segments",
    "clustered_share",
    "get_threads",
    "make_shop",
    "on_progress",
    "paths",
    "retention",
    "rhythm",
    "sales",
    "segment_names",
    "sessions",
    "set_threads",
    "shop_truths",
]

_Moment: TypeAlias = tuple[str, int]
_Roles: TypeAlias = Sequence[tuple[str, str]]
_Rules: TypeAlias = Sequence[tuple[Any, ...]]

@final
class Table:
    @staticmethod
    def from_columns(columns: dict[str, Any]) -> Table: ...
    @staticmethod
    def stack(tables: Sequence[Table]) -> Table: ...
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def column(self, index: int) -> tuple[str, Any, Any, Any]: ...
    def with_text(self, name: str, text: str) -> Table: ...
    def select(self, indices: Sequence[int]) -> Table: ...
    def slice(self, start: int, length: int) -> Table: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Log:
    def __new__(
        cls,
        source: object,
        *,
        customer: str,
        time: str,
        amount: str | None,
        ids: _Roles,
        labels: _Roles,
        numbers: _Roles,
        timezone: str | None,
        time_format: str | None,
        time_unit: str | None,
        nulls: str,
        cancelled: Sequence[str | int],
        only: Sequence[str | int] | None,
        memory_limit: int | None,
        spill_folder: str | None,
    ) -> Log: ...
    def between(self, start: _Moment | None, end: _Moment | None) -> Log: ...
    def attach(self, customers: CustomerTable) -> Log: ...
    def quality(self, refunds: str) -> dict[str, Any]: ...
    def purchases(self, refunds: str, event: str) -> Table: ...
    def rows(self) -> Table: ...
    def event_quality(self) -> dict[str, Any]: ...
    def duplicates(self) -> Table: ...
    def values(self, role: str) -> list[str]: ...
    @property
    def spilled(self) -> bool: ...
    @property
    def row_bytes(self) -> int: ...
    @property
    def end(self) -> int | None: ...
    @property
    def zone(self) -> str | None: ...
    def wall_clock(self, instant: int) -> int: ...

@final
class CustomerTable:
    def __new__(cls, source: object, *, customer: str, attributes: _Roles) -> CustomerTable: ...
    @property
    def counts(self) -> tuple[int, int, int, int]: ...
    def attribute(self, role: str) -> Table: ...
    def places(self, source: object, key: str) -> Any: ...

@final
class Funnel:
    def __new__(
        cls,
        log: Log,
        *,
        steps: _Rules,
        window: int | None,
        mode: str,
        ties: str,
        anchor: str,
        start: _Moment | None,
        end: _Moment | None,
        follow_up: str,
        by: _Roles,
        attribution: str,
        same: Sequence[str],
        exclude: Sequence[tuple[Any, int, int]],
        unit: str,
        gap: int | None,
        period: str | None,
    ) -> Funnel: ...
    @property
    def table(self) -> Table: ...
    def per_customer(self) -> Table: ...
    def stopped_at(self, step: int) -> Table: ...
    def explain(self, customer: str | int) -> Table: ...
    def wide(self) -> Table: ...
    @property
    def effective(self) -> list[float]: ...
    @property
    def unknown(self) -> list[str]: ...
    @property
    def censored(self) -> int: ...

@final
class Rfm:
    def __new__(
        cls,
        log: Log,
        *,
        as_of: _Moment | None,
        lookback: int | None,
        refunds: str,
        frequency: str,
        monetary: str,
        scores: int,
        edges: Sequence[Sequence[float | None]] | None,
        weights: tuple[float, float, float],
        map: str,
        rules: _Rules,
        rest: tuple[str, str] | None,
        lost_after: float | None,
        cut: tuple[float, float, float] | None,
        language: str,
    ) -> Rfm: ...
    @property
    def table(self) -> Table: ...
    def segments(self) -> Table: ...
    @property
    def codes(self) -> list[str]: ...
    def customers(self, code: str) -> Table: ...
    def concentration(self) -> tuple[Table, float | None, float | None]: ...
    def facts(self) -> dict[str, Any]: ...
    def quality(self) -> dict[str, Any]: ...

def check_column(role: str, name: str, found: Sequence[str]) -> None: ...
def check_segments(rules: _Rules, scores: int, rest: str | None, overlaps: str) -> None: ...
def get_threads() -> int: ...
def on_progress(listener: ProgressListener | None) -> None: ...
def make_shop(
    customers: int, seed: int, *, without: Sequence[str], dirt: tuple[float, float, float, float]
) -> tuple[Table, Table, Table, Table, Table, Table]: ...
def shop_truths() -> list[str]: ...
def sales(log: Log, *, period: str, by: str | None, compare: str | None, refunds: str) -> Table: ...
def segment_names(map: str, language: str) -> tuple[list[str], list[str]]: ...
def set_threads(threads: int) -> None: ...
def abandonment(
    log: Log,
    *,
    stages: Sequence[Sequence[str | int]],
    names: Sequence[str],
    window: int,
    recover_within: int,
    session: str | None,
    same: Sequence[str],
    value: str | None,
    shown: Sequence[str],
) -> Table: ...
def sessions(log: Log, *, gap: int | None) -> tuple[Table, int]: ...
def clustered_share(clusters: Any, counts: Any) -> tuple[float, float, float, float] | None: ...
def paths(
    log: Log,
    *,
    gap: int | None,
    start: Sequence[str | int] | None,
    end: Sequence[str | int] | None,
    depth: int,
    most: int,
) -> tuple[Table, Table, int]: ...
def retention(
    log: Log, *, begins: Sequence[str | int] | None, returns: Sequence[str | int] | None, period: str, kind: str
) -> Table: ...
def rhythm(log: Log, *, events: Sequence[str | int] | None) -> tuple[Table, Table, float]: ...
