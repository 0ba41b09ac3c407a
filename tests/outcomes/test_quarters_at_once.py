"""Many at the same report in the same moment, on real PostgreSQL: one wins, the others are told, nothing is doubled."""

import threading
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, connections

from agencies import tenancy
from agencies.models import Change
from agencies.refusals import Refusal
from ips_portal.notices.models import Message
from outcomes.actions import deciding, entering, submitting
from outcomes.actions.entering import Cell
from outcomes.figures import Figure
from outcomes.models import QuarterlyReport, Revision, StateRate
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

MANY = 16
Status = QuarterlyReport.Status


@pytest.fixture
def cast(transactional_db: None) -> StateCast:
    return make_cast().meridian


def at_once(*deeds: Callable[[], object]) -> Counter[str]:
    """What each of them came to: "done", or the name of its refusal."""
    start, answers = threading.Barrier(len(deeds)), []

    def press(deed: Callable[[], object]) -> None:
        try:
            start.wait(20)
            deed()
            answers.append("done")
        except (Refusal, OperationalError) as refusal:
            answers.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    connections.close_all()
    assert len(answers) == len(deeds)
    return Counter(answers)


def found(cast: StateCast, report: QuarterlyReport) -> QuarterlyReport:
    one: QuarterlyReport = QuarterlyReport.objects.placed().get(pk=report.pk)
    one.state = cast.state
    return one


def submits(cast: StateCast, report: QuarterlyReport, version: int, key: UUID) -> Callable[[], object]:
    def deed() -> None:
        with cast.entered("supervisor") as by:
            submitting.submit(found(cast, report), version=version, key=key, by=by)

    return deed


def moves(cast: StateCast, report: QuarterlyReport, deed: str) -> Callable[[], object]:
    """A transition as somebody who has just read the report begins it."""

    def accept() -> None:
        with cast.entered("trainer") as by:
            deciding.accept(found(cast, report), version=report.version, by=by)

    def give_back() -> None:
        with cast.entered("admin") as by:
            deciding.give_back(found(cast, report), cells={"": "Look again."}, version=report.version, by=by)

    def take_back() -> None:
        with cast.entered("supervisor") as by:
            submitting.take_back(found(cast, report), by=by)

    return {"accept": accept, "give_back": give_back, "take_back": take_back}[deed]


def entered(cast: StateCast) -> tuple[QuarterlyReport, int]:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor"):
        return report, entering.draft_of(report).version


def test_sixteen_submissions_make_one(cast: StateCast) -> None:
    report, version = entered(cast)
    answers = at_once(*(submits(cast, report, version, uuid4()) for _ in range(MANY)))
    assert answers["done"] == 1
    assert set(answers) <= {"done", "WrongStatus", "OperationalError"}
    with tenancy.as_system(cast.state.pk):
        report.refresh_from_db()
        assert report.status == Status.SUBMITTED
        assert Revision.objects.filter(report=report, is_draft=False).count() == 1
        told = Message.objects.filter(notice="quarter-submitted").values_list("address", flat=True)
        assert len(told) == len(set(told)) > 0
        moved = Change.objects.filter(table_name="outcomes_quarterlyreport", row_id=report.pk)
        assert sum("submitted_at" in (row.values or {}) for row in moved.filter(kind="update")) == 1


def test_the_same_form_sixteen_times_is_answered_alike_and_submits_once(cast: StateCast) -> None:
    report, version = entered(cast)
    key = uuid4()
    answers = at_once(*(submits(cast, report, version, key) for _ in range(MANY)))
    assert set(answers) <= {"done", "OperationalError"}  # who waited too long for the row asks again
    with tenancy.as_system(cast.state.pk):
        assert Revision.objects.filter(report=report).count() == 1


@pytest.mark.parametrize(("one", "other"), list(permutations(("accept", "give_back", "take_back"), 2)))
def test_of_two_decisions_one_holds(cast: StateCast, one: str, other: str) -> None:
    report, _ = entered(cast)
    quarters.submit(cast, report)
    answers = at_once(moves(cast, report, one), moves(cast, report, other))
    assert answers == Counter({"done": 1, "WrongStatus": 1})
    ends = {"accept": Status.ACCEPTED, "give_back": Status.RETURNED, "take_back": Status.DRAFT}
    with tenancy.as_system(cast.state.pk):
        report.refresh_from_db()
    assert report.status in (ends[one], ends[other])


def test_two_teams_accepted_at_once_are_both_in_the_states_rate(cast: StateCast) -> None:
    ours, theirs = quarters.expected(cast), quarters.expected(cast, "south_one")
    for report, persona in ((ours, "supervisor"), (theirs, "other_supervisor")):
        quarters.enter(cast, report, persona)
        quarters.submit(cast, report, persona)
    assert at_once(moves(cast, ours, "accept"), moves(cast, theirs, "accept")) == Counter({"done": 2})
    with tenancy.as_system(cast.state.pk):
        assert StateRate.objects.get(measure="employment").teams == 2


def test_two_windows_at_one_figure_keep_one_and_tell_the_other(cast: StateCast) -> None:
    report, _ = entered(cast)

    def types(value: int) -> Callable[[], object]:
        def deed() -> None:
            with cast.entered("supervisor") as by:
                cell = Cell(Figure(value), Figure(40))
                entering.save_cells(found(cast, report), cells={"served": cell}, by=by)

        return deed

    assert at_once(types(41), types(42)) == Counter({"done": 1, "StaleVersion": 1})


def test_two_windows_at_two_figures_keep_both(cast: StateCast) -> None:
    report, _ = entered(cast)

    def types(key: str, value: int, was: int) -> Callable[[], object]:
        def deed() -> None:
            with cast.entered("supervisor") as by:
                cell = Cell(Figure(value), Figure(was))
                entering.save_cells(found(cast, report), cells={key: cell}, by=by)

        return deed

    assert at_once(types("served", 41, 40), types("employed", 19, 18)) == Counter({"done": 2})
    with cast.entered("supervisor"):
        kept = entering.draft_of(report).figures
    assert (kept.count("served"), kept.count("employed")) == (41, 19)
