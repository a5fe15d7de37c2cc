"""The tables of one engagement: imported ones, ready ones, and reductions worked out on demand."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from playbook.data import (
    customer_months,
    engine,
    filled,
    parquet,
    recipes,
    reductions,
    repeat,
    shared_visits,
    storage,
    store_distances,
    visits,
)
from playbook.data.places import with_plane
from playbook.data.schema import TABLES
from playbook.data.shared_visits import Told, silent
from playbook.data.storage import Stored
from playbook.data.warehouse import Warehouse
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

CACHE = "cache"
MODULES = (recipes, reductions, repeat, visits, shared_visits, customer_months, store_distances)


class Home(Protocol):
    """What has tables: an engagement."""

    @property
    def data_folder(self) -> Path:
        """Where its own tables lie."""

    @property
    def source(self) -> Path | None:
        """A folder of ready tables, or nothing."""

    @property
    def warehouse(self) -> str:
        """The address of the receipts where they live elsewhere, or empty."""


class Tables:
    """The tables of one engagement.

    Args:
        folder: Data folder of the engagement: imported tables, and a cache of reductions.
        source: Folder of ready tables that are only read (the sample chain). A file there
            wins over computing it, until the engagement has receipts of its own.
        warehouse: Address of the receipts where they live elsewhere: reductions are then worked
            out there, and imported receipts rest.
    """

    def __init__(self, folder: Path, source: Path | None = None, *, warehouse: str = "") -> None:
        self.folder = folder
        self.source = source
        self.warehouse = Warehouse(warehouse, folder, folder / CACHE) if warehouse else None
        self._open = ExitStack()
        self._connection: Any = None
        self.told: Callable[[str], Told] = lambda _name: silent  # of a table: whom to tell

    @classmethod
    def of(cls, home: Home) -> Self:
        """The tables of an engagement."""
        return cls(home.data_folder, home.source, warehouse=home.warehouse)

    def names(self) -> list[str]:
        """Names of the tables that there are now; receipts elsewhere are among them."""
        found = {*storage.names(self.folder), *parquet.names(self._ready)}
        if self.warehouse:
            found.add("receipts")
        found |= {name for name, recipe in recipes.RECIPES.items() if recipe.needs in found}
        if not self._has_places():
            found.discard("store_distances")
        return sorted(found)

    def has(self, name: str) -> bool:
        """Whether ``read`` can give the table now."""
        return name in self.names()

    def filled(self, name: str) -> frozenset[str]:
        """Columns of a table here in which there is a value; none where it is not here."""
        if name == "receipts" and self.warehouse:
            return frozenset()
        stored = self._stored(name)
        return filled.columns(stored.files) if stored else frozenset()

    def version(self, name: str) -> str:
        """A short text that changes whenever the content of the table may have changed."""
        if elsewhere := self._elsewhere(name):
            return _mixed(name, elsewhere.look().version, _code())
        stored = self._stored(name)
        if stored:
            return stored.version
        return _mixed(name, self._wanted(name).version, _code())

    def read(self, name: str) -> pd.DataFrame:
        """The rows of a table: dates are datetime64, ids text, money float64.

        A reduction is computed once for each version of the receipts and kept beside them.

        Raises:
            PlaybookError: There is no such table, or nothing to compute it from, or it is one
                of receipts that stay where they are.
        """
        if name == "receipts" and self.warehouse:
            raise PlaybookError(
                _("The receipts stay in {source}; only what is worked out comes here.").format(
                    source=self.warehouse.address.text
                ),
                advice=_("Ask for one of: {names}").format(names=", ".join(recipes.RECIPES)),
            )
        for _attempt in range(3):
            with contextlib.suppress(FileNotFoundError):  # replaced between look-up and reading
                stored = self._stored(name)
                rows = parquet.frame(stored.files if stored else (self._computed(name),))
                return with_plane(rows) if name == "stores" else rows
        return parquet.frame((self._computed(name),))

    def receipts(self) -> ir.Table:
        """The receipts as an Ibis expression; the connection lives as long as this object."""
        if self.warehouse:
            return self.warehouse.receipts()
        stored = self._wanted("receipts")
        if self._connection is None:
            self._connection = self._open.enter_context(engine.connected(self.folder))
        return parquet.expression(self._connection, stored.files)

    def as_of(self) -> dt.date:
        """The last day of the data: the day of the last receipt."""
        if self.warehouse:
            return dt.date.fromisoformat(self.warehouse.look().last[:10])
        return _last_day(self._wanted("receipts"))

    def repeat_rates(
        self, *, window_weeks: int, segments: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Repeat rates for any window and, by choice, per segment; nothing is kept.

        Args:
            window_weeks: Length of each of the two windows.
            segments: ``customer_id``, ``segment``, one row per customer.
        """
        if not self.warehouse:
            return recipes.repeat_rates(
                self.folder,
                self._wanted("receipts").files,
                self.folder / CACHE,
                window_weeks=window_weeks,
                segments=segments,
            )
        by = None
        if segments is not None:
            by = self.warehouse.lend(segments[["customer_id", "segment"]])
        rows = repeat.repeat_rates(self.receipts(), window_weeks=window_weeks, by_segment=by)
        keys = [name for name in ("store_id", "segment", "week") if name in rows.columns]
        return parquet.to_frame(rows.order_by(keys).to_pyarrow())

    def close(self) -> None:
        """Let go of the connections and their place on the disk."""
        if self.warehouse:
            self.warehouse.close()
        self._connection = None
        self._open.close()

    @property
    def _ready(self) -> Path | None:
        """The folder of ready tables, as long as it belongs to the receipts in force."""
        return None if storage.find(self.folder, "receipts") else self.source

    def _elsewhere(self, name: str) -> Warehouse | None:
        """Where the receipts live, if the table is these or is worked out from them."""
        return self.warehouse if _asked(name) == "receipts" else None

    def _has_places(self) -> bool:
        """Whether the stores say where they are."""
        stores = self._stored("stores")
        return stores is not None and store_distances.has_places(self.filled("stores"))

    def _stored(self, name: str) -> Stored | None:
        if self._elsewhere(name):
            return None
        return storage.find(self.folder, name) or parquet.find(self._ready, name)

    def _wanted(self, name: str) -> Stored:
        """The table, or for a reduction the one that it is computed from."""
        stored = self._stored(_asked(name))
        if stored is None:
            raise _not_there(name, self.names())
        return stored

    def _computed(self, name: str) -> Path:
        """The file of a reduction, computed if it is not there."""
        if name not in recipes.RECIPES or not self.has(name):
            raise _not_there(name, self.names())
        target = self.folder / CACHE / f"{name}-{self.version(name)}.parquet"
        if not target.exists():
            with storage.replacing(target) as draft:
                self._compute(name, draft)
            for old in target.parent.glob(f"{name}-*.parquet"):
                if old != target:
                    old.unlink(missing_ok=True)
        return target

    def _compute(self, name: str, draft: Path) -> None:
        """Work a reduction out, where its rows are, into a file of ours."""
        recipe = recipes.RECIPES[name]
        if elsewhere := self._elsewhere(name):
            found = recipe.make(elsewhere.receipts(), self.as_of())
            elsewhere.bring(found, draft, order=recipe.order)
            return
        rows = self._wanted(name)
        day = _last_day(rows) if recipe.needs == "receipts" else dt.date.min
        recipes.write(self.folder, name, rows.files, draft, as_of=day, told=self.told(name))


