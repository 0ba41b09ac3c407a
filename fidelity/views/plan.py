"""The action plan: read, filled in row by row and talked about, put in use, signed, approved, printed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable
from agencies.views.pages import done, pressed
from fidelity import reports
from fidelity.actions import plan_entries, planning, signing
from fidelity.actions.planning import RowValues
from fidelity.dashboards.plan import SHOWN, PlanPage
from fidelity.dashboards.plan import plan_page as page_of_plan
from fidelity.finding import find_plan, find_printed, find_row
from fidelity.forms.merging import Merged, digests, merged
from fidelity.forms.plan import AddForm, AnswerForm, RowForm, SayForm, stored_values
from fidelity.forms.texts import ReadForm
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanRow
from fidelity.models.plans import GONE
from fidelity.signatures import approver_of
from fidelity.views.pages import frame, posted, url
from ips_portal.reports.views import paper

CONFLICT = (
    "Somebody else saved this item while you had this page open. Both are shown: nothing was overwritten. Look at what "
    "is stored now and save again what you want to keep."
)
MERGED = "Somebody else saved this item in the meantime. The changes touch different fields: both are kept."
MISSING = "This item is no longer in the plan. What you typed was not saved; to keep it, add the item again."
TYPED = {
    "steps": "Steps",
    "first_step": "First step",
    "responsible": "Responsible",
    "evidence": "Evidence asked for",
    "note": "Where it stands",
    "text": "What you have to say",
}


class Missing(Refusal):
    status = 404


@door(Resource.ACTION_PLAN, GET="view")
def plan_page(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    return _page(request, find_plan(request, review))


def _page(
    request: TenantRequest,
    plan: ActionPlan,
    *,
    bound: RowForm | SayForm | None = None,
    add: AddForm | None = None,
    theirs: Sequence[tuple[str, str]] = (),
    typed: Sequence[tuple[str, str]] = (),
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The whole plan; `bound` is a row's form that could not be saved, opened in its place.

    `theirs`: see `_clash`. `typed`: see `_missing`.
    """
    fills = planning.writes_answers(plan, request.actor)
    shown = request.GET.get("show", "")
    keep = {bound.row.pk} if bound else set()
    page = page_of_plan(
        plan, request.tenant, request.actor, fills=fills, shown=shown if shown in SHOWN else "", keep=keep
    )
    review = plan.review
    context = {
        "page": page,
        "sections": [
            (name, [(row, *_forms_of(request, page, row.row, bound)) for row in rows])
            for name, rows in page.sections
        ],
        "bound": bound,
        "form": bound or add,  # for the error summary
        "add": add or (AddForm(items=page.addable) if page.addable else None),
        "refusal": refusal,
        "theirs": theirs,
        "typed": typed,
        "filters": _filters(request, review.public_id, page),
        **frame(request, review, "Action plan"),
    }
    broken = bool((bound and bound.errors) or (add and add.errors))
    status = refusal.status if refusal else 422 if broken else 200
    return render(request, "fidelity/plan_page.html", context, status=status)


def _forms_of(
    request: TenantRequest, page: PlanPage, row: PlanRow, bound: RowForm | SayForm | None
) -> tuple[RowForm | None, SayForm | None]:
    """To fill in a row, and to say something about it."""
    mine = bound if bound is not None and bound.row.pk == row.pk else None
    fill = mine if isinstance(mine, RowForm) else RowForm(row=row) if page.may_fill else None
    kinds = plan_entries.kinds_for(request.actor)
    say = mine if isinstance(mine, SayForm) else SayForm(row=row, kinds=kinds) if page.may_talk else None
    return fill, say


def _filters(request: TenantRequest, review: UUID, page: PlanPage) -> list[dict[str, Any]]:
    plain = url(request, "plan-page", review)
    mark = "&" if "?" in plain else "?"
    every = {"label": "All", "url": plain, "current": not page.shown, "count": page.progress.of}
    return [
        every,
        *(
            {"label": label, "url": f"{plain}{mark}show={key}", "current": page.shown == key, "count": None}
            for key, label in SHOWN.items()
        ),
    ]


