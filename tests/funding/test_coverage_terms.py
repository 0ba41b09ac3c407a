"""On what terms: how long jobs are supported, how often jobs are looked for, who leaves early, who is kept out."""

from dataclasses import replace

import pytest

from funding.grid import Cell, Entry, Method, Status
from tests.funding.grids import (
    COACHING,
    EMPLOYERS,
    GRANT,
    INTERVIEWS,
    LIMITS,
    MEDICAID,
    NO,
    OUTREACH,
    RIDES,
    SCHOOL,
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

SUPPORTS = (COACHING, RIDES)
DEVELOPMENT = (INTERVIEWS, EMPLOYERS)
MILESTONE = pays(method=Method.MILESTONE)


def supported(**cells: Cell) -> list[str]:
    return [gap.reason for gap in found("G3", plan(phase_rows(SUPPORTS, **cells)))]


def test_rehabilitation_that_closes_its_cases_leaves_the_long_support_unpaid() -> None:
    gap = one("G3", plan(phase_rows(SUPPORTS, vr=pays(limit_days=60))))
    assert (gap.phase, gap.elements, gap.columns) == ("job_supports", SUPPORTS, (VR,))
    assert "60 days after the job start" in gap.reason
    assert "about 365 days" in gap.reason
    assert "305 days" in gap.reason
    assert "legislat" in gap.advice


def test_without_a_said_limit_rehabilitation_stops_at_its_usual_one() -> None:
    (reason,) = supported(vr=pays())
    assert "90 days" in reason
    assert "no limit is said" in reason
    grid = plan(phase_rows(SUPPORTS, vr=pays()))
    assert "120 days" in one("G3", grid, replace(LIMITS, closes_after_days=120)).reason


@pytest.mark.parametrize("after", [pays(), pays(limit_days=365), planned(expected_on=TODAY, bridge=VR)])
def test_another_payer_that_goes_on_closes_it(after: Cell) -> None:
    assert supported(vr=pays(limit_days=90), state=after) == []


def test_it_goes_on_for_the_phase_also_at_another_service() -> None:
    cells = row(COACHING, vr=pays()) | row(RIDES, state=pays())
    assert found("G3", plan(cells)) == []


def test_every_payer_stopping_before_the_year_is_a_gap_too() -> None:
    (reason,) = supported(vr=pays(limit_days=90), grant=pays(limit_days=364))
    assert "364 days after the job start" in reason
    assert "1 day " in reason
    assert "Grant until day 364" in reason
    assert supported(grant=pays(limit_days=364)) != []


def test_a_payer_is_named_once_with_its_last_day() -> None:
    cells = row(COACHING, vr=pays(limit_days=120), grant=pays(limit_days=30)) | row(
        RIDES, vr=pays(limit_days=60)
    )
    assert one("G3", plan(cells)).reason.endswith(
        "Paid are: Vocational Rehabilitation (Milestone payments) until day 120; Grant until day 30."
    )


def test_rehabilitation_that_stays_a_year_is_no_gap() -> None:
    assert supported(vr=pays(limit_days=365)) == []
    assert supported(vr=pays(limit_days=364)) != []


def test_a_phase_of_supports_without_money_is_said_to_have_none_and_no_more() -> None:
    assert supported() == []


def test_job_development_that_everybody_pays_once_is_a_gap() -> None:
    once = pays(limit_times=1)
    gap = one("G4", plan(phase_rows(DEVELOPMENT, vr=once, grant=once)))
    assert (gap.phase, gap.elements, gap.columns) == ("job_development", DEVELOPMENT, (VR, GRANT))
    assert "only once for a person" in gap.reason
    assert "more than one job start" in gap.advice


@pytest.mark.parametrize("other", [pays(), pays(limit_times=2)])
def test_one_payer_that_pays_again_closes_it(other: Cell) -> None:
    cells = phase_rows(DEVELOPMENT, vr=pays(limit_times=1)) | row(EMPLOYERS, state=other)
    assert found("G4", plan(cells)) == []


def test_other_phases_and_unpaid_ones_are_not_asked_how_often() -> None:
    assert found("G4", plan(row(SCHOOL, vr=pays(limit_times=1)))) == []
    assert found("G4", plan(phase_rows(DEVELOPMENT))) == []


def test_milestones_alone_leave_the_work_for_who_drops_out_unpaid() -> None:
    gap = one("G5", plan(phase_rows(DEVELOPMENT, vr=MILESTONE)))
    assert (gap.phase, gap.elements, gap.columns) == ("job_development", DEVELOPMENT, (VR,))
    assert "leaves before a job" in gap.reason
    assert "Vocational Rehabilitation (Milestone payments)" in gap.reason


def test_a_payment_that_waits_for_no_outcome_closes_it() -> None:
    cells = phase_rows(DEVELOPMENT, vr=MILESTONE) | row(EMPLOYERS, state=pays(method=Method.NOT_SAID))
    assert found("G5", plan(cells)) == []


def test_milestones_after_the_job_start_are_in_order() -> None:
    assert found("G5", plan(phase_rows(SUPPORTS, vr=MILESTONE))) == []
    assert found("G5", plan(row(OUTREACH))) == []


@pytest.mark.parametrize("rule", [Entry.SOBRIETY, Entry.READINESS, Entry.HISTORY])
def test_an_entry_rule_that_keeps_people_out_is_one_gap_of_its_column(rule: Entry) -> None:
    strict = pays(entry=rule, condition="After a talk.")
    gap = one("G6", plan({(OUTREACH, VR): strict, (COACHING, VR): strict, (SCHOOL, VR): NO}))
    assert (gap.phase, gap.elements, gap.columns) == ("", (OUTREACH, COACHING), (VR,))
    assert "“Outreach” and “Coaching”" in gap.reason
    assert "“After a talk.”" in gap.reason


def test_each_column_is_told_for_itself() -> None:
    strict = pays(entry=Entry.SOBRIETY)
    columns = [gap.columns for gap in found("G6", plan({(SCHOOL, VR): strict, (SCHOOL, GRANT): strict}))]
    assert columns == [(VR,), (GRANT,)]
    assert one("G6", plan({(SCHOOL, VR): strict})).phase == "education"


@pytest.mark.parametrize("rule", [Entry.EVERYBODY, Entry.ENROLLED, Entry.NECESSITY, Entry.NOT_SAID])
def test_other_entry_rules_fit(rule: Entry) -> None:
    assert found("G6", plan({(OUTREACH, VR): pays(entry=rule)})) == []


@pytest.mark.parametrize(
    "condition",
    [
        "Must be sober for 90 days",
        "Six months of sobriety.",
        "Only people abstinent from alcohol",
        "After a period of abstinence",
        "30 days of clean time",
        "Clean and sober",
        "Drug-free, as shown by a test",
        "drug free for a month",
        "A negative drug screen",
        "Found work-ready by the counselor",
        "The person is job ready",
        "Once ready for work",
        "After a readiness assessment",
        "Not open to people with a felony",
        "Not before the person is abstinent",
        "No one who is not work-ready",
        "No referral is required. Sobriety is.",
        "An authorization is not needed, sobriety is",
        "A profile is not required but abstinence is",
        "Sober for 90 days, regardless of the past",
    ],
)
def test_words_that_keep_people_out_are_found_and_quoted(condition: str) -> None:
    gap = one("G6", plan({(OUTREACH, VR): pays(condition=condition)}))
    assert f"“{condition}”" in gap.reason


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "Open to everybody who wants to work",
        "Medically necessary, with prior authorization",
        "Sobriety is not required",
        "No sobriety period",
        "Abstinence is no longer a condition",
        "Regardless of sobriety or readiness",
        "The person need not be sober",
        "Does not ask for abstinence",
        "Doesn't require drug tests",
        "Everybody, regardless of sobriety, felonies or readiness",
        "Cleaning supplies for the new job",
        "Already enrolled with Medicaid",
        "An appointment within 30 days",
    ],
)
def test_words_that_do_not_are_let_be(condition: str) -> None:
    assert found("G6", plan({(OUTREACH, VR): pays(condition=condition)})) == []


