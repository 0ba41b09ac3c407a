"""The doors outside every state."""

import hashlib
from collections.abc import Sequence
from functools import cache

from allauth.account.views import LogoutView
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from agencies.access import database_away, is_api
from agencies.models.states import states_of
from ips_portal import logs
from ips_portal.health import Probe, look
from outcomes.dashboards.public import open_states

NOT_FOUND = "There is nothing here that you may see. Check the address."


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Strangers learn what this is; people with one state go there at once, people with several choose."""
    states = states_of(request.user.pk) if request.user.is_authenticated else []
    if len(states) == 1:
        return redirect(f"/{states[0].slug}/")
    context = {"states": states, "public": open_states() if not states else ()}
    return render(request, "front_door.html", context)


@require_safe
def health(request: HttpRequest, probes: Sequence[Probe] = ()) -> HttpResponse:
    """200 when every part asked for is well, 503 with what is wrong in words. No secret, because anybody may ask."""
    found = look(probes)
    text = "".join(f"{part}: {wrong or 'ok'}\n" for part, wrong in found.items()) or "alive\n"
    status = 503 if any(found.values()) else 200
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session ended or rotated while the form was open; or a script sends a session's cookie, but no token."""
    if is_api(request):
        text = "Send your session's CSRF token in the header X-CSRFToken, or use an API token. Nothing was changed."
        return JsonResponse({"error": text}, status=403)
    return render(request, "session_ended.html", status=403)


@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """A page of words, the same for everybody."""
    return render(request, template)


def closed(request: HttpRequest, key: str = "") -> HttpResponse:
    """Stands before a page of a library that the portal does not offer."""
    raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what cannot be read, 413 for what is too much."""
    if isinstance(exception, SessionInterrupted):
        return session_interrupted(request, exception)
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    status = 413 if too_much else 400
    if is_api(request):
        text = "This is more than the portal takes at once." if too_much else "This request cannot be read."
        return JsonResponse({"error": f"{text} Nothing was changed."}, status=status)
    return render(request, f"{status}.html", status=status)


def session_interrupted(request: HttpRequest, exception: SessionInterrupted) -> HttpResponse:
    """The answer was ready, but the session could not be kept: the database is away, or the person has signed out.

    The library takes both for the second, and what the database said stands behind what it raised for that.
    """
    update = exception.__context__
    if update and isinstance(update.__context__, OperationalError):
        return database_away(request, update.__context__, may_be_saved=True)
    if is_api(request):
        text = "The session has ended. What you sent may have been saved already."
        return JsonResponse({"error": text}, status=403)
    return render(request, "session_ended.html", {"may_be_saved": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is not there and for what may not be seen."""
    if is_api(request):
        return JsonResponse({"error": NOT_FOUND}, status=404)
    return page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """From a template that needs nothing which may be what is broken."""
    if is_api(request):
        text = "Something is wrong in the portal. Nothing was saved. Try again; if it stays, tell the program office."
        return JsonResponse({"error": text}, status=500)
    return HttpResponse(get_template("500.html").render(logs.reference(request)), status=500)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that serves a stored rating page. Never cached, so that each release replaces it."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    folder = settings.ROOT / "static" / "site"
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"// build {digest.hexdigest()[:16]}\n" + (folder / "sw.js").read_text(encoding="utf-8")


class SignOut(LogoutView):  # type: ignore[misc]  # allauth ships no types
    """Drafts and stored pages leave the device together with the person. The page asks first when rows wait there."""

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
