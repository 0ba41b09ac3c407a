"""A new state opens: the tenant, its first policy, its first admin. Run by an operator on the server."""

import re
from collections.abc import Mapping
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from agencies import tenancy
from agencies.actions.states import StateProfile
from agencies.models import Membership, Person, State, StatePolicy
from agencies.models.states import RESERVED_SLUGS
from agencies.permissions import Role
from agencies.refusals import Unacceptable


@transaction.atomic
def open_state(
    slug: str,
    *,
    profile: StateProfile,
    policy_name: str,
    policy: Mapping[str, object],
    admin_name: str,
    admin_email: str,
) -> Membership:
    """Returns the admin's membership. A new admin has no password yet and chooses one by e-mail."""
    check(slug, profile.zone, admin_email)
    state = State(slug=slug, **vars(profile))
    state.started_on = state.today()
    state.save()
    with tenancy.as_system(state.pk):
        StatePolicy.objects.create(
            state=state,
            subject=StatePolicy.Subject.FIDELITY,
            name=policy_name,
            effective_from=state.started_on,
            data=dict(policy),
        )
        return Membership.objects.create(
            state=state,
            person=first_admin(admin_name, admin_email),
            role=Role.STATE_ADMIN,
            started_on=state.started_on,
        )


def check(slug: str, zone: str, admin_email: str) -> None:
    try:
        validate_email(admin_email)
    except ValidationError as error:
        raise Unacceptable(f"“{admin_email}” is no e-mail address. Nothing was changed.") from error
    if slug in RESERVED_SLUGS or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Unacceptable(
            f"“{slug}” cannot be the address of a state. Choose a short name in small letters."
        )
    if State.objects.filter(slug=slug).exists():
        raise Unacceptable(f"There is a state at /{slug}/ already. Nothing was changed.")
    if zone not in available_timezones():
        raise Unacceptable(f"“{zone}” is no time zone. They are named like America/Chicago.")


def first_admin(name: str, email: str) -> Person:
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=name)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person
