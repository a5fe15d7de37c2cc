"""The tables of one engagement: imported ones, ready ones, and reductions worked out on demand."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data import engine, parquet, recipes, reductions, repeat, storage
from playbook.data.schema import TABLES
from playbook.data.storage import Stored
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

CACHE = "cache"


class Tables:
    """The tables of one engagement.

    Args:
        folder: Data folder of the engagement: imported tables, and a cache of reductions.
        source: Folder of ready tables that are only read (the sample chain). A file there
            wins over computing it, until the engagement has receipts of its own.
    """

    def __init__(self, folder: Path, source: Path | None = None) -> None:
        self.folder = folder
        self.source = source
        self._open = ExitStack()
        self._connection: Any = None

    def names(self) -> list[str]:
        """Names of the tables that ``read`` can give now."""
        found = {*storage.names(self.folder), *parquet.names(self._ready)}
        if self._stored("receipts"):
            found |= set(recipes.RECIPES)
        return sorted(found)

    def has(self, name: str) -> bool:
        """Whether ``read`` can give the table now."""
        return name in self.names()

    def version(self, name: str) -> str:
        """A short text that changes whenever the content of the table may have changed."""
        stored = self._stored(name)
        if stored:
            return stored.version
        receipts = self._wanted(name)
        return _mixed(name, receipts.version, _code())

    def read(self, name: str) -> pd.DataFrame:
        """The rows of a table: dates are datetime64, ids text, money float64.

        A reduction is computed once for each version of the receipts and kept beside them.

        Raises:
            PlaybookError: There is no such table, or nothing to compute it from.
        """
        for _attempt in range(3):
            with contextlib.suppress(FileNotFoundError):  # replaced between look-up and reading
                stored = self._stored(name)
                return parquet.frame(stored.files if stored else (self._computed(name),))
        return parquet.frame((self._computed(name),))

    def receipts(self) -> ir.Table:
        """The receipts as an Ibis expression; the connection lives as long as this object."""
        stored = self._wanted("receipts")
        if self._connection is None:
            self._connection = self._open.enter_context(engine.connected(self.folder))
        return parquet.expression(self._connection, stored.files)

    def as_of(self) -> dt.date:
        """The last day of the data: the day of the last receipt."""
        return _last_day(self._wanted("receipts"))

    def repeat_rates(
        self, *, window_weeks: int, segments: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Repeat rates for any window and, by choice, per segment; nothing is kept.

        Args:
            window_weeks: Length of each of the two windows.
            segments: ``customer_id``, ``segment``, one row per customer.
        """
        import ibis

        by = None if segments is None else ibis.memtable(segments[["customer_id", "segment"]])
        rows = repeat.repeat_rates(self.receipts(), window_weeks=window_weeks, by_segment=by)
        keys = [name for name in ("store_id", "segment", "week") if name in rows.columns]
        return parquet.to_frame(rows.order_by(keys).to_pyarrow())

    def close(self) -> None:
        """Let go of the connection and its place on the disk."""
        self._connection = None
        self._open.close()

    @property
    def _ready(self) -> Path | None:
        """The folder of ready tables, as long as it belongs to the receipts in force."""
        return None if storage.find(self.folder, "receipts") else self.source

    def _stored(self, name: str) -> Stored | None:
        return storage.find(self.folder, name) or parquet.find(self._ready, name)

    def _wanted(self, name: str) -> Stored:
        """The table, or for a reduction the receipts that it is computed from."""
        asked = "receipts" if name in recipes.RECIPES else name
        stored = self._stored(asked)
        if stored is None:
            raise _not_there(name, asked, self.names())
        return stored

    def _computed(self, name: str) -> Path:
        """The file of a reduction, computed if it is not there."""
        if name not in recipes.RECIPES:
            self._wanted(name)
        target = self.folder / CACHE / f"{name}-{self.version(name)}.parquet"
        if not target.exists():
            self._compute(name, target)
        return target

    def _compute(self, name: str, target: Path) -> None:
        receipts = self._wanted("receipts")
        with storage.replacing(target) as draft:
            recipes.write(self.folder, name, receipts.files, draft, as_of=_last_day(receipts))
        for old in target.parent.glob(f"{name}-*.parquet"):
            if old != target:
                old.unlink(missing_ok=True)


def _last_day(receipts: Stored) -> dt.date:
    noted = receipts.facts.get("last_day")
    return dt.date.fromisoformat(noted) if noted else parquet.last_day(receipts.files)


def _not_there(name: str, asked: str, known: list[str]) -> PlaybookError:
    if asked not in TABLES and name not in recipes.RECIPES:
        words = _("There is no table “{name}”.").format(name=name)
        problems = [_("Tables here: {names}").format(names=", ".join(known) or "—")]
        return PlaybookError(words, problems=problems)
    if asked == "receipts":
        return PlaybookError(
            _("This engagement has no receipts yet, so “{name}” is not there.").format(name=name),
            advice=_("Import them: playbook import NAME FILE"),
        )
    return PlaybookError(
        _("This engagement has no table “{name}” yet.").format(name=name),
        advice=_("Import it: playbook import NAME FILE --table {name}").format(name=name),
    )


def _mixed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[: storage.VERSION_LENGTH]


@cache
def _code() -> str:
    """A fingerprint of the code that computes the reductions."""
    sources = (Path(module.__file__ or "") for module in (recipes, reductions, repeat))
    return _mixed(*(path.read_text(encoding="utf-8") for path in sources))
