"""The commands: in the reader's language, one message for a mistake, quick to answer."""

from __future__ import annotations

import errno
import gettext as stdlib
import os
import subprocess
import sys

import pytest

from playbook import cli
from playbook.engagement import Engagement
from playbook.engagement.company import Company
from playbook.errors import PlaybookError
from playbook.text import catalogue, in_language


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("PLAYBOOK_WHO", "Anna")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("PLAYBOOK_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setattr(catalogue, "_for_process", {})


class Marked(stdlib.NullTranslations):
    """A language that is English behind a mark, so that an untranslated word is seen."""

    def gettext(self, message):
        return "~" + message

    def ngettext(self, msgid1, msgid2, n):
        return "~" + (msgid1 if n == 1 else msgid2)


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(catalogue, "_catalogue", lambda _code: Marked())


def run(capsys, *arguments):
    try:
        code = cli.main(arguments)
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_help_names_every_command(capsys):
    code, out, _err = run(capsys, "--help")
    assert code == 0
    for command in ("new", "list", "status", "inputs", "run", "serve", "doctor"):
        assert f"\n    {command} " in out
    assert run(capsys)[:2] == (0, out)


def test_the_help_has_no_word_that_is_not_translated(capsys, marked):
    _code, out, _err = run(capsys, "status", "--help")
    assert "~usage: playbook status" in out
    assert "~options:" in out
    assert "~positional arguments:" in out
    assert "~show this help message and exit" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["status"], "~the following arguments are required: name"),
        (["status", "a", "b"], "~unrecognized arguments: b"),
        (["list", "--lang"], "~argument --lang: ~expected one argument"),
        (["list", "--lang", "de"], "~argument --lang: ~invalid choice: 'de' (choose from "),
        (["stats"], "~argument ~command: ~invalid choice: 'stats' (choose from "),
    ],
)
def test_a_command_that_is_not_understood_says_why_in_the_readers_language(
    capsys, marked, arguments, told
):
    code, _out, err = run(capsys, *arguments)
    assert code == 2
    assert told in err
    assert "~`playbook" in err


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["list"], "en"),
        (["list", "--lang", "ru"], "ru"),
        (["--lang=ru", "list"], "ru"),
        (["inputs", "export", "shop", "--lang", "ru"], "ru"),
    ],
)
def test_the_language_is_asked_for_before_or_behind_the_command(monkeypatch, arguments, language):
    spoken = []
    for handler in ("playbook.run.engagement_commands.list_all",):
        monkeypatch.setattr(handler, lambda _arguments: spoken.append(catalogue.language()) or 0)
    monkeypatch.setattr(
        "playbook.run.inputs_commands.export_inputs",
        lambda _arguments: spoken.append(catalogue.language()) or 0,
    )
    assert cli.main(arguments) == 0
    assert spoken == [language]


def test_an_engagement_speaks_its_own_language_unless_asked(monkeypatch):
    Engagement.create("shop", lang="ru")
    spoken = []
    monkeypatch.setattr(
        "playbook.run.status.status", lambda _arguments: spoken.append(catalogue.language()) or 0
    )
    cli.main(["status", "shop"])
    cli.main(["status", "shop", "--lang", "en"])
    monkeypatch.setenv("PLAYBOOK_LANG", "en")
    cli.main(["status", "shop"])
    assert spoken == ["ru", "en", "en"]


def test_a_new_engagement_is_made_listed_and_shown(capsys):
    code, out, _err = run(capsys, "new", "Берёзка", "--lang", "ru", "--currency", "KZT")
    assert code == 0
    assert Engagement.open("Берёзка").company == Company(name="Берёзка", lang="ru", currency="KZT")
    assert "playbook import Берёзка" in out
    with in_language("en"):
        assert run(capsys, "list")[1].splitlines() == ["sample", "Берёзка"]
        _code, out, _err = run(capsys, "status", "Берёзка", "--lang", "en")
    assert "Data: none yet" in out
    assert out.count("not run") == 13
    assert "company" in out
    assert "Anna" in out


