"""How people come in: a single-use invitation, bound to one address, good for seven days, hashed at rest."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies import tenancy
from agencies.actions.people import set_teams
from agencies.actions.seats import Seat, complete, require_grant, require_open
from agencies.announcements import Event, announce
from agencies.models import Invitation, Membership, MembershipTeam, Person, State
from agencies.permissions import Actor, Role
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus


@transaction.atomic(savepoint=False)
def invite(state: State, *, email: str, name: str, seat: Seat, by: Actor) -> Invitation:
    seat = complete(seat)
    require_grant(by, "create", seat)
    if len(seat.teams) > 1:
        raise Unacceptable("Choose one team; others can be added once the person has joined.", field="teams")
    require_open(seat, state)
    email = email.strip().lower()
    with _writing(by):
        _not_twice(state, email, seat, by)
        invitation = Invitation(
            state=state,
            email=email,
            name=name,
            role=seat.role,
            agency=seat.agency,
            team=seat.teams[0] if seat.teams else None,
            payer=seat.payer,
            department=seat.department,
            invited_by_id=by.person_id,
        )
        try:
            with transaction.atomic():
                _send(invitation, by)
        except IntegrityError as error:
            if "one_pending_invitation" not in str(error):
                raise
            raise Unacceptable(WAITING.format(email), field="email") from error
    return invitation


WAITING = "An invitation for this role is waiting for {} already. Send it again from the list of invitations."


@transaction.atomic(savepoint=False)
def resend(invitation: Invitation, *, by: Actor) -> Invitation:
    """A new link; the old one stops working. Whoever sends it again stands for it from now on."""
    require_grant(by, "create", seat_of(invitation))
    invitation = _waiting(invitation)
    require_open(seat_of(invitation), invitation.state)
    invitation.invited_by_id = by.person_id
    _send(invitation, by)
    return invitation


@transaction.atomic(savepoint=False)
def withdraw(invitation: Invitation, *, by: Actor) -> Invitation:
    require_grant(by, "create", seat_of(invitation))
    invitation = _waiting(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


def find(token: str) -> Invitation | None:
    """The invitation a link opens. The hash is looked up; the token itself is nowhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state_id FROM agencies_invitation_by_hash(%s)", [hashed(token)])
        found = cursor.fetchone()
    if not found:
        return None
    with tenancy.as_system(found[1]):
        return (
            Invitation.objects.select_related("state", "agency", "team__agency", "payer", "invited_by")
            .filter(pk=found[0])
            .first()
        )


@transaction.atomic(savepoint=False)
def join(invitation: Invitation, *, name: str, password: str) -> Person:
    """Makes the account of somebody new and accepts for them. The invitation has proved the address."""
    if account_of(invitation):
        raise Unacceptable("There is an account for this address already. Sign in with it to accept.")
    try:
        with transaction.atomic():
            person = Person.objects.create_user(invitation.email, password, name=name.strip())
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    except IntegrityError as error:
        raise Unacceptable(
            "There is an account for this address already. Sign in with it to accept."
        ) from error
    accept(invitation, person=person)
    return person


@transaction.atomic(savepoint=False)
def accept(invitation: Invitation, *, person: Person) -> Membership:
    """Turns the invitation into a membership, once, for the address it was sent to."""
    if person.email.lower() != invitation.email.lower():
        raise NotPermitted(
            f"This invitation was sent to another address than {person.email}. Sign out, and sign in with the "
            "address that got the message. Nothing was changed."
        )
    with tenancy.as_system(invitation.state_id, person.pk):
        invitation = _waiting(invitation)
        if invitation.is_expired:
            raise WrongStatus(EXPIRED)
        seat = seat_of(invitation)
        require_open(seat, invitation.state)
        _still_given(invitation, seat)
        membership, _ = Membership.objects.get_or_create(
            state=invitation.state,
            person=person,
            role=invitation.role,
            agency=invitation.agency,
            payer=invitation.payer,
            ended_on=None,
            defaults={"started_on": invitation.state.today(), "department": invitation.department},
        )
        present = [
            link.team for link in MembershipTeam.objects.filter(membership=membership).select_related("team")
        ]
        set_teams(membership, [*present, *seat.teams])
        invitation.accepted_at, invitation.accepted_by = timezone.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        announce(
            Event.INVITATION_ACCEPTED,
            state_id=invitation.state_id,
            invitation_id=invitation.pk,
            email=invitation.email,
            name=person.name,
            role=invitation.role_label,
            where=seat.where,
            invited_by_id=invitation.invited_by_id,
            by=person.name,
        )
    return membership


EXPIRED = "This invitation is older than seven days and has expired. Ask for a new one. Nothing was changed."


def _still_given(invitation: Invitation, seat: Seat) -> None:
    """A right that ended opens no doors afterwards, also not through an invitation sent before (threat T8)."""
    for actor in tenancy.actors_of(invitation.invited_by_id, invitation.state_id):
        with suppress(NotPermitted):
            return require_grant(actor, "create", seat)
    raise WrongStatus(
        f"{invitation.invited_by} may no longer give this role, so the invitation does not work any more. Ask for "
        "a new one. Nothing was changed."
    )


def account_of(invitation: Invitation) -> Person | None:
    return Person.objects.filter(email__iexact=invitation.email).first()


def seat_of(invitation: Invitation) -> Seat:
    return Seat(
        Role(invitation.role),
        invitation.agency,
        (invitation.team,) if invitation.team else (),
        invitation.payer,
        invitation.department,
    )


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _send(invitation: Invitation, by: Actor) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_sha256 = hashed(token)
    invitation.sent_at = timezone.now()
    invitation.save()
    announce(
        Event.INVITED,
        state_id=invitation.state_id,
        invitation_id=invitation.pk,
        email=invitation.email,
        name=invitation.name,
        role=invitation.role_label,
        where=seat_of(invitation).where,
        link=f"{settings.BASE_URL}/invitation/{token}/",  # never from the Host header
        expires_at=invitation.expires_at,
        by=by.name,
    )


def _not_twice(state: State, email: str, seat: Seat, by: Actor) -> None:
    if Person.objects.filter(pk=by.person_id, email__iexact=email).exists():
        raise Unacceptable("This is your own address. Nobody gives a role to themselves.", field="email")
    if (
        Invitation.objects.in_state(state.pk)
        .pending()
        .filter(email__iexact=email, role=seat.role, agency=seat.agency, payer=seat.payer)
        .exists()
    ):
        raise Unacceptable(WAITING.format(email), field="email")
    held = (
        Membership.objects.in_state(state.pk)
        .open_on(state.today())
        .filter(person__email__iexact=email, role=seat.role, agency=seat.agency, payer=seat.payer)
    )
    if person := held.first():
        raise Unacceptable(
            f"{person.person} holds this role there already. To add a team, change their role instead.",
            field="email",
        )


def _waiting(invitation: Invitation) -> Invitation:
    """The row, locked, as long as nobody used or withdrew it."""
    found: Invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("state", "agency", "team__agency", "payer", "invited_by")
        .get(pk=invitation.pk)
    )
    if found.accepted_at:
        raise WrongStatus("This invitation was used already. Nothing was changed.")
    if found.withdrawn_at:
        raise WrongStatus("This invitation was withdrawn. Nothing was changed.")
    return found


@contextmanager
def _writing(by: Actor) -> Iterator[None]:
    """The operator has no rows in a state; inviting its first admin is the one thing the portal writes for them."""
    operator = by.role is Role.OPERATOR
    with tenancy.as_system(by.state_id, by.person_id) if operator else nullcontext():
        yield
