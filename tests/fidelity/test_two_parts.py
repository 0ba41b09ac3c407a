"""A state's own scale with a total per part, from its text to a review on every page, paper and list."""

import subprocess
from contextlib import nullcontext
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from agencies.refusals import Unacceptable
from fidelity import snapshots
from fidelity.actions import consensus, importing
from fidelity.actions.consensus import Settled
from fidelity.actions.correcting import ItemWords
from fidelity.actions.scales import add_scale
from fidelity.comparing import compare
from fidelity.histories import dated_policies
from fidelity.in_force import scale_in
from fidelity.models import Edition, Review, ScaleVersion
from fidelity.paper import plan_paper, report_paper
from fidelity.printing import report_pdf
from outcomes.dashboards.charted import counts_alike
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.pages import at, evenly, get, post, read, text
from tests.fidelity.past import csv_of
from tests.fidelity.rules import decided
from tests.fidelity.test_api import Program
from tests.fidelity.two_parts import chosen, drafted, issued, rated, written

LEAD, SECOND = "trainer", "reviewer"
WORDS = "Employment 16 of 20, Sound; Education 9 of 15, Begun"


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    chosen(found)
    return found


def agreed(cast: StateCast) -> Review:
    """Two rate apart, agree where they differ, and the report is in draft."""
    review = reviews.scheduled(cast, lead=LEAD, others=(SECOND,))
    reviews.rate(cast, review, rated(4, 3), by=LEAD)
    reviews.rate(cast, review, rated(4, 3) | {"W1": 5, "S1": 2}, by=SECOND)
    reviews.finished(cast, review, by=SECOND)
    return reviews.finished(cast, review, by=LEAD)


def of_edition(review: Review) -> dict[str, Any]:
    found: dict[str, Any] = Edition.objects.get(review=review).snapshot
    return found


def test_a_scale_with_parts_is_read_before_it_is_added(db: None) -> None:
    cast = make_cast().meridian
    first = evenly(post(cast, "admin", "policy/scales/", text=written()))
    assert "Our scale for young people: 7 items in 2 parts with a total each." in first
    assert "Employment, which leads: 4 items, 4 to 20 points. Bands: Strong from 18" in first
    assert "Education: 3 items, 3 to 15 points. Bands: Far along from 11, Begun from 3" in first
    help_text = evenly(get(cast, "admin", "policy/scales/"))
    assert "A scale with a total per part" in help_text
    assert "The total of the leading part is what a state" in help_text


def test_what_is_wrong_in_a_part_is_said_by_line(db: None) -> None:
    cast = make_cast().meridian
    wrong = written().replace("minimum: 11", "minimum: 12")
    assert "Line 21: “Far along” starts at 12, expected 11" in evenly(
        post(cast, "admin", "policy/scales/", text=wrong)
    )


def test_the_page_of_the_scale_says_which_part_leads(cast: StateCast) -> None:
    page = evenly(get(cast, "admin", "policy/scale/"))
    assert "7 items in 2 parts: Employment, 4 to 20 points; Education, 3 to 15 points." in page
    assert "The total of the leading part, Employment, is what a state" in page
    assert "Bands: Employment" in page
    assert "Bands: Education" in page
    told = Program(cast, "trainer").get("scale/")
    assert [(part["code"], part["leads"], part["lowest"], part["possible"]) for part in told["parts"]] == [
        ("EMP", True, 4, 20),
        ("EDU", False, 3, 15),
    ]
    assert [band["name"] for band in told["parts"][1]["bands"]] == ["Far along", "Begun"]
    assert [section["part"] for section in told["sections"]] == ["EMP", "EDU", "EMP"]


@pytest.mark.parametrize(("exemplary", "fits"), [(20, True), (21, False)])
def test_marks_of_the_rules_are_for_the_leading_total(cast: StateCast, exemplary: int, fits: bool) -> None:
    """Both parts together end at 35, and no mark is for that."""
    values = {"thresholds.fair": 10, "thresholds.good": 14, "thresholds.exemplary": exemplary}
    words = "totals of Our scale for young people in Employment lie between 4 and 20"
    refused = nullcontext() if fits else pytest.raises(Unacceptable, match=words)
    with cast.entered("admin") as admin, refused:
        decided(cast, {"scale_version": "our-youth", **values}, by=admin)


