"""Numbers that are possible, but seldom: rates far from what teams report. Each asks for a note and stops nothing."""

from collections.abc import Iterator
from decimal import Decimal

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import OURS, Case, Level, Seen, rule
from outcomes.figures import written
from outcomes.rates import rate, ratio

# Source: domain reference 3.3, V13 and V15 to V17.
LOWEST_EMPLOYMENT = Decimal("0.05")
HIGHEST_EMPLOYMENT = Decimal("0.90")
LARGEST_MOVE = Decimal("0.20")
MOST_STARTS_PER_PERSON = Decimal("1.5")
MOST_STARTS_PER_FTE = 12
FEWEST_FTE = 1
HIGHEST_EDUCATION = Decimal("0.50")
# Our floors. Of 30 people served, 20 points are six people: below that, a rate moves so far by chance alone.
# Of ten working, one who changes jobs twice moves the ratio by 0.2; below that it says little.
SERVED_FOR_A_RATE = 30
WORKING_FOR_A_RATIO = 10


@rule(
    "V13",
    Level.WARNING,
    "Unusual employment rate",
    looks_at=("employed", "served"),
    when="The employment rate is under 5% or over 90%, or has moved by more than 20 points since the quarter before. "
    f"Asked only from {SERVED_FOR_A_RATE} people served, because a small team's rate moves that far by chance.",
    why="This is the figure the state is asked about most; a large move needs its story beside it.",
    fix="Check that people with one day of competitive work are counted, and each person only once.",
    source=OURS,
    example=ordinary({"served": 40, "employed": 18}, served=40, employed=30),
)
def employment_is_usual(case: Case) -> Iterator[Seen]:
    now, then = case.ratio("employment"), ratio("employment", case.before)
    if now is None or now > 1 or not _is_enough(case.number("served")):
        return  # above 100% it is an error, which asks already
    if not LOWEST_EMPLOYMENT <= now <= HIGHEST_EMPLOYMENT:
        yield Seen(
            f"Employment rate of {case.rate('employment').sentence}", "most teams are between 5% and 90%"
        )
    elif then is not None and _is_enough(case.before.value("served")) and abs(now - then) > LARGEST_MOVE:
        yield Seen(
            f"Employment rate of {case.rate('employment').sentence}, "
            f"after {rate('employment', case.before).shown} in {case.quarter - 1}",
            "it moves by 20 points or fewer from one quarter to the next",
        )


@rule(
    "V15",
    Level.WARNING,
    "Unusually many job starts",
    looks_at=("job_starts", "employed", "specialist_fte"),
    when="There are more than 1.5 job starts for each person working, or more than 12 for each full-time specialist. "
    f"Asked only from {WORKING_FOR_A_RATIO} people working, or from one full-time specialist.",
    why="Often jobs begun in earlier quarters, or interviews, have slipped into the count.",
    fix="Count only jobs whose first day of work lies in this quarter.",
    source=OURS,
    example=ordinary(job_starts=28),
)
def job_starts_are_usual(case: Case) -> Iterator[Seen]:
    saw = []
    given = case.all_given("job_starts", "employed")
    if given and given[1] >= WORKING_FOR_A_RATIO and given[0] > MOST_STARTS_PER_PERSON * given[1]:
        saw.append(f"{case.people(given[1])} working")
    given = case.all_given("job_starts", "specialist_fte")
    if given and given[1] >= FEWEST_FTE and given[0] > MOST_STARTS_PER_FTE * given[1]:
        saw.append(f"{written(given[1])} full-time {case.word('specialists')}")
    if saw and given is None:
        given = case.all_given("job_starts")
    if saw and given:
        yield Seen(
            f"{written(given[0])} job starts for {' and '.join(saw)}",
            "there are rarely more than 1.5 for a person or 12 for a specialist",
        )


@rule(
    "V16",
    Level.WARNING,
    "No job starts",
    looks_at=("job_starts", "specialist_fte"),
    when="A team with at least one full-time specialist served people and reports no job start.",
    why="A quarter without a single new job is rare and worth knowing about early.",
    fix="Check whether job starts were left at 0 by mistake; second jobs and part-time jobs count.",
    source=OURS,
    example=ordinary(job_starts=0),
)
def jobs_start(case: Case) -> Iterator[Seen]:
    given = case.all_given("job_starts", "specialist_fte")
    if given and not given[0] and given[1] >= FEWEST_FTE and case.number("served") != 0:
        yield Seen(
            f"0 job starts with {written(given[1])} full-time {case.word('specialists')}",
            "a full-time specialist helps start at least one job in most quarters",
        )


@rule(
    "V17",
    Level.WARNING,
    "Unusually many people in school or training",
    looks_at=("in_education", "served"),
    when="More than half of the people served are in school or vocational training. "
    f"Asked only from {SERVED_FOR_A_RATE} people served, because a few students are half of a small team.",
    why="Groups on job skills that the program runs itself are often counted as training by mistake.",
    fix="Count classes and vocational training outside the program, and nobody twice.",
    source=OURS,
    example=ordinary(in_education=24),
)
def education_is_usual(case: Case) -> Iterator[Seen]:
    now = case.ratio("education")
    if now is not None and _is_enough(case.number("served")) and now > HIGHEST_EDUCATION:
        yield Seen(
            f"Education rate of {case.rate('education').sentence}", "it is at most half in nearly all teams"
        )


def _is_enough(served: int | Decimal | None) -> bool:
    return served is not None and served >= SERVED_FOR_A_RATE
