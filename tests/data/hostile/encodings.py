"""The same table in every encoding that tills and spreadsheets write."""

from __future__ import annotations

import codecs

from hostile.case import SHOP, Case, Loads, Stops
from hostile.writing import ENGLISH, RUSSIAN, cells, comma, joined, point, shop, text

_BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


def _written(encoding: str, mark: bytes = b"", ends: str = "\r\n") -> bytes:
    return mark + shop(ends=ends).encode(encoding)


def _found(encoding: str) -> Loads:
    return Loads(findings=(("encoding", encoding), ("delimiter", ";"), ("decimal", "comma")))


def _case(encoding: str, *, is_marked: bool = False) -> Case:
    mark = _BOMS[encoding] if is_marked else b""
    words = "with a byte order mark" if is_marked else "without a mark"
    return Case(
        name=f"encoding_{encoding}{'_marked' if is_marked else ''}",
        about=f"Russian text in {encoding}, {words}",
        make=text(_written(encoding, mark)),
        outcome=_found(encoding),
    )


_ABROAD = tuple((at, {"Центр": "Köln Süd", "Север": "Genève"}[s], *r) for at, s, *r in SHOP)
_EURO = tuple((at, {"Центр": "Gare", "Север": "Plage"}[s], *r) for at, s, *r in SHOP)
_MIXED = shop().encode().replace("Север".encode(), "Север".encode("cp1251"), 1)
_YO = tuple((at, {"Центр": "Ёлки", "Север": "Ъ"}[s], *r) for at, s, *r in SHOP)
_BARE = tuple((at, {"Центр": "1", "Север": "2"}[s], *r) for at, s, *r in SHOP)
_UKRAINE = tuple((at, {"Центр": "Київ, Хрещатик", "Север": "Їжак"}[s], *r) for at, s, *r in SHOP)

CASES = [
    *(_case(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")),
    *(_case(encoding, is_marked=True) for encoding in _BOMS),
    *(_case(encoding) for encoding in ("cp1251", "cp866", "koi8-r")),
    *(
        Case(
            name=f"heading_only_{encoding}",
            about=f"Only the heading is Russian, in {encoding}: a few dozen letters decide",
            make=text(shop(rows=_BARE).encode(encoding)),
            outcome=Loads(rows=_BARE, findings=(("encoding", encoding),)),
        )
        for encoding in ("cp1251", "cp866", "koi8-r")
    ),
    *(
        Case(
            name=f"capitals_{encoding}",
            about=f"A heading in capitals in {encoding}, which looks like another encoding",
            make=text(shop([h.upper() for h in RUSSIAN], rows=_BARE).encode(encoding)),
            outcome=Loads(rows=_BARE, findings=(("encoding", encoding),)),
        )
        for encoding in ("cp1251", "cp866", "koi8-r")
    ),
    Case(
        name="latin_1",
        about="German and French store names in Latin-1",
        make=text(shop(ENGLISH, rows=_ABROAD).encode("latin-1")),
        outcome=Loads(rows=_ABROAD, findings=(("encoding", "latin-1"),)),
    ),
    Case(
        name="cp1252_euro",
        about="A euro sign of Windows-1252 behind every amount",
        make=text(shop(ENGLISH, rows=_EURO, number=lambda a: comma(a, "") + " €").encode("cp1252")),
        outcome=Loads(rows=_EURO, findings=(("encoding", "cp1252"),)),
    ),
    Case(
        name="rare_letters_cp1251",
        about="Store names of rare letters in cp1251",
        make=text(shop(rows=_YO).encode("cp1251")),
        outcome=Loads(rows=_YO, findings=(("encoding", "cp1251"),)),
    ),
    Case(
        name="ascii_then_russian",
        about="More than a megabyte of ASCII before the first Russian letter in cp1251",
        make=text(
            joined(
                [
                    ENGLISH,
                    *[[f"2024-01-{i % 28 + 1:02} 10:00", "1", "", "10.50"] for i in range(45_000)],
                    ["2024-02-28 10:00", "Центральный", "", "10.50"],
                ],
                ",",
            ),
            encoding="cp1251",
        ),
        outcome=Loads(
            rows=(
                *((f"2024-01-{i % 28 + 1:02} 10:00", "1", None, "10.50") for i in range(45_000)),
                ("2024-02-28 10:00", "Центральный", None, "10.50"),
            )
        ),
    ),
    Case(
        name="mixed_encodings",
        about="UTF-8 with one store name in cp1251: two programs wrote into one file",
        make=text(_MIXED),
        outcome=Stops(names=("--encoding|encoding",)),
    ),
    Case(
        name="stated_encoding",
        about="KOI8-R, and somebody says so",
        make=text(shop().encode("koi8-r")),
        options={"encoding": "koi8-r"},
        outcome=_found("koi8-r"),
    ),
    Case(
        name="wrong_encoding_stated",
        about="cp1251, and somebody says that it is UTF-8",
        make=text(shop().encode("cp1251")),
        options={"encoding": "utf-8"},
        outcome=Stops(names=("utf-8|UTF-8",)),
    ),
    Case(
        name="unknown_encoding_stated",
        about="An encoding that does not exist",
        make=text(shop()),
        options={"encoding": "klingon"},
        outcome=Stops(names=("klingon",)),
    ),
    Case(
        name="mark_in_the_middle",
        about="Two exports of UTF-8 with a mark, one glued to the other",
        make=text(2 * (codecs.BOM_UTF8 + shop(number=point).encode())),
        outcome=Loads(
            rows=(*SHOP, *SHOP), aside={"heading_again": 1}, warnings=("identical_rows",)
        ),
    ),
    Case(
        name="utf_16_cut",
        about="UTF-16 that ends in the middle of a letter",
        make=text(_written("utf-16-le", codecs.BOM_UTF16_LE)[:-3]),
        outcome=Stops(names=("export.csv",)),
    ),
    Case(
        name="unicode_text",
        about="What Excel calls Unicode text: UTF-16, tabs, quotes",
        make=text(
            codecs.BOM_UTF16_LE
            + joined([[f"{h}" for h in RUSSIAN], *cells()], "\t", "\r\n").encode("utf-16-le")
        ),
        outcome=Loads(findings=(("encoding", "utf-16"), ("delimiter", "tab"))),
    ),
    Case(
        name="mark_before_quotes",
        about="A mark before the quotes of the first heading",
        make=text(
            codecs.BOM_UTF8
            + "".join(
                ";".join(f'"{cell}"' for cell in row) + "\r\n" for row in [RUSSIAN, *cells()]
            ).encode()
        ),
        outcome=Loads(),
    ),
    Case(
        name="mark_before_sep",
        about="A mark before the line that names the delimiter",
        make=text(codecs.BOM_UTF8 + b"sep=;\r\n" + shop().encode()),
        outcome=Loads(),
    ),
    Case(
        name="macintosh",
        about="Russian as a Macintosh wrote it: no letter may become another",
        make=text(shop(ends="\r").encode("mac-cyrillic")),
        outcome=Loads(may_stop=True),
    ),
    Case(
        name="ukrainian_cp1251",
        about="Ukrainian names of stores in cp1251",
        make=text(shop(rows=_UKRAINE).encode("cp1251")),
        outcome=Loads(rows=_UKRAINE, findings=(("encoding", "cp1251"),)),
    ),
]
