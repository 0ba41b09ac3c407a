"""The quarters behind each practice team and what it reported of them; old ones are final, the last is under way."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from statistics import mean

from agencies.models import MembershipTeam
from agencies.permissions import Role
from ips_portal.practice import answers, courses
from ips_portal.practice.asked import ask
from ips_portal.practice.courses import USUAL_FIDELITY, Lived, Nature
from ips_portal.practice.filing import (
    Desk,
    Sheet,
    accept,
    begin,
    expect,
    give_back,
    may_be_amended,
    not_operating,
    submit,
)
from ips_portal.practice.people import Crew
from ips_portal.practice.places import QUALITY, Land, Site
from ips_portal.practice.rhythm import DAYS_A_MONTH, spread, stage
from ips_portal.practice.timelines import Timeline
from ips_portal.quarters import Quarter
from outcomes.checks import Case, Earlier
from outcomes.models import QuarterlyReport, StateQuarter

MISSING, AMENDED = 0.02, 0.03  # source: domain reference 8.4
DRAWINGS = 20
LOOKED_AT = 8  # quarters a new one is compared with
PAUSED_SITE, PAUSED_QUARTER = 8, 5  # one team of each large state did not run so many quarters back
ACCEPTED, SUBMITTED, RETURNED, DRAFT, EXPECTED = "accepted", "submitted", "returned", "draft", "expected"
# Where the reports of the last quarter stand, those with warnings first; the rest follow over and over.
OPENING = (SUBMITTED, ACCEPTED, RETURNED, SUBMITTED, ACCEPTED, DRAFT, EXPECTED)
AFTER = (ACCEPTED, SUBMITTED, ACCEPTED, ACCEPTED, SUBMITTED, ACCEPTED, EXPECTED)


@dataclass
class Past:
    """A team with the quarters it reported; `reported` is what later ones are compared with."""

    site: Site
    lives: list[Lived]
    reported: list[Earlier] = field(default_factory=list)


def report(land: Land, crew: Crew, lines: list[Timeline]) -> None:
    """All teams: those of older quarters first, then the last ended one, then the running one if it is open."""
    rng = random.Random(f"practice:outcomes:{land.world.slug}{land.world.luck}")  # noqa: S311 - repeatable
    desk = Desk(land, crew, ask(land), rng)
    last = Quarter.last_ended(land.today)
    teams = [
        Past(site, list(_lives(land, rng, site, line, nature, last)))
        for site, line, nature in zip(land.sites, lines, _natures(land, rng, lines), strict=True)
    ]
    for place, team in enumerate(teams):
        for lived in team.lives:
            if lived.quarter < last:
                _older(desk, team, lived, is_paused=_is_paused(land, place, last.since(lived.quarter)))
    _last(desk, [team for team in teams if team.lives and team.lives[-1].quarter == last])
    if (last + 1).is_open(land.today):
        for team in teams:
            if _is_expected(team.site, last + 1):
                expect(desk, team.site, last + 1)
    for quarter in sorted({row.quarter for row in land.rows.of(QuarterlyReport) if row.state is land.state}):
        land.rows.add(StateQuarter(state=land.state, quarter=quarter))


def _natures(land: Land, rng: random.Random, lines: list[Timeline]) -> Iterator[Nature]:
    """Posts of each team, as many of them filled as it has specialists."""
    there = Counter(
        id(row.team)
        for row in land.rows.of(MembershipTeam)
        if row.state is land.state
        and row.membership.role == Role.SPECIALIST
        and row.membership.ended_on == row.team.ended_on
    )
    for site, luck in zip(land.sites, _lucks(land, rng, lines), strict=True):
        posts = courses.drawn_posts(rng, site.positions, land.world.part_time)
        yield Nature(posts, min(there[id(site.team)], len(posts)), luck, "Young" in site.team.name)


def _lucks(land: Land, rng: random.Random, lines: list[Timeline]) -> list[float]:
    """Of some drawings the one that goes least with fidelity, whose own share comes on top."""
    totals = [line.past[-1].total if line.past else USUAL_FIDELITY for line in lines]
    usual = mean(totals)

    def together(lucks: list[float]) -> float:
        return abs(sum(luck * (total - usual) for luck, total in zip(lucks, totals, strict=True)))

    return min((spread(rng, len(lines), QUALITY) for _ in range(DRAWINGS)), key=together)


def _lives(
    land: Land, rng: random.Random, site: Site, line: Timeline, nature: Nature, last: Quarter
) -> Iterator[Lived]:
    known = [quarter for quarter in last.last(land.world.quarters) if _is_expected(site, quarter)]
    if known and (began := site.team.implementation_started_on):
        totals = [_fidelity(site, line, quarter, began) for quarter in known]
        yield from courses.live(rng, nature, totals, known[0].since(Quarter.of(began)), known)


def _is_expected(site: Site, quarter: Quarter) -> bool:
    """Source: domain reference 3.3, V10; the same set as the portal opens."""
    began, ended = site.team.implementation_started_on, site.team.ended_on
    return began is not None and began <= quarter.ends_on and (ended is None or ended > quarter.starts_on)


def _fidelity(site: Site, line: Timeline, quarter: Quarter, began: date) -> int:
    """The last total by then; before the first review, what a team of that age and quality has."""
    known = [past.total for past in line.past if past.ends_on <= quarter.ends_on]
    usual, deviation = stage((quarter.ends_on - began).days / DAYS_A_MONTH)
    return known[-1] if known else round(usual + 0.8 * deviation * site.quality)


def _is_paused(land: Land, place: int, back: int) -> bool:
    return len(land.sites) > 2 * PAUSED_SITE and (place, back) == (PAUSED_SITE, PAUSED_QUARTER)


def _older(desk: Desk, team: Past, lived: Lived, *, is_paused: bool) -> None:
    """Final, but for a few that never came. The team shown first has all of them."""
    is_shown = team.site is desk.land.sites[0]
    if is_paused:
        not_operating(desk, team.site, lived.quarter)
    elif desk.rng.random() < MISSING and not is_shown:
        expect(desk, team.site, lived.quarter)
    else:
        sheet = _sheet(desk, team, lived)
        is_amended = desk.rng.random() < AMENDED and may_be_amended(desk, lived.quarter)
        accept(desk, sheet, amends=answers.mistaken(sheet.figures) if is_amended else None)
        team.reported.append(Earlier(lived.quarter, sheet.figures))


def _last(desk: Desk, teams: list[Past]) -> None:
    """The team shown first has its report still to write; the others are further or less far."""
    sheets = [_sheet(desk, team, team.lives[-1]) for team in teams]
    shown = [sheet for sheet in sheets if sheet.site is desk.land.sites[0]]
    others = sorted((sheet for sheet in sheets if sheet not in shown), key=lambda sheet: not sheet.warned)
    for sheet in shown:
        expect(desk, sheet.site, sheet.quarter)
    for place, sheet in enumerate(others):
        rest = place - len(OPENING)
        status = OPENING[place] if rest < 0 else AFTER[rest % len(AFTER)]
        if status == EXPECTED:
            expect(desk, sheet.site, sheet.quarter)
        elif status == DRAFT or not desk.may_have_come(sheet.quarter):
            begin(desk, sheet)
        elif status == RETURNED:
            give_back(desk, sheet)
        elif status == SUBMITTED:
            submit(desk, sheet)
        else:
            accept(desk, sheet, is_fresh=place % 2 == 1)


def _sheet(desk: Desk, team: Past, lived: Lived) -> Sheet:
    """The figures, with a note on every warning."""
    measures = desk.asked.measures(lived.quarter)
    figures = answers.answer(desk.rng, lived, measures)
    if not desk.recalls(lived.quarter):
        return Sheet(team.site, lived.quarter, figures, 0)
    case = Case(
        figures,
        lived.quarter,
        measures,
        tuple(team.reported[-LOOKED_AT:]),
        today=desk.land.today,
        due_on=desk.asked.of(lived.quarter).due_on(lived.quarter),
    )
    noted, warned = answers.explained(desk.rng, case)
    return Sheet(team.site, lived.quarter, noted, len(warned))
