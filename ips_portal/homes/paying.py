"""What a funding plan waits for: the signature of one's department, an answer in a column one keeps."""

from django.urls import reverse

from agencies.models import State
from agencies.permissions import Actor, Resource, Role, scope_of
from funding.dashboards.waiting import to_answer, to_sign
from ips_portal.homes.todo import ToDo


def versions_to_sign(tenant: State, actor: Actor) -> list[ToDo]:
    if not actor.desk or scope_of(actor.role, "approve", Resource.FUNDING_PLAN) is None:
        return []
    return [
        ToDo(
            f"Sign version {version.number} of the funding plan",
            str(version.plan),
            reverse("funding:version-page", args=[tenant.slug, version.plan.public_id, version.number]),
            chip="Waits for you",
        )
        for version in to_sign(actor)
    ]


def questions_to_answer(tenant: State, actor: Actor) -> list[ToDo]:
    """What is asked stands on the page behind the link."""
    if not actor.desk and actor.role is not Role.STATE_ADMIN:
        return []
    return [
        ToDo(
            f"Answer a question on {note.element.name}",
            str(note.column),
            reverse(
                "funding:cell-page",
                args=[tenant.slug, note.plan.public_id, note.element_id, note.column_id],
            ),
            chip="Waits for you",
        )
        for note in to_answer(actor)
    ]
