"""Whom a funding plan tells what, and what its mails never say."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from agencies import tenancy
from agencies.models import Membership
from agencies.permissions import Role
from funding.actions import notes, plans, versions
from funding.dashboards.plan import read
from funding.dashboards.versions import parties_of
from funding.models import CellNote, FundingPlan, PlanVersion
from funding.stored import to_data
from ips_portal.notices import register, sealing
from tests.cast import Cast, StateCast
from tests.funding.plans import begin, column, element
from tests.ips_portal.post import messages

pytestmark = pytest.mark.django_db
SIGNERS = ("vr_liaison", "mh_liaison", "department_liaison")
QUESTION = "Since when does the grant pay for this?"
ANSWER = "Since the county wrote a letter about it."


def put_forward(cast: StateCast, plan: FundingPlan, *desks: str, after: int = 0) -> PlanVersion:
    """All departments sign, or only those named."""
    with cast.entered("admin") as admin:
        sheet = read(plan)
        parties = {desk: name for desk, name in parties_of(sheet).items() if not desks or desk in desks}
        return versions.put_forward(plan, data=to_data(sheet.grid), parties=parties, after=after, by=admin)


def ask(
    cast: StateCast, plan: FundingPlan, about: str, *, asker: str = "admin", is_question: bool = True
) -> CellNote:
    row, payer, key = element(plan, "Work clothes"), column(plan, about), uuid4()
    with cast.entered(asker) as by:
        for _ in range(2):  # the form is sent twice
            note = notes.write(row, payer, text=QUESTION, is_question=is_question, key=key, by=by)
    return note


def told(cast: StateCast, notice: str) -> set[str]:
    rows = messages(cast, notice=notice)
    addresses = [row.address.partition("@")[0] for row in rows]
    assert len(addresses) == len(set(addresses)), "nobody is told twice"
    return set(addresses)


def leave(cast: StateCast, persona: str) -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships[persona].pk).update(ended_on=cast.state.today())


def matters(cast: StateCast, notice: str, persona: str) -> bool:
    [row] = messages(cast, notice=notice, person=cast.people[persona])
    with tenancy.as_system(cast.state.pk):
        return register.named(notice).matters(cast.state, row.key, row.person)


def addresses(cast: StateCast, *personas: str) -> set[str]:
    return {cast.people[each].email.partition("@")[0] for each in personas}


def test_each_department_a_version_names_is_told_and_no_other(cast: StateCast, plan: FundingPlan) -> None:
    put_forward(cast, plan)
    assert told(cast, "funding-to-sign") == addresses(cast, *SIGNERS)


def test_a_department_that_is_not_asked_is_told_nothing(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan, Role.VR_LIAISON)
    assert told(cast, "funding-to-sign") == addresses(cast, "vr_liaison")
    [row] = messages(cast, notice="funding-to-sign")
    assert sealing.unseal(row.link).endswith(f"/meridian/funding/{plan.public_id}/versions/{version.number}/")


def test_the_liaison_of_another_department_is_told_nothing(cast: StateCast, plan: FundingPlan) -> None:
    with tenancy.as_system(cast.state.pk):
        other = Membership.objects.filter(pk=cast.memberships["department_liaison"].pk)
        other.update(department="Another department")
    put_forward(cast, plan)
    assert told(cast, "funding-to-sign") == addresses(cast, "vr_liaison", "mh_liaison")


def test_who_has_left_is_not_asked_to_sign(cast: StateCast, plan: FundingPlan) -> None:
    leave(cast, "vr_liaison")
    put_forward(cast, plan)
    assert told(cast, "funding-to-sign") == addresses(cast, "mh_liaison", "department_liaison")


def test_what_is_signed_or_followed_is_not_asked_for_any_more(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    with cast.entered("vr_liaison") as by:
        versions.sign(version, by=by)
    assert not matters(cast, "funding-to-sign", "vr_liaison")
    assert matters(cast, "funding-to-sign", "mh_liaison")
    with cast.entered("admin") as by:
        plans.save_column(plan, plans.Source("other", "County funds"), by=by)
    put_forward(cast, plan, after=1)
    first = f"funding-to-sign:{version.pk}"
    with tenancy.as_system(cast.state.pk):
        person = cast.people["mh_liaison"]
        assert not register.named("funding-to-sign").matters(cast.state, first, person)


def test_the_last_signature_tells_the_state_and_no_earlier_one(cast: StateCast, plan: FundingPlan) -> None:
    version = put_forward(cast, plan)
    for persona in SIGNERS:
        assert told(cast, "funding-agreed") == set()
        with cast.entered(persona) as by:
            versions.sign(version, by=by)
    assert told(cast, "funding-agreed") == addresses(cast, "admin", "trainer", "second_trainer")


@pytest.mark.parametrize(
    ("about", "persona"),
    [
        ("Milestone payments", "vr_liaison"),
        ("State general funds", "mh_liaison"),
        ("State Plan 1905(a)", "department_liaison"),
        ("Health plan", "payer"),
        ("Grant", "admin"),
    ],
)
def test_a_question_goes_to_who_keeps_the_column(
    cast: StateCast, plan: FundingPlan, about: str, persona: str
) -> None:
    ask(cast, plan, about, asker="trainer", is_question=False)
    assert told(cast, "funding-question") == set()
    ask(cast, plan, about, asker="trainer")
    assert told(cast, "funding-question") == addresses(cast, persona)


def test_a_question_reaches_the_state_where_a_column_has_lost_its_keeper(
    cast: StateCast, plan: FundingPlan
) -> None:
    leave(cast, "vr_liaison")
    ask(cast, plan, "Milestone payments", asker="trainer")
    assert told(cast, "funding-question") == addresses(cast, "admin")


def test_who_asks_about_their_own_column_is_not_told(cast: StateCast, plan: FundingPlan) -> None:
    ask(cast, plan, "Grant", asker="admin")
    assert told(cast, "funding-question") == set()


def reply(cast: StateCast, note: CellNote, persona: str) -> None:
    with cast.entered(persona) as by:
        notes.answer(note, text=ANSWER, by=by)


def test_an_answer_goes_to_who_asked(cast: StateCast, plan: FundingPlan) -> None:
    note = ask(cast, plan, "Milestone payments", asker="mh_liaison")
    assert matters(cast, "funding-question", "vr_liaison")
    assert told(cast, "funding-answered") == set()
    reply(cast, note, "vr_liaison")
    assert told(cast, "funding-answered") == addresses(cast, "mh_liaison")
    assert not matters(cast, "funding-question", "vr_liaison")


def test_who_asked_and_left_is_not_told_of_the_answer(cast: StateCast, plan: FundingPlan) -> None:
    note = ask(cast, plan, "Milestone payments", asker="mh_liaison")
    leave(cast, "mh_liaison")
    reply(cast, note, "vr_liaison")
    assert told(cast, "funding-answered") == set()


def test_who_answers_their_own_question_is_not_told(cast: StateCast, plan: FundingPlan) -> None:
    reply(cast, ask(cast, plan, "Grant", asker="admin"), "admin")
    assert told(cast, "funding-answered") == set()


def test_no_mail_quotes_what_was_asked_or_answered(cast: StateCast, plan: FundingPlan) -> None:
    reply(cast, ask(cast, plan, "Health plan", asker="mh_liaison"), "payer")
    written = [f"{row.subject} {row.body}" for row in messages(cast)]
    assert len(written) == 2
    for words in written:
        assert "the funding plan of Meridian" in words
        for hidden in (QUESTION, ANSWER, "Work clothes"):
            assert hidden not in words


@pytest.mark.parametrize("tell", [put_forward, lambda cast, plan: ask(cast, plan, "Milestone payments")])
def test_the_liaisons_of_another_state_are_told_nothing(
    both: Cast, tell: Callable[[StateCast, FundingPlan], object]
) -> None:
    tell(both.meridian, begin(both.meridian))
    assert messages(both.meridian)
    assert messages(both.bayou) == []
    assert {row.address.partition("@")[2] for row in messages(both.meridian)} == {"meridian.example"}
