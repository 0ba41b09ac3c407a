"""One practice state: its rules and words, its agencies and teams, and who pays."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import NormalDist
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from agencies.models import (
    Agency,
    Payer,
    PayerContract,
    Population,
    State,
    StatePolicy,
    Team,
    TeamPartner,
    TeamPopulation,
)
from fidelity.models import ScaleVersion
from fidelity.policy import FidelityPolicy, shipped_document, state_policy
from fidelity.scales import Scale, document
from funding import guidance
from ips_portal.practice import names
from ips_portal.practice.rhythm import ANSWERS_SINCE, TRIAL_SINCE, TRIAL_UNTIL, days, spread
from ips_portal.practice.rows import Rows
from ips_portal.practice.worlds import Story, World

NATIONAL = "ips25-2008"
ADAPTED = "ips25-pros-adapted"
SIZES = (1,) * 15 + (2,) * 35 + (3,) * 27 + (4,) * 13 + (5, 5, 5, 5, 6, 6, 6, 7, 7, 8)  # domain reference 8.2
QUALITY = tuple(NormalDist().inv_cdf((place + 0.5) / 40) for place in range(40))
TEAM_WORDS = ("Adult IPS Team", "Young Adult IPS Team", "Outreach IPS Team")


@dataclass
class Site:
    """A team with what its story needs."""

    team: Team
    story: Story
    age: float
    quality: float
    positions: int


@dataclass
class Land:
    """A state in the making; every module adds to its rows."""

    world: World
    today: date
    rows: Rows
    rng: random.Random
    state: State
    policy: FidelityPolicy  # of today
    scale: Scale
    version: ScaleVersion
    agencies: list[Agency] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    payers: list[Payer] = field(default_factory=list)
    rules: list[tuple[date, FidelityPolicy]] = field(default_factory=list)  # from which day on, oldest first

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), ZoneInfo(self.world.zone))

    def ago(self, months: float) -> date:
        return self.today - days(months)

    def policy_on(self, day: date) -> FidelityPolicy:
        """Before the state stated anything, the national default."""
        begun = [policy for since, policy in self.rules if since <= day]
        return begun[-1] if begun else state_policy({})

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    @contextmanager
    def aside(self, what: str) -> Iterator[None]:
        """Meanwhile luck of its own, so that everything else comes out as without it."""
        kept, self.rng = self.rng, luck(self.world, what)
        try:
            yield
        finally:
            self.rng = kept


def luck(world: World, what: str = "") -> random.Random:
    seed = ":".join(["practice", f"{world.slug}{world.luck}", *([what] if what else [])])
    return random.Random(seed)  # noqa: S311 - repeatable on purpose, protects nothing


def settle(world: World, today: date, rows: Rows, national: ScaleVersion) -> Land:
    """The state with everything that does not depend on people."""
    began = (today - days(12 * world.years)).replace(day=1)
    brand, ink, accent = world.colors
    state = rows.add(
        State(
            slug=world.slug,
            name=world.name,
            program_name=world.program,
            zone=world.zone,
            words=dict(world.words),
            contact_name=f"{world.name} IPS program office",
            contact_email=f"office@{world.slug}.example",
            brand=brand,
            brand_ink=ink,
            brand_accent=accent,
            started_on=began,
        )
    )
    data = stated(world, today)
    version = rows.add(adapted_version(state)) if world.adapted_scale else national
    land = Land(
        world, today, rows, luck(world), state, state_policy(data), Scale.parse(version.data), version
    )
    _policies(land, data, began)
    _billing(land, began)
    _payers(land)
    _agencies(land)
    _teams(land)
    _contracts(land)
    return land


def stated(world: World, today: date) -> dict[str, Any]:
    """What the state's own rule says. A state on the national default states nothing, but who approves plans."""
    data: dict[str, Any] = {} if world.policy == "national" else dict(shipped_document(world.policy))
    data["name"] = f"{world.name} fidelity policy"
    if world.answer_days:
        data["answer_days"] = world.answer_days
        data["sources"] = {**data.get("sources", {}), "answer_days": "Decided by the state IPS team"}
    if world.approver:
        data["action_plan"] = {"approver": world.approver}
    if world.lead_may_issue:
        data["same_person_may_issue"] = {
            "allowed_until": (today + timedelta(days=180)).isoformat(),
            "reason": "The state has one trainer in its first year. Written decision of the state IPS team; it "
            "ends when a second trainer is hired.",
        }
    return data


