"""The quarters of the practice states: figures that fit together, notes on what is unusual, and work under way."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from statistics import correlation
from zoneinfo import ZoneInfo

import pytest

from agencies import tenancy
from agencies.audit import changes_of
from agencies.models import Membership, State, StatePolicy
from agencies.permissions import Role
from ips_portal.quarters import Quarter
from outcomes.actions.opening import expected_teams
from outcomes.checks import Case, Earlier, blocks, check, open_warnings
from outcomes.in_force import measures_of, policy_of
from outcomes.models import QuarterlyReport, Revision, SharingAgreement
from tests.ips_portal.practised import SLUGS, TODAY, practice, rows_of  # noqa: F401  # a fixture

LAST = Quarter.last_ended(TODAY)
Status = QuarterlyReport.Status
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("practice"), pytest.mark.usefixtures("practice")]


@pytest.fixture(params=SLUGS)
def state(request: pytest.FixtureRequest) -> Iterator[State]:
    found = State.objects.get(slug=request.param)
    with tenancy.as_system(found.pk):
        yield found


def reports_of(state: State) -> list[QuarterlyReport]:
    return list(QuarterlyReport.objects.in_state(state.pk).order_by("team_id", "quarter"))


def submitted_of(state: State) -> list[Revision]:
    rows = Revision.objects.in_state(state.pk).filter(is_draft=False).select_related("report__team")
    return list(rows.order_by("team_id", "report__quarter", "number"))


def in_force(state: State) -> dict[int, list[Revision]]:
    """What counts of each team, oldest first."""
    found: dict[int, list[Revision]] = {}
    for row in submitted_of(state):
        if row.is_operating and row.number == (row.report.in_force or row.report.current):
            found.setdefault(row.team_id, []).append(row)
    return found


def case_of(row: Revision, before: list[Revision]) -> Case:
    report = row.report
    return Case(
        figures=row.figures,
        quarter=report.quarter,
        measures=measures_of(policy_of(row.state_id, report.quarter)),
        earlier=tuple(
            Earlier(one.report.quarter, one.figures)
            for one in before
            if one.report.quarter < report.quarter and report.quarter.since(one.report.quarter) <= 8
        ),
        due_on=report.due_on,
        today=TODAY,
    )


def test_every_report_passes_the_rules_and_every_warning_has_its_note(state: State) -> None:
    """At most one report in three is asked for a note."""
    counted, asked, known = 0, 0, in_force(state)
    for row in submitted_of(state):
        if not row.is_operating:
            assert row.note
            continue
        findings = check(case_of(row, known[row.team_id]))
        assert not blocks(findings), (row.report, findings)
        if row.number == row.report.current:
            warned = {finding.rule for finding in findings if finding.wants_a_note}
            assert open_warnings(findings, row.explained) == ()
            assert set(row.explained) == warned
            assert row.report.open_warnings == len(warned)
            counted, asked = counted + 1, asked + bool(warned)
    assert counted
    assert asked * 3 <= counted or state.slug == "prairie"  # whose teams are all being built up


def test_nobody_goes_missing_from_one_quarter_to_the_next(state: State) -> None:
    compared = 0
    for rows in in_force(state).values():
        for before, row in pairwise(rows):
            left = (before.transitioned_working, before.transitioned_unemployed)
            counts = (before.served, *left, row.served, row.more.get("new_enrollees"))
            if row.report.quarter == before.report.quarter + 1 and None not in counts:
                assert row.served == before.served - sum(left) + row.more["new_enrollees"]
                compared += 1
    assert compared >= 5


def test_employment_is_where_published_rates_are(state: State) -> None:
    """Source: domain reference 8.4. A state in its first year is not there yet."""
    rows = [
        row for rows in in_force(state).values() for row in rows if row.served and row.employed is not None
    ]
    rate = sum(row.employed or 0 for row in rows) / sum(row.served or 0 for row in rows)
    assert (0.28 if state.slug == "prairie" else 0.40) <= rate <= 0.45


def test_fidelity_and_employment_go_together_as_published() -> None:
    """Source: domain reference 1.1 and 8.4, about .3."""
    pairs = rows_of(
        "SELECT f.total, v.employed::float / v.served FROM outcomes_revision v "
        "JOIN outcomes_quarterlyreport r ON r.id = v.report_id AND r.in_force = v.number "
        "CROSS JOIN LATERAL (SELECT total FROM fidelity_review f WHERE f.team_id = r.team_id AND f.total IS NOT NULL "
        "AND f.ends_on < r.quarter + interval '3 months' ORDER BY ends_on DESC LIMIT 1) f WHERE v.served > 0"
    )
    assert len(pairs) > 300
    assert 0.15 <= correlation(*zip(*pairs, strict=True)) <= 0.45


def test_a_report_is_expected_just_of_the_teams_the_portal_would_ask(state: State) -> None:
    for quarter in LAST.last(12 if state.slug == "meridian" else 8):
        assert expected_teams(state, quarter) == []
    assert max(report.quarter for report in reports_of(state)) == LAST


def test_old_quarters_are_final_and_the_last_one_is_under_way(state: State) -> None:
    found = reports_of(state)
    old = Counter(report.status for report in found if report.quarter < LAST)
    assert set(old) <= {Status.LOCKED, Status.EXPECTED}
    assert old[Status.EXPECTED] * 20 <= old[Status.LOCKED]
    now = Counter(report.status for report in found if report.quarter == LAST)
    assert {Status.ACCEPTED, Status.SUBMITTED, Status.EXPECTED} <= set(now)
    assert now[Status.RETURNED] == 1
    assert now[Status.DRAFT] == (state.slug != "prairie")
    for report in found:
        if report.status == Status.RETURNED:
            assert all(report.returned.values())
        if report.status == Status.DRAFT:
            assert 50 <= report.percent <= 70


def test_the_supervisor_shown_first_has_the_last_quarter_still_to_enter() -> None:
    home = State.objects.get(slug="meridian")
    with tenancy.as_system(home.pk):
        shown = (
            Membership.objects.in_state(home.pk).filter(role=Role.SUPERVISOR, ended_on=None).earliest("pk")
        )
        team = shown.teams.get().team
        rows = list(QuarterlyReport.objects.filter(team=team).order_by("-quarter"))
    assert (rows[0].quarter, rows[0].status) == (LAST, Status.EXPECTED)
    assert len([row for row in rows[1:8] if row.status == Status.LOCKED]) == 7


def test_days_follow_each_other_and_lie_in_the_past(state: State) -> None:
    for report in reports_of(state):
        ended = report.quarter.ends_on
        if report.submitted_at and report.current == 1:
            day = report.submitted_at.astimezone(ZoneInfo(state.zone)).date()
            assert ended < day < TODAY
            assert report.is_late == (day > report.due_on)
        if report.accepted_at and report.submitted_at:
            assert report.submitted_at < report.accepted_at
            assert report.accepted_by_id != report.submitted_by_id
        if report.locked_at and report.accepted_at:
            assert report.accepted_at < report.locked_at
            assert report.locked_at.date() <= TODAY


def test_a_corrected_quarter_keeps_both_revisions_and_says_why() -> None:
    home = State.objects.get(slug="meridian")
    with tenancy.as_system(home.pk):
        report = QuarterlyReport.objects.filter(current=2).latest("quarter")
        assert [row.number for row in report.revisions.all()] == [2, 1]
        assert report.in_force == 2
        assert any("pay stub" in change.reason for change in changes_of(report))


def test_some_are_late_some_never_came_and_a_team_did_not_run() -> None:
    (found,) = rows_of(
        "SELECT count(*), count(*) FILTER (WHERE is_late), count(*) FILTER (WHERE current = 2), "
        "count(*) FILTER (WHERE status = 'expected' AND quarter < '2026-07-01'), "
        "count(*) FILTER (WHERE NOT is_operating) FROM outcomes_quarterlyreport"
    )
    total, late, amended, missing, paused = found
    assert 0.04 <= late / total <= 0.12
    assert 0.01 <= amended / total <= 0.05
    assert 0.005 <= missing / total <= 0.04
    assert paused == 2
    assert rows_of("SELECT 1 FROM outcomes_revision WHERE absent <> '{}'")


def test_each_state_has_its_own_rule_on_outcomes() -> None:
    found = {}
    for home in State.objects.filter(slug__in=SLUGS):
        with tenancy.as_system(home.pk):
            assert StatePolicy.objects.in_state(home.pk).in_force("outcomes", TODAY).exists()
            found[home.slug] = policy_of(home.pk, LAST)
    assert "avg_hourly_wage" in found["meridian"].optional
    assert found["bayou"].due_on(LAST) == LAST.ends_on + timedelta(days=20)
    assert found["hudson"].job.set_aside_contract_counts
    assert found["prairie"].same_person_may_accept_on(TODAY)
    assert not found["prairie"].same_person_may_accept_on(TODAY + timedelta(days=200))


def test_two_teams_keep_weeks_and_months_that_have_come() -> None:
    weeks = rows_of("SELECT team_id, monday, contacts, reviewed_on FROM outcomes_weekofcontacts")
    months = rows_of("SELECT team_id, month, job_starts FROM outcomes_monthtally")
    teams = {team for team, *_ in weeks}
    assert len(teams) == 2
    assert {team for team, *_ in months} == teams
    for team, monday, contacts, reviewed_on in weeks:
        assert team
        assert monday <= TODAY
        assert 1 <= contacts <= 9
        assert reviewed_on is None or monday < reviewed_on < TODAY
    assert {bool(reviewed_on) for *_, reviewed_on in weeks} == {True, False}
    for team in teams:
        assert sum(jobs for other, month, jobs in months if other == team and Quarter.of(month) == LAST)


def test_programs_of_one_state_share_in_full_and_it_tells_everybody_what_may_be_told() -> None:
    bayou = State.objects.get(slug="bayou")
    with tenancy.as_system(bayou.pk):
        agreement = SharingAgreement.objects.in_state(bayou.pk).in_force(TODAY).get()
        assert agreement.from_quarter <= LAST
        answers = Counter(answer.status for answer in agreement.answers.all())
        assert answers["refused"] == 1
        assert answers["accepted"] > 4
        assert policy_of(bayou.pk, LAST).sharing.public
