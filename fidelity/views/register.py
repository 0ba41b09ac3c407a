"""The register of reviewers: who is trained, and what they have led. For those who see every review of the state."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource, Scope, scope_of
from agencies.views.pages import done
from fidelity.actions.registering import keeps, record, take_off
from fidelity.forms.register import TakeOffForm, TrainingForm
from fidelity.models import ReviewerTraining
from fidelity.register import register
from fidelity.views.pages import url


@door(Resource.REVIEW, GET="view", POST="create")
def reviewer_register(request: TenantRequest, state: str) -> HttpResponse:
    if scope_of(request.actor.role, "view", Resource.REVIEW) is not Scope.STATE:
        raise Http404
    here, lines = url(request, "reviewer-register"), register(request.tenant)
    if request.method == "POST" and "take_off" in request.POST:
        return _taken_off(request, here)
    form = TrainingForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            data = {**form.cleaned_data, "person_id": int(form.cleaned_data["person"])}
            del data["person"]
            row = record(request.tenant, **data, by=request.actor)
            return done(request, f"{row.get_kind_display()}: on record for {row.person}.", here)
    plural = request.tenant.terms["reviews"]
    context = {
        "lines": lines,
        "form": form if keeps(request.actor) else None,
        "crumbs": [(plural[:1].upper() + plural[1:], url(request, "review-list")), ("Reviewers", "")],
    }
    return render(request, "fidelity/reviewer_register.html", context, status=422 if form.errors else 200)


def _taken_off(request: TenantRequest, here: str) -> HttpResponse:
    form = TakeOffForm(request.POST)
    rows = ReviewerTraining.objects.visible_to(request.actor).select_related("person")
    row = rows.filter(pk=form.cleaned_data["take_off"]).first() if form.is_valid() else None
    if row is None:
        raise Http404
    take_off(row, by=request.actor)
    return done(request, f"Taken off the register of {row.person}: {row}.", here)
