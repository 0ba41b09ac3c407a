"""Which numbers an item is worked out from, read from the scale: a share, a mean, contacts a week, or people for
each full-time specialist."""

from collections.abc import Mapping
from dataclasses import dataclass

from fidelity.scales import Item, Scale, known_as

SPECIALISTS = 10  # one supervisor leads no more (domain reference 1.2, OR5)


@dataclass(frozen=True)
class Column:
    key: str
    label: str


PEOPLE = (Column("people", "People on the caseload"), Column("percent", "Percent of full time"))
CONTACTS = (
    Column("specific", "Contacts for a person looking"),
    Column("generic", "Other employer contacts"),
    Column("weeks", "Weeks of the log"),
    Column("looking", "People looking for work"),
)
# What the two numbers of a share or a mean are, in the words of the items (domain reference 1.2; SE, 1.8).
SHARES: Mapping[str, tuple[str, str]] = {
    "ST2": ("Weekly hours on employment services", "Weekly hours worked in all"),
    "OR1": ("People from the one or two teams", "People on the caseload"),
    "SV4": ("Days from entry to first contact, added up", "People whose days were added"),
    "SV5": ("Employer contacts that follow a person's wishes", "Employer contacts looked at"),
    "SV8": ("Different kinds of jobs", "Jobs looked at"),
    "SV9": ("Different employers", "Jobs looked at"),
    "SV10": ("Permanent competitive jobs", "Jobs held at present"),
    "SV13": ("Scheduled hours in the community", "Scheduled hours in all"),
    "SE2": ("Weekly hours of helping people work", "Weekly hours worked in all"),
    "SE14": ("Weekly hours outside the office", "Weekly hours worked in all"),
}
# How employer contacts are counted (domain reference 1.2, SV6; both sorts count, kept apart here for item SV5).
COUNTING = (
    "Only meetings face to face with somebody who hires count; phone calls, messages and dropped-off papers do not.",
    "A second meeting with the same employer in the week counts again.",
    "A meeting counts whether the person looking for work was there or not.",
    "Meetings for one person and meetings to get to know employers are kept apart, and both count.",
    "Whoever has nobody looking for work is left out of the average.",
)


def is_ratio(item: Item) -> bool:
    return item.unit.startswith("people per")


def is_contacts(item: Item) -> bool:
    return item.small_caseload is not None


def is_by_specialist(item: Item) -> bool:
    return item.per_specialist or is_ratio(item)


def columns(item: Item) -> tuple[Column, ...]:
    if is_ratio(item):
        return PEOPLE
    if is_contacts(item):
        return CONTACTS
    usual = (
        ("Part", "Of all") if item.unit == "percent" else (f"{item.unit.capitalize()}, added up", "Number")
    )
    part, of = SHARES.get(known_as(item), usual)
    return (Column("part", part), Column("of", of))


def measured(scale: Scale) -> tuple[Item, ...]:
    """The items whose rating follows from counted numbers, not from parts in place or a description."""
    return tuple(item for item in scale.items if item.floors and item.kind in ("range", "matrix"))


def what_counts(item: Item) -> tuple[str, ...]:
    return COUNTING if is_contacts(item) else ()
