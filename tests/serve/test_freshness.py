import pytest

from playbook.engagement.record import Record
from playbook.serve.freshness import Freshness


@pytest.fixture
def record(tmp_path):
    return Record.create(tmp_path / "record.sqlite")


def test_nothing_new_is_no_change(record):
    follow = Freshness(record)
    assert follow.version() == follow.version()


@pytest.mark.parametrize("stream", ["result/Segments", "document/goals", "decision/03.who"])
def test_what_pages_show_is_a_change(record, stream):
    follow = Freshness(record)
    before = follow.version()
    record.append(stream, "saved", {"hash": "a"})
    assert follow.version() == before + 1


def test_the_same_result_computed_again_is_no_change(record):
    follow = Freshness(record)
    record.append("result/Segments", "computed", {"hash": "a", "lang": "en"})
    first = follow.version()
    record.append("result/Segments", "computed", {"hash": "a", "lang": "ru"})
    assert follow.version() == first
    record.append("result/Segments", "computed", {"hash": "b", "lang": "ru"})
    assert follow.version() == first + 1


def test_the_log_of_a_run_is_no_change(record):
    follow = Freshness(record)
    before = follow.version()
    record.append("run/03_segmentation", "finished", {"seconds": 2})
    assert follow.version() == before
