"""A draft is read by a second person of the state: who may, when an agreement holds, and what waits for it."""

from collections.abc import Callable

import pytest
from django.db import Error, transaction

from agencies import tenancy
from agencies.models import Membership
from agencies.permissions import Role
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import finishing, moderating, naming, reporting
from fidelity.models import Moderation, Review, Reviewer
from fidelity.moderation import moderated
from fidelity.policy import state_policy
from ips_portal.homes.todos import todos
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, moderations, reviews
from tests.fidelity.moderations import REMARKS, as_read
from tests.fidelity.pages import at, get, text
from tests.fidelity.test_reporting import issue, write


@pytest.fixture
def cast(db: None) -> StateCast:
    return moderations.asking(make_cast().meridian)


@pytest.fixture
def plain(db: None) -> StateCast:
    return make_cast().meridian


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("person__name", flat=True))


def names(cast: StateCast, *personas: str) -> set[str]:
    return {cast.people[persona].name for persona in personas}


# --- whether it is asked for at all --------------------------------------------------------------------------
def test_it_is_off_unless_the_state_says_so() -> None:
    assert not state_policy({}).moderation
    assert state_policy({"moderation": True}).moderation
    row = next(row for row in state_policy({}).rows() if row.path == "moderation")
    assert (row.words, row.is_stated) == ("No", False)


def test_without_it_a_report_is_handed_over_and_issued_as_before(plain: StateCast) -> None:
    review = moderations.written(plain)
    with reviews.acting(plain, "admin"):
        assert moderated(as_read(review)) is None
    with pytest.raises(WrongStatus, match="not read by a second person"):
        moderations.ask(plain, review)
    assert moderations.hand_over(plain, review)
    assert issue(plain, review).number == 1


@pytest.mark.parametrize("kind", [Review.Kind.SELF, Review.Kind.GUIDED_SELF])
def test_it_is_about_reviews_from_outside_alone(cast: StateCast, kind: str) -> None:
    review = reviews.scheduled(cast, kind=kind, lead="leader")
    with reviews.acting(cast, "admin"):
        assert moderated(as_read(review)) is None


# --- what waits for it ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("days", [0, 10])
def test_a_draft_goes_to_nobody_before_it_was_agreed_to(plain: StateCast, days: int) -> None:
    cast = moderations.asking(plain, days=days)
    review = moderations.written(cast)
    for _ in ("not asked", "waiting"):
        with pytest.raises(WrongStatus, match="before it goes to the agency"):
            moderations.hand_over(cast, review)
        with pytest.raises(WrongStatus, match="before it goes to the agency"):
            issue(cast, review)
        moderations.ask(cast, review)
    moderations.agree(cast, review)
    assert moderations.hand_over(cast, review)
    if days:
        answers.comment(cast, review, closes=True)
    assert issue(cast, review).number == 1
    assert moderations.stands(cast, review).is_agreed


def test_it_is_asked_for_when_the_report_is_complete(cast: StateCast) -> None:
    with pytest.raises(Unacceptable, match="begins with strengths"):
        moderations.ask(cast, write(cast, reviews.drafted(cast), strengths=""))


@pytest.mark.parametrize("by", ["admin", "second_trainer", "leader", "supervisor", "vr_liaison"])
def test_the_reviewers_ask(cast: StateCast, by: str) -> None:
    review = moderations.written(cast)
    with reviews.acting(cast, "admin"):
        found = as_read(review)
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        moderating.ask(found, by=actor)


def test_asking_once_more_while_it_waits_tells_nobody(cast: StateCast) -> None:
    review = moderations.written(cast)
    assert moderations.ask(cast, review)
    assert moderations.ask(cast, review) == 0
    with reviews.acting(cast, "admin"):
        assert Moderation.objects.filter(review=review).count() == 1


# --- who may read it -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["admin", "second_trainer"])
def test_somebody_of_the_state_agrees(cast: StateCast, by: str) -> None:
    row = moderations.agree(cast, moderations.asked(cast), by, note="Clear and fair.")
    assert (row.outcome, row.note, row.done_by) == ("agreed", "Clear and fair.", cast.people[by])


@pytest.mark.parametrize(
    "by",
    ["trainer", "reviewer", "leader", "supervisor", "specialist", "vr_liaison", "payer", "other_leader"],
)
def test_nobody_else_does(cast: StateCast, by: str) -> None:
    review = moderations.asked(cast, others=("reviewer",))
    with reviews.acting(cast, "admin"):
        found = reports.reviews().get(pk=review.pk)
    for decide in (moderating.agree, moderating.send_back):
        words = {"reason": "No."} if decide is moderating.send_back else {}
        with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
            decide(found, version=2, by=actor, **words)  # type: ignore[operator]


def works_for_the_agency(cast: StateCast, review: Review) -> None:
    Membership.objects.create(
        state=cast.state,
        person=cast.people["second_trainer"],
        role=Role.SPECIALIST,
        agency=cast.agencies["north"],
        started_on=cast.state.today(),
    )


