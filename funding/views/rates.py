"""What payers pay: the schedules of a state, a new one, the next version of one, one with its history."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies import audit
from agencies.access import TenantRequest, door
from agencies.forms import shown_on, undone_by
from agencies.models import Payer
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion
from agencies.views.pages import done, form_page, page_of
from fidelity.views.pages import kept, posted
from funding.actions import money
from funding.dashboards.rates import begins, chosen, keeps, listed, told
from funding.finding import enter_register, find_schedule
from funding.forms.rates import RatesFilter, ScheduleForm, begun_with
from funding.rates import payments_of, stored, versions_of, with_payments
from funding.views.pages import crumbs, url

PLAN = Resource.FUNDING_PLAN
FILTERED = 8  # schedules that need no search
EVERYTHING = "Rows you leave empty are no payments. Where one payment waits for another, choose its row."


@door(PLAN, GET="view")
def rate_list(request: TenantRequest, state: str) -> HttpResponse:
    enter_register(request)
    today, every = request.tenant.today(), stored(request.actor)
    form = RatesFilter(request.GET)
    found = chosen(every, form.cleaned_data if form.is_valid() else {}, today)
    page = page_of(request, found)
    context = {
        "page": page,
        "schedules": [listed(each, today) for each in with_payments(list(page))],
        "form": form if len(every) > FILTERED or form.is_active else None,
        "past": len(every) - len(chosen(every, {}, today)),
        "new_url": url(request, "rate-new") if begins(request.actor) else "",
        "money_url": url(request, "money"),
        "kept": kept(request),
        "crumbs": [*crumbs(request), ("What payers pay", "")],
    }
    return render(request, "funding/rate_list.html", context)


@door(PLAN, GET="create", POST="create")
def rate_new(request: TenantRequest, state: str) -> HttpResponse:
    enter_register(request)
    form = form_of(request, begun={"version": 0})
    if request.method == "POST" and form.is_valid():
        with shown_on(form, form.sent_as):
            row = money.begin(request.tenant, form.rates(None), by=request.actor)
            return done(request, "Written down.", url(request, "rate-page", row.public_id))
    return edited(
        request, form, "Write down what a payer pays", crumbs_to(request), url(request, "rate-list")
    )


@door(PLAN, GET="view")
def rate_page(request: TenantRequest, state: str, schedule: UUID) -> HttpResponse:
    row, today = find_schedule(request, schedule), request.tenant.today()
    versions = [listed(each, today) for each in versions_of(row)]
    may_change = keeps(row, request.actor)
    changes = page_of(request, audit.changes_of(row).filter(state_id=request.tenant.pk))
    context = {
        "schedule": next(each for each in versions if each.row.pk == row.pk),
        "payments": told(row),
        "others": [each for each in versions if each.row.pk != row.pk],
        "edit_url": url(request, "rate-edit", schedule) if may_change else "",
        "next_url": url(request, "rate-next", schedule) if may_change else "",
        "page": changes,
        "entries": audit.sentences(changes.object_list),
        "kept": kept(request),
        "crumbs": crumbs_to(request, (str(row), "")),
    }
    return render(request, "funding/rate_page.html", context)


@door(PLAN, GET="edit", POST="edit")
def rate_edit(request: TenantRequest, state: str, schedule: UUID) -> HttpResponse:
    """Where somebody was faster, what stands now is shown above what was typed."""
    row = find_schedule(request, schedule)
    payments = payments_of(row)
    form = form_of(request, begun=begun_with(row, payments), filled=len(payments))
    refusal: Refusal | None = None
    here = url(request, "rate-page", schedule)
    if request.method == "POST" and form.is_valid():
        with undone_by(StaleVersion) as undone, shown_on(form, form.sent_as):
            version = form.cleaned_data["version"]
            money.change(row, form.rates(row), version=version, by=request.actor)
        refusal = undone.refusal
        if refusal:
            row = find_schedule(request, schedule)
            again = request.POST.copy()
            again["version"] = str(row.version)
            form = form_of(request, begun={}, data=again)
        elif form.is_valid():
            return done(request, "Saved.", here)
    return edited(
        request,
        form,
        "Change this schedule",
        crumbs_to(request, (str(row), here)),
        here,
        refusal=refusal,
        stands=told(row) if refusal else [],
        lead="Payer, name and keeper are the same for all its versions. New amounts from a day on are a next version.",
    )


@door(PLAN, GET="edit", POST="edit")
def rate_next(request: TenantRequest, state: str, schedule: UUID) -> HttpResponse:
    """Begins with the amounts of this version; which stays as it is, until the day before."""
    row = find_schedule(request, schedule)
    payments = payments_of(row)
    begun = begun_with(row, payments) | {"starts_on": None, "ends_on": None, "version": 0}
    form = form_of(request, begun=begun, filled=len(payments), whole=False)
    here = url(request, "rate-page", schedule)
    if request.method == "POST" and form.is_valid():
        with shown_on(form, form.sent_as):
            new = money.follow(row, form.rates(row), by=request.actor)
            words = f"Written down. It takes effect on {new.starts_on:%B %-d, %Y}."
            return done(request, words, url(request, "rate-page", new.public_id))
    lead = f"{row.name} from a new day on. The version before stays readable and holds until then."
    return edited(
        request, form, "Write the next version", crumbs_to(request, (str(row), here)), here, lead=lead
    )


def form_of(
    request: TenantRequest, *, begun: dict[str, Any], filled: int = 0, whole: bool = True, data: Any = None
) -> ScheduleForm:
    return ScheduleForm(
        posted(request) if data is None else data,
        payers=Payer.objects.in_state(request.tenant.pk),
        whole=whole and begins(request.actor),
        begun=begun,
        filled=filled,
    )


def edited(
    request: TenantRequest,
    form: ScheduleForm,
    heading: str,
    way: list[tuple[str, str]],
    back: str,
    *,
    lead: str = "",
    **extra: Any,
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        label="Save",
        crumbs=way,
        cancel_url=back,
        lead=f"{lead} {EVERYTHING}".strip(),
        template="funding/rate_edit.html",
        **extra,
    )


def crumbs_to(request: TenantRequest, *last: tuple[str, str]) -> list[tuple[str, str]]:
    return [*crumbs(request, None, ("What payers pay", url(request, "rate-list"))), *last]
