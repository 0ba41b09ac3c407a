from datetime import date

import pytest

from agencies.actions import organizations
from agencies.actions.organizations import AgencyContact, AgencyProfile, TeamProfile
from agencies.models import Agency, Change, PayerContract, Team
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from tests.cast import Cast, StateCast, refused

DAY = date(2026, 9, 1)


def profile(name: str = "Riverbend Works") -> AgencyProfile:
    return AgencyProfile(name=name, city="Riverbend")


def team_profile(name: str = "Team Three") -> TeamProfile:
    return TeamProfile(name=name, stage=Team.Stage.PREPARING)


@pytest.mark.parametrize(
    ("persona", "allowed"), [("admin", True), ("trainer", False), ("leader", False), ("operator", False)]
)
def test_open_agency_is_for_the_state_admin(meridian: StateCast, persona: str, allowed: bool) -> None:
    with meridian.entered(persona) as by:
        if allowed:
            agency = organizations.open_agency(
                meridian.state, profile=profile(), contact=AgencyContact(), by=by
            )
            assert agency.slug == "riverbend-works"
        else:
            with refused(NotPermitted, match="belongs to State admin"):
                organizations.open_agency(meridian.state, profile=profile(), contact=AgencyContact(), by=by)


def test_open_agency_refuses_the_admin_of_another_state(cast: Cast) -> None:
    with cast.bayou.entered("admin") as by, refused(NotPermitted):
        organizations.open_agency(cast.meridian.state, profile=profile(), contact=AgencyContact(), by=by)


def test_open_agency_refuses_a_name_that_exists_in_any_case(meridian: StateCast) -> None:
    with meridian.entered("admin") as by, refused(Unacceptable, match="exists already") as refusal:
        organizations.open_agency(
            meridian.state, profile=profile("meridian NORTH center"), contact=AgencyContact(), by=by
        )
    assert refusal.value.field == "name"


