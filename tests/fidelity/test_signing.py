"""Sign-off and approval of a plan: by whom, of which steps, once, and what is said about a step."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from agencies import tenancy
from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Refusal, StaleVersion, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import plan_entries, planning
from fidelity.models import ActionPlan, PlanEntry, PlanRow
from fidelity.policy import shipped_document
from ips_portal.notices.models import Message
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.fidelity import reviews, signing


@pytest.fixture
def cast(db: None) -> StateCast:
    """A state under Louisiana's rules; the team's agency has a contract with the payer."""
    state = reviews.under(make_cast().meridian, "louisiana")
    reviews.issued(state, days_ago=20)
    return state


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("address", flat=True))


def change(cast: StateCast, **values: Any) -> PlanRow:
    with reviews.acting(cast, "supervisor") as by:
        row = signing.newest(cast).rows.get(item_code="ST1")
        row.plan = reports.plans().get(pk=row.plan_id)
        return planning.change_row(
            row, values=replace(planning.row_values(row), **values), version=row.version, by=by
        )


def say(cast: StateCast, persona: str, kind: str = "comment", **more: Any) -> PlanEntry:
    with reviews.acting(cast, persona) as by:
        plan = reports.plans().get(pk=signing.newest(cast).pk)
        row = plan.rows.get(item_code="ST1")
        row.plan = plan
        return plan_entries.say(row, **{"kind": kind, "text": "Two met.", "key": uuid4(), **more}, by=by)


def entries(cast: StateCast) -> list[str]:
    with tenancy.as_system(cast.state.pk):
        return list(PlanEntry.objects.order_by("pk").values_list("kind", flat=True))


def test_the_leader_signs_and_the_payer_approves(cast: StateCast) -> None:
    assert signing.signed(cast).sign_off == "signed"
    assert told(cast, "plan-to-sign") == {"leader@meridian.example"}
    assert told(cast, "plan-to-approve") == {"payer@meridian.example"}
    assert signing.approve(cast).sign_off == "approved"
    with reviews.acting(cast, "leader"):
        part = reports.plan_part(signing.newest(cast))
    today = cast.state.today().isoformat()
    assert (part["signed"]["by"], part["signed"]["on"]) == (cast.people["leader"].name, today)
    assert (part["approved"]["by"], part["approved_on"]) == (cast.people["payer"].name, today)


@pytest.mark.parametrize("persona", ["supervisor", "specialist", "trainer", "admin", "payer", "other_leader"])
def test_nobody_but_the_leader_signs(cast: StateCast, persona: str) -> None:
    signing.in_use(cast)
    with refused(NotPermitted):
        signing.sign(cast, by=persona)


@pytest.mark.parametrize("persona", ["leader", "supervisor", "trainer", "admin", "vr_liaison", "specialist"])
def test_where_a_payer_has_a_contract_nobody_else_approves(cast: StateCast, persona: str) -> None:
    signing.signed(cast)
    with refused(NotPermitted):
        signing.approve(cast, by=persona)
    with refused(NotPermitted):
        signing.send_back(cast, by=persona)


def test_the_state_approves_for_a_team_without_a_contract(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        cast.payer.contracts.update(ends_on=STARTED)
    signing.signed(cast)
    assert told(cast, "plan-to-approve") == {"admin@meridian.example"}
    with refused(NotPermitted):
        signing.approve(cast, by="payer")
    assert signing.approve(cast, by="trainer").sign_off == "approved"


def test_where_the_policy_names_the_state_no_payer_approves(cast: StateCast) -> None:
    named = dict(shipped_document("louisiana"))
    named["action_plan"] = {**named["action_plan"], "approver": "State office"}
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.update(data=named)
    signing.signed(cast)
    with refused(NotPermitted):
        signing.approve(cast, by="payer")
    assert signing.approve(cast, by="admin").sign_off == "approved"


def test_where_the_policy_names_nobody_the_signature_is_the_end(cast: StateCast) -> None:
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.all().update(data={})
    signing.signed(cast)
    assert told(cast, "plan-to-approve") == set()
    with refused(WrongStatus, "asks for no approval"):
        signing.approve(cast, by="admin")


def test_a_draft_is_not_signed_and_nothing_is_signed_or_approved_twice(cast: StateCast) -> None:
    with refused(WrongStatus, "draft"):
        signing.sign(cast)
    signing.in_use(cast)
    with refused(WrongStatus, "does not wait"):
        signing.approve(cast)
    signing.sign(cast)
    with refused(WrongStatus, "already"):
        signing.sign(cast)
    signing.approve(cast)
    with refused(WrongStatus, "approved"):
        signing.approve(cast)


def test_who_signed_does_not_approve(cast: StateCast) -> None:
    signing.signed(cast)
    with tenancy.as_system(cast.state.pk):
        cast.memberships["payer"].__class__.objects.filter(pk=cast.memberships["payer"].pk).update(
            person=cast.people["leader"]
        )
        cast.memberships["payer"].refresh_from_db()
    with refused(NotPermitted, "somebody else"):
        signing.approve(cast)


def test_a_returned_plan_says_why_and_is_signed_again(cast: StateCast) -> None:
    signing.signed(cast)
    with refused(Unacceptable):
        signing.send_back(cast, "  ")
    assert signing.send_back(cast).sign_off == "returned"
    change(cast, first_step="Ana calls the first employer.")
    assert signing.newest(cast).sign_off == "returned"
    assert signing.sign(cast).sign_off == "signed"
    assert entries(cast) == ["signed", "returned", "signed"]


@pytest.mark.parametrize(
    ("values", "stays"),
    [
        ({"steps": "Another way."}, False),
        ({"responsible": "Bo"}, False),
        ({"evidence": "Minutes."}, False),
        ({"goal": 5}, False),
        ({"status": "in_progress", "note": "Begun."}, True),
    ],
)
def test_a_change_of_the_steps_asks_for_the_signature_again(
    cast: StateCast, values: dict[str, Any], stays: bool
) -> None:
    signing.approved(cast)
    change(cast, **values)
    assert signing.newest(cast).sign_off == ("approved" if stays else "unsigned")


def test_an_item_more_or_less_asks_for_the_signature_again(cast: StateCast) -> None:
    for act in ("drop", "add"):
        signing.approved(cast) if act == "drop" else signing.sign(cast)
        with reviews.acting(cast, "supervisor") as by:
            plan = reports.plans().get(pk=signing.newest(cast).pk)
            if act == "drop":
                row = plan.rows.get(item_code="ST1")
                row.plan = plan
                planning.drop_row(row, by=by)
            else:
                planning.add_row(plan, item_code="ST1", by=by)
        assert signing.newest(cast).sign_off == "unsigned"


def test_what_was_changed_a_second_ago_is_not_signed_or_approved_unread(cast: StateCast) -> None:
    read = signing.in_use(cast).version
    change(cast, note="Begun.")
    with refused(StaleVersion):
        signing.sign(cast, version=read)
    read = signing.sign(cast).version
    change(cast, note="Further.")
    with refused(StaleVersion):
        signing.approve(cast, version=read)
    change(cast, responsible="Bo")
    with refused(WrongStatus):
        signing.approve(cast)


@pytest.mark.parametrize(
    ("persona", "kind", "may"),
    [
        ("supervisor", "progress", True),
        ("leader", "comment", True),
        ("trainer", "comment", True),
        ("trainer", "help", True),
        ("admin", "help", True),
        ("supervisor", "help", False),
        ("trainer", "progress", False),
        ("payer", "comment", False),
        ("specialist", "progress", False),
    ],
)
def test_who_says_what_about_a_step(cast: StateCast, persona: str, kind: str, may: bool) -> None:
    if may:
        assert say(cast, persona, kind).kind == kind
    else:
        with refused(NotPermitted):
            say(cast, persona, kind)


def test_a_liaison_who_edits_a_plan_comments_on_it(cast: StateCast) -> None:
    for persona in ("vr_liaison", "mh_liaison", "department_liaison"):
        assert plan_entries.kinds_for(cast.actor(persona)) == (PlanEntry.Kind.COMMENT,)


def test_a_form_sent_twice_says_it_once_and_empty_words_say_nothing(cast: StateCast) -> None:
    key = uuid4()
    assert say(cast, "supervisor", key=key).pk == say(cast, "supervisor", key=key).pk
    for wrong in ({"text": " "}, {"text": "x" * 10_001}, {"kind": "signed"}):
        with refused(Unacceptable):
            say(cast, "supervisor", **wrong)


def test_what_was_said_is_never_changed_and_only_in_ones_own_name(cast: StateCast) -> None:
    say(cast, "supervisor", "progress")
    for statement in ("UPDATE fidelity_planentry SET text = 'x'", "DELETE FROM fidelity_planentry"):
        with (
            cast.entered("admin"),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("writer", "name", "kind"),
    [
        ("supervisor", "leader", "signed"),
        ("supervisor", "supervisor", "signed"),
        ("leader", "leader", "approved"),
        ("leader", "leader", "help"),
    ],
)
def test_the_database_alone_refuses_what_is_for_others_to_say(
    cast: StateCast, writer: str, name: str, kind: str
) -> None:
    plan = signing.newest(cast)
    with cast.entered(writer), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        PlanEntry.objects.create(
            state=cast.state,
            plan=plan,
            team_id=plan.team_id,
            kind=kind,
            written_by=cast.people[name],
        )


def test_of_many_who_approve_and_return_at_once_one_wins(transactional_db: None) -> None:
    cast = reviews.under(make_cast().meridian, "louisiana")
    reviews.issued(cast, days_ago=20)
    version = signing.signed(cast).version
    acts: list[Callable[..., ActionPlan]] = [signing.approve, signing.send_back]
    start, answers = threading.Barrier(8), []

    def press(number: int) -> None:
        try:
            start.wait(10)
            answers.append(acts[number % 2](cast, version=version).sign_off)
        except (Refusal, DatabaseError) as refusal:
            answers.append(getattr(refusal, "status", 0))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    connections.close_all()
    won = [answer for answer in answers if answer in ("approved", "returned")]
    assert len(won) == 1
    assert answers.count(409) == 7
    assert entries(cast) == ["signed", won[0]]


def test_an_item_rated_low_again_goes_on_with_its_words_and_people(cast: StateCast) -> None:
    first = signing.in_use(cast)
    change(cast, first_step="Ana calls.", evidence="A log.", responsible="Ana", note="Half done.")
    again = reviews.issued(cast, score=2, days_ago=5)
    with reviews.acting(cast, "supervisor"):
        row = ActionPlan.objects.get(review=again).rows.get(item_code="ST1")
        assert (row.responsible, row.first_step, row.evidence) == ("Ana", "Ana calls.", "A log.")
        assert (row.steps, row.rating, row.planned_since) == (
            signing.FILLED["steps"],
            2,
            first.review.ends_on,
        )
        before = ActionPlan.objects.get(pk=first.pk)
        assert set(before.rows.values_list("status", flat=True)) == {"carried"}
        assert before.status == "completed"
