"""Small writers: the same receipts in this dialect or in that."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from hostile.case import SHOP, Maker, Row

RUSSIAN = ("Дата", "Магазин", "Карта", "Сумма")
ENGLISH = ("date", "store", "card", "amount")
NBSP, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
OF_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def moment(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at)


def comma(amount: Decimal, thousands: str = " ") -> str:
    """1 234,56 or the like."""
    return f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", thousands)


def point(amount: Decimal, thousands: str = "") -> str:
    """1234.56 or the like."""
    return f"{amount:,.2f}".replace(",", thousands)


def dotted(at: dt.datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M}"


def iso(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def cells(
    rows: Sequence[Row] = SHOP,
    *,
    at: Callable[[dt.datetime], str] = dotted,
    number: Callable[[Decimal], str] = comma,
) -> list[list[str]]:
    """Moment, store, customer, amount of each receipt as a file writes them."""
    return [
        [at(moment(when)), store, who or "", number(Decimal(amount))]
        for when, store, who, amount in rows
    ]


def joined(lines: Iterable[Sequence[str]], delimiter: str = ";", ends: str = "\n") -> str:
    """Lines of a file, quoted where it cannot be helped."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=ends).writerows(lines)
    return target.getvalue()


def shop(
    heading: Sequence[str] = RUSSIAN,
    *,
    rows: Sequence[Row] = SHOP,
    at: Callable[[dt.datetime], str] = dotted,
    number: Callable[[Decimal], str] = comma,
    delimiter: str = ";",
    ends: str = "\n",
) -> str:
    """The receipts as the text of a file."""
    return joined([heading, *cells(rows, at=at, number=number)], delimiter, ends)


def text(content: str | bytes, *, encoding: str = "utf-8", name: str = "export.csv") -> Maker:
    """A maker of one file of text."""
    return files({name: content if isinstance(content, bytes) else content.encode(encoding)})


def files(contents: dict[str, bytes | str]) -> Maker:
    """A maker of several files, given to the import in this order."""

    def make(folder: Path) -> list[Path]:
        made = []
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            made.append(path)
        return made

    return make


def in_folder(contents: dict[str, bytes | str], name: str = "export") -> Maker:
    """A maker of a folder of files, given to the import as one."""

    def make(folder: Path) -> list[Path]:
        files({f"{name}/{inner}": content for inner, content in contents.items()})(folder)
        return [folder / name]

    return make
