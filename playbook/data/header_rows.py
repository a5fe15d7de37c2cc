"""Which row of a table is its heading: by the names in it, by what stands under it, or stated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from playbook.data import no_people
from playbook.data.findings import Certainty
from playbook.data.names import NAMES, names_of, plain
from playbook.errors import PlaybookError
from playbook.text import gettext as _

Fits = Callable[[Sequence[str]], bool]

MOST_ROWS = 100  # from the top, among which the heading is looked for
# Cells that a heading does not have: dates, times, numbers, money.
DATA = re.compile(
    r"[-+−(]?[\d\s\xa0\u202f.,:/'-]*\d[\d\s\xa0\u202f.,:/'T-]*[)%Z]?"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b.*|[-+]?[\d\s\xa0.,]+\s?(?:₽|€|\$|р\.?|руб\.?|RUB|EUR|USD)",
    re.IGNORECASE,
)
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as cells: its line in the file, its lines, what is in it."""

    line: int
    cells: tuple[str, ...]
    n_lines: int = 1

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells with text."""
        return tuple(cell.strip() for cell in self.cells if cell.strip())

    @property
    def width(self) -> int:
        """Cells up to the last one with text."""
        return max((i for i, cell in enumerate(self.cells, start=1) if cell.strip()), default=0)


@dataclass(frozen=True, kw_only=True)
class Header:
    """The heading of a table.

    Attributes:
        names: Its cells.
        line: Its last line in the file, 0 where there is none.
        first_line: The line of the first row under it.
        above: Lines above it that hold text.
        fits: Whether it has every column that is wanted.
        certainty: How sure it is.
        evidence: A name in it that decided.
    """

    names: tuple[str, ...]
    line: int
    first_line: int
    above: tuple[tuple[int, str], ...] = ()
    fits: bool = False
    certainty: Certainty = "certain"
    evidence: str = ""


def choose(rows: Sequence[Row], fits: Fits, *, stated: int | None = None) -> Header | None:
    """Find the heading among the first rows of a table, nothing if there is no table.

    Args:
        rows: The first rows, blank ones included.
        fits: Whether a heading has the columns that are wanted.
        stated: Its line as somebody has stated it; 0 where there is none.

    Raises:
        PlaybookError: There is nothing at the stated line.
    """
    rows = [row for row in rows if row.filled][:MOST_ROWS]
    if not rows:
        return None
    if stated is not None:
        return _stated(rows, fits, stated)
    return _by_names(rows, fits) or _by_shape(rows)


def _stated(rows: Sequence[Row], fits: Fits, stated: int) -> Header:
    if stated == 0:
        return _without(rows, "stated")
    for row in rows:
        if row.line <= stated < row.line + row.n_lines:
            return _header(rows, row, row.cells, fits=fits(row.cells), certainty="stated")
    words = _("line {line}: {text}")
    lines = [words.format(line=row.line, text=_shown_safely(row)) for row in rows[:5]]
    raise PlaybookError(
        _("There is no heading at line {line}.").format(line=stated),
        problems=lines,
        advice=_("State the line of the heading with --header-row, 0 where there is none."),
    )


def _by_names(rows: Sequence[Row], fits: Fits) -> Header | None:
    """The first row with all wanted names, or two rows that have them together."""
    names = [row for row in rows if sum(map(is_data, row.filled)) * 2 <= len(row.filled)]
    for row in names:
        for cells in (row.cells, *_groups(row.cells)):
            if fits(cells):
                return _header(rows, row, cells, fits=True)
    for upper, lower in pairwise(names):
        if lower.line != upper.line + upper.n_lines:
            continue
        for cells in _together(upper.cells, lower.cells):
            if fits(cells):
                return _header(rows, lower, cells, fits=True, n_rows=2)
    return None


def _groups(cells: Sequence[str]) -> list[tuple[str, ...]]:
    """Headings that an empty cell parts from others in the row, each alone in its place."""
    places: list[list[int]] = [[]]
    for place, cell in enumerate(cells):
        if cell.strip():
            places[-1].append(place)
        elif places[-1]:
            places.append([])
    groups = [set(group) for group in places if len(group) > 1]
    if len(groups) < 2:
        return []
    return [
        tuple(cell if place in group else "" for place, cell in enumerate(cells))
        for group in groups
    ]


def _together(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, ...]]:
    """A heading of two rows as one: the name below, with or without that of its group."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    groups: list[str] = []
    for cell in above:
        groups.append(cell.strip() or (groups[-1] if groups else ""))
    plain_names = tuple(down.strip() or up.strip() for up, down in zip(above, below, strict=True))
    full_names = tuple(
        f"{group} {down.strip()}".strip() if down.strip() else up.strip()
        for group, up, down in zip(groups, above, below, strict=True)
    )
    return [plain_names, full_names]


