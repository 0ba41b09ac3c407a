"""All rows of a file against what stands in the portal: what would be saved, what is left out, what to look at.

The rules are those of the form. An error keeps a row out; a warning without a note lets it in as a draft, which is not
submitted before the note is there.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from ips_portal.importing.lines import OfLines
from ips_portal.importing.matching import Roster
from ips_portal.importing.remarks import Remark, Weight, in_order, is_wrong
from ips_portal.importing.staging import Staged
from ips_portal.quarters import Quarter
from outcomes.checks import (
    WORDING,
    Case,
    Earlier,
    Finding,
    Level,
    check_batch,
    check_row,
    check_words,
    open_warnings,
    still_about,
)
from outcomes.expecting import closed_words
from outcomes.figures import Figures
from outcomes.importing.columns import NOTE
from outcomes.importing.rows import Cells, Enterable, TypedFigures, TypedRow
from outcomes.measures import Measure


class Outcome(StrEnum):
    GOOD = "good"
    SAME = "same"  # as it stands already
    SKIPPED = "skipped"  # a total, or a hidden row
    CLOSED = "closed"  # the quarter is not the team's to change now
    WRONG = "wrong"


LEFT_OUT = (Outcome.SKIPPED, Outcome.CLOSED, Outcome.WRONG)


@dataclass(frozen=True, slots=True)
class Standing:
    """A team's quarter as it stands. `closed` says why it cannot be changed; `report_id` is None without a report."""

    report_id: int | None
    figures: Figures = field(default_factory=Figures)
    closed: str = ""
    earlier: tuple[Earlier, ...] = ()
    version: int = 0  # of the report, when it was read
    number: int = 1  # of the revision that a draft goes on with, or begins
    next_version: int = 2  # of that revision


