"""Billing rules that a gate decides: small ones, from today on."""

from typing import TYPE_CHECKING, Any

from funding.actions import billing

if TYPE_CHECKING:
    from tests.architecture.world import World

RULES = """
key: small
name: Small rules
source: A letter of the state office
dated: '2026-01-05'
fallback: The state pays the rest.
once: {id: S0, reason: One payer for one service.}
payers:
- {key: vr, name: Vocational rehabilitation}
- {key: cs, name: Medicaid}
activities:
- {key: profile, name: Career profile, group: Services}
facts:
- {key: plan, question: 'Is there a plan?', kind: yes_no, default: yes}
rules:
- id: S1
  activities: [profile]
  payers: [vr]
  when: {plan: [yes]}
  verdict: yes
  reason: The plan says so.
- id: S2
  activities: [profile]
  payers: [vr]
  when: {plan: [no]}
  verdict: no
  reason: There is no plan.
examples:
- {activity: profile, story: It is planned., expect: {vr: yes}}
- {activity: profile, story: It is not planned., facts: {plan: no}, expect: {vr: no}}
"""
TYPED = {"text": RULES}


def sent(world: "World") -> dict[str, Any]:
    return {"effective_from": world.cast.meridian.state.today().isoformat(), "text": RULES}


def read(world: "World") -> dict[str, Any]:
    """With the mark of what the rules would change."""
    state = world.cast.meridian.state
    with world.cast.meridian.entered("admin") as by:
        found = billing.consider(state, effective_from=state.today(), text=RULES, by=by)
    return sent(world) | {"version": found.mark}
