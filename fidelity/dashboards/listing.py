"""Reviews in a list: across teams, and of one team on its own page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.models import Agency, State, Team
from agencies.permissions import Actor
from fidelity.in_force import policy_on, scale_of
from fidelity.models import ActionPlan, Edition, PlanRow, Review, ReviewQuerySet
from fidelity.models.plans import GONE
from fidelity.paper.wording import days

CHIPS: dict[str, str] = {
    Review.Status.SCHEDULED: "info",
    Review.Status.RATING: "info",
    Review.Status.CONSENSUS: "info",
    Review.Status.DRAFT_REPORT: "info",
    Review.Status.ISSUED: "ok",
    Review.Status.CANCELLED: "plain",
}
# What a line of the list needs of a review.
IN_LINE = (
    *("public_id", "kind", "status", "starts_on", "ends_on", "total", "band", "imported"),
    *("team__name", "team__agency__name", "scale__sha256"),
)
GOES_ON = "Everything goes on in the plan of the next review"
LATE_REPORT_DAYS = 30  # reports are usual within two to three weeks (domain reference 1.5)


@dataclass(frozen=True)
class ReviewLine:
    review: Review
    chip: str
    status: str
    hint: str
    band: str
    part: str = ""  # whose total it is, where the scale has a total per part
    possible: int = 0

    @property
    def dates(self) -> str:
        return visit(self.review)


@dataclass(frozen=True)
class PlanProgress:
    """How far a plan is; rows that are gone do not count."""

    plan: ActionPlan
    done: int
    of: int
    overdue: int
    goes_on: bool = False

    @property
    def words(self) -> str:
        return f"{self.done} of {self.of} done"

    @property
    def told(self) -> str:
        return GOES_ON if self.goes_on else f"{self.plan.get_status_display()}, {self.words}"


@dataclass(frozen=True)
class TeamReviews:
    """The reviews part of a team's page."""

    lines: tuple[ReviewLine, ...]
    upcoming: ReviewLine | None
    plan: PlanProgress | None
    more: int


def visit(review: Review) -> str:
    """October 14 to 15, 2026"""
    return days(review.starts_on.isoformat(), review.ends_on.isoformat())


def listed(actor: Actor) -> ReviewQuerySet:
    rows: ReviewQuerySet = (
        Review.objects.visible_to(actor)
        .select_related("team__agency", "scale")
        .defer("cancelled_reason", "scale__data")
    )
    return rows


def narrowed(reviews: ReviewQuerySet, chosen: Mapping[str, Any]) -> ReviewQuerySet:
    """Those that match every choice that was made."""
    lookups = {
        "q": "team__name__icontains",
        "status": "status",
        "kind": "kind",
        "agency": "team__agency__slug",
        "team": "team__slug",
        "year": "starts_on__year",
    }
    wanted = {lookup: chosen[name] for name, lookup in lookups.items() if chosen.get(name)}
    return reviews.filter(**wanted)


def review_lines(reviews: Iterable[Review], tenant: State) -> list[ReviewLine]:
    today = tenant.today()
    labels = policy_on(tenant.pk, today).band_labels
    return [review_line(review, labels, today) for review in reviews]


def review_line(review: Review, labels: Mapping[str, str], today: date) -> ReviewLine:
    hint = late_hint(review, today)
    status, scale = Review.Status(review.status), scale_of(review)
    return ReviewLine(
        review=review,
        chip="watch" if hint else CHIPS[status],
        status=status.label,
        hint=hint,
        band=labels.get(review.band, review.band.capitalize()) if review.band else "",
        part=scale.part,
        possible=scale.possible,
    )


def with_parts(reviews: Iterable[Review]) -> list[Review]:
    """The reviews of a state, those that are issued by a scale with parts with the total of each. At most one query."""
    found = list(reviews)
    divided = [each for each in found if each.total is not None and scale_of(each).subscales]
    if divided:
        editions = Edition.objects.in_state(divided[0].state_id).filter(review__in=divided)
        editions = editions.order_by("review_id", "-number")
        said = dict(editions.distinct("review_id").values_list("review_id", "snapshot__parts"))
        for each in found:
            each.parts = said.get(each.pk) or ()
    return found


def late_hint(review: Review, today: date) -> str:
    """What should have happened by now."""
    over = (today - review.ends_on).days
    if over <= 0:
        return ""
    since = f"the visit ended {over} {'day' if over == 1 else 'days'} ago"
    if review.status == Review.Status.SCHEDULED:
        return f"Not begun; {since}"
    if review.status == Review.Status.RATING:
        return f"Rating not finished; {since}"
    if review.status == Review.Status.CONSENSUS:
        return f"Not agreed yet; {since}"
    if review.status == Review.Status.DRAFT_REPORT and over > LATE_REPORT_DAYS:
        return f"Report not issued; {since}"
    return ""


def agencies_of(actor: Actor) -> list[Agency]:
    """Those that lead a team whose reviews the actor sees."""
    teams = Team.objects.visible_to(actor)
    leading = Agency.objects.visible_to(actor).filter(pk__in=teams.values("agency_id"))
    return list(leading.only("slug", "name"))


def years_of(actor: Actor) -> list[int]:
    dates = Review.objects.visible_to(actor).order_by().dates("starts_on", "year", order="DESC")
    return [day.year for day in dates]


def team_reviews(team: Team, tenant: State, actor: Actor, shown: int = 4) -> TeamReviews:
    """For the team's page: what is planned, the last results, and how far the newest plan is."""
    rows = list(listed(actor).filter(team=team).exclude(status=Review.Status.CANCELLED)[: shown + 20])
    lines = review_lines(rows, tenant)
    past = [line for line in lines if line.review.status == Review.Status.ISSUED]
    coming = [line for line in lines if line.review.status != Review.Status.ISSUED]
    plans = ActionPlan.objects.visible_to(actor).filter(team=team)
    plan = plans.select_related("review").prefetch_related("rows").first()
    return TeamReviews(
        lines=tuple(past[:shown]),
        upcoming=coming[-1] if coming else None,
        plan=progress(plan, tenant.today()) if plan else None,
        more=max(0, len(past) - shown),
    )


def progress(plan: ActionPlan, today: date) -> PlanProgress:
    counted = [row for row in plan.rows.all() if row.status not in GONE]
    return PlanProgress(
        plan=plan,
        done=sum(row.status == PlanRow.Status.DONE for row in counted),
        of=len(counted),
        overdue=sum(row.is_overdue(today) for row in counted),
        goes_on=plan.goes_on,
    )
