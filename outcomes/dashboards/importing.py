"""What stands in the portal around a file of quarters, read all at once: the preview of the file as it would go now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Min
from django.utils import timezone

from agencies.models import State, Team
from agencies.permissions import Actor, Resource, Scope, may, scope_of
from ips_portal.quarters import Quarter
from outcomes.checks import Earlier
from outcomes.expecting import ran
from outcomes.figures import Figures
from outcomes.history import LOOKED_AT, reported_between
from outcomes.importing.matching import Enterable, Roster
from outcomes.importing.preview import Known, Preview, Standing, pairs, preview
from outcomes.importing.rows import TypedRow, read_rows
from outcomes.importing.staging import Staged
from outcomes.in_force import measures_of, policies_of
from outcomes.measures import Measure
from outcomes.models import QuarterlyReport, Revision

Status = QuarterlyReport.Status
NEXT = {
    Status.SUBMITTED: "It was submitted on {}. Take it back first to change a figure.",
    Status.ACCEPTED: "It was accepted on {}. Ask the state to reopen it, and say why.",
    Status.LOCKED: "It is locked. Ask your state administrator to reopen it, and say why.",
}
Pairs = Collection[tuple[int, Quarter]]


@dataclass(frozen=True)
class Desk:
    """The teams one person may enter, by id."""

    teams: dict[int, Team]
    roster: Roster


def desk_of(tenant: State, actor: Actor) -> Desk:
    """Teams whose drafts this person may edit, all of them or at least those the person began."""
    begun = begun_by(actor) if scope_of(actor.role, "edit", Resource.OUTCOME_DRAFT) is Scope.OWN else set()
    me = frozenset({actor.person_id})
    found = {}
    for team in Team.objects.visible_to(actor).select_related("agency").prefetch_related("partners"):
        place = replace(team.place, people=me if team.pk in begun else frozenset())
        if may(actor, "edit", Resource.OUTCOME_DRAFT, place):
            found[team.pk] = team
    return Desk(found, Roster(tuple(entered(team, actor) for team in found.values()), tenant.terms))


def begun_by(actor: Actor) -> set[int]:
    """The teams of which this person began a report."""
    rows = QuarterlyReport.objects.visible_to(actor).filter(begun_by=actor.person_id).order_by()
    return set(rows.values_list("team_id", flat=True).distinct())


def entered(team: Team, actor: Actor) -> Enterable:
    return Enterable(
        id=team.pk,
        name=team.name,
        slug=team.slug,
        agency=team.agency.name,
        started_on=team.implementation_started_on,
        ended_on=team.ended_on,
        may_begin=bool(may(actor, "create", Resource.OUTCOME_DRAFT, team.place)),
    )


def preview_of(staged: Staged, tenant: State, actor: Actor, *, takes_hidden: bool = False) -> Preview:
    """What importing the file would do now; a handful of queries, however long the file is."""
    desk = desk_of(tenant, actor)
    rows = read_rows(staged, desk.roster, takes_hidden=takes_hidden)
    return judged(staged, rows, desk, tenant, actor, takes_hidden=takes_hidden)


def judged(
    staged: Staged,
    rows: Collection[TypedRow],
    desk: Desk,
    tenant: State,
    actor: Actor,
    *,
    takes_hidden: bool = False,
) -> Preview:
    """The preview of rows whose teams and quarters are known."""
    wanted = pairs(rows)
    today = tenant.today()
    known = Known(
        roster=desk.roster,
        standings=standings(wanted, desk, actor),
        measures=measures_by_quarter(tenant.pk, {quarter for _, quarter in wanted if quarter.is_open(today)}),
        today=today,
    )
    return preview(staged, rows, known, takes_hidden=takes_hidden)


def measures_by_quarter(state_id: int, quarters: Collection[Quarter]) -> dict[Quarter, tuple[Measure, ...]]:
    return {quarter: measures_of(policy) for quarter, policy in policies_of(state_id, quarters).items()}


def reports_of(wanted: Pairs, desk: Desk, actor: Actor) -> list[QuarterlyReport]:
    teams = {team for team, _ in wanted}
    rows = QuarterlyReport.objects.visible_to(actor).filter(
        team_id__in=teams, quarter__in={quarter for _, quarter in wanted}
    )
    found = [report for report in rows if (report.team_id, report.quarter) in wanted]
    for report in found:
        report.team = desk.teams[report.team_id]
    return found


def standings(wanted: Pairs, desk: Desk, actor: Actor) -> dict[tuple[int, Quarter], Standing]:
    reports = reports_of(wanted, desk, actor)
    last = last_revisions(actor, [report.pk for report in reports])
    earlier = earlier_by_quarter(wanted, actor.state_id)
    found = {}
    for report in reports:
        revision = last.get(report.pk)
        found[report.team_id, report.quarter] = Standing(
            report_id=report.pk,
            figures=revision.figures if revision else Figures(),
            closed=closed(report, actor),
            earlier=earlier.get((report.team_id, report.quarter), ()),
        )
    for pair in before_the_portal({pair for pair in wanted if pair not in found}, desk, actor):
        found[pair] = Standing(report_id=None, earlier=earlier.get(pair, ()))
    return found


def before_the_portal(missing: Pairs, desk: Desk, actor: Actor) -> list[tuple[int, Quarter]]:
    """Quarters before the first that a team was expected to report, in which it ran already."""
    teams = {team for team, _ in missing if desk.roster.by_id[team].may_begin}
    if not teams:
        return []
    rows = QuarterlyReport.objects.visible_to(actor).filter(team_id__in=teams).order_by()
    first = dict(rows.values_list("team_id").annotate(Min("quarter")))
    return [
        (team, quarter)
        for team, quarter in missing
        if team in first and quarter < first[team] and ran_in(desk.roster.by_id[team], quarter)
    ]


def ran_in(team: Enterable, quarter: Quarter) -> bool:
    return ran(quarter, team.started_on, team.ended_on)


def last_revisions(actor: Actor, report_ids: Collection[int]) -> dict[int, Revision]:
    """What each report's team would go on from."""
    rows = (
        Revision.objects.visible_to(actor)
        .filter(report_id__in=report_ids)
        .order_by("report_id", "-number")
        .distinct("report_id")
    )
    return {row.report_id: row for row in rows}


