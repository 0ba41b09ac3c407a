"""The pages on which a draft is asked to be read and read, and what is seen of it elsewhere, or not."""

import json
from typing import Any

import pytest

from agencies.models import Membership
from fidelity.models import AnswerWindow, Edition, Moderation, Review
from ips_portal.homes.todos import todos
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, moderations, reviews
from tests.fidelity.moderations import REMARKS
from tests.fidelity.pages import at, get, opened_form, post, queries, signed_in, text
from tests.fidelity.test_reporting import issue, write

ASK, READ, EDIT = "moderation/", "moderation/read/", "report/"
REMARK = REMARKS["ST1"]


@pytest.fixture
def cast(db: None) -> StateCast:
    return moderations.asking(make_cast().meridian)


@pytest.fixture
def plain(db: None) -> StateCast:
    return make_cast().meridian


def read(cast: StateCast, review: Review, persona: str = "second_trainer", **typed: Any) -> Any:
    """Opens the page and sends its form."""
    shown = opened_form(get(cast, persona, at(review, READ)))
    return post(cast, persona, at(review, READ), **shown, **typed)


def to_do(cast: StateCast, persona: str) -> list[str]:
    with reviews.acting(cast, persona) as actor:
        return [each.text for each in todos(cast.state, actor)]


def test_from_the_editor_to_the_agreement(cast: StateCast) -> None:
    review = moderations.written(cast)
    editor = get(cast, "trainer", at(review, EDIT))
    assert "Save and ask for it to be read" in text(editor)
    assert "Save and hand over" not in text(editor)
    saved = post(cast, "trainer", at(review, EDIT), **opened_form(editor), then="ask")
    assert saved.url == f"/meridian/{at(review, ASK)}"
    assert "Nobody has asked yet" in text(get(cast, "trainer", at(review, ASK)))
    asked = post(cast, "trainer", at(review, ASK))
    assert (asked.status_code, asked.url) == (302, f"/meridian/{at(review, ASK)}")
    assert "Waits to be read" in text(get(cast, "trainer", at(review)))
    shown = text(get(cast, "second_trainer", at(review, READ)))
    assert "Seen for ST1." in shown
    assert "Remark, item 1" in shown
    assert read(cast, review, then="agree", note="Clear.").status_code == 302
    page = text(get(cast, "trainer", at(review, EDIT)))
    assert "Save and hand over" in page
    assert "that no longer counts" in page


def test_remarks_stand_beside_their_items(cast: StateCast) -> None:
    review = moderations.asked(cast)
    typed = {"then": "return", "note": "Look at item 1.", "ST1-remark": REMARK}
    assert read(cast, review, **typed).status_code == 302
    editor = text(get(cast, "trainer", at(review, EDIT)))
    assert editor.count(REMARK) == 1
    assert "Remark of the moderator" in editor
    refused = post(cast, "trainer", at(review, ASK))
    assert refused.status_code == 422
    assert "Say in a sentence what was changed" in text(refused)
    assert post(cast, "trainer", at(review, ASK), answer="Counted now.").status_code == 302
    assert REMARK not in text(get(cast, "trainer", at(review, EDIT)))
    assert "Counted now." in text(get(cast, "admin", at(review, READ)))
    record = text(get(cast, "trainer", at(review, ASK)))
    assert REMARK in record
    assert "Counted now." in record


def test_the_reason_of_a_return_is_printed_once(cast: StateCast) -> None:
    review = moderations.asked(cast)
    moderations.send_back(cast, review, reason="Zebra.")
    for place, times in (("", 0), (ASK, 1), (EDIT, 1)):
        page = text(get(cast, "trainer", at(review, place)))
        assert "returned it." in page
        assert page.count("Zebra.") == times
    path = f"/api/v1/meridian/reviews/{review.public_id}/moderation/"
    assert "Zebra" not in cast.seen_by("trainer").get(path).json()["words"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "agree to the draft or return it"),
        ({"then": "agree", "ST1-remark": REMARK}, "take them out and agree"),
        ({"then": "return", "ST1-remark": REMARK}, "Say why the draft is returned"),
    ],
)
def test_what_cannot_be_decided_stays_on_the_page(cast: StateCast, typed: dict[str, str], words: str) -> None:
    review = moderations.asked(cast)
    answer = read(cast, review, **typed)
    assert answer.status_code == 422
    assert words in text(answer)
    assert typed.get("ST1-remark", "") in text(answer)
    assert moderations.stands(cast, review).stage == "waiting"


