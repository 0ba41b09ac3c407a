"""Who may review a team, and who may not because of the agency they belong to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Q

from agencies import tenancy
from agencies.models import Membership, Team
from agencies.models.people import MembershipQuerySet
from agencies.permissions import Actor, Resource, Role, may, roles_that_may
from agencies.refusals import NotPermitted
from fidelity.in_force import policy_on
from fidelity.models import Correction, Review
from fidelity.models.reviews import HOME_ROLES

COOLING_MONTHS = 24  # trust reference 2.2 rule 5


@dataclass(frozen=True)
class Conflict:
    """Why a person may not review a team yet."""

    person_id: int
    agency: str
    until: date | None  # None while the membership lasts

    def text(self, name: str) -> str:
        if self.until is None:
            return f"{name} is a member of {self.agency}, so cannot review it."
        return f"{name} was a member of {self.agency} until {self.until:%B %-d, %Y}, less than 24 months ago."


def months_before(day: date, months: int) -> date:
    """Calendar months back, clamped to the end of the month (domain reference 2.6)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def counting(state_id: int, today: date) -> MembershipQuerySet:
    """Memberships now or within 24 months, but as a reviewer."""
    rows: MembershipQuerySet = (
        Membership.objects.in_state(state_id)
        .filter(Q(ended_on=None) | Q(ended_on__gt=months_before(today, COOLING_MONTHS)))
        .exclude(role=Role.REVIEWER)
    )
    return rows


def conflicting(state_id: int, agency_ids: Iterable[int], today: date) -> MembershipQuerySet:
    """Those in the agencies."""
    rows: MembershipQuerySet = counting(state_id, today).filter(agency_id__in=agency_ids)
    return rows


def barred_from(state_id: int, person_id: int, today: date) -> frozenset[int]:
    """Agencies whose teams this person does not review, for many reviews at once: one's own memberships one sees."""
    rows = counting(state_id, today).filter(person_id=person_id, agency__isnull=False)
    return frozenset(rows.values_list("agency_id", flat=True))


def conflicts(team: Team, people: Iterable[int], today: date) -> dict[int, Conflict]:
    """Conflicts of interest by person.

    Asked of all memberships, also by those who see only a few of them (agencies, payers).
    """
    rows = (
        conflicting(team.state_id, team.agency_ids, today)
        .filter(person_id__in=list(people))
        .select_related("agency")
        .order_by("person_id", "ended_on")
    )
    found: dict[int, Conflict] = {}
    with tenancy.as_system(team.state_id):
        for row in rows:  # nulls sort last, so a membership that lasts wins
            until = row.ended_on if row.ended_on and row.ended_on <= today else None
            found[row.person_id] = Conflict(row.person_id, str(row.agency), until)
    return found


def own_conflict(review: Review, person_id: int) -> Exists:
    """Whether a reviewer is barred, as part of their own query: one's memberships one sees in every context."""
    if review.kind != Review.Kind.EXTERNAL:
        return Exists(Membership.objects.none())
    rows = conflicting(review.state_id, review.agency_ids, review.state.today())
    return Exists(rows.filter(person_id=person_id))


def candidates(team: Team, kind: str, today: date) -> list[Membership]:
    """Open memberships that may review the team: trained outsiders, or the team's own people for self-reviews.

    Source: domain reference 1.4 (facilitators, independence). Conflicts are left in: the page says why not. Whoever
    names reviewers chooses among all of them, also of those whose memberships they do not see (agencies, payers).
    """
    rating_roles = set(roles_that_may("edit", Resource.RATINGS))
    leads = Q(role=Role.AGENCY_LEADER, agency_id__in=team.agency_ids)
    home = leads | Q(role=Role.SUPERVISOR, teams__team=team)
    outside = Q(role__in=rating_roles - set(HOME_ROLES))
    wanted = {Review.Kind.SELF: home, Review.Kind.GUIDED_SELF: home | outside}.get(Review.Kind(kind), outside)
    rows = (
        Membership.objects.in_state(team.state_id)
        .open_on(today)
        .filter(wanted)
        .select_related("person", "agency")
    )
    with tenancy.as_system(team.state_id):
        return list(rows.order_by("person__name", "role"))


