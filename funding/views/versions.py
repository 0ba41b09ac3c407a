"""Versions of a funding plan: put forward, read, signed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource
from agencies.views.pages import done, pressed
from fidelity.views.pages import posted
from funding.actions import versions
from funding.dashboards.plan import lays_out, prints, read
from funding.dashboards.versions import against, agreement, listed, may_sign, parties_of, table_of
from funding.finding import find_plan, find_version
from funding.forms.plans import VersionForm
from funding.stored import to_data
from funding.views.pages import frame, url

PLAN = Resource.FUNDING_PLAN


@door(PLAN, GET="view", POST="create")
def version_list(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    """All versions with who signed; the newest may be followed by another."""
    found = find_plan(request, plan)
    sheet, rows = read(found), listed(found)
    parties = parties_of(sheet)
    newest = rows[0].version if rows else None
    initial = {"after": newest.number if newest else 0, "parties": [*parties]}
    form = VersionForm(posted(request), parties=parties, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = versions.put_forward(
                found,
                data=to_data(sheet.grid),
                parties=form.chosen,
                note=form.cleaned_data["note"],
                after=form.cleaned_data["after"],
                by=request.actor,
            )
            words = (
                f"Version {made.number} is put forward. {', '.join(made.parties.values())} can sign it now."
            )
            return done(request, words, url(request, "version-page", plan, made.number))
    context = {
        "rows": rows,
        "changes": against(newest, sheet.grid) if newest else None,
        "newest": newest,
        "form": form if lays_out(found, request.actor) and sheet.columns else None,
        **frame(request, found, "Versions and signatures"),
    }
    return render(request, "funding/version_list.html", context, status=422 if form.errors else 200)


@door(PLAN, GET="view")
def version_page(request: TenantRequest, state: str, plan: UUID, version: int) -> HttpResponse:
    """A version as it was put forward, who signed it, and what has changed since."""
    found = find_version(request, plan, version)
    told = agreement(found)
    context = {
        "version": found,
        "agreement": told,
        "table": table_of(found),
        "changes": against(found, read(found.plan).grid),
        "signs": may_sign(told, request.actor),
        "prints": prints(found.plan, request.actor),
        **frame(request, found.plan, f"Version {found.number}"),
    }
    return render(request, "funding/version_page.html", context)


@door(PLAN, POST="approve")
def version_sign(request: TenantRequest, state: str, plan: UUID, version: int) -> HttpResponse:
    found = find_version(request, plan, version)
    pressed(request)
    versions.sign(found, by=request.actor)
    told = agreement(found)
    words = (
        f"Signed. Still to sign: {', '.join(told.waiting.values())}."
        if told.waiting
        else "Signed. The plan is agreed."
    )
    return done(request, words, url(request, "version-page", plan, version))
