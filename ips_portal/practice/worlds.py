"""The four practice states as data: their rules, words, colors, payers and how their teams fare.

Fictional states with the rules of real ones; sizes after the domain reference, section 8.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from fidelity.models import Review

EXTERNAL, GUIDED, SELF = Review.Kind.EXTERNAL.value, Review.Kind.GUIDED_SELF.value, Review.Kind.SELF.value
ANSWERING, CONSENSUS, DRAFT, HANDED_OVER, MODERATION, RATING, SCHEDULED, SELF_RATING = (
    "answering",
    "consensus",
    "draft",
    "handed_over",
    "moderation",
    "rating",
    "scheduled",
    "self_rating",
)
# How far the correction of a team's last report has come.
CORRECTED, IN_CORRECTION = "corrected", "in_correction"

AGES = (5.0, 8, 11, 14, 18, 22, 27, 33, 38, 43, 49, 56, 64, 75, 90)  # months since teams began
THREE_YEARS = timedelta(days=3 * 365 + 20)


@dataclass(frozen=True)
class Story:
    """What is wanted of one team; what stays open is drawn.

    `last` is how many days ago its last review was, `live` what is going on there now.
    """

    age: float | None = None  # months since implementation began
    last: int | None = None
    live: str = ""
    totals: tuple[int, ...] = ()
    closed: bool = False
    correction: str = ""
    has_imports: bool = False  # its reviews of the time before those that were held in the portal


@dataclass(frozen=True)
class World:
    slug: str
    name: str
    program: str
    zone: str
    colors: tuple[str, str, str]  # header, text on it, accent
    policy: str  # the shipped rules it follows
    billing: str  # the shipped billing rules it follows
    years: float  # since the state began
    teams: tuple[int, ...]  # teams of each open agency
    positions: int  # specialists, full-time equivalents
    trainers: int
    agency_kinds: tuple[str, ...]
    regions: tuple[str, ...]
    payers: tuple[tuple[str, str], ...]
    departments: tuple[str, ...]
    populations: tuple[str, ...]
    stories: tuple[Story, ...]  # of the first teams; the others are drawn
    words: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = (EXTERNAL,)  # of its official reviews
    partners: int = 0
    adapted_scale: bool = False
    lead_may_issue: bool = False
    answer_days: int = 0  # in which agencies may correct a draft, decided last week
    tried_moderation: bool = False  # for two weeks some time ago
    approver: str = ""  # of action plans, where no shipped policy names one
    has_operator: bool = False
    closed_agency: bool = False
    ages: tuple[float, ...] = AGES
    span: timedelta = THREE_YEARS  # how far back its reviews go
    towns: tuple[str, ...] = ()  # where its agencies are, if not in those of names.yaml
    luck: str = ""  # other luck, other rows
    outcomes: Mapping[str, Any] = field(default_factory=dict)  # what it states on quarterly outcomes
    need: Mapping[str, int] = field(
        default_factory=dict
    )  # people eligible for IPS and residents, if recorded
    quarters: int = 8  # that its teams have reported
    recalled: int = 80  # quarters back, whose reports have their notes on warnings and their history
    shares_in_full: bool = False  # its programs have signed that they tell each other everything
    part_time: float = 0.0  # share of positions that are half ones

    @property
    def stretch(self) -> float:
        """How much longer people have been there than in three years of reviews."""
        return self.span / THREE_YEARS


# Measures the largest practice state collects beyond the national default.
MANY_MEASURES: tuple[str, ...] = ("new_enrollees", "vacant_fte", "specialists_left", "new_job_starters")
MANY_MEASURES += ("avg_hourly_wage", "avg_weekly_hours", "vr_open", "vr_closures", "closed_successful_vr")
MANY_MEASURES += ("referrals", "referrals_own_teams", "referrals_vr", "referrals_self", "referrals_other")

MANY_MEASURES += ("agency_adults_served", "agency_adults_employed")

# What every state has going on: the agency shown first rates itself, three others are reviewed.
SHOWN = Story(age=50, last=165, live=SELF_RATING)

MERIDIAN = World(
    slug="meridian",
    name="Meridian",
    program="Meridian IPS Supported Employment",
    zone="America/Chicago",
    colors=("#1a4480", "#ffffff", "#005ea2"),
    policy="national",
    billing="missouri",
    approver="State office",
    years=12,
    teams=(2, 1, 2, 1, 1, 3, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 1),
    positions=66,
    trainers=4,
    agency_kinds=(
        "Community Mental Health Center",
        "Behavioral Health",
        "Counseling Center",
        "Recovery Services",
    ),
    regions=("North", "River", "Central", "Hill Country", "South"),
    payers=(("Meridian Behavioral Health Plan", "Medicaid health plan"),),
    departments=("Medicaid", "Education", "Workforce development"),
    populations=(
        "Adults with serious mental illness",
        "Young adults with early psychosis",
        "Veterans",
        "People with substance use disorders",
        "People leaving prison or jail",
    ),
    stories=(
        replace(SHOWN, correction=CORRECTED),
        Story(age=26, live=ANSWERING),
        Story(age=44, live=RATING),
        Story(age=16, live=HANDED_OVER),
        Story(age=70, totals=(109, 112, 117)),
        Story(age=3),
        Story(age=0),
        Story(age=40, totals=(103, 98, 104), closed=True),
        Story(age=31, live=CONSENSUS),
        Story(live=SCHEDULED),
        Story(),
        Story(correction=IN_CORRECTION),
        *(Story(),) * 5,
        Story(live=MODERATION),
        Story(has_imports=True),
    ),
    partners=3,
    answer_days=10,
    tried_moderation=True,
    has_operator=True,
    closed_agency=True,
    outcomes={
        "optional": list(MANY_MEASURES),
        "goals": [{"measure": "employment", "level": "team", "value": 0.45}],
        "between": {"weekly_contacts": True, "monthly_tallies": True, "specialist_goals": True},
    },
    need={"eligible": 52000, "residents": 4650000},
    quarters=12,
    luck="b",
)

BAYOU = World(
    slug="bayou",
    name="Bayou",
    program="Bayou Works: IPS Supported Employment",
    zone="America/Chicago",
    colors=("#154c47", "#ffffff", "#0f766e"),
    policy="louisiana",
    billing="louisiana",
    years=6,
    teams=(2, 1, 2, 1, 1, 1, 1),
    positions=19,
    trainers=1,
    agency_kinds=("Human Services", "Behavioral Health", "Family and Recovery Center"),
    regions=("Upper Delta", "Lower Delta", "Gulf"),
    payers=(
        ("Pelican Choice Health", "Managed care organization"),
        ("Cypress Community Plan", "Managed care organization"),
    ),
    departments=("Medicaid", "Behavioral health office", "Workforce commission"),
    populations=("Adults with serious mental illness", "People leaving prison or jail", "Young adults"),
    stories=(
        Story(age=49, last=165, live=SELF_RATING, totals=(101, 106, 108)),
        Story(age=37, live=SCHEDULED, totals=(108, 104, 105)),
        Story(age=42, last=400, totals=(111, 116, 118)),  # exceptional: a longer interval may be decided
        Story(age=31, last=80, totals=(102, 104, 95)),  # below good once: time to recover
        Story(age=37, last=50, totals=(104, 106, 96, 93)),  # below good twice
        Story(age=38, last=60, totals=(102, 94, 103)),  # recovered
        Story(age=13, live=RATING, totals=(82, 91, 97)),  # new, not good at the second review either
        Story(age=7, live=DRAFT, totals=(84, 92)),
        Story(age=0),  # has only looked at itself before serving anybody
        Story(age=30, totals=(83, 89, 84), closed=True),
    ),
    words={
        "person_served": "member",
        "people_served": "members",
        "agency": "provider",
        "agencies": "providers",
    },
    partners=1,
    outcomes={"due_days": 20, "due_days_q4": 20, "sharing": {"public": True}},
    shares_in_full=True,
)

HUDSON = World(
    slug="hudson",
    name="Hudson",
    program="Hudson PROS Employment Network",
    zone="America/New_York",
    colors=("#4a2b6b", "#ffffff", "#7a3fb0"),
    policy="new_york_pros",
    billing="new_york_pros",
    years=9,
    teams=(1,) * 30,
    positions=52,
    trainers=5,
    agency_kinds=("PROS", "Recovery Center PROS", "Wellness PROS"),
    regions=("Harbor", "Lower Valley", "Upper Valley", "Lakes", "Western"),
    payers=(("Office of Mental Health", "State mental health office"),),
    departments=("Health", "Labor", "Education"),
    populations=("Adults in PROS", "Young adults", "People in supported housing"),
    stories=(
        SHOWN,
        Story(age=30, live=SCHEDULED),
        Story(age=40, live=RATING),
        Story(age=52, live=DRAFT),
        Story(age=2),
        Story(age=0),
    ),
    words={
        "person_served": "individual",
        "people_served": "individuals",
        "agency": "program",
        "agencies": "programs",
        "specialist": "employment specialist",
        "specialists": "employment specialists",
        "review": "fidelity evaluation",
        "reviews": "fidelity evaluations",
    },
    kinds=(SELF, SELF, SELF, SELF, SELF, SELF, GUIDED, EXTERNAL),
    adapted_scale=True,
    outcomes={
        "job": {"set_aside_contract_counts": True},
        "discharge_entry": {"system": "CAIRS", "what": "employment status"},
    },
    need={"eligible": 61000, "residents": 8900000},
    part_time=0.25,
)

PRAIRIE = World(
    slug="prairie",
    name="Prairie",
    program="Prairie IPS Collaborative",
    zone="America/Denver",
    colors=("#6b4310", "#ffffff", "#8a5a12"),
    policy="missouri",
    billing="missouri",
    years=1.2,
    teams=(1, 1, 1, 1),
    positions=9,
    trainers=1,
    agency_kinds=("Mental Health Center", "Community Services"),
    regions=("East", "West"),
    payers=(("Prairie Vocational Rehabilitation", "Vocational rehabilitation"),),
    departments=("Mental health", "Social services"),
    populations=("Adults with serious mental illness", "Young adults"),
    stories=(
        Story(age=10, last=115, live=SELF_RATING, totals=(91,)),
        Story(age=11.5, live=SCHEDULED, totals=(86, 97)),
        Story(age=11, live=RATING, totals=(79, 95)),
        Story(age=6, live=DRAFT, totals=(88,)),
    ),
    lead_may_issue=True,
)

WORLDS = (MERIDIAN, BAYOU, HUDSON, PRAIRIE)
