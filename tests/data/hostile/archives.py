"""Packed exports: several members, nested ones, ones that climb out, bombs and cut ones."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from hostile.case import SHOP, Case, Loads, Stops
from hostile.workbooks import book, typed
from hostile.writing import RUSSIAN, files, shop, text


def packed(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of some members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _with_russian_names(names: dict[str, str]) -> bytes:
    """Names in cp866 and not marked as UTF-8, as Windows packs them."""
    plain = {f"{'ab'[i] * (len(name) - 4)}.csv": name for i, name in enumerate(names)}
    raw = packed({short: names[long] for short, long in plain.items()})
    for short, long in plain.items():
        raw = raw.replace(short.encode(), long.encode("cp866"))
    return raw


def _encrypted() -> bytes:
    """The sign of encryption on every member; the bytes are none that could be read."""
    raw = bytearray(packed({"sales.csv": shop()}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _bomb(megabytes: int = 3000) -> bytes:
    """Three gigabytes of nothing in a few megabytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    body = block + (deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)) * (
        megabytes - 1
    )
    body += deflate.flush()
    name, size = b"sales.csv", megabytes << 20
    fixed = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(body), size, len(name), 0)
    local = b"PK\x03\x04" + fixed + name + body
    entry = b"PK\x01\x02\x14\x00" + fixed + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


def _tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        member = tarfile.TarInfo("sales.csv")
        content = shop().encode()
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def _case(
    name: str,
    about: str,
    content: bytes,
    outcome: Loads | Stops | None = None,
    *,
    file: str = "export.zip",
) -> Case:
    return Case(
        name=f"packed_{name}",
        about=about,
        make=text(content, name=file),
        outcome=outcome or Loads(),
    )


_FIRST, _LAST = shop(rows=SHOP[:3]), shop(rows=SHOP[3:])
_WRONG_SUM = packed({"sales.csv": shop()}, zipfile.ZIP_STORED).replace(b"12 345,67", b"92 345,67")

