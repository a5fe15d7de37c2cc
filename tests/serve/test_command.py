"""``playbook serve`` as a person types it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


@pytest.fixture
def serve(tmp_path):
    """Starts the command in a folder with one small engagement."""
    environment = os.environ | {"PLAYBOOK_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "playbook"]
    made = [*command, "new", "small", "--lang", "ru"]
    subprocess.run(made, env=environment, check=True, capture_output=True)
    running = []

    def start(*arguments):
        process = subprocess.Popen(
            [*command, "serve", *arguments, "--no-browser", "--preheat", "none"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def ended(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_port_in_use_ends_with_two_and_names_a_free_one(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _out, err = ended(serve("small", "--port", str(port), "--lang", "en"))
    assert code == 2
    assert f"Port {port} is in use" in err
    assert re.search(r"add --port \d+", err)
    assert "Traceback" not in err


def test_an_unknown_engagement_ends_with_two_and_names_the_known_ones(serve):
    code, _out, err = ended(serve("smal", "--port", "0", "--lang", "en"))
    assert code == 2
    assert "small" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_pages_end_when_they_are_told_to(serve, stop):
    process = serve("small", "--port", "0", "--lang", "en")
    line = process.stdout.readline()
    assert re.search(r"The pages are at http://127\.0\.0\.1:\d+/", line)
    time.sleep(0.2)
    process.send_signal(stop)
    code, _out, err = ended(process)
    assert code == 0
    assert err == ""


def test_another_address_prints_two_addresses_with_tokens(serve):
    process = serve("small", "--port", "0", "--host", "0.0.0.0", "--lang", "en")
    facilitator, readers = process.stdout.readline(), process.stdout.readline()
    tokens = [re.search(r"\?token=(\S+)", line)[1] for line in (facilitator, readers)]
    assert facilitator.startswith("Facilitator: ")
    assert readers.startswith("Readers: ")
    assert tokens[0] != tokens[1]
