"""Who enters, submits, returns, accepts and reopens practice reports, and on which days: rows with their dates."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from agencies.models import Person, Team
from agencies.permissions import Role
from ips_portal.practice.answers import begun
from ips_portal.practice.asked import Asked
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land, Site
from ips_portal.practice.rhythm import office_day
from ips_portal.practice.rows import Told
from ips_portal.quarters import Quarter
from outcomes.figures import Figures
from outcomes.models import QuarterlyReport, Revision

Status = QuarterlyReport.Status
LATE, LATEST = 0.08, 24  # share of reports, and days after the due date. Source: domain reference 8.4
FIRST_DAY = 3  # after the end of a quarter
FILLED_IN = 0.6  # of a draft
RETURNED = {
    "employed": "Does this include people who have worked one day only? Last quarter three of them were added later.",
    "job_starts": "Please count jobs here, not people: two second jobs are missing in your list.",
}
LOOK_AGAIN = "Please look at the figures once more."
PAUSED = (
    "The team did not run in these months: both specialists had left, and a partner agency served everybody."
)
AMENDING = timedelta(days=75)  # from locked to locked again, at most
WHY_REOPENED = "A pay stub came after the report: one more person worked in the quarter."


@dataclass(frozen=True)
class Sheet:
    """What a team has to report of one quarter, with so many warnings explained."""

    site: Site
    quarter: Quarter
    figures: Figures
    warned: int


@dataclass(frozen=True)
class Desk:
    """Where the reports of one state are filed."""

    land: Land
    crew: Crew
    asked: Asked
    rng: random.Random

    @property
    def yesterday(self) -> date:
        return self.land.today - timedelta(days=1)

    def may_have_come(self, quarter: Quarter) -> bool:
        """A report is submitted after the quarter, and read the day before today at the latest."""
        return self.yesterday >= quarter.ends_on + timedelta(days=FIRST_DAY)

    def supervisor(self, team: Team) -> Person:
        person: Person = self.crew.supervisors[team.slug].person
        return person

    def reader(self, row: QuarterlyReport) -> Person:
        """Trainers accept in turn, and so does the admin."""
        able = [*self.crew.by_role[Role.STATE_TRAINER], self.crew.first(Role.STATE_ADMIN)]
        person: Person = able[(len(row.team.slug) + row.quarter.number) % len(able)].person
        return person

    def key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def moment(self, day: date, hour: int = 9) -> datetime:
        return self.land.at(day, hour + self.rng.randint(0, 2), self.rng.randint(0, 59))

    def recalls(self, quarter: Quarter) -> bool:
        """A nation's oldest quarters are spared rules and history, which take their time."""
        return Quarter.last_ended(self.land.today).since(quarter) < self.land.world.recalled

    def tell(
        self, row: QuarterlyReport, person: Person, at: datetime, values: dict[str, Any], reason: str = ""
    ) -> None:
        if self.recalls(row.quarter):
            self.land.rows.told.append(Told(row, person, at, values, reason))


def expect(desk: Desk, site: Site, quarter: Quarter) -> QuarterlyReport:
    policy = desk.asked.of(quarter)
    return desk.land.rows.add(
        QuarterlyReport(
            state=desk.land.state,
            team=site.team,
            quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
            due_on=policy.due_on(quarter),
            locks_on=policy.locks_on(quarter),
        )
    )


def begin(desk: Desk, sheet: Sheet) -> None:
    """A draft with the first part filled in."""
    measures = desk.asked.measures(sheet.quarter)
    figures = begun(sheet.figures, measures, FILLED_IN)
    row = expect(desk, sheet.site, sheet.quarter)
    row.status, row.current, row.percent = Status.DRAFT, 1, figures.percent(measures)
    row.begun_by = desk.supervisor(sheet.site.team)
    revision = _revision(desk, row, figures, 1, desk.moment(desk.yesterday))
    revision.is_draft, revision.submit_key = True, None


def submit(desk: Desk, sheet: Sheet) -> QuarterlyReport:
    """It waits for the state from now on."""
    row = expect(desk, sheet.site, sheet.quarter)
    day = _day_of_report(desk, row)
    row.is_late, row.begun_by = day > row.due_on, desk.supervisor(sheet.site.team)
    row.open_warnings = sheet.warned
    _hand_in(desk, row, sheet.figures, 1, day)
    return row


def give_back(desk: Desk, sheet: Sheet) -> None:
    """With a comment at one cell."""
    row = submit(desk, sheet)
    key = desk.rng.choice([key for key in RETURNED if sheet.figures.value(key)] or [""])
    returned = {key: RETURNED.get(key, LOOK_AGAIN)}
    reader, at = desk.reader(row), desk.moment(desk.yesterday, 15)
    desk.tell(row, reader, at, {"status": [row.status, Status.RETURNED], "returned": [{}, returned]})
    row.status, row.returned, row.version = Status.RETURNED, returned, row.version + 1


