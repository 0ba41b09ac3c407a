"""What has happened to teams, read for the lifecycle: for one team or for all, in the same few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from agencies.models import State, StatePolicy, Team
from fidelity.in_force import scale_in, scale_of
from fidelity.lifecycle import (
    Closed,
    Decided,
    Fact,
    Kind,
    PlanInUse,
    Policies,
    Reviewed,
    Standing,
    Started,
    standing_of,
)
from fidelity.models import ActionPlan, Decision, Edition, PlanEntry, Review, ScaleVersion
from fidelity.policy import FidelityPolicy, shipped_policy, state_policy
from fidelity.scales import Scale, shipped

Dated = tuple[tuple[date, FidelityPolicy], ...]  # newest first
Histories = Mapping[int, tuple[Fact, ...]]


def dated_policies(state_id: int) -> Dated:
    rows = StatePolicy.objects.in_state(state_id).filter(subject=StatePolicy.Subject.FIDELITY)
    newest_first = rows.order_by("-effective_from").values_list("effective_from", "data")
    return with_scales(tuple((day, state_policy(data)) for day, data in newest_first), state_id)


def with_scales(dated: Dated, state_id: int) -> Dated:
    """Each policy with where the totals of its scale end; a question to the database only for a state's own scale."""
    own = {policy.scale_version for _, policy in dated} - {scale.key for scale in shipped()}
    if not own:
        return dated
    scales: dict[str, list[Scale]] = defaultdict(list)
    for version in ScaleVersion.objects.open_to(state_id).filter(key__in=own).defer("data"):
        scales[version.key].append(scale_in(version))
    return tuple((day, for_scales(policy, scales.get(policy.scale_version, []))) for day, policy in dated)


def for_scales(policy: FidelityPolicy, editions: Sequence[Scale]) -> FidelityPolicy:
    """The marks of a policy are for the totals of its scale, in whichever edition."""
    return replace(policy, own_ends=frozenset((scale.possible, scale.leads) for scale in editions))


def in_force_by(dated: Dated) -> Policies:
    """The last one that began by a day; before the first, the national default."""

    def on(day: date) -> FidelityPolicy:
        return next((policy for began, policy in dated if began <= day), shipped_policy("national"))

    return on


def standings(
    teams: Collection[Team], tenant: State, *, policies: Policies | None = None
) -> dict[int, Standing]:
    """Of teams the reader sees; the number of queries does not depend on how many they are."""
    policies = policies or in_force_by(dated_policies(tenant.pk))
    found = histories(teams, tenant)
    today = tenant.today()
    return {team.pk: standing_of(found[team.pk], policies=policies, today=today) for team in teams}


def histories(teams: Collection[Team], tenant: State) -> Histories:
    """Whoever sees a team reads the same facts about it, so that nobody is told another standing.

    A review that is held is a date; what it gives is read from its issued edition alone.
    """
    facts: dict[int, list[Fact]] = defaultdict(list)
    for team in teams:
        facts[team.pk] += own_dates(team)
    ids = [team.pk for team in teams]
    for team_id, fact in [*reviewed(ids, tenant), *planned(ids, tenant), *decided(ids, tenant)]:
        facts[team_id].append(fact)
    return {team_id: tuple(found) for team_id, found in facts.items()}


def own_dates(team: Team) -> Iterator[Fact]:
    if team.implementation_started_on:
        yield Started(team.implementation_started_on)
    if team.ended_on:
        yield Closed(team.ended_on)


def reviewed(team_ids: Collection[int], tenant: State) -> Iterator[tuple[int, Fact]]:
    """A visit whose day has passed was held if somebody began to rate.

    Its scale was settled when it was booked, so it may be another than that of the rules of its last day.
    """
    rows = (
        Review.objects.in_state(tenant.pk)
        .filter(team_id__in=team_ids, ends_on__lte=tenant.today())
        .exclude(status__in=(Review.Status.CANCELLED, Review.Status.SCHEDULED))
        .select_related("scale")
        .only(
            "public_id",
            "team_id",
            "kind",
            "ends_on",
            "status",
            "issued_on",
            "total",
            "imported",
            "scale__sha256",
        )
        .order_by("ends_on", "pk")
    )
    reviews = list(rows)
    ratings = last_ratings(reviews, tenant)
    for row in reviews:
        issued, scale = row.status == Review.Status.ISSUED, scale_of(row)
        yield (
            row.team_id,
            Reviewed(
                key=str(row.public_id),
                kind=row.kind,
                ended_on=row.ends_on,
                issued_on=row.issued_on if issued else None,
                total=row.total if issued else None,
                ratings=ratings.get(row.pk, {}),
                is_imported=row.is_imported,
                possible=scale.possible,
                leads=scale.leads,
                part=scale.part,
            ),
        )


def last_ratings(reviews: Collection[Review], tenant: State) -> dict[int, dict[str, int]]:
    """Of the last issued review of each kind of each team: a plan follows the last result, and no earlier one."""
    last = {(row.team_id, row.kind): row.pk for row in reviews if row.status == Review.Status.ISSUED}
    editions = (
        Edition.objects.in_state(tenant.pk)
        .filter(review_id__in=last.values())
        .order_by("review_id", "-number")
        .distinct("review_id")
        .values_list("review_id", "snapshot__sections")
    )
    return {review: rated(sections) for review, sections in editions}


def rated(sections: Any) -> dict[str, int]:
    return {
        item["code"]: item["rating"]
        for section in sections
        for item in section["items"]
        if item["rating"] is not None
    }


def planned(team_ids: Collection[int], tenant: State) -> Iterator[tuple[int, Fact]]:
    """A plan counts from its first approval: a later change asks for the signatures anew, and moves no clock."""
    rows = ActionPlan.objects.in_state(tenant.pk).filter(team_id__in=team_ids)
    approvals = Q(entries__kind=PlanEntry.Kind.APPROVED)
    in_use = (
        rows.exclude(status=ActionPlan.Status.DRAFT)
        .annotate(
            approved_at=Min("entries__written_at", filter=approvals),
            approval=Min("entries__pk", filter=approvals),
        )
        .values_list("team_id", "review__public_id", "updated_at", "approved_at", "approval")
    )
    for team_id, review, updated_at, approved_at, approval in in_use:
        yield team_id, PlanInUse(min(updated_at.date(), tenant.today()), str(review))
        if approved_at is not None:
            day = approved_at.astimezone(ZoneInfo(tenant.zone)).date()
            yield team_id, Decided(day, Kind.PLAN_APPROVED, number=approval, review=str(review))


def decided(team_ids: Collection[int], tenant: State) -> Iterator[tuple[int, Fact]]:
    rows = Decision.objects.in_state(tenant.pk).filter(team_id__in=team_ids).order_by("pk")
    for row in rows.only("team_id", "kind", "decided_on", "until"):
        yield row.team_id, Decided(row.decided_on, Kind(row.kind), row.until, row.pk)
