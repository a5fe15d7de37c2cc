"""Text files with delimiters: every row as text in a Parquet file, several blocks at a time."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.data import dialects, encodings, no_people, row_lengths, text_samples
from playbook.data.dialects import DELIMITERS, Way
from playbook.data.encodings import TextFile
from playbook.data.findings import Finding
from playbook.data.header_rows import Fits
from playbook.data.records import Dialect
from playbook.data.row_lengths import Lengths
from playbook.data.sheets import Sheet, SheetWriter
from playbook.data.stated import Stated
from playbook.data.text_blocks import blocks, whole_rows
from playbook.data.text_rows import Cutter, Rows
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

__all__ = ["DELIMITERS", "Plan", "read"]

MOST_BROKEN = 10_000  # rows with broken quotes, after which nothing is believed


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is known about a text file before its rows are read."""

    path: Path
    name: str
    text: TextFile
    way: Way
    lengths: Lengths
    is_certain: bool

    @property
    def dialect(self) -> Dialect:
        """How fields are parted."""
        return self.way.cut.dialect

    @property
    def skip(self) -> int:
        """Lines above the first row."""
        header = self.way.cut.header
        return header.first_line - 1 if header else 0


def read(path: Path, target: Path, *, name: str, stated: Stated, fits: Fits) -> Sheet:
    """Write every row of a text file as text to ``target``.

    Args:
        path: The file.
        target: The Parquet file to write.
        name: The file as it is shown.
        stated: What somebody has stated.
        fits: Whether a heading has the columns that are wanted; breaks a tie.

    Raises:
        PlaybookError: The encoding or the delimiter is not certain, the file is empty, its rows
            do not fit its heading.
    """
    text = encodings.examine(path, stated=stated.encoding)
    plan = planned(path, text, name=name, stated=stated, fits=fits)
    writer = SheetWriter(target, plan.lengths.names, first_line=plan.skip + 1)
    with writer:
        for rows in _in_order(_rows(plan)):
            writer.add(rows.table, n_lines=rows.n_lines, left_out=rows.left_out, ragged=rows.ragged)
            if len(writer.broken_quotes) > MOST_BROKEN:
                raise _too_many_broken(path, writer.broken_quotes[0].line)
    header = plan.way.cut.header
    sheet = writer.sheet(
        name=name,
        header_line=header.line if header else 0,
        above=header.above if header else (),
        encoding=plan.text.encoding,
        delimiter=plan.dialect.delimiter,
        findings=tuple(_findings(plan, stated)),
    )
    if plan.text.rivals and not plan.is_certain:
        text_samples.ask_if_it_matters(path, plan.text, sheet, fits)
    return sheet


def planned(path: Path, text: TextFile, *, name: str, stated: Stated, fits: Fits) -> Plan:
    """Find out how the fields of a file are parted and which row is the heading."""
    sign = dialects.stated_sign(stated.delimiter) if stated.delimiter else None
    text, is_certain = text_samples.settled(
        path, text, fits, delimiter=sign, header_row=stated.header_row
    )
    sample = text_samples.sample(path, text.encoding)
    if sign and not any(sign in line for line in sample.first):
        raise _not_there(path, sign, sample.first)
    way = dialects.choose(sample, fits, delimiter=sign, header_row=stated.header_row)
    if way is None or way.cut.header is None or (not sign and _is_by_place(way, sample.first)):
        raise _uncertain(path, sample.first)
    lengths = row_lengths.judge(path, way.cut, fits, is_stated=sign is not None)
    return Plan(path=path, name=name, text=text, way=way, lengths=lengths, is_certain=is_certain)


def _is_by_place(way: Way, lines: Sequence[str]) -> bool:
    """Whether spaces part the columns, and the sign that was found only stands in some cells."""
    header, sign = way.cut.header, way.cut.dialect.delimiter
    if header is None or header.fits or sign == " ":
        return False
    bare = [re.sub(rf" *{re.escape(sign)} *", sign, line) for line in lines[:200]]
    return text_samples.is_fixed_width(bare)


