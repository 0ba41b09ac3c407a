"""Every value a state's fidelity policy may set: how it is read and how it is said in words.

The list is that of the domain reference, section 2.5. The policy page, the reader and the refusal of unknown keys
all go by this one table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fidelity.documents import Node
from fidelity.scales import HIGHEST, LOWEST, NA_POLICIES, TIE_RULES

REVIEW_TYPES = {"external": "external review", "guided_self": "guided self-review", "self": "self-review"}
STANDINGS = ("APPLICANT", "NEW", "EXISTING", "EXCEPTIONAL", "CORRECTIVE", "RESTRICTED", "CLOSED")
UNITS = {"team": "The specialists under one supervisor"}
WINDOWS = {"not_before": "The review is not held earlier", "due_by": "The review is done by then"}
REVIEWER_RULES = {
    "external_required": "Somebody from outside the agency is required",
    "external_preferred": "Trained people from outside the agency preferred, a trained insider allowed",
    "self": "The agency reviews itself",
}
PLAN_RULES = {"after_every_report": "After every report", "conditional": "When the result calls for one"}
PLAN_STARTS = {"immediate": "At once", "by_due_date": "By its due date"}
ANCHORS = {
    "review_end_date": "The last day of the review",
    "report_issued_date": "The day the report is issued",
}
OVERDUE = {"alert_only": "A reminder; nothing else changes", "treat_as_failed": "Counts as a failed review"}
STARTS = {
    "plan_approval": "When the plan is approved",
    "review_end": "On the last day of the review",
}
EARNED = {
    "review": "by every review that counts",
    "good": "by every review with good fidelity or better",
    "exemplary": "by every review in the highest band",
}
NA_WORDS = {
    "require_rating": "Every item is rated",
    "score_1": "The item counts as 1",
    "prorate_display_only": "No official total; an estimate is shown",
}
TIE_WORDS = {"down": "The lower rating", "up": "The higher rating"}
NOT_SET = "Not set"
LONGEST = 60  # months; a longer interval is a slip of the keyboard
LONGEST_ANSWER = 60  # days

Read = Callable[[Node], Any]
Words = Callable[[Any], str]


@dataclass(frozen=True)
class Field:
    path: str
    group: str
    label: str
    read: Read
    words: Words
    needs: str = ""  # the value that must be set for this one to mean anything


def number(minimum: int = 0, maximum: int | None = None) -> Read:
    return lambda node: node.number(minimum, maximum)


def choice(options: Mapping[str, str] | tuple[str, ...]) -> Read:
    return lambda node: node.choice(list(options))


def maybe(read: Read) -> Read:
    """Null is a value too: New York's rule says plainly that there is no fixed interval."""
    return lambda node: None if node.value is None else read(node)


def many(read: Read) -> Read:
    return lambda node: tuple(read(entry) for entry in node.entries())


def open_months(node: Node) -> int:
    return node.number(0, LONGEST)


def interval(node: Node) -> int:
    return node.number(1, LONGEST)


def day(node: Node) -> date:
    return node.day()


def text(node: Node) -> str:
    return node.text()


def flag(node: Node) -> bool:
    return node.flag()


def readings(node: Node) -> dict[str, int]:
    """How a state reads the values a scale leaves open, by item code (domain reference 1.3, R7)."""
    return {code: node.child(code).number(LOWEST, HIGHEST) for code in node.names()}


def plain(value: object) -> str:
    return NOT_SET if value is None else str(value)


def yes_no(value: bool) -> str:
    return "Yes" if value else "No"


def months(value: int | None) -> str:
    if value is None:
        return "No fixed time"
    return f"{value} month" if value == 1 else f"{value} months"


def every(value: int | None) -> str:
    return "No fixed interval" if value is None else f"Every {months(value)}"


def after_start(value: int | None) -> str:
    return "No fixed time" if value is None else f"{months(value)} after the team starts"


def then(value: int) -> str:
    return "On its first day" if value == 0 else f"Within {months(value)}"


def after_failures(value: int) -> str:
    return (
        "Its first review below good fidelity"
        if value == 1
        else f"{value} reviews in a row below good fidelity"
    )


def decided(value: bool) -> str:
    return "Team by team" if value else "Applies by itself"


def at_least(value: int) -> str:
    return f"At least {value}"


def days(value: int) -> str:
    return f"{value} days after the report"


def reminded(value: tuple[int, ...]) -> str:
    before = " and ".join(str(-step) for step in sorted(value) if step < 0)
    after = " and ".join(str(step) for step in sorted(value) if step > 0)
    told = [f"{before} days before" if before else "", "on the day" if 0 in value else ""]
    return ", ".join(part for part in [*told, f"{after} days after" if after else ""] if part) or "None"