def _asked(name: str) -> str:
    """The table, or for a reduction the one that it is computed from."""
    recipe = recipes.RECIPES.get(name)
    return recipe.needs if recipe else name


def _last_day(receipts: Stored) -> dt.date:
    noted = receipts.facts.get("last_day")
    return dt.date.fromisoformat(noted) if noted else parquet.last_day(receipts.files)


def _not_there(name: str, known: list[str]) -> PlaybookError:
    asked = _asked(name)
    if asked in known:
        return PlaybookError(
            _("The stores do not say where they are, so “{name}” is not there.").format(name=name),
            advice=_("Import stores with latitude and longitude, or with x_km and y_km."),
        )
    if asked not in TABLES:
        words = _("There is no table “{name}”.").format(name=name)
        problems = [_("Tables here: {names}").format(names=", ".join(known) or "—")]
        return PlaybookError(words, problems=problems)
    if asked == "receipts":
        return PlaybookError(
            _("This engagement has no receipts yet, so “{name}” is not there.").format(name=name),
            advice=_("Import them: playbook import NAME FILE"),
        )
    return PlaybookError(
        _("This engagement has no table “{name}” yet.").format(name=asked),
        advice=_("Import it: playbook import NAME FILE --table {name}").format(name=asked),
    )


def _mixed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[: storage.VERSION_LENGTH]


@cache
def _code() -> str:
    """A fingerprint of the code that computes the reductions."""
    sources = (Path(module.__file__ or "") for module in MODULES)
    return _mixed(*(path.read_text(encoding="utf-8") for path in sources))
