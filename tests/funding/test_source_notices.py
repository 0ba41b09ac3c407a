"""A funding source that ends is told in time, once for each step, and not again for the columns that name it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from agencies import tenancy
from funding.actions import plans, register
from funding.models import FundingPlan, FundingSource
from ips_portal.notices import mornings
from ips_portal.notices.models import Message
from tests.cast import Cast, StateCast
from tests.funding.plans import begin, column
from tests.funding.sources import GRANT, add, again, ending
from tests.funding.test_ending_notices import leave, still_matters, told
from tests.funding.test_register import link

pytestmark = pytest.mark.django_db
NOTICE = "funding-source-ends"


def look(cast: StateCast) -> list[str]:
    mornings.look(cast.state.pk, "money that ends")
    return told(cast, NOTICE)


def ends(cast: StateCast, source: FundingSource, days: int) -> None:
    source = again(source)
    entry = register.Entry(**{name: getattr(source, name) for name in vars(GRANT)})
    with cast.entered("admin") as admin:
        moved = replace(entry, ends_on=ending(cast, days))
        register.change(source, moved, version=source.version, by=admin)


@pytest.mark.parametrize(("days", "is_told"), [(366, False), (365, True), (0, True), (-1, False)])
def test_a_source_that_ends_within_a_year_is_told_to_its_keeper_and_the_state(
    cast: StateCast, days: int, is_told: bool
) -> None:
    add(cast, ends_on=ending(cast, days))
    add(cast, "Lasting", ends_on=None)
    for _ in range(2):
        assert look(cast) == (["admin", "vr_liaison"] if is_told else [])


def test_the_end_of_a_source_is_told_three_times_and_anew_when_it_is_moved(cast: StateCast) -> None:
    source = add(cast, ends_on=ending(cast, 365), keeper="")
    now = cast.state.now()
    for after, times in ((0, 1), (275, 2), (335, 3), (365, 3), (366, 3)):
        with time_machine.travel(now + timedelta(days=after), tick=False):
            assert look(cast) == ["admin"] * times
    ends(cast, source, 200)
    assert look(cast) == ["admin"] * 4


def test_a_column_that_names_a_source_is_not_told_a_second_time(cast: StateCast, plan: FundingPlan) -> None:
    source = add(cast, ends_on=ending(cast, 100))
    link(cast, plan, source, keeper="MH")
    with cast.entered("admin") as admin:
        more = plans.Source("other", "Levy", keeper="MH", comes_from=source)
        plans.save_column(plan, more, by=admin)
        plans.save_column(plan, plans.Source("other", "Own end", ends_on=ending(cast, 100)), by=admin)
    assert look(cast) == ["admin", "mh_liaison", "vr_liaison"]
    assert told(cast, "funding-ends") == ["admin"]


def test_what_was_taken_off_is_told_as_long_as_an_open_plan_names_it(
    cast: StateCast, plan: FundingPlan
) -> None:
    source = add(cast, ends_on=ending(cast, 100))
    with cast.entered("admin") as admin:
        register.take_off(source, by=admin)
    assert look(cast) == []
    with cast.entered("admin") as admin:
        register.bring_back(source, by=admin)
    assert look(cast) == ["admin", "vr_liaison"]
    link(cast, plan, source)
    with cast.entered("admin") as admin:
        register.take_off(source, by=admin)
    assert still_matters(cast, NOTICE, "vr_liaison")
    with cast.entered("admin") as admin:
        plans.take_out(column(plan, "Grant"), by=admin)
    assert not still_matters(cast, NOTICE, "vr_liaison")


def test_who_has_left_is_not_told_of_a_source(cast: StateCast) -> None:
    add(cast, ends_on=ending(cast, 100))
    leave(cast, "vr_liaison")
    assert look(cast) == ["admin"]


def test_the_mail_names_the_source_without_a_figure(cast: StateCast) -> None:
    add(cast, ends_on=ending(cast, 100))
    look(cast)
    with tenancy.as_system(cast.state.pk):
        mail = Message.objects.filter(notice=NOTICE).first()
    assert mail is not None
    assert GRANT.name in mail.subject
    assert GRANT.name in mail.body
    assert "1250000" not in mail.body + mail.subject


def test_nobody_of_another_state_is_told_of_a_source(both: Cast) -> None:
    begin(both.meridian)
    add(both.meridian, ends_on=ending(both.meridian, 100))
    mornings.look(both.bayou.state.pk, "money that ends")
    assert told(both.bayou, NOTICE) == []
    assert look(both.meridian) == ["admin", "vr_liaison"]
