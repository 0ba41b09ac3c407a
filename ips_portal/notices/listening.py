"""What the core announces, turned into messages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.announcements import Event, listen
from agencies.models import Person, State
from ips_portal.notices import register
from ips_portal.notices.actions import Address, tell


def invited(
    *, state_id: int, invitation_id: int, email: str, name: str, role: str, where: str, link: str,
    expires_at: datetime, by: str,
) -> None:  # fmt: skip
    """Sent again, an invitation has a new link and a new end, so it is a new event."""
    state = State.objects.get(pk=state_id)
    tell(
        register.INVITED.key,
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
        register.ACCEPTED.key,
        state=state,
        to=Person.objects.filter(pk=invited_by_id),
        key=f"accepted:{invitation_id}",
        link=f"/{state.slug}/",
        facts={"name": name, "role": role, "where": where or state.name},
    )


def role_changed(**facts: Any) -> None:
    _rights_changed(register.ROLE_CHANGED, **facts)


def membership_ended(**facts: Any) -> None:
    _rights_changed(register.ENDED, **facts)


def _rights_changed(
    notice: register.Notice,
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
    for notice in (register.INVITED, register.ACCEPTED, register.ROLE_CHANGED, register.ENDED):
        register.register(notice)
    listen(Event.INVITED, invited)
    listen(Event.INVITATION_ACCEPTED, accepted)
    listen(Event.ROLE_CHANGED, role_changed)
    listen(Event.MEMBERSHIP_ENDED, membership_ended)
