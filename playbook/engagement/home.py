"""Where engagements live, how they may be called, and where the sample chain is shipped."""

from __future__ import annotations

import os
import re
from pathlib import Path

import playbook
from playbook.errors import PlaybookError
from playbook.text import gettext as _

_NAME = re.compile(r"[^\W_][\w-]{0,60}", re.UNICODE)
_RESERVED = {"con", "prn", "aux", "nul"}


def home() -> Path:
    """The folder that holds ``engagements/``.

    ``PLAYBOOK_HOME``, else the nearest folder above the working one that has
    ``engagements/`` or is a checkout of the playbook, else the working folder.
    """
    if named := os.environ.get("PLAYBOOK_HOME"):
        return Path(named).expanduser().absolute()
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if _is_home(folder)), here)


def _is_home(folder: Path) -> bool:
    is_checkout = (folder / "notebooks").is_dir() and (folder / "playbook").is_dir()
    return is_checkout or (folder / "engagements").is_dir()


def engagements() -> Path:
    """The folder with one folder per engagement; it need not exist yet."""
    return home() / "engagements"


def checked_name(name: str) -> str:
    """Return a name that is safe as a folder.

    Raises:
        PlaybookError: It is empty, too long, or has other signs than letters, digits,
            ``-`` and ``_``.
    """
    if _NAME.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    raise PlaybookError(
        _("“{name}” cannot be the name of an engagement.").format(name=name),
        advice=_("Use up to 60 letters, digits, - and _, beginning with a letter or a digit."),
    )


def sample_folder() -> Path:
    """The tables and inputs of the sample chain: in a checkout, or inside the package."""
    package = Path(playbook.__file__).parent
    candidates = (package.parent / "data" / "sample", package / "_shipped" / "sample")
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])
