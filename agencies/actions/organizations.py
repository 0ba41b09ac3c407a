"""Agencies, teams and payers: opened, changed, closed and reopened. They end by date and are never deleted."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from agencies import seen, tenancy
from agencies.models import (
    Agency,
    Payer,
    PayerContract,
    Population,
    State,
    Team,
    TeamPartner,
    TeamPopulation,
)
from agencies.permissions import Actor, Place, Resource, moves_teams, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus

# Addresses of pages beside those of one agency or team, and beside the quarters of a team.
RESERVED = frozenset({"new", "brief", "meetings", "statewide"})
Sluggish = TypeVar("Sluggish", Agency, Team)


@dataclass(frozen=True)
class AgencyProfile:
    """What only the state changes."""

    name: str
    code: str = ""
    city: str = ""
    region: str = ""
    started_on: date | None = None


@dataclass(frozen=True)
class AgencyContact:
    """The public fields, which the agency's own leader and trainers keep up to date."""

    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    website: str = ""


@dataclass(frozen=True)
class TeamProfile:
    name: str
    stage: str
    implementation_started_on: date | None = None


@transaction.atomic(savepoint=False)
def open_agency(state: State, *, profile: AgencyProfile, contact: AgencyContact, by: Actor) -> Agency:
    require(by, "create", Resource.AGENCY, Place(state.pk))
    agency = Agency(state=state)
    _put(agency, profile, contact)
    return _insert(agency)


@transaction.atomic(savepoint=False)
def change_agency(
    agency: Agency,
    *,
    contact: AgencyContact,
    profile: AgencyProfile | None = None,
    seen_as: str | None = None,
    by: Actor,
) -> Agency:
    """Without a profile only the contact changes, which is all that a name-only right reaches.

    `seen_as` is the mark of what was read before.
    """
    decision = require(by, "edit", Resource.AGENCY, agency.place)
    if profile and decision.names_only:
        raise NotPermitted(
            f"As {by.role.label} you change the contact of an agency, not its name, code or region. "
            "Ask a state admin. Nothing was changed."
        )
    seen.check(Agency.objects.select_for_update().get(pk=agency.pk), seen_as)
    changed = _put(agency, *([profile] if profile else []), contact)
    with _unique("name", f"There is already an agency called {agency.name} in this state."):
        agency.save(update_fields=changed)
    return agency


@transaction.atomic(savepoint=False)
def close_agency(agency: Agency, *, on: date, with_teams: bool, reason: str, by: Actor) -> Agency:
    """Ends the agency on a day. Its teams are ended before, or together with it."""
    require(by, "lock", Resource.AGENCY, agency.place)
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.ended_on:
        raise WrongStatus(f"{agency} is closed already, from {_day(agency.ended_on)}. Nothing was changed.")
    if agency.started_on and on < agency.started_on:
        raise Unacceptable(f"{agency} began on {_day(agency.started_on)}; it cannot end before.", field="on")
    later = Team.objects.select_for_update().filter(agency=agency).open_on(on)
    names = [team.name for team in later]
    if names and not with_teams:
        raise Unacceptable(
            f"{', '.join(names)}: still open on that day. Close them first, or choose to close them together.",
            field="with_teams",
        )
    with tenancy.because(reason):
        later.update(ended_on=on)
        agency.ended_on = on
        agency.save(update_fields=["ended_on"])
    return agency


@transaction.atomic(savepoint=False)
def reopen_agency(agency: Agency, *, reason: str, by: Actor) -> Agency:
    require(by, "reopen", Resource.AGENCY, agency.place)
    return _reopen(agency, reason)


@transaction.atomic(savepoint=False)
def open_team(
    agency: Agency,
    *,
    profile: TeamProfile,
    partners: Iterable[Agency] = (),
    populations: Iterable[Population] = (),
    by: Actor,
) -> Team:
    """A new team under its lead agency."""
    require(by, "create", Resource.TEAM, agency.place)
    if agency.ended_on and agency.ended_on <= _today(agency):
        raise Unacceptable(f"{agency} is closed. Reopen the agency first.", field="agency")
    team = Team(state_id=agency.state_id, agency=agency)
    _check_profile(profile)
    _put(team, profile)
    _insert(team)
    with tenancy.entered(tenancy.refreshed(by)):  # whoever opened a team reaches it from now on
        _set_partners(team, partners, by)
        _set_populations(team, populations)
    return team


@transaction.atomic(savepoint=False)
def change_team(
    team: Team,
    *,
    profile: TeamProfile,
    agency: Agency | None = None,
    partners: Iterable[Agency] | None = None,
    populations: Iterable[Population] = (),
    seen_as: str | None = None,
    by: Actor,
) -> Team:
    """Lead and partner agencies decide who sees the team's reviews, so only a role of the whole state moves them."""
    require(by, "edit", Resource.TEAM, team.place)
    seen.check(Team.objects.select_for_update().get(pk=team.pk), seen_as)
    _check_profile(profile)
    changed = _put(team, profile)
    if agency and agency.pk != team.agency_id:
        _require_state_scope(by)
        if agency.ended_on and agency.ended_on <= _today(agency):
            raise Unacceptable(f"{agency} is closed. Choose an open agency.", field="agency")
        team.agency = agency
        changed.append("agency")
    with _unique("name", f"There is already a team called {team.name} in this agency."):
        team.save(update_fields=changed)  # nothing else: a colleague may be closing the team
    if partners is not None:
        _set_partners(team, partners, by)
    _set_populations(team, populations)
    return team


