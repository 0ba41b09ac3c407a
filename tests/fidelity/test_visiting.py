"""The visit of a review: prepared and counted together, closed with the sheet, and silent about ratings."""

import re
from datetime import timedelta
from typing import Any

import pytest

from agencies import tenancy
from agencies.models import Assignment
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import printing, visit_papers
from fidelity.actions.visiting import save_visit
from fidelity.dashboards.visiting import suggestions, visit_page
from fidelity.in_force import scale_of
from fidelity.models import Review, Visit
from fidelity.visits import Count, Slot, VisitValues, Wanted
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, get, post, signed_in, text
from tests.outcomes import programs
from tests.pdfua import verify

COUNTED = VisitValues(
    agenda=(Slot(1, "09:00", "Director", "Welcome"),),
    asked=(Wanted("Contact logs", True),),
    people={"served": 6, "records": 10},
    tally={"SV4-1": Count(10, 8, 1)},
    numbers={"ST1": ((19, 100), (9, 50)), "SV8": ((9, 12),)},
)


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def review(cast: StateCast) -> Review:
    return reviews.scheduled(cast, others=("reviewer",))


def saved(
    cast: StateCast, review: Review, values: VisitValues = COUNTED, version: int = 0, by: str = "trainer"
) -> Visit:
    with reviews.acting(cast, by) as actor:
        return save_visit(Review.objects.get(pk=review.pk), values=values, version=version, by=actor)


def form_of(
    cast: StateCast, review: Review, persona: str = "trainer", page: str = "visit/people/"
) -> dict[str, Any]:
    """What the page would send unchanged."""
    return filled(get(cast, persona, at(review, page)).context["form"])


def filled(form: Any) -> dict[str, Any]:
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value is not None and value is not False}


def sent(
    cast: StateCast,
    review: Review,
    fields: dict[str, Any],
    persona: str = "trainer",
    page: str = "visit/people/",
) -> Any:
    return post(cast, persona, at(review, page), **fields)


# --- the action -----------------------------------------------------------------------------------------------
def test_it_begins_with_two_days_and_what_the_scale_asks_for(cast: StateCast, review: Review) -> None:
    with reviews.acting(cast, "trainer") as actor:
        page = visit_page(Review.objects.get(pk=review.pk), actor)
    assert {slot.day for slot in page.values.agenda} == {1, 2}
    assert page.values.wanted_on == review.starts_on - timedelta(days=14)
    assert (page.version, len(page.values.asked), page.may_write) == (0, 11, True)


def test_both_reviewers_save_and_read_the_same(cast: StateCast, review: Review) -> None:
    assert saved(cast, review).version == 1
    changed = VisitValues(people={"served": 7})
    assert saved(cast, review, changed, 1, "reviewer").version == 2
    with reviews.acting(cast, "trainer"):
        assert Visit.objects.get(review=review).values == changed


def test_a_repeated_save_is_answered_like_the_first(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    assert saved(cast, review).version == 1


def test_what_another_window_saved_is_never_overwritten(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    with pytest.raises(StaleVersion) as refusal:
        saved(cast, review, VisitValues(), 0, "reviewer")
    assert refusal.value.current["people"] == {"served": 6, "records": 10}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (VisitValues(tally={"SV4-1": Count(10, 8, 3)}), "SV4-1-met"),
        (VisitValues(tally={"SV4-1": Count(1000, 8, 3)}), "SV4-1-read"),
        (VisitValues(tally={"SV4-1": Count(10, -1, 3)}), "SV4-1-met"),
        (VisitValues(tally={"SV9-1": Count(10, 1, 3)}), "SV9-1-read"),
        (VisitValues(people={"ghosts": 1}), "people-ghosts"),
        (VisitValues(people={"served": 1000}), "people-served"),
        (VisitValues(numbers={"ST1": ((19, 0),)}), "ST1-1-percent"),
        (VisitValues(numbers={"ST1": ((19, 101),)}), "ST1-1-percent"),
        (VisitValues(numbers={"SV8": ((13, 12),)}), "SV8-1-part"),
        (VisitValues(numbers={"SV8": ((1, 2), (1, 2))}), "SV8-1-part"),
        (VisitValues(numbers={"SV6": ((1, 2),)}), "SV6-1-specific"),
        (VisitValues(numbers={"SV6": ((1, 2, 0, 4),)}), "SV6-1-weeks"),
        (VisitValues(numbers={"OR2": ((1, 2),)}), "OR2-1-part"),
        (VisitValues(agenda=(Slot(1, "9 am", "Director", ""),)), "agenda-1-time"),
        (VisitValues(agenda=(Slot(6, "09:00", "Director", ""),)), "agenda-1-day"),
        (VisitValues(agenda=(Slot(1, "09:00", "", ""),)), "agenda-1-what"),
        (VisitValues(asked=(Wanted("", True),)), "asked-1-text"),
        (VisitValues(asked=tuple(Wanted(f"Log {n}", True) for n in range(25))), "asked-24-text"),
        (VisitValues(asked=(Wanted("Logs", True),) * 2), "asked-2-text"),
        (VisitValues(agenda=(Slot(1, "09:00", "Director", ""),) * 2), "agenda-2-what"),
    ],
)
def test_what_cannot_be_true_is_refused_where_it_stands(
    cast: StateCast, review: Review, values: VisitValues, field: str
) -> None:
    with pytest.raises(Unacceptable) as refusal:
        saved(cast, review, values)
    assert refusal.value.field == field


