"""The pages of reviews as people use them: list, schedule, overview, report, issue, plan, policy."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import StatePolicy
from fidelity.models import ActionPlan, ItemReport, Review
from ips_portal.reports.models import ReportRequest
from tests.cast import STARTED, Cast, StateCast, make_cast
from tests.fidelity import reviews


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def signed_in(cast: StateCast, persona: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(cast.people[persona])
    return client


def get(cast: StateCast, persona: str, path: str, **query: str) -> Any:
    return signed_in(cast, persona).get(f"/meridian/{path}", query)


def post(cast: StateCast, persona: str, path: str, **fields: Any) -> Any:
    return signed_in(cast, persona).post(f"/meridian/{path}", fields)


def at(review: Review, page: str = "") -> str:
    return f"reviews/{review.public_id}/{page}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queries(cast: StateCast, persona: str, path: str) -> int:
    client = signed_in(cast, persona)
    client.get(f"/meridian/{path}")
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/meridian/{path}").status_code == 200
    return len(found)


def draft(cast: StateCast, **scheduled: Any) -> Review:
    return reviews.finished(cast, reviews.rate(cast, reviews.scheduled(cast, **scheduled), 3))


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
    assert queries(cast, "admin", "reviews/") == few


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


# --- the report -----------------------------------------------------------------------------------------------
def opened(cast: StateCast, review: Review, persona: str = "trainer") -> dict[str, Any]:
    """What the editor's form would send unchanged."""
    form = get(cast, persona, at(review, "report/")).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def stored(cast: StateCast, review: Review) -> Review:
    with reviews.acting(cast, "trainer"):
        found: Review = Review.objects.get(pk=review.pk)
        return found


def test_the_report_is_written_and_saved(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {
        "strengths": "They know every employer.",
        "ST1-recommendation": "Hire one more.",
    }
    assert post(cast, "trainer", at(review, "report/"), **form).status_code == 302
    assert stored(cast, review).strengths == "They know every employer."
    page = text(get(cast, "trainer", at(review, "report/")))
    assert "Hire one more." in page
    assert "24 recommendations still as drafted" in page


def test_two_who_write_different_texts_both_keep_them(cast: StateCast) -> None:
    review = draft(cast, others=("reviewer",))
    mine, yours = opened(cast, review), opened(cast, review, "reviewer")
    post(cast, "trainer", at(review, "report/"), **(mine | {"strengths": "Mine."}))
    assert post(cast, "reviewer", at(review, "report/"), **(yours | {"method": "Yours."})).status_code == 302
    found = stored(cast, review)
    assert (found.strengths, found.method) == ("Mine.", "Yours.")


def test_two_who_write_the_same_text_see_both_and_choose(cast: StateCast) -> None:
    review = draft(cast, others=("reviewer",))
    mine, yours = opened(cast, review), opened(cast, review, "reviewer")
    post(cast, "trainer", at(review, "report/"), **(mine | {"strengths": "Mine."}))
    answer = post(cast, "reviewer", at(review, "report/"), **(yours | {"strengths": "Yours."}))
    assert answer.status_code == 409
    assert "Mine." in text(answer)
    assert stored(cast, review).strengths == "Mine."
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert post(cast, "reviewer", at(review, "report/"), **again).status_code == 302
    assert stored(cast, review).strengths == "Yours."


@pytest.mark.parametrize(
    "changed", [{"strengths": "x" * 10_001}, {"strengths": "a\x00b"}, {"ST9-found": "x"}]
)
def test_what_cannot_be_kept_comes_back_with_the_typed_words(
    cast: StateCast, changed: dict[str, Any]
) -> None:
    review = draft(cast)
    answer = post(
        cast, "trainer", at(review, "report/"), **(opened(cast, review) | {"method": "Kept."} | changed)
    )
    assert answer.status_code == 422
    assert "Kept." in text(answer)
    assert stored(cast, review).method == ""


def test_a_report_saved_after_it_was_issued_keeps_what_was_typed_on_the_page(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {"strengths": "A late thought."}
    issue(cast, review)
    answer = post(cast, "trainer", at(review, "report/"), **form)
    assert answer.status_code == 409
    assert "A late thought." in text(answer)
    assert "An issued report is never changed" in text(answer)


def issue(cast: StateCast, review: Review, by: str = "admin") -> Any:
    form = opened(cast, review)
    edited = {name: "Agree on one step." for name in form if name.endswith("-recommendation")}
    post(cast, "trainer", at(review, "report/"), **(form | edited | {"strengths": "Well known."}))
    version = get(cast, by, at(review, "issue/")).context["form"]["version"].value()
    return post(cast, by, at(review, "issue/"), version=version)


def test_a_second_person_issues_and_the_papers_are_asked_for(cast: StateCast) -> None:
    review = draft(cast)
    page = get(cast, "admin", at(review, "issue/"))
    assert "recommendations are still as drafted" in text(page)
    assert post(cast, "admin", at(review, "issue/")).status_code == 422
    assert issue(cast, review).status_code == 302
    with reviews.acting(cast, "admin"):
        kinds = set(ReportRequest.objects.values_list("kind", flat=True))
    assert kinds == {"fidelity-report", "action-plan"}
    assert "Where the team" not in text(get(cast, "leader", at(review)))
    assert "Fair" in text(get(cast, "leader", at(review)))


def test_the_lead_is_told_why_somebody_else_issues(cast: StateCast) -> None:
    answer = get(cast, "trainer", at(draft(cast), "issue/"))
    assert answer.status_code == 403
    assert "You led this review" in text(answer)


def test_a_report_changed_after_it_was_read_is_read_once_more(cast: StateCast) -> None:
    review = draft(cast)
    version = get(cast, "admin", at(review, "issue/")).context["form"]["version"].value()
    post(cast, "trainer", at(review, "report/"), **(opened(cast, review) | {"method": "Changed."}))
    assert post(cast, "admin", at(review, "issue/"), version=version).status_code == 409


def test_a_draft_on_paper_is_gone_once_the_report_is_issued(cast: StateCast) -> None:
    review = draft(cast)
    answer = post(cast, "trainer", at(review, "report/preview/pdf/"))
    assert signed_in(cast, "trainer").get(answer["Location"]).status_code == 200
    assert signed_in(cast, "leader").get(answer["Location"]).status_code == 404
    issue(cast, review)
    for persona in ("leader", "trainer"):
        assert signed_in(cast, persona).get(answer["Location"]).status_code == 404


def test_asking_twice_for_the_same_paper_gives_the_same_request(cast: StateCast) -> None:
    review = reviews.issued(cast)
    asked = {post(cast, "leader", at(review, "report/pdf/"))["Location"] for _ in range(2)}
    assert len(asked) == 1
    assert post(cast, "specialist", at(review, "report/pdf/")).status_code == 403
    assert post(cast, "other_leader", at(review, "report/pdf/")).status_code == 404


# --- the plan -------------------------------------------------------------------------------------------------
def plan_row(cast: StateCast, review: Review, code: str = "ST1") -> Any:
    with reviews.acting(cast, "admin"):
        return ActionPlan.objects.get(review=review).rows.get(item_code=code)


def filled(row: Any, **changed: Any) -> dict[str, Any]:
    values = {"steps": "Meet weekly.", "responsible": "Ana", "target_on": "3/1/2027", "goal": 4}
    return values | {"status": "in_progress", "note": "Begun.", "version": row.version} | changed


def test_the_agency_fills_in_a_row(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    answer = post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row))
    assert answer["Location"].endswith(f"#row-{row.pk}")
    assert plan_row(cast, review).responsible == "Ana"


@pytest.mark.parametrize(
    "changed",
    [
        {"goal": 9},
        {"target_on": "13/40/2027"},
        {"status": "dropped"},
        {"rating": 5},
        {"version": "x"},
        {"note": "a\x00"},
        {"status": "done", "note": ""},
    ],
)
def test_a_row_that_cannot_be_saved_opens_again_with_the_typed_words(
    cast: StateCast, changed: dict[str, Any]
) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    answer = post(
        cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, responsible="Typed", **changed)
    )
    assert answer.status_code == 422
    assert 'value="Typed"' in text(answer)
    assert plan_row(cast, review).responsible == ""


