"""The port: taken before anything heavy starts, or one clear message."""

from __future__ import annotations

import errno
import socket

from playbook.errors import PlaybookError
from playbook.text import gettext as _

DEFAULT = 8866
LAST = 65_535
_TRIED = 50


def take(host: str, port: int) -> list[socket.socket]:
    """The listening sockets of an address.

    Raises:
        PlaybookError: The port is in use, or may not be used, or the address is not ours.
    """
    from tornado.netutil import bind_sockets

    if not 0 <= port <= LAST:
        raise PlaybookError(
            _("{port} is not a port.").format(port=port), advice=_("Ports go from 1 to 65535.")
        )
    try:
        return list(bind_sockets(port, host))
    except OSError as error:
        raise _explained(error, host, port) from error


def _explained(error: OSError, host: str, port: int) -> PlaybookError:
    if error.errno == errno.EADDRINUSE:
        free = next_free(host, port)
        return PlaybookError(
            _("Port {port} is in use by another program.").format(port=port),
            advice=_("Port {free} is free: add --port {free}.").format(free=free) if free else "",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return PlaybookError(
            _("This account may not use port {port}.").format(port=port),
            advice=_("Take a port above 1023, such as --port {port}.").format(port=DEFAULT),
        )
    return PlaybookError(
        _("The pages cannot be offered at {host}, port {port}: {reason}.").format(
            host=host, port=port, reason=error.strerror or error
        ),
        advice=_("Leave --host out to offer them on this machine only."),
    )


def next_free(host: str, port: int) -> int | None:
    """The next port above that nobody uses, or nothing."""
    for candidate in range(port + 1, min(port + _TRIED, LAST + 1)):
        with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    return None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
