"""Which encoding a text file has: decided by every byte of it, or refused."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.text import gettext as _

CHUNK = 1 << 20
ASCII = bytes(range(128))
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("cp1251", "koi8-r", "cp866")
# Letters of Russian by how often they occur; the first nine make up six in ten of any text.
FREQUENT = frozenset("оеаинтсрв")
RUSSIAN = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
ENOUGH = 0.35  # share of the letters beyond ASCII that are frequent ones, in the right encoding


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """How a text file is written.

    Attributes:
        encoding: A name that Python and Arrow know.
        n_lines: Line ends in the file.
        has_quotes: Whether there is a double quote anywhere.
    """

    encoding: str
    n_lines: int
    has_quotes: bool


def examine(path: Path) -> TextFile:
    """Read the whole file once and say how it is written.

    Raises:
        PlaybookError: The file holds bytes that no text has, or its encoding is not certain.
    """
    marked = _encoding_by_mark(path)
    n_lines, has_quotes, strange = 0, False, bytearray()
    for chunk in _chunks(path):
        if b"\0" in chunk and marked != "utf-16":
            raise not_a_table(path)
        n_lines += chunk.count(b"\n")
        has_quotes = has_quotes or b'"' in chunk
        if len(strange) < CHUNK:
            strange += chunk.translate(None, delete=ASCII)
    encoding = marked or "utf-8"
    if not _decodes(path, encoding):
        if marked:
            raise not_a_table(path)
        encoding = _cyrillic(path, bytes(strange))
    return TextFile(encoding=encoding, n_lines=n_lines, has_quotes=has_quotes)


def _encoding_by_mark(path: Path) -> str:
    """The encoding that the first bytes of the file name, or nothing."""
    with path.open("rb") as stream:
        head = stream.read(4)
    return next((name for mark, name in BOMS if head.startswith(mark)), "")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _decodes(path: Path, encoding: str) -> bool:
    """Whether every byte of the file makes sense in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _cyrillic(path: Path, strange: bytes) -> str:
    """cp1251, if the bytes beyond ASCII are Russian in it and in no other encoding."""
    scores = {name: _russian_share(strange, name) for name in CANDIDATES}
    best = max(scores, key=lambda name: scores[name])
    if best == "cp1251" and scores[best] >= ENOUGH:
        return best
    likely = _("It may be {encoding}.").format(encoding=best) if scores[best] >= ENOUGH else ""
    raise PlaybookError(
        _("{file} is neither UTF-8 nor Windows-1251. {likely}")
        .format(file=path.name, likely=likely)
        .strip(),
        advice=_("Save it as “CSV UTF-8” and import it again."),
    )


def _russian_share(strange: bytes, encoding: str) -> float:
    """The share of frequent Russian letters among characters beyond ASCII."""
    text = strange.decode(encoding, errors="replace").casefold()
    letters = [sign for sign in text if sign.isalpha() or sign == "\N{REPLACEMENT CHARACTER}"]
    if not letters:
        return 0.0
    foreign = sum(sign not in RUSSIAN for sign in letters)
    return (sum(sign in FREQUENT for sign in letters) - foreign) / len(letters)


def not_a_table(path: Path) -> PlaybookError:
    """What is said about a file that holds no table."""
    return PlaybookError(
        _("{file} is not a table that can be read.").format(file=path.name),
        advice=_("Parquet, CSV and XLSX files can be imported."),
    )
