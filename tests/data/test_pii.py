"""What is recognised as personal, and how often random ids are taken for it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.data.checksums import is_issued, passes_luhn
from playbook.data.pii import is_written_phone, judge

PREFIXES = ("4276", "4817", "5469", "5106", "2200", "2202", "2204", "5536")
CODES = ("903", "905", "912", "916", "921", "950", "963", "977", "985", "999")


def digits(rng, n):
    return "".join(str(rng.randrange(10)) for _ in range(n))


def payment_card(rng):
    """A number of sixteen digits with a beginning of a bank and the right last digit."""
    body = rng.choice(PREFIXES) + digits(rng, 11)
    return next(body + str(last) for last in range(10) if passes_luhn(body + str(last)))


def kind(values, heading="", **options):
    found = judge(list(dict.fromkeys(values)), heading, **options)
    return found[0].kind if found else None


@pytest.mark.parametrize("heading", ["card", "Номер карты", "Карта лояльности", "customer_id"])
@pytest.mark.parametrize("n", [5, 20, 500])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda rng: digits(rng, 16), id="16 digits"),
        pytest.param(lambda rng: digits(rng, 13), id="13 digits"),
        pytest.param(lambda rng: "46" + digits(rng, 11), id="13 digits from 46"),
        pytest.param(lambda rng: str(rng.randrange(20, 30)) + digits(rng, 11), id="20 to 29"),
        pytest.param(lambda rng: "4276" + digits(rng, 12), id="16 digits of one series"),
        pytest.param(lambda rng: digits(rng, 10), id="10 digits"),
        pytest.param(lambda rng: digits(rng, 11), id="11 digits"),
        pytest.param(lambda rng: digits(rng, 12), id="12 digits"),
    ],
)
def test_random_ids_are_taken_for_personal_data_less_than_once_in_a_hundred(make, n, heading):
    rng = random.Random(5)
    taken = sum(kind((make(rng) for _ in range(n)), heading) is not None for _ in range(100))
    assert taken <= 1


def test_loyalty_cards_with_a_check_digit_are_no_payment_cards():
    rng = random.Random(3)
    bodies = [digits(rng, 15) for _ in range(400)]
    cards = [next(b + str(d) for d in range(10) if passes_luhn(b + str(d))) for b in bodies]
    assert kind(cards, "Номер карты") is None


def test_loyalty_numbers_of_one_series_are_no_phones():
    assert kind([f"7900000{n:04d}" for n in range(2000)], "Номер карты") is None
    assert kind([f"9{n:09d}" for n in range(2000)], "Номер карты") is None


@pytest.mark.parametrize("heading", ["card", "Номер карты", "customer_id"])
def test_payment_cards_are_found_whatever_the_heading(heading):
    rng = random.Random(1)
    found = [kind((payment_card(rng) for _ in range(n)), heading) for n in (3, 20, 400)]
    assert found == ["card"] * 3


def test_payment_cards_are_found_among_loyalty_cards_and_in_groups_of_four():
    rng = random.Random(2)
    mixed = [payment_card(rng) for _ in range(60)] + [digits(rng, 13) for _ in range(240)]
    assert kind(mixed, "card") == "card"
    grouped = [
        f"{c[:4]} {c[4:8]} {c[8:12]} {c[12:]}" for c in (payment_card(rng) for _ in range(5))
    ]
    assert kind(grouped, "card") == "card"


def test_the_ranges_of_banks_are_those_published():
    assert all(is_issued(prefix + "0" * 12) for prefix in PREFIXES)
    assert not any(is_issued(p + "0" * 12) for p in ("2205", "2100", "7789", "9643", "0000"))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CODES), st.integers(0, 9_999_999))
def test_a_phone_is_known_in_every_usual_form(code, number):
    a, b, c = f"{number:07d}"[:3], f"{number:07d}"[3:5], f"{number:07d}"[5:]
    for text in (
        f"+7 ({code}) {a}-{b}-{c}",
        f"8({code}){a}{b}{c}",
        f"8-{code}-{a}-{b}-{c}",
        f"+7{code}{a}{b}{c}",
        f"7 {code} {a} {b} {c}",
        f"({code}) {a}-{b}-{c}",
    ):
        assert is_written_phone(text), text


def test_bare_phones_are_found_by_their_shares():
    rng = random.Random(8)
    phones = [rng.choice("78") + rng.choice(CODES) + digits(rng, 7) for _ in range(200)]
    assert kind(phones, "customer_id") == "phone"
    assert kind(phones[:3], "customer_id") == "phone"
    cards = [digits(rng, 13) for _ in range(800)]
    assert kind(phones + cards, "customer_id") == "phone"
    assert kind([p[1:] for p in phones], "Телефон") == "phone"


@pytest.mark.parametrize(
    ("values", "heading", "expected"),
    [
        (["Иванов Иван Иванович", "Петрова Анна Сергеевна"], "Клиент", "name"),
        (["Иванов И.И.", "ПЕТРОВА А. С."], "", "name"),
        (["Алиев Рашид Ахмед оглы"], "", "name"),
        (["Мария", "Иван", "Ольга", "Прохор"], "Имя", "name"),
        (["Кузнецов", "Иванова", "Шевченко", "Ким"], "Фамилия", "name"),
        (["John Smith", "Anna Schmidt", "Pierre Dupont", "Ola Nordmann"], "customer", "name"),
        (["ivan@mail.ru", "anna.s+1@post.example.com"], "", "email"),
        (["4510 123456", "45 10 654321"], "Паспорт", "passport"),
        (["112-233-445 95", "087-654-303 00"], "СНИЛС", "snils"),
        (["500100732259"], "ИНН", "inn"),
        (["03.05.1984", "12.11.1990"], "Дата рождения", "birth_date"),
        (["ул. Ленина, д. 5, кв. 12", "г. Омск, пр-т Мира, 8"], "Адрес", "address"),
        (["12 High Street", "7 Abbey Road"], "Address", "address"),
        (["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"], "", "iban"),
        # and what is none
        (["4510123456", "4510654321"], "Номер чека", None),
        (["03.05.2024", "12.11.2024"], "Дата чека", None),
        (["ул. Ленина, 5", "ул. Мира, 8"], "Адрес магазина", None),
        (["Магазин 1", "Центр", "Омск-3", "Лента"], "Магазин", None),
        (["Чай чёрный", "Хлеб", "Печенье Мария", "Молоко", "Coca Cola"], "Товар", None),
        (["1234,50", "99,90"], "Сумма", None),
        (["M-001", "M-002"], "store", None),
        (["7707083893"], "ИНН организации", None),
        ([], "Телефон", None),
    ],
)
def test_a_column_is_what_its_cells_say(values, heading, expected):
    assert kind(values, heading) == expected


def test_one_cell_that_is_personal_by_itself_is_enough_where_asked():
    ids = [f"K{n:06d}" for n in range(5000)]
    assert kind([*ids, "ivan@mail.ru"]) is None
    assert kind([*ids, "ivan@mail.ru"], any_cell=True) == "email"
    assert kind([*ids, "Иванов Иван Иванович"], any_cell=True) == "name"
    assert kind(ids, any_cell=True) is None
