"""The secret of an engagement: outside its folder, for its owner alone, refused when wrong."""

import stat
import sys

import pytest

from playbook.engagement import salt
from playbook.errors import PlaybookError


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_SALT_DIR", str(tmp_path / "salts"))
    (tmp_path / "engagements" / "acme").mkdir(parents=True)
    return tmp_path / "engagements" / "acme"


def test_a_secret_is_made_once_and_found_again(place):
    first = salt.secret(place)
    assert salt.secret(place) == first
    assert len(first) == 32
    assert salt.secret(place, is_right=lambda key: key == first) == first


def test_only_its_owner_may_read_it(place, tmp_path):
    salt.secret(place)
    (file,) = (tmp_path / "salts").iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_nothing_is_written_into_the_engagement(place):
    salt.secret(place)
    assert not list(place.iterdir())


def test_two_engagements_have_two_secrets(place, tmp_path):
    other = tmp_path / "elsewhere" / "acme"
    other.mkdir(parents=True)
    assert salt.secret(place) != salt.secret(other)


def test_a_renamed_engagement_finds_its_secret(place, tmp_path):
    key = salt.secret(place)
    salt.secret(tmp_path / "engagements" / "another")
    moved = place.rename(tmp_path / "engagements" / "renamed")
    assert salt.secret(moved, is_right=lambda found: found == key) == key


def test_a_lost_secret_is_said_and_no_new_one_is_made(place, tmp_path):
    key = salt.secret(place)
    for file in (tmp_path / "salts").iterdir():
        file.unlink()
    with pytest.raises(PlaybookError, match="is not in") as told:
        salt.secret(place, is_right=lambda found: found == key)
    assert "new engagement" in told.value.advice
    assert not list((tmp_path / "salts").iterdir())
    assert salt.secret(place, is_right=lambda found: found == key, may_renew=True) != key


def test_a_place_inside_the_engagement_is_refused(place, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_SALT_DIR", str(place / "salts"))
    with pytest.raises(PlaybookError, match="inside the engagement"):
        salt.secret(place)


def test_the_variable_wins_and_a_wrong_one_is_refused(place, monkeypatch):
    stated = "a1" * 32
    monkeypatch.setenv("PLAYBOOK_SALT", stated)
    assert salt.secret(place) == bytes.fromhex(stated)
    with pytest.raises(PlaybookError, match="another secret") as told:
        salt.secret(place, is_right=lambda _key: False)
    assert stated not in str(told.value)


def test_a_short_secret_is_refused(place, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_SALT", "summer2024")
    with pytest.raises(PlaybookError, match="too short") as told:
        salt.secret(place)
    assert "summer2024" not in str(told.value)


def test_a_place_that_cannot_be_written_is_said(place, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLAYBOOK_SALT_DIR", str(tmp_path / "file" / "salts"))
    with pytest.raises(PlaybookError, match="cannot be kept"):
        salt.secret(place)
