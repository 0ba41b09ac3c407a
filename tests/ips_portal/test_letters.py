"""A mail says the same as text and as HTML, has no place for a figure, and is readable by everybody."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from agencies.colors import TEXT_MINIMUM, WHITE, contrast
from ips_portal.notices import letters, register
from ips_portal.notices.actions import Address, tell
from ips_portal.notices.letters import Letter
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice
from tests.cast import StateCast
from tests.ips_portal.post import caught, deliver_all, kept_in_files, messages, plan_in_use, report_ready

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# What a mail may name. Days are those of an appointment or of an invitation, never of anybody's case.
NAMES = {
    "about",
    "name",
    "invited_by",
    "changed_by",
    "by",
    "lead",
    "role",
    "where",
    "team",
    "review",
    "label",
    "quarter",
}
DAYS = {"dates", "until", "due_on"}
NOTICES = [notice for notice in register.registered() if not notice.key.startswith("test-")]
every_notice = pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.key)


@pytest.fixture
def north(db: None) -> Iterator[StateCast]:
    with kept_in_files() as cast:
        yield cast.meridian


def words_of(letter: Letter) -> tuple[list[str], list[str]]:
    """As text and as HTML, without addresses and without marks."""
    body = letter.html().partition("<body")[2].partition(">")[2]
    html = unescape(re.sub(r"<[^>]+>", " ", body))
    text = re.sub(r"https?://\S+|^--$|:\s*$", " ", letter.text(), flags=re.MULTILINE)
    found = [re.findall(r"[\w'-]+", each.replace("http://localhost", " ")) for each in (text, html)]
    return found[0], found[1]


def a_digest(state: StateCast) -> Letter:
    plan_in_use(state)
    plan_in_use(state, key="two", team="South & Team <Two>")
    tell("digest", state=state.state, to=[state.people["trainer"]], key="d", link="/meridian/", facts={})
    *parts, digest = messages(state)
    return letters.letter(digest, parts)


# --- no figures ---
@every_notice
def test_no_notice_has_a_place_for_a_figure(notice: Notice) -> None:
    words = (TEMPLATES / notice.template).read_text()
    for text in (words, notice.subject, notice.why, notice.button):
        assert not re.search(r"\d|%[^}]", re.sub(r"{%.*?%}", "", text))
    assert notice.facts <= NAMES | DAYS, "A fact is a name. A figure or a client stays behind sign-in."
    used = set(re.findall(r"{{ (\w+) }}", words)) | set(re.findall(r"{(\w+)}", notice.subject))
    assert used - {"program"} == notice.facts


@every_notice
def test_every_notice_has_its_words_its_reason_and_its_pace(notice: Notice, north: StateCast) -> None:
    facts = {name: f"the-{name}" for name in notice.facts}
    to = [Address("a@b.example", "Ann")]
    assert tell(notice.key, state=north.state, to=to, key="one", link="/meridian/", facts=facts)
    (message,) = messages(north)
    text = letters.letter(message).text()
    assert text.startswith("Hello Ann,")
    assert f"{notice.button}: {settings.BASE_URL}/meridian/" in text
    assert f"You get this message because {notice.why}." in text
    assert all(fact in text + message.subject for fact in facts.values())
    assert notice.pace in Pace


def test_every_text_below_email_belongs_to_a_notice() -> None:
    files = {path.stem for path in (TEMPLATES / "email").glob("*.txt") if not path.stem.startswith("_")}
    assert files == {notice.key for notice in NOTICES}


# --- the same twice ---
@every_notice
def test_text_and_html_say_the_same(notice: Notice, north: StateCast) -> None:
    facts = dict.fromkeys(notice.facts, "Some & <b>body</b>")
    tell(notice.key, state=north.state, to=[north.people["admin"]], key="one", link="/", facts=facts)
    (message,) = messages(north)
    text, html = words_of(letters.letter(message))
    heading = re.findall(r"[\w'-]+", message.subject)
    program = re.findall(r"[\w'-]+", "Meridian IPS")
    assert sorted(text + program + heading) == sorted(html)  # the head of the page says whose mail it is


def test_the_digest_says_the_same_in_both(north: StateCast) -> None:
    letter = a_digest(north)
    text, html = words_of(letter)
    assert sorted([*text, "Meridian", "IPS", "News", "from", "Meridian", "IPS"]) == sorted(html)
    assert "South & Team <Two> has put its action plan in use" in letter.text()


def test_markup_in_a_name_stays_text(north: StateCast) -> None:
    report_ready(north, team="<b>North</b> & co")
    letter = letters.letter(messages(north)[0])
    assert "<b>" not in letter.html()
    assert "<b>North</b> & co" in letter.text()


# --- for everybody ---
def test_the_html_is_plain_and_accessible(north: StateCast) -> None:
    html = a_digest(north).html()
    assert html.count("<h1") == 1
    assert html.count("<h2") == 2
    assert html.count("display:inline-block") == 1, "one button"
    assert '<html lang="en">' in html
    assert "<title>News from Meridian IPS</title>" in html
    assert html.count("<table") == html.count('<table role="presentation"')
    assert not re.search(r"<(script|style|link|img|form)\b", html)
    colors = set(re.findall(r"[;\"]color:(#\w+)", html)) - {north.state.brand_ink}
    assert colors
    assert all(contrast(color, WHITE) >= TEXT_MINIMUM for color in colors)


def test_a_mail_wears_the_name_and_color_of_its_program(north: StateCast) -> None:
    north.state.brand = "#7a0019"
    north.state.save(update_fields=["brand"])
    report_ready(north)
    html = letters.letter(messages(north)[0]).html()
    assert html.count("background-color:#7a0019") == 2
    assert "Meridian IPS" in html


def test_only_who_can_choose_is_led_to_the_choice(north: StateCast) -> None:
    report_ready(north)
    plan_in_use(north)
    at_once, _, can_wait = (letters.letter(message) for message in messages(north))
    assert at_once.choose == ""
    assert can_wait.choose == f"{settings.BASE_URL}/meridian/notices/mine/"


def test_each_mail_has_one_recipient(north: StateCast) -> None:
    report_ready(north)
    deliver_all(north)
    assert [mail.to.count("@") for mail in caught()] == [1, 1]
