"""A funding plan as values: services by payer, and what each cell says.

Rows are elements of the work in phases, columns are payers with the source they pay from (domain reference 4.1, 4.2).
A cell nobody has filled in is unknown, which is not the same as no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Status(StrEnum):
    PAYS = "pays"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    PLANNED = "planned"


class Method(StrEnum):
    """How a payer pays for it."""

    NOT_SAID = ""
    MILESTONE = "milestone"
    HOURLY = "hourly"
    DAILY = "daily"
    MONTHLY_BUNDLE = "monthly_bundle"
    PPS = "pps"
    GRANT = "grant"
    CONTRACT = "contract"


class Presence(StrEnum):
    """Whether the person served must be there."""

    NOT_SAID = ""
    NEEDED = "needed"
    NOT_NEEDED = "not_needed"


class Authorization(StrEnum):
    NOT_SAID = ""
    NONE = "none"
    EACH_CASE = "each_case"
    PRIOR = "prior"


class Entry(StrEnum):
    """Whom the payer pays for. The last three keep people out whom IPS takes in (zero exclusion)."""

    NOT_SAID = ""
    EVERYBODY = "everybody"
    ENROLLED = "enrolled"
    NECESSITY = "necessity"
    SOBRIETY = "sobriety"
    READINESS = "readiness"
    HISTORY = "history"

    @property
    def excludes(self) -> bool:
        return self in (Entry.SOBRIETY, Entry.READINESS, Entry.HISTORY)


class LinkKind(StrEnum):
    BRAIDING = "braiding"  # two different services at the same time, each billed to its payer
    SEQUENCING = "sequencing"  # payers follow one another for one service


@dataclass(frozen=True)
class Phase:
    """`before_job`, `develops_jobs`, `supports_jobs`: what the rules look for in it."""

    key: str
    name: str
    before_job: bool = False
    develops_jobs: bool = False
    supports_jobs: bool = False


@dataclass(frozen=True)
class Element:
    key: int
    phase: str
    name: str
    without_person: bool = False  # done without the person, such as meeting employers
    starts_up: bool = False  # the deficit of a new program that bills less at first


@dataclass(frozen=True)
class Column:
    """`payer` is the group of 4.2 (vr, medicaid, state, other); `ends_on` the last day of its money, where it ends."""

    key: int
    payer: str
    name: str
    department: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class Cell:
    status: Status = Status.UNKNOWN
    method: Method = Method.NOT_SAID
    condition: str = ""
    entry: Entry = Entry.NOT_SAID
    limit_days: int | None = None  # paid until so many days after the job start
    limit_times: int | None = None  # times for one person
    limit: str = ""  # any other limit, in words
    presence: Presence = Presence.NOT_SAID
    authorization: Authorization = Authorization.NOT_SAID
    service_code: str = ""
    evidence_url: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    expected_on: date | None = None  # when planned money is expected
    bridge: int | None = None  # the column that pays until then
    checked_on: date | None = None  # when somebody last said that it is so

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def pays_on(self, day: date) -> bool:
        return self.status in (Status.PAYS, Status.PARTLY) and self.holds_on(day)

    @property
    def is_bridged(self) -> bool:
        """Planned money closes a gap only with its date and with whoever pays until then."""
        return self.status is Status.PLANNED and self.expected_on is not None and self.bridge is not None

    def funds_on(self, day: date) -> bool:
        return self.pays_on(day) or self.is_bridged


# What the words of a cell are one of.
KINDS: Mapping[str, type[StrEnum]] = {
    "status": Status,
    "method": Method,
    "entry": Entry,
    "presence": Presence,
    "authorization": Authorization,
}
Place = tuple[int, int]  # element, column
NOT_FILLED_IN = Cell()


@dataclass(frozen=True)
class Link:
    """Two cells that belong together, and why: what is handed over, or what makes the services different ones."""

    kind: LinkKind
    first: Place
    second: Place
    note: str = ""


@dataclass(frozen=True)
class Grid:
    phases: Sequence[Phase]
    elements: Sequence[Element]
    columns: Sequence[Column]
    cells: Mapping[Place, Cell] = field(default_factory=dict)
    links: Sequence[Link] = ()

    def cell(self, element: int, column: int) -> Cell:
        return self.cells.get((element, column), NOT_FILLED_IN)

    def row(self, element: Element) -> list[tuple[Column, Cell]]:
        return [(column, self.cell(element.key, column.key)) for column in self.columns]

    @cached_property
    def by_phase(self) -> dict[str, list[Element]]:
        """The elements of each phase that has any, in the plan's order."""
        found: dict[str, list[Element]] = {phase.key: [] for phase in self.phases}
        for element in self.elements:
            found[element.phase].append(element)
        return {key: rows for key, rows in found.items() if rows}

    def phase(self, key: str) -> Phase:
        return next(phase for phase in self.phases if phase.key == key)

    def column(self, key: int) -> Column:
        return next(column for column in self.columns if column.key == key)

    def element(self, key: int) -> Element:
        return next(element for element in self.elements if element.key == key)
