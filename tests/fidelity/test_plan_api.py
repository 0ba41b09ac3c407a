"""Plans as programs follow them: notes, signature, approval and the list of steps, by the same rules as on pages."""

from uuid import uuid4

import pytest

from agencies.models import StatePolicy
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews, signing
from tests.fidelity.test_api import Program, at


@pytest.fixture
def cast(db: None) -> StateCast:
    """The state itself approves plans."""
    state = make_cast().meridian
    with reviews.acting(state, "admin"):
        StatePolicy.objects.create(
            state=state.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Own rules",
            effective_from=STARTED,
            data={"action_plan": {"approver": "State office"}},
        )
    return state


def test_a_plan_is_signed_returned_signed_and_approved_without_a_page(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    plan = signing.in_use(cast)
    leader, admin = Program(cast, "leader"), Program(cast, "admin")
    read = {"version": plan.version}
    assert admin.ask("POST", at(review, "plan/sign/"), read).status_code == 403
    signed = leader.send("POST", at(review, "plan/sign/"), read)
    assert (signed["sign_off"], signed["signatures"][0]["by"]) == ("signed", cast.people["leader"].name)
    assert leader.ask("POST", at(review, "plan/sign/"), read).status_code == 409
    back = {"answer": "return", "version": signed["version"]}
    assert admin.ask("POST", at(review, "plan/answer/"), back).status_code == 422
    returned = admin.send("POST", at(review, "plan/answer/"), back | {"words": "Say who begins."})
    assert returned["signatures"][0]["text"] == "Say who begins."
    again = leader.send("POST", at(review, "plan/sign/"), {"version": returned["version"]})
    answer = {"answer": "approve", "version": again["version"]}
    done = admin.send("POST", at(review, "plan/answer/"), answer)
    assert [each["kind"] for each in done["signatures"]] == ["approved", "signed"]
    assert admin.ask("POST", at(review, "plan/answer/"), answer).status_code == 409


def test_entries_are_added_once_and_read_with_their_writer(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    leader, trainer = Program(cast, "leader"), Program(cast, "trainer")
    row = leader.get(at(review, "plan/"))["rows"][0]
    here = at(review, f"plan/rows/{row['id']}/entries/")
    said = {"kind": "progress", "text": "Ana met two.", "key": str(uuid4())}
    for _ in range(2):
        leader.send("POST", here, said, wanted=201)
    assert trainer.ask("POST", here, said | {"key": str(uuid4())}).status_code == 403
    trainer.send("POST", here, said | {"kind": "comment", "key": str(uuid4())}, wanted=201)
    entries = trainer.get(here)["entries"]
    assert [(each["kind"], each["by"]) for each in entries] == [
        ("comment", cast.people["trainer"].name),
        ("progress", cast.people["leader"].name),
    ]


def test_the_list_of_steps_is_narrowed_as_on_the_page(cast: StateCast) -> None:
    reviews.issued(cast, years_ago=0)
    signing.in_use(cast)
    trainer = Program(cast, "trainer")
    assert trainer.get("reviews/steps/")["count"] == 25
    assert trainer.get("reviews/steps/?show=overdue")["count"] == 0
    one = trainer.get("reviews/steps/?item=ST1&team=north-one")["results"]
    assert [(step["name"], step["days_late"]) for step in one] == [("Caseload size", 0)]
    assert Program(cast, "other_leader").get("reviews/steps/")["count"] == 0
