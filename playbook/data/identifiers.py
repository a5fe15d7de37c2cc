"""Ids in SQL: text with its zeros, and which of them a spreadsheet has destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from playbook.data.parquet import quoted
from playbook.data.profiles import identifier, is_machine
from playbook.data.sheets import Form, Sheet

if TYPE_CHECKING:
    import duckdb

# Excel keeps fifteen digits of a number, a double of Parquet a little less than sixteen.
KEPT_DIGITS = 15
MOST_DIGITS = 10**KEPT_DIGITS
MOST_DOUBLE = 9 * 10**15
ROUNDED = r"\d{15}0+"
ENOUGH_ROUNDED = 20  # different long ids that all end in noughts are no chance
_NO_CARD = (
    "null", "б/к", "б/карты", "nan", "none", "n/a", "na", "#n/a", "н/д", "nil",
    "(null)", "\\n", "-", "–", "—", "нет", "нет карты", "без карты",
    "не указан", "не указано", "аноним", "анонимный", "no card", "anonymous", "guest", "unknown",
    "розничный покупатель", "частное лицо", "физлицо", "физ. лицо", "гость", "пусто", "<пусто>",
)  # fmt: skip


_SIGN = "[0-9A-Za-zА-Яа-яЁё_/-]"
Steps = tuple[str, str, list[str]]  # text, value, tests of the problem


class Named(Protocol):
    """The names of the steps of a column."""

    @property
    def x(self) -> str:
        """As the file has it."""

    @property
    def raw(self) -> str:
        """As a person would see it."""

    @property
    def text(self) -> str:
        """In the form that is parsed."""


def fast_identifier(x: str, name: str) -> str:
    """An id that needs no second look: letters and digits; of a card, digits and no nought."""
    shape = r"0*[1-9]\d*" if name == "customer_id" else rf"{_SIGN}+(?: {_SIGN}+)*"
    return f"CASE WHEN regexp_full_match({x}, '{shape}') THEN {x} END"


def identifier_steps(n: Named, form: Form, name: str, *, is_rounded: bool) -> Steps:
    """The text, the value, and the tests of an id; one that was turned into 4.61E+12 is lost.

    Args:
        n: The names of the steps.
        form: What the file says about the type.
        name: Our column.
        is_rounded: Whether a spreadsheet has kept fifteen digits of each.
    """
    # ="00123" and '00123 are what people write so that a spreadsheet keeps the zeros
    bare = f"regexp_replace(regexp_replace({n.raw}, '^=\"(.*)\"$', '\\1'), '^''', '')"
    value = f"regexp_replace({n.text}, '^(\\d+)[.,]0+$', '\\1')"
    lost = f"regexp_full_match({n.text}, '[+-]?\\d+([.,]\\d+)?[eE][+]?\\d+')"
    if form == "double":
        whole = f"{n.x} = floor({n.x}) AND abs({n.x}) < {MOST_DOUBLE}"
        value = f"CASE WHEN {whole} THEN CAST(CAST({n.x} AS BIGINT) AS VARCHAR) END"
        lost = f"NOT isnan({n.x}) AND NOT ({whole})"
    elif form == "text":
        long = f"abs(coalesce(TRY_CAST({n.text} AS DOUBLE), 0)) >= {MOST_DIGITS}"
        lost = f"{lost} OR ({is_machine(n.x)} AND {long})"
        if is_rounded:
            lost = f"{lost} OR regexp_full_match({n.text}, '{ROUNDED}')"
    if name == "customer_id":
        words = ", ".join(f"'{word}'" for word in _NO_CARD)
        is_nought = f"regexp_full_match({n.text}, '0+([.,]0+)?')"
        nobody = f"list_contains([{words}], lower({n.text})) OR {is_nought}"
        value = f"CASE WHEN {nobody} THEN NULL ELSE {value} END"
    broken = f"WHEN contains({n.raw}, chr(10)) THEN 'unreadable'"
    return bare, value, [f"WHEN {lost} THEN 'lost_digits'", broken]


def is_long(cell: str) -> bool:
    """Whether a number has more digits than a spreadsheet keeps."""
    return len(cell) > KEPT_DIGITS and cell.isdigit()


def is_rounded(connection: duckdb.DuckDBPyConnection, sheet: Sheet, name: str) -> bool:
    """Whether all long numbers of a column end in the noughts that a spreadsheet leaves."""
    x = identifier(name)
    found = connection.execute(
        f"""
        SELECT bool_and(regexp_full_match(x, '{ROUNDED}')), approx_count_distinct(x)
        FROM (SELECT {x} AS x FROM read_parquet({quoted(sheet.parquet)}))
        WHERE strlen(x) > {KEPT_DIGITS} AND regexp_full_match(x, '\\d+')
        """
    ).fetchone()
    all_end_so, n = found or (False, 0)
    return bool(all_end_so) and int(n) >= ENOUGH_ROUNDED
