"""The life of a quarterly report: entered, submitted, returned, accepted, locked, reopened; and who may do what."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from agencies import tenancy
from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from ips_portal.notices.models import Message
from ips_portal.quarters import Quarter
from outcomes.actions import deciding, entering, opening, submitting
from outcomes.actions.entering import Cell
from outcomes.figures import OPEN, Figure
from outcomes.models import QuarterlyReport, Revision
from outcomes.tasks import keep_calendar
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.outcomes import quarters

Status = QuarterlyReport.Status


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("address", flat=True))


def test_every_open_team_is_expected_once_and_the_set_stays_fixed(cast: StateCast) -> None:
    quarter = quarters.last_quarter(cast)
    assert opening.open_quarter(cast.state, quarter) == 4
    assert opening.open_quarter(cast.state, quarter) == 0
    with tenancy.as_system(cast.state.pk):
        report = QuarterlyReport.objects.get(team=cast.teams["north_one"])
    assert (report.status, report.due_on) == (Status.EXPECTED, quarter.due_on(30))


def test_a_team_that_ended_before_or_began_after_is_not_expected(cast: StateCast) -> None:
    quarter = quarters.last_quarter(cast)
    with tenancy.as_system(cast.state.pk):
        gone, later = cast.teams["north_one"], cast.teams["north_two"]
        gone.ended_on = quarter.starts_on
        gone.save()
        later.implementation_started_on = quarter.ends_on + timedelta(days=1)
        later.save()
    assert opening.open_quarter(cast.state, quarter) == 2


def test_the_timetable_opens_a_quarter_in_its_last_month_and_what_was_missed(cast: StateCast) -> None:
    assert (
        opening.open_due(cast.state, Quarter(2026, 4).opens_on - timedelta(days=1)) == 4
    )  # the third quarter
    assert opening.open_due(cast.state, Quarter(2026, 4).opens_on) == 4  # the fourth


@pytest.mark.django_db(transaction=True)
def test_the_timetable_keeps_the_calendar_of_every_state() -> None:
    """As in the worker: nobody has entered a state before it."""
    cast = make_cast().meridian
    keep_calendar()
    keep_calendar()
    with tenancy.as_system(cast.state.pk):
        rows = QuarterlyReport.objects.filter(quarter=quarters.last_quarter(cast))
        assert rows.count() == 4


def test_figures_are_saved_cell_by_cell_and_a_draft_stays_in_the_agency(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells=quarters.cells(served=40), by=by)
        entering.save_cells(report, cells=quarters.cells(employed=18), by=by)
        revision = Revision.objects.get(report=report)
        assert (revision.served, revision.employed) == (40, 18)
    assert (report.status, report.percent) == (Status.DRAFT, 18)
    with cast.entered("admin") as admin:
        assert not Revision.objects.visible_to(admin).exists()
        assert not Revision.objects.filter(report=report).exists()  # the second wall says so by itself
        assert QuarterlyReport.objects.get(pk=report.pk).percent == 18


@pytest.mark.parametrize("persona", ["sibling_supervisor", "specialist"])
def test_only_the_own_team_is_entered(cast: StateCast, persona: str) -> None:
    report = quarters.expected(cast)
    with cast.entered(persona) as by, refused(NotPermitted):
        entering.save_cells(report, cells=quarters.cells(served=40), by=by)


def test_two_windows_meet_cell_by_cell_and_nothing_is_overwritten(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("leader") as by:
        entering.save_cells(report, cells={"served": Cell(Figure(41), Figure(40))}, by=by)
        with refused(StaleVersion) as clash:
            entering.save_cells(report, cells={"served": Cell(Figure(42), Figure(40))}, by=by)
        assert clash.value.current == {"served": {"value": "41", "not_collected": ""}}
        # The same value twice, or another cell, is no clash.
        entering.save_cells(report, cells={"served": Cell(Figure(41), Figure(40))}, by=by)
        entering.save_cells(report, cells={"employed": Cell(Figure(19), Figure(18))}, by=by)
        assert entering.draft_of(report).figures.value("served") == 41


def test_an_unknown_measure_is_refused_by_its_name(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by, refused(Unacceptable, match="vr_open"):
        entering.save_cells(report, cells=quarters.cells(vr_open=3), by=by)  # not switched on in this state


def test_submitting_tells_the_state_and_closes_the_figures(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    assert (report.status, report.submitted_by_id) == (Status.SUBMITTED, cast.people["supervisor"].pk)
    assert "admin@meridian.example" in told(cast, "quarter-submitted")
    with cast.entered("supervisor") as by, refused(WrongStatus, match="Take it back first"):
        entering.save_cells(report, cells=quarters.cells(served=41), by=by)
    with cast.entered("admin"):
        assert Revision.objects.get(report=report).figures.value("served") == 40


def test_figures_that_cannot_be_right_are_not_submitted(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, employed=41)
    with cast.entered("supervisor") as by:
        version = entering.draft_of(report).version
        with refused(submitting.Blocked) as blocked:
            submitting.submit(report, version=version, key=uuid4(), by=by)
    assert "V02" in {finding.rule for finding in blocked.value.findings}


def test_an_open_figure_is_not_submitted_as_zero(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells=quarters.cells(served=40), by=by)
        version = entering.draft_of(report).version
        with refused(submitting.Blocked):
            submitting.submit(report, version=version, key=uuid4(), by=by)


def test_a_warning_asks_for_a_note_which_the_state_reads(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, served=90, employed=40, specialist_fte=2)
    with cast.entered("supervisor") as by:
        version = entering.draft_of(report).version
        with refused(submitting.Blocked) as blocked:
            submitting.submit(report, version=version, key=uuid4(), by=by)
        rules = {finding.rule for finding in blocked.value.findings}
        words = entering.Words(dict.fromkeys(rules, "Two specialists were away."), "", "")
        submitting.submit(report, version=version, key=uuid4(), by=by, words=words)
    assert report.open_warnings == len(rules)
    with cast.entered("trainer"):
        assert set(Revision.objects.get(report=report).explained) == rules


def test_a_note_goes_when_the_figure_it_was_written_for_changes(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by:
        notes = {"V14": "Two specialists were away.", "V17": "The college opened a program."}
        entering.save_cells(report, cells={}, words=entering.Words(notes, "", ""), by=by)
        entering.save_cells(report, cells={"specialist_fte": Cell(Figure(3), Figure(Decimal("2.50")))}, by=by)
        assert dict(entering.draft_of(report).figures.explained) == {"V17": "The college opened a program."}
        entering.save_cells(report, cells={}, words=entering.Words({"V17": ""}, "", ""), by=by)
        assert not entering.draft_of(report).figures.explained


def test_the_same_form_sent_twice_submits_once(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    key = uuid4()
    with cast.entered("supervisor") as by:
        version = entering.draft_of(report).version
        first = submitting.submit(report, version=version, key=key, by=by).submitted_at
        assert submitting.submit(report, version=version, key=key, by=by).submitted_at == first
        other = entering.Words({}, "Another note.", "")
        with refused(Unacceptable, "different request"):
            submitting.submit(report, version=version, key=key, words=other, by=by)
        with refused(WrongStatus, match="Already submitted by Meridian Supervisor"):
            submitting.submit(report, version=version, key=uuid4(), by=by)


def test_what_was_changed_after_reading_is_not_submitted(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by, refused(StaleVersion):
        submitting.submit(report, version=1, key=uuid4(), by=by)


def test_a_quarter_is_submitted_only_after_it_has_ended(cast: StateCast) -> None:
    running = Quarter.of(cast.state.today())
    report = quarters.expected(cast, quarter=running)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by, refused(WrongStatus, match="has not ended"):
        submitting.submit(report, version=entering.draft_of(report).version, key=uuid4(), by=by)


def test_late_is_decided_once_at_the_first_submission(cast: StateCast) -> None:
    report = quarters.expected(cast, quarter=quarters.last_quarter(cast) - 3)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    assert report.is_late


def test_a_team_that_did_not_operate_is_reported_without_figures(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        with refused(Unacceptable, match="Say why"):
            submitting.say_not_operating(report, reason=" ", key=uuid4(), by=by)
        submitting.say_not_operating(report, reason="The team paused.", key=uuid4(), by=by)
    assert (report.status, report.is_operating) == (Status.SUBMITTED, False)


def test_nobody_served_is_a_confirmed_zero_everywhere(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by:
        entering.report_nothing(report, by=by)
        figures = entering.draft_of(report).figures
    assert (figures.value("served"), figures.value("job_starts"), figures.count("specialist_fte")) == (
        0,
        0,
        2,
    )


def test_who_submitted_never_accepts(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.filter(pk=report.pk).update(submitted_by=cast.people["trainer"])
    with cast.entered("trainer") as by, refused(NotPermitted, match="someone else must accept"):
        deciding.accept(report, version=report.version, by=by)
    exception = {"allowed_until": f"{cast.state.today():%Y-%m-%d}", "reason": "One person runs the program."}
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="Rules",
            effective_from=STARTED,
            data={"same_person_may_accept": exception},
        )
    assert quarters.accept(cast, report).status == Status.ACCEPTED


def test_accepting_puts_the_figures_in_force_and_the_date_locks_them(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    assert (report.status, report.in_force) == (Status.ACCEPTED, 1)
    with cast.entered("supervisor") as by, refused(WrongStatus, match="Ask the state to reopen it"):
        entering.save_cells(report, cells=quarters.cells(served=41), by=by)
    assert deciding.lock_due(cast.state, report.locks_on - timedelta(days=1)) == 0
    assert deciding.lock_due(cast.state, report.locks_on) == 1


def test_a_return_marks_the_cell_and_the_team_goes_on_from_what_it_sent(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    with cast.entered("trainer") as by:
        with refused(Unacceptable, match="Say what"):
            deciding.give_back(report, cells={"served": " "}, version=report.version, by=by)
        deciding.give_back(report, cells={"served": "Is this the whole team?"}, version=report.version, by=by)
    assert (report.status, report.returned) == (Status.RETURNED, {"served": "Is this the whole team?"})
    assert "supervisor@meridian.example" in told(cast, "quarter-returned")
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells={"served": Cell(Figure(42), Figure(40))}, by=by)
        assert entering.draft_of(report).number == 2
        assert entering.draft_of(report).figures.value("employed") == 18
    quarters.submit(cast, report)
    assert (report.status, report.returned) == (Status.SUBMITTED, {})


def test_a_reopened_quarter_keeps_its_figures_in_force_until_the_correction_is_accepted(
    cast: StateCast,
) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    with cast.entered("trainer") as by, refused(NotPermitted):
        deciding.reopen(report, reason="A figure was wrong.", by=by)
    with cast.entered("admin") as by:
        with refused(Unacceptable, match="Say why"):
            deciding.reopen(report, reason="", by=by)
        deciding.reopen(report, reason="A figure was wrong.", by=by)
    assert (report.status, report.in_force) == (Status.REOPENED, 1)
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells={"employed": Cell(Figure(19), Figure(18))}, by=by)
    quarters.submit(cast, report)
    assert report.in_force == 1
    quarters.accept(cast, report)
    assert report.in_force == 2
    with cast.entered("admin"):
        kept = {row.number: row.employed for row in Revision.objects.filter(report=report)}
    assert kept == {1: 18, 2: 19}


def test_taking_back_and_accepting_have_one_winner(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    seen = report.version
    with cast.entered("supervisor") as by:
        submitting.take_back(report, by=by)
    with cast.entered("trainer") as by, refused(WrongStatus, match="The team has this report again"):
        deciding.accept(report, version=seen, by=by)
    quarters.submit(cast, report)
    with cast.entered("trainer") as by, refused(StaleVersion, match="other figures"):
        deciding.accept(report, version=seen, by=by)


def test_bulk_acceptance_leaves_what_carries_a_warning(cast: StateCast) -> None:
    clean, warned = quarters.expected(cast), quarters.expected(cast, "south_one")
    quarters.enter(cast, clean)
    quarters.submit(cast, clean)
    quarters.enter(cast, warned, "other_supervisor")
    quarters.submit(cast, warned, "other_supervisor")
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.filter(pk=warned.pk).update(open_warnings=1)
    with cast.entered("trainer") as by:
        rows = QuarterlyReport.objects.visible_to(by).placed().filter(status=Status.SUBMITTED)
        result = deciding.accept_clean(rows, by=by)
    assert [row.pk for row in result.accepted] == [clean.pk]
    assert [row.pk for row, _ in result.left] == [warned.pk]


def test_the_database_itself_keeps_what_was_submitted_and_accepted(cast: StateCast) -> None:
    """The second wall, as the supervisor: no code of ours in between."""
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    with cast.entered("supervisor"):
        assert not Revision.objects.filter(report=report).update(served=99)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            QuarterlyReport.objects.filter(pk=report.pk).update(
                status="accepted", in_force=1, accepted_at=report.submitted_at
            )
    with cast.entered("other_supervisor"):
        assert not QuarterlyReport.objects.filter(pk=report.pk).exists()
    with cast.entered("payer"):
        assert not QuarterlyReport.objects.exists()
        assert not Revision.objects.exists()


def test_a_discarded_draft_leaves_what_was_submitted(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by:
        entering.discard(report, by=by)
    assert (report.status, report.current) == (Status.EXPECTED, 0)
    assert connection.in_atomic_block
    with cast.entered("supervisor"):
        assert entering.draft_of(report).figures["served"] == OPEN
