"""The page of benchmarks: each table between two marks of its own, replaced as a whole."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path


def put(page: Path, name: str, lines: Sequence[str]) -> None:
    """Replace what stands between the marks of a table, or add it at the end."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    block = "\n".join([begin, *lines, end])
    before, found, rest = text.partition(begin)
    whole = before + block + rest.partition(end)[2] if found else f"{text.rstrip()}\n\n{block}\n"
    page.write_text(whole, encoding="utf-8")


def machine(*packages: str) -> str:
    """Processors, memory, and the versions that matter, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"{name} {metadata.version(name)}" for name in packages if _has(name)]
    here = f"{os.cpu_count()} processors ({_processor()}), {memory:.0f} GiB of memory"
    return f"{here}, Python {platform.python_version()}, {', '.join(versions)}"


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown; all columns but the first to the right."""
    rule = ["---", *["---:"] * (len(heading) - 1)]
    return [f"| {' | '.join(row)} |" for row in (heading, rule, *rows)]


def _has(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
