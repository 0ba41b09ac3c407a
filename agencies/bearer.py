"""Who asks with `Authorization: Bearer ...`: one person under one membership, and nothing of a session.

The token is looked up by its hash; a definer function finds it only while it works. Its use is written down after the
answer, in a transaction of its own, so that no request waits for another one with the same token.
"""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest

from agencies import tenancy
from agencies.actions.invitations import hashed
from agencies.actions.tokens import MARK, note_use
from agencies.permissions import Actor, Resource, scope_of
from agencies.refusals import TooMany, Unidentified

log = logging.getLogger(__name__)
A_MINUTE = 600  # requests one token may make
LONGEST = 200  # characters of a header that could be a token
WHO = (
    "Sign in, or send the header “Authorization: Bearer” with a token of this state that works. A token stops working "
    "when it is revoked, when it expires, and when the role behind it ends."
)
READS_ONLY = "This token may read only. Make one that may write, under API tokens. Nothing was changed."


@dataclass(frozen=True)
class Bearer:
    token_id: int
    state_id: int
    state_slug: str
    person_id: int
    membership_id: int
    scope: str
    is_due: bool

    def may_use(self, method: str) -> bool:
        return self.scope == "write" or method in ("GET", "HEAD", "OPTIONS")

    def under(self, seats: list[Actor]) -> list[Actor]:
        """The one membership the token is bound to, as long as its role may have tokens at all."""
        found = [seat for seat in seats if seat.membership_id == self.membership_id]
        if not found or scope_of(found[0].role, "create", Resource.API_TOKEN) is None:
            raise Unidentified(WHO)
        return found


def bearer_of(request: HttpRequest) -> Bearer | None:
    """The token of a request; None where it sends none. Raises Unidentified, TooMany."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, secret = header[:LONGEST].partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(MARK):
        raise Unidentified(WHO)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state_id, state_slug, person_id, membership_id, scope, is_due"
            " FROM agencies_token_by_hash(%s)",
            [hashed(secret.strip())],
        )
        found = cursor.fetchone()
    if found is None:
        raise Unidentified(WHO)
    bearer = Bearer(*found)
    count(bearer)
    return bearer


def count(bearer: Bearer) -> None:
    """So many requests in each minute of the clock. Without the cache nobody is stopped."""
    minute, second = divmod(int(time.time()), 60)
    key = f"api-token-{bearer.token_id}-{minute}"
    cache.add(key, 0, timeout=120)
    made = 0
    with suppress(ValueError):  # the cache came back between the two
        made = cache.incr(key)
    if made > A_MINUTE:
        raise TooMany(
            f"This token has made {A_MINUTE} requests in a minute. Nothing was changed; wait and send it again.",
            seconds=60 - second,
        )


def note(bearer: Bearer) -> None:
    """Writes down, at most once a minute, that the token was used. The answer is made already, whatever happens."""
    if not bearer.is_due:
        return
    try:
        with transaction.atomic(), tenancy.as_system(bearer.state_id, bearer.person_id):
            note_use(bearer.token_id)
    except DatabaseError as error:
        log.warning("the use of a token was not noted: %s", type(error).__name__)
