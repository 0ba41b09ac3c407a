"""A draft is read by a second person of the state: its reviewers ask, and that person agrees or returns it.

Only where the state's policy asks for it, and never by who reviewed, belongs to the agency, or issues the report.
Source: domain reference 2, moderation before a report is issued; trust reference 2.2 rules 4 and 5.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import notices
from fidelity.actions import answering
from fidelity.actions.reporting import check_complete, check_in_draft, check_length
from fidelity.actions.scheduling import lock
from fidelity.in_force import scale_of
from fidelity.models import Moderation, Review
from fidelity.moderation import NOBODY_READS, Moderated, Stage, check_took_no_part, moderated, readers
from fidelity.reviewers import check_independent
from fidelity.scales import UnknownItem

Outcome = Moderation.Outcome


@transaction.atomic(savepoint=False)
def ask(review: Review, *, answer: str = "", by: Actor) -> int:
    """The reviewers are done and want the draft read; returns how many people are told.

    After a return, `answer` says what was changed, or why not. Asking once more while it waits tells nobody.
    """
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    if not review.reviewers.filter(person_id=by.person_id).exists():
        raise NotPermitted("The reviewers of this review ask for its draft to be read. Nothing was changed.")
    check_independent(review, by.person_id)
    lock(review)
    found = asked_for(review)
    if found.is_agreed and found.last:
        raise WrongStatus(f"{found.last.done_by} has agreed to this draft. Hand it over now.")
    if not readers(review):
        raise WrongStatus(f"{NOBODY_READS} Nothing was changed.")
    if found.stage == Stage.WAITING:
        return 0
    check_complete(review)
    check_length(answer, "answer")
    if found.stage == Stage.RETURNED and not answer.strip():
        raise Unacceptable(
            "Say in a sentence what was changed, or why it was not. Nobody was asked yet.", field="answer"
        )
    row = Moderation.objects.create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        version=review.text.version,
        asked_by_id=by.person_id,
        asked_at=timezone.now(),
        answer=answer.strip(),
    )
    review.texts.update(writers=review.text.written_by(by.person_id))
    return notices.to_moderate(row)


def agree(review: Review, *, version: int, note: str = "", by: Actor) -> Moderation:
    """The draft may go out as it was read. Changed texts, ratings or reviewers withdraw that."""
    return decide(review, Outcome.AGREED, version=version, note=note, remarks={}, by=by)


def send_back(
    review: Review, *, version: int, reason: str, remarks: Mapping[str, str] | None = None, by: Actor
) -> Moderation:
    """Back to its reviewers, with a reason and remarks by item code. Refusals name their fields `<item>-remark`."""
    return decide(review, Outcome.RETURNED, version=version, note=reason, remarks=remarks or {}, by=by)


@transaction.atomic(savepoint=False)
def decide(
    review: Review, outcome: Outcome, *, version: int, note: str, remarks: Mapping[str, str], by: Actor
) -> Moderation:
    """Of two who decide at once the first one does. A repeated decision is answered like the first."""
    require(by, "approve", Resource.FINAL_REPORT, review.place)
    lock(review)
    found = asked_for(review)
    check_took_no_part(review, by)
    check_independent(review, by.person_id)
    said = {code: text.strip() for code, text in remarks.items() if text.strip()}
    check_words(review, outcome, note, said)
    row = found.last
    if row and is_decided_so(row, outcome, note, said, by):
        return row
    row = waiting(found, version)
    row.outcome, row.note, row.remarks = outcome, note.strip(), said
    row.done_by_id, row.done_at = by.person_id, timezone.now()
    row.save(update_fields=["outcome", "note", "remarks", "done_by", "done_at"])
    row.stage = outcome
    if outcome is Outcome.RETURNED:
        notices.sent_back(row)
    else:
        notices.agreed_to(row)
        answering.read_again(review)
    return row


def asked_for(review: Review) -> Moderated:
    check_in_draft(review)
    found = moderated(review)
    if found is None:
        raise WrongStatus(
            "By the rules of this state, a draft of this kind is not read by a second person. Nothing was changed."
        )
    return found


def waiting(found: Moderated, version: int) -> Moderation:
    """What is to be decided: nobody decides about words they have not seen, nor about what is decided."""
    last = found.last
    if last and found.stage in (Stage.AGREED, Stage.RETURNED) and last.version == version:
        did = "agreed to it" if found.is_agreed else "returned it"
        raise StaleVersion(
            f"{last.done_by} has read this draft in the meantime and {did}. Nothing was changed.",
            current=as_json(last),
        )
    if last is None or found.stage != Stage.WAITING:
        raise WrongStatus("The reviewers have not asked for this draft to be read. Nothing was changed.")
    if last.version != version:
        raise StaleVersion(
            "The draft was changed after you opened this page. Read it once more, then decide.",
            current={"version": last.version},
        )
    return last


def check_words(review: Review, outcome: Outcome, note: str, remarks: Mapping[str, str]) -> None:
    check_length(note, "note")
    for code, text in remarks.items():
        try:
            scale_of(review).item(code)
        except UnknownItem as error:
            raise Unacceptable(str(error), field=f"{code}-remark") from None
        check_length(text, f"{code}-remark")
    if outcome is Outcome.RETURNED and not note.strip():
        raise Unacceptable(
            "Say why the draft is returned; the reviewers read it beside your remarks. Nothing was changed.",
            field="note",
        )


def is_decided_so(
    row: Moderation, outcome: Outcome, note: str, remarks: Mapping[str, str], by: Actor
) -> bool:
    kept = (row.outcome, row.note, row.remarks, row.done_by_id)
    return kept == (outcome, note.strip(), remarks, by.person_id) and row.stage == outcome


def as_json(row: Moderation) -> dict[str, object]:
    return {"stage": row.stage, "version": row.version, "done_by": str(row.done_by), "done_at": row.done_at}
