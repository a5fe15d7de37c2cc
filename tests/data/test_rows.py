import datetime as dt
from decimal import Decimal

import pytest

from playbook.data.importing import import_files
from playbook.data.operations import operation
from playbook.data.request import Options
from playbook.data.row_kinds import is_label
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
HEADING = "Дата;Магазин;Карта;Чек;Сумма\n"


@pytest.fixture
def load(tmp_path):
    """Write files, import them, return the report and the receipts."""

    def run(*texts, **options):
        files = []
        for place, text in enumerate(texts):
            files.append(tmp_path / f"f{place}.csv")
            files[-1].write_text(text, encoding="utf-8")
        report = import_files(tmp_path / "data", files, Options(**options), today=TODAY)
        assert report.rows_read == report.rows_loaded + report.rows_set_aside
        return report, Tables(tmp_path / "data").read("receipts").sort_values("receipt_id")

    return run


def rows(*amounts, first=1):
    return "".join(
        f"{i:02d}.02.2025;М1;K{i};{i};{amount}\n" for i, amount in enumerate(amounts, start=first)
    )


def aside(report):
    return {found.reason: found.n for found in report.set_aside}


def totals(report):
    return [(total.label, total.stated, total.found) for total in report.stated_totals]


@pytest.mark.parametrize(
    "cell",
    [
        "Итого", "ИТОГО:", "** Итого **", "Итого по магазину М1", "Всего по отчёту", "Общий итог",
        "Центр итог", "Промежуточный итог", "Grand total", "Subtotal", "Total:", "Store 5 total",
        "Сумма за день",
    ],
)  # fmt: skip
def test_a_total_is_known_by_its_word(cell):
    assert is_label(cell)


@pytest.mark.parametrize("cell", ["Итоги года", "Тотализатор", "Totally Fresh", "М1", "Всеволод"])
def test_a_name_is_no_total(cell):
    assert not is_label(cell)


def test_totals_headings_and_notes_are_set_aside_each_by_its_name(load):
    text = HEADING + rows("10,00", "5,50") + HEADING + rows("1,00", first=3)
    text += "Итого;;;;16,50\nОтчёт составлен кассиром;;;;\n"
    report, receipts = load(text)
    assert receipts["amount"].tolist() == [10.0, 5.5, 1.0]
    assert aside(report) == {"total": 1, "heading_again": 1, "note": 1}
    assert totals(report) == [("Итого", Decimal("16.50"), Decimal("16.50"))]


def test_a_total_that_does_not_agree_is_handed_on_as_it_is(load):
    report, _receipts = load(HEADING + rows("10,00", "5,50") + "Итого;;;;20,00\n")
    assert totals(report) == [("Итого", Decimal("20.00"), Decimal("15.50"))]


def test_subtotals_cover_the_rows_since_the_one_before(load):
    text = HEADING + rows("1,00", "2,00") + "Итого М1;;;;3,00\n"
    text += rows("4,00", first=3) + "Итого М2;;;;9,00\n" + "Всего;;;;7,00\n"
    report, _receipts = load(text)
    assert totals(report) == [
        ("Итого М1", Decimal("3.00"), Decimal("3.00")),
        ("Итого М2", Decimal("9.00"), Decimal("4.00")),
        ("Всего", Decimal("7.00"), Decimal("7.00")),
    ]


def test_a_total_with_a_date_and_a_sum_is_no_receipt(load):
    report, receipts = load(HEADING + rows("1,00", "2,00") + "28.02.2025;Итого;;;3,00\n")
    assert len(receipts) == 2
    assert aside(report) == {"total": 1}


def test_a_store_called_total_is_a_store(load):
    _report, receipts = load(HEADING + rows("1,00", "2,00").replace("М1", "Total"))
    assert set(receipts["store_id"]) == {"Total"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Продажа", "sale"),
        ("Приход", "sale"),
        ("Возврат прихода", "return"),
        ("Сторно", "return"),
        ("Refund", "return"),
        ("Аннулирован", "cancelled"),
        ("Отменён", "cancelled"),
        ("Voided", "cancelled"),
        ("Внесение", "not_a_sale"),
        ("Инкассация", "not_a_sale"),
        ("Молоко", None),
    ],
)
def test_a_word_of_a_till_says_what_a_row_is(word, kind):
    assert operation(word) == kind


