"""Cells of a file as SQL: cleaned, parsed, and a word for what is wrong with them.

All text goes through the same steps, so a whole file is parsed where it lies. What one cell
cannot tell, whether a comma is decimal and whether the day or the month comes first, is
decided over whole columns in ``conventions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playbook.data import written_dates, written_numbers
from playbook.data.columns import Column
from playbook.data.date_evidence import Trait
from playbook.data.identifiers import Steps, fast_identifier, identifier_steps
from playbook.data.profiles import clean, is_machine
from playbook.data.sheets import Form
from playbook.data.written_dates import Order
from playbook.data.written_numbers import Decimals

Problem = Literal[
    "missing", "lost_digits", "unreadable", "too_large", "out_of_range", "future", "old"
]

OLDEST = "1990-01-01"
MOST_MONEY = 10**10  # a receipt has ten digits before the decimal point
STEPS = ("fast", "raw", "bare", "text", "value", "problem")
FINE_TYPE = "DECIMAL(18, 6)"  # of money, before lines are added up and rounded
SQL_TYPES = {"money": FINE_TYPE, "count": "BIGINT"}
PERIODS = frozenset({"month", "cohort"})
_YES = ("1", "true", "t", "yes", "y", "да", "истина", "+")
_NO = ("0", "false", "f", "no", "n", "нет", "ложь", "-")

__all__ = ["Cell", "Conventions", "Decimals", "Order", "Problem", "cell"]


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """How one file writes what one cell cannot tell.

    Attributes:
        decimals: The decimal sign of most columns.
        order: Whether the day or the month comes first.
        own: The decimal sign of each column of numbers.
        plain: Columns of numbers that are digits with a decimal sign and a minus at most.
        traits: What dates of a column have to be parsed for.
        formats: Formats that read most dates of a column at once.
        groups: The sign between thousands in most numbers of a column, as it is written.
        percent: Columns of shares that are written as percent, as their headings say.
        rounded: Columns of ids of which a spreadsheet has kept fifteen digits.
    """

    decimals: Decimals = "."
    order: Order = "dmy"
    own: Mapping[str, Decimals] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    traits: Mapping[str, frozenset[Trait]] = field(default_factory=dict)
    formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    percent: frozenset[str] = frozenset()
    rounded: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One column of ours in SQL, in steps: each may use the steps before by their names.

    Attributes:
        name: Our column; the steps are ``name__x`` (as the file has it), ``name__fast`` (the
            value, where one look is enough), and for the others ``name__raw`` (as a person
            would see it), ``name__bare`` (without what does not count), ``name__text``; for
            all ``name__value``, ``name__problem``.
        fast: The value of most cells, null where more has to be done.
        raw: The cell as text.
        bare: A first form of it.
        text: The text in the one form that is parsed.
        value: Parsed; null where it cannot be.
        problem: A word for what is wrong, null where nothing is.
    """

    name: str
    raw: str
    bare: str
    text: str
    value: str
    problem: str
    fast: str = "NULL"
    is_fine: str = "true"  # what a fast value must be besides, to have no problem

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Names and expressions of the steps after ``x``, in order."""
        own = {part: getattr(self, part) for part in STEPS}
        if self.fast != "NULL":
            seen = f"{self.name}__fast"
            own["raw"] = f"CASE WHEN {seen} IS NULL THEN {self.raw} END"
            own["value"] = f"coalesce({seen}, {self.value})"
            is_fine = f"{seen} IS NOT NULL AND {self.is_fine}"
            own["problem"] = f"CASE WHEN {is_fine} THEN NULL ELSE {self.problem} END"
        return tuple((f"{self.name}__{part}", own[part]) for part in STEPS)


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of the steps of a column."""

    x: str
    fast: str
    raw: str
    bare: str
    text: str
    value: str

    @classmethod
    def of(cls, name: str) -> Names:
        """The names for one of our columns."""
        return cls(**{step: f"{name}__{step}" for step in ("x", *STEPS[:-1])})


