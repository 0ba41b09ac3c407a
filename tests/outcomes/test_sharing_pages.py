"""The pages of sharing in full: recording the agreement, answering it, reading what it opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from agencies import tenancy
from ips_portal.homes.todos import todos
from outcomes.actions import publication, sharing
from outcomes.dashboards.awaited import awaited
from outcomes.dashboards.sharing import agreement_page, full_table
from outcomes.models import AgreementAnswer, SharingAgreement, StateQuarter
from outcomes.suppression.choosing import CannotHide
from tests.cast import StateCast
from tests.outcomes import quarters
from tests.outcomes.programs import PAPER, accepted, answers, given, published, signed, three_agencies

SHARING = "/meridian/outcomes/sharing/"
SHARED = "/meridian/outcomes/shared/"


@pytest.fixture
def cast(db: None) -> StateCast:
    """East alone has a small count."""
    return three_agencies(north_two=17, east_one=7)


def page(cast: StateCast, persona: str, url: str = SHARED) -> str:
    answer = cast.seen_by(persona).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def recorded(cast: StateCast, **changed: Any) -> HttpResponse:
    today = cast.state.today()
    until = today + timedelta(days=365)
    sent = {
        "title": "Sharing among programs",
        "signed_on": f"{today.month}/{today.day}/{today.year}",
        "starts_on": f"{today.month}/{today.day}/{today.year}",
        "ends_on": f"{until.month}/{until.day}/{until.year}",
        "paper": SimpleUploadedFile("signed.pdf", PAPER, "application/pdf"),
        **changed,
    }
    answer: HttpResponse = cast.seen_by("admin").post(f"{SHARING}new/", sent)
    return answer


def test_the_state_records_the_paper_and_whoever_is_asked_reads_it(cast: StateCast) -> None:
    assert "There is no agreement" in page(cast, "leader", SHARING)
    assert recorded(cast).status_code == 302
    with tenancy.as_system(cast.state.pk):
        made = SharingAgreement.objects.get()
    answer = cast.seen_by("leader").get(f"{SHARING}{made.pk}/paper/")
    assert answer.content == PAPER
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert cast.seen_by("stakeholder").get(f"{SHARING}{made.pk}/paper/").status_code == 403


def test_what_is_wrong_with_the_paper_is_said_and_what_was_typed_stays(cast: StateCast) -> None:
    for content, words in ((b"", "not a whole PDF"), (b"PK\x03\x04", "not a whole PDF")):
        answer = recorded(cast, paper=SimpleUploadedFile("signed.pdf", content, "application/pdf"))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Sharing among programs" in answer.content.decode()
    with tenancy.as_system(cast.state.pk):
        assert not SharingAgreement.objects.exists()


def test_a_leader_answers_on_a_page_that_says_what_it_means(cast: StateCast) -> None:
    agreement = signed(cast)
    url = f"{SHARING}agency/{cast.agencies['north'].slug}/"
    assert "see the exact numbers of your teams" in page(cast, "leader", f"{url}?answer=yes")
    said = {"answer": "yes", "agreement": agreement.pk, "seen": "waiting"}
    for _ in range(2):
        assert cast.seen_by("leader").post(url, said).status_code == 302
    assert given(cast, "north").status == "accepted"
    assert "Withdraw" in page(cast, "leader", SHARING)
    assert "1 of 3 agencies share" in page(cast, "leader", SHARING)
    assert cast.seen_by("leader").post(url, said | {"answer": "no", "seen": "accepted"}).status_code == 302
    assert given(cast, "north").status == "refused"
    assert cast.seen_by("other_leader").post(url, said).status_code == 404
    assert cast.seen_by("admin").post(url, said).status_code == 403


def test_an_answer_is_to_the_agreement_that_was_read(cast: StateCast) -> None:
    read = signed(cast)
    url = f"{SHARING}agency/{cast.agencies['north'].slug}/"
    said = {"answer": "yes", "agreement": read.pk, "seen": "waiting"}
    assert f'name="agreement" value="{read.pk}"' in page(cast, "leader", url)
    with cast.entered("admin") as by:
        sharing.end(read, by=by)
    assert recorded(cast, title="Another agreement").status_code == 302
    answer = cast.seen_by("leader").post(url, said)
    assert answer.status_code == 409
    assert "it is now “Another agreement”. Nothing was recorded." in answer.content.decode()
    with tenancy.as_system(cast.state.pk):
        assert not AgreementAnswer.objects.exclude(status="waiting").exists()


def test_an_answer_takes_the_place_of_the_one_that_was_seen(cast: StateCast) -> None:
    agreement = signed(cast)
    url = f"{SHARING}agency/{cast.agencies['north'].slug}/"
    answers(cast, "north", accepts=False)
    said = {"answer": "yes", "agreement": agreement.pk, "seen": "waiting"}
    answer = cast.seen_by("leader").post(url, said)
    assert answer.status_code == 409
    assert "has answered since you opened this page: does not share in full" in answer.content.decode()
    assert given(cast, "north").status == "refused"


def test_names_of_those_who_were_asked_are_for_who_leads_the_state(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north")
    admin = page(cast, "admin", SHARING)
    assert all(agency.name in admin for agency in cast.agencies.values())
    leader = page(cast, "leader", SHARING)
    assert cast.agencies["north"].name in leader
    assert cast.agencies["south"].name not in leader
    assert "Who shares in full" not in page(cast, "stakeholder", SHARING)


def test_the_circle_reads_exact_rows_and_their_total_and_nobody_else_does(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    seen = page(cast, "supervisor")
    assert "All programs that share in full: 2 of 3 agencies" in seen
    together = seen.split('id="in-full"')[1].split("</tr>")[1]
    assert "All programs that share in full" in together
    assert ">161<" in together  # 40 + 31 + 52 + 38, without East
    assert "East Team" not in seen.split('id="in-full"')[1]
    for persona in ("east_leader", "specialist", "stakeholder"):
        assert 'id="in-full"' not in page(cast, persona)
    file = "/meridian/outcomes/shared-full.csv"
    assert "Meridian South Team Two,Meridian South Center" in page(cast, "leader", file)
    assert "Meridian South Team Two" not in page(cast, "east_leader", file)


def test_what_is_not_shown_is_said_in_full_to_those_who_hear_it(cast: StateCast) -> None:
    published(cast)
    seen = page(cast, "leader")
    assert 'not shown<span class="usa-sr-only"> (fewer than 11 people)</span>' in seen
    assert "not shown (fewer than 11 people)" in page(cast, "leader", "/meridian/outcomes/shared.csv")


def test_leaders_find_the_agreement_among_their_to_dos_until_they_answer(cast: StateCast) -> None:
    signed(cast)

    def waits(persona: str) -> bool:
        with cast.entered(persona) as by:
            return any("share in full" in each.text for each in todos(cast.state, by))

    assert waits("leader")
    assert not waits("supervisor")
    answers(cast, "north", accepts=False)
    assert not waits("leader")


def test_the_state_sees_before_the_publication_which_teams_are_not_in(cast: StateCast) -> None:
    quarter = quarters.last_quarter(cast)
    quarters.expected(cast, "north_one", quarter - 1)
    accepted(cast, "south_one", quarter - 1, employed=24)
    url = f"{SHARED}?quarter={(quarter - 1).slug}"
    assert "1 of 5 teams has accepted figures" in page(cast, "admin", url)
    assert "4 are not in it" in page(cast, "admin", url)
    assert "accepted figures" not in page(cast, "leader", url)


def test_what_cannot_be_published_safely_is_seen_by_the_state(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*given: object, **more: object) -> None:
        raise CannotHide(["a leak"])

    monkeypatch.setattr(publication, "publish", refuses)
    assert published(cast) == []
    assert "cannot publish this quarter yet" in page(cast, "admin")
    assert "cannot publish" not in page(cast, "leader")
    with cast.entered("admin") as by:
        assert any("not published" in each.text for each in todos(cast.state, by))
    monkeypatch.undo()
    assert published(cast)
    with tenancy.as_system(cast.state.pk):
        assert not StateQuarter.objects.filter(withheld__gt=0).exists()


def test_the_pages_ask_the_database_the_same_whatever_the_number_of_programs(
    cast: StateCast, django_assert_num_queries: Any
) -> None:
    signed(cast)
    answers(cast, "north", "south")
    (made,) = published(cast)
    with cast.entered("leader") as by:
        with django_assert_num_queries(1):
            assert full_table(cast.state, by, made, "employed")
        with django_assert_num_queries(3):
            agreement_page(cast.state, by)
    with cast.entered("admin") as by, django_assert_num_queries(2):
        awaited(cast.state, by, made.quarter)
