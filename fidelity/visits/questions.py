"""What records are read for: of how many read, how many show it and how many do not.

Each question stands beside the item it informs (domain reference 1.2, rows SV3, SV4, SV11, SV12, SV14).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fidelity.scales import Scale, known_as


@dataclass(frozen=True)
class Question:
    code: str
    item: str
    text: str


TEXTS: Mapping[str, tuple[str, ...]] = {
    "SV3": (
        "A written career profile within 30 days of entry",
        "The profile was made over two or three meetings",
        "It draws on several sources: the person, staff, family, earlier employers",
        "It was brought up to date after each job began or ended",
        "What a job taught was talked over with the team and written down",
    ),
    "SV4": ("The first face-to-face contact with an employer within 30 days of entry",),
    "SV11": (
        "Any support after the job began",
        "Several kinds of support, fitted to the job and the person",
        "Support to the employer where the person asked for it",
        "Help toward a better job, school or training",
        "Extra support by the treatment team",
    ),
    "SV12": (
        "Seen in person in the week before the job began",
        "Seen in person within three days of its start",
        "Seen weekly through the first month",
        "Seen monthly or oftener after that, for about a year or as wished",
        "Seen for four months or longer",
        "Contacted within three days of the news of a lost job",
        "Handed over to a mental health worker at step-down",
    ),
    "SV14": (
        "Kept open after missed visits, without a time limit",
        "Attempts to reach the person are written down",
        "Members of the treatment team made attempts, too",
        "Several visits at home or in the community",
        "Joint visits of specialist and team member",
        "Family or friends were asked, where that applies",
    ),
}
QUESTIONS: tuple[Question, ...] = tuple(
    Question(f"{item}-{number}", item, text)
    for item, texts in TEXTS.items()
    for number, text in enumerate(texts, start=1)
)


def questions_of(scale: Scale) -> tuple[Question, ...]:
    """Those about an item the scale has."""
    codes = {known_as(item) for item in scale.items}
    return tuple(question for question in QUESTIONS if question.item in codes)
