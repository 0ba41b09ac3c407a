from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies import tenancy
from agencies.actions import invitations, people
from agencies.actions.seats import Seat
from agencies.models import Invitation, Membership, Person
from agencies.permissions import Role
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from tests.cast import PASSWORD, Cast, StateCast, refused

Heard = list[tuple[str, dict[str, Any]]]
EMAIL = "newcomer@elsewhere.example"
LONG = "a quite long sentence"


def invited(meridian: StateCast, heard: Heard, email: str = EMAIL) -> tuple[Invitation, str]:
    """An invitation to North's first team, and the path of its link."""
    with meridian.entered("leader") as by:
        invitation = invitations.invite(
            meridian.state,
            email=email,
            name="Robin Newcomer",
            seat=Seat(Role.SPECIALIST, meridian.agencies["north"], (meridian.teams["north_one"],)),
            by=by,
        )
    link = str(heard[-1][1]["link"])
    return invitation, link.removeprefix("http://localhost:8000") if link.startswith(
        "http://localhost:8000"
    ) else ("/" + link.split("/", 3)[3])


@pytest.fixture
def link(meridian: StateCast, heard: Heard) -> str:
    return invited(meridian, heard)[1]


@pytest.mark.parametrize(
    ("persona", "role", "place", "allowed"),
    [
        ("admin", Role.STATE_TRAINER, "", True),
        ("admin", Role.STATE_ADMIN, "", True),
        ("admin", Role.OPERATOR, "", False),
        ("trainer", Role.REVIEWER, "", True),
        ("trainer", Role.STATE_ADMIN, "", False),
        ("leader", Role.SUPERVISOR, "north_one", True),
        ("leader", Role.SUPERVISOR, "south_one", False),
        ("leader", Role.AGENCY_LEADER, "north_one", False),
        ("supervisor", Role.SPECIALIST, "north_one", True),
        ("supervisor", Role.SPECIALIST, "north_two", False),
        ("specialist", Role.SPECIALIST, "north_one", False),
        ("vr_liaison", Role.REVIEWER, "", False),
        ("operator", Role.STATE_ADMIN, "", True),
        ("operator", Role.STATE_TRAINER, "", False),
    ],
)
def test_invite_gives_rights_below_the_own_and_inside_the_own_place(
    meridian: StateCast, heard: Heard, persona: str, role: Role, place: str, allowed: bool
) -> None:
    team = meridian.teams.get(place)
    agency = team.agency if team else None
    teams = (team,) if team and role is not Role.AGENCY_LEADER else ()
    with meridian.entered(persona) as by:
        if allowed:
            invitations.invite(
                meridian.state, email=EMAIL, name="Robin", seat=Seat(role, agency, teams), by=by
            )
        else:
            with refused(NotPermitted):
                invitations.invite(
                    meridian.state, email=EMAIL, name="Robin", seat=Seat(role, agency, teams), by=by
                )
    assert len(heard) == (1 if allowed else 0)


def test_invite_keeps_a_hash_and_no_token(meridian: StateCast, heard: Heard) -> None:
    invitation, path = invited(meridian, heard)
    token = path.split("/")[2]
    assert invitation.token_sha256 == invitations.hashed(token)
    assert token not in str(vars(invitation))


def test_invite_the_same_twice_points_to_the_list(meridian: StateCast, heard: Heard) -> None:
    invited(meridian, heard)
    with refused(Unacceptable, match="waiting for") as refusal:
        invited(meridian, heard, EMAIL.upper())
    assert refusal.value.field == "email"


def test_invite_oneself_or_who_is_there_is_refused(meridian: StateCast, heard: Heard) -> None:
    with refused(Unacceptable, match="your own address"):
        invited(meridian, heard, meridian.people["leader"].email)
    with refused(Unacceptable, match="holds this role there already"):
        invited(meridian, heard, meridian.people["specialist"].email)


def test_newcomer_makes_an_account_and_is_in(meridian: StateCast, link: str) -> None:
    client = Client()
    page = client.get(link)
    assert "Meridian Leader invites" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin", "no-referrer makes browsers send Origin: null: refused"
    answer = client.post(link, {"name": "Robin Newcomer", "password": LONG})
    assert (answer.status_code, answer["Location"]) == (302, "/meridian/")
    person = Person.objects.get(email=EMAIL)
    assert person.check_password(LONG)
    (actor,) = tenancy.actors_of(person.pk, meridian.state.pk)
    assert (actor.role, actor.team_ids) == (Role.SPECIALIST, {meridian.teams["north_one"].pk})
    assert client.get("/meridian/teams/north-one/").status_code == 200


def test_invitation_works_once(meridian: StateCast, link: str) -> None:
    Client().post(link, {"name": "Robin", "password": LONG})
    again = Client().post(link, {"name": "Mallory", "password": LONG})
    assert again.status_code == 409
    assert "used already" in again.content.decode()
    assert Person.objects.filter(email=EMAIL).count() == 1


def test_weak_passwords_are_refused_and_nothing_is_made(meridian: StateCast, link: str) -> None:
    for password in ("short", "password123456", EMAIL):
        assert Client().post(link, {"name": "Robin", "password": password}).status_code == 422
    assert not Person.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sent_at": timezone.now() - timedelta(days=8)}, "has expired"),
        ({"withdrawn_at": timezone.now()}, "was withdrawn"),
    ],
)
def test_a_dead_link_says_which_way_it_died(
    meridian: StateCast, link: str, change: dict[str, Any], words: str
) -> None:
    with meridian.entered("admin"):
        Invitation.objects.update(**change)
    for answer in (Client().get(link), Client().post(link, {"name": "Robin", "password": LONG})):
        assert answer.status_code == 409
        assert words in answer.content.decode()
    assert not Person.objects.filter(email=EMAIL).exists()