def test_it_closes_with_the_own_sheet(cast: StateCast, review: Review) -> None:
    """The other reviewer, still rating, goes on."""
    reviews.finished(cast, reviews.rate(cast, review, 3))
    with pytest.raises(WrongStatus, match="locked"):
        saved(cast, review)
    assert saved(cast, review, by="reviewer").version == 1


def test_only_reviewers_write_it(cast: StateCast, review: Review) -> None:
    with pytest.raises(NotPermitted):
        saved(cast, review, by="second_trainer")


# --- the page -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("trainer", 200),
        ("reviewer", 200),
        ("admin", 200),
        ("second_trainer", 200),
        ("supervisor", 404),
        ("leader", 404),
        ("vr_liaison", 404),
        ("specialist", 404),
    ],
)
def test_who_sees_it(cast: StateCast, review: Review, persona: str, status: int) -> None:
    assert get(cast, persona, at(review, "visit/")).status_code == status
    tabs = text(get(cast, persona, at(review)))
    assert (f"{review.public_id}/visit/" in tabs) == (status == 200)


TYPED: dict[str, dict[str, str]] = {
    "visit/": {
        "agenda-1-what": "",
        "agenda-1-who": "",
        "agenda-1-time": "",
        "agenda-20-time": "07:00",
        "agenda-20-what": "Drive there",
    },
    "visit/request/": {"asked-1-received": "on", "wanted_on": ""},
    "visit/people/": {"people-records": "10", "SV3-2-read": "10", "SV3-2-met": "8"},
    "visit/numbers/": {
        "SV6-2-specific": "20",
        "SV6-2-generic": "4",
        "SV6-2-weeks": "4",
        "SV6-2-looking": "7",
    },
}


def test_each_page_saves_what_is_typed_and_leaves_the_others(cast: StateCast, review: Review) -> None:
    for page, typed in TYPED.items():
        fields = form_of(cast, review, page=page) | typed
        assert sent(cast, review, fields, page=page).status_code == 302
    with reviews.acting(cast, "trainer"):
        values = Visit.objects.get(review=review).values
    assert values.agenda[0] == Slot(1, "07:00", "", "Drive there")
    assert len(values.agenda) == 14
    assert values.asked[0].received
    assert values.wanted_on is None
    assert values.people == {"records": 10}
    assert values.tally == {"SV3-2": Count(10, 8, 0)}
    assert values.numbers == {"SV6": (None, (20, 4, 4, 7))}
    assert form_of(cast, review, page="visit/numbers/")["SV6-2-looking"] == 7


@pytest.mark.parametrize(
    ("page", "kept", "field", "value", "said"),
    [
        ("visit/people/", "people-served", "SV4-1-read", "2.5", "whole number"),
        ("visit/people/", "people-served", "SV4-1-read", "-1", "greater than or equal to 0"),
        ("visit/people/", "people-served", "SV4-1-read", "1000", "less than or equal to 999"),
        ("visit/people/", "people-served", "SV4-1-met", "11", "more than the 10 read"),
        ("visit/people/", "people-served", "SV4-1-read", "", "Say how many records were read"),
        ("visit/numbers/", "SV9-1-part", "SV8-1-part", "3", "Fill in the whole row"),
        ("visit/numbers/", "SV9-1-part", "ST1-1-percent", "101", "Fill in the whole row"),
        ("visit/", "agenda-3-who", "agenda-2-time", "late", "Write the time as"),
        ("visit/request/", "asked-4-text", "wanted_on", "soon", "date"),
    ],
)
def test_wrong_values_come_back_with_everything_typed(
    cast: StateCast, review: Review, page: str, kept: str, field: str, value: str, said: str
) -> None:
    counted = {"SV4-1-read": "10", "SV4-1-met": "8"} if page == "visit/people/" else {}
    fields = form_of(cast, review, page=page) | counted | {kept: "77", field: value}
    answer = sent(cast, review, fields, page=page)
    assert answer.status_code == 422
    assert said in text(answer)
    assert answer.context["form"][kept].value() == "77"


