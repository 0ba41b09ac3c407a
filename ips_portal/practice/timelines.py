"""The three years behind each practice team, and what comes next, as dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ips_portal.practice.places import Land, Site
from ips_portal.practice.rhythm import ANSWERED_VISIT, Course, Visit, days, total, visit_day, visits
from ips_portal.practice.worlds import ANSWERING, DRAFT, HANDED_OVER, RATING, SCHEDULED, SELF

SETTLED = timedelta(days=40)  # a review that ended so long ago has its report
SELF_LAG = timedelta(days=10)


@dataclass(frozen=True)
class Past:
    """A finished review."""

    starts_on: date
    ends_on: date
    kind: str
    total: int
    month: float


@dataclass(frozen=True)
class Timeline:
    past: tuple[Past, ...]
    next_on: date | None
    next_total: int
    before: tuple[Past, ...] = ()  # longer ago than the state's reviews go


def timeline(land: Land, site: Site) -> Timeline:
    """Also settles on which day the team's implementation began: its story may pin a review to a day."""
    if site.story.closed:
        return _closed(land, site)
    if site.age < 1:
        return Timeline(_before_service(land, site), None, 0)
    known = visits(land.rng, land.policy, _course(land, site), site.age)
    began = _began(land, site, known)
    site.team.implementation_started_on = began
    done = [visit for visit in known[:-1] if land.today - _day(began, visit) >= SETTLED]
    waiting = known[len(done)]
    past = [_past(began, visit) for visit in done]
    past += _between(land, site, began, past)
    past += _before_service(land, site)
    return Timeline(_recent(land, past), _day(began, waiting), waiting.total, _long_ago(land, past))


def _course(land: Land, site: Site) -> Course:
    return Course(site.quality, site.story.totals, land.world.kinds)


def _began(land: Land, site: Site, known: list[Visit]) -> date:
    """The first day of implementation, counted back from what the story pins down."""
    story, today = site.story, land.today
    if story.last is not None and len(known) > 1:
        return today - timedelta(days=story.last) - days(known[-2].month)
    pinned = {
        SCHEDULED: today + timedelta(days=8 - today.weekday()),
        RATING: today - timedelta(days=1),
        ANSWERING: today - ANSWERED_VISIT,
        **dict.fromkeys((DRAFT, HANDED_OVER), today - timedelta(days=13)),
    }
    if story.live in pinned:
        return pinned[story.live] - days(known[-1].month)
    began = land.ago(site.age)
    if len(known) > 1 and today - (began + days(known[-2].month)) < SETTLED:
        began -= SETTLED
    return began


def _day(began: date, visit: Visit) -> date:
    return visit_day(began + days(visit.month))


def _past(began: date, visit: Visit) -> Past:
    starts = _day(began, visit)
    length = 0 if visit.kind == SELF else 1
    return Past(starts, starts + timedelta(days=length), visit.kind, visit.total, visit.month)


def _between(land: Land, site: Site, began: date, past: list[Past]) -> list[Past]:
    """Now and then a team looks at itself halfway to the next review; a young state's teams all do."""
    if land.world.adapted_scale:
        return []
    young = land.world.years < 2
    found = []
    for review in past:
        month = 2.5 if young else review.month + 3.2
        starts = visit_day(began + days(month))
        if (young or land.rng.random() < 0.15) and land.today - starts >= SETTLED:
            points = total(land.rng, max(month, 4), site.quality)
            found.append(Past(starts, starts, SELF, points, month))
    if young and not past and land.today - began > days(4):
        starts = visit_day(began + days(2.5))
        found.append(Past(starts, starts, SELF, total(land.rng, 4, site.quality), 2.5))
    return found


def _before_service(land: Land, site: Site) -> tuple[Past, ...]:
    """Where the rule asks a new team to look at itself before it serves anybody."""
    if not land.policy.preservice.required:
        return ()
    began = site.team.implementation_started_on or land.today - timedelta(days=30)
    starts = visit_day(began - timedelta(days=35))
    return (Past(starts, starts, SELF, total(land.rng, 0, site.quality - 0.5), -1.0),)


def _closed(land: Land, site: Site) -> Timeline:
    """A team that has ended keeps its reviews, a year apart."""
    team, ended = site.team, site.team.ended_on or land.today
    count = len(site.story.totals)
    past = []
    for place, points in enumerate(site.story.totals):
        starts = visit_day(ended - timedelta(days=60 + 300 * (count - 1 - place)))
        past.append(
            Past(starts, starts + timedelta(days=1), land.world.kinds[-1], points, 12.0 * (place + 1))
        )
    team.implementation_started_on = past[0].starts_on - days(12)
    return Timeline(_recent(land, past), None, 0)


def _recent(land: Land, past: list[Past]) -> tuple[Past, ...]:
    return _in_order(review for review in past if land.today - review.ends_on <= land.world.span)


def _long_ago(land: Land, past: list[Past]) -> tuple[Past, ...]:
    return _in_order(review for review in past if land.today - review.ends_on > land.world.span)


def _in_order(past: Iterable[Past]) -> tuple[Past, ...]:
    return tuple(sorted(past, key=lambda review: (review.starts_on, review.total)))
