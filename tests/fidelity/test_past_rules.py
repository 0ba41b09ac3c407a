"""What a file of past reviews is told, row by row. Totals and bands here are added up by hand."""

from datetime import date

import pytest

from fidelity.past.preview import Outcome, Stands
from fidelity.past.staging import REVIEWS
from fidelity.scales import load
from fidelity.scoring import score
from ips_portal.importing.columns import BadHeadings
from ips_portal.importing.staging import HoldsClientDetails
from ips_portal.uploads.sheets import Unreadable
from tests.fidelity.past import CODES, HEAD, SCALE, look, only, row, said, staged

THERE = Stands(1, "external", date(2019, 3, 14), date(2019, 3, 15), "Issued", 100)


def test_a_whole_row_becomes_a_review_with_the_total_of_its_ratings() -> None:
    """Twenty items at 4 and five at 5: 80 + 25 = 105, which is good fidelity (100 to 114)."""
    fives = dict.fromkeys(CODES[:5], "5")
    found = look(row(last="3/15/2019", reported="2019-04-02", total="105", **fives))
    (review,) = found.reviews
    assert (review.team.name, review.kind, review.place) == ("North", "external", "")
    assert (review.starts_on, review.ends_on) == (date(2019, 3, 14), date(2019, 3, 15))
    assert review.reported_on == date(2019, 4, 2)
    assert sum(review.ratings.values()) == 105
    result = score(review.edition.scale, review.ratings)
    assert (result.total, result.band and result.band.key) == (105, "good")
    assert found.is_all_good
    assert not found.remarks


@pytest.mark.parametrize(
    ("rated", "total", "band"),
    [("1", 25, "none"), ("3", 75, "fair"), ("4", 100, "good"), ("5", 125, "exemplary")],
)
def test_the_band_is_that_of_the_scale(rated: str, total: int, band: str) -> None:
    (review,) = look(row(rated=rated)).reviews
    result = score(review.edition.scale, review.ratings)
    assert (result.total, result.band and result.band.key) == (total, band)


def test_the_older_scale_has_its_own_items_and_band() -> None:
    """Fifteen items at 4 and one more point: 61 of 75 is fair fidelity (56 to 65) on the scale of 15 items."""
    codes = load("se15").codes
    head = ["Team", "Scale", "Kind", "Date", *codes, "Total"]
    cells = ["North", "se15", "External review", "6/15/2016", "5", *["4"] * 14, "61"]
    found = look(cells, head=head)
    (review,) = found.reviews
    result = score(review.edition.scale, review.ratings)
    assert (result.total, result.possible, result.band and result.band.key) == (61, 75, "fair")
    (remark,) = found.remarks
    assert "Totals of se15 end at 75, and the rules of that day ask for 100 and more." in remark.text
    assert remark.weight == "warning"


def test_a_total_that_differs_is_told_with_both_numbers() -> None:
    assert only(row(total="101")) == (
        "error",
        "AF2",
        "The ratings add up to 100, and the total noted is 101. Check the ratings and the total.",
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6", "Choose a whole number from 1 to 5. You entered 6."),
        ("0", "Choose a whole number from 1 to 5. You entered 0."),
        ("-3", "Choose a whole number from 1 to 5. You entered -3."),
        ("3.5", "You entered 3.5; half points do not exist. Enter a whole number from 1 to 5."),
        ("four", "You entered “four”. Enter a whole number from 1 to 5."),
        ("n/a", "“n/a” is no rating. Enter the rating that was given: a whole number from 1 to 5."),
        ("=C2+1", "“=C2+1” is a formula. Enter its result: a whole number from 1 to 5."),
        ("٣", "Enter digits 0-9. “٣” holds other digits."),
        ("#REF!", "Cell H2 shows an error of the spreadsheet (#REF!). Enter the value."),
    ],
)
def test_what_is_no_rating_is_told_at_its_cell(typed: str, words: str) -> None:
    assert only(row(ST2=typed)) == ("error", "H2", words)


@pytest.mark.parametrize("typed", ["4.0", "04", "+4", "\u00a04\u00a0"])
def test_a_number_written_otherwise_counts(typed: str) -> None:
    found = look(row(ST1=typed, total="100"))
    assert found.is_all_good
    assert found.reviews[0].ratings["ST1"] == 4


def test_missing_ratings_are_named_once() -> None:
    weight, where, text = only(row(ST1="", OR2="", total="92"))
    assert (weight, where) == ("error", "G2")
    assert "there is none for ST1, OR2. A total counts only when all items are rated" in text


def test_columns_of_items_that_are_not_there_are_missing_ratings() -> None:
    cells = [cell for name, cell in zip(HEAD, row(), strict=True) if name != "SV14"]
    text = only(cells, head=[name for name in HEAD if name != "SV14"])[2]
    assert "there is none for SV14" in text


def test_a_rating_of_an_item_the_scale_has_not_is_told() -> None:
    other = load("se15").codes[0]
    text = only([*row(), "3"], head=[*HEAD, other])[2]
    assert text == f"ips25-2008 has no item {other}. Empty the cell, or check the scale of the row."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Say on which day the review began."),
        ("3/14/19", "“3/14/19” has two digits for the year, so the century is not known."),
        ("2/30/2019", "“2/30/2019” does not exist: February 2019 has 28 days. Check the day."),
        ("14/3/2019", "“14/3/2019” has no month 14."),
        ("soon", "“soon” is not a day."),
        ("Marble 3, 2020", "“Marble 3, 2020” is not a day."),
        ("2019/13/14", "“2019/13/14” has no month 13."),
        ("43538", "If March 14, 2019 is meant, format the column as dates."),
        ("3/14/1919", "Check the year of “3/14/1919”: reviews are taken from 1990 on."),
        ("12/1/2026", "December 1, 2026 is still to come."),
        ("=TODAY()", "“=TODAY()” is a formula. Enter the day itself."),
    ],
)
def test_what_is_no_day_of_a_past_review_is_told(typed: str, words: str) -> None:
    weight, where, text = only(row(first=typed))
    assert (weight, where) == ("error", "D2")
    assert words in text


