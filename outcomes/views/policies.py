"""What a state asks of its teams each quarter, and since when."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.models import StatePolicy
from agencies.permissions import Resource, may
from agencies.views.pages import done, form_page
from ips_portal.quarters import Quarter
from outcomes.actions import need, policies
from outcomes.checks import catalogue
from outcomes.dashboards.published import published_page
from outcomes.forms.need import NeedForm
from outcomes.forms.policies import PolicyForm
from outcomes.in_force import policy_on
from outcomes.measures import edition
from outcomes.need import Estimate
from outcomes.views.pages import crumbs_to, posted, url


@door(Resource.BENCHMARKS, GET="view")
def published_list(request: TenantRequest, state: str) -> HttpResponse:
    context = {
        "sections": published_page(request.tenant.today()),
        "may_export": bool(may(request.actor, "export", Resource.BENCHMARKS)),
        "crumbs": crumbs_to(request, "What has been published"),
    }
    return render(request, "outcomes/published_list.html", context)


@door(Resource.POLICY, GET="view")
def rule_list(request: TenantRequest, state: str) -> HttpResponse:
    """Every check, in the words people meet them in."""
    context = {"rules": catalogue(), "crumbs": crumbs_to(request, "Checks")}
    return render(request, "outcomes/rule_list.html", context)


@door(Resource.POLICY, GET="view")
def measure_list(request: TenantRequest, state: str) -> HttpResponse:
    """What is collected in this state, when it is due, and what counts as a job."""
    policy = policy_on(request.tenant.pk, request.tenant.today())
    kept = edition(policy.measures)
    chosen = {measure.key for measure in kept.chosen(policy.optional)}
    context = {
        "policy": policy,
        "edition": kept,
        "groups": [
            (group.name, [(each, each.key in chosen) for each in kept.measures if each.group == group.key])
            for group in kept.groups
        ],
        "decisions": StatePolicy.objects.visible_to(request.actor).filter(subject=policies.SUBJECT),
        "estimates": [
            Estimate.stated(row.data, row.effective_from, row.source)
            for row in StatePolicy.objects.visible_to(request.actor).filter(subject=need.SUBJECT)
        ],
        "today": request.tenant.today(),
        "may_decide": bool(may(request.actor, "edit", Resource.POLICY)),
        "crumbs": crumbs_to(request, "Measures"),
    }
    return render(request, "outcomes/measure_list.html", context)


@door(Resource.POLICY, GET="edit", POST="edit")
def policy_edit(request: TenantRequest, state: str) -> HttpResponse:
    """Starts from the rules that would hold in the first quarter that can still be decided."""
    ahead = policies.quarters_ahead(request.tenant)
    policy = policy_on(request.tenant.pk, ahead[0].ends_on)
    form = PolicyForm(posted(request), quarters=ahead, policy=policy)
    if request.method == "POST" and form.is_valid():
        quarter = Quarter.parse(form.cleaned_data["quarter"])
        with shown_on(form):
            policies.decide(
                request.tenant,
                quarter=quarter,
                values=form.values,
                source=form.cleaned_data["source"],
                by=request.actor,
            )
        if form.is_valid():
            text = f"Decided: these rules hold from {quarter.months} on. Earlier quarters keep theirs."
            return done(request, text, url(request, "measure-list"))
    return form_page(
        request,
        form,
        heading="Decide the rules of a quarter",
        label="Decide",
        lead="Every team reports under the rules that hold in its quarter. What you decide here never changes a "
        "quarter that has opened, and each report keeps the rules it was entered under.",
        crumbs=[*crumbs_to(request, "")[:-1], ("Measures", url(request, "measure-list"))],
        cancel_url=url(request, "measure-list"),
    )


@door(Resource.POLICY, GET="edit", POST="edit")
def need_edit(request: TenantRequest, state: str) -> HttpResponse:
    """A number for a day; the same day again corrects it."""
    form = NeedForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            need.record(request.tenant, estimate=form.estimate, by=request.actor)
        if form.is_valid():
            return done(request, "The numbers are recorded.", url(request, "measure-list") + "#need")
    return form_page(
        request,
        form,
        heading="Record how many people are eligible for IPS",
        label="Record",
        lead="Pages and papers for those who lead the state say how many of them are served. What you recorded "
        "before stays for the quarters it was of; the same day again corrects it.",
        crumbs=[*crumbs_to(request, "")[:-1], ("Measures", url(request, "measure-list"))],
        cancel_url=url(request, "measure-list"),
    )