def accept(desk: Desk, sheet: Sheet, *, amends: Figures | None = None, is_fresh: bool = False) -> None:
    """Accepted, and final once its day has come. `amends` are the figures that were reopened later.

    What was accepted yesterday waits for the next day's timetable, whatever its date.
    """
    row = submit(desk, sheet if amends is None else replace(sheet, figures=amends))
    submitted = row.submitted_at or desk.moment(row.due_on)
    wished = desk.yesterday if is_fresh else submitted.date() + timedelta(days=desk.rng.randint(1, 12))
    accepted_on = _accept(desk, row, min(max(office_day(wished), submitted.date()), desk.yesterday))
    if row.locks_on > desk.land.today or accepted_on >= desk.yesterday:
        return
    locked_on = _lock(desk, row, max(row.locks_on, accepted_on + timedelta(days=1)))
    if amends is not None:
        _amend(desk, row, sheet.figures, locked_on + timedelta(days=desk.rng.randint(10, 30)))


def may_be_amended(desk: Desk, quarter: Quarter) -> bool:
    return desk.asked.of(quarter).locks_on(quarter) + AMENDING < desk.land.today


def not_operating(desk: Desk, site: Site, quarter: Quarter) -> None:
    accept(desk, Sheet(site, quarter, Figures(note=PAUSED), 0))
    row, revision = desk.land.rows.of(QuarterlyReport)[-1], desk.land.rows.of(Revision)[-1]
    row.is_operating = revision.is_operating = False


def _day_of_report(desk: Desk, row: QuarterlyReport) -> date:
    """In time as a rule, and before today."""
    ended, rng = row.quarter.ends_on, desk.rng
    in_time = ended + timedelta(days=rng.randint(FIRST_DAY, (row.due_on - ended).days))
    late = row.due_on + timedelta(days=rng.randint(1, LATEST))
    day = late if rng.random() < LATE else in_time
    if day > desk.yesterday:
        day = ended + timedelta(days=rng.randint(FIRST_DAY, (desk.yesterday - ended).days))
    is_late = day > row.due_on
    return day if is_late else office_day(day)


def _hand_in(desk: Desk, row: QuarterlyReport, figures: Figures, number: int, day: date) -> None:
    at, person, before = desk.moment(day), desk.supervisor(row.team), row.status
    row.status, row.current, row.percent = Status.SUBMITTED, number, 100
    row.submitted_at, row.submitted_by, row.version = at, person, row.version + 1
    _revision(desk, row, figures, number, at)
    begun = Status.DRAFT if before == Status.EXPECTED else before
    desk.tell(row, person, at, {"status": [begun, row.status], "percent": [0, 100]})


def _accept(desk: Desk, row: QuarterlyReport, day: date) -> date:
    at, reader = desk.moment(day, 14), desk.reader(row)
    counted = {"status": [row.status, Status.ACCEPTED], "in_force": [row.in_force, row.current]}
    desk.tell(row, reader, at, counted)
    row.status, row.in_force, row.accepted_at, row.accepted_by = Status.ACCEPTED, row.current, at, reader
    row.version += 1
    return day


def _lock(desk: Desk, row: QuarterlyReport, day: date) -> date:
    row.status, row.locked_at, row.version = Status.LOCKED, desk.land.at(day, 3), row.version + 1
    return day


def _amend(desk: Desk, row: QuarterlyReport, figures: Figures, day: date) -> None:
    """The state's admin reopens it; the reason stays in the history."""
    reopened = {"status": [row.status, Status.REOPENED], "reopened_reason": ["", WHY_REOPENED]}
    admin = desk.crew.first(Role.STATE_ADMIN).person
    desk.tell(row, admin, desk.moment(day), reopened, WHY_REOPENED)
    row.status, row.version = Status.REOPENED, row.version + 1
    _hand_in(desk, row, figures, 2, day + timedelta(days=desk.rng.randint(1, 9)))
    accepted_on = _accept(desk, row, day + timedelta(days=desk.rng.randint(10, 15)))
    _lock(desk, row, accepted_on + timedelta(days=1))


def _revision(desk: Desk, row: QuarterlyReport, figures: Figures, number: int, at: datetime) -> Revision:
    revision = Revision(
        state=row.state,
        report=row,
        team=row.team,
        number=number,
        is_draft=False,
        definition=desk.asked.definition(row.quarter),
        submit_key=desk.key(),
        saved_at=at,
        version=desk.rng.randint(2, 6),
    )
    revision.put(figures)
    return desk.land.rows.add(revision)
