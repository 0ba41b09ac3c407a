"""An agency says once how many people it serves in all: its own enter it, the state reads it, reports lock it."""

from datetime import timedelta
from typing import Any

import pytest

from agencies import tenancy
from agencies.audit import changes_of
from agencies.models import StatePolicy, TeamPartner
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from outcomes.actions import census, deciding
from outcomes.census import EMPLOYED, KEYS, SERVED
from outcomes.dashboards.census import agencies
from outcomes.dashboards.comparison import comparison
from outcomes.figures import Figure
from outcomes.in_force import measures_of, policy_of
from outcomes.models import AgencyQuarter, QuarterlyReport
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.outcomes import quarters
from tests.outcomes.sending import send


@pytest.fixture
def cast(db: None) -> StateCast:
    """The state asks; two teams of the north served 40 people each, one of the south as many."""
    found = make_cast().meridian
    with tenancy.as_system(found.state.pk):
        StatePolicy.objects.create(
            state=found.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="With agencies",
            effective_from=STARTED,
            data={"optional": list(KEYS)},
        )
    for team in ("north_one", "north_two", "south_one"):
        report = quarters.expected(found, team)
        persona = "other_leader" if team == "south_one" else "leader"
        quarters.enter(found, report, persona)
        quarters.accept(found, quarters.submit(found, report, persona))
    locks(found, 10)
    return found


def locks(cast: StateCast, days: int) -> None:
    """The quarter is final in so many days, whatever the day of the test."""
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.update(locks_on=cast.state.today() + timedelta(days=days))


def report_of(cast: StateCast, team: str = "north_one") -> QuarterlyReport:
    with cast.entered("admin"):
        return QuarterlyReport.objects.placed().get(
            team=cast.teams[team], quarter=quarters.last_quarter(cast)
        )


def save(
    cast: StateCast, persona: str = "leader", *, team: str = "north_one", version: int = 1, **values: int
) -> AgencyQuarter:
    figures = {key: Figure(value) for key, value in ({SERVED: 800, EMPLOYED: 160} | values).items()}
    report = report_of(cast, team)
    with cast.entered(persona) as by:
        return census.enter(report, figures=figures, version=version, by=by)


def path(cast: StateCast, team: str = "north-one") -> str:
    return f"/meridian/outcomes/{team}/{quarters.last_quarter(cast).slug}/agency/"


def posted(**values: str) -> dict[str, str]:
    return {f"value-{SERVED}": "800", f"value-{EMPLOYED}": "160", "version": "1"} | {
        key.replace("_of_", "-"): value for key, value in values.items()
    }


def test_a_team_is_not_asked_for_what_its_agency_is_asked(cast: StateCast) -> None:
    with cast.entered("admin"):
        policy = policy_of(cast.state.pk, quarters.last_quarter(cast))
    assert not {measure.key for measure in measures_of(policy)} & set(KEYS)
    assert [measure.key for measure in measures_of(policy, "agency")] == list(KEYS)


def test_leader_and_supervisor_enter_it_once_through_any_team(cast: StateCast) -> None:
    first = save(cast)
    again = save(cast, "supervisor", version=2, agency_adults_served=820)
    assert (first.pk, again.agency_adults_served, again.version) == (again.pk, 820, 3)
    with cast.entered("leader"):
        assert len(changes_of(again)) == 3


@pytest.mark.parametrize("persona", ["admin", "trainer", "specialist", "other_leader"])
def test_nobody_else_enters_it(cast: StateCast, persona: str) -> None:
    with refused(NotPermitted):
        save(cast, persona)


def test_what_cannot_be_is_refused_with_words(cast: StateCast) -> None:
    with refused(Unacceptable, "only 800 served"):
        save(cast, agency_adults_employed=801)
    with refused(Unacceptable, "One team of the agency alone served 40 people in IPS"):
        save(cast, agency_adults_served=39, agency_adults_employed=5)


def test_people_on_two_teams_are_counted_once_by_the_agency(cast: StateCast) -> None:
    save(cast, agency_adults_served=79, agency_adults_employed=5)
    text = cast.seen_by("leader").get(path(cast)).content.decode()
    assert "add up to 80 people in IPS, more than the 79 people the whole agency served" in text
    save(cast, version=2, agency_adults_served=80, agency_adults_employed=5)
    assert "add up to" not in cast.seen_by("leader").get(path(cast)).content.decode()


