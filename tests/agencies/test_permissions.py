"""The permission table, read and answered without a database."""

import csv
from collections import Counter

import pytest

from agencies.permissions import (
    ACTIONS,
    TABLE,
    Actor,
    Place,
    Resource,
    Role,
    grantable,
    may,
    require,
    roles_that_may,
    table,
)
from agencies.refusals import NotPermitted

STATE, OTHER_STATE = 1, 2
OWN, SIBLING, ELSEWHERE = 10, 11, 20  # teams
AGENCY, OTHER_AGENCY = 100, 200


def actor(role: Role, **reach: frozenset[int]) -> Actor:
    return Actor(state_id=STATE, role=role, person_id=7, membership_id=70, **reach)


SUPERVISOR = actor(Role.SUPERVISOR, agency_ids=frozenset({AGENCY}), team_ids=frozenset({OWN}))
LEADER = actor(Role.AGENCY_LEADER, agency_ids=frozenset({AGENCY}), team_ids=frozenset({OWN, SIBLING}))
PAYER = actor(Role.PAYER, assigned_agency_ids=frozenset({OTHER_AGENCY}))

own_team = Place(STATE, frozenset({AGENCY}), OWN)
sibling_team = Place(STATE, frozenset({AGENCY}), SIBLING)
other_team = Place(STATE, frozenset({OTHER_AGENCY}), ELSEWHERE)
foreign_team = Place(OTHER_STATE, frozenset({AGENCY}), OWN)  # even where the numbers are the same


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_table_is_whole() -> None:
    cells = Counter((row["resource"], row["role"], row["action"]) for row in rows())
    assert set(cells.values()) == {1}
    assert len(cells) == 28 * len(Role) * len(ACTIONS)
    assert {row["role"] for row in rows()} == {role.value for role in Role}
    assert {resource.value for resource in Resource} <= {row["resource"] for row in rows()}


def test_a_cell_that_is_not_granted_is_refused_everywhere() -> None:
    for row in rows():
        if row["scope"] == "deny" and row["resource"] in set(Resource):
            decision = may(actor(Role(row["role"])), row["action"], Resource(row["resource"]), own_team)
            assert not decision, row


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])  # who opens states
def test_no_role_reaches_into_another_state(role: Role) -> None:
    everywhere = frozenset({AGENCY, OTHER_AGENCY})
    teams = frozenset({OWN, SIBLING, ELSEWHERE})
    powerful = actor(
        role, agency_ids=everywhere, team_ids=teams, assigned_agency_ids=everywhere, assigned_team_ids=teams
    )
    for resource in Resource:
        for action in ACTIONS:
            if table().get((resource, role, action)) != "p":
                assert not may(powerful, action, resource, foreign_team)


@pytest.mark.parametrize(
    ("who", "action", "resource", "place", "allowed"),
    [
        (SUPERVISOR, "view", Resource.TEAM, own_team, True),
        (SUPERVISOR, "view", Resource.TEAM, sibling_team, True),
        (SUPERVISOR, "view", Resource.TEAM, other_team, False),
        (SUPERVISOR, "edit", Resource.TEAM, own_team, True),
        (SUPERVISOR, "edit", Resource.TEAM, sibling_team, False),
        (SUPERVISOR, "create", Resource.REVIEW, own_team, True),
        (SUPERVISOR, "create", Resource.REVIEW, sibling_team, False),
        (SUPERVISOR, "approve", Resource.FINAL_REPORT, own_team, False),
        (LEADER, "edit", Resource.ACTION_PLAN, sibling_team, True),
        (LEADER, "edit", Resource.ACTION_PLAN, other_team, False),
        (PAYER, "view", Resource.FINAL_REPORT, other_team, True),
        (PAYER, "view", Resource.FINAL_REPORT, own_team, False),
        (actor(Role.STATE_ADMIN), "view", Resource.RATINGS, own_team, False),
        (actor(Role.STATE_TRAINER), "approve", Resource.FINAL_REPORT, other_team, True),
    ],
)
def test_scopes_reach_what_they_say(
    who: Actor, action: str, resource: Resource, place: Place, allowed: bool
) -> None:
    assert bool(may(who, action, resource, place)) is allowed


def test_own_records_are_those_the_person_made_or_that_are_about_them() -> None:
    mine = Place(STATE, frozenset({OTHER_AGENCY}), ELSEWHERE, frozenset({7}))
    reviewer = actor(Role.REVIEWER)
    assert may(reviewer, "edit", Resource.RATINGS, mine)
    assert not may(reviewer, "edit", Resource.RATINGS, other_team)


def test_name_only_editing_stays_inside_what_the_role_may_view() -> None:
    own, other = Place(STATE, frozenset({AGENCY})), Place(STATE, frozenset({OTHER_AGENCY}))
    assert may(LEADER, "edit", Resource.AGENCY, own).names_only
    assert not may(LEADER, "edit", Resource.AGENCY, other)


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(SUPERVISOR, "approve", Resource.FINAL_REPORT, own_team)
    assert "State admin and State trainer" in refusal.value.message
    assert "IPS supervisor" in refusal.value.message
    assert "Nothing was changed" in refusal.value.message


def test_nobody_grants_the_operator_or_a_right_above_their_own() -> None:
    for role in Role:
        given = grantable(actor(role))
        if role is not Role.OPERATOR:
            assert Role.OPERATOR not in given
        if role not in (Role.STATE_ADMIN, Role.OPERATOR):
            assert Role.STATE_ADMIN not in given
            assert role not in given or role is Role.STATE_TRAINER


def test_roles_that_may_come_from_the_table() -> None:
    assert roles_that_may("approve", Resource.FINAL_REPORT) == [Role.STATE_ADMIN, Role.STATE_TRAINER]
