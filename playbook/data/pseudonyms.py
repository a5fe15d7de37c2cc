"""Ids that say nothing in the place of phones, e-mails and card numbers.

A pseudonym is the beginning of an HMAC-SHA-256 of the id in one form of writing, so the same
person is one customer in every file and table, and nobody finds the person again without the
secret. It is worked out in SQL, where the rows lie. Eighty bits are kept: among ten million
customers two share a pseudonym once in 24 billion companies.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playbook.data.pii import PersonalKind

if TYPE_CHECKING:
    import duckdb

N_DIGITS = 20  # hexadecimal, 80 bits
PREFIX = "p"  # no spreadsheet takes it for a number
_BLOCK = 64  # bytes that SHA-256 reads at once
_FINGERPRINT_DIGITS = 16
_PHONE_SIGNS = r"\+?[\d\s().\x{00A0}-]{10,25}"
_CARD_SIGNS = r"\d[\d\s-]{12,25}"


@dataclass(frozen=True)
class Secret:
    """The secret of an engagement; it is written nowhere.

    Attributes:
        key: At least 32 bytes.
    """

    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """A text that tells two secrets apart and says nothing about either."""
        return self._digest("fingerprint of the secret")[:_FINGERPRINT_DIGITS]

    def pseudonym(self, text: str) -> str:
        """The pseudonym of an id that is in one form of writing already."""
        return PREFIX + self._digest(text)[:N_DIGITS]

    def _digest(self, text: str) -> str:
        return hmac.new(self.key, text.encode(), "sha256").hexdigest()


def install(connection: duckdb.DuckDBPyConnection, secret: Secret) -> None:
    """Let a connection work out pseudonyms; the secret is in none of its queries."""
    import hashlib

    key = secret.key if len(secret.key) <= _BLOCK else hashlib.sha256(secret.key).digest()
    padded = key.ljust(_BLOCK, b"\0")
    for name, sign in (("inner", 0x36), ("outer", 0x5C)):
        pad = bytes(byte ^ sign for byte in padded)
        connection.execute(f"SET VARIABLE secret_{name} = ?::BLOB", [pad])


def pseudonym(value: str, kinds: Collection[PersonalKind]) -> str:
    """SQL: the pseudonym of an id, null of null.

    Args:
        value: The id, as text.
        kinds: What the column holds.
    """
    text = f"encode({one_form(value, kinds)})"
    inner = f"unhex(sha256(getvariable('secret_inner') || {text}))"
    digest = f"sha256(getvariable('secret_outer') || {inner})"
    return f"'{PREFIX}' || left({digest}, {N_DIGITS})"


def one_form(value: str, kinds: Collection[PersonalKind]) -> str:
    """SQL: an id in the one form of writing in which it is hashed.

    Phones agree in ``+7 (912) 345-67-89`` and ``89123456789``, e-mail addresses in their
    case, cards in their groups, names in case, ``ё`` and dots. Numbers that are no phones by
    their signs are taken for phones only in a column of phones.
    """
    is_phone = f"regexp_full_match({value}, '{_PHONE_SIGNS}')"
    if "phone" not in kinds:
        is_phone = f"(starts_with({value}, '+') OR contains({value}, '(')) AND {is_phone}"
    cases = [f"WHEN contains({value}, '@') THEN lower({value})"]
    if "card" in kinds:
        digits = f"regexp_replace({value}, '[^0-9]', '', 'g')"
        cases.append(
            f"WHEN regexp_full_match({value}, '{_CARD_SIGNS}') AND length({digits}) >= 13 "
            f"THEN {digits}"
        )
    cases.append(f"WHEN {is_phone} THEN {_phone(value)}")
    other = _name(value) if "name" in kinds else value
    return f"CASE {' '.join(cases)} ELSE {other} END"


def _phone(value: str) -> str:
    digits = f"regexp_replace({value}, '[^0-9]', '', 'g')"
    is_russian = (
        f"length({digits}) = 11 AND "
        f"(starts_with({digits}, '7') OR (starts_with({digits}, '8') AND {value} NOT LIKE '+%'))"
    )
    is_short = f"length({digits}) = 10 AND {value} NOT LIKE '+%'"
    return (
        f"CASE WHEN {is_russian} THEN '+7' || right({digits}, 10) "
        f"WHEN {is_short} THEN '+7' || {digits} "
        f"ELSE '+' || regexp_replace({digits}, '^00', '') END"
    )


def _name(value: str) -> str:
    plain = f"translate(lower({value}), 'ё.,', 'е  ')"
    return f"trim(regexp_replace({plain}, '\\s+', ' ', 'g'))"
