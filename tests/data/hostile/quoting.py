"""Signs between columns, quotes of every kind, line ends, and what is glued to them."""

from __future__ import annotations

from hostile.case import SHOP, Case, Loads, Stops
from hostile.writing import ENGLISH, RUSSIAN, cells, comma, files, iso, joined, point, shop, text

_NOTED = (*RUSSIAN, "Примечание")
_PLAIN = "12.01.2024 09:05;Центр;K1001;1234,56;"
_REST = "".join(";".join(row) + ";\n" for row in cells()[1:])
_HEAD = ";".join(_NOTED) + "\n"

_MANY = [f"{13 + i % 15}.01.2024 10:{i % 60:02};Север;K{i};{i},50;\n" for i in range(90)]
_MANY_ROWS = tuple(
    (f"2024-01-{13 + i % 15} 10:{i % 60:02}", "Север", f"K{i}", f"{i}.50") for i in range(90)
)


def _with_note(note: str, *, rest: str = _REST) -> str:
    """The shop with a note behind the first receipt."""
    return _HEAD + _PLAIN + note + "\n" + rest


def _case(
    name: str,
    about: str,
    content: str | bytes,
    outcome: Loads | Stops | None = None,
    **options: object,
) -> Case:
    return Case(
        name=name, about=about, make=text(content), outcome=outcome or Loads(), options=options
    )


