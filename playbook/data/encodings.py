"""Which encoding a text file has: decided by every byte of it, or asked about."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from playbook.data import no_people
from playbook.data.findings import Certainty
from playbook.data.spelling import surprise
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

CHUNK = 1 << 22
ASCII = bytes(range(128))
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = {"utf-16", "utf-16-le", "utf-16-be"}
# In the order in which they are named when they give the same text.
SINGLE_BYTE = ("cp1251", "latin-1", "cp1252", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
WESTERN = {"latin-1", "cp1252"}
# Bits that an encoding has against it before a word is read: how rarely it is met.
RARITY = {"koi8-r": 1.0, "cp866": 1.0, "mac-cyrillic": 4.0, "iso8859-5": 8.0}
_LETTER = rb"[0-9A-Za-z\x80-\xff]"
WORD = re.compile(rb"(?:[0-9] )?" + _LETTER + rb"*[\x80-\xff]" + _LETTER + rb"*(?: [0-9])?")
NUMBER = re.compile(rb"[0-9]+")  # a letter with a thousand numbers is one word
MOST_WORDS, WORDS_IN_CHUNK = 20_000, 500
CLEAR, LIKELY = 12.0, 5.0  # bits by which the best reading is ahead of the next
TOO_STRANGE = 8.5  # bits for a sign beyond ASCII; Russian has four, Western text five
FEW_BROKEN = 0.05  # share of the signs beyond ASCII


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """How a text file is written.

    Attributes:
        encoding: A name that Python knows.
        certainty: How sure that is.
        evidence: The word that decided, or what was counted.
        rivals: Encodings that would do as well; the import asks if they make a difference.
        sample: A word as the file has it, in bytes, for the question.
        is_broken: Whether it is UTF-8 with a few bytes that are none.
        is_ascii: Whether there is no sign beyond ASCII.
    """

    encoding: str
    certainty: Certainty = "certain"
    evidence: str = ""
    rivals: tuple[str, ...] = ()
    sample: bytes = b""
    is_broken: bool = False
    is_ascii: bool = False


def examine(path: Path, *, stated: str | None = None) -> TextFile:
    """Read the whole file once and say how it is written.

    Args:
        path: The file.
        stated: An encoding that somebody has stated.

    Raises:
        PlaybookError: The file holds bytes that no text has, it is not in the stated encoding,
            or no encoding makes words of it.
    """
    if stated is not None:
        return _stated(path, stated)
    wide = _wide(path)
    if wide:
        if _first_error(path, wide) is not None:
            raise not_a_table(path)
        return TextFile(encoding=wide, evidence=_("two bytes for every sign"))
    return _of_bytes(path)


def _stated(path: Path, stated: str) -> TextFile:
    try:
        encoding = codecs.lookup(stated.strip()).name
        "".encode(encoding)
    except (LookupError, ValueError):
        raise PlaybookError(
            _("“{encoding}” is no encoding that is known.").format(encoding=stated),
            advice=_("For example: utf-8, utf-16, {names}.").format(names=", ".join(SINGLE_BYTE)),
        ) from None
    if encoding == "utf-8" and _starts(path).startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    place = _first_error(path, encoding)
    if place is not None:
        words = _("{file} is not in the encoding {encoding}: line {line} has bytes it lacks.")
        raise PlaybookError(
            words.format(file=path.name, encoding=stated, line=place),
            advice=_("Leave --encoding out to have it found."),
        )
    return TextFile(encoding=encoding, certainty="stated")


def reads(path: Path, encoding: str) -> bool:
    """Whether a file makes sense in an encoding that it names itself."""
    try:
        return _first_error(path, codecs.lookup(encoding).name) is None
    except LookupError:
        return False


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, some at a time."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _starts(path: Path, n: int = 1 << 16) -> bytes:
    with path.open("rb") as stream:
        return stream.read(n)


def _wide(path: Path) -> str:
    """UTF-16 by its mark, or by the noughts that every second byte of it is."""
    head = _starts(path)
    marked = next((name for mark, name in BOMS if head.startswith(mark)), "")
    if marked in WIDE:
        return marked
    if marked or len(head) < 4:
        return ""
    even, odd = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if max(even, odd) < 0.2 or min(even, odd) > 0.02:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_error(path: Path, encoding: str) -> int | None:
    """The first line that makes no sense in an encoding, or nothing."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    try:
        for chunk in chunks(path):
            text = decoder.decode(chunk)
            if "\0" in text:
                return line + text[: text.index("\0")].count("\n")
            line += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        before = bytes(error.object[: error.start])
        return line + before.decode(encoding, errors="replace").count("\n")
    except UnicodeError:  # UTF-16 and UTF-32 without the mark that tells the order of bytes
        return line
    return None


@dataclass
class _Count:
    """Signs beyond ASCII that are good UTF-8 of two bytes, and bytes that are none."""

    good: int = 0
    russian: int = 0
    bad: int = 0
    first_bad: int = 0


def _of_bytes(path: Path) -> TextFile:
    """UTF-8, clean or with a few broken bytes; else an encoding of one byte for a sign."""
    found = _count(path)
    encoding = "utf-8-sig" if _starts(path).startswith(codecs.BOM_UTF8) else "utf-8"
    if not found.bad:
        is_ascii = not found.good
        evidence = _("every byte") if found.good else _("no letters beyond ASCII")
        return TextFile(encoding=encoding, evidence=evidence, is_ascii=is_ascii)
    if encoding == "utf-8-sig" or found.bad <= FEW_BROKEN * found.good:
        words = ngettext("all but {n} byte", "all but {n} bytes", found.bad)
        evidence = words.format(n=number(found.bad))
        return TextFile(encoding=encoding, certainty="likely", evidence=evidence, is_broken=True)
    if found.russian > max(3, FEW_BROKEN * found.bad):
        raise _two_encodings(path, found.first_bad)
    text = _single_byte(path)
    if text.encoding in WESTERN and found.good > max(3, FEW_BROKEN * found.bad):
        raise _two_encodings(path, found.first_bad)
    return text