def test_the_status_shows_decisions_and_seals(capsys):
    from playbook.engagement.decisions import Decision

    shop = Engagement.create("shop")
    shop.decisions.save(
        Decision(key="05.fund", choice="Yes", who="Board", reason="pays", date="2026-03-01")
    )
    shop.seals.seal("charter", {"weeks": 16})
    shop.seals.amend("charter", {"weeks": 18}, reason="holidays")
    _code, out, _err = run(capsys, "status", "shop")
    line = next(line for line in out.splitlines() if line.startswith("05"))
    assert line.rstrip().endswith("Yes")
    assert "Sealed: charter" in out
    assert "holidays" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["status", "nothing"], "There is no engagement “nothing”"),
        (["new", "../x"], "cannot be the name of an engagement"),
        (["new", "sample"], "“sample” exists already"),
        (["new", "shop", "--currency", "roubles"], "currency: a currency is three letters"),
        (["inputs", "import", "shop", "nowhere"], "There is no file or folder nowhere"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(capsys, arguments, told):
    if "import" in arguments:
        Engagement.create("shop")
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_inputs_go_out_and_come_back(capsys, tmp_path):
    Engagement.create("shop")
    code, out, _err = run(capsys, "inputs", "export", "shop")
    folder = tmp_path / "engagements" / "shop" / "inputs"
    assert code == 0
    assert str(folder) in out
    company = folder / "company.yaml"
    company.write_text(
        company.read_text(encoding="utf-8").replace("name: shop", "name: Shop & Co"),
        encoding="utf-8",
    )
    code, out, _err = run(capsys, "inputs", "import", "shop", str(folder))
    assert code == 0
    assert "Saved: company" in out
    assert Engagement.open("shop").title() == "Shop & Co"
    assert "Nothing changed" in run(capsys, "inputs", "import", "shop", str(folder))[1]


def test_three_mistakes_in_a_file_are_named_with_their_lines(capsys, tmp_path):
    Engagement.create("shop")
    path = tmp_path / "company.yaml"
    path.write_text("nam: x\nlang: de\ndiscount_rate: 18\n")
    code, _out, err = run(capsys, "inputs", "import", "shop", str(path))
    assert code == 2
    assert "company.yaml:1:1: nam: is not known here; did you mean “name”?" in err
    assert "company.yaml:2:7: lang: one of " in err
    assert "company.yaml:3:16: discount_rate: must be at most 1.0, found 18" in err


def handled(monkeypatch, error):
    def fail(_arguments):
        raise error

    monkeypatch.setattr("playbook.run.engagement_commands.list_all", fail)


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (PlaybookError("No.", problems=["a"], advice="Do b."), 2, "No.\n  • a\nDo b.\n"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/far/away/file"),
            2,
            "The disk is full: this was not saved. Everything saved before is whole.\n"
            "Free some space on the disk of /far/away and try again.\n",
        ),
    ],
)
def test_what_a_person_can_mend_has_no_traceback(capsys, monkeypatch, error, code, told):
    handled(monkeypatch, error)
    assert run(capsys, "list") == (code, "", told)


@pytest.mark.parametrize("error", [ValueError("ours"), FileNotFoundError(2, "no such file", "x")])
def test_a_defect_keeps_its_traceback(capsys, monkeypatch, error):
    handled(monkeypatch, error)
    with pytest.raises(type(error)):
        cli.main(["list"])


@pytest.mark.slow
def test_the_doctor_says_for_each_thing_that_it_is_well_or_what_to_do(capsys):
    Engagement.create("shop")
    code, out, _err = run(capsys, "doctor")
    lines = out.splitlines()
    assert code == (1 if any(line.startswith("✗") for line in lines) else 0)
    assert (
        "✓ Record of shop: 2 events, whole" in lines or "✓ Record of shop: 1 event, whole" in lines
    )
    (tmp := Engagement.open("shop").folder / "record.sqlite").write_bytes(b"no record" * 999)
    assert tmp.exists()
    code, out, _err = run(capsys, "doctor")
    assert code == 1
    assert "✗ Record of shop: The record in " in out
    assert "Put the last good copy" in out


def test_the_module_and_the_command_are_the_same():
    done = subprocess.run(
        [sys.executable, "-m", "playbook", "--version"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert done.stdout.startswith("playbook ")


def test_the_help_imports_nothing_heavy():
    code = "import sys; from playbook.cli import build_parser; build_parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pandas", "numpy", "pydantic", "matplotlib", "babel", "rich", "yaml", "papermill"}
    assert heavy & set(done.stdout.split()) == set()
