"""The rule book: what a start, a result and a term that runs out do to a team.

The rows are those of the domain reference, 2.2 (Louisiana's service definition). The same rows serve every state: what
a policy does not enable does not happen. A result is judged by the policy of the last day of its review, and every
term keeps the length it had when it began; what happens when a term runs out goes by the policy of that day.
"""

from dataclasses import replace
from datetime import date, timedelta

from fidelity.lifecycle.course import TAKES_NEW, Course, Judged, Move, Policies, Position, Purpose, Term
from fidelity.lifecycle.history import DAY, Decided, Kind, Reviewed
from fidelity.lifecycle.months import months_after, written
from fidelity.policy import FidelityPolicy


def begun(on: date, policies: Policies) -> Course:
    """Row 1: a team is there. Where no review is needed first, it is new at once."""
    first = Position.APPLICANT if policies(on).preservice.required else Position.NEW
    return Course(first, on, policies, moves=(Move(on, first, "The team was set up."),))


def started(course: Course, on: date) -> Course:
    if course.started is not None:
        return course
    course = replace(course, started=on).told(on, "The team began to implement IPS.")
    return first_term(course) if course.position is Position.NEW and course.last is None else course


def first_term(course: Course) -> Course:
    """Row 2 (Louisiana: due by six months after the start) and 2.1 (the plan form: after six months); 9.23."""
    if course.started is None:
        return course
    rule = course.policies(course.started).baseline
    months, since = rule.due_months_after_start, course.started
    opens = None
    if months is not None and rule.window == "not_before":
        opens, months = months_after(since, months), months + rule.open_months
    return course.given(Term(Purpose.FIRST, since, months, "the team began", opens_on=opens))


def held(course: Course, review: Reviewed) -> Course:
    """From its last day on a review answers the term; what it gives is known when its report is issued."""
    policy = course.policies(review.ended_on)
    if not policy.is_official(review.kind) or is_older(course, review):
        return course
    return replace(course, awaiting=review) if policy.measures(review.possible, review.leads) else course


def is_older(course: Course, review: Reviewed) -> bool:
    """Held before one that has been judged already: part of the history, no step."""
    return course.last is not None and review.ended_on < course.last.review.ended_on


def judged(course: Course, review: Reviewed) -> Course:
    policy = course.policies(review.ended_on)
    result = Judged(review, policy, course.position)
    official = policy.is_official(review.kind) and review.total is not None
    if not policy.measures(review.possible, review.leads):
        told = course.told(result.issued_on, by_another_scale(review))
        return told if is_asked(course, result) else course
    if course.position is Position.APPLICANT:
        course = admitted(course, result)
        result = replace(result, at=course.position)
    if not official or is_older(course, review):
        return course
    waits = None if course.awaiting == review else course.awaiting  # for one that was held later
    course = replace(course, before=course.last, last=result, awaiting=waits, approved=None)
    course = by_position(course, result)
    return reopened(course, course.override, result) if course.override else course


def reopened(course: Course, pause: Decided, result: Judged) -> Course:
    """Row 10, for a pause that was decided; one for health and safety stays until it is decided otherwise (row 12)."""
    if not reaches_mark_to_lift(result, pause):
        return course
    if is_over_before(result, pause):
        until = f"{written(pause.until)}, unless it is lifted before" if pause.until else "it is lifted"
        words = f"That visit was over when the pause was decided, so the pause stays until {until}."
        return course.told(result.issued_on, words)
    opened = (
        "New referrals are open again"
        if course.position in TAKES_NEW
        else "The pause that was decided has ended"
    )
    words = f"{opened}: the review reached the {mark_to_lift(result.policy)} points that lift a pause."
    return replace(course.told(result.issued_on, words), override=None)


def reaches_mark_to_lift(result: Judged, pause: Decided) -> bool:
    return pause.kind is Kind.RESTRICTION and result.total >= mark_to_lift(result.policy)


def is_over_before(result: Judged, pause: Decided) -> bool:
    """Such a visit says nothing about what has changed since, however late its report."""
    return result.review.ended_on <= pause.on


