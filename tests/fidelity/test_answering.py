"""A draft goes to the agency, which says what is wrong in it; the reviewers answer, and only then it is issued."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agencies import tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import answering as days
from fidelity.actions import answering, finishing, reporting
from fidelity.actions.answering import Comment, Reply
from fidelity.models import AnswerWindow, DraftComment, Review
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, reviews
from tests.fidelity.answers import WRONG
from tests.fidelity.test_reporting import issue, write

CHANGED = Reply("changed", "Three specialists, as the payroll says.", 1)
ZONES = (
    *("America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "America/Adak", "Pacific/Honolulu"),
)


@pytest.fixture
def cast(db: None) -> StateCast:
    return answers.asking(make_cast().meridian)


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("address", flat=True))


# --- the days ---
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1), date(2028, 2, 29)]
)
def test_the_last_day_ends_at_midnight_of_the_state_also_when_clocks_change(zone: str, day: date) -> None:
    end = days.end_of(day, zone)
    here = end.astimezone(ZoneInfo(zone))
    assert (here.date(), here.hour, here.minute) == (day + timedelta(days=1), 0, 0)
    assert days.last_day(end, zone) == day
    before = end.astimezone(UTC) - timedelta(seconds=1)
    assert before.astimezone(ZoneInfo(zone)).date() == day


def test_a_window_is_open_through_its_last_second() -> None:
    end = days.end_of(date(2026, 11, 1), "America/Chicago")
    assert end == datetime(2026, 11, 2, 6, tzinfo=UTC)
    window = AnswerWindow(ends_at=end)
    assert window.is_open(end - timedelta(seconds=1))
    assert not window.is_open(end)


# --- opening ---
def test_handing_over_opens_the_window_and_tells_those_who_lead_the_team(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    window = answers.window(cast, review)
    assert window.last_day == cast.state.today() + timedelta(days=answers.DAYS)
    assert window.snapshot["draft"] is True
    assert told(cast, "draft-to-correct") == {cast.people[each].email for each in ("leader", "supervisor")}
    assert told(cast, "report-to-issue") == set()


def test_without_days_in_the_policy_nothing_is_opened(db: None) -> None:
    cast = make_cast().meridian
    review = answers.handed_over(cast)
    with reviews.acting(cast, "admin"):
        assert not AnswerWindow.objects.exists()
    assert len(told(cast, "report-to-issue")) == 2
    assert issue(cast, review).number == 1


def test_who_commented_reads_the_draft_handed_over_last(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    first = answers.window(cast, review)
    answers.handed_over(cast, write(cast, review, overview="Three specialists."))
    again = answers.window(cast, review)
    assert (again.ends_at, again.opened_at) == (first.ends_at, first.opened_at)
    assert len(told(cast, "draft-to-correct")) == 2


# --- commenting ---
def test_the_agency_comments_and_says_that_it_is_done(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    window = answers.comment(cast, review, closes=True, ST1=WRONG)
    assert window.closed_by == cast.people["leader"]
    row = answers.said(cast, review, "ST1")
    assert (row.wrong, row.seen, row.outcome) == (WRONG.wrong, WRONG.seen, "")
    assert told(cast, "draft-answered") == {cast.people["trainer"].email}
    assert told(cast, "report-to-issue") == set()


def test_nothing_to_correct_closes_early_and_tells_who_may_issue(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, "supervisor", closes=True)
    assert told(cast, "report-to-issue") == {cast.people[each].email for each in ("admin", "second_trainer")}
    assert issue(cast, review).number == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ST1": replace(WRONG, seen=" ")}, "ST1-seen"),
        ({"ST1": replace(WRONG, wrong="")}, "ST1-wrong"),
        ({"ST1": replace(WRONG, wrong="x" * 10_001)}, "ST1-wrong"),
        ({"XX9": WRONG}, "XX9-wrong"),
    ],
)
def test_what_cannot_be_kept_is_refused(cast: StateCast, said: dict[str, Comment], field: str) -> None:
    review = answers.handed_over(cast)
    with pytest.raises(Unacceptable) as refusal:
        answers.comment(cast, review, **said)
    assert field in refusal.value.fields
    with reviews.acting(cast, "admin"):
        assert not DraftComment.objects.exists()


@pytest.mark.parametrize("persona", ["other_leader", "specialist", "payer", "trainer", "admin", "reviewer"])
def test_nobody_else_comments(cast: StateCast, persona: str) -> None:
    review = answers.handed_over(cast)
    with pytest.raises((NotPermitted, Review.DoesNotExist)):
        answers.comment(cast, review, persona, ST1=WRONG)


def test_a_comment_after_the_last_day_says_what_to_do(cast: StateCast) -> None:
    review = answers.over(cast, answers.handed_over(cast))
    with pytest.raises(WrongStatus, match="write to Meridian Trainer"):
        answers.comment(cast, review, ST1=WRONG)


def test_a_comment_after_the_agency_was_done_says_so(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True)
    with pytest.raises(WrongStatus, match="said that it is done"):
        answers.comment(cast, review, ST1=WRONG)


def test_a_second_person_sees_what_the_first_has_said(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    with pytest.raises(StaleVersion) as refusal:
        answers.comment(cast, review, "supervisor", ST1=Comment("Two and a half.", "Payroll."))
    assert refusal.value.current["ST1"]["wrong"] == WRONG.wrong
    answers.comment(cast, review, "supervisor", ST1=WRONG)  # the same words are no conflict
    answers.comment(cast, review, "supervisor", ST1=replace(WRONG, wrong="Two and a half.", version=1))
    assert answers.said(cast, review, "ST1").said_by == cast.people["supervisor"]


def test_an_emptied_comment_is_taken_back(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    answers.comment(cast, review, closes=True, ST1=Comment("", "", 1))
    assert issue(cast, review).number == 1


# --- answering ---
def test_every_comment_is_answered_before_the_report_is_issued(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG, OR1=WRONG)
    answers.answer(cast, review, ST1=CHANGED)
    with pytest.raises(Unacceptable, match="Not answered yet"):
        issue(cast, review)
    answers.answer(cast, review, OR1=Reply("unchanged", "The log says two.", 1))
    assert len(told(cast, "report-to-issue")) == 2
    assert issue(cast, review).number == 1
    row = answers.said(cast, review, "ST1")
    assert (row.outcome, row.answered_by) == ("changed", cast.people["trainer"])


def test_nothing_is_issued_while_the_agency_has_its_time(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    with pytest.raises(WrongStatus, match="may correct the draft until"):
        issue(cast, review)
    assert issue(cast, answers.over(cast, review)).number == 1


def test_nothing_is_issued_that_the_agency_has_not_seen(cast: StateCast) -> None:
    review = write(cast, reviews.drafted(cast))
    with pytest.raises(WrongStatus, match="has not seen it yet"):
        issue(cast, review)


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (replace(CHANGED, answer=" "), "ST1-answer"),
        (replace(CHANGED, outcome="perhaps"), "ST1-outcome"),
        (replace(CHANGED, answer="x" * 10_001), "ST1-answer"),
    ],
)
def test_an_answer_says_what_was_done(cast: StateCast, reply: Reply, field: str) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    with pytest.raises(Unacceptable) as refusal:
        answers.answer(cast, review, ST1=reply)
    assert field in refusal.value.fields


def test_what_was_not_said_is_not_answered(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    with pytest.raises(Unacceptable, match="Nothing was saved"):
        answers.answer(cast, review, OR1=CHANGED)


def test_answers_wait_for_the_agencys_time_to_end(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    with pytest.raises(WrongStatus, match="may comment until"):
        answers.answer(cast, review, ST1=CHANGED)


@pytest.mark.parametrize("persona", ["leader", "second_trainer", "admin"])
def test_nobody_but_the_reviewers_answers(cast: StateCast, persona: str) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    with pytest.raises(NotPermitted):
        answers.answer(cast, review, persona, ST1=CHANGED)


# --- taken back ---
def test_opening_the_ratings_again_takes_the_draft_back(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Item 1 was read wrongly.", by=admin)
    with pytest.raises(WrongStatus, match="No draft of this report is with the agency"):
        answers.comment(cast, review, OR1=WRONG)
    with cast.entered("leader") as leader:
        assert not AnswerWindow.objects.exists()
        assert not DraftComment.objects.exists()
        assert not DraftComment.objects.visible_to(leader).exists()


def test_the_next_hand_over_begins_anew_and_keeps_what_was_said(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Item 1 was read wrongly.", by=admin)
    again = answers.handed_over(cast, reviews.finished(cast, review))
    window = answers.window(cast, again)
    assert (window.closed_at, window.withdrawn_at) == (None, None)
    answers.comment(cast, again, closes=True, ST1=Comment("", "", 1))
    assert issue(cast, again).number == 1


# --- the morning after ---
def test_the_morning_after_the_last_day_the_lead_is_told_once(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    with tenancy.as_system(cast.state.pk):
        assert answering.look_for_ends(cast.state) == 0
    answers.over(cast, review)
    with tenancy.as_system(cast.state.pk):
        assert [answering.look_for_ends(cast.state) for _ in range(2)] == [1, 0]
    assert told(cast, "draft-answered") == {cast.people["trainer"].email}


def test_a_self_review_asks_nobody_else(cast: StateCast) -> None:
    review = Review(kind=Review.Kind.SELF, state=cast.state, ends_on=cast.state.today())
    assert answering.days_of(review) == 0


def test_a_report_changed_after_the_window_is_handed_over_to_who_issues(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    write(cast, review, overview="Three specialists.")
    answers.answer(cast, review, ST1=CHANGED)
    assert told(cast, "report-to-issue") == set()
    with reviews.acting(cast, "trainer") as trainer:
        assert reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer) == 2
