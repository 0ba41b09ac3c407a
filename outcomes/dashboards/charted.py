"""The pictures of a whole state: its employment rate over the quarters, and fidelity beside employment.

Exact, so only for those who lead the state (trust reference 2.4, T-lead).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import correlation
from typing import Any, NamedTuple

from agencies.models import State
from agencies.permissions import Actor
from fidelity.in_force import scale_known
from fidelity.models import Review
from fidelity.policy import FidelityPolicy
from fidelity.scales import Scale
from ips_portal.quarters import Quarter
from ips_portal.reports.pictures import LINES, TOTALS_AND_RATES, Picture, picture
from outcomes.averages import in_percent
from outcomes.dashboards.glance import AnyTeam
from outcomes.external import QuarterlyBenchmark
from outcomes.figures import Figures
from outcomes.models import StateRate
from outcomes.rates import Rate, rate, ratio

FEWEST_POINTS = 3  # fewer say nothing about how two things go together


def state_picture(
    tenant: State,
    quarters: Sequence[Quarter],
    rates: Mapping[tuple[str, Quarter], StateRate],
    published: Sequence[QuarterlyBenchmark],
) -> Picture | None:
    content = state_chart(tenant, quarters, rates, published)
    return picture(LINES, content, content["description"]) if content else None


def state_chart(
    tenant: State,
    quarters: Sequence[Quarter],
    rates: Mapping[tuple[str, Quarter], StateRate],
    published: Sequence[QuarterlyBenchmark],
) -> dict[str, Any]:
    """What is drawn on page and paper: everybody pooled, and the team in the middle. Nothing without two quarters."""
    found = {
        quarter: rates["employment", quarter] for quarter in quarters if ("employment", quarter) in rates
    }
    if len(found) < 2:
        return {}
    pooled = {quarter.slug: [round(row.pooled, 4), False] for quarter, row in found.items()}
    middle = {quarter.slug: [float(row.median), False] for quarter, row in found.items()}
    first, last = min(found), max(found)
    finding = (
        f"{in_percent(found[last].pooled)}% of the people served worked in {last.months}, "
        f"{in_percent(found[first].pooled)}% in {first.months}."
    )
    return {
        "quarters": [quarter.slug for quarter in quarters],
        "lines": [
            {"label": f"{tenant.name}, people pooled", "series": "TEAM", "points": pooled},
            {"label": "Team in the middle", "series": "STATE", "points": middle},
        ],
        "references": [[each.label, float(each.value)] for each in published if each.key == "us-average"],
        "title": f"Employment rate of {tenant.name}",
        "description": finding,
        "is_share": True,
    }


@dataclass(frozen=True)
class Pair:
    """A team's last official total by the end of a quarter, and its employment rate of that quarter."""

    team: AnyTeam
    reviewed_on: date
    total: int
    share: float
    figures: Figures

    @property
    def rate(self) -> Rate:
        return rate("employment", self.figures)

    @property
    def told(self) -> "PairTold":
        team, own = self.team, self.rate
        named = (team.slug, team.name, team.agency.name)
        return PairTold(*named, self.reviewed_on, self.total, own.shown, own.sentence)


class PairTold(NamedTuple):
    """As its row says it."""

    slug: str
    name: str
    agency: str
    reviewed_on: date
    total: int
    rate: str
    made_of: str


def fidelity_pairs(
    policy: FidelityPolicy,
    scale: Scale,
    actor: Actor,
    quarter: Quarter,
    teams: Mapping[int, AnyTeam],
    figures: Mapping[tuple[int, Quarter], Figures],
) -> tuple[Pair, ...]:
    """Teams with both, by name. Policy and scale are those of the quarter's last day. `teams` are those of the figures.

    One query. A total by an edition of the scale that counts otherwise is left out.
    """
    reviews = (
        Review.objects.visible_to(actor)
        .issued()
        .filter(
            kind__in=policy.official_review_types,
            scale__key=policy.scale_version,
            ends_on__lte=quarter.ends_on,
            total__isnull=False,
        )
        .order_by("team_id", "-ends_on", "-pk")
        .distinct("team_id")
        .values_list("team_id", "ends_on", "total", "scale_id", "scale__sha256")
    )
    found = []
    for team, ended, total, scale_id, edition in reviews:
        own = figures.get((team, quarter)) if counts_alike(scale, scale_id, edition) else None
        if own and (share := ratio("employment", own)) is not None:
            found.append(Pair(teams[team], ended, total, round(float(share), 4), own))
    return tuple(sorted(found, key=lambda pair: (pair.team.name.casefold(), pair.team.pk)))


def counts_alike(scale: Scale, scale_id: int, edition: str) -> bool:
    if edition == scale.content_hash:
        return True
    other = scale_known(scale_id, edition)
    return (other.possible, other.leads) == (scale.possible, scale.leads)


def fidelity_picture(
    policy: FidelityPolicy, scale: Scale, quarter: Quarter, pairs: Sequence[Pair]
) -> Picture | None:
    """Nothing with so few teams that it says nothing."""
    if len(pairs) < FEWEST_POINTS:
        return None
    points = sorted((pair.total, pair.share) for pair in pairs)
    finding = together(points)
    of = f"{scale.part} at " if scale.part else ""
    content = {
        "points": [["", total, share, False] for total, share in points],
        "bands": [[band.label, band.minimum] for band in scale.labelled(policy.band_labels)],
        "lowest": scale.lowest_possible,
        "highest": scale.possible,
        "x_name": f"Total of {of}the last fidelity review",
        "y_name": f"Employment rate, {quarter.months}",
        "title": "Fidelity and employment",
        "description": finding,
    }
    return picture(TOTALS_AND_RATES, content, finding)


def together(points: Sequence[tuple[int, float]]) -> str:
    """How strongly the two go together, in words. Source: domain reference 1.1 (about .3 is published)."""
    totals, shares = zip(*points, strict=True)
    if len(set(totals)) < 2 or len(set(shares)) < 2:
        return f"{len(points)} teams with a review and a rate; too alike to compare."
    found = correlation(totals, shares)
    strength = "hardly" if abs(found) < 0.1 else "weakly" if abs(found) < 0.3 else "clearly"
    way = "higher fidelity, higher rates" if found > 0 else "higher fidelity, lower rates"
    said = "hardly go together" if strength == "hardly" else f"go together {strength} ({way})"
    return f"Among {len(points)} teams the two {said}: correlation {found:.2f}. About .3 is published."
