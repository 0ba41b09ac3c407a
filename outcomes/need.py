"""How much of the need a state meets: people served of those eligible for IPS, and teams per million residents.

Source: domain reference 3.4, penetration of people and of programs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ips_portal.quarters import Quarter
from outcomes.figures import Figures, written
from outcomes.rates import penetration

MILLION = 1_000_000
MOST_PEOPLE = 100_000_000  # more than any state has
ONE_PLACE = Decimal("0.1")


@dataclass(frozen=True)
class Estimate:
    """What a state has recorded of its people, as of a day. Residents may be unknown."""

    eligible: int
    residents: int | None
    as_of: date
    source: str

    @classmethod
    def stated(cls, data: Mapping[str, Any], as_of: date, source: str) -> "Estimate":
        return cls(data["eligible"], data.get("residents"), as_of, source)

    @property
    def words(self) -> str:
        of = "" if self.residents is None else f" of {written(self.residents)} residents"
        return f"{written(self.eligible)} people{of}"

    @property
    def data(self) -> dict[str, int]:
        return {
            "eligible": self.eligible,
            **({} if self.residents is None else {"residents": self.residents}),
        }


@dataclass(frozen=True)
class Need:
    """As page and paper say it. A value without what it needs is blank."""

    share: str
    share_of: str
    density: str
    density_of: str
    recorded: str


def need(estimate: Estimate, *, served: int | None, reporting: int, expected: int) -> Need:
    """`reporting` teams have served these people; `expected` teams run in the quarter."""
    reached = penetration(served, estimate.eligible)
    density = Decimal(expected * MILLION) / estimate.residents if estimate.residents else None
    return Need(
        share="" if reached.value is None else f"{rounded(100 * reached.value)}%",
        share_of=f"{written(served or 0)} people served by {teams(reporting)} with accepted figures, of "
        f"{written(estimate.eligible)} people eligible for IPS",
        density="" if density is None else rounded(density),
        density_of=f"{teams(expected)} for {written(estimate.residents or 0)} residents",
        recorded=f"As of {estimate.as_of:%B %-d, %Y}: {estimate.source}",
    )


def people_served(figures: Mapping[tuple[int, Quarter], Figures], quarter: Quarter) -> list[int]:
    """By each team that counted them; `figures` by team and quarter."""
    return [
        people
        for (_, when), values in figures.items()
        if when == quarter and (people := values.count("served")) is not None
    ]


def rounded(value: Decimal) -> str:
    return f"{value.quantize(ONE_PLACE, ROUND_HALF_UP):f}"


def teams(count: int) -> str:
    return f"{count:,} {'team' if count == 1 else 'teams'}"
