"""The papers of this app: the report in draft, the issued report, the action plan. What each one is made of.

Content is built in the requester's context and holds only what is on the paper, so that its hash tells whether a
stored file still says the same. Drawing happens in `fidelity.printing`, which only workers import.
"""

from base64 import b64encode
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from agencies import logos
from agencies.models import State
from agencies.permissions import Actor, Resource, may
from agencies.refusals import Unacceptable
from fidelity import snapshots, superseding
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, AnswerWindow, Correction, Edition, PlanEntry, PlanRow, Review
from fidelity.paper.wording import days
from fidelity.scales import Item
from fidelity.signatures import approver_of, signatures
from ips_portal.reports import kinds
from ips_portal.reports.actions import request_report
from ips_portal.reports.kinds import Content, ReportKind

REPORT, DRAFT, PLAN = "fidelity-report", "fidelity-draft", "action-plan"
HANDED_OVER, SUPERSEDED = "fidelity-handed-over", "fidelity-superseded"

Papers = Collection[tuple[str, Review | ActionPlan]]  # kinds, and what each one is of


def reviews() -> Any:
    return (
        Review.objects.select_related("team__agency", "state", "scale")
        .defer("scale__data")
        .prefetch_related("reviewers", "team__partners")
    )


def plans() -> Any:
    return (
        ActionPlan.objects.select_related("team__agency", "state", "author", "review__scale", "review__team")
        .defer("review__scale__data")
        .prefetch_related("team__partners")
    )