def is_asked(course: Course, result: Judged) -> bool:
    """Of a kind that counts: an official review, and before the start the one that is asked for then."""
    kind, policy = result.review.kind, result.policy
    is_first = course.position is Position.APPLICANT and kind == policy.preservice.type
    return is_first or policy.is_official(kind)


def admitted(course: Course, result: Judged) -> Course:
    """Row 2: the self-evaluation is filed. An official review, which shows more, takes its place."""
    rule = result.policy.preservice
    if not is_asked(course, result):
        return course
    if rule.min_total is not None and result.total < rule.min_total:
        scored = points(result.review)
        return course.told(
            result.issued_on, f"Its total of {scored} is below the {rule.min_total} asked for."
        )
    return first_term(course.moved(Position.NEW, result.issued_on, "The review before the start was filed."))


def by_position(course: Course, result: Judged) -> Course:
    """Rows 3 to 11."""
    recovery = result.policy.probation
    falls_short = bool(recovery.enabled and result.total < (recovery.trigger_total_below or 0))
    match course.position:
        case Position.NEW if not result.is_good:
            return again(course, result)  # row 3
        case Position.CORRECTIVE if falls_short:
            return not_recovered(course, result)
        case Position.RESTRICTED if result.total < mark_to_lift(result.policy):
            return restricted_again(course, result)
        case (
            Position.NEW
            | Position.EXISTING
            | Position.EXCEPTIONAL
            | Position.CORRECTIVE
            | Position.RESTRICTED
        ):
            was_established = course.position is not Position.NEW
            return (
                recovering(course, result) if falls_short and was_established else established(course, result)
            )
        case _:
            return course


def established(course: Course, result: Judged) -> Course:
    """Rows 4, 5, 6, 8 and 10: good fidelity, and the interval its total gives; below it the old rhythm (2.6)."""
    policy = result.policy
    position = Position.EXCEPTIONAL if result.is_exemplary else Position.EXISTING
    failures = 0 if result.is_good else course.failures + 1
    months = policy.until_good_months
    if result.is_good:
        months = policy.after_exemplary_months if result.is_exemplary else policy.after_good_months
    longer = result.is_exemplary and policy.exemplary_extension.allowed
    applies_by_itself = longer and not policy.exemplary_extension.needs_decision
    if applies_by_itself:
        months = policy.exemplary_extension.months
    course = course.moved(position, result.issued_on, scored(result)).given(interval(result, months))
    return replace(course, failures=failures, tried=False, longer=applies_by_itself)


def again(course: Course, result: Judged) -> Course:
    """Row 3: a new team goes on towards good fidelity."""
    course = course.moved(Position.NEW, result.issued_on, scored(result))
    return replace(
        course.given(interval(result, result.policy.until_good_months)), failures=course.failures + 1
    )


def recovering(course: Course, result: Judged) -> Course:
    """Row 7: the team has a fixed time to reach the mark again, and takes new people meanwhile.

    Source of the first day: domain reference 2.6. An approval of the plan that comes earlier moves it, see `approved`.
    """
    rule = result.policy.probation
    since, after = result.counts_from
    if rule.starts == "plan_approval":
        since += timedelta(days=result.policy.action_plan.due_days)
        after = "the day by which its plan was to be approved,"
    course = course.moved(Position.CORRECTIVE, result.issued_on, scored(result))
    return replace(course.given(Term(Purpose.RECOVERY, since, rule.months, after)), tried=False)


def not_recovered(course: Course, result: Judged) -> Course:
    """Row 9, where the result is there: before the time is over the team may try again."""
    course = replace(course.told(result.issued_on, scored(result)), tried=True, failures=course.failures + 1)
    end = course.term.until if course.term else None
    if end is None or result.issued_on <= end:
        return course
    return restricted(
        course, result.issued_on, result.policy, "The time to reach good fidelity again is over."
    )


