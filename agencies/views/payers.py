"""Payers of a state and the agencies they have contracts with."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.actions import organizations
from agencies.forms import shown_on
from agencies.forms.organizations import ContractForm, EndContractForm, PayerForm
from agencies.models import Agency, Payer, PayerContract
from agencies.permissions import Resource, may
from agencies.views.pages import Crumbs, address, done, form_page, question


@door(Resource.AGENCY, GET="view")
def payer_list(request: TenantRequest, state: str) -> HttpResponse:
    actor = request.actor
    contracts: dict[int, list[PayerContract]] = {}
    for contract in PayerContract.objects.visible_to(actor).select_related("agency").order_by("agency__name"):
        contracts.setdefault(contract.payer_id, []).append(contract)
    context = {
        "payers": [(payer, contracts.get(payer.pk, [])) for payer in Payer.objects.visible_to(actor)],
        "may_change": bool(may(actor, "create", Resource.AGENCY)),
        "today": request.tenant.today(),
        "crumbs": _crumbs(request),
    }
    return render(request, "agencies/payer_list.html", context)


@door(Resource.AGENCY, GET="create", POST="create")
def payer_new(request: TenantRequest, state: str) -> HttpResponse:
    form = PayerForm(request.POST or None)
    back = address(request, "agencies:payer-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            payer = organizations.add_payer(request.tenant, **form.cleaned_data, by=request.actor)
            return done(request, f"{payer} is on the list.", back)
    return form_page(
        request,
        form,
        heading="Add a payer",
        label="Add",
        crumbs=_crumbs(request, linked=True),
        cancel_url=back,
    )


@door(Resource.AGENCY, GET="create", POST="create")
def contract_new(request: TenantRequest, state: str, payer: int) -> HttpResponse:
    found = find(request, Payer.objects.all(), pk=payer)
    today = request.tenant.today()
    form = ContractForm(
        request.POST or None,
        agencies=Agency.objects.visible_to(request.actor).open_on(today),
        noun=request.tenant.terms["agency"],
        initial={"starts_on": today},
    )
    back = address(request, "agencies:payer-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            organizations.contract(found, **form.cleaned_data, by=request.actor)
            return done(request, f"{found} now has a contract with {form.cleaned_data['agency']}.", back)
    return form_page(
        request,
        form,
        heading=f"Add a contract of {found}",
        label="Add",
        lead="While it lasts, the payer's people see this agency, its teams, final reports and action plans.",
        crumbs=_crumbs(request, linked=True),
        cancel_url=back,
    )


@door(Resource.AGENCY, GET="create", POST="create")
def contract_end(request: TenantRequest, state: str, contract: int) -> HttpResponse:
    found = find(request, PayerContract.objects.select_related("agency", "payer"), pk=contract)
    form = EndContractForm(request.POST or None, initial={"on": request.tenant.today()})
    back = address(request, "agencies:payer-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            organizations.end_contract(found, **form.cleaned_data, by=request.actor)
            return done(request, "The last day of the contract is saved.", back)
    return question(
        request,
        form,
        heading=f"End the contract of {found.payer}",
        warning=f"After its last day, people of {found.payer} no longer see {found.agency}.",
        label="End it",
        crumbs=_crumbs(request, linked=True),
        cancel_url=back,
        danger=True,
    )


def _crumbs(request: TenantRequest, *, linked: bool = False) -> Crumbs:
    slug = request.tenant.slug
    top = (request.tenant.terms["agencies"].capitalize(), address(request, "agencies:agency-list", slug))
    return [top, ("Payers", address(request, "agencies:payer-list", slug) if linked else "")]
