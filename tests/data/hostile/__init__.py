"""Hostile exports, made by code, each with what a good loader does with it."""

from hostile import (
    archives,
    encodings,
    headings,
    ids,
    moments,
    numbers,
    others,
    parquets,
    people,
    quoting,
    rows,
    tills,
    workbooks,
)
from hostile.case import Case

MODULES = (
    encodings,
    quoting,
    headings,
    numbers,
    moments,
    rows,
    ids,
    people,
    workbooks,
    archives,
    parquets,
    tills,
    others,
)
CASES: tuple[Case, ...] = tuple(case for module in MODULES for case in module.CASES)
