"""T21 and the path tricks: reading changes nothing, every answer is armoured, nothing leads out of the portal."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ips_portal import health
from tests.architecture import routes
from tests.architecture.routes import Route
from tests.architecture.visits import Answer, Visits
from tests.cast import PASSWORD

READERS = ("admin", "leader", "reviewer")
# Pages that write when they are read, and what.
WRITES_WHEN_READ = {
    ("reports:report-download", "GET"): ["agencies_change", "reports_download"],  # each download is logged
    ("reports-api:file-download", "GET"): ["agencies_change", "reports_download"],
}
ARMOUR = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "(same-origin|no-referrer)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": r".*camera=\(\).*",
    "X-Request-ID": "[0-9a-f]{16}",
    "Content-Security-Policy": ".*default-src 'none'.*",
}
NEEDS = ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
OUTSIDE = [
    route
    for route in routes.all_routes()
    if not route.is_tenant and not route.kwargs and "(?P<" not in route.pattern
]
# What a browser may keep for a while: three colors, under an address that carries their version.
KEPT = {"agencies:theme": "private, max-age=3600"}
TENANT = routes.tenant_routes()
EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "https://evil.example",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "//evil.example/%2f..",
    "//localhost@evil.example",
    "https://localhost@evil.example",
    "https://localhost.evil.example",
    "//evil.example\\@localhost",
    "https://evil.example#localhost",
    "https://evil.example?localhost",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "//[::1]@evil.example",
    "//evil%E3%80%82example",
    "/%09/evil.example",
    "//%65vil.example",
    "http:\\\\evil.example",
    "//evil.example:80",
    "http://[evil.example",
    "https://evil.example\\.localhost",
    "about:blank",
    "http://localhost:9999@evil.example",
]
TRICKS = [
    "/%00",
    "/meridian/%00/",
    "/meridian/teams/north-one%00/",
    "/meridian/teams/%2e%2e/%2e%2e/",
    "/meridian/../bayou/",
    "/meridian/teams/..%2f..%2fbayou/",
    "//evil.example/",
    "//meridian/",
    "/meridian//teams/",
    "/meridian/teams/north-one./",
    "/meridian/teams/north-one;x=1/",
    "/meridian/teams/north-one%0d%0aSet-Cookie:x=1/",
    "/meridian/teams/%ff%fe/",
    "/meridian/teams/%ed%a0%80/",
    "/meridian/teams/%E2%80%AE/",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../settings.py",
    "/static/%2e%2e/%2e%2e/manage.py",
    "/mail/../../etc/passwd",
    "/mail/..%2f..%2fmanage.py/",
    "/meridian/" + "a" * 10_000 + "/",
    "/" + "%2f" * 2_000,
    "/meridian/people/99999999999999999999999999/",
    "/meridian/people/-1/",
    "/meridian/people/1e5/",
    "/meridian/reviews/00000000-0000-0000-0000-000000000000/",
    "/meridian/reviews/not-a-uuid/",
    "/invitation/%00/",
    "/invitation/" + "x" * 5_000 + "/",
]
QUERY = [
    *("page", "q", "team", "agency", "kind", "status", "person", "first", "last", "role"),
    *("region", "stage", "population", "current", "next", "seen", "item"),
]
VALUES = ["\x00", "9" * 40, "-1", "\xed\xa0\x80", "' OR 1=1 --", "x" * 5_000]


def own(route: Route, visits: Visits) -> Iterator[str]:
    for address in routes.addresses(route, visits.world.own, "own team"):
        yield address.path


def naked(answer: Answer) -> list[str]:
    """What of the armour an answer lacks."""
    missing = [
        f"{name}: {answer.headers.get(name)}"
        for name, wanted in ARMOUR.items()
        if not re.fullmatch(wanted, answer.headers.get(name, ""))
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    return (
        missing
        + [f"no {part}" for part in NEEDS if part not in policy]
        + re.findall(r"'unsafe-\w+'|\*", policy)
    )


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Sign-in is limited by address, and all these people have the same one. A worker is thought to run."""
    cache.clear()
    health.heard()


