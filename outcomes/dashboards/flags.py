"""What in a team's quarters wants a person's attention, each with its rule. A flag asks; it does not judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ips_portal.quarters import Quarter
from outcomes.dashboards.glance import AnyReport
from outcomes.figures import Figures
from outcomes.rates import rate, ratio

HIGHEST_CASELOAD = 20  # people per full-time specialist. Source: domain reference 3.4
FEWEST_TO_FALL = 10  # people served: below it a rate moves by chance


@dataclass(frozen=True)
class Flag:
    key: str
    text: str
    rule: str
    note: str = ""  # what the team itself says


def flags_of(
    past: Mapping[Quarter, Figures], quarter: Quarter, report: AnyReport | None, today: date
) -> tuple[Flag, ...]:
    found = [
        late(report, today),
        falling(past, quarter),
        vacancy(past.get(quarter)),
        full(past.get(quarter)),
    ]
    return tuple(flag for flag in found if flag)


def late(report: AnyReport | None, today: date) -> Flag | None:
    if report is None or not report.is_overdue(today):
        return None
    days = (today - report.due_on).days
    return Flag(
        "late",
        f"{report.quarter.months} is {days} {'day' if days == 1 else 'days'} overdue",
        "The report is not submitted and its due date has passed.",
    )


def falling(past: Mapping[Quarter, Figures], quarter: Quarter) -> Flag | None:
    three = [past.get(each) for each in quarter.last(3)]
    if any(figures is None or (figures.count("served") or 0) < FEWEST_TO_FALL for figures in three):
        return None
    values = [value for figures in three if figures and (value := ratio("employment", figures)) is not None]
    if len(values) < 3 or not values[0] > values[1] > values[2]:
        return None
    shown = [rate("employment", figures).shown for figures in three if figures]
    latest = past[quarter]
    return Flag(
        "falling",
        f"Employment rate fell twice: {', '.join(shown)}",
        f"Lower than the quarter before in two quarters running, with at least {FEWEST_TO_FALL} people served.",
        latest.note,
    )


def vacancy(figures: Figures | None) -> Flag | None:
    if figures is None:
        return None
    vacant = figures.value("vacant_fte")
    if not vacant and not figures.vacancy:
        return None
    amount = f": {vacant.normalize():f} FTE open" if vacant and not isinstance(vacant, int) else ""
    return Flag(
        "vacancy",
        f"Vacancy{amount}",
        "The team reports an open position of a specialist.",
        figures.vacancy,
    )


def full(figures: Figures | None) -> Flag | None:
    if figures is None:
        return None
    people = ratio("end_caseload_per_fte", figures)
    if people is None or people <= HIGHEST_CASELOAD:
        return None
    found = rate("end_caseload_per_fte", figures)
    return Flag(
        "caseload",
        f"{found.shown} people per specialist",
        f"More than {HIGHEST_CASELOAD} people per full-time specialist at the end of the quarter.",
        figures.note,
    )
