"""What is going on in a practice state right now: a review ahead, others rated, compared and to be issued."""

from collections.abc import Callable
from datetime import date, timedelta

from agencies.models import Membership
from agencies.permissions import Role
from fidelity import drafting, snapshots
from fidelity.answering import end_of
from fidelity.models import (
    AnswerWindow,
    DraftComment,
    ItemReport,
    Moderation,
    Review,
    Reviewer,
    ReviewText,
)
from ips_portal.practice import consensus, sheets, visits
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land, Site
from ips_portal.practice.reviews import Sheets, book, fill, rate_apart, seat, upcoming, write
from ips_portal.practice.rhythm import ANSWERED_VISIT, MODERATED_VISIT, in_the_week, office_day
from ips_portal.practice.rows import Rows
from ips_portal.practice.timelines import Timeline
from ips_portal.practice.worlds import (
    ANSWERING,
    CONSENSUS,
    DRAFT,
    EXTERNAL,
    HANDED_OVER,
    MODERATION,
    RATING,
    SCHEDULED,
    SELF,
    SELF_RATING,
)

RATED_SO_FAR = 7
RATED_BY_ITSELF = 12
STILL_DRAFTED = 3  # recommendations nobody has edited yet


def now(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    moments: dict[str, Callable[..., None]] = {
        SCHEDULED: _scheduled,
        RATING: _rating,
        CONSENSUS: _consensus,
        DRAFT: _draft,
        HANDED_OVER: _handed_over,
        ANSWERING: _answering,
        MODERATION: _moderation,
        SELF_RATING: _self_rating,
    }
    if site.story.live in moments:
        moments[site.story.live](land, crew, site, timeline, sheet)
    elif not site.story.closed:
        upcoming(land, crew, site, timeline)


def _scheduled(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """Next week, by the state's first trainer with the leader of another agency."""
    starts = land.today + timedelta(days=8 - land.today.weekday())
    review = book(land, site, EXTERNAL, starts, starts + timedelta(days=1), crew.first(Role.STATE_ADMIN))
    colleague = next(member for member in crew.by_role[Role.REVIEWER] if _leads_elsewhere(crew, member))
    lead = crew.first(Role.STATE_TRAINER)
    seat(land, review, lead, [colleague], until=None)
    visits.prepare(land, review, lead.person, received=4)


def _leads_elsewhere(crew: Crew, member: Membership) -> bool:
    return any(leader.person is member.person for leader in crew.leaders.values())


def _rating(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """The first trainer has rated seven items; the reviewer from elsewhere has not begun."""
    starts = in_the_week(land.today - timedelta(days=1))
    lead = crew.first(Role.STATE_TRAINER)
    review = book(land, site, EXTERNAL, starts, starts + timedelta(days=1), lead)
    seat(land, review, lead, [crew.first(Role.REVIEWER)], until=None)
    visits.count(land, review, lead.person)
    _begin(land, site, review, timeline.next_total, sheet, RATED_SO_FAR)


def _consensus(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """Both have finished: they compare now."""
    starts = in_the_week(land.today - timedelta(days=5))
    lead = crew.first(Role.STATE_TRAINER)
    review = book(land, site, EXTERNAL, starts, starts + timedelta(days=1), lead)
    review.status = Review.Status.CONSENSUS
    both = seat(land, review, lead, [crew.by_role[Role.REVIEWER][-1]], until=None)
    rated = sheets.ratings(land.rng, timeline.next_total, sheet.leaning)
    for row, given in zip(both, consensus.apart(land, rated), strict=True):
        row.started_at, row.finished_at = land.at(starts, 13), land.at(review.ends_on, 16, 30)
        fill(land, row, given, len(given))


def _self_rating(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    starts = self_review_begins(land.today)
    supervisor = crew.supervisors[site.team.slug]
    review = book(land, site, SELF, starts, max(land.today, starts), supervisor)
    seat(land, review, supervisor, [], until=None)
    _begin(land, site, review, timeline.next_total, sheet, RATED_BY_ITSELF)


def self_review_begins(today: date) -> date:
    return in_the_week(today - timedelta(days=4))


def _begin(land: Land, site: Site, review: Review, total: int, sheet: Sheets, count: int) -> None:
    rated = sheets.ratings(land.rng, total, sheet.leaning)
    review.status = Review.Status.RATING
    lead = next(row for row in reversed(land.rows.of(Reviewer)) if row.review is review and row.is_lead)
    lead.started_at = land.at(review.starts_on, 13)
    fill(land, lead, rated, count)


def _draft(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """Rated by one trainer, who is writing: three recommendations are still as drafted."""
    rated, _ = _written(land, crew, site, timeline, sheet)
    rows = {row.item_code: row for row in land.rows.of(ItemReport)[-len(rated) :]}
    for code in sheets.weakest(land.scale, rated, STILL_DRAFTED):
        row = rows[code]
        row.recommendation = drafting.recommendation(land.scale.item(code), rated[code])
        row.is_drafted = bool(row.recommendation)


def _handed_over(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """Written, and waiting for a second person since the last office day."""
    _, text = _written(land, crew, site, timeline, sheet)
    text.handed_over_at = land.at(office_day(land.today - timedelta(days=1)), 15)
    text.handed_over_by = text.review.finished_by


def _answering(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """With the agency since the last office day; its supervisor has said what is wrong at the weakest item."""
    rated, text = _written(land, crew, site, timeline, sheet, ago=ANSWERED_VISIT)
    review, handed_over = text.review, office_day(land.today - timedelta(days=1))
    text.handed_over_at, text.handed_over_by = land.at(handed_over, 15), review.finished_by
    land.rows.add(
        AnswerWindow(
            state=land.state,
            review=review,
            team=site.team,
            snapshot={},  # once the rows of the draft are stored
            opened_at=text.handed_over_at,
            ends_at=end_of(handed_over + timedelta(days=land.world.answer_days), land.world.zone),
        )
    )
    land.rows.add(
        DraftComment(
            state=land.state,
            review=review,
            team=site.team,
            item_code=sheets.weakest(land.scale, rated, 1)[0],
            wrong="Two of the records that were read are from before the change we made in the spring. Newer ones "
            "show more.",
            seen="The log of the last three months; our office can show it.",
            said_by=crew.supervisors[site.team.slug].person,
            said_at=land.at(handed_over, 17),
        )
    )


def _moderation(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """Read by a second person of the state and returned; changed, and since the last office day it waits again."""
    with land.aside("moderation"):
        rated, text = _written(land, crew, site, timeline, sheet, ago=MODERATED_VISIT)
    review, lead = text.review, text.review.finished_by
    text.version = 4
    again = office_day(land.today - timedelta(days=1))
    first, returned = office_day(again - timedelta(days=8)), office_day(again - timedelta(days=5))
    low, *_ = sheets.weakest(land.scale, rated, 1)
    asked = {"state": land.state, "review": review, "team": site.team, "asked_by": lead}
    land.rows.add(
        Moderation(
            **asked,
            version=3,
            asked_at=land.at(first, 16),
            outcome=Moderation.Outcome.RETURNED,
            note="Clear, and the ratings rest on what was seen. One recommendation is too general to act on.",
            remarks={low: "Say who does what by when; “improve” alone helps nobody."},
            done_by=crew.by_role[Role.STATE_TRAINER][-1].person,
            done_at=land.at(returned, 11, 20),
        )
    )
    land.rows.add(
        Moderation(
            **asked,
            version=text.version,
            asked_at=land.at(again, 15, 10),
            answer="The recommendation now says who begins, and by when.",
        )
    )


def hand_over(rows: Rows) -> None:
    """What agencies read is the draft as it is stored."""
    windows = rows.of(AnswerWindow)
    for window in windows:
        window.snapshot = snapshots.draft(window.review)
    AnswerWindow.objects.bulk_update(windows, ["snapshot"])


def _written(
    land: Land,
    crew: Crew,
    site: Site,
    timeline: Timeline,
    sheet: Sheets,
    ago: timedelta = timedelta(days=13),
) -> tuple[dict[str, int], ReviewText]:
    starts = in_the_week(land.today - ago)
    trainers = crew.by_role[Role.STATE_TRAINER]
    lead = trainers[1 % len(trainers)]
    review = book(land, site, EXTERNAL, starts, starts + timedelta(days=1), lead)
    finished = office_day(min(review.ends_on + timedelta(days=2), land.today - timedelta(days=2)))
    review.status = Review.Status.DRAFT_REPORT
    review.finished_at, review.finished_by = land.at(finished, 16, 5), lead.person
    reviewers = seat(land, review, lead, [crew.by_role[Role.REVIEWER][-1]], until=None)
    rated = sheets.ratings(land.rng, timeline.next_total, sheet.leaning)
    text, _ = write(land, site, review, rate_apart(land, review, reviewers, rated), sheet, is_self=False)
    return rated, text
