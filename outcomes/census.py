"""How many of its own people an agency reaches with IPS: those its teams served, of all it served, in one quarter.

Source: domain reference 3.2 (agency-wide census) and 3.4 (penetration); fidelity item OR7 (e).
"""

from collections.abc import Iterator

from outcomes.figures import Figures, written

SERVED, EMPLOYED = "agency_adults_served", "agency_adults_employed"
KEYS = (SERVED, EMPLOYED)


def problems(figures: Figures, in_ips: int | None) -> Iterator[tuple[str, str]]:
    """What cannot be, by measure. `in_ips` are the people the agency's teams served, as far as known."""
    served, employed = figures.count(SERVED), figures.count(EMPLOYED)
    if served is not None and employed is not None and employed > served:
        yield (
            EMPLOYED,
            f"{written(employed)} people working, but only {written(served)} served. Whoever works is served, too.",
        )
    if served is not None and in_ips is not None and served < in_ips:
        yield (
            SERVED,
            f"The teams of the agency served {written(in_ips)} people in IPS in this quarter, so the whole agency "
            "cannot have served fewer. Check the number.",
        )