def correctors(review: Review, today: date) -> list[Membership]:
    """Who may write a correction of an issued report: its reviewers who still are what they were, the lead first, and
    trainers of the state whom nothing bars.

    Source: trust reference 2.2 rules 5 and 7; a reviewer's way into the team may have ended, so the state names one.
    """
    order = {row.person_id: 0 if row.is_lead else 1 for row in review.reviewers.all()}
    able = [
        each
        for each in candidates(review.team, review.kind, today)
        if each.person_id in order or each.role == Role.STATE_TRAINER
    ]
    people = [each.person_id for each in able]
    barred = conflicts(review.team, people, today) if review.kind == Review.Kind.EXTERNAL else {}
    return sorted(
        (each for each in able if each.person_id not in barred), key=lambda each: order.get(each.person_id, 2)
    )


def can_be_corrected(review: Review) -> bool:
    """Whether there is a report, and somebody who may write it anew: of a self-review, one of those who did it."""
    if review.status != Review.Status.ISSUED or review.is_imported:
        return False
    return review.kind != Review.Kind.SELF or bool(correctors(review, review.state.today()))


def who_corrects(review: Review) -> str:
    of_state = "" if review.kind == Review.Kind.SELF else ", or a trainer of the state"
    return f"one of its reviewers{of_state}"


def may_name_reviewers(review: Review, actor: Actor) -> bool:
    """Whoever may edit the review; a payer only of external reviews, where the policy names an approver, and only
    until there is a report in draft, which its reviewers read.

    Source: trust reference 2.1. How an agency looks at itself is never a payer's to staff.
    """
    if not may(actor, "edit", Resource.REVIEW, review.place):
        return False
    if actor.role is not Role.PAYER:
        return True
    approver = policy_on(review.state_id, review.starts_on).action_plan.approver
    return review.is_open and review.kind == Review.Kind.EXTERNAL and bool(approver)


def check_independent(review: Review, person_id: int) -> None:
    """A reviewer who joined the agency after the visit was booked does not go on. Source: as for `conflicts`."""
    if review.kind != Review.Kind.EXTERNAL:
        return
    if found := conflicts(review.team, [person_id], review.state.today()).get(person_id):
        raise NotPermitted(
            f"You belong to {found.agency}, or did less than 24 months ago, so you do not review its teams. The "
            "state's people can name another reviewer. Nothing was changed, and what was rated before is kept."
        )


def led_by(review: Review, person_id: int) -> bool:
    led = any(row.is_lead and row.person_id == person_id for row in review.reviewers.all())
    return led or review.finished_by_id == person_id


def is_second_person(review: Review, person_id: int) -> bool:
    """Whoever led a review never issues it, unless the state wrote down a dated exception.

    Source: trust reference 2.2 rule 4.
    """
    if not led_by(review, person_id):
        return True
    today = review.state.today()
    return policy_on(review.state_id, today).same_person_may_issue_on(today)


def of_state(review: Review, *, but: Collection[int]) -> set[int]:
    """Who approves reports for the state and does not belong to the agency, but for these people."""
    today = review.state.today()
    with tenancy.as_system(review.state_id):
        rows = Membership.objects.in_state(review.state_id).open_on(today)
        able = rows.filter(role__in=roles_that_may("approve", Resource.FINAL_REPORT)).exclude(person__in=but)
        found = set(able.values_list("person_id", flat=True))
    barred = conflicts(review.team, found, today) if review.kind == Review.Kind.EXTERNAL else {}
    return found - barred.keys()


def may_issue_correction(correction: Correction, person_id: int) -> bool:
    """Whoever wrote a correction never issues it; the same dated exception as for the review itself."""
    if correction.writer_id != person_id:
        return True
    today = correction.state.today()
    return policy_on(correction.state_id, today).same_person_may_issue_on(today)


def issues_correction(correction: Correction, person_id: int) -> bool:
    """Whether nothing bars this person from issuing it: what the action asks, for buttons and to-dos."""
    review = correction.review
    if not is_second_person(review, person_id) or not may_issue_correction(correction, person_id):
        return False
    if review.kind != Review.Kind.EXTERNAL:
        return True
    return not conflicts(review.team, [person_id], review.state.today())
