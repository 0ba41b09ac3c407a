"""The texts of the state beside the fields of the report editor."""

import re

import pytest

from fidelity.models import BankText, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.bank import ADVICE, added, kept, retired, whole
from tests.fidelity.pages import at, draft, get, queries, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def beside(page: str, field: str) -> list[str]:
    """The texts offered below a field, from the page alone."""
    part = page.split(f'id="id_{field}"', 1)[1]
    part = part.split("<textarea", 1)[0]
    return re.findall(r'<p class="bank__text">(.*?)</p>', part)


def opened(cast: StateCast, review: Review) -> str:
    return text(get(cast, "trainer", at(review, "report/")))


def test_the_editor_offers_what_fits_beside_each_field(cast: StateCast) -> None:
    """Every item is rated 3."""
    review = draft(cast)
    added(cast)
    added(cast, kept("Only for a 2.", highest=2))
    added(cast, kept("Logs are kept.", part="found", item_code="SV6", lowest=3))
    added(cast, whole())
    retired(cast, added(cast, kept("An earlier wording.")))
    page = opened(cast, review)
    assert beside(page, "ST1-recommendation") == [ADVICE]
    assert beside(page, "ST1-found") == []
    assert beside(page, "SV6-found") == ["Logs are kept."]
    assert beside(page, "strengths") == ["Everybody knows last quarter&#x27;s numbers."]
    assert page.count('<details class="more bank">') == 3
    assert "/meridian/policy/texts/" in page
    names = re.findall(r"Insert<span class=\"usa-sr-only\">(.*?)</span>", page)
    assert len(names) == len(set(names)) == 3
    assert " text 1: Recommendation, item 1" in names


def test_a_reviewer_from_elsewhere_is_offered_them_too(cast: StateCast) -> None:
    review = draft(cast, others=("reviewer",))
    added(cast)
    assert ADVICE in text(get(cast, "reviewer", at(review, "report/")))


def test_the_editor_asks_no_more_of_the_database_for_many_texts(cast: StateCast) -> None:
    review = draft(cast)
    none = queries(cast, "trainer", at(review, "report/"))
    for number in range(5):
        added(cast, kept(f"Step {number}."))
        added(cast, kept(f"Seen {number}.", part="found", item_code="SV6"))
    assert queries(cast, "trainer", at(review, "report/")) == none


def test_the_editor_speaks_of_texts_only_where_it_offers_some(cast: StateCast) -> None:
    review = draft(cast)
    assert "Texts that your state keeps" not in opened(cast, review)
    added(cast)
    assert "Texts that your state keeps" in opened(cast, review)


def test_texts_of_another_scale_are_not_offered(cast: StateCast) -> None:
    review = draft(cast)
    with reviews.acting(cast, "admin"):
        row = added(cast)
        BankText.objects.filter(pk=row.pk).update(scale_key="se15")
    assert ADVICE not in opened(cast, review)
