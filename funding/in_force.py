"""What a state states about money on a day: its billing rules, and how money for IPS works there."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from agencies.models import StatePolicy
from agencies.models.states import policy_data
from funding.guidance import RuleSet, parse
from funding.policy import Profile, profile

BILLING = StatePolicy.Subject.BILLING
FUNDING = StatePolicy.Subject.FUNDING


def stated_on(state_id: int, day: date) -> Profile:
    """How money for IPS works in the state on a day."""
    return profile(policy_data(state_id, FUNDING, day))


@dataclass(frozen=True)
class DatedRules:
    """Rules of a state and the row they are stored in."""

    row: StatePolicy
    rules: RuleSet

    @property
    def key(self) -> str:
        """What an address names them by: of a subject one policy begins on a day."""
        return self.row.effective_from.isoformat()


def dated_billing(state_id: int) -> tuple[DatedRules, ...]:
    """Newest first, with those that are not in force yet. One query."""
    rows = StatePolicy.objects.in_state(state_id).filter(subject=BILLING).order_by("-effective_from")
    return tuple(dated(row) for row in rows)


def billing_on(state_id: int, day: date) -> DatedRules | None:
    row = StatePolicy.objects.in_state(state_id).in_force(BILLING, day).first()
    return dated(row) if row else None


def holding(rules: tuple[DatedRules, ...], day: date) -> DatedRules | None:
    """`billing_on`, of what was read already."""
    return next((each for each in rules if each.row.effective_from <= day), None)


def dated(row: StatePolicy) -> DatedRules:
    return DatedRules(row, _parsed(json.dumps(row.data)))


@lru_cache(maxsize=64)
def _parsed(text: str) -> RuleSet:
    """The same text is the same rules, so it is parsed once in a process."""
    return parse(json.loads(text))
