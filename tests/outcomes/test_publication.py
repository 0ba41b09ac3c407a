"""A final quarter is published to all programs, and tells nobody a small count. Source: trust reference 2.4."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from agencies import tenancy
from agencies.models import StatePolicy
from ips_portal.notices.models import Message
from outcomes import standing
from outcomes.actions import deciding, entering, publication
from outcomes.actions.entering import Cell
from outcomes.dashboards.shared import NOT_SHOWN, shared_page
from outcomes.figures import Figure
from outcomes.models import Publication, PublishedFigure, QuarterlyReport
from outcomes.suppression.attack import Leak
from outcomes.suppression.cells import Reported
from outcomes.suppression.choosing import audit, publish
from outcomes.suppression.rules import Rules
from tests.cast import STARTED, StateCast, make_state
from tests.outcomes import quarters
from tests.outcomes.programs import EMPLOYED, SERVED, accepted, final_day, published, three_agencies


@pytest.fixture
def cast(db: None) -> StateCast:
    return three_agencies()


def values(cast: StateCast, persona: str, measure: str = "employed") -> dict[str, int | None]:
    with cast.entered(persona) as by:
        rows = PublishedFigure.objects.visible_to(by).filter(measure=measure, length=1)
        return {row.team_name or row.agency_name or "state": row.value for row in rows}


def leaks(cast: StateCast) -> list[Leak]:
    """What the attacker works out of all that stands published, the corrected publications among it."""
    last = quarters.last_quarter(cast)
    with tenancy.as_system(cast.state.pk):
        stands = standing.standing_of(list(Publication.objects.order_by("number")))
        reports = standing.reported(standing.basis_of(cast.state.pk, last))
    told = publish(reports, standing.periods_of(last), Rules(), stands)
    assert dict(told.facts) == dict(stands.facts)  # telling the same again adds nothing
    return audit(told, Rules())


def page(cast: StateCast, persona: str, **asked: str) -> str:
    answer = cast.seen_by(persona).get(reverse("outcomes:shared-outcomes", args=["meridian"]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_quarter_is_published_on_the_day_it_becomes_final_and_once(cast: StateCast) -> None:
    assert publication.publish_next(cast.state, final_day(cast) - timedelta(days=2)) is None
    made = published(cast)
    assert [(each.quarter, each.number, each.teams, each.expected) for each in made] == [
        (quarters.last_quarter(cast), 1, 5, 5)
    ]
    assert published(cast) == []


def test_no_small_count_is_told_and_none_can_be_worked_out(cast: StateCast) -> None:
    published(cast)
    told = values(cast, "other_supervisor")
    assert told["Meridian North Team Two"] is None
    assert all(value is None or value >= 11 for value in told.values())
    assert len([value for value in told.values() if value is None]) >= 3
    assert leaks(cast) == []


def test_what_stands_published_is_read_back_as_it_was_worked_out(cast: StateCast) -> None:
    published(cast)
    with tenancy.as_system(cast.state.pk):
        quarter = quarters.last_quarter(cast)
        reports = standing.reported(standing.basis_of(cast.state.pk, quarter))
        worked_out = publish(reports, standing.periods_of(quarter), Rules()).standing()
        read = standing.standing_of(list(Publication.objects.order_by("number")))
    assert read.facts == worked_out.facts
    assert read.hidden == worked_out.hidden
    assert {cell.form for cell in read.rests} == {cell.form for cell in worked_out.rests}
    assert sorted(read.reports, key=Reported.known_as.fget) == sorted(  # type: ignore[attr-defined]
        worked_out.reports,
        key=Reported.known_as.fget,  # type: ignore[attr-defined]
    )


def test_a_correction_is_a_new_publication_and_the_former_one_stays_as_it_was(cast: StateCast) -> None:
    published(cast)
    report = quarters.expected(cast, "south_one")
    with cast.entered("admin") as by:
        report = deciding.reopen(report, reason="Counted two people twice.", by=by)
    assert published(cast) == []  # what was accepted stands until the correction is accepted
    with cast.entered("other_leader") as by:
        entering.save_cells(report, cells={"employed": Cell(Figure(25), Figure(23))}, by=by)
    quarters.accept(cast, quarters.submit(cast, report, "other_leader"))
    (made,) = published(cast)
    assert made.number == 2
    with tenancy.as_system(cast.state.pk):
        told = PublishedFigure.objects.filter(team=cast.teams["south_one"], measure="employed", length=1)
        values_told = dict(told.values_list("publication__number", "value"))
    assert values_told[1] in (23, None)
    assert values_told[2] in (25, None)
    if values_told[1] is None:
        assert values_told[2] is None  # hidden once, hidden for good
    assert leaks(cast) == []


def test_figures_accepted_while_it_is_worked_out_are_not_left_out(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = publication._keep

    def meanwhile(*given: object) -> Publication | None:
        with tenancy.as_system(cast.state.pk):
            QuarterlyReport.objects.filter(team=cast.teams["north_one"]).update(
                is_operating=False, in_force=99
            )
        return keep(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(publication, "_keep", meanwhile)
    assert published(cast) == []
    with tenancy.as_system(cast.state.pk):
        assert not Publication.objects.exists()
    monkeypatch.undo()
    assert [each.teams for each in published(cast)] == [5]


def test_programs_see_each_other_by_name_and_whoever_belongs_to_none_sees_totals(cast: StateCast) -> None:
    published(cast)
    assert "East Team" in page(cast, "supervisor")
    assert page(cast, "supervisor").count("Your team") == 2  # in each of the two tables
    assert "Your team" not in page(cast, "vr_liaison")
    assert "East Team" in page(cast, "vr_liaison")
    seen = page(cast, "stakeholder")
    assert "Team" not in seen.split("<main")[1]
    assert values(cast, "stakeholder") == {}
    with cast.entered("stakeholder"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outcomes_publishedfigure WHERE team_id IS NOT NULL")
        assert cursor.fetchone() == (0,)


def test_stakeholders_read_four_quarters_of_the_state_once_there_are_four(cast: StateCast) -> None:
    last = quarters.last_quarter(cast)
    for quarter in (last - 3, last - 2, last - 1):
        for team in SERVED:
            accepted(cast, team, quarter, employed=EMPLOYED[team] + last.since(quarter))
    made = published(cast)
    assert [each.quarter for each in made] == [last - 3, last - 2, last - 1, last]
    assert [each.number for each in made] == [1, 2, 3, 4]
    assert leaks(cast) == []
    seen = page(cast, "stakeholder")
    served = 4 * sum(SERVED.values())
    assert f"{served:,}" in seen


@pytest.mark.parametrize("persona", ["reviewer", "operator"])
def test_who_has_no_part_in_it_does_not_see_it(cast: StateCast, persona: str) -> None:
    published(cast)
    url = reverse("outcomes:shared-outcomes", args=["meridian"])
    assert cast.seen_by(persona).get(url).status_code in (403, 404)


def test_the_file_says_the_same_as_the_page(cast: StateCast) -> None:
    published(cast)
    answer = cast.seen_by("leader").get(reverse("outcomes:shared-file", args=["meridian", "csv"]))
    text = answer.content.decode("utf-8-sig")
    row = next(line for line in text.splitlines() if line.startswith("Meridian North Team Two"))
    assert row.count(NOT_SHOWN) >= 2
    assert ",7," not in row
    assert (
        cast.seen_by("specialist").get(reverse("outcomes:shared-file", args=["meridian", "csv"])).status_code
        == 403
    )


def test_the_api_tells_what_the_page_tells(cast: StateCast) -> None:
    assert told_by_api(cast, "leader") == []
    published(cast)
    (told,) = told_by_api(cast, "leader")
    assert (told["quarter"], told["teams"], told["threshold"]) == (quarters.last_quarter(cast).slug, 5, 11)
    by_team = {
        row["team"]: row["value"]
        for row in told["figures"]
        if row["team"] and row["measure"] == "employed" and row["quarters"] == 1
    }
    seen = {name: value for name, value in values(cast, "leader").items() if "Team" in name}
    assert by_team == seen
    assert told_by_api(cast, "stakeholder")[0]["figures"] == []


def told_by_api(cast: StateCast, persona: str) -> list[dict[str, Any]]:
    answer = cast.seen_by(persona).get("/api/v1/meridian/outcomes/shared/")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["published"]
    return found


def test_another_state_reads_none_of_it(cast: StateCast) -> None:
    published(cast)
    bayou = make_state("Bayou")
    assert "East Team" not in bayou.seen_by("supervisor").get("/bayou/outcomes/shared/").content.decode()
    with bayou.entered("admin"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outcomes_publishedfigure")
        assert cursor.fetchone() == (0,)


def test_a_state_that_shares_with_nobody_publishes_nothing(cast: StateCast) -> None:
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="Kept apart",
            effective_from=STARTED,
            data={"sharing": {"peers": "off", "stakeholders": False}},
        )
    assert published(cast) == []
    assert "Nothing is published" in page(cast, "leader")


def test_leaders_and_supervisors_are_told_once_and_without_a_number(cast: StateCast) -> None:
    published(cast)
    with tenancy.as_system(cast.state.pk):
        told = Message.objects.filter(notice="quarter-published")
        assert set(told.values_list("person__email", flat=True)) >= {
            cast.people["leader"].email,
            cast.people["other_supervisor"].email,
        }
        assert not any(str(count) in message.body for message in told for count in SERVED.values())


def test_the_page_asks_the_database_the_same_whatever_the_number_of_programs(
    cast: StateCast, django_assert_num_queries: object
) -> None:
    published(cast)
    with cast.entered("leader") as by:
        with django_assert_num_queries(2):  # type: ignore[operator]
            shared_page(cast.state, by, quarters.last_quarter(cast), "employed")


def test_rules_of_a_publication_are_kept_with_it(cast: StateCast) -> None:
    (made,) = published(cast)
    assert Rules(**made.rules) == replace(Rules(), threshold=11)


def test_the_command_publishes_what_waits_and_says_so(
    cast: StateCast, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(final_day(cast) + timedelta(days=1), tick=True):
        call_command("publish", state="meridian", once=True)
        call_command("publish", state="meridian")
    said = capsys.readouterr().out
    assert f"Published {quarters.last_quarter(cast)} of Meridian: 5 of 5 teams." in said
    assert "Nothing more of Meridian" in said
    with pytest.raises(SystemExit, match="no state “nowhere”"):
        call_command("publish", state="nowhere")
