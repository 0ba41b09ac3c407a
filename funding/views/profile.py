"""How money for IPS works in the state: what is stated, since when, and where it is written."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Place, Resource, may
from agencies.views.pages import done, form_page
from fidelity.views.pages import kept, posted
from funding.actions.profile import check, state_profile
from funding.dashboards.profile import Effect, effect, shown
from funding.forms.profile import ProfileForm, stored
from funding.in_force import stated_on
from funding.views.pages import url


def home(request: TenantRequest) -> tuple[str, str]:
    return (request.tenant.name, f"/{request.tenant.slug}/{kept(request)}")


@door(Resource.POLICY, GET="view")
def profile_page(request: TenantRequest, state: str) -> HttpResponse:
    edits = may(request.actor, "edit", Resource.POLICY, Place(request.tenant.pk))
    context = {
        "shown": shown(request.tenant.pk, request.tenant.today()),
        "edit_url": url(request, "profile-edit") if edits else "",
        "crumbs": [home(request), ("How money works here", "")],
    }
    return render(request, "funding/profile_page.html", context)


@door(Resource.POLICY, GET="edit", POST="edit")
def profile_edit(request: TenantRequest, state: str) -> HttpResponse:
    """Other numbers are stated once it was read which gaps they would close and open."""
    tenant, here = request.tenant, url(request, "profile-page")
    now = stated_on(tenant.pk, tenant.today())
    form = ProfileForm(posted(request), initial=stored(now) | {"effective_from": tenant.today()})
    found: Effect | None = None
    if request.method == "POST" and form.is_valid():
        day, source = form.cleaned_data["effective_from"], form.cleaned_data["source"]
        with shown_on(form):
            check(tenant, form.stated, day)
            found = effect(tenant, form.stated, day)
            if found and form.cleaned_data["looked"] != found.mark:
                form.seen(found.mark)
                return edit_page(request, form, found)
            state_profile(tenant, stated=form.stated, effective_from=day, source=source, by=request.actor)
            return done(request, f"Stated from {day:%B %-d, %Y} on. Earlier statements stay on record.", here)
    return edit_page(request, form, found)


def edit_page(request: TenantRequest, form: ProfileForm, found: Effect | None) -> HttpResponse:
    here = url(request, "profile-page")
    return form_page(
        request,
        form,
        heading="State how money works here",
        label="State it",
        template="funding/profile_edit.html",
        effect=found,
        lead="What you leave blank is shown as not said. The numbers are what gaps of a funding plan are counted with.",
        crumbs=[home(request), ("How money works here", here)],
        cancel_url=here,
    )
