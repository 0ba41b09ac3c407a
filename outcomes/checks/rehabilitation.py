"""Cases with Vocational Rehabilitation: they are cases of people served."""

from collections.abc import Iterator

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import MEANING, Case, Level, Seen, rule
from outcomes.figures import written


@rule(
    "V25",
    Level.ERROR,
    "More cases closed than people served",
    looks_at=("vr_closures", "served"),
    needs=("vr_closures",),
    when="Vocational Rehabilitation closed more cases than the team served people.",
    why="Only cases of people on the IPS caseload belong here, and a person has one case.",
    fix="Leave out cases of people the team did not serve in the quarter.",
    source=MEANING,
    example=ordinary(vr_closures=44),
)
def closures_are_of_people_served(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("vr_closures", "served")) and given[0] > given[1]:
        yield Seen(
            f"{written(given[0])} cases closed, but only {case.people(given[1])} served",
            f"at most {written(given[1])} cases can close",
        )


@rule(
    "V26",
    Level.WARNING,
    "More successful closures than people working",
    looks_at=("closed_successful_vr", "employed"),
    needs=("closed_successful_vr",),
    when="There are more successful closures than people who worked in the quarter.",
    why="A successful closure follows about 90 days of work, so the person nearly always worked in the quarter.",
    fix="Check that the closures fall into this quarter and that these people are counted as working.",
    source=MEANING,
    example=ordinary(employed=4, job_starts=2, vr_closures=9, closed_successful_vr=6),
)
def successes_work(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("closed_successful_vr", "employed")) and given[0] > given[1]:
        yield Seen(
            f"{written(given[0])} successful closures, but only {case.people(given[1])} working",
            f"up to {written(given[1])} successful closures would fit",
        )


@rule(
    "V34",
    Level.INFORMATION,
    "Some people may have two cases",
    looks_at=("vr_open", "vr_closures", "served"),
    needs=("vr_open", "vr_closures"),
    when="Open and closed cases together are more than the people served.",
    why="It happens when a case was closed and opened again, and when a person was counted twice.",
    fix="Have a look; nothing has to be changed if cases were opened again.",
    source=MEANING,
    example=ordinary(vr_open=35, vr_closures=8),
)
def cases_are_of_people_served(case: Case) -> Iterator[Seen]:
    given = case.all_given("vr_open", "vr_closures", "served")
    if given and given[0] + given[1] > given[2]:
        yield Seen(
            f"{written(given[0])} open and {written(given[1])} closed cases, {written(given[0] + given[1])} together, "
            f"for {case.people(given[2])} served",
            "most people have one case",
        )
