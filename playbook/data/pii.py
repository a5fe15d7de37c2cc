"""Whether a column holds personal data: told by its cells, its heading raises or lowers doubt.

One cell proves little: every tenth number of sixteen digits passes the check of payment
cards. A column proves much: of payment cards all pass it, of loyalty cards a tenth. So a
column is judged by the shares of its different values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.data.checksums import is_iban, is_inn, is_issued, is_snils, passes_luhn
from playbook.data.columns import N_
from playbook.data.person_names import has_first_name, has_patronymic, is_surname
from playbook.text import gettext as _

PersonalKind = Literal[
    "email",
    "phone",
    "card",
    "name",
    "passport",
    "snils",
    "inn",
    "birth_date",
    "address",
    "iban",
]
KIND_WORDS: dict[PersonalKind, str] = {
    "email": N_("e-mail addresses"),
    "phone": N_("phone numbers"),
    "card": N_("payment card numbers"),
    "name": N_("names of people"),
    "passport": N_("passport numbers"),
    "snils": N_("pension account numbers (SNILS)"),
    "inn": N_("tax numbers of people (INN)"),
    "birth_date": N_("dates of birth"),
    "address": N_("addresses"),
    "iban": N_("bank account numbers (IBAN)"),
}
Doubt = Literal["low", "usual", "high"]

_HEADINGS: dict[PersonalKind, str] = {
    "email": r"mail|почт",
    "phone": r"телеф|^тел\b|phone|mobile|\bмоб|сотов|whatsapp|msisdn|абонент",
    "card": r"банк|плат[её]ж|payment|bank|credit|debit|\bpan\b",
    "name": r"фио|ф\.\s?и\.\s?о|\bимя|фамил|отчеств|(first|last|full|sur|family|given)[ _]?name"
    r"|(customer|client|holder|employee|cashier|contact)[ _]?name|держател|кассир|сотрудник",
    "passport": r"паспорт|passport",
    "snils": r"снилс|snils",
    "inn": r"\bинн|\binn\b",
    "birth_date": r"рожд|birth|\bdob\b|bday",
    "address": r"адрес|address|улиц|street|прожив|прописк",
}
_OTHER_THINGS = (
    r"лояльн|бонус|дисконт|loyal|bonus|club|штрих|barcode|\bean|чек|receipt|товар|product|item"
    r"|артикул|\bsku|магазин|store|shop|филиал|точк|город|city|бренд|brand|категор|categor"
    r"|регион|region"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_RU_PHONE = re.compile(
    r"(?:\+?7|8)[\s.-]*\(?\d{3,5}\)?[\s.-]*\d{1,3}[\s.-]*\d{2}[\s.-]*\d{2}"
    r"|\(\d{3,5}\)\s*\d{1,3}[\s-]\d{2}[\s-]\d{2}"
)
_FOREIGN_PHONE = re.compile(r"\+[1-9][\d\s().-]{6,20}\d")
_BARE_PHONE = re.compile(r"[78][3489]\d{9}")
_SHORT_PHONE = re.compile(r"9\d{9}")
_NEIGHBOUR_PHONE = re.compile(r"(?:00)?(?:375|380|99[2-68]|37[1-4]|4[0-9]|3[0-9])\d{8,10}")
_GROUPED = re.compile(r"\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19}")
_PASSPORT = re.compile(r"\d{2}\s?\d{2}(?:\s?№?\s?\d{6})?|\d{6}|[A-Z]{1,2}\d{6,8}|\d{9}")
_SNILS = re.compile(r"\d{3}-\d{3}-\d{3}[ -]?\d{2}|\d{11}")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[T ].*)?|(?:19|20)\d{6}")
_STREET = re.compile(
    r"\b(?:ул|пр-т|просп|пер|наб|ш|б-р|пл|мкр|проезд|улица|проспект|переулок|шоссе|бульвар"
    r"|набережная|площадь)\b\.?.*\d|\b(?:кв|квартира)\b\.?\s*\d"
    r"|\d+\s+.*\b(?:street|st|road|rd|avenue|ave|lane|drive)\b"
    r"|(?:stra(?:ß|ss)e|str\.|\brue\b|\bvia\b|\bcalle\b|\bulica\b).*\d",
    re.IGNORECASE,
)
_CODES_OF_MANY = 3  # thirty phones and more have at least this many different area codes


@dataclass(frozen=True, kw_only=True)
class Personal:
    """What a column holds.

    Attributes:
        kind: What it is.
        n: Different values that are such.
        share: Their share of all different values, 0-1.
        is_each: Whether each of these values is such by itself, whatever the others are.
    """

    kind: PersonalKind
    n: int
    share: float
    is_each: bool

    @property
    def words(self) -> str:
        """The kind in the reader's language."""
        return _(KIND_WORDS[self.kind])


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address and nothing else."""
    return bool(_EMAIL.fullmatch(text))


def is_written_phone(text: str) -> bool:
    """Whether a text is a phone by its signs: ``+``, brackets, the usual groups of digits.

    Example:
        >>> [is_written_phone(t) for t in ("+7 (912) 345-67-89", "89123456789", "+49 30 901820")]
        [True, False, True]
    """
    if text.isdigit():
        return False
    n_digits = sum(sign.isdigit() for sign in text)
    if _RU_PHONE.fullmatch(text):
        return n_digits == (10 if text.startswith("(") else 11)
    return bool(_FOREIGN_PHONE.fullmatch(text)) and 8 <= n_digits <= 15


def bare_digits(text: str) -> str:
    """The digits of a number that is written bare or in the groups of a card, else nothing."""
    return re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else ""


def doubt_about(kind: PersonalKind, heading: str) -> Doubt:
    """How far the heading of a column speaks for a kind or for something else."""
    text = heading.casefold().replace("_", " ")
    if kind in _HEADINGS and re.search(_HEADINGS[kind], text):
        return "low"
    return "high" if re.search(_OTHER_THINGS, text) else "usual"


def judge(values: Sequence[str], heading: str, *, any_cell: bool = False) -> list[Personal]:
    """What personal data a column holds, each kind once, the most frequent first.

    Args:
        values: Its different values, or a sample of them, without spaces around.
        heading: Its heading.
        any_cell: Whether a single cell is enough that is personal by itself: an e-mail
            address, a phone with its signs, a name with a patronymic.
    """
    least = 1 if any_cell else max(0.02 * len(values), 1)
    found: dict[PersonalKind, Personal] = {}
    for kind, test in _EACH.items():
        n = sum(map(test, values))
        if n >= least:
            found[kind] = Personal(kind=kind, n=n, share=n / len(values), is_each=True)
    for rule in _RULES if values else ():
        if (more := rule(values, heading)) and more.kind not in found:
            found[more.kind] = more
    return sorted(found.values(), key=lambda personal: -personal.n)


def _found(kind: PersonalKind, n: int, values: Sequence[str]) -> Personal:
    return Personal(kind=kind, n=n, share=n / len(values), is_each=False)


def _phones(values: Sequence[str], heading: str) -> Personal | None:
    """Bare phones; numbers that all begin alike are rather cards of one series."""
    doubt = doubt_about("phone", heading)
    eleven = [text for text in values if len(text) == 11 and text.isdigit()]
    phones = [text for text in eleven if _BARE_PHONE.fullmatch(text)]
    if doubt == "low":
        phones = [t for t in values if _any(t, _BARE_PHONE, _SHORT_PHONE, _NEIGHBOUR_PHONE)]
    elif not phones:
        phones = eleven = [text for text in values if _SHORT_PHONE.fullmatch(text)]
    is_short = bool(phones) and len(phones[0]) == 10
    least = {"low": 0.2, "usual": 0.8 if is_short else 0.1, "high": 0.8}[doubt] * len(values)
    if not phones or len(phones) < least:
        return None
    if doubt != "low":
        codes = {text[-10:-7] for text in phones}
        too_few = len(codes) < _CODES_OF_MANY if len(phones) >= 30 else is_short
        if too_few or len(phones) < 0.7 * len(eleven):
            return None
    return _found("phone", len(phones), values)


def _any(text: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(text) for pattern in patterns)


def _cards(values: Sequence[str], heading: str) -> Personal | None:
    """Payment cards, length by length: by chance a tenth would pass the check."""
    doubt = doubt_about("card", heading)
    by_length: dict[int, list[str]] = {}
    for text in values:
        if digits := bare_digits(text):
            by_length.setdefault(len(digits), []).append(digits)
    n = 0
    for length, numbers in by_length.items():
        issued = [digits for digits in numbers if is_issued(digits)]
        good = sum(map(passes_luhn, issued))
        passing = sum(map(passes_luhn, numbers))
        least = 1 if doubt == "low" else 3 if length >= 15 else 4
        share = 0.5 if len(issued) >= 30 else 0.8
        if good >= least and good >= share * len(issued) and good >= 0.6 * passing:
            n += good
    share = {"low": 0.01, "usual": 0.02, "high": 0.2}[doubt]
    return _found("card", n, values) if n and n >= share * len(values) else None


def _documents(values: Sequence[str], heading: str) -> Personal | None:
    """Numbers of papers of one person: with a check of their own, or under such a heading."""
    tests: tuple[tuple[PersonalKind, Callable[[str], bool], float], ...] = (
        ("snils", lambda t: bool(_SNILS.fullmatch(t)) and is_snils(re.sub(r"\D", "", t)), 0.5),
        ("inn", lambda t: t.isdigit() and is_inn(t), 0.5),
    )
    for kind, test, share in tests:
        n = sum(map(test, values))
        least = 1 if doubt_about(kind, heading) == "low" else 3
        if n >= max(least, share * len(values)):
            return _found(kind, n, values)
    under: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
        ("passport", _PASSPORT),
        ("birth_date", _DAY),
    )
    for kind, pattern in under:
        n = sum(bool(pattern.fullmatch(text)) for text in values)
        if doubt_about(kind, heading) == "low" and n >= 0.3 * len(values):
            return _found(kind, n, values)
    return None


def _names(values: Sequence[str], heading: str) -> Personal | None:
    doubt = doubt_about("name", heading)
    named = [text for text in values if has_first_name(text)]
    if doubt != "low":  # a single word may be a login or the name of a thing
        named = [text for text in named if " " in text and text[0].isupper()]
    n = len(named)
    if n and n >= {"low": 0.15, "usual": 0.4, "high": 0.8}[doubt] * len(values):
        return _found("name", n, values)
    n = sum(map(is_surname, values))
    if doubt == "low" and n >= 0.4 * len(values):
        return _found("name", n, values)
    return None


def _addresses(values: Sequence[str], heading: str) -> Personal | None:
    """Addresses of people; those of stores are none."""
    doubt = doubt_about("address", heading)
    of_stores = re.search(r"магазин|store|shop|филиал|точк|outlet|branch", heading.casefold())
    n = sum(bool(_STREET.search(text)) for text in values)
    least = 0.3 if doubt == "low" else 0.5
    if of_stores or not n or n < least * len(values):
        return None
    return _found("address", n, values)


_RULES = (_phones, _cards, _documents, _names, _addresses)
_EACH: dict[PersonalKind, Callable[[str], bool]] = {
    "email": is_email,
    "phone": is_written_phone,
    "iban": lambda text: is_iban(re.sub(r"\s", "", text)),
    "name": has_patronymic,
}