def test_two_tabs_on_one_row_see_both_values(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, note="First."))
    answer = post(cast, "leader", at(review, f"plan/{row.pk}/"), **filled(row, note="Second."))
    assert answer.status_code == 409
    assert "First." in text(answer)
    assert "Second." in text(answer)
    again = filled(row, note="Second.", version=2)
    assert post(cast, "leader", at(review, f"plan/{row.pk}/"), **again).status_code == 302


def test_rows_of_another_plan_are_not_found(cast: StateCast) -> None:
    mine, other = reviews.issued(cast), reviews.issued(cast, team="south_one")
    row = plan_row(cast, other)
    assert post(cast, "leader", at(mine, f"plan/{row.pk}/"), **filled(row)).status_code == 404
    assert post(cast, "leader", at(other, f"plan/{row.pk}/"), **filled(row)).status_code == 404
    assert post(cast, "admin", at(mine, f"plan/{10**30}/"), **filled(row)).status_code == 404


def test_items_are_added_and_taken_out_and_the_plan_put_in_use(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    page = text(get(cast, "supervisor", at(review, "plan/")))
    assert "The plan has no rows yet" in page
    assert post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6").status_code == 302
    assert post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6").status_code == 422
    row = plan_row(cast, review, "SV6")
    refused = post(cast, "supervisor", at(review, "plan/use/"))
    assert refused.status_code == 422
    assert "responsible person" in text(refused)
    post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, goal=5))
    assert post(cast, "supervisor", at(review, "plan/use/")).status_code == 302
    assert "In use" in text(get(cast, "specialist", at(review, "plan/")))
    assert post(cast, "supervisor", at(review, f"plan/{row.pk}/drop/")).status_code == 302
    assert "1 dropped row" in text(get(cast, "supervisor", at(review, "plan/")))


@pytest.mark.parametrize("persona", ["specialist", "vr_liaison", "payer"])
def test_others_read_the_plan_and_find_nothing_to_fill_in(cast: StateCast, persona: str) -> None:
    page = text(get(cast, persona, at(reviews.issued(cast, years_ago=0), "plan/")))
    assert "Caseload size" in page
    assert "Edit item" not in page
    assert "Put in use" not in page


def test_the_filter_shows_what_is_overdue(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, target_on="1/5/2026"))
    page = text(get(cast, "supervisor", at(review, "plan/"), show="overdue"))
    assert "1. Caseload size" in page
    assert "2. Employment services staff</h3>" not in page


def test_the_plan_asks_as_much_for_many_rows_as_for_one(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6")
    few = queries(cast, "supervisor", at(review, "plan/"))
    for code in ("SV7", "SV8", "OR1"):
        post(cast, "supervisor", at(review, "plan/add/"), item_code=code)
    assert queries(cast, "supervisor", at(review, "plan/")) == few


# --- history and policy ---------------------------------------------------------------------------------------
def test_the_history_of_a_review_reads_as_sentences(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    page = text(get(cast, "leader", at(review, "history/")))
    assert "Added Meridian Trainer as a reviewer." in page
    assert "Issued edition 1 of the report." in page
    assert "Changed status from Report in draft to Issued" in page
    assert "Changed a recommendation (25 times)." in page
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
