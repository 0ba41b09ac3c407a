"""The page of one review: where it stands, whose turn it is, what the actor may do, and the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agencies.models import State
from agencies.permissions import Actor, Decision, Resource, Role, may
from fidelity import reports, snapshots
from fidelity.dashboards.answers import AnswersPage, answers_of, checking
from fidelity.dashboards.corrections import EditionLine, editions_of, open_correction
from fidelity.dashboards.history import sees_drafts
from fidelity.dashboards.listing import PlanProgress, late_hint, progress
from fidelity.dashboards.moderating import ModerationLine, moderation_line
from fidelity.dashboards.moved import LastPlan, last_plan, path_after
from fidelity.dashboards.stages import Step, is_compared, local_day, steps
from fidelity.in_force import policy_on, scale_of
from fidelity.models import ActionPlan, Correction, Review, Reviewer
from fidelity.moderation import is_moderator
from fidelity.paper import ReportPaper, report_paper
from fidelity.paper.wording import change, day
from fidelity.path import Path
from fidelity.reviewers import can_be_corrected, is_second_person, may_name_reviewers
from ips_portal.reports.models import ReportRequest


@dataclass(frozen=True)
class ReviewerLine:
    name: str
    is_lead: bool
    is_me: bool
    progress: str


@dataclass(frozen=True)
class TrendPoint:
    """`part` is the name of the part it is a total of, where the scale of that review has a total per part."""

    when: str
    kind: str
    total: int
    change: str
    is_this: bool
    is_imported: bool
    part: str = ""


@dataclass(frozen=True)
class Paper:
    """One kind of file of this review: the newest one made, and whether a new one may be asked for."""

    kind: str
    label: str
    newest: ReportRequest | None
    may_make: bool
    may_take: bool

    @property
    def is_ready(self) -> bool:
        return self.newest is not None and self.newest.status == ReportRequest.Status.READY


@dataclass(frozen=True)
class Rights:
    """What the actor may do with the review as it stands."""

    rate: bool
    agree: bool
    change_dates: bool
    change_reviewers: bool
    reopen: bool
    read_draft: bool
    write_report: bool
    comment: bool
    answer: bool
    issue: bool
    read_report: bool
    see_plan: bool
    correct: bool
    see_correction: bool


@dataclass(frozen=True)
class ReviewPage:
    review: Review
    steps: tuple[Step, ...]
    reviewers: tuple[ReviewerLine, ...]
    rights: Rights
    next_text: str
    late: str
    short_of: int  # how many reviewers the policy asks for, where there are fewer
    plan: PlanProgress | None
    paper: ReportPaper | None
    trend: tuple[TrendPoint, ...]
    papers: tuple[Paper, ...]
    answers: AnswersPage | None
    moderation: ModerationLine | None  # where the policy asks for it, for those who read drafts
    policy_name: str
    editions: int
    last_plan: LastPlan | None
    path: Path | None
    correction: Correction | None  # one that is being prepared, for those who read drafts
    all_editions: tuple[EditionLine, ...]  # newest first, where there are several

    @property
    def has_trend(self) -> bool:
        return any(not point.is_this for point in self.trend)

    @property
    def is_cancelled(self) -> bool:
        return self.review.status == Review.Status.CANCELLED


def review_page(review: Review, tenant: State, actor: Actor) -> ReviewPage:
    """`review` comes with team, agency, partners and reviewers; the number of queries does not depend on the rest."""
    today = tenant.today()
    answers = answers_of(review, actor)
    moderation = moderation_line(review, tenant, actor)
    rights = rights_of(review, actor, answers)
    plan = plan_of(review, actor) if rights.see_plan else None
    done = progress(plan, today) if plan else None
    snapshot = answers.window.snapshot if answers and rights.comment else snapshot_of(review, rights)
    handed_over = review.text.handed_over_at if rights.read_draft else None
    return ReviewPage(
        review=review,
        steps=() if review.is_imported else steps(review, done, handed_over, moderation),
        reviewers=reviewer_lines(review, actor, rights),
        rights=rights,
        next_text=checking(review, answers, tenant)
        or (moderation and moderation.next_text)
        or next_text(review, done, tenant, today, handed_over),
        late=late_hint(review, today),
        short_of=short_of(review),
        plan=done,
        paper=report_paper(snapshot) if snapshot else None,
        trend=trend(snapshot) if snapshot else (),
        papers=papers(review, plan, actor, rights, answers),
        answers=answers,
        moderation=moderation,
        policy_name=str(snapshot["policy"].get("name", "")) if snapshot else "",
        editions=snapshot["edition"] if snapshot else 0,
        last_plan=last_plan(review, actor, today, snapshot if rights.read_report else None),
        path=path_after(snapshot, scale_of(review)) if snapshot and rights.read_report else None,
        correction=open_correction(review, actor) if rights.see_correction else None,
        all_editions=earlier_editions(review, actor, tenant, snapshot) if rights.read_report else (),
    )


def earlier_editions(
    review: Review, actor: Actor, tenant: State, snapshot: Mapping[str, Any] | None
) -> tuple[EditionLine, ...]:
    """Most reports are never corrected, and then nothing is asked."""
    return editions_of(review, actor, tenant) if snapshot and snapshot["edition"] > 1 else ()


def rights_of(review: Review, actor: Actor, answers: AnswersPage | None) -> Rights:
    def able(action: str, resource: Resource) -> Decision:
        return may(actor, action, resource, review.place)

    is_open, in_draft = review.is_open, review.status == Review.Status.DRAFT_REPORT
    issued = review.status == Review.Status.ISSUED
    reviews_it = actor.person_id in review.place.people
    edits = bool(able("edit", Resource.REVIEW))
    return Rights(
        agree=review.status == Review.Status.CONSENSUS and may_compare(review, actor),
        rate=is_open and reviews_it and bool(able("edit", Resource.RATINGS)),
        change_dates=is_open and edits and actor.role is not Role.PAYER,
        change_reviewers=(is_open or in_draft) and may_name_reviewers(review, actor),
        reopen=(in_draft or has_locked_sheet(review)) and bool(able("reopen", Resource.REVIEW)),
        read_draft=review.draft_is_open_to(actor),
        write_report=in_draft and reviews_it and bool(able("edit", Resource.DRAFT_REPORT)),
        comment=answers is not None and answers.comments,
        answer=answers is not None and answers.answers and bool(answers.left),
        issue=in_draft
        and bool(able("approve", Resource.FINAL_REPORT))
        and is_second_person(review, actor.person_id)
        and not is_moderator(review, actor.person_id),
        read_report=issued and bool(able("view", Resource.FINAL_REPORT)),
        see_plan=issued and not review.is_imported and bool(able("view", Resource.ACTION_PLAN)),
        correct=bool(able("reopen", Resource.REVIEW)) and can_be_corrected(review),
        see_correction=issued and sees_drafts(review, actor),
    )


def has_locked_sheet(review: Review) -> bool:
    """One that waits for those of the others."""
    waits = review.status == Review.Status.RATING
    return waits and any(row.finished_at for row in review.reviewers.all())


def may_compare(review: Review, actor: Actor) -> bool:
    """The reviewers see each other's sheets when all are locked. Source: trust reference 2.1 and T13."""
    if review.status not in Review.COMPARED or not is_compared(review):
        return False
    return review.is_reviewed_by(actor) and bool(may(actor, "view", Resource.CONSENSUS, review.place))


