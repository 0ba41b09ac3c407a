"""The page behind the link of an invitation. It stands outside every state, because who opens it may belong to none."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agencies.actions import invitations
from agencies.forms import HouseForm, shown_on
from agencies.forms.people import JoinForm
from agencies.models import Invitation, Person


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation = invitations.find(token)
    problem = _problem(request, invitation)
    if problem:
        status = int(str(problem["status"]))
        response: HttpResponseBase = render(
            request, "agencies/invitation_problem.html", problem, status=status
        )
    elif invitation and request.user.is_authenticated:
        response = _accept(request, invitation, request.user)
    elif invitation and invitations.account_of(invitation):
        response = _sign_in_first(request, invitation)
    elif invitation:
        response = _join(request, invitation)
    # The token in the address goes to nobody else. "no-referrer" would make browsers send the form with "Origin: null",
    # which is refused as forged.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


def _problem(request: HttpRequest, invitation: Invitation | None) -> dict[str, object]:
    """Why the link does not work, in its own words for each case; an unknown link learns nothing about anybody."""
    if invitation is None:
        return {
            "status": 404,
            "heading": "We do not know this link",
            "text": "It may be cut off. Copy the whole address from the message, or ask for a new invitation.",
        }
    facts: dict[str, object] = {"status": 409, "tenant_contact": invitation.state.contact_email}
    if invitation.accepted_at:
        return facts | {
            "heading": "This invitation was used already",
            "text": "Each invitation works once. If you are the one who used it, sign in.",
            "sign_in": not request.user.is_authenticated,
        }
    if invitation.withdrawn_at:
        return facts | {
            "heading": "This invitation was withdrawn",
            "text": "Ask the person who invited you whether a new one is on its way.",
        }
    if invitation.is_expired:
        return facts | {
            "heading": "This invitation has expired",
            "text": "Invitations work for seven days. Ask the person who invited you to send it again.",
        }
    if isinstance(request.user, Person) and request.user.email.lower() != invitation.email.lower():
        return facts | {
            "status": 403,
            "heading": "This invitation is for another address",
            "text": f"You are signed in as {request.user.email}. Sign out, then open the link again.",
            "sign_out": True,
        }
    return {}


def _accept(request: HttpRequest, invitation: Invitation, person: Person) -> HttpResponse:
    form = HouseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            invitations.accept(invitation, person=person)
            return redirect(f"/{invitation.state.slug}/")
    return _page(request, invitation, form, label="Accept the invitation")


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponseBase:
    form = JoinForm(request.POST or None, initial={"name": invitation.name}, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            person = invitations.join(invitation, name=data["name"], password=data["password"])
            answer: HttpResponseBase = perform_login(
                request, person, email_verification="none", redirect_url=f"/{invitation.state.slug}/"
            )
            return answer
    return _page(request, invitation, form, label="Make my account")


def _sign_in_first(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    url = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    return _page(request, invitation, None, sign_in_url=url)


def _page(
    request: HttpRequest, invitation: Invitation, form: HouseForm | None, **extra: object
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "where": invitations.seat_of(invitation).where,
        "form": form,
        **extra,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "agencies/invitation_page.html", context, status=status)
