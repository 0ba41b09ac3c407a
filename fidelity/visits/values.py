"""One visit as a value, and what may stand in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from fidelity.scales import Item, Scale
from fidelity.visits.columns import SPECIALISTS, columns, is_by_specialist, is_contacts, is_ratio, measured
from fidelity.visits.questions import questions_of

ROWS = 24  # of an agenda, or of a request
DAYS = 5
TEXT_LIMIT = 300
MOST_READ = 999  # records, people or meetings of one visit
NUMBER_LIMIT = 99_999
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|")

# Who was met and what was observed (domain reference 1.5, agenda blocks).
MET: Mapping[str, str] = {
    "leaders": "Executives and program leaders",
    "supervisors": "IPS supervisors",
    "specialists": "Specialists",
    "peers": "Peer specialists",
    "clinicians": "Mental health staff",
    "counselors": "Vocational rehabilitation counselors",
    "served": "People served",
    "family": "Family members",
    "others": "Others",
}
OBSERVED: Mapping[str, str] = {
    "unit_meetings": "Meetings of the vocational unit",
    "team_meetings": "Treatment team meetings",
    "employer_visits": "Employer visits",
    "records": "Records read",
}
Numbers = tuple["tuple[int, ...] | None", ...]


class VisitError(ValueError):
    """A value that cannot be true; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Slot:
    day: int
    time: str
    who: str
    what: str


@dataclass(frozen=True)
class Wanted:
    """Something asked for before the visit."""

    text: str
    received: bool


@dataclass(frozen=True)
class Count:
    """Of the records read, how many show it and how many do not; the rest did not tell."""

    read: int
    met: int
    unmet: int

    @property
    def told(self) -> int:
        return self.met + self.unmet


@dataclass(frozen=True)
class VisitValues:
    """`people` counts who was met and what was observed; `tally` is by question, `numbers` by item."""

    agenda: tuple[Slot, ...] = ()
    asked: tuple[Wanted, ...] = ()
    wanted_on: date | None = None
    people: Mapping[str, int] = field(default_factory=dict)
    tally: Mapping[str, Count] = field(default_factory=dict)
    numbers: Mapping[str, Numbers] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "agenda": [asdict(slot) for slot in self.agenda],
            "asked": [asdict(wanted) for wanted in self.asked],
            "wanted_on": self.wanted_on.isoformat() if self.wanted_on else None,
            "people": dict(self.people),
            "tally": {code: asdict(count) for code, count in self.tally.items()},
            "numbers": {
                code: [list(row) if row else None for row in rows] for code, rows in self.numbers.items()
            },
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "VisitValues":
        """What `as_json` wrote."""
        return cls(
            agenda=tuple(Slot(**slot) for slot in data["agenda"]),
            asked=tuple(Wanted(**wanted) for wanted in data["asked"]),
            wanted_on=date.fromisoformat(data["wanted_on"]) if data["wanted_on"] else None,
            people=data["people"],
            tally={code: Count(**count) for code, count in data["tally"].items()},
            numbers={
                code: tuple(tuple(row) if row else None for row in rows)
                for code, rows in data["numbers"].items()
            },
        )


def method(values: VisitValues) -> str:
    """How the review was done, in the words of a report (domain reference 1.6): met, observed, read."""
    people = values.people
    met = [f"{label} ({people[key]})" for key, label in MET.items() if people.get(key)]
    observed = [f"{label} ({people[key]})" for key, label in OBSERVED.items() if people.get(key)]
    lines = (("People met", met), ("Observed and read", observed))
    return "\n".join(f"{name}: {', '.join(found)}." for name, found in lines if found)


def check(values: VisitValues, scale: Scale) -> None:
    """Raises VisitError for the first value that cannot be true."""
    for problem in problems(values, scale):
        raise problem


