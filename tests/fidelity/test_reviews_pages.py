"""The pages of reviews as people use them: list, schedule, overview, history, policy."""

from datetime import timedelta
from typing import Any

import pytest

from agencies.models import StatePolicy
from fidelity.models import ItemReport, PlanRow, Review
from tests.cast import STARTED, Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, draft, get, post, queries, signed_in, text


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


# --- the list -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("trainer", {"north_one", "south_one"}),
        ("leader", {"north_one"}),
        ("other_leader", {"south_one"}),
        ("reviewer", set()),
        ("specialist", {"north_one"}),
    ],
)
def test_the_list_shows_the_reviews_of_ones_own(cast: StateCast, persona: str, sees: set[str]) -> None:
    for team in ("north_one", "south_one"):
        reviews.scheduled(cast, team=team)
    page = text(get(cast, persona, "reviews/"))
    shown = {key for key in ("north_one", "south_one") if f"{cast.teams[key].name}</a>" in page}
    assert shown == sees


def test_reviews_are_hidden_from_another_state(world: Cast) -> None:
    review = reviews.scheduled(world.meridian)
    stranger = signed_in(world.bayou, "admin")
    for page in ("", "report/", "plan/", "history/", "issue/"):
        assert stranger.get(f"/meridian/{at(review, page)}").status_code == 404
        assert stranger.get(f"/bayou/{at(review, page)}").status_code == 404


def test_the_filters_stand_in_the_address(cast: StateCast) -> None:
    reviews.scheduled(cast)
    year = str(cast.state.today().year)
    for query, found in [
        ({"q": "north team one"}, True),
        ({"q": "south"}, False),
        ({"status": "scheduled", "kind": "external", "year": year}, True),
        ({"status": "issued"}, False),
        ({"agency": "north-center"}, True),
        ({"agency": "south-center"}, False),
        ({"status": "nonsense"}, False),
    ]:
        page = text(get(cast, "trainer", "reviews/", **query))
        assert ("Meridian North Team One</a>" in page) is found, query


def test_the_list_asks_as_much_for_many_as_for_one(cast: StateCast) -> None:
    reviews.scheduled(cast)
    few = queries(cast, "admin", "reviews/")
    for team in ("north_two", "south_one", "south_two"):
        reviews.scheduled(cast, team=team)
    assert queries(cast, "admin", "reviews/") == few <= 13


# --- scheduling -----------------------------------------------------------------------------------------------
def booking(cast: StateCast, **changed: Any) -> dict[str, Any]:
    day = cast.state.today() + timedelta(days=10)
    lead = cast.memberships["trainer"].pk
    return {"starts_on": f"{day:%m/%d/%Y}", "ends_on": "", "mode": "onsite", "lead": lead} | changed


NEW = "reviews/new/?team=north-one&kind=external"


def test_a_trainer_schedules_in_two_steps(cast: StateCast) -> None:
    assert "Meridian North Team One" in text(get(cast, "trainer", "reviews/new/"))
    second = text(get(cast, "trainer", "reviews/new/", team="north-one", kind="external"))
    assert f'<option value="{cast.memberships["trainer"].pk}" selected>' in second
    answer = post(cast, "trainer", NEW, **booking(cast, others=[cast.memberships["reviewer"].pk]))
    assert answer.status_code == 302
    page = text(signed_in(cast, "trainer").get(answer["Location"]))
    assert "Meridian Trainer" in page
    with reviews.acting(cast, "trainer"):
        review = Review.objects.get()
    assert (review.ends_on - review.starts_on).days == 1


