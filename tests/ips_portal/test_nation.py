"""A nation of practice states: the same rows for the same seed, scored by the rules, and behind the same walls."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.db.models import F
from django.test import Client

from agencies import tenancy
from agencies.audit import changes_of, sentences
from agencies.models import Membership, Person, State
from agencies.models.history import seal_finished
from agencies.permissions import Role
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, Edition, ItemReport, PlanRow, Rating, Review, Reviewer, ReviewText
from fidelity.ratings import agreed_ratings
from fidelity.reviewers import conflicts
from fidelity.scoring import score
from fidelity.snapshots import freeze
from ips_portal.practice.nation import NotPlanted, plant
from ips_portal.practice.nation.planting import MOST
from ips_portal.practice.nation.worlds import RECALLED, agency_sizes
from ips_portal.practice.seeding import EVERYBODYS, NotAPracticeState
from ips_portal.quarters import Quarter
from outcomes.actions.opening import expected_teams
from outcomes.checks import blocks, check, open_warnings
from outcomes.history import case_of
from outcomes.models import QuarterlyReport, Revision
from tests import cluster

TODAY = date(2026, 11, 20)
SMALL: dict[str, Any] = {"states": 2, "teams": 10, "today": TODAY}
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nation")]


@contextmanager
def as_owner(database: str = "") -> Iterator[None]:
    """Django as the command has it: connected as the owner of the tables."""
    run, before = cluster.current(), connections["default"]
    owner = connections.create_connection("default")
    account = {"USER": run.roles.owner.name, "PASSWORD": run.roles.owner.password}
    owner.settings_dict = {**before.settings_dict, **account, "NAME": database or run.database}
    connections["default"] = owner
    try:
        yield
    finally:
        owner.close()
        connections["default"] = before


def planted(purpose: str, **wanted: Any) -> str:
    """A nation in a database of its own, whose name is returned."""
    database = f"{cluster.current().database}_{purpose}"
    cluster.reclone(database=database)
    with as_owner(database):
        plant(**SMALL | wanted)
    return database


@pytest.fixture(scope="module", autouse=True)
def nation(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Two states with five teams each, for the tests of this file, which only read."""
    with django_db_blocker.unblock():
        connections.close_all()
        cluster.reclone()
        with as_owner():
            plant(**SMALL)
        yield
        connections.close_all()
    cluster.reclone()


@pytest.fixture(params=("nation-01", "nation-02"))
def state(request: pytest.FixtureRequest) -> Iterator[State]:
    found = State.objects.get(slug=request.param)
    with tenancy.as_system(found.pk):
        yield found


def fingerprint(database: str) -> dict[str, str]:
    """A hash of every table that has rows, but for the numbers and times of transactions."""
    run = cluster.current()
    with psycopg.connect(run.address(run.roles.owner, database)) as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename ~ '^(agencies|fidelity|outcomes)_'"
        ).fetchall()
        hashed = (
            "SELECT md5(string_agg(md5((to_jsonb(t) - 'transaction')::text), '' ORDER BY t.id)) FROM {} t"
        )
        found = {name: owner.execute(hashed.format(name)).fetchone() for (name,) in tables}
    return {name: row[0] for name, row in found.items() if row and row[0]}


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first = fingerprint(cluster.current().database)
    assert len(first) > 20
    assert fingerprint(planted("again")) == first
    other = fingerprint(planted("other", seed=2))
    unlucky = {
        f"agencies_{name}" for name in ("state", "statepolicy", "payer", "payercontract", "population")
    }
    assert {name for name in first if other[name] == first[name]} <= unlucky | {"fidelity_scaleversion"}


def test_a_second_run_changes_nothing() -> None:
    before, said = fingerprint(cluster.current().database), StringIO()
    with as_owner():
        call_command("seed", states=2, teams=10, today=TODAY, stdout=said)
    assert "Already there: Nation 01, Nation 02." in said.getvalue()
    assert fingerprint(cluster.current().database) == before


def test_another_nation_in_its_place_is_refused_with_what_to_do() -> None:
    with as_owner(), pytest.raises(CommandError, match="empty database"):
        call_command("seed", states=3, teams=12, today=TODAY)
    assert not State.objects.filter(slug="nation-03").exists()


def test_a_real_state_of_the_same_name_is_left_alone() -> None:
    with as_owner(), transaction.atomic():
        State.objects.filter(slug="nation-02").update(contact_email="ips@nation.example.gov")
        with pytest.raises(NotAPracticeState, match="nation-02"):
            plant(**SMALL)
        transaction.set_rollback(True)


def test_a_role_that_is_bound_plants_nothing() -> None:
    with pytest.raises(NotPlanted, match="OWNER_DATABASE_URL"):
        plant(**SMALL, first=7)
    assert not State.objects.filter(slug="nation-07").exists()


@pytest.mark.parametrize(
    "wanted",
    [
        {"teams": 1},
        {"teams": 1001},
        {"states": 0},
        {"quarters": 0},
        {"quarters": 81},
        {"reviews": 0},
        {"reviews": 9, "quarters": 8},
    ],
)
def test_a_nation_that_cannot_be_is_refused(wanted: dict[str, int]) -> None:
    with pytest.raises(NotPlanted, match="Nothing was changed"):
        plant(**SMALL | {"states": 1} | wanted)


def test_agencies_are_two_at_least_and_their_teams_add_up() -> None:
    for teams in (*range(2, 60), MOST):
        sizes = agency_sizes(teams)
        assert sum(sizes) == teams
        assert len(sizes) >= 2
        assert set(sizes) <= {1, 2, 3}


