"""A plan is agreed when all departments it names signed the same version."""

import pytest

from agencies.refusals import NotPermitted, StaleVersion, WrongStatus
from funding.actions import cells, plans, versions
from funding.dashboards.plan import read
from funding.dashboards.versions import against, agreement, parties_of
from funding.grid import Cell, Status
from funding.models import FundingPlan, PlanVersion
from funding.stored import to_data
from tests.cast import StateCast, refused
from tests.funding.plans import column, element

pytestmark = pytest.mark.django_db
SIGNERS = ("vr_liaison", "mh_liaison", "department_liaison")


def put_forward(cast: StateCast, plan: FundingPlan, after: int = 0) -> PlanVersion:
    with cast.entered("admin") as admin:
        sheet = read(plan)
        data, parties = to_data(sheet.grid), parties_of(sheet)
        return versions.put_forward(plan, data=data, parties=parties, after=after, by=admin)


def change(cast: StateCast, plan: FundingPlan, version: int = 0) -> None:
    row, payer = element(plan, "Work clothes"), column(plan, "Grant")
    status = Status.NO if version else Status.PAYS
    with cast.entered("admin") as admin:
        cells.fill(plan, row, payer, cell=Cell(status), version=version, by=admin)


def test_a_plan_is_agreed_with_the_last_signature(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    assert "Meridian Health Plan" not in version.parties.values()  # a payer fills in and signs nothing
    for persona in SIGNERS:
        with cast.entered(persona) as by:
            assert not agreement(version).is_agreed
            versions.sign(version, by=by)
            with refused(WrongStatus, match="signed this version already"):
                versions.sign(version, by=by)
    with cast.entered("leader"):
        assert agreement(version).is_agreed


@pytest.mark.parametrize("persona", ["admin", "trainer", "payer", "leader"])
def test_nobody_signs_for_a_department_but_its_liaison(
    cast: StateCast, plan: FundingPlan, persona: str
) -> None:
    version = put_forward(cast, plan)
    with cast.entered(persona) as by, refused((NotPermitted, WrongStatus)):
        versions.sign(version, by=by)


def test_a_version_that_was_followed_a_second_ago_is_not_signed(cast: StateCast, plan: FundingPlan) -> None:
    first = put_forward(cast, plan)
    change(cast, plan)
    second = put_forward(cast, plan, after=1)
    with cast.entered("vr_liaison") as by:
        with refused(WrongStatus, match="Another version"):
            versions.sign(first, by=by)
        versions.sign(second, by=by)


def test_two_who_put_forward_at_once_do_not_follow_each_other_unread(
    cast: StateCast, plan: FundingPlan
) -> None:
    put_forward(cast, plan)
    change(cast, plan)
    put_forward(cast, plan, after=1)
    change(cast, plan, version=1)
    with refused(StaleVersion):
        put_forward(cast, plan, after=1)


def test_what_has_not_changed_is_not_put_forward_again(cast: StateCast, plan: FundingPlan) -> None:
    put_forward(cast, plan)
    with refused(WrongStatus, match="Nothing has changed"):
        put_forward(cast, plan, after=1)


def test_a_version_stays_as_it_was_and_says_what_changed_since(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    change(cast, plan)
    with cast.entered("vr_liaison"):
        [cell] = against(version, read(plan).grid).cells
        words = {each.about: (each.before, each.after) for each in cell.words}
    assert (cell.element.name, words["Does it pay?"]) == ("Work clothes", ("Not known", "Pays"))


def test_a_liaison_fills_in_and_does_not_put_forward(cast: StateCast, plan: FundingPlan) -> None:
    with cast.entered("vr_liaison") as by, refused(NotPermitted):
        versions.put_forward(plan, data={}, parties={"VR": "Vocational Rehabilitation"}, after=0, by=by)


def test_a_leader_begins_a_plan_of_the_own_agency_alone(cast: StateCast) -> None:
    with cast.entered("leader") as by:
        for agency in (None, cast.agencies["south"]):
            with refused(NotPermitted):
                plans.begin(cast.state, agency=agency, by=by)
        own = plans.begin(cast.state, agency=cast.agencies["north"], by=by)
        plans.save_column(own, plans.Source("other", "County funds"), by=by)
    with cast.entered("supervisor"):
        assert FundingPlan.objects.get() == own
    with cast.entered("other_supervisor"):
        assert not FundingPlan.objects.exists()


def test_a_copy_takes_over_what_each_cell_says(cast: StateCast, plan: FundingPlan) -> None:
    change(cast, plan)
    with cast.entered("admin") as admin:
        own = plans.begin(cast.state, region="River", like=plan, by=admin)
        sheet, before = read(own), read(plan)
        assert [row.name for row in sheet.elements] == [row.name for row in before.elements]
        assert [row.desk for row in sheet.columns] == [row.desk for row in before.columns]
        [cell] = sheet.cells.values()
        assert (cell.status, cell.plan_id) == (Status.PAYS, own.pk)
        assert cell.element in sheet.elements
