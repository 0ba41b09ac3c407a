"""Past reviews on the pages: from the template to the reviews, and marked as imported wherever they are shown."""

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.refusals import WrongStatus
from fidelity.models import Review, ReviewImport
from fidelity.paper import report_paper
from fidelity.printing import report_pdf
from fidelity.reports import report_content
from ips_portal.importing.columns import plain
from ips_portal.uploads import apart
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.pages import at, get, post, queries, signed_in, text
from tests.fidelity.past import CODES, HEAD, csv_of, row
from tests.fidelity.test_past_importing import NORTH, SOUTH, all_reviews, imported
from tests.ips_portal.uploads.books import saved, workbook

NEW = "/meridian/reviews/import/"
MARK = "Imported</span>"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def sent(browser: Client, content: bytes, name: str = "past.csv") -> Any:
    return browser.post(NEW, {"file": SimpleUploadedFile(name, content)})


def uploaded(browser: Client, *rows: list[str]) -> str:
    answer = sent(browser, csv_of(HEAD, *rows))
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def one(cast: StateCast) -> Review:
    imported(cast, row(NORTH, first="3/14/2021", last="3/15/2021"))
    (found,) = all_reviews(cast)
    return found


def test_a_template_is_filled_in_uploaded_looked_at_and_imported(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    assert NEW in text(get(cast, "admin", "reviews/"))
    page = text(browser.get(NEW))
    assert "template.csv?scale=ips25-2008" in page
    answer = browser.get(f"{NEW}template.csv?scale=ips25-2008")
    head, *lines = csv.reader(StringIO(text(answer).removeprefix("\ufeff")))
    assert [line[1] for line in lines][:2] == [NORTH, "Meridian North Team Two"]
    assert head[8:-1] == list(CODES)
    filled = {"Kind": "external", "First day": "3/14/2021", **dict.fromkeys(CODES, "4"), "Total": "100"}
    line = [filled.get(name, cell) for name, cell in zip(head, lines[0], strict=True)]
    here = str(sent(browser, csv_of(head, line)).headers["Location"])
    shown = text(browser.get(here))
    assert "1 of 1 row can become a review." in shown
    assert all_reviews(cast) == []
    done = text(browser.post(here, {"key": str(uuid4()), "choice": "good"}, follow=True))
    assert "1 row became a review." in done
    assert MARK in done
    assert "Take this import back" in done
    (review,) = all_reviews(cast)
    assert (review.total, review.is_imported) == (100, True)


def test_the_template_as_a_workbook_can_be_read_again(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    sheet = apart.read(browser.get(f"{NEW}template.xlsx?scale=se15").content)
    assert [plain(cell) for cell in sheet.rows[0].cells[:3]] == ["agency", "team", "scale"]
    assert sheet.rows[1].cells[2] == "se15"
    assert browser.get(f"{NEW}template.csv?scale=nowhere").status_code == 404


def test_a_workbook_is_read_like_the_text(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    values: list[Any] = [int(cell) if cell.isdigit() else cell for cell in row(NORTH, first="2021-03-14")]
    here = str(sent(browser, saved(workbook(HEAD, values)), "past.xlsx").headers["Location"])
    assert "1 of 1 row can become a review." in text(browser.get(here))


def test_problems_stand_at_their_cells_and_come_back_as_a_file(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    here = uploaded(browser, row(NORTH, first="3/14/2021", ST2="6"), row("Nowhere", first="3/14/2021"))
    page = text(browser.get(here))
    assert "0 of 2 rows can become reviews. 2 rows have problems and would not be imported." in page
    assert "H, ST2" in page
    assert "Choose a whole number from 1 to 5. You entered 6." in page
    assert "There is no team called “Nowhere” in Meridian." in page
    given = text(browser.get(f"{here}corrected.csv"))
    assert "What to look at" in given.splitlines()[0]
    mended = given.replace(",6,", ",4,", 1).replace(",102,", ",100,").replace("Nowhere", SOUTH)
    again = str(sent(browser, mended.encode()).headers["Location"])
    assert "2 of 2 rows can become reviews." in text(browser.get(again))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file has no data rows."),
        (b"a,b\n" * 600_000, "The file is 2.3 MB; the limit is 2 MB (1,000 rows)."),
        (b"%PDF-1.7", "This is a PDF. Upload the table as .xlsx or CSV."),
        (b"Team,Scale\nx,y", "The column “Kind” is missing."),
        (csv_of([*HEAD, "Client name"], [*row(), "Jo Doe"]), "seems to hold client details (column AG)"),
    ],
)
def test_a_refused_file_is_answered_on_the_page_and_not_kept(
    cast: StateCast, content: bytes, words: str
) -> None:
    answer = sent(signed_in(cast, "admin"), content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Jo Doe" not in text(answer)
    with cast.entered("admin"):
        assert not ReviewImport.objects.exists()


def test_an_unknown_column_is_left_out_only_after_consent(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    head = [*HEAD, "Led by whom"]
    here = str(sent(browser, csv_of(head, [*row(NORTH, first="3/14/2021"), "A. B."])).headers["Location"])
    assert "Leave out column AG (“Led by whom”)" in text(browser.get(here))
    refused = browser.post(here, {"key": str(uuid4()), "choice": "good"})
    assert refused.status_code == 422
    assert "Agree that these columns are left out: AG" in text(refused)
    browser.post(here, {"key": str(uuid4()), "choice": "good", "leaves_out": "on"})
    assert len(all_reviews(cast)) == 1


def test_it_is_marked_wherever_it_is_listed_or_shown(cast: StateCast) -> None:
    review = one(cast)
    who = f"Meridian Admin imported this review on {cast.state.today():%B %-d, %Y}"
    assert MARK in text(get(cast, "leader", "reviews/"))
    overview = text(get(cast, "leader", at(review)))
    assert MARK in overview
    assert who in overview
    assert "Who reviewed is not known here." in overview
    assert "on site or virtual was not noted" in overview
    assert "Action plan</a>" not in overview
    read = text(get(cast, "specialist", at(review, "report/read/")))
    assert MARK in read
    assert who in read
    assert "Not written yet" not in read
    assert MARK in text(get(cast, "supervisor", "teams/north-one/"))
    assert MARK in text(get(cast, "admin", ""))
    assert "Imported from past.csv" in text(get(cast, "leader", at(review, "history/")))
    standing = text(get(cast, "admin", "reviews/teams/north-one/standing/"))
    assert "The imported review that ended on March 15, 2021 gave 100 points." in standing


def test_trend_and_comparison_name_it(cast: StateCast) -> None:
    review = one(cast)
    after = reviews.issued(cast, days_ago=100)
    assert text(get(cast, "admin", at(after))).count(MARK) == 1  # in the table of totals over time
    compared = text(get(cast, "admin", at(after, "compare/")))
    assert "Imported from the state&#x27;s own records, with ratings alone: March 14 to 15, 2021." in compared
    assert "External review, imported" in compared
    assert "March 14 to 15, 2021, external review, imported" in compared
    table = text(get(cast, "admin", at(after, "compare.csv"), other=str(review.public_id)))
    assert "edition 1, imported;" in table


def test_the_next_review_and_its_paper_name_it(cast: StateCast) -> None:
    one(cast)
    rated = reviews.scheduled(cast, starts_on=cast.state.today())
    assert "March 2021, imported" in text(get(cast, "trainer", at(rated, "rate/")))
    after = reviews.issued(cast, days_ago=100)
    with cast.entered("admin"):
        paper = report_paper(report_content(after.pk))
    assert "(March 15, 2021: 100 points, Good, imported)" in " ".join(paper.result)
    assert paper.chart is not None
    assert "Mar 2021 100 (imported)" in paper.chart.numbers


def test_pages_of_what_was_not_brought_along_say_so(cast: StateCast) -> None:
    review = one(cast)
    for page, noun in (("plan/", "action plan"), ("visit/", "page of the visit")):
        answer = get(cast, "admin", at(review, page))
        assert answer.status_code == 409
        assert f"This review was imported with its ratings alone, so there is no {noun} of it." in text(
            answer
        )
    assert get(cast, "trainer", at(review, "consensus/")).status_code == 404
    assert get(cast, "admin", "reviews/agreement/").status_code == 200


def test_the_paper_says_it_and_invents_nothing(cast: StateCast) -> None:
    review = one(cast)
    with cast.entered("admin"):
        content = report_content(review.pk)
    paper = report_paper(content)
    assert paper.head.edition_line == f"Edition 1, imported {cast.state.today():%B %-d, %Y}"
    assert "The day of its report is not known." in paper.head.imported
    assert (paper.head.reviewers, paper.head.mode, paper.strengths) == ((), "", ())
    assert report_pdf(content).startswith(b"%PDF")
    assert post(cast, "admin", at(review, "report/pdf/")).status_code == 302


def test_pages_for_others_are_refused_or_hidden(cast: StateCast) -> None:
    here = uploaded(signed_in(cast, "admin"), row(NORTH, first="3/14/2021")).removeprefix("/meridian/")
    for page in ("reviews/import/", here, f"{here}corrected.csv", "reviews/import/template.csv"):
        assert get(cast, "trainer", page).status_code == 403
    assert get(cast, "leader", here).status_code == 404
    assert get(cast, "stakeholder", "reviews/import/").status_code == 404
    assert signed_in(cast, "admin").get(f"/bayou/{here}").status_code == 404
    assert "reviews/import/" not in text(get(cast, "trainer", "reviews/"))


def test_a_file_is_thrown_away_or_taken_back(cast: StateCast) -> None:
    browser = signed_in(cast, "admin")
    here = uploaded(browser, row(NORTH, first="3/14/2021"))
    told = text(browser.post(f"{here}discard/", follow=True))
    assert "The file was thrown away. Nothing was imported." in told
    assert "This file was discarded" in text(browser.get(here))
    assert browser.get(f"{here}take-back/").status_code == 409
    again = uploaded(browser, row(NORTH, first="3/14/2021"))
    browser.post(again, {"key": str(uuid4()), "choice": "all"})
    (review,) = all_reviews(cast)
    assert "stop counting" in text(browser.get(f"{again}take-back/"))
    done = text(browser.post(f"{again}take-back/", {"reason": "Of another team."}, follow=True))
    assert "This import was taken back" in done
    assert "Of another team." in done
    assert "The import of this review was taken back" in text(get(cast, "leader", at(review)))


def test_the_number_of_queries_does_not_grow_with_the_reviews(cast: StateCast) -> None:
    pages = ("reviews/", "", "reviews/standings/", "reviews/import/")
    imported(cast, row(NORTH, first="3/14/2021"))
    few = [queries(cast, "admin", page) for page in pages]
    imported(cast, *(row(team, first=f"{month}/1/2023") for month in range(1, 7) for team in (NORTH, SOUTH)))
    assert [queries(cast, "admin", page) for page in pages] == few


def test_ratings_alone_are_imported_again_and_not_corrected(cast: StateCast) -> None:
    review = one(cast)
    assert "correction" not in text(get(cast, "admin", at(review)))
    with pytest.raises(WrongStatus, match="Take its import back"):
        corrections.opened(cast, review)
