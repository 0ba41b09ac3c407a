"""How money for IPS works in a state, as its page shows it."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from agencies.models import State, StatePolicy
from funding.coverage import gaps
from funding.dashboards.gaps import Titled
from funding.dashboards.plan import read
from funding.dashboards.scenarios import told
from funding.in_force import FUNDING, stated_on
from funding.models import FundingPlan
from funding.policy import NUMBERS, TEXTS, VR_MODELS, VR_PAYMENTS, Profile, Reference, profile
from funding.scenarios import between

WORDS = {"vr_model": dict(VR_MODELS), "vr_payment": dict(VR_PAYMENTS)}


@dataclass(frozen=True)
class Shown:
    """`row` is what is in force, None where the state has stated nothing; `others` begin later or are over."""

    row: StatePolicy | None
    others: tuple[StatePolicy, ...]
    facts: tuple[tuple[str, str], ...]
    obligations: tuple[str, ...]
    references: tuple[Reference, ...]


def shown(state_id: int, day: date) -> Shown:
    rows = list(StatePolicy.objects.in_state(state_id).filter(subject=FUNDING).order_by("-effective_from"))
    row = next((each for each in rows if each.effective_from <= day), None)
    stated = profile(row.data if row else {})
    others = tuple(each for each in rows if each is not row)
    return Shown(row, others, tuple(facts(stated)), stated.obligations, stated.references)


def facts(stated: Profile) -> list[tuple[str, str]]:
    told = [
        ("Vocational Rehabilitation", WORDS["vr_model"][stated.vr_model]),
        ("How it pays", WORDS["vr_payment"][stated.vr_payment]),
    ]
    told += [(label, getattr(stated, name) or "Not said") for name, label in TEXTS.items()]
    return told + [(label, str(getattr(stated.limits, name))) for name, label in NUMBERS.items()]


@dataclass(frozen=True)
class Effect:
    """Which gaps of the state's own plan other numbers would close and open."""

    plan: FundingPlan
    changes: tuple[tuple[str, list[Titled]], ...]
    mark: str


def effect(tenant: State, stated: Profile, day: date) -> Effect | None:
    """None where no gap comes or goes: the numbers stay as they are on that day, or no plan is counted with them."""
    before = stated_on(tenant.pk, day)
    plan = FundingPlan.objects.in_state(tenant.pk).open().filter(agency=None, region="").first()
    if before.limits == stated.limits or plan is None:
        return None
    grid = read(plan).grid
    found = between(gaps(grid, day, before.limits), gaps(grid, day, stated.limits))
    if not (found.closed or found.opened):
        return None
    mark = sha256(repr((before.limits, stated.limits, day, found)).encode()).hexdigest()
    return Effect(plan, tuple(told(found)[:2]), mark)
