"""Each number by itself: is it answered, is it a number of that measure, is it in range?"""

from collections.abc import Iterator
from decimal import Decimal

from outcomes.checks.examples import open_at, ordinary
from outcomes.checks.rules import MEANING, OURS, Case, Level, Seen, fits, is_in_range, rule
from outcomes.checks.staff import somebody_served_them
from outcomes.figures import Number, Standing
from outcomes.measures import Measure

LONGEST = 24  # of a number that is shown back


@rule(
    "V01",
    Level.ERROR,
    "Not a number of this kind",
    when="A count has decimals or is below 0, or staff has more than two decimals.",
    why="Such a number cannot be added up with those of other teams.",
    fix="Enter a whole number for people, jobs and contacts. Staff may have two decimals, such as 2.5.",
    source=MEANING,
    example=ordinary(served=Decimal("40.5")),
)
def is_a_number(case: Case) -> Iterator[Seen]:
    for measure in case.measures:
        value = case.figures.value(measure.key)
        if value is not None and not fits(value, measure):
            decimals = f"have at most {measure.places} decimals" if measure.places else "be whole"
            yield Seen(
                f"“{measure.label}” is {_shown(value)}",
                f"the number must {decimals} and be 0 or more",
                (measure.key,),
            )


@rule(
    "V21",
    Level.ERROR,
    "Out of range",
    when="A number is larger than the portal accepts, or an average of pay or hours is 0.",
    why="A number this far out is nearly always a slip of the hand, and it would move the figures of the whole state.",
    fix="Look for extra digits or a missing decimal point. If there were no cases to average, "
    "choose “Not collected” and say so.",
    source=MEANING,
    example=ordinary(avg_weekly_hours=Decimal(95)),
)
def is_within_bounds(case: Case) -> Iterator[Seen]:
    for measure in case.measures:
        value = case.figures.value(measure.key)
        if value is not None and fits(value, measure) and not is_in_range(value, measure):
            yield Seen(f"“{measure.label}” is {_shown(value)}", _range(measure), (measure.key,))


@rule(
    "V30",
    Level.ERROR,
    "Not answered yet",
    when="A core measure is still open when the report is submitted.",
    why="An empty field could mean zero or not known; the state must not have to guess which.",
    fix="Enter the number. If there was nothing to count, enter 0. If nobody kept count, "
    "choose “Not collected” and say why.",
    source=OURS,
    example=open_at(ordinary(), "in_school"),
)
def every_core_measure_is_answered(case: Case) -> Iterator[Seen]:
    for measure in case.measures:
        if measure.is_core and case.figures[measure.key].is_open:
            yield Seen(
                f"“{measure.label}” is empty",
                "each core measure needs a number, 0, or “Not collected” and why",
                (measure.key,),
            )


@rule(
    "V31",
    Level.INFORMATION,
    "Core measure not collected",
    when="A core measure is marked as not collected.",
    why="What was not collected is never counted as 0, so rates that need it leave this team out for the quarter.",
    fix="Nothing has to be done. If the number turns up later, take the report back and add it.",
    source=OURS,
    example=ordinary(in_school=None),
)
def core_measures_not_collected(case: Case) -> Iterator[Seen]:
    told_already = "specialist_fte" if list(somebody_served_them(case)) else ""
    found = [
        measure
        for measure in case.measures
        if measure.is_core and measure.key != told_already and _not_collected(case, measure)
    ]
    if found:
        yield Seen(
            f"Not collected: {_labels(found)}",
            "rates that need this number leave the team out and say so",
            tuple(measure.key for measure in found),
        )


@rule(
    "V32",
    Level.INFORMATION,
    "Optional measure left open",
    when="A measure the state has switched on, but does not require, is empty.",
    why="The state asks for these numbers, but can do without them.",
    fix="Fill them in if you have them, or leave them empty.",
    source=MEANING,
    example=open_at(ordinary(waitlist=4), "waitlist"),
)
def optional_measures_are_open(case: Case) -> Iterator[Seen]:
    found = [
        measure for measure in case.measures if not measure.is_core and case.figures[measure.key].is_open
    ]
    if found:
        yield Seen(
            f"Left empty: {_labels(found)}",
            "these are optional and stay “not answered”",
            tuple(measure.key for measure in found),
        )


def _not_collected(case: Case, measure: Measure) -> bool:
    return case.figures[measure.key].standing is Standing.NOT_COLLECTED


def _labels(measures: list[Measure]) -> str:
    return ", ".join(f"“{measure.label}”" for measure in measures)


def _range(measure: Measure) -> str:
    least = "more than 0 and " if measure.is_above_zero else ""
    return f"the portal accepts {least}at most {measure.maximum:,.10g}"


def _shown(value: Number) -> str:
    """A number that may be of any length, or none at all."""
    number = Decimal(value)
    return f"{value}" if number.adjusted() < LONGEST and len(f"{number}") <= LONGEST else f"{number:.3e}"
