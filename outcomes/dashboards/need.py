"""How much of the need the state met in a quarter, for those who lead it; nothing while no number is recorded."""

from collections.abc import Mapping

from ips_portal.quarters import Quarter
from outcomes.figures import Figures
from outcomes.need import Estimate, Need, need, people_served


def need_met(
    estimate: Estimate | None,
    quarter: Quarter,
    figures: Mapping[tuple[int, Quarter], Figures],
    expected: int,
) -> Need | None:
    """`figures` in force by team and quarter; teams that did not collect the people served are left out."""
    if estimate is None:
        return None
    served = people_served(figures, quarter)
    return need(estimate, served=sum(served) if served else None, reporting=len(served), expected=expected)
