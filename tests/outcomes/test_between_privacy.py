"""Who sees what a team keeps between quarters: its supervisors, and the one specialist it is about."""

import pytest

from agencies import tenancy
from agencies.models import Change
from agencies.refusals import NotPermitted
from agencies.tenancy import TenantModel
from ips_portal.quarters import Quarter
from outcomes.models import MonthTally, TeamGoal, WeekOfContacts
from tests.cast import StateCast, refused
from tests.outcomes.keeping import at, colleague, furnish, keeping_cast, monday, save, week_at

ABOVE = ("leader", "admin", "trainer", "vr_liaison", "mh_liaison", "payer", "stakeholder", "reviewer")
ELSEWHERE = ("sibling_supervisor", "other_supervisor", "other_specialist", "other_leader", "operator")
KEPT: tuple[type[TenantModel], ...] = (WeekOfContacts, MonthTally, TeamGoal)


@pytest.fixture
def cast(db: None) -> StateCast:
    return keeping_cast()


@pytest.mark.parametrize("persona", [*ABOVE, *ELSEWHERE])
def test_neither_wall_shows_a_row_to_anybody_else(cast: StateCast, persona: str) -> None:
    furnish(cast)
    with cast.entered(persona) as actor:
        for model in KEPT:
            assert not model._default_manager.exists()  # the database by itself
            assert not model._default_manager.visible_to(actor).exists()


def test_the_system_itself_reads_none_of_it(cast: StateCast) -> None:
    furnish(cast)
    with tenancy.as_system(cast.state.pk):
        assert not any(model._default_manager.exists() for model in KEPT)


def test_a_supervisor_sees_the_teams_and_a_specialist_the_own_rows(cast: StateCast) -> None:
    furnish(cast)
    colleague(cast, "colleague")
    for persona, seen in (("supervisor", (1, 1, 2)), ("specialist", (1, 1, 2)), ("colleague", (0, 0, 1))):
        with cast.entered(persona) as actor:
            counts = tuple(model._default_manager.count() for model in KEPT)
            visible = tuple(model._default_manager.visible_to(actor).count() for model in KEPT)
        assert (persona, counts, visible) == (persona, seen, seen)


def test_the_history_of_a_week_is_as_closed_as_the_week(cast: StateCast) -> None:
    furnish(cast)
    tables = [model._meta.db_table for model in KEPT]
    for persona, seen in (("supervisor", True), ("specialist", True), ("leader", False), ("admin", False)):
        with cast.entered(persona):
            assert Change.objects.filter(table_name__in=tables).exists() is seen


@pytest.mark.parametrize("persona", ["leader", "admin", "sibling_supervisor", "other_specialist"])
def test_nobody_else_writes_or_opens_a_week(cast: StateCast, persona: str) -> None:
    with refused(NotPermitted):
        save(cast, persona)
    browser = cast.seen_by(persona)
    quarter = Quarter.of(monday(cast))
    for path in (
        week_at(cast, monday(cast)),
        at(cast, "between-team", "north-one", quarter),
        at(cast, "between-goals", "north-one", quarter),
    ):
        assert browser.get(path).status_code == 404


def test_a_colleague_on_the_same_team_finds_nothing(cast: StateCast) -> None:
    colleague(cast, "colleague")
    browser = cast.seen_by("colleague")
    assert browser.get(week_at(cast, monday(cast))).status_code == 404
    assert browser.get(week_at(cast, monday(cast), "colleague")).status_code == 200
    assert browser.get(at(cast, "between-team", "north-one", Quarter.of(monday(cast)))).status_code == 404


def test_the_database_lets_no_specialist_review_the_own_week(cast: StateCast) -> None:
    row = save(cast)
    with cast.entered("specialist") as by, pytest.raises(Exception, match="row-level security"):
        WeekOfContacts.objects.filter(pk=row.pk).update(
            reviewed_on=cast.state.today(), reviewed_by=by.person_id
        )