def test_the_page_says_why_somebody_cannot_review(cast: StateCast) -> None:
    with reviews.acting(cast, "admin"):
        former = cast.memberships["second_trainer"]
        former.pk, former.role, former.agency = None, "SU", cast.agencies["north"]
        former.save()
    page = text(get(cast, "trainer", "reviews/new/", team="north-one", kind="external"))
    assert "Meridian Second Trainer is a member of Meridian North Center, so cannot review it." in page


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_on": "soon"},
        {"lead": "999999"},
        {"others": ["x"]},
        {"extra": "1"},
        {"mode": "moon"},
        {"starts_on": ""},
    ],
)
def test_what_cannot_be_booked_comes_back_with_the_typed_words(
    cast: StateCast, changed: dict[str, Any]
) -> None:
    answer = post(cast, "trainer", NEW, **booking(cast, **changed))
    assert answer.status_code == 422
    assert "Nothing was saved yet" in text(answer)
    with reviews.acting(cast, "trainer"):
        assert not Review.objects.exists()


def test_a_supervisor_is_offered_self_reviews_of_the_own_team_only(cast: StateCast) -> None:
    page = text(get(cast, "supervisor", "reviews/new/"))
    assert "Meridian North Team One" in page
    assert "Meridian North Team Two" not in page
    assert "External review" not in page
    assert get(cast, "supervisor", "reviews/new/", team="north-two", kind="self").status_code == 403
    assert get(cast, "supervisor", "reviews/new/", team="south-one", kind="self").status_code == 404
    own = booking(cast, lead=cast.memberships["supervisor"].pk)
    assert post(cast, "supervisor", "reviews/new/?team=north-one&kind=self", **own).status_code == 302


@pytest.mark.parametrize("persona", ["specialist", "vr_liaison", "reviewer", "payer"])
def test_others_find_no_way_to_schedule(cast: StateCast, persona: str) -> None:
    assert get(cast, persona, "reviews/new/").status_code == 403
    assert "Schedule a review" not in text(get(cast, persona, "reviews/"))


def test_a_review_is_cancelled_with_a_reason_the_team_sees(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    assert "<h1>Cancel this review</h1>" in text(get(cast, "trainer", at(review, "cancel/")))
    refused = post(cast, "trainer", at(review, "cancel/"), reason=" ")
    assert (refused.status_code, "Nothing was saved yet" in text(refused)) == (422, True)
    assert post(cast, "trainer", at(review, "cancel/"), reason="The team moves.").status_code == 302
    assert "The team moves." in text(get(cast, "supervisor", at(review)))
    assert get(cast, "trainer", at(review, "cancel/")).status_code == 409


def test_dates_and_reviewers_change_on_their_pages(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    day = cast.state.today() + timedelta(days=30)
    moved = {"starts_on": f"{day:%m/%d/%Y}", "ends_on": f"{day:%m/%d/%Y}", "mode": "virtual"}
    assert post(cast, "trainer", at(review, "dates/"), **moved).status_code == 302
    people = {"lead": cast.memberships["second_trainer"].pk}
    assert post(cast, "trainer", at(review, "reviewers/"), **people).status_code == 302
    page = text(get(cast, "leader", at(review)))
    assert "Meridian Second Trainer" in page
    assert "virtual" in page


# --- one review -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("persona", ["leader", "supervisor", "specialist", "vr_liaison", "payer"])
def test_a_draft_shows_those_who_may_not_read_it_no_score(cast: StateCast, persona: str) -> None:
    review = draft(cast)
    page = text(get(cast, persona, at(review)))
    assert "Report in draft" in page
    assert "Caseload size" not in page
    assert "of 125" not in page
    for address in ("report/", "report/preview/"):
        assert get(cast, persona, at(review, address)).status_code == 404
    history = text(get(cast, persona, at(review, "history/")))
    assert "recommendation" not in history


@pytest.mark.parametrize("persona", ["admin", "second_trainer", "trainer"])
def test_the_state_reads_the_draft(cast: StateCast, persona: str) -> None:
    review = draft(cast)
    assert "Caseload size" in text(get(cast, persona, at(review)))
    assert "This is a draft" in text(get(cast, persona, at(review, "report/preview/")))
    wanted = 200 if persona == "trainer" else 302
    assert get(cast, persona, at(review, "report/")).status_code == wanted


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("leader", 200),
        ("supervisor", 200),
        ("specialist", 200),
        ("payer", 200),
        ("vr_liaison", 200),
        ("other_leader", 404),
        ("stakeholder", 404),
        ("operator", 404),
    ],
)
def test_an_issued_report_is_read_by_those_it_concerns(cast: StateCast, persona: str, status: int) -> None:
    review = reviews.issued(cast)
    for page in ("", "report/read/", "plan/", "history/"):
        assert get(cast, persona, at(review, page)).status_code == status, page


