"""An issued report is corrected: whose turn it is, and that a new edition has taken the place of the one before."""

from django.utils import timezone

from agencies import tenancy
from agencies.models import Person, State
from agencies.permissions import Resource, may
from fidelity import reports
from fidelity.models import Correction, Edition, Review
from fidelity.models.corrections import CorrectionQuerySet
from fidelity.notices.telling import concerned, others, second_people, tell_of
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in
from ips_portal.reports.models import Download


def still_to_write(state: State, key: str, person: Person | None) -> bool:
    rows = told_of(state, key, key.rpartition(":")[2]).filter(writer=person)
    return rows.filter(handed_over_at=None).exists()


def still_to_issue(state: State, key: str, person: Person | None) -> bool:
    """Nobody has issued it or given it up meanwhile, nor changed it, which takes it back to its writer."""
    correction, version = key.split(":")[-2:]
    return told_of(state, key, correction).handed_over().filter(version=int(version)).exists()


def told_of(state: State, key: str, correction: str) -> CorrectionQuerySet:
    """The correction of the key, where it is open. A later one of the same report is told of under its own key."""
    rows: CorrectionQuerySet = Correction.objects.in_state(state.pk).open_at(timezone.now())
    return rows.filter(pk=int(correction), review__public_id=record_in(key))


TO_WRITE = Notice(
    key="correction-to-write",
    event="Your turn: the state has opened an issued report for you to correct",
    to_whom="The person the state names: a reviewer of it, or a trainer",
    subject="Your turn: correct the report about {team} by {until}",
    why="the state named you to write this correction",
    facts=frozenset({"team", "until", "by"}),
    pace=Pace.AT_ONCE,
    button="Open the correction",
    still=still_to_write,
)
TO_ISSUE = Notice(
    key="correction-to-issue",
    event="Your turn: a corrected report waits for a second person to issue it",
    to_whom="State admins, and trainers who neither reviewed nor wrote the correction",
    subject="Your turn: the corrected report about {team} waits to be issued",
    why="a correction is issued by somebody other than its writer, and you may issue it",
    facts=frozenset({"team", "by", "until"}),
    pace=Pace.AT_ONCE,
    button="Open the correction",
    still=still_to_issue,
)
# Whoever works with the earlier paper works with something that no longer holds, so this does not wait for a digest.
CORRECTED = Notice(
    key="report-corrected",
    event="A report you were told of, or downloaded, is corrected: a new edition is issued",
    to_whom="The leader and supervisor of the team, the reviewers, and who downloaded the report or the action plan, "
    "as far as they still reach it",
    subject="The report about {team} is corrected",
    why="you were told of this report before, or downloaded it or its action plan",
    facts=frozenset({"review", "team"}),
    pace=Pace.AT_ONCE,
    button="Read the new edition",
)
ALL = (TO_WRITE, TO_ISSUE, CORRECTED)


def to_write_correction(correction: Correction) -> int:
    facts = {
        "team": correction.review.team.name,
        "until": last_day(correction),
        "by": str(correction.opened_by),
    }
    mark = str(correction.pk)
    return tell_of(TO_WRITE, correction.review, mark, [correction.writer], facts, page="correction/")


def to_issue_correction(correction: Correction) -> int:
    """When its writer hands it over; again only after it was changed meanwhile."""
    to = others(correction.writer_id, second_people(correction.review))
    facts = {
        "team": correction.review.team.name,
        "by": str(correction.writer),
        "until": last_day(correction),
    }
    mark = f"{correction.pk}:{correction.version}"
    return tell_of(TO_ISSUE, correction.review, mark, to, facts, page="correction/")


def corrected(edition: Edition) -> int:
    """Source: trust reference 2.2 rule 6, everyone who exported it is told."""
    review = edition.review
    facts = {
        "review": review.state.terms["review"],
        "team": review.team.name,
    }
    people = {person.pk: person for person in [*concerned(review), *those_who_took(review)]}
    to = [person for person in people.values() if reads(person, review)]
    return tell_of(CORRECTED, review, str(edition.number), to, facts, page="report/read/")


def reads(person: Person, review: Review) -> bool:
    """Whether the report still opens for them: a reviewer's way into the team ends, and people change posts."""
    with tenancy.as_system(review.state_id):
        seats = tenancy.actors_of(person.pk, review.state_id)
        return any(
            may(actor, "view", Resource.FINAL_REPORT, review.place)
            and Review.objects.visible_to(actor).filter(pk=review.pk).exists()
            for actor in seats
        )


def those_who_took(review: Review) -> list[Person]:
    """Whoever downloaded the issued report, in whichever edition, or the action plan, which names its total."""
    with tenancy.as_system(review.state_id):
        taken = Download.objects.in_state(review.state_id)
        issued = taken.filter(report__kind=reports.REPORT, report__subject_id=review.pk)
        editions = review.editions.values("pk")
        earlier = taken.filter(report__kind=reports.SUPERSEDED, report__subject_id__in=editions)
        plans = taken.filter(report__kind=reports.PLAN, report__subject_id__in=review.plans.values("pk"))
        people = Person.objects.filter(pk__in=(issued | earlier | plans).values("person"))
        return list(people.order_by("pk"))


def last_day(correction: Correction) -> str:
    day = correction.last_day
    return f"{day:%B} {day.day}, {day.year}"
