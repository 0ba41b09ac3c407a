"""How money for IPS works in a state, and what its programs must offer: dated data, with what nobody has said blank.

Source: domain reference 4.5 (fields of the state profile), 9.10 to 9.13 (where states differ).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from funding.coverage import Limits

VR_MODELS = (
    ("", "Not said"),
    ("partner", "Core partner and payer"),
    ("excluded_payer", "Pays nothing of IPS; that it is not available is documented first"),
    ("optional", "Works along, and is not essential"),
)
VR_PAYMENTS = (
    ("", "Not said"),
    ("milestone", "By milestone"),
    ("fee", "Fee for service"),
    ("contract", "Yearly contract"),
    ("mixed", "In several ways"),
)
TEXTS = {
    "medicaid_eligibility": "Who is eligible for Medicaid",
    "service_definitions": "Medicaid services that fit IPS",
    "qualified_providers": "Who may provide them",
    "vr_process": "How counselors open and close cases",
    "vr_provider": "How an agency becomes a provider of Vocational Rehabilitation, such as by accreditation",
    "county": "What counties decide and pay",
    "managed_care": "What managed care does",
    "served": "Who may be served",
}
NUMBERS = {
    "support_days": "Days a job is supported on average",
    "closes_after_days": "Days after which Vocational Rehabilitation closes a case",
    "share_percent": "Share of phases one payer may carry alone, in percent",
    "expiring_months": "Months before its end when money is shown as ending",
    "stale_months": "Months after which what a cell says is asked again",
}


@dataclass(frozen=True)
class Reference:
    """A statute, a manual, a handout or a tool; without an address it is a citation."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Profile:
    """`obligations` are what the state asks of every program, such as offering IPS all the time."""

    vr_model: str = ""
    vr_payment: str = ""
    medicaid_eligibility: str = ""
    service_definitions: str = ""
    qualified_providers: str = ""
    vr_process: str = ""
    vr_provider: str = ""
    county: str = ""
    managed_care: str = ""
    served: str = ""
    obligations: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    limits: Limits = field(default_factory=Limits)


def profile(data: Mapping[str, Any]) -> Profile:
    """What a state has stated, over nothing said and the usual limits."""
    words = {each.name: data[each.name] for each in fields(Profile) if each.name in data}
    limits = Limits(**data.get("limits", {}))
    rows = {
        "obligations": tuple(data.get("obligations", ())),
        "references": tuple(Reference(*each) for each in data.get("references", ())),
    }
    return Profile(**words | rows | {"limits": limits})


def as_data(stated: Profile) -> dict[str, Any]:
    """As it is stored; what is not said is left out."""
    words = {name: getattr(stated, name) for name in ("vr_model", "vr_payment", *TEXTS)}
    told: dict[str, Any] = {name: text for name, text in words.items() if text}
    if stated.obligations:
        told["obligations"] = list(stated.obligations)
    if stated.references:
        told["references"] = [[each.title, each.url] for each in stated.references]
    usual = Limits()
    limits = {name: getattr(stated.limits, name) for name in NUMBERS}
    own = {name: value for name, value in limits.items() if value != getattr(usual, name)}
    return told | ({"limits": own} if own else {})