def adapted_version(state: State) -> ScaleVersion:
    """New York's guidance names an adapted scale in three groups and gives no bands (domain reference 1.8)."""
    data = dict(document(NATIONAL)) | {
        "key": ADAPTED,
        "name": "IPS fidelity scale, adapted for PROS",
        "edition": "Practice edition, after the state's PROS guidance",
        "bands": [],
    }
    scale = Scale.parse(data)
    return ScaleVersion(
        state=state,
        key=scale.key,
        name=scale.name,
        effective_from=scale.effective_from,
        data=data,
        sha256=scale.content_hash,
    )


def _policies(land: Land, data: dict[str, Any], began: date) -> None:
    """The rule the state began with, and what it decided since, from its own day on."""
    first = {key: value for key, value in data.items() if key not in ("same_person_may_issue", "answer_days")}
    about = f"Practice copy of the rules of: {land.world.policy.replace('_', ' ')}."
    dated = [(began, first, about)]
    if land.world.tried_moderation:
        since, until = land.today - TRIAL_SINCE, land.today - TRIAL_UNTIL
        sources = {
            **first.get("sources", {}),
            "moderation": "A trial of two weeks, decided by the state IPS team",
        }
        trial = first | {"moderation": True, "sources": sources}
        dated.append(
            (since, trial, f"{about} With a trial: a second person reads drafts before they go out.")
        )
        dated.append((until, first, f"{about} The trial of moderation is over."))
    if len(first) != len(data):
        decided = land.ago(5).replace(day=1) if land.world.lead_may_issue else land.today - ANSWERS_SINCE
        dated.append((decided, data, f"{about} With what was decided on {decided:%B %-d, %Y}."))
    for day, stated_data, source in dated:
        land.rules.append((day, state_policy(stated_data)))
        land.rows.add(
            StatePolicy(
                state=land.state,
                subject=StatePolicy.Subject.FIDELITY,
                name=data["name"],
                effective_from=day,
                data=stated_data,
                source=source,
            )
        )


def _billing(land: Land, began: date) -> None:
    """The rules the state began with."""
    name = f"{land.world.name} billing rules"
    own = {"name": name, "effective_from": began.isoformat()}
    document = dict(guidance.shipped_document(land.world.billing)) | own
    land.rows.add(
        StatePolicy(
            state=land.state,
            subject=StatePolicy.Subject.BILLING,
            name=name,
            effective_from=began,
            data=document,
            source=guidance.parse(document).source.source,
        )
    )


def _payers(land: Land) -> None:
    for name, kind in land.world.payers:
        land.payers.append(land.rows.add(Payer(state=land.state, name=name, kind=kind)))


def _agencies(land: Land) -> None:
    world, rng = land.world, land.rng
    places = world.towns or names.towns(world.slug)
    for number in range(len(world.teams) + world.closed_agency):
        town = places[number]
        kind = world.agency_kinds[number % len(world.agency_kinds)]
        closed = number >= len(world.teams)
        slug = slugify(town)
        agency = Agency(
            state=land.state,
            slug=slug,
            name=f"{town} {kind}",
            code=f"{world.slug[:2].upper()}-{101 + number * 7}",
            city=town,
            region=world.regions[number % len(world.regions)],
            website=f"https://{slug}.example/",
            contact_name=f"{town} front office",
            contact_email=f"{slug}@{world.slug}.example",
            contact_phone=f"555-01{number % 100:02d}",
            started_on=max(
                land.ago(rng.uniform(100, 140) * world.stretch).replace(day=1), land.state.started_on
            ),
            ended_on=land.ago(7).replace(day=1) if closed else None,
        )
        land.agencies.append(land.rows.add(agency))


