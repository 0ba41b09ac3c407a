"""How many people are eligible for IPS, as a form."""

from dataclasses import replace

from agencies.forms import Day, HouseForm
from fidelity.forms.texts import TextField
from outcomes.forms.between import Count, measure
from outcomes.need import MOST_PEOPLE, Estimate

PEOPLE = replace(measure("served"), maximum=MOST_PEOPLE)


class NeedForm(HouseForm):
    eligible = Count(
        replace(PEOPLE, label="People eligible for IPS in the state"),
        help_text="Such as adults with serious mental illness who want to work, as the state estimates them.",
    )
    residents = Count(
        replace(PEOPLE, label="Residents of the state"),
        required=False,
        help_text="For the number of teams per million residents. Leave it empty if you do not need it.",
    )
    as_of = Day(
        label="As of",
        help_text="Quarters that end on this day or later are compared with it, until you record a newer number.",
    )
    source = TextField(label="Where the numbers are from", rows=2, required=True)

    @property
    def estimate(self) -> Estimate:
        data = self.cleaned_data
        return Estimate(data["eligible"], data["residents"], data["as_of"], data["source"])
