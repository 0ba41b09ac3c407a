"""Every tenant table stands behind the second wall, and the wall holds for the role the portal runs as."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from agencies import tenancy
from agencies.models import Agency, Membership, Team
from agencies.tenancy import TenantModel, TenantQuerySet
from tests.architecture import catalogue
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_every_tenant_table_is_enclosed(app_connection: psycopg.Connection[Any]) -> None:
    tables = catalogue.tenant_tables(app_connection)
    assert len(tables) >= 20
    assert [fault for table in tables for fault in catalogue.faults(app_connection, table)] == []


def test_every_tenant_model_has_its_table_on_the_list(app_connection: psycopg.Connection[Any]) -> None:
    models = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)}
    assert models <= set(catalogue.tenant_tables(app_connection))


def test_every_tenant_model_says_its_scope_in_queries() -> None:
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    assert [model for model in models if not isinstance(model._default_manager.all(), TenantQuerySet)] == []


def test_the_catalogue_reader_sees_a_bare_table(owner_connection: psycopg.Connection[Any]) -> None:
    owner_connection.execute(
        "CREATE TABLE planted (id bigint, state_id bigint, team_id bigint, name text UNIQUE)"
    )
    try:
        found = " ".join(catalogue.faults(owner_connection, "planted"))
    finally:
        owner_connection.execute("DROP TABLE planted")
    for fault in (
        "security is off",
        "not forced",
        "no policy",
        "team_id is not checked",
        "unique across",
        "history_",
    ):
        assert fault in found


def test_the_catalogue_reader_sees_a_condition_that_is_always_true(
    owner_connection: psycopg.Connection[Any],
) -> None:
    owner_connection.execute("CREATE TABLE planted (id bigint, state_id bigint, review_id bigint)")
    owner_connection.execute(
        "CREATE POLICY captured ON planted TO PUBLIC USING"
        " (EXISTS (SELECT 1 FROM fidelity_reviewer own WHERE own.review_id = review_id))"
    )
    try:
        found = catalogue.faults(owner_connection, "planted")
    finally:
        owner_connection.execute("DROP TABLE planted")
    assert "planted: a policy compares own.review_id with itself" in found


def test_the_catalogue_reader_sees_a_key_that_crosses_teams(
    owner_connection: psycopg.Connection[Any],
) -> None:
    owner_connection.execute(
        "CREATE TABLE planted (state_id bigint, team_id bigint, plan_id bigint, CONSTRAINT crossing"
        " FOREIGN KEY (state_id, plan_id) REFERENCES fidelity_actionplan (state_id, id))"
    )
    try:
        found = catalogue.faults(owner_connection, "planted")
    finally:
        owner_connection.execute("DROP TABLE planted")
    assert "planted: crossing lets a row name the record of another team" in found


def test_the_portal_runs_as_a_role_that_the_wall_binds(app_connection: psycopg.Connection[Any]) -> None:
    row = app_connection.execute(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row == (False, False)
    tenancy.refuse_unbound_role()


def test_definer_functions_are_on_the_list(app_connection: psycopg.Connection[Any]) -> None:
    rows = app_connection.execute(
        "SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND p.prosecdef"
    ).fetchall()
    assert {name for name, _ in rows} == catalogue.DEFINER_FUNCTIONS
    assert all(config == ["search_path=public"] for _, config in rows)


def test_a_query_without_context_is_an_error_not_an_empty_page(
    app_connection: psycopg.Connection[Any], cast: Cast
) -> None:
    with pytest.raises(psycopg.errors.Error):
        app_connection.execute("SELECT * FROM agencies_agency")


def test_nobody_sees_no_tenant_row(cast: Cast) -> None:
    with tenancy.as_nobody():
        assert Agency.objects.count() == Team.objects.count() == Membership.objects.count() == 0


@pytest.mark.parametrize("model", [each for each in apps.get_models() if issubclass(each, TenantModel)])
def test_an_unfiltered_query_stays_inside_the_state(cast: Cast, model: type[TenantModel]) -> None:
    for own in cast.states:
        for persona in own.memberships:
            with tenancy.entered(own.actor(persona)):
                states = set(model._default_manager.values_list("state_id", flat=True))
            assert states <= {own.state.pk}


def test_a_leader_reaches_only_the_own_agency_without_any_filter(cast: Cast) -> None:
    north = cast.meridian.agencies["north"]
    with tenancy.entered(cast.meridian.actor("leader")):
        assert list(Agency.objects.all()) == [north]
        assert {team.agency_id for team in Team.objects.all()} == {north.pk}


def test_a_row_of_another_state_cannot_be_written(cast: Cast) -> None:
    with tenancy.entered(cast.meridian.actor("admin")), pytest.raises(Exception, match="row-level security"):
        with transaction.atomic():
            Agency.objects.create(state=cast.bayou.state, slug="planted", name="Planted")


def test_a_key_into_another_state_is_refused_by_the_database(cast: Cast) -> None:
    foreign = cast.bayou.agencies["north"]
    with pytest.raises(Exception, match="same_state"), transaction.atomic():
        with tenancy.as_system(cast.meridian.state.pk):
            Team.objects.create(
                state=cast.meridian.state, agency_id=foreign.pk, slug="planted", name="Planted"
            )
            connection.check_constraints()


def test_history_cannot_be_written_by_the_portal(cast: Cast) -> None:
    for statement in (
        "DELETE FROM agencies_change",
        "UPDATE agencies_change SET actor = 'x'",
        "DELETE FROM agencies_seal",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
