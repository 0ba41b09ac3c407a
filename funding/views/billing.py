"""Billing guidance: the guided question, worked examples, the rules in force, and deciding others."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.models import StatePolicy
from agencies.permissions import Place, Resource, may
from agencies.refusals import StaleVersion
from agencies.views.pages import Crumbs, done, form_page
from fidelity.views.pages import kept, posted
from funding.actions import billing
from funding.dashboards.billing import answer_lines, as_json, rules_page, worked_by_activity
from funding.forms.billing import BillingForm, BillingRulesForm, address_of
from funding.guidance import DISCLAIMER, advise, as_text, shipped_document, shipped_keys
from funding.in_force import DatedRules, billing_on, dated_billing
from funding.views.pages import url

GUIDANCE = "Billing guidance"
EMPTY = (
    "Until the state puts rules in force, nothing can be said on who may be billed. Offer the service all the same, "
    "and ask the state program office."
)


def crumbs_to(request: TenantRequest, *last: tuple[str, str]) -> Crumbs:
    home = (request.tenant.name, f"/{request.tenant.slug}/{kept(request)}")
    return [home, (GUIDANCE, url(request, "billing-page") if last else ""), *last]


def decides(request: TenantRequest) -> bool:
    return bool(may(request.actor, "edit", Resource.POLICY, Place(request.tenant.pk)))


def frame(request: TenantRequest, now: DatedRules | None) -> dict[str, Any]:
    """What the pages of guidance have in common."""
    return {
        "now": now,
        "disclaimer": DISCLAIMER,
        "empty": EMPTY,
        "page_url": url(request, "billing-page"),
        "examples_url": url(request, "billing-examples"),
        "rules_url": url(request, "billing-rules"),
        "edit_url": url(request, "billing-edit") if decides(request) else "",
    }


@door(Resource.POLICY, GET="view")
def billing_page(request: TenantRequest, state: str) -> HttpResponse:
    """The question stands in the address, so that it can be sent to a colleague."""
    now = billing_on(request.tenant.pk, request.tenant.today())
    form = BillingForm(request.GET, rules=now.rules) if now else None
    advice = None
    if now and form and form.is_valid():
        advice = advise(now.rules, form.cleaned_data["activity"], form.facts)
    context = {
        **frame(request, now),
        "form": form,
        "advice": advice,
        "lines": answer_lines(advice) if advice else (),
        "crumbs": crumbs_to(request),
    }
    status = 422 if form and form.errors else 200
    return render(request, "funding/billing_page.html", context, status=status)


@door(Resource.POLICY, GET="view")
def billing_examples(request: TenantRequest, state: str) -> HttpResponse:
    now = billing_on(request.tenant.pk, request.tenant.today())
    here, chosen = url(request, "billing-page").partition("?")[0], kept(request).replace("?", "&", 1)
    groups = [
        (
            group.activity,
            [
                (
                    worked,
                    answer_lines(worked.advice),
                    f"{here}?{address_of(worked.example.activity, worked.example.facts)}{chosen}",
                )
                for worked in group.worked
            ],
        )
        for group in (worked_by_activity(now.rules) if now else ())
    ]
    context = {**frame(request, now), "groups": groups, "crumbs": crumbs_to(request, ("Worked examples", ""))}
    return render(request, "funding/billing_examples.html", context)


@door(Resource.POLICY, GET="view")
def billing_rules(request: TenantRequest, state: str) -> HttpResponse:
    try:
        page = rules_page(request.tenant, request.GET.get("set", ""))
    except LookupError:
        raise Http404 from None
    context = {
        **frame(request, page.now),
        "page": page,
        "kept": kept(request).replace("?", "&", 1),
        "crumbs": crumbs_to(request, ("Rules", "")),
    }
    return render(request, "funding/billing_rules.html", context)


@door(Resource.POLICY, GET="edit", POST="edit")
def billing_edit(request: TenantRequest, state: str) -> HttpResponse:
    """First shows which worked examples would come out otherwise; decides when that very answer was read."""
    form = BillingRulesForm(posted(request), starts=request.tenant.today(), text=begun(request))
    effect: dict[str, Any] | None = None
    refusal: StaleVersion | None = None
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            try:
                decided, effect = considered(request, form)
            except StaleVersion as stale:
                decided, effect, refusal = None, stale.current, stale
            if decided:
                words = f"Decided: {decided.name} holds from {decided.effective_from:%B %-d, %Y} on."
                return done(request, words, url(request, "billing-rules"))
    if effect:
        form.seen(effect["version"])
    rules_url = url(request, "billing-rules")
    return form_page(
        request,
        form,
        heading="Decide the billing rules",
        label="Decide" if effect else "See what would change",
        template="funding/billing_edit.html",
        what_if=effect,
        refusal=refusal,
        crumbs=crumbs_to(request, ("Rules", rules_url)),
        cancel_url=rules_url,
        lead="Rules are a text with payers, activities, questions, rules and worked examples. What is wrong in it is "
        "answered by line; before anything is saved you see which examples come out otherwise.",
    )


def begun(request: TenantRequest) -> str:
    """The text to begin with: the set the address names, else the newest of the state. Raises Http404."""
    asked, every = request.GET.get("like", ""), dated_billing(request.tenant.pk)
    if not asked:
        return as_text(every[0].row.data) if every else ""
    if asked in shipped_keys():
        return as_text(shipped_document(asked))
    for each in every:
        if each.key == asked:
            return as_text(each.row.data)
    raise Http404


def considered(
    request: TenantRequest, form: BillingRulesForm
) -> tuple[StatePolicy | None, dict[str, Any] | None]:
    """The decided rules, or what they would change where that was not read yet. Raises StaleVersion."""
    looked = form.cleaned_data["looked"]
    if not looked:
        return None, as_json(billing.consider(request.tenant, **form.given, by=request.actor))
    with transaction.atomic():
        return billing.decide(request.tenant, **form.given, seen=looked, by=request.actor), None
