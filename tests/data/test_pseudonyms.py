"""Pseudonyms: the same person is one customer, and nobody is found again."""

import hashlib
import hmac

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.data.masks import mask, mask_fields, mask_inside
from playbook.data.pseudonyms import Secret, install, one_form, pseudonym

SECRET = Secret(bytes(range(32)))


@pytest.fixture(scope="module")
def sql():
    connection = duckdb.connect()
    install(connection, SECRET)

    def run(expression, values):
        rows = connection.execute(
            f"SELECT {expression} FROM (SELECT unnest(?::VARCHAR[]) AS x)", [list(values)]
        ).fetchall()
        return [value for (value,) in rows]

    return run


@given(st.text(min_size=1, max_size=30).filter(lambda text: "\0" not in text))
def test_the_database_and_python_agree_about_a_pseudonym(sql, text):
    plain = sql(one_form("x", ()), [text])[0]
    assert sql(pseudonym("x", ()), [text]) == [SECRET.pseudonym(plain)]


def test_a_pseudonym_is_the_beginning_of_an_hmac():
    digest = hmac.new(bytes(range(32)), b"0042", hashlib.sha256).hexdigest()
    assert SECRET.pseudonym("0042") == "p" + digest[:20]


def test_long_secrets_are_those_of_the_standard(sql):
    connection = duckdb.connect()
    long = Secret(bytes(range(200)))
    install(connection, long)
    found = connection.execute(f"SELECT {pseudonym('x', ())} FROM (SELECT '7' AS x)").fetchone()
    assert found == (long.pseudonym("7"),)


def test_two_secrets_agree_in_nothing():
    other = Secret(bytes(32))
    assert other.fingerprint != SECRET.fingerprint
    assert other.pseudonym("1") != SECRET.pseudonym("1")
    assert SECRET.key.hex() not in repr(SECRET)
    assert str(SECRET.key) not in repr(SECRET)


def test_a_phone_is_one_customer_in_every_form(sql):
    forms = ["+7 (912) 345-67-89", "89123456789", "79123456789", "+79123456789", "9123456789"]
    forms += ["8-912-345-67-89", "(912) 345-67-89", "7 912 345 67 89", "8(912)3456789"]
    assert set(sql(one_form("x", ("phone",)), forms)) == {"+79123456789"}


def test_phones_of_other_countries_stay_apart(sql):
    forms = ["+49 30 901820", "+375 29 123-45-67", "+81 3-1234-5678", "+7 812 345 67 89"]
    assert sql(one_form("x", ("phone",)), forms) == [
        "+4930901820",
        "+375291234567",
        "+81312345678",
        "+78123456789",
    ]


def test_numbers_of_loyalty_cards_are_not_made_phones(sql):
    cards = ["89123456789", "79123456789", "0042", "42"]
    assert sql(one_form("x", ()), cards) == cards
    assert sql(one_form("x", ()), ["+7 (912) 345-67-89"]) == ["+79123456789"]


def test_addresses_names_and_cards_have_one_form_too(sql):
    assert set(sql(one_form("x", ()), ["Ivan@Mail.RU", "ivan@mail.ru"])) == {"ivan@mail.ru"}
    names = ["Семёнов И.И.", "СЕМЕНОВ  И. И.", "семенов и и"]
    assert set(sql(one_form("x", ("name",)), names)) == {"семенов и и"}
    cards = ["2200 7000 1234 5678", "2200-7000-1234-5678", "2200700012345678"]
    assert set(sql(one_form("x", ("card",)), cards)) == {"2200700012345678"}


def test_nobody_has_a_pseudonym_who_has_no_id(sql):
    assert sql(pseudonym("x", ()), [None]) == [None]


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("М1;+7 (912) 345-67-89;10,50", "345-67", "М1;"),
        ("М1;89123456789;10,50", "912345678", ";10,50"),
        ("письмо ivan.petrov@mail.ru пришло", "petrov", "пришло"),
        ("карта 2200 7007 7124 0008", "7007 7124", "карта"),
        ("4111111111111111", "11111111", ""),
        ("отчёт составила Петрова Анна Ивановна вчера", "Анна", "вчера"),
        ("Иванов И.И., кассир", "ванов", "кассир"),
        ("112-233-445 95", "233-445", ""),
    ],
)
def test_personal_data_in_a_text_are_masked(text, gone, kept):
    masked = mask_inside(text)
    assert gone not in masked
    assert kept in masked


@pytest.mark.parametrize(
    "text",
    [
        "1 234 567,89",
        "2024-01-31 12:30:00",
        "Итого по магазину 5",
        "4600012345678",
        "20240131123000",
        "и т.д.",
        "Магазин №7, т.к. закрыт",
        "=СУММ(A1:A9)",
        "4.61E+12",
        "31.12.2024;М1;0042;7;10,50",
    ],
)
def test_what_is_nobodys_stays_as_it_is(text):
    assert mask_inside(text) == text


def test_a_masked_cell_shows_two_signs_at_either_end():
    assert mask("79121234512") == "79••••••12"
    assert mask("Иван") == "••••••"
    assert mask_fields("Иван;79121234512;", ";") == "••••••;79••••••12;"
