"""Which policy of a state holds for a quarter, and which measures its teams report."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agencies.models import StatePolicy
from agencies.models.states import policy_data
from ips_portal.quarters import Quarter
from outcomes.measures import Measure, edition
from outcomes.policy import JobDefinition, OutcomesPolicy, state_policy


def policy_on(state_id: int, day: date) -> OutcomesPolicy:
    """What the state states, over the national default."""
    return state_policy(policy_data(state_id, StatePolicy.Subject.OUTCOMES, day))


def policy_of(state_id: int, quarter: Quarter) -> OutcomesPolicy:
    """The one policy a whole quarter is reported under: that of its last day."""
    return policy_on(state_id, quarter.ends_on)


def measures_of(policy: OutcomesPolicy) -> tuple[Measure, ...]:
    return edition(policy.measures).chosen(policy.optional)


def measures_kept(definition: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The measures a submitted revision was entered under."""
    return edition(definition["measures"]).chosen(tuple(definition["optional"]))


def job_kept(definition: Mapping[str, Any]) -> JobDefinition:
    return JobDefinition(**definition["job"])
