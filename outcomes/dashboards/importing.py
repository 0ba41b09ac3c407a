"""What stands in the portal around a file of quarters, read all at once: the preview of the file as it would go now.

A verdict on a file is kept with it, under a mark of all it was made from; it holds as long as the mark is the same.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from agencies.models import Agency, State, Team, TeamPartner
from agencies.permissions import Actor, Place, Resource, Scope, may, scope_of
from agencies.tenancy import among
from ips_portal.importing.matching import Roster
from ips_portal.importing.staging import Staged
from ips_portal.quarters import LATEST, Quarter
from outcomes.checks import Earlier, catalogue
from outcomes.expecting import ran
from outcomes.figures import Figures
from outcomes.history import LOOKED_AT, reported_between
from outcomes.importing.preview import Known, Preview, Standing, pairs, preview
from outcomes.importing.rows import Enterable, read_rows
from outcomes.importing.staging import quarters_in
from outcomes.importing.verdicts import Verdict
from outcomes.in_force import measures_of, policies_of
from outcomes.measures import Measure
from outcomes.models import FIGURES, OutcomeImport, QuarterlyReport, Revision, figures_of

Status = QuarterlyReport.Status
NEXT = {
    Status.SUBMITTED: "It was submitted on {}. Take it back first to change a figure.",
    Status.ACCEPTED: "It was accepted on {}. Ask the state to reopen it, and say why.",
    Status.LOCKED: "It is locked. Ask your state administrator to reopen it, and say why.",
}
# What `closed` looks at, in its order.
CLOSING = ("status", "begun_by_id", "submitted_by_id", "submitted_at", "accepted_at")
Pairs = Collection[tuple[int, Quarter]]
Reports = QuerySet[QuarterlyReport]
RULES = repr([(rule.id, rule.level, rule.when) for rule in catalogue()])  # a verdict of other rules is none


@dataclass(frozen=True)
class Desk:
    """The teams one person may enter, and where each lies. `read` tells all that both are made of."""

    roster: Roster[Enterable]
    places: dict[int, Place]
    read: str


def desk_of(tenant: State, actor: Actor) -> Desk:
    """Teams whose drafts this person may edit, all of them or at least those the person began."""
    begun = begun_by(actor) if scope_of(actor.role, "edit", Resource.OUTCOME_DRAFT) is Scope.OWN else set()
    me = frozenset({actor.person_id})
    partners: dict[int, set[int]] = {}
    for team, agency in TeamPartner.objects.visible_to(actor).values_list("team_id", "agency_id"):
        partners.setdefault(team, set()).add(agency)
    names = names_of(set().union(*partners.values()), actor)
    columns = ("id", "name", "slug", "agency__name", "implementation_started_on", "ended_on", "agency_id")
    rows = list(Team.objects.visible_to(actor).values_list(*columns))
    teams, places = [], {}
    for pk, name, slug, lead, began, ended, agency in rows:
        others = sorted(partners.get(pk, ()))
        agencies = frozenset({agency, *others})
        place = Place(tenant.pk, agencies, pk)
        own = Place(tenant.pk, agencies, pk, me) if pk in begun else place
        if may(actor, "edit", Resource.OUTCOME_DRAFT, own):
            places[pk] = place
            may_begin = bool(may(actor, "create", Resource.OUTCOME_DRAFT, place))
            told = tuple(names[other] for other in others if other in names)
            teams.append(Enterable(pk, name, slug, lead, began, ended, may_begin, told))
    where = f"among those you may enter in your {tenant.terms['agencies']}"
    together = sorted((team, sorted(others)) for team, others in partners.items())
    read = (where, rows, together, sorted(names.items()), sorted(begun))
    return Desk(Roster(tuple(teams), where), places, repr(read))


def names_of(agencies: Collection[int], actor: Actor) -> dict[int, str]:
    """Of those this person may see."""
    if not agencies:
        return {}
    rows = Agency.objects.visible_to(actor).filter(among("pk", agencies))
    return dict(rows.values_list("pk", "name"))


def begun_by(actor: Actor) -> set[int]:
    """The teams of which this person began a report."""
    rows = QuarterlyReport.objects.visible_to(actor).filter(begun_by=actor.person_id).order_by()
    return set(rows.values_list("team_id", flat=True).distinct())


def preview_of(staged: Staged, tenant: State, actor: Actor, *, takes_hidden: bool = False) -> Preview:
    """What importing the file would do now; a handful of queries, however long the file is."""
    return judged(staged, tenant, desk_of(tenant, actor), actor, takes_hidden=takes_hidden)


def preview_now(found: OutcomeImport, tenant: State, actor: Actor, *, takes_hidden: bool = False) -> Preview:
    """The same, by the kept verdict where nothing changed since."""
    staged, desk = Staged.from_json(found.staged), desk_of(tenant, actor)
    verdict = standing_verdict(found, staged, tenant, desk, actor, takes_hidden=takes_hidden)
    if verdict:
        return verdict.preview(staged, desk.roster)
    return judged(staged, tenant, desk, actor, takes_hidden=takes_hidden)


def judged(staged: Staged, tenant: State, desk: Desk, actor: Actor, *, takes_hidden: bool = False) -> Preview:
    rows = read_rows(staged, desk.roster, takes_hidden=takes_hidden)
    wanted = pairs(rows)
    today = tenant.today()
    known = Known(
        roster=desk.roster,
        standings=standings(wanted, desk, actor),
        measures=measures_by_quarter(tenant.pk, {quarter for _, quarter in wanted if quarter.is_open(today)}),
        today=today,
    )
    return preview(staged, rows, known, takes_hidden=takes_hidden)


def standing_verdict(
    found: OutcomeImport, staged: Staged, tenant: State, desk: Desk, actor: Actor, *, takes_hidden: bool
) -> Verdict | None:
    """What was said of the file when it was uploaded, if the same would be said now."""
    kept = found.staged.get("verdict")
    if not kept or kept["takes_hidden"] != takes_hidden:
        return None
    verdict, quarters = Verdict(**kept), quarters_in(staged)
    if verdict.opens and looked_at(quarters, actor)[0].exists():
        return None  # a team's first quarter may have moved since, out of sight of the mark
    return verdict if verdict.mark == mark(quarters, tenant, desk, actor) else None


def mark(quarters: Collection[Quarter], tenant: State, desk: Desk, actor: Actor) -> str:
    """Of everything that a verdict on figures of these quarters is made from.

    What is decided on a report raises its version, what is typed in its draft that of the draft; no report is ever
    taken away, and taking a draft away is a decision.
    """
    older, reports = looked_at(quarters, actor)
    versions = reports.aggregate(count=Count("pk"), versions=Sum("version"))
    drafts = Revision.objects.visible_to(actor).filter(is_draft=True, report__quarter__in=quarters).order_by()
    typed = drafts.aggregate(count=Count("pk"), versions=Sum("version"))
    seat = (actor.role, actor.person_id, sorted(actor.agency_ids), sorted(actor.team_ids))
    measures = sorted(measures_by_quarter(tenant.pk, quarters).items())
    made_from = (RULES, tenant.today(), seat, desk.read, measures, versions, typed, older.exists())
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def looked_at(quarters: Collection[Quarter], actor: Actor) -> tuple[Reports, Reports]:
    """Of the reports a person may see those that are too old for any rule on these quarters, and the others."""
    reports = QuarterlyReport.objects.visible_to(actor).order_by()
    first = (min(quarters) - LOOKED_AT).starts_on if quarters else Quarter(LATEST, 4).starts_on
    return reports.filter(quarter__lt=first), reports.filter(quarter__gte=first)


def measures_by_quarter(state_id: int, quarters: Collection[Quarter]) -> dict[Quarter, tuple[Measure, ...]]:
    return {quarter: measures_of(policy) for quarter, policy in policies_of(state_id, quarters).items()}


def standings(wanted: Pairs, desk: Desk, actor: Actor) -> dict[tuple[int, Quarter], Standing]:
    rows = (
        QuarterlyReport.objects.visible_to(actor)
        .filter(
            among("team_id", {team for team, _ in wanted}), quarter__in={quarter for _, quarter in wanted}
        )
        .order_by()
        .values_list("team_id", "quarter", "pk", "version", *CLOSING)
    )
    reports = [row for row in rows if row[:2] in wanted]
    last = last_revisions(actor, [pk for _, _, pk, *_ in reports])
    earlier = earlier_by_quarter(wanted, actor.state_id)
    found = {}
    for team, quarter, pk, version, *closing in reports:
        number, next_version, figures = last.get(pk, (1, 2, Figures()))
        found[team, quarter] = Standing(
            report_id=pk,
            figures=figures,
            closed=closed(desk.places[team], actor, *closing),
            earlier=earlier.get((team, quarter), ()),
            version=version,
            number=number,
            next_version=next_version,
        )
    for pair in before_the_portal({pair for pair in wanted if pair not in found}, desk, actor):
        found[pair] = Standing(report_id=None, earlier=earlier.get(pair, ()))
    return found


def before_the_portal(missing: Pairs, desk: Desk, actor: Actor) -> list[tuple[int, Quarter]]:
    """Quarters before the first that a team was expected to report, in which it ran already."""
    teams = {team for team, _ in missing if desk.roster.by_id[team].may_begin}
    if not teams:
        return []
    rows = QuarterlyReport.objects.visible_to(actor).filter(among("team_id", teams)).order_by()
    first = dict(rows.values_list("team_id").annotate(Min("quarter")))
    return [
        (team, quarter)
        for team, quarter in missing
        if team in first and quarter < first[team] and ran_in(desk.roster.by_id[team], quarter)
    ]


def ran_in(team: Enterable, quarter: Quarter) -> bool:
    return ran(quarter, team.started_on, team.ended_on)


def last_revisions(actor: Actor, report_ids: Collection[int]) -> dict[int, tuple[int, int, Figures]]:
    """What each report's team would go on from: the number and the version its draft gets, and the figures."""
    rows = (
        Revision.objects.visible_to(actor)
        .filter(among("report_id", report_ids))
        .order_by("report_id", "-number")
        .distinct("report_id")
        .values_list("report_id", "number", "is_draft", "version", *FIGURES)
    )
    return {
        report: (number + (not is_draft), version + 1, figures_of(values))
        for report, number, is_draft, version, *values in rows
    }


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


def closed(
    place: Place,
    actor: Actor,
    status: str,
    begun_by: int | None,
    submitted_by: int | None,
    submitted_at: datetime | None,
    accepted_at: datetime | None,
) -> str:
    """Why the draft is not this person's to change now; blank if it is."""
    people = frozenset(person for person in (begun_by, submitted_by) if person)
    decision = may(
        actor,
        "edit",
        Resource.OUTCOME_DRAFT,
        Place(place.state_id, place.agency_ids, place.team_id, people),
    )
    if not decision:
        return decision.reason
    if status in QuarterlyReport.WITH_TEAM:
        return ""
    moment = submitted_at if status == Status.SUBMITTED else accepted_at
    return NEXT[Status(status)].format(f"{timezone.localtime(moment):%B %-d}" if moment else "an earlier day")


def all_measures(tenant: State, quarters: Iterable[Quarter]) -> tuple[Measure, ...]:
    """Every measure that one of the quarters asks for, in the order of the form."""
    found: dict[str, Measure] = {}
    for measures in measures_by_quarter(tenant.pk, set(quarters)).values():
        found |= {measure.key: measure for measure in measures if measure.key not in found}
    return tuple(found.values())