def test_who_sets_the_marks_is_told_of_which_total(cast: StateCast) -> None:
    page = read(get(cast, "admin", "policy/"))
    assert "Totals in these rules are those of Employment, the leading part of the scale." in page
    assert Program(cast, "trainer").get("policy/")["part"] == "Employment"
    assert "where it has parts, they are for the total of the leading one." in read(
        get(cast, "admin", "policy/edit/")
    )


def test_a_reviewer_sees_a_running_total_of_each_part(cast: StateCast) -> None:
    review = reviews.rate(cast, reviews.scheduled(cast), {"W1": 4, "W2": 3, "S1": 5})
    page = get(cast, LEAD, at(review, "rate/"))
    assert "3 of 7 rated, running totals so far: Employment 7 of 20, Education 5 of 15" in read(page)
    assert "&quot;codes&quot;: [&quot;S1&quot;, &quot;S2&quot;, &quot;S3&quot;]" in text(page)
    check = read(get(cast, LEAD, at(review, "check/")))
    assert "Employment Not complete 2 of 4 rated, 7 so far" in check
    assert "Education Not complete 1 of 3 rated, 5 so far" in check


def test_the_check_shows_both_totals_and_none_of_both(cast: StateCast) -> None:
    issued(cast, drafted(cast, rated(3, 3), days_ago=300))
    review = reviews.rate(cast, reviews.scheduled(cast), rated(4, 3))
    assert "All 7 rated, Employment 16 of 20, Sound; Education 9 of 15, Begun" in read(
        get(cast, LEAD, at(review, "rate/"))
    )
    check = read(get(cast, LEAD, at(review, "check/")))
    assert "Employment 16 of 20, Sound; 2 points below Strong" in check
    assert "Education 9 of 15, Begun" in check
    assert "Employment 12 of 20, Fair; Education 9 of 15, Begun" in check
    assert "4 points more in Employment; 4 up, 0 down, 3 the same" in check
    assert "25 of 35" not in check
    progress = Program(cast, LEAD).get(f"reviews/{review.public_id}/ratings/")["progress"]
    assert (progress["total_so_far"], progress["possible"]) == (16, 20)
    assert [(part["code"], part["total_so_far"]) for part in progress["parts"]] == [("EMP", 16), ("EDU", 9)]


def test_two_agree_and_see_each_total_grow(cast: StateCast) -> None:
    review = agreed(cast)
    page = read(get(cast, LEAD, at(review, "consensus/")))
    assert "Employment Not complete 3 of 4 settled" in page
    with reviews.acting(cast, LEAD) as actor:
        consensus.settle(review, items={"W1": Settled(4, "")}, by=actor)
    page = read(get(cast, LEAD, at(review, "consensus/")))
    assert "Employment 16 of 20, Sound" in page
    assert "Education Not complete 2 of 3 settled" in page
    told = Program(cast, LEAD).get(f"reviews/{review.public_id}/consensus/")["parts"]
    assert [(part["code"], part["total"], part["band_name"]) for part in told] == [
        ("EMP", 16, "Sound"),
        ("EDU", None, None),
    ]


def in_draft(cast: StateCast) -> Review:
    review = agreed(cast)
    with reviews.acting(cast, LEAD) as actor:
        consensus.settle(review, items={"W1": Settled(4, ""), "S1": Settled(3, "")}, by=actor)
        return consensus.close(Review.objects.get(pk=review.pk), by=actor)


def test_the_draft_says_each_total_on_page_and_for_word(cast: StateCast) -> None:
    review = in_draft(cast)
    assert WORDS in read(get(cast, LEAD, at(review, "report/")))
    result = "scored 16 of 20 points in Employment, which is in the Sound band."
    preview = read(get(cast, LEAD, at(review, "report/preview/")))
    assert result in preview
    assert "Each part has its own total; there is none of all parts together." in preview
    answer = get(cast, LEAD, at(review, "report/preview/word/"))
    said = [paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs]
    assert any(result in each for each in said)
    assert "Employment 16 of 20, Sound." in said
    assert "Education 9 of 15, Begun." in said


