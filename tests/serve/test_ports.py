import socket

import pytest

from playbook.errors import PlaybookError
from playbook.serve import ports


@pytest.fixture
def busy():
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_named_together_with_a_free_one(busy):
    with pytest.raises(PlaybookError) as caught:
        ports.take("127.0.0.1", busy)
    assert str(busy) in caught.value.summary
    free = ports.next_free("127.0.0.1", busy)
    assert f"--port {free}" in caught.value.advice
    for taken in ports.take("127.0.0.1", free):
        taken.close()


def test_a_port_that_is_taken_is_ours():
    (taken,) = ports.take("127.0.0.1", 0)
    assert taken.getsockname()[0] == "127.0.0.1"
    taken.close()


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("no.such.host.invalid", 8866)])
def test_an_address_that_cannot_be_is_a_users_mistake(host, port):
    with pytest.raises(PlaybookError):
        ports.take(host, port)
