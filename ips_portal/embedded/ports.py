"""Which port the demo answers on."""

import errno
import socket
from pathlib import Path

from ips_portal.bootstrap.places import Problem

FIRST, LAST = 8000, 8099


def choose(wanted: int | None) -> int:
    """The port asked for, or the first free one from 8000."""
    if wanted is None:
        free = next((port for port in range(FIRST, LAST + 1) if is_free(port)), None)
        if free is None:
            raise Problem(f"Every port from {FIRST} to {LAST} is taken. Choose one with --port.")
        return free
    if not is_free(wanted):
        raise Problem(
            f"Port {wanted} is taken by another program. Choose another with --port, or leave it out."
        )
    return wanted


def is_free(port: int) -> bool:
    """On both meanings of localhost: a browser may try ::1 first and reach somebody else's server."""
    return _can_bind(socket.AF_INET, "127.0.0.1", port) and _can_bind(socket.AF_INET6, "::1", port)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    if family == socket.AF_INET6 and not Path("/proc/net/if_inet6").exists():
        return True
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EACCES:
            raise Problem(f"Port {port} is reserved for root. Choose one above 1023 with --port.") from None
        return error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    return True
