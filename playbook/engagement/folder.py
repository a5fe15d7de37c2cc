"""An engagement: the folder of one company, with its record, data, results and runs."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from playbook.engagement.company import Company
from playbook.engagement.decisions import Decisions
from playbook.engagement.disk import RECORD, explained
from playbook.engagement.documents import Documents, in_readers_language, read
from playbook.engagement.home import checked_name, engagements, sample_folder
from playbook.engagement.record import Record
from playbook.engagement.results import Results
from playbook.engagement.seals import Seals
from playbook.errors import PlaybookError
from playbook.text import gettext as _

SAMPLE = "sample"


@dataclass(frozen=True)
class Engagement:
    """One company's work with the playbook.

    Attributes:
        name: Name of the folder.
        folder: ``engagements/NAME``, with ``record.sqlite``, ``data``, ``results``, ``runs``.
    """

    name: str
    folder: Path

    @classmethod
    def create(cls, name: str, *, lang: str = "", currency: str = "RUB") -> Engagement:
        """Make a new engagement with a company document.

        Raises:
            PlaybookError: The name cannot be used or is taken, or the disk refuses.
        """
        folder = engagements() / checked_name(name)
        company = read(Company, {"name": name, "lang": lang, "currency": currency})
        if folder.exists() or name == SAMPLE:
            raise PlaybookError(
                _("The engagement “{name}” exists already.").format(name=name),
                advice=_("Choose another name, or go on with it: playbook status {name}").format(
                    name=name
                ),
            )
        if not put_in_place(folder, lambda made: Documents(made).save(company)):
            return cls.create(name, lang=lang, currency=currency)
        return cls(name=name, folder=folder)

    @classmethod
    def open(cls, name: str) -> Engagement:
        """Open an engagement; ``sample`` comes into being by itself.

        Raises:
            PlaybookError: There is none of this name; near ones are named.
        """
        folder = engagements() / checked_name(name)
        if name == SAMPLE:
            from playbook.engagement.sample import ensure_sample

            ensure_sample(folder)
        if (folder / RECORD).is_file():
            return cls(name=name, folder=folder)
        known = cls.list()
        near = difflib.get_close_matches(name, known, n=1)
        hint = _("Did you mean {name}?").format(name=near[0]) if near else ""
        raise PlaybookError(
            _("There is no engagement “{name}” in {folder}.").format(
                name=name, folder=engagements()
            ),
            problems=[_("there are: {names}").format(names=", ".join(known))],
            advice=hint or _("Make it with: playbook new {name}").format(name=name),
        )

    @staticmethod
    def list() -> list[str]:
        """The names of all engagements, with the sample even before it was ever opened."""
        found = {path.parent.name for path in engagements().glob(f"*/{RECORD}")}
        return sorted(found | {SAMPLE})

    @property
    def is_sample(self) -> bool:
        """Whether this is the sample chain."""
        return self.name == SAMPLE

    @property
    def data_folder(self) -> Path:
        """Where its own tables lie."""
        return self.folder / "data"

    @property
    def runs(self) -> Path:
        """Where the executed copies lie."""
        return self.folder / "runs"

    @property
    def source(self) -> Path | None:
        """A folder of ready tables that are read but never written, or nothing."""
        return sample_folder() if self.is_sample else None

    @property
    def warehouse(self) -> str:
        """The address of the receipts where they live elsewhere, or empty."""
        return "" if self.is_sample else self.company.source

    @cached_property
    def record(self) -> Record:
        """Its events."""
        return Record(self.folder / RECORD)

    @cached_property
    def documents(self) -> Documents:
        """Its inputs."""
        return Documents(self.record)

    @cached_property
    def results(self) -> Results:
        """What its steps computed."""
        return Results(self.folder / "results", self.record)

    @cached_property
    def decisions(self) -> Decisions:
        """What was decided."""
        return Decisions(self.record)

    @cached_property
    def seals(self) -> Seals:
        """What was sealed."""
        return Seals(self.record)

    @property
    def company(self) -> Company:
        """The facts about the company; defaults where nobody has filled them in."""
        saved = self.documents.latest(Company)
        return saved.document if saved else Company(name=self.name)

    def title(self) -> str:
        """The company's name, in the reader's language where it is the sample chain."""
        company = self.company
        return in_readers_language(company).name if self.is_sample else company.name

    @property
    def lang(self) -> str:
        """The language of its pages; empty when it follows the reader."""
        return self.company.lang

    @property
    def currency(self) -> str:
        """The currency of all its money."""
        return self.company.currency


def put_in_place(folder: Path, fill: Callable[[Record], object]) -> bool:
    """Make an engagement's folder complete before it bears its name.

    Returns:
        Whether it is ours; ``False`` when another process was faster.
    """
    with explained(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            draft.chmod(0o755)
            for part in ("data", "results", "runs"):
                (draft / part).mkdir()
            record = Record.create(draft / RECORD)
            fill(record)
            record.close()
            for lock in draft.glob("record.[lt]*"):
                lock.unlink()
            os.rename(draft, folder)
        except OSError:
            if folder.exists():
                return False
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return True
