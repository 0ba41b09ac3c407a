"""What an import saves: drafts as the form would have saved them, all at once, once, and only where one may."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import tenancy
from agencies.actions.files import clear_old
from agencies.models import Change, Team
from agencies.permissions import Actor
from agencies.refusals import NotPermitted, Refusal, Unacceptable, WrongStatus
from ips_portal.notices.models import Message
from outcomes.actions import entering, importing, opening, submitting
from outcomes.dashboards import importing as dashboard
from outcomes.importing.preview import Outcome
from outcomes.models import OutcomeImport, QuarterlyReport, Revision
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, one, row

TWO = "Meridian North Team Two"


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    quarters.expected(found)
    return found


def commit(
    found: OutcomeImport, cast: StateCast, choice: str = "good", persona: str = "leader", **more: bool
) -> OutcomeImport:
    with cast.entered(persona) as by:
        return importing.commit(found, cast.state, choice=choice, key=uuid4(), by=by, **more)


def imported(
    cast: StateCast, text: str | bytes, choice: str = "good", persona: str = "leader"
) -> OutcomeImport:
    return commit(files.upload(cast, text, persona), cast, choice, persona)


def report(cast: StateCast, team: str = "north_one") -> QuarterlyReport:
    with tenancy.as_system(cast.state.pk):
        quarter = quarters.last_quarter(cast)
        return QuarterlyReport.objects.placed().get(team=cast.teams[team], quarter=quarter)


def draft(cast: StateCast, team: str = "north_one") -> Revision:
    with cast.entered("leader"):
        return Revision.objects.filter(report=report(cast, team)).order_by("-number")[0]


def test_a_draft_is_as_the_form_would_have_saved_it(cast: StateCast) -> None:
    """The other team enters the same figures by hand; what is stored may differ in team and time alone."""
    by_hand = quarters.expected(cast, "north_two")
    core = {key: quarters.ORDINARY[key] for key in files.FIGURES}
    with cast.entered("leader") as by:
        entering.save_cells(by_hand, cells=quarters.cells(**core), by=by)
    imported(cast, csv_of(head(), one(cast)))
    own = ("id", "_state", "report_id", "team_id", "saved_at")
    shown = [
        {name: value for name, value in vars(draft(cast, team)).items() if name not in own}
        for team in ("north_one", "north_two")
    ]
    assert shown[0] == shown[1]
    reports = [report(cast), report(cast, "north_two")]
    assert len({(each.status, each.percent, each.current, each.begun_by_id) for each in reports}) == 1
    assert reports[0].version == 2


def test_drafts_send_no_notice_and_each_change_is_in_the_history(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        before = Message.objects.count()
    imported(cast, csv_of(head(), one(cast)))
    with tenancy.as_system(cast.state.pk):
        assert Message.objects.count() == before
    with cast.entered("leader") as by:
        told = Change.objects.filter(table_name="outcomes_revision", row_id=draft(cast).pk).get()
        assert (told.kind, told.person_id) == ("insert", by.person_id)
        kept = Change.objects.filter(table_name="outcomes_outcomeimport")
        assert kept
        assert not any("staged" in each.values or "left_out" in each.values for each in kept)


def test_good_rows_are_saved_and_the_others_are_named(cast: StateCast) -> None:
    quarters.expected(cast, "north_two")
    found = imported(cast, csv_of(head(), one(cast), one(cast, team=TWO, served="many")))
    assert found.counts == {"good": 1, "same": 0, "skipped": 0, "closed": 0, "wrong": 1}
    assert [number for number, _ in found.left_out] == [3]
    assert report(cast).status == "draft"
    assert report(cast, "north_two").status == "expected"


def test_all_or_nothing_saves_nothing_while_one_row_is_wrong(cast: StateCast) -> None:
    quarters.expected(cast, "north_two")
    found = files.upload(cast, csv_of(head(), one(cast), one(cast, team=TWO, served="many")))
    with refused(Unacceptable, "Not all rows are good"):
        commit(found, cast, "all")
    assert report(cast).status == "expected"
    assert imported(cast, csv_of(head(), one(cast), one(cast, team=TWO)), "all").counts["good"] == 2


def test_the_same_file_again_is_told_and_changes_nothing(cast: StateCast) -> None:
    text = csv_of(head(), one(cast))
    first = files.upload(cast, text)
    assert files.upload(cast, text) == first  # not finished: the same preview
    commit(first, cast)
    today = timezone.localtime(first.finished_at)
    with refused(Unacceptable, f"This exact file was imported on {today:%B %-d} by you"):
        files.upload(cast, text)
    assert files.upload(cast, text, "supervisor") != first  # somebody else's file is their own


def test_the_second_click_on_upload_opens_what_the_first_has_kept(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = csv_of(head(), one(cast))
    first = files.upload(cast, text)

    def not_through_yet(*given: Any) -> None:
        monkeypatch.undo()

    monkeypatch.setattr(importing, "same_file", not_through_yet)
    assert files.upload(cast, text) == first


def test_a_row_that_says_what_stands_changes_nothing(cast: StateCast) -> None:
    imported(cast, csv_of(head(), one(cast)))
    before = report(cast), draft(cast)
    found = imported(cast, csv_of(head(), one(cast), []))
    assert (found.counts["same"], found.counts["good"], found.saved) == (1, 0, [])
    assert (report(cast).version, draft(cast).version) == (before[0].version, before[1].version)


def test_a_form_sent_twice_is_answered_twice_and_another_one_is_refused(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head(), one(cast)))
    key = uuid4()
    with cast.entered("leader") as by:
        for _ in range(2):
            importing.commit(found, cast.state, choice="good", key=key, by=by)
    with refused(WrongStatus, "Nothing was changed"):
        commit(found, cast)
    assert draft(cast).version == 2


def test_a_draft_is_gone_on_with_and_a_returned_report_gets_its_next_revision(cast: StateCast) -> None:
    found = quarters.expected(cast)
    quarters.enter(cast, found, served=30)
    imported(cast, csv_of(head(), one(cast, served=41)))
    assert (draft(cast).number, draft(cast).served, draft(cast).more["new_enrollees"]) == (1, 41, 6)
    quarters.submit(cast, report(cast))
    with cast.entered("supervisor") as by:
        submitting.take_back(report(cast), by=by)
    imported(cast, csv_of(head(), one(cast, served=43)))
    assert (draft(cast).number, draft(cast).served, draft(cast).is_draft) == (2, 43, True)
    with cast.entered("leader"):
        assert Revision.objects.get(report=found, number=1).served == 41


def test_a_note_answers_the_warnings_of_its_row_and_goes_with_a_changed_figure(cast: StateCast) -> None:
    imported(cast, csv_of(head("Note"), one(cast, "One specialist left.", served=90, specialist_fte="2.0")))
    first = dict(draft(cast).explained)
    assert first
    assert set(first.values()) == {"One specialist left."}
    assert not draft(cast).note
    found = files.preview(cast, csv_of(head(), one(cast, served=95, specialist_fte="2.0")))
    assert found.lines[0].outcome is Outcome.GOOD
    assert "say why" in files.texts(found)[0]
    assert found.lines[0].figures is not None
    assert not found.lines[0].figures.explained


def test_markup_in_a_note_is_kept_as_text(cast: StateCast) -> None:
    imported(cast, csv_of(head("Note"), one(cast, "<script>alert(1)</script>")))
    assert draft(cast).note == "<script>alert(1)</script>"


def test_unknown_columns_are_left_out_only_if_the_person_agrees(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head("Color"), one(cast, "mauve")))
    with refused(Unacceptable, "Agree that these columns are left out: K"):
        commit(found, cast)
    commit(found, cast, leaves_out=True)
    assert report(cast).status == "draft"


@pytest.mark.parametrize(
    "persona", ["admin", "trainer", "vr_liaison", "payer", "specialist", "stakeholder", "reviewer"]
)
def test_only_people_who_edit_drafts_import(cast: StateCast, persona: str) -> None:
    with refused(NotPermitted):
        files.upload(cast, csv_of(head(), one(cast)), persona)


def test_a_supervisor_imports_the_own_team_and_no_other(cast: StateCast) -> None:
    quarters.expected(cast, "north_two")
    found = imported(cast, csv_of(head(), one(cast), one(cast, team=TWO)), persona="supervisor")
    assert found.counts["good"] == 1
    assert report(cast, "north_two").status == "expected"


def test_a_staged_file_is_seen_by_its_author_alone(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head(), one(cast)), "supervisor")
    for persona in ("leader", "admin", "sibling_supervisor", "trainer"):
        with cast.entered(persona):
            assert not OutcomeImport.objects.filter(pk=found.pk).exists()


def test_quarters_from_before_the_portal_are_begun_by_a_supervisor(cast: StateCast) -> None:
    past = quarters.last_quarter(cast) - 8
    text = csv_of(head(), row("Meridian North Team One", past), row(TWO, past))
    told = files.texts(files.preview(cast, text))
    assert all("imported by a supervisor of the team" in each for each in told)
    found = imported(cast, text, persona="supervisor")
    assert found.counts["good"] == 1
    with tenancy.as_system(cast.state.pk):
        made = QuarterlyReport.objects.get(quarter=past)
        assert (made.team_id, made.status, made.begun_by_id) == (
            cast.teams["north_one"].pk,
            "draft",
            cast.people["supervisor"].pk,
        )
        assert made.due_on > cast.state.today()


def test_a_quarter_that_somebody_else_began_meanwhile_is_not_written_over(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = quarters.last_quarter(cast) - 8
    found = files.upload(cast, csv_of(head(), row("Meridian North Team One", past)), "supervisor")
    opened = opening.open_past

    def open_and_begin(*args: Any, by: Actor) -> None:
        opened(*args, by=by)
        entering.save_cells(
            QuarterlyReport.objects.placed().get(quarter=past), cells=quarters.cells(served=1), by=by
        )

    monkeypatch.setattr(opening, "open_past", open_and_begin)
    with refused(WrongStatus, match="changed while the file was saved"):
        commit(found, cast, persona="supervisor")
    with tenancy.as_system(cast.state.pk):
        assert not QuarterlyReport.objects.filter(quarter=past).exists()
        assert OutcomeImport.objects.get(pk=found.pk).is_open


def test_a_quarter_before_the_team_began_is_never_begun(cast: StateCast) -> None:
    found = files.preview(cast, csv_of(head(), one(cast, quarter="2019 Q1")), "supervisor")
    assert found.lines[0].outcome is Outcome.CLOSED
    assert f"began on {STARTED:%B}" in files.texts(found)[0]


def test_what_is_discarded_or_a_week_old_is_not_kept(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head(), one(cast)))
    with cast.entered("leader") as by:
        importing.discard(found, by=by)
    assert (found.status, found.staged) == ("discarded", {})
    old = files.upload(cast, csv_of(head(), one(cast)))
    with cast.entered("leader"):
        week = timedelta(days=8)
        OutcomeImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - week)
    new = files.upload(cast, csv_of(head(), one(cast, served=41)))
    clear_old(OutcomeImport)
    with cast.entered("leader"):
        assert {each.pk: each.status for each in OutcomeImport.objects.exclude(pk=found.pk)} == {
            old.pk: "discarded",
            new.pk: "previewed",
        }


def test_a_broken_statement_saves_nothing_of_the_file(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = files.upload(cast, csv_of(head(), one(cast)))
    monkeypatch.setattr(importing, "REPORTS", importing.REPORTS.replace("'expected', ", ""))
    with refused((Refusal,), "A report was changed while the file was saved"):
        commit(found, cast)
    with cast.entered("leader"):
        assert not Revision.objects.exists()
        assert OutcomeImport.objects.get().is_open


MIXED = ({}, {"served": "many"}, {"served": 41, "employed": 52}, {"job_starts": 0})


@pytest.mark.parametrize("few", [100, 0])
@pytest.mark.parametrize("values", MIXED)
def test_what_was_said_at_the_upload_is_kept(
    cast: StateCast, values: dict[str, Any], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many teams there are: ids go one by one or as an array."""
    monkeypatch.setattr(tenancy, "FEW", few)
    found = files.upload(
        cast, csv_of(head(), one(cast, **values), one(cast, team="Nobody"), ["Total", "", "9"])
    )
    with cast.entered("leader") as by:
        fresh = files.seen(found, cast, by)
        monkeypatch.setattr(dashboard, "judged", None)  # the rules are not asked again
        kept = dashboard.preview_now(found, cast.state, by)
        assert kept.counts == fresh.counts
        assert (kept.remarks, kept.suspicions) == (fresh.remarks, fresh.suspicions)
        assert [line.team for line in kept.lines] == [line.team for line in fresh.lines]
        if fresh.good:
            importing.commit(found, cast.state, choice="good", key=uuid4(), by=by)
            assert draft(cast).figures == fresh.good[0].figures


