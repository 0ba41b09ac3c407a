"""A scale with a total per part and none for all: the leading part counts, and every part has its own band."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.lines import Faulty, write
from fidelity.path import path_to_next_band
from fidelity.scales import HIGHEST, Scale, ScaleError, load
from fidelity.scales.written import read
from fidelity.scoring import Score, score, to_next_band
from tests.fidelity.two_parts import EDUCATION, EMPLOYMENT, rated, scale, written

TWO = scale()
some_ratings = st.dictionaries(st.sampled_from(TWO.codes), st.integers(1, 5))
all_ratings = st.fixed_dictionaries({code: st.integers(1, 5) for code in TWO.codes})
IPS25 = load("ips25-2008")
all_of_2008 = st.lists(st.integers(1, 5), min_size=25, max_size=25)


def faults(*changes: tuple[str, str]) -> list[tuple[int, str]]:
    text = written()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(Faulty) as caught:
        read(text)
    return [(each.line, each.words) for each in caught.value.faults]


def test_the_total_of_a_scale_with_parts_is_that_of_the_leading_part() -> None:
    assert (TWO.possible, TWO.lowest_possible, TWO.leads) == (20, 4, "EMP")
    assert [item.code for item in TWO.counted] == list(EMPLOYMENT)
    found = score(TWO, rated(4, 2))
    assert (found.total, found.possible, found.band and found.band.key) == (16, 20, "good")
    assert found.to_next_band
    assert (found.to_next_band.key, found.to_next_band.points) == ("exemplary", 2)
    assert (found.rated, found.of, found.is_complete) == (7, 7, True)


def test_each_part_has_a_total_and_a_band_by_its_own_bands() -> None:
    employment, education = score(TWO, rated(4, 4)).parts
    assert (employment.code, employment.name, employment.leads) == ("EMP", "Employment", True)
    assert (employment.total, employment.possible, employment.band and employment.band.label) == (
        16,
        20,
        "Sound",
    )
    assert (education.code, education.name, education.leads) == ("EDU", "Education", False)
    assert (education.total, education.possible, education.band and education.band.label) == (
        12,
        15,
        "Far along",
    )
    assert score(TWO, rated(4, 4)).summary == "Employment 16 of 20, Sound; Education 12 of 15, Far along"


def test_a_states_names_of_bands_hold_in_every_part() -> None:
    employment, education = score(TWO, rated(4, 4), labels={"good": "Well done", "far": "Nearly there"}).parts
    assert [each.band and each.band.label for each in (employment, education)] == [
        "Well done",
        "Nearly there",
    ]


def test_a_part_is_complete_before_the_rest_and_the_review_is_not() -> None:
    found = score(TWO, dict.fromkeys(EMPLOYMENT, 4) | {"S1": 5})
    assert (found.total, found.band, found.summary) == (None, None, "provisional, 5 of 7")
    employment, education = found.parts
    assert (employment.total, education.total, education.band) == (16, None, None)
    assert (education.rated, education.of, education.provisional) == (1, 3, 5)
    assert found.missing == ("S2", "S3")
    assert found.provisional_total == 16


def test_the_path_to_the_next_band_goes_by_items_of_the_leading_part_alone() -> None:
    path = path_to_next_band(TWO, rated(4, 1))
    assert path
    assert {step.item.code for step in path.steps} <= set(EMPLOYMENT)
    assert path.points == 2
    assert path_to_next_band(TWO, rated(5, 1)) is None
    assert path_to_next_band(TWO, dict.fromkeys(EMPLOYMENT, 4)) is None


def test_a_total_prorated_for_display_is_that_of_the_leading_part() -> None:
    found = score(
        TWO,
        {"W1": 4, "W2": 4, "J1": 3, "S1": 1, "S2": 1, "S3": 1},
        not_applicable=["J2"],
        na_policy="prorate_display_only",
    )
    assert (found.total, found.prorated) == (None, 15)
    lowest = score(TWO, rated(4, 4) | {}, na_policy="score_1")
    assert lowest.total == 16


def test_an_item_that_does_not_apply_counts_lowest_in_its_own_part() -> None:
    given_ratings = rated(4, 4)
    del given_ratings["S3"]
    found = score(TWO, given_ratings, not_applicable=["S3"], na_policy="score_1")
    assert [part.total for part in found.parts] == [16, 9]


@given(some_ratings)
def test_the_parts_cover_every_item_once(ratings: dict[str, int]) -> None:
    found = score(TWO, ratings)
    assert sum(part.provisional for part in found.parts) == sum(ratings.values())
    assert sum(part.rated for part in found.parts) == found.rated == len(ratings)
    assert sum(part.of for part in found.parts) == found.of == 7
    assert sum(each.provisional for each in found.subtotals) == sum(part.provisional for part in found.parts)
    assert all((part.total is None) == (part.rated < part.of) for part in found.parts)
    leading = next(part for part in found.parts if part.leads)
    assert (found.provisional_total, found.possible) == (leading.provisional, leading.possible)
    if found.is_complete:
        assert (found.total, found.band) == (leading.total, leading.band)


@given(all_ratings)
def test_every_total_of_every_part_lies_in_exactly_one_band(ratings: dict[str, int]) -> None:
    for part in score(TWO, ratings).parts:
        assert part.total is not None
        holding = [band for band in part.bands if band.minimum <= part.total <= band.maximum]
        assert holding == [part.band]


@given(all_ratings)
def test_the_path_reaches_the_next_band_of_the_leading_part_and_no_more(ratings: dict[str, int]) -> None:
    path, found = path_to_next_band(TWO, ratings), score(TWO, ratings)
    assert found.total is not None
    assert (path is None) == (found.to_next_band is None)
    if path:
        assert sum(step.points for step in path.steps) == path.points
        moved = ratings | {step.item.code: step.to for step in path.steps}
        after = score(TWO, moved)
        assert after.band
        assert after.band.label == path.band
        assert after.parts[1].total == found.parts[1].total


@given(all_of_2008)
def test_a_scale_without_subscales_scores_as_before(ratings: list[int]) -> None:
    found = score(IPS25, dict(zip(IPS25.codes, ratings, strict=True)))
    total = sum(ratings)
    assert (found.parts, found.total, found.provisional_total) == ((), total, total)
    assert (found.possible, found.of) == (125, 25)
    assert found.band
    assert found.band.minimum <= total <= found.band.maximum
    assert found.to_next_band == to_next_band(IPS25, total)
    assert isinstance(found, Score)


def test_a_scale_without_subscales_keeps_its_hash_and_its_items() -> None:
    assert IPS25.content_hash.startswith("95d030334ad97ca6")
    assert IPS25.counted == IPS25.items
    assert (IPS25.subscales, IPS25.leads, IPS25.leading) == ((), "", None)
    assert all(section.subscale == "" for section in IPS25.sections)


def test_what_is_written_is_read_again() -> None:
    document, read_once = read(written())
    again, read_twice = read(write(document))
    assert (again, read_twice) == (document, read_once)


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ([("subscale: EDU", "subscale: EDV")], 45, "“EDV” is not one of EDU, EMP."),
        ([("    subscale: EDU\n", "")], 43, "Say in “subscale” to which of them the section belongs."),
        ([("subscale: EDU", "subscale: EMP")], 19, "No section names the subscale EDU."),
        ([("    leads: true\n", "")], 10, "None leads. Write “leads: true” for the one that rules ask for."),
        ([("name: Education\n", "name: Education\n    leads: true\n")], 21, "Two lead."),
        ([("code: EDU", "code: EMP")], 19, "The code EMP stands twice."),
        (
            [("minimum: 11", "minimum: 12")],
            21,
            "“Far along” starts at 12, expected 11: every total must fall",
        ),
        ([("maximum: 15", "maximum: 16")], 21, "The bands end at 16, the highest total is 15."),
        ([("minimum: 18", "minimum: 19")], 14, "“Strong” starts at 19, expected 18"),
        ([("key: begun", "key: far")], 21, "The same band key stands twice."),
        ([("key: begun", "key: Begun!")], 23, "A band's key has up to 20 small letters"),
        ([("code: EDU", "code: SCHOOL")], 45, "“EDU” is not one of"),
        ([("code: EDU", "code: Education part")], 19, "A code has up to 10 letters"),
        ([("name: Education", f"name: {'E' * 61}")], 20, "The name of a subscale has at most 60"),
        ([("    name: Education\n", "")], 19, "“name” is missing."),
        ([("leads: true", "leads: first")], 13, "Expected yes or no, found text."),
        ([("leads: true", "leds: true")], 11, "“leds” is not a known key. Did you mean “leads”?"),
        (
            [("subscales:\n", "bands: [{key: a, label: A, minimum: 4, maximum: 20}]\nsubscales:\n")],
            10,
            "A scale with subscales has its bands there, one list for each.",
        ),
        ([("- code: J\n", "- code: W\n")], 24, "Two sections have the code W."),
        ([("name: Education", "name: employment")], 20, "Two subscales are called employment."),
    ],
)
def test_a_fault_is_told_with_its_line(changes: list[tuple[str, str]], line: int, words: str) -> None:
    (told,) = faults(*changes)
    assert told[1].startswith(words)
    assert told[0] == line


def test_a_section_names_no_subscale_where_the_scale_has_none() -> None:
    head, _, rest = written().partition("subscales:\n")
    with pytest.raises(Faulty) as caught:
        read(head + "sections:\n" + rest.partition("sections:\n")[2])
    assert str(caught.value).startswith("Line 13: “EMP” is named, and the scale has no subscales.")


def alone() -> str:
    """Employment and no other part."""
    text = written()
    text = text[: text.index("  - code: EDU\n")] + text[text.index("sections:\n") :]
    text = text[: text.index("  - code: S\n")] + text[text.index("  - code: J\n") :]
    return text.replace("seq: 6", "seq: 3").replace("seq: 7", "seq: 4")


def test_a_single_part_is_refused_where_it_is_written() -> None:
    with pytest.raises(Faulty) as caught:
        read(alone())
    assert str(caught.value).startswith("Line 10: A scale with one total has no subscales.")


def test_what_is_stored_already_is_still_read() -> None:
    """A scale may have been added before two names were told apart."""
    document: dict[str, Any] = read(written())[0]
    document["subscales"][1]["name"] = "Employment"
    assert [each.name for each in Scale.parse(document).subscales] == ["Employment", "Employment"]


def test_a_part_needs_no_bands() -> None:
    text = written()
    start, end = text.index("    bands:\n      - {key: far"), text.index("sections:\n")
    _, found = read(text[:start] + text[end:])
    parts = score(found, rated(4, 4)).parts
    assert [part.band and part.band.label for part in parts] == ["Sound", None]
    assert parts[1].words == "Education 12 of 15"


def test_stored_data_that_is_wrong_names_its_place() -> None:
    document: dict[str, Any] = read(written())[0]
    document["sections"][1]["subscale"] = "X"
    with pytest.raises(ScaleError, match=r"scale\.sections\[1\]\.subscale"):
        Scale.parse(document)


def test_no_part_is_larger_than_its_items_allow() -> None:
    assert [part.possible for part in score(TWO, {}).parts] == [
        HIGHEST * len(codes) for codes in (EMPLOYMENT, EDUCATION)
    ]
