"""What a practice state asks of quarterly outcomes, from which day on."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from agencies.models import StatePolicy
from ips_portal.practice.places import Land
from ips_portal.quarters import Quarter
from outcomes.in_force import measures_of
from outcomes.measures import Measure
from outcomes.policy import OutcomesPolicy, state_policy

EXCEPTION = "same_person_may_accept"


@dataclass(frozen=True)
class Asked:
    """A state's rules by the day they began, oldest first."""

    rules: tuple[tuple[date, OutcomesPolicy], ...]

    def of(self, quarter: Quarter) -> OutcomesPolicy:
        """The one a whole quarter is reported under; before the state stated anything, the national default."""
        begun = [policy for since, policy in self.rules if since <= quarter.ends_on]
        return begun[-1] if begun else _national()

    def measures(self, quarter: Quarter) -> tuple[Measure, ...]:
        return _measures(self.of(quarter))

    def definition(self, quarter: Quarter) -> dict[str, Any]:
        return _definition(self.of(quarter))


def ask(land: Land) -> Asked:
    """The rule the state began with, and in a state of one trainer a written exception from its own day on."""
    name = f"{land.world.name} outcomes policy"
    about = "Practice policy: the national default, and what the state itself decided."
    first = {**land.world.outcomes, "name": name}
    dated = [(land.state.started_on, first, about)]
    if land.world.lead_may_issue:
        decided = land.ago(5).replace(day=1)
        excepted = {
            "allowed_until": (land.today + timedelta(days=180)).isoformat(),
            "reason": "One person at the state enters figures for a team without a supervisor and accepts reports. "
            "Written decision of the state IPS team; it ends when a second trainer is hired.",
        }
        why = f"{about} With the exception decided on {decided:%B %-d, %Y}."
        dated.append((decided, {**first, EXCEPTION: excepted}, why))
    for day, data, source in dated:
        subject = StatePolicy.Subject.OUTCOMES
        land.rows.add(
            StatePolicy(
                state=land.state, subject=subject, name=name, effective_from=day, data=data, source=source
            )
        )
    if land.world.need:
        record_need(land)
    return Asked(tuple((day, state_policy(data)) for day, data, _ in dated))


def record_need(land: Land) -> None:
    land.rows.add(
        StatePolicy(
            state=land.state,
            subject=StatePolicy.Subject.NEED,
            name="People eligible for IPS",
            effective_from=land.state.started_on,
            data=dict(land.world.need),
            source="Practice estimate of the state's mental health authority.",
        )
    )


@cache
def _national() -> OutcomesPolicy:
    return state_policy({})


@cache
def _measures(policy: OutcomesPolicy) -> tuple[Measure, ...]:
    return measures_of(policy)


@cache
def _definition(policy: OutcomesPolicy) -> dict[str, Any]:
    return policy.definition()