def test_an_unknown_link_tells_nothing(meridian: StateCast) -> None:
    answer = Client().get("/invitation/not-a-token/")
    assert answer.status_code == 404
    assert "Meridian" not in answer.content.decode()


def test_an_account_signs_in_first(meridian: StateCast, cast: Cast, heard: Heard) -> None:
    friend = cast.bayou.people["trainer"]
    _, path = invited(meridian, heard, friend.email)
    page = Client().get(path)
    assert "Sign in" in page.content.decode()
    assert (
        Client().post(path, {"name": "X", "password": LONG}).status_code == 200
    )  # no account is made or changed
    friend.refresh_from_db()
    assert friend.check_password(PASSWORD)
    answer = cast.bayou.seen_by("trainer").post(path)
    assert answer.status_code == 302
    assert tenancy.actors_of(friend.pk, meridian.state.pk)


def test_somebody_else_cannot_accept(meridian: StateCast, cast: Cast, link: str) -> None:
    for stranger in (cast.bayou.seen_by("admin"), meridian.seen_by("specialist")):
        for answer in (stranger.get(link), stranger.post(link)):
            assert answer.status_code == 403
            assert "for another address" in answer.content.decode()
            assert EMAIL not in answer.content.decode()
    with meridian.entered("admin"):
        assert Invitation.objects.get().accepted_at is None


def test_accept_refuses_another_address_by_itself(meridian: StateCast, heard: Heard) -> None:
    invitation, _ = invited(meridian, heard)
    with refused(NotPermitted, match="another address"):
        invitations.accept(invitation, person=meridian.people["specialist"])


def test_resend_makes_the_old_link_useless(meridian: StateCast, heard: Heard) -> None:
    invitation, old = invited(meridian, heard)
    with meridian.entered("leader") as by:
        invitations.resend(invitation, by=by)
    new = "/" + str(heard[-1][1]["link"]).split("/", 3)[3]
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_resend_and_withdraw_are_refused_to_the_neighbour(meridian: StateCast, heard: Heard) -> None:
    invitation, _ = invited(meridian, heard)
    for persona in ("other_leader", "sibling_supervisor", "specialist"):
        with meridian.entered(persona) as by:
            with refused(NotPermitted):
                invitations.resend(invitation, by=by)
            with refused(NotPermitted):
                invitations.withdraw(invitation, by=by)


def test_withdraw_twice_says_so(meridian: StateCast, heard: Heard) -> None:
    invitation, _ = invited(meridian, heard)
    with meridian.entered("leader") as by:
        invitations.withdraw(invitation, by=by)
        with refused(WrongStatus, match="was withdrawn"):
            invitations.withdraw(invitation, by=by)


def test_the_link_never_comes_from_the_host_header(meridian: StateCast, heard: Heard, settings: Any) -> None:
    settings.BASE_URL = "https://ips.example.gov"
    meridian.seen_by("leader").post(
        "/meridian/people/invite/",
        {"name": "Robin", "email": EMAIL, "role": "ES", "teams": [meridian.teams["north_one"].pk]},
        headers={"x-forwarded-host": "evil.example"},
    )
    assert str(heard[-1][1]["link"]).startswith("https://ips.example.gov/invitation/")


def test_accepting_a_seat_one_has_adds_the_team(meridian: StateCast, heard: Heard) -> None:
    invitation, _ = invited(meridian, heard)
    person = Person.objects.create_user(EMAIL, LONG, name="Robin")
    first = invitations.accept(invitation, person=person)
    with meridian.entered("admin"):
        assert Membership.objects.filter(person=person).count() == 1
        assert first.teams.count() == 1


def test_an_invitation_ends_with_the_right_of_who_sent_it(meridian: StateCast, heard: Heard) -> None:
    invitation, link = invited(meridian, heard)
    with meridian.entered("admin") as by:
        people.remove(
            Membership.objects.select_related("person").get(pk=meridian.memberships["leader"].pk),
            reason="Left.",
            by=by,
        )
    form = {"name": "Robin", "password": LONG}
    answer = Client().post(link, form)
    assert answer.status_code == 409
    assert "may no longer give this role" in answer.content.decode()
    assert not Person.objects.filter(email=EMAIL).exists()
    with meridian.entered("admin") as by:
        invitations.resend(invitation, by=by)  # the admin stands for it now
    again = "/" + str(heard[-1][1]["link"]).split("/", 3)[3]
    assert Client().post(again, form).status_code == 302


def test_the_longest_address_and_name_can_join(meridian: StateCast) -> None:
    """With the listeners of the full portal: the message to who invited is stored too."""
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 56}.example"
    with meridian.entered("admin") as by:
        invitation = invitations.invite(
            meridian.state, email=email, name="x" * 120, seat=Seat(Role.STATE_TRAINER), by=by
        )
    invitations.join(invitation, name="y" * 120, password=LONG)
    with tenancy.as_system(meridian.state.pk):
        assert Membership.objects.filter(person__email=email).exists()
