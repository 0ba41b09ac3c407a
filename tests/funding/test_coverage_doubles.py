"""One service paid twice, and links that do not say what they must."""

from dataclasses import replace
from datetime import date

import pytest

from funding.coverage import link_faults
from funding.grid import Cell, Grid, Link, LinkKind, Place
from tests.funding.grids import (
    COACHING,
    GRANT,
    MEDICAID,
    RIDES,
    SCHOOL,
    STATE,
    VR,
    found,
    one,
    pays,
    plan,
    planned,
    row,
)

A, B = (SCHOOL, VR), (SCHOOL, STATE)
ONE, OTHER, BLANK = pays(service_code="97535"), pays(service_code="H2025"), pays()
SPRING, FALL = {"valid_to": date(2027, 6, 30)}, {"valid_from": date(2027, 7, 1)}


def linked(kind: LinkKind, note: str = "Different help.", first: Place = A, second: Place = B) -> Link:
    return Link(kind, first, second, note)


def school(vr: Cell, state: Cell, *links: Link) -> Grid:
    return plan(row(SCHOOL, vr=vr, state=state), links=links)


@pytest.mark.parametrize(
    ("vr", "state"),
    [(ONE, ONE), (BLANK, BLANK), (ONE, BLANK), (ONE, replace(ONE, service_code=" 97535 ")), (BLANK, OTHER)],
)
def test_two_payers_of_the_same_service_are_a_gap(vr: Cell, state: Cell) -> None:
    gap = one("G10", school(vr, state))
    assert (gap.phase, gap.elements, gap.columns) == ("education", (SCHOOL,), (VR, STATE))
    assert "“School applications”" in gap.reason
    assert "Vocational Rehabilitation (Milestone payments)" in gap.reason


def test_services_with_different_codes_are_not() -> None:
    assert found("G10", school(ONE, OTHER)) == []


def test_the_codes_are_said() -> None:
    reason = one("G10", school(ONE, BLANK)).reason
    assert "97535" in reason
    assert "no service code" in reason


@pytest.mark.parametrize("kind", list(LinkKind))
def test_a_note_that_links_the_two_explains_it(kind: LinkKind) -> None:
    assert found("G10", school(BLANK, BLANK, linked(kind))) == []
    assert found("G10", school(BLANK, BLANK, linked(kind, first=B, second=A))) == []


def test_a_link_without_a_note_or_at_other_cells_does_not() -> None:
    assert found("G10", school(BLANK, BLANK, linked(LinkKind.BRAIDING, " "))) != []
    elsewhere = linked(LinkKind.BRAIDING, first=A, second=(COACHING, STATE))
    assert found("G10", school(BLANK, BLANK, elsewhere)) != []


def test_payers_who_follow_one_another_never_pay_on_the_same_day() -> None:
    assert found("G10", school(replace(ONE, **SPRING), replace(ONE, **FALL))) == []


def test_planned_money_is_not_paid_twice() -> None:
    waiting = planned(service_code="97535", expected_on=date(2027, 1, 1), bridge=STATE)
    assert found("G10", school(waiting, ONE)) == []


def test_of_three_payers_those_left_unexplained_are_named() -> None:
    three = row(SCHOOL, vr=ONE, state=ONE, grant=ONE)
    assert one("G10", plan(three)).columns == (VR, STATE, GRANT)
    noted = (linked(LinkKind.BRAIDING), linked(LinkKind.BRAIDING, first=B, second=(SCHOOL, GRANT)))
    assert one("G10", plan(three, links=noted)).columns == (VR, GRANT)


def said(grid: Grid) -> list[str]:
    return [fault.reason for fault in link_faults(grid)]


def test_a_braiding_of_two_different_services_is_sound() -> None:
    assert said(school(ONE, OTHER, linked(LinkKind.BRAIDING))) == []
    job_start = linked(LinkKind.BRAIDING, first=(SCHOOL, VR), second=(COACHING, MEDICAID))
    assert said(school(ONE, OTHER, job_start)) == []


def test_a_braiding_joins_two_payers() -> None:
    cells = row(COACHING, vr=ONE) | row(RIDES, vr=OTHER)
    same_payer = linked(LinkKind.BRAIDING, first=(COACHING, VR), second=(RIDES, VR))
    (reason,) = said(plan(cells, links=(same_payer,)))
    assert "joins two payers" in reason
    assert "Vocational Rehabilitation (Milestone payments)" in reason


def test_a_braiding_needs_two_service_codes_that_differ() -> None:
    assert "the same service code, 97535" in said(school(ONE, ONE, linked(LinkKind.BRAIDING)))[0]
    (reason,) = said(school(ONE, BLANK, linked(LinkKind.BRAIDING)))
    assert "no service code" in reason
    assert "State general funds" in reason
    assert "Vocational Rehabilitation" in said(school(BLANK, BLANK, linked(LinkKind.BRAIDING)))[0]


def test_a_sequence_of_one_service_with_its_note_is_sound() -> None:
    assert said(school(replace(ONE, **SPRING), replace(ONE, **FALL), linked(LinkKind.SEQUENCING))) == []
    assert said(school(replace(ONE, **FALL), replace(ONE, **SPRING), linked(LinkKind.SEQUENCING))) == []


def test_a_sequence_is_of_one_service() -> None:
    cells = row(COACHING, vr=pays(**SPRING)) | row(RIDES, state=pays(**FALL))
    two = linked(LinkKind.SEQUENCING, first=(COACHING, VR), second=(RIDES, STATE))
    (reason,) = said(plan(cells, links=(two,)))
    assert "“Coaching” and “Rides”" in reason


def test_the_periods_of_a_sequence_do_not_overlap() -> None:
    until = pays(valid_to=date(2027, 7, 1))
    (reason,) = said(school(until, pays(**FALL), linked(LinkKind.SEQUENCING)))
    assert "July 1, 2027" in reason
    assert len(said(school(ONE, ONE, linked(LinkKind.SEQUENCING)))) == 1
    assert len(said(school(pays(**SPRING), ONE, linked(LinkKind.SEQUENCING)))) == 1


def test_a_payer_that_stops_after_so_many_days_hands_each_person_over() -> None:
    ninety = pays(limit_days=90)
    for cells in ((ninety, BLANK), (BLANK, ninety)):
        assert said(school(*cells, linked(LinkKind.SEQUENCING, "From day 91 on."))) == []
    (reason,) = said(school(ninety, pays(limit_days=120), linked(LinkKind.SEQUENCING)))
    assert "neither of them alone stops" in reason


def test_a_sequence_says_how_it_is_handed_over() -> None:
    (reason,) = said(school(pays(**SPRING), pays(**FALL), linked(LinkKind.SEQUENCING, " ")))
    assert "handed over" in reason


@pytest.mark.parametrize("kind", list(LinkKind))
def test_a_cell_is_not_linked_with_itself(kind: LinkKind) -> None:
    (reason,) = said(school(ONE, OTHER, linked(kind, second=A)))
    assert "with itself" in reason


@pytest.mark.parametrize("ends", [(A, (99, VR)), ((99, VR), A), (A, (SCHOOL, 99)), ((99, 98), (99, 98))])
def test_a_link_to_what_is_no_longer_in_the_plan_is_found(ends: tuple[Place, Place]) -> None:
    (reason,) = said(school(ONE, OTHER, Link(LinkKind.BRAIDING, *ends)))
    assert "no longer in the plan" in reason


def test_a_fault_holds_its_link() -> None:
    link = linked(LinkKind.SEQUENCING, "")
    faults = link_faults(school(ONE, ONE, link))
    assert [fault.link for fault in faults] == [link, link]
