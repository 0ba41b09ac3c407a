"""Sharing in full: the state records the signed agreement, each agency's leader answers it.

What an agency answers counts from the next publication on; who withdraws is hidden at once. Source: trust reference
2.4, T-peer-exact.
"""

from datetime import date

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, State, Team
from agencies.permissions import Actor, Place, Resource, Role, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from ips_portal.quarters import Quarter
from ips_portal.reports import storage
from outcomes import notices
from outcomes.actions.policies import quarters_ahead
from outcomes.models import AgreementAnswer, SharingAgreement

LARGEST_PAPER = 5 * 1024 * 1024
LOCK = 2_405  # of the advisory lock: one agreement of a state at a time
PDF_BEGINS, PDF_ENDS, TAIL = b"%PDF-", b"%%EOF", 2048


@transaction.atomic(savepoint=False)
def record(
    state: State, *, title: str, signed_on: date, starts_on: date, ends_on: date, paper: bytes, by: Actor
) -> SharingAgreement:
    """Asks every agency that takes part. Raises Unacceptable."""
    require(by, "edit", Resource.POLICY, Place(state.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [LOCK, state.pk])
    check_days(state, signed_on, starts_on, ends_on)
    check_paper(paper)
    made = SharingAgreement(
        state=state,
        title=title,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        from_quarter=max(quarters_ahead(state)[0], Quarter.of(starts_on)),  # type: ignore[misc]
        sha256=storage.digest(paper),
        size=len(paper),
        recorded_by_id=by.person_id,
    )
    try:
        storage.keep(made.path, paper)
    except storage.StorageTrouble as trouble:
        raise Unacceptable(f"{trouble} Nothing was recorded; try again later.", field="paper") from trouble
    made.save(force_insert=True)
    ask_missing(made)
    return made


def check_days(state: State, signed_on: date, starts_on: date, ends_on: date) -> None:
    today = state.today()
    if signed_on > today:
        raise Unacceptable("This day lies ahead. Record the agreement once it is signed.", field="signed_on")
    if ends_on <= max(starts_on, today):
        raise Unacceptable("The last day is after the first day, and after today.", field="ends_on")
    others = SharingAgreement.objects.in_state(state.pk).to_come(today)
    other = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise Unacceptable(
            f"“{other}” holds from {other.starts_on:%B %-d, %Y} until {other.ends_on:%B %-d, %Y}. "
            "Choose days before or after it, or end it first.",
            field="starts_on",
        )


def check_paper(paper: bytes) -> None:
    """By what is in it, never by its name. It is kept and handed out as it is, and never opened here."""
    check_size(len(paper))
    if not paper.startswith(PDF_BEGINS) or PDF_ENDS not in paper[-TAIL:]:
        raise Unacceptable("This is not a whole PDF file. Save the signed agreement as a PDF.", field="paper")


def check_size(size: int) -> None:
    """Asked before the bytes are read into memory, too."""
    if size > LARGEST_PAPER:
        raise Unacceptable(
            f"The file is {size / 1024 / 1024:.1f} MB; the limit is {LARGEST_PAPER // 1024 // 1024} MB.",
            field="paper",
        )


def ask_missing(agreement: SharingAgreement) -> None:
    """Agencies with an open team that have not been asked yet; each is asked once."""
    state, today = agreement.state, agreement.state.today()
    open_teams = Team.objects.in_state(state.pk).open_on(today)
    taking_part = Agency.objects.in_state(state.pk).open_on(today).filter(pk__in=open_teams.values("agency"))
    asked = AgreementAnswer.objects.filter(agreement=agreement)
    for agency in taking_part.exclude(pk__in=asked.values("agency")):
        given = AgreementAnswer.objects.create(state=state, agreement=agreement, agency=agency)
        notices.asked_to_share(agreement, given)


def ask_due(state: State, today: date) -> None:
    """Agencies that joined since the agreement came."""
    for agreement in SharingAgreement.objects.in_state(state.pk).to_come(today):
        ask_missing(agreement)


@transaction.atomic(savepoint=False)
def answer(given: AgreementAnswer, *, accepts: bool, agreement: int, seen: str, by: Actor) -> AgreementAnswer:
    """By the leader of the agency, who answers for it, to the agreement that was read and in place of the answer that
    was seen. The same click once more changes nothing."""
    require_leader(given, by)
    if given.agreement_id != agreement:
        raise WrongStatus(
            f"The agreement you read is no longer the one to answer: it is now “{given.agreement}”. "
            "Nothing was recorded. Read it, then answer."
        )
    if not SharingAgreement.objects.to_come(given.state.today()).filter(pk=given.agreement_id).exists():
        raise WrongStatus("This agreement has ended. Nothing was changed.")
    status = given.Status.ACCEPTED if accepts else given.Status.REFUSED
    changed = AgreementAnswer.objects.filter(~Q(status=status), pk=given.pk, status=seen).update(
        status=status, answered_by=by.person_id, answered_at=timezone.now()
    )
    given.refresh_from_db()
    if changed and seen == given.Status.ACCEPTED:
        notices.left_sharing(given, by=by)
    if not changed and given.status != status:
        raise WrongStatus(
            f"{given.answered_by} has answered since you opened this page: {str(given).lower()}. "
            "Nothing was recorded. Open the page again to change it."
        )
    return given


def require_leader(given: AgreementAnswer, by: Actor) -> None:
    require(by, "export", Resource.OUTCOME_LOCKED, given.place)
    if by.role is not Role.AGENCY_LEADER:
        raise NotPermitted("Only a leader of the agency answers for it.")


@transaction.atomic(savepoint=False)
def end(agreement: SharingAgreement, *, by: Actor) -> None:
    """Before its last day: from now on nothing is shown in full. Of one that never began there is nothing to tell."""
    require(by, "edit", Resource.POLICY, agreement.place)
    today = agreement.state.today()
    alive = SharingAgreement.objects.to_come(today).filter(pk=agreement.pk)
    if not alive.update(ended_at=timezone.now()):
        raise WrongStatus("This agreement has ended already. Nothing was changed.")
    agreement.refresh_from_db()
    if agreement.starts_on <= today:
        notices.sharing_ended(agreement, today, by=by)
