"""Every column of every table, once."""

from __future__ import annotations

from playbook.data.column import KIND_NAMES, N_, Column, Kind
from playbook.data.columns_computed import COMPUTED
from playbook.data.columns_imported import IMPORTED

__all__ = ["COLUMNS", "KIND_NAMES", "N_", "Column", "Kind"]

COLUMNS: dict[str, Column] = {one.name: one for one in (*IMPORTED, *COMPUTED)}
