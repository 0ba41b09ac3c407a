"""The guided question on billing, whose answers stand in the address, and the rules of a state as text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from agencies.forms import Day, LookedForm
from fidelity.lines import LONGEST
from funding.guidance import Facts, RuleSet

FACT = "fact-"  # before the key of a question, so that none is taken for another part of the address


def asked(key: str) -> str:
    return f"{FACT}{key}"


class BillingForm(forms.Form):
    """The activity, and once one is chosen the questions that matter for it. A question left open is the default."""

    activity = forms.ChoiceField(label="What was done?")

    def __init__(self, data: QueryDict, *, rules: RuleSet) -> None:
        self.rules, chosen = rules, data.get("activity", "")
        given: dict[str, str] = {"activity": chosen}
        super().__init__(given if chosen else None)
        self.fields["activity"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Choose an activity"),
            *(
                (group, [(each.key, each.name) for each in activities])
                for group, activities in rules.grouped().items()
            ),
        ]
        if chosen not in {each.key for each in rules.activities}:
            return
        for fact in rules.questions(chosen):
            name = asked(fact.key)
            self.fields[name] = forms.ChoiceField(
                label=fact.question,
                choices=[(option.value, option.label) for option in fact.options],
                widget=forms.RadioSelect,
                help_text=fact.help,
            )
            given[name] = data.get(name) or fact.default

    @property
    def facts(self) -> Facts:
        data = self.cleaned_data
        return {name.removeprefix(FACT): value for name, value in data.items() if name.startswith(FACT)}


def address_of(activity: str, facts: Facts) -> str:
    """The question as the end of an address."""
    query = QueryDict(mutable=True)
    query.update({"activity": activity, **{asked(key): value for key, value in facts.items()}})
    return query.urlencode()


class BillingRulesForm(LookedForm):
    effective_from = Day(label="From which day on", help_text="Month/day/year.")
    text = forms.CharField(
        label="The rules as text (YAML)",
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Begin with a set that comes with the portal or with your own, and change what differs.",
    )

    def __init__(self, data: Any, *, starts: date, text: str) -> None:
        super().__init__(
            data, initial={"effective_from": f"{starts.month}/{starts.day}/{starts.year}", "text": text}
        )

    def clean_text(self) -> str:
        """A browser ends lines otherwise than a file does."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    @property
    def given(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in ("effective_from", "text")}
