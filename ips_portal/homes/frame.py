"""What every page shows around its content: navigation by role, the state's words, other memberships."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from agencies.models import State
from agencies.models.states import DEFAULT_WORDS
from agencies.permissions import Actor, Resource, scope_of

VERSION = "0.1"


@dataclass(frozen=True)
class Door:
    """A page worth a link, shown to the roles that may view its resource; `word` is one of the state's own."""

    label: str
    view_name: str
    resource: Resource
    text: str = ""
    word: str = ""

    def named(self, tenant: State) -> str:
        own: dict[str, str] = tenant.words
        return capfirst(own[self.word]) if self.word in own else self.label


NAVIGATION = (
    Door("Home", "homes:state-home", Resource.STATE),
    Door("Reviews", "fidelity:review-list", Resource.REVIEW, word="reviews"),
    Door("Outcomes", "outcomes:report-list", Resource.OUTCOME_SUBMITTED),
    Door("Funding", "funding:plan-list", Resource.FUNDING_PLAN),
    Door("Teams", "agencies:team-list", Resource.TEAM),
    Door("Agencies", "agencies:agency-list", Resource.AGENCY, word="agencies"),
)

ALSO = (
    Door("People", "agencies:people", Resource.MEMBERSHIP, "who works with the portal, and in which role"),
    Door(
        "Reports", "reports:report-list", Resource.GENERATED_FILE, "papers made for you, and their downloads"
    ),
    Door(
        "Policy and scale",
        "fidelity:policy-page",
        Resource.POLICY,
        "what the state asks of reviews, and the 25 items",
    ),
    Door(
        "All programs",
        "outcomes:shared-outcomes",
        Resource.SHARED_OUTCOMES,
        "outcomes of every program of the state, as they are published",
    ),
    Door(
        "Outcome measures",
        "outcomes:measure-list",
        Resource.POLICY,
        "what is collected each quarter, when it is due, and what counts as a job",
    ),
    Door(
        "What has been published",
        "outcomes:published-list",
        Resource.BENCHMARKS,
        "rates of programs elsewhere, of trials, and how IPS has grown",
    ),
    Door("Outcome checks", "outcomes:rule-list", Resource.POLICY, "what is asked of the figures, and why"),
    Door("Who can see what", "agencies:who-can-see-what", Resource.STATE, "every right of every role"),
    Door("Notices", "notices:notice-list", Resource.STATE, "who is told what, when and why"),
    Door("Audit log", "agencies:audit-log", Resource.AUDIT_LOG, "what was changed, by whom"),
    Door("API tokens", "agencies:token-list", Resource.API_TOKEN, "for programs that act in your name"),
    Door("About the state", "agencies:state-page", Resource.STATE, "its program office, words and colors"),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all templates. Asks the database nothing."""
    tenant: State | None = getattr(request, "tenant", None)
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "portal_version": VERSION,
        "tenant": tenant,
        "words": tenant.terms if tenant else DEFAULT_WORDS,
        "nav": navigation(request, tenant, actor) if tenant and actor else [],
        "memberships": memberships(request, tenant, actor) if tenant and actor else [],
    }


def navigation(request: HttpRequest, tenant: State, actor: Actor) -> list[dict[str, Any]]:
    home = reverse("homes:state-home", args=[tenant.slug])
    entries = []
    for door in NAVIGATION:
        if scope_of(actor.role, "view", door.resource) is None:
            continue
        url = reverse(door.view_name, args=[tenant.slug])
        here = request.path == url if url == home else request.path.startswith(url)
        entries.append({"label": door.named(tenant), "url": keep_membership(request, url), "current": here})
    return entries


def also_here(tenant: State, actor: Actor) -> list[dict[str, str]]:
    """Pages of the state that do not stand in the navigation."""
    return [
        {"label": door.label, "url": reverse(door.view_name, args=[tenant.slug]), "text": door.text}
        for door in ALSO
        if scope_of(actor.role, "view", door.resource)
    ]


def memberships(request: HttpRequest, tenant: State, actor: Actor) -> list[dict[str, Any]]:
    """The person's memberships in this state, each leading to the home page under it."""
    home = reverse("homes:state-home", args=[tenant.slug])
    entries = []
    for each in getattr(request, "seats", []):
        label = f"{each.role.label}, {each.where}" if each.where else each.role.label
        url = f"{home}?as={each.membership_id}"
        entries.append({"label": label, "url": url, "current": each.membership_id == actor.membership_id})
    return entries


def keep_membership(request: HttpRequest, url: str) -> str:
    """A membership the person chose stays in the address."""
    chosen = request.GET.get("as", "")
    return f"{url}?as={chosen}" if chosen.isdigit() else url
