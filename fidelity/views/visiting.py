"""The pages of a visit, its papers, and the calculator of a reviewer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
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
from fidelity.forms.merging import Merged, Values, digests, merged
from fidelity.forms.visit_papers import PaperForm
from fidelity.forms.visiting import (
    COUNTED,
    PARTS,
    AgendaForm,
    NumbersForm,
    PeopleForm,
    RequestForm,
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
def review_visit(request: TenantRequest, state: str, review: UUID, topic: str) -> HttpResponse:
    """For the reviewers and the state: agenda, data request, people and records, or numbers."""
    found = find_review(request, review)
    hide_visit(request, found)
    opened = Opened(TOPICS[topic], visit_page(found, request.actor))
    return _save(request, opened) if request.method == "POST" else _page(request, opened, opened.form())


@dataclass(frozen=True)
class Opened:
    """One topic of a visit, with what is stored of it."""

    topic: "Topic"
    page: VisitPage

    @property
    def review(self) -> Review:
        return self.page.review

    def sent(self, data: Any) -> VisitForm:
        return self.topic.form(data, scale=self.page.scale, days=self.page.days)

    def form(self, values: VisitValues | None = None) -> VisitForm:
        """Showing these values, or what is stored."""
        page = self.page
        values = values or page.values
        shown = initial(values) | initial_numbers(values, page.scale)
        form = self.topic.form(scale=page.scale, days=page.days, initial=shown)
        form.initial["base"] = digests(self.stored(form))
        return form

    def stored(self, form: VisitForm) -> Values:
        every = by_name(self.page.values, self.page.scale)
        return {name: every[name] for name in form.names}

    def whole(self, values: Values) -> VisitValues:
        return whole_visit(by_name(self.page.values, self.page.scale) | values, self.page.scale)


def _save(request: TenantRequest, opened: Opened) -> HttpResponse:
    form = opened.sent(request.POST)
    if not form.is_valid():
        return _page(request, opened, form)
    news = merged(form.values, form.cleaned_data["base"], opened.stored(form))
    if news.conflicts:
        return _conflict(request, opened, news)
    review = opened.review
    try:
        with transaction.atomic():
            values = opened.whole(news.values)
            save_visit(review, values=values, version=opened.page.version, by=request.actor)
    except StaleVersion:  # between the reading above and the saving
        now = Opened(opened.topic, visit_page(review, request.actor))
        return _conflict(request, now, merged(news.values, digests(opened.stored(form)), now.stored(form)))
    except WrongStatus as refusal:
        now = Opened(opened.topic, visit_page(find_review(request, review.public_id), request.actor))
        return _page(request, now, form, refusal=refusal)
    except Unacceptable as refusal:
        form.add_error(form.place(refusal.field), refusal.message)
        return _page(request, opened, form)
    topic = opened.topic
    return done(request, f"{topic.label}: saved.", url(request, topic.route, review.public_id))


def _conflict(request: TenantRequest, opened: Opened, news: Merged) -> HttpResponse:
    """What was typed stays; saved again, it replaces what is stored."""
    form = opened.form(opened.whole(news.values))
    stored = [(_label(opened.page, name), told(name, kept)) for name, kept in news.conflicts.items()]
    return _page(request, opened, form, refusal=StaleVersion(CONFLICT, current={}), theirs=stored)


def _label(page: VisitPage, name: str) -> str:
    lists = {"agenda": "Agenda", "asked": "Data request", "wanted_on": "Please send by"}
    questions = {each.code: each.text for _, group in page.tally for each in group}
    numbers = {f"numbers-{item.code}": item.name for item in page.measured}
    people = {f"people-{key}": label for key, label in COUNTED.items()}
    return (lists | questions | numbers | people)[name]


def _page(
    request: TenantRequest,
    opened: Opened,
    form: VisitForm,
    *,
    refusal: Any = None,
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    topic = opened.topic
    context = {
        "page": opened.page,
        "form": form,
        "refusal": refusal,
        "theirs": theirs or [],
        "topic": topic,
        "told": None
        if form.is_bound or opened.page.may_write
        else topic.told(opened.review, opened.page.values),
        "topics": [
            {
                "label": each.label,
                "url": url(request, each.route, opened.review.public_id),
                "current": each is topic,
            }
            for each in TOPICS.values()
        ],
        "papers": [(kind, visit_papers.LABELS[kind]) for kind in topic.papers],
        **topic.rows(opened.page, form),
        **frame(request, opened.review, "Visit"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "fidelity/review_visit.html", context, status=status)


def _agenda_rows(page: VisitPage, form: VisitForm) -> dict[str, Any]:
    parts = ("day", "time", "who", "what")
    rows = form.shown("agenda", "time", "who", "what")
    return {"agenda": [[form[f"agenda-{row}-{part}"] for part in parts] for row in rows]}


def _request_rows(page: VisitPage, form: VisitForm) -> dict[str, Any]:
    rows = form.shown("asked", "text")
    return {"asked": [(form[f"asked-{row}-text"], form[f"asked-{row}-received"]) for row in rows]}


def _people_rows(page: VisitPage, form: VisitForm) -> dict[str, Any]:
    tally = [
        (item, [(each, [form[f"{each.code}-{part}"] for part in PARTS]) for each in questions])
        for item, questions in page.tally
    ]
    return {"people": [form[f"people-{key}"] for key in COUNTED], "tally": tally}


def _numbers_rows(page: VisitPage, form: VisitForm) -> dict[str, Any]:
    return {
        "numbers": [
            (item, columns(item), number_rows(form, item), what_counts(item)) for item in page.measured
        ]
    }


@dataclass(frozen=True)
class Topic:
    """A part of the visit with a page of its own."""

    label: str
    route: str
    form: type[VisitForm]
    rows: Callable[[VisitPage, VisitForm], dict[str, Any]]
    template: str
    told: Callable[[Review, VisitValues], dict[str, Any]]
    papers: tuple[str, ...]


AGENDA = Topic(
    label="Agenda",
    route="review-visit",
    form=AgendaForm,
    rows=_agenda_rows,
    template="fidelity/_visit_agenda.html",
    told=visit_papers.agenda,
    papers=(visit_papers.AGENDA, visit_papers.SHEETS),
)
REQUEST = Topic(
    label="Data request",
    route="visit-request",
    form=RequestForm,
    rows=_request_rows,
    template="fidelity/_visit_request.html",
    told=visit_papers.request,
    papers=(visit_papers.REQUEST,),
)
PEOPLE = Topic(
    label="People and records",
    route="visit-people",
    form=PeopleForm,
    rows=_people_rows,
    template="fidelity/_visit_people.html",
    told=visit_papers.people,
    papers=(visit_papers.TALLY,),
)
NUMBERS = Topic(
    label="Numbers counted",
    route="visit-numbers",
    form=NumbersForm,
    rows=_numbers_rows,
    template="fidelity/_visit_numbers.html",
    told=visit_papers.numbers,
    papers=(visit_papers.TALLY,),
)
TOPICS = {"agenda": AGENDA, "request": REQUEST, "people": PEOPLE, "numbers": NUMBERS}


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
    if not items:
        raise Http404
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
