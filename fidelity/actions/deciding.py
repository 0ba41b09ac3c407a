"""The state, or the payer's approver it names, decides about one team: a record that is never changed.

Source: domain reference 2.2 (rows 4, 5, 9, 12) and 2.6; a payer decides about contracted teams only.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction

from agencies.models import Team
from agencies.permissions import Actor, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity.histories import standings
from fidelity.lifecycle import Position, Standing
from fidelity.models import NOTE_LIMIT, Decision

LATEST_RECORD = timedelta(days=366)  # a decision may be written down so long after it was made
FARTHEST = timedelta(days=5 * 366)

LASTS = (
    Decision.Kind.LONGER_INTERVAL,
    Decision.Kind.EARLIER_REVIEW,
    Decision.Kind.RESTRICTION,
    Decision.Kind.SAFETY,
)
NOT_NOW = {
    Decision.Kind.PLAN_APPROVED: "An action plan is approved on its own page.",
    Decision.Kind.LONGER_INTERVAL: "The rules of the state offer this team no longer interval now.",
    Decision.Kind.EARLIER_REVIEW: "Until the team may serve people, no review of it has a date.",
    Decision.Kind.RESTRICTION: "The team takes no new people now.",
    Decision.Kind.SAFETY: "New referrals are paused for health and safety already.",
    Decision.Kind.LIFTING: "New referrals are not paused.",
    Decision.Kind.CLOSURE: "Closing this team has been recommended already.",
}


def open_kinds(standing: Standing) -> tuple[str, ...]:
    """What can be decided about a team that stands so. About a closed one, nothing."""
    return tuple(_open_kinds(standing)) if standing.position is not Position.CLOSED else ()


def _open_kinds(standing: Standing) -> Iterator[str]:
    asked = {ask.key for ask in standing.asks}
    if "longer" in asked:
        yield Decision.Kind.LONGER_INTERVAL
    if standing.position is not Position.APPLICANT:
        yield Decision.Kind.EARLIER_REVIEW
    if standing.accepts_new:
        yield Decision.Kind.RESTRICTION
    if "safety" not in asked:
        yield Decision.Kind.SAFETY
    if standing.paused_since:
        yield Decision.Kind.LIFTING
    if "closure" not in asked:
        yield Decision.Kind.CLOSURE


@transaction.atomic(savepoint=False)
def decide(
    team: Team, *, kind: str, decided_on: date, until: date | None, reason: str, key: UUID, by: Actor
) -> Decision:
    """Once for each form that is sent. Raises NotPermitted, WrongStatus, Unacceptable."""
    require(by, "create", Resource.STANDING, team.place)
    one_at_a_time(team)
    again: Decision | None = Decision.objects.in_state(team.state_id).filter(team=team, form_key=key).first()
    if again:
        return again
    today = team.state.today()
    check_days(kind, decided_on, until, today)
    check_reason(reason)
    if kind not in open_kinds(standings([team], team.state)[team.pk]):
        raise WrongStatus(f"{NOT_NOW[Decision.Kind(kind)]} Nothing was recorded.")
    with because(reason):
        decision: Decision = Decision.objects.create(
            state_id=team.state_id,
            team=team,
            kind=kind,
            decided_on=decided_on,
            until=until if kind in LASTS else None,
            reason=reason.strip(),
            decided_by_id=by.person_id,
            form_key=key,
        )
    return decision


def one_at_a_time(team: Team) -> None:
    """Held to the end of the transaction. A payer may decide about a team, but not change, so not lock its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('decisions'), %s::int)", [team.pk])


def check_days(kind: str, decided_on: date, until: date | None, today: date) -> None:
    if kind not in Decision.Kind.values:
        raise Unacceptable("Choose what was decided.", field="kind")
    if not today - LATEST_RECORD <= decided_on <= today:
        raise Unacceptable(
            f"A decision was made between {today - LATEST_RECORD:%B %-d, %Y} and today, {today:%B %-d, %Y}.",
            field="decided_on",
        )
    if kind == Decision.Kind.EARLIER_REVIEW and until is None:
        raise Unacceptable("Say by which day the next review is to be held.", field="until")
    if until is not None and kind in LASTS and not today <= until <= today + FARTHEST:
        raise Unacceptable("Choose a day from today on, and within five years.", field="until")
    if until is not None and kind not in LASTS:
        raise Unacceptable("This decision has no last day. Leave the field empty.", field="until")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Unacceptable("Say why: the team and the history keep the reason.", field="reason")
    if len(reason) > NOTE_LIMIT:
        raise Unacceptable(
            f"The reason is longer than {NOTE_LIMIT:,} characters. Shorten it.", field="reason"
        )
