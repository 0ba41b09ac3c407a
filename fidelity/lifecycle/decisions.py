"""What people decide about one team, and what each decision does.

Source: domain reference 2.2 (rows 4, 5 and 12) and 2.6. A decision the policy has no room for changes nothing; the
action that records decisions refuses it with the reason.
"""

from dataclasses import replace
from datetime import date

from fidelity.lifecycle.course import Course, Position, Purpose, Term
from fidelity.lifecycle.history import Decided, Kind
from fidelity.lifecycle.months import months_after, written

PAUSED = {
    Kind.RESTRICTION: "New referrals were paused by a decision.",
    Kind.SAFETY: "New referrals were paused for the health and safety of people.",
}


def decided(course: Course, decision: Decided) -> Course:
    match decision.kind:
        case Kind.PLAN_APPROVED:
            return approved(course, decision)
        case Kind.LONGER_INTERVAL:
            return longer(course, decision)
        case Kind.EARLIER_REVIEW:
            return earlier(course, decision)
        case Kind.RESTRICTION | Kind.SAFETY:  # row 12
            return replace(
                course.told(decision.on, PAUSED[decision.kind], is_decision=True), override=decision
            )
        case Kind.LIFTING:
            return lifted(course, decision)
        case Kind.CLOSURE:
            return replace(
                course.told(decision.on, "Closing the team was recommended.", is_decision=True),
                closure=decision,
            )


def approved(course: Course, decision: Decided) -> Course:
    """The plan that follows the last result; one of an earlier review changes nothing any more.

    Six corrective months start with it, if it comes in time (2.6).
    """
    last, term = course.last, course.term
    if last is None or decision.review != last.review.key or course.approved is not None:
        return course
    course = replace(
        course.told(decision.on, "The action plan was approved.", is_decision=True), approved=decision.on
    )
    by_approval = last.policy.probation.starts == "plan_approval" and not course.tried
    if (
        course.position is not Position.CORRECTIVE
        or term is None
        or not by_approval
        or decision.on >= term.since
    ):
        return course
    return replace(course, term=replace(term, since=decision.on, after="the action plan was approved"))


def longer(course: Course, decision: Decided) -> Course:
    """Row 5: a team of the highest band may wait longer, by a decision and never past what the policy allows."""
    last, term = course.last, course.term
    if (
        course.position is not Position.EXCEPTIONAL
        or last is None
        or term is None
        or term.purpose is not Purpose.INTERVAL
    ):
        return course
    rule = last.policy.exemplary_extension
    if not rule.allowed or rule.months is None:
        return course
    farthest = months_after(term.since, rule.months)
    until = min(decision.until or farthest, farthest)
    if term.until is not None and until <= term.until:
        return course
    told = course.told(decision.on, f"The next review may wait until {written(until)}.", is_decision=True)
    return replace(told, term=replace(term, moved_to=until), longer=True, lapsed=False)


def earlier(course: Course, decision: Decided) -> Course:
    """Row 4: a shorter interval may be set. Where the policy has none, the decision sets the day (New York)."""
    if decision.until is None or course.position in (Position.APPLICANT, Position.CLOSED):
        return course
    until = max(decision.until, decision.on)
    term = course.term or Term(Purpose.INTERVAL, decision.on, None, "")
    if term.until is not None and term.until <= until:
        return course
    told = course.told(
        decision.on, f"The next review was set for {written(until)} at the latest.", is_decision=True
    )
    opens = term.opens_on if term.opens_on and term.opens_on <= until else None
    return replace(told, term=replace(term, moved_to=until, opens_on=opens), longer=False, lapsed=False)


def lifted(course: Course, decision: Decided) -> Course:
    """New referrals reopen by decision. Below the mark the team gets its time to recover anew."""
    if course.position is not Position.RESTRICTED:
        if course.override is None:
            return course
        return replace(
            course.told(decision.on, "New referrals were opened again.", is_decision=True), override=None
        )
    rule = course.policies(decision.on).probation
    course = course.moved(
        Position.CORRECTIVE, decision.on, "New referrals were opened again by a decision.", is_decision=True
    )
    term = Term(Purpose.RECOVERY, decision.on, rule.months, "new referrals were opened again")
    return replace(course.given(term), override=None, tried=False)


def ended(course: Course, decision: Decided, on: date) -> Course:
    """A restriction by decision has had its last day."""
    if course.override != decision:
        return course
    return replace(course.told(on, "The pause of new referrals has ended."), override=None)
