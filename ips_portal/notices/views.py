"""The register of notices in words, and the practice mailbox."""

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from agencies.tenancy import BREADTH, Breadth
from ips_portal.notices import mailbox, register
from ips_portal.notices.models import Message

ON_A_PAGE = 25


@door(Resource.STATE, GET="view")
def notice_list(request: TenantRequest, state: str) -> HttpResponse:
    messages = Message.objects.visible_to(request.actor)
    labels = {notice.key: notice.event for notice in register.registered()}
    page = Paginator(messages, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/notice_list.html",
        {
            "notices": register.registered(),
            "rows": [(message, labels.get(message.notice, message.notice)) for message in page],
            "page": page,
            "sees_all": BREADTH[request.actor.role] is Breadth.STATE,
            "crumbs": [(request.tenant.name, f"/{state}/"), ("Notices", None)],
        },
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
