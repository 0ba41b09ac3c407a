"""The register of notices in words, a person's own choice, and the practice mailbox."""

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource
from agencies.tenancy import BREADTH, Breadth
from agencies.views.pages import address, done, form_page
from ips_portal.notices import mailbox, register
from ips_portal.notices.actions import preferences
from ips_portal.notices.forms import PreferenceForm
from ips_portal.notices.models import Message, chosen
from ips_portal.notices.pacing import Chosen, Pace

ON_A_PAGE = 25


@door(Resource.STATE, GET="view")
def notice_list(request: TenantRequest, state: str) -> HttpResponse:
    messages = Message.objects.visible_to(request.actor)
    notices = register.registered()
    labels = {notice.key: notice.event for notice in notices}
    program = request.tenant.program_name or request.tenant.name
    page = Paginator(messages, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/notice_list.html",
        {
            "notices": [(notice, register.sample(notice, program)) for notice in notices],
            "chosen": chosen(request.tenant.pk, request.actor.person_id),
            "mine_url": address(request, "notices:preference", state),
            "rows": [(message, labels.get(message.notice, message.notice)) for message in page],
            "page": page,
            "sees_all": BREADTH[request.actor.role] is Breadth.STATE,
            "crumbs": [(request.tenant.name, f"/{state}/"), ("Notices", None)],
        },
    )


@door(Resource.STATE, GET="view", POST="view")
def preference(request: TenantRequest, state: str) -> HttpResponse:
    """How often one gets what can wait. Everybody who may open the state says so for themselves."""
    now = chosen(request.tenant.pk, request.actor.person_id)
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial={"pace": now.value})
    back = address(request, "notices:notice-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            preferences.choose(request.tenant, pace=Chosen(form.cleaned_data["pace"]), by=request.actor)
            return done(request, "Saved. It holds from the next message on.", back)
    return form_page(
        request,
        form,
        heading="Your notices",
        label="Save",
        crumbs=[("My account", "/account/"), ("Notices", back)],
        cancel_url=back,
        template="notices/preference.html",
        paces=[(pace, [each for each in register.registered() if each.pace is pace]) for pace in Pace],
    )


@require_safe
def mailbox_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/mailbox_list.html", {"mails": mailbox.mails(_folder())})


@require_safe
def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    mail = mailbox.find(_folder(), name)
    if mail is None:
        raise Http404
    crumbs = [("Practice mailbox", "/mail/"), (mail.subject, None)]
    return render(request, "notices/mailbox_message.html", {"mail": mail, "crumbs": crumbs})


def _folder() -> Path:
    """Only where mail is caught instead of sent; elsewhere there is no such page."""
    if not settings.MAIL_DIR:
        raise Http404
    return Path(settings.MAIL_DIR)
