import datetime as dt

import pytest

from playbook.text import in_language, numbers


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (1_234_000_000, "₽1.2 bn", "1,2 млрд ₽"),
        (-71_300_000, "−₽71 m", "−71 млн ₽"),
        (999_999_999, "₽1.0 bn", "1,0 млрд ₽"),
        (9_960_000, "₽10 m", "10 млн ₽"),
        (9_940_000, "₽9.9 m", "9,9 млн ₽"),
        (2_489, "₽2,489", "2 489 ₽"),
        (18_400, "₽18 k", "18 тыс. ₽"),
        (0, "₽0", "0 ₽"),
        (-0.3, "₽0", "0 ₽"),
    ],
)
def test_short_money_is_written_the_readers_way(value, english, russian):
    numbers.use_currency("RUB")
    with in_language("en"):
        assert plain(numbers.money_short(value)) == english
    with in_language("ru"):
        assert plain(numbers.money_short(value)) == russian


def test_a_currency_without_a_sign_is_its_code():
    numbers.use_currency("CHF")
    try:
        assert plain(numbers.money(1200)) == "CHF 1,200"
    finally:
        numbers.use_currency("RUB")


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    assert plain(numbers.points(-0.0004)) == "0.0 pp"
    assert plain(numbers.points(0.019)) == "+1.9 pp"


def test_what_is_not_known_is_a_dash():
    assert numbers.number(None) == numbers.percent(float("nan")) == numbers.MISSING
    assert numbers.money(float("inf")) == numbers.MISSING


def test_dates_follow_the_reader():
    with in_language("ru"):
        assert plain(numbers.date(dt.date(2026, 4, 20))) == "20 апр. 2026"
    with in_language("en"):
        assert numbers.date("2026-04-20T10:00:00") == "20 Apr 2026"
