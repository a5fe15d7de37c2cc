"""Each remark is made for planted trouble, with the numbers planted, and for nothing else."""

import datetime as dt
import json
import random
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from playbook.data import checks_currency, checks_tables, finding_words, report_json
from playbook.data.file_read import FileRead
from playbook.data.findings import Finding
from playbook.data.importing import import_files
from playbook.data.remark import Remark, by_weight
from playbook.data.report import ImportReport
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.data.stated_total import StatedTotal
from playbook.errors import PlaybookError
from playbook.text import in_language

TODAY = dt.date(2025, 6, 30)
FIRST = dt.date(2025, 1, 6)  # a Monday
N_DAYS = 70
STORES = ("north", "south", "east")
A_DAY = 12
HEADING = "receipt,date,store,card,amount"
CLEAN = {"anonymous"}


@dataclass(frozen=True)
class Receipt:
    number: int
    at: dt.datetime
    store: str
    card: str
    amount: float

    @property
    def line(self):
        return f"{self.number},{self.at:%Y-%m-%d %H:%M:%S},{self.store},{self.card},{self.amount}"


def chain(n_days=N_DAYS, first=FIRST, a_day=A_DAY):
    """Three stores, the same number of receipts every day, twice as many on Saturdays."""
    draw = random.Random(3)
    receipts = []
    for day in range(n_days):
        date = first + dt.timedelta(days=day)
        for store in STORES:
            for place in range(a_day * (2 if date.isoweekday() == 6 else 1)):
                clock = dt.time(
                    8 + place * 13 // (2 * a_day), draw.randrange(60), draw.randrange(60)
                )
                card = "" if draw.random() < 0.2 else f"c{draw.randrange(400)}"
                receipts.append(
                    Receipt(
                        number=len(receipts) + 1,
                        at=dt.datetime.combine(date, clock),
                        store=store,
                        card=card,
                        amount=round(draw.lognormvariate(6, 0.7), 2),
                    )
                )
    return receipts


RECEIPTS = chain()


@pytest.fixture
def report_of(tmp_path):
    """Import receipts, one list for each file, and give the report."""

    def run(*files, raw=(), **options):
        paths = []
        for place, receipts in enumerate(files):
            path = tmp_path / f"part{place}.csv"
            lines = [HEADING, *(r if isinstance(r, str) else r.line for r in receipts), *raw]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            paths.append(path)
        return import_files(tmp_path / "data", paths, Options(**options), today=TODAY)

    return run


def codes(report):
    return {remark.code for remark in report.remarks} - CLEAN


def numbers(report, code):
    (found,) = [remark for remark in report.remarks if remark.code == code]
    return found.numbers


def test_a_clean_chain_of_three_stores_raises_no_alarm(report_of):
    report = report_of(RECEIPTS)
    assert codes(report) == set()
    assert all(remark.weight == "hint" for remark in report.remarks)


def test_returns_are_told_with_their_money_and_many_of_them_are_a_warning(report_of):
    some = [replace(r, amount=-10.0) if r.number <= 20 else r for r in RECEIPTS]
    found = numbers(report_of(some), "returns")
    assert (found["n"], found["money"], found["is_high"]) == (20, 200.0, False)
    many = [replace(r, amount=-r.amount) if r.number % 5 == 0 else r for r in RECEIPTS]
    report = report_of(many, replace=True)
    assert numbers(report, "returns")["is_high"]
    assert next(r for r in report.remarks if r.code == "returns").weight == "warning"


def test_sums_of_nought_are_counted(report_of):
    some = [replace(r, amount=0.0) if r.number <= 7 else r for r in RECEIPTS]
    assert numbers(report_of(some), "zero_amounts") == {"n": 7}


def test_a_cashiers_card_is_no_customer_and_its_id_is_not_told(report_of):
    card = "4600000000017"
    some = [replace(r, card=card) if r.store == "south" and r.card else r for r in RECEIPTS]
    report = report_of(some)
    n = sum(r.card == card for r in some)
    found = numbers(report, "shared_cards")
    assert (found["n"], found["receipts"]) == (1, n)
    assert found["share"] == pytest.approx(n / sum(bool(r.card) for r in some))
    assert card not in json.dumps(report.as_json())


def test_a_customer_with_eleven_purchases_on_a_day_is_told_of_and_one_with_ten_is_not(report_of):
    day = [r for r in RECEIPTS if r.at.date() == FIRST]

    def with_many(n):
        chosen = {r.number for r in day[:n]}
        return [replace(r, card="busy") if r.number in chosen else r for r in RECEIPTS]

    assert "shared_cards" not in codes(report_of(with_many(10)))
    assert numbers(report_of(with_many(11), replace=True), "shared_cards")["most"] == 11


