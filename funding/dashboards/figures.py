"""A team's own figures to reckon with: lowest and highest of its last accepted quarters, as it reported them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agencies.models import Team
from agencies.permissions import Actor, Resource, scope_of
from ips_portal.quarters import Quarter
from outcomes.figures import Figures
from outcomes.models import Revision

LOOKED_AT = 4  # quarters
HELD = 90  # days that the measure of lasting jobs asks about
Ends = tuple[Decimal, Decimal]


def measured(key: str) -> Callable[[Figures], Decimal | None]:
    def value(figures: Figures) -> Decimal | None:
        found = figures.value(key)
        return None if found is None else Decimal(found)

    return value


def percent(part: str, whole: str) -> Callable[[Figures], Decimal | None]:
    """Of two counts of one quarter, to two places."""

    def value(figures: Figures) -> Decimal | None:
        above, below = figures.count(part), figures.count(whole)
        if above is None or not below:
            return None
        return min(Decimal(100), (Decimal(100) * above / below)).quantize(Decimal("0.01"))

    return value


# Name of a figure -> what it is read from. What no measure counts is typed by hand.
READ: Mapping[str, tuple[str, Callable[[Figures], Decimal | None]]] = {
    "served": ("People served", measured("served")),
    "new_people": ("New people", measured("new_enrollees")),
    "job_starts": ("Job starts", measured("job_starts")),
    "closures": ("Successful Vocational Rehabilitation closures", measured("closed_successful_vr")),
    "fte": ("Specialists (full-time equivalents)", measured("specialist_fte")),
    f"held-{HELD}": (f"People holding a job for {HELD} days", percent("employed_90_days", "employed")),
    "vr": ("Open cases with Vocational Rehabilitation", percent("vr_open", "served")),
}


@dataclass(frozen=True)
class OwnFigures:
    """`ends` by the name of a figure, percent for shares; `missing` names measures that no quarter has."""

    quarters: tuple[Quarter, ...]
    ends: Mapping[str, Ends]
    missing: tuple[str, ...]


def teams(actor: Actor) -> list[Team]:
    """Those whose accepted figures this person sees. One query."""
    if scope_of(actor.role, "view", Resource.OUTCOME_ACCEPTED) is None:
        return []
    reported = Revision.objects.visible_to(actor).in_force().order_by().values("team_id")
    rows = Team.objects.visible_to(actor).filter(pk__in=reported).select_related("agency")
    return list(rows.order_by("agency__name", "name"))


def own_figures(team: Team, actor: Actor) -> OwnFigures:
    """One query. A quarter in which the team did not operate is none of them."""
    rows = Revision.objects.visible_to(actor).in_force().filter(team=team)
    found = list(rows.order_by("-report__quarter")[:LOOKED_AT])
    return of_quarters([(row.report.quarter, row.figures) for row in found])


def of_quarters(reported: Iterable[tuple[Quarter, Figures]]) -> OwnFigures:
    quarters = tuple(reported)
    ends: dict[str, Ends] = {}
    missing = []
    for name, (label, read) in READ.items():
        values = [value for _, figures in quarters if (value := read(figures)) is not None]
        if values:
            ends[name] = min(values), max(values)
        else:
            missing.append(label)
    return OwnFigures(tuple(quarter for quarter, _ in quarters), ends, tuple(missing))
