"""The main job over HTTP, as people in a browser do it: `python3 manage.py demo --check`.

Standard library only: it stands where a browser stands, and knows the portal by its pages alone.
"""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Account = dict[str, str]


class CheckFailed(Exception):
    """What was expected, and what came instead."""


@dataclass(frozen=True)
class Answer:
    status: int
    address: str
    body: bytes
    content_type: str

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Visitor:
    """One person with their own cookies."""

    base: str
    name: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self._address(path)))  # noqa: S310  (http, our own server)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Fill in the form on that page and send it, with the token the page carries."""
        address = self._address(path)
        token = csrf_token(self.get(path))
        content = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}, doseq=True).encode()
        request = urllib.request.Request(address, content, {"Referer": address})  # noqa: S310
        return self._open(request)

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(self.base + "/", path)

    def _open(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.read(), answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, request.full_url, error.read(), error.headers.get_content_type())
        except OSError as error:
            raise CheckFailed(f"{request.full_url} does not answer: {error}") from None


def csrf_token(page: Answer) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if not found:
        raise CheckFailed(f"{page.address} (status {page.status}) has no form to fill in")
    return found.group(1)


def expect(answer: Answer, status: int, containing: str = "") -> Answer:
    if answer.status != status:
        raise CheckFailed(f"{answer.address} answered {answer.status}, expected {status}")
    if containing and containing not in answer.text:
        raise CheckFailed(f"{answer.address} does not show “{containing}”")
    return answer


def sign_in(base: str, account: Account) -> Visitor:
    visitor = Visitor(base, account["name"])
    answer = visitor.post("accounts/login/", {"login": account["email"], "password": account["password"]})
    if answer.status != 200 or "/accounts/login" in answer.address:
        raise CheckFailed(f"{account['email']} could not sign in (status {answer.status})")
    return visitor


def run(base_url: str, accounts: list[Account]) -> None:
    """Every step in order, one line each; the first that fails ends the check."""
    steps: list[tuple[str, Callable[[], object]]] = [
        ("The portal answers", lambda: expect(Visitor(base_url, "monitor").get("health"), 200)),
        (
            "The sign-in page answers",
            lambda: expect(Visitor(base_url, "a guest").get("accounts/login/"), 200),
        ),
        *((f"{one['role']} signs in", _signing_in(base_url, one)) for one in one_per_role(accounts)),
    ]
    for number, (title, step) in enumerate(steps, start=1):
        started = time.monotonic()
        step()
        print(f"  {number:>2}. {title} ({time.monotonic() - started:.1f} s)", flush=True)


def one_per_role(accounts: list[Account]) -> list[Account]:
    return list({account["role"]: account for account in reversed(accounts)}.values())


def _signing_in(base_url: str, account: Account) -> Callable[[], object]:
    return lambda: sign_in(base_url, account)
