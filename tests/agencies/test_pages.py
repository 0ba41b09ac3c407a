from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import tenancy
from agencies.models import Agency, Membership, Team
from agencies.permissions import Role
from tests.cast import STARTED, Cast, StateCast, make_person

LISTS = ["agencies/", "teams/", "people/", "payers/", "people/invitations/", "audit-log/"]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    "page", ["agencies/", "teams/", "people/", "audit-log/", "about/", "who-can-see-what/"]
)
def test_strangers_are_led_to_sign_in_whether_or_not_the_state_exists(cast: Cast, page: str) -> None:
    there, nowhere = Client().get(f"/meridian/{page}"), Client().get(f"/nowhere/{page}")
    assert (there.status_code, nowhere.status_code) == (302, 302)
    assert there["Location"].replace("meridian", "nowhere") == nowhere["Location"]


@pytest.mark.parametrize("page", ["agencies/", "teams/north-one/", "people/", "theme.css", "about/edit/"])
def test_another_state_does_not_exist(cast: Cast, page: str) -> None:
    client = cast.bayou.seen_by("admin")
    assert client.get(f"/meridian/{page}").status_code == 404
    assert client.post(f"/meridian/{page}").status_code in (404, 405)


@pytest.mark.parametrize(
    "page",
    [
        "agencies/{agency}/",
        "agencies/{agency}/edit/",
        "agencies/{agency}/history/",
        "teams/{team}/",
        "teams/{team}/edit/",
        "teams/{team}/history/",
        "people/{member}/",
        "people/{member}/change/",
        "people/{member}/remove/",
        "people/{member}/history/",
    ],
)
def test_another_agency_answers_like_one_that_does_not_exist(meridian: StateCast, page: str) -> None:
    hidden = {
        "agency": "south-center",
        "team": "south-one",
        "member": meridian.memberships["other_specialist"].pk,
    }
    absent = {"agency": "nothing", "team": "nothing", "member": 99999999999999999999}
    client = meridian.seen_by("leader")
    answers = [client.get(f"/meridian/{page.format(**names)}") for names in (hidden, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "South" not in text(answers[0])


def test_lists_show_each_role_what_it_may_see(meridian: StateCast) -> None:
    agencies = {
        persona: text(meridian.seen_by(persona).get("/meridian/agencies/"))
        for persona in ("admin", "leader", "stakeholder", "payer", "reviewer")
    }
    assert "South Center" in agencies["admin"]
    assert "South Center" in agencies["stakeholder"]
    assert "Open teams" not in agencies["stakeholder"]
    assert "North Center" in agencies["leader"]
    assert "South Center" not in agencies["leader"]
    assert "South Center" not in agencies["payer"]
    assert "Center" not in agencies["reviewer"].split("<main")[1]


def test_names_only_means_no_code_and_no_history(meridian: StateCast) -> None:
    with meridian.entered("admin"):
        Agency.objects.update(code="SECRET-7")
    stakeholder = meridian.seen_by("stakeholder")
    assert "SECRET-7" not in text(stakeholder.get("/meridian/agencies/north-center/"))
    assert stakeholder.get("/meridian/agencies/north-center/history/").status_code == 403
    assert "SECRET-7" in text(meridian.seen_by("leader").get("/meridian/agencies/north-center/"))


def test_filters_live_in_the_address(meridian: StateCast) -> None:
    admin = meridian.seen_by("admin")
    assert (
        "South Center" not in text(admin.get("/meridian/agencies/?region=North+region")).split("</form>")[-1]
    )
    assert "Nothing matches" in text(admin.get("/meridian/agencies/?q=zzz"))
    found = text(admin.get("/meridian/teams/?agency=south-center&stage=implementing")).split("</form>")[-1]
    assert "South Team One" in found
    assert "North Team" not in found
    people = text(admin.get("/meridian/people/?role=ST")).split("</form>")[-1]
    assert "Second Trainer" in people
    assert "Liaison" not in people


@pytest.mark.parametrize(
    "query", ["q=%00", "page=zzz", "page=999999", "agency=south-center", "open=maybe", "role=XX"]
)
def test_a_filter_nobody_offered_breaks_nothing(meridian: StateCast, query: str) -> None:
    leader = meridian.seen_by("leader")
    for page in ("agencies/", "teams/", "people/", "audit-log/"):
        answer = leader.get(f"/meridian/{page}?{query}")
        assert answer.status_code == 200
        assert "South" not in text(answer)


def many_more(meridian: StateCast) -> None:
    state = meridian.state
    with tenancy.as_system(state.pk):
        for number in range(12):
            agency = Agency.objects.create(state=state, slug=f"more-{number}", name=f"More {number}")
            Team.objects.create(state=state, agency=agency, slug=f"more-{number}", name=f"More team {number}")
            Membership.objects.create(
                state=state,
                person=make_person(f"More {number}", f"more{number}@meridian.example"),
                role=Role.AGENCY_LEADER,
                agency=agency,
                started_on=STARTED,
            )


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_the_database_the_same_for_many_rows(meridian: StateCast, page: str) -> None:
    counts = []
    for grow in (None, many_more):
        if grow:
            grow(meridian)
        client = meridian.seen_by("admin")
        client.get(f"/meridian/{page}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/meridian/{page}").status_code == 200
        counts.append(len(queries))
    assert (
        counts[1] <= counts[0] <= 21
    )  # the log may need fewer: its first page tells of fewer kinds of records


def unchanged(meridian: StateCast, deed: Callable[[], Any]) -> Any:
    def rows() -> list[Any]:
        with tenancy.as_system(meridian.state.pk):
            return [list(model.objects.order_by("pk").values()) for model in (Agency, Team, Membership)]

    before = rows()
    answer = deed()
    assert rows() == before
    return answer


def test_an_undeclared_field_changes_nothing(meridian: StateCast) -> None:
    client = meridian.seen_by("leader")
    data = {
        "name": "Renamed",
        "stage": "implementing",
        "implementation_started_on": "1/6/2020",
        "ended_on": "1/1/2026",
    }
    answer = unchanged(meridian, lambda: client.post("/meridian/teams/north-one/edit/", data))
    assert answer.status_code == 422
    assert "Unknown field: ended_on" in text(answer)
    assert "Renamed" in text(answer)  # what was typed is still there


def test_a_leader_sends_no_profile_of_the_agency(meridian: StateCast) -> None:
    client = meridian.seen_by("leader")
    answer = unchanged(
        meridian, lambda: client.post("/meridian/agencies/north-center/edit/", {"name": "Mine"})
    )
    assert answer.status_code == 422


def test_a_foreign_id_is_no_choice(cast: Cast) -> None:
    meridian, foreign = cast.meridian, cast.bayou.agencies["north"].pk
    hidden = meridian.agencies["south"].pk
    for persona, agency in (("admin", foreign), ("leader", hidden), ("leader", 10**30), ("admin", "x")):
        client = meridian.seen_by(persona)
        data = {"name": "Team Nine", "stage": "preparing", "agency": agency}
        answer = unchanged(
            meridian, lambda client=client, data=data: client.post("/meridian/teams/new/", data)
        )
        assert answer.status_code == 422
        assert "not one of the choices" in text(answer)


def test_the_whole_way_of_a_team_through_the_pages(meridian: StateCast) -> None:
    admin = meridian.seen_by("admin")
    answer = admin.post(
        "/meridian/teams/new/",
        {
            "name": "Riverside <b>Team</b>",
            "agency": meridian.agencies["north"].pk,
            "stage": "implementing",
            "implementation_started_on": "2/3/2026",
            "partners": [meridian.agencies["south"].pk],
            "populations": [meridian.populations[0].pk],
        },
    )
    assert answer.status_code == 302
    page = text(admin.get(answer["Location"]))
    assert "Riverside &lt;b&gt;Team&lt;/b&gt;" in page
    assert "February 3, 2026" in page
    url = answer["Location"]
    assert admin.post(f"{url}close/", {"on": "6/1/2026", "reason": "merged"}).status_code == 302
    assert admin.post(f"{url}close/", {"on": "6/1/2026", "reason": ""}).status_code == 409
    assert admin.post(f"{url}reopen/", {"reason": ""}).status_code == 422
    assert admin.post(f"{url}reopen/", {"reason": "mistake"}).status_code == 302
    history = text(admin.get(f"{url}history/"))
    assert "Reason: merged" in history
    assert "Added Meridian South Center as a partner agency." in history


def test_people_are_changed_and_removed_through_the_pages(meridian: StateCast) -> None:
    leader, member = meridian.seen_by("leader"), meridian.memberships["specialist"]
    url = f"/meridian/people/{member.pk}/"
    seen_as = leader.get(f"{url}change/").context["form"]["seen_as"].value()
    above = leader.post(f"{url}change/", {"role": "SA", "reason": "x", "seen_as": seen_as})
    assert above.status_code == 422
    teams = [meridian.teams["north_two"].pk]
    change = {"role": "ES", "teams": teams, "reason": "new team", "seen_as": seen_as}
    assert leader.post(f"{url}change/", change | {"reason": ""}).status_code == 422
    assert leader.post(f"{url}change/", change).status_code == 302
    assert meridian.actor("specialist").team_ids == set(teams)
    assert leader.post(f"{url}remove/", {"reason": "left"}).status_code == 302
    assert "Has left" in text(leader.get(url))


def test_the_last_state_admin_stays(meridian: StateCast) -> None:
    answer = meridian.seen_by("admin").post(
        f"/meridian/people/{meridian.memberships['admin'].pk}/remove/", {"reason": "tired"}
    )
    assert answer.status_code == 422
    assert "Name another state admin first." in text(answer)


def test_front_door_leads_home(cast: Cast) -> None:
    assert "Sign in" in text(Client().get("/"))
    assert cast.meridian.seen_by("leader").get("/")["Location"] == "/meridian/"
    with tenancy.as_system(cast.bayou.state.pk):
        Membership.objects.create(
            state=cast.bayou.state,
            person=cast.meridian.people["reviewer"],
            role=Role.REVIEWER,
            started_on=STARTED,
        )
    both = text(cast.meridian.seen_by("reviewer").get("/"))
    assert "Meridian" in both
    assert "Bayou" in both


def test_account_changes_the_own_name_only(meridian: StateCast) -> None:
    client = meridian.seen_by("specialist")
    assert client.post("/account/", {"name": "Sam Okafor"}).status_code == 302
    assert client.post("/account/", {"name": "X", "email": "boss@meridian.example"}).status_code == 422
    page = text(client.get("/account/"))
    assert "Sam Okafor" in page
    assert "IPS specialist" in page
    assert Client().get("/account/").status_code == 302


def test_who_can_see_what_is_drawn_from_the_table(meridian: StateCast) -> None:
    client = meridian.seen_by("stakeholder")
    own = text(client.get("/meridian/who-can-see-what/"))
    assert "<h2>Read-only stakeholder</h2>" in own
    assert "close or lock" in text(client.get("/meridian/who-can-see-what/?role=SA"))
    assert text(client.get("/meridian/who-can-see-what/?role=all")).count('scope="col"') == len(Role) + 1
    assert client.get("/meridian/who-can-see-what/?role=%00").status_code == 200


def test_a_states_own_words_reach_navigation_and_forms(meridian: StateCast) -> None:
    meridian.state.words = {"agency": "provider", "agencies": "providers", "reviews": "site visits"}
    meridian.state.save()
    page = meridian.seen_by("admin").get("/meridian/teams/new/").content.decode()
    assert [
        word
        for word in ("Providers", "Site visits", "Lead provider", "Partner providers")
        if word not in page
    ] == []
    assert "Agencies</a>" not in page
