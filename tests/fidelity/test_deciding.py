"""Decisions about a team: who may record one, when, and what it does to the standing."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import tenancy
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import planning
from fidelity.actions.deciding import decide
from fidelity.histories import planned, standings
from fidelity.lifecycle import Kind, Position, Standing
from fidelity.models import Decision
from tests.cast import StateCast, make_cast, refused
from tests.fidelity import reviews, signing

K = Decision.Kind


@pytest.fixture
def cast(db: None) -> StateCast:
    """A state under Louisiana's rules, with one established team."""
    return reviews.under(make_cast().meridian, "louisiana")


def issued(cast: StateCast, rating: int, days_ago: int = 40, team: str = "north_one") -> None:
    """A total of 25 times the rating, on a report issued today."""
    reviews.issued(cast, score=rating, days_ago=days_ago, team=team)


def record(
    cast: StateCast,
    kind: str,
    *,
    persona: str = "admin",
    team: str = "north_one",
    on: date | None = None,
    until: date | None = None,
    reason: str = "As agreed in the meeting.",
    key: UUID | None = None,
) -> Decision:
    with cast.entered(persona) as by:
        return decide(
            cast.teams[team],
            kind=kind,
            decided_on=on or cast.state.today(),
            until=until,
            reason=reason,
            key=key or uuid4(),
            by=by,
        )


def standing(cast: StateCast, persona: str = "supervisor", team: str = "north_one") -> Standing:
    with cast.entered(persona):
        return standings([cast.teams[team]], cast.state)[cast.teams[team].pk]


def test_the_kinds_of_a_record_are_those_of_the_rules() -> None:
    assert set(K.values) == set(Kind)


@pytest.mark.parametrize("persona", ["admin", "payer"])
def test_the_state_and_the_payer_pause_and_reopen_referrals(cast: StateCast, persona: str) -> None:
    issued(cast, 4)
    before = standing(cast)
    record(cast, K.RESTRICTION, persona=persona)
    assert not standing(cast).accepts_new
    record(cast, K.LIFTING, persona=persona)
    after = standing(cast)
    assert (after.position, after.next_due) == (before.position, before.next_due)


@pytest.mark.parametrize(
    "persona", ["trainer", "vr_liaison", "mh_liaison", "leader", "supervisor", "specialist", "reviewer"]
)
def test_nobody_else_decides(cast: StateCast, persona: str) -> None:
    issued(cast, 4)
    with refused(NotPermitted):
        record(cast, K.RESTRICTION, persona=persona)


def test_a_payer_decides_about_contracted_teams_only(cast: StateCast) -> None:
    issued(cast, 4, team="south_one")
    with refused(NotPermitted):
        record(cast, K.RESTRICTION, persona="payer", team="south_one")


@pytest.mark.parametrize(
    ("writer", "signed"), [("trainer", "trainer"), ("supervisor", "supervisor"), ("admin", "payer")]
)
def test_the_database_alone_refuses_a_decision_of_others_or_in_anothers_name(
    cast: StateCast, writer: str, signed: str
) -> None:
    with cast.entered(writer), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Decision.objects.create(
            state=cast.state,
            team=cast.teams["north_one"],
            kind=K.LIFTING,
            decided_on=cast.state.today(),
            reason="Planted.",
            decided_by=cast.people[signed],
            form_key=uuid4(),
        )