CASES = [
    *(
        _case(
            f"delimiter_{name}",
            f"Columns parted by {name}",
            shop(delimiter=sign, number=lambda amount: comma(amount, "")),
            Loads(findings=(("delimiter", shown),)),
        )
        for name, sign, shown in (
            ("semicolon", ";", ";"),
            ("tab", "\t", "tab|\t"),
            ("pipe", "|", "|"),
            ("comma", ",", ","),
            ("caret", "^", "^"),
            ("tilde", "~", "~"),
        )
    ),
    _case(
        "stated_delimiter",
        "Columns parted by a hash, and somebody says so",
        shop(delimiter="#"),
        delimiter="#",
    ),
    _case(
        "comma_in_numbers_unquoted",
        "Columns and decimals parted by the same comma, without quotes: no row is whole",
        "date,store,card,amount\n12.01.2024,Центр,K1,1234,56\n13.01.2024,Север,K2,99,90\n",
        Stops(),
    ),
    _case(
        "comma_in_numbers_and_a_spare_column",
        "The same with a column to spare: the kopecks must not become the remark",
        "date,store,card,amount,note\n12.01.2024,Центр,K1,1234,56\n13.01.2024,Север,K2,99,90\n"
        "14.01.2024,Север,K2,15,05\n",
        Stops(),
    ),
    _case(
        "all_quoted",
        "Every field in double quotes",
        "".join(
            ";".join(f'"{cell}"' for cell in row) + "\r\n" for row in [list(RUSSIAN), *cells()]
        ),
    ),
    _case(
        "single_quotes",
        "Every field in single quotes",
        "".join(";".join(f"'{cell}'" for cell in row) + "\n" for row in [list(RUSSIAN), *cells()]),
        Loads(may_stop=True),
    ),
    _case(
        "line_in_quotes",
        "Every line in quotes as a whole, its own quotes doubled: a spreadsheet saved it twice",
        "".join('"' + line.replace('"', '""') + '"\n' for line in shop().splitlines()),
        Loads(may_stop=True),
    ),
    _case(
        "backslash", "Quotes within a field behind a backslash", _with_note(r'"the \"best\" one"')
    ),
    _case(
        "quote_within",
        "A sign for inches within a field that is not quoted",
        _with_note('pipe 2" long'),
    ),
    _case(
        "quote_at_the_end",
        "A double quote at the end of a field that is not quoted",
        _with_note('pipe 2"'),
    ),
    _case(
        "quoted_beginning",
        "A field begins with a quoted word and goes on without",
        _with_note('"Рога и копыта" ООО'),
    ),
    _case(
        "company_in_quotes",
        "Names of companies in quotes that are not doubled, the sign between columns in one",
        _HEAD + "".join(f'{";".join(row)};ООО "Ромашка; и К"\n' for row in cells()),
        Stops(),
    ),
    _case(
        "open_quote",
        "A quote that is opened in the second line and never closed",
        _with_note('"2 дюйма', rest="".join(_MANY)),
        Loads(rows=_MANY_ROWS, aside={"ragged|open_quote|broken_quote": 1}, may_stop=True),
    ),
    _case(
        "two_open_quotes",
        "Two quotes that hide the rows between them",
        _HEAD + _PLAIN + '"2\n' + _REST + _PLAIN.replace("12.01", "14.01") + '2"\n',
        Loads(
            rows=(*SHOP[1:], ("2024-01-14 09:05", *SHOP[0][1:])),
            aside={"ragged|open_quote|broken_quote": 1},
            may_stop=True,
        ),
    ),
    _case(
        "break_in_quotes",
        "A remark of three lines, with signs between columns in it",
        _with_note('"first; line\nsecond\r\nthird ""line"""'),
    ),
    _case("carriage_returns", "Lines that end with a carriage return alone", shop(ends="\r")),
    _case("windows_ends", "Lines that end as on Windows", shop(ends="\r\n")),
    _case(
        "mixed_ends",
        "Three kinds of line ends in one file",
        "\r\n".join(shop().splitlines()[:2]) + "\n" + "\r".join(shop().splitlines()[2:]) + "\r",
    ),
    _case("no_last_end", "The last line does not end", shop().rstrip("\n")),
    _case(
        "double_ends",
        "An empty line after every line: ends were translated twice",
        shop(ends="\r\r\n"),
    ),
    _case(
        "blank_lines",
        "Blank lines and lines of nothing but separators",
        shop().replace("\n", "\n\n;;;\n"),
    ),
    _case(
        "dos_end",
        "The end-of-file sign of DOS behind the last line",
        shop().encode("cp866") + b"\x1a",
    ),
    _case(
        "nul_bytes_within",
        "Cells padded with NUL bytes",
        shop(delimiter=";").replace("K1001", "K1001\0\0").encode(),
        Loads(may_stop=True),
    ),
    _case(
        "nul_bytes_at_the_end",
        "The power failed: the file ends with a block of NUL bytes",
        shop().encode() + bytes(4096),
        Loads(may_stop=True),
    ),
    _case("sep_line", "Excel's own line that names the delimiter", "sep=;\r\n" + shop(ends="\r\n")),
    _case(
        "sep_line_of_another",
        "The line names a sign that the data have too",
        "sep=|\n" + shop(delimiter="|", number=lambda amount: comma(amount, "")),
        Loads(findings=(("delimiter", "|"),)),
    ),
    _case(
        "trailing_delimiters",
        "A separator behind every line, the heading too",
        shop().replace("\n", ";\n"),
    ),
    _case(
        "trailing_delimiters_of_rows",
        "A separator behind every row and not behind the heading",
        shop().replace("\n", ";\n").replace("Сумма;", "Сумма", 1),
    ),
    _case(
        "leading_delimiters",
        "A separator before every line",
        "".join(f";{line}\n" for line in shop().splitlines()),
    ),
    _case(
        "padded_cells",
        "Cells filled up with spaces to one width",
        "".join(
            ";".join(f"{cell:<25}" for cell in row) + "\n" for row in [list(RUSSIAN), *cells()]
        ),
    ),
    _case(
        "ragged_lines",
        "One line cut off, one with a field too many",
        shop() + "28.02.2024 10:00;Север\n28.02.2024 10:00;Север;K1;15,00;x;y\n",
        Loads(aside={"ragged": 2}),
    ),
    _case(
        "cut_within_the_number",
        "The disk was full: the last line ends within the amount",
        shop()[:-5],
        Loads(rows=SHOP[:-1], aside={"unreadable": 1}, may_stop=True),
    ),
    _case(
        "cut_behind_the_comma",
        "The last line ends with the decimal comma: the kopecks are not nought",
        shop()[:-3],
        Loads(rows=SHOP[:-1], aside={"unreadable": 1}, may_stop=True),
    ),
    _case(
        "spaces_as_columns",
        "Columns of fixed width, parted by spaces",
        "".join(
            "".join(f"{cell:<22}" for cell in row) + "\n" for row in [list(ENGLISH), *cells(at=iso)]
        ),
        Loads(may_stop=True),
    ),
    _case(
        "rules_and_pipes",
        "A list drawn with pipes and rules, as SAP saves it",
        "-" * 60
        + "\n"
        + "|"
        + "|".join(f"{h:<18}" for h in ENGLISH)
        + "|\n"
        + "-" * 60
        + "\n"
        + "".join(
            "|" + "|".join(f"{cell:<18}" for cell in row) + "|\n"
            for row in cells(number=lambda amount: comma(amount, "."))
        )
        + "-" * 60
        + "\n",
        Loads(aside={"note|ragged": 2}, may_stop=True),
    ),
    _case("empty_file", "Nothing at all", b"", Stops(names=("empty",))),
    _case("blank_file", "Nothing but line ends and spaces", b" \r\n \r\n", Stops(names=("empty",))),
    _case("mark_alone", "Nothing but a byte order mark", b"\xef\xbb\xbf", Stops(names=("empty",))),
    _case(
        "heading_alone", "A heading and no row", ";".join(RUSSIAN) + "\n", Stops(names=("no row",))
    ),
    _case(
        "heading_and_total",
        "A heading and a total of nothing",
        ";".join(RUSSIAN) + "\nИтого;;;0,00\n",
        Stops(),
    ),
    _case(
        "one_row",
        "A heading and one row",
        shop(rows=SHOP[2:3]),
        Loads(rows=SHOP[2:3]),
    ),
    _case(
        "one_row_in_english",
        "One row of a comma-separated file",
        shop(ENGLISH, rows=SHOP[:1], at=iso, number=point, delimiter=","),
        Loads(rows=SHOP[:1]),
    ),
    Case(
        name="two_dialects",
        about="Two months of one table, each from another program",
        make=files(
            {
                "january.csv": shop(rows=SHOP[:3]),
                "february.csv": shop(
                    ENGLISH, rows=SHOP[3:], at=iso, number=point, delimiter=","
                ).encode("utf-16"),
            }
        ),
        outcome=Loads(),
    ),
    _case(
        "long_line",
        "A remark of a hundred thousand letters",
        joined([_NOTED, *[[*row, "я" * 100_000] for row in cells()]]),
    ),
    _case(
        "many_columns",
        "Five hundred columns beside the four",
        joined(
            [
                [*RUSSIAN, *(f"Поле {i}" for i in range(500))],
                *[[*row, *[""] * 500] for row in cells()],
            ]
        ),
    ),
]
