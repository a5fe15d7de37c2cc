"""Numbers that carry a check of themselves: cards, СНИЛС, ИНН, IBAN."""

from __future__ import annotations

# Beginnings of payment cards by their number of digits, as issuers publish them.
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),
    (2200, 2204, frozenset({16, 17, 18, 19})),  # МИР
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (3528, 3589, frozenset({16, 17, 18, 19})),  # JCB
    (300, 305, frozenset({14})),  # Diners
    (36, 36, frozenset({14})),
    (38, 39, frozenset({14})),
    (50, 50, frozenset({16, 17, 18, 19})),  # Maestro
    (56, 58, frozenset({16, 17, 18, 19})),
    (6304, 6304, frozenset({16, 17, 18, 19})),
    (639, 639, frozenset({16, 17, 18, 19})),
    (67, 67, frozenset({16, 17, 18, 19})),
    (6011, 6011, frozenset({16})),  # Discover
    (644, 659, frozenset({16})),
)
_SNILS_WITHOUT_CHECK = 1_001_998  # numbers up to this one were given without a check
_INN_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_SECOND = (3, *_INN_FIRST)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit agrees with the others (ISO/IEC 7812-1).

    Example:
        >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
        (True, False)
    """
    turned = digits[::-1]
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in turned[1::2])
    return (sum(map(int, turned[::2])) + doubled) % 10 == 0


def is_issued(digits: str) -> bool:
    """Whether a card with this beginning and this number of digits is given out by banks.

    Example:
        >>> is_issued("2200700000000000"), is_issued("2000700000000000")
        (True, False)
    """
    return any(
        len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high
        for low, high, lengths in _ISSUERS
    )


def is_snils(digits: str) -> bool:
    """Whether eleven digits are the number of a Russian pension account.

    Example:
        >>> is_snils("11223344595"), is_snils("11223344596")
        (True, False)
    """
    if len(digits) != 11 or int(digits[:9]) <= _SNILS_WITHOUT_CHECK:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    return total % 101 % 100 == int(digits[9:])


def is_inn(digits: str) -> bool:
    """Whether twelve digits are the tax number of a person in Russia.

    Example:
        >>> is_inn("500100732259"), is_inn("500100732258")
        (True, False)
    """
    if len(digits) != 12 or not int(digits):
        return False
    checks = (_weighed(digits, _INN_FIRST), _weighed(digits, _INN_SECOND))
    return checks == (int(digits[10]), int(digits[11]))


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return total % 11 % 10


def is_iban(text: str) -> bool:
    """Whether a text without spaces is an international account number (ISO 13616).

    Example:
        >>> is_iban("GB82WEST12345698765432"), is_iban("GB82WEST12345698765433")
        (True, False)
    """
    upper = text.upper()
    if not (15 <= len(upper) <= 34 and upper.isascii() and upper.isalnum()):
        return False
    if not (upper[:2].isalpha() and upper[2:4].isdigit()):
        return False
    turned = upper[4:] + upper[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
