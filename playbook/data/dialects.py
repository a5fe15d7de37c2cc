"""How a text file parts its fields: found by what cuts all of it into one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from playbook.data import header_rows
from playbook.data.findings import Certainty
from playbook.data.header_rows import Fits, Header, Row
from playbook.data.records import Dialect, Record, records
from playbook.errors import PlaybookError
from playbook.text import gettext as _

DELIMITERS = {
    ",": ",", ";": ";", "\t": "tab", "|": "|", "^": "^", "~": "~", ":": ":", "#": "#", "!": "!",
    "/": "/", "*": "*", "\x1f": "\\x1f", "\x1e": "\\x1e", "\x01": "\\x01", "§": "§", "¦": "¦",
    " ": "space",
}  # fmt: skip
USUAL = (",", ";", "\t", "|")
STATED = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"} | {
    "\\x1f": "\x1f", "\\x1e": "\x1e", "\\x01": "\x01",
}  # fmt: skip
REGULAR = 0.8  # share of the rows that have as many fields as most
CLEAR = 0.9  # the next best way is regular in less than this share of that
MANY_BROKEN = 5  # rows of a sample, before its quotes are letters like others
ROWS = 150  # of each piece of the sample


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Lines from the beginning, the middle and the end of a text file.

    Attributes:
        first: From the beginning.
        others: Pieces from elsewhere, whose first line may be the rest of a longer row.
        is_whole: Whether ``first`` is all of the file.
    """

    first: list[str]
    others: tuple[list[str], ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A sample as one dialect cuts it.

    Attributes:
        dialect: The dialect.
        header: The heading that is found then.
        rows: Rows from everywhere, those above the heading left out.
        regular: Share of the rows that have as many fields as the heading.
        broken: Rows with broken quotes.
    """

    dialect: Dialect
    header: Header | None
    rows: list[Record[str]]
    regular: float
    broken: int

    @property
    def n_fields(self) -> int:
        """Fields of the heading."""
        return len(self.header.names) if self.header else 0

    @property
    def n_above(self) -> int:
        """Lines above the heading."""
        return len(self.header.above) if self.header else 0

    @property
    def rank(self) -> tuple[bool, float, int, int]:
        """The larger the better."""
        fits = self.header is not None and self.header.fits
        return fits, round(self.regular, 1), -self.n_above, self.n_fields


@dataclass(frozen=True, kw_only=True)
class Way:
    """The dialect that was found, and how sure it is."""

    cut: Cut
    certainty: Certainty
    evidence: str = ""


def choose(
    sample: Sample, fits: Fits, *, delimiter: str | None = None, header_row: int | None = None
) -> Way | None:
    """The dialect that cuts a sample into a table, nothing where none does for certain.

    Args:
        sample: Lines of the file.
        fits: Whether a heading has the columns that are wanted.
        delimiter: The sign between columns where somebody has stated it.
        header_row: The line of the heading where somebody has stated it.

    Raises:
        PlaybookError: There is no heading at the stated line.
    """
    announced = _announced(sample.first)
    sign = delimiter or announced
    signs = [sign] if sign else [sign for sign in DELIMITERS if _occurs(sample.first, sign)]
    cuts = [best for each in signs if (best := _best_quote(sample, each, fits, header_row))]
    good = sorted((each for each in cuts if _is_table(each)), key=lambda c: c.rank, reverse=True)
    if sign and cuts:
        evidence = sample.first[0] if announced and not delimiter else ""
        return Way(cut=cuts[0], certainty="stated" if delimiter else "certain", evidence=evidence)
    if not good:
        return None
    best, *others = good
    if not others:
        return Way(cut=best, certainty="certain")
    fitting = [each for each in good if each.rank[0]]
    if len(fitting) == 1:
        return Way(cut=best, certainty="certain")
    usual = [each for each in good if each.dialect.delimiter in USUAL]
    for some in (fitting, usual, good):
        if some and _is_ahead(some):
            return Way(cut=some[0], certainty="likely")
    return None


def _is_ahead(cuts: Sequence[Cut]) -> bool:
    """Whether the first one is more regular than the others or has more columns."""
    best, *others = cuts
    return all(
        other.regular < CLEAR * best.regular
        or other.n_above > best.n_above
        or (best.n_fields > other.n_fields and best.regular >= other.regular - 0.05)
        for other in others
    )


def _announced(lines: Sequence[str]) -> str:
    """The delimiter that Excel's ``sep=;`` in the first line announces."""
    head = lines[0].strip("\r\n").strip('"') if lines else ""
    return head[4] if len(head) == 5 and head.casefold().startswith("sep=") else ""


def _occurs(lines: Iterable[str], sign: str) -> bool:
    return any(sign in line for line in lines)


def _best_quote(sample: Sample, sign: str, fits: Fits, header_row: int | None) -> Cut | None:
    """The way of quoting that leaves the fewest broken and irregular rows."""
    text = "\n".join([*sample.first, *(line for lines in sample.others for line in lines)])
    ways = [Dialect(delimiter=sign)]
    if '\\"' in text:
        ways.append(Dialect(delimiter=sign, escape="\\"))
    if _is_around_fields(text, "'", sign) and sign != "'":
        ways.append(Dialect(delimiter=sign, quote="'"))
    if '"' in text:
        ways.append(Dialect(delimiter=sign, quote=""))
    cuts = [_cut(sample, dialect, fits, header_row) for dialect in ways]

    def score(cut: Cut) -> float:
        return cut.regular - cut.broken / max(1, len(cut.rows)) - _left_quotes(cut)

    best = cuts[0]
    for cut in cuts[1:]:
        is_plain = not cut.dialect.quote
        if is_plain and best.broken < MANY_BROKEN:
            continue
        if score(cut) > score(best) + (0.2 if is_plain else 0.005):
            best = cut
    return best


def _is_around_fields(text: str, quote: str, sign: str) -> bool:
    return text.count(f"{sign}{quote}") + text.count(f"{quote}{sign}") > 1


def _left_quotes(cut: Cut) -> float:
    """Share of the fields that still have signs around them that look like quotes."""
    fields = [field for row in cut.rows[:ROWS] for field in row.fields if field]
    left = sum(
        len(field) > 1 and field[0] == field[-1] and field[0] in "\"'" for field in fields
    ) + sum('\\"' in field or field.endswith("\\") for field in fields)
    return left / max(1, len(fields))


def _cut(sample: Sample, dialect: Dialect, fits: Fits, header_row: int | None) -> Cut:
    skipped = 1 if _announced(sample.first) else 0
    found = records(sample.first[skipped:], dialect, most=ROWS + header_rows.MOST_ROWS)
    rows = [
        Row(line=each.line + skipped, cells=each.fields, n_lines=each.n_lines) for each in found
    ]
    header = header_rows.choose(rows, fits, stated=header_row)
    n_fields = len(header.names) if header else 0
    start = header.first_line - 1 if header else 0
    body = records(sample.first[start:], dialect, n_fields=n_fields, most=ROWS)
    body = [replace(row, line=row.line + start) for row in body if not row.is_blank]
    for lines in sample.others:
        piece = records(lines, dialect, n_fields=n_fields, most=ROWS)
        body += [row for row in piece if not row.is_blank]
    counts = Counter(len(row.fields) for row in body if len(row.fields) > 1)
    regular = counts[n_fields] / len(body) if body else 1.0
    broken = sum(bool(row.problem) for row in body)
    return Cut(dialect=dialect, header=header, rows=body, regular=regular, broken=broken)


def _is_table(cut: Cut) -> bool:
    """Whether there are columns, and nearly all rows have as many as the heading."""
    if cut.header is None or cut.n_fields < 2:
        return False
    is_usual = cut.dialect.delimiter in USUAL or len(cut.rows) > 1
    is_regular = cut.regular >= REGULAR
    if cut.dialect.delimiter == " ":
        return cut.header.fits and is_regular
    return cut.header.fits or (is_regular and is_usual)


def stated_sign(text: str) -> str:
    """A delimiter as somebody has stated it, as one sign.

    Raises:
        PlaybookError: It is no single sign.
    """
    sign = STATED.get(text.strip().casefold() or text, text)
    if len(sign) == 1 and sign not in "\"'\r\n" and not sign.isalnum():
        return sign
    raise PlaybookError(
        _("“{sign}” is no sign between columns.").format(sign=text),
        advice=_("State it with --delimiter: , ; | or tab."),
    )
