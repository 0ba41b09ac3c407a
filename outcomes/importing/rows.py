"""One row of a file -> its team, its quarter and its figures, or what to look at in it.

Source: bad-input catalogue A, C1, C5, E11 and F.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ips_portal.quarters import NotAQuarter, Quarter
from outcomes.figures import Figure
from outcomes.importing.columns import AGENCY, NOTE, QUARTER, TEAM, VACANCY, Column
from outcomes.importing.matching import (
    Enterable,
    NotATeam,
    Roster,
    looks_like_a_total,
    looks_like_words,
    shown,
)
from outcomes.importing.staging import Staged, StagedRow
from outcomes.measures import Measure
from outcomes.reading import AROUND, NO_ANSWER, NotANumber, read

NOTE_LIMIT = 2000
NOT_COLLECTED = "not collected"
IN_A_FILE = f" In a file, write “{NOT_COLLECTED}: ” and the reason."
AFTER = ":,;-\u2013\u2014()"  # what stands between the words and the reason
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!")


class Weight(StrEnum):
    ERROR = "error"  # the row is not imported
    WARNING = "warning"  # it is imported, and needs a note before it is submitted
    SKIPPED = "skipped"  # the row is left out, as it should be
    NOTICE = "notice"  # what was taken for what


@dataclass(frozen=True)
class Remark:
    """What to look at, where in the file. `column` is None for the row as a whole."""

    number: int
    column: Column | None
    weight: Weight
    text: str
    typed: str = ""

    @property
    def where(self) -> str:
        return f"{self.column.letter}{self.number}" if self.column else ""


@dataclass
class Gathered:
    """The remarks on one row, as they are found."""

    staged: Staged
    row: StagedRow
    remarks: list[Remark] = field(default_factory=list)

    def text(self, key: str) -> str:
        return self.staged.cell(self.row, key)

    def say(self, weight: Weight, text: str, key: str = "") -> None:
        typed = shown(self.text(key)) if key else ""
        self.remarks.append(Remark(self.row.number, self.staged.layout.at(key), weight, text, typed))


@dataclass(frozen=True)
class TypedRow:
    """`team` and `quarter` are None where the row does not say them."""

    row: StagedRow
    team: Enterable | None
    quarter: Quarter | None
    remarks: tuple[Remark, ...]

    @property
    def is_skipped(self) -> bool:
        return any(remark.weight is Weight.SKIPPED for remark in self.remarks)


@dataclass(frozen=True)
class TypedFigures:
    by_measure: Mapping[str, Figure]
    note: str
    vacancy: str | None  # None where the file has no such column
    remarks: tuple[Remark, ...]


def read_rows(staged: Staged, roster: Roster, *, takes_hidden: bool) -> tuple[TypedRow, ...]:
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


def read_row(staged: Staged, row: StagedRow, roster: Roster, *, takes_hidden: bool) -> TypedRow:
    gathered = Gathered(staged, row)
    if row.is_hidden and not takes_hidden:
        gathered.say(Weight.SKIPPED, "The row is hidden in the file and was left out.")
    elif not roster.knows(gathered.text(TEAM)) and looks_like_a_total(row.cells, gathered.text(TEAM)):
        gathered.say(Weight.SKIPPED, "The row looks like a total and was left out.")
    elif looks_like_words(row.cells):
        gathered.say(Weight.SKIPPED, "The row looks like a remark below the table and was left out.")
    if gathered.remarks:
        return TypedRow(row, None, None, tuple(gathered.remarks))
    check_width(gathered)
    team = team_of(gathered, roster)
    quarter = quarter_of(gathered)
    return TypedRow(row, team, quarter, tuple(gathered.remarks))


def check_width(gathered: Gathered) -> None:
    """A cell too many or several too few shift the figures into wrong columns. One blank at the end is a blank."""
    layout, width = gathered.staged.layout, gathered.row.width
    if width > layout.width:
        text = f"The row has {width} values; {layout.width} were expected. Look for a comma inside a number or a note."
        gathered.say(Weight.ERROR, text)
    elif width < layout.needed - 1:
        text = f"The row has {width} values; {layout.needed} were expected. Look whether a cell is missing."
        gathered.say(Weight.ERROR, text)


def team_of(gathered: Gathered, roster: Roster) -> Enterable | None:
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


def is_an_error(gathered: Gathered, key: str) -> bool:
    """Excel's own word that a formula failed."""
    typed = gathered.text(key).strip(AROUND)
    if typed.upper() not in ERRORS:
        return False
    column = gathered.staged.layout.at(key)
    where = f"Cell {column.letter}{gathered.row.number}" if column else "A cell"
    gathered.say(
        Weight.ERROR, f"{where} shows an error of the spreadsheet ({shown(typed)}). Enter the value.", key
    )
    return True


def figures_of(staged: Staged, row: StagedRow, measures: Collection[Measure]) -> TypedFigures:
    """The figures of a row as the form would read them; a blank cell is no answer, and never a zero."""
    gathered = Gathered(staged, row)
    found: dict[str, Figure] = {}
    for measure in measures:
        if staged.layout.at(measure.key) and (figure := figure_of(gathered, measure)) is not None:
            found[measure.key] = figure
    note = words_of(gathered, NOTE)
    vacancy = words_of(gathered, VACANCY) if staged.layout.at(VACANCY) else None
    return TypedFigures(found, note, vacancy, tuple(gathered.remarks))


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
        hint = IN_A_FILE if plain.casefold() in NO_ANSWER else ""
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
    text = gathered.text(key).replace("\r\n", "\n").replace("\r", "\n").strip()
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