def test_future_and_impossible_dates_are_told_apart(report_of):
    raw = ["90001,2031-01-01 10:00:00,north,c1,5", "90002,2025-02-31 10:00:00,north,c1,5"]
    raw += ["90003,0024-01-05 10:00:00,north,c1,5", "90004,1989-12-31 10:00:00,north,c1,5"]
    report = report_of(RECEIPTS, raw=raw)
    assert numbers(report, "future_dates")["n"] == 1
    assert numbers(report, "impossible_dates")["n"] == 3
    assert numbers(report, "future_dates")["line"] == len(RECEIPTS) + 2


def test_ids_that_a_spreadsheet_has_destroyed_must_be_mended(report_of):
    some = [replace(r, card="4.61E+12") if r.number <= 9 else r for r in RECEIPTS]
    report = report_of(some)
    assert numbers(report, "ids_lost")["n"] == 9
    assert report.remarks[0].weight == "error"


def test_ids_that_all_end_in_noughts_are_rounded_ones(report_of):
    some = [replace(r, card=r.card and f"4610{int(r.card[1:]):04d}00000") for r in RECEIPTS]
    found = numbers(report_of(some), "ids_rounded")
    assert (found["column"], found["share"], found["zeros"]) == ("customer_id", 1.0, 4)


def test_long_ids_that_end_as_chance_wants_are_let_be(report_of):
    some = [
        replace(r, card=r.card and f"46100{7919 * int(r.card[1:]) % 10**8:08d}") for r in RECEIPTS
    ]
    assert codes(report_of(some)) == set()


def test_stores_written_with_letters_of_two_alphabets_are_told(report_of):
    some = [replace(r, store={"north": "А1", "south": "A1"}.get(r.store, "B2")) for r in RECEIPTS]
    found = numbers(report_of(some), "look_alike")
    assert (found["column"], found["n"]) == ("store_id", 1)
    assert found["receipts"] == sum(r.store != "east" for r in RECEIPTS)


def test_a_gap_of_the_company_is_told_with_its_days(report_of):
    gone = {FIRST + dt.timedelta(days=day) for day in (20, 21, 22, 40)}
    report = report_of([r for r in RECEIPTS if r.at.date() not in gone])
    found = numbers(report, "gap")
    assert (found["n"], found["longest"]) == (4, 3)
    assert (found["first"], found["last"]) == ("2025-01-26", "2025-01-28")
    assert "store_gaps" not in codes(report)


def test_a_company_that_is_closed_on_sundays_has_no_gaps(report_of):
    report = report_of([r for r in RECEIPTS if r.at.isoweekday() != 7])
    assert numbers(report, "closed_weekday") == {"weekdays": [7]}
    assert codes(report) == {"closed_weekday"}


def test_a_store_without_a_receipt_for_nine_days_is_told(report_of):
    gone = {FIRST + dt.timedelta(days=day) for day in range(30, 39)}
    some = [r for r in RECEIPTS if not (r.store == "east" and r.at.date() in gone)]
    report = report_of(some)
    found = numbers(report, "store_gaps")
    assert (found["stores"], found["longest"], found["first"]) == (["east"], 9, "2025-02-05")
    assert codes(report) == {"store_gaps"}


def test_a_store_that_starts_late_or_stops_early_is_told(report_of):
    late, early = FIRST + dt.timedelta(days=50), FIRST + dt.timedelta(days=30)
    some = [
        r
        for r in RECEIPTS
        if not (r.store == "east" and r.at.date() < late)
        and not (r.store == "south" and r.at.date() > early)
    ]
    report = report_of(some)
    assert numbers(report, "stores_start") == {"n": 1, "stores": ["east"], "last": "2025-02-25"}
    assert numbers(report, "stores_stop") == {"n": 1, "stores": ["south"], "first": "2025-02-05"}
    assert numbers(report, "short_stores")["stores"] == ["east", "south"]


def test_receipts_of_few_weeks_are_told_once_and_not_for_each_store(report_of):
    report = report_of(chain(n_days=21))
    assert numbers(report, "short_data") == {"n": 3}
    assert codes(report) == {"short_data"}


