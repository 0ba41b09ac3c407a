"""A standing in sentences: what stays open, what is next, and what would help. Help, never a threat.

Names of standings are the state's own; codes of the rules are never shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fidelity.lifecycle.course import Position, Purpose
from fidelity.lifecycle.months import written
from fidelity.lifecycle.standing import PlanOwed, Standing


@dataclass(frozen=True)
class OpenSteps:
    """How many rows of the plan in use are not done, and the next day one of them is promised for."""

    count: int
    next_on: date | None


def sentences(
    standing: Standing,
    words: Mapping[str, str],
    *,
    today: date,
    booked: date | None = None,
    steps: OpenSteps | None = None,
) -> tuple[str, ...]:
    """`words` are the state's terms; `booked` is the first day of a visit that is agreed."""
    said = [referrals(standing, words)]
    if standing.position is not Position.CLOSED:
        said += [*next_review(standing, words, today, booked)]
        if standing.plan:
            said.append(plan(standing.plan, today))
        if steps and steps.count:
            said.append(open_steps(steps))
    return tuple(said)


def referrals(standing: Standing, words: Mapping[str, str]) -> str:
    if standing.accepts_new:
        return "New referrals stay open."
    if standing.position is Position.APPLICANT:
        return (
            f"The team may take its first {words['people_served']} once the review before its start is filed."
        )
    if standing.position is Position.CLOSED:
        return f"The team was closed on {written(standing.since)}."
    since = f" since {written(standing.paused_since)}" if standing.paused_since else ""
    return f"New referrals are paused{since}. {words['people_served'].capitalize()} the team serves now stay with it."


def next_review(
    standing: Standing, words: Mapping[str, str], today: date, booked: date | None
) -> Iterator[str]:
    name = "First review" if standing.purpose is Purpose.FIRST else "Next review"
    if standing.awaiting:
        ended = written(standing.awaiting)
        yield f"The report of the review that ended on {ended} is being written; it sets the next date."
    elif standing.next_due is None:
        if standing.position not in (Position.APPLICANT, Position.CLOSED) and standing.purpose:
            yield "The state names no fixed interval; the team and the state agree on the next review."
    elif standing.is_overdue:
        yield f"{name} was due by {written(standing.next_due)}."
        if not booked:
            yield "Agree on its dates with the state; the team keeps what it may do until then."
    elif standing.opens_on and standing.opens_on > today:
        yield f"{name} from {written(standing.opens_on)} on, by {written(standing.next_due)}."
    else:
        yield f"{name} by {written(standing.next_due)}: {standing.why}."
    if booked:
        yield f"A visit is agreed for {written(booked)}."


def plan(owed: PlanOwed, today: date) -> str:
    when = (
        f"was due on {written(owed.due_on)}" if owed.is_late(today) else f"is due by {written(owed.due_on)}"
    )
    if owed.is_in_use and owed.approver:
        return f"The action plan is in use and waits for its approval by {owed.approver}."
    count = len(owed.items)
    items = f" for {count} item{'' if count == 1 else 's'}" if count else ""
    approval = f", approved by {owed.approver}" if owed.approver else ""
    return f"The action plan{items} {when}{approval}."


def open_steps(steps: OpenSteps) -> str:
    said = "1 step of the plan is" if steps.count == 1 else f"{steps.count} steps of the plan are"
    return f"{said} open{f', the next by {written(steps.next_on)}' if steps.next_on else ''}."
