"""How a standing is said: what stays open first, then what is next; the state's words, and no codes."""

from datetime import date

import pytest
from hypothesis import given, settings

from agencies.models.states import DEFAULT_WORDS
from fidelity.lifecycle import Fact, Kind, PlanInUse, Position
from fidelity.lifecycle.wording import OpenSteps, sentences
from fidelity.policy import FidelityPolicy, shipped_policy
from tests.fidelity.lives import awaited, began, created, day, decision, filed, review, stands
from tests.fidelity.test_lifecycle_properties import DATED, DAYS, LIVES, stand

LOUISIANA, MISSOURI, NEW_YORK = (shipped_policy(key) for key in ("louisiana", "missouri", "new_york_pros"))
NEW_TEAM = (created("2024-01-08"), filed("2024-02-01"), began("2024-03-04"))
GOOD = (*NEW_TEAM, review("2024-08-30", 104))
CORRECTIVE = (*GOOD, review("2025-08-22", 96, issued="2025-09-05"))


def said(policy: FidelityPolicy, today: str, *facts: Fact, booked: str = "") -> str:
    visit = day(booked) if booked else None
    standing = stands(policy, today, facts)
    return " ".join(sentences(standing, DEFAULT_WORDS, today=day(today), booked=visit))


@pytest.mark.parametrize(
    ("policy", "today", "facts", "booked", "words"),
    [
        (
            LOUISIANA,
            "2024-01-20",
            (created("2024-01-08"),),
            "",
            "The team may take its first clients once the review before its start is filed.",
        ),
        (
            LOUISIANA,
            "2024-03-10",
            NEW_TEAM,
            "",
            "New referrals stay open. First review by September 4, 2024: 6 months after the team began on March "
            "4, 2024.",
        ),
        (
            MISSOURI,
            "2024-03-10",
            NEW_TEAM,
            "",
            "New referrals stay open. First review from September 4, 2024 on, by October 4, 2024.",
        ),
        (
            LOUISIANA,
            "2024-10-01",
            GOOD,
            "2025-08-20",
            "New referrals stay open. Next review by August 30, 2025: 12 months after the last review ended on August "
            "30, 2024. A visit is agreed for August 20, 2025.",
        ),
        (
            LOUISIANA,
            "2025-09-06",
            CORRECTIVE,
            "",
            "New referrals stay open. Next review by March 21, 2026: 6 months after the day by which its plan was to "
            "be approved, on September 21, 2025. The action plan for 4 items is due by October 5, 2025, "
            "approved by MCO.",
        ),
        (
            LOUISIANA,
            "2025-10-20",
            (*CORRECTIVE, PlanInUse(day("2025-09-20"), "external 2025-08-22")),
            "2026-03-02",
            "New referrals stay open. Next review by March 21, 2026: 6 months after the day by which its plan was to "
            "be approved, on September 21, 2025. A visit is agreed for March 2, 2026. The action plan is in use and "
            "waits for its approval by MCO.",
        ),
        (
            LOUISIANA,
            "2025-09-01",
            GOOD,
            "",
            "New referrals stay open. Next review was due by August 30, 2025. Agree on its dates with the state; the "
            "team keeps what it may do until then.",
        ),
        (
            LOUISIANA,
            "2025-09-01",
            (*GOOD, awaited("2025-08-28")),
            "",
            "New referrals stay open. The report of the review that ended on August 28, 2025 is being written; it sets "
            "the next date.",
        ),
        (
            LOUISIANA,
            "2024-10-10",
            (*GOOD, decision("2024-10-01", Kind.SAFETY)),
            "",
            "New referrals are paused since October 1, 2024. Clients the team serves now stay with it. Next review by "
            "August 30, 2025: 12 months after the last review ended on August 30, 2024.",
        ),
        (
            NEW_YORK,
            "2024-03-10",
            (began("2024-03-04"),),
            "",
            "New referrals stay open. The state names no fixed interval; the team and the state agree on the next "
            "review.",
        ),
    ],
)
def test_a_standing_in_sentences(
    policy: FidelityPolicy, today: str, facts: tuple[Fact, ...], booked: str, words: str
) -> None:
    assert said(policy, today, *facts, booked=booked) == words


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (OpenSteps(2, day("2024-11-03")), "2 steps of the plan are open, the next by November 3, 2024."),
        (OpenSteps(1, None), "1 step of the plan is open."),
        (OpenSteps(0, None), "New referrals stay open."),
    ],
)
def test_open_steps_are_told_last(steps: OpenSteps, words: str) -> None:
    standing = stands(MISSOURI, "2024-10-01", [began("2024-10-01"), review("2024-09-30", 104)])
    assert words in sentences(standing, DEFAULT_WORDS, today=day("2024-10-01"), steps=steps)


@given(LIVES, DATED, DAYS)
@settings(max_examples=200, deadline=None)
def test_no_code_is_ever_said(
    life: list[Fact], dated: tuple[FidelityPolicy, FidelityPolicy, date], today: date
) -> None:
    standing = stand(life, dated, today)
    told = [
        *sentences(standing, DEFAULT_WORDS, today=today),
        *(ask.sentence for ask in standing.asks),
        *standing.notes,
        *(move.because for move in standing.moves),
        standing.name,
    ]
    codes = [*Position, "None", "_"]  # codes of decisions are words with an underscore, or plain English
    assert not [(code, text) for text in told for code in codes if code in text]
