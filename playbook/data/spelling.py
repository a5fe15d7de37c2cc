"""How likely a word is as people write it: what tells one encoding of a file from another.

Every single-byte encoding makes letters of the same bytes. The right one makes Russian or
Western words of them, small after capital; the wrong ones make rare pairs of letters, capitals
in the middle of words, letters of two alphabets in one word, and lines of frames.
"""

from __future__ import annotations

import unicodedata

LETTERS = "_абвгдежзийклмнопрстуфхцчшщъыьэюя"  # the first one is the border of a word
# Bits of surprise at a letter (column) after a letter (row), from Russian prose and words of
# trade; nine is nine or more.
_PAIRS = """
    975464675494653435355887589999699 296546464965553955549979588999965
    649999399497496294693966997626967 239999398496575375566999979937999
    529995699499657193996999999999999 439599299498593395895999979968996
    297754676965453994539979677999999 739993299398993996996999999998999
    317485779398844598995999999958996 278576374666453696439856679999975
    099995999998496999549999699999999 329799699499398295934999999999999
    537999369298795399895999999973954 229999299399956469895999999959996
    539997299397995399945999999936995 295354666754455964449977689999998
    639999499396599162995999999979997 529679359397976298754999999957996
    459697499594486455626979589976993 238599399496996294497999999954997
    297754646985556936449969376999949 829999297499879494976299999999999
    189599999898897295796999999999999 439699199399999699995999999949999
    729999299295995999938999969997999 839999199295495698956999999999999
    929999199299999998996999999999999 777777177777777777777777777777772
    196476399938559955759939669999998 199969696994973999549998939999979
    999999999997799999909299999999999 295964989999598999719999493999989
    197895497989667999739966878999967
"""
_ROWS = _PAIRS.split()
PAIRS = {
    (before, after): int(bits)
    for before, row in zip(LETTERS, _ROWS, strict=True)
    for after, bits in zip(LETTERS, row, strict=True)
}
WESTERN = frozenset("àâäçéèêëîïôöùûüÿœæñáíóúßåøõãìòżźćńłśąęšžčřěůýőű")
SIGNS = frozenset("№«»–—…„“”‘’•·°€£₽§©®™")
MONEY = frozenset("€£₽°№")  # signs that stand beside a number
FRAME = range(0x2500, 0x25A0)
LINES = frozenset("─═")

LETTER_OF_THE_WEST = 5
ANOTHER_ALPHABET = 10  # the letter before is of another one
WRONG_CASE = 8
SIGN, SIGN_IN_WORD = 5, 12
FRAME_SIGN, FRAME_GOES_ON = 12, 1
BESIDE_NUMBER = 2
STRANGE, CONTROL = 12, 25


def surprise(word: str) -> float:
    """How surprising a word is, in bits; fewer is likelier.

    Only words of the same number of letters can be compared.

    Example:
        >>> surprise("Магазин") < surprise("лЮЦЮГХМ")
        True
    """
    tight = word.replace(" ", "")  # a currency sign may stand apart from its number
    ends = f" {tight} "
    return sum(
        _sign(ends[i - 1], ends[i], ends[i + 1])
        for i in range(1, len(ends) - 1)
        if not ends[i].isascii()
    )


def _sign(before: str, sign: str, after: str) -> float:
    """Bits for one sign beyond ASCII between its neighbours."""
    small = _small(sign)
    if small in LETTERS:
        return _russian(before, sign, after)
    if sign.casefold() in WESTERN or small in WESTERN:
        return _western(before, sign, after)
    if sign == "\N{NO-BREAK SPACE}" or sign == "\N{NARROW NO-BREAK SPACE}":
        is_inside = before.isdigit() and after.isdigit()
        return BESIDE_NUMBER if is_inside else SIGN_IN_WORD if _joins(before, after) else SIGN
    if sign in MONEY and (before.isdigit() or after.isdigit()):
        return BESIDE_NUMBER
    if sign in SIGNS:
        return SIGN_IN_WORD if _joins(before, after) and sign != "’" else SIGN
    if ord(sign) in FRAME:
        return FRAME_GOES_ON if sign in LINES and sign == before else FRAME_SIGN
    return CONTROL if unicodedata.category(sign) == "Cc" else STRANGE


def _small(sign: str) -> str:
    return sign.lower().replace("ё", "е")


def _joins(before: str, after: str) -> bool:
    return before.isalpha() and after.isalpha()


def _russian(before: str, sign: str, after: str) -> float:
    last = _small(before) if _small(before) in LETTERS else "_"
    bits: float = PAIRS[last, _small(sign)]
    if _small(after) not in LETTERS:
        bits += PAIRS[_small(sign), "_"]
    if before.isdigit() and after.isdigit():
        bits += ANOTHER_ALPHABET
    return bits + _quarrel(before, sign, last != "_") + _quarrel_ahead(after)


def _western(before: str, sign: str, after: str) -> float:
    bits = LETTER_OF_THE_WEST + (0 if before.isalpha() or after.isalpha() else SIGN)
    is_rare_pair = not before.isascii() and before.isalpha()
    return bits + _quarrel(before, sign, True) + (WRONG_CASE if is_rare_pair else 0)  # noqa: FBT003


def _quarrel(before: str, sign: str, is_same: bool) -> float:  # noqa: FBT001
    """What the letter before has against this one: its alphabet, its case."""
    if not before.isalpha():
        return 0
    bits = 0 if is_same else ANOTHER_ALPHABET
    return bits + (WRONG_CASE if before.islower() and sign.isupper() else 0)


def _quarrel_ahead(after: str) -> float:
    """A Latin letter behind a Russian one."""
    return ANOTHER_ALPHABET if after.isascii() and after.isalpha() else 0
