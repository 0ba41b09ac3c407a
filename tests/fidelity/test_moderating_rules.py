"""Rules that begin to ask for moderation, or cease to, while drafts are under way; and agreements that come late."""

import pytest

from agencies import tenancy
from agencies.models import StatePolicy
from fidelity.actions import answering
from fidelity.models import Review
from fidelity.notices import moderation, reports
from ips_portal.homes.todos import todos
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, moderations, reviews
from tests.fidelity.pages import at, get, opened_form, post, queries, text
from tests.fidelity.test_reporting import issue

ASK, EDIT = "moderation/", "report/"


@pytest.fixture
def plain(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def cast(plain: StateCast) -> StateCast:
    return moderations.asking(plain)


def turned(cast: StateCast, *, on: bool, days: int = 0) -> None:
    """From today, so that it holds for reviews that end today or later."""
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="From now on",
            effective_from=cast.state.today(),
            data={"moderation": on, "answer_days": days},
        )


def to_do(cast: StateCast, persona: str) -> list[str]:
    with reviews.acting(cast, persona) as actor:
        return [each.text for each in todos(cast.state, actor)]


def mails(cast: StateCast, notice: str) -> list[Message]:
    with tenancy.as_system(cast.state.pk):
        return list(Message.objects.filter(notice=notice).order_by("pk"))


# --- what it would change, before it is decided ----------------------------------------------------------------
@pytest.mark.parametrize("begins", [True, False])
def test_the_effect_on_drafts_is_told_by_direction(plain: StateCast, begins: bool) -> None:
    cast = plain if begins else moderations.asking(plain)
    today = cast.state.today()
    form = opened_form(get(cast, "admin", "policy/edit/"))
    form |= {"effective_from": f"{today:%m/%d/%Y}", "source": "The state office.", "answer_days": "0"}
    form.pop("moderation", None)
    if begins:
        form["moderation"] = "on"
    answer = post(cast, "admin", "policy/edit/", **form)
    assert answer.status_code == 200, answer.context["form"].errors
    page = text(answer)
    day = f"{today:%B} {today.day}, {today.year}"
    told = {
        True: f"Drafts of external reviews that end on {day} or later are read first",
        False: f"Drafts of external reviews that end on {day} or later go out without being read first",
    }
    assert told[begins] in page
    assert told[not begins] not in page


# --- turned off ----------------------------------------------------------------------------------------------
def test_nothing_waits_any_more_once_it_is_turned_off(cast: StateCast) -> None:
    review = moderations.asked(cast)
    key = mails(cast, "moderation-asked")[0].key
    with tenancy.as_system(cast.state.pk):
        assert moderation.still_to_moderate(cast.state, key, None)
    turned(cast, on=False)
    assert to_do(cast, "admin") == []
    assert to_do(cast, "trainer") == ["Write the report"]
    with tenancy.as_system(cast.state.pk):
        assert not moderation.still_to_moderate(cast.state, key, None)
    assert "Save and hand over" in text(get(cast, "trainer", at(review, EDIT)))
    moderations.hand_over(cast, review)
    for persona in ("admin", "second_trainer"):
        assert to_do(cast, persona) == ["Check the report and issue it"]


def test_what_was_said_is_still_shown(cast: StateCast) -> None:
    review = moderations.asked(cast)
    moderations.send_back(cast, review, reason="Zebra.")
    turned(cast, on=False)
    page = get(cast, "trainer", at(review, ASK))
    assert page.status_code == 200
    assert "Zebra." in text(page)
    assert "needs no second reader" in text(page)
    assert "Ask for it to be read" not in text(page)
    assert post(cast, "trainer", at(review, ASK)).status_code == 409
    assert "Returned" not in text(get(cast, "trainer", at(review)))
    path = f"/api/v1/meridian/reviews/{review.public_id}/moderation/"
    told = cast.seen_by("trainer").get(path).json()
    assert (told["stage"], told["records"][0]["note"]) == ("", "Zebra.")


def test_who_agreed_issues_where_that_binds_nobody(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    moderations.hand_over(cast, review)
    assert to_do(cast, "second_trainer") == []
    turned(cast, on=False)
    assert to_do(cast, "second_trainer") == ["Check the report and issue it"]
    assert issue(cast, review, "second_trainer").number == 1


# --- turned on -----------------------------------------------------------------------------------------------
def test_a_report_that_was_handed_over_before_is_read_first(plain: StateCast) -> None:
    review = moderations.written(plain)
    moderations.hand_over(plain, review)
    first = mails(plain, "report-to-issue")
    turned(plain, on=True)
    with tenancy.as_system(plain.state.pk):
        assert not reports.still_to_issue(plain.state, first[0].key, None)
    assert to_do(plain, "admin") == []
    assert to_do(plain, "trainer") == ["Ask for the draft to be read"]
    assert "was handed over before anybody read it" in text(get(plain, "trainer", at(review)))
    moderations.ask(plain, review)
    assert to_do(plain, "trainer") == []
    moderations.agree(plain, review)
    assert to_do(plain, "trainer") == []
    assert to_do(plain, "admin") == ["Check the report and issue it"]
    late = mails(plain, "report-to-issue")[len(first) :]
    assert {mail.person for mail in late} == {plain.people["admin"]}
    with tenancy.as_system(plain.state.pk):
        assert reports.still_to_issue(plain.state, late[0].key, None)
    assert issue(plain, review, "admin").number == 1


def with_the_agency(cast: StateCast) -> Review:
    """Handed over before the rules asked for it to be read."""
    review = answers.handed_over(answers.asking(cast))
    turned(cast, on=True, days=answers.DAYS)
    return review


def test_nobody_is_asked_to_issue_what_was_not_read(plain: StateCast) -> None:
    review = with_the_agency(plain)
    answers.over(plain, review)
    with tenancy.as_system(plain.state.pk):
        assert answering.look_for_ends(plain.state) == 1  # the lead alone
    assert mails(plain, "report-to-issue") == []
    moderations.ask(plain, review)
    moderations.agree(plain, review)
    assert {mail.person for mail in mails(plain, "report-to-issue")} == {plain.people["admin"]}


def test_an_agreement_while_the_agency_reads_asks_nobody_yet(plain: StateCast) -> None:
    review = with_the_agency(plain)
    moderations.ask(plain, review)
    moderations.agree(plain, review)
    assert mails(plain, "report-to-issue") == []
    answers.comment(plain, review, closes=True)
    assert {mail.person for mail in mails(plain, "report-to-issue")} == {plain.people["admin"]}


def test_rules_of_many_drafts_are_asked_once(cast: StateCast) -> None:
    moderations.hand_over(cast, moderations.agreed(cast))
    counted = {persona: queries(cast, persona, "") for persona in ("admin", "trainer")}
    for team in ("north_two", "south_one"):
        moderations.hand_over(cast, moderations.agreed(cast, team=team))
    assert {persona: queries(cast, persona, "") for persona in ("admin", "trainer")} == counted
