"""How fast the pages are: the first number of the dashboard, the answer of a slider.

    .venv/bin/python benchmarks/pages.py [--name sample] [--times 7]

Beside them stands a plain static page of the same server, opened by the same browser.
The engagement must have been run (``playbook run sample``).
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FIRST_NUMBER_LIMIT, ANSWER_LIMIT = 2.0, 0.150
SANDBOX = ["--no-sandbox", "--disable-gpu"]


def main() -> int:
    """Measure, print medians beside their limits; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="sample")
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    process, url = serve(asked.name)
    try:
        answers = server_answers(asked.name, times=10 * asked.times)
        measured = in_browser(url, times=asked.times)
    finally:
        process.terminate()
        process.wait(30)
    lines = [
        ("plain page of the same server, its heading", measured["plain"], None),
        ("dashboard from a waiting kernel, first number", measured["first"], FIRST_NUMBER_LIMIT),
        ("the same in a browser that was never here", measured["fresh"], FIRST_NUMBER_LIMIT),
        ("dashboard, sliders can be moved", measured["live"], None),
        ("slider, answer computed on the server", answers, ANSWER_LIMIT),
        ("slider, from the key to the new number on the screen", measured["moved"], None),
    ]
    print(f"{'median of ' + str(asked.times):<54} {'seconds':>8} {'limit':>7}")
    for words, seconds, limit in lines:
        shown = f"{limit:>7.2f}" if limit else ""
        print(f"{words:<54} {statistics.median(seconds):>8.3f} {shown}")
    return int(any(lim and statistics.median(found) > lim for _w, found, lim in lines))


def serve(name: str) -> tuple[subprocess.Popen[str], str]:
    """Start the pages and return their address once the dashboard waits ready."""
    command = [sys.executable, "-u", "-m", "playbook", "serve", name, "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            wait_ready(found[0])
            return process, found[0]
    raise SystemExit("The pages did not start.")


def wait_ready(url: str) -> None:
    """Wait until a kernel has the dashboard worked out."""
    while True:
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            if json.load(answer)["ready"] >= 1:
                return
        time.sleep(0.1)


def server_answers(name: str, *, times: int) -> list[float]:
    """Seconds in which the server works out what a moved slider shows."""
    from playbook.run import catalogue, reads, step
    from playbook.workshop import executive

    here = step.open("dashboards/executive", engagement=name)
    board = executive.read(here, steps=catalogue.METHOD, versions=reads.versions)
    live: Any = executive.levers(board)
    first = {key: slider.value for key, slider in live.sliders.items()}
    live.markup(**first)
    found = []
    for n in range(times):
        begun = time.perf_counter()
        live.markup(**{**first, "scale_up": 0.5 + 0.005 * (n % 100)})
        found.append(time.perf_counter() - begun)
    return found


def in_browser(url: str, *, times: int) -> dict[str, list[float]]:
    """Seconds that a person waits, in a real Chromium."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    found: dict[str, list[float]] = {
        key: [] for key in ("plain", "first", "fresh", "live", "moved")
    }
    lang = urllib.request.urlopen(url).geturl().rstrip("/").rpartition("/")[2]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SANDBOX)
        warm = browser.new_context()
        for _time in range(times):
            found["plain"].append(until(warm, f"{url}/{lang}/", "h1"))
            wait_ready(url)
            page, begun = warm.new_page(), time.perf_counter()
            page.goto(f"{url}/{lang}/executive", wait_until="commit")
            page.wait_for_selector(".figure .value")
            found["first"].append(time.perf_counter() - begun)
            page.wait_for_selector(".noUi-handle")
            found["live"].append(time.perf_counter() - begun)
            page.wait_for_selector(".pb-until-live", state="detached")
            found["moved"].append(move(page))
            page.close()
            wait_ready(url)
            fresh = browser.new_context()
            found["fresh"].append(until(fresh, f"{url}/{lang}/executive", ".figure .value"))
            fresh.close()
        browser.close()
    return found


def until(context: BrowserContext, address: str, selector: str) -> float:
    """Seconds from asking for a page until something stands on it."""
    page, begun = context.new_page(), time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(selector)
    seconds = time.perf_counter() - begun
    page.close()
    return seconds


def move(page: Page) -> float:
    """Seconds from a key on a slider until the first number is another."""
    value = ".widget-html .figure .value"
    before = page.locator(value).first.inner_text()
    handle = page.locator(".noUi-handle").first
    handle.focus()
    begun = time.perf_counter()
    for _press in range(5):
        handle.press("ArrowRight")
    page.wait_for_function(
        "([selector, before]) => document.querySelector(selector).innerText !== before",
        arg=[value, before],
    )
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
