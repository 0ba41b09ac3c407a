"""The doors outside every state."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def front_door(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session ended or rotated while the form was open."""
    return render(request, "403.html", {"csrf": True}, status=403)
