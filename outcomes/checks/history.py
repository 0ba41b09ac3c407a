"""A quarter against the team's own earlier ones: people who went missing, jumps, and last quarter's report again."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import median

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import MEANING, OURS, Case, Level, Seen, rule
from outcomes.figures import Number, written
from outcomes.measures import edition
from outcomes.rates import END_CASELOAD, added

# Source: domain reference 3.3, V12.
LARGEST_CHANGE_PERCENT = 25
LARGEST_CHANGE_PEOPLE = 10
# Source: government peers, cross-field checks (two robust deviations); we ask for five quarters to compare with,
# because the median of fewer is moved by one of them.
QUARTERS_FOR_A_RANGE = 5
DEVIATIONS = 2
MAD_TO_DEVIATION = (
    1.4826  # the median absolute deviation of a normal spread, made comparable with its standard one
)
# Our floors for a copy: a team this small may well have the same numbers twice, and so may one with few of them.
SERVED_FOR_A_COPY = 10
COUNTS_FOR_A_COPY = 5
CORE_COUNTS = tuple(measure.key for measure in edition().core if measure.is_count)
COMPARED: tuple[str, ...] = ("served", "employed", "in_education", "job_starts", "transitioned_working")
COMPARED += ("transitioned_unemployed",)


@rule(
    "V11",
    Level.WARNING,
    "People missing since last quarter",
    looks_at=("served", "new_enrollees"),
    when="Fewer people were served than were still on the caseload at the end of the quarter before, "
    "together with the new people where these are reported.",
    why="People seem to have dropped out of the count, and with them their jobs and the support they get.",
    fix="Add everybody still on the caseload, or report those who left in the quarter in which they left.",
    source=MEANING,
    example=ordinary(
        {"served": 30, "transitioned_working": 5, "transitioned_unemployed": 3}, served=24, new_enrollees=10
    ),
)
def nobody_went_missing(case: Case) -> Iterator[Seen]:
    served, still_open, new = _carried(case)
    if served is None or not still_open or still_open < 0:
        return
    total = still_open + (new or 0)
    if served < total:
        plus = f" and {written(new)} new make {written(total)}" if new else ""
        yield Seen(
            f"{case.people(served)} served, but {written(still_open)} still open after {case.quarter - 1}{plus}",
            f"whoever has not left is served, so at least {written(total)}",
            ("served", "new_enrollees") if new else ("served",),
        )


@rule(
    "V33",
    Level.WARNING,
    "More people than were here or came",
    looks_at=("served", "new_enrollees"),
    needs=("served", "new_enrollees"),
    when="More people were served than were still on the caseload and new together, by more than "
    f"{LARGEST_CHANGE_PEOPLE}.",
    why="People on the caseload were there before or came in the quarter; there is no third way in.",
    fix="Check the new people, and whether people who came back were counted as new.",
    source=MEANING,
    example=ordinary({"served": 40}, served=60, new_enrollees=4),
)
def nobody_came_from_nowhere(case: Case) -> Iterator[Seen]:
    served, still_open, new = _carried(case)
    if served is None or still_open is None or new is None or still_open < 0:
        return
    total = still_open + new
    if served - total > LARGEST_CHANGE_PEOPLE:
        yield Seen(
            f"{case.people(served)} served, but {written(still_open)} still open after {case.quarter - 1} "
            f"and {written(new)} new make {written(total)}",
            f"these are all the people there can be, so about {written(total)}",
        )


@rule(
    "V12",
    Level.WARNING,
    "Large change of people served",
    looks_at=("served",),
    when=f"People served differ from the quarter before by more than {LARGEST_CHANGE_PERCENT}% and by more than "
    f"{LARGEST_CHANGE_PEOPLE} people.",
    why="So large a change moves the rate of the whole state, and its reason is soon forgotten.",
    fix="Check that the whole quarter is counted, not one month, and one team, not several.",
    source=OURS,
    example=ordinary({"served": 20, "employed": 9}, served=52),
)
def served_is_steady(case: Case) -> Iterator[Seen]:
    now, then = case.sound.count("served"), case.before.count("served")
    if now is None or then is None or not _is_jump(now, then):
        return
    way = "up" if now > then else "down"
    share = f" {abs(now - then) * 100 / then:.0f}%" if then else ""
    yield Seen(
        f"{case.people(now)} served, {way}{share} from {written(then)} in {case.quarter - 1}",
        f"it usually changes by at most {LARGEST_CHANGE_PERCENT}%, or by {LARGEST_CHANGE_PEOPLE} people",
    )


@rule(
    "V18",
    Level.WARNING,
    "The same numbers as last quarter",
    looks_at=CORE_COUNTS,
    when="Every core count is the same as in the quarter before. "
    f"Not asked below {SERVED_FOR_A_COPY} people served, where that happens by itself.",
    why="Usually the earlier report was copied and not all of it was changed.",
    fix="Enter this quarter's own numbers.",
    source=OURS,
    example=ordinary({}),
)
def numbers_are_new(case: Case) -> Iterator[Seen]:
    served = case.number("served")
    if served is None or served < SERVED_FOR_A_COPY:
        return
    counts = [measure.key for measure in case.measures if measure.is_core and measure.is_count]
    pairs = [(case.number(key), case.before.value(key)) for key in counts]
    both = [(now, then) for now, then in pairs if now is not None and then is not None]
    if len(both) >= COUNTS_FOR_A_COPY and all(now == then for now, then in both):
        yield Seen(
            f"All {len(both)} core counts are identical to {case.quarter - 1}",
            "at least one number differs from one quarter to the next",
        )


@rule(
    "V23",
    Level.WARNING,
    "Far from this team's usual numbers",
    looks_at=COMPARED,
    when=f"A count lies more than {LARGEST_CHANGE_PEOPLE} away from the middle of the team's last quarters, up to "
    f"eight of them, and further than {DEVIATIONS} times their usual spread. Asked only once there are "
    f"{QUARTERS_FOR_A_RANGE} quarters.",
    why="A number unlike the team's own record is either a slip or news; the state should know which.",
    fix="Compare it with the record it was taken from, then with the quarters shown beside it.",
    source=OURS,
    example=ordinary(*[{"job_starts": starts} for starts in (9, 8, 11, 10, 9, 7)], job_starts=25),
)
def numbers_are_usual(case: Case) -> Iterator[Seen]:
    away = [key for key in COMPARED if case.ever_away(key, LARGEST_CHANGE_PEOPLE)]
    told_already = {"served"} if "served" in away and any(served_is_steady(case)) else set()
    found = {}
    for key in away:
        now, usual = case.number(key), _usual(case, key)
        if now is not None and usual is not None and key not in told_already and usual.is_far(now):
            found[key] = f"“{case.label(key)}” is {written(now)} and was about {usual.middle:.0f} before"
    if found:
        yield Seen(
            "; ".join(found.values()),
            f"a team stays within {LARGEST_CHANGE_PEOPLE} of its usual number, or within twice its usual spread",
            tuple(found),
        )


@dataclass(frozen=True)
class Usual:
    middle: float
    deviation: float

    def is_far(self, value: Number) -> bool:
        away = abs(float(value) - self.middle)
        return away > LARGEST_CHANGE_PEOPLE and away > DEVIATIONS * self.deviation


def _usual(case: Case, key: str) -> Usual | None:
    """Median and robust deviation; a count spreads by its root at least, however even the quarters were."""
    values = [float(value) for entry in case.history if (value := entry.figures.value(key)) is not None]
    if len(values) < QUARTERS_FOR_A_RANGE:
        return None
    middle = median(values)
    spread = MAD_TO_DEVIATION * median(abs(value - middle) for value in values)
    return Usual(middle, max(spread, sqrt(middle)))


def _is_jump(now: int, then: int) -> bool:
    change = abs(now - then)
    return change > LARGEST_CHANGE_PEOPLE and change * 100 > LARGEST_CHANGE_PERCENT * then


def _carried(case: Case) -> tuple[Number | None, Number | None, Number | None]:
    """People served, those still open after the quarter before, and the new ones."""
    return case.number("served"), added(END_CASELOAD, case.before), case.number("new_enrollees")
