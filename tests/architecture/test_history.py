"""T23: every change is written down whoever made it and however, is as blind as its source, and cannot be forged."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction

from agencies import audit, tenancy
from agencies.models import Change, Population
from agencies.tenancy import TenantModel
from tests.architecture.catalogue import WITHOUT_HISTORY
from tests.architecture.visits import Visits
from tests.cast import Cast

RECORDED = [
    model
    for model in apps.get_models()
    if issubclass(model, TenantModel) and model._meta.db_table not in WITHOUT_HISTORY
]


@pytest.fixture
def cast(visits: Visits) -> Iterator[Cast]:
    with transaction.atomic():
        yield visits.world.cast
        transaction.set_rollback(True)


def last(table: str) -> Change:
    change = Change.objects.filter(table_name=table).order_by("-id").first()
    assert change is not None
    return change


# --- complete -------------------------------------------------------------------------------------------------
def test_orm_bulk_and_raw_statements_are_all_recorded(cast: Cast) -> None:
    state, table = cast.meridian.state, "agencies_population"
    with tenancy.entered(cast.meridian.actor("admin")) as admin, tenancy.because("The gate asks."):
        begun = Change.objects.filter(table_name=table).count()
        one = Population.objects.create(state=state, name="One")
        Population.objects.bulk_create(Population(state=state, name=name) for name in ("Two", "Three"))
        Population.objects.filter(pk=one.pk).update(name="Uno")
        Population.objects.bulk_update([Population(pk=one.pk, state=state, name="Eins")], ["name"])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE agencies_population SET name = 'Un' WHERE id = %s", [one.pk])
            cursor.execute("DELETE FROM agencies_population WHERE id = %s", [one.pk])
        rows = list(Change.objects.filter(table_name=table).order_by("id"))[begun:]
    kinds = [row.kind for row in rows]
    assert kinds == ["insert", "insert", "insert", "update", "update", "update", "delete"]
    assert [row.values["name"] for row in rows[3:6]] == [["One", "Uno"], ["Uno", "Eins"], ["Eins", "Un"]]
    for row in rows:
        assert (row.person_id, row.membership_id) == (admin.person_id, admin.membership_id)
        assert (row.actor, row.reason) == ("person", "The gate asks.")


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model._meta.label)
def test_every_recorded_table_is_told_in_words(model: type[TenantModel]) -> None:
    """A table nobody described is told by the names of its columns, which are for programmers."""
    assert model._meta.db_table in audit.nouns()


def test_a_statement_that_changes_nothing_leaves_no_row(cast: Cast) -> None:
    with tenancy.as_system(cast.meridian.state.pk):
        before = Change.objects.count()
        assert Population.objects.filter(name="Adults").update(name="Adults") == 1
        assert Change.objects.count() == before


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_every_row_of_the_world_has_its_beginning_in_the_history(
    visits: Visits, model: type[TenantModel]
) -> None:
    """As the owner of each row sees it: a table whose trigger sleeps would have rows without a beginning."""
    for cast in visits.world.cast.states:
        for persona in ("admin", "trainer", "reviewer"):
            with tenancy.entered(cast.actor(persona)):
                seen = set(model._default_manager.values_list("pk", flat=True))
                told = set(
                    Change.objects.filter(table_name=model._meta.db_table, kind="insert").values_list(
                        "row_id", flat=True
                    )
                )
            assert seen <= told


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_history_is_as_blind_as_its_source(visits: Visits, model: type[TenantModel]) -> None:
    """For everybody: the history shows rows that they see, or that are gone."""
    for cast in visits.world.cast.states:
        for persona in cast.memberships:
            with tenancy.entered(cast.actor(persona)):
                seen = set(model._default_manager.values_list("pk", flat=True))
                told = Change.objects.filter(table_name=model._meta.db_table)
                gone = set(told.filter(kind="delete").values_list("row_id", flat=True))
                states = set(told.values_list("state_id", flat=True))
                assert set(told.values_list("row_id", flat=True)) <= seen | gone, persona
            assert states <= {cast.state.pk}


# --- not to be forged -----------------------------------------------------------------------------------------
FORGERIES = [
    "INSERT INTO agencies_change (state_id, table_name, row_id, kind, values, actor, reason, at, transaction)"
    " VALUES (1, 'agencies_team', 1, 'insert', '{}', 'person', '', now(), 1)",
    "UPDATE agencies_change SET at = now() - interval '1 year'",
    "DELETE FROM agencies_change",
    "TRUNCATE agencies_change",
    "INSERT INTO agencies_seal (state_id, number, rows, hash, at) VALUES (1, 1, 0, 'x', now())",
    "UPDATE agencies_seal SET hash = 'x'",
    "DELETE FROM agencies_seal",
    "SELECT agencies_record_change()",
    "SELECT agencies_seal_hash(1, '', 1)",
    "ALTER TABLE agencies_team DISABLE TRIGGER ALL",
    "ALTER TABLE agencies_team DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER history_update ON agencies_team",
    "CREATE OR REPLACE FUNCTION agencies_record_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER TABLE agencies_change DISABLE TRIGGER ALL",
    "SET session_replication_role = 'replica'",
    "SET ROLE ips_owner",
]


@pytest.mark.parametrize("statement", FORGERIES, ids=lambda text: text[:40])
def test_the_portals_role_cannot_forge_history(cast: Cast, statement: str) -> None:
    refused = "permission denied|must be owner|trigger functions can only|can only be called as triggers"
    with (
        tenancy.entered(cast.meridian.actor("admin")),
        pytest.raises(Exception, match=refused),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_portals_role_cannot_switch_history_off(cast: Cast) -> None:
    """The bulk loads of the owner may; the same setting does nothing for the portal."""
    with tenancy.entered(cast.meridian.actor("admin")), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.history', 'off', true)")
        made = Population.objects.create(state=cast.meridian.state, name="Quiet")
        assert last("agencies_population").row_id == made.pk


def test_the_time_is_the_databases_own(cast: Cast) -> None:
    """No statement of the portal says when: rows of one transaction follow the clock, not the transaction."""
    with tenancy.entered(cast.meridian.actor("admin")), connection.cursor() as cursor:
        Population.objects.create(state=cast.meridian.state, name="First")
        first = last("agencies_population").at
        Population.objects.create(state=cast.meridian.state, name="Second")
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone() or (None,)
        assert first < last("agencies_population").at <= now
