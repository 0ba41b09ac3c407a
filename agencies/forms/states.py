"""Forms of a state's settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from agencies.forms import HouseForm
from agencies.forms.organizations import text
from agencies.logos import BIGGEST_FILE
from agencies.models.states import DEFAULT_WORDS, ZONES

WORD_LABELS = {
    "person_served": "One person served",
    "people_served": "People served",
    "agency": "One agency",
    "agencies": "Agencies",
    "specialist": "One IPS specialist",
    "specialists": "IPS specialists",
    "review": "One fidelity review",
    "reviews": "Fidelity reviews",
}


class ProfileForm(HouseForm):
    name = text("Name of the state", 100, required=True)
    program_name = text("Name of the program", 120, "As it stands on reports.", required=True)
    zone = forms.ChoiceField(label="Time zone", help_text="Deadlines end at midnight here.")
    contact_name = text("Contact", 120, "Person or office that people turn to.")
    contact_email = forms.EmailField(label="Contact's e-mail", required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {zone: zone} if zone not in ZONES and zone in available_timezones() else {}
        self.fields["zone"].choices = list((ZONES | kept).items())  # type: ignore[attr-defined]  # a ChoiceField


class WordsForm(HouseForm):
    """One field for each of the state's own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, default in DEFAULT_WORDS.items():
            label = WORD_LABELS.get(key, key.replace("_", " ").capitalize())
            self.fields[key] = text(label, 40, f"Portal's own word: {default}")


class SecondFactorForm(HouseForm):
    required = forms.BooleanField(
        label="Everybody signs in with a second step",
        required=False,
        help_text="A code from an app or a passkey. Whoever has none is led to set it up at the next page.",
    )


class ThemeForm(HouseForm):
    brand = text("Header color", 7, "# and six digits or letters a to f, such as #1a4480.", required=True)
    brand_ink = text("Text on the header", 7, "At least 4.5 to 1 against the header color.", required=True)
    brand_accent = text("Accent color", 7, "Rules and charts on white: at least 3 to 1.", required=True)


class LogoForm(HouseForm):
    logo = forms.FileField(
        label="Logo",
        help_text=f"PNG, JPEG or WebP, at most {BIGGEST_FILE // 1024 // 1024} MB. It is fitted into 600 by 200 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class PopulationForm(HouseForm):
    name = text(
        "Add a population",
        80,
        "Such as young adults, or people with a substance use disorder.",
        required=True,
    )
