import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.data.columns import COLUMNS
from playbook.data.number_evidence import numbers
from playbook.data.profiles import Group
from playbook.data.values import STEPS, Conventions, cell
from playbook.data.written_dates import time_of_day
from playbook.data.written_numbers import bare, currency

NBSP, NNBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as found:
        found.execute("SET VARIABLE tomorrow = DATE '2025-07-01'")
        yield found


def read(connection, name, written, **conventions):
    """The value and the problem of one cell."""
    made = cell(COLUMNS[name], "text", Conventions(**conventions), needed=True)
    query = f"SELECT ? AS {name}__x"
    for step in range(len(STEPS)):
        query = f"SELECT *, {made.steps[step][1]} AS {made.steps[step][0]} FROM ({query})"
    return connection.execute(
        f"SELECT {name}__value, {name}__problem FROM ({query})", [written]
    ).fetchone()


def amount(connection, written, sign=",", **rest):
    value, problem = read(connection, "amount", written, own={"amount": sign}, **rest)
    return problem or value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234,5", "1234.5"),
        ("1 234,50", "1234.5"),
        (f"1{NBSP}234{NBSP}567,89", "1234567.89"),
        (f"1{NNBSP}234,50 ₽", "1234.5"),
        (f"1{THIN}234,50", "1234.5"),
        ("1.234.567,89 EUR", "1234567.89"),
        ("1'234,50", "1234.5"),
        ("1’234,50 CHF", "1234.5"),
        ("12,50 руб.", "12.5"),
        ("12,50р.", "12.5"),
        ("12,50 р", "12.5"),
        ("RUB 12,50", "12.5"),
        ("12,50 zł", "12.5"),
        ("12 500 тг", "12500"),
        ("12 500 сом", "12500"),
        ("12 500 so’m", "12500"),
        ("12,50 Br", "12.5"),
        ("−12,50", "-12.5"),
        ("–12,50", "-12.5"),
        ("12,50-", "-12.5"),
        ("(1 012,50)", "-1012.5"),
        ("-$12,50", "-12.5"),
        ("$-12,50", "-12.5"),
        ("12,50- ₽", "-12.5"),
        ('="12,50"', "12.5"),
        ("'12,50", "12.5"),
        (" 12,50 ", "12.5"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("123,449999", "123.449999"),
        ("1,23456E+3", "1234.56"),
        ("1E-02", "0.01"),
    ],
)
def test_an_amount_has_one_reading(connection, written, value):
    assert amount(connection, written) == Decimal(value)
    assert amount(connection, written, groups={"amount": " "}) == Decimal(value)


@pytest.mark.parametrize(
    "written",
    [
        "12-50", "12 руб. 50 коп", "12 50", "1 23 456", "1,23,456", "12 345,", "5%", "12,50 CR",
        "--5", "(-5)", "1_000", "0x1F", "12,5,0", "1.23,4", "five", "####",
    ],
)  # fmt: skip
def test_what_is_no_number_of_money_is_not_read(connection, written):
    assert amount(connection, written) == "unreadable"


@pytest.mark.parametrize("written", ["1,23E+06", "1,5E+03", "1E+3"])
def test_a_power_of_ten_has_lost_its_kopecks(connection, written):
    assert amount(connection, written) == "lost_digits"


@pytest.mark.parametrize("written", ["", "NaN", "#Н/Д", "#REF!", None])
def test_a_missing_amount_is_missing(connection, written):
    assert amount(connection, written) == "missing"


def test_an_amount_of_eleven_digits_is_too_large(connection):
    assert amount(connection, "10000000000") == "too_large"
    assert amount(connection, "4600000000012") == "too_large"
    assert amount(connection, "9999999999,99") == Decimal("9999999999.99")


@given(
    value=st.decimals("-9999999.99", "9999999.99", places=2),
    group=st.sampled_from(["", " ", NBSP, NNBSP, "'", "."]),
    sign=st.sampled_from(["", " ₽", " руб.", " EUR"]),
)
def test_every_amount_comes_back_to_the_kopeck(connection, value, group, sign):
    written = f"{value:,.2f}".replace(".", ";").replace(",", group).replace(";", ",") + sign
    assert amount(connection, written) == value
    assert amount(connection, written, groups={"amount": group}) == value


