"""All that others have published about IPS programs, each number in the table it may stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agencies.models import State
from agencies.permissions import Actor
from ips_portal.spreadsheets import Table
from outcomes.external import ExternalBenchmark, Kind, published

SECTIONS = (
    (
        Kind.QUARTERLY,
        "Rates of one quarter",
        "The only rates that a team's or a state's quarter is compared with.",
    ),
    (
        Kind.TRIAL,
        "Rates of trials",
        "A trial counts everybody who worked at any time in 18 to 24 months: about twice a program's quarterly "
        "rate. The portal never draws these beside a quarter.",
    ),
    (Kind.YEARLY, "Programs, states and whole years", "How IPS has grown, and what supports programs."),
    (Kind.PLANNING, "Numbers to plan with", "Where nothing fitting was published."),
)
BOUNDS = {"least": "at least ", "most": "at most ", "": ""}


@dataclass(frozen=True)
class PublishedRow:
    row: ExternalBenchmark
    value: str
    held: str  # in words, where the number is of one time


@dataclass(frozen=True)
class PublishedSection:
    key: str
    heading: str
    text: str
    rows: tuple[PublishedRow, ...]


def published_page(today: date) -> Sequence[PublishedSection]:
    return [
        PublishedSection(
            kind.value,
            heading,
            text,
            tuple(
                PublishedRow(row, in_words(row), held(row, today)) for row in published() if row.kind is kind
            ),
        )
        for kind, heading, text in SECTIONS
    ]


def published_table(tenant: State, actor: Actor) -> Table:
    """The rows of the page, each with the heading it stands under."""
    now = tenant.now()
    return Table(
        about=(
            ("Published", "what others have published about IPS programs"),
            *((section.heading, section.text) for section in published_page(now.date())),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=("Kind", "What", "Value", "Of whom", "Held", "Not used", "Source", "Address"),
        rows=tuple(
            [
                *(section.heading, each.row.label, each.value, each.row.population, each.held),
                *(each.row.set_aside, each.row.source, each.row.address),
            ]
            for section in published_page(now.date())
            for each in section.rows
        ),
        made=now,
    )


def in_words(row: ExternalBenchmark) -> str:
    numbers = [plain(row, each) for each in (row.value, row.value_to) if each is not None]
    unit = {"share": "", "r": " (correlation)"}.get(row.unit, f" {row.unit}")
    return f"{BOUNDS[row.bound]}{' to '.join(numbers)}{unit}"


def plain(row: ExternalBenchmark, value: Decimal) -> str:
    return f"{float(100 * value):.3g}%" if row.unit == "share" else f"{value:,}"


def held(row: ExternalBenchmark, today: date) -> str:
    if row.valid_to is not None and row.valid_to < today:
        return (
            f"Of {row.valid_from.year}."
            if row.valid_from.year == row.valid_to.year
            else f"To {row.valid_to.year}."
        )
    return ""