@dataclass(frozen=True)
class Known:
    """What the portal knows around a file. Quarters without measures are not open yet."""

    roster: Roster[Enterable]
    standings: Mapping[tuple[int, Quarter], Standing]
    measures: Mapping[Quarter, tuple[Measure, ...]]
    today: date

    @cached_property
    def every_measure(self) -> tuple[Measure, ...]:
        """Those of all quarters together."""
        return tuple({each.key: each for found in self.measures.values() for each in found}.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file; `figures` are what it would leave in the draft."""

    number: int
    outcome: Outcome
    team: Enterable | None
    quarter: Quarter | None
    remarks: tuple[Remark, ...]
    standing: Standing | None = None
    figures: Figures | None = None
    percent: int = 0  # of the report that would be filled in


@dataclass(frozen=True, slots=True)
class Draft:
    """What a good row leaves in the portal, over what stands there."""

    standing: Standing
    team: Enterable
    quarter: Quarter
    figures: Figures
    percent: int


@dataclass(frozen=True)
class Preview(OfLines[Line]):
    staged: Staged
    lines: tuple[Line, ...]
    suspicions: tuple[Finding, ...]  # what only all rows together show
    takes_hidden: bool

    @property
    def good(self) -> tuple[Line, ...]:
        return self.of(Outcome.GOOD)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return tuple(
            Draft(line.standing, line.team, line.quarter, line.figures, line.percent)
            for line in self.good
            if line.standing and line.team and line.quarter and line.figures
        )

    @property
    def counts(self) -> dict[str, int]:
        return self.counted(Outcome)

    @property
    def is_all_good(self) -> bool:
        return not self.of(Outcome.WRONG, Outcome.CLOSED)


def preview(
    staged: Staged, rows: Collection[TypedRow], known: Known, *, takes_hidden: bool = False
) -> Preview:
    cells = Cells(staged)
    lines: list[Line] = []

    def cases() -> Iterator[Case]:
        for row in rows:
            found, case = judge(staged, row, known, cells)
            lines.append(found)
            if case is not None:
                yield case

    stream = cases()
    suspicions = check_batch(stream)
    deque(stream, maxlen=0)  # where the rules stop early, the other rows are judged all the same
    return Preview(staged, tuple(lines), suspicions, takes_hidden)


def pairs(rows: Collection[TypedRow]) -> set[tuple[int, Quarter]]:
    """Whose quarters a file is about, so that they can be read all at once."""
    return {(row.team.id, row.quarter) for row in rows if row.team and row.quarter}


def judge(staged: Staged, row: TypedRow, known: Known, cells: Cells) -> tuple[Line, Case | None]:
    """The line of one row, and the case its figures make, for the rules on the whole file."""
    remarks = list(row.remarks)
    if row.is_skipped:
        return line(row, Outcome.SKIPPED, remarks), None
    measures = known.measures.get(row.quarter, ()) if row.quarter else ()
    standing = known.standings.get((row.team.id, row.quarter)) if row.team and row.quarter else None
    closed = refusal(row, standing, known)
    if closed:
        remarks.append(Remark(row.row.number, None, Weight.SKIPPED, closed))
        return line(row, Outcome.CLOSED, remarks, standing), None
    typed = cells.figures_of(row.row, measures or known.every_measure)
    remarks += typed.remarks
    if standing is None or is_wrong(remarks):
        return line(row, Outcome.WRONG, remarks, standing), None
    figures = merged(standing.figures, typed)
    case = case_of(row, figures, measures, standing)
    findings = check_row(case)
    figures = explained(figures, findings, typed.note)
    if typed.note:
        about_words = check_words(replace(case, figures=figures))
        findings = (*(finding for finding in findings if finding.rule != WORDING), *about_words)
    remarks += [said(staged, row, finding) for finding in findings if finding.level is Level.ERROR]
    if is_wrong(remarks):
        return line(row, Outcome.WRONG, remarks, standing), case
    remarks += [said(staged, row, finding) for finding in open_warnings(findings, figures.explained)]
    outcome = Outcome.SAME if standing.report_id and figures == standing.figures else Outcome.GOOD
    return line(row, outcome, remarks, standing, figures, figures.percent(measures)), case


def line(
    row: TypedRow,
    outcome: Outcome,
    remarks: Sequence[Remark],
    standing: Standing | None = None,
    figures: Figures | None = None,
    percent: int = 0,
) -> Line:
    ordered = in_order(remarks, is_taken=outcome not in LEFT_OUT)
    return Line(row.row.number, outcome, row.team, row.quarter, ordered, standing, figures, percent)


def refusal(row: TypedRow, standing: Standing | None, known: Known) -> str:
    """Why the team's quarter cannot be changed now; blank if it can."""
    if row.team is None or row.quarter is None:
        return ""
    if not row.quarter.is_open(known.today):
        return f"{row.quarter} has not ended. Its figures can be entered from {row.quarter.opens_on:%B %-d, %Y} on."
    if closed := closed_words(row.team.name, row.quarter, row.team.ended_on):
        return closed
    if standing is not None:
        return f"{row.quarter}: {standing.closed} The row was left out." if standing.closed else ""
    return not_expected(row.team, row.quarter)


def not_expected(team: Enterable, quarter: Quarter) -> str:
    if team.started_on and team.started_on > quarter.ends_on:
        return f"{team.name} began on {team.started_on:%B %-d, %Y}, after {quarter}."
    if not team.may_begin:
        return (
            f"No report of {team.name} is expected for {quarter}. "
            "Quarters from before the portal are imported by a supervisor of the team."
        )
    return f"No report of {team.name} is expected for {quarter}. Ask your state administrator."


def merged(stands: Figures, typed: TypedFigures) -> Figures:
    """What stands with what the file says over it. A note on a warning goes when a figure it speaks of changes."""
    changed = {key: figure for key, figure in typed.by_measure.items() if stands[key] != figure}
    return Figures(
        MappingProxyType({**stands.by_measure, **changed}),
        still_about(stands.explained, changed),
        stands.note,
        typed.vacancy if typed.vacancy else stands.vacancy,
    )


def explained(figures: Figures, findings: Collection[Finding], note: str) -> Figures:
    """The row's note answers every warning of the row; where there is none, it is a note on the quarter."""
    if not note:
        return figures
    warned = {finding.rule: note for finding in findings if finding.wants_a_note and finding.rule != WORDING}
    if not warned:
        return replace(figures, note=note)
    return replace(figures, explained=MappingProxyType({**figures.explained, **warned}))


def case_of(row: TypedRow, figures: Figures, measures: tuple[Measure, ...], standing: Standing) -> Case:
    """Without a day: whether it is time to submit is asked when the draft is submitted."""
    if row.quarter is None:
        raise ValueError("A row without a quarter has no case.")
    return Case(
        figures=figures,
        quarter=row.quarter,
        measures=measures,
        earlier=standing.earlier,
    )


def said(staged: Staged, row: TypedRow, finding: Finding) -> Remark:
    """At the column of the first measure the finding is about."""
    weight = Weight.ERROR if finding.level is Level.ERROR else Weight.WARNING
    at = next((column for key in finding.measures if (column := staged.layout.at(key))), None)
    typed = staged.cell(row.row, at.key) if at else ""
    hint = "" if weight is Weight.ERROR or staged.layout.at(NOTE) else " A column “Note” can hold it."
    return Remark(row.row.number, at, weight, f"{finding.text} {finding.fix}{hint}", typed)
