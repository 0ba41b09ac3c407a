"""Pages and saves: P1, P2, P4, P14, P15, P17."""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from ips_portal.bench.data import STATE
from ips_portal.bench.floor.saving import saving
from ips_portal.bench.site import Bench, Portal
from ips_portal.bench.timing import Caller, Deed, Rounds, interleaved
from ips_portal.bench.verdict import Result
from ips_portal.practice.visitor import Answer, form_of

LIST = f"/{STATE}/reviews/"
A_PAGE = 25
ITEM = "ST1"


def rated_now(bench: Bench, portal: Portal) -> str:
    """The address of the review the trainer is rating."""
    with psycopg.connect(portal.owner) as connection:
        row = connection.execute(
            "SELECT r.public_id FROM fidelity_review r JOIN fidelity_reviewer v ON v.review_id = r.id"
            " JOIN agencies_person p ON p.id = v.person_id WHERE p.email = %s AND r.status = 'rating' LIMIT 1",
            [bench.trainer()["email"]],
        ).fetchone()
    if row is None:
        raise LookupError("The trainer of the bench rates no review.")
    return f"{LIST}{row[0]}/"


@dataclass
class Sheet:
    """The trainer at the rating page: every save changes what it saves."""

    caller: Caller
    path: str
    turn: int = 0
    version: int = -1
    form: dict[str, list[str]] = field(default_factory=dict)

    def fetch(self) -> None:
        page = self.caller.send("GET", self.path)
        self.form = form_of(Answer(page.status, self.path, page.body, "text/html")).fields

    def save_item(self) -> float:
        if self.version < 0:
            self.fetch()
            self.version = int(self.form[f"version-{ITEM}"][0])
        self.turn += 1
        note = f"Ten charts, read {self.turn} times."
        values = {"score": 3, "note": note, "sources": [], "is_flagged": False, "version": self.version}
        reply = self.caller.send(
            "PUT", f"{self.path}{ITEM}/", json.dumps(values).encode(), kind="application/json"
        )
        self.version = int(json.loads(reply.body)["version"])
        return reply.took

    def save_all(self) -> float:
        self.fetch()
        return self.post()

    def post(self) -> float:
        self.turn += 1
        for name in self.form:
            if name.startswith("score-"):
                self.form[name] = [str(3 + self.turn % 2)]
            elif name.startswith("note-"):
                self.form[name] = [f"Saved {self.turn} times."]
        content = urlencode(self.form, doseq=True).encode()
        kind = "application/x-www-form-urlencoded"
        return self.caller.send("POST", self.path, content, kind=kind, expect=302).took


def sheets(bench: Bench) -> tuple[Sheet, Sheet]:
    small, large = (Sheet(bench.caller(each), f"{rated_now(bench, each)}rate/") for each in bench.sizes)
    return small, large


def floors(bench: Bench) -> dict[str, Deed]:
    return {"auth": bench.bare.reading("/auth"), "page": bench.bare.reading("/page")}


def measured(bench: Bench, deeds: Mapping[str, Deed], times: int | None = None) -> Rounds:
    return interleaved({**floors(bench), **deeds}, rounds=bench.rounds, times=times or bench.times)


def growth(took: Rounds) -> float:
    return took.p50("large") / took.p50("small")


def dearer(took: Rounds) -> float:
    return max(took.p50("small"), took.p50("large"))


def autosave(bench: Bench) -> list[Result]:
    small, large = sheets(bench)
    took = measured(bench, {"small": small.save_item, "large": large.save_item})
    queries = tuple(
        bench.statements(portal).of(sheet.save_item)
        for portal, sheet in zip(bench.sizes, (small, large), strict=True)
    )
    return [
        Result(
            "P1",
            "autosave one item",
            dearer(took),
            took.p50("auth"),
            3,
            beside="FA",
            queries=queries,
            budget=8,
            growth=growth(took),
        )
    ]


