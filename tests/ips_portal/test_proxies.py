"""Nobody is believed about where a visitor comes from, except a proxy that was named."""

from typing import Any

import pytest
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ips_portal.proxies import ProxyMiddleware

CLAIMS = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_REQUEST_ID": "given-by-somebody",
}


def arrived(peer: str, **claims: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **claims)
    ProxyMiddleware(lambda request: HttpResponse())(request)
    return request


def test_by_default_nobody_is_believed() -> None:
    request = arrived("127.0.0.1", **CLAIMS)
    assert get_client_ip(request) == "127.0.0.1"
    assert not set(CLAIMS) & set(request.META)


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first one was made up by the visitor
        ("10.0.0.5", "203.0.113.9, 10.0.0.7", "203.0.113.9"),  # two proxies in a row
        ("10.0.0.5", "203.0.113.9, not an address", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "2001:db8::7", "2001:db8::7"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("10.0.1.5", "203.0.113.9", "10.0.1.5"),  # next door
    ],
)
def test_a_trusted_proxy_is_believed_about_the_last_stranger(
    settings: Any, peer: str, forwarded: str, visitor: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/24", "unix"]
    assert get_client_ip(arrived(peer, HTTP_X_FORWARDED_FOR=forwarded)) == visitor


def test_the_id_of_a_trusted_proxy_is_kept(db: None, settings: Any) -> None:
    stranger = Client().get("/", **CLAIMS)  # type: ignore[arg-type]
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    proxy = Client().get("/", **CLAIMS)  # type: ignore[arg-type]
    assert stranger["X-Request-ID"] != CLAIMS["HTTP_X_REQUEST_ID"] == proxy["X-Request-ID"]


def test_the_limit_of_tries_counts_visitors_and_not_what_they_claim(
    db: None, settings: Any, broker_url: str
) -> None:
    def tries(**claims: str) -> list[int]:
        client, path = Client(), "/accounts/password/reset/"
        addresses = [{"email": f"nobody-{number}@x.example"} for number in range(22)]
        return [client.post(path, sent, **claims).status_code for sent in addresses]  # type: ignore[arg-type]

    assert 429 in tries(HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert set(tries(HTTP_X_FORWARDED_FOR="203.0.113.2")) == {429}, "a claim opens no new account of tries"
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert tries(HTTP_X_FORWARDED_FOR="203.0.113.3")[0] != 429, "another visitor is not counted with them"
