"""Strengths follow from a program's own figures by rules that say themselves; pairs are alike in size."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from ips_portal.client_details import client_details
from ips_portal.quarters import Quarter
from outcomes.dashboards.meetings import came_on_time
from outcomes.figures import Figure, Figures
from outcomes.models import QuarterlyReport
from outcomes.pairings import MOST_ASKED, Program, pairings
from outcomes.rates import rolling
from outcomes.strengths import Course, strengths

LAST = Quarter(2026, 3)
FOUR = LAST.last(4)
PLAIN = {
    "served": 40,
    "employed": 16,
    "in_education": 4,
    "job_starts": 6,
    "transitioned_working": 1,
    "transitioned_unemployed": 4,
    "specialist_fte": Decimal("1.50"),
}


def figures(**values: int | Decimal) -> Figures:
    found = Figures()
    for key, value in {**PLAIN, **values}.items():
        found = found.with_figure(key, Figure(value))
    return found


def course(
    *quarters: Mapping[str, int | Decimal] | None,
    medians: Mapping[str, str] | None = None,
    goals: Mapping[str, str] | None = None,
    on_time: tuple[bool, ...] = (),
) -> Course:
    """Four quarters, oldest first; None is a quarter without accepted figures."""
    given = zip(FOUR, quarters, strict=True)
    return Course(
        quarters=FOUR,
        figures={each: figures(**values) for each, values in given if values is not None},
        medians={(key, each): Decimal(text) for key, text in (medians or {}).items() for each in FOUR},
        goals={key: Decimal(text) for key, text in (goals or {}).items()},
        on_time=dict(zip(FOUR, on_time, strict=False)),
    )


def keys(found: Course) -> list[str]:
    return [each.key for each in strengths(found).told]


def test_the_highest_rise_is_told_with_both_ends() -> None:
    told = strengths(course(*({"employed": count} for count in (12, 14, 16, 20)))).told
    assert [each.key for each in told] == ["rise"]
    assert told[0].sentence == "Employment rate: from 30% to 50% since October-December 2025."
    assert "at least 5 points" in told[0].rule


@pytest.mark.parametrize(
    "quarters",
    [
        [{"employed": count} for count in (16, 16, 16, 17)],  # 2.5 points
        [{"employed": count} for count in (20, 18, 16, 12)],
        [{"served": 9, "employed": count} for count in (2, 3, 4, 5)],  # too few people
        [{"employed": 12}, None, None, {"employed": 20}],
    ],
)
def test_a_small_rise_a_fall_a_tiny_team_and_two_quarters_are_no_rise(
    quarters: list[Mapping[str, int | Decimal] | None],
) -> None:
    assert "rise" not in keys(course(*quarters))


def test_the_larger_of_two_rises_is_told() -> None:
    quarters = [{"employed": 16 + step, "job_starts": 3 + 2 * step} for step in range(4)]
    (rise,) = [each for each in strengths(course(*quarters)).told if each.key == "rise"]
    assert rise.measure == "job_starts_per_fte"


def test_three_quarters_above_the_states_median_are_told() -> None:
    found = course({}, {}, {"employed": 8}, {}, medians={"employment": "0.35"})
    assert (
        strengths(found).told[0].sentence == "Employment rate: above the state's median in 3 of 4 quarters."
    )


def test_two_quarters_above_or_at_the_median_are_not() -> None:
    assert keys(course({}, {}, {"employed": 8}, {"employed": 8}, medians={"employment": "0.35"})) == []
    assert keys(course({}, {}, {}, {}, medians={"employment": "0.40"})) == []


def test_a_goal_that_is_reached_is_told_and_one_that_is_missed_is_not() -> None:
    assert keys(course({}, {}, {}, {}, goals={"employment": "0.40"})) == ["goal"]
    assert keys(course({}, {}, {}, {}, goals={"employment": "0.41"})) == []
    assert keys(course({}, {}, {}, None, goals={"employment": "0.40"})) == []


def test_few_who_leave_without_work_are_told_by_number() -> None:
    leaving = {"transitioned_working": 3, "transitioned_unemployed": 1}
    (told,) = strengths(course(leaving, leaving, leaving, leaving)).told
    assert told.sentence == "Few leave without work: 12 of the 16 people who left were working."


@pytest.mark.parametrize(("working", "without"), [(1, 1), (2, 0), (0, 0)])
def test_half_or_too_few_leavers_are_not(working: int, without: int) -> None:
    leaving = {"transitioned_working": working, "transitioned_unemployed": without}
    assert keys(course(leaving, leaving, leaving, leaving)) == []


def test_small_caseloads_are_told_and_one_full_quarter_ends_it() -> None:
    small = {"specialist_fte": Decimal("2.00")}
    assert keys(course(small, small, small, small)) == ["caseload"]
    assert keys(course(small, small, {}, small)) == []


def test_reports_on_time_are_told_and_one_late_report_ends_it() -> None:
    assert keys(course({}, {}, {}, {}, on_time=(True, True, True, True))) == ["on_time"]
    assert keys(course({}, {}, {}, {}, on_time=(True, True, False, True))) == []
    assert keys(course({}, {}, {}, {}, on_time=(True, True))) == []


@pytest.mark.parametrize(
    ("status", "in_force", "is_late", "came"),
    [
        ("accepted", 1, False, True),
        ("submitted", None, False, True),
        ("reopened", 1, False, True),
        ("draft", 1, False, True),
        ("submitted", 1, True, False),
        ("returned", None, False, False),
        ("draft", None, False, False),
    ],
)
def test_a_report_that_is_being_corrected_came_when_it_came(
    status: str, in_force: int | None, is_late: bool, came: bool
) -> None:
    report = QuarterlyReport(status=status, in_force=in_force, is_late=is_late, submitted_by_id=7)
    assert came_on_time(report) is came


def test_two_strengths_are_of_two_rules_and_two_measures_where_that_can_be() -> None:
    quarters = [{"employed": count} for count in (12, 14, 16, 20)]
    medians = {"employment": "0.20"}
    assert keys(course(*quarters, medians=medians)) == ["rise", "middle"]
    on_time = (True, True, True, True)
    assert keys(course(*quarters, medians=medians, on_time=on_time)) == ["rise", "on_time"]


def test_what_is_missing_is_said() -> None:
    assert strengths(course(None, None, None, {})).missing == (
        "There are accepted figures for 1 of 4 quarters; a strength over time needs 3."
    )
    assert strengths(course({}, {}, {}, {})).missing.startswith("No strength follows")
    one = strengths(course({}, {}, {}, {}, on_time=(True, True, True, True)))
    assert one.missing.startswith("No second strength follows")


def test_two_strengths_leave_nothing_missing() -> None:
    found = course({}, {}, {}, {}, goals={"employment": "0.30"}, on_time=(True, True, True, True))
    assert strengths(found).missing == ""


# --- pairs ----------------------------------------------------------------------------------------------------
def program(team: int, employed: int, served: int = 40) -> Program:
    known = {each: figures(served=served, employed=employed) for each in FOUR}
    return Program(team, served, {"employment": rolling(known, "employment", until=LAST)})


def test_a_low_program_is_paired_with_a_high_one_in_words() -> None:
    (pair,) = pairings([program(1, 8), program(2, 14), program(3, 15), program(4, 20)])
    assert (pair.asks.team_id, pair.helps.team_id) == (1, 4)
    assert pair.reason == (
        "Employment rate over four quarters: 20% and 50%. Of like size: 40 and 40 people served."
    )


def test_programs_of_unlike_size_are_not_paired() -> None:
    assert pairings([program(1, 8), program(2, 14), program(3, 15), program(4, 60, served=120)]) == ()


def test_programs_that_are_nearly_alike_are_not_paired() -> None:
    assert pairings([program(1, 15), program(2, 16), program(3, 16), program(4, 17)]) == ()


def test_three_programs_make_no_ends() -> None:
    assert pairings([program(1, 8), program(2, 14), program(3, 20)]) == ()


def test_nobody_is_asked_more_than_twice_and_nobody_asks_twice() -> None:
    few = [program(team, 8) for team in range(1, 5)] + [program(team, 15) for team in range(5, 12)]
    found = pairings([*few, *(program(team, 24, served=50) for team in (12, 13, 14)), program(15, 26)])
    asked = [pair.helps.team_id for pair in found]
    assert len(found) == 4
    assert max(asked.count(team) for team in asked) == MOST_ASKED
    assert len({pair.asks.team_id for pair in found}) == len(found)


def test_a_program_without_figures_takes_no_part() -> None:
    nothing = Program(9, 0, {"employment": rolling({}, "employment", until=LAST)})
    (pair,) = pairings([program(1, 8), program(2, 14), program(3, 15), program(4, 20), nothing])
    assert 9 not in (pair.asks.team_id, pair.helps.team_id)


# --- client details -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("His number is 123-45-6789.", "Social Security"),
        ("DOB 3/4/1988", "birth"),
        ("Medicaid ID 88", "id of a person"),
        ("Call 555-123-4567", "long number"),
        ("client Maria found a job", "name of a person"),
    ],
)
def test_what_looks_like_a_person_served_is_found(text: str, what: str) -> None:
    assert what in " ".join(client_details(text))


@pytest.mark.parametrize(
    "text",
    [
        "Two specialists visit six employers a week; 18 of 40 clients work.",
        "From October 1, 2026 on we meet VR counselors on Mondays.",
        "From 2025 to 2026 job starts went from 40 to 52, 60 and 71.",
    ],
)
def test_ordinary_words_are_taken(text: str) -> None:
    assert client_details(text) == ()
