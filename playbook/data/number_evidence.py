"""What a column of numbers says about how it is written: decimal sign, thousands, currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from playbook.data.profiles import Group
from playbook.data.row_kinds import may_be_label
from playbook.data.written_numbers import SCIENTIFIC, Decimals, bare, currency

_PLAIN = re.compile(r"-?\d+([.,]\d+)?|-?[.,]\d+")
# Without a sign in front. "1.234" may be a thousand or one and a bit; "0.234" and "12.34" not.
_EITHER = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_FINE = re.compile(r"\d*([.,])\d{3,}")  # more than two decimals, if the sign is decimal
_GROUPED = re.compile(r"\d{1,3}([ '.,])\d{3}(?!\d)")
_SEPARATORS = (
    " .,'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{RIGHT SINGLE QUOTATION MARK}"
)
_WRITTEN = re.compile(rf"-?\d{{1,3}}([{_SEPARATORS}])\d{{3}}(?:\1\d{{3}})*(?:[.,]\d+)?")
_WORDS = {" ": "space", "'": "apostrophe", ".": "point", ",": "comma"}


def _certain(decimal: str, thousands: str) -> re.Pattern[str]:
    """The shape of a number that has this decimal sign and can have no other."""
    return re.compile(
        rf"\d*{decimal}(\d{{0,2}}|\d{{4,}})|0+{decimal}\d{{3}}|\d{{4,}}{decimal}\d{{3}}"
        rf"|\d{{1,3}}({thousands}\d{{3}})+{decimal}\d*|\d{{1,3}}({thousands}\d{{3}}){{2,}}"
        rf"|\d{{1,3}}([ ']\d{{3}})+{decimal}\d*"
    )


_POINT, _COMMA = _certain(r"\.", ","), _certain(",", r"\.")


@dataclass(frozen=True, kw_only=True)
class Witness:
    """A cell that says something, and its row in the file."""

    cell: str
    row: int


@dataclass(kw_only=True)
class Numbers:
    """What the cells of one column say.

    Attributes:
        point: A cell that can only have a decimal point.
        comma: A cell that can only have a decimal comma.
        either: A cell that can have both.
        fine: By sign, a cell that must have more than two decimals, and how many such there are.
        thousands: By sign in words, a cell whose thousands are set apart with it.
        currencies: By code, a cell with this currency.
        is_plain: Whether all cells are digits with some sign and a minus at most.
        signs: Points and commas that there are.
        has_hint: Whether there may be the word of a total among them.
        groups: By the sign between thousands, as it is written, how many cells have it.
    """

    point: Witness | None = None
    comma: Witness | None = None
    either: Witness | None = None
    fine: dict[str, tuple[Witness, int]] = field(default_factory=dict)
    thousands: dict[str, Witness] = field(default_factory=dict)
    currencies: dict[str, Witness] = field(default_factory=dict)
    is_plain: bool = True
    signs: set[str] = field(default_factory=set)
    has_hint: bool = False
    groups: dict[str, int] = field(default_factory=dict)

    @property
    def decides(self) -> Decimals | None:
        """The decimal sign that its cells agree on, if they do."""
        if bool(self.point) == bool(self.comma):
            return None
        return "." if self.point else ","

    def is_plain_with(self, decimals: Decimals) -> bool:
        """Whether nothing but digits, this sign and a minus has to be read."""
        return self.is_plain and self.signs <= {decimals}

    def group_with(self, decimals: Decimals) -> str:
        """The sign between thousands that most cells have, beside a decimal sign."""
        some = {sign: n for sign, n in self.groups.items() if sign != decimals}
        return max(some, key=lambda sign: some[sign], default="")

    def of(self, decimals: Decimals) -> Witness | None:
        """The cell that speaks for a sign."""
        return self.point if decimals == "." else self.comma


def numbers(groups: Iterable[Group]) -> Numbers:
    """What the shapes of a column say."""
    found = Numbers()
    for group in groups:
        _add(found, group)
    return found


def _add(found: Numbers, group: Group) -> None:
    witness = Witness(cell=group.low, row=group.row)
    found.is_plain = found.is_plain and bool(_PLAIN.fullmatch(group.low))
    found.has_hint = found.has_hint or any(map(may_be_label, group.examples))
    found.signs |= {*group.low} & {".", ","}
    plain = bare(group.low)
    if re.fullmatch(SCIENTIFIC, plain):
        return
    has_digit = any(sign.isdigit() for sign in group.low)
    if has_digit and (code := currency(group.low)):
        found.currencies.setdefault(code, witness)
    core = plain.strip("+-() ")
    if _EITHER.fullmatch(core):
        found.either = found.either or witness
    elif _POINT.fullmatch(core):
        found.point = found.point or witness
    elif _COMMA.fullmatch(core):
        found.comma = found.comma or witness
    if (fine := _FINE.fullmatch(core)) and not _EITHER.fullmatch(core):
        first, n = found.fine.get(fine[1], (witness, 0))
        found.fine[fine[1]] = (first, n + group.n)
    if written := _WRITTEN.fullmatch(group.low):
        found.groups[written[1]] = found.groups.get(written[1], 0) + group.n
    if grouped := _GROUPED.match(core):
        found.thousands.setdefault(grouped[1], witness)


def thousands_of(found: Numbers, decimals: Decimals) -> tuple[str, Witness] | None:
    """The sign between thousands in words and a cell that has it."""
    for sign, witness in found.thousands.items():
        if sign != decimals:
            return _WORDS[sign], witness
    return None