@pytest.mark.parametrize("name", [route.name for route in TENANT])
def test_reading_changes_nothing_and_every_answer_is_armoured(counted: Visits, name: str) -> None:
    route = next(route for route in TENANT if route.name == name)
    faults = []
    for path in own(route, counted):
        for person in READERS:
            for method in ("GET", "HEAD", "OPTIONS"):
                answer = counted.ask(person, method, path, watched=True)
                if answer.wrote and answer.wrote != WRITES_WHEN_READ.get((name, method)):
                    faults.append(f"{person} {method} {path}: wrote {answer.wrote}")
                faults += [f"{person} {method} {path}: {fault}" for fault in naked(answer)]
                kept = answer.headers.get("Cache-Control", "")
                if "no-store" not in kept and KEPT.get(name) != kept:
                    faults.append(f"{person} {method} {path} ({answer.status}): may be stored")
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize("name", sorted({route.name for route in OUTSIDE}))
def test_pages_outside_every_state_are_armoured_too(counted: Visits, name: str) -> None:
    for person in ("admin", "anonymous"):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = counted.ask(person, method, reverse(name), watched=True)
            assert naked(answer) == [], (person, method, answer.status)
            assert answer.wrote in ([], WRITES_WHEN_READ.get((name, method))), (person, method)
            assert answer.status < 500
            assert counted.leaks(person, answer) == []


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc/"])
def test_nobody_changes_the_address_they_sign_in_with(counted: Visits, path: str) -> None:
    """It came with the invitation; allauth's own pages for it are closed."""
    for method in ("GET", "POST"):
        assert counted.ask("admin", method, f"/accounts/{path}").status == 404


def strict(visits: Visits, person: str) -> Client:
    """The same session, at a browser that checks as production does."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = visits.clients[person].cookies
    return client


def test_every_writing_route_asks_for_the_token(counted: Visits) -> None:
    client = strict(counted, "trainer")
    open_doors = []
    for route in TENANT:
        for method in set(route.door.actions) & {"POST", "PUT", "PATCH", "DELETE"}:
            path = next(own(route, counted))
            with transaction.atomic():
                response = client.generic(method, path, "{}", content_type="application/json")
                transaction.set_rollback(True)
            counted.made += 1
            if response.status_code != 403 or b"csrf" not in response.content.lower() + b"csrf":
                open_doors.append(f"{method} {path}: {response.status_code}")
    for route in OUTSIDE:
        with transaction.atomic():
            response = client.post(reverse(route.name), {})
            transaction.set_rollback(True)
        if response.status_code not in (403, 405, 302, 404):
            open_doors.append(f"POST {reverse(route.name)}: {response.status_code}")
    assert open_doors == []


def test_no_address_leads_out_of_the_portal(counted: Visits) -> None:
    """Forty ways to write another site into `next`."""
    assert len(EVIL) == 40
    led_out = []
    for target in EVIL:
        for name in ("account_login", "account_logout", "account_reauthenticate", "mfa_reauthenticate"):
            path = f"{reverse(name)}?next={quote(target, safe='')}"
            for person, method in (("admin", "GET"), ("admin", "POST"), ("anonymous", "GET")):
                answer = counted.ask(person, method, path, {"next": target} if method == "POST" else None)
                if answer.status >= 500 or leads_out(answer.location):
                    led_out.append(f"{person} {method} {path}: {answer.status} {answer.location}")
                page = answer.body.decode("utf-8", "replace")
                if repeated := re.search(r'(?:href|action)="[^"?]*evil[^"]*"', page):
                    led_out.append(f"{person} {method} {path}: the page repeats it: {repeated[0]}")
    assert not led_out, "\n".join(led_out[:40])


def test_what_no_view_answers_is_armored_too(counted: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    """Static files, strangers' hosts, errors of ours, methods and pages there are not."""
    monkeypatch.setattr("ips_portal.views.states_of", lambda person: 1 / 0)
    asked = [
        (200, "GET", "/static/js/forms.js", {}),
        (404, "GET", "/static/nothing.js", {}),
        (404, "GET", "/static/../settings.py", {}),
        (400, "GET", "/", {"HTTP_HOST": "evil.example"}),
        (500, "GET", "/", {}),
        (404, "GET", "/accounts/nothing/", {}),
        (405, "DELETE", "/help/", {}),
        (200, "GET", "/health/live", {}),
    ]
    for status, method, path, extra in asked:
        answer = counted.ask("admin", method, path, **extra)
        assert (path, answer.status, naked(answer)) == (path, status, [])


