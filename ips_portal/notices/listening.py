"""What the core announces, turned into messages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.announcements import Event, listen
from agencies.models import Invitation, Person, State
from ips_portal.notices import register
from ips_portal.notices.actions import Address, tell
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice


def still_open(state: State, key: str, person: Person | None) -> bool:
    """Accepted, withdrawn, expired or sent again with another link, an invitation is no longer worth a mail."""
    number, _, ends = key.removeprefix(f"{INVITED.key}:").partition(":")
    found = Invitation.objects.in_state(state.pk).pending().filter(pk=int(number)).first()
    return found is not None and not found.is_expired and found.expires_at.isoformat() == ends


INVITED = Notice(
    key="invited",
    event="Somebody invites you",
    to_whom="The person invited, at the address typed by the one who invites",
    subject="Your invitation to {program}",
    why="you were invited by name to this address. If you do not know the sender, ignore the message: "
    "without the link nobody gets in",
    facts=frozenset({"role", "where", "invited_by", "until"}),
    pace=Pace.AT_ONCE,
    button="Accept the invitation",
    still=still_open,
)
ACCEPTED = Notice(
    key="invitation-accepted",
    event="Somebody you invited has joined",
    to_whom="The person who invited",
    subject="{name} has joined {program}",
    why="you sent the invitation",
    facts=frozenset({"name", "role", "where"}),
    pace=Pace.DIGEST,
    button="See who has access",
)
ROLE_CHANGED = Notice(
    key="role-changed",
    event="Your role or your teams change",
    to_whom="The person whose role it is",
    subject="Your role in {program} has changed",
    why="a change of your rights is always told to you",
    facts=frozenset({"role", "where", "changed_by"}),
    pace=Pace.AT_ONCE,
    button="Open the portal",
)
ENDED = Notice(
    key="membership-ended",
    event="Your access ends",
    to_whom="The person whose access it was",
    subject="Your access to {program} has ended",
    why="a change of your rights is always told to you",
    facts=frozenset({"role", "where", "changed_by"}),
    pace=Pace.AT_ONCE,
    button="Open the portal",
)


def invited(
    *, state_id: int, invitation_id: int, email: str, name: str, role: str, where: str, link: str,
    expires_at: datetime, by: str,
) -> None:  # fmt: skip
    """Sent again, an invitation has a new link and a new end, so it is a new event."""
    state = State.objects.get(pk=state_id)
    tell(
        INVITED.key,
        state=state,
        to=[Address(email, name)],
        key=f"invited:{invitation_id}:{expires_at.isoformat()}",
        link=link,
        facts={
            "role": role,
            "where": where or state.name,
            "invited_by": by,
            "until": f"{expires_at.astimezone(ZoneInfo(state.zone)):%B %-d, %Y}",
        },
    )


def accepted(
    *,
    state_id: int,
    invitation_id: int,
    email: str,
    name: str,
    role: str,
    where: str,
    invited_by_id: int,
    by: str,
) -> None:
    """Each invitation is accepted once."""
    state = State.objects.get(pk=state_id)
    tell(
        ACCEPTED.key,
        state=state,
        to=Person.objects.filter(pk=invited_by_id),
        key=f"accepted:{invitation_id}",
        link=f"/{state.slug}/people/",
        facts={"name": name, "role": role, "where": where or state.name},
    )


def role_changed(**facts: Any) -> None:
    _rights_changed(ROLE_CHANGED, **facts)


def membership_ended(**facts: Any) -> None:
    _rights_changed(ENDED, **facts)


def _rights_changed(
    notice: Notice,
    *,
    state_id: int,
    person_id: int,
    membership_id: int,
    role: str,
    where: str,
    reason: str,
    by: str,
) -> None:
    """The reason stays in the portal: it may say more than a mail should."""
    state = State.objects.get(pk=state_id)
    tell(
        notice.key,
        state=state,
        to=Person.objects.filter(pk=person_id),
        key=f"{notice.key}:{membership_id}:{timezone.now().isoformat()}",
        link="/",
        facts={"role": role, "where": where or state.name, "changed_by": by},
    )


def begin() -> None:
    for notice in (register.DIGEST, INVITED, ACCEPTED, ROLE_CHANGED, ENDED):
        register.register(notice)
    listen(Event.INVITED, invited)
    listen(Event.INVITATION_ACCEPTED, accepted)
    listen(Event.ROLE_CHANGED, role_changed)
    listen(Event.MEMBERSHIP_ENDED, membership_ended)
