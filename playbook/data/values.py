"""Cells of a file as SQL: cleaned, parsed, and a word for what is wrong with them.

All text goes through the same steps, so a whole file is parsed where it lies. What one cell
cannot tell, whether a comma is decimal and whether the day or the month comes first, is
decided over whole columns in ``conventions``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playbook.data.columns import Column
from playbook.data.sheets import MACHINE, Form

Decimals = Literal[".", ","]
Order = Literal["dmy", "mdy"]
Problem = Literal[
    "missing", "lost_digits", "unreadable", "too_large", "out_of_range", "future", "old"
]

OLDEST = "1990-01-01"
MOST_MONEY = 10**10  # a receipt has ten digits before the decimal point
# Excel keeps fifteen digits of a number, a double of Parquet a little less than sixteen.
MOST_DIGITS = 10**15
MOST_DOUBLE = 9 * 10**15
_SPACES = r"[\s\x{00A0}\x{202F}\x{2009}\x{2007}\x{FEFF}]"
_MARK = f"chr({ord(MACHINE)})"
_NO_CARD = (
    "null", "nan", "none", "n/a", "na", "#n/a", "-", "–", "—", "нет", "нет карты", "без карты",
    "не указан", "не указано", "аноним", "анонимный", "no card", "anonymous", "guest", "unknown",
)  # fmt: skip
_YES = ("1", "true", "t", "yes", "y", "да", "истина")
_NO = ("0", "false", "f", "no", "n", "нет", "ложь")
_CLOCKS = ("%I:%M:%S %p", "%I:%M %p", "%H.%M", "%H.%M.%S")
_TIME = r"(?:[T ,]+(.+))?"


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """How one file writes what one cell cannot tell."""

    decimals: Decimals = "."
    order: Order = "dmy"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One column of ours in SQL, in steps: each may use the steps before by their names.

    Attributes:
        name: Our column; the steps are ``name__x`` (as the file has it), ``name__raw``
            (as a person would see it), ``name__text``, ``name__value``, ``name__problem``.
        raw: The cell as text.
        text: The text in the one form that is parsed.
        value: Parsed; null where it cannot be.
        problem: A word for what is wrong, null where nothing is.
    """

    name: str
    raw: str
    text: str
    value: str
    problem: str

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Names and expressions of the steps after ``x``, in order."""
        parts = ("raw", "text", "value", "problem")
        return tuple((f"{self.name}__{part}", getattr(self, part)) for part in parts)


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of the steps of a column."""

    x: str
    raw: str
    text: str
    value: str

    @classmethod
    def of(cls, name: str) -> Names:
        """The names for one of our columns."""
        return cls(**{step: f"{name}__{step}" for step in ("x", "raw", "text", "value")})


def cell(column: Column, form: Form, conventions: Conventions, *, needed: bool) -> Cell:
    """A column of a file parsed as ``column``.

    Args:
        column: What is wanted.
        form: What the file says about the type of ``name__x``.
        conventions: Of the file.
        needed: Whether a missing value is a problem.
    """
    n = Names.of(column.name)
    match column.kind:
        case "text" if column.name.endswith("_id"):
            text, value, tests = _identifier(n, form, column)
        case "text":
            text, value, tests = n.raw, n.text, []
        case "moment" | "date":
            text, value, tests = _moment(n, form, column, conventions)
        case "yes_no":
            text, value, tests = _yes_no(n)
        case _:
            text, value, tests = _number(n, form, column, conventions)
    if needed:
        tests.append(f"WHEN {n.value} IS NULL THEN 'missing'")
    problem = f"CASE {' '.join(tests)} END" if tests else "CAST(NULL AS VARCHAR)"
    return Cell(name=column.name, raw=clean(n.x), text=text, value=value, problem=problem)


Steps = tuple[str, str, list[str]]  # text, value, tests of the problem


def clean(x: str) -> str:
    """A cell as text without the spaces around it and the mark; empty is null."""
    text = f"ltrim(CAST({x} AS VARCHAR), {_MARK})"
    return f"nullif(regexp_replace({text}, '^{_SPACES}+|{_SPACES}+$', '', 'g'), '')"


def is_machine(x: str) -> str:
    """Whether a workbook itself knows what is in a cell."""
    return f"starts_with(CAST({x} AS VARCHAR), {_MARK})"


def _identifier(n: Names, form: Form, column: Column) -> Steps:
    """An id is text; one that a spreadsheet has turned into 4.61E+12 is lost."""
    # ="00123" and '00123 are what people write so that a spreadsheet keeps the zeros
    bare = f"regexp_replace(regexp_replace({n.raw}, '^=\"(.*)\"$', '\\1'), '^''', '')"
    value = f"regexp_replace({n.text}, '^(\\d+)[.,]0+$', '\\1')"
    lost = f"regexp_full_match({n.text}, '[+-]?\\d+([.,]\\d+)?[eE][+-]?\\d+')"
    if form == "double":
        whole = f"{n.x} = floor({n.x}) AND abs({n.x}) < {MOST_DOUBLE}"
        value = f"CASE WHEN {whole} THEN CAST(CAST({n.x} AS BIGINT) AS VARCHAR) END"
        lost = f"NOT isnan({n.x}) AND NOT ({whole})"
    elif form == "text":
        long = f"abs(coalesce(TRY_CAST({n.text} AS DOUBLE), 0)) >= {MOST_DIGITS}"
        lost = f"{lost} OR ({is_machine(n.x)} AND {long})"
    if column.name == "customer_id":
        words = ", ".join(f"'{word}'" for word in _NO_CARD)
        nobody = f"lower({n.text}) IN ({words}) OR regexp_full_match({n.text}, '0+([.,]0+)?')"
        value = f"CASE WHEN {nobody} THEN NULL ELSE {value} END"
    broken = f"WHEN contains({n.raw}, chr(10)) THEN 'unreadable'"
    return bare, value, [f"WHEN {lost} THEN 'lost_digits'", broken]


