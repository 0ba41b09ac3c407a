"""What a funding plan waits for: the signature of one's department, an answer in a column one keeps."""

from django.urls import reverse

from agencies.models import State
from agencies.permissions import Actor
from funding.dashboards.waiting import Waiting, waits_for
from ips_portal.homes.todo import ToDo


def plans_of_funding(tenant: State, actor: Actor) -> list[ToDo]:
    """What is asked stands on the page behind the link."""
    return [to_sign(tenant, each) if each.number else to_answer(tenant, each) for each in waits_for(actor)]


def to_sign(tenant: State, version: Waiting) -> ToDo:
    return ToDo(
        f"Sign version {version.number} of the funding plan",
        f"Funding plan of {version.whose or tenant.name}",
        reverse("funding:version-page", args=[tenant.slug, version.plan, version.number]),
        chip="Waits for you",
    )


def to_answer(tenant: State, question: Waiting) -> ToDo:
    return ToDo(
        f"Answer a question on {question.service}",
        question.source,
        reverse("funding:cell-page", args=[tenant.slug, question.plan, question.element, question.column]),
        chip="Waits for you",
    )