def issued_reviews(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = reviews().visible_to(actor).issued()
    return rows


def draft_reviews(actor: Actor) -> QuerySet[Any]:
    """Once the report is issued nobody finds the paper of a draft any more; the issued one has taken its place."""
    rows: QuerySet[Any] = reviews().drafts_for(actor)
    return rows


def drafts_handed_over(actor: Actor) -> QuerySet[Any]:
    """For the agency, while it is asked, and whoever reads the draft anyway."""
    rows: QuerySet[Any] = AnswerWindow.objects.visible_to(actor).open_at(timezone.now())
    return rows.select_related("team__agency").prefetch_related("team__partners", "review__reviewers")


def superseded_editions(actor: Actor) -> QuerySet[Any]:
    """Of the reports this person reads, the editions that were corrected."""
    rows: QuerySet[Any] = Edition.objects.visible_to(actor).superseded()
    issued = Review.objects.visible_to(actor).issued()
    return (
        rows.filter(review__in=issued)
        .defer("snapshot")
        .select_related("review__team__agency")
        .prefetch_related("review__reviewers", "review__team__partners")
    )


def visible_plans(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = plans().visible_to(actor)
    return rows


def last_edition(review_id: int) -> Edition:
    edition: Edition | None = Edition.objects.filter(review_id=review_id).order_by("-number").first()
    if edition is None:
        raise LookupError("This review has no issued report.")
    return edition


def last_snapshot(review_id: int) -> dict[str, Any]:
    found: dict[str, Any] = last_edition(review_id).snapshot
    return found


def successor(edition: Edition) -> Edition | None:
    """The newest edition of the same report, where that is a later one."""
    later = Edition.objects.filter(review_id=edition.review_id, number__gt=edition.number)
    found: Edition | None = later.defer("snapshot").order_by("-number").first()
    return found


def marked(edition: Edition) -> dict[str, Any]:
    """What an edition says, and where a later one has taken its place, that too."""
    later = successor(edition)
    if later is None:
        found: dict[str, Any] = edition.snapshot
        return found
    on = later.issued_at.astimezone(ZoneInfo(edition.state.zone)).date()
    return {**edition.snapshot, "superseded": {"edition": later.number, "issued_on": on.isoformat()}}


def as_corrected(correction: Correction) -> dict[str, Any]:
    """The next edition as it would be issued now."""
    return snapshots.corrected(last_snapshot(correction.review_id), correction)


def report_content(review_id: int) -> Content:
    review = Review.objects.select_related("state").get(pk=review_id)
    return with_logo(last_snapshot(review_id), review.state)


def superseded_content(edition_id: int) -> Content:
    edition = Edition.objects.select_related("state").get(pk=edition_id)
    return with_logo(marked(edition), edition.state)


def draft_content(review_id: int) -> Content:
    review = reviews().get(pk=review_id)
    return with_logo(snapshots.draft(review), review.state)


def handed_over_content(window_id: int) -> Content:
    window = AnswerWindow.objects.select_related("state").get(pk=window_id)
    return with_logo(window.snapshot, window.state)


def plan_content(plan_id: int) -> Content:
    rows = ActionPlan.objects.select_related("state", "author", "review__scale").prefetch_related("rows")
    plan = rows.defer("review__scale__data").get(pk=plan_id)
    return {"snapshot": with_logo(last_snapshot(plan.review_id), plan.state), "plan": plan_part(plan)}


def with_logo(snapshot: dict[str, Any], state: State) -> dict[str, Any]:
    """The picture the snapshot names, put beside its hash; the stored snapshot holds the hash alone."""
    sha256 = snapshot["state"].get("logo_sha256")
    png = logos.read(state, sha256) if sha256 else None
    if png is None:
        return snapshot
    picture = f"data:image/png;base64,{b64encode(png).decode()}"
    return {**snapshot, "state": {**snapshot["state"], "logo": picture}}


def plan_part(plan: ActionPlan) -> dict[str, Any]:
    scale, approver = scale_of(plan.review), approver_of(plan)
    entries = list(plan.entries.select_related("written_by"))
    signed = {entry.kind: entry_part(entry, plan.state) for entry in signatures(plan, entries)}
    approved = signed.get(PlanEntry.Kind.APPROVED)
    rows = [row for row in plan.rows.all() if row.status != PlanRow.Status.CARRIED]
    return {
        "version": plan.version,
        "status": plan.status,
        "goes_on": plan.goes_on,
        "author": plan.author.name,
        "updated_on": plan.updated_at.astimezone(ZoneInfo(plan.state.zone)).date().isoformat(),
        "due_on": plan.due_on.isoformat() if plan.due_on else None,
        "approver": approver.name if approver else None,
        "approved_on": approved["on"] if approved else None,
        "signed": signed.get(PlanEntry.Kind.SIGNED),
        "approved": approved,
        "rows": [
            row_part(row, position, scale.item(row.item_code))
            | {"talk": [entry_part(each, plan.state) for each in entries if each.row_id == row.pk]}
            for position, row in enumerate(rows, start=1)
        ],
    }


def entry_part(entry: PlanEntry, state: State) -> dict[str, str]:
    return {"by": entry.written_by.name, "on": entry.written_on(state).isoformat(), "text": entry.text}


def row_part(row: PlanRow, position: int, item: Item) -> dict[str, Any]:
    return {
        "position": position,
        "seq": item.seq,
        "code": item.code,
        "name": item.name,
        "rating": row.rating,
        "goal": row.goal,
        "steps": [step.strip() for step in row.steps.splitlines() if step.strip()],
        "first_step": row.first_step,
        "evidence": row.evidence,
        "responsible": row.responsible,
        "target_on": row.target_on.isoformat() if row.target_on else None,
        "status": row.status,
        "status_label": row.get_status_display(),
        "note": row.note,
        "done_on": row.done_on.isoformat() if row.done_on else None,
    }


def ask_for_papers(papers: Papers, *, by: Actor) -> None:
    """Papers are made as soon as a report is issued. Who has too many on their way asks again later."""
    for kind, subject in papers:
        wanted = kinds.named(kind)
        if not (
            may(by, wanted.right, wanted.resource, subject.place)
            and may(by, "create", Resource.GENERATED_FILE, subject.place)
        ):
            continue
        try:
            request_report(kind, subject, by=by)
        except Unacceptable:
            continue


def title(noun: str, content: Content) -> str:
    review = content["review"]
    return f"{noun}, {content['team']['name']}, {days(review['starts_on'], review['ends_on'])}"


def file_name(noun: str, content: Content) -> str:
    return f"{noun} {content['team']['name']} {content['review']['ends_on']} edition {content['edition']}"


def plan_title(content: Content) -> str:
    return f"{title('Action plan', content['snapshot'])}, version {content['plan']['version']}"


def plan_file_name(content: Content) -> str:
    snapshot = content["snapshot"]
    return (
        f"action plan {snapshot['team']['name']} {snapshot['review']['ends_on']} "
        f"version {content['plan']['version']}"
    )


KINDS = (
    ReportKind(
        key=REPORT,
        label="Fidelity report",
        resource=Resource.FINAL_REPORT,
        subjects=issued_reviews,
        content=report_content,
        renderer="fidelity.printing.report_pdf",
        title=lambda content: title("Fidelity report", content),
        file_name=lambda content: file_name("fidelity report", content),
        outdated=superseding.reports_before,
    ),
    ReportKind(
        key=SUPERSEDED,
        label="Fidelity report, superseded edition",
        resource=Resource.FINAL_REPORT,
        subjects=superseded_editions,
        content=superseded_content,
        renderer="fidelity.printing.report_pdf",
        title=lambda content: title(f"Fidelity report, edition {content['edition']}, superseded", content),
        file_name=lambda content: file_name("superseded fidelity report", content),
        outdated=superseding.editions_before,
    ),
    ReportKind(
        key=DRAFT,
        label="Fidelity report, draft",
        resource=Resource.DRAFT_REPORT,
        subjects=draft_reviews,
        content=draft_content,
        renderer="fidelity.printing.report_pdf",
        title=lambda content: title("Draft of the fidelity report", content),
        file_name=lambda content: file_name("draft fidelity report", content),
        right="view",
    ),
    ReportKind(
        key=HANDED_OVER,
        label="Fidelity report, draft as handed over",
        resource=Resource.DRAFT_REPORT,
        subjects=drafts_handed_over,
        content=handed_over_content,
        renderer="fidelity.printing.report_pdf",
        title=lambda content: title("Draft of the fidelity report, as handed over", content),
        file_name=lambda content: file_name("draft fidelity report", content),
        right="view",
    ),
    ReportKind(
        key=PLAN,
        label="Fidelity action plan",
        resource=Resource.ACTION_PLAN,
        subjects=visible_plans,
        content=plan_content,
        renderer="fidelity.printing.plan_pdf",
        title=plan_title,
        file_name=plan_file_name,
        outdated=superseding.plans_before,
    ),
)


def begin() -> None:
    for kind in KINDS:
        kinds.register(kind)
