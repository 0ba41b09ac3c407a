"""A draft with the agency is behind both walls for everybody else, and no statement makes its time longer."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from fidelity.models import (
    AnswerWindow,
    ConsensusRating,
    DraftComment,
    ItemReport,
    Rating,
    Review,
    ReviewText,
)
from tests.cast import StateCast, make_cast
from tests.fidelity import answers
from tests.fidelity.answers import WRONG
from tests.fidelity.pages import at, get, opened_form, post, text
from tests.fidelity.test_answering import CHANGED
from tests.fidelity.test_reporting import issue

Deed = Callable[[StateCast, str, Review], int]


@pytest.fixture
def cast(db: None) -> StateCast:
    return answers.asking(make_cast().meridian)


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        *(("leader", 1), ("supervisor", 1), ("trainer", 1), ("reviewer", 1), ("admin", 1)),
        *(("other_leader", 0), ("other_supervisor", 0), ("specialist", 0), ("payer", 0), ("stakeholder", 0)),
    ],
)
def test_who_reads_a_draft_that_was_handed_over(cast: StateCast, persona: str, seen: int) -> None:
    review = answers.handed_over(cast, others=("reviewer",))
    answers.comment(cast, review, ST1=WRONG)
    with cast.entered(persona) as actor:
        assert (AnswerWindow.objects.count(), DraftComment.objects.count()) == (seen, seen)
        assert AnswerWindow.objects.visible_to(actor).count() == seen
        assert DraftComment.objects.visible_to(actor).count() == seen


@pytest.mark.parametrize("persona", ["leader", "supervisor"])
def test_the_agency_reads_what_was_handed_over_and_no_sheet(cast: StateCast, persona: str) -> None:
    answers.handed_over(cast, others=("reviewer",))
    with cast.entered(persona):
        for model in (Rating, ConsensusRating, ItemReport, ReviewText):
            assert model.objects.count() == 0


def makes_it_longer(cast: StateCast, persona: str, review: Review) -> int:
    later = timezone.now() + timedelta(days=99)
    return AnswerWindow.objects.filter(review=review).update(ends_at=later)


def rewrites_the_draft(cast: StateCast, persona: str, review: Review) -> int:
    return AnswerWindow.objects.filter(review=review).update(snapshot={})


def answers_itself(cast: StateCast, persona: str, review: Review) -> int:
    return DraftComment.objects.filter(review=review).update(
        outcome="changed", answer="So it is.", answered_by=cast.people[persona], answered_at=timezone.now()
    )


def says_it_for_somebody(cast: StateCast, persona: str, review: Review) -> int:
    return DraftComment.objects.filter(review=review).update(said_by=cast.people["admin"])


@pytest.mark.parametrize("persona", ["leader", "other_leader", "specialist", "payer"])
@pytest.mark.parametrize("deed", [makes_it_longer, rewrites_the_draft, answers_itself, says_it_for_somebody])
def test_no_statement_of_an_agency_does_the_reviewers_part(cast: StateCast, deed: Deed, persona: str) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, "supervisor", ST1=WRONG)
    done = 0
    with cast.entered(persona), suppress(ProgrammingError), transaction.atomic():
        done = deed(cast, persona, review)
    assert done == 0


@pytest.mark.parametrize("persona", ["leader", "admin", "trainer"])
def test_nobody_comments_when_the_time_is_over(cast: StateCast, persona: str) -> None:
    review = answers.over(cast, answers.handed_over(cast))
    with cast.entered(persona), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        DraftComment.objects.create(
            state=cast.state,
            review=review,
            team_id=review.team_id,
            item_code="ST1",
            wrong="Too late.",
            seen="Here.",
            said_by=cast.people[persona],
        )


DRAFT = ("Seen for ST1.", "rated", "Recommendation", "What was found")


@pytest.mark.parametrize("then", ["", "close"])
@pytest.mark.parametrize("persona", ["leader", "supervisor"])
@pytest.mark.parametrize("base", ["", "0.0", "opened"])
def test_who_saves_too_late_reads_the_refusal_and_their_own_words_alone(
    cast: StateCast, persona: str, then: str, base: str
) -> None:
    review = answers.handed_over(cast)
    place = at(review, "answers/")
    sent = opened_form(get(cast, persona, place))
    sent |= {"ST1-wrong": "Mine.", "ST1-seen": "", "then": then}
    if base != "opened":
        sent["base"] = base
    answers.comment(cast, review, ST1=WRONG)
    answers.over(cast, review)
    for ending in ("ended with", "is issued"):
        late = post(cast, persona, place, **sent)
        shown = text(late)
        assert late.status_code == 409
        assert ending in shown
        assert "Mine." in shown
        assert "Not saved yet" not in shown
        assert not [word for word in DRAFT if word in shown]
        if ending == "ended with":
            answers.answer(cast, review, ST1=CHANGED)
            issue(cast, review)


@pytest.mark.parametrize(
    ("persona", "told"),
    [
        *(("leader", True), ("trainer", True), ("admin", True)),
        *(("vr_liaison", False), ("department_liaison", False), ("specialist", False)),
    ],
)
def test_the_history_tells_of_comments_to_those_who_may_read_them(
    cast: StateCast, persona: str, told: bool
) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    answers.answer(cast, review, ST1=CHANGED)
    issue(cast, review)
    history = text(get(cast, persona, at(review, "history/")))
    assert "Issued" in history
    assert ("of the draft" in history) is told
    assert ("the draft to the agency" in history) is told
