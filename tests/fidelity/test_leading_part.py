"""Where teams stand and are listed under a scale with a total per part: by the total of the part that leads."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fidelity.histories import standings
from ips_portal.homes.dashboards import state_home
from tests.cast import StateCast, make_cast
from tests.fidelity.pages import get, queries, read, text
from tests.fidelity.test_api import Program
from tests.fidelity.two_parts import chosen, drafted, issued, rated
from tests.outcomes.test_comparison_pages import REPORTING, in_force


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    chosen(found)
    return found


def test_lists_show_the_leading_total_by_its_name(cast: StateCast) -> None:
    review = issued(cast, drafted(cast, rated(4, 3)))
    assert "Employment 16 of 20" in read(get(cast, "admin", "reviews/"))
    assert "Employment 16 of 20" in read(get(cast, "admin", "teams/north-one/"))
    assert "Employment 16 of 20" in read(get(cast, "admin", ""))
    program = Program(cast, "leader")
    (line,) = program.get("reviews/")["results"]
    assert (line["total"], line["band"]) == (16, "good")
    assert [(part["name"], part["total"], part["possible"], part["band_name"]) for part in line["parts"]] == [
        ("Employment", 16, 20, "Sound"),
        ("Education", 9, 15, "Begun"),
    ]
    assert program.get(f"reviews/{review.public_id}/")["parts"] == line["parts"]


def test_lists_ask_as_often_for_many_reviews_as_for_one(cast: StateCast) -> None:
    issued(cast, drafted(cast, rated(4, 3), days_ago=500))
    program = Program(cast, "leader")

    def asked() -> int:
        program.get("reviews/")
        with CaptureQueriesContext(connection) as found:
            program.get("reviews/")
        return len(found)

    pages = queries(cast, "admin", "reviews/"), asked()
    for days in (400, 300, 200):
        issued(cast, drafted(cast, rated(4, 3), days_ago=days))
    assert (queries(cast, "admin", "reviews/"), asked()) == pages


def test_a_standing_follows_the_leading_total_alone(cast: StateCast) -> None:
    issued(cast, drafted(cast, rated(3, 5), days_ago=30))
    with cast.entered("admin"):
        standing = standings([cast.teams["north_one"]], cast.state)[cast.teams["north_one"].pk]
    assert (standing.last_total, standing.last_part, standing.is_good) == (12, "Employment", False)
    issued(cast, drafted(cast, rated(4, 1), days_ago=10))
    with cast.entered("admin"):
        standing = standings([cast.teams["north_one"]], cast.state)[cast.teams["north_one"].pk]
    assert (standing.last_total, standing.is_good) == (16, True)
    assert "gave 16 points in Employment" in read(get(cast, "admin", "reviews/teams/north-one/standing/"))


def test_the_list_of_standings_as_a_file_names_the_part_of_the_last_total(cast: StateCast) -> None:
    def listed() -> list[dict[str, str]]:
        said = get(cast, "admin", "reviews/standings.csv").content.decode("utf-8-sig")
        return list(csv.DictReader(StringIO(said.split("\r\n\r\n", 1)[1])))

    assert "Part" not in listed()[0]
    issued(cast, drafted(cast, rated(4, 3), days_ago=30))
    lines = {line["Team"]: (line["Last total"], line["Part"]) for line in listed()}
    assert lines["Meridian North Team One"] == ("16", "Employment")
    assert lines["Meridian North Team Two"] == ("", "")


def test_the_home_page_says_in_which_part_its_mark_is_to_be_reached(cast: StateCast) -> None:
    issued(cast, drafted(cast, rated(4, 3), days_ago=30))
    with cast.entered("admin") as by:
        good = state_home(cast.state, by).figures[1]
    assert (good.value, good.note) == ("1 of 1", "14 points or more in Employment at the last review")


def test_the_table_beside_employment_says_whose_total_it_shows(cast: StateCast) -> None:
    for team in REPORTING:
        in_force(cast, team)
        issued(cast, drafted(cast, rated(4, 3), days_ago=300, team=team))
    page = text(get(cast, "vr_liaison", "outcomes/comparison/"))
    assert "Each point is a team: the total of Employment at its last official review, and its" in page
    assert '<th scope="col" class="number">Fidelity total, Employment</th>' in page
    assert page.count('data-label="Fidelity total, Employment">16</td>') == 3
