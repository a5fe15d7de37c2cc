"""A server with small notebooks of its own: no chapter, no data, one kernel at a time."""

import asyncio
import json
import threading
import urllib.request
from dataclasses import dataclass

import pytest

from playbook.engagement import Engagement
from playbook.engagement.company import Company
from playbook.engagement.documents import Documents
from playbook.engagement.record import Record
from playbook.serve.site import Site

KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
PARAMETERS = 'engagement: str = "sample"  # the engagement\nlang: str = ""  # language of the page'


@dataclass(frozen=True)
class SmallStep:
    id: str
    number: str
    title: str

    @property
    def notebook(self):
        return f"{self.id}.ipynb"

    @property
    def is_dashboard(self):
        return self.id.startswith("dashboards/")


def words(text):
    return {"cell_type": "markdown", "id": f"w{abs(hash(text))}", "metadata": {}, "source": text}


def code(text, *tags):
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(text))}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": text,
        "outputs": [],
        "execution_count": None,
    }


def notebook(*cells):
    return {"cells": list(cells), "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


BOARD = notebook(
    words("# Where do we stand?\n\nOne number."),
    code(PARAMETERS, "parameters"),
    code("import os\nfrom playbook.display.html import Html"),
    code("number = open(os.environ['PLAYBOOK_HOME'] + '/number').read()"),
    code("Html(f\"<p class=number>{number} {lang} {os.environ['PLAYBOOK_LANG']}</p>\")"),
)
FAILING = notebook(
    words("# What fails?"),
    code(PARAMETERS, "parameters"),
    code("from playbook.errors import PlaybookError"),
    code('raise PlaybookError("The goals are missing.", advice="Run step 02.")\ngoals = 1'),
    code("goals + 1"),
    code("print('still here')"),
    code("1 / 0"),
    words("The end."),
)
STEPS = (
    SmallStep("02_goals", "02", "Goals"),
    SmallStep("dashboards/executive", "executive", "Board"),
)


@pytest.fixture(scope="session")
def make_site(tmp_path_factory):
    """Builds a site in a folder of its own."""

    def make(**changes):
        home = tmp_path_factory.mktemp("home")
        folder = home / "engagements" / "small"
        folder.mkdir(parents=True)
        (home / "number").write_text("41")
        notebooks = home / "notebooks"
        (notebooks / "dashboards").mkdir(parents=True)
        (notebooks / "02_goals.ipynb").write_text(json.dumps(FAILING))
        (notebooks / "dashboards" / "executive.ipynb").write_text(json.dumps(BOARD))
        Documents(Record.create(folder / "record.sqlite")).save(
            Company(name="Small & Sons", lang="ru")
        )
        engagement = Engagement(name="small", folder=folder)
        facts = {
            "engagement": engagement,
            "steps": STEPS,
            "notebooks": notebooks,
            "versions": lambda _engagement, reads: reads,
            "company": lambda: engagement.company.name,
        }
        return Site(**(facts | changes))

    return make


class Server:
    """A running server in a thread of its own."""

    def __init__(self, site, *, tokens=None):
        from playbook.serve import ports
        from playbook.serve.access import Tokens
        from playbook.serve.application import Pages

        self.site, self.is_ready = site, threading.Event()
        sockets = ports.take("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self.pages = Pages(
            site=site,
            sockets=sockets,
            host="127.0.0.1",
            tokens=tokens or Tokens(),
            on_ready=self.is_ready.set,
        )
        self.pages.initialize()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        assert self.is_ready.wait(30)

    def _serve(self):
        asyncio.set_event_loop(asyncio.new_event_loop())
        self.pages.start()

    def get(self, path, **headers):
        """Status, headers and text of a page; redirects are not followed."""
        return self.ask(urllib.request.Request(self.url + path, headers=headers))

    def ask(self, request):
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def kernels(self):
        return json.loads(self.get("/healthz")[2])["kernels"]

    def ready(self):
        return json.loads(self.get("/healthz")[2])["ready"]

    def stop(self):
        self.pages.ioloop.add_callback(self.pages.ioloop.stop)
        self.thread.join(30)
        assert not self.thread.is_alive()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_facts):
        return None


@pytest.fixture(scope="session")
def start():
    """Starts servers that end with the session."""
    running = []

    def begin(site, **options):
        running.append(Server(site, **options))
        return running[-1]

    yield begin
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def server(make_site, start):
    return start(make_site())