def _teams(land: Land) -> None:
    world = land.world
    homes = [agency for agency, count in zip(land.agencies, world.teams, strict=False) for _ in range(count)]
    stories = list(world.stories[: len(homes)]) + [Story()] * (len(homes) - len(world.stories))
    for place, story in enumerate(stories):  # a closed team comes on top of the open ones
        if story.closed:
            stories[place] = Story()
    opened = list(zip(homes, stories, strict=True))
    closed = [(land.agencies[2], story) for story in world.stories if story.closed]
    if world.closed_agency:
        closed.append((land.agencies[-1], Story(age=60, closed=True, totals=(88, 91, 86))))
    qualities = spread(land.rng, len(opened) + len(closed), QUALITY)
    ages = spread(land.rng, len(opened), world.ages)
    sizes = _sizes(land, len(opened)) + [2] * len(closed)
    populations = [land.rows.add(Population(state=land.state, name=name)) for name in world.populations]
    for place, (agency, story) in enumerate([*opened, *closed]):
        age = story.age if story.age is not None else ages[place]
        team = _team(land, agency, age, story, sum(a is agency for a, _ in opened) > 1 or story.closed)
        land.sites.append(Site(team, story, age, qualities[place], sizes[place]))
        young = "Young" in team.name
        chosen = [p for p in populations if ("Young" in p.name) == young][:1] or populations[:1]
        if land.rng.random() < 0.4:
            chosen.append(land.rng.choice([p for p in populations if p not in chosen]))
        for population in chosen:
            land.rows.add(TeamPopulation(state=land.state, team=team, population=population))
    _partners(land)


def _team(land: Land, agency: Agency, age: float, story: Story, several: bool) -> Team:
    taken = sum(site.team.agency is agency for site in land.sites)
    if story.closed:
        words = "Day Program IPS Team"
    elif several:
        words = TEAM_WORDS[taken]
    else:
        words = "IPS Team"
    name = f"{agency.city} {words}"
    sustaining = age >= 24
    stage = (
        Team.Stage.SUSTAINING if sustaining else Team.Stage.IMPLEMENTING if age >= 1 else Team.Stage.PREPARING
    )
    return land.rows.add(
        Team(
            state=land.state,
            agency=agency,
            slug=slugify(name),
            name=name,
            stage=stage,
            ended_on=land.ago(7 if agency.ended_on else 4).replace(day=1) if story.closed else None,
        )
    )


def _sizes(land: Land, count: int) -> list[int]:
    """Positions of each team that add up to the state's."""
    sizes = [int(size) for size in spread(land.rng, count, SIZES)]
    while (short := land.world.positions - sum(sizes)) != 0:
        place = land.rng.randrange(count)
        if 1 <= sizes[place] + (step := 1 if short > 0 else -1) <= 8:
            sizes[place] += step
    return sizes


def _partners(land: Land) -> None:
    """Some teams are run by two agencies; neither those under review nor the agency shown first."""
    free = [site for site in land.sites if not site.story.live and not site.story.closed and site.age > 1]
    open_agencies = [agency for agency in land.agencies if agency.ended_on is None]
    for site in free[: land.world.partners]:
        others = [agency for agency in open_agencies[1:] if agency is not site.team.agency]
        partner = land.rng.choice(others)
        land.rows.add(TeamPartner(state=land.state, team=site.team, agency=partner))


def _contracts(land: Land) -> None:
    """Each payer contracts a share of the agencies, with one in common; one contract has ended."""
    open_agencies = [agency for agency in land.agencies if agency.ended_on is None]
    share = (
        -(-len(open_agencies) // len(land.payers))
        if len(land.payers) > 1
        else max(1, len(open_agencies) // 2)
    )
    for number, payer in enumerate(land.payers):
        first = max(0, number * share - (number > 0))
        for agency in open_agencies[first : first + share]:
            starts = max(land.ago(24).replace(month=1, day=1), land.state.started_on)
            land.rows.add(PayerContract(state=land.state, payer=payer, agency=agency, starts_on=starts))
    last = open_agencies[-1]
    ended = land.today.replace(month=1, day=1) - timedelta(days=1)
    starts = min(land.state.started_on, ended)
    land.rows.add(
        PayerContract(state=land.state, payer=land.payers[0], agency=last, starts_on=starts, ends_on=ended)
    )
