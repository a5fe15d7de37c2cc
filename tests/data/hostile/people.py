"""Names, phones, addresses and card numbers of people: refused or hashed, and never shown."""

from __future__ import annotations

from collections.abc import Callable

from hostile.case import Case, Loads, Row, Stops
from hostile.writing import RUSSIAN, cells, joined, text

_NAMES = (
    "Иванова Мария Петровна", "Кузнецов Олег Игоревич", "Смирнова Анна Сергеевна",
    "Попов Дмитрий Львович", "Соколова Ирина Павловна", "Лебедев Антон Юрьевич",
    "Козлова Ольга Ивановна", "Новиков Пётр Ильич", "Морозова Вера Андреевна",
    "Волков Иван Николаевич",
)  # fmt: skip
_WHY = "--hash|--pseudonymise"


def _luhn(digits: str) -> str:
    """Fifteen digits and the one that makes them the number of a bank card."""
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in digits[::-2])
    rest = sum(int(d) for d in digits[-2::-2])
    return digits + str(-(doubled + rest) % 10)


def _rows(who: Callable[[int], str]) -> tuple[Row, ...]:
    """Thirty receipts of ten customers."""
    return tuple(
        (
            f"2024-01-{1 + i % 28:02} 1{i // 28}:00",
            ("Центр", "Север")[i % 2],
            who(i % 10),
            f"{10 + i}.50",
        )
        for i in range(30)
    )


def _phone(i: int) -> str:
    return f"7916{1234567 + 7919 * i:07}"


def _written_phone(i: int) -> str:
    digits = _phone(i)
    return f"+7 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}"


def _mail(i: int) -> str:
    return f"ivanova.{i}@mail.ru"


def _bank_card(i: int) -> str:
    return _luhn(f"4276{38001234567 + 7919 * i:011}")


def _as_customer(name: str, about: str, who: Callable[[int], str], **options: object) -> Case:
    shown = [who(i) for i in range(10)]
    content = text(joined([RUSSIAN, *cells(_rows(who))]))
    if options:
        outcome: Loads | Stops = Loads(rows=_rows(who), names_ids=False, hides=tuple(shown))
    else:
        outcome = Stops(names=("customer_id|Карта", _WHY), hides=tuple(shown))
    return Case(name=name, about=about, make=content, outcome=outcome, options=options)


def _card(i: int) -> str:
    return f"27000012{34567 + 13 * i}"


def _beside(
    name: str, about: str, heading: str, values: Callable[[int], str], more: str = ""
) -> Case:
    """A column of people beside the table; nothing of it may be seen afterwards."""
    lines = [[*row, values(i % 10)] for i, row in enumerate(cells(_rows(_card)))]
    aside = {"ragged": more.count("\n")} if more else {}
    return Case(
        name=name,
        about=about,
        make=text(joined([[*RUSSIAN, heading], *lines]) + more),
        outcome=Loads(
            rows=_rows(_card), aside=aside, may_stop=True, hides=tuple(values(i) for i in range(10))
        ),
    )


CASES = [
    _as_customer("phones", "Phones as ids of customers", _phone),
    _as_customer("written_phones", "Phones with brackets and hyphens", _written_phone),
    _as_customer("phones_from_8", "Phones that begin with 8", lambda i: "8" + _phone(i)[1:]),
    _as_customer("mails", "E-mail addresses as ids of customers", _mail),
    _as_customer("bank_cards", "Numbers of bank cards as ids of customers", _bank_card),
    _as_customer("names", "Names of people as ids of customers", lambda i: _NAMES[i]),
    _as_customer("phones_hashed", "Phones, and somebody asks to hash them", _phone, hash=["Карта"]),
    _as_customer(
        "mails_hashed", "Addresses, and somebody asks to hash them", _mail, hash=["Карта"]
    ),
    _as_customer("pseudonyms", "Cards, and somebody asks for pseudonyms", _card, pseudonymise=True),
    _beside(
        "names_beside", "Names of customers in a column of their own", "ФИО", lambda i: _NAMES[i]
    ),
    _beside("phones_beside", "Phones in a column that nobody needs", "Телефон", _phone),
    _beside("mails_beside", "Addresses under a heading that says nothing", "Поле 7", _mail),
    _beside(
        "names_in_ragged_lines",
        "A line with a field too many shows a name and a phone",
        "ФИО",
        lambda i: _NAMES[i],
        f"28.02.2024;Центр;{_card(1)};5,00;{_NAMES[1]};{_phone(3)}\n",
    ),
    Case(
        name="cards_of_the_chain",
        about="Thirteen digits of a loyalty card are nobody's phone",
        make=text(joined([RUSSIAN, *cells(_rows(_card))])),
        outcome=Loads(rows=_rows(_card)),
    ),
    Case(
        name="small_numbers",
        about="Customers numbered from 100001 on are nobody's phones",
        make=text(joined([RUSSIAN, *cells(_rows(lambda i: str(100001 + i)))])),
        outcome=Loads(rows=_rows(lambda i: str(100001 + i))),
    ),
    *(
        Case(
            name=f"people_and_heading_{row}",
            about="Somebody states a wrong line for the heading: people must not be shown as one",
            make=text(
                joined(
                    [
                        ["Дата", "Магазин", "ФИО", "Телефон", "Сумма"],
                        *[
                            [*line[:2], _NAMES[i % 10], _phone(i % 10), line[3]]
                            for i, line in enumerate(cells(_rows(_card)))
                        ],
                    ]
                )
            ),
            options={"header_row": row},
            outcome=Stops(hides=(*_NAMES, *(_phone(i) for i in range(10)))),
        )
        for row in (3, 999)
    ),
]