def short_of(review: Review) -> int:
    """Reviewers are advised, not demanded: the policy's number is shown until enough are named."""
    if not review.is_open or review.kind != Review.Kind.EXTERNAL:
        return 0
    least = policy_on(review.state_id, review.starts_on).min_reviewers
    return least if len(review.reviewers.all()) < least else 0


def plan_of(review: Review, actor: Actor) -> ActionPlan | None:
    plan: ActionPlan | None = (
        ActionPlan.objects.visible_to(actor)
        .filter(review=review)
        .select_related("review")
        .prefetch_related("rows")
        .first()
    )
    return plan


def snapshot_of(review: Review, rights: Rights) -> dict[str, Any] | None:
    """An issued review shows what its edition says; one in draft what would be issued now; others nothing."""
    if rights.read_report:
        return reports.last_snapshot(review.pk)
    if rights.read_draft:
        return snapshots.draft(review)
    return None


def reviewer_lines(review: Review, actor: Actor, rights: Rights) -> tuple[ReviewerLine, ...]:
    """How far each sheet is, never what is on it."""
    rows = review.reviewers.select_related("person")
    return tuple(
        ReviewerLine(row.person.name, row.is_lead, row.person_id == actor.person_id, sheet_words(row, review))
        for row in rows
    )


def sheet_words(row: Reviewer, review: Review) -> str:
    if row.finished_at:
        return "Finished rating"
    if row.set_aside_at:
        return "Left before finishing; the sheet is kept, unseen"
    if not review.is_open:
        return ""
    return "Rating" if row.started_at else "Not begun"


