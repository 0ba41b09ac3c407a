"""What waits for one person in reviews: sheets, ratings to agree on, reports to write, read, issue and correct."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from agencies.models import State
from agencies.permissions import Actor, Resource, Role, scope_of
from fidelity.models import AnswerWindow, Correction, DraftComment, Moderation, Review, Reviewer
from fidelity.moderation import read_first
from fidelity.reviewers import barred_from, issues_correction
from ips_portal.homes.todo import ToDo

Stage = Moderation.Stage
LEADS_TEAMS = (Role.AGENCY_LEADER, Role.SUPERVISOR)


def own_reviews(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """Sheets to rate, ratings to agree on, reports to write and comments to answer, for reviewers.

    Whether comments wait is asked only where a report is in draft.
    """
    if scope_of(actor.role, "edit", Resource.RATINGS) is None:
        return []
    sheets = list(
        Reviewer.objects.visible_to(actor)
        .filter(
            Q(finished_at=None, review__status__in=Review.OPEN)
            | Q(finished_at__isnull=False, review__status=Review.Status.CONSENSUS)
            | Q(review__status=Review.Status.DRAFT_REPORT),
            person_id=actor.person_id,
        )
        .annotate(handed_over_at=F("review__texts__handed_over_at"), moderated=last_time(tenant, "stage"))
        .select_related("review__team")
    )
    drafts = [sheet.review for sheet in sheets if sheet.review.status == Review.Status.DRAFT_REPORT]
    commented = comments_wait(tenant, drafts) if drafts else set()
    asked = read_first(tenant.pk, drafts)
    found = []
    for sheet in sheets:
        if sheet.review_id in commented:
            found.append(commented_draft(tenant, sheet.review))
        elif sheet.review.status != Review.Status.DRAFT_REPORT:
            found.append(own_review(tenant, sheet.review, today))
        elif sheet.is_lead and sheet.review_id in asked:
            found += moderated_draft(tenant, sheet.review, sheet.moderated or "", sheet.handed_over_at)
        elif sheet.is_lead and sheet.handed_over_at is None:
            found.append(own_draft(tenant, sheet.review))
    return found


def last_time(tenant: State, field: str, review: str = "review") -> Subquery:
    """Of the last time the draft was asked to be read. Whether the state asks for it is not looked at."""
    rows = Moderation.objects.in_state(tenant.pk).staged().filter(review=OuterRef(review))
    return Subquery(rows.order_by("-pk").values(field)[:1])


def comments_wait(tenant: State, drafts: Collection[Review]) -> set[int]:
    """Of which drafts the agency has said what it thinks, and its time is over."""
    open_still = AnswerWindow.objects.in_state(tenant.pk).open_at(timezone.now())
    said = waiting_comments(tenant).filter(review__in=drafts)
    return set(said.exclude(review__in=open_still.values("review")).values_list("review", flat=True))


def commented_draft(tenant: State, review: Review) -> ToDo:
    return ToDo(
        "Answer the comments on the draft",
        str(review.team),
        reverse("fidelity:answers", args=[tenant.slug, review.public_id]),
        chip="Comments",
    )


def own_draft(tenant: State, review: Review) -> ToDo:
    address = reverse("fidelity:report-edit", args=[tenant.slug, review.public_id])
    return ToDo("Write the report", str(review.team), address, chip="Report")


def moderated_draft(tenant: State, review: Review, stage: str, handed_over_at: datetime | None) -> list[ToDo]:
    """What the lead does where a second person reads the draft first; nothing while it waits for that person."""
    page = reverse("fidelity:moderation", args=[tenant.slug, review.public_id])
    if stage == Stage.RETURNED:
        text = "Answer the remarks on the draft that was returned"
        return [ToDo(text, str(review.team), page, kind="watch", chip="Returned")]
    if stage == Stage.WAITING or (stage == Stage.AGREED and handed_over_at):
        return []
    if stage == Stage.AGREED:
        editor = reverse("fidelity:report-edit", args=[tenant.slug, review.public_id])
        return [
            ToDo("Hand the report over: it was read and agreed to", str(review.team), editor, chip="Agreed")
        ]
    if handed_over_at:
        return [ToDo("Ask for the draft to be read", str(review.team), page, chip="Moderation")]
    return [own_draft(tenant, review)]


def own_review(tenant: State, review: Review, today: date) -> ToDo:
    address = [tenant.slug, review.public_id]
    if review.status == Review.Status.CONSENSUS:
        return ToDo(
            "Agree on the ratings that differ",
            str(review.team),
            reverse("fidelity:consensus", args=address),
            chip="Consensus",
        )
    if review.starts_on > today:
        return ToDo(
            "Prepare the visit",
            str(review.team),
            reverse("fidelity:review-page", args=address),
            chip="Scheduled",
            due_on=review.starts_on,
        )
    late = review.ends_on < today
    return ToDo(
        "Rate the items" if review.status == Review.Status.SCHEDULED else "Go on rating",
        str(review.team),
        reverse("fidelity:review-rate", args=address),
        kind="watch" if late else "info",
        chip="Not finished" if late else "Rating",
        due_on=review.ends_on,
    )


def drafts_to_check(tenant: State, actor: Actor) -> list[ToDo]:
    """Drafts that were handed to those who lead the team."""
    if actor.role not in LEADS_TEAMS:
        return []
    windows = AnswerWindow.objects.visible_to(actor).open_at(timezone.now()).filter(team__in=actor.team_ids)
    return [
        ToDo(
            "Check the draft of the report",
            str(window.team),
            reverse("fidelity:answers", args=[tenant.slug, window.review.public_id]),
            chip="Draft",
            due_on=window.last_day,
        )
        for window in windows.select_related("state", "team", "review").defer("snapshot")
    ]


def drafts_to_read(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """Drafts that a second person reads before they go to the agency, where the state asks for that."""
    if scope_of(actor.role, "approve", Resource.FINAL_REPORT) is None:
        return []
    rows = (
        Moderation.objects.visible_to(actor)
        .waiting()
        .strange_to(actor.person_id)
        .select_related("team", "review")
        .prefetch_related("team__partners")
        .order_by("asked_at")
    )
    waiting = list(rows)
    asked = read_first(tenant.pk, [row.review for row in waiting])
    found = [row for row in waiting if row.review_id in asked]
    barred = barred_from(tenant.pk, actor.person_id, today) if found else frozenset()
    return [
        ToDo(
            "A report waits to be read by a second person",
            str(row.team),
            reverse("fidelity:moderation-read", args=[tenant.slug, row.review.public_id]),
            chip="Moderation",
        )
        for row in found
        if barred.isdisjoint(row.team.agency_ids)
    ][:10]


def waiting_comments(tenant: State) -> QuerySet[DraftComment]:
    rows: QuerySet[DraftComment] = DraftComment.objects.in_state(tenant.pk).said().filter(outcome="")
    return rows


def reports_to_issue(tenant: State, actor: Actor) -> list[ToDo]:
    """Reports that were handed over and wait for a second person."""
    if scope_of(actor.role, "approve", Resource.FINAL_REPORT) is None:
        return []
    led = Reviewer.objects.filter(review=OuterRef("pk"), person_id=actor.person_id)
    rows = (
        Review.objects.visible_to(actor)
        .filter(~Exists(led), status=Review.Status.DRAFT_REPORT, texts__handed_over_at__isnull=False)
        .exclude(pk__in=AnswerWindow.objects.in_state(tenant.pk).open_at(timezone.now()).values("review"))
        .exclude(pk__in=waiting_comments(tenant).values("review"))
        .annotate(moderated=last_time(tenant, "stage", "pk"), moderator=last_time(tenant, "done_by", "pk"))
        .select_related("team")
        .order_by("finished_at")
    )
    handed_over = list(rows)
    asked = read_first(tenant.pk, handed_over)
    waiting = [
        each
        for each in handed_over
        if each.pk not in asked
        or (each.moderated == Stage.AGREED and each.moderator != actor.person_id)  # who agreed does not issue
    ]
    return [
        ToDo(
            "Check the report and issue it",
            str(review.team),
            reverse("fidelity:review-page", args=[tenant.slug, review.public_id]),
            chip="Second person",
        )
        for review in waiting[:10]
    ]


def reports_to_correct(tenant: State, actor: Actor) -> list[ToDo]:
    """Issued reports this person corrects, and corrections that wait for a second person."""
    if scope_of(actor.role, "view", Resource.DRAFT_REPORT) is None:
        return []
    mine = Q(writer_id=actor.person_id, handed_over_at=None)
    if scope_of(actor.role, "approve", Resource.FINAL_REPORT):
        mine |= Q(handed_over_at__isnull=False)
    open_still = Correction.objects.visible_to(actor).open_at(timezone.now()).filter(mine)
    if not open_still.exists():  # nearly always
        return []
    rows = (
        open_still.select_related("review__team")
        .prefetch_related("review__reviewers", "review__team__partners")
        .order_by("ends_at")
    )
    for row in rows:
        row.state = row.review.state = tenant
    waiting = [row for row in rows if not row.handed_over_at or issues_correction(row, actor.person_id)]
    return [
        ToDo(
            "Correct the report" if row.handed_over_at is None else "Read the correction and issue it",
            str(row.review.team),
            reverse("fidelity:correction", args=[tenant.slug, row.review.public_id]),
            chip="Correction" if row.handed_over_at is None else "Second person",
            due_on=row.last_day,
        )
        for row in waiting[:10]
    ]
