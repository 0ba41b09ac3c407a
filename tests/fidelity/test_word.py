"""A draft in a word processor says what its page says; for those who read drafts, never for the agency."""

from io import BytesIO

import pytest
from docx import Document

from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, draft, get, post, text
from tests.fidelity.test_report_pages import opened


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def test_a_draft_is_a_document_with_all_that_was_written(cast: StateCast) -> None:
    review = draft(cast)
    texts = {
        "strengths": "They know\uffff every employer.\n\n- First point\n- Second point",
        "method": "Two days <on site>.",
    }
    post(cast, "trainer", at(review, "report/"), **opened(cast, review) | texts)
    page = text(get(cast, "trainer", at(review, "report/preview/")))
    assert at(review, "report/preview/word/") in page
    answer = get(cast, "trainer", at(review, "report/preview/word/"))
    assert answer["Content-Disposition"].startswith('attachment; filename="draft-report-north-one-')
    document = Document(BytesIO(answer.content))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert "They know every employer." in said
    assert "Two days <on site>." in said
    assert any("Taken by" in each and str(cast.people["trainer"].name) in each for each in said)
    points = [each.text for each in document.paragraphs if each.style and each.style.name == "List Bullet"]
    assert points == ["First point", "Second point"]
    items = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 3"]
    assert (len(items), items[0][:2]) == (25, "1.")
    rows = [row.cells for table in document.tables for row in table.rows]
    assert len(rows) == 25 + 2 * len(document.tables)
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert document.core_properties.language == "en-US"


@pytest.mark.parametrize(
    ("persona", "status"), [("admin", 200), ("leader", 404), ("supervisor", 404), ("payer", 404)]
)
def test_the_agency_gets_no_draft_to_write_on(cast: StateCast, persona: str, status: int) -> None:
    assert get(cast, persona, at(draft(cast), "report/preview/word/")).status_code == status


def test_an_issued_report_is_no_draft(cast: StateCast) -> None:
    assert get(cast, "trainer", at(reviews.issued(cast), "report/preview/word/")).status_code == 409
