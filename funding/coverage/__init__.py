"""Where a funding plan leaves work unpaid, or paid in a way that does not fit IPS, and what states did about it.

Source: domain reference 4.3 and 4.5, with the limits of a state; each rule stands beside where it comes from.
"""

from datetime import date

from funding.coverage import doubles, entry, lasting, payers, terms
from funding.coverage.doubles import LinkFault, link_faults
from funding.coverage.reading import Gap, Limits, Reading, Rule
from funding.grid import Grid

__all__ = ["Gap", "Limits", "LinkFault", "gaps", "link_faults"]
RULES: tuple[Rule, ...] = (
    payers.phase_without_payer,
    payers.element_without_payer,
    terms.support_ends_early,
    terms.one_job_only,
    terms.nothing_before_a_job,
    entry.people_kept_out,
    payers.single_payer,
    lasting.money_that_ends,
    lasting.not_verified,
    doubles.paid_twice,
    payers.nothing_for_the_start,
    lasting.waiting_for_a_change,
)


def gaps(grid: Grid, today: date, limits: Limits) -> tuple[Gap, ...]:
    """What is about more than one phase first, then by phase in the plan's order; within each by rule."""
    reading = Reading(grid, today, limits)
    places = {key: place for place, key in enumerate(["", *(phase.key for phase in grid.phases)])}
    found = [gap for rule in RULES for gap in rule(reading)]
    return tuple(sorted(found, key=lambda gap: places[gap.phase]))
