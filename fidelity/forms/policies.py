"""A state's rules for the life of a team as a form; what it does not show stays as the state has stated it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from agencies.forms import Day, LookedForm
from fidelity.forms.texts import TextField
from fidelity.policy import FidelityPolicy
from fidelity.policy_fields import (
    ANCHORS,
    BY_PATH,
    EARNED,
    LONGEST,
    LONGEST_ANSWER,
    OVERDUE,
    PLAN_RULES,
    STARTS,
    WINDOWS,
)

NO_INTERVAL = "In months. Leave it empty for no fixed interval."
IN_MONTHS = "In months."
HIGHEST_TOTAL = 500  # of any scale


def months(help_text: str = IN_MONTHS, *, needed: bool = False, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=LONGEST, required=needed, help_text=help_text)


def total(*, needed: bool = False) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=HIGHEST_TOTAL, required=needed, help_text="In points.")


def choice(options: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(options.items()))


def flag(help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(required=False, help_text=help_text)


def asked() -> dict[str, forms.Field]:
    """The values a state decides here, by path, in the order of a team's life."""
    return {
        "scale_version": forms.ChoiceField(
            help_text="What reviews that begin from that day on are rated by. Its marks follow: choose them to fit; "
            "where it has parts, they are for the total of the leading one."
        ),
        "thresholds.fair": total(needed=True),
        "thresholds.good": total(needed=True),
        "thresholds.exemplary": total(needed=True),
        "preservice.required": flag(),
        "baseline.due_months_after_start": months(
            "In months after the team begins. Empty for no fixed time."
        ),
        "baseline.window": choice(WINDOWS),
        "baseline.open_months": months(needed=True, least=0),
        "until_good_months": months(NO_INTERVAL),
        "after_good_months": months(NO_INTERVAL),
        "after_exemplary_months": months(NO_INTERVAL),
        "exemplary_extension.allowed": flag(),
        "exemplary_extension.months": months(),
        "exemplary_extension.needs_decision": flag(),
        "interval_anchor": choice(ANCHORS),
        "overdue_effect": choice(OVERDUE),
        "answer_days": forms.IntegerField(
            min_value=0,
            max_value=LONGEST_ANSWER,
            help_text="In days from the day an external review's draft is handed over; 0 for none.",
        ),
        "moderation": flag(
            "An admin or trainer of the state who did not review, and does not issue the report, reads an external "
            "review's draft first: agrees to it, or returns it with remarks. If texts, ratings or reviewers change "
            "afterwards, it is read anew. The agency is not told when a draft is read or what was remarked."
        ),
        "action_plan.required": choice(PLAN_RULES),
        "action_plan.due_days": forms.IntegerField(
            min_value=1, max_value=365, help_text="In days after the report is issued."
        ),
        "action_plan.approver": forms.CharField(
            max_length=160,
            required=False,
            help_text="“State office” for the state itself. Any other name, such as MCO, is a payer's, for the teams "
            "it contracts with; the state approves for all others. Leave it empty where nobody approves.",
        ),
        "new_team_decision_after": forms.IntegerField(
            min_value=1, max_value=9, help_text="In reviews in a row below good fidelity."
        ),
        "probation.enabled": flag(),
        "probation.months": months(),
        "probation.trigger_total_below": total(),
        "probation.starts": choice(STARTS),
        "intake_restriction.enabled": flag(),
        "intake_restriction.after_failed_probation": flag(),
        "intake_restriction.re_review_months": months(),
        "intake_restriction.lift_total": total(),
        "incentive.what": forms.CharField(
            max_length=160,
            required=False,
            help_text="Such as paid training days. Teams read it where their standing is explained. Empty for nothing.",
        ),
        "incentive.earned": choice(EARNED),
        "incentive.decided_by": forms.CharField(
            max_length=160, required=False, help_text="Who grants it, such as the mental health liaison."
        ),
    }


PATHS = tuple(asked())


def sent_as(path: str) -> str:
    return path.replace(".", "-")


class PolicyForm(LookedForm):
    effective_from = Day(
        label="From which day on",
        help_text="Month/day/year. Reviews that end from that day on are judged by these rules.",
    )
    source = TextField(label="Who decided this, and where it is written", rows=2, required=True)

    def __init__(
        self, data: Any, *, policy: FidelityPolicy, starts: str, scales: Sequence[tuple[str, str]]
    ) -> None:
        values = {sent_as(path): policy.values[path] for path in PATHS}
        super().__init__(data, initial={"effective_from": starts, **values})
        for path, entry in asked().items():
            entry.label = BY_PATH[path].label
            self.fields[sent_as(path)] = entry
        self.fields["scale_version"].choices = scales  # type: ignore[attr-defined]  # a field with choices
        self.order_fields(["effective_from", *map(sent_as, PATHS), "source", "looked"])

    @property
    def values(self) -> dict[str, Any]:
        """By path, as a policy states them: what is left empty is none."""
        given = {path: self.cleaned_data[sent_as(path)] for path in PATHS}
        return {path: None if value == "" else value for path, value in given.items()}
