"""What a program did well over four quarters, drawn from its own figures: each strength with its rule and its sentence.

Pure. A strength is a reason to ask a program how it did it; it is no grade.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ips_portal.quarters import Quarter
from outcomes.figures import Figures
from outcomes.goals import MEASURES, SHARES
from outcomes.rates import Rate, rate

HIGHER_IS_BETTER = ("employment", "education", "job_starts_per_fte")
SHOWN = 2
FEWEST_SERVED = 10  # below it a rate moves by chance
FEWEST_LEFT = 10  # people who left, over the quarters shown
FEWEST_QUARTERS = 3
SMALLEST_RISE = {"share": Decimal("0.05"), "number": Decimal("0.5")}
WORKING_OF_LEFT = Decimal("0.6")
HIGHEST_CASELOAD = 20  # people per full-time specialist. Source: domain reference 3.4


@dataclass(frozen=True)
class Course:
    """A program's quarters, oldest first. `medians` stand where enough teams make one; a goal is one for a team.

    `on_time` holds the quarters the program was expected to report.
    """

    quarters: Sequence[Quarter]
    figures: Mapping[Quarter, Figures]
    medians: Mapping[tuple[str, Quarter], Decimal]
    goals: Mapping[str, Decimal]
    on_time: Mapping[Quarter, bool]

    def rates(self, measure: str) -> dict[Quarter, Rate]:
        """Those that have a value."""
        found = {each: rate(measure, self.figures[each]) for each in self.quarters if each in self.figures}
        return {quarter: one for quarter, one in found.items() if one.value is not None}


@dataclass(frozen=True)
class Strength:
    key: str
    measure: str  # empty where it is about no rate
    sentence: str
    rule: str
    weight: Decimal = Decimal(0)  # among those of one rule, the heaviest is told


@dataclass(frozen=True)
class Strengths:
    """Two where the figures allow it; else `missing` says why not."""

    told: tuple[Strength, ...]
    missing: str


def strengths(course: Course) -> Strengths:
    found = [
        *heaviest(rises(course)),
        *heaviest(above_the_middle(course)),
        *heaviest(above_the_goal(course)),
        *leaving_with_work(course),
        *caseload(course),
        *on_time(course),
    ]
    told = two_of(found)
    return Strengths(told, "" if len(told) == SHOWN else why_not(course, len(told)))


def two_of(found: Sequence[Strength]) -> tuple[Strength, ...]:
    """The first, and the next of another rule, of another measure if there is one."""
    if not found:
        return ()
    first = found[0]
    others = [each for each in found if each.key != first.key]
    apart = [each for each in others if each.measure != first.measure]
    return (first, *(apart or others)[:1])


def why_not(course: Course, told: int) -> str:
    known = len([quarter for quarter in course.quarters if quarter in course.figures])
    if known < FEWEST_QUARTERS:
        return (
            f"There are accepted figures for {known} of {len(course.quarters)} quarters; "
            f"a strength over time needs {FEWEST_QUARTERS}."
        )
    lack = "No second strength" if told else "No strength"
    return f"{lack} follows from the figures by these rules. Ask the program what went well."


def heaviest(found: Iterator[Strength]) -> list[Strength]:
    return sorted(found, key=lambda each: -each.weight)


def rises(course: Course) -> Iterator[Strength]:
    for measure in HIGHER_IS_BETTER:
        known = course.rates(measure)
        if len(known) < FEWEST_QUARTERS:
            continue
        first, last = min(known), max(known)
        if any((course.figures[each].count("served") or 0) < FEWEST_SERVED for each in (first, last)):
            continue
        smallest = SMALLEST_RISE["share" if measure in SHARES else "number"]
        rise = (known[last].value or 0) - (known[first].value or 0)
        if rise >= smallest:
            yield Strength(
                "rise",
                measure,
                f"{MEASURES[measure]}: from {known[first].shown} to {known[last].shown} "
                f"since {first.months}.",
                f"The highest rise in a rate over the quarters shown: at least 5 points, or half a job start "
                f"per specialist, with {FEWEST_SERVED} or more people served at both ends.",
                rise / smallest,
            )


def above_the_middle(course: Course) -> Iterator[Strength]:
    for measure in HIGHER_IS_BETTER:
        known = {
            each: one for each, one in course.rates(measure).items() if (measure, each) in course.medians
        }
        above = [each for each, one in known.items() if (one.value or 0) > course.medians[measure, each]]
        if len(above) >= FEWEST_QUARTERS:
            yield Strength(
                "middle",
                measure,
                f"{MEASURES[measure]}: above the state's median in {len(above)} of {len(course.quarters)} quarters.",
                f"Above the median of the state's programs in {FEWEST_QUARTERS} or more of the quarters shown.",
                Decimal(len(above)),
            )


def above_the_goal(course: Course) -> Iterator[Strength]:
    newest = course.quarters[-1]
    for measure in HIGHER_IS_BETTER:
        goal, now = course.goals.get(measure), course.rates(measure).get(newest)
        if goal and now and now.value is not None and now.value >= goal:
            yield Strength(
                "goal",
                measure,
                f"{MEASURES[measure]}: {now.shown} in {newest.months}, at or above the state's goal for a team.",
                "The newest quarter reaches the goal that the state has set for a team.",
                now.value / goal,
            )


def leaving_with_work(course: Course) -> Iterator[Strength]:
    known = [course.figures[each] for each in course.quarters if each in course.figures]
    pairs = [(each.count("transitioned_working"), each.count("transitioned_unemployed")) for each in known]
    whole = [(working, without) for working, without in pairs if working is not None and without is not None]
    working, left = sum(one for one, _ in whole), sum(one + other for one, other in whole)
    if len(whole) >= FEWEST_QUARTERS and left >= FEWEST_LEFT and working >= WORKING_OF_LEFT * left:
        yield Strength(
            "leaving",
            "",
            f"Few leave without work: {working} of the {left} people who left were working.",
            f"Of at least {FEWEST_LEFT} people who left over the quarters shown, six of ten or more were working.",
        )


def caseload(course: Course) -> Iterator[Strength]:
    known = course.rates("end_caseload_per_fte")
    if len(known) >= FEWEST_QUARTERS and all((one.value or 0) <= HIGHEST_CASELOAD for one in known.values()):
        yield Strength(
            "caseload",
            "end_caseload_per_fte",
            f"Caseloads stay small: {HIGHEST_CASELOAD} people per specialist or fewer in "
            f"{len(known)} of {len(course.quarters)} quarters.",
            f"No quarter shown ends with more than {HIGHEST_CASELOAD} people per full-time specialist.",
        )


def on_time(course: Course) -> Iterator[Strength]:
    asked = [course.on_time[each] for each in course.quarters if each in course.on_time]
    if len(asked) >= FEWEST_QUARTERS and all(asked):
        yield Strength(
            "on_time",
            "",
            f"Reports steadily: on time in {len(asked)} of {len(asked)} quarters.",
            f"Every report of at least {FEWEST_QUARTERS} quarters came by its due date.",
        )