def test_the_second_of_two_is_told_and_keeps_what_they_typed(cast: StateCast) -> None:
    review = moderations.asked(cast)
    sent = opened_form(get(cast, "admin", at(review, READ))) | {"then": "return", "note": "Not yet."}
    moderations.agree(cast, review)
    late = post(cast, "admin", at(review, READ), **sent)
    assert late.status_code == 409
    assert "has read this draft in the meantime and agreed to it" in text(late)
    assert "Not yet." in text(late)
    assert "Return it with remarks" not in text(late)


def test_a_draft_that_was_changed_is_read_once_more(cast: StateCast) -> None:
    review = moderations.asked(cast)
    sent = opened_form(get(cast, "admin", at(review, READ))) | {"then": "agree"}
    write(cast, review, overview="Said otherwise.")
    moderations.ask(cast, review)
    late = post(cast, "admin", at(review, READ), **sent)
    assert late.status_code == 409
    assert "Said otherwise." in text(late)
    again = opened_form(late) | {"then": "agree"}
    assert post(cast, "admin", at(review, READ), **again).status_code == 302


def test_saving_a_change_says_that_nobody_agrees_any_more(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    editor = get(cast, "trainer", at(review, EDIT))
    kept = post(cast, "trainer", at(review, EDIT), **opened_form(editor), then="hand-over")
    assert kept.status_code == 302
    typed = opened_form(editor) | {"overview": "Otherwise.", "then": "hand-over"}
    answer = post(cast, "trainer", at(review, EDIT), **typed)
    assert "saved, but not handed over yet" in text(answer)
    assert "ask for it again" in text(answer)
    assert reviews.said(cast, review).overview == "Otherwise."
    moderations.ask(cast, review)
    again = opened_form(get(cast, "trainer", at(review, EDIT))) | {"overview": "Once more."}
    saved = signed_in(cast, "trainer").post(f"/meridian/{at(review, EDIT)}", again, follow=True)
    assert "Ask for it to be read again" in text(saved)
    assert "Hand it over again" not in text(saved)
    assert "which no longer counts" in text(get(cast, "trainer", at(review)))


def test_opening_the_ratings_again_says_so_before(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    assert "is read again before it goes out" in text(get(cast, "admin", at(review, "reopen/")))


def test_who_agreed_finds_no_way_to_issue(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    moderations.hand_over(cast, review)
    assert "issue/" not in text(get(cast, "second_trainer", at(review)))
    assert get(cast, "second_trainer", at(review, "issue/")).status_code == 403
    assert "has read the draft and agreed to it" in text(get(cast, "admin", at(review, "issue/")))


def test_one_stage_is_now_while_it_waits(cast: StateCast) -> None:
    review = moderations.asked(cast)
    for persona in ("trainer", "admin"):
        assert text(get(cast, persona, at(review))).count('aria-current="step"') == 1


def test_a_state_with_nobody_left_to_issue_is_told_before(cast: StateCast) -> None:
    review = moderations.asked(cast)
    assert "Nobody would be left" not in text(get(cast, "admin", at(review, READ)))
    with reviews.acting(cast, "admin"):
        Membership.objects.filter(person=cast.people["second_trainer"]).update(ended_on=cast.state.today())
    assert "Nobody would be left" in text(get(cast, "admin", at(review, READ)))


def test_each_turn_is_on_the_list_of_whose_it_is(cast: StateCast) -> None:
    review = moderations.written(cast)
    assert to_do(cast, "trainer") == ["Write the report"]
    moderations.ask(cast, review)
    assert to_do(cast, "trainer") == []
    for persona in ("admin", "second_trainer"):
        assert to_do(cast, persona) == ["A report waits to be read by a second person"]
    moderations.send_back(cast, review)
    assert to_do(cast, "trainer") == ["Answer the remarks on the draft that was returned"]
    moderations.ask(cast, review, answer="Counted.")
    moderations.agree(cast, review)
    assert to_do(cast, "trainer") == ["Hand the report over: it was read and agreed to"]
    moderations.hand_over(cast, review)
    assert to_do(cast, "second_trainer") == []
    assert to_do(cast, "admin") == ["Check the report and issue it"]
    write(cast, review, overview="Otherwise.")
    assert to_do(cast, "trainer") == ["Write the report"]


def test_what_waits_is_counted_in_the_same_queries(cast: StateCast) -> None:
    moderations.asked(cast)
    counted = queries(cast, "admin", "")
    for team in ("north_two", "south_one"):
        moderations.asked(cast, team=team)
    assert queries(cast, "admin", "") == counted


@pytest.mark.parametrize("place", [ASK, READ])
def test_remarks_do_not_grow_the_queries(cast: StateCast, place: str) -> None:
    review = moderations.asked(cast)
    counted = queries(cast, "admin", at(review, place))
    for _ in range(2):
        moderations.send_back(cast, review)
        moderations.ask(cast, review, answer="Counted.")
    assert queries(cast, "admin", at(review, place)) == counted


def test_no_answer_to_the_agency_or_a_payer_carries_what_was_said(plain: StateCast) -> None:
    cast = moderations.asking(plain, days=10)
    review = moderations.asked(cast)
    moderations.send_back(cast, review, reason="Zebra.")
    moderations.ask(cast, review, answer="Counted.")
    moderations.agree(cast, review, note="Heron.")
    moderations.hand_over(cast, review)
    with reviews.acting(cast, "leader"):
        told = [json.dumps(AnswerWindow.objects.get(review=review).snapshot)]
    answers.comment(cast, review, closes=True)
    issue(cast, review)
    with reviews.acting(cast, "leader"):
        snapshot = Edition.objects.get(review=review).snapshot  # all that the papers are made of
        told.append(json.dumps(snapshot))
    api = f"/api/v1/meridian/reviews/{review.public_id}/"
    read = 0  # how many answers tell something
    for persona in ("leader", "supervisor", "payer"):
        client = cast.seen_by(persona)
        places = ("", "history/", "report/", "moderation/", "answers/", "editions/", "editions/1/", "plan/")
        pages = ("audit-log/", "", "about/history/", f"teams/{cast.teams['north_one'].slug}/history/")
        addresses = [f"{api}{place}" for place in places]
        addresses += [f"/meridian/{page}" for page in pages]
        addresses += [
            f"/meridian/{at(review, place)}" for place in ("", "history/", "answers/", "report/read/")
        ]
        for address in addresses:
            answer = client.get(address)
            read += answer.status_code == 200
            told.append(text(answer))
    assert read > len(addresses)
    assert "Zebra" in text(cast.seen_by("admin").get(f"{api}moderation/"))
    said = ("Zebra", "Heron", "Counted.", REMARK, cast.people["second_trainer"].name)
    for each in told:
        assert [word for word in said if word in each] == []


def test_the_agency_sees_no_page_of_it(plain: StateCast) -> None:
    cast = moderations.asking(plain, days=10)
    review = moderations.asked(cast)
    moderations.send_back(cast, review, reason="Zebra.")
    moderations.ask(cast, review, answer="Counted.")
    moderations.agree(cast, review)
    moderations.hand_over(cast, review)
    seen = []
    for close in (False, True):
        if close:
            answers.comment(cast, review, closes=True)
            issue(cast, review)
        for persona in ("leader", "supervisor", "specialist"):
            for place in ("", "history/", "answers/", "report/preview/", "report/read/"):
                seen.append(text(get(cast, persona, at(review, place))))
            assert get(cast, persona, at(review, ASK)).status_code == 404
            refused = get(cast, persona, at(review, READ))  # the door of everything that is issued
            assert refused.status_code == get(cast, persona, at(review, "issue/")).status_code == 403
            seen.append(text(refused))
        with reviews.acting(cast, "leader") as actor:
            assert not Moderation.objects.exists()
            assert not Moderation.objects.visible_to(actor).exists()
    for page in seen:
        for word in ("Zebra", REMARK, "oderation", "second person", "moderator"):
            assert word not in page


def test_the_history_tells_the_state_who_asked_and_decided(cast: StateCast) -> None:
    review = moderations.asked(cast)
    moderations.send_back(cast, review)
    history = text(get(cast, "admin", at(review, "history/")))
    assert "Asked for the draft to be read by a second person." in history
    assert "what the moderator decided about the draft" in history
    assert REMARK not in history


def test_rules_that_come_later_say_nothing_of_an_issued_report(plain: StateCast) -> None:
    review = moderations.written(plain)
    issue(plain, review)
    cast = moderations.asking(plain)
    assert "oderation" not in text(get(cast, "admin", at(review)))
    assert get(cast, "admin", at(review, ASK)).status_code == 409


def test_without_it_no_page_says_a_word_of_it(plain: StateCast) -> None:
    review = moderations.written(plain)
    for persona in ("trainer", "admin"):
        for place in ("", EDIT, "report/preview/", "history/", "reopen/"):
            assert "oderation" not in text(get(plain, persona, at(review, place)))
        assert get(plain, persona, at(review, ASK)).status_code == 409
    assert "Save and hand over" in text(get(plain, "trainer", at(review, EDIT)))
    assert get(plain, "admin", at(review, READ)).status_code == 409