def test_what_was_said_at_the_upload_is_asked_again_once_something_changed(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head(), one(cast, served=41)))
    quarters.enter(cast, report(cast), **quarters.ORDINARY)
    with cast.entered("leader") as by:
        assert dashboard.preview_now(found, cast.state, by).counts["good"] == 1
    quarters.submit(cast, report(cast))
    with cast.entered("leader") as by:
        assert dashboard.preview_now(found, cast.state, by).counts["closed"] == 1
    with refused(Unacceptable, "No row of this file can be saved"):
        commit(found, cast)


def test_a_report_that_changes_while_the_file_is_saved_stays_as_it_is(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = files.upload(cast, csv_of(head(), one(cast, served=41)))
    quarters.enter(cast, report(cast), **quarters.ORDINARY)
    monkeypatch.setattr(dashboard, "mark", lambda *_: found.staged["verdict"]["mark"])  # read before it did
    with refused(WrongStatus, "A report was changed while the file was saved"):
        commit(found, cast)
    assert draft(cast).served == quarters.ORDINARY["served"]


@pytest.mark.parametrize("teams", [3, 30])
def test_queries_do_not_grow_with_the_rows(cast: StateCast, teams: int) -> None:
    with tenancy.as_system(cast.state.pk):
        Team.objects.bulk_create(
            Team(
                state=cast.state,
                agency=cast.agencies["north"],
                slug=f"more-{number}",
                name=f"More {number}",
                implementation_started_on=STARTED,
            )
            for number in range(teams)
        )
    quarter = quarters.last_quarter(cast)
    quarters.expected(cast)
    text = csv_of(
        head(), *(row(f"More {number}", quarter, specialist_fte=Decimal("2.5")) for number in range(teams))
    )
    found = files.upload(cast, text)
    with (
        cast.entered("leader") as by,
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        importing.commit(found, cast.state, choice="all", key=uuid4(), by=by)
    assert len(found.saved) == teams
    assert len(queries) <= 28
