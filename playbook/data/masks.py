"""Cells that people may see without seeing whom they are about."""

from __future__ import annotations

import re

from playbook.data.checksums import is_issued, passes_luhn
from playbook.data.person_names import PATRONYMIC

DOTS = "••••••"
_SHOWN = 2  # signs left at either end
_LONG_ENOUGH = 8
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w+])(?:\+?7|8)[ \u00a0.-]*\(?[3-9]\d{2,4}\)?[ \u00a0.-]*\d{1,3}[ \u00a0.-]*\d{2}"
    r"[ \u00a0.-]*\d{2}(?!\d)|\(\d{3,5}\) ?\d{1,3}[ -]\d{2}[ -]\d{2}(?!\d)"
    r"|(?<![\w+])\+[1-9][\d \u00a0().-]{8,20}\d(?!\d)"
)
_CARD = re.compile(r"(?<!\d)\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?!\d)|(?<!\d)\d{13,19}(?!\d)")
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_INITIALS = re.compile(
    r"[А-ЯЁ][А-ЯЁа-яё-]+,?\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё-]+"
)
_NAME = re.compile(
    rf"[а-яё-]+\s+[а-яё-]+\s+(?:{PATRONYMIC})(?![а-яё])"
    rf"|[а-яё-]+\s+(?:{PATRONYMIC})(?![а-яё])\s+[а-яё-]+",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"[-−]?\d{1,3}(?:[ \u00a0\u202f'.,]\d{3})*[.,]\d{1,2}|[-−]?\d+[.,]\d{1,2}|[-−]?\d{1,9}"
)
_TOTAL = re.compile(r"(?i)итог|всего|total|сумма (?:по|за) ")


def mask(text: str) -> str:
    """A cell with two signs left at either end, or none of a short one.

    Example:
        >>> mask("79121234512"), mask("Иван")
        ('79••••••12', '••••••')
    """
    if len(text) < _LONG_ENOUGH:
        return DOTS if text else ""
    return text[:_SHOWN] + DOTS + text[-_SHOWN:]


def mask_inside(text: str) -> str:
    """A text whose phones, e-mail addresses, cards and names with a patronymic are masked.

    Example:
        >>> mask_inside("М1;8 912 123-45-12;10,50")
        'М1;8 ••••••12;10,50'
    """
    for pattern in (_EMAIL, _PHONE, _SNILS, _IBAN, _INITIALS, _NAME):
        text = pattern.sub(lambda found: mask(found[0]), text)
    return _CARD.sub(lambda found: mask(found[0]) if _is_card(found[0]) else found[0], text)


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return is_issued(digits) and passes_luhn(digits)


def mask_total(text: str, delimiter: str) -> str:
    """A row of totals: its label and its sums are shown, other fields are masked.

    A sum has a decimal sign or nine digits at most, which no phone or card has.

    Example:
        >>> mask_total("Итого; 8412345.63; 79121234512", "; ")
        'Итого; 8412345.63; 79••••••12'
    """
    sign = delimiter or ";"
    fields = [field.strip(' "') for field in text.split(sign)]
    return sign.join(
        field if _SUM.fullmatch(field) else mask_inside(field) if _has_word(field) else mask(field)
        for field in fields
    )


def _has_word(text: str) -> bool:
    """Whether a field is a label of a total, or nothing."""
    return not text or bool(_TOTAL.search(text))


def mask_fields(text: str, delimiter: str) -> str:
    """A row of a file with every field masked; signs between the fields stay."""
    sign = delimiter or ";"
    return sign.join(mask(field.strip()) for field in text.split(sign))
