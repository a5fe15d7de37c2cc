import io

import pytest

from playbook.display import progress
from playbook.display.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_nobody_who_does_not_wait_sees_a_bar(clock, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    bar = Progress("Counting")
    for share in (0.0, 0.5, 1.0):
        bar(share)
    assert terminal.getvalue() == ""


def test_whoever_waits_sees_how_far_it_is_until_it_is_done(clock, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    bar = Progress("Counting")
    bar(0.0)
    clock[0] = 5.0
    bar(0.5)
    shown = terminal.getvalue()
    assert "Counting" in shown
    assert "50" in shown
    bar(1.0)
    assert terminal.getvalue().removeprefix(shown).strip("\r ") == ""


def test_the_bar_of_a_notebook_is_read_aloud():
    markup = Progress("Counting <all>").html(0.25)
    assert 'value="0.25"' in markup
    assert "Counting &lt;all&gt;" in markup
    assert "aria-label" in markup
