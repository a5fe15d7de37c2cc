"""Addresses as people write them: what of them may be kept and shown."""

from __future__ import annotations

import re

_WITH_PASSWORD = re.compile(r"\w+://[^?]*:[^?]*@")
_SECRET_KEYS = re.compile(
    r"[?&;](\w*(pass|pwd|secret|token|api_?key|private_?key)\w*)=", re.IGNORECASE
)


def has_secret(address: str) -> bool:
    """Whether an address holds a password, a token or a key.

    Example:
        >>> has_secret("postgresql://ann:hush@host/db"), has_secret("postgresql://ann@host:5432/db")
        (True, False)
    """
    return bool(_WITH_PASSWORD.match(address.strip()) or _SECRET_KEYS.search(address))