def test_the_way_to_tls_is_armored_too(counted: Visits, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    answer = client.get("/help/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/help/")
    assert naked(Answer(301, b"", "", dict(answer.items()), [])) == []
    assert client.get("/health/live").status_code == 200, "asked inside the machine, without TLS"


def leads_out(location: str) -> bool:
    return bool(location) and not re.match(r"/(?![/\\])", location)


def test_signing_in_leads_where_the_portal_is(counted: Visits) -> None:
    email = counted.world.cast.meridian.people["leader"].email
    for target, wanted in (*((evil, "/") for evil in EVIL[::3]), ("/meridian/teams/", "/meridian/teams/")):
        sent = {"login": email, "password": PASSWORD, "next": target}
        cache.clear()
        answer = counted.ask("anonymous", "POST", reverse("account_login"), sent)
        assert (answer.status, answer.location) == (302, wanted), target


HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example:80",
    "localhost:80:80",
    "",
    "[::1",
]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(counted: Visits, host: str) -> None:
    for path in ("/", "/accounts/login/", "/meridian/"):
        assert counted.ask("admin", "GET", path, HTTP_HOST=host).status == 400


FORWARDED = [
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_SERVER": "evil.example"},
    {"HTTP_FORWARDED": "host=evil.example"},
    {"HTTP_X_HOST": "evil.example"},
    {"HTTP_X_ORIGINAL_URL": "/accounts/login/"},
    {"HTTP_HOST": "127.0.0.1"},
    {"HTTP_HOST": "testserver:4711"},
]


@pytest.mark.parametrize("headers", FORWARDED)
def test_mail_and_redirects_never_take_their_address_from_the_request(
    counted: Visits, headers: dict[str, str]
) -> None:
    email = counted.world.cast.meridian.people["leader"].email
    mail.outbox.clear()
    answer = counted.ask("anonymous", "POST", reverse("account_reset_password"), {"email": email}, **headers)
    assert answer.status == 302
    assert not leads_out(answer.location)
    sent = "".join(str(message.message()) for message in mail.outbox)
    links = set(re.findall(r"https?://[^/\s]+", sent))
    assert len(mail.outbox) == 1
    assert links == {"http://localhost"}
    answer = counted.ask("anonymous", "GET", "/meridian/", **headers)
    assert answer.location == "/accounts/login/?next=/meridian/"


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path[:40])
def test_no_path_breaks_the_portal(counted: Visits, path: str) -> None:
    for person in ("admin", "anonymous"):
        raw = unquote_to_bytes(path).decode("latin-1")  # as the server hands it over
        answer = counted.ask(person, "GET", "/", PATH_INFO=raw)
        assert answer.status in (302, 400, 404), answer.status
        assert not leads_out(answer.location)
        assert "Set-Cookie: x" not in str(answer.headers)
        if person == "admin":
            assert answer.status != 302


@pytest.mark.parametrize("name", [route.name for route in TENANT if "GET" in route.door.actions])
def test_no_query_breaks_a_page(counted: Visits, name: str) -> None:
    route = next(route for route in TENANT if route.name == name)
    path = list(own(route, counted))[-1]
    for value in VALUES:
        query = "&".join(f"{key}={quote(value, safe='', encoding='latin-1')}" for key in QUERY)
        answer = counted.ask("admin", "GET", f"{path}?{query}")
        assert answer.status < 500, (path, value)
        assert counted.ask("admin", "GET", f"{path}?as={quote(value[:50], encoding='latin-1')}").status in (
            400,
            404,
        )
