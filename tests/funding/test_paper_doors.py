"""Who asks for the papers of a funding plan, and finds them afterwards."""

import pytest
from django.urls import reverse

from agencies import tenancy
from agencies.models import Agency
from funding.actions import plans, versions
from funding.dashboards.plan import read
from funding.models import FundingPlan
from funding.stored import to_data
from ips_portal.reports import making
from ips_portal.reports.models import Download, ReportRequest, StoredFile
from tests.cast import StateCast

LEADS = ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison")
SOURCE = plans.Source("other", "Grant")


def address(plan: FundingPlan, name: str, *more: object) -> str:
    return reverse(f"funding:{name}", args=[plan.state.slug, plan.public_id, *more])


@pytest.fixture
def own(cast: StateCast) -> FundingPlan:
    """The plan of one agency, put forward once."""
    with cast.entered("admin") as admin:
        plan = plans.begin(cast.state, agency=cast.agencies["north"], by=admin)
        plans.save_column(plan, SOURCE, by=admin)
        data = to_data(read(plan).grid)
        versions.put_forward(plan, data=data, parties={"VR": "Vocational Rehabilitation"}, after=0, by=admin)
    return plan


@pytest.mark.parametrize("persona", LEADS)
def test_whoever_leads_the_state_has_every_paper(cast: StateCast, own: FundingPlan, persona: str) -> None:
    browser = cast.seen_by(persona)
    page = browser.get(address(own, "plan-page")).content.decode()
    assert "Plan as PDF" in page
    assert "A page to hand out" in page
    assert "Appendix" in browser.get(address(own, "version-page", 1)).content.decode()
    for name, more in (("plan-pdf", ()), ("handout-pdf", ()), ("version-pdf", (1,))):
        assert browser.post(address(own, name, *more)).status_code == 302


def test_a_leader_has_papers_of_the_own_agency_only(
    cast: StateCast, own: FundingPlan, plan: FundingPlan
) -> None:
    browser = cast.seen_by("leader")
    answer = browser.post(address(own, "plan-pdf"))
    assert browser.get(answer.url).status_code == 200
    assert browser.post(address(plan, "plan-pdf")).status_code == 403
    assert "Plan as PDF" not in browser.get(address(plan, "plan-page")).content.decode()
    assert cast.seen_by("other_leader").post(address(own, "plan-pdf")).status_code == 403
    assert cast.seen_by("other_leader").get(answer.url).status_code == 404
    assert cast.seen_by("supervisor").get(answer.url).status_code == 404


def test_the_paper_of_an_agency_is_the_agencys_row_in_the_database(cast: StateCast, own: FundingPlan) -> None:
    browser = cast.seen_by("leader")
    link = browser.post(address(own, "plan-pdf")).url
    with tenancy.as_system(cast.state.pk):
        asked = ReportRequest.objects.get()
    assert (asked.team_id, asked.agency_id) == (None, cast.agencies["north"].pk)
    making.make([asked.state_id, asked.membership_id], asked.pk)
    assert browser.get(f"{link}download/").content.startswith(b"%PDF")
    for persona, seen in (
        ("leader", 1),
        ("admin", 1),
        ("other_leader", 0),
        ("specialist", 0),
        ("reviewer", 0),
    ):
        with cast.entered(persona) as actor:
            for model in (ReportRequest, StoredFile, Download):
                assert model.objects.count() == seen, (persona, model)
                assert model.objects.visible_to(actor).count() == seen, (persona, model)


def test_the_same_paper_is_made_once(cast: StateCast, own: FundingPlan) -> None:
    for persona in ("leader", "admin", "leader"):
        cast.seen_by(persona).post(address(own, "plan-pdf"))
    with tenancy.as_system(cast.state.pk):
        assert ReportRequest.objects.count() == 1


def test_a_handout_is_chosen_for_one_of_the_agencies_the_plan_holds_at(
    cast: StateCast, own: FundingPlan, plan: FundingPlan
) -> None:
    """The first has a plan of its own, so that of the state is for the others."""
    target = address(plan, "handout-pdf")
    with tenancy.as_system(cast.state.pk):
        Agency.objects.create(state=cast.state, slug="west", name="West Center")
    browser = cast.seen_by("admin")
    asked = browser.get(target).content.decode()
    assert "West Center" in asked
    assert cast.agencies["north"].name not in asked
    south = cast.agencies["south"]
    assert browser.post(target, {"agency": south.slug}).status_code == 302
    assert browser.post(target, {"agency": cast.agencies["north"].slug}).status_code == 422
    assert browser.post(target).status_code == 422
    assert cast.seen_by("other_leader").post(target).status_code == 302
    assert cast.seen_by("leader").post(target).status_code == 403
    assert cast.seen_by("payer").post(target).status_code == 403
    with tenancy.as_system(cast.state.pk):
        assert {row.agency_id for row in ReportRequest.objects.all()} == {south.pk}
