"""What spares a long file some work says the same as the long way: rules not asked, numbers read once, rows passed."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import tenancy
from agencies.models import Team
from agencies.tenancy import FEW, among
from ips_portal.importing.clients import client_column, seems_of_a_client
from ips_portal.importing.columns import Names
from ips_portal.importing.matching import APOSTROPHES, DASHES, UNSEEN, same
from ips_portal.importing.staging import Staged, StagedRow
from ips_portal.quarters import Quarter
from ips_portal.uploads.sheets import Row, column_name
from outcomes.actions.opening import open_past
from outcomes.checks import Case, Level, catalogue, check, check_row
from outcomes.checks.rules import fits, is_in_range, is_sound
from outcomes.figures import Number
from outcomes.importing.columns import layout
from outcomes.importing.rows import Cells
from outcomes.measures import Measure, edition
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes.test_checks_at_large import CASES, COUNTS, FINE, MEASURES

MANY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
CORE = edition().core
WANTED = st.lists(st.sampled_from(MEASURES), unique_by=lambda measure: measure.key)


# --- rules ----------------------------------------------------------------------------------------------------
@MANY
@given(CASES, WANTED)
def test_rules_on_measures_that_are_not_asked_for_would_say_nothing(
    case: Case, wanted: list[Measure]
) -> None:
    case = replace(case, measures=tuple(wanted))
    rules = [rule for rule in catalogue() if not rule.is_on_files]
    said = [finding for rule in rules if case.has_all(rule.needs) for finding in rule.check(case)]
    assert sorted(check(case), key=lambda finding: finding.rule) == said


@MANY
@given(CASES)
def test_a_row_is_told_what_the_form_is_but_for_information(case: Case) -> None:
    assert check_row(case) == tuple(each for each in check(case) if each.level is not Level.INFORMATION)


@given(COUNTS | FINE, st.sampled_from(MEASURES))
def test_a_sound_number_fits_and_is_in_range(value: Number, measure: Measure) -> None:
    assert is_sound(value, measure) == (fits(value, measure) and is_in_range(value, measure))


# --- cells ----------------------------------------------------------------------------------------------------
TYPED = ["12", "12.0", " 7", "", "n/a", "-3", "99999", "not collected", "Not collected: lost", "=1+1"]


@given(
    st.lists(st.tuples(*(st.sampled_from(TYPED) for _ in CORE), st.sampled_from(["", "Why."])), max_size=8)
)
def test_a_number_that_was_read_before_is_read_the_same(typed: list[tuple[str, ...]]) -> None:
    heading = ["Team", "Quarter", *(measure.label for measure in CORE), "Note"]
    rows = [StagedRow(2 + at, len(heading), ("A", "2026 Q3", *cells)) for at, cells in enumerate(typed)]
    staged = Staged(layout(heading, CORE), tuple(rows), ())
    together = Cells(staged)
    for row in rows:
        assert together.figures_of(row, CORE) == Cells(staged).figures_of(row, CORE)


@given(st.text() | st.text("aB`'\u00b4 -\t\u00ad\u2019"))
def test_names_are_alike_whatever_signs_they_hold(name: str) -> None:
    folded = unicodedata.normalize("NFKC", name).translate(APOSTROPHES | DASHES | UNSEEN)
    assert same(name) == " ".join(folded.casefold().split())


CELLS = st.sampled_from(
    ["", "12", "123-45-6789", "Client", "SSN 1", "DOB", "1/2/1990", "AB123456", "a@b.org", "-"]
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.booleans())
def test_a_row_with_nothing_to_look_at_would_tell_nothing(cells: list[list[str]], is_old: bool) -> None:
    heading = Row(1, ("Team", "Note", "Other"))
    names = Names({"team": "team", "note": "note"})
    keys = {0: "team", 1: "note", 2: ""}
    rows = [heading, *(Row(2 + at, tuple(each)) for at, each in enumerate(cells))]
    assert client_column(rows, 0, names, free=("note",), has_old_dates=is_old) == next(
        (
            column_name(index)
            for row in rows[1:]
            for index, cell in enumerate(row.cells)
            if seems_of_a_client(cell, keys.get(index), ("note",), has_old_dates=is_old)
        ),
        "",
    )


# --- rows of the database -------------------------------------------------------------------------------------
@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def test_a_report_opened_among_many_begins_as_any_other(cast: StateCast) -> None:
    state, team = cast.state, cast.teams["north_one"]
    with tenancy.entered(cast.actor("supervisor")) as supervisor:
        open_past(state, {(team.pk, Quarter(2001, 2))}, by=supervisor)
        report = QuarterlyReport.objects.get(team=team, quarter=Quarter(2001, 2))
        plain = QuarterlyReport(state=state, team=team, quarter=Quarter(2001, 2))  # type: ignore[misc]
    told = {"id", "due_on", "locks_on"}
    names = {field.attname for field in QuarterlyReport._meta.concrete_fields} - told
    assert {name: getattr(report, name) for name in names} == {name: getattr(plain, name) for name in names}


def test_many_ids_find_what_few_do(cast: StateCast) -> None:
    with tenancy.entered(cast.actor("admin")):
        rows = Team.objects.in_state(cast.state.pk)
        few = {cast.teams["north_one"].pk, cast.teams["south_two"].pk}
        many = few | set(range(10**9, 10**9 + FEW + 1))
        assert {team.pk for team in rows.filter(among("pk", many))} == few
