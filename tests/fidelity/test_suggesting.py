"""What counts of a visit suggest, worked by hand: shares, means, contacts, records, and what they leave open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.measuring import MeasureError
from fidelity.scales import load
from fidelity.suggesting import Answers, Rules, offered, readings, work_out
from fidelity.visits import QUESTIONS, Count, Question, measured, questions_of

IPS25 = load("ips25-2008")
PLAIN = Rules()


def rating_of(code: str, *rows: tuple[int, ...] | None, rules: Rules = PLAIN) -> int | None:
    (reading,) = readings(IPS25, {}, {code: rows}, rules)[code]
    return reading.rating


def counted(code: str, *shares: int | None) -> dict[str, Count]:
    """Of ten records that tell, so many show it; None was not counted."""
    return {
        f"{code}-{number}": Count(10, share, 10 - share)
        for number, share in enumerate(shares, start=1)
        if share is not None
    }


def recorded(code: str, *shares: int | None) -> int | None:
    found = readings(IPS25, counted(code, *shares), {}, PLAIN)
    return found[code][0].rating if found else None


@pytest.mark.parametrize(
    ("code", "rows", "rating"),
    [
        ("ST1", [(20, 100), (10, 50)], 5),  # 30 people for 1.5 specialists
        ("ST1", [(20, 100), None, (21, 100)], 4),  # 41 for 2 are 20.5, read as 21
        ("ST2", [(75, 80)], 4),  # 93.75%, read as 94
        ("OR1", [(18, 24)], 4),
        ("SV4", [(310, 10)], 4),
        ("SV4", [(304, 10)], 5),  # 30.4 days, read as 30
        ("SV5", [(9, 10)], 5),
        ("SV8", [(11, 13)], 5),  # 84.6%, read as 85
        ("SV10", [(9, 9)], 1),  # fewer than ten jobs
        ("SV10", [(16, 25)], 1),  # 64%, the hole of the scale
        ("SV13", [(26, 40), (12, 40)], 3),  # 65% and 30%: 5 and 2 average 3.5, read down
    ],
)
def test_numbers_are_looked_up_in_the_scale(
    code: str, rows: list[tuple[int, ...] | None], rating: int
) -> None:
    assert rating_of(code, *rows) == rating


def test_a_state_reads_ties_and_holes_its_own_way() -> None:
    assert rating_of("SV13", (26, 40), (12, 40), rules=Rules(tie_rule="up")) == 4
    assert rating_of("SV10", (16, 25), rules=Rules(boundary_readings={"SV10": 2})) == 2
    (reading,) = readings(IPS25, {}, {"SV13": ((26, 40), (12, 40))}, PLAIN)["SV13"]
    assert "halfway" in reading.reasons[-1]


@pytest.mark.parametrize(
    ("rows", "rating"),
    [
        ([(20, 4, 4, 8)], 5),  # both kinds of contact count: 6 a week
        ([(20, 0, 4, 8)], 4),  # 5 a week
        ([(12, 0, 4, 8)], 2),  # 3 a week, the hole
        ([(4, 0, 1, 2)], 5),  # two looking: twice as many are enough
        ([(24, 0, 4, 8), (0, 0, 4, 8)], 3),  # 5 and 1
        ([(24, 0, 4, 8), (0, 0, 4, 0)], 5),  # nobody to look for: left out
        ([(0, 0, 4, 0)], None),
    ],
)
def test_contacts_are_rated_for_each_specialist_and_averaged(
    rows: list[tuple[int, ...]], rating: int | None
) -> None:
    assert rating_of("SV6", *rows) == rating


@pytest.mark.parametrize(
    ("code", "shares", "rating"),
    [
        ("SV3", (9, 7), 3),
        ("SV3", (9, 8, 9, 5, 9), 4),
        ("SV3", (9, 8, 8, 8, 8), 5),
        ("SV3", (9, None, 9, 9, 9), None),
        ("SV4", (10,), 5),
        ("SV4", (9,), None),
        ("SV11", (4, 0, 0, 0, 0), 1),
        ("SV11", (6, 2, 0, 0, 0), 2),
        ("SV11", (8, 7, 3, 1, 1), 3),
        ("SV11", (8, 8, 3, 1, 0), 4),
        ("SV11", (8, 8, 3, 1, 1), 5),
        ("SV12", (0, 0, 0, 0, 0, 0), 1),
        ("SV12", (9, 9, 3, 3, 4, 9), 2),
        ("SV12", (9, 9, 3, 3, 5, 9), 3),
        ("SV12", (5, 9, 9, 9, 9, 9), 4),
        ("SV12", (8, 8, 8, 8, 8, 8, 8), 5),
        ("SV12", (9, 9, None, None, None, 9), None),
        ("SV14", (9, 9, 9, 9, 9, 9), 5),
        ("SV14", (9, 9, 9, 7, 9, 9), 4),
        ("SV14", (0, 0, 0, 0, 9, 9), 1),
        ("SV14", (9, 9, 9), None),
    ],
)
def test_records_suggest_what_the_anchors_describe(
    code: str, shares: tuple[int | None, ...], rating: int | None
) -> None:
    assert recorded(code, *shares) == rating


def test_records_that_do_not_tell_are_in_no_share() -> None:
    tally = {"SV4-1": Count(10, 3, 0)}
    (reading,) = readings(IPS25, tally, {}, PLAIN)["SV4"]
    assert reading.rating == 5
    assert "3 of 3 (10 read, 7 did not tell)" in reading.counted[0]


def test_nothing_counted_suggests_nothing() -> None:
    assert readings(IPS25, {}, {}, PLAIN) == {}
    assert readings(IPS25, {"SV12-1": Count(10, 0, 0)}, {}, PLAIN)["SV12"][0].rating is None


def test_a_scale_without_the_item_asks_nothing_about_it() -> None:
    assert {question.item for question in questions_of(IPS25)} == {"SV3", "SV4", "SV11", "SV12", "SV14"}
    assert [item.code for item in measured(IPS25)] == [
        *("ST1", "ST2", "OR1", "SV4", "SV5", "SV6", "SV8", "SV9", "SV10", "SV13"),
    ]


# --- the calculator -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "answers", "rating"),
    [
        ("OR2", Answers(present=frozenset("abc")), 3),
        ("ST3", Answers(present=frozenset("abcdef"), gates=frozenset({"vendors_only"})), 1),
        ("OR3", Answers(facts={"contact": "weekly", "meeting": "rarer"}), 4),
        ("SV6", Answers(rows=((24, 0, 4, 8),), gates=frozenset({"log_monthly"})), 3),
        ("SV4", Answers(rows=((300, 10),), gates=frozenset({"not_tracked"})), 4),
        ("OR1", Answers(rows=((10, 10),), gates=frozenset({"three_teams"})), 2),
    ],
)
def test_an_item_is_worked_out_from_what_its_reviewer_enters(
    code: str, answers: Answers, rating: int
) -> None:
    assert work_out(IPS25.item(code), answers, PLAIN).rating == rating


def test_numbers_have_to_be_entered() -> None:
    with pytest.raises(MeasureError, match="at least one row"):
        work_out(IPS25.item("SV6"), Answers(), PLAIN)


def test_figures_of_elsewhere_suggest_a_caseload_only() -> None:
    assert offered(IPS25.item("ST1"), 50, 250).rating == 5
    assert offered(IPS25.item("SV8"), 50, 250).rating is None


@pytest.mark.parametrize("question", questions_of(IPS25), ids=lambda question: question.code)
@settings(deadline=None)
@given(met=st.integers(0, 499), unmet=st.integers(0, 499))
def test_whatever_records_show_suggests_a_rating_or_none(question: Question, met: int, unmet: int) -> None:
    """Every question of its item alike."""
    alike = {each.code: Count(met + unmet, met, unmet) for each in QUESTIONS if each.item == question.item}
    for tally in (alike, {question.code: alike[question.code]}):
        for reading in readings(IPS25, tally, {}, PLAIN)[question.item]:
            assert reading.rating in (None, 1, 2, 3, 4, 5)
            assert reading.counted


@settings(deadline=None)
@given(part=st.integers(0, 99_999), rest=st.integers(1, 99_999))
def test_whatever_numbers_show_suggests_a_rating(part: int, rest: int) -> None:
    for code in ("ST2", "OR1", "SV5", "SV8", "SV9", "SV10", "SV13"):
        assert rating_of(code, (part, part + rest)) in (1, 2, 3, 4, 5)
