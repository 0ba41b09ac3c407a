"""A funding plan as a file: who may take it out, and what stands in it."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agencies.refusals import StaleVersion
from funding.actions import cells, versions
from funding.grid import Cell, Method, Status
from funding.models import FundingPlan
from tests.cast import Cast, StateCast, refused
from tests.funding.plans import begin, column, element

pytestmark = pytest.mark.django_db

WORKPLACE = "Coaching at the workplace"


def address(plan: FundingPlan, file: str) -> str:
    return reverse("funding:plan-file", args=[plan.state.slug, plan.public_id, file])


@pytest.fixture
def filled(cast: StateCast, plan: FundingPlan) -> FundingPlan:
    said = Cell(Status.PARTLY, Method.HOURLY, condition="=Ninety days", limit_days=90)
    row, payer = element(plan, WORKPLACE), column(plan, "Milestone payments")
    with cast.entered("admin") as admin:
        cells.fill(plan, row, payer, cell=said, version=0, by=admin)
    return plan


def test_each_service_has_a_row_and_each_payer_its_columns(cast: StateCast, filled: FundingPlan) -> None:
    answer = cast.seen_by("vr_liaison").get(address(filled, "csv"))
    lines = list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))
    about = dict(line for line in lines if len(line) == 2)
    assert about["Downloaded"].endswith("by Meridian Vr Liaison")
    heads = next(line for line in lines if line[:1] == ["Phase"])
    name = "Vocational Rehabilitation (Milestone payments)"
    row = dict(zip(heads, next(line for line in lines if WORKPLACE in line), strict=True))
    assert (row[f"{name}: does it pay"], row[f"{name}: how"]) == ("Pays partly", "By the hour")
    assert row[f"{name}: on condition"] == "'=Ninety days"
    assert row["Grant: does it pay"] == "Not known"


def test_a_workbook_has_all_conditions_and_the_gaps_beside_it(cast: StateCast, filled: FundingPlan) -> None:
    book = load_workbook(BytesIO(cast.seen_by("admin").get(address(filled, "xlsx")).content))
    assert book.sheetnames == ["About", "Rows", "Conditions", "Gaps"]
    heads, said = ([cell.value for cell in row] for row in book["Conditions"])
    told = dict(zip(heads, said, strict=True))
    assert (told["Service"], told["Days after the job start"]) == (WORKPLACE, "90")
    assert told["Service code"] is None
    titles = [cell.value for cell in book["Gaps"]["B"]]
    assert "Nobody pays for this phase" in titles


@pytest.mark.parametrize("persona", ["admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison"])
def test_whoever_may_export_is_offered_the_file(cast: StateCast, plan: FundingPlan, persona: str) -> None:
    browser = cast.seen_by(persona)
    page = browser.get(reverse("funding:plan-page", args=[plan.state.slug, plan.public_id]))
    assert address(plan, "xlsx") in page.content.decode()
    assert browser.get(address(plan, "xlsx")).status_code == 200


@pytest.mark.parametrize("persona", ["payer", "leader"])
def test_who_only_reads_the_plan_takes_no_file(cast: StateCast, plan: FundingPlan, persona: str) -> None:
    browser = cast.seen_by(persona)
    page = browser.get(reverse("funding:plan-page", args=[plan.state.slug, plan.public_id]))
    assert address(plan, "csv") not in page.content.decode()
    assert browser.get(address(plan, "csv")).status_code == 403


def test_the_file_is_hidden_from_another_state(both: Cast) -> None:
    plan = begin(both.meridian)
    assert both.bayou.seen_by("admin").get(address(plan, "csv")).status_code == 404


def test_a_version_nobody_could_have_read_is_a_conflict(cast: StateCast, plan: FundingPlan) -> None:
    row, payer = element(plan, WORKPLACE), column(plan, "Milestone payments")
    with cast.entered("admin") as admin:
        with refused(StaleVersion) as refusal:
            cells.fill(plan, row, payer, cell=Cell(Status.PAYS), version=3, by=admin)
        assert refusal.value.current["version"] == 0
        with refused(StaleVersion) as refusal:
            versions.put_forward(plan, data={}, parties={"VR": "VR"}, after=5, by=admin)
        assert refusal.value.current == {"version": 0}
