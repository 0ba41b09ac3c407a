"""What a state asks to be entered elsewhere of each person who leaves. The portal holds no person, so it reminds."""

from collections.abc import Iterator
from dataclasses import replace

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import Case, Level, Seen, rule


@rule(
    "V36",
    Level.INFORMATION,
    "Entered elsewhere at discharge",
    looks_at=("transitioned_working", "transitioned_unemployed"),
    when="People left, and the rules of the state name a system in which something of each of them is entered.",
    why="The portal holds counts and no person: what the state needs of each person is entered in its own system.",
    fix="Nothing has to be done here. Look whether each person who left is entered there.",
    source="PROS guidance of the New York State Office of Mental Health, note on CAIRS data",
    example=replace(ordinary(), at_discharge="each one's employment status is entered in CAIRS at discharge"),
)
def who_left_is_entered_elsewhere(case: Case) -> Iterator[Seen]:
    counts = [case.number(key) for key in ("transitioned_working", "transitioned_unemployed")]
    left = sum(count for count in counts if count is not None)
    if case.at_discharge and left:
        yield Seen(f"{case.people(left)} left in {case.quarter.months}", case.at_discharge)
