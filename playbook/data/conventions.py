"""What one cell cannot tell: decimal comma or point, day or month first.

Decided over every cell of a file, with the other files of the same import as a second
witness; refused where nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook.data.columns import COLUMNS
from playbook.data.parquet import quoted
from playbook.data.sheets import Sheet, Source
from playbook.data.values import Conventions, Decimals, Order, bare_number, clean, is_machine
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import duckdb

# Without a sign in front. "1.234" may be a thousand or one and a bit; "0.234" and "12.34" not.
_EITHER = r"[1-9]\d{0,2}[.,]\d{3}"
_DATE = r"^(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?:\D|$)"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the cells of one file say for one of two ways of writing.

    Attributes:
        first: A cell that can only be read the first way (decimal point, day first), or empty.
        second: One that can only be read the second way.
        open: One that can be read both ways.
    """

    first: str = ""
    second: str = ""
    open: str = ""


def decide(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, tuple[Sheet, Mapping[str, Source]]],
    *,
    decimals: Decimals | None,
    order: Order | None,
) -> dict[str, Conventions]:
    """The conventions of each file.

    Args:
        connection: Where the rows are read.
        files: Name of a file to its sheet and the columns found in it.
        decimals: What somebody has stated.
        order: What somebody has stated.

    Raises:
        PlaybookError: Names every file and both readings where they cannot be told apart.
    """
    numbers = {name: _numbers(connection, *file) for name, file in files.items()}
    dates = {name: _dates(connection, *file) for name, file in files.items()}
    problems = [
        *([] if decimals else _undecided(numbers, _("a decimal point"), _("a decimal comma"))),
        *([] if order else _undecided(dates, _("the day first"), _("the month first"))),
    ]
    if problems:
        raise PlaybookError(
            _("Numbers or dates can be read in two ways, and nothing in the files decides."),
            problems=problems,
            advice=_("State it: --decimal comma or point, --date-order dmy or mdy."),
        )
    return {
        name: Conventions(
            decimals=decimals or ("," if _is_second(numbers, name) else "."),
            order=order or ("mdy" if _is_second(dates, name) else "dmy"),
        )
        for name in files
    }


def _is_second(found: Mapping[str, Evidence], name: str) -> bool:
    """Whether a file is written the second way: by its own cells, else by the other files."""
    own = found[name]
    if own.first or own.second:
        return bool(own.second)
    return any(other.second for other in found.values())


def _undecided(found: Mapping[str, Evidence], first: str, second: str) -> list[str]:
    """A sentence for each file whose way of writing is not certain."""
    known = {bool(e.second) for e in found.values() if bool(e.first) != bool(e.second)}
    problems = []
    for name, evidence in found.items():
        if evidence.first and evidence.second:
            words = _("{file}: “{one}” has {first}, “{other}” has {second}.")
            line = words.format(
                file=name, one=evidence.first, other=evidence.second, first=first, second=second
            )
            problems.append(line)
        elif evidence.open and not evidence.first and not evidence.second and len(known) != 1:
            words = _("{file}: “{cell}” may have {first} or {second}.")
            line = words.format(file=name, cell=evidence.open, first=first, second=second)
            problems.append(line)
    return problems


def _numbers(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, columns: Mapping[str, Source]
) -> Evidence:
    kinds = ("money", "number", "share", "count")
    bare = f"ltrim({bare_number('raw', is_share=True)}, '+-')"
    shapes = (_certain(r"\.", ","), _certain(",", r"\."), _EITHER)
    tests = [f"regexp_full_match({bare}, '{shape}')" for shape in shapes]
    return _evidence(connection, sheet, _written(columns, kinds), tests)


def _certain(decimal: str, thousands: str) -> str:
    """The shape of a number that has this decimal sign and can have no other."""
    return (
        rf"\d*{decimal}(\d{{0,2}}|\d{{4,}})|0+{decimal}\d{{3}}|\d{{4,}}{decimal}\d{{3}}"
        rf"|\d{{1,3}}({thousands}\d{{3}})+{decimal}\d*|\d{{1,3}}({thousands}\d{{3}}){{2,}}"
    )


def _dates(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, columns: Mapping[str, Source]
) -> Evidence:
    """A dotted date has the day first unless it cannot have."""
    one, two = (f"TRY_CAST(regexp_extract(raw, '{_DATE}', {i}) AS INTEGER)" for i in (1, 3))
    dotted = f"regexp_extract(raw, '{_DATE}', 2) = '.'"
    tests = [
        f"{one} > 12 AND {two} <= 12",
        f"{two} > 12 AND {one} <= 12",
        f"{one} <= 12 AND {two} <= 12 AND {one} <> {two} AND NOT {dotted}",
    ]
    return _evidence(connection, sheet, _written(columns, ("moment", "date")), tests)


def _written(columns: Mapping[str, Source], kinds: Sequence[str]) -> list[Source]:
    """Columns of text that are to become one of these kinds."""
    return [
        source
        for name, source in columns.items()
        if source.form == "text" and COLUMNS[name].kind in kinds
    ]


def _evidence(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, sources: list[Source], tests: list[str]
) -> Evidence:
    """An example for each of the three tests over all cells of some columns."""
    if not sources:
        return Evidence()
    rows = " UNION ALL ".join(
        f"SELECT {clean(identifier(s.name))} AS raw FROM read_parquet({quoted(sheet.parquet)}) "
        f"WHERE NOT {is_machine(identifier(s.name))}"
        for s in sources
    )
    found = ", ".join(f"min(raw) FILTER (WHERE {test})" for test in tests)
    query = f"SELECT {found} FROM ({rows}) WHERE raw IS NOT NULL"
    first, second, either = connection.execute(query).fetchone() or (None, None, None)
    return Evidence(first=first or "", second=second or "", open=either or "")


def identifier(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
