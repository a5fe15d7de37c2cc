"""Errors quote files, and files hold people: nobody is to be seen in what is quoted.

Every error of an import passes ``nobody_in_errors``, so that no refusal has to think of it.
Rows and headings are masked by their cells before that, since a row says more than its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playbook.data.masks import mask, mask_inside
from playbook.data.names import NAMES, names_of, plain
from playbook.data.person_names import FIRST_NAMES, has_first_name
from playbook.errors import PlaybookError

_WORD = r"[A-ZÀ-ÞА-ЯЁ][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_CAPITALS = re.compile(rf"{_WORD}(?:,?[ \u00a0]+{_WORD})+")
_QUOTED = re.compile(r"(?<=[“«])[^”»]*(?=[”»])")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{10,}|(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?!\d)")
_SIGNS = re.compile(r"(\s*[;,|\t]\s*)")
_FEW_LETTERS = 4
_MANY_DIGITS = 9  # in one cell: a phone, a card, a number of a receipt


@contextmanager
def nobody_in_errors(files: Sequence[Path]) -> Iterator[None]:
    """Mask people in whatever an error says of files; the files' own names stay.

    Args:
        files: The files as they were given.
    """
    try:
        yield
    except PlaybookError as error:
        names = {name for path in files for name in (str(path), path.name)}
        known = {name for name in names if len(name) > _FEW_LETTERS}  # not "." and the like
        error.summary = without_people(error.summary, known)
        error.problems = tuple(without_people(line, known) for line in error.problems)
        error.advice = without_people(error.advice, known)
        error.args = (error.summary,)
        raise


def without_people(text: str, known: set[str] | None = None) -> str:
    """A sentence in which names, phones, addresses and long numbers are masked.

    Args:
        text: The sentence.
        known: Texts that are shown as they are, such as names of files.

    Example:
        >>> without_people("the file begins with: Anna Smith;79121234512")
        'the file begins with: An••••••th;79••••••12'
    """
    if not known:
        return _masked(text)
    several = sorted(map(re.escape, known), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(several)})", text)
    return "".join(piece if place % 2 else _masked(piece) for place, piece in enumerate(pieces))


def _masked(text: str) -> str:
    text = mask_inside(text)
    text = _LONG_NUMBER.sub(lambda found: mask(found[0]), text)
    text = _QUOTED.sub(lambda f: mask(f[0]) if has_first_name(f[0].strip()) else f[0], text)
    return _CAPITALS.sub(
        lambda found: mask(found[0]) if _names_somebody(found[0]) else found[0], text
    )


def _names_somebody(words: str) -> bool:
    """Whether one of several words with capitals is a first name."""
    return any(
        word.casefold().replace("ё", "е") in FIRST_NAMES for word in re.findall(_WORD, words)
    )


def word(text: str) -> str:
    """A word of a file as an error may quote it: a heading, or its beginning."""
    return text if _is_heading(text) or len(text) <= _FEW_LETTERS else text[:_FEW_LETTERS] + "…"


def row(cells: Sequence[str]) -> list[str]:
    """The cells of a row of a file, as an error may quote it: a heading, or all masked."""
    if not any(map(_is_somebody, cells)) and not any(map(_is_number, cells)):
        return list(cells)
    return [cell if _is_heading(cell) else mask(cell.strip()) for cell in cells]


def line(text: str) -> str:
    """A line of a file as an error may quote it, whichever sign parts its fields.

    Example:
        >>> line("Дата;Карта;Сумма"), line("01.02.2024;Анна;10,50")
        ('Дата;Карта;Сумма', '01••••••24;••••••;••••••,••••••')
    """
    pieces = _SIGNS.split(text)
    pieces[::2] = row(pieces[::2])
    return "".join(pieces)


def headings(names: Sequence[str]) -> list[str]:
    """What was taken for a heading; where it is a row about somebody, its cells are masked."""
    if not any(map(_is_somebody, names)):
        return list(names)
    return [name if _is_heading(name) else mask(name) for name in names]


def _is_somebody(cell: str) -> bool:
    """Whether a cell may tell who somebody is."""
    text = cell.strip()
    if _is_heading(text):
        return False
    if sum(sign.isdigit() for sign in text) >= _MANY_DIGITS or has_first_name(text):
        return True
    return without_people(text) != text


def _is_number(cell: str) -> bool:
    """Whether most of a cell is digits: a date, a sum, a code."""
    signs = [sign for sign in cell if not sign.isspace()]
    return sum(sign.isdigit() for sign in signs) * 2 >= max(len(signs), 1)


def _is_heading(cell: str) -> bool:
    return plain(cell) in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset().union(*map(names_of, NAMES))
