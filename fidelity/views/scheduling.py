"""Scheduling in two steps, and what may change until rating is finished."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door, find
from agencies.forms import shown_on
from agencies.models import Membership, Team
from agencies.permissions import Resource
from agencies.views.pages import done
from fidelity.actions import finishing, naming, scheduling
from fidelity.dashboards.listing import visit
from fidelity.dashboards.scheduling import Crew, bookable_teams, crew, kinds_for
from fidelity.finding import find_review
from fidelity.forms.scheduling import DatesForm, ReasonForm, ReviewersForm, ScheduleForm, SubjectForm
from fidelity.models import Review
from fidelity.moderation import Stage, stage_of
from fidelity.notices import those_who_lead
from fidelity.views.pages import frame, posted, url

WITHDRAWS = (
    "Whatever a second person has said of the draft counts no more: it is read again before it goes out."
)
UNTRAINED = "Nobody who reviews here has a reviewer training on record. Name somebody who has, or record the training."


@door(Resource.REVIEW, GET="create", POST="create")
def review_new(request: TenantRequest, state: str) -> HttpResponse:
    """First which team and which kind, in the address; then dates, place and people."""
    kind = request.GET.get("kind", "")
    if request.GET.get("team") and kind in kinds_for(request.actor):
        teams = Team.objects.select_related("agency", "state").prefetch_related("partners")
        team = find(request, teams, resource=Resource.REVIEW, action="create", slug=request.GET["team"])
        return _dates_step(request, team, kind)
    return _subject_step(request)


def _subject_step(request: TenantRequest) -> HttpResponse:
    today, kinds = request.tenant.today(), kinds_for(request.actor)
    asked = request.GET if {"team", "kind"} & request.GET.keys() else None
    form = SubjectForm(
        asked,
        teams=bookable_teams(request.actor, today),
        kinds=kinds,
        agency_word=request.tenant.terms["agency"],
        initial={"kind": kinds[0]},
    )
    missing = bool(asked and {"team", "kind"} <= request.GET.keys() and not form.is_valid())
    if asked and not missing:  # a link that names one of the two is no mistake
        form = SubjectForm(
            None,
            teams=bookable_teams(request.actor, today),
            kinds=kinds,
            agency_word=request.tenant.terms["agency"],
            initial={"kind": request.GET.get("kind") or kinds[0], "team": request.GET.get("team")},
        )
    context = {"form": form, "step": 1, **_new_frame(request)}
    return render(request, "fidelity/review_new.html", context, status=422 if missing else 200)


def _dates_step(request: TenantRequest, team: Team, kind: str) -> HttpResponse:
    people = crew(team, kind, request.tenant.today())
    own = people.own(request.actor)
    initial = {"mode": Review.Mode.ONSITE, "lead": str(own.pk) if own else ""}
    form = ScheduleForm(posted(request), able=people.able, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            review = scheduling.schedule(
                team,
                kind=kind,
                mode=data["mode"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                lead=form.lead_membership,
                others=form.other_memberships,
                by=request.actor,
            )
        if form.is_valid():
            messages.success(request, _what_happens_next(request, review))
            _warn_of_training(request, review, people, [form.lead_membership, *form.other_memberships])
            return redirect(url(request, "review-page", review.public_id))
    context = {
        "form": form,
        "step": 2,
        "team": team,
        "kind": Review.Kind(kind),
        "crew": people,
        **_new_frame(request),
    }
    return render(request, "fidelity/review_new.html", context, status=422 if form.errors else 200)


def _warn_of_training(
    request: TenantRequest, review: Review, people: Crew, chosen: Sequence[Membership]
) -> None:
    if review.kind == Review.Kind.EXTERNAL and people.lacks_training(chosen):
        messages.warning(request, UNTRAINED)


def _new_frame(request: TenantRequest) -> dict[str, object]:
    words = request.tenant.terms["reviews"]
    crumbs = [(words[:1].upper() + words[1:], url(request, "review-list")), ("Schedule", "")]
    return {"crumbs": crumbs, "list_url": url(request, "review-list"), "new_url": url(request, "review-new")}


def _what_happens_next(request: TenantRequest, review: Review) -> str:
    """What happens now, and who is told."""
    reviewers = list(review.reviewers.select_related("person"))
    told = {row.person_id: row.person.name for row in reviewers}
    told |= {person.pk: person.name for person in those_who_lead(review)}
    told.pop(request.actor.person_id, None)
    lead = next(row.person for row in reviewers if row.is_lead)
    who = "You rate" if lead.pk == request.actor.person_id else f"{lead} rates"
    when, noun = visit(review), request.tenant.terms["review"]
    if review.ends_on < request.tenant.today():
        return f"The {noun} of {review.team}, {when}, is entered. {who} the items next. Nobody is told: it has passed."
    names = f" Told by e-mail: {', '.join(told.values())}." if told else ""
    return f"The {noun} of {review.team} is scheduled for {when}. {who} the items next.{names}"


@door(Resource.REVIEW, GET="edit", POST="edit")
def review_dates(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    scheduling.check_dated_by(request.actor)
    scheduling.check_open(found)
    initial = {"starts_on": found.starts_on, "ends_on": found.ends_on, "mode": found.mode}
    form = DatesForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            scheduling.reschedule(
                found,
                mode=data["mode"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                by=request.actor,
            )
        if form.is_valid():
            return done(request, "The dates are saved. Everybody concerned is told.", _back(request, found))
    lead = "The reviewers and those who lead the team are told about new dates."
    return _form(request, found, form, heading="Change dates and place", label="Save the dates", lead=lead)


@door(Resource.REVIEW, GET="edit", POST="edit")
def review_reviewers(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    naming.check_named_by(found, request.actor)
    naming.check_nameable(found)
    in_draft = not found.is_open
    people = crew(found.team, found.kind, request.tenant.today())
    present = list(found.reviewers.all())
    leads = {row.person_id for row in present if row.is_lead}
    able = [each for each in people.able if each.person_id not in leads] if in_draft else people.able
    initial = {
        "lead": next((str(row.membership_id) for row in present if row.is_lead), ""),
        "others": [str(row.membership_id) for row in present if not row.is_lead],
    }
    form = ReviewersForm(posted(request), able=able, lead_stays=in_draft, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            naming.change_reviewers(
                found, lead=form.new_lead, others=form.other_memberships, by=request.actor
            )
        if form.is_valid():
            leading = [form.new_lead] if form.new_lead else [row.membership for row in present if row.is_lead]
            _warn_of_training(request, found, people, [*leading, *form.other_memberships])
            return done(
                request, "The reviewers are saved. Everybody concerned is told.", _back(request, found)
            )
    lead = "Who has begun to rate stays: nobody's ratings are thrown away."
    if in_draft:
        lead = "Rating is finished and stays as it is. Reviewers named here may go on writing the report."
    return _form(
        request, found, form, heading="Change reviewers", label="Save the reviewers", lead=lead, crew=people
    )


@door(Resource.REVIEW, GET="edit", POST="edit")
def review_cancel(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    scheduling.check_dated_by(request.actor)
    scheduling.check_open(found)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            scheduling.cancel(found, reason=form.cleaned_data["reason"], by=request.actor)
        if form.is_valid():
            return done(
                request, "The review is cancelled. Everybody concerned is told.", _back(request, found)
            )
    return _question(
        request,
        found,
        form,
        heading="Cancel this review",
        label="Cancel the review",
        cancel_label="Keep the review",
        warning="Nobody can rate this review any more. It cannot be taken up again; schedule a new one instead.",
        points=(
            "Ratings and notes made so far are kept.",
            "The reviewers, and those who lead the team, are told. They see the reason.",
        ),
        danger=True,
    )


@door(Resource.REVIEW, GET="reopen", POST="reopen")
def review_reopen(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    finishing.check_reopens(found)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            finishing.reopen(found, reason=form.cleaned_data["reason"], by=request.actor)
        if form.is_valid():
            return done(request, "The ratings are open again.", _back(request, found))
    return _question(
        request,
        found,
        form,
        heading="Open the ratings again",
        label="Open the ratings",
        warning="The reviewers can change their ratings until they finish once more.",
        points=(
            "The texts of the report are kept.",
            *([WITHDRAWS] if stage_of(found) in (Stage.WAITING, Stage.AGREED) else []),
            "The reason stays in the history.",
        ),
    )


def _form(
    request: TenantRequest, review: Review, form: DatesForm | ReviewersForm, *, heading: str, **shown: object
) -> HttpResponse:
    context = {"form": form, "title": heading, "cancel_url": _back(request, review), **shown}
    context |= frame(request, review, heading)
    return render(request, "fidelity/review_edit.html", context, status=422 if form.errors else 200)


def _question(
    request: TenantRequest, review: Review, form: ReasonForm, *, heading: str, **shown: object
) -> HttpResponse:
    context = {"form": form, "title": heading, "cancel_url": _back(request, review), **shown}
    context |= frame(request, review, heading)
    return render(request, "fidelity/review_confirm.html", context, status=422 if form.errors else 200)


def _back(request: TenantRequest, review: Review) -> str:
    return url(request, "review-page", review.public_id)
