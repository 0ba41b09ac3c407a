"""What a funding plan waits for, on the first pages of those who can give it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.actions import notes, plans, versions
from funding.models import CellNote, FundingPlan
from ips_portal.homes.todos import todos
from tests.cast import StateCast
from tests.funding.plans import column, element
from tests.funding.test_notices import ask, put_forward

pytestmark = pytest.mark.django_db
EVERYBODY = (
    *("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison", "payer"),
    *("leader", "supervisor", "specialist", "stakeholder"),
)


def those_with(cast: StateCast, text: str) -> set[str]:
    found = set()
    for persona in EVERYBODY:
        with cast.entered(persona) as actor:
            found |= {persona for each in todos(cast.state, actor) if each.text == text}
    return found


def test_a_version_waits_for_each_department_until_it_has_signed(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    text = "Sign version 1 of the funding plan"
    assert those_with(cast, text) == {"vr_liaison", "mh_liaison", "department_liaison"}
    for persona in ("vr_liaison", "department_liaison"):
        with cast.entered(persona) as by:
            versions.sign(version, by=by)
    assert those_with(cast, text) == {"mh_liaison"}
    with cast.entered("admin") as admin:
        plans.save_element(plan, plans.Service("benefits", "Counseling"), by=admin)
    put_forward(cast, plan, after=1)
    assert those_with(cast, text) == set()
    text = "Sign version 2 of the funding plan"
    assert those_with(cast, text) == {"vr_liaison", "mh_liaison", "department_liaison"}
    with cast.entered("admin") as admin:
        plans.close(plan, by=admin)
    assert those_with(cast, text) == set()


@pytest.mark.parametrize(
    ("source", "keeper"),
    [
        ("Milestone payments", "vr_liaison"),
        ("State Plan 1905(a)", "department_liaison"),
        ("State general funds", "mh_liaison"),
        ("Health plan", "payer"),
        ("Grant", "admin"),
    ],
)
def test_a_question_waits_for_who_keeps_the_column_until_it_is_answered(
    cast: StateCast, plan: FundingPlan, source: str, keeper: str
) -> None:
    ask(cast, plan, source, asker="trainer", is_question=False)
    text = "Answer a question on Work clothes"
    assert those_with(cast, text) == set()
    note: CellNote = ask(cast, plan, source, asker="trainer")
    assert those_with(cast, text) == {keeper}
    with cast.entered(keeper) as by:
        notes.answer(note, text="Yes, from the first meeting on.", by=by)
    assert those_with(cast, text) == set()


@pytest.mark.parametrize("persona", ["vr_liaison", "payer", "admin"])
def test_the_first_page_asks_the_database_as_often_for_many_questions(
    cast: StateCast, plan: FundingPlan, persona: str
) -> None:
    browser = cast.seen_by(persona)

    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            assert browser.get(f"/{cast.state.slug}/").status_code == 200
        return len(context)

    asked()
    before = asked()
    put_forward(cast, plan)
    rows = [element(plan, name) for name in ("Work clothes", "Coaching at the workplace")]
    sources = [column(plan, name) for name in ("Milestone payments", "Health plan", "Grant")]
    with cast.entered("trainer") as by:
        for row in rows:
            for payer in sources:
                for _ in range(2):
                    notes.write(row, payer, text="Since when?", is_question=True, key=uuid4(), by=by)
    assert asked() == before
    page = browser.get(f"/{cast.state.slug}/").text
    assert page.count("Answer a question on") == 4
    assert page.count("Sign version") == (persona == "vr_liaison")


def test_the_links_lead_to_where_it_is_done(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    ask(cast, plan, "Milestone payments", asker="trainer")
    browser = cast.seen_by("vr_liaison")
    with cast.entered("vr_liaison") as actor:
        signing, answering = (each.url for each in todos(cast.state, actor))
    assert "Sign" in browser.get(signing).text
    assert "Answer" in browser.get(answering).text
    with cast.entered("vr_liaison") as by:
        versions.sign(version, by=by)
        assert [each.url for each in todos(cast.state, by)] == [answering]
