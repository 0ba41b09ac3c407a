"""What other rules would change: every team of the state, judged twice by the same pure function."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from agencies.models import State, Team
from agencies.permissions import Actor
from fidelity.dashboards.standing import listed
from fidelity.histories import Histories, dated_policies, histories, in_force_by, with_scales
from fidelity.lifecycle import Policies, Standing, standing_of
from fidelity.lifecycle.months import written
from fidelity.policy import FidelityPolicy, state_policy
from fidelity.policy_fields import BY_PATH


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    team: Team
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class WhatIf:
    """Rules as they would be stated, the values they take the place of, and their effect.

    `on` is the day the two are compared on: today, or the first day of rules that begin later.
    """

    document: Mapping[str, Any]
    replaced: Mapping[str, Any]
    effective_from: date
    on: date
    changed: tuple[Changed, ...]
    teams: int
    reports: Difference | None = None  # what is asked of drafts before they go out

    @property
    def mark(self) -> str:
        """What was read, so that nobody decides what they have not seen; it changes with rules decided meanwhile."""
        told = [(line.team.pk, line.differences) for line in self.changed]
        seen = (self.effective_from, self.on, told, self.teams, self.reports)
        rules = json.dumps([self.document, self.replaced], sort_keys=True, default=str)
        return sha256(f"{rules}{seen!r}".encode()).hexdigest()


def what_if(tenant: State, actor: Actor, *, document: Mapping[str, Any], effective_from: date) -> WhatIf:
    dated = dated_policies(tenant.pk)
    others = [(day, policy) for day, policy in dated if day != effective_from]
    new = [*others, *with_scales(((effective_from, state_policy(document)),), tenant.pk)]
    new.sort(key=lambda row: row[0], reverse=True)
    on = max(tenant.today(), effective_from)
    before, after = in_force_by(dated), in_force_by(tuple(new))
    teams = [team for team in listed(actor) if team.ended_on is None or team.ended_on > on]
    found = compared(teams, histories(teams, tenant), before=before, after=after, on=on)
    return WhatIf(
        document=document,
        replaced=before(effective_from).values,
        effective_from=effective_from,
        on=on,
        changed=tuple(found),
        teams=len(teams),
        reports=drafts(before(on), after(on)),
    )


def as_json(effect: WhatIf) -> dict[str, Any]:
    """As programs read it."""
    return {
        "on": effect.on,
        "teams": effect.teams,
        "changed": [
            {
                "team": {"slug": line.team.slug, "name": line.team.name},
                "differences": [asdict(each) for each in line.differences],
            }
            for line in effect.changed
        ],
        "reports": asdict(effect.reports) if effect.reports else None,
        "version": effect.mark,
    }


def drafts(now: FidelityPolicy, then: FidelityPolicy) -> Difference | None:
    """No team stands elsewhere by it, so it is told beside the list of teams."""
    if now.moderation == then.moderation:
        return None
    words = BY_PATH["moderation"].words
    return Difference(BY_PATH["moderation"].label, words(now.moderation), words(then.moderation))


def compared(
    teams: Collection[Team], found: Histories, *, before: Policies, after: Policies, on: date
) -> Iterator[Changed]:
    for team in teams:
        now = standing_of(found[team.pk], policies=before, today=on)
        then = standing_of(found[team.pk], policies=after, today=on)
        if told := tuple(differences(now, then)):
            yield Changed(team, told)


def differences(now: Standing, then: Standing) -> Iterator[Difference]:
    pairs = {
        "Standing": (now.name, then.name),
        "New referrals": (referrals(now), referrals(then)),
        "Next review": (due(now), due(then)),
        "Action plan": (plan(now), plan(then)),
        "To decide": (asked(now), asked(then)),
    }
    for label, (before, after) in pairs.items():
        if before != after:
            yield Difference(label, before, after)


def referrals(standing: Standing) -> str:
    return "open" if standing.accepts_new else "not open"


def due(standing: Standing) -> str:
    if standing.next_due is None:
        return "no date"
    return f"{written(standing.next_due)}{', overdue' if standing.is_overdue else ''}"


def plan(standing: Standing) -> str:
    return f"due by {written(standing.plan.due_on)}" if standing.plan else "none is due"


def asked(standing: Standing) -> str:
    return " ".join(ask.sentence for ask in standing.asks) or "nothing"