def restricted(course: Course, on: date, policy: FidelityPolicy, because: str) -> Course:
    """Row 9: no new people; those the team serves stay. Where a state has no such rule, it is asked what follows."""
    rule = policy.intake_restriction
    if not (rule.enabled and rule.after_failed_probation):
        return replace(course.told(on, because), lapsed=True)
    course = course.moved(Position.RESTRICTED, on, because)
    term = Term(Purpose.AGAIN, on, rule.re_review_months, "new referrals were paused")
    return replace(course.given(term), tried=False)


def restricted_again(course: Course, result: Judged) -> Course:
    """Row 11: the team stays where it is, with a new plan and another review; the state is asked what follows."""
    course = course.moved(Position.RESTRICTED, result.issued_on, scored(result))
    since, after = result.counts_from
    months = result.policy.intake_restriction.re_review_months or result.policy.until_good_months
    return replace(course.given(Term(Purpose.AGAIN, since, months, after)), failures=course.failures + 1)


def lapsed(course: Course, on: date) -> Course:
    """The term ran out yesterday. Source: row 9, and 2.6 for a review that is overdue without a total."""
    policy = course.policies(on)
    if course.awaiting is not None:
        return replace(course, lapsed=True)  # it was held, and its result will say
    if course.position is Position.CORRECTIVE and course.tried:
        by_its_rules = course.last.policy if course.last else policy
        return restricted(course, on, by_its_rules, "The time to reach good fidelity again is over.")
    if policy.overdue_effect == "treat_as_failed":
        return missed(course, on, policy)
    return replace(course, lapsed=True)


def missed(course: Course, on: date, policy: FidelityPolicy) -> Course:
    """Where a state counts a review that was not held as one that failed."""
    because, after = (
        "The review that was due was not held, which counts as below the mark.",
        "the last one was due",
    )
    match course.position:
        case Position.CORRECTIVE:
            return restricted(course, on, policy, because)
        case Position.EXISTING | Position.EXCEPTIONAL if policy.probation.enabled:
            course = course.moved(Position.CORRECTIVE, on, because)
            term = Term(Purpose.RECOVERY, on, policy.probation.months, after)
            return replace(course.given(term), tried=False)
        case Position.RESTRICTED:
            term = Term(Purpose.AGAIN, on, policy.intake_restriction.re_review_months, after)
        case _:
            term = Term(Purpose.INTERVAL, on, policy.until_good_months, after)
    course = course.moved(course.position, on, because)
    return replace(course.given(term), failures=course.failures + 1)


def planned(course: Course, review: str) -> Course:
    return replace(course, plans_in_use=course.plans_in_use | {review})


def closed(course: Course, on: date) -> Course:
    course = course.moved(Position.CLOSED, on, "The team was closed.")
    return replace(course.given(None), override=None, awaiting=None, closure=None)


def mark_to_lift(policy: FidelityPolicy) -> int:
    return policy.intake_restriction.lift_total or policy.thresholds.good


def interval(result: Judged, months: int | None) -> Term:
    since, after = result.counts_from
    return Term(Purpose.INTERVAL, since, months, after)


def by_another_scale(review: Reviewed) -> str:
    total = f"{review.total} of {review.possible} points{in_part(review)}"
    return f"{ended(review)} gave {total} by a scale that these rules are not for. It moved nothing."


def scored(result: Judged) -> str:
    return f"{ended(result.review)} gave {points(result.review)}."


def ended(review: Reviewed) -> str:
    imported = "imported " if review.is_imported else ""
    return f"The {imported}review that ended on {written(review.ended_on)}"


def points(review: Reviewed) -> str:
    return f"{review.total} {'point' if review.total == 1 else 'points'}{in_part(review)}"


def in_part(review: Reviewed) -> str:
    """Whose total it is, where its scale has a total per part."""
    return f" in {review.part}" if review.part else ""


def lapses_on(course: Course) -> date | None:
    """The day after the end of the running term, unless that was dealt with."""
    end = course.term.until if course.term and not course.lapsed else None
    return end + DAY if end is not None and end < date.max else None
