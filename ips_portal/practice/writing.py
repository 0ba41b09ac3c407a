"""The running text of practice reports: who was met, how the team is made up, what is strong, what comes next."""

import random
from collections.abc import Mapping
from datetime import date

from fidelity import drafting
from ips_portal.practice.places import Land, Site

MET = (
    "The reviewers met the director, the IPS supervisor, {staff}, two clinicians, a VR counselor and {few} {people}.",
    "Interviews were held with the director, the clinical lead, the IPS supervisor, {staff} and {few} {people}.",
    "The visit began with the director and the supervisor. {Staff}, a VR counselor and {few} {people} were heard too.",
)
SAW = (
    "They sat in on the unit meeting and one treatment team meeting, and read {records} records.",
    "They observed the unit meeting, went along on two employer visits and read {records} records.",
    "One treatment team meeting was observed, contact logs of two months were read, and so were {records} records.",
)
SELF_MET = (
    "The supervisor and the team went through the scale together over two half days, with {records} records and the "
    "contact logs at hand.",
    "Each item was talked through in the unit meeting; {records} records and last quarter's figures were used.",
)
MADE_UP = (
    "{team} has {positions} of specialist staff and works with {linked}. It serves {served}.",
    "Run by {agency}, the team has {positions} of specialist staff and works with {linked}. It serves {served}.",
)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
LINKED = ("one treatment team", "two treatment teams", "two treatment teams and the outpatient clinic")
STRONG = (
    "The team meets every week, shares leads and covers for each other, and newer staff said how much that helps.",
    "Clinicians speak about work with warmth and know which of the {people} they see have jobs.",
    "Several {people} tell of a first job after many years, and of how the team stayed with them in it.",
    "Employers call the team by themselves now when they look for somebody.",
    "Everybody on the team could say what each of their {people} wants to do, and why.",
)
SEEN_BY_REVIEWERS = (
    "{People} who were interviewed said that they were asked what they wanted before anything else happened.",
    "The director knows last quarter's numbers and asked the reviewers good questions about them.",
)
NEXT = (
    "The team writes its action plan by {due} and goes through it with the trainer. {after}",
    "The plan is due by {due}. The trainer offers a visit to the unit meeting and time in the field. {after}",
)


def method(land: Land, rng: random.Random, site: Site, *, is_self: bool) -> str:
    template = rng.choice(SELF_MET) if is_self else f"{rng.choice(MET)} {rng.choice(SAW)}"
    return template.format(**_words(land, rng, site))


def overview(land: Land, rng: random.Random, site: Site) -> str:
    return rng.choice(MADE_UP).format(**_words(land, rng, site))


def strengths(
    land: Land,
    rng: random.Random,
    site: Site,
    rated: Mapping[str, int],
    before: Mapping[str, int] | None,
    *,
    is_self: bool,
) -> str:
    """What was seen, then what has risen clearly; the paper itself lists the items rated 5."""
    words = _words(land, rng, site)
    bank = STRONG if is_self else STRONG + SEEN_BY_REVIEWERS
    paragraphs = [sentence.format(**words) for sentence in rng.sample(bank, 2)]
    risen = [
        f"{land.scale.item(code).name} ({(before or {})[code]} to {now})"
        for code, now in rated.items()
        if before and now - before[code] >= drafting.CLEAR_RISE
    ]
    if risen:
        paragraphs.append(f"Clearly better than at the last review: {', '.join(risen)}.")
    return "\n\n".join(paragraphs)


def next_steps(land: Land, rng: random.Random, due: date, next_on: date | None) -> str:
    after = "The team agrees with the state on a date for the next one."
    if next_on:
        after = f"The next review is due in {next_on:%B %Y}."
    return rng.choice(NEXT).format(due=f"{due:%B} {due.day}, {due.year}", after=after)


def _words(land: Land, rng: random.Random, site: Site) -> dict[str, str]:
    words = land.state.terms
    count = NUMBERS[min(site.positions, 4)]
    staff = f"one {words['specialist']}" if site.positions == 1 else f"{count} {words['specialists']}"
    full = (
        "one full-time position" if site.positions == 1 else f"{NUMBERS[site.positions]} full-time positions"
    )
    people = words["people_served"]
    return {
        "staff": staff,
        "Staff": staff[:1].upper() + staff[1:],
        "few": rng.choice(("four", "five", "six", "seven")),
        "people": people,
        "People": people[:1].upper() + people[1:],
        "records": str(rng.randint(8, 12)),
        "team": site.team.name,
        "agency": site.team.agency.name,
        "positions": full,
        "linked": rng.choice(LINKED),
        "served": f"about {site.positions * rng.randint(15, 19)} {people} in a quarter",
    }