def test_a_day_with_ten_times_the_usual_amount_is_told(report_of):
    day = FIRST + dt.timedelta(days=30)
    some = [
        replace(r, amount=round(r.amount * 20, 2)) if r.at.date() == day else r for r in RECEIPTS
    ]
    report = report_of(some)
    assert numbers(report, "busy_days")["day"] == "2025-02-05"
    assert numbers(report, "busy_days")["times"] == pytest.approx(20, rel=0.4)
    assert numbers(report, "busy_store_days")["n"] == 3


def test_an_absurd_receipt_is_told_and_its_day_is_not_blamed(report_of):
    some = [replace(r, amount=2e6) if r.number == 500 else r for r in RECEIPTS]
    report = report_of(some)
    found = numbers(report, "absurd_amounts")
    assert (found["n"], found["largest"], found["store"]) == (1, 2e6, RECEIPTS[499].store)
    assert codes(report) == {"absurd_amounts"}


def test_a_day_imported_twice_under_other_numbers_is_told(report_of):
    day = FIRST + dt.timedelta(days=33)
    twins = [replace(r, number=r.number + 10**6) for r in RECEIPTS if r.at.date() == day]
    report = report_of([*RECEIPTS, *twins])
    found = numbers(report, "doubled_days")
    assert (found["twins"], found["days"], found["n_stores"]) == (72, ["2025-02-08"], 3)
    assert found["money"] == pytest.approx(sum(r.amount for r in twins))


def test_a_month_in_kopecks_is_told(report_of):
    some = [replace(r, amount=round(r.amount * 100)) if r.at.month == 2 else r for r in RECEIPTS]
    found = numbers(report_of(some), "month_unit")
    assert (found["first"], found["last"]) == ("2025-02-01", "2025-02-28")
    assert found["usual"] / found["other"] == pytest.approx(100, rel=0.15)


def test_a_file_in_kopecks_is_told(report_of):
    half = len(RECEIPTS) // 2
    kopecks = [replace(r, amount=round(r.amount * 100)) for r in RECEIPTS[half:]]
    found = numbers(report_of(RECEIPTS[:half], kopecks), "file_unit")
    assert found["file"] == "part1.csv"
    assert found["usual"] / found["other"] == pytest.approx(100, rel=0.15)


def test_a_last_day_that_is_cut_off_is_told(report_of):
    last = RECEIPTS[-1].at.date()
    some = [r for r in RECEIPTS if r.at.date() != last or r.at.hour < 10]
    found = numbers(report_of(some), "last_day")
    assert (found["day"], found["usual"]) == (last.isoformat(), 3 * A_DAY)
    assert found["found"] == sum(r.at.date() == last for r in some)


def test_dates_without_a_time_are_told(report_of):
    some = [replace(r, at=dt.datetime.combine(r.at.date(), dt.time())) for r in RECEIPTS]
    assert numbers(report_of(some), "no_time")["share"] == 1
    assert codes(report_of(some, replace=True)) == {"no_time"}


def test_dates_up_to_the_twelfth_only_are_swapped(report_of):
    receipts = [r for r in chain(n_days=150, a_day=2) if r.at.day <= 12]
    swapped = [replace(r, at=r.at.replace(month=r.at.day, day=r.at.month)) for r in receipts]
    past = [r for r in swapped if r.at.date() <= TODAY]
    assert numbers(report_of(past), "swapped_dates") == {"is_all": True}


def test_days_up_to_the_twelfth_that_follow_another_week_are_swapped(report_of):
    receipts = chain(n_days=360, first=dt.date(2024, 1, 1), a_day=2)
    torn = [
        replace(r, at=r.at.replace(month=r.at.day, day=r.at.month)) if r.at.day <= 12 else r
        for r in receipts
    ]
    assert numbers(report_of(torn), "swapped_dates") == {"is_all": False}
    assert "swapped_dates" not in codes(report_of(receipts, replace=True))


def test_copies_between_files_are_told_with_the_file_and_a_repeated_file_is_a_warning(report_of):
    half = len(RECEIPTS) // 2
    overlap = RECEIPTS[half - 100 :]
    report = report_of(RECEIPTS[:half], overlap)
    assert numbers(report, "duplicates") == {"n": 100, "files": {"part1.csv": 100}}
    assert "files_overlap" in codes(report)
    repeated = report_of(RECEIPTS, RECEIPTS[:50], replace=True)
    assert numbers(repeated, "repeated_file") == {"file": "part1.csv", "n": 50}


