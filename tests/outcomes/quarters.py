"""A quarter of North's first team, ready to be entered, submitted and decided."""

from decimal import Decimal
from uuid import uuid4

from agencies import tenancy
from ips_portal.quarters import Quarter
from outcomes.actions import deciding, entering, opening, submitting
from outcomes.actions.entering import Cell
from outcomes.figures import OPEN, Figure, Number
from outcomes.in_force import measures_of, policy_of
from outcomes.models import QuarterlyReport
from tests.cast import StateCast

ORDINARY: dict[str, Number] = {
    "served": 40,
    "employed": 18,
    "in_school": 3,
    "in_education": 6,
    "job_starts": 9,
    "transitioned_working": 3,
    "transitioned_unemployed": 2,
    "specialist_fte": Decimal("2.50"),
    "new_enrollees": 6,
    "vacant_fte": Decimal("0.00"),
    "specialists_left": 0,
}


def last_quarter(cast: StateCast) -> Quarter:
    return Quarter.last_ended(cast.state.today())


def expected(cast: StateCast, team: str = "north_one", quarter: Quarter | None = None) -> QuarterlyReport:
    wanted = quarter or last_quarter(cast)
    opening.open_quarter(cast.state, wanted)
    with tenancy.as_system(cast.state.pk):
        return QuarterlyReport.objects.placed().get(team=cast.teams[team], quarter=wanted)


def cells(**values: Number | None) -> dict[str, Cell]:
    return {key: Cell(OPEN if value is None else Figure(value), OPEN) for key, value in values.items()}


def enter(cast: StateCast, report: QuarterlyReport, persona: str = "supervisor", **values: Number) -> None:
    with cast.entered(persona) as by:
        known = {measure.key for measure in measures_of(policy_of(report.state_id, report.quarter))}
        wanted = {key: value for key, value in {**ORDINARY, **values}.items() if key in known}
        entering.save_cells(report, cells=cells(**wanted), by=by)


def submit(cast: StateCast, report: QuarterlyReport, persona: str = "supervisor") -> QuarterlyReport:
    with cast.entered(persona) as by:
        version = entering.draft_of(report).version
        return submitting.submit(report, version=version, key=uuid4(), by=by)


def accept(cast: StateCast, report: QuarterlyReport, persona: str = "trainer") -> QuarterlyReport:
    with cast.entered(persona) as by:
        return deciding.accept(report, version=report.version, by=by)