def _number(n: Names, form: Form, column: Column, conventions: Conventions) -> Steps:
    text = n.raw
    if form == "text":
        bare = bare_number(n.raw, is_share=column.kind == "share")
        written = _written_number(bare, conventions.decimals)
        text = f"CASE WHEN {is_machine(n.x)} THEN {n.raw} ELSE {written} END"
    digits = n.x if form in {"number", "double"} else n.text
    kind = {"money": "DECIMAL(12, 2)", "count": "BIGINT"}.get(column.kind, "DOUBLE")
    value, size = f"TRY_CAST({digits} AS {kind})", f"TRY_CAST({digits} AS DOUBLE)"
    if column.kind == "share":
        value = f"CASE WHEN ends_with({n.raw}, '%') THEN {value} / 100 ELSE {value} END"
    empty = f"{n.raw} IS NULL OR lower({n.raw}) = 'nan'"
    tests = [f"WHEN abs({size}) >= {MOST_MONEY} THEN 'too_large'"]
    tests.append(f"WHEN {n.value} IS NULL AND NOT ({empty}) THEN 'unreadable'")
    if column.kind == "count":
        tests.append(f"WHEN {size} <> floor({size}) THEN 'unreadable'")
    if column.low is not None:
        high = f" OR {n.value} > {column.high}" if column.high is not None else ""
        tests.append(f"WHEN {n.value} < {column.low}{high} THEN 'out_of_range'")
    return text, f"CASE WHEN lower({n.raw}) <> 'nan' THEN {value} END", tests


def bare_number(raw: str, *, is_share: bool = False) -> str:
    """A number as written, without spaces and currency; a minus in front."""
    signs = rf"{_SPACES}|[''₽$€£]|руб\.?|р\.|RUB|RUR|EUR|USD" + ("|%" if is_share else "")
    bare = f"regexp_replace({raw}, '{signs}', '', 'gi')"
    minus = f"replace(replace({bare}, '−', '-'), '–', '-')"
    return f"regexp_replace({minus}, '^(?:\\((.+)\\)|(.+)-)$', '-\\1\\2')"


def _written_number(bare: str, decimals: Decimals) -> str:
    """A number with a decimal point and nothing else, null where it is no number."""
    if decimals == ".":
        shape, plain = r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?", f"replace({bare}, ',', '')"
    else:
        shape = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?"
        plain = f"replace(replace({bare}, '.', ''), ',', '.')"
    return f"CASE WHEN regexp_full_match({bare}, '{shape}') THEN {plain} END"


def _moment(n: Names, form: Form, column: Column, conventions: Conventions) -> Steps:
    kind = "DATE" if column.kind == "date" else "TIMESTAMP"
    if form in {"moment", "date", "zoned"}:  # the connection speaks UTC
        text, value = n.raw, f"CAST({n.x} AS TIMESTAMP)"
    else:
        text, value = iso(n.raw, conventions.order), timestamp(n.text)
    tests = [
        f"WHEN {n.value} IS NULL AND {n.raw} IS NOT NULL THEN 'unreadable'",
        f"WHEN {n.value} < DATE '{OLDEST}' THEN 'old'",
    ]
    if not column.may_be_planned:
        tests.append(f"WHEN {n.value} >= getvariable('tomorrow') THEN 'future'")
    if column.is_monday:
        tests.append(f"WHEN isodow({n.value}) <> 1 THEN 'out_of_range'")
    return text, f"CAST({value} AS {kind})", tests


def iso(raw: str, order: Order) -> str:
    """A date with the year first; the clock of another zone stays as it is written."""
    zone = r"(:\d{2}(?:[.,]\d+)?)\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$"
    text = f"regexp_replace({raw}, '{zone}', '\\1')"
    text = f"regexp_replace({text}, '^(\\d{{4}})(\\d{{2}})(\\d{{2}})$', '\\1-\\2-\\3')"
    text = f"regexp_replace({text}, '^(\\d{{4}})[./](\\d{{1,2}})[./](\\d{{1,2}})', '\\1-\\2-\\3')"
    parts = "\\2-\\1" if order == "dmy" else "\\1-\\2"
    long = rf"^(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){_TIME}$"
    short = rf"^(\d{{1,2}})[./](\d{{1,2}})[./](\d{{2}}){_TIME}$"
    text = f"regexp_replace({text}, '{long}', '\\3-{parts} \\4')"
    return f"trim(regexp_replace({text}, '{short}', '20\\3-{parts} \\4'))"


def timestamp(text: str) -> str:
    """ISO text as a moment; morning and afternoon may be said in English."""
    formats = ", ".join(f"'%Y-%m-%d {clock}'" for clock in _CLOCKS)
    both = f"coalesce(TRY_CAST({text} AS TIMESTAMP), try_strptime({text}, [{formats}]))"
    return f"CASE WHEN regexp_matches({text}, '^\\d{{4}}-') THEN {both} END"


def _yes_no(n: Names) -> Steps:
    yes, no = (", ".join(f"'{each}'" for each in words) for words in (_YES, _NO))
    value = f"CASE WHEN {n.text} IN ({yes}) THEN true WHEN {n.text} IN ({no}) THEN false END"
    test = f"WHEN {n.text} IS NOT NULL AND {n.value} IS NULL THEN 'unreadable'"
    return f"lower({n.raw})", value, [test]
