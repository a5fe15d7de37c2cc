"""A few lines of a text file, from all over it, to find out how it is written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook.data import dialects, encodings
from playbook.data.dialects import Sample
from playbook.data.encodings import WIDE, TextFile
from playbook.data.header_rows import Fits
from playbook.data.sheets import Sheet

FIRST, OTHER = 1 << 18, 1 << 16
PLACES = (0.25, 0.5, 0.75, 1.0)  # of the pieces beside the first, as shares of the file


def sample(path: Path, encoding: str) -> Sample:
    """Whole lines from the beginning of a file, and from four places behind it."""
    size = path.stat().st_size
    wide = 2 if encoding in WIDE else 1
    with path.open("rb") as stream:
        first = _lines(stream.read(FIRST), encoding)
        if size <= FIRST:
            return Sample(first=first)
        others = []
        for place in PLACES:
            start = max(FIRST, int((size - OTHER) * place)) // wide * wide
            stream.seek(start)
            raw = stream.read(OTHER)
            lines = _lines(raw, _without_mark(encoding, path))
            others.append(lines[1:] if start + len(raw) >= size else lines[1:-1])
    return Sample(first=first[:-1] or first, others=tuple(others), is_whole=False)


def _without_mark(encoding: str, path: Path) -> str:
    """The encoding of a piece that does not have the mark at the file's beginning."""
    if encoding == "utf-16":
        with path.open("rb") as stream:
            is_little = stream.read(2) == codecs.BOM_UTF16_LE
        return "utf-16-le" if is_little else "utf-16-be"
    return encoding.removesuffix("-sig")


def _lines(raw: bytes, encoding: str) -> list[str]:
    text = raw.decode(encoding, errors="replace").rstrip("\x1a").lstrip("\ufeff")
    while "\r\r\n" in text:
        text = text.replace("\r\r\n", "\n")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def settled(path: Path, text: TextFile, fits: Fits, **stated: Any) -> tuple[TextFile, bool]:  # noqa: ANN401 - for dialects.choose
    """The encoding in which the heading has the wanted names, where words alone do not tell.

    Args:
        path: The file.
        text: What its words told.
        fits: Whether a heading has the columns that are wanted.
        **stated: The delimiter and the line of the heading.

    Returns:
        The file as it is read, and whether that is certain.
    """
    if not text.rivals:
        return text, text.certainty != "likely"
    ways = {
        name: dialects.choose(sample(path, name), fits, **stated)
        for name in (text.encoding, *text.rivals)
    }
    fitting = [name for name, way in ways.items() if way and way.cut.header and way.cut.header.fits]
    if len(fitting) == 1:
        return replace(text, encoding=fitting[0], evidence=_word(text, fitting[0])), True
    return text, False


def _word(text: TextFile, encoding: str) -> str:
    return text.sample.decode(encoding, errors="replace")


def ask_if_it_matters(path: Path, text: TextFile, sheet: Sheet, fits: Fits) -> None:
    """Ask which encoding it is if a column that is wanted holds letters beyond ASCII.

    Raises:
        PlaybookError: Names the encodings that would do, with a word of the file in each.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    headings = [source.heading for source in sheet.columns]
    file = pq.ParquetFile(sheet.parquet)
    for place, source in enumerate(sheet.columns):
        without = [*headings[:place], "", *headings[place + 1 :]]
        if fits(headings) and fits(without):
            continue
        for batch in file.iter_batches(columns=[source.name]):
            if not pc.all(pc.string_is_ascii(batch.columns[0])).as_py():
                raise encodings.unknown(path, text.sample, (text.encoding, *text.rivals[:1]))


def is_fixed_width(lines: Sequence[str]) -> bool:
    """Whether columns are parted by their place: runs of spaces in most lines."""
    some = [line.rstrip("\r\n") for line in lines[:200] if line.strip()]
    if len(some) < 2:
        return False
    return sum(len(re.findall(r"\S {2,}(?=\S)", line)) for line in some) > len(some)
