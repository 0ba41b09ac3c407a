"""Which policy of a state holds for a quarter, and which measures its teams report."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from agencies.models import StatePolicy
from agencies.models.states import Stated, policy_data
from ips_portal.quarters import Quarter
from outcomes.measures import Measure, edition
from outcomes.need import Estimate
from outcomes.policy import JobDefinition, OutcomesPolicy, state_policy


def policy_on(state_id: int, day: date) -> OutcomesPolicy:
    """What the state states, over the national default."""
    return state_policy(policy_data(state_id, StatePolicy.Subject.OUTCOMES, day))


def policy_of(state_id: int, quarter: Quarter) -> OutcomesPolicy:
    """The one policy a whole quarter is reported under: that of its last day."""
    return policy_on(state_id, quarter.ends_on)


def policy_for(stated: Stated, quarter: Quarter) -> OutcomesPolicy:
    """`policy_of`, of what was read already."""
    return state_policy(stated.data(StatePolicy.Subject.OUTCOMES, quarter.ends_on))


def policies_of(state_id: int, quarters: Collection[Quarter]) -> dict[Quarter, OutcomesPolicy]:
    """`policy_of` for many quarters in one query."""
    rows = StatePolicy.objects.in_state(state_id).filter(subject=StatePolicy.Subject.OUTCOMES)
    decided = sorted(rows, key=lambda row: row.effective_from)
    found = {}
    for quarter in quarters:
        stated = [row.data for row in decided if row.effective_from <= quarter.ends_on]
        found[quarter] = state_policy(stated[-1] if stated else {})
    return found


def eligible_on(state_id: int, day: date) -> Estimate | None:
    """How many people were eligible for IPS, as last recorded by the day."""
    row = StatePolicy.objects.in_state(state_id).in_force(StatePolicy.Subject.NEED, day).first()
    return estimate_of(row)


def eligible_in(stated: Stated, day: date) -> Estimate | None:
    """`eligible_on`, of what was read already."""
    return estimate_of(stated.on(StatePolicy.Subject.NEED, day))


def estimate_of(row: StatePolicy | None) -> Estimate | None:
    return Estimate.stated(row.data, row.effective_from, row.source) if row else None


def measures_of(policy: OutcomesPolicy, level: str = "team") -> tuple[Measure, ...]:
    """What each team reports, or each agency once for all its teams."""
    chosen = edition(policy.measures).chosen(policy.optional)
    return tuple(measure for measure in chosen if measure.level == level)


def measures_kept(definition: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The measures a submitted revision was entered under."""
    chosen = edition(definition["measures"]).chosen(tuple(definition["optional"]))
    return tuple(measure for measure in chosen if measure.level == "team")


def job_kept(definition: Mapping[str, Any]) -> JobDefinition:
    return JobDefinition(**definition["job"])
