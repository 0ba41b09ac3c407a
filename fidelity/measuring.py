"""From what was counted on a visit to the rating one item suggests.

A suggestion, never the rating itself: a reviewer decides. The rules are those of the domain reference,
section 1.3 (R6 to R8), for the fidelity scale of 2008 and its review manual (4th edition, 2019).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from fidelity.scales import HIGHEST, LOWEST, Item
from fidelity.scoring import round_half_up


class MeasureError(ValueError):
    """The counts given cannot be turned into a rating; the text says what to enter."""


@dataclass(frozen=True)
class Suggestion:
    """A rating with the reasons that moved it away from the plain number."""

    rating: int
    reasons: tuple[str, ...] = ()


def whole_percent(part: int, of: int) -> int:
    """A percentage as the bands are written: whole, half going up (domain reference 1.3, R6)."""
    if of <= 0:
        raise MeasureError("There is nothing to take a percentage of: enter a number above 0.")
    if not 0 <= part <= of:
        raise MeasureError(f"{part} is not between 0 and {of}.")
    return round_half_up(100 * part, of)


def mean(total: int, count: int) -> int:
    """A mean of days, contacts or people, rounded like a percentage: those bands are whole too (R6)."""
    if count <= 0 or total < 0:
        raise MeasureError("Enter at least one value to take the mean of.")
    return round_half_up(total, count)


def look_up(item: Item, value: int, boundary_reading: int | None = None) -> Suggestion:
    """The rating whose stretch of values holds `value` (R6).

    A value the published scale leaves open is read as the item's boundary says, or as the state chose (R7).
    """
    if not item.floors:
        raise MeasureError(f"{item.code} {item.name} is rated by description, not by a number.")
    if value < 0 or (item.unit == "percent" and value > 100):
        limit = "0 to 100" if item.unit == "percent" else "0 or more"
        raise MeasureError(f"{item.code} {item.name}: {value} is not possible. Enter {limit}.")
    if item.boundary and value == item.boundary.at:
        return Suggestion(read_boundary(item, boundary_reading), (item.boundary.note,))
    floors = [(floor, rating) for rating, floor in enumerate(item.floors, LOWEST) if floor is not None]
    return Suggestion(max(entry for entry in floors if entry[0] <= value)[1])


def read_boundary(item: Item, chosen: int | None) -> int:
    """A value between two ratings is read by the item's own note, or by a state's choice of the two (R7)."""
    if item.boundary is None:
        raise MeasureError(f"{item.code} {item.name} has no open value.")
    if chosen is None:
        return item.boundary.reads_as
    if chosen not in item.boundary.may_read_as:
        options = " or ".join(str(rating) for rating in item.boundary.may_read_as)
        raise MeasureError(f"{item.code} {item.name}: {item.boundary.at} is read as {options}, not {chosen}.")
    return chosen


def count_components(item: Item, present: Collection[str]) -> Suggestion:
    """The rating that so many components of a count item earn (domain reference 1.2)."""
    known = {component.code for component in item.components}
    if unknown := sorted(set(present) - known):
        raise MeasureError(f"{item.code} {item.name} has no component “{unknown[0]}”.")
    return look_up(item, len(set(present)))


def combine(item: Item, facts: Mapping[str, str]) -> Suggestion:
    """The best rating whose needs are all met; a better step of a ladder also meets a lesser need."""
    if item.matrix is None:
        raise MeasureError(f"{item.code} {item.name} has no combination rule.")
    reached: dict[str, int] = {}
    for name, steps in item.matrix.ladders.items():
        if facts.get(name) not in steps:
            raise MeasureError(f"{item.code} {item.name}: choose {name} from {', '.join(steps)}.")
        reached[name] = steps.index(facts[name])
    for rule in item.matrix.rules:
        if all(reached[name] >= item.matrix.ladders[name].index(step) for name, step in rule.needs.items()):
            return Suggestion(rule.rating)
    raise AssertionError("a matrix ends with a rule that always holds")


def weekly_contacts(
    item: Item, contacts: int, looking: int, boundary_reading: int | None = None
) -> Suggestion:
    """One specialist's employer contacts in a week, against the number of people looking for work (SV6).

    With few people looking, the best rating asks for contacts in proportion to them (domain reference 1.2).
    """
    if looking <= 0:
        raise MeasureError("Nobody on this caseload is looking for work: leave the specialist out.")
    small = item.small_caseload
    if small and looking < small.fewer_than and contacts >= small.contacts_each * looking:
        people = "person is" if looking == 1 else "people are"
        return Suggestion(HIGHEST, (f"Only {looking} {people} looking for work, so {contacts} are enough.",))
    return look_up(item, contacts, boundary_reading)


def cap(item: Item, suggestion: Suggestion, gates: Collection[str]) -> Suggestion:
    """Hold a suggestion down where a circumstance forbids a better one, and say so (R8)."""
    by_code = {gate.code: gate for gate in item.gates}
    if unknown := sorted(set(gates) - by_code.keys()):
        raise MeasureError(f"{item.code} {item.name} has no circumstance “{unknown[0]}”.")
    for gate in sorted((by_code[code] for code in set(gates)), key=lambda gate: gate.cap):
        if suggestion.rating > gate.cap:
            reason = f"{gate.when} Not above {gate.cap}, though the numbers alone give {suggestion.rating}."
            suggestion = replace(suggestion, rating=gate.cap, reasons=(*suggestion.reasons, reason))
    return suggestion
