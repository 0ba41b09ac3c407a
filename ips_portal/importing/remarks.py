"""What to look at in a row of a file, said of its cell or of the row as a whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ips_portal.importing.cells import AROUND, is_an_excel_error
from ips_portal.importing.columns import Column
from ips_portal.importing.matching import looks_like_a_total, looks_like_words, shown
from ips_portal.importing.staging import Staged, StagedRow


class Weight(StrEnum):
    """The gravest first."""

    ERROR = "error"  # the row is not imported
    WARNING = "warning"  # it is imported, and wants somebody to look
    SKIPPED = "skipped"  # the row is left out, as it should be
    NOTICE = "notice"  # what was taken for what


GRAVEST = tuple(Weight)
CHIPS = {Weight.ERROR: "action", Weight.WARNING: "watch", Weight.SKIPPED: "plain", Weight.NOTICE: "info"}


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
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


def leave_out(gathered: Gathered, *, team: str, agency: str, is_known: bool, takes_hidden: bool) -> bool:
    """Is this no row of the table: hidden, a total, a remark below it? `team`, `agency`: keys of their columns."""
    row = gathered.row
    if row.is_hidden and not takes_hidden:
        gathered.say(Weight.SKIPPED, "The row is hidden in the file and was left out.")
    elif not is_known and looks_like_a_total(besides(gathered, team, agency), gathered.text(team)):
        gathered.say(Weight.SKIPPED, "The row looks like a total and was left out.")
    elif looks_like_words(row.cells):
        gathered.say(Weight.SKIPPED, "The row looks like a remark below the table and was left out.")
    return bool(gathered.remarks)


def besides(gathered: Gathered, team: str, agency: str) -> Sequence[str]:
    """The cells, without an agency's name beside a team: one may be called “Total Care”."""
    position = gathered.staged.layout.place.get(agency)
    if position is None or not gathered.text(team).strip(AROUND):
        return gathered.row.cells
    return [cell for index, cell in enumerate(gathered.row.cells) if index != position]


def check_width(gathered: Gathered) -> None:
    """A cell too many or several too few shift the values into wrong columns. One blank at the end is a blank."""
    layout, width = gathered.staged.layout, gathered.row.width
    if width > layout.width:
        text = f"The row has {width} values; {layout.width} were expected. Look for a comma inside a number or a note."
        gathered.say(Weight.ERROR, text)
    elif width < layout.needed - 1:
        text = f"The row has {width} values; {layout.needed} were expected. Look whether a cell is missing."
        gathered.say(Weight.ERROR, text)


def is_an_error(gathered: Gathered, key: str) -> bool:
    typed = gathered.text(key).strip(AROUND)
    if not is_an_excel_error(typed):
        return False
    column = gathered.staged.layout.at(key)
    where = f"Cell {column.letter}{gathered.row.number}" if column else "A cell"
    gathered.say(
        Weight.ERROR, f"{where} shows an error of the spreadsheet ({shown(typed)}). Enter the value.", key
    )
    return True


def is_wrong(remarks: Collection[Remark]) -> bool:
    return any(remark.weight is Weight.ERROR for remark in remarks)


def in_order(remarks: Collection[Remark], *, is_taken: bool) -> tuple[Remark, ...]:
    """What was taken for what is told of rows that count; beside a problem it is noise."""
    if not remarks:
        return ()
    told = [each for each in remarks if is_taken or each.weight is not Weight.NOTICE]
    return tuple(sorted(told, key=lambda each: GRAVEST.index(each.weight)))


def rows_word(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