def test_two_windows_that_touch_different_things_both_win(cast: StateCast, review: Review) -> None:
    first, second = form_of(cast, review), form_of(cast, review, "reviewer")
    assert sent(cast, review, first | {"people-served": "6"}).status_code == 302
    assert sent(cast, review, second | {"people-family": "2"}, "reviewer").status_code == 302
    with reviews.acting(cast, "trainer"):
        assert Visit.objects.get(review=review).values.people == {"served": 6, "family": 2}


def test_two_windows_that_touch_the_same_are_shown_both(cast: StateCast, review: Review) -> None:
    first, second = form_of(cast, review), form_of(cast, review, "reviewer")
    sent(cast, review, first | {"people-served": "6"})
    answer = sent(cast, review, second | {"people-served": "9"}, "reviewer")
    assert answer.status_code == 409
    assert "People served, stored now" in text(answer)
    assert answer.context["form"]["people-served"].value() == 9
    assert sent(cast, review, filled(answer.context["form"]), "reviewer").status_code == 302


def test_after_rating_is_finished_what_was_typed_is_kept_on_the_page(cast: StateCast, review: Review) -> None:
    fields = form_of(cast, review)
    reviews.finished(cast, reviews.rate(cast, review, 3))
    answer = sent(cast, review, fields | {"people-served": "77"})
    assert answer.status_code == 409
    assert 'value="77"' in text(answer)
    assert 'data-busy="Saving' not in text(answer)