def earlier_by_quarter(wanted: Pairs, state_id: int) -> dict[tuple[int, Quarter], tuple[Earlier, ...]]:
    """For each team and quarter what the team has reported in the eight quarters before."""
    if not wanted:
        return {}
    first, last = min(quarter for _, quarter in wanted), max(quarter for _, quarter in wanted)
    reported = reported_between({team for team, _ in wanted}, first - LOOKED_AT, last - 1, state_id)
    return {
        (team, quarter): tuple(each for each in rows if 0 < quarter.since(each.quarter) <= LOOKED_AT)
        for team, quarter in wanted
        if (rows := reported.get(team))
    }


def closed(report: QuarterlyReport, actor: Actor) -> str:
    """Why the draft is not this person's to change now; blank if it is."""
    decision = may(actor, "edit", Resource.OUTCOME_DRAFT, report.place)
    if not decision:
        return decision.reason
    if report.is_with_team:
        return ""
    moment = report.submitted_at if report.status == Status.SUBMITTED else report.accepted_at
    return NEXT[Status(report.status)].format(
        f"{timezone.localtime(moment):%B %-d}" if moment else "an earlier day"
    )


def all_measures(tenant: State, quarters: Iterable[Quarter]) -> tuple[Measure, ...]:
    """Every measure that one of the quarters asks for, in the order of the form."""
    found: dict[str, Measure] = {}
    for measures in measures_by_quarter(tenant.pk, set(quarters)).values():
        found |= {measure.key: measure for measure in measures if measure.key not in found}
    return tuple(found.values())
