"""The action plan: read, filled in row by row and talked about, put in use, signed, approved, printed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable
from agencies.views.pages import done, pressed
from fidelity import reports
from fidelity.actions import plan_entries, planning, signing
from fidelity.dashboards.plan import SHOWN, PlanPage
from fidelity.dashboards.plan import plan_page as page_of_plan
from fidelity.finding import find_plan, find_printed, find_row
from fidelity.forms.plan import AddForm, AnswerForm, RowForm, SayForm
from fidelity.forms.texts import ReadForm
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanRow
from fidelity.signatures import approver_of
from fidelity.views.pages import frame, posted, url
from ips_portal.reports.views import paper


@door(Resource.ACTION_PLAN, GET="view")
def plan_page(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    return _page(request, find_plan(request, review))


def _page(
    request: TenantRequest,
    plan: ActionPlan,
    *,
    bound: RowForm | SayForm | None = None,
    add: AddForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The whole plan; `bound` is a row's form that could not be saved, opened in its place."""
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
    record, before = find_row(plan, row), plan.status
    form = RowForm(request.POST, row=record)
    if not form.is_valid():
        return _page(request, plan, bound=form)
    try:
        with transaction.atomic():
            planning.change_row(
                record, values=form.values, version=form.cleaned_data["version"], by=request.actor
            )
    except StaleVersion as refusal:
        return _stale(request, review, row, refusal)
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, plan, bound=form)
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


def _stale(request: TenantRequest, review: UUID, row: int, refusal: StaleVersion) -> HttpResponse:
    """Both values on one page; saved again, the typed ones replace what is stored now."""
    plan = find_plan(request, review)
    record = find_row(plan, row)
    again: QueryDict = request.POST.copy()
    again["version"] = str(record.version)
    form = RowForm(again, row=record)
    form.is_valid()
    return _page(request, plan, bound=form, refusal=refusal)


@door(Resource.ACTION_PLAN, POST="edit")
def plan_say(request: TenantRequest, state: str, review: UUID, row: int) -> HttpResponse:
    """A progress note or a comment on one step."""
    plan = find_plan(request, review)
    record = find_row(plan, row)
    form = SayForm(request.POST, row=record, kinds=plan_entries.kinds_for(request.actor))
    if form.is_valid():
        with shown_on(form):
            plan_entries.say(record, by=request.actor, **form.cleaned_data)
        if form.is_valid():
            return done(request, "Written down.", f"{url(request, 'plan-page', review)}#row-{record.pk}")
    return _page(request, plan, bound=form)


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
    signing.check_waiting(plan, request.actor)
    form = AnswerForm(posted(request), initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        with shown_on(form):
            if form.returns:
                signing.send_back(plan, words=form.cleaned_data["words"], version=version, by=request.actor)
            else:
                signing.approve(plan, version=version, by=request.actor)
        if form.is_valid():
            said = "The plan is returned with your words." if form.returns else "The plan is approved."
            return done(request, said, url(request, "plan-page", review))
    return _question(
        request,
        plan,
        form,
        heading="Approve the action plan",
        label="Send your answer",
        warning=f"The {request.tenant.terms['agency']} has signed it off. Read the whole plan first.",
        points=("Your name and today's date stand on the plan and its PDF.",),
    )


@door(Resource.ACTION_PLAN, POST="export")
def plan_pdf(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    plan = find_printed(request, review)
    pressed(request)
    return paper(request, reports.PLAN, plan)


def _question(
    request: TenantRequest, plan: ActionPlan, form: HouseForm, *, heading: str, **shown: object
) -> HttpResponse:
    back = url(request, "plan-page", plan.review.public_id)
    context = {"form": form, "title": heading, "cancel_url": back, **shown}
    context |= frame(request, plan.review, heading)
    return render(request, "fidelity/review_confirm.html", context, status=422 if form.errors else 200)
