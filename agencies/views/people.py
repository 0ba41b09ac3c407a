"""People of a state: list, page, invite, pending invitations, change a seat, remove, history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.actions import invitations, people
from agencies.dashboards import members_of, membership_page
from agencies.forms import HouseForm, shown_on
from agencies.forms.organizations import ReasonForm
from agencies.forms.people import ChangeSeatForm, InviteForm, PeopleFilter
from agencies.models import Agency, Invitation, Membership
from agencies.permissions import Resource, grantable, may
from agencies.views.history import history_of
from agencies.views.pages import Crumbs, address, done, form_page, page_of, question

MEMBERSHIPS = Membership.objects.select_related("person", "agency", "payer", "state")
INVITATIONS = Invitation.objects.select_related("agency", "team__agency", "payer", "state", "invited_by")


@door(Resource.MEMBERSHIP, GET="view")
def people_list(request: TenantRequest, state: str) -> HttpResponse:
    actor, today = request.actor, request.tenant.today()
    agencies = Agency.objects.visible_to(actor)
    form = PeopleFilter(request.GET, agencies=agencies, noun=request.tenant.terms["agency"])
    form.is_valid()
    may_invite = bool(may(actor, "create", Resource.MEMBERSHIP) and grantable(actor))
    context = {
        "form": form,
        "active": any(form.cleaned_data.values()),
        "page": page_of(request, members_of(actor, today, form.cleaned_data)),
        "today": today,
        "may_invite": may_invite,
        "pending": Invitation.objects.visible_to(actor).pending().count() if may_invite else 0,
    }
    return render(request, "agencies/people_list.html", context)


@door(Resource.MEMBERSHIP, GET="create", POST="create")
def person_invite(request: TenantRequest, state: str) -> HttpResponse:
    form = InviteForm(request.POST or None, actor=request.actor, noun=request.tenant.terms["agency"])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            invitations.invite(
                request.tenant, email=data["email"], name=data["name"], seat=form.seat, by=request.actor
            )
            return done(
                request,
                f"{data['name']} is invited. The message is on its way to {data['email']}.",
                address(request, "agencies:invitation-list", state),
            )
    return form_page(
        request,
        form,
        heading="Invite a person",
        label="Send the invitation",
        lead="They get a message with a link that works once, for seven days, and only for their address.",
        crumbs=_crumbs(request)[:-1],
        cancel_url=address(request, "agencies:people", state),
    )


@door(Resource.MEMBERSHIP, GET="create")
def invitation_list(request: TenantRequest, state: str) -> HttpResponse:
    rows = INVITATIONS.visible_to(request.actor).pending().order_by("-sent_at", "-pk")
    context = {
        "page": page_of(request, rows),
        "may_touch": {role.value for role in grantable(request.actor)},
        "crumbs": [*_crumbs(request)[:-1], ("Pending invitations", "")],
    }
    return render(request, "agencies/invitation_list.html", context)


@door(Resource.MEMBERSHIP, GET="create", POST="create")
def invitation_resend(request: TenantRequest, state: str, invitation: int) -> HttpResponse:
    found = find(request, INVITATIONS, pk=invitation)
    form = HouseForm(request.POST if request.method == "POST" else None)
    back = address(request, "agencies:invitation-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            invitations.resend(found, by=request.actor)
            return done(request, f"A new message is on its way to {found.email}.", back)
    return question(
        request,
        form,
        heading="Send the invitation again",
        warning=f"{found.email} gets a new link, good for seven days. The old link stops working.",
        label="Send it again",
        crumbs=[*_crumbs(request)[:-1], ("Pending invitations", back)],
        cancel_url=back,
    )


@door(Resource.MEMBERSHIP, GET="create", POST="create")
def invitation_withdraw(request: TenantRequest, state: str, invitation: int) -> HttpResponse:
    found = find(request, INVITATIONS, pk=invitation)
    form = HouseForm(request.POST if request.method == "POST" else None)
    back = address(request, "agencies:invitation-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            invitations.withdraw(found, by=request.actor)
            return done(request, f"The invitation of {found.email} is withdrawn.", back)
    return question(
        request,
        form,
        heading="Withdraw the invitation",
        warning=f"The link that {found.email} got stops working at once. No message is sent about it.",
        label="Withdraw it",
        crumbs=[*_crumbs(request)[:-1], ("Pending invitations", back)],
        cancel_url=back,
        danger=True,
    )


@door(Resource.MEMBERSHIP, GET="view")
def membership_view(request: TenantRequest, state: str, membership: int) -> HttpResponse:
    found = find(request, MEMBERSHIPS, pk=membership)
    context = {
        "page": membership_page(found, request.actor, request.tenant),
        "member": found,
        "crumbs": _crumbs(request, found),
        "tabs": _tabs(request, found, ""),
    }
    return render(request, "agencies/membership_page.html", context)


@door(Resource.MEMBERSHIP, GET="edit", POST="edit")
def membership_change(request: TenantRequest, state: str, membership: int) -> HttpResponse:
    found = find(request, MEMBERSHIPS, pk=membership)
    form = ChangeSeatForm(
        request.POST or None,
        initial=ChangeSeatForm.start(found),
        actor=request.actor,
        noun=request.tenant.terms["agency"],
    )
    back = address(request, "agencies:membership-page", state, found.pk)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            changed = people.change_seat(
                found,
                seat=form.seat,
                reason=form.cleaned_data["reason"],
                seen_as=form.cleaned_data["seen_as"],
                by=request.actor,
            )
            return done(
                request,
                f"{found.person} is now {changed.role_label}.",
                address(request, "agencies:membership-page", state, changed.pk),
            )
    return form_page(
        request,
        form,
        heading=f"Change the role of {found.person}",
        label="Save the change",
        lead=f"It holds from their next click. {found.person} gets a message that says so.",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
    )


@door(Resource.MEMBERSHIP, GET="delete", POST="delete")
def membership_remove(request: TenantRequest, state: str, membership: int) -> HttpResponse:
    found = find(request, MEMBERSHIPS, pk=membership)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            people.remove(found, reason=form.cleaned_data["reason"], by=request.actor)
            url = (
                "/"
                if found.person_id == request.actor.person_id
                else address(request, "agencies:people", state)
            )
            return done(request, f"{found.person} is no longer {found.role_label} here.", url)
    return question(
        request,
        form,
        heading=f"Remove {found.person}",
        warning=f"{found.person} loses the role {found.role_label} at once, also where they are signed in now.",
        points=[
            "What they wrote stays, with their name.",
            "Their account stays; roles in other places are not touched.",
            f"{found.person} gets a message with your reason.",
        ],
        label="Remove",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=address(request, "agencies:membership-page", state, found.pk),
        danger=True,
    )


@door(Resource.MEMBERSHIP, GET="view")
def membership_history(request: TenantRequest, state: str, membership: int) -> HttpResponse:
    found = find(request, MEMBERSHIPS, pk=membership)
    return history_of(
        request,
        found,
        resource=Resource.MEMBERSHIP,
        place=found.place,
        heading=str(found.person),
        crumbs=_crumbs(request, found, linked=True),
        tabs=_tabs(request, found, "history"),
    )


def _crumbs(request: TenantRequest, membership: Membership | None = None, *, linked: bool = False) -> Crumbs:
    slug = request.tenant.slug
    top = ("People", address(request, "agencies:people", slug))
    if not membership:
        return [top, ("", "")]
    url = address(request, "agencies:membership-page", slug, membership.pk) if linked else ""
    return [top, (str(membership.person), url)]


def _tabs(request: TenantRequest, membership: Membership, current: str) -> list[dict[str, Any]]:
    args = (request.tenant.slug, membership.pk)
    return [
        {"label": "Role", "url": address(request, "agencies:membership-page", *args), "current": not current},
        {
            "label": "History",
            "url": address(request, "agencies:membership-history", *args),
            "current": current == "history",
        },
    ]
