"""The pages of standings as people use them: the team's, the state's list, its file, and a decision."""

from uuid import uuid4

import pytest

from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, post, queries, signed_in, text
from tests.fidelity.test_api import Program

PAGE, DECIDE, LIST = (
    "reviews/teams/north-one/standing/",
    "reviews/teams/north-one/decide/",
    "reviews/standings/",
)
CODES = ("APPLICANT", "EXISTING", "EXCEPTIONAL", "CORRECTIVE", "RESTRICTED", "longer_interval")


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return reviews.under(world.meridian, "louisiana")


def issued(cast: StateCast, rating: int, days_ago: int = 40, team: str = "north_one") -> None:
    reviews.issued(cast, score=rating, days_ago=days_ago, team=team)


def sent(kind: str, **changed: str) -> dict[str, str]:
    return {"kind": kind, "decided_on": "", "until": "", "reason": "Agreed.", "key": str(uuid4())} | changed


def today(cast: StateCast) -> str:
    return f"{cast.state.today():%m/%d/%Y}"


def test_a_standing_reads_as_help(cast: StateCast) -> None:
    issued(cast, 4, days_ago=400)
    issued(cast, 3, days_ago=20)
    page = text(get(cast, "supervisor", PAGE))
    assert "Existing team with a corrective action plan" in page
    assert "New referrals stay open. Next review by" in page
    assert "approved by MCO" in page
    assert not [code for code in CODES if code in page]


def test_the_standing_is_on_the_teams_page(cast: StateCast) -> None:
    issued(cast, 4)
    for persona in ("leader", "specialist", "trainer", "payer"):
        page = text(get(cast, persona, "teams/north-one/"))
        assert "New referrals stay open. Next review by" in page, persona
    assert "New referrals" not in text(get(cast, "stakeholder", "teams/north-one/"))
    assert "New referrals" not in text(get(cast, "supervisor", "teams/north-two/"))


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        *(("admin", 200), ("trainer", 200), ("vr_liaison", 200), ("payer", 200), ("leader", 200)),
        *(("supervisor", 200), ("specialist", 200), ("sibling_supervisor", 404), ("other_leader", 404)),
        *(("stakeholder", 404), ("operator", 404), ("reviewer", 404)),
    ],
)
def test_who_reads_where_a_team_stands(cast: StateCast, persona: str, status: int) -> None:
    assert get(cast, persona, PAGE).status_code == status


def test_a_standing_is_hidden_from_another_state(world: Cast) -> None:
    stranger = signed_in(world.bayou, "admin")
    assert stranger.get(f"/meridian/{PAGE}").status_code == 404


def test_a_restricted_team_regains_intake(cast: StateCast) -> None:
    issued(cast, 4)
    paused = post(
        cast, "payer", DECIDE, **sent("restriction", decided_on=today(cast), reason="No supervisor.")
    )
    assert paused.status_code == 302
    page = text(get(cast, "leader", PAGE))
    assert "New referrals are paused since" in page
    assert "Meridian Payer: No supervisor." in page
    assert post(cast, "admin", DECIDE, **sent("lifting", decided_on=today(cast))).status_code == 302
    assert "New referrals stay open." in text(get(cast, "leader", PAGE))


def test_a_mistake_keeps_what_was_typed(cast: StateCast) -> None:
    issued(cast, 4)
    answer = post(
        cast, "admin", DECIDE, **sent("earlier_review", decided_on=today(cast), reason="Soon, please.")
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "Say by which day the next review is to be held." in page
    assert "Soon, please." in page
    assert post(cast, "admin", DECIDE, **sent("lifting", decided_on=today(cast))).status_code == 422


def test_only_what_can_be_decided_is_offered(cast: StateCast) -> None:
    issued(cast, 4)
    page = text(get(cast, "admin", DECIDE))
    assert "New referrals are paused</label>" in page
    assert "New referrals are open again" not in page
    assert "may wait longer" not in page
    assert get(cast, "trainer", DECIDE).status_code == 403


def test_the_list_narrows_in_the_address(cast: StateCast) -> None:
    issued(cast, 4)
    issued(cast, 4, days_ago=700, team="south_one")
    for query, found in [
        ({}, {"north_one", "north_two", "south_one", "south_two"}),
        ({"when": "overdue"}, {"south_one"}),
        ({"position": "EXISTING"}, {"north_one", "south_one"}),
        ({"position": "EXISTING", "q": "NORTH"}, {"north_one"}),
        ({"agency": "south-center"}, {"south_one", "south_two"}),
        ({"position": "CLOSED"}, set()),
        ({"when": "nonsense"}, set()),
    ]:
        page = text(get(cast, "admin", LIST, **query))
        shown = {key for key, team in cast.teams.items() if f"{team.name}</a>" in page}
        assert shown == found, query


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("leader", {"north_one", "north_two"}),
        ("supervisor", {"north_one"}),
        ("specialist", {"north_one"}),
        ("payer", {"north_one", "north_two"}),
        ("reviewer", set()),
    ],
)
def test_the_list_shows_the_teams_of_ones_own(cast: StateCast, persona: str, sees: set[str]) -> None:
    page = text(get(cast, persona, LIST))
    assert {key for key, team in cast.teams.items() if f"{team.name}</a>" in page} == sees


def test_the_file_holds_the_same_lines(cast: StateCast) -> None:
    issued(cast, 4)
    answer = get(cast, "admin", "reviews/standings.csv", position="EXISTING")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    head = next(place for place, line in enumerate(lines) if line.startswith("Agency,Team,"))
    [line] = [line for line in lines[head + 1 :] if line]
    assert line.startswith("Meridian North Center,Meridian North Team One,Existing team,")
    assert ",open,100," in line
    assert get(cast, "supervisor", "reviews/standings.csv").status_code == 403


def test_the_pages_ask_as_much_for_many_as_for_one(cast: StateCast) -> None:
    issued(cast, 4)
    one = queries(cast, "admin", LIST), queries(cast, "admin", PAGE)
    for team in ("north_two", "south_one"):
        issued(cast, 3, days_ago=400, team=team)
        issued(cast, 4, team=team)
    issued(cast, 4, days_ago=10)
    assert (queries(cast, "admin", LIST), queries(cast, "admin", PAGE)) == one
    assert max(one) <= 18


def test_a_program_reads_standings_and_records_a_decision(cast: StateCast) -> None:
    issued(cast, 4)
    admin, leader = Program(cast, "admin"), Program(cast, "leader")
    told = {each["team"]: each for each in leader.get("reviews/standings/")["teams"]}
    assert set(told) == {"north-one", "north-two"}
    assert (told["north-one"]["name"], told["north-one"]["accepts_new"]) == ("Existing team", True)
    here = "reviews/teams/north-one/"
    day = cast.state.today().isoformat()
    pause = {"kind": "restriction", "decided_on": day, "reason": "No supervisor.", "key": str(uuid4())}
    for _ in range(2):
        admin.send("POST", f"{here}decisions/", pause, 201)
    after = leader.get(f"{here}standing/")
    assert not after["accepts_new"]
    assert after["story"][0] == {
        "on": day,
        "text": "New referrals are paused.",
        "by": "Meridian Admin",
        "reason": "No supervisor.",
    }
    refused = admin.send("POST", f"{here}decisions/", pause | {"key": str(uuid4())}, 409)
    assert "takes no new people now" in refused["error"]
    leader.send("POST", f"{here}decisions/", pause, 403)
