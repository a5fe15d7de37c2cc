"""A known table in a random dialect is read back to the kopeck, or the import says why not.

``PLAYBOOK_DIALECTS=5000`` looks at as many dialects, other ones each time, and makes a failing
one small.
"""

import csv
import datetime as dt
import gzip
import io
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from playbook.data import storage
from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
LONG = int(os.environ.get("PLAYBOOK_DIALECTS", "0"))
STORES = ("Центр", "Север", "Юг-2", "Маяк на набережной", "012")
CENT = Decimal("0.01")


def looked_at(n):
    """So many examples; the same ones each time unless somebody asks for more."""
    return settings(
        max_examples=LONG or n,
        derandomize=not LONG,
        deadline=None,
        database=None,
        phases=list(Phase) if LONG else [Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One receipt of the known table."""

    at: dt.datetime
    store: str
    customer: str | None
    number: str
    amount: Decimal

    @property
    def row(self):
        return (str(self.at), self.store, self.customer or "", self.amount)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way of writing the table."""

    encoding: str
    delimiter: str
    quoting: int
    ends: str
    decimal: str
    thousands: str
    currency: str
    minus: str
    moment: str
    titles: int
    is_padded: bool
    total: str
    pages: int
    notes: int
    blanks: bool
    packing: str
    is_split: bool

    def number(self, amount):
        digits = f"{abs(amount):,.2f}".replace(",", "_").replace(".", self.decimal)
        text = digits.replace("_", self.thousands) + self.currency
        return text if amount >= 0 else self.minus.format(text)

    def line(self, receipt):
        return [
            *[receipt.at.strftime(part) for part in self.moment.split("&")],
            receipt.store,
            receipt.customer or "",
            receipt.number,
            self.number(receipt.amount),
        ]

    @property
    def heading(self):
        return [
            *["Дата", "Время"][: 1 + self.moment.count("&")],
            "Магазин", "Карта", "Номер чека", "Сумма",
        ]  # fmt: skip

    @property
    def is_in_doubt(self):
        """Whether the order of day and month has to be found out."""
        return self.moment[:3] in {"%d/", "%m/", "%d-"}

    @property
    def has_time(self):
        return "%H" in self.moment or "%I" in self.moment


receipts = st.lists(
    st.builds(
        Receipt,
        at=st.datetimes(dt.datetime(2023, 1, 1), dt.datetime(2025, 5, 31)).map(  # noqa: DTZ001
            lambda at: at.replace(second=0, microsecond=0)
        ),
        store=st.sampled_from(STORES),
        customer=st.none() | st.integers(1, 40).map("K{:05}".format),
        number=st.just(""),
        amount=st.decimals("-9999.99", "2500000.00", places=2),
    ),
    min_size=3,
    max_size=30,
).map(lambda found: [number_it(receipt, i) for i, receipt in enumerate(found, start=101)])


def number_it(receipt, number):
    return Receipt(**{**vars(receipt), "number": str(number)})


# A sign of thousands that is not the one of decimals, and no comma that parts the columns too.
_numbers = st.sampled_from(
    [
        (",", ""), (",", " "), (",", "\N{NO-BREAK SPACE}"), (",", "."), (".", ""), (".", ","),
        (".", "'"), (".", " "), (",", "\N{NARROW NO-BREAK SPACE}"),
    ]
)  # fmt: skip
_MOMENTS = (
    "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p", "%Y%m%d", "%d.%m.%y %H:%M", "%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M",
    "%d.%m.%Y&%H:%M", "%d.%m.%Y&%H:%M:%S", "%d-%b-%Y %H:%M", "%Y-%m-%d&%H:%M",
)  # fmt: skip


@st.composite
def dialects(draw):
    """A dialect that can be written."""
    decimal, thousands = draw(_numbers)
    encodings = [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1251",
        "cp866",
        "koi8-r",
    ]
    if thousands == "\N{NARROW NO-BREAK SPACE}":
        encodings = encodings[:5]
    return Dialect(
        encoding=draw(st.sampled_from(encodings)),
        delimiter=draw(st.sampled_from(";,\t|")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        ends=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        decimal=decimal,
        thousands=thousands,
        currency=draw(st.sampled_from(["", "", " руб.", " RUB"])),
        minus=draw(st.sampled_from(["-{}", "{}-", "({})", "- {}"])),
        moment=draw(st.sampled_from(_MOMENTS)),
        titles=draw(st.sampled_from([0, 0, 1, 4, 7])),
        is_padded=draw(st.booleans()),
        total=draw(st.sampled_from(["", "", "Итого", "ИТОГО ПО ОТЧЕТУ:", "Total", "Всего"])),
        pages=draw(st.sampled_from([0, 0, 5])),
        notes=draw(st.sampled_from([0, 0, 2])),
        blanks=draw(st.booleans()),
        packing=draw(st.sampled_from(["", "", "zip", "gz"])),
        is_split=draw(st.booleans()),
    )


def lines_of(rows, dialect):
    """All lines of a file: titles, heading, rows, pages, total and notes."""
    width = len(dialect.heading)
    lines = [[f"Отчёт о продажах, часть {i}"] for i in range(dialect.titles)]
    lines += [[], dialect.heading] if dialect.titles and dialect.blanks else [dialect.heading]
    for place, receipt in enumerate(rows):
        if dialect.pages and place and place % dialect.pages == 0:
            lines.append(dialect.heading)
        lines.append(dialect.line(receipt))
    if dialect.total:
        whole = dialect.number(sum(receipt.amount for receipt in rows))
        lines.append([dialect.total, *[""] * (width - 2), whole])
    lines += [["Исполнитель: Иванова М. П."], ["Отчёт сформирован автоматически"]][: dialect.notes]
    if dialect.is_padded:
        lines = [line + [""] * (width - len(line)) for line in lines]
    return lines


def as_text(rows, dialect):
    target = io.StringIO()
    writer = csv.writer(
        target,
        delimiter=dialect.delimiter,
        quoting=dialect.quoting,
        lineterminator=dialect.ends,
    )
    writer.writerows(lines_of(rows, dialect))
    return target.getvalue().encode(dialect.encoding)


def as_book(rows, dialect):
    """A workbook whose cells are of its own kind, or text where the dialect has a currency."""
    book = openpyxl.Workbook()
    sheet = book.active
    is_text = bool(dialect.currency)
    known = {tuple(dialect.line(receipt)): receipt for receipt in rows}
    for line in lines_of(rows, dialect):
        receipt = known.get(tuple(line))
        if receipt is not None and not is_text:
            times = (
                [receipt.at.date(), receipt.at.time()] if "&" in dialect.moment else [receipt.at]
            )
            line = [*times, receipt.store, receipt.customer, receipt.number, float(receipt.amount)]
        sheet.append([None if cell == "" else cell for cell in line])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_parquet(rows, _dialect):
    table = pa.table(
        {
            "Дата": pa.array([receipt.at for receipt in rows], pa.timestamp("us")),
            "Магазин": [receipt.store for receipt in rows],
            "Карта": pa.array([receipt.customer for receipt in rows], pa.string()),
            "Номер чека": [int(receipt.number) for receipt in rows],
            "Сумма": [float(receipt.amount) for receipt in rows],
        }
    )
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()


KINDS = {"csv": as_text, "xlsx": as_book, "parquet": as_parquet}


def written(folder, rows, dialect, kind):
    """The files of a table: one, or one for each half, packed or not."""
    halves = [rows]
    if dialect.is_split and len(rows) > 1:
        halves = [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    contents = {f"part{i}.{kind}": KINDS[kind](half, dialect) for i, half in enumerate(halves)}
    if dialect.packing == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        contents = {"parts.zip": packed.getvalue()}
    elif dialect.packing == "gz":
        contents = {f"{name}.gz": gzip.compress(content) for name, content in contents.items()}
    paths = [folder / name for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def engagement(tmp_path_factory):
    """A data folder with a table in it, to be copied."""
    folder = tmp_path_factory.mktemp("before")
    text = "date,store,card,receipt,amount\n2024-01-13,1,K1,1,7.77\n"
    (folder / "before.csv").write_text(text, encoding="utf-8")
    import_files(folder / "data", [folder / "before.csv"], Options(), today=TODAY)
    return folder / "data"


def contents_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def outcome(data, files):
    """The report of an import, or the words of its error; a traceback is let through."""
    try:
        return import_files(data, files, Options(replace=True), today=TODAY), ""
    except PlaybookError as error:
        return None, str(error)


def imported(folder, files, engagement):
    """The report and the rows, or the error of an import that changed nothing."""
    data = folder / "data"
    shutil.copytree(engagement, data)
    report, error = outcome(data, files)
    if report is None:
        assert contents_of(data) == contents_of(engagement)
        return None, [], error
    assert report.rows_read == report.rows_loaded + report.rows_set_aside
    stored = storage.find(data, "receipts")
    columns = ["at", "store_id", "customer_id", "amount"]
    table = pq.read_table(stored.files[0], columns=columns)
    rows = [
        (str(at), store, who or "", amount)
        for at, store, who, amount in zip(*(c.to_pylist() for c in table.columns), strict=True)
    ]
    assert Decimal(str(report.as_json()["amount_total"])) == sum(row[3] for row in rows)
    return report, rows, ""


def wanted(rows, dialect, kind):
    """The rows as they come back: without a time of day where none was written."""
    has_time = dialect.has_time or kind == "parquet" or (kind == "xlsx" and not dialect.currency)
    return Counter(
        receipt.row if has_time else (str(receipt.at.replace(hour=0, minute=0)), *receipt.row[1:])
        for receipt in rows
    )


def may_ask(rows, dialect, kind):
    """Whether a file says nothing about the order of day and month."""
    if kind == "parquet" or not dialect.is_in_doubt or (kind == "xlsx" and not dialect.currency):
        return False
    halves = [rows[: len(rows) // 2], rows[len(rows) // 2 :]] if dialect.is_split else [rows]
    return any(all(receipt.at.day <= 12 for receipt in half) for half in halves)


@looked_at(80)
@given(rows=receipts, dialect=dialects(), kind=st.sampled_from(["csv", "csv", "xlsx", "parquet"]))
def test_a_table_in_any_dialect_is_read_back_to_the_kopeck(engagement, rows, dialect, kind):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = written(folder, rows, dialect, kind)
        report, found, error = imported(folder, files, engagement)
        if report is None:
            assert may_ask(rows, dialect, kind), error
            assert "--date-order" in error
        else:
            assert Counter(found) == wanted(rows, dialect, kind)
            totals = report.stated_totals
            assert bool(totals) == bool(dialect.total and kind != "parquet")
            assert all(total.found == total.stated for total in totals)


@looked_at(40)
@given(
    rows=st.lists(st.integers(1, 12), min_size=2, max_size=12),
    style=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]),
    amounts=st.sampled_from(["{}.{:03}", "{},{:03}"]),
)
def test_what_can_be_read_in_two_ways_is_asked_about(engagement, rows, style, amounts):
    lines = [
        f"{dt.date(2024, month, 1 + i % 12):{style}};1;K{i};{i};{amounts.format(month, 100 + i)}"
        for i, month in enumerate(rows)
    ]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "tills.csv"
        path.write_text("\n".join(["date;store;card;receipt;amount", *lines]), encoding="utf-8")
        report, _found, error = imported(Path(name), [path], engagement)
        assert report is None
        assert "--decimal" in error


# Rows whose dates and amounts can be read in one way only, whatever happens to one of them.
PLAIN = [
    Receipt(
        at=dt.datetime(2024, 1 + i % 12, 13 + i % 15, 9 + i % 12, i % 60),  # noqa: DTZ001
        store=STORES[i % 4],
        customer=f"K{i % 7:05}" if i % 3 else None,
        number=str(1000 + i),
        amount=Decimal(i * 7919 % 500000 - 9000) * CENT,
    )
    for i in range(1, 25)
]
ROWS = {receipt.row for receipt in PLAIN}
SIMPLE = Dialect(
    encoding="utf-8", delimiter=";", quoting=csv.QUOTE_MINIMAL, ends="\n", decimal=",",
    thousands=" ", currency="", minus="-{}", moment="%d.%m.%Y %H:%M", titles=0, is_padded=False,
    total="", pages=0, notes=0, blanks=False, packing="", is_split=False,
)  # fmt: skip

_byte = st.tuples(st.just("byte"), st.integers(0, 10_000), st.integers(1, 255))
_line = st.tuples(
    st.sampled_from(["cut", "drop field", "add field", "repeat", "delete", "empty field", "quote"]),
    st.integers(0, 10_000),
    st.integers(0, 4),
)
_end = st.tuples(st.just("end"), st.integers(0, 10_000), st.just(0))


def damaged(content, wound):
    """The content after one accident."""
    kind, place, value = wound
    if not content:
        return content
    if kind == "byte":
        place %= len(content)
        return content[:place] + bytes([content[place] ^ value]) + content[place + 1 :]
    if kind == "end":
        return content[: max(1, place % len(content))]
    lines = content.split(b"\n")
    i = place % len(lines)
    fields = lines[i].split(b";")
    match kind:
        case "cut":
            lines[i] = lines[i][: len(lines[i]) // 2]
        case "drop field":
            lines[i] = b";".join(fields[:value] + fields[value + 1 :])
        case "add field":
            lines[i] = b";".join([*fields[:value], b"5,00", *fields[value:]])
        case "empty field":
            lines[i] = b";".join([*fields[:value], b"", *fields[value + 1 :]])
        case "quote":
            lines[i] = b";".join([*fields[:value], b'"' + b";".join(fields[value:])])
        case "repeat":
            lines.insert(i, lines[i])
        case "delete":
            del lines[i]
    return b"\n".join(lines)


@looked_at(60)
@given(
    wounds=st.lists(_byte | _line | _end, min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "cp1251", "utf-8-sig"]),
)
def test_a_damaged_text_never_becomes_other_rows(engagement, wounds, encoding):
    content = as_text(PLAIN, Dialect(**{**vars(SIMPLE), "encoding": encoding}))
    for wound in wounds:
        content = damaged(content, wound)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "tills.csv"
        path.write_bytes(content)
        report, found, _error = imported(Path(name), [path], engagement)
        if report is not None:
            # an accident touches one line, or two where it takes the end of one
            strange = [row for row in found if row not in ROWS]
            assert len(strange) <= 2 * len(wounds), strange


@looked_at(60)
@given(
    kind=st.sampled_from(["xlsx", "parquet", "zip", "gz"]),
    wounds=st.lists(_byte | _end, min_size=1, max_size=3),
)
def test_a_damaged_workbook_or_archive_is_told_in_words(engagement, kind, wounds):
    dialect = Dialect(**{**vars(SIMPLE), "packing": kind if kind in {"zip", "gz"} else ""})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (path,) = written(folder, PLAIN, dialect, kind if kind in KINDS else "csv")
        content = path.read_bytes()
        for wound in wounds:
            content = damaged(content, wound)
        path.write_bytes(content)
        _report, found, _error = imported(folder, [path], engagement)
        if kind in {"zip", "gz"}:  # their sums of check tell
            assert set(found) <= ROWS