def test_months_that_follow_one_another_do_not_overlap(report_of):
    half = FIRST + dt.timedelta(days=35)
    before = [r for r in RECEIPTS if r.at.date() < half]
    after = [r for r in RECEIPTS if r.at.date() >= half]
    assert codes(report_of(before, after)) == set()


def test_much_that_was_set_aside_is_a_warning(report_of):
    raw = [f"{10**6 + i},yesterday,north,c1,5" for i in range(len(RECEIPTS) // 10)]
    report = report_of(RECEIPTS, raw=raw)
    assert numbers(report, "set_aside")["n"] == len(raw)


def test_a_stated_total_is_held_against_the_rows_to_half_a_kopeck():
    total = StatedTotal(file="f", line=9, label="Итого", stated=Decimal("10.00"))
    assert total.agrees is None
    assert replace(total, found=Decimal("10.005")).agrees
    assert not replace(total, found=Decimal("10.01")).agrees
    assert StatedTotal.from_json(total.as_json()) == total


def test_a_total_that_does_not_agree_is_told(report_of):
    total = sum(Decimal(str(r.amount)) for r in RECEIPTS)
    assert "stated_total" not in codes(report_of(RECEIPTS, raw=[f"Total,,,,{total}"]))
    report = report_of(RECEIPTS, raw=[f"Total,,,,{total + 100}"], replace=True)
    found = numbers(report, "stated_total")
    assert found["stated"] - found["found"] == pytest.approx(100)


def test_the_json_has_the_promised_keys_first_and_gives_the_report_back(report_of):
    report = report_of(RECEIPTS, raw=["x,yesterday,north,c1,5"])
    raw = json.loads(json.dumps(report.as_json()))
    assert tuple(raw)[: len(report_json.KEYS)] == report_json.KEYS
    assert (raw["rows_read"], raw["rows_set_aside"]) == (len(RECEIPTS) + 1, 1)
    assert raw["amount_total"] == round(sum(r.amount for r in RECEIPTS), 2)
    assert raw["customers"] == len({r.card for r in RECEIPTS if r.card})
    assert (raw["stores"], raw["date_min"], raw["date_max"]) == (3, "2025-01-06", "2025-03-16")
    assert {"code", "text", "weight", "advice"} <= set(raw["warnings"][0])
    back = ImportReport.from_json(raw)
    assert json.loads(json.dumps(back.as_json())) == raw


def test_an_error_has_the_same_keys():
    raw = report_json.of_error(PlaybookError("No.", problems=["a"], advice="b"))
    assert tuple(raw) == report_json.KEYS
    assert raw["errors"] == [{"summary": "No.", "problems": ["a"], "advice": "b"}]
    assert raw["rows_loaded"] == 0


def test_remarks_are_in_the_order_of_their_weight():
    weights = ["hint", "error", "warning"]
    remarks = [Remark(code="zero_amounts", weight=weight, numbers={"n": 1}) for weight in weights]
    assert [remark.weight for remark in by_weight(remarks)] == ["error", "warning", "hint"]


def test_a_newer_export_is_compared_with_what_is_there(report_of):
    report_of(RECEIPTS)
    more = [*RECEIPTS, replace(RECEIPTS[0], number=10**6, amount=100.0)]
    with pytest.raises(PlaybookError, match="there already") as caught:
        report_of(more)
    text = "\n".join(caught.value.problems)
    assert "6 Jan 2025" in text
    assert "+1 row" in text
    assert "+₽100.00" in text
    assert "--replace" in caught.value.advice
    following = [
        replace(r, at=r.at + dt.timedelta(days=N_DAYS), number=r.number + 10**6) for r in RECEIPTS
    ]
    with pytest.raises(PlaybookError) as caught:
        report_of(following)
    assert "do not overlap" in caught.value.advice


def test_every_remark_has_words_in_both_languages(report_of):
    some = [replace(r, amount=0.0) if r.number <= 7 else r for r in RECEIPTS]
    report = report_of(some)
    english = [remark.text for remark in report.remarks]
    with in_language("ru"):
        russian = [remark.text for remark in report.remarks]
    assert all(english)
    assert english != russian


def test_dates_in_the_order_that_somebody_has_stated_are_no_error(report_of):
    some = [r for r in chain(n_days=200) if r.at.day <= 12]
    lines = [r.line.replace(f"{r.at:%Y-%m-%d}", f"{r.at:%d.%m.%Y}") for r in some]
    report = report_of(lines, stated=Stated(order="dmy"))
    (found,) = [remark for remark in report.remarks if remark.code == "swapped_dates"]
    assert found.weight == "warning"
    assert "--date-order" not in found.advice


def test_more_than_half_of_the_rows_set_aside_must_be_mended_and_is_in_the_headline(report_of):
    bad = [f"x{i},yesterday,north,c1,5" for i in range(len(RECEIPTS) + 1)]
    report = report_of(RECEIPTS, raw=bad)
    assert next(r for r in report.remarks if r.code == "set_aside").weight == "error"
    assert "Most rows" in report.headline


@pytest.mark.parametrize(("wanted", "codes"), [("USD", []), ("RUB", ["USD"]), ("", [])])
def test_a_currency_in_cells_or_headings_is_held_against_the_engagements(wanted, codes):
    cells = Finding(file="a.csv", subject="currency", value="USD", certainty="certain")
    read = FileRead(name="b.csv", n_rows=1, columns={"amount": "Net Sales ($)"})
    for findings, files in (([cells], []), ([], [read]), ([cells], [read])):
        found = checks_currency.of_currency(findings, files, wanted)
        assert [remark.numbers["found"] for remark in found] == codes


def test_tables_of_another_company_are_told_in_one_remark():
    def stray(table, n, weight):
        numbers = {"table": table, "column": "store_id", "n": n, "n_all": 6, "stores": ["x", "y"]}
        return Remark(code="unknown_store_id", weight=weight, numbers=numbers)

    one = stray("stores", 6, "error")
    assert list(checks_tables.together([one])) == [one]
    (told,) = checks_tables.together([stray("costs", 2, "warning"), one])
    assert told.weight == "error"
    assert "costs (2 of 6), stores (6 of 6)" in told.text
    assert Remark.from_json(told.as_json()).text == told.text


def test_empty_columns_are_hints_with_the_headings_of_the_file_and_what_they_limit(tmp_path):
    path = tmp_path / "stores.csv"
    path.write_text("Код магазина,Регион,Формат\nm1,,a\nm2,,\n", encoding="utf-8")
    report = import_files(tmp_path / "data", [path], Options(table="stores"), today=TODAY)
    (found,) = [remark for remark in report.remarks if remark.code == "empty_columns"]
    assert found.weight == "hint"
    assert "Columns without any value: “Регион”." in found.text
    assert "Columns with empty cells: “Формат” (50.0" in found.text
    assert "within regions" in found.advice


def test_a_report_says_how_many_stated_totals_agree_and_the_revenue_to_the_kopeck(report_of):
    report = report_of(RECEIPTS)
    exact = f"{sum(round(r.amount * 100) for r in RECEIPTS) / 100:,.2f}"
    assert exact in report.figures[-1].note
    assert report.agreement == ""
    sums = [(1, 1), (2, 3), (4, None)]
    totals = tuple(
        StatedTotal(
            file="a.csv",
            line=9,
            label="Итого",
            stated=Decimal(stated),
            found=None if found is None else Decimal(found),
        )
        for stated, found in sums
    )
    assert "1 of 2 agree" in replace(report, stated_totals=totals).agreement


def test_files_with_the_same_sums_and_other_days_are_not_called_the_same(report_of):
    report_of(RECEIPTS)
    moved = [replace(r, at=r.at + dt.timedelta(days=1)) for r in RECEIPTS]
    with pytest.raises(PlaybookError) as caught:
        report_of(moved)
    assert "Rows and sums are the same; days, stores or customers are not." in caught.value.problems


def test_files_read_with_day_and_month_swapped_are_not_called_the_same(report_of):
    some = [r for r in RECEIPTS if r.at.day <= 12]
    lines = [r.line.replace(f"{r.at:%Y-%m-%d}", f"{r.at:%d/%m/%Y}") for r in some]
    report_of(lines, stated=Stated(order="dmy"))
    with pytest.raises(PlaybookError) as caught:
        report_of(lines, stated=Stated(order="mdy"))
    assert "Day and month are read the other way round." in caught.value.problems


def test_the_cell_that_decided_is_told_in_the_language_of_the_reader(report_of):
    lines = [r.line.replace(f"{r.at:%Y-%m-%d}", f"{r.at:%d/%m/%Y}") for r in RECEIPTS]
    stored = json.loads(json.dumps(report_of(lines).as_json()))
    (found,) = [
        finding
        for finding in ImportReport.from_json(stored).findings
        if finding.subject == "date_order"
    ]
    assert f"line {found.line}" in finding_words.told(found).why
    with in_language("ru"):
        assert "line" not in finding_words.told(found).why
        assert found.cell in finding_words.told(found).why
