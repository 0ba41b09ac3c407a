"""The state's fidelity policy on a day, and the scale its reviews use."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.models import StatePolicy
from agencies.permissions import Place, Resource, may
from agencies.refusals import StaleVersion
from agencies.views.pages import done, form_page
from fidelity.actions import policies
from fidelity.dashboards import policy
from fidelity.dashboards.bank import sees_bank
from fidelity.dashboards.scales import scale_choices
from fidelity.dashboards.what_if import as_json
from fidelity.forms.listing import OnForm
from fidelity.forms.policies import PolicyForm, sent_as
from fidelity.in_force import policy_on
from fidelity.views.pages import kept, posted, url

Effect = dict[str, Any]  # as `as_json` gives it, and a refusal carries it


def asked_day(request: TenantRequest) -> tuple[OnForm, date]:
    form = OnForm(request.GET if request.GET.get("on") else None)
    today = request.tenant.today()
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["on"] or today
    return form, today


@door(Resource.POLICY, GET="view")
def policy_page(request: TenantRequest, state: str) -> HttpResponse:
    form, on = asked_day(request)
    context = {
        "page": policy.policy_page(request.tenant, on),
        "form": form,
        "scale_url": url(request, "scale-page"),
        "scales_url": url(request, "scale-list"),
        "texts_url": url(request, "text-list") if sees_bank(request.actor) else "",
        "policy_url": url(request, "policy-page"),
        "edit_url": url(request, "policy-edit")
        if may(request.actor, "edit", Resource.POLICY, Place(request.tenant.pk))
        else "",
        "crumbs": [(request.tenant.name, f"/{state}/{kept(request)}"), ("Fidelity policy", "")],
    }
    return render(request, "fidelity/policy_page.html", context, status=422 if form.errors else 200)


@door(Resource.POLICY, GET="edit", POST="edit")
def policy_edit(request: TenantRequest, state: str) -> HttpResponse:
    """First shows which teams would stand elsewhere; decides when that very answer was read."""
    today = request.tenant.today()
    form = PolicyForm(
        posted(request),
        policy=policy_on(request.tenant.pk, date.max),
        starts=f"{today.month}/{today.day}/{today.year}",
        scales=scale_choices(request.tenant),
    )
    effect: Effect | None = None
    refusal: StaleVersion | None = None
    if request.method == "POST" and form.is_valid():
        with shown_on(form, sent_as):
            try:
                decided, effect = _considered(request, form)
            except StaleVersion as stale:
                decided, effect, refusal = None, stale.current, stale
            if decided:
                text = f"Decided: these rules hold from {decided.effective_from:%B %-d, %Y} on."
                return done(request, text, url(request, "policy-page"))
    if effect:
        form.seen(effect["version"])
    return form_page(
        request,
        form,
        heading="Decide the rules",
        label="Decide" if effect else "See what would change",
        template="fidelity/policy_edit.html",
        what_if=effect,
        refusal=refusal,
        crumbs=[
            (request.tenant.name, f"/{state}/{kept(request)}"),
            ("Fidelity policy", url(request, "policy-page")),
        ],
        cancel_url=url(request, "policy-page"),
        lead="Where the rules leave something open, the state answers here. Before anything is saved you see which "
        "teams would stand elsewhere. Reports that are issued keep what they say.",
    )


def _considered(request: TenantRequest, form: PolicyForm) -> tuple[StatePolicy | None, Effect | None]:
    """The decided rules, or what they would change where that was not read yet. Raises StaleVersion."""
    given = {
        "effective_from": form.cleaned_data["effective_from"],
        "values": form.values,
        "source": form.cleaned_data["source"],
        "by": request.actor,
    }
    looked = form.cleaned_data["looked"]
    if not looked:
        return None, as_json(policies.consider(request.tenant, **given))
    with transaction.atomic():
        return policies.decide(request.tenant, seen=looked, **given), None