def problems(values: VisitValues, scale: Scale) -> Iterator[VisitError]:
    yield from _lists(values)
    for key, number in values.people.items():
        if key not in MET and key not in OBSERVED:
            yield VisitError(f"people-{key}", f"“{key}” is nobody a visit counts.")
        elif not 0 <= number <= MOST_READ:
            yield VisitError(f"people-{key}", f"{number} is not possible. Enter 0 to {MOST_READ}.")
    known = {question.code for question in questions_of(scale)}
    for code, count in values.tally.items():
        if code not in known:
            yield VisitError(f"{code}-read", f"There is no question “{code}”.")
        else:
            yield from _count(code, count)
    items = {item.code: item for item in measured(scale)}
    for code, rows in values.numbers.items():
        if code not in items:
            yield VisitError(f"{code}-1-part", f"{code} is not worked out from numbers.")
            continue
        item = items[code]
        if len(rows) > (SPECIALISTS if is_by_specialist(item) else 1):
            yield VisitError(f"{code}-1-{columns(item)[0].key}", "There are more rows than specialists.")
        for number, row in enumerate(rows, start=1):
            if row is not None:
                yield from _numbers(item, number, row)


def _lists(values: VisitValues) -> Iterator[VisitError]:
    for name, part, rows in (("agenda", "what", values.agenda), ("asked", "text", values.asked)):
        if len(rows) > ROWS:
            yield VisitError(f"{name}-{ROWS}-{part}", f"{ROWS} rows are the most.")
        for number, row in enumerate(rows, start=1):
            if row in rows[: number - 1]:
                yield VisitError(f"{name}-{number}-{part}", "This row stands twice. Clear one of them.")
    for number, slot in enumerate(values.agenda, start=1):
        if not 1 <= slot.day <= DAYS:
            yield VisitError(f"agenda-{number}-day", f"A visit has days 1 to {DAYS}.")
        if not CLOCK.fullmatch(slot.time):
            yield VisitError(f"agenda-{number}-time", "Write the time as 09:00 or 14:30.")
        if not slot.who and not slot.what:
            yield VisitError(f"agenda-{number}-what", "Say who is met or what is done, or clear the row.")
        for part in ("who", "what"):
            if len(getattr(slot, part)) > TEXT_LIMIT:
                yield VisitError(f"agenda-{number}-{part}", f"Shorten this to {TEXT_LIMIT} characters.")
    for number, wanted in enumerate(values.asked, start=1):
        if not 0 < len(wanted.text) <= TEXT_LIMIT:
            yield VisitError(
                f"asked-{number}-text", f"Say what is asked for, in up to {TEXT_LIMIT} characters."
            )


def _count(code: str, count: Count) -> Iterator[VisitError]:
    for part in ("read", "met", "unmet"):
        number = getattr(count, part)
        if not 0 <= number <= MOST_READ:
            yield VisitError(f"{code}-{part}", f"{number} is not possible. Enter 0 to {MOST_READ}.")
    if count.told > count.read:
        yield VisitError(
            f"{code}-met",
            f"{count.met} that show it and {count.unmet} that do not are more than the {count.read} read.",
        )


def _numbers(item: Item, number: int, row: tuple[int, ...]) -> Iterator[VisitError]:
    keys = [column.key for column in columns(item)]
    where = [f"{item.code}-{number}-{key}" for key in keys]
    if len(row) != len(keys):
        yield VisitError(where[0], f"{item.code} takes {len(keys)} numbers in a row.")
        return
    for place, value in zip(where, row, strict=True):
        if not 0 <= value <= NUMBER_LIMIT:
            yield VisitError(place, f"{value} is not possible. Enter 0 to {NUMBER_LIMIT:,}.")
            return
    if is_contacts(item):
        if row[2] == 0:
            yield VisitError(where[2], "Say how many weeks of the log were counted.")
    elif row[1] == 0:
        yield VisitError(where[1], "Enter a number above 0, or leave both fields empty.")
    elif is_ratio(item) and row[1] > 100:
        yield VisitError(where[1], "Nobody works more than 100 percent of full time.")
    elif item.unit == "percent" and row[0] > row[1]:
        yield VisitError(where[0], f"{row[0]} cannot be more than the {row[1]} of all.")
