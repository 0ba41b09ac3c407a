"""How the values of a funding plan are said to people: rules, forms and papers share these words."""

from collections.abc import Iterable

from fidelity.paper.wording import listed
from funding.grid import Authorization, Column, Element, Entry, LinkKind, Method, Presence, Status
from funding.services import shipped

OTHER = "other"  # the group of all who are in none of the others


def choices(names: type, **labels: str) -> list[tuple[str, str]]:
    return [(str(each), labels[each.name]) for each in names]  # type: ignore[attr-defined]


STATUSES = choices(
    Status, PAYS="Pays", PARTLY="Pays partly", NO="Does not pay", UNKNOWN="Not known", PLANNED="Planned"
)
METHODS = choices(
    Method,
    NOT_SAID="Not said",
    MILESTONE="Milestone",
    HOURLY="By the hour",
    DAILY="By the day",
    MONTHLY_BUNDLE="Monthly bundle",
    PPS="Prospective payment",
    GRANT="Grant",
    CONTRACT="Contract",
)
PRESENCES = choices(Presence, NOT_SAID="Not said", NEEDED="Must be there", NOT_NEEDED="Need not be there")
AUTHORIZATIONS = choices(
    Authorization, NOT_SAID="Not said", NONE="None", EACH_CASE="Case by case", PRIOR="Before the service"
)
ENTRIES = choices(
    Entry,
    NOT_SAID="Not said",
    EVERYBODY="Everybody in IPS",
    ENROLLED="Those enrolled with the payer",
    NECESSITY="Where it is medically necessary",
    SOBRIETY="Only after a time of sobriety",
    READINESS="Only those found ready for work",
    HISTORY="Not with some histories or diagnoses",
)
LINK_KINDS = choices(
    LinkKind, BRAIDING="Different services at the same time", SEQUENCING="One payer after the other"
)


def called(column: Column) -> str:
    """Vocational Rehabilitation (Milestone payments); the name alone where it says enough."""
    payer = payer_called(column.payer)
    if column.payer == OTHER or payer.casefold() in column.name.casefold():
        return column.name
    return f"{payer} ({column.name})"


def payer_called(key: str) -> str:
    return next((payer.name for payer in shipped().payers if payer.key == key), key)


def all_called(columns: Iterable[Column]) -> str:
    return listed([called(column) for column in columns])


def quoted(elements: Iterable[Element]) -> str:
    return listed([f"“{element.name}”" for element in elements])
