"""CSV files: which sign parts the columns, and every row as text in a Parquet file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from playbook.data.encodings import TextFile
from playbook.data.sheets import Ragged, Sheet, SheetWriter
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import number

DELIMITERS = {",": ",", ";": ";", "\t": "tab", "|": "|"}
SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 200
REGULAR = 0.9  # share of sample rows that have as many fields as the heading

Fits = Callable[[Sequence[str]], bool]


def read(path: Path, text: TextFile, target: Path, *, delimiter: str | None, fits: Fits) -> Sheet:
    """Write every row of a CSV file as text to ``target``.

    Args:
        path: The file.
        text: How it is written.
        target: The Parquet file to write.
        delimiter: The sign between columns where somebody has stated it.
        fits: Whether a heading has the columns that are wanted; breaks a tie.

    Raises:
        PlaybookError: The delimiter is not certain, the file is empty, a quote stays open.
    """
    sample = _sample(path, text.encoding)
    sign = delimiter or _delimiter(sample, path, fits)
    heading = next(csv.reader(io.StringIO(sample), delimiter=sign), [])
    writer = SheetWriter(target, heading)
    with writer:
        for batch, ragged in _batches(path, text, sign, writer.names):
            if text.has_quotes:
                _refuse_open_quote(batch, ragged, path, writer, sign)
            writer.add(batch, ragged)
    return writer.sheet(encoding=text.encoding, delimiter=sign)


def _sample(path: Path, encoding: str) -> str:
    """Whole lines from the beginning of the file."""
    with path.open("rb") as stream:
        raw = stream.read(SAMPLE_BYTES)
        is_whole = not stream.read(1)
    text = raw.decode(encoding, errors="ignore").replace("\r\n", "\n").replace("\r", "\n")
    return text if is_whole else text[: text.rfind("\n") + 1]


def _delimiter(sample: str, path: Path, fits: Fits) -> str:
    """The one sign that cuts the file into a table."""
    tables = {sign: _rows(sample, sign) for sign in DELIMITERS}
    wanted = [sign for sign, rows in tables.items() if rows and fits(rows[0])]
    regular = [sign for sign, rows in tables.items() if _is_regular(rows)]
    certain = wanted if len(wanted) == 1 else regular
    if len(certain) == 1:
        return certain[0]
    found = ", ".join(DELIMITERS[sign] for sign in certain) or "—"
    raise PlaybookError(
        _("The sign between the columns of {file} is not certain.").format(file=path.name),
        problems=[
            _("signs that would do: {signs}").format(signs=found),
            _("the file begins with: {line}").format(line=sample.partition("\n")[0][:120]),
        ],
        advice=_("State it with --delimiter: , ; | or tab."),
    )


def _rows(sample: str, sign: str) -> list[list[str]]:
    """The first rows as a sign cuts them."""
    return [row for row in csv.reader(io.StringIO(sample), delimiter=sign) if row][:SAMPLE_ROWS]


def _is_regular(rows: list[list[str]]) -> bool:
    """Whether there are columns, and nearly all rows have as many as the heading."""
    if not rows or len(rows[0]) < 2:
        return False
    return sum(len(row) == len(rows[0]) for row in rows) >= REGULAR * len(rows)


def _batches(
    path: Path, text: TextFile, sign: str, names: Sequence[str]
) -> Iterator[tuple[Any, list[Ragged]]]:
    """The rows in batches, each with the rows of a wrong length that came with it."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    ragged: list[Ragged] = []

    def keep(row: Any) -> str:  # noqa: ANN401 - pyarrow has no types
        ragged.append(Ragged(line=row.number, text=row.text, n_fields=row.actual_columns))
        return "skip"

    encoding = "utf-8" if text.encoding == "utf-8-sig" else text.encoding
    stream = arrow.open_csv(
        path,
        read_options=arrow.ReadOptions(
            use_threads=False, column_names=names, skip_rows=1, encoding=encoding
        ),
        parse_options=arrow.ParseOptions(
            delimiter=sign,
            invalid_row_handler=keep,
            newlines_in_values=text.has_quotes,
            ignore_empty_lines=False,
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )
    for batch in stream:
        yield batch, ragged[:]
        ragged.clear()
    if ragged:
        yield None, ragged


def _refuse_open_quote(
    batch: Any,  # noqa: ANN401 - pyarrow has no types
    ragged: Sequence[Ragged],
    path: Path,
    writer: SheetWriter,
    sign: str,
) -> None:
    """Stop where one field has swallowed a row: after a line break it has as many signs."""
    import pyarrow.compute as pc

    a_row = rf"\n([^\n]*{re.escape(sign)}){{{len(writer.names) - 1}}}"
    for bad in ragged:
        if "\n" in bad.text and re.search(a_row, bad.text):
            raise open_quote(path, bad.line)
    for column in batch.columns if batch is not None else ():
        if pc.any(pc.match_substring(column, "\n")).as_py():
            swallowed = pc.match_substring_regex(column, a_row)
            if pc.any(swallowed).as_py():
                raise open_quote(path, writer.line_of(pc.index(swallowed, value=True).as_py()))


def open_quote(path: Path, line: int) -> PlaybookError:
    """What is said about a quote that is never closed."""
    words = _("{file}, line {line}: a double quote is opened and never closed.")
    return PlaybookError(
        words.format(file=path.name, line=number(line)),
        advice=_("Mend the line, or export the file again with quotes doubled inside a field."),
    )
