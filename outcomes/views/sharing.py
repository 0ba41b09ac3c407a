"""Sharing in full: the state records the signed agreement, and each agency answers for itself."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.forms import HouseForm, shown_on
from agencies.permissions import Resource, may
from agencies.refusals import Unacceptable
from agencies.views.pages import done, form_page, question, wrong_with
from ips_portal.downloads import attached
from ips_portal.reports import storage
from outcomes.actions import sharing as actions
from outcomes.dashboards.sharing import agreement_page, current, full_file, full_table
from outcomes.forms.sharing import AgreementForm, AnswerForm
from outcomes.models import AgreementAnswer, SharingAgreement
from outcomes.views.exporting import as_file
from outcomes.views.pages import crumbs_to, posted, url
from outcomes.views.shared import asked_for

HEADING = "Sharing in full"
MEANS = (
    "Agencies that share in full see the exact numbers of your teams, small ones too, and you see theirs: of quarters "
    "published from now on, while the agreement is in force.",
    "Nobody else sees them. Others read the published table, where small counts are hidden.",
    "You can change your answer at any time. If you withdraw, your numbers are hidden at once, you see no others, and "
    "those who have seen yours are told.",
)
ENDS = (
    "From now on nobody sees exact figures of another agency. A new agreement is answered anew. "
    "The leaders of those who share are told by e-mail."
)
NEVER_BEGINS = (
    "It has not begun, and will not begin. A new agreement is answered anew. Nobody is told by e-mail."
)
MEANS_NOT = (
    "No exact number of your teams is shown to other programs, and you see none of theirs.",
    "Totals from which your small counts could be worked out are not shown to anybody.",
    "You can change your answer at any time; then it counts from the next published quarter on.",
)


@door(Resource.SHARED_OUTCOMES, GET="view")
def sharing_page(request: TenantRequest, state: str) -> HttpResponse:
    context = {
        "page": agreement_page(request.tenant, request.actor),
        "may_record": bool(may(request.actor, "edit", Resource.POLICY)),
        "may_read_paper": bool(may(request.actor, "export", Resource.SHARED_OUTCOMES)),
        "crumbs": crumbs(request),
    }
    return render(request, "outcomes/sharing_page.html", context)


@door(Resource.POLICY, GET="edit", POST="edit")
def sharing_new(request: TenantRequest, state: str) -> HttpResponse:
    form = AgreementForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            actions.check_size(data["paper"].size)
            actions.record(request.tenant, **{**data, "paper": data["paper"].read()}, by=request.actor)
        if form.is_valid():
            text = "Recorded. The leaders of every agency that takes part are asked to answer."
            return done(request, text, url(request, "sharing-page"))
    return form_page(
        request,
        form,
        heading="Record a signed agreement",
        label="Record the agreement",
        lead="Programs show each other exact figures only under an agreement they have signed, and each agency says "
        "in the portal whether it takes part.",
        crumbs=crumbs(request, within=True),
        cancel_url=url(request, "sharing-page"),
        multipart=True,
    )


@door(Resource.POLICY, GET="edit", POST="edit")
def sharing_end(request: TenantRequest, state: str, agreement: int) -> HttpResponse:
    found: SharingAgreement = find(request, SharingAgreement.objects.all(), pk=agreement)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.end(found, by=request.actor)
        return done(request, "The agreement is ended.", url(request, "sharing-page"))
    return question(
        request,
        form,
        heading="End the agreement",
        warning=ENDS if found.starts_on <= request.tenant.today() else NEVER_BEGINS,
        label="End the agreement",
        crumbs=crumbs(request, within=True),
        cancel_url=url(request, "sharing-page"),
        danger=True,
    )


@door(Resource.SHARED_OUTCOMES, GET="export")
def sharing_paper(request: TenantRequest, state: str, agreement: int) -> HttpResponse:
    """Handed out as it came, and never shown inside a page."""
    found: SharingAgreement = find(request, SharingAgreement.objects.all(), pk=agreement)
    content = storage.fetch(found.path)
    if content is None:
        raise Http404
    response = attached(content, "application/pdf", f"sharing-agreement-{state}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@door(Resource.OUTCOME_LOCKED, GET="export", POST="export")
def sharing_answer(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    """Says what the answer means before it is given."""
    agreement = current(request.actor, request.tenant.today())
    rows = AgreementAnswer.objects.filter(agreement=agreement).select_related("agency", "state", "agreement")
    found: AgreementAnswer = find(request, rows, agency__slug=agency)
    actions.require_leader(found, request.actor)
    accepts = request.GET.get("answer") != "no"
    stands = {"agreement": found.agreement_id, "seen": found.status}
    form = AnswerForm(posted(request), initial={"answer": "yes" if accepts else "no", **stands})
    if request.method == "POST":
        if not form.is_valid():
            raise Unacceptable(wrong_with(form))
        given = actions.answer(
            found,
            accepts=form.cleaned_data["answer"] == "yes",
            agreement=form.cleaned_data["agreement"],
            seen=form.cleaned_data["seen"],
            by=request.actor,
        )
        return done(request, f"{found.agency}: {str(given).lower()}.", url(request, "sharing-page"))
    heading = f"{found.agency} {'shares' if accepts else 'does not share'} in full"
    return question(
        request,
        form,
        heading=heading,
        warning=f"You answer for {found.agency} under “{agreement}”.",
        label="Share in full" if accepts else "Do not share in full",
        crumbs=crumbs(request, within=True),
        cancel_url=url(request, "sharing-page"),
        points=MEANS if accepts else MEANS_NOT,
    )


@door(Resource.SHARED_OUTCOMES, GET="export")
def shared_full_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    page = asked_for(request)
    found = full_table(request.tenant, request.actor, page.publication, page.measure)
    table = full_file(request.tenant, request.actor, page.quarter, page.measure, found)
    return as_file(request, table, file, "programs-in-full", page.quarter)


def crumbs(request: TenantRequest, *, within: bool = False) -> list[tuple[str, str]]:
    """The page stands below that of all programs; a form below the page."""
    above = [*crumbs_to(request, "")[:-1], ("All programs", url(request, "shared-outcomes"))]
    return [*above, (HEADING, url(request, "sharing-page") if within else "")]
