"""One week, one month or the goals of a quarter as forms. Numbers are read as on the quarter's own page."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import Day, HouseForm, SeenForm
from ips_portal.importing.cells import AROUND, is_no_answer
from outcomes.measures import Measure, edition
from outcomes.models import TALLIED, TeamGoal
from outcomes.reading import NotANumber, read

BLANK = "Leave the field empty if you do not know yet. Blank is not zero."


def measure(key: str, label: str = "") -> Measure:
    found = edition().by_key[key]
    return replace(found, label=label) if label else found


class Count(forms.CharField):
    """A whole number as people type it, or None. There is no “Not collected” here: what is unknown stays empty."""

    def __init__(self, counted: Measure, **kwargs: Any) -> None:
        self.counted = counted
        entry = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "count", "maxlength": "40"}
        )
        super().__init__(label=kwargs.pop("label", counted.label), widget=entry, strip=False, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if is_no_answer(text.strip(AROUND)):
            raise ValidationError(f"“{text.strip(AROUND)}” is no number. {BLANK}")
        try:
            reading = read(text, self.counted)
        except NotANumber as problem:
            raise ValidationError(str(problem)) from None
        if reading is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return reading.value if reading else None


class WeekForm(SeenForm, HouseForm):
    contacts = Count(measure("employer_contacts", "Face-to-face employer contacts"))
    looking = Count(measure("served", "People looking for work"))


class ReviewedWeekForm(WeekForm):
    """A supervisor's."""

    reviewed_on = Day(
        label="Reviewed with the specialist on",
        required=False,
        help_text="Month, day and year, such as 7/13/2026.",
    )


class MonthForm(SeenForm, HouseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in TALLIED:
            self.fields[key] = Count(measure(key), required=False)

    @property
    def values(self) -> dict[str, int | None]:
        return {key: self.cleaned_data[key] for key in TALLIED}


class GoalForm(SeenForm, HouseForm):
    job_starts = Count(measure("job_starts"), required=False)
    employed = Count(measure("employed"), required=False)
    contacts = Count(measure("employer_contacts", "Employer contacts a week"), required=False)

    @property
    def values(self) -> dict[str, int | None]:
        return {key: self.cleaned_data[key] for key in TeamGoal.Measure.values}
