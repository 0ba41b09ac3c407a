"""A state's own scale, from the text to a review that is rated by it."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Unacceptable
from fidelity.actions.scales import add_scale
from fidelity.histories import dated_policies
from fidelity.in_force import scale_of, scale_version_on
from fidelity.lines import write
from fidelity.models import ScaleVersion
from fidelity.scales import document
from fidelity.snapshots import draft
from tests.cast import STARTED, Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, post, text
from tests.fidelity.rules import decided
from tests.fidelity.test_scales_written import SMALL

PAGE = "policy/scales/"
MARKS = {"thresholds.fair": 5, "thresholds.good": 8, "thresholds.exemplary": 10}


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def own(cast: StateCast) -> list[str]:
    with cast.entered("admin"):
        return list(ScaleVersion.objects.filter(state=cast.state).values_list("key", flat=True))


def added(cast: StateCast, written: str = SMALL) -> ScaleVersion:
    with cast.entered("admin") as admin:
        return add_scale(cast.state, text=written, by=admin)


def chosen(cast: StateCast) -> None:
    """From the state's first day on."""
    added(cast)
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Ours",
            effective_from=STARTED,
            data={"scale_version": "our-scale", "thresholds": {"fair": 5, "good": 8, "exemplary": 10}},
        )


def looked(answer: Any) -> str:
    [mark] = re.findall(r'name="looked" value="([0-9a-f]+)"', text(answer))
    return str(mark)


def test_a_scale_is_read_before_it_is_added(cast: StateCast) -> None:
    first = post(cast, "admin", PAGE, text=SMALL)
    assert first.status_code == 200
    assert "Our scale: 2 items, 2 to 10 points; Good from 8" in " ".join(text(first).split())
    assert own(cast) == []
    second = post(cast, "admin", PAGE, text=SMALL, looked=looked(first))
    assert second.status_code == 302
    assert own(cast) == ["our-scale"]
    assert "Added by Meridian Admin" in text(get(cast, "trainer", PAGE))


def test_a_file_is_shown_as_text_with_the_faults_of_its_lines(cast: StateCast) -> None:
    few = SMALL.replace("[one, two, three, four, five]", "[one]").encode()
    answer = post(cast, "admin", PAGE, file=SimpleUploadedFile("ours.yaml", few))
    page = text(answer)
    assert answer.status_code == 422
    assert "Line 22: Expected 5 entries, found 1." in page
    assert "Line 29: Expected 5 entries, found 1." in page
    assert "measure: What is seen first." in page  # there to be mended


def test_a_file_is_confirmed_once_though_a_browser_ends_its_lines_otherwise(cast: StateCast) -> None:
    first = post(cast, "admin", PAGE, file=SimpleUploadedFile("ours.yaml", SMALL.encode()))
    sent = SMALL.replace("\n", "\r\n")
    assert post(cast, "admin", PAGE, text=sent, looked=looked(first)).status_code == 302
    assert own(cast) == ["our-scale"]


def test_what_was_changed_after_reading_is_shown_again(cast: StateCast) -> None:
    mark = looked(post(cast, "admin", PAGE, text=SMALL))
    answer = post(cast, "admin", PAGE, text=SMALL.replace("Second", "Third"), looked=mark)
    assert answer.status_code == 200
    assert own(cast) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file, or write the scale here."),
        ({"text": SMALL.replace("our-scale", "ips25-2008")}, "belongs to a scale that comes with the portal"),
        ({"file": SimpleUploadedFile("x.yaml", b"\xff\xfe\x00")}, "not text in UTF-8"),
        ({"file": SimpleUploadedFile("x.yaml", b"#" + "é".encode() * 240_000)}, "This file is too large"),
    ],
)
def test_what_cannot_be_a_scale_of_ones_own_is_answered(
    cast: StateCast, sent: dict[str, Any], said: str
) -> None:
    answer = post(cast, "admin", PAGE, **sent)
    assert answer.status_code == 422
    assert said in text(answer)


def test_one_begins_with_a_scale_that_is_there(cast: StateCast) -> None:
    with cast.entered("admin"):
        shipped = ScaleVersion.objects.get(key="se15")
    assert "key: se15" in text(get(cast, "admin", f"{PAGE}?edition={shipped.pk}"))
    assert "Vocational generalists" in text(get(cast, "trainer", f"policy/scale/?edition={shipped.pk}"))
    for nothing in ("0", "x", "9" * 30):
        assert get(cast, "admin", f"{PAGE}?edition={nothing}").status_code == 404


def test_it_is_the_states_alone(world: Cast, cast: StateCast) -> None:
    row = added(cast)
    assert "Our scale" not in text(get(world.bayou, "admin", PAGE))
    assert get(world.bayou, "admin", f"policy/scale/?edition={row.pk}").status_code == 404
    assert post(cast, "trainer", PAGE, text=SMALL).status_code == 403
    with cast.entered("trainer") as trainer, pytest.raises(NotPermitted):
        add_scale(cast.state, text=SMALL, by=trainer)


def test_the_same_one_is_added_once(cast: StateCast) -> None:
    assert added(cast) == added(cast)
    mended = added(cast, SMALL.replace("Second", "Third"))
    assert own(cast) == ["our-scale", "our-scale"]
    with cast.entered("admin"):
        chosen(cast)
        assert (
            scale_version_on(cast.state.pk, cast.state.today()) == mended
        )  # the newer of two that begin alike


