"""What the register of funding sources takes, who changes a source, and what a plan's column takes from it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from agencies import tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from funding.actions import cells, plans, register
from funding.coverage import Limits, gaps
from funding.dashboards.plan import read
from funding.grid import Cell, Status
from funding.models import FundingPlan, FundingSource, PlanColumn
from tests.cast import Cast, StateCast, refused
from tests.funding.plans import column, element
from tests.funding.sources import GRANT, add, again, ending

pytestmark = pytest.mark.django_db


def test_everything_said_of_a_source_is_kept(cast: StateCast) -> None:
    source = again(add(cast))
    assert {name: getattr(source, name) for name in vars(GRANT)} == vars(GRANT)
    assert (source.version, source.added_by_id) == (1, cast.people["admin"].pk)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ends_on": date(2024, 9, 30)}, "ends_on"),
        ({"amount": Decimal("-0.01")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal("10000000000.00")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"name": "  "}, "name"),
        ({"kind": "loan"}, "kind"),
        ({"payer": "lottery"}, "payer"),
        ({"purpose": "x" * 2001}, "purpose"),
        ({"purpose": "For Jane Doe, 123-45-6789"}, "purpose"),
        ({"keeper": "DL"}, "department"),
        ({"keeper": "MC"}, "body"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast: StateCast, said: dict[str, Any], field: str) -> None:
    source = add(cast)
    with cast.entered("admin") as admin:
        for attempt in (
            lambda: register.add(cast.state, replace(GRANT, **{"name": "Another"} | said), by=admin),
            lambda: register.change(source, replace(GRANT, **said), version=1, by=admin),
        ):
            with refused(Unacceptable) as refusal:
                attempt()
            assert [*refusal.value.fields] == [field]
    assert again(source).version == 1


def test_all_that_is_wrong_is_said_at_once(cast: StateCast) -> None:
    wrong = replace(GRANT, ends_on=date(2020, 1, 1), amount=Decimal("-5"), name="")
    with cast.entered("admin") as admin, refused(Unacceptable) as refusal:
        register.add(cast.state, wrong, by=admin)
    assert {*refusal.value.fields} == {"ends_on", "amount", "name"}


def test_a_source_of_one_day_and_of_nothing_is_taken(cast: StateCast) -> None:
    day = date(2026, 7, 1)
    source = add(cast, starts_on=day, ends_on=day, amount=Decimal(0))
    assert (again(source).amount, again(add(cast, "Open", ends_on=None, amount=None)).amount) == (0, None)


def test_a_name_stands_once_in_the_register(cast: StateCast) -> None:
    first, second = add(cast), add(cast, "A levy")
    with cast.entered("admin") as admin:
        with refused(Unacceptable, match="already"):
            register.add(cast.state, GRANT, by=admin)
        with refused(Unacceptable, match="already"):
            register.change(second, GRANT, version=1, by=admin)
        register.take_off(first, by=admin)
        register.change(second, GRANT, version=1, by=admin)
        with refused(Unacceptable, match="already"):
            register.bring_back(first, by=admin)


def test_the_second_of_two_is_shown_what_the_first_saved(cast: StateCast) -> None:
    source = add(cast)
    with cast.entered("vr_liaison") as by:
        register.change(source, replace(GRANT, amount=Decimal(5)), version=1, by=by)
        with refused(StaleVersion) as refusal:
            register.change(source, replace(GRANT, amount=Decimal(7)), version=1, by=by)
    assert (refusal.value.current["amount"], refusal.value.current["version"]) == ("5.00", 2)
    assert again(source).amount == 5


@pytest.mark.parametrize("persona", ["vr_liaison", "mh_liaison", "department_liaison", "payer", "leader"])
def test_a_source_is_added_by_the_state_and_changed_by_whoever_keeps_it(
    cast: StateCast, persona: str
) -> None:
    source = add(cast)
    with cast.entered(persona) as by:
        with refused(NotPermitted):
            register.add(cast.state, replace(GRANT, name="Another"), by=by)
        if persona == "vr_liaison":
            register.change(source, replace(GRANT, given_by="Another office"), version=1, by=by)
            return
        for attempt in (
            lambda: register.change(source, GRANT, version=1, by=by),
            lambda: register.take_off(source, by=by),
        ):
            with refused(NotPermitted):
                attempt()


def test_only_the_state_gives_a_source_to_another_department(cast: StateCast) -> None:
    source = add(cast)
    given = replace(GRANT, keeper="MH")
    with cast.entered("vr_liaison") as by, refused(Unacceptable) as refusal:
        register.change(source, given, version=1, by=by)
    assert refusal.value.field == "keeper"
    with cast.entered("trainer") as by:
        register.change(source, given, version=1, by=by)
    with cast.entered("mh_liaison") as by:
        register.change(again(source), given, version=2, by=by)


def test_a_source_is_taken_off_and_comes_back_as_it_was(cast: StateCast) -> None:
    source = add(cast)
    with cast.entered("vr_liaison") as by:
        with refused(WrongStatus):
            register.bring_back(source, by=by)
        register.take_off(source, by=by)
        with refused(WrongStatus):
            register.take_off(again(source), by=by)
        with refused(WrongStatus):
            register.change(again(source), GRANT, version=1, by=by)
        register.bring_back(again(source), by=by)
    assert again(source).removed_at is None
    assert {name: getattr(again(source), name) for name in vars(GRANT)} == vars(GRANT)


def test_the_database_too_keeps_a_liaison_to_the_own_source(cast: StateCast) -> None:
    """Around the action, as a mistake in it would go."""
    own, other = add(cast), add(cast, "A levy", keeper="MH")
    with cast.entered("vr_liaison") as by:
        assert FundingSource.objects.filter(pk=own.pk).update(amount=Decimal(1)) == 1
        assert FundingSource.objects.filter(pk=other.pk).update(amount=Decimal(1)) == 0
        for attempt in (
            lambda: FundingSource.objects.filter(pk=own.pk).update(keeper="MH"),
            lambda: FundingSource.objects.create(
                state=cast.state,
                name="Planted",
                kind="grant",
                payer="vr",
                keeper="VR",
                added_by_id=by.person_id,
                saved_by_id=by.person_id,
            ),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                attempt()
            tenancy.retell()


@pytest.mark.parametrize(
    ("persona", "count"),
    [
        ("admin", 2),
        ("department_liaison", 2),
        ("payer", 2),
        ("leader", 2),
        ("supervisor", 0),
        ("reviewer", 0),
    ],
)
def test_the_register_is_read_by_those_who_read_plans_of_the_state(
    cast: StateCast, plan: FundingPlan, persona: str, count: int
) -> None:
    source = add(cast)
    add(cast, "A levy")
    link(cast, plan, source)
    with cast.entered(persona) as by:
        assert FundingSource.objects.visible_to(by).count() == count
        assert FundingSource.objects.count() == count


def test_a_supervisor_learns_when_money_of_the_own_plan_ends(cast: StateCast) -> None:
    source = add(cast)
    add(cast, "A levy")
    with cast.entered("admin") as admin:
        plan = plans.begin(cast.state, agency=cast.agencies["north"], by=admin)
        plans.save_column(plan, plans.Source("other", "Grant", comes_from=source), by=admin)
    with cast.entered("supervisor") as by:
        assert [each.last_day for each in read(plan).columns] == [GRANT.ends_on]
        assert list(FundingSource.objects.visible_to(by)) == []
        assert list(FundingSource.objects.all()) == [source]


def test_nothing_of_another_state_is_seen_or_named(both: Cast) -> None:
    foreign = add(both.bayou)
    with both.meridian.entered("admin") as admin:
        assert list(FundingSource.objects.visible_to(admin)) == list(FundingSource.objects.all()) == []
        plan = plans.begin(both.meridian.state, by=admin)
        with refused(Unacceptable) as refusal:
            plans.save_column(plan, plans.Source("other", "Grant", comes_from=foreign), by=admin)
    assert refusal.value.field == "comes_from"


def link(cast: StateCast, plan: FundingPlan, source: FundingSource | None, **said: Any) -> PlanColumn:
    with cast.entered("admin") as admin:
        named = plans.Source("other", "Grant", comes_from=source, **said)
        return plans.save_column(plan, named, column=column(plan, "Grant"), by=admin)


def expiring(cast: StateCast, plan: FundingPlan) -> list[tuple[int, ...]]:
    with cast.entered("admin"):
        found = gaps(read(plan).grid, cast.state.today(), Limits())
    return [gap.columns for gap in found if gap.code == "G8"]


def test_money_of_a_column_ends_with_its_source(cast: StateCast, plan: FundingPlan) -> None:
    source = add(cast, ends_on=ending(cast, 100))
    payer = link(cast, plan, source)
    with cast.entered("admin") as admin:
        cells.fill(plan, element(plan, "Work clothes"), payer, cell=Cell(Status.PAYS), version=0, by=admin)
    assert (payer.ends_on, payer.last_day) == (None, ending(cast, 100))
    assert expiring(cast, plan) == [(payer.pk,)]
    with cast.entered("vr_liaison") as by:
        later = replace(GRANT, ends_on=ending(cast, 800))
        register.change(source, later, version=1, by=by)
    assert expiring(cast, plan) == []
    link(cast, plan, None, ends_on=ending(cast, 30))
    assert expiring(cast, plan) == [(payer.pk,)]


def test_a_column_does_not_end_otherwise_than_its_source(cast: StateCast, plan: FundingPlan) -> None:
    source = add(cast)
    with refused(Unacceptable, match="September 30, 2029") as refusal:
        link(cast, plan, source, ends_on=date(2028, 1, 1))
    assert refusal.value.field == "ends_on"
    assert link(cast, plan, source, ends_on=GRANT.ends_on).ends_on is None


def test_a_source_that_was_taken_off_is_not_named_anew_and_stays_where_it_is(
    cast: StateCast, plan: FundingPlan
) -> None:
    source = add(cast)
    link(cast, plan, source)
    with cast.entered("admin") as admin:
        register.take_off(source, by=admin)
        assert link(cast, plan, again(source)).last_day == GRANT.ends_on
        gone = again(source)
        with refused(Unacceptable) as refusal:
            plans.save_column(plan, plans.Source("other", "Another", comes_from=gone), by=admin)
    assert refusal.value.field == "comes_from"


def test_a_copy_of_a_plan_names_the_same_sources(cast: StateCast, plan: FundingPlan) -> None:
    link(cast, plan, add(cast))
    with cast.entered("admin") as admin:
        made = plans.begin(cast.state, region="Coast", like=plan, by=admin)
        assert [each.last_day for each in read(made).columns if each.name == "Grant"] == [GRANT.ends_on]