@door(Resource.ACTION_PLAN, POST="edit")
def plan_row(request: TenantRequest, state: str, review: UUID, row: int) -> HttpResponse:
    """Saves one row."""
    plan = find_plan(request, review)
    try:
        record, before = find_row(plan, row), plan.status
    except Http404:
        return _missing(request, plan)
    form = RowForm(request.POST, row=record)
    if not form.is_valid():
        return _page(request, plan, bound=form)
    stored, version = stored_values(record), form.cleaned_data["version"]
    news = form.merged_with(stored)
    if news.conflicts and record.status not in GONE:
        return _clash(request, review, row, news)
    if news.values != stored:  # else it is the same form once more
        version = record.version
    try:
        with transaction.atomic():
            planning.change_row(record, values=RowValues(**news.values), version=version, by=request.actor)
    except StaleVersion:  # between the reading above and the saving
        now = stored_values(find_row(plan, row))
        return _clash(request, review, row, merged(news.values, digests(stored), now))
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, plan, bound=form)
    except Refusal as refusal:  # what was typed stays on the page, to be copied
        return _page(request, find_plan(request, review), bound=form, refusal=refusal)
    if news.values != form.values:
        messages.info(request, MERGED)
    item = scale_of(plan.review).item(record.item_code)
    messages.success(request, f"Saved: {item.seq}. {item.name}.{_turned(before, record.plan.status)}")
    return redirect(f"{url(request, 'plan-page', review)}#row-{record.pk}")


def _turned(before: str, after: str) -> str:
    """What a saved row did to the plan as a whole."""
    if before == after:
        return ""
    if after == ActionPlan.Status.COMPLETED:
        return " It was the last open row, so the action plan is completed. Reopen or add a row to go on."
    return " The action plan is in use again."


def _missing(request: TenantRequest, plan: ActionPlan) -> HttpResponse:
    """A row as it was drafted is deleted when it is taken out, so its form has no place on the page any more."""
    typed = [(label, words) for name, label in TYPED.items() if (words := request.POST.get(name, "").strip())]
    return _page(request, plan, typed=typed, refusal=Missing(MISSING))


def _clash(request: TenantRequest, review: UUID, row: int, news: Merged) -> HttpResponse:
    """What both changed is shown twice; the form may then be saved over what is stored now."""
    plan = find_plan(request, review)
    form = RowForm(row=find_row(plan, row), typed=news.values)
    theirs = form.labelled(news.conflicts)
    return _page(request, plan, bound=form, theirs=theirs, refusal=StaleVersion(CONFLICT, current={}))


@door(Resource.ACTION_PLAN, POST="edit")
def plan_say(request: TenantRequest, state: str, review: UUID, row: int) -> HttpResponse:
    """A progress note or a comment on one step."""
    plan = find_plan(request, review)
    try:
        record = find_row(plan, row)
    except Http404:
        return _missing(request, plan)
    form = SayForm(request.POST, row=record, kinds=plan_entries.kinds_for(request.actor))
    if not form.is_valid():
        return _page(request, plan, bound=form)
    try:
        with transaction.atomic():
            plan_entries.say(record, by=request.actor, **form.cleaned_data)
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, plan, bound=form)
    except Refusal as refusal:
        return _page(request, find_plan(request, review), bound=form, refusal=refusal)
    return done(request, "Written down.", f"{url(request, 'plan-page', review)}#row-{record.pk}")


