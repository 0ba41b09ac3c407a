import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import audit, tenancy
from agencies.actions import invitations, organizations, people, states
from agencies.actions.organizations import AgencyContact, TeamProfile
from agencies.actions.seats import Seat
from agencies.models import Change, Team
from agencies.permissions import Role
from agencies.tasks import seal_history
from tests.cast import Cast, StateCast, make_state


def texts(record: object) -> list[str]:
    return [one.text for one in audit.sentences(audit.changes_of(record))]  # type: ignore[arg-type]


def test_a_change_reads_as_a_sentence(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    with meridian.entered("leader") as by:
        organizations.change_agency(agency, contact=AgencyContact(contact_name="Ana Reyes"), by=by)
        first = audit.sentences(audit.changes_of(agency))[0]
    assert first.text == "Set contact to “Ana Reyes”."
    assert first.who == "Meridian Leader"


def test_names_stand_behind_keys_and_choices(meridian: StateCast) -> None:
    team, south = meridian.teams["north_one"], meridian.agencies["south"]
    profile = TeamProfile(team.name, Team.Stage.SUSTAINING, team.implementation_started_on)
    with meridian.entered("admin") as by:
        organizations.change_team(
            team, profile=profile, agency=south, partners=[meridian.agencies["north"]], by=by
        )
        told = texts(team)
        organizations.change_team(Team.objects.get(pk=team.pk), profile=profile, partners=[], by=by)
        later = texts(team)
    moved = "lead agency from Meridian North Center to Meridian South Center"
    assert f"Changed {moved}; changed stage from Implementing to Sustaining." in told
    assert "Added Meridian North Center as a partner agency." in told
    assert "Ended the partnership with Meridian North Center." in later  # removed rows stay readable
    assert "Added Meridian North Center as a partner agency." in later


def test_a_reason_stands_beside_its_change(meridian: StateCast) -> None:
    membership = meridian.memberships["specialist"]
    seat = Seat(Role.SUPERVISOR, meridian.agencies["north"], (meridian.teams["north_two"],))
    with meridian.entered("leader") as by:
        people.change_seat(membership, seat=seat, reason="Leads the second team now", by=by)
        told = audit.sentences(audit.changes_of(membership))
    assert [(one.text, one.reason) for one in told[:3]] == [
        ("Put Meridian Specialist, IPS supervisor on Meridian North Team Two.", "Leads the second team now"),
        (
            "Took Meridian Specialist, IPS supervisor off Meridian North Team One.",
            "Leads the second team now",
        ),
        ("Changed role from IPS specialist to IPS supervisor.", "Leads the second team now"),
    ]


def test_history_names_nothing_its_reader_may_not_see(meridian: StateCast) -> None:
    team = meridian.teams["north_one"]
    profile = TeamProfile(team.name, team.stage, team.implementation_started_on)
    with meridian.entered("admin") as by:
        organizations.change_team(team, profile=profile, agency=meridian.agencies["south"], by=by)
        organizations.change_team(team, profile=profile, agency=meridian.agencies["north"], by=by)
    with meridian.entered("leader"):
        assert f"Changed lead agency from {audit.WITHHELD} to Meridian North Center." in texts(team)
    with meridian.entered("reviewer"):
        assert texts(team) == []


def test_history_of_another_state_is_empty_even_for_its_admin(cast: Cast) -> None:
    with cast.bayou.entered("admin"):
        assert texts(cast.meridian.agencies["north"]) == []


def test_history_costs_the_same_for_many_changes(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    counts = []
    for rounds in (1, 12):
        with meridian.entered("admin") as by:
            for number in range(rounds):
                organizations.change_agency(
                    agency, contact=AgencyContact(contact_name=f"{rounds} {number}"), by=by
                )
            with CaptureQueriesContext(connection) as queries:
                texts(agency)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_audit_log_names_each_kind_of_record_with_one_query_more(meridian: StateCast) -> None:
    """Names are read once for each model, however many rows and whatever their names are made of."""
    counts = []
    for size in (3, 40):
        with meridian.entered("admin"):
            rows = list(Change.objects.order_by("-id")[:size])
            kinds = {row.table_name for row in rows}
            with CaptureQueriesContext(connection) as queries:
                audit.sentences(rows, named=True)
            counts.append(len(queries) - len(kinds))
    assert max(counts) <= 8  # the people, and the models behind keys


@pytest.mark.parametrize(
    ("persona", "seen", "unseen"),
    [
        ("admin", ["Meridian North Center", "Meridian South Center", "Meridian Trainer"], ["Bayou"]),
        (
            "leader",
            ["Meridian North Center", "Meridian North Team Two"],
            ["South", "Bayou", "Meridian Trainer"],
        ),
        ("supervisor", ["Meridian North Team One"], ["Team Two", "South", "Bayou"]),
        ("specialist", [], ["North Center", "South", "Bayou"]),
    ],
)
def test_audit_log_shows_each_role_its_own_part(
    meridian: StateCast, persona: str, seen: list[str], unseen: list[str]
) -> None:
    page = meridian.seen_by(persona).get("/meridian/audit-log/?last=1/1/2100").content.decode()
    log = page.split("<main")[1].split("Filter the log")[1].split("</form>")[1]
    pages = [log]
    for number in (2, 3):
        more = meridian.seen_by(persona).get(f"/meridian/audit-log/?page={number}").content.decode()
        pages.append(more.split("</form>")[-1] if "page" in more else "")
    whole = " ".join(pages)
    assert [name for name in seen if name not in whole] == []
    assert [name for name in unseen if name in whole] == []


def test_the_audit_log_keeps_the_portals_own_workings_out(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        invitations.invite(
            meridian.state,
            email="new@elsewhere.example",
            name="New",
            seat=Seat(Role.STATE_TRAINER),
            by=by,
        )
    rows = meridian.seen_by("admin").get("/meridian/audit-log/?kind=notices_message").content.decode()
    assert "to “new@elsewhere.example”" in rows
    log = rows.split("</form>")[-1].split("</main>")[0]
    assert [word for word in ("link", "lease", "tries", "body", "key ") if word in log] == []


def test_who_may_see_nothing_yet_is_told_so(meridian: StateCast) -> None:
    page = meridian.seen_by("stakeholder").get("/meridian/audit-log/").content.decode()
    assert "Nothing you may see has been changed" in page


def test_audit_log_is_filtered_by_day_kind_and_person(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        states.add_population(meridian.state, name="Veterans", by=by)
    admin = meridian.seen_by("admin")
    person = meridian.people["admin"].pk
    found = admin.get(f"/meridian/audit-log/?person={person}&kind=agencies_population").content.decode()
    assert "Veterans" in found
    assert "Young adults" not in found
    assert "Nothing matches" in admin.get("/meridian/audit-log/?last=1/1/2020").content.decode()


def test_seal_history_links_what_finished_and_nothing_twice(transactional_db: None) -> None:
    """The cast is written in several transactions; other tests on this server may hold older ones open a while."""
    cast = make_state("Meridian")
    assert is_left(cast)
    end = time.monotonic() + 30
    while is_left(cast):
        assert time.monotonic() < end
        seal_history()
        time.sleep(0.1)
    assert seal_history() == 0
    with tenancy.as_system(cast.state.pk), connection.cursor() as cursor:
        cursor.execute("SELECT agencies_broken_seal(%s)", [cast.state.pk])
        assert cursor.fetchone() == (None,)


def is_left(cast: StateCast) -> bool:
    """Something that nothing is linked to yet."""
    with tenancy.as_system(cast.state.pk):
        return bool(Change.objects.filter(seal=None).exists())
