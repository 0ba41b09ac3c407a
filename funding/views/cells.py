"""Filling in a funding plan: a whole column, one cell, and what is asked and answered about it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on, undone_by
from agencies.permissions import Resource, may
from agencies.refusals import Refusal, StaleVersion, Unacceptable
from agencies.views.pages import done, pressed
from fidelity.views.pages import posted
from funding.actions import cells, linking, notes
from funding.cells import as_cell
from funding.dashboards.plan import fills, links_of, may_link, other_payers, read
from funding.finding import cell_of, find_cell, find_column, find_link, find_note, find_plan
from funding.forms.cells import AnswerForm, CellForm, ColumnForm, LinkForm, NoteForm, stored
from funding.models import CellNote, PlanColumn, PlanElement
from funding.models.register import register_of
from funding.paper import facts
from funding.services import shipped
from funding.views.pages import frame, url

PLAN = Resource.FUNDING_PLAN


@door(PLAN, GET="view", POST="edit")
def column_fill(request: TenantRequest, state: str, plan: UUID, column: int) -> HttpResponse:
    """All cells of one payer's source in one form, for whoever keeps the column; others read it."""
    found = find_column(request, plan, column)
    sheet = read(found.plan)

    def form_of(data: Any) -> ColumnForm:
        own = {place[0]: row for place, row in sheet.cells.items() if place[1] == found.pk}
        return ColumnForm(data, elements=sheet.grid.elements, cells=own)

    form = form_of(posted(request))
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        with undone_by(StaleVersion) as undone, shown_on(form):
            count = cells.fill_column(found.plan, found, rows=form.rows, by=request.actor)
        refusal = undone.refusal
        if isinstance(refusal, StaleVersion):
            sheet = read(found.plan)
            again = request.POST.copy()
            for element, now in refusal.current.items():
                again[f"{element}-version"] = str(now["version"])
            form = form_of(again)
            form.faster = refusal.current
        elif form.is_valid():
            words = (
                f"Saved: {count} {'cell' if count == 1 else 'cells'}." if count else "Nothing had changed."
            )
            return done(request, words, url(request, "plan-page", found.plan.public_id))
    names = {phase.key: phase.name for phase in shipped().phases}
    context = {
        "column": found,
        "form": form,
        "phases": [(names[key], lines) for key, lines in form.lines()],
        "refusal": refusal,
        "fills": fills(found, request.actor),
        "reads_register": may(request.actor, "view", PLAN, register_of(request.tenant.pk)),
        "cancel_url": url(request, "plan-page", found.plan.public_id),
        **frame(request, found.plan, f"{found.get_payer_display()}: {found.name}"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "funding/column_fill.html", context, status=status)


@door(PLAN, GET="view", POST="edit")
def cell_page(request: TenantRequest, state: str, plan: UUID, element: int, column: int) -> HttpResponse:
    """What one payer says of one service. Where somebody was faster, both stand on one page."""
    service, payer = find_cell(request, plan, element, column)
    if request.method != "POST":
        return _cell(request, service, payer)
    others = other_payers(read(payer.plan), payer)
    form = CellForm(request.POST, others=others)
    refusal: Refusal | None = None
    if form.is_valid():
        with undone_by(StaleVersion) as undone, shown_on(form):
            version = form.cleaned_data["version"]
            cells.fill(payer.plan, service, payer, cell=form.cell, version=version, by=request.actor)
        refusal = undone.refusal
        if isinstance(refusal, StaleVersion):
            again = request.POST.copy()
            again["version"] = str(refusal.current["version"])
            form = CellForm(again, others=others)
        elif form.is_valid():
            return done(request, "Saved.", url(request, "cell-page", plan, element, column))
    return _cell(request, service, payer, form=form, refusal=refusal)


def _cell(
    request: TenantRequest,
    service: PlanElement,
    payer: PlanColumn,
    *,
    form: CellForm | None = None,
    note: NoteForm | None = None,
    link: LinkForm | None = None,
    answer: AnswerForm | None = None,
    answers: CellNote | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    sheet = read(payer.plan)
    row = sheet.cells.get((service.pk, payer.pk))
    said = CellNote.objects.filter(element=service, column=payer).select_related("written_by", "answered_by")
    form = form or CellForm(others=other_payers(sheet, payer), initial=stored(row))
    keeps = fills(payer, request.actor)
    asks = request.actor.desk or may(request.actor, "edit", PLAN, payer.plan.place)
    context = {
        "service": service,
        "payer": payer,
        "row": row,
        "facts": facts(as_cell(row), sheet.grid) if row else [],
        "form": form if keeps else None,
        "links": links_of(sheet, row) if row else [],
        "link_form": link or (LinkForm(others=may_link(sheet, row)) if row and keeps else None),
        "notes": said,
        "note_form": (note or NoteForm()) if asks and not payer.plan.closed_at else None,
        "answer_form": answer,
        "answers": answers,
        "refusal": refusal,
        "cancel_url": url(request, "plan-page", payer.plan.public_id),
        **frame(request, payer.plan, f"{service.name}, {payer.get_payer_display()}: {payer.name}"),
    }
    wrong = any(each.errors for each in (form, note, link, answer) if each)
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "funding/cell_page.html", context, status=status)


@door(PLAN, POST="edit")
def link_new(request: TenantRequest, state: str, plan: UUID, element: int, column: int) -> HttpResponse:
    service, payer = find_cell(request, plan, element, column)
    sheet = read(payer.plan)
    row = sheet.cells.get((service.pk, payer.pk))
    if row is None:
        raise Unacceptable("Nobody has said yet that this is paid. Fill the cell in first.")
    row.plan, row.column = payer.plan, payer
    form = LinkForm(request.POST, others=may_link(sheet, row))
    if form.is_valid():
        data = form.cleaned_data
        other = next(each for each in sheet.cells.values() if each.pk == data["other"])
        with shown_on(form):
            linking.link(row, other, kind=data["kind"], note=data["note"], by=request.actor)
            return done(request, "Linked.", url(request, "cell-page", plan, element, column))
    return _cell(request, service, payer, link=form)


@door(PLAN, POST="edit")
def link_off(request: TenantRequest, state: str, plan: UUID, link: int) -> HttpResponse:
    found = find_link(request, plan, link)
    pressed(request)
    first = found.first
    linking.take_off(found, by=request.actor)
    here = url(request, "cell-page", plan, first.element_id, first.column_id)
    return done(request, "Taken off. The history keeps what it said.", here)


@door(PLAN, POST="edit")
def note_write(request: TenantRequest, state: str, plan: UUID, element: int, column: int) -> HttpResponse:
    """Whoever sees the plan and keeps a column of any kind may ask about every cell."""
    found = find_plan(request, plan, action="view" if request.actor.desk else None)
    service, payer = cell_of(found, element, column)
    form = NoteForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            notes.write(service, payer, **form.cleaned_data, by=request.actor)
            words = f"Asked. It stays open until {payer.kept_by or 'the IPS team'} answers."
            said = words if form.cleaned_data["is_question"] else "Written down."
            return done(request, said, url(request, "cell-page", plan, element, column))
    return _cell(request, service, payer, note=form)


@door(PLAN, POST="edit")
def note_answer(request: TenantRequest, state: str, plan: UUID, remark: int) -> HttpResponse:
    found = find_note(request, plan, remark)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            notes.answer(found, text=form.cleaned_data["text"], by=request.actor)
            here = url(request, "cell-page", plan, found.element_id, found.column_id)
            return done(request, "Answered.", here)
    service, payer = cell_of(found.plan, found.element_id, found.column_id)
    return _cell(request, service, payer, answer=form, answers=found)
