"""Puts the practice states into a database: the same rows for the same day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from agencies.models import Membership, Person, State
from agencies.permissions import Role
from fidelity.models import PlanRow, ScaleVersion
from ips_portal.bell import ring
from ips_portal.practice import (
    between,
    census,
    corrections,
    editions,
    funding,
    imports,
    live,
    meetings,
    people,
    places,
    plans,
    quarters,
    rates,
    reviews,
    sharing,
    sheets,
    texts,
)
from ips_portal.practice.extras import extras
from ips_portal.practice.people import Crew, Registry
from ips_portal.practice.places import NATIONAL, Land
from ips_portal.practice.reviews import Sheets
from ips_portal.practice.rows import Rows
from ips_portal.practice.timelines import Timeline, timeline
from ips_portal.practice.traces import trace
from ips_portal.practice.worlds import WORLDS
from outcomes import publishing

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


def standing(slugs: Collection[str]) -> list[State]:
    """Those of these practice states that are there already."""
    present = list(State.objects.filter(slug__in=slugs))
    for state in present:
        if not is_practice(state):
            raise NotAPracticeState(
                f"“{state.slug}” is a state of its own here, so the practice state of that name is not made. "
                "Nothing was changed."
            )
    return present


def seed(today: date, password: str = EVERYBODYS) -> Seeded:
    """All four states or none: they share people. What is there already stays untouched."""
    seeded = _seed(today, password)
    if seeded.made:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # planned without statistics, a page of history takes half a minute
    return seeded


@transaction.atomic
def _seed(today: date, password: str) -> Seeded:
    if present := standing([world.slug for world in WORLDS]):
        return Seeded((), tuple(state.name for state in present), {})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.history = 'off'")
    counts = _write(today, password)
    for state in standing([world.slug for world in WORLDS]):
        publishing.check(state)
        sharing.keep_paper(state)
        ring("outcomes.publish_state", state.pk)
    ring("fidelity.count_agreement")
    return Seeded(tuple(world.name for world in WORLDS), (), counts)


def _write(today: date, password: str) -> dict[str, int]:
    rows = Rows()
    registry = Registry(rows, make_password(password))
    national = ScaleVersion.objects.filter(state=None, key=NATIONAL).latest("effective_from", "pk")
    colleague: Membership | None = None  # a trainer of the first state, who also reviews in the youngest
    for world in WORLDS:
        land = places.settle(world, today, rows, national)
        lines = [timeline(land, site) for site in land.sites]
        crew = populate(
            land, registry, lines, colleague.person if colleague and world.lead_may_issue else None
        )
        funding.keep(land, crew)
        rates.keep(land, crew)
        colleague = colleague or crew.by_role[Role.STATE_TRAINER][1]
    stored = rows.store()
    live.hand_over(rows)
    corrections.issue(rows)
    funding.put_forward(rows)
    rates.write_down(rows)
    return stored | {"changes in history": trace(rows, today)}


def populate(land: Land, registry: Registry, lines: list[Timeline], guest: Person | None = None) -> Crew:
    """People, and all they have done; the guest is somebody of another state who reviews here too."""
    crew = people.hire(land, registry)
    if guest:
        people.visitor(land, crew, guest)
    _reviews(land, crew, lines)
    quarters.report(land, crew, lines)
    between.keep(land, crew)
    people.invite(land, crew, registry)
    extras(land, crew)
    texts.keep(land, crew)
    meetings.meet(land, crew)
    sharing.agree(land, crew)
    census.count(land, crew)
    return crew


def _reviews(land: Land, crew: Crew, lines: list[Timeline]) -> None:
    for site, line in zip(land.sites, lines, strict=True):
        sheet = Sheets(sheets.leanings(land.rng))
        done = reviews.history(land, crew, site, line, sheet)
        rows: dict[str, PlanRow] = {}
        planned = [
            (each.review, plans.plan(land, crew, each, is_last=each is done[-1], before=rows))
            for each in done
        ]
        live.now(land, crew, site, line, sheet)
        editions.issue(land, done, planned)
        if site.story.correction:
            corrections.correct(land, crew, done[-1], site.story.correction)
        if site.story.has_imports:
            imports.bring(land, crew, site, line, sheet)