def test_people_of_a_partner_agency_are_none_of_the_agency(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        for team in ("north_one", "north_two"):
            TeamPartner.objects.create(state=cast.state, team=cast.teams[team], agency=cast.agencies["south"])
    for persona, version in (("leader", 1), ("supervisor", 2)):
        served = 30 + version
        save(cast, persona, version=version, agency_adults_served=served, agency_adults_employed=5)


def test_who_saves_second_loses_nothing(cast: StateCast) -> None:
    save(cast)
    assert save(cast, "supervisor").version == 2  # the same values, sent twice
    with refused(StaleVersion, "Nothing was overwritten"):
        save(cast, "supervisor", agency_adults_served=900)
    answer = cast.seen_by("supervisor").post(path(cast), posted(**{f"value_of_{SERVED}": "900"}))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Stored now" in text
    assert 'value="900"' in text
    assert 'name="version" value="2"' in text


def test_it_is_final_once_the_reports_of_its_teams_are(cast: StateCast) -> None:
    save(cast)
    for team in ("north_one", "north_two"):
        report = report_of(cast, team)
        with cast.entered("admin") as by:
            deciding.lock_now(report, by=by)
    with refused(WrongStatus, "The quarter is locked"):
        save(cast, version=2)
    assert "These figures are final" in cast.seen_by("leader").get(path(cast)).content.decode()


def test_a_draft_that_was_never_submitted_does_not_keep_it_open(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        rows = QuarterlyReport.objects.filter(team=cast.teams["north_two"])
        rows.update(status="draft", in_force=None, accepted_at=None, accepted_by=None)
    save(cast)
    locks(cast, 0)
    with refused(WrongStatus, "The quarter is locked"):
        save(cast, version=2)


def test_it_is_open_while_a_report_of_its_teams_is_corrected(cast: StateCast) -> None:
    locks(cast, 0)
    report = report_of(cast)
    with cast.entered("admin") as by:
        deciding.reopen(report, reason="A list was left out.", by=by)
    save(cast)
    quarters.submit(cast, report, "leader")
    save(cast, version=2, agency_adults_served=810)
    quarters.accept(cast, report)
    with refused(WrongStatus, "The quarter is locked"):
        save(cast, version=3)


def test_it_is_open_while_no_report_of_its_teams_is_accepted(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.update(status="draft", in_force=None, accepted_at=None, accepted_by=None)
    locks(cast, 0)
    save(cast)


def test_the_page_takes_zero_and_not_collected_for_what_they_are(cast: StateCast) -> None:
    client = cast.seen_by("leader")
    wrong = client.post(path(cast), posted(**{f"value_of_{SERVED}": "many"}))
    assert wrong.status_code == 422
    assert "many" in wrong.content.decode()
    sent = {
        f"value-{SERVED}": "800",
        f"absent-{EMPLOYED}": "yes",
        f"why-{EMPLOYED}": "Not asked.",
        "version": "1",
    }
    assert client.post(path(cast), sent).status_code == 302
    assert "Not asked." in client.get(path(cast)).content.decode()
    assert send(cast, "leader", "GET", path(cast).removeprefix("/meridian/"))[1]["figures"] == {
        SERVED: 800,
        EMPLOYED: {"not_collected": "Not asked."},
    }
    with cast.entered("leader") as by:
        figures = AgencyQuarter.objects.visible_to(by).get().figures
    assert figures[EMPLOYED].why == "Not asked."


def test_where_the_state_does_not_ask_there_is_no_page(db: None) -> None:
    cast = make_cast().meridian
    quarters.expected(cast)
    assert cast.seen_by("leader").get(path(cast)).status_code == 404


def lines(cast: StateCast, persona: str) -> list[dict[str, Any]]:
    with cast.entered(persona) as by:
        quarter = quarters.last_quarter(cast)
        found = agencies(policy_of(cast.state.pk, quarter), by, comparison(cast.state, by, quarter))
        if found is None:
            return []
        together = [found.together] if found.together else []
        return [{"agency": line.name, **dict(line.cells)} for line in (*together, *found.lines)]


def test_reach_is_shown_to_the_state_and_to_the_agency_itself(cast: StateCast) -> None:
    save(cast)
    save(cast, "other_leader", team="south_one", agency_adults_served=200, agency_adults_employed=0)
    north = {
        "agency": "Meridian North Center",
        "People in IPS": "80",
        "Adults served": "800",
        "Share in IPS": "10%",
        "Adults working": "160",
        "Share working": "20%",
    }
    whole, *rest = lines(cast, "vr_liaison")
    assert whole["Share in IPS"] == "12%"  # 120 of 1,000
    assert whole["Share working"] == "16%"
    assert north in rest
    assert lines(cast, "leader") == [north]
    assert lines(cast, "supervisor") == []
    query = f"?quarter={quarters.last_quarter(cast).slug}"
    file = cast.seen_by("vr_liaison").get(f"/meridian/outcomes/agencies.csv{query}").content.decode()
    assert "Meridian North Center,80,800,10%,160,20%" in file
    told = send(cast, "vr_liaison", "GET", f"outcomes/comparison/{query}")[1]["agencies"]
    assert north in told
    assert (
        "not entered"
        not in cast.seen_by("leader").get(f"/meridian/outcomes/comparison/{query}").content.decode()
    )