def test_returns_by_a_word_are_negative_and_cancelled_receipts_are_set_aside(load):
    heading = HEADING.replace("\n", ";Операция\n")
    text = heading + (
        "01.02.2025;М1;K1;1;10,00;Продажа\n01.02.2025;М1;K1;2;4,00;Возврат\n"
        "01.02.2025;М1;K1;3;-5,00;Возврат\n01.02.2025;М1;K1;4;7,00;Аннулирован\n"
        "01.02.2025;М1;;5;1000,00;Внесение\n"
    )
    report, receipts = load(text)
    assert receipts["amount"].tolist() == [10.0, -4.0, -5.0]
    assert aside(report) == {"cancelled": 1, "not_a_sale": 1}
    kinds = {found.value for found in report.findings if found.subject == "row_kind"}
    assert kinds == {"return=Возврат", "cancelled=Аннулирован", "not_a_sale=Внесение"}


def test_a_date_and_a_time_of_two_columns_are_one_moment(load):
    text = "Дата;Время;Магазин;Карта;Чек;Сумма\n01.02.2025;9:05;М1;K1;1;5,00\n"
    text += "01.02.2025;23:59:59;М1;K1;2;5,00\n01.02.2025;late;М1;K1;3;5,00\n" * 1
    text += "".join(f"01.02.2025;10:00;М1;K1;{i};5,00\n" for i in range(4, 30))
    report, receipts = load(text)
    by_id = receipts.set_index("receipt_id")["at"].dt.strftime("%H:%M:%S")
    assert (by_id["1"], by_id["2"]) == ("09:05:00", "23:59:59")
    assert aside(report) == {"unreadable": 1}
    joined = [f for f in report.findings if f.subject == "date_and_time"]
    assert [(f.value, f.evidence) for f in joined] == [("joined", "Дата + Время")]


def test_quantity_times_price_is_the_amount_when_stated(load):
    text = "Дата;Магазин;Карта;Чек;Кол-во;Цена\n01.02.2025;М1;K1;1;2;10,50\n"
    text += "01.02.2025;М1;K1;2;0,256;199,90\n01.02.2025;М1;K1;3;-1;10,50\n"
    _report, receipts = load(text, columns=("amount=Кол-во*Цена",))
    assert receipts["amount"].tolist() == [21.0, 51.17, -10.5]


def test_item_lines_are_added_up_before_they_are_rounded(load):
    amounts = ("0,1040", "0,1041") * 50
    lines = "".join(f"01.02.2025;М1;K1;1;{amount};{i}\n" for i, amount in enumerate(amounts))
    lines += "01.02.2025;М1;K1;2;5,0000;0\n"
    _report, receipts = load(HEADING.replace("\n", ";Товар\n") + lines)
    assert receipts["amount"].tolist() == [10.41, 5.0]


def test_the_amount_of_a_receipt_on_each_of_its_lines_stops_the_import(load):
    lines = "".join(
        f"0{i}.02.2025;М1;K{i};{i};{i}0,00;{item}\n" for i in (1, 2, 3) for item in "abc"
    )
    with pytest.raises(PlaybookError, match="one amount on each of their lines"):
        load(HEADING.replace("\n", ";Товар\n") + lines)


def test_rows_without_numbers_that_are_in_two_files_count_once(load):
    heading = "Дата;Магазин;Карта;Сумма\n"
    first = heading + "01.02.2025 10:00;М1;K1;5,00\n" * 2 + "01.02.2025 11:00;М1;K1;6,00\n"
    second = heading + "01.02.2025 10:00;М1;K1;5,00\n02.02.2025 10:00;М1;K2;7,00\n"
    report, receipts = load(first, second)
    assert sorted(receipts["amount"]) == [5.0, 5.0, 6.0, 7.0]
    assert aside(report) == {"duplicate": 1}


