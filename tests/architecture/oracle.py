"""Who may do what, read from the permission table a second time and on its own.

Nothing here calls the product's rules: places are keys of the cast, and a scope is one line. Where a page rightly
answers otherwise than the bare table, the exception stands in `test_doors.py` with its reason.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "agencies" / "permissions.csv"


def read() -> dict[tuple[str, str, str], str]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        return {(row["resource"], row["role"], row["action"]): row["scope"] for row in csv.DictReader(lines)}


SCOPES = read()


@dataclass(frozen=True)
class Who:
    """A person of Meridian, by the keys of the cast."""

    persona: str
    role: str
    agency: str = ""
    teams: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()  # agencies
    assigned: frozenset[str] = frozenset()  # teams
    desk: str = ""  # the department whose funding columns they keep
    state: str = "meridian"


@dataclass(frozen=True)
class Where:
    """Where a record lies, and the personas who made it or whom it is about."""

    state: str
    agency: str = ""
    team: str = ""
    people: frozenset[str] = frozenset()
    desks: frozenset[str] | None = None  # of a funding plan: who keeps it, whatever else is open to them


NORTH = frozenset({"north_one", "north_two"})
PEOPLE = {
    who.persona: who
    for who in (
        Who("admin", "SA"),
        Who("trainer", "ST", assigned=NORTH | {"south_one"}),  # leads every review
        Who("second_trainer", "ST"),
        Who("vr_liaison", "VR", desk="VR"),
        Who("mh_liaison", "MH", desk="MH"),
        Who("department_liaison", "DL"),
        Who("payer", "MC", contracts=frozenset({"north"})),
        Who("leader", "AL", "north", NORTH),
        Who("supervisor", "SU", "north", frozenset({"north_one"})),
        Who("specialist", "ES", "north", frozenset({"north_one"})),
        Who("stakeholder", "RO"),
        Who("reviewer", "XR", assigned=frozenset({"north_one"})),
        Who("operator", "OP"),
    )
}


def scope(who: Who, action: str, resource: str) -> str:
    return SCOPES.get((resource, who.role, action), "deny")


def reaches(letter: str, who: Who, where: Where) -> bool:
    inside = where.state == who.state
    answers = {
        "deny": False,
        "p": inside,  # the platform's roles enter a state through a membership there, too
        "s": inside,
        "n": inside,
        "a": inside and (where.agency == who.agency != "" or where.team in who.teams),
        "t": inside and where.team in who.teams,
        "r": inside
        and (
            where.team in who.assigned or where.agency in who.contracts
            if where.desks is None
            else who.desk in where.desks
        ),
        "o": inside and who.persona in where.people,
    }
    return answers[letter]


def may(who: Who, action: str, resource: str, where: Where) -> bool:
    letter = scope(who, action, resource)
    if letter == "n" and action != "view":  # names only are edited where they may be seen
        return reaches(scope(who, "view", resource), who, where)
    return reaches(letter, who, where)


def expected(who: Who, action: str | None, resource: str, where: Where, *, of_record: bool = True) -> str:
    """passes, refused (403), hidden (404) or no method (405). A list or an empty form is about no record yet."""
    sees = scope(who, "view", resource) != "deny" and where.state == who.state
    if action is None:
        return "no method" if sees else "hidden"
    acts = scope(who, action, resource) != "deny" and where.state == who.state
    if not of_record:
        return "passes" if acts else "refused" if sees else "hidden"
    if not may(who, "view", resource, where):
        return "hidden"
    return "passes" if may(who, action, resource, where) else "refused"
