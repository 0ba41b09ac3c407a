"""A seat: role and the place it is held in. Which roles need which place, checked once for invitation and change."""

from dataclasses import dataclass, replace

from agencies.models import Agency, Payer, State, Team
from agencies.permissions import AGENCY_ROLES, Actor, Place, Resource, Role, grantable, require
from agencies.refusals import NotPermitted, Unacceptable

TEAM_ROLES = (Role.SUPERVISOR, Role.SPECIALIST)
DEPARTMENT_ROLES = (Role.DEPARTMENT_LIAISON, Role.VR_LIAISON, Role.MH_LIAISON)


@dataclass(frozen=True)
class Seat:
    role: Role
    agency: Agency | None = None
    teams: tuple[Team, ...] = ()
    payer: Payer | None = None
    department: str = ""

    @property
    def where(self) -> str:
        """The place in words, empty for roles of the whole state."""
        if self.teams:
            return ", ".join(sorted(team.name for team in self.teams))
        return str(self.agency or self.payer or self.department or "")


def complete(seat: Seat) -> Seat:
    """The seat with its agency taken from its team, or a refusal that names the field that is missing or too many."""
    if seat.role in AGENCY_ROLES and not seat.agency and seat.teams:
        seat = replace(seat, agency=seat.teams[0].agency)
    article = "An" if seat.role.label[0] in "AEI" else "A"
    who = f"{article} {seat.role.label}"
    _expect(seat.role in AGENCY_ROLES, bool(seat.agency), "agency", f"{who} belongs to an agency", who)
    _expect(seat.role is Role.PAYER, bool(seat.payer), "payer", f"{who} belongs to a payer", who)
    if seat.role is Role.DEPARTMENT_LIAISON and not seat.department:
        raise Unacceptable(f"{who} speaks for a department. Write which.", field="department")
    if seat.department and seat.role not in DEPARTMENT_ROLES:
        raise Unacceptable(f"{who} has no department here. Leave this empty.", field="department")
    if seat.role is Role.SPECIALIST and not seat.teams:
        raise Unacceptable(f"{who} works on a team. Choose which.", field="teams")
    if seat.teams and seat.role not in TEAM_ROLES:
        raise Unacceptable(f"{who} is not tied to single teams. Leave this empty.", field="teams")
    strangers = [team.name for team in seat.teams if seat.agency and seat.agency.pk not in team.agency_ids]
    if strangers:
        raise Unacceptable(f"{', '.join(strangers)}: not a team of {seat.agency}.", field="teams")
    return seat


def _expect(needed: bool, given: bool, field: str, need: str, who: str) -> None:
    if needed and not given:
        raise Unacceptable(f"{need}. Choose which.", field=field)
    if given and not needed:
        raise Unacceptable(f"{who} does not belong to one. Leave this empty.", field=field)


def require_grant(by: Actor, action: str, seat: Seat) -> None:
    """Nobody gives a right above their own or outside their own place. Source: trust reference, T7 and 2.2."""
    if seat.role not in grantable(by):
        able = ", ".join(role.label for role in grantable(by)) or "nobody"
        raise NotPermitted(
            f"As {by.role.label} you may give a role to: {able}. {seat.role.label} is not among them. "
            "Nothing was changed."
        )
    agencies = frozenset({seat.agency.pk}) if seat.agency else frozenset()
    if by.agency_ids and not agencies & by.agency_ids:
        raise NotPermitted(
            f"As {by.role.label} you may do this in your own agency only. Nothing was changed."
        )
    places = [Place(by.state_id, agencies, team.pk) for team in seat.teams]
    for place in places or [Place(by.state_id, agencies)]:
        require(by, action, Resource.MEMBERSHIP, place)


def require_open(seat: Seat, state: State) -> None:
    """Nobody is seated where an agency or a team has ended."""
    today = state.today()
    for field, place in [("agency", seat.agency), *(("teams", team) for team in seat.teams)]:
        if place and place.ended_on and place.ended_on <= today:
            raise Unacceptable(f"{place} is closed.", field=field)
