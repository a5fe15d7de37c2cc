"""Where the notebooks and the sample chain lie: in a checkout, or inside an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def _first(*candidates: Path) -> Path:
    return next((path for path in candidates if path.is_dir()), candidates[0])


def notebooks() -> Path:
    """The folder of the notebooks."""
    return _first(_PACKAGE.parent / "notebooks", _PACKAGE / "_shipped" / "notebooks")


def sample() -> Path:
    """The folder of the sample chain's tables and inputs."""
    return _first(_PACKAGE.parent / "data" / "sample", _PACKAGE / "_shipped" / "sample")