@door(Resource.ACTION_PLAN, POST="edit")
def plan_add(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    plan = find_plan(request, review)
    form = AddForm(request.POST, items=scale_of(plan.review).items)
    if form.is_valid():
        with shown_on(form):
            made = planning.add_row(plan, item_code=form.cleaned_data["item_code"], by=request.actor)
        if form.is_valid():
            text = "The item is in the plan, with drafted steps. Edit them."
            return done(request, text, f"{url(request, 'plan-page', review)}#row-{made.pk}")
    return _page(request, find_plan(request, review), add=form)


@door(Resource.ACTION_PLAN, GET="edit", POST="edit")
def plan_drop(request: TenantRequest, state: str, review: UUID, row: int) -> HttpResponse:
    plan = find_plan(request, review)
    record = find_row(plan, row)
    planning.check_planned_by(plan, request.actor)
    planning.check_in_plan(plan, record, typed=False)
    item = scale_of(plan.review).item(record.item_code)
    fresh, signed = planning.is_untouched(record), plan.sign_off in planning.SIGNED
    form = HouseForm(posted(request))
    if request.method == "POST":
        pressed(request)
        planning.drop_row(record, by=request.actor)
        return done(request, f"{item.name} is out of the plan.", url(request, "plan-page", review))
    return _question(
        request,
        plan,
        form,
        heading=f"Take item {item.seq}, {item.name}, out of the plan",
        label="Take it out",
        warning="Nobody has written in it yet; its drafted steps go with it."
        if fresh
        else "People have written in it, so it stays below the plan as dropped, with what they wrote.",
        points=(
            "The item can be added again later.",
            *(["The plan is signed off; what is left of it is to be signed again."] if signed else []),
        ),
        danger=fresh,
    )


@door(Resource.ACTION_PLAN, GET="submit", POST="submit")
def plan_use(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The agency commits to the plan."""
    plan = find_plan(request, review)
    planning.check_usable(plan)
    form = ReadForm(posted(request), initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                planning.put_in_use(plan, version=form.cleaned_data["version"], by=request.actor)
        except (Unacceptable, StaleVersion) as refusal:
            return _page(request, find_plan(request, review), refusal=refusal)
        text = "The plan is in use. Keep the status and notes of each row up to date."
        return done(request, text, url(request, "plan-page", review))
    return _question(
        request,
        plan,
        form,
        heading="Put the plan in use",
        label="Put the plan in use",
        warning=f"The {request.tenant.terms['agency']} commits to this plan.",
        points=(
            "From now on its answers are yours alone; the state's people may comment.",
            "You can still change, add and drop rows. Every change stays in the history.",
            f"{plan.author} is told by e-mail.",
        ),
    )


@door(Resource.ACTION_PLAN, GET="submit", POST="submit")
def plan_sign(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The leader signs for the agency."""
    plan = find_plan(request, review)
    signing.check_signer(plan, request.actor)
    signing.check_signable(plan)
    form = ReadForm(posted(request), initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        signing.sign(plan, version=form.cleaned_data["version"], by=request.actor)
        return done(request, "The plan is signed off.", url(request, "plan-page", review))
    approver = approver_of(plan)
    return _question(
        request,
        plan,
        form,
        heading="Sign the action plan off",
        label="Sign off",
        warning="Your name and today's date stand on the plan and its PDF.",
        points=(
            "Progress notes, comments and status may go on. A change of steps, people, dates, evidence or goal "
            "asks you to sign again.",
            *([f"Then {approver.name} is asked to approve it."] if approver else []),
        ),
    )


@door(Resource.ACTION_PLAN, GET="approve", POST="approve")
def plan_answer(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Whoever the policy names approves the signed plan, or returns it with words."""
    plan = find_plan(request, review)
    signing.check_approver(plan, request.actor)
    form, refused = AnswerForm(posted(request), initial={"version": plan.version}), None
    if request.method != "POST":
        signing.check_waiting(plan, request.actor)
    elif form.is_valid():
        try:
            with transaction.atomic():
                _answer(request, plan, form)
            said = "The plan is returned with your words." if form.returns else "The plan is approved."
            return done(request, said, url(request, "plan-page", review))
        except Unacceptable as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except Refusal as refusal:
            form, refused = _read_again(request, refusal), refusal
    return _question(
        request,
        plan,
        form,
        heading="Approve the action plan",
        label="Send your answer",
        warning=f"The {request.tenant.terms['agency']} has signed it off. Read the whole plan first.",
        points=("Your name and today's date stand on the plan and its PDF.",),
        refusal=refused,
    )


def _answer(request: TenantRequest, plan: ActionPlan, form: AnswerForm) -> None:
    version = form.cleaned_data["version"]
    if form.returns:
        signing.send_back(plan, words=form.cleaned_data["words"], version=version, by=request.actor)
    else:
        signing.approve(plan, version=version, by=request.actor)


def _read_again(request: TenantRequest, refusal: Refusal) -> AnswerForm:
    """What was typed; after a change of the plan it may be sent again, as its reader has been told."""
    again: QueryDict = request.POST.copy()
    if isinstance(refusal, StaleVersion):
        again["version"] = str(refusal.current["version"])
    return AnswerForm(again)


@door(Resource.ACTION_PLAN, POST="export")
def plan_pdf(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    plan = find_printed(request, review)
    pressed(request)
    return paper(request, reports.PLAN, plan)


def _question(
    request: TenantRequest,
    plan: ActionPlan,
    form: HouseForm,
    *,
    heading: str,
    refusal: Refusal | None = None,
    **shown: object,
) -> HttpResponse:
    back = url(request, "plan-page", plan.review.public_id)
    context = {"form": form, "title": heading, "cancel_url": back, "refusal": refusal, **shown}
    context |= frame(request, plan.review, heading)
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "fidelity/plan_question.html", context, status=status)
