import pytest

from playbook.display import progress
from playbook.display.progress import Progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def terminal(monkeypatch, capsys):
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True, raising=False)
    return lambda: capsys.readouterr().err


def test_nobody_who_does_not_wait_sees_a_bar(clock, terminal):
    bar = Progress("Counting")
    for share in (0.0, 0.5, 1.0):
        bar(share)
    assert terminal() == ""


def test_whoever_waits_sees_how_far_it_is_until_it_is_done(clock, terminal):
    bar = Progress("Counting")
    bar(0.0)
    clock[0] = 5.0
    bar(0.5)
    shown = terminal()
    assert "Counting" in shown
    assert "50" in shown
    bar(1.0)
    assert terminal().strip("\r ") == ""


def test_the_bar_of_a_notebook_is_read_aloud(clock):
    markup = Progress("Counting <all>").html(0.25)
    assert 'value="0.25"' in markup
    assert "Counting &lt;all&gt;" in markup
    assert "aria-label" in markup
