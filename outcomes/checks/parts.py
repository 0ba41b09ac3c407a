"""A part is never larger than the whole it is counted in, and what follows from one number holds in the other."""

from collections.abc import Iterator
from decimal import Decimal

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import GUIDE, MEANING, Case, Level, Seen, rule
from outcomes.figures import written

# These parts have a rule of their own, which says more than the general one can.
OWN_RULE: tuple[str, ...] = (
    "employed",
    "in_school",
    "in_education",
    "transitioned_working",
    "transitioned_unemployed",
)
OWN_RULE += ("new_job_starters", "employed_90_days")
SOURCES = ("referrals_own_teams", "referrals_vr", "referrals_self", "referrals_other")
AVERAGES = (  # an average, and the people it is an average of
    ("avg_hourly_wage", "employed"),
    ("avg_weekly_hours", "employed"),
    ("days_to_first_employer_contact", "served"),
    ("vr_days_to_eligibility", "served"),
)


@rule(
    "V02",
    Level.ERROR,
    "More people working than served",
    looks_at=("employed", "served"),
    when="The number of people working is larger than the number of people served.",
    why="The employment rate is people working of people served, and it would be above 100%.",
    fix="Count each person once in both numbers. People who left in the quarter still count as served.",
    source=GUIDE,
    example=ordinary(served=30, employed=31),
)
def working_are_served(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("employed", "served")) and given[0] > given[1]:
        yield Seen(
            f"{case.people(given[0])} working, but only {case.people(given[1])} served",
            f"everybody working is also counted as served, so at most {written(given[1])} can work",
        )


@rule(
    "V03",
    Level.ERROR,
    "School and training do not fit",
    looks_at=("in_school", "in_education", "served"),
    when="More people are in school than in school or training, or more are in either than were served.",
    why="People in school are part of those in school or training, and both are part of the people served.",
    fix="Count people in school in both fields, and people in vocational training only in the second.",
    source=GUIDE,
    example=ordinary(served=10, employed=4, in_school=12, in_education=12),
)
def students_are_served(case: Case) -> Iterator[Seen]:
    places = {"in_school": "in school", "in_education": "in school or training", "served": "served"}
    for part, whole in (("in_school", "in_education"), ("in_education", "served"), ("in_school", "served")):
        if (given := case.all_given(part, whole)) and given[0] > given[1]:
            yield Seen(
                f"{case.people(given[0])} {places[part]}, but only {case.people(given[1])} {places[whole]}",
                f"at most {written(given[1])} can be {places[part]}",
                (part, whole),
            )


@rule(
    "V04",
    Level.ERROR,
    "More people left while working than worked",
    looks_at=("transitioned_working", "employed"),
    when="The number of people who left while working is larger than the number of people working.",
    why="Whoever leaves while working has worked in the quarter, so they belong in both numbers.",
    fix="Add those who left to the people working, or move people without a job to “Left while not working”.",
    source=GUIDE,
    example=ordinary(employed=5, job_starts=2, transitioned_working=9),
)
def those_who_left_working_worked(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("transitioned_working", "employed")) and given[0] > given[1]:
        yield Seen(
            f"{case.people(given[0])} left while working, but only {written(given[1])} worked in the quarter",
            f"at most {written(given[1])} can leave while working",
        )


@rule(
    "V05",
    Level.ERROR,
    "More people left than were served",
    looks_at=("transitioned_working", "transitioned_unemployed", "served"),
    when="Those who left, working or not, add up to more than the people served.",
    why="The caseload at the end of the quarter would be below zero.",
    fix="Count each person who left once, in one of the two fields, and among the people served.",
    source=GUIDE,
    example=ordinary(transitioned_working=15, transitioned_unemployed=28),
)
def those_who_left_were_served(case: Case) -> Iterator[Seen]:
    served = case.number("served")
    ways = {"transitioned_working": "while working", "transitioned_unemployed": "while not working"}
    left = {way: number for key, way in ways.items() if (number := case.number(key)) is not None}
    total = sum(left.values())
    if served is not None and total > served:
        split = ", ".join(f"{written(number)} {way}" for way, number in left.items())
        yield Seen(
            f"{case.people(total)} left ({split}), but only {written(served)} were served",
            f"at most {written(served)} can leave in one quarter",
        )


@rule(
    "V06",
    Level.ERROR,
    "Too many people who started a job",
    looks_at=("new_job_starters", "employed", "job_starts"),
    needs=("new_job_starters",),
    when="More people started a job than worked, or than there were job starts.",
    why="A person who starts a job works at least one day and adds at least one job start.",
    fix="Enter people under “People who started a job” and jobs under “Job starts”.",
    source=MEANING,
    example=ordinary(new_job_starters=11),
)
def starters_work_and_start(case: Case) -> Iterator[Seen]:
    for whole, words in (("employed", "people working"), ("job_starts", "job starts")):
        if (given := case.all_given("new_job_starters", whole)) and given[0] > given[1]:
            yield Seen(
                f"{case.people(given[0])} started a job, but “{words}” is {written(given[1])}",
                f"at most {written(given[1])} can have started one",
                ("new_job_starters", whole),
            )