def test_only_what_keeps_people_out_is_quoted() -> None:
    cells = {(OUTREACH, VR): pays(entry=Entry.ENROLLED, condition="Sober"), (SCHOOL, VR): pays(condition="")}
    assert one("G6", plan(cells)).reason.endswith("for “Outreach”. Its condition: “Sober”")
    ruled = {(OUTREACH, VR): pays(entry=Entry.SOBRIETY, condition=" ")}
    assert one("G6", plan(ruled)).reason.endswith("It pays: only after a time of sobriety.")
    both = {**ruled, (SCHOOL, VR): pays(entry=Entry.EVERYBODY, condition="Sober")}
    assert "everybody" not in one("G6", plan(both)).reason


def test_money_that_has_ended_keeps_nobody_out() -> None:
    last = pays(entry=Entry.SOBRIETY, valid_to=TODAY)
    assert found("G6", plan({(OUTREACH, VR): last})) != []
    assert found("G6", plan({(OUTREACH, VR): replace(last, valid_to=TODAY.replace(day=27))})) == []


def test_whoever_does_not_pay_keeps_nobody_out() -> None:
    assert found("G6", plan({(OUTREACH, VR): replace(NO, entry=Entry.SOBRIETY)})) == []
    assert found("G6", plan({(OUTREACH, VR): pays(status=Status.PLANNED, entry=Entry.SOBRIETY)})) != []
    assert {MEDICAID, STATE}.isdisjoint(one("G6", plan({(OUTREACH, VR): pays(entry=Entry.HISTORY)})).columns)
