"""Quarterly reports of the gates' world: of the own team one in every status, each with a secret in its note."""

from typing import Any
from uuid import uuid4

from ips_portal.quarters import Quarter
from ips_portal.uploads.sheets import Row, Sheet
from outcomes import census
from outcomes.actions import deciding, entering, opening, submitting
from outcomes.actions.census import enter as enter_agency
from outcomes.actions.entering import Words
from outcomes.dashboards.importing import all_measures
from outcomes.figures import Figure
from outcomes.importing.staging import stage
from outcomes.models import OutcomeImport, QuarterlyReport
from tests.outcomes import files
from tests.outcomes.quarters import ORDINARY, cells

# Newest quarter first: what came in last waits for the state.
STATUSES = ("submitted", "draft", "accepted", "locked", "returned")
ELSEWHERE = STATUSES[:3]  # of teams that are not the reader's own: waiting, unseen and in force


def reports(corner: Any, supervisor: str) -> dict[str, QuarterlyReport]:
    """Built through the actions. `corner` is one of the world's; `supervisor` the persona who reports."""
    last = Quarter.last_ended(corner.cast.state.today())
    shown = STATUSES if corner.is_own else ELSEWHERE
    return {status: report(corner, supervisor, status, last - back) for back, status in enumerate(shown)}


def report(corner: Any, supervisor: str, status: str, quarter: Quarter) -> QuarterlyReport:
    opening.open_quarter(corner.cast.state, quarter)
    with corner.cast.entered(supervisor) as by:
        found = QuarterlyReport.objects.placed().get(team=corner.cast.teams[corner.key], quarter=quarter)
        words = Words({}, corner.secret(f"figures{status}"), "")
        entering.save_cells(found, cells=cells(**ORDINARY), words=words, by=by)
        if status != "draft":
            version = entering.draft_of(found).version
            submitting.submit(found, version=version, key=uuid4(), by=by)
    with corner.cast.entered("admin") as admin:
        if status in ("accepted", "locked"):
            deciding.accept(found, version=found.version, by=admin)
        if status == "locked":
            deciding.lock_now(found, by=admin)
        if status == "returned":
            deciding.give_back(found, cells={"": "Look again."}, version=found.version, by=admin)
    return found


def of_the_agency(corner: Any, supervisor: str) -> None:
    """Once for both teams of an agency: the second saves the same."""
    with corner.cast.entered(supervisor) as by:
        figures = {census.SERVED: Figure(900), census.EMPLOYED: Figure(200)}
        enter_agency(corner.quarters["draft"], figures=figures, version=1, by=by)


def table(corner: Any, served: int = 41) -> list[list[str]]:
    """A file for the own team's draft."""
    team, quarter = corner.cast.teams[corner.key], corner.quarters["draft"].quarter
    return [files.head("Note"), files.row(team.name, quarter, corner.secret("figuresupload"), served=served)]


def upload(corner: Any, supervisor: str) -> OutcomeImport:
    """Staged and not imported yet."""
    rows = tuple(Row(number, tuple(cells)) for number, cells in enumerate(table(corner), start=1))
    with corner.cast.entered(supervisor) as by:
        measures = all_measures(corner.cast.state, [corner.quarters["draft"].quarter])
        return OutcomeImport.objects.create(
            state=corner.cast.state,
            team=corner.cast.teams[corner.key],
            uploaded_by_id=by.person_id,
            file_name=f"{corner.secret('upload')}.csv",
            sha256="0" * 64,
            staged=stage(Sheet(rows), measures, measures).as_json(),
        )