def test_an_issued_report_keeps_its_parts_and_prints_them(cast: StateCast) -> None:
    review = issued(cast, in_draft(cast))
    assert (review.total, review.band) == (16, "good")
    with cast.entered("admin"):
        snapshot = of_edition(review)
    assert [(part["code"], part["total"], part["leads"]) for part in snapshot["parts"]] == [
        ("EMP", 16, True),
        ("EDU", 9, False),
    ]
    assert [section["part"] for section in snapshot["sections"]] == ["EMP", "EDU", "EMP"]
    printed = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=report_pdf(snapshot), capture_output=True, check=True
    )
    paper = " ".join(printed.stdout.decode().split())
    assert "Employment 16 of 20 points" in paper
    assert "Education 9 of 15 points" in paper
    assert "2 more points in Employment reach the Strong band." in paper
    assert "Employment 16 of 20, Sound." in paper
    assert "25 of 35" not in paper
    page = read(get(cast, "leader", at(review)))
    assert "Employment 16 of 20, Sound" in page
    assert "Education 9 of 15, Begun" in page
    assert "The way to “Strong” in Employment" in page
    assert not any(f"{place}. " in page.partition("The way to")[2] for place in (3, 4, 5))  # of the school


def test_two_reviews_are_compared_part_by_part(cast: StateCast) -> None:
    issued(cast, drafted(cast, rated(3, 4), days_ago=400))
    review = issued(cast, drafted(cast, rated(4, 3)))
    page = read(get(cast, "leader", at(review, "compare/")))
    assert "Change of Employment up 4" in page
    assert "Change of Education down 3" in page
    assert "Education, of 15 12 9 down 3" in page
    table = get(cast, "leader", at(review, "compare.csv")).content.decode("utf-8-sig")
    assert '"Total, Employment",12,16,up 4' in table
    assert '"Total, Education",12,9,down 3' in table
    over_time = read(get(cast, "leader", at(review)))
    assert "(this review) , Employment External review 16 up 4" in over_time
    assert "(this review) , Education External review 9 down 3" in over_time
    with cast.entered("admin"):
        paper = report_paper(of_edition(review))
    assert "Employment rose by 4 points and Education fell by 3 points" in " ".join(paper.result)
    assert paper.chart
    assert paper.chart.title == "Employment total at each review"


def test_totals_of_another_kind_of_scale_that_end_alike_are_not_mixed(cast: StateCast) -> None:
    """Four items without parts end at 20, as the leading part does."""
    issued(cast, drafted(cast, rated(3, 4), days_ago=400))
    review = drafted(cast, rated(4, 3))
    with cast.entered("trainer"):
        now = snapshots.draft(review)
        gathered = snapshots.gathered(review)
        (earlier,) = gathered.earlier
    assert earlier.is_counted_by(gathered.scale)
    assert "possible" not in now["previous"]
    whole = dict(now["trend"][0]) | {"possible": 20, "leads": ""}
    whole.pop("parts")
    mixed = now | {"trend": [whole, now["trend"][1]]}
    chart = report_paper(mixed).chart
    assert chart
    assert chart.title == "Rating of each item"
    plain = now | {
        "sections": [{k: v for k, v in part.items() if k != "part"} for part in now["sections"][::2]]
    }
    plain.pop("parts")
    found = compare(plain, now)
    assert found.change == "not comparable"
    assert [part.change for part in found.parts] == ["not comparable", "not comparable"]


def test_a_correction_adds_each_part_up_anew(cast: StateCast) -> None:
    review = issued(cast, drafted(cast, rated(4, 3)))
    better = ItemWords(5, "Seen anew.", "Keep it so.", is_priority=False)
    edition = corrections.corrected(cast, review, S1=better)
    assert [(part["total"], part["band"]["label"]) for part in edition.snapshot["parts"]] == [
        (16, "Sound"),
        (11, "Far along"),
    ]
    page = read(get(cast, "leader", at(review, "compare/"), other="edition-1"))
    assert "Change of Employment same" in page
    assert "Change of Education up 2" in page


