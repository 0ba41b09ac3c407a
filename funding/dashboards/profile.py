"""How money for IPS works in a state, as its page shows it."""

from dataclasses import dataclass
from datetime import date

from agencies.models import StatePolicy
from funding.in_force import FUNDING
from funding.policy import NUMBERS, TEXTS, VR_MODELS, VR_PAYMENTS, Profile, profile

WORDS = {"vr_model": dict(VR_MODELS), "vr_payment": dict(VR_PAYMENTS)}


@dataclass(frozen=True)
class Shown:
    """`row` is what is in force, None where the state has stated nothing; `others` begin later or are over."""

    row: StatePolicy | None
    others: tuple[StatePolicy, ...]
    facts: tuple[tuple[str, str], ...]
    obligations: tuple[str, ...]


def shown(state_id: int, day: date) -> Shown:
    rows = list(StatePolicy.objects.in_state(state_id).filter(subject=FUNDING).order_by("-effective_from"))
    row = next((each for each in rows if each.effective_from <= day), None)
    stated = profile(row.data if row else {})
    others = tuple(each for each in rows if each is not row)
    return Shown(row, others, tuple(facts(stated)), stated.obligations)


def facts(stated: Profile) -> list[tuple[str, str]]:
    told = [
        ("Vocational Rehabilitation", WORDS["vr_model"][stated.vr_model]),
        ("How it pays", WORDS["vr_payment"][stated.vr_payment]),
    ]
    told += [(label, getattr(stated, name) or "Not said") for name, label in TEXTS.items()]
    return told + [(label, str(getattr(stated.limits, name))) for name, label in NUMBERS.items()]
