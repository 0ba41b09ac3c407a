"""The scales of a state: which there are, what one of them says, the official wording, and a scale of one's own."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Place, Resource, may
from agencies.views.pages import Crumbs, done, form_page
from fidelity.actions.scales import add_scale, check_marks
from fidelity.actions.wording import load_wording
from fidelity.dashboards import policy, scales
from fidelity.forms.scales import ScaleForm
from fidelity.forms.wording import WordingForm
from fidelity.in_force import scale_version_on, wording_of
from fidelity.lines import write as as_text
from fidelity.models import ScaleVersion
from fidelity.scales import Scale
from fidelity.views.pages import kept, posted, url
from fidelity.views.policy import asked_day
from fidelity.wording import write

TAKEN_OUT = "No official wording is loaded any more; the portal's own words are shown."


def crumbs_to(request: TenantRequest, *last: tuple[str, str]) -> Crumbs:
    return [
        (request.tenant.name, f"/{request.tenant.slug}/{kept(request)}"),
        ("Fidelity policy", url(request, "policy-page")),
        *last,
    ]


def decides(request: TenantRequest) -> bool:
    return bool(may(request.actor, "edit", Resource.POLICY, Place(request.tenant.pk)))


def asked_version(request: TenantRequest) -> ScaleVersion | None:
    """The edition the address names, among those of the state. Raises Http404."""
    if not (asked := request.GET.get("edition", "")):
        return None
    found = ScaleVersion.objects.open_to(request.tenant.pk).filter(pk=int(asked) if asked.isdecimal() else 0)
    if version := found.first():
        return version
    raise Http404


@door(Resource.POLICY, GET="view", POST="edit")
def scale_list(request: TenantRequest, state: str) -> HttpResponse:
    """A scale of one's own is first shown as it was understood, and added when that was read."""
    like = asked_version(request)
    form = ScaleForm(
        posted(request),
        request.FILES or None if request.method == "POST" else None,
        initial={"text": as_text(like.data)} if like else {},
    )
    seen: Scale | None = None
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            if form.was_looked_at:
                row = add_scale(request.tenant, text=form.cleaned_data["text"], by=request.actor)
                words = f"{row.name} is added. It is used once it is chosen in your rules."
                return done(request, words, url(request, "scale-list"))
            check_marks(request.tenant, form.scale)
            seen = form.scale
            form.seen()
    context = {
        "page": scales.scale_list(request.tenant),
        "form": form if decides(request) else None,
        "seen": seen,
        "seen_parts": scales.scale_parts(seen, {}) if seen else (),
        "like": like,
        "scale_url": url(request, "scale-page"),
        "edit_url": url(request, "policy-edit"),
        "crumbs": crumbs_to(request, ("Scales", "")),
    }
    return render(
        request, "fidelity/scale_list.html", context, status=422 if form.is_bound and form.errors else 200
    )


@door(Resource.POLICY, GET="view")
def scale_page(request: TenantRequest, state: str) -> HttpResponse:
    form, on = asked_day(request)
    version = asked_version(request)
    context = {
        "page": policy.scale_page(request.tenant, on, version),
        "wording_url": url(request, "wording-edit") if decides(request) and not version else "",
        "crumbs": crumbs_to(request, ("Scales", url(request, "scale-list")), ("Scale", "")),
    }
    return render(request, "fidelity/scale_page.html", context, status=422 if form.errors else 200)


@door(Resource.POLICY, GET="edit", POST="edit")
def wording_edit(request: TenantRequest, state: str) -> HttpResponse:
    """The official text of the scale that is in force today, as a whole."""
    version = scale_version_on(request.tenant.pk, request.tenant.today())
    scale = Scale.parse(version.data)
    stored = write(wording_of(request.tenant.pk, version.pk), scale)
    form = WordingForm(posted(request), scale=scale, initial={"wording": stored})
    back = url(request, "scale-page")
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            count = load_wording(
                request.tenant, version, wording=form.cleaned_data["wording"], by=request.actor
            )
            words = f"{count} anchors are shown in your official wording." if count else TAKEN_OUT
            return done(request, words, back)
    crumbs = crumbs_to(request, ("Scales", url(request, "scale-list")), ("Scale", back))
    return form_page(
        request,
        form,
        heading="Official wording",
        label="Save the wording",
        crumbs=crumbs,
        cancel_url=back,
        lead=f"Anchors of {scale.name} that your state has the publisher's permission to use. They are shown to "
        "reviewers and printed in new reports of your state alone; issued reports keep the words they have.",
    )