def save_sheet(bench: Bench) -> list[Result]:
    small, large = sheets(bench)
    with saving(bench.small.owner) as in_sql:
        took = measured(bench, {"small": small.save_all, "large": large.save_all, "sql": in_sql})
    queries = tuple(
        bench.statements(portal).of(sheet.post, before=sheet.fetch)
        for portal, sheet in zip(bench.sizes, (small, large), strict=True)
    )
    floor = 5 * took.p50("auth") + 2 * took.p50("sql")
    return [
        Result(
            "P2",
            "save 25 items",
            dearer(took),
            floor,
            1,
            beside="5 FA + 2 SQL",
            queries=queries,
            budget=12,
            growth=growth(took),
        )
    ]


def review_list(bench: Bench) -> list[Result]:
    found = []
    callers = [bench.caller(portal) for portal in bench.sizes]
    for which, share in (("first page", 0), ("middle page", 2)):
        paths = [_page(portal, share) for portal in bench.sizes]
        deeds = [caller.reading(path) for caller, path in zip(callers, paths, strict=True)]
        took = measured(bench, dict(zip(("small", "large"), deeds, strict=True)))
        queries = tuple(
            bench.statements(portal).of(deed) for portal, deed in zip(bench.sizes, deeds, strict=True)
        )
        found.append(
            Result(
                "P4",
                f"list of reviews, {which}",
                dearer(took),
                took.p50("page"),
                3,
                beside="FP",
                queries=queries,
                budget=10,
                growth=growth(took),
            )
        )
    return found


def _page(portal: Portal, share: int) -> str:
    number = max(2, portal.reviews // A_PAGE // share) if share else 1
    return f"{LIST}?page={number}"


def throughput(bench: Bench) -> list[Result]:
    list_page, floor_page = bench.caller(bench.large).reading(LIST), floors(bench)["page"]
    rates: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(bench.rounds):
        rates["ours"].append(_rate(list_page, bench.times * 4))
        rates["floor"].append(_rate(floor_page, bench.times * 4))
    ours, floor = median(rates["ours"]), median(rates["floor"])
    return [Result("P14", "list, 4 clients", ours, floor, 0.4, unit="/s", beside="FP", at_least=True)]


def _rate(deed: Deed, times: int, clients: int = 4) -> float:
    """Requests a second; an answer that is not the page raises."""
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda _: deed(), range(2 * clients)))
        started = time.perf_counter()
        list(pool.map(lambda _: deed(), range(times)))
        return times / (time.perf_counter() - started)


def tail(bench: Bench) -> list[Result]:
    caller, review = bench.caller(bench.large), rated_now(bench, bench.large)
    reads = {"list of reviews": LIST, "page of a review": review, "rating page": f"{review}rate/"}
    took = measured(bench, {name: caller.reading(path) for name, path in reads.items()}, bench.times * 2)
    return [
        Result("P15", f"p95 beside p50, {name}", took.tail(name), 1, 2, unit="x", beside="own p50")
        for name in reads
    ]


def isolation(bench: Bench) -> list[Result]:
    """The list page with the second wall and without it, turn about."""
    read = bench.caller(bench.large).reading(LIST)
    with_wall, without = [], []
    try:
        for _ in range(bench.rounds * 2):
            _walls(bench.large, up=True)
            with_wall.append(_block(read, bench.times))
            _walls(bench.large, up=False)
            without.append(_block(read, bench.times))
    finally:
        _walls(bench.large, up=True)
    return [
        Result(
            "P17",
            "row-level security, list",
            median(with_wall),
            median(without),
            1.15,
            beside="switched off",
        )
    ]


def _block(read: Deed, times: int) -> float:
    for _ in range(4):
        read()
    return median(read() for _ in range(times))


def _walls(portal: Portal, *, up: bool) -> None:
    verb = sql.SQL("ENABLE" if up else "DISABLE")
    with psycopg.connect(portal.owner, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid GROUP BY c.relname"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(table), verb)
            )


Workload = Callable[[Bench], list[Result]]
