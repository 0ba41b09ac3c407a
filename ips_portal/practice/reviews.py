"""Three years of practice reviews: who reviewed, what they rated and wrote, who issued it, and what follows next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from agencies.models import Assignment, Membership
from agencies.permissions import Role
from fidelity import scoring
from fidelity.models import ItemReport, Rating, Review, Reviewer, ReviewText
from fidelity.ratings import Agreed
from ips_portal.practice import consensus, sheets, writing
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land, Site
from ips_portal.practice.rhythm import booked, office_day, visit_day
from ips_portal.practice.timelines import Past, Timeline
from ips_portal.practice.worlds import EXTERNAL, SELF

REVIEWERS_STAY = timedelta(days=30)


@dataclass
class Issued:
    """An issued review and what its edition and plan are made of."""

    review: Review
    site: Site
    rated: dict[str, int]
    reviewers: list[Reviewer]
    agreed: dict[str, Agreed]
    text: ReviewText
    items: list[ItemReport]
    lead: Membership
    issuer: Membership


@dataclass
class Sheets:
    """A team's lasting strengths and weaknesses, and its last ratings of each kind of review."""

    leaning: dict[str, float]
    last: dict[bool, dict[str, int]] = field(default_factory=dict)


def history(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> list[Issued]:
    done = []
    for order, past in enumerate(timeline.past):
        lead, others = reviewers(land, crew, site, past.kind, order)
        after = next((later.starts_on for later in timeline.past[order + 1 :]), timeline.next_on)
        done.append(_issued(land, crew, site, sheet, past, (lead, others), after))
    return done


def reviewers(
    land: Land, crew: Crew, site: Site, kind: str, turn: int
) -> tuple[Membership, list[Membership]]:
    """The supervisor for a self-review; else a trainer, with a second person from outside the agency."""
    supervisor = crew.supervisors[site.team.slug]
    trainers = crew.by_role[Role.STATE_TRAINER]
    place = land.sites.index(site) + turn
    lead = trainers[place % len(trainers)]
    if kind == SELF:
        return supervisor, []
    if kind != EXTERNAL:
        return supervisor, [lead]
    seconds = [*trainers, crew.first(Role.REVIEWER), crew.first(Role.MH_LIAISON)]
    others = [member for member in seconds if member is not lead]
    return lead, [others[place % len(others)]]


def issuer(land: Land, crew: Crew, lead: Membership, on: date) -> Membership:
    """Somebody else than who led; under the written exception of a one-trainer state, the lead."""
    if land.world.lead_may_issue and lead.role == Role.STATE_TRAINER and on >= land.ago(5).replace(day=1):
        return lead
    able = [*crew.by_role[Role.STATE_TRAINER], crew.first(Role.STATE_ADMIN)]
    others = [member for member in able if member is not lead]
    return others[on.toordinal() % len(others)]


def _issued(
    land: Land,
    crew: Crew,
    site: Site,
    sheet: Sheets,
    past: Past,
    team: tuple[Membership, list[Membership]],
    after: date | None,
) -> Issued:
    rng = land.rng
    is_self = past.kind != EXTERNAL
    finished = office_day(past.ends_on + timedelta(days=rng.randint(1, 3)))
    lag = rng.randint(6, 12) if is_self else rng.randint(14, 30)
    issued = max(office_day(past.ends_on + timedelta(days=lag)), finished)
    lead, others = team
    review = book(land, site, past.kind, past.starts_on, past.ends_on, lead)
    band = scoring.band(land.scale, past.total)
    review.status, review.issued_on = Review.Status.ISSUED, issued
    review.total, review.band = past.total, band.key if band else ""
    review.finished_at, review.finished_by = land.at(finished, 16, 20), lead.person
    rated = sheets.ratings(rng, past.total, sheet.leaning)
    reviewers = seat(land, review, lead, others, until=issued + REVIEWERS_STAY)
    agreed = rate_apart(land, review, reviewers, rated)
    due = issued + timedelta(days=land.policy.action_plan.due_days)
    text, items = write(land, site, review, agreed, sheet, is_self=is_self)
    text.next_steps = writing.next_steps(land, rng, due, after)
    text.handed_over_at, text.handed_over_by = land.at(issued, 15), lead.person
    sheet.last[is_self] = rated
    by = issuer(land, crew, lead, issued)
    return Issued(review, site, rated, reviewers, agreed, text, items, lead, by)


def book(land: Land, site: Site, kind: str, starts_on: date, ends_on: date, by: Membership) -> Review:
    return land.rows.add(
        Review(
            state=land.state,
            public_id=land.uuid(),
            team=site.team,
            scale=land.version,
            kind=kind,
            mode=Review.Mode.VIRTUAL if land.rng.random() < 0.15 else Review.Mode.ONSITE,
            starts_on=starts_on,
            ends_on=ends_on,
            scheduled_by=by.person,
        )
    )


def seat(
    land: Land, review: Review, lead: Membership, others: list[Membership], *, until: date | None
) -> list[Reviewer]:
    """Reviewers, and what opens the team to them meanwhile."""
    found = []
    for membership in [lead, *others]:
        is_lead = membership is lead
        found.append(
            land.rows.add(
                Reviewer(
                    state=land.state,
                    review=review,
                    team=review.team,
                    person=membership.person,
                    membership=membership,
                    is_lead=is_lead,
                    started_at=land.at(review.starts_on, 13) if review.finished_at else None,
                    finished_at=review.finished_at,
                )
            )
        )
        starts = max(booked(review.starts_on, land.today), membership.started_on)
        land.rows.add(
            Assignment(
                state=land.state,
                membership=membership,
                person=membership.person,
                team=review.team,
                purpose=Assignment.Purpose.REVIEWER,
                starts_on=starts,
                ends_on=until,
            )
        )
    return found


def rate_apart(
    land: Land, review: Review, reviewers: Sequence[Reviewer], rated: dict[str, int]
) -> dict[str, Agreed]:
    """Every reviewer's sheet, and what they agreed on: `rated`."""
    apart = consensus.apart(land, rated) if len(reviewers) > 1 else [rated]
    filled = [
        fill(land, reviewer, given, len(given)) for reviewer, given in zip(reviewers, apart, strict=True)
    ]
    if len(reviewers) > 1:
        consensus.settle(land, review, filled, rated)
    return consensus.agreed_of(filled, rated)


def fill(land: Land, reviewer: Reviewer, rated: dict[str, int], count: int) -> list[Rating]:
    """The first `count` items of a sheet, each with a note and where the reviewer looked."""
    rng, words, review = land.rng, land.state.terms, reviewer.review
    rows = []
    for place, code in enumerate(islice(rated, count)):
        item = land.scale.item(code)
        day = review.starts_on + timedelta(days=place // 13 if review.ends_on > review.starts_on else 0)
        rows.append(
            land.rows.add(
                Rating(
                    state=land.state,
                    reviewer=reviewer,
                    item_code=code,
                    score=rated[code],
                    note=sheets.found(rng, item, rated[code], words),
                    sources=sheets.sources(rng, item),
                    is_flagged=count < len(rated) and place == count - 2,
                    version=rng.randint(1, 3),
                    saved_at=land.at(day, 13 + place % 4, (place * 7) % 60),
                )
            )
        )
    return rows


def write(
    land: Land, site: Site, review: Review, agreed: dict[str, Agreed], sheet: Sheets, *, is_self: bool
) -> tuple[ReviewText, list[ItemReport]]:
    """The report around the ratings, edited by a person."""
    rng, rated = land.rng, {code: each.score or 0 for code, each in agreed.items()}
    text = land.rows.add(
        ReviewText(
            state=land.state,
            review=review,
            team=site.team,
            method=writing.method(land, rng, site, is_self=is_self),
            overview=writing.overview(land, rng, site),
            strengths=writing.strengths(land, rng, site, rated, sheet.last.get(is_self), is_self=is_self),
            version=rng.randint(2, 5),
        )
    )
    first = sheets.weakest(land.scale, rated, 3)
    items = []
    for item in land.scale.items:
        rating = rated[item.code]
        advised = rating <= 3 or item.code in first or (rating == 4 and rng.random() < 0.4)
        row = ItemReport(
            state=land.state,
            review=review,
            team=site.team,
            item_code=item.code,
            found=agreed[item.code].note,
            recommendation=sheets.advice(rng, item, rating, land.state.terms) if advised else "",
            is_priority=item.code in first,
        )
        items.append(land.rows.add(row))
    return text, items


def upcoming(land: Land, crew: Crew, site: Site, timeline: Timeline) -> None:
    """Most reviews that are due soon or overdue have a date; some have none yet."""
    next_on, today = timeline.next_on, land.today
    if next_on is None or next_on > today + timedelta(days=50) or _may_wait(land, timeline):
        return
    if next_on < today + timedelta(days=7):
        if land.rng.random() < 0.3:
            return
        next_on = visit_day(today + timedelta(days=land.rng.randint(16, 40)))
    kind = EXTERNAL if land.world.kinds[0] == EXTERNAL else SELF
    lead, others = reviewers(land, crew, site, kind, len(timeline.past))
    ends_on = next_on + timedelta(days=1 if kind == EXTERNAL else 0)
    review = book(land, site, kind, next_on, ends_on, lead)
    seat(land, review, lead, others, until=None)


def _may_wait(land: Land, timeline: Timeline) -> bool:
    """An exemplary team whose state may grant it a longer interval."""
    rule, last = land.policy.exemplary_extension, timeline.past[-1:] if timeline.past else ()
    return rule.allowed and any(past.total >= land.policy.thresholds.exemplary for past in last)
