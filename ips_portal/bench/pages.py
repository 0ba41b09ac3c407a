"""Pages and saves: P1, P2, P4, P14, P15, P17."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from ips_portal.bench.floor.saving import saving
from ips_portal.bench.site import STATE, Bench, Portal
from ips_portal.bench.timing import Caller, Deed, Rounds, interleaved
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import Problem
from ips_portal.practice.visitor import Answer, form_of

LIST = f"/{STATE}/reviews/"
A_PAGE = 25
ITEM = "ST1"
RATED = """SELECT r.public_id, p.email FROM fidelity_review r JOIN agencies_state s ON s.id = r.state_id
    JOIN fidelity_reviewer v ON v.review_id = r.id AND v.is_lead JOIN agencies_person p ON p.id = v.person_id
    WHERE s.slug = %s AND r.status = 'rating' AND r.kind = 'external' ORDER BY r.id LIMIT 1"""
Workload = Callable[[Bench], list[Result]]
Setting = Callable[[], object] | None  # what has to be done before a deed that is counted


def rated_now(portal: Portal) -> tuple[str, str]:
    """The address of a review that is being rated, and who leads it."""
    with psycopg.connect(portal.owner) as connection:
        row = connection.execute(RATED, [STATE]).fetchone()
    if row is None:
        raise Problem("Nobody rates a review in the state of the bench.")
    return f"{LIST}{row[0]}/", str(row[1])


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
    small, large = (_sheet(bench, portal) for portal in bench.sizes)
    return small, large


def _sheet(bench: Bench, portal: Portal) -> Sheet:
    review, lead = rated_now(portal)
    return Sheet(bench.caller(portal, lead), f"{review}rate/")


def floors(bench: Bench) -> dict[str, Deed]:
    return {"auth": bench.bare.reading("/auth"), "page": bench.bare.reading("/page")}


def measured(bench: Bench, deeds: Mapping[str, Deed], times: int | None = None) -> Rounds:
    return interleaved({**floors(bench), **deeds}, rounds=bench.rounds, times=times or bench.times)


def counted(bench: Bench, deeds: Sequence[Deed], before: Sequence[Setting] = (None, None)) -> tuple[int, ...]:
    turns = zip(bench.sizes, deeds, before, strict=True)
    return tuple(bench.statements(portal).of(deed, before=first) for portal, deed, first in turns)


def at_both_sizes(
    workload: str, what: str, took: Rounds, floor: float, goal: float, beside: str, **counts: Any
) -> Result:
    """The dearer one."""
    small, large = took.p50("small"), took.p50("large")
    ours, growth = max(small, large), large / small
    return Result(workload, what, ours, floor, goal, beside=beside, growth=growth, **counts)


def autosave(bench: Bench) -> list[Result]:
    small, large = sheets(bench)
    took = measured(bench, {"small": small.save_item, "large": large.save_item})
    queries = counted(bench, (small.save_item, large.save_item))
    what, floor = "autosave one item", took.p50("auth")
    return [at_both_sizes("P1", what, took, floor, 3, "FA", queries=queries, budget=8)]


def save_sheet(bench: Bench) -> list[Result]:
    small, large = sheets(bench)
    with saving(bench.small.owner) as in_sql:
        took = measured(bench, {"small": small.save_all, "large": large.save_all, "sql": in_sql})
    queries = counted(bench, (small.post, large.post), before=(small.fetch, large.fetch))
    floor = 5 * took.p50("auth") + 2 * took.p50("sql")
    return [at_both_sizes("P2", "save 25 items", took, floor, 1, "5 FA + 2 SQL", queries=queries, budget=12)]


def review_list(bench: Bench) -> list[Result]:
    found = []
    for which, share in (("first page", 0), ("middle page", 2)):
        small, large = (bench.trainer(portal).reading(_page(portal, share)) for portal in bench.sizes)
        took = measured(bench, {"small": small, "large": large})
        what, queries = f"list of reviews, {which}", counted(bench, (small, large))
        found.append(at_both_sizes("P4", what, took, took.p50("page"), 3, "FP", queries=queries, budget=10))
    return found


def _page(portal: Portal, share: int) -> str:
    number = max(2, portal.reviews // A_PAGE // share) if share else 1
    return f"{LIST}?page={number}"


def throughput(bench: Bench) -> list[Result]:
    list_page, floor_page = bench.trainer(bench.large).reading(LIST), floors(bench)["page"]
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
    review, lead = rated_now(bench.large)
    caller = bench.caller(bench.large, lead)
    reads = {"list of reviews": LIST, "page of a review": review, "rating page": f"{review}rate/"}
    took = measured(bench, {name: caller.reading(path) for name, path in reads.items()}, bench.times * 2)
    return [
        Result("P15", f"p95 beside p50, {name}", took.tail(name), 1, 2, unit="x", beside="own p50")
        for name in reads
    ]


def isolation(bench: Bench) -> list[Result]:
    """The list page with the second wall and without it, turn about."""
    read = bench.trainer(bench.large).reading(LIST)
    with_wall, without = [], []
    try:
        for _ in range(bench.rounds * 2):
            _walls(bench.large, up=True)
            with_wall.append(_block(read, bench.times))
            _walls(bench.large, up=False)
            without.append(_block(read, bench.times))
    finally:
        _walls(bench.large, up=True)
    what, ours, floor = "row-level security, list", median(with_wall), median(without)
    return [Result("P17", what, ours, floor, 1.15, beside="switched off")]


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
