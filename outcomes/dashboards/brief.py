"""A state's quarter on one page for people who do not work with it daily: four numbers, a strength, a worry.

It goes to people outside the program, so it speaks of the state and of how many teams, never of one team.
Each sentence follows from a rule that stands here; nothing is written by guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from outcomes.dashboards.comparison import apart, moved, team_lines, written
from outcomes.dashboards.statewide import Whole, divided, whole
from outcomes.dashboards.trend import beside
from outcomes.figures import written as in_full
from outcomes.goals import MEASURES, SHARES, goal_of
from outcomes.models import StateQuarter
from outcomes.need import people_served, teams

NUMBERS = ("employment", "education", "job_starts_per_fte")
US_AVERAGE, US_PROGRAMS = "us-average", "the average of US programs"
A_STEP = 1  # points of the employment rate that are more than rounding
NO_STRENGTH = (
    "Nothing stands out by the rules of this page: no goal is reached, and the employment rate did not rise."
)
NO_WORRY = "Nothing stands out in the accepted figures."


@dataclass(frozen=True)
class BriefNumber:
    """`basis` says of what and of how many teams it is; `compared` sets it beside others."""

    label: str
    value: str
    basis: str
    compared: str


@dataclass(frozen=True)
class Brief:
    quarter: str
    slug: str
    status: str
    numbers: tuple[BriefNumber, ...]
    strength: str
    attention: str
    completeness: str
    words: tuple[str, ...]  # of the state itself, by paragraph


def brief(period: StateQuarter) -> Brief:
    found = whole(period)
    return Brief(
        quarter=found.quarter.months,
        slug=found.quarter.slug,
        status="Final" if found.is_final else "Provisional",
        numbers=(*(number(found, key) for key in NUMBERS), served(found)),
        strength=next(strengths(found), NO_STRENGTH),
        attention=next(worries(found), NO_WORRY),
        completeness=complete(found),
        words=tuple(part.strip() for part in period.brief.split("\n\n") if part.strip()),
    )


def number(found: Whole, key: str) -> BriefNumber:
    row = found.rates.get((key, found.quarter))
    if row is None:
        return BriefNumber(MEASURES[key], "none", f"{found.covers(0)}.", "No accepted figures yet.")
    before, goal = found.rates.get((key, found.quarter - 1)), goal_of(found.policy.goals, key, "state")
    parts = [moved(key, row.pooled, before.pooled) if before else "the quarter before has no figures"]
    if goal:
        parts.append(beside(key, row.pooled, float(goal.value), "the state's goal"))
    if key == "employment":
        parts += [
            beside(key, row.pooled, float(each.value), US_PROGRAMS)
            for each in found.published
            if each.key == US_AVERAGE
        ]
    basis = f"{divided(key, row)}. {found.covers(row.teams)}."
    return BriefNumber(MEASURES[key], written(key, row.pooled), basis, sentence(parts))


def served(found: Whole) -> BriefNumber:
    now, before = (people(found, back) for back in (0, 1))
    if not now:
        return BriefNumber("People served", "none", f"{found.covers(0)}.", "No accepted figures yet.")
    basis = f"{found.covers(len(now))}."
    if not before:
        return BriefNumber("People served", in_full(sum(now)), basis, "The quarter before has no figures.")
    then = f"{in_full(sum(before))} in the quarter before, by {teams(len(before))}"
    return BriefNumber("People served", in_full(sum(now)), basis, sentence([then]))


def people(found: Whole, back: int) -> list[int]:
    return people_served(found.figures, found.quarter - back)


def strengths(found: Whole) -> Iterator[str]:
    """The first that holds: a goal that is reached, the average of programs elsewhere, a rate that rose."""
    for key in MEASURES:
        row, goal = found.rates.get((key, found.quarter)), goal_of(found.policy.goals, key, "state")
        if row and goal and row.pooled >= goal.value and key != "end_caseload_per_fte":
            yield (
                f"{MEASURES[key]}: the state reaches its goal of {written(key, goal.value)} "
                f"({written(key, row.pooled)})."
            )
    row, before = (found.rates.get(("employment", found.quarter - back)) for back in (0, 1))
    if row:
        for each in found.published:
            if each.key == US_AVERAGE and row.pooled >= each.value:
                yield (
                    f"The employment rate of {written('employment', row.pooled)} is "
                    f"{beside('employment', row.pooled, float(each.value), US_PROGRAMS)}."
                )
    if row and before and apart("employment", row.pooled, before.pooled) >= A_STEP:
        yield f"The employment rate is {moved('employment', row.pooled, before.pooled)}."


def worries(found: Whole) -> Iterator[str]:
    """The first that holds: missing reports, falling rates, full caseloads, open positions, a goal missed."""
    done = found.completeness
    if missing := done.expected - done.reported:
        yield (
            f"{teams(missing)} of {done.expected} {'has' if missing == 1 else 'have'} not reported this quarter, "
            "so the numbers above are not yet of the whole state."
        )
    flagged = flags(found)
    if count := len(flagged["falling"]):
        yield f"In {teams(count)} the employment rate fell in two quarters running."
    if count := len(flagged["caseload"]):
        yield f"{teams(count)} {'has' if count == 1 else 'have'} more than 20 people per full-time specialist."
    if count := len(flagged["vacancy"]):
        yield f"{teams(count)} {'reports' if count == 1 else 'report'} an open position of a specialist."
    for key in SHARES:
        row, goal = found.rates.get((key, found.quarter)), goal_of(found.policy.goals, key, "state")
        if row and goal and row.pooled < goal.value:
            yield f"{MEASURES[key]}: {beside(key, row.pooled, float(goal.value), 'the goal')}."


def flags(found: Whole) -> dict[str, set[int]]:
    """What the comparison page flags, by rule."""
    lines = team_lines(found.read, found.quarter, found.period.state)
    keys = ("falling", "caseload", "vacancy")
    return {key: {line.team.pk for line in lines if key in {flag.key for flag in line.flags}} for key in keys}


def complete(found: Whole) -> str:
    done = found.completeness
    whether = (
        "They are final."
        if found.is_final
        else "They are provisional: more may come, and they may be corrected until they are final."
    )
    return f"{done.words}; the figures of {teams(done.accepted)} are accepted and count here. {whether}"


def sentence(parts: list[str]) -> str:
    words = "; ".join(parts)
    return f"{words[0].upper()}{words[1:]}."
