"""The report in time: one for a team and quarter, not before its end, in time, and not after it is locked.

The actions hold to these too; the words stand here once. Without `today` in the case, none of them speaks.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ips_portal.quarters import MONTHS
from outcomes.checks.examples import ordinary
from outcomes.checks.rules import CALENDAR, Case, Level, Seen, rule


@rule(
    "V10",
    Level.ERROR,
    "No report can be submitted here",
    when="The quarter has not ended, the team was not active in it, or the team has a report of it already.",
    why="Two reports, or a report of half a quarter, would count the same people twice or leave some out.",
    fix="Keep the draft until the quarter has ended. If the team's dates are wrong, ask your state administrator.",
    source=CALENDAR,
    example=replace(ordinary(), today=date(2026, 9, 20)),
)
def it_is_time_for_a_report(case: Case) -> Iterator[Seen]:
    if case.today is not None and not case.quarter.has_ended(case.today):
        opens = (case.quarter + 1).starts_on
        yield Seen(f"{case.quarter.months} has not ended", f"reports can be submitted from {_day(opens)}")
    if not case.is_team_active:
        yield Seen(f"The team was not active in {case.quarter.months}", "only active teams report")
    if not case.is_only_report:
        yield Seen(f"There is another report of {case.quarter.months}", "a team has one report for a quarter")


@rule(
    "V19",
    Level.INFORMATION,
    "After the due date",
    when="The report is submitted, or still open, after the day it was due.",
    why="The state sees which reports came late; late ones count like all others.",
    fix="Submit it as it is. If the day does not suit the team, tell the state.",
    source=CALENDAR,
    example=replace(ordinary(), due_on=date(2026, 10, 30), submitted_on=date(2026, 11, 2)),
)
def it_is_in_time(case: Case) -> Iterator[Seen]:
    day = case.submitted_on or case.today
    if case.due_on is not None and day is not None and day > case.due_on:
        late = (day - case.due_on).days
        what = "Submitted" if case.submitted_on else "Not submitted yet"
        yield Seen(
            f"{what}, {late} {'day' if late == 1 else 'days'} late", f"it was due on {_day(case.due_on)}"
        )


@rule(
    "V20",
    Level.ERROR,
    "The quarter is locked",
    when="A locked report is changed without a reason.",
    why="Figures have been published from it. The old ones stay visible, and readers must learn what changed.",
    fix="Ask for an amendment and say why it is needed.",
    source=CALENDAR,
    example=replace(ordinary(), locked_on=date(2026, 11, 14)),
)
def locked_means_amended(case: Case) -> Iterator[Seen]:
    if case.locked_on is not None and not case.reason_to_amend.strip():
        yield Seen(
            f"{case.quarter} has been locked since {_day(case.locked_on)}",
            "a locked quarter changes only by an amendment with its reason",
        )


def _day(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