def cell(column: Column, form: Form, conventions: Conventions, *, needed: bool) -> Cell:
    """A column of a file parsed as ``column``.

    Args:
        column: What is wanted.
        form: What the file says about the type of ``name__x``.
        conventions: Of the file.
        needed: Whether a missing value is a problem.
    """
    n = Names.of(column.name)
    bare, fast, is_fine = n.raw, "NULL", "true"
    match column.kind:
        case "text" if column.name.endswith("_id"):
            is_rounded = column.name in conventions.rounded
            text, value, tests = identifier_steps(n, form, column.name, is_rounded=is_rounded)
            if form == "text" and not is_rounded:
                fast = fast_identifier(n.x, column.name)
        case "text" if column.choices:
            text, value, tests = _choice(n, column)
        case "text":
            text, value, tests = n.raw, n.text, []
        case "moment" | "date":
            text, value, tests = _moment(n, form, column, conventions)
            fast, is_fine = _fast_moment(n, form, column, conventions), _is_fine_date(n, column)
        case "yes_no":
            text, value, tests = _yes_no(n)
        case _:
            bare, text, value, tests = _number(n, form, column, conventions)
            fast, is_fine = _fast_number(n, form, column, conventions), _is_fine_number(n, column)
    if needed:
        tests.append(f"WHEN {n.value} IS NULL THEN 'missing'")
    problem = f"CASE {' '.join(tests)} END" if tests else "CAST(NULL AS VARCHAR)"
    return Cell(
        name=column.name,
        raw=clean(n.x),
        bare=bare,
        text=text,
        value=value,
        problem=problem,
        fast=fast,
        is_fine=is_fine,
    )


def _fast_number(n: Names, form: Form, column: Column, conventions: Conventions) -> str:
    """A number that is written as most of its column are."""
    if form != "text" or column.kind not in {"money", "number"}:
        return "NULL"
    kind = SQL_TYPES.get(column.kind, "DOUBLE")
    sign = conventions.own.get(column.name, conventions.decimals)
    group = conventions.groups.get(column.name, "")
    return written_numbers.fast_sql(n.x, sign, group, kind)


def _is_fine_number(n: Names, column: Column) -> str:
    fine = f"abs({n.fast}) < {MOST_MONEY}"
    if column.low is not None:
        fine += f" AND {n.fast} >= {column.low}"
    return fine if column.high is None else f"{fine} AND {n.fast} <= {column.high}"


def _fast_moment(n: Names, form: Form, column: Column, conventions: Conventions) -> str:
    """A date in one of the few forms that all of its column have."""
    formats = conventions.formats.get(column.name)
    if form != "text" or not formats or column.is_month:
        return "NULL"
    kind = "DATE" if column.kind == "date" else "TIMESTAMP"
    listed = ", ".join(f"'{form}'" for form in formats)
    return f"CAST(try_strptime({n.x}, [{listed}]) AS {kind})"


def _is_fine_date(n: Names, column: Column) -> str:
    fine = f"{n.fast} >= DATE '{OLDEST}'"
    if not column.may_be_planned:
        fine += f" AND {n.fast} < getvariable('tomorrow')"
    return f"{fine} AND isodow({n.fast}) = 1" if column.is_monday else fine


def _number(
    n: Names, form: Form, column: Column, conventions: Conventions
) -> tuple[str, str, str, list[str]]:
    sign = conventions.own.get(column.name, conventions.decimals)
    bare, text, is_scientific = n.raw, n.raw, "false"
    if form == "text" and column.name in conventions.plain:
        text = written_numbers.plain_sql(n.raw, sign)
    elif form == "text":
        bare = written_numbers.bare_sql(n.raw, is_share=column.kind == "share")
        is_scientific = f"regexp_full_match({n.bare}, '{written_numbers.SCIENTIFIC}')"
        written = written_numbers.written_sql(n.bare, sign)
        text = f"CASE WHEN {is_scientific} THEN replace({n.bare}, ',', '.') ELSE {written} END"
    if form == "text":
        text = f"CASE WHEN {is_machine(n.x)} THEN {n.raw} ELSE {text} END"
    digits = n.x if form in {"number", "double"} else n.text
    kind = SQL_TYPES.get(column.kind, "DOUBLE")
    value = f"TRY_CAST({digits} AS {kind})"
    size = f"coalesce(TRY_CAST({digits} AS DOUBLE), CAST({n.value} AS DOUBLE))"
    if column.kind == "share":
        is_percent = f"ends_with({n.raw}, '%')"
        if column.name in conventions.percent:
            is_percent = "true"
        value = f"CASE WHEN {is_percent} THEN {value} / 100 ELSE {value} END"
    empty = f"{n.raw} IS NULL OR lower({n.raw}) = 'nan'"
    tests = [f"WHEN abs({size}) >= {MOST_MONEY} THEN 'too_large'"]
    if is_scientific != "false":
        tests.append(f"WHEN {is_scientific} AND {_has_lost(n.bare, column)} THEN 'lost_digits'")
    tests.append(f"WHEN {n.value} IS NULL AND NOT ({empty}) THEN 'unreadable'")
    if column.kind == "count":
        tests.append(f"WHEN {size} <> floor({size}) THEN 'unreadable'")
    if column.low is not None:
        high = f" OR {n.value} > {column.high}" if column.high is not None else ""
        tests.append(f"WHEN {n.value} < {column.low}{high} THEN 'out_of_range'")
    return bare, text, f"CASE WHEN lower({n.raw}) <> 'nan' THEN {value} END", tests


