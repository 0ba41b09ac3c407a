"""What practice states keep in their bank of texts for reports, in their own words for people and staff."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from agencies.permissions import Role
from fidelity.actions.bank import Kept
from fidelity.models import BankText
from fidelity.scales import LOWEST
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land

Part = BankText.Part


def advice(item: str, text: str, *, highest: int, lowest: int = LOWEST) -> Kept:
    return Kept(Part.RECOMMENDATION, text, item_code=item, lowest=lowest, highest=highest)


KEPT = (
    Kept(
        Part.STRENGTHS,
        "Every {specialist} who was interviewed could say what each of their {people} would like to do for work.",
    ),
    Kept(
        Part.STRENGTHS,
        "Leadership knows the numbers of the last quarter and speaks about jobs in every meeting that was observed.",
    ),
    Kept(
        Part.METHOD,
        "Ratings rest on interviews, on what was observed and on records. Two reviewers rated on their own first and "
        "then agreed on each item.",
    ),
    Kept(
        Part.NEXT_STEPS,
        "A trainer from {program} will call within two weeks to go through the report and to help with the action "
        "plan.",
    ),
    Kept(
        Part.FOUND,
        "Contact logs are kept by every {specialist}, and the supervisor reads them.",
        item_code="SV6",
        lowest=3,
    ),
    advice(
        "ST1",
        "Go through the caseload list name by name in supervision once a month. Close the cases of {people} who no "
        "longer look for work, after outreach that is written down.",
        highest=3,
    ),
    advice(
        "OR1",
        "Assign each {specialist} to one treatment team, or two at most, and take new {people} from these teams first.",
        highest=3,
    ),
    advice(
        "OR2",
        "Let each {specialist} sit in on the whole weekly meeting of the treatment team and bring up one person who is "
        "not referred yet.",
        highest=4,
    ),
    advice(
        "OR3",
        "Agree with the VR office on one fixed hour a month, with a list of the {people} both serve.",
        highest=4,
    ),
    advice(
        "SV1",
        "Arrange for every person to see a trained benefits planner before a job begins, and again when hours or pay "
        "change.",
        highest=3,
    ),
    advice(
        "SV4",
        "Write down the day of the first employer contact for every person, and look in supervision at those who have "
        "waited longer than 30 days.",
        highest=4,
    ),
    advice(
        "SV6",
        "Plan six visits to employers a week for each {specialist}. The supervisor reads the log every week and goes "
        "along once a month.",
        highest=3,
    ),
    advice(
        "SV6",
        "The number of visits is nearly there: set aside two fixed mornings a week for them, also in weeks with "
        "holidays.",
        lowest=4,
        highest=4,
    ),
    advice(
        "SV13",
        "Begin and end the day with meetings outside the office, and count in supervision how many hours were spent "
        "there.",
        highest=3,
    ),
)
# An earlier wording that nobody uses any more.
RETIRED = advice(
    "SV14",
    "Write down every attempt to reach somebody who stays away, and make the second one together with the treatment "
    "team.",
    highest=4,
)


def keep(land: Land, crew: Crew) -> None:
    """Written by the state's administrator half a year ago, or on the first day of a younger state."""
    written = max(land.ago(6), land.state.started_on)
    for place, kept in enumerate((*KEPT, RETIRED)):
        row = land.rows.add(text_of(land, crew, place, kept, written))
        if kept == RETIRED:
            row.retired_at = land.at(min(written + timedelta(days=90), land.today), 15)
            row.retired_by, row.version = row.saved_by, 2


def text_of(land: Land, crew: Crew, place: int, kept: Kept, written: date) -> BankText:
    words = land.state.terms
    text = kept.text.format(
        people=words["people_served"], specialist=words["specialist"], program=land.state.program_name
    )
    scale_key = land.scale.key if kept.item_code else ""
    return BankText(
        state=land.state,
        **vars(replace(kept, text=text, scale_key=scale_key)),
        saved_at=land.at(written, 14, place),
        saved_by=crew.first(Role.STATE_ADMIN).person,
        form_key=uuid5(NAMESPACE_OID, f"{land.state.slug} text {place}"),
    )