def next_text(
    review: Review, plan: PlanProgress | None, tenant: State, today: date, handed_over: datetime | None
) -> str:
    """What is next, and for whom."""
    lead = next((row.person.name for row in review.reviewers.all() if row.is_lead), "The lead reviewer")
    agency = tenant.terms["agency"]
    match review.status:
        case Review.Status.SCHEDULED:
            when = "" if today >= review.starts_on else f" from {day(review.starts_on.isoformat())}"
            return f"{lead} rates the items{when}."
        case Review.Status.RATING if is_compared(review):
            rows = review.reviewers.all()
            waits = [row.person.name for row in rows if not row.finished_at and not row.set_aside_at]
            verb = "finishes" if len(waits) == 1 else "finish"
            return f"{together(waits)} {verb} rating, unseen by the others. Then the reviewers compare and agree."
        case Review.Status.RATING:
            return f"{lead} finishes rating, then writes the report."
        case Review.Status.CONSENSUS:
            names = together([row.person.name for row in review.reviewers.all() if row.finished_at])
            return f"{names} compare what they rated and agree on the items that differ."
        case Review.Status.DRAFT_REPORT if handed_over:
            return (
                f"{lead} handed the report over on {local_day(review, handed_over)}. "
                "Now somebody else, a trainer or the state admin, checks and issues it."
            )
        case Review.Status.DRAFT_REPORT:
            return (
                f"{lead} writes the report and hands it over. "
                "Then somebody else, a trainer or the state admin, checks and issues it."
            )
        case Review.Status.CANCELLED:
            return f"Cancelled. Reason: {review.cancelled_reason}"
    if review.is_imported:
        return f"Nothing. The next {tenant.terms['review']} of the team is compared with it."
    if plan is None:
        return "The report is issued."
    if plan.goes_on:
        return f"{plan.told}."
    if plan.plan.status == ActionPlan.Status.DRAFT:
        until = f" by {day(plan.plan.due_on.isoformat())}" if plan.plan.due_on else ""
        return f"The {agency} fills in the action plan and puts it in use{until}."
    if plan.plan.status == ActionPlan.Status.COMPLETED:
        return "The action plan is completed. Nothing is left to do."
    late = (
        f"; {plan.overdue} past {'its' if plan.overdue == 1 else 'their'} target date" if plan.overdue else ""
    )
    return f"The {agency} works through its action plan: {plan.words}{late}."


def together(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def trend(snapshot: Mapping[str, Any]) -> tuple[TrendPoint, ...]:
    """Totals over time, newest first. Each is compared with the one before of the same kind of eyes.

    A review by a scale with a total per part has a point for each part.
    """
    found: list[list[TrendPoint]] = []
    before: dict[tuple[bool, int, str], int] = {}
    points = snapshot["trend"]
    for place, point in enumerate(points):
        last = place == len(points) - 1
        said = snapshot if last else point
        is_self = point["kind"] != Review.Kind.EXTERNAL
        kind, when = Review.Kind(point["kind"]).label, day(point["ends_on"])
        whole = {"code": "", "name": "", "possible": point.get("possible", snapshot["possible"])}
        row = []
        for part in said.get("parts") or [{**whole, "total": point["total"]}]:
            alike = is_self, part["possible"], part["code"]
            moved = change(part["total"], before.get(alike)) if alike in before else ""
            row.append(TrendPoint(when, kind, part["total"], moved, last, "imported" in said, part["name"]))
            if part["total"] is not None:
                before[alike] = part["total"]
        found.append(row)
    return tuple(point for row in reversed(found) for point in row)


def papers(
    review: Review, plan: ActionPlan | None, actor: Actor, rights: Rights, answers: AnswersPage | None
) -> tuple[Paper, ...]:
    wanted = []
    if answers and rights.comment:
        wanted.append(
            (reports.HANDED_OVER, "Draft of the report", answers.window.pk, Resource.DRAFT_REPORT, "view")
        )
    if rights.read_draft:
        wanted.append((reports.DRAFT, "Draft of the report", review.pk, Resource.DRAFT_REPORT, "view"))
    if rights.read_report:
        wanted.append((reports.REPORT, "Report", review.pk, Resource.FINAL_REPORT, "export"))
    if plan is not None:
        wanted.append((reports.PLAN, "Action plan", plan.pk, Resource.ACTION_PLAN, "export"))
    newest = newest_files([(kind, subject) for kind, _, subject, _, _ in wanted], actor)
    found = []
    for kind, label, subject, resource, right in wanted:
        if not may(actor, right, resource, review.place):
            continue
        make = may(actor, "create", Resource.GENERATED_FILE, review.place)
        take = may(actor, "export", Resource.GENERATED_FILE, review.place)
        found.append(Paper(kind, label, newest.get((kind, subject)), bool(make), bool(take)))
    return tuple(found)


def newest_files(wanted: list[tuple[str, int]], actor: Actor) -> dict[tuple[str, int], ReportRequest]:
    if not wanted:
        return {}
    rows = (
        ReportRequest.objects.visible_to(actor)
        .filter(kind__in=[kind for kind, _ in wanted], subject_id__in=[subject for _, subject in wanted])
        .order_by("kind", "subject_id", "-requested_at", "-id")
        .distinct("kind", "subject_id")
    )
    return {(row.kind, row.subject_id): row for row in rows}
