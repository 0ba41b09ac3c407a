"""What the pages of agencies, teams and people show, gathered once into frozen values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from agencies.models import Agency, Membership, Payer, PayerContract, State, Team
from agencies.permissions import AGENCY_ROLES, Actor, Resource, Role, may, may_grant, moves_teams
from agencies.tenancy import TenantQuerySet

Fact = tuple[str, Any]


@dataclass(frozen=True)
class AgencyPage:
    agency: Agency
    names_only: bool
    status: str  # open, closing, closed
    facts: Sequence[Fact]
    teams: Sequence[Team]
    people: Sequence[Membership]
    contracts: Sequence[PayerContract]
    may: dict[str, bool]


@dataclass(frozen=True)
class TeamPage:
    team: Team
    names_only: bool
    status: str
    facts: Sequence[Fact]
    populations: Sequence[str]
    partners: Sequence[Agency]
    opens: frozenset[int]  # agencies whose page the person may open; of the others they know the name
    people: Sequence[Membership]
    may: dict[str, bool]


@dataclass(frozen=True)
class MembershipPage:
    membership: Membership
    is_self: bool
    has_left: bool
    facts: Sequence[Fact]
    may: dict[str, bool]


@dataclass(frozen=True)
class Places:
    """Where an actor may give people a seat."""

    agencies: TenantQuerySet
    teams: TenantQuerySet
    payers: TenantQuerySet


def places_for(actor: Actor) -> Places:
    agencies = Agency.objects.visible_to(actor)
    if actor.agency_ids:
        agencies = agencies.filter(pk__in=actor.agency_ids)
    teams = Team.objects.visible_to(actor).select_related("agency").prefetch_related("partners")
    if actor.role is Role.SUPERVISOR:
        teams = teams.filter(pk__in=actor.team_ids)
    return Places(agencies, teams, Payer.objects.visible_to(actor))


def home_agency(actor: Actor, role: Role) -> Agency | None:
    """An actor who belongs to one agency gives seats there, and is not asked which."""
    if not actor.agency_ids or role not in AGENCY_ROLES:
        return None
    return Agency.objects.filter(pk__in=actor.agency_ids).first()


def agencies_for_teams(actor: Actor, today: date, kept: Sequence[Any] = ()) -> TenantQuerySet:
    """Which agencies may lead or partner a team: the own one, or all open ones for roles of the whole state.

    `kept` are those that do so already, open or not.
    """
    seen = Agency.objects.visible_to(actor)
    if not moves_teams(actor):
        return seen.open_on(today).filter(pk__in=actor.agency_ids)
    return seen.open_on(today) | seen.filter(pk__in=kept)


def status_of(ended_on: date | None, today: date) -> str:
    if ended_on is None:
        return "open"
    return "closed" if ended_on <= today else "closing"


def openable(agencies: Iterable[Agency], actor: Actor) -> frozenset[int]:
    """Whose page may be opened. A name can be known without that: a partner's on a team's page, for a payer."""
    return frozenset(each.pk for each in agencies if may(actor, "view", Resource.AGENCY, each.place))


def agencies_of(actor: Actor, today: date, data: dict[str, Any]) -> TenantQuerySet:
    """The list of agencies, with how many open teams each leads."""
    open_teams = Q(teams__ended_on=None) | Q(teams__ended_on__gt=today)
    rows = Agency.objects.visible_to(actor).search(data.get("q", ""))
    if region := data.get("region"):
        rows = rows.filter(region=region)
    rows = rows.annotate(open_teams=Count("teams", filter=open_teams))
    return _opened(rows, data, today).order_by("name", "pk")


def teams_of(actor: Actor, today: date, data: dict[str, Any]) -> TenantQuerySet:
    rows = Team.objects.visible_to(actor).search(data.get("q", "")).select_related("agency")
    if agency := data.get("agency"):
        rows = rows.of(agency)
    if not may(actor, "view", Resource.TEAM).names_only:  # what is not shown is not searched by either
        if stage := data.get("stage"):
            rows = rows.filter(stage=stage)
        if population := data.get("population"):
            rows = rows.filter(populations__population=population)
    shown = _opened(rows, data, today).order_by("name", "pk")
    return shown.prefetch_related("populations__population", "partners__agency")


def members_of(actor: Actor, today: date, data: dict[str, Any]) -> TenantQuerySet:
    rows = Membership.objects.visible_to(actor).select_related("person", "agency", "payer")
    if text := data.get("q"):
        rows = rows.filter(Q(person__name__icontains=text) | Q(person__email__icontains=text))
    if role := data.get("role"):
        rows = rows.filter(role=role)
    if agency := data.get("agency"):
        rows = rows.filter(agency=agency)
    match data.get("current") or "now":
        case "now":
            rows = rows.open_on(today)
        case "left":
            rows = rows.filter(ended_on__lte=today)
    return rows.prefetch_related("teams__team").order_by("person__name", "pk")


def agency_page(agency: Agency, actor: Actor, state: State) -> AgencyPage:
    today = state.today()
    names_only = may(actor, "view", Resource.AGENCY, agency.place).names_only
    teams = Team.objects.visible_to(actor).of(agency).select_related("agency").order_by("name")
    contracts = PayerContract.objects.visible_to(actor).filter(agency=agency).select_related("payer")
    return AgencyPage(
        agency=agency,
        names_only=names_only,
        status=status_of(agency.ended_on, today),
        facts=_agency_facts(agency, names_only=names_only),
        teams=list(teams),
        people=_people(actor, today, agency=agency),
        contracts=[] if names_only else list(contracts.order_by("payer__name")),
        may={
            "edit": bool(may(actor, "edit", Resource.AGENCY, agency.place)),
            "close": bool(may(actor, "lock", Resource.AGENCY, agency.place)),
            "reopen": bool(may(actor, "reopen", Resource.AGENCY, agency.place)),
            "add_team": bool(may(actor, "create", Resource.TEAM, agency.place)),
            "see_history": not names_only,
        },
    )


def team_page(team: Team, actor: Actor, state: State) -> TeamPage:
    today = state.today()
    place = team.place
    names_only = may(actor, "view", Resource.TEAM, place).names_only
    partners = [link.agency for link in team.partners.select_related("agency")]
    return TeamPage(
        team=team,
        names_only=names_only,
        status=status_of(team.ended_on, today),
        facts=_team_facts(team, names_only=names_only),
        populations=[link.population.name for link in team.populations.select_related("population")],
        partners=partners,
        opens=openable([team.agency, *partners], actor),
        people=_people(actor, today, teams__team=team),
        may={
            "edit": bool(may(actor, "edit", Resource.TEAM, place)),
            "close": bool(may(actor, "lock", Resource.TEAM, place)),
            "reopen": bool(may(actor, "reopen", Resource.TEAM, place)),
            "see_history": not names_only,
        },
    )


def membership_page(membership: Membership, actor: Actor, state: State) -> MembershipPage:
    left = bool(membership.ended_on and membership.ended_on <= state.today())
    touchable = not left and may_grant(actor, membership.role)
    itself = membership.person_id == actor.person_id
    facts: list[Fact] = [
        ("E-mail", membership.person.email),
        ("Role", membership.role_label),
        (state.terms["agency"].capitalize(), membership.agency),
        ("Teams", ", ".join(link.team.name for link in membership.teams.select_related("team"))),
        ("Payer", membership.payer),
        ("Department", membership.department),
        ("Since", _day(membership.started_on)),
        ("Left on", _day(membership.ended_on)),
    ]
    always = {"E-mail", "Role", "Since"}
    return MembershipPage(
        membership=membership,
        is_self=itself,
        has_left=left,
        facts=[fact for fact in facts if fact[1] or fact[0] in always],
        may={
            "change": touchable
            and not itself
            and bool(may(actor, "edit", Resource.MEMBERSHIP, membership.place)),
            "remove": touchable and bool(may(actor, "delete", Resource.MEMBERSHIP, membership.place)),
        },
    )


def _people(actor: Actor, today: date, **where: Any) -> list[Membership]:
    rows = Membership.objects.visible_to(actor).open_on(today).filter(**where).select_related("person")
    return list(rows.order_by("person__name", "pk"))


def _opened(rows: TenantQuerySet, data: dict[str, Any], today: date) -> TenantQuerySet:
    match data.get("open") or "open":
        case "open":
            return rows.open_on(today)  # type: ignore[attr-defined, no-any-return]  # an OpenQuerySet
        case "closed":
            return rows.filter(ended_on__lte=today)
    return rows


def _agency_facts(agency: Agency, *, names_only: bool) -> list[Fact]:
    facts: list[Fact] = [("City", agency.city), ("Region", agency.region)]
    if not names_only:
        facts += [("The state's own code", agency.code), ("In the program since", _day(agency.started_on))]
    if agency.ended_on:
        facts.append(("Closed from", _day(agency.ended_on)))
    return facts


def _team_facts(team: Team, *, names_only: bool) -> list[Fact]:
    facts: list[Fact] = []
    if not names_only:
        facts += [
            ("Stage", team.get_stage_display()),
            ("Start of implementation", _day(team.implementation_started_on)),
        ]
    if team.ended_on:
        facts.append(("Closed from", _day(team.ended_on)))
    return facts


def _day(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""
