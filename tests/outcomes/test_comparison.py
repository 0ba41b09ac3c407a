"""The whole state compared, and what in it wants attention."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import tenancy
from ips_portal.quarters import Quarter
from outcomes.dashboards import choosing
from outcomes.dashboards.comparison import change, comparison, moved, numbers
from outcomes.dashboards.flags import falling, flags_of, full, vacancy
from outcomes.dashboards.glance import KEPT, ReportSeen, at_a_glance
from outcomes.dashboards.side_by_side import side_by_side
from outcomes.figures import Figure, Figures
from outcomes.models import QuarterlyReport
from outcomes.rates import rate
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

THIRD = Quarter(2026, 3)


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def figures(**values: int | Decimal) -> Figures:
    found = Figures()
    for key, value in values.items():
        found = found.with_figure(key, Figure(value))
    return found


def test_a_rate_that_falls_twice_is_told_with_its_rule_and_the_teams_note() -> None:
    past = {THIRD - back: figures(served=40, employed=employed) for back, employed in enumerate((12, 16, 20))}
    past[THIRD] = replace(past[THIRD], note="A plant closed in June.")
    flag = falling(past, THIRD)
    assert flag is not None
    assert flag.text == "Employment rate fell twice: 50%, 40%, 30%"
    assert flag.note == "A plant closed in June."


@pytest.mark.parametrize("employed", [(16, 16, 20), (16, 12, 20)])
def test_a_rate_that_fell_once_is_not_told(employed: tuple[int, ...]) -> None:
    past = {THIRD - back: figures(served=40, employed=count) for back, count in enumerate(employed)}
    assert falling(past, THIRD) is None


def test_a_gap_and_a_tiny_team_are_never_told_as_a_fall() -> None:
    past = {THIRD - back: figures(served=9, employed=count) for back, count in enumerate((1, 2, 3))}
    assert falling(past, THIRD) is None
    past = {THIRD: figures(served=40, employed=10), THIRD - 2: figures(served=40, employed=20)}
    assert falling(past, THIRD) is None


def test_a_vacancy_and_a_full_caseload_are_told() -> None:
    open_position = figures(vacant_fte=Decimal("1.50"))
    assert vacancy(open_position) is not None
    assert vacancy(figures(vacant_fte=Decimal("0.00"))) is None
    many = figures(
        served=50, transitioned_working=2, transitioned_unemployed=3, specialist_fte=Decimal("2.00")
    )
    flag = full(many)
    assert flag is not None
    assert flag.text == "22.5 people per specialist"
    assert (
        full(figures(served=40, transitioned_working=0, transitioned_unemployed=0, specialist_fte=2)) is None
    )


def test_an_overdue_report_is_told(cast: StateCast) -> None:
    report = quarters.expected(cast)
    late = report.due_on + timedelta(days=3)
    assert [flag.text for flag in flags_of({}, report.quarter, report, late)] == [
        f"{report.quarter.months} is 3 days overdue"
    ]
    assert flags_of({}, report.quarter, report, report.due_on) == ()


def test_a_change_is_said_in_words() -> None:
    assert moved("employment", 0.45, 0.42) == "up 3 points since the quarter before"
    assert moved("job_starts_per_fte", 3.0, 3.4) == "down 0.4 per specialist since the quarter before"
    assert moved("employment", 0.4, 0.4) == "as in the quarter before"


def test_a_change_is_the_difference_of_what_is_shown() -> None:
    assert moved("employment", 0.404, 0.396) == "as in the quarter before"  # 40% and 40%
    assert moved("employment", 0.406, 0.404) == "up 1 point since the quarter before"  # 41% and 40%
    assert moved("job_starts_per_fte", 3.45, 3.44) == "up 0.1 per specialist since the quarter before"
    past = {THIRD: figures(served=200, employed=81), THIRD - 1: figures(served=250, employed=101)}
    assert change(past, THIRD) == "up 1 point"  # 41% and 40%
    past[THIRD] = figures(served=250, employed=101)
    assert change(past, THIRD) == "no change"


def test_people_are_said_to_be_served_by_the_teams_that_counted_them() -> None:
    known = {
        (1, THIRD): figures(served=40),
        (2, THIRD): figures(employed=18),
        (3, THIRD - 1): figures(served=9),
    }
    *_, served = numbers({}, THIRD, known)
    assert (served.value, served.note) == ("40", "by 1 team with accepted figures")
    known[4, THIRD] = figures(served=0)
    *_, served = numbers({}, THIRD, known)
    assert (served.value, served.note) == ("40", "by 2 teams with accepted figures")


def test_the_state_is_seen_with_what_is_missing_as_a_gap(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    with cast.entered("vr_liaison") as liaison:
        page = comparison(cast.state, liaison, report.quarter)
    assert [number.value for number in page.numbers] == ["45%", "15%", "3.6", "40"]
    assert (page.completeness.expected, page.completeness.reported) == (4, 1)
    own = next(line for line in page.teams if line.team.pk == cast.teams["north_one"].pk)
    assert own.rates == ("", "", "", "45%")
    assert own.spark is None
    assert {each.key for each in page.published} >= {"us-average", "us-excellent"}
    assert [line.pooled for line in page.trend[:2]] == ["45%", ""]


def test_reports_of_earlier_quarters_are_not_built_and_their_figures_and_teams_stay(cast: StateCast) -> None:
    last = quarters.last_quarter(cast)
    earlier = quarters.expected(cast, quarter=last - 1)
    quarters.enter(cast, earlier)
    quarters.accept(cast, quarters.submit(cast, earlier))
    with tenancy.as_system(cast.state.pk):
        cast.teams["north_one"].ended_on = last.starts_on - timedelta(days=1)
        cast.teams["north_one"].save()
    quarters.expected(cast, "south_one", last)
    with cast.entered("admin") as admin:
        rows = QuarterlyReport.objects.visible_to(admin)
        whole, newest = (side_by_side(rows, last.last(4), newest_alone=alone) for alone in (False, True))
        north = cast.teams["north_one"]
        (line,) = [each for each in comparison(cast.state, admin, last).teams if each.team.pk == north.pk]
    assert (newest.teams, newest.figures) == (whole.teams, whole.figures)
    assert newest.reports == {key: each for key, each in whole.reports.items() if key[1] == last}
    assert len(newest.reports) < len(whole.reports)
    assert (line.rates, line.standing) == (("", "", "45%", ""), None)


def test_the_number_of_queries_does_not_grow_with_teams(
    cast: StateCast, django_assert_num_queries: object
) -> None:
    quarter = quarters.last_quarter(cast)
    for back in range(3):
        quarters.expected(cast, quarter=quarter - back)
    with cast.entered("admin") as admin, django_assert_num_queries(3):  # type: ignore[operator]
        comparison(cast.state, admin, quarter)


def test_an_agency_sees_its_own_teams_and_no_state(cast: StateCast) -> None:
    report = quarters.expected(cast, "south_one")
    quarters.enter(cast, report, "other_supervisor")
    quarters.submit(cast, report, "other_supervisor")
    quarters.accept(cast, report)
    page = cast.seen_by("leader").get(reverse("outcomes:state-comparison", args=["meridian"]))
    text = page.content.decode()
    assert "South" not in text
    assert "People pooled" not in text
    assert cast.seen_by("stakeholder").get(page.request["PATH_INFO"]).status_code == 404
    with tenancy.as_system(cast.state.pk):
        assert QuarterlyReport.objects.filter(status="accepted").count() == 1


def shown(cast: StateCast, **query: str) -> list[str]:
    answer = cast.seen_by("vr_liaison").get(reverse("outcomes:state-comparison", args=["meridian"]), query)
    assert answer.status_code == 200
    return [line.team.slug for line in answer.context["chosen"].page]


def test_teams_are_searched_chosen_and_paged_and_the_file_holds_all_of_the_choice(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, vacant_fte=Decimal("1.00"))
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    everyone = shown(cast)
    assert len(everyone) == 4
    assert shown(cast, q="nORTH") == ["north-one", "north-two"]
    assert shown(cast, q="no such team") == []
    assert "north-one" in shown(cast, show="attention")
    assert "north-one" not in shown(cast, show="none")
    assert shown(cast, show="nonsense", page="nonsense") == everyone
    monkeypatch.setattr(choosing, "ROWS", 3)
    assert shown(cast, page="2") == everyone[3:]
    assert shown(cast, page="99") == everyone[3:]
    listed = cast.seen_by("vr_liaison").get(
        reverse("outcomes:teams-file", args=["meridian", "csv"]), {"show": "none", "page": "2"}
    )
    assert listed.content.decode().count("no figure") == 0
    assert "Teams,No figures" in listed.content.decode()
    assert sum("Team" in line for line in listed.content.decode().split("\r\n\r\n")[1].splitlines()[1:]) == 3
    home = cast.seen_by("vr_liaison").get("/meridian/", {"q": "north"})
    assert [line.team.slug for line in home.context["chosen"].page] == ["north-one", "north-two"]


def test_the_links_of_the_page_keep_the_choice(cast: StateCast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = quarters.expected(cast)
    monkeypatch.setattr(choosing, "ROWS", 1)
    asked = {"quarter": report.quarter.slug, "q": "north", "show": "none"}
    page = cast.seen_by("vr_liaison").get(reverse("outcomes:state-comparison", args=["meridian"]), asked)
    text = page.content.decode()
    kept = f"quarter={report.quarter.slug}&amp;q=north&amp;show=none"
    assert f'href="?{kept}&amp;page=2#outcome-teams"' in text
    assert f"/outcomes/teams.xlsx?{kept}" in text
    assert f"?quarter={(report.quarter - 1).slug}&amp;q=north&amp;show=none" in text


def test_a_liaisons_first_page_asks_for_each_thing_once(cast: StateCast) -> None:
    liaison = cast.seen_by("vr_liaison")
    with CaptureQueriesContext(connection) as found:
        assert liaison.get("/meridian/").status_code == 200
    read = [
        each["sql"]
        for each in found
        if each["sql"].lstrip("(").startswith("SELECT") and "set_config" not in each["sql"]
    ]
    # session, person, state; policies; teams with reviews; to-dos, corrections, meetings, what funding plans wait
    # for; three for outcomes
    assert len(read) == 12, "\n".join(read)


def test_a_glance_tells_of_each_team_what_the_whole_reading_tells(cast: StateCast) -> None:
    last = quarters.last_quarter(cast)
    for back, served in ((3, 40), (2, 41), (0, 44)):
        earlier = quarters.expected(cast, quarter=last - back)
        quarters.enter(cast, earlier, served=served, vacant_fte=Decimal("1.50"))
        quarters.accept(cast, quarters.submit(cast, earlier))
    with cast.entered("vr_liaison") as by:
        whole = side_by_side(QuarterlyReport.objects.visible_to(by), last.last(4), newest_alone=True)
        glance = at_a_glance(by, last.last(4))
    named = {pk: (team.slug, team.name, team.agency_id, team.agency.name) for pk, team in whole.teams.items()}
    assert {pk: (*team[1:3], *team.agency) for pk, team in glance.teams.items()} == named
    assert set(glance.reports) == set(whole.reports)
    for key, report in whole.reports.items():
        assert glance.reports[key] == tuple(getattr(report, name) for name in ReportSeen._fields)
    assert set(glance.figures) == set(whole.figures)
    for key, figures in whole.figures.items():
        told = glance.figures[key]
        assert rate("employment", told) == rate("employment", figures)
        if key[1] == last:
            assert (told.note, told.vacancy) == (figures.note, figures.vacancy)
            kept = (*KEPT, "vacant_fte")
            assert [told.value(each) for each in kept] == [figures.value(each) for each in kept]
    with cast.entered("leader") as by:
        assert set(at_a_glance(by, last.last(4)).teams) == {
            cast.teams["north_one"].pk,
            cast.teams["north_two"].pk,
        }
