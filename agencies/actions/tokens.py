"""A person makes a token for a program that acts for them, and takes it back."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from agencies.actions.invitations import hashed
from agencies.models import ApiToken, State
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable, WrongStatus

MARK = "ips_"  # by which scanners for secrets know one
USUAL_DAYS, MOST_DAYS = 90, 365
MOST_TOKENS = 20  # working at once, of one person in one state


@dataclass(frozen=True)
class Made:
    """The only moment at which the secret is known."""

    token: ApiToken
    secret: str


@transaction.atomic(savepoint=False)
def make(state: State, *, name: str, scope: str, expires_on: date, by: Actor) -> Made:
    """A token that runs under the membership the person works as, with at most its rights."""
    require(by, "create", Resource.API_TOKEN, Place(state.pk, people=frozenset({by.person_id})))
    today = state.today()
    if not today < expires_on <= today + timedelta(days=MOST_DAYS):
        raise Unacceptable(
            f"A token works for at least one day and at most {MOST_DAYS}. Choose a day after today, up to "
            f"{_day(today + timedelta(days=MOST_DAYS))}.",
            field="expires_on",
        )
    _one_at_a_time(by.person_id)
    if ApiToken.objects.filter(person_id=by.person_id).working_on(today).count() >= MOST_TOKENS:
        raise Unacceptable(f"You have {MOST_TOKENS} tokens that work. Revoke one you no longer need first.")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        state=state,
        person_id=by.person_id,
        membership_id=by.membership_id,
        role=by.role,
        name=name,
        prefix=secret[:10],
        sha256=hashed(secret),
        scope=scope,
        expires_on=expires_on,
    )
    return Made(token, secret)


@transaction.atomic(savepoint=False)
def revoke(token: ApiToken, *, by: Actor) -> ApiToken:
    """The very next request with it is refused."""
    require(by, "delete", Resource.API_TOKEN, token.place)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at:
        raise WrongStatus("This token was revoked already. Nothing was changed.")
    token.revoked_at, token.revoked_by_id = timezone.now(), by.person_id
    token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def note_use(token_id: int) -> None:
    """Whoever writes it at this very moment does so for all."""
    free = ApiToken.objects.select_for_update(skip_locked=True).filter(pk=token_id)
    ApiToken.objects.filter(pk__in=free.values("pk")).update(last_used_at=timezone.now())


def _one_at_a_time(person_id: int) -> None:
    """Two that are made at once are counted one after the other. Ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tokens'), hashtext(%s))", [str(person_id)])


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
