"""The stages of a review, from the day it is scheduled to its action plan: which are done, and what is said of each."""

from dataclasses import dataclass
from datetime import datetime

from fidelity.dashboards.listing import PlanProgress
from fidelity.dashboards.moderating import ModerationLine
from fidelity.models import ActionPlan, Moderation, Review
from fidelity.paper.wording import day

STAGES = (
    ("Scheduled", Review.Status.SCHEDULED),
    ("Rating", Review.Status.RATING),
    ("Consensus", Review.Status.CONSENSUS),
    ("Report", Review.Status.DRAFT_REPORT),
    ("Issued", Review.Status.ISSUED),
)


@dataclass(frozen=True)
class Step:
    """One stage; `state` is done, now or later."""

    label: str
    state: str
    note: str


def steps(
    review: Review,
    plan: PlanProgress | None,
    handed_over: datetime | None,
    moderation: ModerationLine | None = None,
) -> tuple[Step, ...]:
    stages = [stage for stage in STAGES if stage[1] != Review.Status.CONSENSUS or is_compared(review)]
    order = [status for _, status in stages]
    here = order.index(Review.Status(review.status)) if review.status in order else -1
    issued, said = review.status == Review.Status.ISSUED, notes(review, handed_over)
    found = [
        Step(label, "done" if place < here or issued else "now" if place == here else "later", said[status])
        for place, (label, status) in enumerate(stages)
    ]
    if moderation and moderation.is_asked:
        place = order.index(Review.Status.DRAFT_REPORT)
        if moderation.stage == Moderation.Stage.WAITING and not issued:  # its writers have nothing to do now
            found[place] = Step(found[place].label, "done", "Written")
        found.insert(place + 1, moderation_step(moderation))
    finished = plan is not None and (plan.plan.status == ActionPlan.Status.COMPLETED or plan.goes_on)
    words = plan.told if plan else ""
    return (*found, Step("Action plan", "done" if finished else "now" if issued else "later", words))


def moderation_step(moderation: ModerationLine) -> Step:
    here = "done" if moderation.stage == Moderation.Stage.AGREED else "later"
    return Step(
        "Moderation", "now" if moderation.stage == Moderation.Stage.WAITING else here, moderation.note
    )


def notes(review: Review, handed_over: datetime | None) -> dict[str, str]:
    """What is said under each stage."""
    finished = f"Finished {local_day(review, review.finished_at)}" if review.finished_at else ""
    compared = is_compared(review)
    given = f"Handed over {local_day(review, handed_over)}" if handed_over else "In draft"
    here = Review.Status(review.status)
    said: dict[str, str] = {
        Review.Status.SCHEDULED: day(review.starts_on.isoformat()),
        Review.Status.RATING: "" if compared else finished,
        Review.Status.CONSENSUS: finished,
        Review.Status.DRAFT_REPORT: "",
        Review.Status.ISSUED: day(review.issued_on.isoformat()) if review.issued_on else "",
    }
    now: dict[str, str] = {
        Review.Status.RATING: "In progress",
        Review.Status.CONSENSUS: "In progress",
        Review.Status.DRAFT_REPORT: given,
    }
    return said | ({here: now[here]} if here in now else {})


def local_day(review: Review, moment: datetime) -> str:
    return day(moment.astimezone(review.state.now().tzinfo).date().isoformat())


def is_compared(review: Review) -> bool:
    """Several rate it: who was named later, to go on writing, has no sheet that is finished."""
    rows = review.reviewers.all()
    sheets = [row for row in rows if row.finished_at or (review.is_open and not row.set_aside_at)]
    return len(sheets) > 1
