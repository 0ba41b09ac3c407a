"""What a team reported before: the quarters its new figures are compared with."""

from collections.abc import Collection

from django.db.models import F, Q

from agencies.tenancy import among
from ips_portal.quarters import Quarter
from outcomes.checks import Case, Earlier
from outcomes.expecting import was_closed
from outcomes.in_force import measures_of, policy_of
from outcomes.models import QuarterlyReport, Revision, figures_of
from outcomes.models.reports import SPARE

LOOKED_AT = 8  # quarters back


def reported() -> Q:
    """The revision that counts: what is in force, or else what was last submitted."""
    in_force = Q(number=F("report__in_force"))
    waiting = Q(report__in_force=None, number=F("report__current"), report__status="submitted")
    return Q(is_draft=False) & (in_force | waiting)


def earlier_of(team_ids: Collection[int], before: Quarter, state_id: int) -> dict[int, tuple[Earlier, ...]]:
    """The last eight calendar quarters of each team before one, newest first; what was not reported is not there."""
    return reported_between(team_ids, before - LOOKED_AT, before - 1, state_id)


def reported_between(
    team_ids: Collection[int], first: Quarter, last: Quarter, state_id: int
) -> dict[int, tuple[Earlier, ...]]:
    """What each team has reported of a stretch of quarters, newest first."""
    rows = (
        Revision.objects.in_state(state_id)
        .filter(
            reported(),
            among("team_id", team_ids),
            is_operating=True,
            report__quarter__lte=last.starts_on,
            report__quarter__gte=first.starts_on,
        )
        .order_by("-report__quarter")
        .values_list("team_id", "report__quarter", *SPARE)
    )
    found: dict[int, list[Earlier]] = {}
    for team_id, quarter, *values in rows:
        found.setdefault(team_id, []).append(Earlier(quarter, figures_of(values)))
    return {team: tuple(quarters) for team, quarters in found.items()}


def case_of(report: QuarterlyReport, revision: Revision) -> Case:
    """Everything the checks look at."""
    earlier = earlier_of([report.team_id], report.quarter, report.state_id)
    policy = policy_of(report.state_id, report.quarter)
    return Case(
        figures=revision.figures,
        quarter=report.quarter,
        measures=measures_of(policy),
        earlier=earlier.get(report.team_id, ()),
        is_team_active=not was_closed(report.quarter, report.team.ended_on),
        at_discharge=policy.discharge_entry.reminder,
        due_on=report.due_on,
        today=report.state.today(),
    )