def test_most_ids_destroyed_stop_the_import_and_few_go_aside(load):
    destroyed = "".join(f"01.02.2025;М1;4.61E+12;{i};5,00\n" for i in range(10, 13))
    with pytest.raises(PlaybookError, match="destroyed most of the ids") as caught:
        load(HEADING + rows("1,00", "2,00") + destroyed)
    assert "Карта" in caught.value.problems[0]
    assert "4.61E+12" in caught.value.problems[0]
    report, _receipts = load(HEADING + rows("1,00", "2,00", "3,00", "4,00") + destroyed)
    assert aside(report) == {"lost_digits": 3}


def test_ids_that_a_spreadsheet_has_rounded_stop_the_import(load):
    lines = "".join(f"01.02.2025;М1;427638001234{i:03d}0;{i};5,00\n" for i in range(1, 30))
    with pytest.raises(PlaybookError, match="destroyed most of the ids"):
        load(HEADING + lines)
    good = lines.replace("0;1;", "7;1;")
    assert len(load(HEADING + good)[1]) == 29


GROUPED = (
    "Магазин;Чек;Дата;Карта;Сумма\nЦентр;;;;15,50\n;1;01.02.2025;K1;10,00\n;2;02.02.2025;K2;5,50\n"
    "{first}Север;;;;7,00\n;3;03.02.2025;K3;7,00\n{second}"
)


def test_the_store_of_a_line_above_is_filled_down_where_totals_close_each_group(load):
    first, second = "Итого по магазину Центр;;;;15,50\n", "Итого по магазину Север;;;;7,00\n"
    report, receipts = load(GROUPED.format(first=first, second=second))
    assert receipts["store_id"].tolist() == ["Центр", "Центр", "Север"]
    assert receipts["amount"].sum() == 22.5
    assert aside(report) == {"group": 2, "total": 2}
    assert ("row_kind", "group") in {(f.subject, f.value) for f in report.findings}
    assert [(stated, found) for _l, stated, found in totals(report)] == [
        (Decimal("15.50"), Decimal("15.50")),
        (Decimal("7.00"), Decimal("7.00")),
    ]


def test_a_store_of_a_line_above_is_no_guess_where_nothing_closes_the_group(load):
    with pytest.raises(PlaybookError, match="a line of its own") as caught:
        load(GROUPED.format(first="", second=""))
    assert "Центр" in caught.value.summary


def test_one_store_can_be_stated_for_all_rows_or_by_the_name_of_the_file(load):
    text = "Дата;Карта;Сумма\n01.02.2025;K1;5,00\n"
    _report, receipts = load(text, columns=("store_id='Магазин 1'",))
    assert receipts["store_id"].tolist() == ["Магазин 1"]
    _report, receipts = load(text, columns=("store_id=FILENAME",), replace=True)
    assert receipts["store_id"].tolist() == ["f0"]
    with pytest.raises(PlaybookError) as caught:
        load(text)
    assert "FILENAME" in str(caught.value)


def test_a_date_and_its_clock_can_be_stated(load):
    text = "Tag;Zeitpunkt;Filiale;Kunde;Umsatz\n15.02.2025;9:05;F1;K1;5,00\n"
    _report, receipts = load(text, columns=("at=Tag+Zeitpunkt",))
    assert receipts["at"].dt.strftime("%d.%m %H:%M").tolist() == ["15.02 09:05"]


def test_a_share_is_percent_where_its_heading_says_so(tmp_path):
    path = tmp_path / "margins.csv"
    path.write_text(
        "Магазин;Месяц;Маржинальность, %\nМ1;янв.24;24,5\nМ1;фев.24;25,1\n", encoding="utf-8"
    )
    import_files(tmp_path / "data", [path], Options(table="margins"), today=TODAY)
    rows = Tables(tmp_path / "data").read("margins")
    assert rows["margin_share"].tolist() == [0.245, 0.251]
    assert rows["month"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-02-01"]