def time_to_correct(value: int) -> str:
    return "None" if value == 0 else f"{value} days from the day it is handed over"


def read_first(value: bool) -> str:
    return (
        "Yes: somebody of the state who did not review reads it, agrees or returns it, and does not issue it"
        if value
        else "No"
    )


def offered(value: str | None) -> str:
    return "Nothing" if value is None else value


def points(value: int | None) -> str:
    return NOT_SET if value is None else f"{value} points"


def rated_at_most(value: int | None) -> str:
    return (
        "None named; every item rated 3 or lower is proposed"
        if value is None
        else f"Items rated {value} or lower"
    )


def listed(names: Mapping[str, str]) -> Words:
    return lambda value: ", ".join(names.get(entry, entry) for entry in value) or "None"


def said(names: Mapping[str, str]) -> Words:
    return lambda value: names[value][:1].upper() + names[value][1:]


def per_year(value: int) -> str:
    return "Once a year" if value == 1 else f"{value} times a year"


def open_values(value: Mapping[str, int]) -> str:
    return ", ".join(f"{code} as {rating}" for code, rating in value.items()) or "As the scale's notes say"


def teams_in(value: tuple[str, ...] | None) -> str:
    return (
        "All teams" if not value else "Teams in standing " + ", ".join(standing.lower() for standing in value)
    )


def written_day(value: date | None) -> str:
    return "No exception" if value is None else f"Allowed until {value.isoformat()}"


SCALE, WHEN, WHO = "Scale and bands", "When reviews happen", "Who reviews and issues"
PLAN, BELOW, OTHER = "Action plan", "Below good fidelity", "Committees and partners"
NAMES = "How a team's standing is called"
# Standings in the order of a team's life, by the key of their name in a policy.
NAMED = {
    "applicant": "Before it may serve anybody",
    "new": "Until its first good fidelity",
    "existing": "After good fidelity",
    "exceptional": "With a total in the highest band",
    "corrective": "In its time to recover",
    "restricted": "While it may take nobody new",
    "closed": "After it has ended",
}

BEFORE, FIRST, LONGER = (
    "preservice.required",
    "baseline.due_months_after_start",
    "exemplary_extension.allowed",
)
ISSUE, TRIGGER = "same_person_may_issue.allowed_until", "action_plan.item_trigger_max"
RECOVERY, STOP, OFFER = "probation.enabled", "intake_restriction.enabled", "incentive.what"
STANDING_LIST = maybe(many(choice(STANDINGS)))

