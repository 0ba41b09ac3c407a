"""API tokens: list, make, revoke; and how a program begins with one."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from agencies.access import TenantRequest, door, find
from agencies.actions import tokens
from agencies.bearer import A_MINUTE
from agencies.forms import HouseForm, shown_on
from agencies.forms.tokens import TokenForm
from agencies.models import ApiToken
from agencies.permissions import Resource, Scope, may, scope_of
from agencies.views.pages import Crumbs, address, done, form_page, page_of, question

TOKENS = ApiToken.objects.select_related("person", "membership__agency", "membership__payer", "revoked_by")


@door(Resource.API_TOKEN, GET="view")
def token_list(request: TenantRequest, state: str) -> HttpResponse:
    """One's own tokens; for a state admin, all of the state."""
    today = request.tenant.today()
    page = page_of(request, TOKENS.visible_to(request.actor))
    context = {
        "page": page,
        "rows": [(token, _status(token, today)) for token in page],
        "sees_all": scope_of(request.actor.role, "view", Resource.API_TOKEN) is Scope.STATE,
        "may_add": bool(may(request.actor, "create", Resource.API_TOKEN)),
        "crumbs": _crumbs(),
    }
    return render(request, "agencies/token_list.html", context)


@sensitive_variables("made")
@door(Resource.API_TOKEN, GET="create", POST="create")
def token_new(request: TenantRequest, state: str) -> HttpResponse:
    """The answer to the form is the one page that ever shows the secret; it is stored nowhere."""
    form = TokenForm(request.POST or None, initial=TokenForm.start(request.tenant.today()))
    back = address(request, "agencies:token-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = tokens.make(request.tenant, **form.cleaned_data, by=request.actor)
            context = {"made": made, "list_url": back, **_how(request), "crumbs": _crumbs(back, "New token")}
            return render(request, "agencies/token_made.html", context, status=201)
    where = f", {request.actor.where}" if request.actor.where else ""
    return form_page(
        request,
        form,
        heading="Make an API token",
        label="Make the token",
        lead=f"It acts as you in one role: {request.actor.role.label}{where}. When that role ends, so does the token.",
        crumbs=_crumbs(back)[:-1],
        cancel_url=back,
    )


@door(Resource.API_TOKEN, GET="delete", POST="delete")
def token_revoke(request: TenantRequest, state: str, token: int) -> HttpResponse:
    found = find(request, TOKENS, pk=token)
    form = HouseForm(request.POST if request.method == "POST" else None)
    back = address(request, "agencies:token-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            tokens.revoke(found, by=request.actor)
            return done(request, f"“{found}” is revoked. The very next request with it is refused.", back)
    return question(
        request,
        form,
        heading=f"Revoke “{found}”",
        warning="The program that uses this token is refused from its next request on.",
        points=[
            f"It is a token of {found.person}.",
            "A revoked token cannot be used again; make a new one instead.",
        ],
        label="Revoke it",
        crumbs=_crumbs(back)[:-1],
        cancel_url=back,
        danger=True,
    )


@door(Resource.STATE, GET="view")
def how(request: TenantRequest, state: str) -> HttpResponse:
    """What the API is, and how a program begins."""
    makes = bool(may(request.actor, "create", Resource.API_TOKEN))
    list_url = address(request, "agencies:token-list", state) if makes else ""
    context = {**_how(request), "list_url": list_url, "crumbs": _crumbs(list_url, "The API")}
    return render(request, "agencies/token_how.html", context)


def _how(request: TenantRequest) -> dict[str, object]:
    return {"api": f"{settings.BASE_URL}/api/v1/{request.tenant.slug}/", "a_minute": A_MINUTE}


def _status(token: ApiToken, today: date) -> tuple[str, str]:
    """Chip and words. A token whose role has ended no longer works, whatever its own dates say."""
    ended = token.membership.ended_on
    if ended and ended <= today:
        return "plain", "Role has ended"
    status = token.status_on(today)
    return ("ok" if status == "working" else "plain"), status.capitalize()


def _crumbs(list_url: str = "", here: str = "") -> Crumbs:
    """Ends with the list itself, or with a page behind it."""
    top = [("My account", "/account/"), ("API tokens", list_url)]
    return [*top, (here, "")] if list_url else top