def test_every_issued_review_has_the_total_and_band_of_its_ratings(state: State) -> None:
    reviews = Review.objects.in_state(state.pk).issued()
    assert reviews.count() >= 10
    for review in reviews:
        agreed = agreed_ratings(review).items()
        result = score(scale_of(review), {code: each.score for code, each in agreed if each.score})
        assert result.is_complete
        assert (review.total, review.band) == (result.total, result.band.key if result.band else "")


def test_every_edition_says_what_issuing_the_review_would_freeze(state: State) -> None:
    for edition in Edition.objects.in_state(state.pk).select_related("review__team__agency", "issued_by"):
        issued_on = edition.review.issued_on
        frozen = freeze(edition.review, edition=1, issued_on=issued_on, issued_by=edition.issued_by.name)
        assert edition.snapshot == frozen


def test_every_quarter_has_its_report_and_the_newest_ones_pass_the_rules(state: State) -> None:
    last = Quarter.last_ended(TODAY)
    for quarter in last.last(SMALL.get("quarters", 40)):
        assert expected_teams(state, quarter) == []
    submitted = Revision.objects.in_state(state.pk).filter(is_draft=False, is_operating=True)
    newest = [
        row
        for row in submitted.select_related("report__team", "report__state")
        if last.since(row.report.quarter) < RECALLED and row.number == row.report.current
    ]
    assert len(newest) >= 5
    for row in newest:
        findings = check(replace(case_of(row.report, row), today=TODAY))
        assert not blocks(findings)
        assert open_warnings(findings, row.explained) == ()


def test_every_issued_review_has_a_plan_and_a_history_by_name(state: State) -> None:
    for review in Review.objects.in_state(state.pk).issued():
        assert PlanRow.objects.filter(plan__review=review).count() >= 3
        told = sentences(changes_of(review))
        assert len(told) >= 4
        assert "Set-up of the portal" not in {sentence.who for sentence in told}


def test_every_state_has_live_work_and_nobody_reviews_the_own_agency(state: State) -> None:
    reviews = Review.objects.in_state(state.pk)
    assert {"scheduled", "rating", "draft_report", "issued"} <= set(reviews.values_list("status", flat=True))
    for review in reviews.filter(kind=Review.Kind.EXTERNAL).select_related("team"):
        assert conflicts(review.team, review.reviewers.values_list("person_id", flat=True), TODAY) == {}


def test_nothing_is_dated_after_the_day_nor_before_the_people(state: State) -> None:
    assert not Review.objects.in_state(state.pk).issued().filter(issued_on__gt=TODAY).exists()
    assert not PlanRow.objects.in_state(state.pk).filter(done_on__gt=TODAY).exists()
    reviewers = Reviewer.objects.in_state(state.pk)
    assert not reviewers.filter(membership__started_on__gt=F("review__starts_on")).exists()


def test_the_history_can_be_sealed() -> None:
    """A transaction of the tests beside this one may hold it back for a moment."""
    end = time.monotonic() + 10
    while not (sealed := seal_finished()) and time.monotonic() < end:
        time.sleep(0.05)
    assert sealed > 100


def test_who_belongs_to_one_state_sees_nothing_of_the_other() -> None:
    home, other = State.objects.get(slug="nation-01"), State.objects.get(slug="nation-02")
    with tenancy.as_system(home.pk):
        seats = list(Membership.objects.filter(ended_on=None))
    assert {seat.role for seat in seats} >= {Role.STATE_ADMIN, Role.STATE_TRAINER, Role.AGENCY_LEADER}
    reviewed = (Review, Reviewer, Rating, ReviewText, ItemReport, Edition, ActionPlan, PlanRow)
    tables = (Membership, *reviewed, QuarterlyReport, Revision)
    for seat in seats:
        with tenancy.entered(tenancy.actor_of(seat)):
            for model in tables:  # no filter: the second wall alone
                assert not model.objects.filter(state_id=other.pk).exists()
    with tenancy.as_system(home.pk):
        assert all(model.objects.exists() for model in tables)


def test_an_admin_signs_in_and_finds_the_reviews() -> None:
    with tenancy.as_system(State.objects.get(slug="nation-01").pk):
        email = Person.objects.filter(memberships__role=Role.STATE_ADMIN).earliest("pk").email
        team = Review.objects.select_related("team").latest("starts_on").team.name
    client = Client()
    signed_in = client.post("/accounts/login/", {"login": email, "password": EVERYBODYS})
    assert signed_in.status_code == 302
    page = client.get("/nation-01/reviews/")
    assert page.status_code == 200
    assert team in page.content.decode()
    assert client.get("/nation-02/reviews/").status_code == 404


def test_the_wanted_number_of_reviews_of_each_team_spread_over_the_quarters() -> None:
    run = cluster.current()
    with psycopg.connect(run.address(run.roles.owner, planted("many", reviews=6, quarters=8))) as owner:
        rows = owner.execute(
            "SELECT team_id, count(*), min(starts_on), max(issued_on) FROM fidelity_review WHERE status = 'issued'"
            " GROUP BY 1"
        ).fetchall()
        assert owner.execute("SELECT count(*) FROM fidelity_review").fetchone() == (60,)
        quarters = owner.execute(
            "SELECT team_id, count(*) FROM outcomes_quarterlyreport GROUP BY 1"
        ).fetchall()
    assert [count for _, count, _, _ in rows] == [6] * 10
    assert [count for _, count in quarters] == [8] * 10
    for _, _, first, last in rows:
        assert 500 < (TODAY - first).days < 2 * 366
        assert (TODAY - last).days < 120
