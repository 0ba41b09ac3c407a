"""What anybody may read of a state: the totals of four quarters, rounded, as they were told once and for all.

Read without a tenant, from the rows that row-level security opens to everybody. Source: trust reference 2.4, T-public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agencies.models import State
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Table
from outcomes.dashboards.shared import COUNTS, NOT_SHOWN, RATES
from outcomes.models import PublicQuarter

ROUNDED = "Counts are rounded to 5, and rates follow from the rounded counts."
COUNTED = "Four quarters together count a person once in each quarter: person-quarters, not people of a year."


@dataclass(frozen=True)
class PublicLine:
    label: str
    value: str
    definition: str


@dataclass(frozen=True)
class PublicPage:
    state: State
    quarter: Quarter
    published_on: str
    threshold: int
    lines: tuple[PublicLine, ...]
    job: tuple[str, ...]

    @property
    def has_figures(self) -> bool:
        return bool(self.lines)

    @property
    def meaning(self) -> str:
        return (
            f"A number is not shown where it counts fewer than {self.threshold} people or such a number could be "
            "worked out from it, and where fewer than three agencies make it up, or one of them nearly alone."
        )


def public_page(slug: str) -> PublicPage | None:
    """None where the state does not exist, never told everybody, or has closed the page. Two queries."""
    state = State.objects.filter(slug=slug).first()
    told = PublicQuarter.objects.in_state(state.pk).order_by("-quarter").first() if state else None
    if state is None or told is None or not told.is_open:
        return None
    figures = told.figures
    return PublicPage(
        state=state,
        quarter=told.quarter,
        published_on=figures["published_on"],
        threshold=figures["threshold"],
        lines=lines_of(figures),
        job=tuple(figures["job"]),
    )


def open_states() -> list[State]:
    """States that tell everybody now, by name. One query."""
    newest = (
        PublicQuarter.objects.order_by("state_id", "-quarter").distinct("state_id").select_related("state")
    )
    return sorted((told.state for told in newest if told.is_open), key=lambda state: state.name.casefold())


def lines_of(figures: Mapping[str, Any]) -> tuple[PublicLine, ...]:
    """A rate stands after the count it is made of."""
    hidden = f"{NOT_SHOWN} (fewer than {figures['threshold']} people)"
    found = []
    for key, label in COUNTS.items():
        told = figures["counts"].get(key)
        if told is None:
            continue
        definition = str(figures["definitions"].get(key, ""))
        value, percent = told["value"], told["percent"]
        found.append(PublicLine(label, hidden if value is None else f"{value:,}", definition))
        if key in RATES:
            of = "Of the people served, counted in the same four quarters."
            found.append(PublicLine(RATES[key], hidden if percent is None else f"{percent}%", of))
    return tuple(found)


def public_table(page: PublicPage) -> Table:
    return Table(
        about=(
            ("State", page.state.name),
            ("Quarters", f"Four quarters to {page.quarter.months} ({page.quarter})"),
            ("Published", page.published_on),
            ("Rounded", ROUNDED),
            ("Counted", COUNTED),
            ("Not shown", page.meaning),
        ),
        columns=("What", "Value", "Definition"),
        rows=tuple([line.label, line.value, line.definition] for line in page.lines),
    )
