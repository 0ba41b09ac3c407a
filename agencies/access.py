"""The gate. Address -> state, membership, record, or 404. Pages and API pass the same one.

Each view under a state wears `@door(resource, GET=action, ...)`. The middleware opens the request's one transaction,
finds the person's memberships there and refuses what the table does not grant. `find` fetches a record through the
first membership (narrowest first) that covers it: 404 where it may not be seen, 403 where only the deed is barred.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import get_template
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from agencies import tenancy
from agencies.bearer import READS_ONLY, WHO, Bearer, bearer_of, note
from agencies.models import Person, State
from agencies.models.states import RESERVED_SLUGS
from agencies.permissions import Actor, Resource, may, scope_of
from agencies.refusals import NotPermitted, Refusal, StaleVersion, TooMany, Unidentified
from agencies.tenancy import BREADTH, Breadth
from ips_portal import logs

log = logging.getLogger(__name__)
P = ParamSpec("P")
WITHOUT_DATABASE = {"static", "health", "sw.js"}
NO_RECORD = {
    "state",
    "file",
}  # parts of an address: where one is, and which kind of file a page's table becomes
API = "/api/"
OPEN_API = "/api/v1/schema."  # what the API is like, the same for everybody


@dataclass(frozen=True)
class Door:
    """What a view asks of the permission table, by HTTP method."""

    resource: Resource
    actions: Mapping[str, str]

    def action(self, method: str) -> str | None:
        return self.actions.get("GET" if method == "HEAD" else method)


class TenantRequest(HttpRequest):
    """A request that came through the gate."""

    tenant: State
    actor: Actor
    actors: list[Actor]  # the memberships this door is open to, narrowest first
    seats: list[Actor]  # all memberships the person has in the state
    door: Door
    barred: NotPermitted | None
    bearer: Bearer | None  # the token, where a program asks
    user: Person


def door(
    resource: Resource, **actions: str
) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Declares the resource and, by method, the action of a view: `@door(Resource.TEAM, GET="view", POST="edit")`."""

    def mark(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        guarded = require_http_methods([*actions, *(["HEAD"] if "GET" in actions else [])])(view)
        guarded.door = Door(resource, actions)  # type: ignore[attr-defined]  # read by the middleware and the tests
        return guarded

    return mark


class TenantMiddleware:
    """One transaction for each request, in the tenant's context, rolled back for every answer of 400 and above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        first = request.path_info.partition("/")[2].partition("/")[0]  # "OPTIONS *" has no slash
        if first in WITHOUT_DATABASE:
            return self.get_response(request)
        try:
            response = self.in_transaction(request, first)
        except DatabaseError as error:
            response = database_away(request, error)
        finally:
            timezone.deactivate()
        if (names_state(first) or is_api(request)) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
            patch_vary_headers(response, ["Cookie", "Authorization" if is_api(request) else "HX-Request"])
        if bearer := getattr(request, "bearer", None):
            note(bearer)
        return response

    def in_transaction(self, request: HttpRequest, first: str) -> HttpResponseBase:
        if is_api(request):
            with transaction.atomic():
                try:
                    identify(request)
                except Refusal as refusal:
                    return refused(request, refusal)
                return self.answered(request)
        if not request.user.is_authenticated and names_state(first):
            return to_sign_in(request)  # the same for states that do not exist
        return self.answered(request, told=not names_state(first))  # of a state, `admit` tells whose eyes

    def answered(self, request: HttpRequest, *, told: bool = True) -> HttpResponseBase:
        with tenancy.whole_transaction(request.user.pk or 0, told=told):
            response = self.get_response(request)
            barred: NotPermitted | None = getattr(request, "barred", None)
            if barred and response.status_code < 400:  # the view never asked `find`
                response = refused(request, barred)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if "state" not in kwargs:
            return None
        admitted = cast(TenantRequest, request)
        try:
            admit(
                admitted,
                getattr(view, "door", None),
                kwargs["state"],
                of_record=bool(kwargs.keys() - NO_RECORD),
            )
        except Refusal as refusal:
            return refused(request, refusal)
        if admitted.tenant.requires_second_factor and not is_mfa_enabled(request.user):
            asks = f"{admitted.tenant} asks everybody for a second step at sign-in."
            if is_api(request):
                return refused(request, NotPermitted(f"{asks} Set it up in the portal, under My account."))
            messages.info(request, f"{asks} Set it up here.")
            return redirect("mfa_index")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A refusal becomes its answer; what was written goes with the transaction."""
        if isinstance(error, Refusal):
            return refused(request, error)
        if isinstance(error, DatabaseError):
            return database_away(request, error)
        return None


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def identify(request: HttpRequest) -> None:
    """Who asks the API: a token, which stands alone, or a session. Raises Unidentified, TooMany."""
    bearer = bearer_of(request)
    if bearer:
        request.user = Person.objects.get(pk=bearer.person_id)
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # no browser sends it by itself
    elif not request.user.is_authenticated and not request.path_info.startswith(OPEN_API):
        raise Unidentified(WHO)
    cast(TenantRequest, request).bearer = bearer


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A piece of a page that htmx fetches sends the whole page there."""
    if request.headers.get("HX-Request") == "true":
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or request.path
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}")
    return redirect_to_login(request.get_full_path())


def names_state(first: str) -> bool:
    """Does an address whose path begins so lead under a state, existing or not?"""
    return bool(first) and first not in RESERVED_SLUGS


def admit(request: TenantRequest, wanted: Door | None, slug: str, *, of_record: bool) -> None:
    """Finds the state and the memberships, and checks the door against the table. Raises Http404 or NotPermitted.

    Where the address names a record, a role that lacks the right is barred, and `find` says which it is: 404 for a
    record out of sight, 403 for one in sight. Whatever else the view answers is overruled with 403. A token that may
    only read is barred in the same way from everything else.
    """
    bearer: Bearer | None = getattr(request, "bearer", None)
    if bearer and bearer.state_slug != slug:
        raise Unidentified(WHO)
    rows = State.objects.filter(slug=slug).annotate(seat=tenancy.seat_in("pk", request.user.pk)).order_by()
    states = list(rows)  # the state once for each seat the person has there
    if wanted is None or not states:
        raise Http404
    tenant, seats = states[0], tenancy.actors(state.seat for state in states)
    request.seats = actors = bearer.under(seats) if bearer else seats
    if asked := request.GET.get("as"):
        actors = [actor for actor in actors if str(actor.membership_id) == asked]
    action = wanted.action(str(request.method)) or "view"
    seeing = [actor for actor in actors if scope_of(actor.role, "view", wanted.resource)]
    doing = [actor for actor in actors if scope_of(actor.role, action, wanted.resource)]
    if not seeing and not doing:
        raise Http404
    request.tenant, request.door, request.actors = tenant, wanted, doing or seeing
    timezone.activate(ZoneInfo(tenant.zone))  # pages show the hours of the state
    enter(request, widest(request.actors))
    request.barred = None
    if not doing:
        request.barred = NotPermitted(may(request.actor, action, wanted.resource).reason)
    elif bearer and not bearer.may_use(str(request.method)):
        request.barred = NotPermitted(READS_ONLY)
    if request.barred and not of_record:
        raise request.barred


def widest(actors: list[Actor]) -> Actor:
    """For pages across records. Seeing every name weighs less than seeing what is behind some of them."""
    of_substance = [actor for actor in actors if BREADTH[actor.role] is not Breadth.NAMES]
    return (of_substance or actors)[-1]


def enter(request: TenantRequest, actor: Actor) -> None:
    request.actor = actor
    tenancy.switch(actor)


class Records(Protocol):
    def visible_to(self, actor: Actor) -> tenancy.TenantQuerySet: ...


def find(
    request: TenantRequest,
    records: Records,
    *,
    resource: Resource | None = None,
    action: str | None = None,
    **lookup: Any,
) -> Any:
    """The record, under the first membership that covers it: 404 if it may not be seen, 403 if not done.

    Resource and action are those of the door unless the record is of another kind (a team on a review's form).
    """
    resource = resource or request.door.resource
    action = action or request.door.action(str(request.method)) or "view"
    refusal: NotPermitted | None = None
    if any("\x00" in value for value in lookup.values() if isinstance(value, str)):
        raise Http404  # no stored text has it
    for actor in request.actors:
        if actor is not request.actor:
            enter(request, actor)
        record = records.visible_to(actor).filter(**lookup).first()
        if record is None or not may(actor, "view", resource, record.place):
            continue
        decision = may(actor, action, resource, record.place)
        if decision and request.barred:
            raise request.barred
        if decision:
            return record
        refusal = NotPermitted(decision.reason)
    if refusal:
        raise refusal
    raise Http404


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal, with its own words. The transaction is usable again so that the page can be drawn."""
    if connection.in_atomic_block:
        transaction.set_rollback(False)
        tenancy.retell()
    if wants_json(request):
        return told(refusal)
    return render(request, f"{refusal.status}.html", {"refusal": refusal}, status=refusal.status)


def wants_json(request: HttpRequest) -> bool:
    return is_api(request) or request.headers.get("Accept", "").startswith("application/json")


def told(refusal: Refusal) -> JsonResponse:
    """A refusal as JSON: in words, by field, and with what is stored now where somebody saved first."""
    body: dict[str, Any] = {"error": refusal.message}
    if refusal.fields:
        body["fields"] = refusal.fields
    if isinstance(refusal, StaleVersion):
        body["current"] = refusal.current
    response = JsonResponse(body, status=refusal.status)
    if isinstance(refusal, Unidentified):
        response["WWW-Authenticate"] = 'Bearer realm="IPS portal"'
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.seconds)
    return response


def database_away(request: HttpRequest, error: DatabaseError, *, may_be_saved: bool = False) -> HttpResponse:
    """503 with Retry-After, from a template that asks the database nothing. Other database errors stay errors.

    `may_be_saved`: the transaction had ended before the database went away.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        raise error
    log.error("the database did not answer: %s", type(error.__cause__ or error).__name__)
    busy = (
        "lock timeout" in str(error) and not may_be_saved
    )  # then it is the session that is held, and no record
    text = "Somebody else is saving this record." if busy else "The portal cannot reach its database."
    if wants_json(request):
        saved = "What you sent may have been saved already." if may_be_saved else "Nothing was saved."
        response: HttpResponse = JsonResponse({"error": f"{text} {saved} Try again."}, status=503)
    else:
        told = {"text": text, "may_be_saved": may_be_saved, **logs.reference(request)}
        response = HttpResponse(get_template("503.html").render(told), status=503)
    response["Retry-After"] = "5"
    return response
