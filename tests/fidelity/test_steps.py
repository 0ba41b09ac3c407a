"""The list of steps: whose, which are late by the state's day, as a page, as a file, and from the first page."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from fidelity.models import PlanRow
from ips_portal.homes.todos import todos
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews, signing
from tests.fidelity.pages import get, queries, text

PAGE = "reviews/steps/"


@pytest.fixture
def cast(db: None) -> StateCast:
    """One plan in use, whose first step is a day past its date."""
    state = make_cast().meridian
    reviews.issued(state, years_ago=0)
    signing.in_use(state)
    dated(state, -1)
    return state


def dated(cast: StateCast, days: int) -> None:
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(item_code="ST1").update(target_on=cast.state.today() + timedelta(days=days))


def asked(cast: StateCast, persona: str) -> dict[str, str]:
    with reviews.acting(cast, persona) as actor:
        return {each.text: each.url for each in todos(cast.state, actor)}


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("admin", 200),
        ("trainer", 200),
        ("leader", 200),
        ("specialist", 200),
        ("payer", 200),
        ("stakeholder", 404),
    ],
)
def test_who_reads_the_list(cast: StateCast, persona: str, status: int) -> None:
    answer = get(cast, persona, PAGE)
    assert answer.status_code == status
    if status == 200:
        assert "1. Caseload size" in text(answer)


def test_another_agency_sees_no_step_of_it(cast: StateCast) -> None:
    assert "No plan is in use yet" in text(get(cast, "other_leader", PAGE))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"show": "overdue"}, 1),
        ({"show": "open"}, 25),
        ({"show": "done"}, 0),
        ({"item": "ST1"}, 1),
        ({"agency": "north-center"}, 25),
        ({"team": "north-one", "show": "overdue"}, 1),
        ({"team": "nobody"}, 0),
    ],
)
def test_the_address_holds_the_filter(cast: StateCast, query: dict[str, str], found: int) -> None:
    assert len(get(cast, "admin", PAGE, **query).context["lines"]) == found


def test_a_step_is_late_from_the_day_after_by_the_states_clock(cast: StateCast) -> None:
    cast.state.zone = "America/Los_Angeles"
    cast.state.save(update_fields=["zone"])
    dated(cast, 0)
    day = cast.state.today()
    with time_machine.travel(f"{day + timedelta(days=1)}T07:30:00+00:00", tick=False):
        assert get(cast, "admin", PAGE, show="overdue").context["lines"] == []
    with time_machine.travel(f"{day + timedelta(days=1)}T08:30:00+00:00", tick=False):
        assert [line.days_late for line in get(cast, "admin", PAGE, show="overdue").context["lines"]] == [1]


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_what_is_shown_comes_as_a_file(cast: StateCast, file: str) -> None:
    answer = get(cast, "leader", f"reviews/steps.{file}", show="overdue")
    assert answer.status_code == 200
    if file == "csv":
        assert "1. Caseload size" in text(answer)
        assert "Employment services staff" not in text(answer)
    assert get(cast, "specialist", f"reviews/steps.{file}").status_code == 403


def test_a_draft_and_what_was_dropped_are_no_steps(cast: StateCast) -> None:
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(item_code="ST1").update(status="dropped")
    assert get(cast, "admin", PAGE, show="overdue").context["lines"] == []
    reviews.issued(cast, years_ago=0, team="north_two")
    assert get(cast, "admin", PAGE, team="north-two").context["lines"] == []


def test_the_first_pages_lead_to_what_is_late(cast: StateCast) -> None:
    mine = asked(cast, "supervisor")["Action plan steps are past their date"]
    assert mine == "/meridian/reviews/steps/?show=overdue&team=north-one"
    assert get(cast, "supervisor", mine.removeprefix("/meridian/")).status_code == 200
    states = asked(cast, "trainer")["See which teams need help with their plans"]
    assert states == "/meridian/reviews/steps/?show=overdue"


def test_the_first_pages_ask_for_signature_and_approval(cast: StateCast) -> None:
    assert "Sign the action plan off" in asked(cast, "leader")
    assert "Sign the action plan off" not in asked(cast, "supervisor")
    reviews.under(cast, "louisiana")
    signing.sign(cast)
    wanted = "Approve the action plan or return it"
    told: dict[str, Any] = {who: wanted in asked(cast, who) for who in ("payer", "admin", "leader")}
    assert told == {"payer": True, "admin": False, "leader": False}
    signing.send_back(cast)
    assert "Change the returned action plan and sign it off" in asked(cast, "leader")


def test_many_steps_cost_what_few_cost(cast: StateCast) -> None:
    many = queries(cast, "admin", PAGE)
    assert queries(cast, "admin", f"{PAGE}?show=overdue") == many


def test_what_is_still_to_do_stands_above_what_is_done(cast: StateCast) -> None:
    """ST1 has the earliest date: open it comes first, done it comes last."""
    assert get(cast, "admin", PAGE).context["lines"][0].item.code == "ST1"
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(item_code="ST1").update(status="done", done_on=cast.state.today())
    page = get(cast, "admin", PAGE).context["page"]
    last = get(cast, "admin", PAGE, page=str(page.paginator.num_pages)).context["lines"][-1]
    assert last.item.code == "ST1"
