"""What who leads a state sees of a quarter before it is published: which teams are in, when it comes, what keeps it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from agencies.models import State
from agencies.permissions import Actor
from agencies.tenancy import BREADTH, Breadth
from ips_portal.quarters import Quarter
from outcomes.models import QuarterlyReport, StateQuarter


@dataclass(frozen=True)
class Awaited:
    teams: int
    expected: int
    final_on: date
    withheld: int  # small counts that would be found out
    is_final: bool

    @property
    def missing(self) -> int:
        return self.expected - self.teams


def awaited(tenant: State, actor: Actor, quarter: Quarter) -> Awaited | None:
    """None where nobody is expected to report the quarter, and for whoever does not lead the state. Two queries."""
    if BREADTH[actor.role] is not Breadth.STATE:
        return None
    reports = QuarterlyReport.objects.visible_to(actor).filter(quarter=quarter)
    found = reports.aggregate(teams=Count("in_force"), expected=Count("pk"), final_on=Max("locks_on"))
    if not found["expected"]:
        return None
    own = StateQuarter.objects.visible_to(actor).filter(quarter=quarter).first()
    return Awaited(**found, withheld=own.withheld if own else 0, is_final=found["final_on"] <= tenant.today())


def withheld_quarters(actor: Actor) -> list[Quarter]:
    rows = StateQuarter.objects.visible_to(actor).filter(withheld__gt=0)
    return list(rows.order_by("quarter").values_list("quarter", flat=True))
