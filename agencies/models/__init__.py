"""Who: states, agencies, teams, people, what each may reach, and the history of every change."""

from agencies.models.history import Change, Seal
from agencies.models.organizations import (
    Agency,
    Payer,
    PayerContract,
    Team,
    TeamPartner,
    TeamPopulation,
)
from agencies.models.people import Assignment, Invitation, Membership, MembershipTeam, Person
from agencies.models.sign_ins import FailedSignIn
from agencies.models.states import Population, State, StatePolicy
from agencies.models.tokens import ApiToken

__all__ = [
    "Agency",
    "ApiToken",
    "Assignment",
    "Change",
    "FailedSignIn",
    "Invitation",
    "Membership",
    "MembershipTeam",
    "Payer",
    "PayerContract",
    "Person",
    "Population",
    "Seal",
    "State",
    "StatePolicy",
    "Team",
    "TeamPartner",
    "TeamPopulation",
]
