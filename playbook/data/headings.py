"""Which column of a file is which of ours: stated, or known by its name, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playbook.data import contents
from playbook.data.columns import COLUMNS
from playbook.data.contents import Samples
from playbook.data.findings import Certainty
from playbook.data.meanings import id_rank, means, words_of
from playbook.data.names import names_of, plain
from playbook.data.schema import Table
from playbook.data.sheets import Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _

COPY = re.compile(r" \(\d+\)$")  # what tells two columns of one heading apart
_CLOCK = ("время", "time", "час", "clock", "uhrzeit", "heure", "hora")
FILE_NAME = "FILENAME"  # what is stated where each file is of one store
_CONSTANT = re.compile(r"(['\"])(.+)\1")
_QUANTITY = frozenset(
    map(plain, ("количество", "кол-во", "кол", "qty", "quantity", "units", "шт", "pieces"))
)
_PRICE = frozenset(
    map(plain, ("цена", "price", "unit price", "цена за единицу", "цена за шт", "цена продажи"))
)
_TIMES = re.compile(r"[*×]")


@dataclass(frozen=True, kw_only=True)
class Matches:
    """Our columns found in one file.

    Attributes:
        found: Our name to the file's column.
        missing: Ours that the table needs and the file does not have.
        doubtful: Ours that several columns of the file could be.
        certainty: Our name to how sure it is.
        refused: Ours to headings of that name whose cells are something else.
        clock: The time of day, where the date has a column of its own.
        quantity: Pieces, where the amount is their product with the price.
        price: Money for a piece.
        constants: Ours to the value of all rows, or to ``FILENAME``, as somebody has stated it.
        factors: Columns whose product may be the amount, if somebody says so.
    """

    found: dict[str, Source]
    missing: tuple[str, ...] = ()
    doubtful: dict[str, tuple[str, ...]] = field(default_factory=dict)
    certainty: dict[str, Certainty] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clock: Source | None = None
    quantity: Source | None = None
    price: Source | None = None
    constants: dict[str, str] = field(default_factory=dict)
    factors: str = ""


def match(
    columns: Sequence[Source],
    table: Table,
    stated: Mapping[str, str],
    samples: Samples | None = None,
) -> Matches:
    """Find the columns of a table in a file.

    A stated column wins over our own name, our own name over all the others, a usual name over
    one that only means the same; what is in the columns confirms their names.

    Args:
        columns: The columns of the file.
        table: The table that is wanted.
        stated: Our name to a heading of the file, as somebody has stated it.
        samples: Cells of the columns; without them, names alone decide.
    """
    search = _Search(columns, stated, samples or {}, table)
    for name in table.columns:
        search.known(name)
    for name in table.columns:
        search.meant(name)
    needed = set(table.needed)
    quantity, price, factors = search.product() if "amount" in needed else (None, None, "")
    for name in set(table.optional) & search.doubtful.keys():
        del search.doubtful[name]  # what a table can do without is no question
    known = search.found.keys() | search.doubtful.keys() | search.constants.keys()
    if table.any_of and not known & set(table.any_of):
        needed.add(table.any_of[0])
    missing = tuple(name for name in table.columns if name in needed - known)
    return Matches(
        found=search.found,
        missing=missing,
        doubtful=search.doubtful,
        certainty=search.certainty,
        refused=search.refused,
        clock=search.clock() if "at" in search.found else None,
        quantity=quantity,
        price=price,
        factors=factors,
        constants=search.constants,
    )


class _Search:
    """One search through the columns of a file; each is taken for one of ours only."""

    def __init__(
        self,
        columns: Sequence[Source],
        stated: Mapping[str, str],
        samples: Samples,
        table: Table,
    ) -> None:
        self.columns, self.stated, self.samples, self.table = columns, stated, samples, table
        self.found: dict[str, Source] = {}
        self.doubtful: dict[str, tuple[str, ...]] = {}
        self.refused: dict[str, tuple[str, ...]] = {}
        self.certainty: dict[str, Certainty] = {}
        self.constants: dict[str, str] = {}
        self.stated_clock: Source | None = None
        taken = {plain(heading) for heading in stated.values()}
        self.free = [source for source in columns if plain(source.heading) not in taken]

    def known(self, name: str) -> None:
        """Find a column by what somebody has stated, by our own name or a usual one."""
        if name in self.stated:
            self._stated(name, self.stated[name])
            return
        own = [source for source in self.free if source.heading.strip().casefold() == name]
        if own:
            self._take(name, own[:1], "certain")
            return
        names = names_of(name, self.table.name)
        self._take(
            name,
            self._confirmed(
                name, [s for s in self.free if plain(COPY.sub("", s.heading)) in names]
            ),
            "certain",
        )

    def _stated(self, name: str, text: str) -> None:
        """Take a column, a date and its clock, or one value for all rows."""
        self._take(name, self._with_heading(text), "stated")
        if name in self.found:
            return
        if text == FILE_NAME:
            self.constants[name] = text
        elif constant := _CONSTANT.fullmatch(text):
            self.constants[name] = constant[2]
        elif name == "at" and "+" in text:
            date, clock = (self._with_heading(part) for part in text.split("+", 1))
            if date and clock:
                self._take(name, date, "stated")
                self.stated_clock = clock[0]

    def _with_heading(self, text: str) -> list[Source]:
        return [s for s in self.columns if plain(s.heading) == plain(text)][:1]

    def meant(self, name: str) -> None:
        """Find a column by the words of its heading, where no usual name was found."""
        if name in self.found or name in self.doubtful or name in self.stated:
            return
        used = {source.name for source in self.found.values()}
        some = [s for s in self.free if s.name not in used and means(s.heading, name)]
        self._take(name, self._confirmed(name, some), "likely")

    def _take(self, name: str, fitting: Sequence[Source], certainty: Certainty) -> None:
        if len(fitting) > 1:
            self.doubtful[name] = tuple(source.heading for source in fitting)
        elif fitting:
            self.found[name] = fitting[0]
            self.certainty[name] = certainty

    def _confirmed(self, name: str, some: Sequence[Source]) -> list[Source]:
        """Those whose cells are what the name says, the nearest ones if some are nearer."""
        cells = self.samples
        good = [s for s in some if contents.may_be(name, s, cells.get(s.name, ()))]
        if wrong := tuple(s.heading for s in some if s not in good):
            self.refused[name] = wrong
        if len(good) < 2:
            return good
        ranks = [self._rank(name, source) for source in good]
        return [s for s, rank in zip(good, ranks, strict=True) if rank == max(ranks)]

    def _rank(self, name: str, source: Source) -> int:
        cells = self.samples.get(source.name, ())
        if COLUMNS[name].kind == "moment":
            return int(contents.holds_moments(source, cells))
        if name.endswith("_id"):
            return id_rank(source.heading) + 2 * bool(cells or not self.samples)
        return 0

    def clock(self) -> Source | None:
        """The column with the time of day, where dates come without one."""
        if self.stated_clock:
            return self.stated_clock
        date = self.found["at"]
        cells = self.samples.get(date.name, ())
        if not cells or contents.holds_moments(date, cells):
            return None
        used = {source.name for source in self.found.values()}
        some = [
            source
            for source in self.columns
            if source.name not in used
            and any(word.startswith(_CLOCK) for word in words_of(source.heading))
            and contents.holds_times(self.samples.get(source.name, ()))
        ]
        return some[0] if len(some) == 1 else None

    def product(self) -> tuple[Source | None, Source | None, str]:
        """Quantity and price where somebody has stated their product; else their names."""
        if "amount" in self.doubtful or "amount" in self.found:
            return None, None, ""
        parts = [plain(part) for part in _TIMES.split(self.stated.get("amount", ""))]
        is_stated = len(parts) == 2
        names = [frozenset({part}) for part in parts] if is_stated else [_QUANTITY, _PRICE]
        quantity, price = (self._named(some) for some in names)
        if quantity is None or price is None or ("amount" in self.stated and not is_stated):
            return None, None, ""
        heading = f"{quantity.heading} × {price.heading}"
        if not is_stated:
            return None, None, f"{quantity.heading}*{price.heading}"
        self.found["amount"] = Source(heading=heading, name=quantity.name, form=quantity.form)
        self.certainty["amount"] = "stated"
        return quantity, price, ""

    def _named(self, names: frozenset[str]) -> Source | None:
        some = [source for source in self.columns if plain(source.heading) in names]
        return some[0] if len(some) == 1 else None


def stated_columns(pairs: Sequence[str], table: Table) -> dict[str, str]:
    """``amount=Сумма`` as our name and the file's heading.

    Raises:
        PlaybookError: Names every pair that is no pair, or whose column the table does not have.
    """
    stated: dict[str, str] = {}
    problems = []
    for pair in pairs:
        name, sign, heading = pair.partition("=")
        if not sign or not heading.strip():
            problems.append(_("“{pair}” is not of the form COLUMN=HEADING.").format(pair=pair))
        elif name.strip() not in table.columns:
            problems.append(_("“{column}” is no column of the table.").format(column=name.strip()))
        else:
            stated[name.strip()] = heading.strip()
    if problems:
        raise PlaybookError(
            _("The columns cannot be found as stated with --map."),
            problems=problems,
            advice=_("Columns of “{table}”: {columns}").format(
                table=table.name, columns=", ".join(table.columns)
            ),
        )
    return stated


def fits(heading: Sequence[str], table: Table, stated: Mapping[str, str]) -> bool:
    """Whether a heading has every column that a table needs, as far as names tell."""
    sources = [Source(heading=text, name=text) for text in heading]
    return not match(sources, table, stated).missing
