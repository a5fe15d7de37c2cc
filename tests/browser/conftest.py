"""A real Chromium on the pages of the sample chain, which has been run before."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Voila brings an older JupyterLab than the widgets were built with; the widgets work all the same.
# A page that is left early closes its connection before it stands.
HARMLESS = re.compile(
    r"^(Unsatisfied version|No satisfying version) "
    r"|^WebSocket connection .* WebSocket is closed before the connection is established\.$"
)


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A folder in which the sample chain has been run in both languages' order: Russian last."""
    folder = tmp_path_factory.mktemp("home")
    done = playbook(folder, "run", "sample", "--lang", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def playbook(home, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "playbook", *arguments],
        env=os.environ | {"PLAYBOOK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


class Pages:
    """The pages as a person starts them."""

    def __init__(self, home):
        self.log = (home / "serve.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "playbook", "serve", "sample", "--no-browser", "--port", "0"],
            env=os.environ | {"PLAYBOOK_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.url = self._address()

    def _address(self):
        for _attempt in range(300):
            if found := re.search(r"http://127\.0\.0\.1:\d+", self._said()):
                return found[0]
            assert self.process.poll() is None, self._said()
            time.sleep(0.1)
        raise AssertionError(self._said())

    def _said(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def health(self):
        with urllib.request.urlopen(f"{self.url}/healthz") as answer:
            return json.load(answer)

    def wait(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self.health()):
                return
            time.sleep(0.2)
        raise AssertionError(f"still {self.health()}\n{self._said()}")

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0, self._said()
        self.log.close()


@pytest.fixture(scope="session")
def pages(home):
    running = Pages(home)
    running.wait(lambda health: health["ready"] >= 1)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    """The browser of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("The browser tests need a Chromium: apt-get install chromium, or .ci/run.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Visit:
    """One tab that remembers what went wrong in it."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.complaints, self.foreign = [], []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._look)

    def _hear(self, message):
        if message.type in ("error", "warning") and not HARMLESS.match(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def _look(self, request):
        if not request.url.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws"))):
            self.foreign.append(request.url)

    def go(self, path):
        self.page.goto(self.url + path, wait_until="load")
        return self.page

    def live(self, path):
        """Open a page and wait until its sliders can be moved."""
        page = self.go(path)
        page.wait_for_selector(".pb-sliders .noUi-handle", timeout=60_000)
        page.wait_for_selector(".pb-until-live", state="detached", timeout=10_000)
        return page

    def is_wider_than_the_screen(self):
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture
def visit(chromium, pages):
    """Opens tabs of a chosen size and checks at the end that nothing complained."""

    @contextmanager
    def begin(width=1280, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        tab = Visit(context.new_page(), pages.url)
        try:
            yield tab
            tab.page.goto("about:blank")  # as a person leaves, so that kernels end
        finally:
            context.close()
        assert tab.foreign == []
        assert tab.complaints == []

    return begin
