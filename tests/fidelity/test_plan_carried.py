"""What goes on in the plan of the next review: it is worked on there, and the plan before asks nobody for anything."""

import pytest

from agencies import tenancy
from agencies.refusals import Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import planning
from fidelity.actions import signing as signing_actions
from fidelity.models import ActionPlan, PlanRow, Review
from fidelity.notices.plans import remind_of_plans, still_to_approve, still_to_plan, still_to_sign
from fidelity.paper.plan import plan_paper
from fidelity.signatures import waiting_for
from ips_portal.homes import todos
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast, refused
from tests.fidelity import reviews, signing
from tests.fidelity.pages import at, get, post, text
from tests.fidelity.test_api import Program
from tests.fidelity.test_api import at as api

GOES_ON = "Everything goes on in the plan of the next review"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def plan_of(cast: StateCast, review: Review) -> ActionPlan:
    with reviews.acting(cast, "admin"):
        found: ActionPlan = reports.plans().get(review=review)
        return found


def twice(cast: StateCast, *, done: tuple[str, ...] = (), in_use: bool = True) -> tuple[Review, Review]:
    """Two reviews that rate every item low. What the first plan did not do goes on in the second."""
    first = reviews.issued(cast, days_ago=100)
    if in_use:
        signing.in_use(cast)
    with reviews.acting(cast, "supervisor"):
        rows = PlanRow.objects.filter(plan__review=first, item_code__in=done)
        rows.update(status="done", done_on=cast.state.today(), note="Done.")
    return first, reviews.issued(cast, score=2, days_ago=5)


def test_an_item_that_goes_on_in_the_next_plan_is_not_added_here(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    with pytest.raises(Unacceptable, match="goes on in the plan of the next review"):
        with reviews.acting(cast, "supervisor") as by:
            planning.add_row(plan_of(cast, first), item_code="ST1", by=by)
    sent = post(cast, "supervisor", at(first, "plan/add/"), item_code="ST1")
    assert sent.status_code == 422
    assert "goes on in the plan of the next review" in text(sent)
    assert Program(cast, "leader").ask("POST", api(first, "plan/rows/"), {"item": "ST1"}).status_code == 422


def test_the_review_after_is_told_what_goes_on_and_not_that_all_is_done(cast: StateCast) -> None:
    """The plan of the second review, which carries the steps of the first, is a draft that is not shown here."""
    twice(cast, done=("SV6",))
    third = reviews.scheduled(cast)
    page = text(get(cast, "trainer", at(third)))
    before = page[page.index("What the last plan left open") :].partition("</section>")[0]
    assert "Every step is done" not in before
    assert "Nothing is left open" not in before
    assert "1. Caseload size, rated 3: goes on in a later plan" in before


def test_an_item_that_goes_on_in_the_next_plan_is_not_offered(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan__review=first, item_code="ST2").update(status="dropped")
    offered = get(cast, "supervisor", at(first, "plan/")).context["page"].addable
    assert [item.code for item in offered] == ["ST2"]


def test_a_draft_that_goes_on_as_a_whole_is_not_put_in_use(cast: StateCast) -> None:
    first, _ = twice(cast, in_use=False)
    plan = plan_of(cast, first)
    with refused(WrongStatus, GOES_ON), reviews.acting(cast, "supervisor") as by:
        planning.put_in_use(plan, version=plan.version, by=by)
    assert get(cast, "supervisor", at(first, "plan/use/")).status_code == 409
    with refused(WrongStatus, GOES_ON), reviews.acting(cast, "supervisor") as by:
        planning.add_row(plan, item_code="SV6", by=by)


def test_a_draft_that_goes_on_as_a_whole_reminds_nobody_and_is_no_to_do(cast: StateCast) -> None:
    first, second = twice(cast, in_use=False)
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.update(due_on=cast.state.today())
        remind_of_plans(cast.state)
        told = Message.objects.filter(notice="plan-due")
        assert not told.filter(key__contains=first.public_id).exists()
        assert told.filter(key__contains=second.public_id).exists()
        assert not still_to_plan(cast.state, f"plan-due:{first.public_id}:", None)
        assert still_to_plan(cast.state, f"plan-due:{second.public_id}:", None)
    with reviews.acting(cast, "leader") as leader:
        urls = [todo.url for todo in todos.plans(cast.state, leader, cast.state.today())]
    assert urls == [f"/meridian/{at(second, 'plan/')}"]


@pytest.mark.parametrize("in_use", [True, False])
def test_a_plan_that_goes_on_as_a_whole_says_so_and_leads_there(cast: StateCast, in_use: bool) -> None:
    first, second = twice(cast, in_use=in_use)
    page = text(get(cast, "supervisor", at(first, "plan/")))
    assert GOES_ON in page
    assert f'href="/meridian/{at(second, "plan/")}"' in page
    for untrue in ("Nothing is left to do", "Put in use", "To be put in use", "Completed", "Add an item"):
        assert untrue not in page
    about = text(get(cast, "supervisor", at(first)))
    assert GOES_ON in about
    assert "Nothing is left to do" not in about
    with reviews.acting(cast, "leader"):
        paper = plan_paper(reports.plan_content(plan_of(cast, first).pk))
    assert paper.summary == f"{GOES_ON}."
    assert paper.signers == ()
    assert "Plan due" not in dict(paper.facts)


def test_a_plan_that_goes_on_as_a_whole_is_neither_signed_nor_approved(cast: StateCast) -> None:
    reviews.under(cast, "louisiana")
    first = reviews.issued(cast, days_ago=20)
    signing.signed(cast)
    reviews.issued(cast, score=2, days_ago=5)
    plan = plan_of(cast, first)
    with reviews.acting(cast, "payer") as payer:
        assert waiting_for(payer, cast.state) == []
        assert not still_to_approve(cast.state, f"plan-to-approve:{first.public_id}:", None)
    with refused(WrongStatus, GOES_ON), reviews.acting(cast, "payer") as payer:
        signing_actions.approve(plan, version=plan.version, by=payer)
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.filter(pk=plan.pk).update(sign_off="unsigned")
        assert not still_to_sign(cast.state, f"plan-to-sign:{first.public_id}:", None)
    assert get(cast, "leader", at(first, "plan/")).context["page"].sign_off.may_sign is False
    with refused(WrongStatus, GOES_ON), reviews.acting(cast, "leader") as leader:
        signing_actions.sign(plan_of(cast, first), version=plan.version, by=leader)


def test_a_plan_with_steps_of_its_own_stays_what_it_was(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    page = text(get(cast, "supervisor", at(first, "plan/")))
    assert GOES_ON not in page
    assert "1 of 1 done" in page
    assert "24 rows go on in the plan of the next review<" in page
    assert "Nothing is left to do here." in page


def test_what_was_dropped_and_what_goes_on_are_counted_apart(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan__review=first, item_code="ST2").update(status="dropped")
    page = text(get(cast, "supervisor", at(first, "plan/")))
    assert "1 dropped row<" in page
    assert "23 rows go on in the plan of the next review<" in page