def _two_encodings(path: Path, line: int) -> PlaybookError:
    words = _("{file} is written in two encodings: parts are UTF-8, line {line} is not.")
    return PlaybookError(
        words.format(file=path.name, line=line),
        advice=_("Split the file where the encoding changes, or export it again."),
    )


def _count(path: Path) -> _Count:
    """Count what is UTF-8 and what is not, as far as it takes to tell."""
    found, line, rest = _Count(), 1, b""
    for chunk in chunks(path):
        if b"\0" in chunk:
            raise not_a_table(path)
        block, rest = _cut(rest + chunk)
        if not block.isascii():
            _add(found, block, line)
        if found.bad > 20_000 and found.bad > 50 * found.good:
            return found
        line += block.count(b"\n")
    if rest and not rest.isascii():
        _add(found, rest, line)
    return found


def _cut(block: bytes) -> tuple[bytes, bytes]:
    """Whole lines, or whole but for the last sign, and the rest."""
    end = block.rfind(b"\n") + 1
    if not end:
        end = max(0, len(block) - 3)
        while end and block[end] & 0xC0 == 0x80:
            end -= 1
    return block[:end], block[end:]


def _add(found: _Count, block: bytes, line: int) -> None:
    try:
        block.decode()
    except UnicodeDecodeError as error:
        found.first_bad = found.first_bad or line + block.count(b"\n", 0, error.start)
        strange = b" ".join(WORD.findall(block[: 1 << 20] if found.bad > 20_000 else block))
        text = strange.decode(errors="replace")
        found.bad += text.count("\N{REPLACEMENT CHARACTER}")
        found.good += len(re.findall("[\xa0-\u05ff]", text))
        found.russian += len(re.findall("[\u0400-\u045f]", text))
    else:
        n = 1 + len(block.translate(None, delete=ASCII)) // 2
        found.good += n
        found.russian += n


def _single_byte(path: Path) -> TextFile:
    """The encoding that makes words of the bytes beyond ASCII; others that do as well."""
    used, words = _survey(path)
    readings = _readings(used)
    costs = {name: _surprise(words, name) for name in readings}
    ranked = sorted(costs, key=lambda name: costs[name])
    best = ranked[0]
    n_signs = max(1, sum(len(word.translate(None, delete=ASCII)) for word in words))
    sample = _telling(words, best, ranked[1] if len(ranked) > 1 else best)
    if costs[best] / n_signs > TOO_STRANGE and n_signs > 3:
        raise unknown(path, sample, ranked[:2])
    rivals = tuple(name for name in ranked[1:] if costs[name] - costs[best] < LIKELY)
    is_clear = all(costs[name] - costs[best] >= CLEAR for name in ranked[1:])
    return TextFile(
        encoding=best,
        certainty="certain" if is_clear else "likely",
        evidence=sample.decode(best),
        rivals=rivals,
        sample=sample,
    )


def _survey(path: Path) -> tuple[bytes, list[bytes]]:
    """All bytes beyond ASCII that occur, and different words from all over the file."""
    used: set[int] = set()
    words: dict[bytes, None] = {}
    for chunk in chunks(path):
        if b"\0" in chunk:
            raise not_a_table(path)
        if chunk.isascii():
            continue
        used.update(chunk.translate(None, delete=ASCII + bytes(used)))
        for match in islice(WORD.finditer(chunk), WORDS_IN_CHUNK if words else MOST_WORDS):
            words[NUMBER.sub(b"0", match.group())] = None
    return bytes(sorted(used)), list(words)


def _readings(used: bytes) -> list[str]:
    """Encodings that have all the bytes, one for each different text they make."""
    texts: dict[str, str] = {}
    for name in SINGLE_BYTE:
        try:
            text = used.decode(name)
        except UnicodeDecodeError:
            continue
        texts.setdefault(text, name)
    return list(texts.values())


def _surprise(words: Sequence[bytes], encoding: str) -> float:
    return RARITY.get(encoding, 0.0) + sum(surprise(word.decode(encoding)) for word in words)


def _telling(words: Sequence[bytes], best: str, other: str) -> bytes:
    """The word in which two encodings differ most."""

    def gap(word: bytes) -> float:
        return surprise(word.decode(other)) - surprise(word.decode(best))

    return max(words, key=gap, default=b"")


def unknown(path: Path, sample: bytes, names: Sequence[str]) -> PlaybookError:
    """The question which encoding a file has, with a word of it in each."""
    return PlaybookError(
        _("The encoding of {file} is not certain.").format(file=path.name),
        problems=[
            _("in {encoding} it reads “{word}”").format(
                encoding=name, word=no_people.word(sample.decode(name))
            )
            for name in names
        ],
        advice=_("State it, for example: --encoding {encoding}").format(encoding=names[0]),
    )


def not_a_table(path: Path) -> PlaybookError:
    """What is said about a file that holds no table."""
    return PlaybookError(
        _("{file} is not a table that can be read.").format(file=path.name),
        advice=_("Parquet, CSV and XLSX files can be imported."),
    )