def test_open_agency_never_takes_the_address_of_a_form(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        agency = organizations.open_agency(
            meridian.state, profile=profile("New"), contact=AgencyContact(), by=by
        )
    assert agency.slug == "new-2"


def test_change_agency_lets_its_leader_keep_the_contact_only(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    with meridian.entered("leader") as by:
        organizations.change_agency(agency, contact=AgencyContact(contact_name="Ana Reyes"), by=by)
        with refused(NotPermitted, match="contact of an agency, not its name"):
            organizations.change_agency(agency, profile=profile(), contact=AgencyContact(), by=by)
    with meridian.entered("admin"):
        assert Agency.objects.get(pk=agency.pk).contact_name == "Ana Reyes"


def test_change_agency_refuses_the_leader_of_another(meridian: StateCast) -> None:
    with meridian.entered("other_leader") as by, refused(NotPermitted):
        organizations.change_agency(meridian.agencies["north"], contact=AgencyContact(), by=by)


def test_close_agency_asks_for_its_teams_to_be_closed(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    with meridian.entered("admin") as by:
        with refused(Unacceptable, match=r"Team One, .*Team Two: still open") as refusal:
            organizations.close_agency(agency, on=DAY, with_teams=False, reason="", by=by)
        assert refusal.value.field == "with_teams"
        organizations.close_agency(agency, on=DAY, with_teams=True, reason="merged", by=by)
        assert {team.ended_on for team in Team.objects.filter(agency=agency)} == {DAY}
        closing = Change.objects.filter(table_name="agencies_agency", row_id=agency.pk, kind="update").get()
    assert (closing.reason, closing.values) == ("merged", {"ended_on": [None, "2026-09-01"]})
    assert closing.person_id == meridian.people["admin"].pk


def test_close_agency_twice_says_since_when_it_is_closed(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    with meridian.entered("admin") as by:
        organizations.close_agency(agency, on=DAY, with_teams=True, reason="", by=by)
        with refused(WrongStatus, match="closed already, from September 1, 2026"):
            organizations.close_agency(agency, on=DAY, with_teams=True, reason="", by=by)


def test_reopen_team_waits_for_its_agency(meridian: StateCast) -> None:
    agency, team = meridian.agencies["north"], meridian.teams["north_one"]
    with meridian.entered("admin") as by:
        organizations.close_agency(agency, on=DAY, with_teams=True, reason="", by=by)
        team = Team.objects.select_related("agency").get(pk=team.pk)
        with refused(WrongStatus, match="Reopen the agency before"):
            organizations.reopen_team(team, reason="mistake", by=by)
        organizations.reopen_agency(agency, reason="mistake", by=by)
        team = Team.objects.select_related("agency").get(pk=team.pk)
        assert organizations.reopen_team(team, reason="mistake", by=by).ended_on is None


def test_open_team_by_a_leader_reaches_the_new_team_at_once(meridian: StateCast) -> None:
    with meridian.entered("leader") as by:
        team = organizations.open_team(
            meridian.agencies["north"],
            profile=team_profile(),
            populations=meridian.populations,
            by=by,
        )
        assert team.populations.count() == 0  # the old context does not reach it, the next request will
    with meridian.entered("leader") as by:
        assert team.populations.count() == 2
        assert team.pk in by.team_ids


@pytest.mark.parametrize("persona", ["supervisor", "specialist", "other_leader", "stakeholder", "vr_liaison"])
def test_open_team_refuses_who_may_not(meridian: StateCast, persona: str) -> None:
    with meridian.entered(persona) as by, refused(NotPermitted):
        organizations.open_team(meridian.agencies["north"], profile=team_profile(), by=by)


def test_open_team_takes_a_free_address_even_if_the_taken_one_is_out_of_sight(meridian: StateCast) -> None:
    hidden = meridian.teams["south_one"]
    with meridian.entered("leader") as by:
        team = organizations.open_team(
            meridian.agencies["north"], profile=team_profile(hidden.slug.replace("-", " ")), by=by
        )
    assert team.slug == f"{hidden.slug}-2"


def test_open_team_under_a_closed_agency_is_refused(meridian: StateCast) -> None:
    agency = meridian.agencies["north"]
    with meridian.entered("admin") as by:
        agency = organizations.close_agency(agency, on=date(2026, 1, 1), with_teams=True, reason="", by=by)
        with refused(Unacceptable, match="is closed"):
            organizations.open_team(agency, profile=team_profile(), by=by)


def test_change_team_by_its_supervisor_and_not_by_the_neighbour(meridian: StateCast) -> None:
    team = meridian.teams["north_one"]
    with meridian.entered("sibling_supervisor") as by, refused(NotPermitted, match="own teams only"):
        organizations.change_team(team, profile=team_profile(), by=by)
    with meridian.entered("supervisor") as by:
        assert organizations.change_team(team, profile=team_profile("Riverside"), by=by).name == "Riverside"


def test_change_team_names_partners_only_for_the_state(meridian: StateCast) -> None:
    team, south = meridian.teams["north_one"], meridian.agencies["south"]
    with meridian.entered("leader") as by, refused(NotPermitted, match="may not move a team"):
        organizations.change_team(team, profile=team_profile(), partners=[south], by=by)
    with meridian.entered("trainer") as by:
        organizations.change_team(team, profile=team_profile(), partners=[south], by=by)
    with meridian.entered("other_leader") as by:
        assert team.pk in by.team_ids
    with meridian.entered("trainer") as by:
        organizations.change_team(Team.objects.get(pk=team.pk), profile=team_profile(), partners=[], by=by)
    with meridian.entered("other_leader") as by:
        assert team.pk not in by.team_ids


def test_change_team_asks_when_implementation_started(meridian: StateCast) -> None:
    with meridian.entered("admin") as by, refused(Unacceptable, match="when implementation started"):
        organizations.change_team(
            meridian.teams["north_one"], profile=TeamProfile("One", Team.Stage.SUSTAINING), by=by
        )


@pytest.mark.parametrize("persona", ["trainer", "leader", "supervisor"])
def test_close_team_is_for_the_state_admin(meridian: StateCast, persona: str) -> None:
    with meridian.entered(persona) as by, refused(NotPermitted):
        organizations.close_team(meridian.teams["north_one"], on=DAY, reason="", by=by)


def test_close_team_before_it_began_is_refused(meridian: StateCast) -> None:
    with meridian.entered("admin") as by, refused(Unacceptable, match="cannot end before"):
        organizations.close_team(meridian.teams["north_one"], on=date(2019, 1, 1), reason="", by=by)


def test_contract_opens_the_agency_to_the_payer_until_it_ends(meridian: StateCast) -> None:
    south, payer = meridian.agencies["south"], meridian.payer
    assert payer
    with meridian.entered("admin") as by:
        made = organizations.contract(payer, agency=south, starts_on=date(2026, 1, 1), ends_on=None, by=by)
        with refused(Unacceptable, match="has a contract"):
            organizations.contract(payer, agency=south, starts_on=date(2026, 2, 1), ends_on=None, by=by)
    assert south.pk in meridian.actor("payer").assigned_agency_ids
    with meridian.entered("admin") as by:
        organizations.end_contract(made, on=date(2026, 3, 1), reason="", by=by)
    assert south.pk not in meridian.actor("payer").assigned_agency_ids


def test_contract_is_for_the_state_admin(meridian: StateCast) -> None:
    assert meridian.payer
    for persona in ("trainer", "leader", "payer"):
        with meridian.entered(persona) as by, refused(NotPermitted):
            organizations.contract(
                meridian.payer, agency=meridian.agencies["south"], starts_on=DAY, ends_on=None, by=by
            )
        with meridian.entered("admin"):
            assert PayerContract.objects.count() == 1


def test_a_change_keeps_what_a_colleague_saved_meanwhile(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        team = Team.objects.get(pk=meridian.teams["north_one"].pk)
        agency = Agency.objects.get(pk=meridian.agencies["north"].pk)
        organizations.close_team(
            Team.objects.get(pk=team.pk), on=meridian.state.today(), reason="Merged.", by=by
        )
        organizations.change_agency(
            Agency.objects.get(pk=agency.pk),
            profile=AgencyProfile("Renamed"),
            contact=AgencyContact(),
            by=by,
        )
        profile = TeamProfile("Another name", team.stage, team.implementation_started_on)
        organizations.change_team(team, profile=profile, by=by)
        organizations.change_agency(agency, contact=AgencyContact(contact_name="Ana Reyes"), by=by)
        team.refresh_from_db()
        agency.refresh_from_db()
    assert (team.name, team.ended_on) == ("Another name", meridian.state.today())
    assert (agency.name, agency.contact_name) == ("Renamed", "Ana Reyes")


def test_a_contract_may_end_before_the_next_begins(meridian: StateCast) -> None:
    assert meridian.payer
    south = meridian.agencies["south"]
    with meridian.entered("admin") as by:
        organizations.contract(meridian.payer, agency=south, starts_on=date(2027, 6, 1), ends_on=None, by=by)
        organizations.contract(
            meridian.payer, agency=south, starts_on=date(2027, 1, 1), ends_on=date(2027, 5, 31), by=by
        )
        with refused(Unacceptable, match="these days already"):
            organizations.contract(
                meridian.payer, agency=south, starts_on=date(2027, 3, 1), ends_on=date(2027, 6, 1), by=by
            )
