"""Finds the pages by themselves: follows every link and filter a person is offered, and notes what a page looks like.

Over plain HTTP, which is cheap; which of the found pages are worth opening in a browser is decided by their looks: one
that shows an element no page of its address pattern has shown before. So a page of next month is found and opened
without anybody adding it to a list.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from ips_portal.practice.visitor import Answer, Visitor

SAME_LOOK = 2  # pages asked for of one pattern with the same status words beside the link
SAME_PATTERN = 12  # and in all
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
NO_MATTER = {"as", "csrfmiddlewaretoken"}  # under which membership: the same page
ROWS = {"tr", "li", "article", "section", "form"}


@dataclass(frozen=True)
class Link:
    """Where it leads, and the status words inside it, or else in the same row."""

    address: str
    beside: str = ""


@dataclass(frozen=True)
class Form:
    """A form that changes something, and how many fields a person can leave empty in it."""

    action: str
    order: int
    fields: int

    @property
    def kind(self) -> str:
        """The same for the same form on another record's page."""
        return f"{pattern_of(self.action).partition('?')[0]} {self.fields}"


def plain(words: Iterable[str]) -> str:
    """Status words without the numbers in them."""
    return re.sub(r"[\W\d]+", " ", " ".join(words)).strip()


@dataclass
class Html(HTMLParser):
    """Links, forms and looks of one page."""

    address: str
    links: list[Link] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._rows: list[tuple[str, list[Link], list[str]]] = []  # element, links, status words
        self._chip = 0
        self._form: dict[str, str] | None = None
        self._fields = self._sent = 0
        self._values: list[list[tuple[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if "main" in self._open:
            self._note(tag, given)
        if tag in ROWS:
            self._rows.append((tag, [], []))
        if "chip" in given.get("class", "").split():
            self._chip = len(self._open)
        if tag == "a" and given.get("href"):
            self._link(given["href"])
        self._form_part(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open and self._open.pop() != tag:
            pass
        if len(self._open) < self._chip:
            self._chip = 0
        if self._rows and self._rows[-1][0] == tag:
            _, links, words = self._rows.pop()
            self.links += [Link(link.address, link.beside or plain(words)) for link in links]
        if tag == "form" and self._form is not None:
            self._close_form()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        if self._chip and self._rows:
            _, links, words = self._rows[-1]
            words.append(data)
            if "a" in self._open and links:
                links[-1] = Link(links[-1].address, plain([links[-1].beside, data]))

    def _note(self, tag: str, given: dict[str, str]) -> None:
        classes = sorted({re.sub(r"\d+", "", name) for name in given.get("class", "").split()})
        kind = given.get("type", "") if tag == "input" else ""
        self.looks.add(".".join([tag + (f"[{kind}]" if kind else ""), *classes]))

    def _link(self, href: str) -> None:
        address = urljoin(self.address, href).split("#")[0]
        if not urlsplit(address).path:
            address += "/"
        if self._rows:
            self._rows[-1][1].append(Link(address))
        else:
            self.links.append(Link(address))

    def _form_part(self, tag: str, given: dict[str, str]) -> None:
        if "template" in self._open:
            return  # not part of the page until a script takes it out
        if tag == "form":
            self._form, self._fields, self._values = given, 0, [[]]
        elif self._form is None or not given.get("name"):
            if tag == "option" and self._select and self._form is not None:
                self._option(given)
        elif tag == "select":
            self._fields, self._select = self._fields + 1, given["name"]
        elif tag == "textarea":
            self._fields += 1
        elif tag == "input":
            kind = given.get("type", "text")
            self._fields += kind not in ("hidden", "submit", "radio", "checkbox")
            if kind in ("hidden", "text", "search"):
                self._values[0].append((given["name"], given.get("value", "")))

    def _option(self, given: dict[str, str]) -> None:
        """A filter is tried with each of its choices, one at a time."""
        if given.get("value"):
            self._values.append([(self._select, given["value"])])

    def _close_form(self) -> None:
        assert self._form is not None
        target = urljoin(self.address, self._form.get("action") or self.address)
        if self._form.get("method", "get").lower() == "get":
            for values in self._values:
                self.links.append(Link(f"{target.split('?')[0]}?{urlencode(values)}"))
        else:
            self.forms.append(Form(target, self._sent, self._fields))
            self._sent += 1
        self._form, self._select = None, ""


@dataclass(frozen=True)
class Page:
    """One answer to one person."""

    address: str  # path and query
    pattern: str  # name of the URL pattern, and of what stands in the query
    status: int
    is_html: bool
    looks: frozenset[str] = frozenset()
    forms: tuple[Form, ...] = ()
    title: str = ""
    offered_by: str = ""

    @property
    def route(self) -> str:
        return self.pattern.split("?")[0]


def pattern_of(address: str) -> str:
    """The name of an address, the same for every record: `agencies:team-page?tab`."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = f"nowhere:{parts.path}"
    query = sorted({key for key, value in parse_qsl(parts.query) if value and key not in NO_MATTER})
    return f"{name}?{'&'.join(query)}" if query else name


def crawl(visitor: Visitor, starts: Iterable[str]) -> list[Page]:
    """Every page the person is led to, from the first ones on; of similar pages a few."""
    waiting: deque[tuple[Link, str]] = deque((Link(urljoin(visitor.base, start)), "") for start in starts)
    seen: set[str] = set()
    asked: Counter[str] = Counter()
    found: list[Page] = []
    while waiting:
        link, offered_by = waiting.popleft()
        pattern = pattern_of(link.address)
        alike = f"{pattern} {link.beside}"
        if not _is_here(visitor, link.address) or link.address in seen:
            continue
        if asked[alike] >= SAME_LOOK or asked[pattern] >= SAME_PATTERN:
            continue
        seen.add(link.address)
        asked.update([alike, pattern] if alike != pattern else [pattern])
        answer = visitor.get(link.address)
        page, links = read(answer, link.address, offered_by)
        found.append(page)
        waiting.extend((each, page.address) for each in links)
    return found


def read(answer: Answer, asked: str, offered_by: str) -> tuple[Page, list[Link]]:
    """What a redirect led to counts as the page."""
    address = answer.address if answer.status < 400 else asked
    parts = urlsplit(address)
    short = parts.path + (f"?{parts.query}" if parts.query else "")
    if answer.content_type != "text/html":
        return Page(short, pattern_of(address), answer.status, False, offered_by=offered_by), []
    html = Html(address)
    html.feed(answer.text)
    page = Page(
        short,
        pattern_of(address),
        answer.status,
        True,
        frozenset(html.looks),
        tuple(html.forms),
        " ".join(html.title.split()),
        offered_by,
    )
    return page, html.links


def _is_here(visitor: Visitor, address: str) -> bool:
    return address.startswith(visitor.base + "/") or address == visitor.base


def worth_opening(pages: Iterable[Page], known: dict[str, set[str]]) -> list[Page]:
    """Those that show something new among the pages of their route, richest first. `known` is written on."""
    chosen = []
    for page in sorted(pages, key=lambda page: (page.route, -len(page.looks), page.address)):
        shown = known.setdefault(page.route, set())
        if page.is_html and page.status < 400 and not page.looks <= shown:
            shown |= page.looks
            chosen.append(page)
    return chosen


def one_of_each(pages: Iterable[Page]) -> list[Page]:
    """The richest page of each route."""
    best: dict[str, Page] = {}
    for page in pages:
        if page.is_html and page.status < 400:
            before = best.get(page.route)
            if before is None or len(page.looks) > len(before.looks):
                best[page.route] = page
    return list(best.values())