def test_reviews_are_rated_by_the_scale_the_rules_name(cast: StateCast) -> None:
    before = reviews.issued(cast, score=4, days_ago=40)
    chosen(cast)
    after = reviews.issued(cast, score=5, days_ago=1)
    with cast.entered("admin"):
        assert [len(scale_of(each).items) for each in (before, after)] == [25, 2]
    assert (after.total, before.total) == (10, 100)
    page = text(get(cast, "leader", f"reviews/{after.public_id}/"))
    assert "of 10" in page
    assert "Good" in page
    assert "A2" in text(get(cast, "leader", f"reviews/{after.public_id}/report/read/"))
    assert get(cast, "trainer", "outcomes/comparison/").status_code == 200


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"scale_version": "our-scale"},
            "The marks do not fit the scale: totals of Our scale lie between 2 and 10",
        ),
        ({"scale_version": "nobodys"}, "The scale nobodys is not there"),
        ({"scale_version": "our-scale", **MARKS, "thresholds.fair": 2}, "The marks do not fit the scale"),
    ],
)
def test_marks_and_scale_fit_each_other(cast: StateCast, values: dict[str, Any], said: str) -> None:
    added(cast)
    with cast.entered("admin") as admin, pytest.raises(Unacceptable, match=said):
        decided(cast, values, by=admin)


def test_the_rules_may_name_it_with_marks_that_fit(cast: StateCast) -> None:
    row = added(cast)
    with cast.entered("admin") as admin:
        decided(cast, {"scale_version": "our-scale", **MARKS}, by=admin)
        assert scale_version_on(cast.state.pk, cast.state.today()) == row


def test_the_page_costs_the_same_with_more_scales(cast: StateCast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            get(cast, "trainer", PAGE)
        return len(found)

    get(cast, "trainer", PAGE)
    few = asked()
    for number in range(4):
        added(cast, SMALL.replace("our-scale", f"our-scale-{number}"))
    get(cast, "trainer", PAGE)  # each edition is parsed once
    assert asked() == few


def test_the_form_of_the_rules_offers_the_scales(cast: StateCast) -> None:
    added(cast)
    page = text(get(cast, "admin", "policy/edit/"))
    assert '<option value="our-scale">Our scale</option>' in page


def fifteen(cast: StateCast) -> None:
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Fifteen",
            effective_from=STARTED,
            data={"scale_version": "se15", "thresholds": {"fair": 56, "good": 66, "exemplary": 75}},
        )


def test_rules_for_an_own_scale_know_where_its_totals_end(cast: StateCast) -> None:
    chosen(cast)
    with cast.entered("admin"):
        ((_, policy),) = dated_policies(cast.state.pk)
    assert policy.measures(10)
    assert not policy.measures(125)


def test_a_visit_by_the_scale_of_fifteen_items_asks_for_its_own_items(cast: StateCast) -> None:
    fifteen(cast)
    review = reviews.scheduled(cast)
    visit = f"reviews/{review.public_id}/visit/"
    assert "Career profile" not in text(get(cast, "trainer", f"{visit}people/"))
    numbers = text(get(cast, "trainer", f"{visit}numbers/"))
    for words in ("Caseload, specialist 1: People on the caseload", "Weekly hours outside the office"):
        assert words in numbers
    assert "Caseloads as counts" in text(get(cast, "trainer", f"{visit}request/"))


def test_a_scale_without_numbers_has_no_calculator(cast: StateCast) -> None:
    chosen(cast)
    review = reviews.scheduled(cast)
    assert get(cast, "trainer", f"reviews/{review.public_id}/calculator/").status_code == 404
    assert get(cast, "trainer", f"reviews/{review.public_id}/visit/numbers/").status_code == 200


def test_a_review_by_the_scale_of_fifteen_items_is_beside_one_of_2008_and_not_compared(
    cast: StateCast,
) -> None:
    reviews.issued(cast, days_ago=40)
    fifteen(cast)
    after = reviews.issued(cast, score=5, days_ago=1)
    compared = get(cast, "trainer", f"reviews/{after.public_id}/compare/").context["page"]
    assert (compared.change, len(compared.gone)) == ("not comparable", 25)
    assert {section.before for section in compared.sections} == {None}
    assert {row.before for section in compared.sections for row in section.rows} == {None}
    for page in ("report/read/", "plan/"):
        assert get(cast, "trainer", f"reviews/{after.public_id}/{page}").status_code == 200
    another = reviews.scheduled(cast, team="north_two")
    assert get(cast, "trainer", f"reviews/{another.public_id}/rate/").status_code == 200


def test_no_total_of_another_scale_is_said_to_have_moved(cast: StateCast) -> None:
    """An own scale that begins with the items of 2008 and has fewer of them."""
    reviews.issued(cast, score=3, days_ago=40)
    sections = list(document("ips25-2008")["sections"])[:2]
    codes = [item["code"] for section in sections for item in section["items"]]
    highest = 5 * len(codes)
    shorter = {**document("ips25-2008"), "key": "shorter", "sections": sections}
    shorter["bands"] = [
        {"key": "good", "label": "Good", "minimum": 2 * len(codes), "maximum": highest},
        {"key": "none", "label": "Not yet", "minimum": len(codes), "maximum": 2 * len(codes) - 1},
    ]
    added(cast, write(shorter))
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Ours",
            effective_from=STARTED,
            data={"scale_version": "shorter", "thresholds": {"fair": 15, "good": 20, "exemplary": 30}},
        )
    review = reviews.rate(cast, reviews.scheduled(cast), 4)
    check = get(cast, "trainer", f"reviews/{review.public_id}/check/").context["check"]
    assert check.score.possible == highest
    assert check.comparison.words == f"{len(codes)} up, 0 down, 0 the same"
    with cast.entered("trainer"):
        assert draft(review)["previous"]["possible"] == 125
