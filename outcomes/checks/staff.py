"""Specialists against the people they served: is there anybody, and is the caseload of a size that works?"""

from collections.abc import Iterator
from decimal import Decimal

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import GUIDE, MEANING, OURS, Case, Level, Seen, rule
from outcomes.figures import Standing, written

# Source: domain reference 3.3, V14; a caseload is 20 or fewer (fidelity scale, item 1).
CASELOAD = 20
HIGHEST_CASELOAD = 25
LOWEST_CASELOAD = 5
HIGHEST_SERVED = 40
# Our floors: with less than one full-time specialist, or fewer people than this, one person moves the number by
# several points, and a tiny team would be asked every quarter.
FTE_FOR_A_RATIO = 1
PEOPLE_FOR_A_RATIO = 10


@rule(
    "V09",
    Level.ERROR,
    "People served without a specialist",
    looks_at=("specialist_fte", "served"),
    when="People were served, but specialists are 0 without a word about the vacancy, or not collected.",
    why="Caseloads and job starts per specialist cannot be worked out without the number of specialists.",
    fix="Enter the specialists who served these people. If the post stood open, describe the vacancy.",
    source=GUIDE,
    example=ordinary(specialist_fte=0),
)
def somebody_served_them(case: Case) -> Iterator[Seen]:
    served = case.number("served")
    if not served:
        return
    staff = case.figures["specialist_fte"].standing
    found = {Standing.NOT_COLLECTED: "specialists not collected"}
    if not case.figures.vacancy.strip():
        found[Standing.ZERO] = "no specialist"
    if staff in found:
        yield Seen(
            f"{case.people(served)} served and {found[staff]}",
            "the number is above 0, or it is 0 and a note tells of the vacancy",
        )


@rule(
    "V14",
    Level.WARNING,
    "Unusual caseload",
    looks_at=("served", "specialist_fte", "transitioned_working", "transitioned_unemployed"),
    when=f"At the end of the quarter there are more than {HIGHEST_CASELOAD} or fewer than {LOWEST_CASELOAD} people "
    f"per full-time specialist, or more than {HIGHEST_SERVED} were served per specialist. Teams with fewer than "
    f"{PEOPLE_FOR_A_RATIO} people are not asked about a high one, those with less than one full-time specialist "
    "not about a low one.",
    why="With a large caseload there is no time for each person; a very small one often means that staff or people "
    "were miscounted.",
    fix="Check the full-time equivalents: two people who work half time are 1, and open positions do not count.",
    source=OURS,
    example=ordinary(served=90, specialist_fte=Decimal(2)),
)
def caseload_is_usual(case: Case) -> Iterator[Seen]:
    given = case.all_given("served", "specialist_fte")
    if not given or not given[1]:
        return
    served, fte = given
    ending, over = case.ratio("end_caseload_per_fte"), case.ratio("served_per_fte")
    is_large, is_staffed = served >= PEOPLE_FOR_A_RATIO, fte >= FTE_FOR_A_RATIO
    saw = []
    if is_large and over is not None and over > HIGHEST_SERVED:
        saw.append(f"{case.rate('served_per_fte').shown} served per specialist")
    if ending is not None and (
        (is_large and ending > HIGHEST_CASELOAD) or (is_staffed and ending < LOWEST_CASELOAD)
    ):
        saw.append(f"{case.rate('end_caseload_per_fte').shown} per specialist at the end of the quarter")
    if saw:
        yield Seen(
            f"{case.people(served)} served by {written(fte)} full-time {case.word('specialists')}: "
            + " and ".join(saw),
            f"IPS caseloads are {CASELOAD} or fewer, and seldom under {LOWEST_CASELOAD}",
        )


@rule(
    "V29",
    Level.WARNING,
    "More full-time posts than people",
    looks_at=("specialist_fte", "specialist_headcount"),
    needs=("specialist_headcount",),
    when="The full-time equivalents are more than the people who work as specialists.",
    why="One person fills at most one full-time post, so the caseload per specialist would look too small.",
    fix="Count filled positions only, and leave the supervisor out of both numbers.",
    source=MEANING,
    example=ordinary(specialist_headcount=2),
)
def posts_have_people(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("specialist_fte", "specialist_headcount")) and given[0] > given[1]:
        yield Seen(
            f"{written(given[0])} full-time posts filled by {written(given[1])} {case.word('specialists')}",
            f"{written(given[1])} can fill at most {written(given[1])} posts",
        )
