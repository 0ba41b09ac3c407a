"""The page of a visit, its papers, and the calculator of a reviewer."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done, wrong_with
from fidelity import visit_papers
from fidelity.actions.visiting import save_visit
from fidelity.dashboards.visiting import VisitPage, rules_of, values_of, visit_of, visit_page
from fidelity.finding import find_rated, find_review, hide_visit
from fidelity.forms.calculator import CalculatorForm
from fidelity.forms.merging import Values, digests, merged
from fidelity.forms.visit_papers import PaperForm
from fidelity.forms.visiting import (
    COUNTED,
    PARTS,
    VisitForm,
    by_name,
    initial,
    initial_numbers,
    told,
    whole_visit,
)
from fidelity.in_force import scale_of
from fidelity.models import Review
from fidelity.suggesting import can_be_worked_out
from fidelity.views.pages import frame, kept, url
from fidelity.visits import SPECIALISTS, VisitValues, columns, is_by_specialist, what_counts
from ips_portal.reports.views import paper

CONFLICT = (
    "The page was saved in another window or by another reviewer in the meantime, and some of the same things were "
    "changed. What you typed is in the fields, not saved yet; what is stored now is listed here. Compare, then save "
    "again: that keeps what is in the fields."
)


@door(Resource.DRAFT_REPORT, GET="view", POST="edit")
def review_visit(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """For the reviewers and the state: agenda, data request and tallies, in one form."""
    found = find_review(request, review)
    hide_visit(request, found)
    return _save(request, found) if request.method == "POST" else _page(request, found)


def _save(request: TenantRequest, review: Review) -> HttpResponse:
    page = visit_page(review, request.actor)
    form = VisitForm(request.POST, scale=page.scale, days=page.days)
    if not form.is_valid():
        return _page(request, review, form=form)
    stored = by_name(page.values, page.scale)
    news = merged(form.values, form.cleaned_data["base"], stored)
    if news.conflicts:
        return _conflict(request, review, news.values, news.conflicts)
    try:
        with transaction.atomic():
            values = whole_visit(news.values, page.scale)
            save_visit(review, values=values, version=page.version, by=request.actor)
    except StaleVersion:  # between the reading above and the saving
        now = visit_page(review, request.actor)
        again = merged(news.values, digests(stored), by_name(now.values, now.scale))
        return _conflict(request, review, again.values, again.conflicts)
    except WrongStatus as refusal:
        return _page(request, find_review(request, review.public_id), form=form, refusal=refusal)
    except Unacceptable as refusal:
        form.add_error(form.place(refusal.field), refusal.message)
        return _page(request, review, form=form)
    return done(request, "The page of the visit is saved.", url(request, "review-visit", review.public_id))


def _conflict(request: TenantRequest, review: Review, values: Values, theirs: Values) -> HttpResponse:
    """What was typed stays; saved again, it replaces what is stored."""
    page = visit_page(review, request.actor)
    form = _form(page, whole_visit(values, page.scale))
    stored = [(_label(page, name), told(name, kept)) for name, kept in theirs.items()]
    return _page(request, review, form=form, refusal=StaleVersion(CONFLICT, current={}), theirs=stored)


def _label(page: VisitPage, name: str) -> str:
    lists = {"agenda": "Agenda", "asked": "Data request", "wanted_on": "Please send by"}
    questions = {each.code: each.text for _, group in page.tally for each in group}
    numbers = {f"numbers-{item.code}": item.name for item in page.measured}
    people = {f"people-{key}": label for key, label in COUNTED.items()}
    return (lists | questions | numbers | people)[name]


def _form(page: VisitPage, values: VisitValues) -> VisitForm:
    shown = initial(values) | initial_numbers(values, page.scale)
    stands = {"version": page.version, "base": digests(by_name(page.values, page.scale))}
    return VisitForm(scale=page.scale, days=page.days, initial=shown | stands)


def _page(
    request: TenantRequest,
    review: Review,
    *,
    form: VisitForm | None = None,
    refusal: Any = None,
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    page = visit_page(review, request.actor)
    form = form or _form(page, page.values)
    context = {
        "page": page,
        "form": form,
        "refusal": refusal,
        "theirs": theirs or [],
        "papers": visit_papers.LABELS.items(),
        **_rows(page, form),
        **frame(request, review, "Visit"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "fidelity/review_visit.html", context, status=status)


def _rows(page: VisitPage, form: VisitForm) -> dict[str, Any]:
    """The fields in the rows in which they are drawn."""
    agenda = [
        [form[f"agenda-{row}-{part}"] for part in ("day", "time", "who", "what")]
        for row in form.shown("agenda", "time", "who", "what")
    ]
    asked = [
        (form[f"asked-{row}-text"], form[f"asked-{row}-received"]) for row in form.shown("asked", "text")
    ]
    tally = [
        (item, [(each, [form[f"{each.code}-{part}"] for part in PARTS]) for each in questions])
        for item, questions in page.tally
    ]
    return {
        "agenda": agenda,
        "asked": asked,
        "people": [form[f"people-{key}"] for key in COUNTED],
        "tally": tally,
        "numbers": [
            (item, columns(item), number_rows(form, item), what_counts(item)) for item in page.measured
        ],
    }


def number_rows(form: Any, item: Any) -> list[tuple[int, list[Any]]]:
    """Specialists get a row each, as many as are filled and two more."""
    several = is_by_specialist(item)
    keys = [column.key for column in columns(item)]
    rows = range(1, (SPECIALISTS if several else 1) + 1)
    fields = [(row, [form[f"{item.code}-{row}-{key}"] for key in keys]) for row in rows]
    filled = [row for row, cells in fields if any(cell.value() not in (None, "") for cell in cells)]
    return fields[: max(4, max(filled, default=0) + 2)]


@door(Resource.DRAFT_REPORT, POST="view")
def visit_pdf(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Agenda, request, tally or blank score sheets, whichever the button says."""
    found = find_review(request, review)
    hide_visit(request, found)
    form = PaperForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    return paper(request, form.cleaned_data["kind"], found)


@door(Resource.RATINGS, GET="view")
def review_calculator(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Works out one item from what its reviewer enters. Nothing is kept, so nobody else ever sees it."""
    found = find_rated(request, review)
    items = [item for item in scale_of(found).items if can_be_worked_out(item)]
    chosen = next((item for item in items if item.code == request.GET.get("item")), items[0])
    sent = {name: values for name, values in request.GET.lists() if name not in ("item", "as")}
    if not any(any(values) for name, values in sent.items() if name != "work" or chosen.kind == "count"):
        sent = {}  # an empty form asks nothing, but that no part of a count item is in place is an answer
    values = values_of(found, visit_of(found))
    form = CalculatorForm(sent or None, item=chosen, numbers=values.numbers.get(chosen.code, ()))
    reading = form.work_out(rules_of(found)) if sent else None
    context = {
        "item": chosen,
        "items": items,
        "form": form,
        "columns": columns(chosen) if form.has_numbers else (),
        "rows": number_rows(form, chosen) if form.has_numbers else [],
        "counting": what_counts(chosen),
        "reading": reading,
        "kept": kept(request),
        "review": found,
        "crumbs": [
            (str(found.team), url(request, "review-page", found.public_id)),
            ("Rate", url(request, "review-rate", found.public_id)),
            ("Work out an item", ""),
        ],
    }
    return render(request, "fidelity/review_calculator.html", context, status=422 if form.errors else 200)
