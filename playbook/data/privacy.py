"""Personal data in the files of an import: named, refused, or made pseudonyms.

Columns that no table needs are never loaded; what they hold is only said. A column that is
needed and holds personal data stops the import, until somebody asks for pseudonyms.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data import pseudonyms
from playbook.data.columns import COLUMNS
from playbook.data.findings import Finding
from playbook.data.loading import Part
from playbook.data.masks import mask_inside
from playbook.data.parquet import quoted
from playbook.data.pii import Personal, PersonalKind, judge
from playbook.data.private_columns import MASKED, Private
from playbook.data.private_state import Earlier, mixtures
from playbook.data.profiles import clean, identifier
from playbook.data.pseudonyms import Secret
from playbook.data.request import Options
from playbook.data.schema import Table
from playbook.data.sheets import Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import percent

if TYPE_CHECKING:
    import duckdb

SAMPLE = 20_000  # rows of a file; of a longer one every so-manieth, chosen by a hash
_STRANGE = 2_000  # ids that are no code, looked at wherever they are
CUSTOMER = "customer_id"
FREE_TEXTS = frozenset({"text", "reason", "item"})  # where people write whatever they like
Told = tuple[Source, str, Personal]


@dataclass(frozen=True, kw_only=True)
class Examined:
    """The files after a look at their personal data.

    Attributes:
        parts: The files, with what must not be seen.
        findings: What was found out, personal data included.
        noted: What later imports must know, for the note beside the table.
    """

    parts: list[Part]
    findings: list[Finding]
    noted: Mapping[str, Any]


def examine(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    findings: Sequence[Finding],
    table: Table,
    options: Options,
    *,
    folder: Path,
    secret: Secret | None,
) -> Examined:
    """Look for personal data in every column of every file.

    Args:
        connection: Where the rows are read; it can work out pseudonyms afterwards.
        parts: The files and their columns.
        findings: What was found out before; cells in it are masked.
        table: The table that they make up.
        options: What somebody has asked for.
        folder: Data folder of the engagement.
        secret: Of the engagement, where pseudonyms are asked for.

    Raises:
        PlaybookError: A needed column holds personal data and pseudonyms were not asked for,
            or ids would not agree with those of the tables that are there. Names all.
    """
    found = {part.file: _found(connection, part) for part in parts}
    hashed, problems = _asked(options, parts, table)
    problems += [line for part in parts for line in _refusals(part.file, found[part.file], hashed)]
    if problems:
        raise _refused(problems)
    kinds = _kinds(found.values(), hashed)
    earlier = Earlier.of(folder, table.name)
    if problems := mixtures(earlier, table, kinds, secret.fingerprint if secret else ""):
        raise PlaybookError(
            _("The ids would not agree with those that are there; nothing was changed."),
            problems=problems,
        )
    kinds = {name: earlier.kinds(name) or own for name, own in kinds.items()}
    if hashed and secret:
        pseudonyms.install(connection, secret)
    if any(FREE_TEXTS & part.columns.keys() for part in parts):
        connection.create_function(MASKED, mask_inside, ["VARCHAR"], "VARCHAR")
    return Examined(
        parts=[_guarded(part, found[part.file], kinds) for part in parts],
        findings=[
            *map(_masked, findings),
            *(f for part in parts for f in _findings(part, found[part.file], hashed)),
        ],
        noted={"secret": secret.fingerprint, "columns": kinds} if hashed and secret else {},
    )


def _masked(finding: Finding) -> Finding:
    """A finding without people in what it shows of the file."""
    evidence, cell = mask_inside(finding.evidence), mask_inside(finding.cell)
    return dataclasses.replace(finding, evidence=evidence, cell=cell)


def _found(connection: duckdb.DuckDBPyConnection, part: Part) -> list[Told]:
    """Columns of a file that hold personal data, our names of them, what they hold."""
    ours = {source.name: name for name, source in part.columns.items()}
    values = sample(connection, part.sheet)
    told = []
    for source in part.sheet.columns:
        name = ours.get(source.name, "")
        cells = values.get(source.name, [])
        kinds = judge(cells, source.heading, any_cell=name == CUSTOMER)
        if name == CUSTOMER and not kinds and part.sheet.n_rows > SAMPLE:
            kinds = judge(_strange(connection, part.sheet, source), "", any_cell=True)
        told += [(source, name, personal) for personal in kinds if _counts(name, personal)]
    return told


def _counts(name: str, personal: Personal) -> bool:
    """Whether a finding about a column is to be believed.

    Numbers of receipts run through all that looks like a phone or a card; sums and dates that
    a table needs are what they are.
    """
    if not name:
        return True
    if COLUMNS[name].kind != "text":
        return False
    return personal.is_each or name != "receipt_id"


def sample(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> dict[str, list[str]]:
    """Different cells of every column, of all rows or of a sample chosen by a hash."""
    if not sheet.columns:
        return {}
    step = max(-(-sheet.n_rows // SAMPLE), 1)
    lists = ", ".join(f"list(DISTINCT {bare(source.name)})" for source in sheet.columns)
    rows = connection.execute(
        f"SELECT {lists} FROM read_parquet({quoted(sheet.parquet)}, file_row_number = true) "
        f"WHERE hash(file_row_number) % {step} = 0"
    ).fetchone()
    named = zip(sheet.columns, rows or (), strict=True)
    return {
        source.name: [cell for cell in cells or () if cell is not None] for source, cells in named
    }


def bare(name: str) -> str:
    """SQL: a cell without what people write so that a spreadsheet keeps the zeros."""
    quotes = rf"""regexp_replace({clean(identifier(name))}, '^="(.*)"$|^''(.*)$', '\1\2')"""
    return rf"regexp_replace({quotes}, '^(\d+)[.,]0+$', '\1')"


def _strange(connection: duckdb.DuckDBPyConnection, sheet: Sheet, source: Source) -> list[str]:
    """Ids of the whole file that are no code: with ``@``, ``+``, a bracket or words."""
    raw = f"CAST({identifier(source.name)} AS VARCHAR)"
    signs = " OR ".join(f"contains({raw}, '{sign}')" for sign in "@+( -.")
    rows = connection.execute(
        rf"""
        SELECT DISTINCT x FROM (
            SELECT {bare(source.name)} AS x FROM read_parquet({quoted(sheet.parquet)})
            WHERE {signs}
        )
        WHERE regexp_matches(x, '[@+(]|\pL{{2,}} |\pL\.|\d[ -]\(?\d{{3}}') LIMIT {_STRANGE}
        """
    ).fetchall()
    return [x for (x,) in rows]


def _asked(
    options: Options, parts: Sequence[Part], table: Table
) -> tuple[frozenset[str], list[str]]:
    """Our columns that become pseudonyms, and what is wrong with what was asked."""
    problems = []
    asked: set[str] = {CUSTOMER} if options.pseudonymise else set()
    if options.pseudonymise and CUSTOMER not in table.columns:
        problems.append(_("The table “{table}” has no customers.").format(table=table.name))
    for wanted in options.hash_columns:
        names = {
            name
            for part in parts
            for name, source in part.columns.items()
            if wanted.strip().casefold() in {name, source.heading.strip().casefold()}
        }
        texts = {name for name in names if COLUMNS[name].kind == "text"}
        if not names:
            words = _("--hash {column}: no column that is loaded is called so.")
            problems.append(words.format(column=wanted))
        elif names - texts:
            words = _("--hash {column}: it holds numbers or dates and cannot be hashed.")
            problems.append(words.format(column=wanted))
        asked |= texts
    return frozenset(asked), problems


def _refusals(file: str, found: Iterable[Told], hashed: frozenset[str]) -> list[str]:
    lines = []
    for source, name, personal in found:
        # a sole trader's store bears a name, and the people who see to things have one
        is_only_told = not name or (name != CUSTOMER and personal.kind in {"name", "address"})
        if name in hashed or is_only_told:
            continue
        words = _("{file}: “{heading}” ({column}) holds {what}, {share} of its different values.")
        line = words.format(
            file=file,
            heading=source.heading,
            column=name,
            what=personal.words,
            share=_share(personal),
        )
        lines.append(line)
    return lines


def _share(personal: Personal) -> str:
    digits = 0 if personal.share >= 0.1 else 2
    return percent(max(personal.share, 0.0001), digits)


def _refused(problems: Sequence[str]) -> PlaybookError:
    return PlaybookError(
        _("Personal data are not loaded as they are; nothing was changed."),
        problems=problems,
        advice=_(
            "Let pseudonyms take their place: --pseudonymise for customers, --hash COLUMN for "
            "another column. docs/privacy.md says what that does."
        ),
    )


def _kinds(
    found: Iterable[Iterable[Told]], hashed: frozenset[str]
) -> dict[str, tuple[PersonalKind, ...]]:
    """What each hashed column holds in any of the files."""
    told = [one for each in found for one in each]
    return {
        name: tuple(sorted({personal.kind for _s, ours, personal in told if ours == name}))
        for name in sorted(hashed)
    }


def _guarded(
    part: Part, found: Sequence[Told], kinds: Mapping[str, tuple[PersonalKind, ...]]
) -> Part:
    personal = {name for _source, name, _what in found if name} | kinds.keys()
    private = Private(
        hashed=kinds,
        personal=frozenset(personal),
        is_masked=bool(found or kinds),
        texts=FREE_TEXTS & part.columns.keys() - kinds.keys(),
    )
    return dataclasses.replace(part, private=private)


def _findings(part: Part, found: Sequence[Told], hashed: frozenset[str]) -> list[Finding]:
    """Counts only: no cell is shown."""
    rows = min(SAMPLE / max(part.sheet.n_rows, 1), 1.0)
    return [
        Finding(
            file=part.file,
            subject="personal",
            value=f"{source.heading}={personal.kind}",
            certainty="certain" if personal.is_each or personal.share >= 0.9 else "likely",
            evidence=(
                f"{_fate(name, hashed)}: {personal.share:.1%} of the different values "
                f"in {rows:.1%} of the rows"
            ),
        )
        for source, name, personal in found
    ]


def _fate(name: str, hashed: frozenset[str]) -> str:
    return "not loaded" if not name else "hashed" if name in hashed else "loaded"


_FATES: dict[str, Callable[[], str]] = {
    "not loaded": lambda: _("{file}: “{heading}” holds {what}: not loaded."),
    "hashed": lambda: _("{file}: “{heading}” holds {what}: pseudonyms take their place."),
    "loaded": lambda: _("{file}: “{heading}” holds {what}: loaded as they are."),
}


def words(finding: Finding) -> str:
    """A finding about personal data as a sentence."""
    from playbook.data.pii import KIND_WORDS

    heading, _sign, kind = finding.value.rpartition("=")
    fate = finding.evidence.partition(":")[0]
    what = next(_(text) for key, text in KIND_WORDS.items() if key == kind)
    return _FATES[fate]().format(file=finding.file, heading=heading, what=what)
