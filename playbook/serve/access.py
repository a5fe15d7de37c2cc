"""Who may see what: a token for the facilitator, another for readers, none on the own machine."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from jupyter_server.auth.identity import IdentityProvider, User
from traitlets import Unicode

Role = Literal["facilitator", "reader"]


@dataclass(frozen=True)
class Tokens:
    """The two secrets; both empty where only the own machine can reach the pages."""

    facilitator: str = ""
    reader: str = ""

    def role_of(self, given: str) -> Role | None:
        """The role that a token opens, or nothing.

        Example:
            >>> Tokens("lead", "read").role_of("read")
            'reader'
        """
        known: tuple[tuple[Role, str], ...] = (
            ("facilitator", self.facilitator),
            ("reader", self.reader),
        )
        for role, token in known:
            if token and hmac.compare_digest(token.encode(), given.encode()):
                return role
        return None


def tokens_for(host: str, *, facilitator: str = "", reader: str = "") -> Tokens:
    """The tokens of a server: as given, drawn where they are needed, none on the own machine."""
    if not (facilitator or reader) and is_own_machine(host):
        return Tokens()
    return Tokens(facilitator or secrets.token_urlsafe(18), reader or secrets.token_urlsafe(18))


def is_own_machine(host: str) -> bool:
    """Whether an address can be reached from this machine only.

    Example:
        >>> is_own_machine("127.0.0.1"), is_own_machine("0.0.0.0")
        (True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Access(IdentityProvider):  # type: ignore[misc]  # jupyter-server has no types here
    """Recognises the two tokens, in the address or in a header, then by a signed cookie."""

    reader_token = Unicode("").tag(config=True)

    @property
    def auth_enabled(self) -> bool:
        """Whether anybody must show a token."""
        return bool(self.token)

    async def get_user_token(self, handler: Any) -> User | None:  # noqa: ANN401 - a request
        """Who shows a token with this request."""
        given = self.get_token(handler) if self.auth_enabled else ""
        role = Tokens(str(self.token), self.reader_token).role_of(given or "")
        return User(username=role, name=role, display_name=role) if role else None

    def role(self, handler: Any) -> Role:  # noqa: ANN401 - a request
        """What the person behind a request may do."""
        if not self.auth_enabled:
            return "facilitator"
        user = handler.current_user
        return "facilitator" if user is not None and user.username == "facilitator" else "reader"