def reviewed_half_way(cast: StateCast, review: Review) -> None:
    Reviewer.objects.create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        person=cast.people["second_trainer"],
        membership=cast.memberships["second_trainer"],
    )


def closed_the_ratings(cast: StateCast, review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(finished_by=cast.people["second_trainer"])


@pytest.mark.parametrize("barred", [works_for_the_agency, reviewed_half_way, closed_the_ratings])
def test_nor_who_is_no_stranger_to_the_review(
    cast: StateCast, barred: Callable[[StateCast, Review], None]
) -> None:
    review = moderations.written(cast)
    with tenancy.as_system(cast.state.pk):
        barred(cast, review)
    moderations.ask(cast, review)
    with pytest.raises(NotPermitted):
        moderations.agree(cast, review)
    assert told(cast, "moderation-asked") == names(cast, "admin")


def takes_over(cast: StateCast, review: Review, *others: str) -> None:
    """Those named go on writing the report beside its lead; nobody else does any more."""
    with reviews.acting(cast, "admin") as admin:
        named = [cast.memberships[other] for other in others]
        naming.change_reviewers(as_read(review), lead=None, others=named, by=admin)


def saves_words(cast: StateCast, review: Review) -> None:
    write(cast, review, "second_trainer", overview="Mine.")


def asks_first(cast: StateCast, review: Review) -> None:
    moderations.ask(cast, review, "second_trainer")


def hands_over(cast: StateCast, review: Review) -> None:
    moderations.ask(cast, review)
    moderations.agree(cast, review, "admin")
    with reviews.acting(cast, "second_trainer") as by:
        reporting.hand_over(as_read(review), by=by)


@pytest.mark.parametrize("deed", [saves_words, asks_first, hands_over])
def test_nor_who_wrote_it_and_was_taken_off(
    cast: StateCast, deed: Callable[[StateCast, Review], None]
) -> None:
    review = moderations.written(cast)
    takes_over(cast, review, "second_trainer")
    deed(cast, review)
    takes_over(cast, review)
    write(cast, review, overview="Said otherwise.")
    moderations.ask(cast, review)
    with tenancy.as_system(cast.state.pk):
        key = f":{Moderation.objects.latest('pk').pk}"
        mails = Message.objects.filter(notice="moderation-asked", key__endswith=key)
        assert {mail.person for mail in mails} == {cast.people["admin"]}
    with reviews.acting(cast, "second_trainer") as actor:
        assert "A report waits to be read by a second person" not in [
            each.text for each in todos(cast.state, actor)
        ]
        with pytest.raises(Error), transaction.atomic():
            rows = Moderation.objects.filter(review=review, outcome="")
            rows.update(outcome="agreed", done_at=review.finished_at, done_by=actor.person_id)
    with pytest.raises(NotPermitted):
        moderations.agree(cast, review)
    moderations.agree(cast, review, "admin")


# --- the database holds it, too ------------------------------------------------------------------------------
def test_a_statement_decides_neither_for_others_nor_twice(cast: StateCast) -> None:
    review = moderations.asked(cast)
    now = {"outcome": "agreed", "done_at": review.finished_at, "done_by": cast.people["second_trainer"]}
    for by in ("trainer", "admin"):  # reviewed it; signs with another's name
        with reviews.acting(cast, by), pytest.raises(Error), transaction.atomic():
            Moderation.objects.filter(review=review).update(**now)
    with reviews.acting(cast, "second_trainer"):
        assert Moderation.objects.filter(review=review).update(**now) == 1
        assert Moderation.objects.filter(review=review).update(outcome="returned", note="No.") == 0


# --- returned, answered, asked again -------------------------------------------------------------------------
def test_a_returned_draft_is_answered_and_asked_for_again(cast: StateCast) -> None:
    review = moderations.asked(cast)
    with pytest.raises(Unacceptable) as refused:
        moderations.send_back(cast, review, reason=" ")
    assert refused.value.field == "note"
    moderations.send_back(cast, review)
    found = moderations.stands(cast, review)
    assert (found.stage, found.remarks) == ("returned", REMARKS)
    with pytest.raises(WrongStatus, match="answer them"):
        moderations.hand_over(cast, review)
    write(cast, review, overview="March is counted now.")
    assert moderations.stands(cast, review).remarks == REMARKS
    with pytest.raises(Unacceptable) as refused:
        moderations.ask(cast, review)
    assert refused.value.field == "answer"
    assert moderations.ask(cast, review, answer="March is counted now.")
    moderations.agree(cast, review)
    with reviews.acting(cast, "admin"):
        kept = list(Moderation.objects.filter(review=review).values_list("outcome", "answer"))
    assert kept == [("returned", ""), ("agreed", "March is counted now.")]


def test_a_remark_is_about_an_item_of_the_scale(cast: StateCast) -> None:
    review = moderations.asked(cast)
    with pytest.raises(Unacceptable) as refused, reviews.acting(cast, "admin") as admin:
        moderating.send_back(as_read(review), version=2, reason="No.", remarks={"XX9": "What?"}, by=admin)
    assert refused.value.field == "XX9-remark"


# --- until the draft changes ---------------------------------------------------------------------------------
def ratings_again(cast: StateCast, review: Review) -> None:
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(as_read(review), reason="Item 1 was read wrongly.", by=admin)
    reviews.finished(cast, review)
    write(cast, review)


def texts_again(cast: StateCast, review: Review) -> None:
    write(cast, review, overview="Said otherwise.")


def named_to_write(cast: StateCast, review: Review) -> None:
    takes_over(cast, review, "second_trainer")


def somebody_else_named(cast: StateCast, review: Review) -> None:
    takes_over(cast, review, "reviewer")


def named_before_and_taken_off(cast: StateCast, review: Review) -> None:
    takes_over(cast, review, "reviewer")
    moderations.ask(cast, review)
    moderations.agree(cast, review)
    takes_over(cast, review)


@pytest.mark.parametrize("changed", [ratings_again, named_to_write])
def test_nobody_is_told_of_an_agreement_that_does_not_hold(
    cast: StateCast, changed: Callable[[StateCast, Review], None]
) -> None:
    review = moderations.agreed(cast)
    read = moderations.version(cast, review)
    changed(cast, review)
    with pytest.raises(WrongStatus, match="have not asked"):
        moderations.agree(cast, review, "admin", read=read)


CHANGES = [ratings_again, texts_again, named_to_write, somebody_else_named, named_before_and_taken_off]


@pytest.mark.parametrize("changed", CHANGES)
def test_an_agreement_is_withdrawn_by_any_change(
    cast: StateCast, changed: Callable[[StateCast, Review], None]
) -> None:
    review = moderations.agreed(cast)
    changed(cast, review)
    assert moderations.stands(cast, review).stage == ""
    assert "which no longer counts" in text(get(cast, "trainer", at(review)))
    for deed in (moderations.hand_over, issue):
        with pytest.raises(WrongStatus, match="ask for it again"):
            deed(cast, review)
    assert moderations.ask(cast, review)
    moderations.agree(cast, review, "admin")
    moderations.hand_over(cast, review)
    assert moderations.stands(cast, review).is_agreed


def test_a_save_of_the_same_words_withdraws_nothing(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    write(cast, review)
    assert moderations.stands(cast, review).is_agreed


def test_what_waits_is_withdrawn_by_other_reviewers(cast: StateCast) -> None:
    review = moderations.asked(cast)
    takes_over(cast, review, "reviewer")
    assert moderations.stands(cast, review).stage == ""
    read = moderations.version(cast, review)
    takes_over(cast, review)  # nothing waits, and who writes goes on undisturbed
    assert moderations.version(cast, review) == read


def test_what_the_agency_had_changed_is_read_again(plain: StateCast) -> None:
    cast = moderations.asking(plain, days=10)
    review = moderations.agreed(cast)
    moderations.hand_over(cast, review)
    answers.comment(cast, review, closes=True)
    write(cast, review, overview="As the agency said.")
    with pytest.raises(WrongStatus, match="ask for it again"):
        issue(cast, review)


def test_what_waits_is_withdrawn_by_a_change_as_well(cast: StateCast) -> None:
    review = moderations.asked(cast)
    read = moderations.version(cast, review)
    write(cast, review, overview="One more thing.")
    with pytest.raises(WrongStatus, match="have not asked"):
        moderations.agree(cast, review, read=read)
    moderations.ask(cast, review)
    with pytest.raises(StaleVersion, match="changed after you opened"):
        moderations.agree(cast, review, read=read)


# --- who agrees does not issue -------------------------------------------------------------------------------
def test_who_read_it_does_not_issue_it(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    moderations.hand_over(cast, review)
    assert told(cast, "report-to-issue") == names(cast, "admin")
    with pytest.raises(NotPermitted, match="You read this draft"):
        issue(cast, review, "second_trainer")
    assert issue(cast, review, "admin").number == 1


# --- who is told ---------------------------------------------------------------------------------------------
def test_each_turn_is_told_to_whose_it_is(cast: StateCast) -> None:
    review = moderations.asked(cast, others=("reviewer",))
    assert told(cast, "moderation-asked") == names(cast, "admin", "second_trainer")
    moderations.send_back(cast, review)
    assert told(cast, "moderation-returned") == names(cast, "trainer")
    moderations.ask(cast, review, "reviewer", answer="Counted.")
    moderations.agree(cast, review)
    assert told(cast, "report-moderated") == names(cast, "trainer", "reviewer")


def test_a_lost_reply_is_sent_again_without_harm(cast: StateCast) -> None:
    review = moderations.asked(cast)
    first = moderations.agree(cast, review, note="Fine.")
    again = moderations.agree(cast, review, note="Fine.")
    assert (again.pk, again.done_at) == (first.pk, first.done_at)
    with pytest.raises(StaleVersion) as refused:
        moderations.send_back(cast, review, "admin")
    assert refused.value.current["stage"] == "agreed"


def test_nobody_decides_about_an_issued_report(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    issue(cast, review)
    with pytest.raises(WrongStatus, match="never changed"):
        moderations.send_back(cast, review)
    with pytest.raises(WrongStatus), reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(as_read(review), by=trainer)