def test_one_look_reads_as_the_long_way_does(connection):
    for written in (
        "1 234,50",
        "1234,5",
        "12 50",
        "0 123,00",
        "1 234",
        "-1 234,00",
        "1 234,5 руб.",
    ):
        slow = amount(connection, written)
        for group in (" ", NBSP, "", "."):
            assert amount(connection, written, groups={"amount": group}) == slow


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("31.12.2024", "2024-12-31 00:00"),
        ("31.12.24 9.05", "2024-12-31 09:05"),
        ("31-12-2024 09:05:07", "2024-12-31 09:05:07"),
        ("2024/12/31 9:05", "2024-12-31 09:05"),
        ("20241231", "2024-12-31 00:00"),
        ("20241231090507", "2024-12-31 09:05:07"),
        ("20241231T090507", "2024-12-31 09:05:07"),
        ("31.12.2024 03:04 PM", "2024-12-31 15:04"),
        ("31.12.2024 12:04:05 AM", "2024-12-31 00:04:05"),
        ("31.12.2024 09:05:07,250", "2024-12-31 09:05:07.250"),
        ("2024-12-31T09:05:07Z", "2024-12-31 09:05:07"),
        ("2024-12-31 09:05:07 +03:00", "2024-12-31 09:05:07"),
        ("31.12.1998", "1998-12-31 00:00"),
        ("31.12.98", "1998-12-31 00:00"),
    ],
)
def test_a_date_in_digits_is_read(connection, written, moment):
    assert read(connection, "at", written)[0] == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("12 янв 2024", "2024-01-12 00:00"),
        ("5 января 2024 г.", "2024-01-05 00:00"),
        ("5 мая 2024 г. 10:00", "2024-05-05 10:00"),
        ("12-Jan-24", "2024-01-12 00:00"),
        ("12-JAN-24 09.05.00.000000 AM", "2024-01-12 09:05"),
        ("Jan 12, 2024 3:04 PM", "2024-01-12 15:04"),
        ("Пн, 15.01.2024 09:05", "2024-01-15 09:05"),
        ("Monday, 15 January 2024", "2024-01-15 00:00"),
        ("сент. 15, 2024", "2024-09-15 00:00"),
        ("2024-янв-12", "2024-01-12 00:00"),
    ],
)
def test_a_date_with_names_is_read(connection, written, moment):
    found, _problem = read(connection, "at", written, traits={"at": frozenset({"words"})})
    assert found == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("written", "traits", "moment"),
    [
        ("45292", {"serials"}, "2024-01-01 00:00"),
        ("45292,5", {"serials"}, "2024-01-01 12:00"),
        ("43830.75", {"serials", "serials_1904"}, "2024-01-01 18:00"),
        ("1704067200", {"seconds"}, "2024-01-01 00:00"),
        ("1704067200000", {"milliseconds"}, "2024-01-01 00:00"),
    ],
)
def test_a_number_that_is_a_date_is_read(connection, written, traits, moment):
    found, _problem = read(connection, "at", written, traits={"at": frozenset(traits)})
    assert found == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("31.02.2024", "unreadable"),
        ("yesterday", "unreadable"),
        ("09:05", "unreadable"),
        ("45292", "unreadable"),
        ("01.07.2025", "future"),
        ("31.12.1899", "old"),
        ("", "missing"),
    ],
)
def test_a_date_that_cannot_be_is_named(connection, written, problem):
    assert read(connection, "at", written)[1] == problem
    assert read(connection, "at", written, formats={"at": ("%d.%m.%Y",)})[1] == problem


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("9:05", 32700),
        ("09.05", 32700),
        ("09:05:07", 32707),
        ("090507", 32707),
        ("9:05 PM", 75900),
        ("06:30:00 PM", 66600),
        ("0,5", 43200),
        ("0.378472", 32700),
        ("30.12.1899 09:05:00", 32700),
        ("25:00", None),
        ("soon", None),
    ],
)
def test_a_time_of_day_is_read(connection, written, seconds):
    (found,) = connection.execute(
        f"SELECT {time_of_day('x')} FROM (SELECT ? AS x)", [written]
    ).fetchone()
    assert (found and found.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("00123", "00123"),
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("1234.0", "1234"),
        ("1234,00", "1234"),
        ("4276380012345678901", "4276380012345678901"),
        (" К-17 ", "К-17"),
        ("0000", None),
        ("нет карты", None),
        ("NULL", None),
        ("#Н/Д", None),
    ],
)
def test_the_id_of_a_customer_keeps_its_signs(connection, written, value):
    assert read(connection, "customer_id", written)[0] == value


@pytest.mark.parametrize("written", ["4.61E+12", "4,61E+12", "4.276380012345E+18"])
def test_an_id_as_a_power_of_ten_is_lost(connection, written):
    assert read(connection, "customer_id", written)[1] == "lost_digits"


def test_fifteen_digits_and_noughts_are_lost_where_all_long_ids_are_so(connection):
    written = "4276380012345670"
    assert read(connection, "customer_id", written)[0] == written
    rounded = frozenset({"customer_id"})
    assert read(connection, "customer_id", written, rounded=rounded)[1] == "lost_digits"


def test_the_currency_of_a_number_is_known_by_its_sign():
    assert [currency(text) for text in ("12 ₽", "$12", "12 тг", "12 so'm", "12")] == [
        "RUB", "USD", "KZT", "UZS", "",
    ]  # fmt: skip
    assert bare("12 руб. 50 коп") == "12 руб. 50 коп"


def groups(*cells):
    return [Group(low=text, high=text, n=1, row=row) for row, text in enumerate(cells)]


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("12,50", "1.234"), ","),
        (("12.50", "1,234"), "."),
        (("1.234.567",), ","),
        (("1,234.5",), "."),
        (("0.234",), "."),
        (("1234,567",), ","),
        (("1 234,567",), ","),
        (("1,234", "12"), None),
        (("12.50", "12,50"), None),
        (("12", "13"), None),
    ],
)
def test_the_decimal_sign_is_what_the_cells_of_a_column_agree_on(cells, sign):
    assert numbers(groups(*cells)).decides == sign
