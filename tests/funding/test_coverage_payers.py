"""Who pays: a phase or a service nobody pays for, one payer for all, and the start of a program."""

from dataclasses import replace

from funding.coverage import gaps
from funding.grid import Cell, Status
from tests.funding.grids import (
    COACHING,
    COLUMNS,
    ELEMENTS,
    EMPLOYERS,
    GRANT,
    INTERVIEWS,
    LIMITS,
    RIDES,
    SCHOOL,
    START,
    STATE,
    TODAY,
    VR,
    found,
    one,
    pays,
    phase_rows,
    plan,
    planned,
    row,
)

EVERY = [element.key for element in ELEMENTS]


def test_a_plan_that_pays_for_everything_has_no_gap() -> None:
    for number in range(1, 13):
        assert found(f"G{number}", plan()) == []


def test_a_phase_nobody_pays_for_is_a_gap() -> None:
    gap = one("G1", plan(phase_rows([INTERVIEWS, EMPLOYERS])))
    assert (gap.phase, gap.elements, gap.columns) == ("job_development", (INTERVIEWS, EMPLOYERS), ())
    assert "Nobody pays for Job development" in gap.reason
    assert "2 services: “Interview practice” and “Meeting employers”" in gap.reason


def test_a_phase_with_one_paid_service_is_not() -> None:
    assert found("G1", plan(phase_rows([INTERVIEWS, EMPLOYERS]) | row(EMPLOYERS, grant=pays()))) == []
    partly = pays(status=Status.PARTLY)
    assert found("G1", plan(row(SCHOOL, grant=partly))) == []


def test_planned_money_fills_a_phase_only_with_its_date_and_a_bridge() -> None:
    bridged = planned(expected_on=TODAY, bridge=GRANT)
    assert found("G1", plan(row(SCHOOL, medicaid=bridged))) == []
    for half in (replace(bridged, bridge=None), replace(bridged, expected_on=None)):
        assert one("G1", plan(row(SCHOOL, medicaid=half))).phase == "education"


def test_money_that_has_ended_or_not_begun_does_not_pay() -> None:
    ended = pays(valid_to=TODAY.replace(day=27))
    to_come = pays(valid_from=TODAY.replace(day=29))
    last_day = pays(valid_from=TODAY, valid_to=TODAY)
    assert one("G1", plan(row(SCHOOL, state=ended))).phase == "education"
    assert one("G1", plan(row(SCHOOL, state=to_come))).phase == "education"
    assert found("G1", plan(row(SCHOOL, state=last_day))) == []


def test_a_service_nobody_pays_for_is_a_gap_where_its_phase_has_a_payer() -> None:
    gap = one("G2", plan(row(RIDES)))
    assert (gap.phase, gap.elements, gap.columns) == ("job_supports", (RIDES,), ())
    assert gap.reason == "Nobody pays for “Rides” in Job supports."
    assert "without the person" not in gap.advice


def test_a_phase_without_any_payer_says_it_once_for_all_its_services() -> None:
    assert found("G2", plan(phase_rows([COACHING, RIDES]))) == []


def test_meeting_employers_alone_is_what_medicaid_usually_leaves_out() -> None:
    gap = one("G2", plan(row(EMPLOYERS)))
    assert "Medicaid usually does not pay" in gap.reason
    assert "more than two years" in gap.advice
    assert "Medicaid" not in one("G2", plan(row(INTERVIEWS))).reason
    meetings = replace(ELEMENTS[-1], key=8, name="Unit meetings", starts_up=False)
    elsewhere = one("G2", plan(elements=(*ELEMENTS, meetings)))
    assert elsewhere.elements == (meetings.key,)
    assert "Medicaid" not in elsewhere.reason


def test_one_payer_above_four_fifths_of_the_phases_is_the_single_source() -> None:
    gap = one("G7", plan(phase_rows([SCHOOL, START], state=pays())))
    assert (gap.phase, gap.columns) == ("", (STATE,))
    assert (
        "more than 80 percent of the phases: State general funds, in 5 of 5; the next payer in 3."
        in gap.reason
    )


def test_the_next_payer_is_the_one_with_most_phases_and_other_payers_have_their_own_names() -> None:
    grid = plan(
        phase_rows(EVERY, grant=pays()) | row(SCHOOL, vr=pays()) | phase_rows(EVERY[:2], medicaid=pays())
    )
    grid = replace(grid, cells=grid.cells | {(element, GRANT): pays() for element in EVERY})
    reason = one("G7", grid).reason
    assert ": Grant, in 5 of 5; the next payer in 2." in reason
    assert "nobody else in any" in one("G7", plan(phase_rows(EVERY, grant=pays()))).reason


def test_two_payers_above_it_are_no_single_source() -> None:
    assert found("G7", plan()) == []


def test_exactly_four_fifths_is_not_above() -> None:
    four = phase_rows(EVERY, vr=pays()) | row(SCHOOL, medicaid=pays())
    assert found("G7", plan(four)) == []
    assert one("G7", plan(four), replace(LIMITS, share_percent=79)).columns == (VR,)


def test_two_columns_of_one_payer_are_one_source() -> None:
    both = phase_rows(EVERY, vr=pays(service_code="1"), grant=pays(service_code="2"))
    columns = (*COLUMNS[:3], replace(COLUMNS[3], payer="vr"))
    assert one("G7", plan(both, columns=columns)).columns == (VR, GRANT)
    assert found("G7", plan(both)) == []


def test_nobody_pays_for_the_start_of_a_program() -> None:
    gap = one("G11", plan(row(START)))
    assert (gap.phase, gap.elements) == ("team_work", (START,))
    assert "“Start of a program”" in gap.reason


def test_a_plan_without_a_line_for_the_start_says_so() -> None:
    gap = one("G11", plan(elements=ELEMENTS[:-1]))
    assert (gap.phase, gap.elements) == ("", ())
    assert "no service for the start" in gap.reason


def test_a_start_that_somebody_pays_for_is_no_gap() -> None:
    assert found("G11", plan(row(START, grant=pays()))) == []


def test_the_gaps_stand_in_the_order_of_the_plan() -> None:
    everything_unknown = plan(dict.fromkeys(plan().cells, Cell()))
    order = [(gap.phase, int(gap.code[1:])) for gap in gaps(everything_unknown, TODAY, LIMITS)]
    places = ["", "engagement", "job_development", "job_supports", "education", "team_work"]
    assert order == sorted(order, key=lambda entry: (places.index(entry[0]), entry[1]))
    assert order[0] == ("engagement", 1)