def test_pages_of_an_issued_review_read_its_edition_alone(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    with reviews.acting(cast, "admin"):
        ItemReport.objects.filter(review=review).update(found="Changed behind the edition.")
    assert "Changed behind" not in text(get(cast, "leader", at(review, "report/read/")))


def test_the_review_page_asks_as_much_with_history_as_without(cast: StateCast) -> None:
    first = reviews.issued(cast, years_ago=2)
    few = queries(cast, "leader", at(first))
    for years in (1, 0):
        last = reviews.issued(cast, years_ago=years)
    assert queries(cast, "leader", at(last)) <= few


def test_the_words_of_the_state_stand_on_its_pages(cast: StateCast) -> None:
    cast.state.words = {"review": "practice review", "reviews": "practice reviews", "agency": "provider"}
    cast.state.save()
    review = reviews.issued(cast)
    assert "Practice reviews" in text(get(cast, "leader", "reviews/"))
    assert "The provider fills in the action plan" in text(get(cast, "leader", at(review)))


# --- history and policy ---------------------------------------------------------------------------------------
def test_the_history_of_a_review_reads_as_sentences(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan__review=review, item_code="ST1").update(status="in_progress")
    page = text(get(cast, "leader", at(review, "history/")))
    assert "Added Meridian Trainer as a reviewer." in page
    assert "Issued edition 1 of the report." in page
    assert "Changed status from Report in draft to Issued" in page
    assert "Changed a recommendation (25 times)." in page
    assert "1. Caseload size: changed status from Not started to In progress" in page
    assert "Well known" not in page


def test_the_policy_page_marks_what_the_state_states(cast: StateCast) -> None:
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Meridian rules",
            effective_from=STARTED,
            data={"min_reviewers": 3},
        )
    page = text(get(cast, "specialist", "policy/"))
    assert page.count("<b>Stated by this state</b>") == 1
    assert "Not stated by this state, national default" in page
    assert "At least 3" in page
    earlier = text(get(cast, "specialist", "policy/", on="1/1/2019"))
    assert "At least 3" not in earlier
    assert get(cast, "specialist", "policy/", on="someday").status_code == 422


def test_the_scale_page_hints_at_official_wording_to_the_state_admin_alone(cast: StateCast) -> None:
    assert "Official wording: none loaded" in text(get(cast, "admin", "policy/scale/"))
    page = text(get(cast, "leader", "policy/scale/"))
    assert "Official wording" not in page
    assert page.count('class="read-item"') == 25


@pytest.mark.parametrize("place", ["teams/north-one/", "agencies/north-center/"])
def test_who_closes_a_team_is_told_of_the_review_under_way(cast: StateCast, place: str) -> None:
    reviews.rate(cast, reviews.scheduled(cast), {"ST1": 4})
    page = get(cast, "admin", f"{place}close/")
    assert "is not issued (rating). It stays as it is; finish or cancel it." in page.text


def test_a_review_with_fewer_reviewers_than_the_policy_asks_for_says_so(cast: StateCast) -> None:
    alone, pair = reviews.scheduled(cast), reviews.scheduled(cast, team="south_one", others=("reviewer",))
    said = "asks for at least 2 reviewers"
    assert said in text(get(cast, "admin", at(alone)))
    assert "Name another" in text(get(cast, "admin", at(alone)))
    assert "Name another" not in text(get(cast, "leader", at(alone)))
    assert said not in text(get(cast, "admin", at(pair)))
