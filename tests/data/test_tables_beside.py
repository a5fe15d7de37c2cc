"""Tables beside the receipts: from a Russian CSV and an English workbook, with what is wrong."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from playbook.data.importing import import_files
from playbook.data.names import names_of
from playbook.data.request import Options
from playbook.data.schema import IMPORTED, check
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

TODAY = dt.date(2026, 4, 30)
MOMENT = pd.Timestamp("2026-01-12 10:00")
DAY = pd.Timestamp("2026-02-01")


@pytest.fixture
def bring(tmp_path):
    """Write a file, import it as a table, return the report and the rows."""

    def run(table, content, **options):
        path = tmp_path / f"{table}.{'csv' if isinstance(content, str) else 'xlsx'}"
        if isinstance(content, str):
            path.write_bytes(content.encode("cp1251"))
        else:
            book = openpyxl.Workbook()
            for row in content:
                book.active.append(row)
            book.save(path)
        asked = Options(table=table, **options)
        report = import_files(tmp_path / "data", [path], asked, today=TODAY)
        rows = Tables(tmp_path / "data").read(table)
        return report, check(rows, table)

    return run


def aside(report):
    """Reason to the lines and cells that were set aside for it."""
    return {
        (found.column, found.reason): [(e.line, e.value) for e in found.examples]
        for found in report.set_aside
    }


RUSSIAN = {
    "stores": (
        "Код магазина;Регион;Формат магазина;Торговая площадь;Дата открытия\n"
        "М1;Север;Малый;170,5;06.01.2019\n",
        {"region": "Север", "size_m2": 170.5, "opened": pd.Timestamp("2019-01-06")},
    ),
    "customer_list": (
        "Код клиента;Дата регистрации;Источник;Магазин регистрации;Согласие на рассылку\n"
        "0042;01.02.2026;ТВ;М1;да\n",
        {
            "customer_id": "0042",
            "registered": DAY,
            "channel": "ТВ",
            "home_store": "М1",
            "may_contact": True,
        },
    ),
    "contacts": (
        "Номер карты;Акция;Дата отправки;Канал;Стоимость;Группа\n"
        "0042;Привет;12.01.2026 10:00;SMS;4,20;ЦГ\n",
        {"offer": "Привет", "contacted_at": MOMENT, "cost": 4.2, "arm": "treated"},
    ),
    "costs": (
        "Месяц;Статья затрат;Комментарий;Сумма, руб.\nфев 2026;Реклама на ТВ;Север;1 250 000,50\n",
        {"month": DAY, "cost_kind": "acquisition", "item": "Север", "cost": 1250000.5},
    ),
    "margins": (
        "Период;Магазин;Маржинальность, %\n02.2026;М1;25,5%\n",
        {"month": DAY, "store_id": "М1", "margin_share": 0.255},
    ),
    "store_calendar": (
        "Магазин;Дата начала;Дата окончания;Причина;Отработано часов\n"
        "М1;01.02.2026;14.02.2026;Ремонт;0\n",
        {"day_from": DAY, "day_to": pd.Timestamp("2026-02-14"), "reason": "Ремонт"},
    ),
    "survey": (
        "Дата ответа;Магазин;Оценка;Комментарий\n01.02.2026;М1;9;Спасибо Марии!\n",
        {"answered_on": DAY, "store_id": "М1", "score": 9},
    ),
    "fidelity": (
        "Магазин;Неделя;Выполнение;Очередь, мин\nМ1;02.02.2026;67%;4,5\n",
        {"week": pd.Timestamp("2026-02-02"), "done_share": 0.67, "queue_minutes": 4.5},
    ),
    "issues": (
        "№;Дата;Магазин;Описание;Важность;Ответственный;Дата решения\n"
        "7;01.02.2026;;Сканер не читает карты;Высокая;Директор;\n",
        {"issue_id": "7", "opened": DAY, "severity": "high", "owner": "Директор"},
    ),
    "rollout_weeks": (
        "Магазин;Понедельник;Волна;Старт волны;Контрольный магазин;Клиентов в базе;Вернулось\n"
        "М1;02.02.2026;2;;нет;8 536;6 261\n",
        {"wave": 2, "is_holdout": False, "n_base": 8536, "n_repeat": 6261},
    ),
    "pairs": ("Пара;Магазин;Группа\nП1;М1;контрольная\n", {"pair": "П1", "arm": "control"}),
}
ENGLISH = {
    "stores": (
        [["Store ID", "Region name", "Store type", "Opening date"], ["1", "north", "small", DAY]],
        {"store_id": "1", "region": "north", "opened": DAY},
    ),
    "customer_list": (
        [["Customer ID", "Sign-up date", "Acquisition channel", "Opt-in"], ["42", DAY, "tv", "no"]],
        {"customer_id": "42", "registered": DAY, "channel": "tv", "may_contact": False},
    ),
    "contacts": (
        [
            ["Message ID", "Customer", "Campaign", "Sent at", "Channel", "Cost", "Test group"],
            ["k1", "42", "welcome", MOMENT, "email", 0.5, "Hold-out"],
        ],
        {"contact_id": "k1", "contact_channel": "email", "cost": 0.5, "arm": "control"},
    ),
    "costs": (
        [["Month", "Cost type", "Amount"], [pd.Timestamp("2026-02-14"), "Loyalty programme", 9.5]],
        {"month": DAY, "cost_kind": "retention", "cost": 9.5},
    ),
    "margins": (
        [["Period", "COGS"], ["2026-02", 8140000]],
        {"month": DAY, "cost_of_goods": 8140000.0},
    ),
    "store_calendar": (
        [["Store", "Date", "Closed", "Man-hours"], ["1", DAY, "yes", 96]],
        {"day_from": DAY, "is_closed": True, "staff_hours": 96.0},
    ),
    "survey": (
        [["Response ID", "Submitted at", "Store", "NPS score"], ["a1", DAY, "1", 0]],
        {"answer_id": "a1", "answered_on": DAY, "score": 0},
    ),
    "fidelity": (
        [["Store", "Week start", "Compliance"], ["1", pd.Timestamp("2026-02-02"), 0.5]],
        {"done_share": 0.5},
    ),
    "issues": (
        [["Date", "Description", "Priority"], [DAY, "No receipts on Sunday", "critical"]],
        {"issue_id": "row-1-1", "opened": DAY, "severity": "high"},
    ),
    "rollout_weeks": (
        [
            ["Store", "Week", "Rollout wave", "Holdout", "Base", "Repeat", "Wave date"],
            ["1", pd.Timestamp("2026-02-02"), 3, True, 100, 60, pd.Timestamp("2027-01-04")],
        ],
        {"wave": 3, "is_holdout": True, "wave_start": pd.Timestamp("2027-01-04")},
    ),
    "pairs": ([["Pair ID", "Store", "Arm"], ["p1", "1", "Pilot"]], {"arm": "treated"}),
}


@pytest.mark.parametrize("table", RUSSIAN)
@pytest.mark.parametrize("language", ["russian_csv", "english_workbook"])
def test_every_table_loads_by_the_usual_names_of_its_columns(bring, table, language):
    content, expected = (RUSSIAN if language == "russian_csv" else ENGLISH)[table]
    report, rows = bring(table, content)
    assert (report.rows_read, report.rows_loaded) == (1, 1)
    row = rows.iloc[0]
    assert {name: row[name] for name in expected} == expected


def test_every_table_that_can_be_brought_is_tried_in_both_languages():
    names = {table.name for table in IMPORTED} - {"receipts"}
    assert set(RUSSIAN) == set(ENGLISH) == names


def test_the_comment_of_a_survey_is_never_taken(bring):
    report, rows = bring("survey", RUSSIAN["survey"][0])
    assert "Комментарий" in report.files[0].unused
    assert not rows.astype(str).apply(lambda column: column.str.contains("Марии")).any().any()


def test_no_heading_is_the_usual_name_of_two_columns_of_one_table():
    for table in IMPORTED:
        seen = {}
        for column in table.columns:
            for name in names_of(column, table.name):
                assert seen.setdefault(name, column) == column, (table.name, name)


@pytest.mark.parametrize(
    ("table", "text", "wrong"),
    [
        (
            "survey",
            "Дата ответа;Оценка\n01.02.2026;9\n01.02.2026;11\n01.02.2026;-1\n01.02.2026;8,5\n",
            {
                ("score", "out_of_range"): [(3, "11"), (4, "-1")],
                ("score", "unreadable"): [(5, "8,5")],
            },
        ),
        (
            "margins",
            "Месяц;Магазин;Маржинальность\n01.2026;М1;24%\n02.2026;М1;124%\nскоро;М1;24%\n"
            "01.2026;М1;25%\n",
            {
                ("margin_share", "out_of_range"): [(3, "124%")],
                ("month", "unreadable"): [(4, "скоро")],
                ("month", "duplicate"): [(5, "2026-01-01, М1")],
            },
        ),
        (
            "costs",
            "Месяц;Вид затрат;Магазин;Сумма затрат\n01.2026;Космос;М1;5\n02.2026;прочие;М1;\n"
            "01.2026;ТВ реклама;М1;7\n",
            {
                ("cost_kind", "out_of_range"): [(2, "Космос")],
                ("cost", "missing"): [(3, "")],
            },
        ),
        (
            "fidelity",
            "Магазин;Неделя;Выполнение\nМ1;05.01.2026;50%\nМ1;06.01.2026;50%\nМ2;05.01.2026;150%\n",
            {
                ("week", "out_of_range"): [(3, "06.01.2026")],
                ("done_share", "out_of_range"): [(4, "150%")],
            },
        ),
        (
            "contacts",
            "Карта;Акция;Дата;Канал\n7;А;12.01.2026;смс\n7;А;12.01.2026;пуш\n7;А;12.01.2026;смс\n"
            ";А;12.01.2026;смс\n",
            {
                ("contact_id", "duplicate"): [(4, "7/А/2026-01-12 00:00:00/смс")],
                ("customer_id", "missing"): [(5, "")],
            },
        ),
        (
            "store_calendar",
            "Магазин;Дата с;Дата по;Закрыт\nМ1;01.02.2026;03.02.2026;да\nМ1;01.02.2026;;да\n"
            "М1;01.06.2026;02.06.2026;да\nМ1;04.02.2026;;может быть\n",
            {
                ("store_id", "duplicate"): [(3, "М1, 2026-02-01")],
                ("is_closed", "unreadable"): [(5, "может быть")],
            },
        ),
    ],
)
def test_what_breaks_the_key_or_the_range_is_named_with_its_line_and_value(
    bring, table, text, wrong
):
    report, _rows = bring(table, text)
    assert aside(report) == wrong


def test_lines_of_costs_of_one_month_all_count_unless_they_are_the_same(bring):
    text = (
        "Месяц;Вид затрат;Наименование затрат;Сумма затрат\n"
        "01.2026;Реклама;Радио;100\n01.2026;Реклама;Радио;200\n01.2026;Реклама;Щиты;100\n"
        "01.2026;Реклама;Радио;100\n"
    )
    report, rows = bring("costs", text)
    assert rows["cost"].sum() == 400
    assert report.rows_set_aside == 1


def test_margins_need_a_share_or_the_cost_of_goods(bring):
    with pytest.raises(PlaybookError) as caught:
        bring("margins", "Месяц;Магазин\n01.2026;М1\n")
    assert "margin_share" in str(caught.value)


def test_receipts_keep_units_and_margin_of_their_lines(bring):
    text = (
        "Дата;Магазин;Карта;Чек;Количество;Сумма;Валовая прибыль\n"
        "02.01.2026 10:00;М1;7;1;2;100,00;20,50\n02.01.2026 10:00;М1;7;1;1;50,00;-1,50\n"
        "02.01.2026 11:00;М1;8;2;1;30,00;\n"
    )
    _report, rows = bring("receipts", text)
    rows = rows.set_index("receipt_id")
    assert rows.loc["1", ["units", "margin"]].tolist() == [3.0, 19.0]
    assert rows.loc["2", "units"] == 1.0
    assert pd.isna(rows.loc["2", "margin"])


RECEIPTS = "Дата;Магазин;Карта;Чек;Сумма\n" + "".join(
    f"{day:02d}.01.2026 10:00;{store};00{card};{day}-{store};50000\n"
    for day in range(1, 29)
    for store, card in (("001", 7), ("A1", 8))
)


def remarks(report):
    return {remark.code: remark for remark in report.remarks}


def test_stores_that_are_written_otherwise_are_told_with_their_pairs(bring):
    bring("receipts", RECEIPTS)
    report, _rows = bring("stores", "Магазин;Регион\n1;Север\nА1;Юг\nB9;Юг\n")
    found = remarks(report)
    assert found["near_store_id"].numbers["pairs"] == [["1", "001"], ["А1", "A1"]]
    assert "“1” – “001”" in found["near_store_id"].text
    assert found["unknown_store_id"].numbers["stores"] == ["B9"]


def test_receipts_are_held_against_the_tables_that_came_before(bring):
    bring("stores", "Магазин;Регион\n1;Север\nА1;Юг\n")
    report, _rows = bring("receipts", RECEIPTS)
    assert remarks(report)["near_store_id"].numbers["table"] == "stores"


def test_stores_written_alike_cause_no_remark(bring):
    bring("receipts", RECEIPTS)
    report, _rows = bring("stores", "Магазин;Регион\n001;Север\nA1;Юг\n")
    assert not {"near_store_id", "unknown_store_id"} & remarks(report).keys()


def test_customers_of_contacts_that_never_bought_and_other_months_are_told(bring):
    bring("receipts", RECEIPTS)
    text = "Карта;Акция;Дата\n007;А;12.01.2025\n8;А;12.01.2025\n0555;А;12.01.2025\n"
    report, _rows = bring("contacts", text)
    found = remarks(report)
    assert found["near_customer_id"].numbers["n"] == 1
    assert (found["unknown_customer_id"].numbers["n"], 3) == (1, 3)
    assert found["no_overlap"].weight == "error"
    # no card number stands in a remark
    assert "0555" not in " ".join(remark.text for remark in report.remarks)


@pytest.mark.parametrize(
    ("cost", "code"), [("120", "costs_small"), ("120000", ""), ("9000000", "costs_large")]
)
def test_costs_in_thousands_are_noticed_by_the_revenue_of_the_month(bring, cost, code):
    bring("receipts", RECEIPTS)  # 2.8 million in January
    report, _rows = bring("costs", f"Месяц;Вид;Сумма\n01.2026;Реклама;{cost}\n")
    codes = {"costs_small", "costs_large", "costs_negative"} & remarks(report).keys()
    assert codes == ({code} if code else set())


def test_a_calendar_of_planned_closures_is_no_other_time(bring):
    bring("receipts", RECEIPTS)
    report, _rows = bring("store_calendar", "Магазин;Дата с;Дата по\n001;01.08.2026;14.08.2026\n")
    assert "no_overlap" not in remarks(report)


def test_stores_may_be_placed_by_degrees(bring):
    # 1 degree of longitude at 55° north is 63.8 km, 1 degree of latitude 111.2 km
    report, rows = bring(
        "stores", "Код магазина;Широта;Долгота\nА;55,0;37,0\nБ;55,0;38,0\nВ;56,0;37,0\n"
    )
    assert "degrees" not in [remark.code for remark in report.remarks]
    places = rows.set_index("store_id")[["x_km", "y_km"]]
    east, north = places.loc["Б"] - places.loc["А"], places.loc["В"] - places.loc["А"]
    assert abs(east).tolist() == pytest.approx([63.8, 0.0], abs=1.0)
    assert abs(north).tolist() == pytest.approx([0.0, 111.2], abs=1.0)


def test_degrees_that_are_called_kilometres_are_told(bring):
    report, _rows = bring(
        "stores", "Код магазина;Координата X;Координата Y\nА;37,6;55,7\nБ;30,3;59,9\nВ;82,9;55,0\n"
    )
    assert "degrees" in [remark.code for remark in report.remarks]


def test_kilometres_are_not_taken_for_degrees(bring):
    report, _rows = bring(
        "stores", "Код магазина;Координата X;Координата Y\nА;37,6;55,7\nБ;-20,3;59,9\nВ;2,9;5,0\n"
    )
    assert "degrees" not in [remark.code for remark in report.remarks]
