"""The second wall alone: what the database lets each role write when no action stands before it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from agencies.models import (
    Agency,
    Assignment,
    Invitation,
    Membership,
    MembershipTeam,
    PayerContract,
    StatePolicy,
    Team,
    TeamPartner,
)
from agencies.permissions import Role
from tests.cast import STARTED, StateCast

Deed = Callable[[StateCast, str], Any]


def own(cast: StateCast, persona: str) -> dict[str, Any]:
    return {"state": cast.state, "membership": cast.memberships[persona]}


def becomes_admin(cast: StateCast, persona: str) -> Any:
    return Membership.objects.filter(pk=cast.memberships[persona].pk).update(role=Role.STATE_ADMIN)


def makes_a_colleague_admin(cast: StateCast, persona: str) -> Any:
    return Membership.objects.filter(pk=cast.memberships["specialist"].pk).update(role=Role.STATE_ADMIN)


def joins_a_team(cast: StateCast, persona: str) -> Any:
    return MembershipTeam.objects.create(**own(cast, persona), team=cast.teams["south_two"])


def is_assigned_to_a_team(cast: StateCast, persona: str) -> Any:
    person = cast.people[persona]
    team = cast.teams["south_two"]
    return Assignment.objects.create(
        **own(cast, persona), person=person, team=team, purpose="reviewer", starts_on=STARTED
    )


def is_invited_as_leader(cast: StateCast, persona: str) -> Any:
    return Invitation.objects.create(
        state=cast.state,
        email="me@elsewhere.example",
        name="Me",
        role=Role.AGENCY_LEADER,
        agency=cast.agencies["north"],
        token_sha256=persona,
        invited_by=cast.people[persona],
    )


def opens_an_agency_to_the_payer(cast: StateCast, persona: str) -> Any:
    assert cast.payer
    agency = cast.agencies["north"]
    return PayerContract.objects.create(state=cast.state, payer=cast.payer, agency=agency, starts_on=STARTED)


def opens_a_team_to_another_agency(cast: StateCast, persona: str) -> Any:
    return TeamPartner.objects.create(
        state=cast.state, team=cast.teams["north_one"], agency=cast.agencies["south"]
    )


def renames_a_team(cast: StateCast, persona: str) -> Any:
    return Team.objects.filter(pk=cast.teams["south_one"].pk).update(name="Planted")


def renames_an_agency(cast: StateCast, persona: str) -> Any:
    return Agency.objects.filter(pk=cast.agencies["north"].pk).update(name="Planted")


def lets_one_person_issue(cast: StateCast, persona: str) -> Any:
    return StatePolicy.objects.create(
        state=cast.state, subject="fidelity", name="Planted", effective_from=STARTED
    )


INSIDERS = ("leader", "supervisor", "specialist")
GUESTS = ("stakeholder", "reviewer", "payer", "operator")


@pytest.mark.parametrize(
    ("deed", "persona"),
    [
        *((becomes_admin, persona) for persona in (*INSIDERS, *GUESTS)),
        *((makes_a_colleague_admin, persona) for persona in (*INSIDERS, *GUESTS)),
        *((joins_a_team, persona) for persona in (*INSIDERS, *GUESTS)),
        *((is_assigned_to_a_team, persona) for persona in (*INSIDERS, *GUESTS)),
        *((is_invited_as_leader, persona) for persona in (*INSIDERS, *GUESTS)),
        *((opens_an_agency_to_the_payer, persona) for persona in (*INSIDERS, *GUESTS)),
        *((opens_a_team_to_another_agency, persona) for persona in (*INSIDERS, *GUESTS)),
        *((renames_a_team, persona) for persona in (*INSIDERS, *GUESTS)),
        *((renames_an_agency, persona) for persona in ("specialist", *GUESTS)),
        *((lets_one_person_issue, persona) for persona in (*INSIDERS, *GUESTS)),
    ],
)
def test_nobody_raises_their_own_rights_in_the_database(
    meridian: StateCast, deed: Deed, persona: str
) -> None:
    changed = 0
    with (
        meridian.entered(persona),
        suppress(ProgrammingError),  # what row-level security refuses outright; it passes over other rows
        transaction.atomic(),
    ):
        changed = deed(meridian, persona)
    assert changed == 0


@pytest.mark.parametrize(
    "deed",
    [
        becomes_admin,
        makes_a_colleague_admin,
        joins_a_team,
        is_assigned_to_a_team,
        is_invited_as_leader,
        opens_an_agency_to_the_payer,
        opens_a_team_to_another_agency,
        renames_a_team,
        renames_an_agency,
        lets_one_person_issue,
    ],
)
def test_the_same_deeds_are_possible_at_all(meridian: StateCast, deed: Deed) -> None:
    """Those who see the whole state pass this wall; what they may do is for the actions to say."""
    with meridian.entered("admin"):
        assert deed(meridian, "admin")
