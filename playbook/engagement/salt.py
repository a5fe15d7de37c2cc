"""The secret with which ids of an engagement become pseudonyms, kept outside its folder.

Whoever gets the engagement's folder, an export or a backup of it does not get the secret, and
cannot find out whose an id is. Whoever loses the secret cannot add tables whose ids agree.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.text import gettext as _

SECRET_VARIABLE = "PLAYBOOK_SALT"
FOLDER_VARIABLE = "PLAYBOOK_SALT_DIR"
SUFFIX = ".salt"
N_BYTES = 32
_LEAST_SIGNS = 32


def secret(
    engagement: Path, *, is_right: Callable[[bytes], bool] | None = None, may_renew: bool = False
) -> bytes:
    """The secret of an engagement, made when it is wanted for the first time.

    ``PLAYBOOK_SALT`` wins over the file.

    Args:
        engagement: Folder of the engagement.
        is_right: Tells the secret with which the ids that are there were made; ``None``
            where there are none.
        may_renew: Whether a new one may be made when the right one is not there, because
            the ids that are there are being replaced.

    Raises:
        PlaybookError: The secret is not there or is another one; the place for it lies inside
            the engagement or cannot be written; ``PLAYBOOK_SALT`` is too short.
    """
    if stated := os.environ.get(SECRET_VARIABLE, "").strip():
        return _stated(stated, None if may_renew else is_right)
    folder = _folder_outside(engagement)
    own = folder / f"{engagement.name}-{_place(engagement)}{SUFFIX}"
    known = {path: _read(path) for path in (own, *sorted(folder.glob(f"*{SUFFIX}")))}
    keys = [key for key in known.values() if key is not None]
    if is_right is None:
        return known[own] or _made(own)
    if right := next(filter(is_right, keys), None):
        return right
    if may_renew:
        return known[own] or _made(own)
    raise PlaybookError(
        _("The secret of this engagement's pseudonyms is not in {folder}.").format(folder=folder),
        advice=_(
            "Put the file back from a backup, or name its folder in {variable}. If it is lost, the "
            "tables that are there can still be used; new ones with customers need a new "
            "engagement, with all tables imported again."
        ).format(variable=FOLDER_VARIABLE),
    )


def folder_of_secrets() -> Path:
    """Where secrets are kept: ``PLAYBOOK_SALT_DIR``, else the user's own place for data."""
    if stated := os.environ.get(FOLDER_VARIABLE, "").strip():
        return Path(stated).expanduser().absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "playbook" / "salts"


def _folder_outside(engagement: Path) -> Path:
    folder = folder_of_secrets()
    if folder.resolve().is_relative_to(engagement.resolve()):
        raise PlaybookError(
            _("The place for secrets, {folder}, lies inside the engagement.").format(folder=folder),
            advice=_("Name a folder outside of it in {variable}.").format(variable=FOLDER_VARIABLE),
        )
    return folder


def _stated(text: str, is_right: Callable[[bytes], bool] | None) -> bytes:
    if len(text) < _LEAST_SIGNS:
        raise PlaybookError(
            _("{variable} is too short: it needs {n} signs or more, made by chance.").format(
                variable=SECRET_VARIABLE, n=_LEAST_SIGNS
            ),
        )
    key = _key(text)
    if is_right is not None and not is_right(key):
        raise PlaybookError(
            _("{variable} is another secret than that of this engagement's pseudonyms.").format(
                variable=SECRET_VARIABLE
            ),
            advice=_("With it the same customer would get a second id."),
        )
    return key


def _key(text: str) -> bytes:
    """Hexadecimal text as its bytes, any other as it stands."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        return text.encode()
    return key if len(key) >= N_BYTES else text.encode()


def _place(engagement: Path) -> str:
    """Tells engagements of the same name in different homes apart."""
    return hashlib.sha256(str(engagement.resolve()).encode()).hexdigest()[:8]


def _read(path: Path) -> bytes | None:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return _key(text) if len(text) >= _LEAST_SIGNS else None


def _made(path: Path) -> bytes:
    """Make a secret that only its owner may read; it is on the disk before it is used."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        text = secrets.token_hex(N_BYTES)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise PlaybookError(
            _("The secret cannot be kept in {folder}: {reason}.").format(
                folder=path.parent, reason=error.strerror or error
            ),
            advice=_("Name a folder that can be written in {variable}.").format(
                variable=FOLDER_VARIABLE
            ),
        ) from None
    return _key(text)