def _has_lost(bare: str, column: Column) -> str:
    """Whether 1.2E+5 has fewer digits than the number it stands for: 120 000, or 120 049?"""
    kept = f"length(regexp_extract({bare}, '[.,](\\d+)', 1))"
    power = f"CAST(regexp_extract({bare}, '[eE]([-+]?\\d+)', 1) AS BIGINT)"
    cents = 2 if column.kind == "money" else 0
    return f"{power} > 0 AND {kept} < {power} + {cents}"


def _moment(n: Names, form: Form, column: Column, conventions: Conventions) -> Steps:
    kind = "DATE" if column.kind == "date" else "TIMESTAMP"
    if form in {"moment", "date", "zoned"}:  # the connection speaks UTC
        text, value = n.raw, f"CAST({n.x} AS TIMESTAMP)"
    else:
        traits = conventions.traits.get(column.name, frozenset())
        text = written_dates.iso(
            n.raw,
            conventions.order,
            has_words="words" in traits,
            is_period=column.is_month or column.name in PERIODS,
        )
        value = _with_numbers(n.raw, written_dates.timestamp(n.text), traits)
    if column.is_month:
        value = f"date_trunc('month', {value})"
    tests = [
        f"WHEN {n.value} IS NULL AND {n.raw} IS NOT NULL THEN 'unreadable'",
        f"WHEN {n.value} < DATE '{OLDEST}' THEN 'old'",
    ]
    if not column.may_be_planned:
        tests.append(f"WHEN {n.value} >= getvariable('tomorrow') THEN 'future'")
    if column.is_monday:
        tests.append(f"WHEN isodow({n.value}) <> 1 THEN 'out_of_range'")
    return text, f"CAST({value} AS {kind})", tests


def _with_numbers(raw: str, value: str, traits: frozenset[Trait]) -> str:
    """A value that may also be the number of a day, or seconds."""
    cases = []
    if "serials" in traits:
        serial = written_dates.of_serial(raw, is_1904="serials_1904" in traits)
        cases.append(f"WHEN regexp_full_match({raw}, '{written_dates.SERIAL}') THEN {serial}")
    for trait, digits in (("seconds", 9), ("milliseconds", 12)):
        if trait in traits:
            moment = written_dates.of_epoch(raw, has_milliseconds=trait == "milliseconds")
            shape = f"\\d{{{digits},{digits + 1}}}([.,]\\d+)?"
            cases.append(f"WHEN regexp_full_match({raw}, '{shape}') THEN {moment}")
    return f"CASE {' '.join(cases)} ELSE {value} END" if cases else value


def _yes_no(n: Names) -> tuple[str, str, list[str]]:
    yes, no = (", ".join(f"'{each}'" for each in words) for words in (_YES, _NO))
    value = f"CASE WHEN {n.text} IN ({yes}) THEN true WHEN {n.text} IN ({no}) THEN false END"
    test = f"WHEN {n.text} IS NOT NULL AND {n.value} IS NULL THEN 'unreadable'"
    return f"lower({n.raw})", value, [test]


def _choice(n: Names, column: Column) -> tuple[str, str, list[str]]:
    """One of a few words, by the way people write them; what fits none or two is neither."""
    fits = [f"regexp_matches({n.text}, '{pattern}')" for _word, pattern in column.choices]
    words = [
        f"{n.text} = '{word}' OR ({fit}"
        for (word, _p), fit in zip(column.choices, fits, strict=True)
    ]
    cases = []
    for place, test in enumerate(words):
        others = " OR ".join(fit for other, fit in enumerate(fits) if other != place)
        cases.append(f"WHEN {test} AND NOT ({others})) THEN '{column.choices[place][0]}'")
    test = f"WHEN {n.raw} IS NOT NULL AND {n.value} IS NULL THEN 'out_of_range'"
    return f"lower({n.raw})", f"CASE {' '.join(cases)} END", [test]
