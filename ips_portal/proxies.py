"""Who really asks. What a proxy says about a request counts only when the proxy is one we trust."""

from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

UNIX = "unix"  # a proxy on the same machine that speaks through a socket file has no address
SAID_BY_PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_X_REQUEST_ID",
)
Networks = tuple[IPv4Network | IPv6Network, ...]


class ProxyMiddleware:
    """Strips what strangers claim; behind trusted proxies the visitor's own address stands in REMOTE_ADDR."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if is_trusted(meta.get("REMOTE_ADDR", "")):
            meta["REMOTE_ADDR"] = visitor(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))
        else:
            for name in SAID_BY_PROXIES:
                meta.pop(name, None)
        return self.get_response(request)


def visitor(peer: str, forwarded: str) -> str:
    """The last address of the chain that is no proxy of ours: everything before it anybody may have made up."""
    for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_address(address):
            break
        if not is_trusted(address):
            return address
    return peer or "127.0.0.1"


def is_trusted(address: str) -> bool:
    trusted = tuple(settings.TRUSTED_PROXIES)
    if not address:
        return UNIX in trusted
    return is_address(address) and any(ip_address(address) in network for network in networks(trusted))


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@cache
def networks(trusted: tuple[str, ...]) -> Networks:
    return tuple(ip_network(each) for each in trusted if each != UNIX)
