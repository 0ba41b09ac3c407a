"""The papers of a funding plan: what stands on them, on how many pages, and that they can be read aloud."""

import subprocess

import pytest

from funding import printing, reports
from funding.actions import cells, plans, versions
from funding.actions.plans import Source
from funding.dashboards.plan import read
from funding.dashboards.versions import parties_of
from funding.grid import Cell, Method, Status
from funding.models import FundingPlan, PlanVersion
from funding.stored import to_data
from ips_portal import pdf
from tests.cast import StateCast
from tests.funding import practised
from tests.pdfua import verify

OUTREACH = "Explaining IPS and learning about goals, strengths and interests"


@pytest.fixture
def filled(cast: StateCast) -> FundingPlan:
    return practised.begin(cast)


def put_forward(cast: StateCast, plan: FundingPlan) -> PlanVersion:
    with cast.entered("admin") as admin:
        sheet = read(plan)
        made = versions.put_forward(
            plan, data=to_data(sheet.grid), parties=parties_of(sheet), after=0, by=admin
        )
    with cast.entered("vr_liaison") as by:
        versions.sign(made, by=by)
    return made


def pages_of(made: bytes) -> list[str]:
    command = ["pdftotext", "-", "-"]
    said = subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in said.split("\f") if page]


def text_of(made: bytes) -> str:
    return " ".join(pages_of(made))


def content_of(cast: StateCast, plan: FundingPlan) -> reports.Content:
    with cast.entered("vr_liaison"):
        return reports.plan_content(plan.pk)


def test_the_whole_practice_plan_stands_on_its_first_page(cast: StateCast, filled: FundingPlan) -> None:
    put_forward(cast, filled)
    content = content_of(cast, filled)
    made = printing.plan_pdf(content)
    first, *behind = pages_of(made)
    for _, rows in content["table"]["bands"]:
        for name, _ in rows:
            assert name in first
    assert first.count("Not known") > content["table"]["width"]
    assert "version 1, waits for signatures, as of" in first
    assert behind[0].startswith("Meridian IPS Conditions, limits and where they are written")
    assert practised.QUESTION in " ".join(behind)
    assert verify(made) == []


def test_behind_the_table_stands_what_a_cell_says_beside_its_status(
    cast: StateCast, filled: FundingPlan
) -> None:
    content = content_of(cast, filled)
    said = {(each["phase"], each["payer"]): each for each in content["terms"]}
    support = said["Job supports", "Vocational Rehabilitation (Milestone payments)"]
    assert support["services"].endswith("Coaching at the workplace")
    assert support["says"][0] == "Pays, milestone"
    assert "Days after the job start: 90" in support["says"]
    assert said["Engagement", "State general funds"]["services"] == "Everything in this phase"
    assert ("Supported education", "Five-year federal grant") not in said
    assert content["gaps"]
    assert all(all(parts) for _, found in content["gaps"] for parts in found)
    assert content["version"] == "no version put forward yet"


def test_it_says_who_signed_the_newest_version_and_whether_it_still_holds(
    cast: StateCast, filled: FundingPlan
) -> None:
    put_forward(cast, filled)
    content = content_of(cast, filled)
    signed = {name: person for name, person, _ in content["signatures"]}
    assert signed == {
        "Vocational Rehabilitation": cast.people["vr_liaison"].name,
        "Mental health": "",
        cast.memberships["department_liaison"].department: "",
    }
    changed(cast, filled)
    assert content_of(cast, filled)["version"] == "version 1, waits for signatures, changed since"


def changed(cast: StateCast, plan: FundingPlan) -> None:
    """The federal grant pays for the first service now."""
    with cast.entered("admin") as admin:
        sheet = read(plan)
        paid = Cell(Status.PAYS, Method.GRANT, condition="Only this year")
        cells.fill(plan, sheet.elements[0], sheet.columns[-1], cell=paid, version=0, by=admin)


