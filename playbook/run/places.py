"""Where the notebooks lie: in a checkout, or inside an installed package."""

from __future__ import annotations

from pathlib import Path

from playbook.engagement.home import sample_folder

_PACKAGE = Path(__file__).parents[1]


def notebooks() -> Path:
    """The folder of the notebooks."""
    candidates = (_PACKAGE.parent / "notebooks", _PACKAGE / "_shipped" / "notebooks")
    return next((path for path in candidates if path.is_dir()), candidates[0])


def sample() -> Path:
    """The folder of the sample chain's tables and inputs."""
    return sample_folder()
