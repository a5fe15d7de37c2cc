import datetime as dt

import pytest

from playbook.data.headings import fits, match
from playbook.data.importing import import_files
from playbook.data.meanings import looks_like_periods, looks_like_stock, means
from playbook.data.request import Options
from playbook.data.schema import TABLES
from playbook.data.sheets import Source
from playbook.errors import PlaybookError

RECEIPTS = TABLES["receipts"]


def sources(*headings):
    return [Source(heading=heading, name=f"c{i}") for i, heading in enumerate(headings)]


def found(*headings, stated=None, **cells):
    columns = sources(*headings)
    samples = {f"c{place[1:]}": values for place, values in cells.items()}
    return match(columns, RECEIPTS, stated or {}, samples)


def headings_of(matches):
    return {name: source.heading for name, source in matches.found.items()}


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Ном. чека", "receipt_id"),
        ("Receipt #№", "receipt_id"),
        ("Идентификатор транзакции", "receipt_id"),
        ("Дата оп.", "at"),
        ("Transaction Date (local)", "at"),
        ("Сумм. с НДС", "amount"),
        ("Сумма чека со скидкой, руб", "amount"),
        ("Net amount paid", "amount"),
        ("Код торг. точки", "store_id"),
        ("StoreCode", "store_id"),
        ("№ карты лояльности клиента", "customer_id"),
        ("CustomerID_hash", "customer_id"),
    ],
)
def test_a_heading_is_understood_by_its_words(heading, name):
    assert means(heading, name)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Сумма НДС", "amount"),
        ("Сумма скидки", "amount"),
        ("Сумма без скидки", "amount"),
        ("Сумма бонусов", "amount"),
        ("Сумма, тыс. руб.", "amount"),
        ("Сумма по позиции", "amount"),
        ("Себестоимость", "amount"),
        ("Дата рождения", "at"),
        ("Дата выдачи карты", "at"),
        ("Адрес магазина", "store_id"),
        ("Тип карты", "customer_id"),
        ("Телефон клиента", "customer_id"),
        ("Сумма чека", "receipt_id"),
        ("Номер смены", "receipt_id"),
        ("Дата;Магазин;Карта;Сумма", "amount"),
    ],
)
def test_a_heading_of_something_else_is_not_taken(heading, name):
    assert not means(heading, name)


def test_names_are_certain_and_meanings_likely():
    matches = found("Дата чека", "Код торг. точки", "Номер карты", "Сумма")
    assert headings_of(matches) == {
        "at": "Дата чека",
        "store_id": "Код торг. точки",
        "customer_id": "Номер карты",
        "amount": "Сумма",
    }
    assert matches.certainty["at"] == "certain"
    assert matches.certainty["store_id"] == "likely"


def test_a_date_that_holds_no_dates_is_not_taken():
    matches = found("Дата", "Магазин", "Карта", "Сумма", c0=["утро", "вечер"], c3=["5"])
    assert "at" in matches.missing
    assert matches.refused == {"at": ("Дата",)}


def test_a_card_with_kinds_of_payment_is_no_customer():
    matches = found("Дата", "Магазин", "Карта", "Сумма", c2=["VISA", "МИР", "MasterCard"])
    assert "customer_id" in matches.missing
    assert (
        "customer_id"
        in found("Дата", "Магазин", "Карта", "Сумма", c2=["4276", "4277", "МИР"]).found
    )


def test_the_column_with_the_time_of_day_wins_over_the_bare_date():
    matches = found(
        "Дата", "Дата и время", "Магазин", "Карта", "Сумма",
        c0=["12.01.2024"], c1=["12.01.2024 09:05"],
    )  # fmt: skip
    assert matches.found["at"].heading == "Дата и время"
    assert matches.clock is None


def test_a_time_of_day_in_its_own_column_is_the_clock():
    names = ("Дата", "Время", "Магазин", "Карта", "Сумма")
    assert found(*names, c0=["12.01.2024"], c1=["09:05"]).clock.heading == "Время"
    assert found(*names, c0=["12.01.2024 09:05"], c1=["09:05"]).clock is None
    assert found(*names, c0=["12.01.2024"], c1=["утро"]).clock is None


def test_a_code_is_taken_before_a_name():
    matches = found("Дата", "Магазин", "Код магазина", "Карта", "Сумма")
    assert matches.found["store_id"].heading == "Код магазина"


def test_two_sums_are_a_question():
    matches = found("Дата", "Магазин", "Карта", "Сумма", "Сумма со скидкой")
    assert matches.doubtful == {"amount": ("Сумма", "Сумма со скидкой")}


def test_a_product_is_the_amount_only_when_somebody_says_so():
    names = ("Дата", "Магазин", "Карта", "Кол-во", "Цена")
    assert found(*names).missing == ("amount",)
    assert found(*names).factors == "Кол-во*Цена"
    matches = found(*names, stated={"amount": "Кол-во*Цена"})
    assert (matches.quantity.heading, matches.price.heading) == ("Кол-во", "Цена")
    assert matches.certainty["amount"] == "stated"


def test_a_heading_fits_by_its_names_alone():
    assert fits(["Дата", "Магазин", "Карта", "Сумма"], RECEIPTS, {})
    assert not fits(["Отчёт о продажах", "", "", ""], RECEIPTS, {})
    assert not fits(["Дата;Магазин;Карта;Сумма"], RECEIPTS, {})


def test_tables_of_another_kind_are_known_by_their_headings():
    assert looks_like_periods(["Магазин", "янв 2024", "фев 2024", "мар 2024"])
    assert looks_like_periods(["Магазин", "01.01.2024", "02.01.2024", "03.01.2024"])
    assert not looks_like_periods(["Дата", "Магазин", "Карта", "Сумма"])
    assert looks_like_stock(["Артикул", "Номенклатура", "Остаток на складе"])
    assert not looks_like_stock(["Дата", "Магазин", "Карта", "Сумма"])


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("store_id;region;format;size_m2\nA;north;small;100\n", "--table stores"),
        ("date;store;receipt;amount\n2024-01-13;A;1;10.50\n", "number of the card"),
        ("date;shop;number;card;what\n2024-01-13;A;1;C1;10.50\n2024-01-14;A;2;C2;12.00\n", "--map"),
        ("amount\n10\n20\n", "a column for each thing"),
    ],
)
def test_the_advice_fits_what_is_missing(tmp_path, content, advice):
    path = tmp_path / "file.csv"
    path.write_text(content)
    with pytest.raises(PlaybookError) as error:
        import_files(tmp_path / "data", [path], Options(), today=dt.date(2026, 1, 1))
    assert advice in error.value.advice
