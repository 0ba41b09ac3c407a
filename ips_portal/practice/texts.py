"""What practice states keep in their bank of texts for reports, in their own words for people and staff."""

from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from agencies.permissions import Role
from fidelity.models import BankText
from fidelity.scales import HIGHEST, LOWEST
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land

Part = BankText.Part
# Part, item (none: the whole report), the ratings it suits, text.
KEPT: tuple[tuple[Part, str, int, int, str], ...] = (
    (
        Part.STRENGTHS,
        "",
        LOWEST,
        HIGHEST,
        "Everybody who was interviewed could say what each of their {people} would like to do for work.",
    ),
    (
        Part.STRENGTHS,
        "",
        LOWEST,
        HIGHEST,
        "Leadership knows the numbers of the last quarter and speaks about jobs in every meeting that was observed.",
    ),
    (
        Part.METHOD,
        "",
        LOWEST,
        HIGHEST,
        "Ratings rest on interviews, on what was observed and on records. Two reviewers rated on their own first and "
        "then agreed on each item.",
    ),
    (
        Part.NEXT_STEPS,
        "",
        LOWEST,
        HIGHEST,
        "A trainer of {program} will call within two weeks to go through the report and to help with the action plan.",
    ),
    (
        Part.FOUND,
        "SV6",
        3,
        HIGHEST,
        "Contact logs are kept by every {specialist}, and the supervisor reads them.",
    ),
    (
        Part.RECOMMENDATION,
        "ST1",
        LOWEST,
        3,
        "Go through the caseload list name by name in supervision once a month. Close the names of {people} who no "
        "longer look for work, after outreach that is written down.",
    ),
    (
        Part.RECOMMENDATION,
        "OR1",
        LOWEST,
        3,
        "Name for each {specialist} one treatment team, or two at most, and take new {people} from these teams first.",
    ),
    (
        Part.RECOMMENDATION,
        "OR2",
        LOWEST,
        4,
        "Let each {specialist} sit in on the whole weekly meeting of the treatment team and bring up one person who is "
        "not referred yet.",
    ),
    (
        Part.RECOMMENDATION,
        "OR3",
        LOWEST,
        4,
        "Agree with the VR office on one fixed hour a month, with a list of the {people} both serve.",
    ),
    (
        Part.RECOMMENDATION,
        "SV1",
        LOWEST,
        3,
        "Arrange for every person to see a trained benefits planner before a job begins, and again when hours or pay "
        "change.",
    ),
    (
        Part.RECOMMENDATION,
        "SV4",
        LOWEST,
        4,
        "Write down the day of the first employer contact for every person, and look in supervision at those who have "
        "waited longer than 30 days.",
    ),
    (
        Part.RECOMMENDATION,
        "SV6",
        LOWEST,
        3,
        "Plan six visits to employers a week for each {specialist}. The supervisor reads the log every week and goes "
        "along once a month.",
    ),
    (
        Part.RECOMMENDATION,
        "SV6",
        4,
        4,
        "The number of visits is nearly there: set aside two fixed mornings a week for them, also in weeks with "
        "holidays.",
    ),
    (
        Part.RECOMMENDATION,
        "SV13",
        LOWEST,
        3,
        "Begin and end the day with meetings outside the office, and count in supervision how many hours were spent "
        "there.",
    ),
)
# An earlier wording that nobody uses any more.
RETIRED = (
    Part.RECOMMENDATION,
    "SV14",
    LOWEST,
    4,
    "Write down every attempt to reach somebody who stays away, and make the second one together with the treatment "
    "team.",
)


def keep(land: Land, crew: Crew) -> None:
    """Written by the state's administrator half a year ago, or on the first day of a younger state."""
    written = max(land.ago(6), land.state.started_on)
    for place, kept in enumerate((*KEPT, RETIRED)):
        row = land.rows.add(text_of(land, crew, place, kept, written))
        if kept == RETIRED:
            row.retired_at = land.at(min(written + timedelta(days=90), land.today), 15)
            row.retired_by, row.version = row.saved_by, 2


def text_of(
    land: Land, crew: Crew, place: int, kept: tuple[Part, str, int, int, str], written: date
) -> BankText:
    part, item, lowest, highest, text = kept
    words = land.state.terms
    return BankText(
        state=land.state,
        part=part,
        scale_key=land.scale.key if item else "",
        item_code=land.scale.item(item).code if item else "",
        lowest=lowest,
        highest=highest,
        text=text.format(
            people=words["people_served"], specialist=words["specialist"], program=land.state.program_name
        ),
        saved_at=land.at(written, 14, place),
        saved_by=crew.first(Role.STATE_ADMIN).person,
        form_key=uuid5(NAMESPACE_OID, f"{land.state.slug} text {place}"),
    )
