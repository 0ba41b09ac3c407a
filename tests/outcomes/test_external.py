"""Published benchmarks are dated rows with a source, and a trial's rate never stands beside a quarter's."""

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outcomes import external, goals
from outcomes.dashboards.published import published_page
from outcomes.external import ExternalError, Kind, QuarterlyBenchmark, TrialBenchmark, parse
from outcomes.goals import Goal, goal_of
from tests.cast import make_state

TODAY = date(2026, 11, 26)
MEASURES = sorted({row.measure for row in external.published()})


def document(**row: object) -> dict[str, Any]:
    whole: dict[str, object] = {
        "key": "a",
        "measure": "employment",
        "value": 0.4,
        "unit": "share",
        "label": "A",
    }
    shared = {"source": "s", "kind": "quarterly", "population": "P", "valid_from": "2026-01-01"}
    sources = {"s": {"name": "S", "address": ""}}
    return {"sources": sources, "sets": [shared | {"rows": [whole | row]}]}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_quarters_axis_gets_no_rate_of_a_trial_or_a_year_on_any_day(measure: str) -> None:
    days = {row.valid_from for row in external.published()} | {TODAY}
    for day in days | {day - timedelta(days=1) for day in days}:
        kinds = {row.kind for row in external.for_measure(measure, day)}
        assert kinds <= {Kind.QUARTERLY, Kind.PLANNING}
        assert {row.kind for row in external.trials(measure, day)} <= {Kind.TRIAL}
        assert {row.kind for row in external.yearly(measure, day)} <= {Kind.YEARLY}


def test_a_type_check_finds_a_trial_on_a_quarters_axis(tmp_path: Path) -> None:
    asked = tmp_path / "axis.py"
    asked.write_text(
        "from datetime import date\n"
        "from outcomes.external import QuarterlyBenchmark, for_measure, trials\n"
        "def axis(lines: tuple[QuarterlyBenchmark, ...]) -> None: ...\n"
        "axis(for_measure('employment', date(2026, 1, 1)))\n"
        "axis(trials('employment', date(2026, 1, 1)))\n"
    )
    root = Path(external.__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--follow-imports=silent", str(asked)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert "axis.py:5: error" in answer.stdout
    assert "axis.py:4" not in answer.stdout


def test_what_a_quarters_employment_may_be_compared_with_today() -> None:
    found = external.for_measure("employment", TODAY)
    assert [(row.key, row.value) for row in found] == [
        ("us-minimal", Decimal("0.31")),
        ("us-average", Decimal("0.41")),
        ("us-mean-8-years", Decimal("0.41")),
        ("us-mean-11-years", Decimal("0.43")),
        ("us-excellent", Decimal("0.5")),
    ]
    assert [row.value for row in external.trials("employment", TODAY)] == [Decimal("0.676")]


def test_a_single_quarter_is_offered_in_that_quarter_alone() -> None:
    keys = [row.key for row in external.for_measure("employment", date(2020, 6, 30))]
    assert {"us-2020-q2", "all-2020-q2"} <= set(keys)
    assert "us-2020-q1" not in keys


def test_the_target_of_the_uk_changed_in_april_2024() -> None:
    before, after = date(2024, 3, 31), date(2024, 4, 1)
    assert [row.value for row in external.yearly("employment", before)] == [Decimal("0.3")]
    assert [row.value for row in external.yearly("employment", after)] == [Decimal("0.4")]


def test_what_is_contradicted_or_only_recalled_is_on_file_and_not_offered() -> None:
    aside = {row.key for row in external.published() if row.set_aside}
    assert aside == {"us-mean-other", "us-2021-2023"}
    assert not aside & {row.key for row in external.for_measure("employment", date(2022, 1, 1))}


def test_every_row_says_what_of_whom_and_who_says_so() -> None:
    for row in external.published():
        assert all((row.label, row.population, row.source, row.unit))
        assert row.value_to is None or row.value < row.value_to
        assert row.unit != "share" or 0 <= row.value <= 1
        assert isinstance(row, QuarterlyBenchmark) is (row.kind in (Kind.QUARTERLY, Kind.PLANNING))
        assert isinstance(row, TrialBenchmark) is (row.kind is Kind.TRIAL)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"value": "40%"}, r"rows\[0\].value: expected a number"),
        ({"bound": "about"}, r"rows\[0\].bound"),
        ({"lable": "A"}, "Did you mean “label”"),
    ],
)
def test_wrong_data_is_answered_with_its_place(row: dict[str, object], place: str) -> None:
    with pytest.raises(ExternalError, match=place):
        parse(document(**row))


def test_two_rows_of_one_name_and_a_row_that_ends_before_it_begins_are_refused() -> None:
    twice = document()
    twice["sets"] *= 2
    with pytest.raises(ExternalError, match="names two rows"):
        parse(twice)
    ended = document()
    ended["sets"][0]["valid_to"] = "2025-01-01"
    with pytest.raises(ExternalError, match="valid_to is before valid_from"):
        parse(ended)


def test_a_state_may_start_from_four_published_numbers() -> None:
    assert [row.value * 100 for row in goals.presets()] == [31, 41, 50, 40]
    assert all(row.source for row in goals.presets())


def test_a_goal_is_of_one_measure_and_level() -> None:
    state, own = Goal("employment", "state", Decimal("0.41")), Goal("employment", "team", Decimal("0.5"))
    assert goal_of([own, state], "employment", "state") == state
    assert goal_of([own], "employment", "state") is None


def test_the_rows_need_no_frames_and_no_pictures() -> None:
    program = (
        "import sys, outcomes.external, outcomes.goals, outcomes.averages; "
        "sys.exit(bool({'pandas', 'numpy', 'matplotlib', 'django'} & {*sys.modules}))"
    )
    root = Path(external.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root).returncode == 0


def test_every_row_stands_on_the_page_once_with_its_source_and_trials_stand_apart() -> None:
    sections = published_page(TODAY)
    told = [each.row.key for section in sections for each in section.rows]
    assert sorted(told) == sorted(row.key for row in external.published())
    by_key = {section.key: section for section in sections}
    assert {each.row.kind for each in by_key["trial"].rows} == {Kind.TRIAL}
    values = {each.row.key: each.value for section in sections for each in section.rows}
    assert values["us-average"] == "41%"
    assert all(each.row.source and each.row.population for section in sections for each in section.rows)


def test_everybody_of_a_state_reads_what_was_published(db: None) -> None:
    cast = make_state("Meridian")
    for persona in ("supervisor", "specialist", "stakeholder", "payer", "vr_liaison"):
        page = cast.seen_by(persona).get("/meridian/outcomes/published/")
        assert page.status_code == 200
        assert "Rates of trials" in page.content.decode()
