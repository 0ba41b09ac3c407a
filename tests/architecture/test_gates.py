"""Each gate is seen red: given one planted mistake, it names it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.urls import clear_url_caches

from agencies import permissions
from agencies.permissions import Scope
from tests.architecture import gates, routes, test_blind, test_doors, test_hidden_ids, test_history, test_http
from tests.architecture.oracle import PEOPLE
from tests.architecture.routes import Route
from tests.architecture.visits import Visits
from tests.cast import Cast


@pytest.fixture
def plants() -> Iterator[dict[str, Route]]:
    """The portal with the planted views beside its own."""
    with override_settings(ROOT_URLCONF="tests.architecture.planted"):
        clear_url_caches()
        yield {route.name: route for route in routes.all_routes()}
    clear_url_caches()


def seen(visits: Visits, route: Route, person: str, method: str, relation: str) -> str:
    """What the walk of the doors says about one planted route."""
    found = routes.addresses(route, visits.world.corners[relation], relation)
    return " ".join(test_doors.visit(visits, PEOPLE[person], method, found, set()))


# --- doors ----------------------------------------------------------------------------------------------------
def test_a_route_without_a_door_is_named(plants: dict[str, Route]) -> None:
    faults = " ".join(routes.faults(list(plants.values())))
    assert "planted/door/: under a state, but its view wears no @door" in faults
    assert "planted/ (planted-outside): outside every state and not on the list" in faults
    assert "planted/unnamed/: has no name" in faults


def test_an_address_part_nobody_knows_is_named(plants: dict[str, Route], visits: Visits) -> None:
    with pytest.raises(AssertionError, match="<gadget> is new"):
        routes.addresses(plants["planted-gadget"], visits.world.own, "own team")


def test_a_view_that_forgets_the_scope_is_named(plants: dict[str, Route], visits: Visits) -> None:
    route = plants["planted-scope"]
    assert seen(visits, route, "leader", "GET", "own team") == ""
    told = seen(visits, route, "leader", "GET", "other agency")
    assert "expected hidden" in told
    assert "shows ['Meridian South Team One']" in told


def test_a_page_that_names_another_state_is_named(plants: dict[str, Route], visits: Visits) -> None:
    assert "shows ['Bayou']" in seen(visits, plants["planted-names"], "admin", "GET", "own team")


def test_a_page_that_breaks_is_named(plants: dict[str, Route], visits: Visits) -> None:
    assert "answers 500" in seen(visits, plants["planted-breaks"], "admin", "GET", "own team")


def test_a_cell_that_code_and_table_read_differently_is_named(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = permissions.table() | {("Team", "ES", "create"): Scope.STATE}
    monkeypatch.setattr(permissions, "table", lambda: granted)
    route = test_doors.TENANT["agencies:team-new"]
    assert "expected refused" in seen(visits, route, "specialist", "GET", "own team")


# --- forms ----------------------------------------------------------------------------------------------------
def test_a_form_that_takes_anything_is_named(plants: dict[str, Route], visits: Visits) -> None:
    desk = test_hidden_ids.Desk(visits)
    given = test_hidden_ids.Submission(
        "/meridian/planted/form/", "admin", {"agency": "1", "name": "Planted"}, {"agency": {"1": "One"}}
    )
    taken = {
        what
        for what, changed in test_hidden_ids.changed_once(given, visits.world)
        if (answer := desk.send(changed, watched=True)).status < 400 and "agencies_team" in answer.wrote
    }
    foreign = visits.world.cast.bayou.agencies["north"].pk
    assert {"undeclared state_id", "undeclared status", "name twice", f"agency={foreign}"} <= taken


def test_a_writing_route_without_a_form_is_named(plants: dict[str, Route], visits: Visits) -> None:
    with pytest.raises(AssertionError, match="planted-none: no submission is taken"):
        test_hidden_ids.Desk(visits).submission(plants["planted-none"])


# --- http -----------------------------------------------------------------------------------------------------
def test_a_page_that_writes_when_read_is_named(plants: dict[str, Route], visits: Visits) -> None:
    answer = visits.ask("admin", "GET", "/meridian/planted/writes/", watched=True)
    assert answer.wrote == ["agencies_change", "agencies_population"]


def test_a_naked_answer_is_named(plants: dict[str, Route], visits: Visits) -> None:
    told = " ".join(test_http.naked(visits.ask("admin", "GET", "/meridian/planted/naked/")))
    assert "X-Frame-Options: SAMEORIGIN" in told
    assert "no frame-ancestors 'none'" in told


def test_an_exempted_form_is_seen(plants: dict[str, Route], visits: Visits) -> None:
    client = test_http.strict(visits, "trainer")
    with transaction.atomic():
        assert client.post("/meridian/planted/form/", {}).status_code != 403
        assert client.post("/meridian/teams/new/", {}).status_code == 403
        transaction.set_rollback(True)


@pytest.mark.parametrize("location", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_a_way_out_is_seen(location: str) -> None:
    assert test_http.leads_out(location)


# --- walls and history ----------------------------------------------------------------------------------------
@pytest.fixture
def cast(visits: Visits) -> Cast:
    return visits.world.cast


def test_an_open_policy_is_named(visits: Visits, owner_connection: psycopg.Connection[Any]) -> None:
    role = settings.APP_DATABASE_ROLE
    owner_connection.execute(f"CREATE POLICY planted ON fidelity_rating FOR SELECT TO {role} USING (true)")
    try:
        with pytest.raises(AssertionError):
            test_blind.test_no_statement_reads_a_draft_rating_under_anybody_elses_context(
                visits, "trainer", test_blind.SHADOWS[0]
            )
        with pytest.raises(AssertionError):
            test_blind.test_the_portal_itself_reads_no_draft_rating(visits, "trainer")
    finally:
        owner_connection.execute("DROP POLICY planted ON fidelity_rating")


def test_an_open_history_is_named(visits: Visits, owner_connection: psycopg.Connection[Any]) -> None:
    role = settings.APP_DATABASE_ROLE
    owner_connection.execute(f"CREATE POLICY planted ON agencies_change FOR SELECT TO {role} USING (true)")
    try:
        model = next(model for model in test_history.RECORDED if model.__name__ == "Rating")
        with pytest.raises(AssertionError):
            test_history.test_history_is_as_blind_as_its_source(visits, model)
    finally:
        owner_connection.execute("DROP POLICY planted ON agencies_change")


def test_a_sleeping_trigger_is_named(cast: Cast, owner_connection: psycopg.Connection[Any]) -> None:
    owner_connection.execute("ALTER TABLE agencies_population DISABLE TRIGGER history_update")
    try:
        with transaction.atomic():
            with pytest.raises(AssertionError):
                test_history.test_orm_bulk_and_raw_statements_are_all_recorded(cast)
            transaction.set_rollback(True)
    finally:
        owner_connection.execute("ALTER TABLE agencies_population ENABLE TRIGGER history_update")


# --- source ---------------------------------------------------------------------------------------------------
SOURCES: list[tuple[Callable[[str, str], list[str]], str, str]] = [
    (
        gates.writes_outside_actions,
        "fidelity/views/planted.py",
        "def page(r):\n    Review.objects.create(x=1)\n",
    ),
    (gates.writes_outside_actions, "fidelity/views/planted.py", "def page(r):\n    review.save()\n"),
    (
        gates.writes_outside_actions,
        "fidelity/views/planted.py",
        "def page(r):\n    rows.filter(pk=1).update(x=1)\n",
    ),
    (gates.writes_outside_actions, "fidelity/dashboards/planted.py", "def page(r):\n    row.delete()\n"),
    (gates.writes_outside_actions, "agencies/planted.py", "c.execute('DELETE FROM agencies_team')\n"),
    (gates.composed_sql, "agencies/planted.py", "c.execute(f'SELECT * FROM team WHERE name = {name}')\n"),
    (gates.composed_sql, "agencies/planted.py", "c.execute('SELECT ' + name)\n"),
    (gates.composed_sql, "agencies/planted.py", "c.execute(sql.SQL(f'DROP {name}').format())\n"),
    (gates.composed_sql, "agencies/planted.py", "Team.objects.raw('SELECT 1')\n"),
    (gates.composed_sql, "agencies/planted.py", "rows.extra(where=['1=1'])\n"),
    (gates.composed_sql, "agencies/planted.py", "rows.filter(**request.GET.dict())\n"),
    (
        gates.session_wide_context,
        "agencies/planted.py",
        "c.execute(\"SELECT set_config('app.x', '1', false)\")\n",
    ),
    (gates.session_wide_context, "agencies/planted.py", "c.execute('SET app.state_id = 1')\n"),
    (gates.unescaped, "agencies/planted.py", "text = mark_safe(note)\n"),
    (gates.unescaped, "templates/planted.html", "<p>{{ note|safe }}</p>\n"),
    (gates.unescaped, "templates/planted.html", "{% autoescape off %}{{ note }}{% endautoescape %}\n"),
    (gates.unescaped, "static/site/js/planted.js", "node.innerHTML = text\n"),
    (gates.naive_times, "agencies/planted.py", "day = date.today()\n"),
    (gates.naive_times, "agencies/planted.py", "now = datetime.now()\n"),
    (gates.naive_times, "agencies/planted.py", "now = datetime.utcnow()\n"),
    (gates.naive_times, "agencies/planted.py", "now = datetime(2026, 1, 1)\n"),
    (
        gates.all_fields,
        "agencies/forms/planted.py",
        "class F:\n    class Meta:\n        fields = '__all__'\n",
    ),
    (gates.all_fields, "agencies/forms/planted.py", "class F:\n    class Meta:\n        exclude = ['x']\n"),
    (
        gates.long_tasks,
        "agencies/tasks.py",
        "@shared_task\ndef work(pk):\n    row = find(pk)\n    row.work()\n",
    ),
    (
        gates.long_tasks,
        "agencies/tasks.py",
        "@app.task\ndef work(pk):\n    for one in pk:\n        do(one)\n",
    ),
    (gates.late_imports, "agencies/planted.py", "def work():\n    import json\n"),
    (gates.too_long, "agencies/planted.py", "x = 1\n" * 401),
]


@pytest.mark.parametrize(("gate", "path", "text"), SOURCES)
def test_a_planted_source_is_named(gate: Callable[[str, str], list[str]], path: str, text: str) -> None:
    assert any(path in fault for fault in gate(path, text))


@pytest.mark.parametrize("gate", gates.PYTHON_GATES)
def test_every_source_gate_has_its_plant(gate: Callable[[str, str], list[str]]) -> None:
    assert gate in {planted for planted, _, _ in SOURCES}


def test_what_is_allowed_stays_allowed() -> None:
    """Red for the mistake, green for its neighbour."""
    allowed = [
        (gates.writes_outside_actions, "fidelity/actions/planted.py", "Review.objects.create(x=1)\n"),
        (gates.writes_outside_actions, "fidelity/views/planted.py", "context.update(more)\n"),
        (gates.composed_sql, "agencies/planted.py", "c.execute('SELECT 1 WHERE x = %s', [x])\n"),
        (
            gates.session_wide_context,
            "agencies/planted.py",
            "c.execute(\"SELECT set_config('app.x', '1', true)\")\n",
        ),
        (gates.naive_times, "agencies/planted.py", "now = datetime.now(UTC)\n"),
        (gates.long_tasks, "agencies/tasks.py", "@shared_task\ndef work(pk):\n    making.work(pk)\n"),
        (gates.unescaped, "templates/email/planted.txt", "{% autoescape off %}x{% endautoescape %}\n"),
        (
            gates.unescaped,
            "templates/account/email/planted.txt",
            "{% autoescape off %}x{% endautoescape %}\n",
        ),
    ]
    for gate, path, text in allowed:
        assert gate(path, text) == []
