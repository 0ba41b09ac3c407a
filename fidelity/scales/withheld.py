"""Scales people ask for that cannot be used yet, and what is missing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Withheld:
    key: str
    name: str
    why: str
    source: str


WITHHELD = (
    Withheld(
        "ips-y",
        "IPS Fidelity Scale for Young Adults (IPS-Y)",
        "It has 35 items in two parts, employment and education, with a total for each part and none for both. Which "
        "item belongs to which part, and from which totals its bands begin, is not public. The portal can hold such a "
        "scale: a state that has the publisher's sheet writes it as a scale of its own. With parts and bands that are "
        "guessed a team could lose its standing, so it does not come with the portal until that sheet is at hand.",
        "Development and psychometric papers of the scale, 2021 and 2024",
    ),
)