def test_a_record_is_never_changed_or_removed(cast: StateCast) -> None:
    issued(cast, 4)
    decision = record(cast, K.RESTRICTION)
    for statement in ("UPDATE fidelity_decision SET reason = 'x'", "DELETE FROM fidelity_decision"):
        with (
            cast.entered("admin"),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            with connection.cursor() as cursor:
                cursor.execute(statement)
    with cast.entered("admin"):
        assert Decision.objects.get().reason == decision.reason


def test_a_form_sent_twice_records_one_decision(cast: StateCast) -> None:
    issued(cast, 4)
    key = uuid4()
    assert record(cast, K.RESTRICTION, key=key).pk == record(cast, K.RESTRICTION, key=key).pk


def test_the_approval_of_the_plan_begins_the_six_months(cast: StateCast) -> None:
    issued(cast, 4, days_ago=400)
    issued(cast, 3, days_ago=20)
    below = standing(cast)
    assert below.position is Position.CORRECTIVE
    assert below.plan is not None
    signing.approved(cast)
    after = standing(cast)
    assert after.plan is None
    assert after.next_due is not None
    assert below.next_due is not None
    assert after.next_due < below.next_due
    with refused(WrongStatus, "on its own page"):
        record(cast, K.PLAN_APPROVED)


def test_an_approved_plan_that_is_changed_keeps_the_day_of_its_first_approval(cast: StateCast) -> None:
    issued(cast, 4, days_ago=400)
    issued(cast, 3, days_ago=20)
    plan = signing.approved(cast)
    with tenancy.as_system(cast.state.pk):
        before = list(planned([plan.team_id], cast.state))
    first = standing(cast)
    with reviews.acting(cast, "supervisor") as by:
        row = signing.newest(cast).rows.get(item_code="ST1")
        row.plan = reports.plans().get(pk=row.plan_id)
        values = replace(planning.row_values(row), steps="Another way.")
        planning.change_row(row, values=values, version=row.version, by=by)
    assert signing.newest(cast).sign_off == "unsigned"
    assert standing(cast) == first
    signing.sign(cast)
    signing.approve(cast)
    with tenancy.as_system(cast.state.pk):
        assert list(planned([plan.team_id], cast.state)) == before


def test_a_longer_interval_is_for_the_highest_band(cast: StateCast) -> None:
    issued(cast, 4, days_ago=400)
    with refused(WrongStatus, "no longer interval"):
        record(cast, K.LONGER_INTERVAL)
    issued(cast, 5)
    usual = standing(cast).next_due
    record(cast, K.LONGER_INTERVAL)
    longer = standing(cast).next_due
    assert usual is not None
    assert longer is not None
    assert (longer.year, longer.month) == (usual.year + 1, usual.month)
    with refused(WrongStatus, "no longer interval"):
        record(cast, K.LONGER_INTERVAL)


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("holiday", {}, "kind"),
        (K.RESTRICTION, {"reason": "  "}, "reason"),
        (K.RESTRICTION, {"reason": "x" * 10_001}, "reason"),
        (K.RESTRICTION, {"on": 1}, "decided_on"),
        (K.RESTRICTION, {"on": -367}, "decided_on"),
        (K.RESTRICTION, {"until": -1}, "until"),
        (K.RESTRICTION, {"until": 3000}, "until"),
        (K.EARLIER_REVIEW, {}, "until"),
        (K.CLOSURE, {"until": 30}, "until"),
    ],
)
def test_a_mistake_is_answered_beside_its_field(
    cast: StateCast, kind: str, changed: dict[str, int | str], field: str
) -> None:
    issued(cast, 4)
    today = cast.state.today()
    given = {
        name: value if isinstance(value, str) else today + timedelta(days=value)
        for name, value in changed.items()
    }
    with refused(Unacceptable) as refusal:
        record(cast, kind, **given)  # type: ignore[arg-type]  # days and texts by name
    assert isinstance(refusal.value, Unacceptable)
    assert refusal.value.field == field


def test_everybody_who_sees_the_team_is_told_the_same_standing(cast: StateCast) -> None:
    issued(cast, 3)
    record(cast, K.SAFETY, persona="payer")
    reviews.scheduled(cast, starts_on=cast.state.today() - timedelta(days=1))
    told = [
        standing(cast, persona)
        for persona in ("admin", "trainer", "payer", "leader", "supervisor", "specialist")
    ]
    assert all(each == told[0] for each in told)
    assert told[0].position is Position.RESTRICTED
