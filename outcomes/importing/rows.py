"""One row of a file -> its team, its quarter and its figures, or what to look at in it.

Source: bad-input catalogue A, C1, C5, E11 and F.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ips_portal.importing.cells import AROUND, is_no_answer
from ips_portal.importing.matching import NotATeam, Roster, shown
from ips_portal.importing.remarks import Gathered, Remark, Weight, check_width, is_an_error, leave_out
from ips_portal.importing.staging import Staged, StagedRow
from ips_portal.quarters import NotAQuarter, Quarter
from outcomes.figures import Figure
from outcomes.importing.columns import AGENCY, NOTE, QUARTER, TEAM, VACANCY
from outcomes.measures import Measure
from outcomes.reading import NotANumber, read

NOTE_LIMIT = 2000
NOT_COLLECTED = "not collected"
IN_A_FILE = f" In a file, write “{NOT_COLLECTED}: ” and the reason."
AFTER = ":,;-\u2013\u2014()"  # what stands between the words and the reason


@dataclass(frozen=True)
class Enterable:
    """A team whose drafts the person may edit. `slug` is its name in addresses, one of a kind in the state."""

    id: int
    name: str
    slug: str
    agency: str
    started_on: date | None = None
    ended_on: date | None = None
    may_begin: bool = False  # drafts that nobody expects: quarters from before the portal
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedRow:
    """`team` and `quarter` are None where the row does not say them."""

    row: StagedRow
    team: Enterable | None
    quarter: Quarter | None
    remarks: tuple[Remark, ...]

    @property
    def is_skipped(self) -> bool:
        return any(remark.weight is Weight.SKIPPED for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class TypedFigures:
    by_measure: Mapping[str, Figure]
    note: str
    vacancy: str | None  # None where the file has no such column
    remarks: tuple[Remark, ...]


def read_rows(staged: Staged, roster: Roster[Enterable], *, takes_hidden: bool) -> tuple[TypedRow, ...]:
    """Which team and quarter each row is for. Two rows for the same are both wrong: nobody knows which counts."""
    found = [read_row(staged, row, roster, takes_hidden=takes_hidden) for row in staged.rows]
    twice: dict[tuple[int, Quarter], list[int]] = {}
    for each in found:
        if each.team and each.quarter and not each.is_skipped:
            twice.setdefault((each.team.id, each.quarter), []).append(each.row.number)
    return tuple(said_twice(each, twice) for each in found)


def said_twice(each: TypedRow, twice: Mapping[tuple[int, Quarter], Collection[int]]) -> TypedRow:
    if each.team is None or each.quarter is None or each.is_skipped:
        return each
    numbers = [str(number) for number in twice[each.team.id, each.quarter]]
    if len(numbers) == 1:
        return each
    listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
    text = f"Rows {listed} are {'both' if len(numbers) == 2 else 'all'} for {each.team.name}, {each.quarter}. Keep one."
    remark = Remark(each.row.number, None, Weight.ERROR, text)
    return TypedRow(each.row, each.team, each.quarter, (*each.remarks, remark))


def read_row(staged: Staged, row: StagedRow, roster: Roster[Enterable], *, takes_hidden: bool) -> TypedRow:
    gathered = Gathered(staged, row)
    is_known = roster.knows(gathered.text(TEAM))
    if leave_out(gathered, team=TEAM, agency=AGENCY, is_known=is_known, takes_hidden=takes_hidden):
        return TypedRow(row, None, None, tuple(gathered.remarks))
    check_width(gathered)
    team = team_of(gathered, roster)
    quarter = quarter_of(gathered)
    return TypedRow(row, team, quarter, tuple(gathered.remarks))


def team_of(gathered: Gathered, roster: Roster[Enterable]) -> Enterable | None:
    name = gathered.text(TEAM)
    if not name.strip():
        gathered.say(Weight.ERROR, "Say which team this row is for.", TEAM)
        return None
    if is_an_error(gathered, TEAM):
        return None
    try:
        return roster.match(name, gathered.text(AGENCY))
    except NotATeam as problem:
        gathered.say(Weight.ERROR, str(problem), TEAM)
    return None


def quarter_of(gathered: Gathered) -> Quarter | None:
    if is_an_error(gathered, QUARTER):
        return None
    try:
        return Quarter.parse(gathered.text(QUARTER))
    except NotAQuarter as problem:
        gathered.say(Weight.ERROR, str(problem), QUARTER)
    return None


class Cells:
    """Reads the cells of one file; a number that a measure was given before is not worked out again."""

    def __init__(self, staged: Staged) -> None:
        self._staged = staged
        self._place = staged.layout.place
        self._read: dict[tuple[Measure, str], Figure] = {}

    def figures_of(self, row: StagedRow, measures: Collection[Measure]) -> TypedFigures:
        """The figures of a row as the form would read them; a blank cell is no answer, and never a zero."""
        gathered = Gathered(self._staged, row)
        found: dict[str, Figure] = {}
        for measure in measures:
            place = self._place.get(measure.key)
            if place is None:
                continue
            typed = (measure, row.cells[place])
            figure = self._read.get(typed) or self._new(gathered, measure, typed)
            if figure is not None:
                found[measure.key] = figure
        note = words_of(gathered, NOTE)
        vacancy = words_of(gathered, VACANCY) if VACANCY in self._place else None
        return TypedFigures(found, note, vacancy, tuple(gathered.remarks))

    def _new(self, gathered: Gathered, measure: Measure, typed: tuple[Measure, str]) -> Figure | None:
        before = len(gathered.remarks)
        figure = figure_of(gathered, measure)
        if figure is not None and figure.value is not None and len(gathered.remarks) == before:
            self._read[typed] = figure
        return figure


def figure_of(gathered: Gathered, measure: Measure) -> Figure | None:
    typed = gathered.text(measure.key)
    if is_an_error(gathered, measure.key):
        return None
    plain = typed.strip(AROUND)
    if plain.casefold().startswith(NOT_COLLECTED):
        return not_collected(gathered, measure, plain[len(NOT_COLLECTED) :].strip(AROUND + AFTER))
    try:
        reading = read(typed, measure, lenient=True)
    except NotANumber as problem:
        hint = IN_A_FILE if is_no_answer(plain) else ""
        gathered.say(Weight.ERROR, f"{problem}{hint}", measure.key)
        return None
    if reading is None:
        return None
    if reading.notice:
        gathered.say(Weight.NOTICE, reading.notice, measure.key)
    elif typed.strip(" ") != plain:
        gathered.say(
            Weight.NOTICE, f"Signs that nobody sees were left out around {shown(plain)}.", measure.key
        )
    return reading.figure


def not_collected(gathered: Gathered, measure: Measure, why: str) -> Figure | None:
    """The reason stands behind the words, or else in the row's note."""
    why = why or gathered.text(NOTE).strip()
    if not why:
        text = f"Say why it was not collected: “{NOT_COLLECTED}: ” and the reason, or a note in the row."
        gathered.say(Weight.ERROR, text, measure.key)
        return None
    if len(why) > NOTE_LIMIT:
        gathered.say(
            Weight.ERROR,
            f"Why it was not collected is told in {len(why):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it.",
            measure.key,
        )
        return None
    return Figure(why=why)


def words_of(gathered: Gathered, key: str) -> str:
    if not (typed := gathered.text(key)):
        return ""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > NOTE_LIMIT:
        number = gathered.row.number
        gathered.say(
            Weight.ERROR,
            f"The note in row {number} has {len(text):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it.",
            key,
        )
        return ""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        gathered.say(Weight.ERROR, "The note has a character that cannot be stored. Type it again.", key)
        return ""
    return text