FIELDS: tuple[Field, ...] = (
    Field("scale_version", SCALE, "Scale", text, plain),
    Field("manual_edition", SCALE, "Review manual", maybe(text), plain),
    Field("unit", SCALE, "What is reviewed", choice(UNITS), said(UNITS)),
    Field("thresholds.exemplary", SCALE, "Exemplary from", number(), points),
    Field("thresholds.good", SCALE, "Good fidelity from", number(), points),
    Field("thresholds.fair", SCALE, "Fair from", number(), points),
    Field("band_labels.exemplary", SCALE, "Name of the highest band", text, plain),
    Field("band_labels.good", SCALE, "Name of the second band", text, plain),
    Field("band_labels.fair", SCALE, "Name of the third band", text, plain),
    Field("band_labels.none", SCALE, "Name of the lowest band", text, plain),
    Field("na_policy", SCALE, "When an item does not apply", choice(NA_POLICIES), said(NA_WORDS)),
    Field("tie_rule", SCALE, "When an average lies halfway", choice(TIE_RULES), said(TIE_WORDS)),
    Field("boundary_readings", SCALE, "Values between two ratings", readings, open_values),
    Field("preservice.required", WHEN, "Review needed before services start", flag, yes_no),
    Field("preservice.type", WHEN, "Kind of that review", choice(REVIEW_TYPES), said(REVIEW_TYPES), BEFORE),
    Field("preservice.min_total", WHEN, "Total it must reach", maybe(number()), points, BEFORE),
    Field("baseline.type", WHEN, "Kind of first review", choice(REVIEW_TYPES), said(REVIEW_TYPES)),
    Field("baseline.due_months_after_start", WHEN, "First review", maybe(interval), after_start),
    Field("baseline.window", WHEN, "How that date is meant", choice(WINDOWS), said(WINDOWS), FIRST),
    Field(
        "baseline.open_months", WHEN, "Time for it, where it is not held earlier", open_months, then, FIRST
    ),
    Field("until_good_months", WHEN, "Until good fidelity", maybe(interval), every),
    Field("after_good_months", WHEN, "After good fidelity", maybe(interval), every),
    Field("after_exemplary_months", WHEN, "After exemplary fidelity", maybe(interval), every),
    Field("exemplary_extension.allowed", WHEN, "Longer interval for exemplary teams", flag, yes_no),
    Field("exemplary_extension.months", WHEN, "Longer interval", maybe(interval), every, LONGER),
    Field("exemplary_extension.needs_decision", WHEN, "Longer interval is decided", flag, decided, LONGER),
    Field(
        "exemplary_extension.decided_by", WHEN, "Longer interval is decided by", maybe(text), plain, LONGER
    ),
    Field("interval_anchor", WHEN, "Intervals count from", choice(ANCHORS), said(ANCHORS)),
    Field("overdue_effect", WHEN, "When a review is overdue", choice(OVERDUE), said(OVERDUE)),
    Field("reviewer_rule", WHO, "Reviewers", choice(REVIEWER_RULES), said(REVIEWER_RULES)),
    Field("min_reviewers", WHO, "Number of reviewers", number(1, 9), at_least),
    Field(
        "official_review_types", WHO, "Totals count from", many(choice(REVIEW_TYPES)), listed(REVIEW_TYPES)
    ),
    Field(
        "answer_days",
        WHO,
        "Time for the agency to correct a draft",
        number(0, LONGEST_ANSWER),
        time_to_correct,
    ),
    Field("moderation", WHO, "Moderation of a draft before it goes to the agency", flag, read_first),
    Field("same_person_may_issue.allowed_until", WHO, "The lead reviewer may issue", maybe(day), written_day),
    Field("same_person_may_issue.reason", WHO, "Reason for that exception", maybe(text), plain, ISSUE),
    Field("result_recipient", WHO, "Results also go to", maybe(text), plain),
    Field("action_plan.required", PLAN, "Plan required", choice(PLAN_RULES), said(PLAN_RULES)),
    Field("action_plan.start", PLAN, "Work on it starts", choice(PLAN_STARTS), said(PLAN_STARTS)),
    Field("action_plan.due_days", PLAN, "Plan due", number(1), days),
    Field("action_plan.reminders", PLAN, "Reminders of the due date", many(number(-90, 90)), reminded),
    Field("action_plan.item_trigger_max", PLAN, "Items it must hold", maybe(number(1, 4)), rated_at_most),
    Field("action_plan.item_trigger_applies_to", PLAN, "For which teams", STANDING_LIST, teams_in, TRIGGER),
    Field("action_plan.approver", PLAN, "Approved by", maybe(text), plain),
    Field(
        "new_team_decision_after",
        BELOW,
        "The state decides about a new team after",
        number(1, 9),
        after_failures,
    ),
    Field("probation.enabled", BELOW, "Time to recover", flag, yes_no),
    Field("probation.months", BELOW, "Length of that time", maybe(interval), months, RECOVERY),
    Field("probation.trigger_total_below", BELOW, "For totals below", maybe(number(1)), points, RECOVERY),
    Field("probation.starts", BELOW, "That time starts", choice(STARTS), said(STARTS), RECOVERY),
    Field("intake_restriction.enabled", BELOW, "Taking new people may be stopped", flag, yes_no),
    Field(
        "intake_restriction.after_failed_probation", BELOW, "After the time to recover", flag, yes_no, STOP
    ),
    Field("intake_restriction.re_review_months", BELOW, "Next review within", maybe(interval), months, STOP),
    Field("intake_restriction.lift_total", BELOW, "Allowed again from", maybe(number(1)), points, STOP),
    *(Field(f"standing_labels.{key}", NAMES, label, text, plain) for key, label in NAMED.items()),
    Field("incentive.what", OTHER, "Offered to agencies for reviews", maybe(text), offered),
    Field("incentive.earned", OTHER, "Earned", choice(EARNED), said(EARNED), OFFER),
    Field("incentive.decided_by", OTHER, "Granted by", maybe(text), plain, OFFER),
    Field("steering.before_good_per_year", OTHER, "Committee until good fidelity", number(), per_year),
    Field("steering.after_good_per_year", OTHER, "Committee after good fidelity", number(), per_year),
    Field("vr_requires", OTHER, "Vocational rehabilitation asks for", many(text), listed({})),
)

BY_PATH: Mapping[str, Field] = {field.path: field for field in FIELDS}


def in_words(text: str) -> str:
    """What is wrong with a policy, with the names its page gives the values in the place of their keys."""
    for path, entry in BY_PATH.items():
        text = text.replace(f"“{path}”", f"“{entry.label}”")
    return text
