"""Policy, history and today: where the team stands, what is next and why, and what is asked of whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fidelity.lifecycle import decisions, rules
from fidelity.lifecycle.course import TAKES_NEW, Course, Judged, Move, Policies, Position, Purpose
from fidelity.lifecycle.history import (
    Closed,
    Created,
    Decided,
    Fact,
    Kind,
    Moment,
    PlanInUse,
    Rank,
    Reviewed,
    Started,
    moments,
)
from fidelity.lifecycle.months import said, written
from fidelity.policy import FidelityPolicy, plan_items
from fidelity.policy_fields import EARNED


@dataclass(frozen=True)
class Clock:
    name: str
    since: date
    until: date | None  # None: until something happens


@dataclass(frozen=True)
class PlanOwed:
    """The plan that follows the last result, until it is there. `items` is what it must hold."""

    review: str
    due_on: date
    items: tuple[str, ...]
    begins_at_once: bool
    approver: str
    is_in_use: bool  # then only the approval is missing

    def is_late(self, today: date) -> bool:
        return today > self.due_on


@dataclass(frozen=True)
class Ask:
    """A question to those who decide. One that is optional is a possibility, not a task."""

    key: str
    sentence: str
    is_optional: bool = False


@dataclass(frozen=True)
class Standing:
    position: Position
    name: str  # in the state's own words
    since: date
    accepts_new: bool
    next_due: date | None
    opens_on: date | None  # where the review is not held earlier
    purpose: Purpose | None
    why: str  # how that date comes about, as the rest of a sentence
    is_overdue: bool
    awaiting: date | None  # the last day of a review whose report is not issued yet
    plan: PlanOwed | None
    recommended: tuple[str, ...]  # items worth a plan though none is required
    clocks: tuple[Clock, ...]
    asks: tuple[Ask, ...]
    notes: tuple[str, ...]
    last_total: int | None
    last_part: str  # whose total that is, where its scale has a total per part
    is_good: bool  # by the last official total; what committees and rhythms go by (2.6)
    paused_since: date | None
    moves: tuple[Move, ...]


def standing_of(history: Iterable[Fact], *, policies: Policies, today: date) -> Standing:
    """`policies` gives the policy in force on a day. Facts of days to come do not count yet."""
    return described(course_of(history, policies=policies, today=today), today)


def course_of(history: Iterable[Fact], *, policies: Policies, today: date) -> Course:
    """Step by step through what happened, with every term that runs out on the way."""
    found = moments(history, today)
    course = rules.begun(found[0].on if found else today, policies)
    day = course.since
    for moment in found:
        course = run_out(course, day, moment.on)
        if course.position is Position.CLOSED:
            return course
        course, day = stepped(course, moment), moment.on
    return run_out(course, day, today)


def run_out(course: Course, since: date, until: date) -> Course:
    """Terms that have ended before `until` begins; a term that is over when it is set runs out on the spot."""
    while (end := rules.lapses_on(course)) is not None and end <= until:
        since = max(since, end)
        course = rules.lapsed(course, since)
    return course


def stepped(course: Course, moment: Moment) -> Course:
    match moment.fact:
        case Decided() as decision if moment.rank is Rank.ENDS:
            return decisions.ended(course, decision, moment.on)
        case Decided() as decision:
            return decisions.decided(course, decision)
        case Reviewed() as review if moment.rank is Rank.HELD:
            return rules.held(course, review)
        case Reviewed() as review:
            return rules.judged(course, review)
        case PlanInUse(review=key):
            return rules.planned(course, key)
        case Started(on=on):
            return rules.started(course, on)
        case Closed(on=on):
            return rules.closed(course, on)
        case Created():
            return course


def described(course: Course, today: date) -> Standing:
    policy = course.policies(today)
    override, term = course.override, course.term
    position = Position.RESTRICTED if override else course.position
    due = term.until if term and course.awaiting is None else None
    plan = plan_owed(course)
    return Standing(
        position=position,
        name=policy.standing_labels[position.lower()],
        since=override.on if override else course.since,
        accepts_new=position in TAKES_NEW,
        next_due=due,
        opens_on=term.opens_on if term and due else None,
        purpose=term.purpose if term else None,
        why=term.why if term and due else "",
        is_overdue=due is not None and today > due,
        awaiting=course.awaiting.ended_on if course.awaiting else None,
        plan=plan,
        recommended=() if plan or is_required(course.last) else low_items(course.last),
        clocks=tuple(clocks(course, due, plan)),
        asks=tuple(asks(course, policy, today)),
        notes=(*notes(course), *incentive(course, policy)),
        last_total=course.last.total if course.last else None,
        last_part=course.last.review.part if course.last else "",
        is_good=course.last is not None and course.last.is_good,
        paused_since=paused_since(course),
        moves=course.moves,
    )


def paused_since(course: Course) -> date | None:
    by_result = course.since if course.position is Position.RESTRICTED else None
    by_decision = course.override.on if course.override else None
    return min((day for day in (by_result, by_decision) if day), default=None)


def is_required(last: Judged | None) -> bool:
    """Source: 2.1 (after every report), 2.2 row 3 and rows 7, 9, 11; judged by where the team was at the review."""
    if last is None:
        return False
    rule = last.policy.action_plan
    if rule.required == "after_every_report" or not last.is_good:
        return True
    named = rule.item_trigger_applies_to
    return rule.item_trigger_max is not None and (not named or last.at in named) and bool(low_items(last))


def low_items(last: Judged | None) -> tuple[str, ...]:
    return plan_items(last.policy, last.review.ratings, last.at) if last else ()


def plan_owed(course: Course) -> PlanOwed | None:
    """There once it is in use, or approved where the policy names somebody who approves.

    What followed an imported review is not known here, so nothing is asked for.
    """
    last = course.last
    if last is None or not is_required(last) or course.position is Position.CLOSED:
        return None
    if last.review.is_imported:
        return None
    rule, in_use = last.policy.action_plan, last.review.key in course.plans_in_use
    if course.approved if rule.approver else in_use:
        return None
    return PlanOwed(
        review=last.review.key,
        due_on=last.issued_on + timedelta(days=rule.due_days),
        items=low_items(last),
        begins_at_once=rule.start == "immediate",
        approver=rule.approver or "",
        is_in_use=in_use,
    )


def clocks(course: Course, due: date | None, plan: PlanOwed | None) -> Iterator[Clock]:
    if course.term and due:
        yield Clock(course.term.purpose, course.term.since, due)
    if plan and course.last:
        yield Clock("Action plan", course.last.issued_on, plan.due_on)
    since = paused_since(course)
    if since:
        by_result = course.position is Position.RESTRICTED
        until = course.override.last_day if course.override and not by_result else None
        yield Clock("New referrals paused", since, until)


def notes(course: Course) -> Iterator[str]:
    """Source: row 3, a new team shows continued improvement. Totals of two scales say nothing about that."""
    last, before = course.last, course.before
    is_new = course.position is Position.NEW
    if is_new and last and before and last.review.is_counted_as(before.review) and last.total < before.total:
        part = rules.in_part(last.review)
        yield f"The last total{part}, {last.total}, is lower than the {before.total} before it."
    if last and last.review.is_imported:
        yield "The last review was imported with its ratings alone; no action plan that followed it is known here."


def incentive(course: Course, policy: FidelityPolicy) -> Iterator[str]:
    """What is offered for reviews by the rule of today; whether the last one earned it, by the rule of its day.

    Source: implementation guide for states, work of the mental health liaison.
    """
    offer, last = policy.incentive, course.last
    if offer.what and course.position is not Position.CLOSED:
        how = f"earned {EARNED[offer.earned]}, and granted by {offer.decided_by}"
        yield f"The state offers for reviews: {offer.what}. It is {how}."
    if last and last.earns_incentive:
        scored = rules.points(last.review)
        yield f"The last review, with {scored}, earned it: {last.policy.incentive.what}."


def asks(course: Course, policy: FidelityPolicy, today: date) -> Iterator[Ask]:
    """What only people can decide. Source: domain reference 2.6, beside rows 5, 9, 11 and 12."""
    who = policy.action_plan.approver or "The state"
    if course.position is Position.CLOSED:
        return
    if course.position is Position.NEW and course.started is None and course.last is None:
        yield Ask("start", "Record the day on which the team began: its first review is counted from there.")
    if course.position is Position.NEW and course.failures >= policy.new_team_decision_after:
        yield Ask(
            "new-team",
            f"{reviews_in_a_row(course)} stayed below good fidelity. {who} decides how the team goes on.",
        )
    if course.position is Position.RESTRICTED and course.failures:
        yield Ask(
            "restricted",
            f"A review while new referrals are paused stayed below the mark. {who} decides what follows.",
        )
    if course.position is Position.CORRECTIVE and course.lapsed and course.awaiting is None:
        yield Ask("recovery", recovery_over(course, who))
    if course.override and course.override.kind is Kind.SAFETY:
        yield Ask(
            "safety",
            f"{who} decides whether the people the team serves stay with it, and when referrals reopen.",
        )
    if waits_for_lifting(course):
        yield Ask(
            "pause",
            "The last review reached the mark, and its visit was over when new referrals were paused. "
            f"{who} decides whether they reopen.",
        )
    if course.closure:
        yield Ask(
            "closure",
            f"Closing was recommended on {written(course.closure.on)}. The state closes a team on its page.",
        )
    yield from longer_interval(course)


def waits_for_lifting(course: Course) -> bool:
    """An open-ended pause, decided before it was known what its visit of before had found."""
    pause, last = course.override, course.last
    return (
        pause is not None
        and pause.until is None
        and last is not None
        and rules.reaches_mark_to_lift(last, pause)
        and rules.is_over_before(last, pause)
        and last.issued_on > pause.on
    )


def reviews_in_a_row(course: Course) -> str:
    return "One review" if course.failures == 1 else f"{course.failures} reviews in a row"


def recovery_over(course: Course, who: str) -> str:
    if course.tried:
        return f"The time to reach good fidelity again is over. {who} decides what follows."
    return f"The time to reach good fidelity again is over, and no review was held in it. {who} decides what follows."


def longer_interval(course: Course) -> Iterator[Ask]:
    """Row 5: offered as long as nobody has decided it."""
    last, term = course.last, course.term
    if course.position is not Position.EXCEPTIONAL or last is None or term is None or course.longer:
        return
    rule = last.policy.exemplary_extension
    if rule.allowed and rule.needs_decision and rule.months and term.months != rule.months:
        who = rule.decided_by or "The state"
        yield Ask("longer", f"{who} may let the next review wait {said(rule.months)}.", is_optional=True)