def _rows(plan: Plan) -> Iterator[Any]:
    """Calls that cut one block each."""
    names = [f"c{i}" for i in range(len(plan.lengths.names))]
    cutter = Cutter(
        names=names,
        dialect=plan.dialect,
        encoding=plan.text.encoding,
        short_from=plan.lengths.short_from,
        is_broken=plan.text.is_broken,
    )
    parts = blocks(plan.path, plan.text)
    for block in whole_rows(parts, plan.dialect, len(names), skip=plan.skip):
        yield lambda block=block: cutter.rows(block)


def _in_order(calls: Iterable[Any]) -> Iterator[Rows]:
    """What calls give, in their order, as many at a time as there are processors."""
    n = os.cpu_count() or 1
    waiting: deque[Future[Rows]] = deque()
    with ThreadPoolExecutor(n) as pool:
        try:
            for call in calls:
                waiting.append(pool.submit(call))
                if len(waiting) > n:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _findings(plan: Plan, stated: Stated) -> Iterator[Finding]:
    text, header, dialect = plan.text, plan.way.cut.header, plan.dialect
    yield Finding(
        file=plan.name,
        subject="encoding",
        value=text.encoding.removesuffix("-sig"),
        certainty="certain" if plan.is_certain and text.certainty == "likely" else text.certainty,
        evidence=text.evidence,
    )
    yield Finding(
        file=plan.name,
        subject="delimiter",
        value=DELIMITERS.get(dialect.delimiter, dialect.delimiter),
        certainty=plan.way.certainty,
        evidence=plan.way.evidence,
    )
    if dialect.quote != '"' or dialect.escape:
        value = {"": "none", "'": "single"}.get(dialect.quote, "backslash")
        yield Finding(file=plan.name, subject="quoting", value=value, certainty="likely")
    if header and (header.line != 1 or stated.header_row is not None):
        n = len(header.above)
        words = ngettext("{n} line above it: {text}", "{n} lines above it: {text}", n)
        above = words.format(n=number(n), text=header.above[0][1]) if n else header.evidence
        yield Finding(
            file=plan.name,
            subject="header_row",
            value=str(header.line),
            certainty=header.certainty,
            evidence=above,
        )


def _not_there(path: Path, sign: str, lines: Sequence[str]) -> PlaybookError:
    return PlaybookError(
        _("The sign {sign} is not in {file}.").format(
            sign=DELIMITERS.get(sign, sign), file=path.name
        ),
        problems=[_("the file begins with: {line}").format(line=no_people.line(lines[0])[:120])]
        if lines
        else [],
        advice=_("Leave --delimiter out to have it found."),
    )


def _uncertain(path: Path, lines: Sequence[str]) -> PlaybookError:
    """The question which sign parts the columns."""
    first = next((line for line in lines if line.strip()), "")
    begins = _("the file begins with: {line}").format(line=no_people.line(first)[:120])
    if text_samples.is_fixed_width(lines):
        return PlaybookError(
            _("{file} parts its columns by their place in the line, not by a sign.").format(
                file=path.name
            ),
            problems=[begins],
            advice=_("Open it in a spreadsheet, set the columns and save it as CSV."),
        )
    if not any(sign in line for sign in DELIMITERS for line in lines):
        return PlaybookError(
            _("{file} has a single column.").format(file=path.name),
            problems=[begins],
            advice=_("Export it again with a column for each thing, the date and the sum too."),
        )
    signs = [DELIMITERS[sign] for sign in DELIMITERS if sign != " " and sign in first]
    return PlaybookError(
        _("The sign between the columns of {file} is not certain.").format(file=path.name),
        problems=[_("signs that would do: {signs}").format(signs=", ".join(signs) or "—"), begins],
        advice=_("State it with --delimiter: , ; | or tab."),
    )


def _too_many_broken(path: Path, line: int) -> PlaybookError:
    words = _(
        "{file}: quotes are opened and never closed in very many lines, first in line {line}."
    )
    return PlaybookError(
        words.format(file=path.name, line=line),
        advice=_("Export the file again with quotes doubled inside a field."),
    )
