"""A state's rules for quarterly outcomes as a form."""

from decimal import Decimal
from typing import Any

from django import forms

from agencies.forms import HouseForm
from fidelity.forms.texts import TextField
from ips_portal.quarters import Quarter
from outcomes.goals import Goal, goal_of
from outcomes.measures import edition
from outcomes.policy import LOWEST_THRESHOLD, PEER_TIERS, OutcomesPolicy

COUNTED = {
    "temp_agency_counts": "Jobs through a temporary agency count",
    "seasonal_counts": "Seasonal jobs count",
    "set_aside_contract_counts": "Jobs on contracts set aside for people with disabilities count",
}
SHARING = ("peers", "stakeholders", "public", "across_states", "threshold")
BETWEEN = {
    "weekly_contacts": "Specialists note their employer contacts each week",
    "monthly_tallies": "Specialists keep a tally each month that helps with the quarter",
    "specialist_goals": "Supervisors set goals for a quarter",
}
DISCHARGE = {"discharge_system": "system", "discharge_what": "what"}
SHOWN_GOAL = "employment"  # goals of other measures stay as the state has stated them


class PolicyForm(HouseForm):
    quarter = forms.ChoiceField(
        label="From which quarter on", help_text="Quarters that have opened keep their rules."
    )
    due_days = forms.IntegerField(label="Due how many days after a quarter ends", min_value=1, max_value=180)
    due_days_q4 = forms.IntegerField(
        label="Due how many days after the last quarter of the year", min_value=1, max_value=180
    )
    lock_days = forms.IntegerField(
        label="Accepted figures become final after how many days", min_value=1, max_value=365
    )
    optional = forms.MultipleChoiceField(
        label="What teams report beside the core measures",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The core measures of the Learning Community are always asked.",
    )
    temp_agency_counts = forms.BooleanField(label=COUNTED["temp_agency_counts"], required=False)
    seasonal_counts = forms.BooleanField(label=COUNTED["seasonal_counts"], required=False)
    set_aside_contract_counts = forms.BooleanField(label=COUNTED["set_aside_contract_counts"], required=False)
    minimum_days = forms.IntegerField(label="Days worked from which a job counts", min_value=1, max_value=31)
    discharge_system = forms.CharField(
        label="System in which each person who leaves is entered, too",
        required=False,
        max_length=80,
        help_text="Such as CAIRS. Supervisors are reminded of it beside the people who left. Leave it empty for none.",
    )
    discharge_what = forms.CharField(
        label="What is entered there of each person",
        required=False,
        max_length=80,
        help_text="Such as: employment status.",
    )
    goal_team = forms.IntegerField(
        label="Goal for the employment rate of a team, in percent",
        required=False,
        min_value=1,
        max_value=100,
        help_text="Shown beside each team's own rate. Leave it empty for no goal.",
    )
    goal_state = forms.IntegerField(
        label="Goal for the employment rate of the state, in percent",
        required=False,
        min_value=1,
        max_value=100,
    )
    peers = forms.ChoiceField(
        label="What agencies see of each other",
        choices=list(PEER_TIERS.items()),
        help_text="In full only under a signed agreement, which the page “Sharing in full” keeps.",
    )
    stakeholders = forms.BooleanField(
        label="Agencies and committee members see the rounded rates of the state",
        required=False,
        help_text="Only where at least three agencies have figures and none makes up more than 80% of them.",
    )
    public = forms.BooleanField(
        label="Anybody may read the state's totals of four quarters, without signing in",
        required=False,
        help_text="What committee members see, rounded to 5: told once when a quarter is published, and never changed.",
    )
    across_states = forms.BooleanField(
        label="The state shares its rounded rates with other states that do the same",
        required=False,
        help_text="Shown as the mean of at least five states, to the states that share. No state is named.",
    )
    threshold = forms.IntegerField(
        label="Counts below how many people are hidden from everybody outside the circle",
        min_value=LOWEST_THRESHOLD,
        max_value=100,
    )
    weekly_contacts = forms.BooleanField(
        label=BETWEEN["weekly_contacts"],
        required=False,
        help_text="Kept between quarters for the specialist and the team's supervisor. Nobody above the team sees it.",
    )
    monthly_tallies = forms.BooleanField(label=BETWEEN["monthly_tallies"], required=False)
    specialist_goals = forms.BooleanField(label=BETWEEN["specialist_goals"], required=False)
    source = TextField(label="Who decided this, and where it is written", rows=2, required=True)

    def __init__(self, data: Any, *, quarters: tuple[Quarter, ...], policy: OutcomesPolicy) -> None:
        super().__init__(data, initial=initial(policy))
        self.policy = policy
        self._offer("quarter", [(each.slug, each.months) for each in quarters])
        self._offer("optional", [(each.key, each.label) for each in edition(policy.measures).optional])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        missing = [name for name in DISCHARGE if not data.get(name)]
        if len(missing) == 1:
            self.add_error(missing[0], "Name both the system and what is entered in it, or neither.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        """As a policy states them."""
        data = self.cleaned_data
        goals = {"team": data["goal_team"], "state": data["goal_state"]}
        return {
            **{key: data[key] for key in ("due_days", "due_days_q4", "lock_days", "optional")},
            "job": {key: data[key] for key in (*COUNTED, "minimum_days")},
            "sharing": {key: data[key] for key in SHARING},
            "between": {key: data[key] for key in BETWEEN},
            "discharge_entry": {part: data[name] for name, part in DISCHARGE.items()},
            "goals": [
                *(stated(goal) for goal in self.policy.goals if goal.measure != SHOWN_GOAL),
                *(
                    stated(Goal(SHOWN_GOAL, level, Decimal(part) / 100))
                    for level, part in goals.items()
                    if part
                ),
            ],
        }


def stated(goal: Goal) -> dict[str, Any]:
    return {"measure": goal.measure, "level": goal.level, "value": float(goal.value)}


def initial(policy: OutcomesPolicy) -> dict[str, Any]:
    def percent(level: str) -> int | None:
        goal = goal_of(policy.goals, SHOWN_GOAL, level)
        return int(goal.value * Decimal(100)) if goal else None

    return {
        **{key: getattr(policy, key) for key in ("due_days", "due_days_q4", "lock_days", "optional")},
        **{key: getattr(policy.job, key) for key in (*COUNTED, "minimum_days")},
        **{key: getattr(policy.sharing, key) for key in SHARING},
        **{key: getattr(policy.between, key) for key in BETWEEN},
        **{name: getattr(policy.discharge_entry, part) for name, part in DISCHARGE.items()},
        "goal_team": percent("team"),
        "goal_state": percent("state"),
    }
