"""A person at a browser, in the standard library: cookies, pages, and forms as the page shows them."""

import http.client
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Account = dict[str, str]
Value = str | Sequence[str]


class CheckFailed(Exception):
    """What was expected, and what came instead."""


@dataclass(frozen=True)
class Answer:
    status: int
    address: str
    body: bytes
    content_type: str
    reference: str = ""  # the request's id, by which its lines in the log are found

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.address).path

    def links(self, pattern: str) -> list[str]:
        """Addresses on the page that match, each once, in order."""
        found = re.findall(rf'href="([^"]*?{pattern}[^"]*)"', self.text)
        return [address.replace("&amp;", "&") for address in dict.fromkeys(found)]

    def words(self) -> str:
        """What the page says, for a message about it."""
        main = self.text.partition("<main")[2] or self.text
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:300]


@dataclass
class Form:
    """What a form would send if nobody typed anything, and what may be chosen in it."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> value -> words

    def filled(self, changes: Mapping[str, Value]) -> dict[str, list[str]]:
        unknown = [name for name in changes if name not in self.fields]
        if unknown:
            raise CheckFailed(f"the form for {self.action or 'the page'} has no field {unknown[0]}")
        given = {name: [value] if isinstance(value, str) else list(value) for name, value in changes.items()}
        return {**self.fields, **given}


class FormReader(HTMLParser):
    """Reads the forms of a page as a browser would send them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select = ""
        self._option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "option":
            self._choose(given)
        elif given.get("name"):
            self._named(self._form, tag, given)

    def _named(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "text")
        values = form.fields.setdefault(name, [])
        if tag == "textarea":
            self._area = name
            values.append("")
        elif tag == "select":
            self._select = name
            form.choices[name] = {}
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, {})[given.get("value", "on")] = ""
            if "checked" in given:
                values.append(given.get("value", "on"))
        elif tag == "input" and kind not in ("submit", "button", "file"):
            values.append(given.get("value", ""))

    def _choose(self, given: dict[str, str]) -> None:
        if self._form is None or not self._select:
            return
        self._option = given.get("value", "")
        self._form.choices[self._select][self._option] = ""
        if "selected" in given or not self._form.fields[self._select]:
            self._form.fields[self._select] = [self._option]

    def handle_data(self, data: str) -> None:
        if self._form is None:
            return
        if self._area is not None:
            self._form.fields[self._area][-1] += data
        elif self._select and self._option is not None:
            self._form.choices[self._select][self._option] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._form and self._area:
            value = self._form.fields[self._area][-1].removeprefix("\n")
            self._form.fields[self._area][-1] = value.replace("\n", "\r\n")  # as browsers send it
            self._area = None
        elif tag == "select":
            self._select, self._option = "", None
        elif tag == "form":
            self._form = None


def forms_of(page: Answer) -> list[Form]:
    reader = FormReader()
    reader.feed(page.text)
    return reader.forms


def form_of(page: Answer, action: str = "") -> Form:
    """The page's own form, or the one that goes to an address ending so."""
    for form in forms_of(page):
        if form.method == "post" and (form.action.endswith(action) if action else not form.action):
            return form
    raise CheckFailed(f"{page.address} (status {page.status}) has no form {action}: {page.words()}")


@dataclass
class Visitor:
    """One person with their own cookies."""

    base: str
    email: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self._address(path)))  # noqa: S310  (http, our own server)

    def fill(self, path: str, changes: Mapping[str, Value], *, action: str = "") -> Answer:
        """Open the page, change what is said in its form, send it."""
        page = self.get(path)
        return self.send(page, form_of(page, action), changes)

    def send(self, page: Answer, form: Form, changes: Mapping[str, Value]) -> Answer:
        """The form of a page that is open already; again, if need be."""
        target = urllib.parse.urljoin(page.address, form.action or page.address)
        content = urllib.parse.urlencode(form.filled(changes), doseq=True).encode()
        request = urllib.request.Request(target, content, {"Referer": page.address})  # noqa: S310
        return self._open(request)

    def upload(
        self, path: str, field: str, name: str, content: bytes, changes: Mapping[str, Value] | None = None
    ) -> Answer:
        """Open the page, choose a file in its form, change what is said, send it."""
        page = self.get(path)
        given = form_of(page).filled(changes or {})
        parts = {key: values[0].encode() for key, values in given.items() if values and key != field}
        edge = b"----practice"
        lines = [line for key, value in parts.items() for line in (_part(edge, key), value)]
        lines += [_part(edge, field, name), content, b"--" + edge + b"--", b""]
        headers = {"Referer": page.address, "Content-Type": f"multipart/form-data; boundary={edge.decode()}"}
        request = urllib.request.Request(page.address, b"\r\n".join(lines), headers)  # noqa: S310
        return self._open(request)

    def put(self, path: str, values: Mapping[str, Any], *, token: str) -> Answer:
        """As the rating page's script saves one item."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": token,
            "Referer": self._address(path),
        }
        content = json.dumps(values).encode()
        request = urllib.request.Request(self._address(path), content, headers, method="PUT")  # noqa: S310
        return self._open(request)

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(self.base + "/", path)

    def _open(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        try:
            with opener.open(request, timeout=30) as answer:
                return _answer(answer, answer.status, answer.url)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error, error.code, request.full_url)
        except (OSError, http.client.HTTPException) as error:
            raise CheckFailed(f"{request.full_url} does not answer: {error}") from None


def _part(edge: bytes, field: str, file_name: str = "") -> bytes:
    named = f'; filename="{file_name}"' if file_name else ""
    return b"--" + edge + f'\r\nContent-Disposition: form-data; name="{field}"{named}\r\n'.encode()


def _answer(sent: Any, status: int, address: str) -> Answer:
    kind, reference = sent.headers.get_content_type(), sent.headers.get("X-Request-ID", "")
    return Answer(status, address, sent.read(), kind, reference)


def sign_in(base: str, account: Account) -> Visitor:
    visitor = Visitor(base, account["email"])
    words = {"login": account["email"], "password": account["password"]}
    answer = visitor.fill("accounts/login/", words, action="/accounts/login/")
    if answer.status != 200 or "/accounts/login" in answer.address:
        raise CheckFailed(f"{account['email']} could not sign in (status {answer.status}): {answer.words()}")
    return visitor


def expect(answer: Answer, status: int, containing: str = "") -> Answer:
    if answer.status != status:
        raise CheckFailed(
            f"{answer.address} answered {answer.status}, expected {status}. It says: {answer.words()}"
        )
    if containing and containing not in answer.text:
        raise CheckFailed(f"{answer.address} does not show “{containing}”. It says: {answer.words()}")
    return answer
