"""A scale with two parts of different sizes, as a state writes it: four items lead, three have a total of their own."""

from datetime import timedelta

from agencies import tenancy
from agencies.models import StatePolicy
from fidelity.actions import reporting
from fidelity.actions.scales import add_scale
from fidelity.models import Review
from fidelity.scales import Scale
from fidelity.scales.written import read
from tests.cast import STARTED, StateCast
from tests.fidelity import reviews

ITEM = """      - code: {code}
        seq: {seq}
        name: {name}
        measure: What is seen of it.
        kind: anchor
        sources: [INT]
        anchors: [one, two, three, four, five]
"""
HEAD = """key: our-youth
version: "1"
name: Our scale for young people
year: 2026
edition: First edition
effective_from: 2020-01-01
na_policy: require_rating
tie_rule: down
sources: [{code: INT, name: Interviews}]
subscales:
  - code: EMP
    name: Employment
    leads: true
    bands:
      - {key: exemplary, label: Strong, minimum: 18, maximum: 20}
      - {key: good, label: Sound, minimum: 14, maximum: 17}
      - {key: fair, label: Fair, minimum: 10, maximum: 13}
      - {key: none, label: Not yet, minimum: 4, maximum: 9}
  - code: EDU
    name: Education
    bands:
      - {key: far, label: Far along, minimum: 11, maximum: 15}
      - {key: begun, label: Begun, minimum: 3, maximum: 10}
sections:
"""
SECTIONS = (
    ("W", "Work staff", "EMP", (("W1", "Caseload"), ("W2", "Work alone"))),
    ("S", "School", "EDU", (("S1", "Choice of school"), ("S2", "Campus contacts"), ("S3", "Study help"))),
    ("J", "Jobs", "EMP", (("J1", "Rapid search"), ("J2", "Job support"))),
)
MARKS = {"fair": 10, "good": 14, "exemplary": 18}
EMPLOYMENT, EDUCATION = ("W1", "W2", "J1", "J2"), ("S1", "S2", "S3")


def written() -> str:
    """The sections of the parts stand mixed, as they may."""
    text, seq = HEAD, 0
    for code, name, part, items in SECTIONS:
        text += f"  - code: {code}\n    name: {name}\n    subscale: {part}\n    items:\n"
        for item, called in items:
            seq += 1
            text += ITEM.format(code=item, seq=seq, name=called)
    return text


def scale() -> Scale:
    return read(written())[1]


def rated(employment: int, education: int) -> dict[str, int]:
    return dict.fromkeys(EMPLOYMENT, employment) | dict.fromkeys(EDUCATION, education)


def chosen(cast: StateCast, text: str = "") -> None:
    """The state's rules name it from their first day on, with marks for the leading part."""
    with cast.entered("admin") as admin:
        add_scale(cast.state, text=text or written(), by=admin)
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Ours",
            effective_from=STARTED,
            data={
                "scale_version": "our-youth",
                "thresholds": MARKS,
                "band_labels": {"exemplary": "Strong", "good": "Sound", "fair": "Fair", "none": "Not yet"},
            },
        )


def drafted(cast: StateCast, ratings: dict[str, int], days_ago: int = 0, team: str = "north_one") -> Review:
    """One reviewer rated it; the report is in draft."""
    first = cast.state.today() - timedelta(days=days_ago)
    review = reviews.scheduled(cast, team=team, starts_on=first)
    return reviews.finished(cast, reviews.rate(cast, review, ratings))


def issued(cast: StateCast, review: Review) -> Review:
    """The report in draft, written and issued by a second person."""
    with tenancy.entered(cast.actor("trainer")) as trainer:
        review = Review.objects.get(pk=review.pk)
        texts = {
            row.item_code: reporting.ItemText(row.found, "Agree on one next step.", row.is_priority)
            for row in review.item_reports.all()
        }
        version = review.text.version
        words = {"method": "On site.", "overview": "", "strengths": "Well known.", "next_steps": ""}
        reporting.save_report(review, **words, items=texts, version=version, by=trainer)
    with tenancy.entered(cast.actor("admin")) as admin:
        found = Review.objects.get(pk=review.pk)
        reporting.issue(found, version=found.text.version, by=admin)
        return Review.objects.get(pk=review.pk)
