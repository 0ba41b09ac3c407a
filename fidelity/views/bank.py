"""The bank of texts for reports: its list, a new text, one that is changed, retired or brought back."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on, undone_by
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done, form_page, page_of, question, wrong_with
from fidelity.actions import bank
from fidelity.dashboards.bank import (
    has_texts,
    keepers,
    keeps_bank,
    line,
    listed,
    no_names,
    scales_of_bank,
    sees_bank,
)
from fidelity.finding import find_bank_text
from fidelity.forms.bank import BRING_BACK, BankFilter, BankTextChangeForm, BankTextForm, stored
from fidelity.forms.texts import ReadForm
from fidelity.models import BankText
from fidelity.views.pages import kept, posted, url
from fidelity.views.scales import crumbs_to


@door(Resource.POLICY, GET="view")
def text_list(request: TenantRequest, state: str) -> HttpResponse:
    if not sees_bank(request.actor):
        raise Http404
    scales = scales_of_bank(request.tenant)
    form = BankFilter(request.GET, scales=scales)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = listed(request.actor, scales, **asked)
    page = page_of(request, rows if form.is_valid() else rows.none())
    context = {
        "form": form,
        "page": page,
        "lines": [line(row, scales) for row in page],
        "active": form.is_active,
        "keeps": keeps_bank(request.actor),
        "keepers": keepers(),
        "no_names": no_names(request.tenant),
        "retired_url": "",
        "new_url": url(request, "text-new"),
        "kept": kept(request),
        "crumbs": crumbs_to(request, ("Texts for reports", "")),
    }
    if not page.object_list and not form.is_active and has_texts(request.actor):
        context["retired_url"] = "?show=retired" + kept(request).replace("?", "&", 1)
    return render(request, "fidelity/text_list.html", context)


@door(Resource.POLICY, GET="edit", POST="edit")
def text_new(request: TenantRequest, state: str) -> HttpResponse:
    form = BankTextForm(posted(request), scales=scales_of_bank(request.tenant))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            bank.add(request.tenant, kept=form.kept, key=form.cleaned_data["key"], by=request.actor)
            return done(request, "Added. It is offered from now on.", url(request, "text-list"))
    return _edited(request, form, heading="Add a text", label="Add")


@door(Resource.POLICY, GET="edit", POST="edit")
def text_edit(request: TenantRequest, state: str, text: int) -> HttpResponse:
    """Where somebody was faster both texts stand on one page; saved again, the typed one replaces what stands now.

    One that was retired meanwhile is brought back with what was typed.
    """
    found = find_bank_text(request, text)
    scales = scales_of_bank(request.tenant)

    def form_of(data: QueryDict | None) -> BankTextChangeForm:
        return BankTextChangeForm(data, scales=scales, initial=stored(found))

    form = form_of(posted(request))
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        values, version = form.kept, form.cleaned_data["version"]
        with undone_by(StaleVersion, WrongStatus) as undone, shown_on(form):
            if form.brings_back:
                bank.bring_back(found, version=version, by=request.actor, kept=values)
            else:
                bank.change(found, kept=values, version=version, by=request.actor)
        refusal = undone.refusal
        if refusal:
            again: QueryDict = request.POST.copy()
            again["version"] = str(found.version)
            form = form_of(again)
        elif form.is_valid():
            words = "Saved. Reports that took the text over keep the words they have."
            if form.brings_back:
                words = "Brought back as you wrote it. It is offered again."
            return done(request, words, url(request, "text-list"))
    context = {
        "refusal": refusal,
        "line": line(found, scales),
        "back_form": ReadForm(initial={"version": found.version}, auto_id=False),
        "then": BRING_BACK if found.retired_at else "",
        "retire_url": url(request, "text-retire", found.pk),
        "back_url": url(request, "text-restore", found.pk),
    }
    label = "Bring it back and save" if found.retired_at else "Save"
    return _edited(request, form, heading="Change a text", label=label, **context)


def _edited(request: TenantRequest, form: Any, *, heading: str, label: str, **extra: Any) -> HttpResponse:
    here = url(request, "text-list")
    return form_page(
        request,
        form,
        heading=heading,
        label=label,
        lead=no_names(request.tenant),
        crumbs=crumbs_to(request, ("Texts for reports", here)),
        cancel_url=here,
        template="fidelity/text_edit.html",
        **extra,
    )


@door(Resource.POLICY, GET="edit", POST="edit")
def text_retire(request: TenantRequest, state: str, text: int) -> HttpResponse:
    found = find_bank_text(request, text)
    bank.check_retires(found)
    here = url(request, "text-list")
    if request.method == "POST":
        bank.retire(found, version=_read(request), by=request.actor)
        return done(request, "Retired. It stands among the retired ones and can be brought back.", here)
    return question(
        request,
        ReadForm(initial={"version": found.version}),
        heading="Retire a text",
        warning="It is offered in no report any more. Reports that took it over keep it, and it can be brought back.",
        points=[found.text],
        label="Retire it",
        crumbs=crumbs_to(request, ("Texts for reports", here)),
        cancel_url=url(request, "text-edit", found.pk),
    )


@door(Resource.POLICY, POST="edit")
def text_restore(request: TenantRequest, state: str, text: int) -> HttpResponse:
    found: BankText = find_bank_text(request, text)
    bank.bring_back(found, version=_read(request), by=request.actor)
    return done(request, "Brought back. It is offered again.", url(request, "text-list"))


def _read(request: TenantRequest) -> int:
    """The version a button was pressed beside."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    version: int = form.cleaned_data["version"]
    return version