@pytest.mark.parametrize(
    "typed", ["3/14/2019", "03/14/2019", "2019-03-14", "March 14, 2019", "14 Mar 2019", "2019/03/14"]
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert look(row(first=typed)).reviews[0].starts_on == date(2019, 3, 14)


def test_a_day_that_reads_both_ways_is_said_in_words() -> None:
    found = look(row(first="2/3/2022", last="3/3/2022", reported="2022-04-05"))
    assert [(each.weight, each.where, each.text) for each in found.remarks] == [
        ("notice", "D2", "2/3/2022 was read as February 3, 2022.")
    ]
    assert not look(row(first="2/13/2022", last="3/3/2022")).remarks
    assert [weight for weight, _, _ in said(row(first="2/3/2022", total="7"))] == ["error"]


def test_days_that_do_not_fit_together_are_told() -> None:
    assert "is before the first (March 14, 2019)" in only(row(last="3/13/2019"))[2]
    assert "is more than a month. Check the year." in only(row(last="3/15/2020"))[2]
    assert "is older than the last day of the visit" in only(row(reported="3/1/2019"))[2]
    assert "is still to come. Enter the day of the report" in only(row(reported="12/31/2026"))[2]


def test_a_day_before_its_scale_and_one_before_its_team_are_warned_of() -> None:
    warned = said(row(first="3/14/2007"))
    assert [weight for weight, _, _ in warned] == ["warning", "warning"]
    assert "is in use from January 1, 2008 on" in warned[0][2]
    assert "North began on January 5, 2015, after this review." in warned[1][2]
    assert "South closed on June 30, 2022, before this review." in only(row("South", first="7/15/2023"))[2]


def test_unknown_names_are_told_with_what_there_is() -> None:
    assert (
        only(row("Nroth"))[2]
        == "There is no team called “Nroth” in Meridian. Did you mean “North” or “South”?"
    )
    assert (
        only(row(scale="ips26"))[2] == "“ips26” is not a scale of your state. Write one of: ips25-2008, se15."
    )
    assert (
        only(row(kind="audit"))[2] == "“audit” is not a kind of review. Write external, guided self or self."
    )


def test_rows_of_one_review_are_both_wrong_and_other_kinds_are_not() -> None:
    found = look(row(last="3/15/2019"), row(first="3/15/2019"), row(kind="self"), row("South"))
    assert [line.outcome for line in found.lines] == [
        Outcome.WRONG,
        Outcome.WRONG,
        Outcome.GOOD,
        Outcome.GOOD,
    ]
    text = "Rows 2 and 3 are both for the external review of North around March 14, 2019. Keep one."
    assert [each.text for each in found.lines[0].remarks] == [text]


def test_a_review_that_is_there_is_told_and_left_out() -> None:
    found = look(row(), row(kind="self"), stands={1: [THERE]})
    assert [line.outcome for line in found.lines] == [Outcome.THERE, Outcome.GOOD]
    first, second = (line.remarks[0].text for line in found.lines)
    assert (
        first
        == "The portal has this external review of March 14, 2019 already: issued. The row was left out."
    )
    assert second == "The portal has an external review of the same days. Look whether the two are one."
    other = look(row(rated="3"), stands={1: [THERE]}).lines[0].remarks[0].text
    assert "issued with a total of 100; the file gives 75" in other


def test_headings_are_told_by_their_letters() -> None:
    with pytest.raises(BadHeadings, match=r"“ST1” appears twice \(columns G and AG\)\. Keep one\."):
        staged([*row(), "3"], head=[*HEAD, "ST1"])
    with pytest.raises(BadHeadings, match=r"“Kind” is missing.+Column C is “Knid”: rename it"):
        staged(row(), head=["Team", "Scale", "Knid", *HEAD[3:]])
    found = staged([*row(), "Ann"], head=[*HEAD, "Lead"])
    assert [column.heading for column in found.layout.unknown] == ["Lead"]


def test_a_file_is_refused_whole_where_nothing_can_be_read_or_kept() -> None:
    with pytest.raises(Unreadable, match="The file has no data rows"):
        staged()
    with pytest.raises(HoldsClientDetails, match="column AG"):
        staged([*row(), "Jo Doe"], head=[*HEAD, "Client name"])
    with pytest.raises(Unreadable, match="1,001 rows; 1,000 reviews are imported at once"):
        staged(*[row()] * (REVIEWS + 1))


def test_totals_and_remarks_below_the_table_are_left_out() -> None:
    found = look(
        row(), ["Average", "", "", "", "", "", *["4"] * 25, "100"], ["Note: two visits were virtual"]
    )
    assert [line.outcome for line in found.lines] == [Outcome.GOOD, Outcome.SKIPPED, Outcome.SKIPPED]
    assert found.is_all_good


def test_a_row_of_the_template_that_stays_empty_is_left_out() -> None:
    found = look(["South", "ips25-2008"], row())
    assert [line.outcome for line in found.lines] == [Outcome.SKIPPED, Outcome.GOOD]
    assert found.lines[0].remarks[0].text == "The row names no review and was left out."


def test_the_earliest_review_comes_first() -> None:
    found = look(row(first="3/14/2020"), row(first="3/14/2018"))
    assert [each.starts_on.year for each in found.reviews] == [2018, 2020]
    assert len(SCALE.items) == 25