def test_a_correction_leaves_each_part_the_names_of_its_own_bands(db: None) -> None:
    """Both parts have a band of one key, each with a name of its own."""
    cast = make_cast().meridian
    chosen(cast, written().replace("{key: none, label: Not yet", "{key: begun, label: Not yet"))
    review = issued(cast, drafted(cast, rated(2, 3)))
    with cast.entered("admin"):
        before = of_edition(review)
    after = corrections.corrected(cast, review, S1=ItemWords(4, "Seen anew.", "Go on.", is_priority=False))
    for snapshot in (before, after.snapshot):
        assert [part["band"]["label"] for part in snapshot["parts"]] == ["Not yet", "Begun"]
        assert snapshot["band"]["label"] == "Not yet"
    assert [part["total"] for part in after.snapshot["parts"]] == [8, 10]
    assert [part["bands"] for part in after.snapshot["parts"]] == [part["bands"] for part in before["parts"]]


def test_who_issues_a_correction_reads_the_band_of_each_part(cast: StateCast) -> None:
    review = issued(cast, drafted(cast, rated(4, 3)))
    better = ItemWords(5, "Seen anew.", "Keep it so.", is_priority=False)
    corrections.opened(cast, review, items=("S1",))
    corrections.written(cast, review, S1=better)
    corrections.handed_over(cast, review)
    page = read(get(cast, "admin", at(review, "correction/issue/")))
    assert "Employment 16, now 16 of 20, Sound. Education 9, now 11 of 15, Far along." in page


def test_the_action_plan_names_the_total_of_each_part(cast: StateCast) -> None:
    review = issued(cast, drafted(cast, rated(4, 3)))
    with cast.entered("admin"):
        snapshot = of_edition(review)
    plan = {"rows": [], "status": "draft", "version": 1}
    facts = dict(plan_paper({"snapshot": snapshot, "plan": plan}).facts)
    assert facts["Fidelity total, Employment"] == "16 of 20, Sound"
    assert facts["Fidelity total, Education"] == "9 of 15, Begun"


def test_a_past_review_notes_the_leading_total(cast: StateCast) -> None:
    codes = ["W1", "W2", "S1", "S2", "S3", "J1", "J2"]
    head = ["Team", "Scale", "Kind", "First day", *codes, "Total"]
    given = [str(rated(4, 3)[code]) for code in codes]
    first = (cast.state.today().replace(day=1)).strftime("%-m/%-d/%Y")
    row = ["Meridian North Team One", "our-youth", "external", first, *given]
    for total, good in (("25", 0), ("16", 1)):
        with reviews.acting(cast, "admin") as admin:
            found = importing.upload(
                cast.state, content=csv_of(head, [*row, total]), file_name=f"{total}.csv", by=admin
            )
        page = read(get(cast, "admin", f"reviews/import/{found.public_id}/"))
        said = "The ratings of Employment add up to 16, and the total noted is 25." in page
        assert said is not bool(good)
    assert "Its total is that of Employment" in read(get(cast, "admin", "reviews/import/"))


def test_the_picture_beside_employment_counts_no_edition_that_adds_up_otherwise(cast: StateCast) -> None:
    """Four items without parts end at 20 as well."""
    text = written()
    head, _, rest = text.partition("subscales:\n")
    plain = head.replace("2020-01-01", "2019-01-01") + rest[rest.index("sections:\n") :]
    start, end = plain.index("  - code: S\n"), plain.index("  - code: J\n")
    plain = plain[:start] + plain[end:].replace("seq: 6", "seq: 3").replace("seq: 7", "seq: 4")
    plain = plain.replace("    subscale: EMP\n", "")
    with cast.entered("admin") as admin:
        other = add_scale(cast.state, text=plain, by=admin)
        divided = ScaleVersion.objects.get(key="our-youth", effective_from="2020-01-01")
        scale = scale_in(divided)
        assert scale_in(other).possible == scale.possible == 20
        assert counts_alike(scale, divided.pk, divided.sha256)
        assert not counts_alike(scale, other.pk, other.sha256)
        ((_, policy),) = dated_policies(cast.state.pk)
    assert policy.own_ends == {(20, "EMP"), (20, "")}