CASES = [
    _case("text", "One text file", packed({"sales.csv": shop().encode("cp1251")})),
    _case(
        "months",
        "Two months in two encodings",
        packed({"01.csv": _FIRST.encode("cp1251"), "02.csv": _LAST.encode("utf-16")}),
        Loads(findings=(("archive", ".*"),)),
    ),
    _case(
        "folders", "Months in folders", packed({"2024/01/a.csv": _FIRST, "2024/02/a.csv": _LAST})
    ),
    _case("book", "A workbook", packed({"sales.xlsx": book(("Лист1", [RUSSIAN, *typed()]))})),
    _case(
        "nested",
        "An archive in an archive",
        packed({"01.zip": packed({"a.csv": _FIRST}), "02.csv": _LAST}),
        Loads(may_stop=True),
    ),
    _case(
        "gz_in_zip",
        "A packed text file in an archive",
        packed({"01.csv.gz": gzip.compress(_FIRST.encode()), "02.csv": _LAST}),
        Loads(may_stop=True),
    ),
    _case(
        "macintosh",
        "What a Macintosh adds to every archive",
        packed(
            {
                "sales.csv": shop(),
                "__MACOSX/._sales.csv": b"\0\5\x16\7\0\2",
                ".DS_Store": b"\0\0\0\1Bud1",
                "Thumbs.db": b"\xd0\xcf\x11\xe0",
                "empty/": b"",
            }
        ),
    ),
    _case(
        "russian_names",
        "Russian names of members in cp866",
        _with_russian_names({"январь.csv": _FIRST, "февраль-.csv": _LAST}),
        Loads(names_files=("январь.csv", "февраль-.csv")),
    ),
    _case(
        "climbs_out",
        "A member whose path climbs out of the folder",
        packed({"../../evil.csv": shop()}),
        Stops(names=(r"\.\./\.\./evil\.csv",)),
    ),
    _case(
        "climbs_out_among_others",
        "The same beside a good member: nothing of it is loaded",
        packed({"good.csv": shop(), "a/../../evil.csv": shop()}),
        Stops(names=("evil",)),
    ),
    _case(
        "absolute",
        "A member with a path from the root",
        packed({"/tmp/evil.csv": shop()}),
        Stops(names=("evil",)),
    ),
    _case(
        "windows_path",
        "A member with a path of Windows that climbs out",
        packed({"..\\..\\evil.csv": shop()}),
        Stops(names=("evil",)),
    ),
    _case(
        "drive",
        "A member with a drive in its path",
        packed({"C:\\evil.csv": shop()}),
        Stops(names=("evil",)),
    ),
    _case(
        "encrypted",
        "An archive with a password",
        _encrypted(),
        Stops(names=("password|encrypted",)),
    ),
    _case(
        "bomb",
        "Three gigabytes of nothing in a few megabytes",
        _bomb(),
        Stops(names=("export.zip",)),
    ),
    _case("empty", "An archive of nothing", packed({}), Stops(names=("export.zip",))),
    _case(
        "nothing_to_read",
        "An archive of pictures",
        packed({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(99)}),
        Stops(names=("export.zip",)),
    ),
    _case(
        "table_and_readme",
        "An archive with the table and a text beside it: skipped, or named as it is called",
        packed({"readme.txt": "Выгрузка за январь и февраль\nСпасибо\n", "sales.csv": shop()}),
        Loads(may_stop=True, names_files=("sales.csv",)),
    ),
    _case(
        "table_and_letter",
        "An archive with the table and a letter beside it",
        packed({"sales.csv": shop(), "readme.pdf": b"%PDF-1.4 letter"}),
        Loads(may_stop=True),
    ),
    _case(
        "cut",
        "An archive of which half was copied",
        packed({"sales.csv": shop() * 9})[:150],
        Stops(names=("export.zip",)),
    ),
    _case(
        "changed",
        "A member whose sum of check does not agree",
        _WRONG_SUM,
        Stops(names=("export.zip",)),
    ),
    _case(
        "named_csv",
        "An archive that calls itself a text file",
        packed({"sales.csv": shop()}),
        file="export.csv",
    ),
    _case(
        "document",
        "A letter of Word is an archive too",
        packed({"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"}),
        Stops(),
        file="letter.docx",
    ),
    _case("gz", "A packed text file", gzip.compress(shop().encode("cp866")), file="export.csv.gz"),
    _case(
        "gz_of_two_parts",
        "Two packed parts, one glued to the other",
        gzip.compress(_FIRST.encode()) + gzip.compress(_LAST.partition("\n")[2].encode()),
        file="export.csv.gz",
    ),
    _case(
        "gz_book",
        "A packed workbook",
        gzip.compress(book(("Лист1", [RUSSIAN, *typed()]))),
        file="export.xlsx.gz",
    ),
    _case(
        "gz_cut",
        "A packed file of which a part was copied: what is there is not all",
        gzip.compress(shop(rows=SHOP * 500).encode())[:-30],
        Stops(names=("export.csv.gz",)),
        file="export.csv.gz",
    ),
    _case(
        "gz_empty",
        "Nothing, packed",
        gzip.compress(b""),
        Stops(names=("export.csv.gz",)),
        file="export.csv.gz",
    ),
    _case("tar", "A packed tape archive", _tar(), Loads(may_stop=True), file="export.tar.gz"),
    Case(
        name="packed_months_apart",
        about="Each month an archive of its own",
        make=files(
            {"01.zip": packed({"sales.csv": _FIRST}), "02.zip": packed({"sales.csv": _LAST})}
        ),
        outcome=Loads(),
    ),
    _case(
        "other_tables",
        "An archive of receipts and of stores: nothing is mixed",
        packed({"receipts.csv": shop(), "stores.csv": "Магазин;Регион\nЦентр;Юг\n"}),
        Loads(may_stop=True),
    ),
]
