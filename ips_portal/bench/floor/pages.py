"""Two pages: one with session, user and one indexed query, and the same with a table of 60 rows."""

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.urls import path

ROWS = [
    {
        "name": f"Team {number}",
        "place": f"Agency {number % 7}",
        "day": date(2026, 1, 1) + timedelta(days=number),
        "kind": "External review",
        "total": number % 5 * 20,
    }
    for number in range(60)
]


def bare(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse(_one().model)


def page(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return render(request, "table.html", {"one": _one(), "rows": ROWS})


def _one() -> ContentType:
    return ContentType.objects.get(app_label="auth", model="user")


urlpatterns = [path("auth", bare), path("page", page)]
