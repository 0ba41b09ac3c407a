"""Every rule speaks where it should and is silent right beside that. Source: domain reference 3.3."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from outcomes.checks import Case, Finding, Level, blocks, catalogue, check, check_batch, open_warnings
from outcomes.checks.examples import open_at, ordinary
from outcomes.figures import Figure

NEW = {"served": 38}  # a quarter before that differs a little
STEADY = [{"job_starts": starts} for starts in (9, 8, 11, 10, 9)]
OCTOBER_1, DUE = date(2026, 10, 1), date(2026, 10, 30)
CAIRS = "each one's employment status is entered in CAIRS at discharge"
FEW = {"employed": 1, "job_starts": 1, "in_school": 0, "in_education": 0, "transitioned_working": 0}
SMALL = {**FEW, "transitioned_unemployed": 1, "specialist_fte": 1}


def vacant(case: Case) -> Case:
    return replace(case, figures=replace(case.figures, vacancy="Our only specialist left in June."))


def noted(note: str, **explained: str) -> Case:
    return replace(
        ordinary(), figures=replace(ordinary().figures, note=note, explained=MappingProxyType(explained))
    )


SPEAKS: list[tuple[str, Case, str]] = [
    ("V01", ordinary(served=-1), "“People served” is -1"),
    ("V01", ordinary(served=Decimal("NaN")), "“People served” is NaN"),
    ("V01", ordinary(specialist_fte=Decimal("2.555")), "at most 2 decimals"),
    ("V02", ordinary(served=30, employed=31), "31 people working, but only 30 people served"),
    ("V03", ordinary(in_school=7), "7 people in school, but only 6 people in school or training"),
    ("V03", ordinary(served=10, employed=4, in_school=12, in_education=None), "but only 10 people served"),
    ("V04", ordinary(employed=5, transitioned_working=9), "9 people left while working, but only 5 worked"),
    ("V05", ordinary(transitioned_working=None, transitioned_unemployed=41), "41 people left"),
    ("V06", ordinary(new_job_starters=10), "“job starts” is 9"),
    ("V06", ordinary(new_job_starters=19, job_starts=25), "“people working” is 18"),
    ("V07", ordinary(served=0, employed=0, job_starts=3), "3 job starts, but nobody served"),
    ("V07", ordinary(employed=0, job_starts=1), "1 job start, but nobody working"),
    ("V08", ordinary(employed_90_days=19), "19 people held a job for 90 days"),
    ("V09", ordinary(specialist_fte=0), "40 people served and no specialist"),
    ("V09", ordinary(specialist_fte=None), "specialists not collected"),
    ("V09", vacant(ordinary(specialist_fte=None)), "specialists not collected"),
    ("V10", replace(ordinary(), today=date(2026, 9, 30)), "submitted from October 1, 2026"),
    ("V10", replace(ordinary(), is_team_active=False), "The team was not active"),
    ("V10", replace(ordinary(), is_only_report=False), "There is another report"),
    ("V11", ordinary({"served": 46}), "40 people served, but 41 still open after 2026 Q2"),
    ("V11", ordinary({"served": 40}, new_enrollees=6), "35 still open after 2026 Q2 and 6 new make 41"),
    ("V12", ordinary({"served": 20}, served=52), "52 people served, up 160% from 20 in 2026 Q2"),
    ("V12", ordinary({"served": 54}), "down 26%"),
    ("V12", ordinary({"served": 0}), "40 people served, up from 0"),
    ("V13", ordinary(served=41, employed=2, transitioned_working=0), "Employment rate of 5%: 2 people"),
    ("V13", ordinary(employed=37), "93%"),
    ("V13", ordinary({"employed": 9}), "45%: 18 people working of 40 people served, after 23% in 2026 Q2"),
    ("V14", ordinary(served=90, specialist_fte=2), "45.0 served per specialist"),
    ("V14", ordinary(specialist_fte=Decimal("1.25")), "28.0 per specialist at the end"),
    ("V14", ordinary(specialist_fte=Decimal("7.25")), "4.8 per specialist at the end"),
    ("V15", ordinary(job_starts=28), "28 job starts for 18 people working"),
    ("V15", ordinary(job_starts=25, specialist_fte=2), "25 job starts for 2 full-time specialists"),
    ("V16", ordinary(job_starts=0), "0 job starts with 2.5 full-time specialists"),
    ("V17", ordinary(in_education=21), "53%: 21 people in school or vocational training"),
    ("V18", ordinary({}), "All 7 core counts are identical to 2026 Q2"),
    ("V18", ordinary({"in_school": None}), "All 6 core counts are identical"),
    ("V19", replace(ordinary(), due_on=DUE, submitted_on=date(2026, 10, 31)), "Submitted, 1 day late"),
    ("V19", replace(ordinary(), due_on=DUE, today=date(2026, 11, 2)), "Not submitted yet, 3 days late"),
    ("V20", replace(ordinary(), locked_on=date(2026, 11, 14)), "locked since November 14, 2026"),
    ("V21", ordinary(served=10000), "“People served” is 10000; the portal accepts at most 9,999"),
    ("V21", ordinary(avg_weekly_hours=Decimal("80.5")), "more than 0 and at most 80"),
    ("V21", ordinary(avg_hourly_wage=0), "“Average hourly wage” is 0"),
    ("V21", ordinary(specialist_fte=1000), "at most 999.99"),
    ("V21", ordinary(served=10**5000), "1.000e+5000"),
    ("V22", ordinary(new_enrollees=41), "“New people” is 41, but “People served” is 40"),
    (
        "V22",
        ordinary(vr_closures=3, closed_successful_vr=4),
        "“Successful Vocational Rehabilitation closures” is 4",
    ),
    ("V23", ordinary(*STEADY, job_starts=20), "“Job starts” is 20 and was about 9 before"),
    ("V24", ordinary(referrals=20, referrals_vr=12, referrals_self=9), "add up to 21, but “Referrals” is 20"),
    ("V25", ordinary(vr_closures=41), "41 cases closed, but only 40 people served"),
    ("V26", ordinary(vr_closures=30, closed_successful_vr=19), "19 successful closures, but only 18 people"),
    (
        "V27",
        ordinary(employed=0, avg_weekly_hours=20),
        "“Average weekly hours” is 20, but “People working” is 0",
    ),
    ("V28", ordinary(new_job_starters=0), "“People who started a job” is 0"),
    ("V29", ordinary(specialist_headcount=2), "2.5 full-time posts filled by 2 specialists"),
    ("V30", open_at(ordinary(), "served"), "“People served” is empty"),
    ("V31", ordinary(in_school=None, job_starts=None), "“Job starts”, “People in school”"),
    ("V32", open_at(ordinary(waitlist=1), "waitlist"), "Left empty: “People waiting”"),
    ("V33", ordinary({}, served=50, new_enrollees=4), "35 still open after 2026 Q2 and 4 new make 39"),
    ("V34", ordinary(vr_open=35, vr_closures=6), "41 together, for 40 people served"),
    ("V36", replace(ordinary(), at_discharge=CAIRS), "5 people left in July-September 2026; each one's"),
    ("V36", replace(ordinary(transitioned_working=None), at_discharge=CAIRS), "2 people left"),
    ("V37", noted("Client Maria found a job."), "may hold the name of a person served"),
    ("V37", noted("", V16="Born on 3/4/1988, so no job yet."), "a date of birth"),
    (
        "V37",
        replace(ordinary(), figures=ordinary().figures.with_figure("served", Figure(why="SSN lost"))),
        "Social",
    ),
]
SILENT: list[tuple[str, Case]] = [
    ("V01", ordinary(specialist_fte=Decimal("2.55"))),
    ("V01", ordinary(served=Decimal("40.00"))),
    ("V02", ordinary(served=30, employed=30)),
    ("V02", ordinary(served=None, employed=31)),
    ("V03", ordinary(in_school=6)),
    ("V04", ordinary(transitioned_working=18)),
    ("V05", ordinary(transitioned_working=18, transitioned_unemployed=22)),
    ("V06", ordinary(new_job_starters=9)),
    ("V07", ordinary(employed=None)),
    ("V07", ordinary(employed=0, job_starts=0)),
    ("V08", ordinary(employed_90_days=18)),
    (
        "V09",
        vacant(ordinary(specialist_fte=0)),
    ),
    ("V09", ordinary(served=0, specialist_fte=0)),
    ("V09", open_at(ordinary(), "specialist_fte")),  # V30 asks
    ("V10", replace(ordinary(), today=OCTOBER_1)),
    ("V11", ordinary({"served": 45})),
    ("V11", ordinary({"served": 40}, new_enrollees=5)),
    ("V11", ordinary({"served": 60, "transitioned_working": None})),
    ("V12", ordinary({"served": 30})),  # up 33%, but by 10 people
    ("V12", ordinary({"served": 50}, served=62)),  # by 12 people, but 24%
    ("V12", ordinary({"served": None}, served=90)),
    ("V13", ordinary(served=40, employed=2)),
    ("V13", ordinary(employed=36)),
    ("V13", ordinary({"employed": 10})),
    ("V13", ordinary(served=29, employed=28)),
    ("V13", ordinary({"served": 29, "employed": 1})),
    ("V13", ordinary(served=30, employed=31)),  # V02 asks
    ("V14", ordinary(specialist_fte=Decimal("1.40"))),
    ("V14", ordinary(specialist_fte=7)),
    (
        "V14",
        ordinary(specialist_fte=1, transitioned_working=8, transitioned_unemployed=7),
    ),  # 40 served, 25 at the end
    ("V14", ordinary(served=9, specialist_fte=Decimal("0.20"), **FEW)),
    ("V14", ordinary(served=4, specialist_fte=Decimal("0.90"), **FEW)),
    ("V14", ordinary(specialist_fte=0)),
    ("V15", ordinary(job_starts=27)),
    ("V15", ordinary(employed=9, job_starts=18)),
    ("V15", ordinary(employed=None, job_starts=30)),
    ("V15", ordinary(employed=9, job_starts=11, specialist_fte=Decimal("0.90"))),
    ("V16", ordinary(job_starts=0, specialist_fte=Decimal("0.99"))),
    ("V16", ordinary(job_starts=None)),
    ("V16", ordinary(served=0, employed=0, job_starts=0)),
    ("V17", ordinary(in_education=20)),
    ("V17", ordinary(served=29, in_education=20)),
    ("V18", ordinary(NEW)),
    ("V18", ordinary({"served": 9, **SMALL}, served=9, **SMALL)),
    ("V18", replace(ordinary({}), earlier=())),
    ("V19", replace(ordinary(), due_on=DUE, submitted_on=DUE)),
    ("V20", replace(ordinary(), locked_on=DUE, reason_to_amend="A page was missing.")),
    ("V21", ordinary(served=9999, avg_weekly_hours=80)),
    ("V22", ordinary(new_enrollees=40)),
    ("V22", ordinary(new_enrollees=None)),
    ("V23", ordinary(*STEADY, job_starts=19)),
    ("V23", ordinary(*STEADY[:4], job_starts=30)),
    ("V23", ordinary(*STEADY[:4], {"job_starts": None}, job_starts=30)),
    ("V23", ordinary(*[{"served": served} for served in (80, 50, 20, 90, 40)], served=95)),
    ("V24", ordinary(referrals=20, referrals_vr=12, referrals_self=8)),
    ("V24", ordinary(referrals=None, referrals_vr=12)),
    ("V25", ordinary(vr_closures=40)),
    ("V26", ordinary(vr_closures=30, closed_successful_vr=18)),
    ("V27", ordinary(employed=0, avg_weekly_hours=None)),
    ("V28", ordinary(new_job_starters=1)),
    ("V28", ordinary(new_job_starters=None)),
    ("V29", ordinary(specialist_headcount=3)),
    ("V30", ordinary(served=None)),
    ("V31", ordinary()),
    ("V31", ordinary(specialist_fte=None)),  # V09 asks
    ("V32", ordinary(waitlist=None)),
    ("V33", ordinary({}, served=49, new_enrollees=4)),
    ("V34", ordinary(vr_open=35, vr_closures=5)),
    ("V36", ordinary()),
    ("V36", replace(ordinary(transitioned_working=0, transitioned_unemployed=0), at_discharge=CAIRS)),
    ("V37", noted("Two clients found jobs; 18 of 40 clients work.")),
    ("V37", noted("", V37="Client Street is the name of the bus stop.")),
]


def said(case: Case, rule: str) -> list[Finding]:
    return [finding for finding in check(case) if finding.rule == rule]


@pytest.mark.parametrize(
    ("rule", "case", "words"), SPEAKS, ids=[f"{rule}-{at}" for at, (rule, *_) in enumerate(SPEAKS)]
)
def test_a_rule_speaks(rule: str, case: Case, words: str) -> None:
    assert any(words in finding.text for finding in said(case, rule)), said(case, rule)


@pytest.mark.parametrize(
    ("rule", "case"), SILENT, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(SILENT)]
)
def test_a_rule_is_silent(rule: str, case: Case) -> None:
    assert said(case, rule) == []


def test_every_rule_on_a_report_is_heard_and_unheard() -> None:
    rules = {rule.id for rule in catalogue() if not rule.is_on_files}
    assert {rule for rule, *_ in SPEAKS} == rules
    assert {rule for rule, _ in SILENT} == rules


def test_an_ordinary_quarter_is_not_talked_about() -> None:
    assert check(replace(ordinary(NEW), today=OCTOBER_1, due_on=DUE)) == ()


def test_a_small_team_is_left_alone() -> None:
    assert check(ordinary({"served": 8, **SMALL}, {"served": 4, **FEW}, served=9, **SMALL)) == ()


def test_nobody_served_is_no_reason_to_ask_twice() -> None:
    nobody = dict.fromkeys(ordinary().figures, 0)
    assert [finding.rule for finding in check(ordinary(**nobody))] == []


def test_errors_come_first_and_alone_stop_a_report() -> None:
    findings = check(ordinary(served=10, employed=30, in_school=None, job_starts=0))
    levels = [finding.level for finding in findings]
    assert levels == sorted(levels, key=list(Level).index)
    assert set(levels) == set(Level)
    assert blocks(findings)
    assert not blocks(finding for finding in findings if finding.level is not Level.ERROR)


def test_a_warning_is_open_until_it_has_a_note() -> None:
    findings = check(ordinary(NEW, job_starts=0))
    assert [finding.rule for finding in open_warnings(findings, {})] == ["V16"]
    assert [finding.rule for finding in open_warnings(findings, {"V16": "  ", "V12": "New."})] == ["V16"]
    assert open_warnings(findings, {"V16": "The plant closed."}) == ()


def test_a_finding_takes_the_words_of_the_state() -> None:
    case = replace(ordinary(served=30, employed=31), words={"people_served": "clients"})
    assert said(case, "V02")[0].text.startswith("31 clients working, but only 30 clients served")


def test_a_measure_the_state_has_not_switched_on_is_not_looked_at() -> None:
    case = ordinary()
    case = replace(case, figures=case.figures.with_figure("new_enrollees", Figure(99)))
    assert check(case) == ()


def test_rows_that_share_an_unusual_value_ask_about_the_column() -> None:
    rows = [ordinary(served=40 + row, employed=99) for row in range(37)]
    (found,) = check_batch([*rows, *[ordinary()] * 20])
    assert found.text.startswith("37 rows with 99 for “People working”, each unusual")
    assert found.level is Level.WARNING


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [ordinary(served=40, employed=99)] * 4,
        [*[ordinary(served=40 + row, employed=99) for row in range(5)], *[ordinary()] * 50],
        [*[ordinary(job_starts=0)] * 6, *[ordinary()] * 50],
        [ordinary()] * 50,
        [ordinary({})] * 50,
    ],
    ids=["no rows", "few rows", "a small share", "a few zeros", "usual values", "copied reports"],
)
def test_rows_that_agree_by_chance_are_let_be(rows: list[Case]) -> None:
    assert check_batch(rows) == ()