def _by_shape(rows: Sequence[Row]) -> Header:
    """The row with known names, or the last one without data above the data."""
    width = _usual_width(rows)
    wide = [row for row in rows if row.width >= max(2, width - 1)] or list(rows)
    known = {id(row): sum(plain(cell) in _all_names() for cell in row.filled) for row in wide[:20]}
    best = max(wide[:20], key=lambda row: known[id(row)])
    if known[id(best)] >= 2 and not any(map(is_data, best.filled)):
        return _header(rows, best, best.cells, certainty="likely")
    first = wide[0]
    if width > 1 and _is_like(first, [row for row in wide if row is not first]):
        return _without(rows, "likely")
    return _header(rows, first, first.cells, certainty="likely")


def _is_like(first: Row, others: Sequence[Row]) -> bool:
    """Whether a row holds dates, numbers and words where those under it do."""
    if not any(map(is_data, first.filled)):
        return False
    kinds = [_kind(cell) for cell in first.cells]
    for place, kind in enumerate(kinds):
        below = Counter(_kind(row.cells[place]) for row in others if place < len(row.cells))
        del below[""]
        if kind and below and max(below, key=lambda each: below[each]) != kind:
            return False
    return True


def _kind(cell: str) -> str:
    """What a cell holds, roughly: a date, a number, words, or nothing."""
    text = cell.strip()
    if not text:
        return ""
    if not is_data(text):
        return "words"
    return "date" if DATE.match(text) else "number"


def _usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows have."""
    counts = Counter(len(row.cells) for row in rows)
    return max(counts, key=lambda width: (counts[width], width))


def is_data(cell: str) -> bool:
    """Whether a cell is a date or a number, which no heading has.

    Example:
        >>> [is_data(cell) for cell in ("12.01.2024", "1 234,50 ₽", "Сумма", "2024 год")]
        [True, True, False, False]
    """
    return DATA.fullmatch(cell.strip().strip("\x01")) is not None


@lru_cache(maxsize=1)
def _all_names() -> frozenset[str]:
    return frozenset().union(*map(names_of, NAMES))


def _header(
    rows: Sequence[Row],
    row: Row,
    cells: Sequence[str],
    *,
    fits: bool = False,
    certainty: Certainty = "certain",
    n_rows: int = 1,
) -> Header:
    above = [before for before in rows if before.line < row.line]
    above = above[: len(above) + 1 - n_rows]
    return Header(
        names=_trimmed(cells),
        line=row.line + row.n_lines - 1,
        first_line=row.line + row.n_lines,
        above=tuple((before.line, _shown(before)) for before in above),
        fits=fits,
        certainty=certainty,
        evidence=_shown(row),
    )


def _without(rows: Sequence[Row], certainty: Certainty) -> Header:
    """No heading: every column is called by its place."""
    width = _usual_width(rows)
    first = next(row for row in rows if len(row.cells) == width)
    return Header(
        names=("",) * width,
        line=0,
        first_line=first.line,
        above=tuple((row.line, _shown(row)) for row in rows if row.line < first.line),
        certainty=certainty,
        evidence=_shown(first),
    )


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells without line breaks and spaces around them."""
    return tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in cells)


def _shown(row: Row) -> str:
    """The text of a row, the beginning of a long one."""
    return " | ".join(" ".join(cell.split()) for cell in row.filled)[:120]


def _shown_safely(row: Row) -> str:
    """A row as an error may quote it: its cells are masked where it is no heading."""
    return no_people.line(" | ".join(" ".join(cell.split()) for cell in row.filled))[:120]