@transaction.atomic(savepoint=False)
def close_team(team: Team, *, on: date, reason: str, by: Actor) -> Team:
    require(by, "lock", Resource.TEAM, team.place)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if team.ended_on:
        raise WrongStatus(f"{team} is closed already, from {_day(team.ended_on)}. Nothing was changed.")
    started = team.implementation_started_on
    if started and on < started:
        raise Unacceptable(f"{team} began on {_day(started)}; it cannot end before.", field="on")
    with tenancy.because(reason):
        team.ended_on = on
        team.save(update_fields=["ended_on"])
    return team


@transaction.atomic(savepoint=False)
def reopen_team(team: Team, *, reason: str, by: Actor) -> Team:
    require(by, "reopen", Resource.TEAM, team.place)
    if team.agency.ended_on:
        raise WrongStatus(f"{team.agency} is closed. Reopen the agency before its team. Nothing was changed.")
    return _reopen(team, reason)


@transaction.atomic(savepoint=False)
def add_payer(state: State, *, name: str, kind: str, by: Actor) -> Payer:
    require(by, "create", Resource.AGENCY, Place(state.pk))
    payer = Payer(state=state, name=name, kind=kind)
    with _unique("name", f"There is already a payer called {name} in this state."):
        payer.save()
    return payer


@transaction.atomic(savepoint=False)
def contract(
    payer: Payer, *, agency: Agency, starts_on: date, ends_on: date | None, by: Actor
) -> PayerContract:
    """Opens the agency and its teams to the payer's people while it lasts."""
    require(by, "create", Resource.AGENCY, Place(payer.state_id))
    if ends_on and ends_on < starts_on:
        raise Unacceptable("The last day is before the first.", field="ends_on")
    same_days = models.Q(ends_on=None) | models.Q(ends_on__gte=starts_on)
    if ends_on:
        same_days &= models.Q(starts_on__lte=ends_on)
    if PayerContract.objects.filter(same_days, payer=payer, agency=agency).exists():
        raise Unacceptable(f"{payer} has a contract with {agency} for these days already.", field="agency")
    return PayerContract.objects.create(
        state_id=payer.state_id, payer=payer, agency=agency, starts_on=starts_on, ends_on=ends_on
    )


@transaction.atomic(savepoint=False)
def end_contract(running: PayerContract, *, on: date, reason: str, by: Actor) -> PayerContract:
    require(by, "create", Resource.AGENCY, Place(running.state_id))
    running = PayerContract.objects.select_for_update().select_related("agency").get(pk=running.pk)
    if running.ends_on and running.ends_on < on:
        raise WrongStatus(
            f"This contract has ended already, on {_day(running.ends_on)}. Nothing was changed."
        )
    if on < running.starts_on:
        raise Unacceptable(f"It began on {_day(running.starts_on)}; it cannot end before.", field="on")
    with tenancy.because(reason):
        running.ends_on = on
        running.save(update_fields=["ends_on"])
    return running


def _require_state_scope(by: Actor) -> None:
    if not moves_teams(by):
        raise NotPermitted(
            f"As {by.role.label} you may not move a team between agencies, because that opens its reviews to others. "
            "Ask a state admin or trainer. Nothing was changed."
        )


def _check_profile(profile: TeamProfile) -> None:
    if profile.stage != Team.Stage.PREPARING and not profile.implementation_started_on:
        raise Unacceptable(
            "Say when implementation started; only a team that is preparing has no such day.",
            field="implementation_started_on",
        )


def _set_partners(team: Team, partners: Iterable[Agency], by: Actor) -> None:
    """Partner rows are kept apart from the lead agency; a partnership that ended is removed, with its history."""
    wanted = {agency.pk for agency in partners} - {team.agency_id}
    kept = set(TeamPartner.objects.filter(team=team).values_list("agency_id", flat=True))
    if wanted != kept:
        _require_state_scope(by)
    TeamPartner.objects.filter(team=team, agency_id__in=kept - wanted).delete()
    TeamPartner.objects.bulk_create(
        TeamPartner(state_id=team.state_id, team=team, agency_id=pk) for pk in sorted(wanted - kept)
    )


def _set_populations(team: Team, populations: Iterable[Population]) -> None:
    wanted = {population.pk for population in populations}
    kept = set(TeamPopulation.objects.filter(team=team).values_list("population_id", flat=True))
    TeamPopulation.objects.filter(team=team, population_id__in=kept - wanted).delete()
    TeamPopulation.objects.bulk_create(
        TeamPopulation(state_id=team.state_id, team=team, population_id=pk) for pk in sorted(wanted - kept)
    )


def _put(record: Any, *parts: Any) -> list[str]:
    """Sets the fields of the parts, and names them."""
    values = {name: value for part in parts for name, value in vars(part).items()}
    for name, value in values.items():
        setattr(record, name, value)
    return list(values)


def _reopen(record: Sluggish, reason: str) -> Sluggish:
    record = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if not record.ended_on:
        raise WrongStatus(f"{record} is open. Nothing was changed.")
    with tenancy.because(reason):
        record.ended_on = None
        record.save(update_fields=["ended_on"])
    return record


def _insert(record: Sluggish) -> Sluggish:
    """Saves under the first free address. Who opens a team need not see all others, so the database is asked."""
    stem = slugify(record.name)[:54] or type(record).__name__.lower()
    for number in range(1, 200):
        record.slug = stem if number == 1 else f"{stem}-{number}"
        if record.slug in RESERVED:
            continue
        try:
            with transaction.atomic():
                record.save(force_insert=True)
        except IntegrityError as error:
            if "slugs_are_unique" not in str(error):
                raise Unacceptable(
                    f"{record.name} exists already. Choose another name.", field="name"
                ) from error
        else:
            return record
    raise Unacceptable("Too many have this name. Choose another one.", field="name")


@contextmanager
def _unique(field: str, message: str) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Unacceptable(message, field=field) from error


def _today(agency: Agency) -> date:
    return State.objects.get(pk=agency.state_id).today()


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
