"""Personal data at the door: refused, made pseudonyms, and nowhere to be seen afterwards."""

import datetime as dt
import json
from pathlib import Path

import pytest

from playbook import cli
from playbook.data import privacy
from playbook.data.importing import import_files
from playbook.data.pseudonyms import Secret
from playbook.data.request import Options
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
SECRET = Secret(bytes(range(32)))
HEAD = "Дата;Магазин;Карта;Чек;Сумма"
PHONES = [f"89{code}{number}" for code in (12, 16, 21, 5, 63) for number in (1234567, 7654321)]
PHONES = [phone if len(phone) == 11 else phone.replace("895", "8905") for phone in PHONES]


def written(phone):
    return f"+7 ({phone[1:4]}) {phone[4:7]}-{phone[7:9]}-{phone[9:]}"


def receipts(ids, head=HEAD, more=lambda _i: ""):
    lines = [f"{1 + i % 28:02}.02.2024;М1;{who};{i};10,50{more(i)}" for i, who in enumerate(ids)]
    return "\n".join([head, *lines]) + "\n"


@pytest.fixture
def load(tmp_path):
    def run(text, name="tills.csv", secret=SECRET, **options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        folder = tmp_path / "data"
        report = import_files(
            folder, [tmp_path / name], Options(**options), today=TODAY, secret=secret
        )
        return report, Tables(folder).read(options.get("table", "receipts"))

    return run


def everything(report, tmp_path):
    """All that an import leaves: the report in every form, and every file of the data folder."""
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    texts = [json.dumps(report.as_json(), ensure_ascii=False), report._repr_html_()]
    return b"\n".join([*files, *(text.encode() for text in texts)])


def test_phones_as_customers_are_refused_and_nothing_is_changed(load, tmp_path):
    with pytest.raises(PlaybookError) as told:
        load(receipts(PHONES * 3))
    assert "customer_id" in str(told.value)
    assert "--pseudonymise" in str(told.value)
    assert not any(phone in str(told.value) for phone in PHONES)
    assert not (tmp_path / "data" / "receipts.json").exists()


def test_pseudonyms_keep_the_customers_apart_and_show_nobody(load, tmp_path):
    report, rows = load(receipts(PHONES * 3), pseudonymise=True)
    assert rows["customer_id"].nunique() == len(PHONES)
    assert rows["customer_id"].str.fullmatch("p[0-9a-f]{20}").all()
    left = everything(report, tmp_path)
    assert not any(phone.encode() in left for phone in PHONES)
    assert not any(phone[1:].encode() in left for phone in PHONES)
    assert SECRET.key.hex().encode() not in left
    assert SECRET.key not in left
    assert SECRET.fingerprint.encode() in left


def test_a_phone_is_the_same_customer_in_receipts_and_in_the_list_of_customers(load):
    _report, rows = load(receipts(PHONES * 3), pseudonymise=True)
    listed = "customer_id;channel\n" + "".join(f"{written(phone)};сайт\n" for phone in PHONES)
    _report, people = load(listed, "list.csv", table="customer_list", pseudonymise=True)
    assert set(people["customer_id"]) == set(rows["customer_id"])


def test_a_mixture_of_ids_and_pseudonyms_is_refused(load):
    cards = [f"27000{i:08}" for i in range(20)]
    load(receipts(cards), pseudonymise=True)
    listed = "customer_id;channel\n" + "".join(f"{card};сайт\n" for card in cards)
    with pytest.raises(PlaybookError, match="--pseudonymise"):
        load(listed, "list.csv", table="customer_list")
    with pytest.raises(PlaybookError, match="pseudonym"):
        load(receipts(cards), replace=True)
    with pytest.raises(PlaybookError, match="another one"):
        load(listed, "list.csv", table="customer_list", pseudonymise=True, secret=Secret(bytes(32)))


def test_pseudonyms_beside_raw_ids_are_refused(load):
    cards = [f"27000{i:08}" for i in range(20)]
    load(receipts(cards))
    listed = "customer_id;channel\n" + "".join(f"{card};сайт\n" for card in cards)
    with pytest.raises(PlaybookError, match="no pseudonym in receipts"):
        load(listed, "list.csv", table="customer_list", pseudonymise=True)


def test_columns_that_nobody_needs_are_named_and_not_loaded(load, tmp_path):
    people = ["Иванова Мария Петровна", "Кузнецов Олег Игоревич", "Смирнова Анна Сергеевна"]
    text = receipts(
        [f"27000{i:08}" for i in range(30)],
        head=HEAD + ";ФИО;Поле 7",
        more=lambda i: f";{people[i % 3]};{written(PHONES[i % 10])}",
    )
    broken = f"01.03.2024;М1;2700000000001;99;5,00;{people[0]};{PHONES[0]};лишнее\n"
    report, _rows = load(text + broken)
    told = [privacy.words(one) for one in report.findings if one.subject == "personal"]
    assert len(told) == 2
    assert "ФИО" in told[0]
    assert "not loaded" in told[0]
    left = everything(report, tmp_path)
    assert not any(person.encode() in left for person in people)
    assert not any(phone.encode() in left for phone in PHONES)
    assert not any(written(phone).encode() in left for phone in PHONES)


def test_a_single_address_among_many_cards_is_found_wherever_it_is(load, monkeypatch):
    monkeypatch.setattr(privacy, "SAMPLE", 50)
    cards = [f"27000{i:08}" for i in range(3000)]
    cards[1777] = "ivan@mail.ru"
    with pytest.raises(PlaybookError, match="e-mail"):
        load(receipts(cards))


def test_the_name_of_a_sole_trader_over_a_store_is_told_and_loaded(load):
    lines = [f"0{i + 1}.02.2024;ИП Иванов И.И.;000{i};{i};5,00" for i in range(5)]
    lines += [f"0{i + 1}.02.2024;Петров П.П.;000{i};{i + 9};5,00" for i in range(5)]
    report, rows = load("\n".join([HEAD, *lines]))
    assert rows["store_id"].nunique() == 2
    (found,) = [one for one in report.findings if one.subject == "personal"]
    assert "loaded as they are" in privacy.words(found)


def test_stores_can_be_hashed_by_their_heading(load):
    _report, rows = load(receipts(["1", "2"]), hash_columns=("Магазин",))
    assert set(rows["store_id"]) == {SECRET.pseudonym("М1")}


def test_what_cannot_be_hashed_is_said_all_at_once(load):
    with pytest.raises(PlaybookError) as told:
        load(receipts(["1", "2"]), hash_columns=("Сумма", "Возраст"))
    assert len(told.value.problems) == 2


def test_people_in_a_free_text_are_masked_as_it_is_loaded(load, tmp_path):
    said = f"Покупатель Петров Иван Ильич, {written(PHONES[0])}, ждёт ответа"
    text = (
        "issue_id,opened,store_id,kind,severity,text,owner,closed\n"
        f'i1,2024-02-01,M1,queue,low,"{said}",Area manager,\n'
    )
    report, rows = load(text, "issues.csv", table="issues")
    assert "ждёт ответа" in rows["text"][0]
    assert "Петров" not in rows["text"][0]
    assert written(PHONES[0]).encode() not in everything(report, tmp_path)


def test_a_command_makes_the_secret_and_needs_it_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("PLAYBOOK_SALT_DIR", str(tmp_path / "salts"))
    (tmp_path / "a.csv").write_text(receipts(PHONES * 3), encoding="utf-8")
    (tmp_path / "b.csv").write_text(
        "customer_id;channel\n" + "".join(f"{phone};web\n" for phone in PHONES), encoding="utf-8"
    )
    assert cli.main(["new", "shop"]) == 0
    assert cli.main(["import", "shop", str(tmp_path / "a.csv")]) == 2
    assert not (tmp_path / "salts").exists()
    asked = ["import", "shop", str(tmp_path / "a.csv"), "--pseudonymise"]
    assert cli.main(asked) == 0
    (file,) = (tmp_path / "salts").iterdir()
    key = file.read_text().strip()
    for path in (tmp_path / "engagements").rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes()
    file.rename(tmp_path / "away")
    listed = ["import", "shop", str(tmp_path / "b.csv"), "--table", "customer_list"]
    assert cli.main([*listed, "--pseudonymise"]) == 2
    (tmp_path / "away").rename(file)
    capsys.readouterr()
    assert cli.main([*listed, "--pseudonymise"]) == 0
    printed = capsys.readouterr()
    assert not any(phone in printed.out + printed.err for phone in PHONES)
    assert key not in printed.out + printed.err


def test_an_import_that_failed_leaves_no_rows_in_its_work_folder(load, tmp_path):
    with pytest.raises(PlaybookError):
        load(receipts(PHONES * 3))
    left = [path for path in Path(tmp_path / "data").rglob("*") if path.is_file()]
    assert not any(phone.encode() in path.read_bytes() for path in left for phone in PHONES)
