"""Tables of a report, whose cells have ids, and sentences, whose numbers name the cells that they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from footfall._errors import FootfallError
from footfall.core.wording import parts, shown
from footfall.report._labels import label
from footfall.report.columns import kind_of, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Of fewer customers, statements would be those of chance.
ENOUGH = 30
#: The share of false statements that is borne.
LEVEL = 0.05
#: More rows are not read on paper; a table says how many there are.
MOST = 15
_ORDER = ("head", "say", "chart", "table", "lacks")
_DIGIT = re.compile(r"\d")


def beyond_chance(p_value: float | None, level: float = LEVEL) -> bool:
    """Whether a test says that something is there; where there is no test, nothing is."""
    return p_value is not None and p_value < level


class UnboundNumberError(Exception):
    """A sentence has a number that stands in no table."""


@dataclass(frozen=True)
class Cell:
    """A number of a sentence (or a name that may have digits), and the cell of a table that it stands in."""

    id: str
    value: Any
    kind: str

    def shown(self, language: str) -> str:
        """Return it as a reader sees it."""
        return shown(self.value, self.kind, language)

    def sorts(self, language: str) -> str:
        """Return what rows are sorted by: the value, of a text what is shown of it."""
        if self.value is None:
            return ""
        return self.shown(language) if isinstance(self.value, str) else str(self.value)


Sentence = list["str | Cell"]


class Shown:
    """A table of a report.

    Parameters
    ----------
    id : str
        Its name in the report; that of a cell is ``id.row.column``.
    rows : sequence of dict
        Its rows.
    columns : sequence of str
        Those that are shown.
    total : int
        How many rows there are in all.
    """

    def __init__(self, id: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], total: int) -> None:  # noqa: A002
        self.id, self.rows, self.total = id, list(rows), total
        self.columns = [name for name in columns if not rows or name in rows[0]]

    def cell(self, row: int, column: str) -> Cell:
        """Return a cell, to stand in a sentence."""
        if column not in self.columns:
            raise KeyError(f"table {self.id} shows no column {column!r}")
        # Rows of unlike values say what each is.
        value = self.rows[row][column]
        kind = self.rows[row].get("_kind", "text") if column == "setting" else kind_of(column, value)
        return Cell(f"{self.id}.{row}.{column}", value, kind)

    def find(self, **wanted: Any) -> int | None:
        """Return the first row of some values."""
        places = (
            at for at, row in enumerate(self.rows) if all(row.get(name) == value for name, value in wanted.items())
        )
        return next(places, None)

    def titles(self, language: str) -> list[str]:
        """Return the titles of its columns."""
        return [title_of(name, language) for name in self.columns]

    def cells(self) -> list[list[Cell]]:
        """Return its cells, row by row."""
        return [[self.cell(at, name) for name in self.columns] for at in range(len(self.rows))]


@dataclass
class Chapter:
    """A section of a report: what it states, draws, shows and cannot tell."""

    id: str
    title: str
    language: str
    body: list[Any] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def say(self, words: Mapping[str, str], **values: Any) -> None:
        """State a sentence; numbers must be cells, and a name that has digits becomes one (:attr:`names`)."""
        sentence: Sentence = []
        for text, value, kind in parts(words[self.language], values):
            if not kind:
                sentence.append(text)
            else:
                sentence.append(value if isinstance(value, Cell) else self._name(str(value)))
        loose = [text for text in sentence if isinstance(text, str) and _DIGIT.search(text)]
        if loose:
            raise UnboundNumberError(f"a number of the report comes from no table: {loose[0]!r}")
        self.body.append(("say", sentence))

    def _name(self, text: str) -> str | Cell:
        if not _DIGIT.search(text):
            return text
        if text not in self.names:
            self.names.append(text)
        return Cell(f"{self.id}-names.{self.names.index(text)}.name", text, "text")

    def close(self) -> None:
        """Show the names that have digits, and put statements before charts, and these before tables."""
        parts: list[list[Any]] = [[]]
        for one in self.body:
            if one[0] == "head":
                parts.append([])
            parts[-1].append(one)
        self.body = [one for part in parts for one in sorted(part, key=lambda one: _ORDER.index(one[0]))]
        if self.names:
            self.show("names", [{"name": name} for name in self.names], ["name"], most=len(self.names))

    def head(self, text: str) -> None:
        """Begin a subsection."""
        self.body.append(("head", text))

    def about(self, code: str) -> str:
        """Begin a subsection on something that has a code, and return what a reader calls it."""
        what = label(code, self.language)
        self.head(what)
        return what

    def show(
        self,
        name: str,
        rows: Sequence[Mapping[str, Any]],
        columns: Sequence[str],
        *,
        most: int = MOST,
    ) -> Shown:
        """Show a table, and return it for sentences."""
        made = Shown(f"{self.id}-{name}", rows[:most], columns, len(rows))
        self.body.append(("table", made))
        return made

    def draw(self, make: Callable[[], Any]) -> None:
        """Draw a chart, where there is something to draw."""
        try:
            chart = make()
        except ValueError:
            return
        self.body.append(("chart", chart))

    def attempt(self, what: str, make: Callable[[], None]) -> None:
        """Make a part of the chapter; where the data are too few for it, or unfit, tell that in its place."""
        before = len(self.body)
        try:
            make()
        except (FootfallError, ValueError) as why:
            del self.body[before:]
            self.lacks(label(what, self.language), str(why))

    def lacks(self, what: str, needs: str) -> None:
        """Tell what cannot be said, and what it would need."""
        self.body.append(("lacks", (what, needs)))
