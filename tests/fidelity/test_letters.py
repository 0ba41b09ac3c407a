"""The letter on a team's standing: what it says, that it can be read aloud, and who may have it."""

import pytest

from fidelity import printing
from fidelity.letters import letter_content
from ips_portal import pdf
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, post, text
from tests.pdfua import verify

PAGE = "reviews/teams/north-one/standing/"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def test_it_says_what_the_page_says(cast: StateCast) -> None:
    reviews.issued(cast, score=4)
    with cast.entered("admin"):
        content = letter_content(cast.teams["north_one"].pk)
    page = text(get(cast, "admin", PAGE))
    assert content["sentences"]
    for sentence in content["sentences"]:
        assert sentence in page
    assert content["last_total"] == 100


def test_it_is_one_tagged_page(cast: StateCast) -> None:
    reviews.issued(cast, score=3)
    with cast.entered("admin"):
        made = printing.letter_pdf(letter_content(cast.teams["north_one"].pk))
    assert pdf.pages(made) == 1
    assert verify(made) == []


@pytest.mark.parametrize(
    ("persona", "status"),
    [("admin", 302), ("trainer", 302), ("vr_liaison", 302), ("supervisor", 403), ("other_leader", 404)],
)
def test_who_may_have_it(cast: StateCast, persona: str, status: int) -> None:
    assert post(cast, persona, f"{PAGE}letter/").status_code == status
    offered = "Letter as PDF" in text(get(cast, persona, PAGE)) if status != 404 else False
    assert offered == (status == 302)
