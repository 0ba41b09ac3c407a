"""What the agencies of a practice state say of themselves, where the state asks: all the people they served."""

from datetime import timedelta

from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from outcomes.census import KEYS
from outcomes.models import AgencyQuarter, QuarterlyReport, Revision

WHOLE = (6.0, 13.0)  # adults an agency served for each of them in IPS
WORKING = (0.16, 0.24)  # of adults with serious mental illness served by public agencies
NEVER_SAYS = 5  # one agency in so many does not enter it
Status = QuarterlyReport.Status


def count(land: Land, crew: Crew) -> None:
    """For each quarter in which figures of its teams are accepted."""
    if not set(KEYS) <= set(land.world.outcomes.get("optional", ())):
        return
    served: dict[tuple[int, object], list[int]] = {}
    for row in land.rows.of(Revision):
        report = row.report
        if report.state is land.state and row.number == report.in_force and row.served is not None:
            served.setdefault((land.agencies.index(row.team.agency), report.quarter), []).append(row.served)
    for (place, quarter), counts in served.items():
        leader = crew.leaders[land.agencies[place].slug]
        saved_on = quarter.ends_on + timedelta(days=12)  # type: ignore[attr-defined]
        if place % NEVER_SAYS == NEVER_SAYS - 1 or not leader.started_on <= saved_on < land.today:
            continue
        whole = round(sum(counts) * land.rng.uniform(*WHOLE))
        land.rows.add(
            AgencyQuarter(
                state=land.state,
                agency=land.agencies[place],
                quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
                agency_adults_served=whole,
                agency_adults_employed=round(whole * land.rng.uniform(*WORKING)),
                saved_by=leader.person,
                saved_at=land.at(saved_on, 9, 40),
                version=2,
            )
        )