def test_no_rating_shows_on_the_page_of_the_visit(cast: StateCast, review: Review) -> None:
    """Whatever the lead rates and writes, the other reviewer's pages of the visit stay the same, byte for byte."""
    token = re.compile(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')
    saved(cast, review)
    reviews.rate(cast, review, {"ST1": 4})

    def seen() -> list[str]:
        client = signed_in(cast, "reviewer")
        pages = (*TYPED, "rate/", "calculator/?item=SV6")
        answers = [client.get(f"/meridian/{at(review, page)}") for page in pages]
        answers.append(client.get(f"/api/v1/meridian/{at(review, 'visit/')}"))
        return [token.sub("", text(answer)) for answer in answers]

    before = seen()
    reviews.rate(cast, review, dict.fromkeys(("ST2", "SV6", "SV12"), 2))
    assert seen() == before


# --- what counts suggest --------------------------------------------------------------------------------------
def test_a_suggestion_stands_beside_the_item_and_is_never_entered(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    answer = get(cast, "trainer", at(review, "rate/"))
    items = {item.code: item for item in answer.context["sheet"].items}
    assert [reading.rating for reading in items["ST1"].suggestions] == [5]
    assert "28 people for 1.50 full-time specialists: 19 for each" in text(answer)
    assert all(item.entry.score is None for item in items.values())


def test_accepted_figures_suggest_a_caseload_to_those_who_may_see_them(
    cast: StateCast, review: Review
) -> None:
    programs.accepted(cast, "north_one", served=53)
    found = {}
    for persona in ("trainer", "reviewer"):
        with reviews.acting(cast, persona) as actor:
            found[persona] = suggestions(Review.objects.get(pk=review.pk), actor).get("ST1", ())
    (reading,) = found["trainer"]
    assert (reading.rating, reading.counted) == (4, ("53 people served by 2.50 full-time specialists",))
    assert "accepted figures" in reading.source
    assert found["reviewer"] == ()


def test_the_calculator_keeps_nothing(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    page = at(review, "calculator/")
    shown = get(cast, "trainer", page, item="ST1")
    assert shown.context["form"]["ST1-1-people"].value() == 19
    asked = {"item": "OR2", "present": "a", "work": "out", "gates": ""}
    answer = get(cast, "trainer", page, item="OR2", work="out")
    assert answer.context["reading"].rating == 1
    answer = get(cast, "trainer", page, item="OR3", work="out", contact="weekly", meeting="monthly")
    assert answer.context["reading"].rating == 5
    assert (
        get(cast, "trainer", page, **{"item": "SV8", "SV8-1-part": "13", "SV8-1-of": "12"}).status_code == 422
    )
    assert get(cast, "trainer", page, **asked).status_code == 422
    assert get(cast, "admin", page).status_code == 404


def test_every_item_that_can_be_worked_out_has_its_page(cast: StateCast, review: Review) -> None:
    with reviews.acting(cast, "trainer"):
        codes = scale_of(Review.objects.get(pk=review.pk)).codes
    for code in codes:
        assert get(cast, "trainer", at(review, "calculator/"), item=code).status_code == 200


def test_the_report_begins_with_who_was_met(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    saved(cast, review)
    reviews.finished(cast, reviews.rate(cast, review, 3))
    assert (
        reviews.said(cast, review).method
        == "People met: People served (6).\nObserved and read: Records read (10)."
    )


# --- papers ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", visit_papers.LABELS)
def test_every_paper_is_tagged_and_says_what_is_saved(cast: StateCast, review: Review, kind: str) -> None:
    saved(cast, review)
    with cast.entered("trainer"):
        content = visit_papers.content_of(kind)(review.pk)
    render = printing.sheets_pdf if kind == visit_papers.SHEETS else printing.visit_pdf
    assert verify(render(content)) == []


def test_no_paper_holds_a_rating(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    with cast.entered("trainer"):
        before = [visit_papers.content_of(kind)(review.pk) for kind in visit_papers.LABELS]
    reviews.rate(cast, review, 2)
    with cast.entered("trainer"):
        assert [visit_papers.content_of(kind)(review.pk) for kind in visit_papers.LABELS] == before


@pytest.mark.parametrize(
    ("persona", "status"), [("trainer", 302), ("admin", 302), ("reviewer", 403), ("supervisor", 404)]
)
def test_who_may_have_a_paper(cast: StateCast, review: Review, persona: str, status: int) -> None:
    """A reviewer from elsewhere takes papers that are made, and makes none."""
    assert post(cast, persona, at(review, "visit/pdf/"), kind="score-sheets").status_code == status
    if status == 302:
        assert post(cast, persona, at(review, "visit/pdf/"), kind="fidelity-draft").status_code == 422


# --- programs -------------------------------------------------------------------------------------------------
def test_programs_read_and_save_the_same(cast: StateCast, review: Review) -> None:
    client, path = signed_in(cast, "trainer"), f"/api/v1/meridian/{at(review, 'visit/')}"
    shown = client.get(path).json()
    body = {name: shown[name] for name in ("version", "agenda", "asked", "wanted_on", "people")}
    body["tally"] = [{"question": "SV14-1", "read": 10, "met": 9, "unmet": 1}]
    body["numbers"] = [{"item": "SV6", "specialist": 2, "values": [20, 4, 4, 7]}]
    answer = client.put(path, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["version"] == 1
    assert {each["item"]: each["rating"] for each in answer.json()["suggestions"]} == {"SV6": 5, "SV14": None}
    body["people"] = [{"who": "served", "number": 4}]
    assert client.put(path, body, content_type="application/json").status_code == 409
    body |= {"version": 1, "tally": [{"question": "SV14-1", "read": 10, "met": 9, "unmet": 2}]}
    refused = client.put(path, body, content_type="application/json")
    assert refused.status_code == 422
    assert "tally.0.met" in refused.content.decode()


# --- history --------------------------------------------------------------------------------------------------
def test_the_history_says_what_changed_to_those_who_see_it(cast: StateCast, review: Review) -> None:
    saved(cast, review)
    saved(cast, review, VisitValues(people={"served": 7}), 1)
    for persona, sees in (("trainer", True), ("admin", True), ("supervisor", False)):
        page = text(get(cast, persona, at(review, "history/")))
        assert ("Began the page of the visit" in page) == sees
        assert ("the tally of records" in page) == sees


def test_a_reviewer_who_may_read_no_draft_any_more_is_not_led_to_it(cast: StateCast) -> None:
    """A liaison reads drafts while assigned; no tab offers what is closed since."""
    review = reviews.scheduled(cast, others=("mh_liaison",))
    assert get(cast, "mh_liaison", at(review, "visit/")).status_code == 200
    with tenancy.as_system(cast.state.pk):
        past = cast.state.today() - timedelta(days=1)
        rows = Assignment.objects.filter(person=cast.people["mh_liaison"])
        assert rows.update(starts_on=past, ends_on=past) == 1
    assert get(cast, "mh_liaison", at(review, "visit/")).status_code == 404
    assert f"{review.public_id}/visit/" not in text(get(cast, "mh_liaison", at(review)))
