"""Puts the practice states into a database: the same rows for the same day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from agencies.models import Membership, State
from agencies.permissions import Role
from fidelity.models import Edition, ScaleVersion
from fidelity.snapshots import freeze
from ips_portal.practice import live, people, places, plans, reviews, sheets
from ips_portal.practice.extras import extras
from ips_portal.practice.people import Crew
from ips_portal.practice.places import NATIONAL, Land
from ips_portal.practice.reviews import Issued, Sheets
from ips_portal.practice.rows import Rows
from ips_portal.practice.timelines import Timeline, timeline
from ips_portal.practice.traces import trace
from ips_portal.practice.worlds import WORLDS

EVERYBODYS = "practice-makes-progress"  # what everybody in the practice states signs in with; no secret


class NotAPracticeState(Exception):
    """A real state has the name of a practice state."""


@dataclass(frozen=True)
class Seeded:
    made: tuple[str, ...]
    present: tuple[str, ...]
    counts: dict[str, int]


def is_practice(state: State) -> bool:
    """Its office has an address that cannot exist (RFC 2606), which no real state would enter."""
    return state.contact_email == f"office@{state.slug}.example"


def practice_states() -> list[State]:
    found = {state.slug: state for state in State.objects.filter(slug__in=[world.slug for world in WORLDS])}
    known = [found[world.slug] for world in WORLDS if world.slug in found]
    return [state for state in known if is_practice(state)]


def seed(today: date, password: str = EVERYBODYS) -> Seeded:
    """All four states or none: they share people. What is there already stays untouched."""
    seeded = _seed(today, password)
    if seeded.made:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # planned without statistics, a page of history takes half a minute
    return seeded


@transaction.atomic
def _seed(today: date, password: str) -> Seeded:
    present = State.objects.filter(slug__in=[world.slug for world in WORLDS])
    for state in present:
        if not is_practice(state):
            raise NotAPracticeState(
                f"“{state.slug}” is a state of its own here, so the practice state of that name is not made. "
                "Nothing was changed."
            )
    names = tuple(state.name for state in present)
    if names:
        return Seeded((), names, {})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.history = 'off'")
    counts = _write(today, password)
    return Seeded(tuple(world.name for world in WORLDS), (), counts)


def _write(today: date, password: str) -> dict[str, int]:
    rows = Rows()
    registry = people.Registry(rows, make_password(password))
    national = ScaleVersion.objects.filter(state=None, key=NATIONAL).latest("effective_from", "pk")
    issued: list[Issued] = []
    colleague: Membership | None = None  # a trainer of the first state, who also reviews in the youngest
    for world in WORLDS:
        land = places.settle(world, today, rows, national)
        lines = [timeline(land, site) for site in land.sites]
        crew = people.hire(land, registry)
        if colleague and world.lead_may_issue:
            people.visitor(land, crew, colleague.person)
        colleague = colleague or crew.by_role[Role.STATE_TRAINER][1]
        issued += _reviews(land, crew, lines)
        people.invite(land, crew, registry)
        extras(land, crew)
    counts = rows.store()
    editions = _issue(issued)
    return counts | {"issued reports": len(editions), "changes in history": trace(rows, editions, today)}


def _reviews(land: Land, crew: Crew, lines: list[Timeline]) -> list[Issued]:
    found: list[Issued] = []
    for site, line in zip(land.sites, lines, strict=True):
        sheet = Sheets(sheets.leanings(land.rng))
        done = reviews.history(land, crew, site, line, sheet)
        for each in done:
            plans.plan(land, crew, each, is_last=each is done[-1])
        live.now(land, crew, site, line, sheet)
        found += done
    return found


def _issue(issued: list[Issued]) -> list[Edition]:
    """Each team's first reviews, then the second ones, and so on: an edition tells of those before it."""
    made: list[Edition] = []
    for order in range(max(each.order for each in issued) + 1):
        turn = [each for each in issued if each.order == order]
        made += Edition.objects.bulk_create(_edition(each) for each in turn)
    return made


def _edition(each: Issued) -> Edition:
    review, person = each.review, each.issuer.person
    issued_on = review.issued_on or review.ends_on
    snapshot = freeze(review, edition=1, issued_on=issued_on, issued_by=person.name)
    return Edition(
        state=review.state,
        review=review,
        team=review.team,
        number=1,
        snapshot=snapshot,
        issued_at=datetime.combine(issued_on, time(15, 30), ZoneInfo(review.state.zone)),
        issued_by=person,
    )
