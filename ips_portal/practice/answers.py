"""What a practice team answers in its quarterly report: figures, what it did not collect, and notes on warnings.

No database: what the team lived through goes in, figures as rules read them come out.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from ips_portal.practice.courses import Lived, binomial, poisson
from outcomes.checks import Case, Finding, check
from outcomes.figures import Figure, Figures, Number
from outcomes.measures import Measure

NOT_COLLECTED = 0.012  # of the core measures below, in a quarter
NO_RECORD: dict[str, tuple[str, ...]] = {
    "in_school": ("School was not asked about in this quarter; the form asks again since.",),
    "in_education": (
        "Only high school and college were recorded, no vocational courses.",
        "The colleague who kept this list was on leave, and nobody took it over.",
    ),
    "transitioned_unemployed": ("Closures were moved to the new record system and could not be counted.",),
    "avg_hourly_wage": ("Too few people told what they earn.", "Pay is not in the record of the partner."),
    "avg_weekly_hours": ("Hours change from week to week and were not written down.",),
    "vr_open": ("The list from Vocational Rehabilitation had not come when this was due.",),
    "referrals": ("Referrals came by phone in part and were not counted.",),
}
SOMETIMES = 3  # optional measures are left out so many times more often than core ones
OPTIONAL = ("avg_hourly_wage", "avg_weekly_hours", "vr_open", "referrals")
SOURCES = (
    ("referrals_own_teams", 0.6),
    ("referrals_vr", 0.45),
    ("referrals_self", 0.5),
    ("referrals_other", 0.7),
)
NOBODY = "Nobody worked in the quarter."
VACANCY = (
    "The one position is open since the specialist left; the supervisor stays in touch with everybody.",
    "The specialist moved on, and the new one begins next month. The supervisor covers meanwhile.",
)
NOTES = (
    "The supervisor went through the caseload list with the team before sending this.",
    "Two large employers in town have closed; job search takes longer than it did.",
    "New treatment team assigned in the middle of the quarter.",
)
# A believable word on each warning that ordinary teams get.
WHY: dict[str, tuple[str, ...]] = {
    "V11": ("A few people were closed between the quarters; the list was put right.",),
    "V12": (
        "The caseload changed with the staff: a position was filled or fell open.",
        "Counted once more by name. Many referrals came together, and the caseload followed.",
    ),
    "V13": (
        "Checked person by person. Several seasonal jobs fall into one of the two quarters.",
        "Right as it is: a plant that employed many of our people hired and laid off in these months.",
    ),
    "V14": (
        "A position is open, and colleagues look after these people until it is filled.",
        "The caseload is still being shared out between old and new colleagues.",
    ),
    "V15": ("Seasonal hiring: several people held two short jobs one after the other.",),
    "V16": (
        "The team is new and met employers; first interviews are set.",
        "Checked: nobody began a job. The specialist was on leave for six weeks.",
    ),
    "V17": ("A college program for young adults began, and most of the caseload enrolled.",),
    "V18": ("Checked: the numbers are the same by chance, the people are not.",),
    "V23": (
        "Compared with the records, and it is right; the team was larger in this quarter than before.",
        "Checked. The number is unusual for us and correct.",
    ),
    "V26": ("Some cases were closed late for jobs that ended in the quarter before.",),
    "V33": ("People who came back after a pause were not counted as new.",),
}
CHECKED = "Checked against the records, and it is right."


def answer(
    rng: random.Random, lived: Lived, measures: Iterable[Measure], *, is_complete: bool = False
) -> Figures:
    """All measures asked for; now and then one was not collected, unless the answer has to be complete."""
    wanted = {measure.key for measure in measures}
    values = _core(lived) | _optional(rng, lived)
    found = {key: Figure(value) for key, value in values.items() if key in wanted}
    for key in NO_RECORD:
        chance = NOT_COLLECTED * (SOMETIMES if key in OPTIONAL else 1)
        if key in found and rng.random() < chance and not is_complete:
            found[key] = Figure(why=rng.choice(NO_RECORD[key]))
    if not lived.employed:
        nobody = {"avg_hourly_wage", "avg_weekly_hours"} & wanted
        found |= {key: Figure(why=NOBODY) for key in nobody}
    note = rng.choice(NOTES) if rng.random() < 0.12 else ""
    vacancy = rng.choice(VACANCY) if not lived.fte else ""
    return Figures(MappingProxyType(found), note=note, vacancy=vacancy)


def explained(rng: random.Random, case: Case) -> tuple[Figures, tuple[Finding, ...]]:
    """The figures with a note on each warning, and the warnings."""
    warned = tuple(finding for finding in check(case) if finding.wants_a_note)
    notes = {finding.rule: rng.choice(WHY.get(finding.rule, (CHECKED,))) for finding in warned}
    return replace(case.figures, explained=MappingProxyType(notes)), warned


def begun(figures: Figures, measures: tuple[Measure, ...], share: float) -> Figures:
    """The first part of the form, as somebody leaves it who goes on tomorrow."""
    first = [measure.key for measure in measures][: round(share * len(measures))]
    kept = {key: figures[key] for key in first if key in figures}
    return Figures(MappingProxyType(kept))


def mistaken(figures: Figures) -> Figures | None:
    """The same report with one person working who was overlooked; None where that would not be possible."""
    employed = figures.count("employed") or 0
    parts = ("transitioned_working", "new_job_starters", "closed_successful_vr")
    fewest = max(1, *(figures.count(key) or 0 for key in parts))
    return figures.with_figure("employed", Figure(employed - 1)) if employed > fewest else None


def _core(lived: Lived) -> dict[str, Number]:
    return {
        "served": lived.served,
        "employed": lived.employed,
        "in_school": lived.in_school,
        "in_education": lived.in_education,
        "job_starts": lived.job_starts,
        "transitioned_working": lived.left_working,
        "transitioned_unemployed": lived.left_unemployed,
        "specialist_fte": lived.fte,
    }


def _optional(rng: random.Random, lived: Lived) -> dict[str, Number]:
    """Drawn whether asked for or not, so that a measure more changes no other number."""
    again = binomial(rng, lived.job_starts, 0.12)  # second jobs of the same people
    starters = min(max(lived.job_starts - again, min(1, lived.job_starts)), lived.employed)
    closures = min(binomial(rng, lived.left_working + lived.left_unemployed, 0.6), lived.served)
    referrals = lived.new + poisson(rng, 1.5)
    found: dict[str, Number] = {
        "new_enrollees": lived.new,
        "vacant_fte": lived.vacant,
        "specialists_left": lived.moved_on,
        "new_job_starters": starters,
        "vr_open": binomial(rng, lived.served - closures, 0.4),
        "vr_closures": closures,
        "closed_successful_vr": min(binomial(rng, closures, 0.55), lived.employed),
        "referrals": referrals,
    }
    left = referrals
    for key, share in SOURCES:
        found[key] = binomial(rng, left, share)
        left -= int(found[key])
    if lived.employed:
        found["avg_hourly_wage"] = Decimal(round(100 * min(max(rng.gauss(16, 0.9), 12), 22))) / 100
        found["avg_weekly_hours"] = Decimal(round(10 * min(max(rng.gauss(22, 2.5), 8), 40))) / 10
    return found
