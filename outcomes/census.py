"""How many of its own people an agency reaches with IPS: those its teams served, of all it served, in one quarter.

Source: domain reference 3.2 (agency-wide census) and 3.4 (penetration); fidelity item OR7 (e).
"""

from collections.abc import Iterator

from outcomes.figures import Figures, written

SERVED, EMPLOYED = "agency_adults_served", "agency_adults_employed"
KEYS = (SERVED, EMPLOYED)


def problems(figures: Figures, largest: int | None) -> Iterator[tuple[str, str]]:
    """What cannot be, by measure. `largest` are the people of the agency's largest team that has no partner agency."""
    served, employed = figures.count(SERVED), figures.count(EMPLOYED)
    if served is not None and employed is not None and employed > served:
        yield (
            EMPLOYED,
            f"{written(employed)} people working, but only {written(served)} served. Whoever works is served, too.",
        )
    if served is not None and largest is not None and served < largest:
        yield (
            SERVED,
            f"One team of the agency alone served {written(largest)} people in IPS in this quarter, so the whole "
            "agency cannot have served fewer. Check the number.",
        )


def remark(figures: Figures, in_ips: int | None) -> str:
    """What may be right and is worth a look. `in_ips` adds up the agency's teams."""
    served = figures.count(SERVED)
    if served is None or in_ips is None or served >= in_ips:
        return ""
    return (
        f"The teams of the agency add up to {written(in_ips)} people in IPS, more than the {written(served)} people "
        "the whole agency served. That is right where people are on two teams, or come from a partner agency. "
        "Otherwise check the number."
    )
