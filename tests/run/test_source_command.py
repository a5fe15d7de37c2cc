import duckdb
import pytest

from playbook import cli
from playbook.engagement import Engagement
from playbook.engagement.company import Company
from playbook.text import catalogue

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLAYBOOK_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setattr(catalogue, "_for_process", {})


@pytest.fixture
def shop(tmp_path):
    """The address of three receipts of two customers."""
    file = tmp_path / "shop.db"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE TABLE receipts AS SELECT * FROM (VALUES"
            " ('1', TIMESTAMP '2024-01-01 10:00', 's', 'anna', 10.00::DECIMAL(12, 2)),"
            " ('2', TIMESTAMP '2024-02-01 10:00', 's', 'boris', 20.50::DECIMAL(12, 2)),"
            " ('3', TIMESTAMP '2024-02-02 10:00', 's', NULL, 0.50::DECIMAL(12, 2))"
            ') AS t("Чек", "Дата", "Магазин", "Карта", "Сумма")'
        )
    return f"duckdb://{file}?table=receipts"


def run(capsys, *arguments):
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_new_engagement_may_begin_with_a_source(capsys, shop):
    code, out, _err = run(capsys, "new", "acme", "--source", shop)
    assert code == 0
    assert "3 rows, 1 Jan 2024 to 2 Feb 2024" in out
    assert "without a customer: 1" in out
    assert "amount is taken from Сумма" in out
    assert Engagement.open("acme").warehouse == shop
    assert "until 2 Feb 2024" in run(capsys, "status", "acme")[1]


def test_a_source_is_set_shown_renewed_and_forgotten(capsys, shop):
    Engagement.create("acme")
    assert "come from imported files" in run(capsys, "source", "acme")[1]
    assert run(capsys, "source", "acme", shop)[0] == 0
    assert "Looked at" in run(capsys, "source", "acme")[1]
    assert "One look reads" in run(capsys, "source", "acme", "--refresh")[1]
    assert run(capsys, "source", "acme", "--forget")[0] == 0
    assert Engagement.open("acme").warehouse == ""


def test_a_source_that_cannot_be_used_leaves_the_engagement_as_it_was(capsys, shop):
    run(capsys, "new", "acme", "--source", shop)
    code, _out, err = run(capsys, "source", "acme", shop.replace("table=receipts", "table=other"))
    assert code == 2
    assert "there is no table other" in err
    assert Engagement.open("acme").warehouse == shop


def test_a_source_whose_customers_are_phones_is_refused_without_showing_any(capsys, tmp_path):
    file = tmp_path / "phones.db"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE TABLE receipts AS SELECT i::VARCHAR AS receipt_id,"
            " TIMESTAMP '2024-01-01' AS at,"
            " 's' AS store_id, '+7 (912) 345-67-' || (10 + i) AS customer_id, 10.00 AS amount"
            " FROM range(40) AS t(i)"
        )
    Engagement.create("acme")
    code, out, err = run(capsys, "source", "acme", f"duckdb://{file}?table=receipts")
    assert code == 2
    assert "phone numbers" in err
    assert "345-67" not in out + err
    assert Engagement.open("acme").warehouse == ""


def test_no_password_reaches_a_file_or_the_screen(capsys, tmp_path):
    address = "postgresql://anna:hush-hush@host/db"
    for arguments in (("new", "acme", "--source", address), ("source", "shop", address)):
        if arguments[0] == "source":
            Engagement.create("shop")
        code, out, err = run(capsys, *arguments)
        assert code == 2
        assert "hush-hush" not in out + err
        assert "PLAYBOOK_SOURCE_PASSWORD" in err
    assert not (tmp_path / "home" / "engagements" / "acme").exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"hush-hush" in path.read_bytes() for path in files)


def test_a_password_in_the_company_document_is_refused_without_showing_it(capsys, tmp_path):
    Engagement.create("acme")
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "company.yaml").write_text("name: Acme\nsource: postgresql://anna:hush@host/db\n")
    code, out, err = run(capsys, "inputs", "import", "acme", str(folder))
    assert code == 2
    assert "a password does not belong here" in err
    assert "hush" not in out + err


def test_a_driver_that_is_missing_is_named_with_its_command(capsys):
    Engagement.create("acme")
    code, _out, err = run(capsys, "source", "acme", "snowflake://anna@account/db")
    assert code == 2
    assert "pip install 'ibis-framework[snowflake]'" in err


def test_the_sample_has_no_source(capsys, shop):
    code, _out, err = run(capsys, "source", "sample", shop)
    assert code == 2
    assert "has no source" in err


def test_a_company_keeps_its_other_facts(capsys, shop):
    engagement = Engagement.create("acme", currency="KZT")
    run(capsys, "source", "acme", shop)
    assert engagement.company == Company(name="acme", currency="KZT", source=shop)


def test_receipts_that_nobody_would_count_are_not_imported(capsys, shop, tmp_path):
    run(capsys, "new", "acme", "--source", shop)
    path = tmp_path / "tills.csv"
    path.write_text("date,store,card,receipt,amount\n2025-01-02,1,a,1,5\n", encoding="utf-8")
    code, _out, err = run(capsys, "import", "acme", str(path))
    assert code == 2
    assert "playbook source acme --forget" in err
    stores = tmp_path / "stores.csv"
    stores.write_text("store_id,region,format\n1,north,small\n", encoding="utf-8")
    assert run(capsys, "import", "acme", str(stores), "--table", "stores")[0] == 0
    run(capsys, "source", "acme", "--forget")
    assert run(capsys, "import", "acme", str(path))[0] == 0
