"""What the machine must have, checked one by one: fine, or what to do."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

PYTHON = ((3, 11), (3, 14))
DISK_GB, MEMORY_GB = 1.0, 2.0
GB = 1e9


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What it is, in a word or two.
        found: What was found.
        advice: What to do; empty when all is well.
    """

    subject: str
    found: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done."""
        return not self.advice


def examine(*, free_port: Callable[[], Finding]) -> Iterator[Finding]:
    """Look at everything; ``free_port`` is asked last, it belongs to the pages."""
    yield _python()
    yield _packages()
    yield _compiled()
    yield _font()
    yield _kernel()
    yield _languages()
    yield _folder()
    yield _disk()
    yield _memory()
    yield from _records()
    yield free_port()


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    least, below = PYTHON
    is_well = least <= sys.version_info[:2] < below
    return Finding(
        "Python", found, "" if is_well else _("Install Python 3.11, 3.12 or 3.13 and set up again.")
    )


def _packages() -> Finding:
    """Whether the packages are installed in the versions that work together."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    wrong = []
    wanted = [Requirement(line) for line in requires("playbook") or []]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    for one in wanted:
        try:
            found = version(one.name)
        except PackageNotFoundError:
            wrong.append(_("{package} is missing").format(package=one.name))
            continue
        if not one.specifier.contains(found, prereleases=True):
            wrong.append(f"{one.name} {found} ({one.specifier})")
    words = ngettext("{n} package as required", "{n} packages as required", len(wanted))
    if not wrong:
        return Finding(_("Packages"), words.format(n=len(wanted)))
    return Finding(
        _("Packages"), "; ".join(wrong), _("Install them again: pip install -r requirements.lock")
    )


def _compiled() -> Finding:
    """Without compiled files every start takes many seconds more."""
    import pandas as pd

    folder = Path(pd.__file__).parent
    is_well = any((folder / "__pycache__").glob("*.pyc"))
    found = _("compiled") if is_well else _("not compiled: every start takes many times longer")
    advice = _("Compile once: python -m compileall -q {folder}").format(folder=folder.parent)
    return Finding(_("Speed"), found, "" if is_well else advice)


def _font() -> Finding:
    """Charts name DejaVu Sans, so that Cyrillic and the rouble look alike everywhere."""
    import matplotlib as mpl

    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    advice = "" if path.exists() else _("Install matplotlib again: its fonts are missing.")
    return Finding(_("Font of charts"), "DejaVu Sans", advice)


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager

    is_well = "python3" in KernelSpecManager().find_kernel_specs()
    advice = _("Make it: python -m ipykernel install --sys-prefix")
    return Finding(_("Notebook kernel"), "python3", "" if is_well else advice)


def _languages() -> Finding:
    from playbook.text import LANGUAGES
    from playbook.text.catalogue import LOCALE_DIR

    folders = [LOCALE_DIR / code / "LC_MESSAGES" for code in LANGUAGES[1:]]
    missing = [folder for folder in folders if not any(folder.glob("playbook.[mp]o"))]
    advice = _("Install the playbook again: a catalogue of words is missing.") if missing else ""
    return Finding(_("Languages"), ", ".join(LANGUAGES), advice)


def _folder() -> Finding:
    """Whether engagements can be written."""
    from playbook.engagement.home import engagements, home

    folder = engagements()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    advice = ""
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError:
        advice = _("Give yourself the right to write there, or name a folder in PLAYBOOK_HOME.")
    return Finding(_("Folder"), str(home()), advice)


def _disk() -> Finding:
    from playbook.engagement.home import home

    free = shutil.disk_usage(home() if home().exists() else Path.cwd()).free / GB
    advice = "" if free >= DISK_GB else _("Free some space: tables and runs need 1 GB and more.")
    return Finding(_("Free disk"), _("{n} GB").format(n=numbers.number(free, 1)), advice)


def _memory() -> Finding:
    """Memory that is free for kernels; on a machine that does not tell it, none is asked for."""
    free = _free_memory()
    if free is None:
        return Finding(_("Free memory"), numbers.MISSING)
    advice = "" if free >= MEMORY_GB else _("Close other programs, or run with --jobs 1.")
    return Finding(_("Free memory"), _("{n} GB").format(n=numbers.number(free, 1)), advice)


def _free_memory() -> float | None:
    """Free memory in GB, the part that the system can give up at once included."""
    path = Path("/proc/meminfo")
    if path.exists():
        found = re.search(r"MemAvailable:\s+(\d+) kB", path.read_text(encoding="ascii"))
        return int(found[1]) * 1024 / GB if found else None
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" in names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GB
    return None


def _records() -> Iterator[Finding]:
    """Whether every engagement's record can be read and is whole."""
    from playbook.engagement.disk import RECORD
    from playbook.engagement.home import engagements
    from playbook.engagement.record import Record

    for path in sorted(engagements().glob(f"*/{RECORD}")):
        subject = _("Record of {name}").format(name=path.parent.name)
        record = Record(path)
        try:
            n = record.verified()
        except PlaybookError as problem:
            yield Finding(subject, problem.summary, problem.advice)
        else:
            words = ngettext("{n} event, whole", "{n} events, whole", n)
            yield Finding(subject, words.format(n=numbers.number(n)))
        finally:
            record.close()