@rule(
    "V07",
    Level.ERROR,
    "Job starts, but nobody worked",
    looks_at=("job_starts", "employed", "served"),
    when="There are job starts while nobody was served or nobody worked.",
    why="A job counts as started on its first day of work, so the person who started it worked.",
    fix="Correct the job starts, or add the people who started a job to those working and served.",
    source=MEANING,
    example=ordinary(employed=0, transitioned_working=0, job_starts=3),
)
def job_starts_need_people(case: Case) -> Iterator[Seen]:
    starts = case.number("job_starts")
    if not starts:
        return
    words = "1 job start" if starts == 1 else f"{written(starts)} job starts"
    if case.number("served") == 0:
        yield Seen(
            f"{words}, but nobody served",
            "whoever starts a job is counted as served, so at least 1 person",
            ("job_starts", "served"),
        )
    elif case.number("employed") == 0:
        yield Seen(
            f"{words}, but nobody working",
            "whoever starts a job works, so at least 1 person",
            ("job_starts", "employed"),
        )


@rule(
    "V08",
    Level.ERROR,
    "More people held a job for 90 days than worked",
    looks_at=("employed_90_days", "employed"),
    needs=("employed_90_days",),
    when="The number of people holding a job for 90 days is larger than the number of people working.",
    why="Those who have held a job for 90 days are some of the people working.",
    fix="Count only people who also appear under “People working” in this quarter.",
    source=MEANING,
    example=ordinary(employed_90_days=20),
)
def long_holders_work(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("employed_90_days", "employed")) and given[0] > given[1]:
        yield Seen(
            f"{case.people(given[0])} held a job for 90 days, but only {written(given[1])} worked",
            f"at most {written(given[1])} can have held one that long",
        )


@rule(
    "V22",
    Level.ERROR,
    "A part is larger than its whole",
    when="An optional measure that is part of another one is larger than that one.",
    why="Everything counted in the part is counted in the whole as well; otherwise the share is above 100%.",
    fix="Read the two definitions side by side, then correct the number that is wrong.",
    source=MEANING,
    example=ordinary(new_enrollees=45),
)
def parts_are_within_wholes(case: Case) -> Iterator[Seen]:
    for measure in case.measures:
        if not measure.within or measure.key in OWN_RULE:
            continue
        if (given := case.all_given(measure.key, measure.within)) and given[0] > given[1]:
            whole = case.label(measure.within)
            yield Seen(
                f"“{measure.label}” is {written(given[0])}, but “{whole}” is {written(given[1])}",
                f"the first is part of the second, so it can be at most {written(given[1])}",
                (measure.key, measure.within),
            )


@rule(
    "V24",
    Level.ERROR,
    "Sources of referrals add up to too many",
    looks_at=("referrals", *SOURCES),
    needs=("referrals",),
    when="The referrals by source add up to more than all referrals.",
    why="Each person referred has one source, so shares by source would add up to more than 100%.",
    fix="Count each person under the source that came first, and check the total.",
    source=MEANING,
    example=ordinary(referrals=20, referrals_own_teams=15, referrals_vr=9),
)
def sources_add_up(case: Case) -> Iterator[Seen]:
    total = case.number("referrals")
    by_source = sum(number for key in SOURCES if (number := case.number(key)) is not None)
    if total is not None and by_source > total:
        yield Seen(
            f"Referrals by source add up to {written(by_source)}, but “Referrals” is {written(total)}",
            f"the sources together can be at most {written(total)}",
        )


@rule(
    "V27",
    Level.ERROR,
    "An average of nobody",
    looks_at=tuple(dict.fromkeys(key for pair in AVERAGES for key in pair)),
    when="An average is given though there was nobody to take it of.",
    why="An average without people behind it would count in the state's average like any other.",
    fix="Choose “Not collected” for the average and say that there were no cases, or correct the number of people.",
    source=MEANING,
    example=ordinary(employed=0, job_starts=0, transitioned_working=0, avg_hourly_wage=Decimal("15.50")),
)
def averages_have_cases(case: Case) -> Iterator[Seen]:
    for average, people in AVERAGES:
        if (given := case.all_given(average, people)) and given[1] == 0:
            yield Seen(
                f"“{case.label(average)}” is {written(given[0])}, but “{case.label(people)}” is 0",
                "with nobody to count there is no average",
                (average, people),
            )


@rule(
    "V28",
    Level.ERROR,
    "Job starts, but nobody started a job",
    looks_at=("job_starts", "new_job_starters"),
    needs=("new_job_starters",),
    when="There are job starts while the number of people who started a job is 0.",
    why="Each job that began was begun by somebody, who counts once as a person.",
    fix="Enter how many different people the job starts belong to.",
    source=MEANING,
    example=ordinary(new_job_starters=0),
)
def starts_have_starters(case: Case) -> Iterator[Seen]:
    if (given := case.all_given("job_starts", "new_job_starters")) and given[0] and not given[1]:
        yield Seen(
            f"“Job starts” is {written(given[0])}, but “People who started a job” is 0",
            "somebody began these jobs, so at least 1 person",
        )
