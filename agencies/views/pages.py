"""What all pages that change a record have in common: the form, the question before something ends, the way back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.forms import HouseForm
from agencies.refusals import Refusal, Unacceptable

ROWS = 50
Crumbs = Sequence[tuple[str, str]]


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of a page, under the membership the person chose."""
    chosen = request.GET.get("as", "")
    url = reverse(name, args=args)
    return f"{url}?as={chosen}" if chosen.isdigit() else url


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    label: str,
    crumbs: Crumbs,
    cancel_url: str,
    lead: str = "",
    template: str = "agencies/record_edit.html",
    refusal: Refusal | None = None,
    **extra: Any,
) -> HttpResponse:
    """A form of its own page; 422 when something in it must be mended, or the status of what refused it."""
    shown = {"form": form, "title": heading, "label": label, "cancel_url": cancel_url, "lead": lead}
    context = {**shown, "crumbs": [*crumbs, (heading, "")], "refusal": refusal, **extra}
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


def question(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    warning: str,
    label: str,
    crumbs: Crumbs,
    cancel_url: str,
    points: Sequence[str] = (),
    danger: bool = False,
) -> HttpResponse:
    """Says what will happen before it does."""
    return form_page(
        request,
        form,
        heading=heading,
        label=label,
        crumbs=crumbs,
        cancel_url=cancel_url,
        template="agencies/record_confirm.html",
        warning=warning,
        points=points,
        danger=danger,
    )


def done(request: HttpRequest, message: str, url: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(url)


def wrong_with(form: HouseForm) -> str:
    """In one line, for a button that stands on a page without fields."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def pressed(request: HttpRequest) -> None:
    """A button sends its token and nothing else. Raises Unacceptable."""
    form = HouseForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))


def page_of(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", size: int = ROWS) -> "Page[Any]":
    """The page the address asks for; a page that does not exist is the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
