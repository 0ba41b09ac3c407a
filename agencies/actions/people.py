"""People who hold a seat in a state: their role and teams are changed, and they leave. How they come: invitations."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from agencies import seen, tenancy
from agencies.actions.seats import Seat, complete, require_grant, require_open
from agencies.announcements import Event, announce
from agencies.models import Membership, MembershipTeam, Person, State, Team
from agencies.models.people import MembershipQuerySet
from agencies.permissions import Actor, Resource, Role, may_grant, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus


@transaction.atomic(savepoint=False)
def change_seat(
    membership: Membership, *, seat: Seat, reason: str, seen_as: str | None = None, by: Actor
) -> Membership:
    """Gives a person another role or other teams.

    A move to another agency ends this membership and begins one there: who worked where, and when, stays known,
    because the conflict-of-interest rule looks back 24 months.
    """
    require(by, "edit", Resource.MEMBERSHIP, membership.place)
    _not_oneself(membership, by, "change your own role")
    _within_rank(membership, by)
    seat = complete(seat)
    require_grant(by, "edit", seat)
    require_open(seat, membership.state)
    if not reason.strip():
        raise Unacceptable("Say why; it is kept in the history.", field="reason")
    membership = _locked(membership, by)
    seen.check(membership, seen_as)
    if membership.role == Role.STATE_ADMIN and seat.role is not Role.STATE_ADMIN:
        _keep_an_admin(membership)
    with tenancy.because(reason):
        changed = _seated(membership, seat)
    announce(
        Event.ROLE_CHANGED,
        state_id=changed.state_id,
        person_id=changed.person_id,
        membership_id=changed.pk,
        role=seat.role.label,
        where=seat.where,
        reason=reason,
        by=by.name,
    )
    return changed


@transaction.atomic(savepoint=False)
def remove(membership: Membership, *, reason: str, by: Actor) -> Membership:
    """Ends the membership today; what the person wrote stays. The very next request of the person is refused."""
    require(by, "delete", Resource.MEMBERSHIP, membership.place)
    _within_rank(membership, by)
    if not reason.strip():
        raise Unacceptable("Say why; it is kept in the history.", field="reason")
    membership = _locked(membership, by)
    if membership.role == Role.STATE_ADMIN:
        _keep_an_admin(membership)
    with tenancy.because(reason):
        _end(membership, membership.state.today())
    announce(
        Event.MEMBERSHIP_ENDED,
        state_id=membership.state_id,
        person_id=membership.person_id,
        membership_id=membership.pk,
        role=membership.role_label,
        where=str(membership.agency or membership.payer or membership.department or ""),
        reason=reason,
        by=by.name,
    )
    return membership


@transaction.atomic(savepoint=False)
def rename(person: Person, *, name: str) -> Person:
    """One's own name, as others see it."""
    if not name.strip():
        raise Unacceptable("Write your name as others should see it.", field="name")
    person.name = name.strip()
    person.save(update_fields=["name"])
    return person


def set_teams(membership: Membership, teams: Iterable[Team]) -> None:
    wanted = {team.pk for team in teams}
    kept = set(MembershipTeam.objects.filter(membership=membership).values_list("team_id", flat=True))
    MembershipTeam.objects.filter(membership=membership, team_id__in=kept - wanted).delete()
    MembershipTeam.objects.bulk_create(
        MembershipTeam(state_id=membership.state_id, membership=membership, team_id=pk)
        for pk in sorted(wanted - kept)
    )


def _seated(membership: Membership, seat: Seat) -> Membership:
    moved = (membership.agency, membership.payer) != (seat.agency, seat.payer)
    if moved:
        today = membership.state.today()
        _end(membership, today)
        membership = Membership(state=membership.state, person=membership.person, started_on=today)
    membership.role, membership.department = seat.role, seat.department
    membership.agency, membership.payer = seat.agency, seat.payer
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise Unacceptable(
            f"{membership.person} holds this role there already. Remove one of the two instead.", field="role"
        ) from error
    set_teams(membership, seat.teams)
    return membership


def _end(membership: Membership, on: date) -> None:
    membership.ended_on = on
    membership.save(update_fields=["ended_on"])


def _locked(membership: Membership, by: Actor) -> Membership:
    """The row as it is now: since it was read, somebody may have given the person another role."""
    if membership.role == Role.STATE_ADMIN:
        list(
            _admins(membership.state)
        )  # all in one order, or two who remove each other would wait for each other
    found: Membership | None = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("state", "person", "agency", "payer")
        .filter(pk=membership.pk)
        .first()
    )
    if found is None:
        raise NotPermitted(
            f"{membership.person} was given a role that you may not change. Nothing was changed."
        )
    _within_rank(found, by)
    if found.ended_on and found.ended_on <= found.state.today():
        raise WrongStatus(
            f"{found.person} left on {found.ended_on:%B} {found.ended_on.day}. Nothing was changed."
        )
    return found


def _not_oneself(membership: Membership, by: Actor, deed: str) -> None:
    if membership.person_id == by.person_id:
        raise NotPermitted(f"You cannot {deed}. Ask another person who may. Nothing was changed.")


def _within_rank(membership: Membership, by: Actor) -> None:
    if not may_grant(by, membership.role):
        raise NotPermitted(
            f"As {by.role.label} you may not change a {membership.role_label}: nobody changes a role that they "
            "could not give. Nothing was changed."
        )


def _keep_an_admin(leaving: Membership) -> None:
    if all(admin.pk == leaving.pk for admin in _admins(leaving.state)):
        raise Unacceptable("Name another state admin first. Nothing was changed.")


def _admins(state: State) -> MembershipQuerySet:
    """Every admin's row, locked, so that two admins cannot remove each other at the same moment."""
    rows: MembershipQuerySet = (
        Membership.objects.select_for_update(of=("self",))
        .in_state(state.pk)
        .filter(role=Role.STATE_ADMIN)
        .open_on(state.today())
        .order_by("pk")
    )
    return rows