def test_a_plan_of_sixty_services_and_twelve_payers_runs_on(cast: StateCast, filled: FundingPlan) -> None:
    with cast.entered("admin") as admin:
        for number in range(60 - filled.elements.count()):
            plans.save_element(filled, plans.Service("benefits", f"Counseling {number}"), by=admin)
        for number in range(12 - filled.columns.count()):
            plans.save_column(filled, Source("other", f"County {number}"), by=admin)
    made = printing.plan_pdf(content_of(cast, filled))
    heads = [page for page in pages_of(made) if "Milestone payments" in page and "County 6" in page]
    assert len(heads) >= 2
    assert verify(made) == []
    with cast.entered("admin"):
        handout = printing.handout_pdf(reports.handout_content(cast.agencies["north"].pk))
    assert pdf.pages(handout) == 1


def test_the_handout_is_one_page_in_plain_words(cast: StateCast, filled: FundingPlan) -> None:
    with cast.entered("admin") as admin:
        sheet = read(filled)
        for column in sheet.columns:
            row = sheet.cells.get((sheet.elements[0].pk, column.pk))
            no = Cell(Status.NO)
            cells.fill(
                filled, sheet.elements[0], column, cell=no, version=row.version if row else 0, by=admin
            )
        content = reports.handout_content(cast.agencies["north"].pk)
    steps = {each["phase"]: each for each in content["steps"]}
    assert steps["Engagement"]["nobody"] == OUTREACH
    support = steps["Job supports"]["paid"][0]
    assert support["services"].endswith("Coaching at the workplace")
    assert "Until 90 days after the job start" in support["terms"]
    made = printing.handout_pdf(content)
    text = text_of(made)
    assert "still offer it: access never depends on who pays" in text
    assert cast.agencies["north"].name in text
    assert pdf.pages(made) == 1
    assert verify(made) == []


def test_a_service_somebody_has_not_spoken_of_is_not_called_unpaid(
    cast: StateCast, plan: FundingPlan
) -> None:
    with cast.entered("admin"):
        steps = reports.handout_content(cast.agencies["north"].pk)["steps"]
    assert all(each["unsaid"] == "Everything in this phase" and not each["nobody"] for each in steps)


def test_the_own_plan_holds_before_that_of_the_region_and_of_the_state(
    cast: StateCast, plan: FundingPlan
) -> None:
    agency = cast.agencies["north"]

    def holds() -> str:
        with cast.entered("admin"):
            return str(reports.handout_content(agency.pk)["plan"])

    assert holds() == str(plan)
    with cast.entered("admin") as admin:
        agency.region = "North"
        agency.save()
        plans.begin(cast.state, region="North", by=admin)
    assert holds() == "Funding plan of North"
    with cast.entered("admin") as admin:
        own = plans.begin(cast.state, agency=agency, by=admin)
    assert holds() == str(own)


def test_the_appendix_says_what_was_put_forward_and_nothing_said_since(
    cast: StateCast, filled: FundingPlan
) -> None:
    version = put_forward(cast, filled)
    with cast.entered("mh_liaison"):
        before = reports.appendix_content(version.pk)
    changed(cast, filled)
    with cast.entered("mh_liaison"):
        content = reports.appendix_content(version.pk)
    assert content == before
    shares = {party["name"]: [each["called"] for each in party["shares"]] for party in content["parties"]}
    assert shares["Mental health"] == ["State general funds"]
    assert [each["called"] for each in content["others"]] == ["Five-year federal grant"]
    made = printing.appendix_pdf(content)
    text = text_of(made)
    assert "Not signed yet" in text
    assert cast.people["vr_liaison"].name in text
    assert "What the departments agree is open" in text
    assert verify(made) == []


def test_a_handout_that_says_too_much_for_a_page_leaves_conditions_to_the_plan(
    cast: StateCast, plan: FundingPlan
) -> None:
    with cast.entered("admin"):
        content = reports.handout_content(cast.agencies["north"].pk)
    paid = [
        {"payer": f"{place} {'county ' * 8}", "services": "x " * 80, "how": "partly", "terms": ["y " * 250]}
        for place in range(12)
        for _ in range(3)
    ]
    for each in content["steps"]:
        each |= {"paid": paid, "nobody": "a service nobody pays for; " * 60}
    made = printing.handout_pdf(content)
    assert pdf.pages(made) == 1
    assert "stand in the funding plan" in text_of(made)
    assert text_of(made).count("11 county") == len(content["steps"])
    assert verify(made) == []
