"""My account: the own name, sign-in, and where one's roles lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies import tenancy
from agencies.actions import people
from agencies.forms import shown_on
from agencies.forms.people import NameForm
from agencies.models import Person
from agencies.models.states import states_of
from agencies.permissions import Actor, Resource, scope_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)  # noqa: S101  # login_required has seen to it
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            people.rename(person, name=form.cleaned_data["name"])
            messages.success(request, "Saved.")
            return redirect("account")
    states = states_of(person.pk)
    seats: list[tuple[str, str, Actor]] = [
        (state.slug, state.name, actor)
        for state in states
        for actor in tenancy.actors_of(person.pk, state.pk)
    ]
    programs = {
        (slug, name) for slug, name, seat in seats if scope_of(seat.role, "create", Resource.API_TOKEN)
    }
    context = {"form": form, "person": person, "seats": seats, "states": states, "programs": sorted(programs)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agencies/account.html", context, status=status)
