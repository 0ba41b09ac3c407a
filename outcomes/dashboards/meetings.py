"""What is shown in the quarterly meeting of a state's supervisors: the state, then one section for each program.

Exact figures, so only for the state's leads (trust reference 2.4, T-lead). With names off, programs are letters in an
order that follows no figure and differs from meeting to meeting, and no text of the pack says which is which.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from agencies.models import State, Team
from agencies.permissions import Actor
from ips_portal.quarters import Quarter
from ips_portal.reports.pictures import LINES, Picture, picture
from outcomes.dashboards.charted import state_chart
from outcomes.dashboards.comparison import QUARTERS, Number, numbers, state_rates, written
from outcomes.dashboards.side_by_side import side_by_side
from outcomes.external import for_measure
from outcomes.figures import Figures
from outcomes.figures import written as in_figures
from outcomes.goals import MEASURES
from outcomes.in_force import policy_of
from outcomes.models import (
    MeetingNote,
    MeetingNoteQuerySet,
    QuarterlyReport,
    StateRate,
    SupervisorsMeeting,
)
from outcomes.pairings import Pairing, Program, pairings
from outcomes.policy import PEER_TIERS
from outcomes.rates import Kind, Rate, rate, rolling
from outcomes.strengths import HIGHER_IS_BETTER, Course, Strengths, strengths

TEAM_QUARTERS = 4
FEWEST_FOR_A_MEDIAN = 3
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Cell:
    quarter: Quarter
    value: str  # blank without accepted figures
    basis: str
    median: str
    is_provisional: bool


@dataclass(frozen=True)
class MeasureRow:
    label: str
    goal: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Talk:
    """With whom, about what, and why."""

    name: str
    measure: str
    reason: str


@dataclass(frozen=True)
class Section:
    """One program. `slug` and `agency` are empty where names are off."""

    anchor: str
    team_id: int
    name: str
    agency: str
    slug: str
    quarters: tuple[Quarter, ...]
    rows: tuple[MeasureRow, ...]
    strengths: Strengths
    asks: tuple[Talk, ...]  # whom it could ask
    helps: tuple[Talk, ...]  # who could ask it
    before: str  # anchors
    after: str


@dataclass(frozen=True)
class Action:
    note: MeetingNote
    text: str
    quarter: Quarter
    is_overdue: bool


@dataclass(frozen=True)
class StateLine:
    """The state's employment rate in one quarter; blank without accepted figures."""

    quarter: Quarter
    pooled: str
    middle: str


@dataclass(frozen=True)
class Pack:
    meeting: SupervisorsMeeting
    numbers: tuple[Number, ...]
    chart: dict[str, Any]  # what is drawn of the state over time; empty without two quarters
    course: tuple[StateLine, ...]  # newest first
    sections: tuple[Section, ...]
    actions: tuple[Action, ...]  # still open, of this meeting and of earlier ones
    has_provisional: bool
    sharing: str  # what the policy lets agencies see of each other; empty where it is everything

    @property
    def over_time(self) -> Picture | None:
        return picture(LINES, self.chart, self.chart["description"]) if self.chart else None


@dataclass(frozen=True)
class Read:
    """Everything the sections are made of, read once for all programs."""

    quarters: tuple[Quarter, ...]
    reports: Mapping[tuple[int, Quarter], QuarterlyReport]
    figures: Mapping[tuple[int, Quarter], Figures]
    rates: Mapping[tuple[str, Quarter], StateRate]
    goals: Mapping[str, Decimal]

    def of(self, team_id: int) -> dict[Quarter, Figures]:
        return {
            each: self.figures[team_id, each] for each in self.quarters if (team_id, each) in self.figures
        }

    @property
    def medians(self) -> dict[tuple[str, Quarter], Decimal]:
        return {key: row.median for key, row in self.rates.items() if row.teams >= FEWEST_FOR_A_MEDIAN}


def pack(meeting: SupervisorsMeeting, tenant: State, actor: Actor) -> Pack:
    """As far as the reader may see. Four queries, whatever the number of programs."""
    return pack_of(
        meeting,
        tenant,
        QuarterlyReport.objects.visible_to(actor),
        MeetingNote.objects.visible_to(actor),
    )


def pack_of(
    meeting: SupervisorsMeeting,
    tenant: State,
    all_reports: QuerySet[QuarterlyReport],
    notes: MeetingNoteQuerySet,
) -> Pack:
    quarter = meeting.quarter
    shown = quarter.last(QUARTERS)
    rates = state_rates(tenant.pk, shown)
    found = side_by_side(all_reports, quarter.last(TEAM_QUARTERS))
    policy = policy_of(tenant.pk, quarter)
    read = Read(
        quarters=quarter.last(TEAM_QUARTERS),
        reports=found.reports,
        figures=found.figures,
        rates=rates,
        goals={each.measure: each.value for each in policy.goals if each.level == "team"},
    )
    teams = programs_of(found.reports, quarter)
    names = names_of(teams, meeting)
    sections = tuple(sections_of(teams, names, read, meeting))
    return Pack(
        meeting=meeting,
        numbers=numbers(rates, quarter, read.figures),
        chart=state_chart(tenant, shown, rates, for_measure("employment", quarter.ends_on)),
        course=tuple(state_line(each, rates) for each in reversed(shown)),
        sections=sections,
        actions=open_actions(meeting, notes, tenant.today(), hidden(teams, names, meeting)),
        has_provisional=any(
            cell.is_provisional for each in sections for row in each.rows for cell in row.cells
        ),
        sharing=PEER_TIERS[policy.sharing.peers].lower(),
    )


def sheet_of(team: Team, shown: Pack) -> Section | None:
    """One program's part of the pack under its own name, to take home; none if it was not expected to report."""
    own = next((each for each in shown.sections if each.team_id == team.pk), None)
    return own and to_take_home(replace(own, name=team.name, agency=team.agency.name, slug=""))


def to_take_home(section: Section) -> Section:
    """Without a figure of anybody else: of few programs, a median is the figure of one of them."""
    return replace(
        section,
        rows=tuple(
            replace(row, cells=tuple(replace(cell, median="") for cell in row.cells)) for row in section.rows
        ),
        asks=tuple(replace(talk, reason=talk.measure) for talk in section.asks),
        helps=tuple(replace(talk, reason=talk.measure) for talk in section.helps),
    )


def state_line(quarter: Quarter, rates: Mapping[tuple[str, Quarter], StateRate]) -> StateLine:
    row = rates.get(("employment", quarter))
    ends = (written("employment", row.pooled), written("employment", row.median)) if row else ("", "")
    return StateLine(quarter, *ends)


def programs_of(reports: Mapping[tuple[int, Quarter], QuarterlyReport], quarter: Quarter) -> list[Team]:
    """Those that were expected to report the quarter the meeting is about, by name."""
    teams = [row.team for (_, when), row in reports.items() if when == quarter]
    return sorted(teams, key=lambda team: (team.name.casefold(), team.agency.name.casefold()))


def names_of(teams: Sequence[Team], meeting: SupervisorsMeeting) -> dict[int, str]:
    """Team -> what it is called in this meeting."""
    if meeting.shows_names:
        return {team.pk: team.name for team in teams}
    return letters_of(teams, meeting)


def letters_of(teams: Sequence[Team], meeting: SupervisorsMeeting) -> dict[int, str]:
    """Drawn anew for each meeting: who remembers a letter of the last one learns nothing."""
    mixed = sorted(teams, key=lambda team: drawn(meeting, team))
    return {team.pk: f"Program {letter(place)}" for place, team in enumerate(mixed)}


def drawn(meeting: SupervisorsMeeting, team: Team) -> str:
    return salted_hmac("outcomes.meetings", f"{meeting.pk}:{team.pk}", algorithm="sha256").hexdigest()


def letter(place: int) -> str:
    """A to Z, then AA."""
    rounds, rest = divmod(place, len(LETTERS))
    return (letter(rounds - 1) if rounds else "") + LETTERS[rest]


def hidden(teams: Sequence[Team], names: Mapping[int, str], meeting: SupervisorsMeeting) -> dict[str, str]:
    """What a text that somebody typed may not say where names are off -> what it says instead."""
    if meeting.shows_names:
        return {}
    agencies = {team.agency.name: "an agency" for team in teams}
    return agencies | {team.name: names[team.pk] for team in teams}


def without_names(text: str, instead: Mapping[str, str]) -> str:
    """Longer names first, so that "North Team Two" is not read as "North Team"."""
    for name in sorted(instead, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead[name], text, flags=re.IGNORECASE)
    return text


def sections_of(
    teams: Sequence[Team], names: Mapping[int, str], read: Read, meeting: SupervisorsMeeting
) -> list[Section]:
    ordered = sorted(teams, key=lambda team: "" if meeting.shows_names else drawn(meeting, team))
    found = pairings([program(team, read) for team in teams])
    anchors = ["state", *(f"program-{place}" for place in range(1, len(ordered) + 1)), "actions"]
    return [
        section(
            team,
            names,
            read,
            found,
            shows_names=meeting.shows_names,
            anchors=(anchors[place - 1], anchors[place], anchors[place + 1]),
        )
        for place, team in enumerate(ordered, start=1)
    ]


def section(
    team: Team,
    names: Mapping[int, str],
    read: Read,
    found: Sequence[Pairing],
    *,
    shows_names: bool,
    anchors: tuple[str, str, str],
) -> Section:
    before, anchor, after = anchors
    return Section(
        anchor=anchor,
        team_id=team.pk,
        name=names[team.pk],
        agency=team.agency.name if shows_names else "",
        slug=team.slug if shows_names else "",
        quarters=read.quarters,
        rows=tuple(measure_row(team, key, label, read) for key, label in MEASURES.items()),
        strengths=strengths(course(team, read)),
        asks=tuple(talk(names, p.helps, p) for p in found if p.asks.team_id == team.pk),
        helps=tuple(talk(names, p.asks, p) for p in found if p.helps.team_id == team.pk),
        before=before,
        after=after,
    )


def talk(names: Mapping[int, str], other: Program, found: Pairing) -> Talk:
    return Talk(names[other.team_id], MEASURES[found.measure], found.reason)


def program(team: Team, read: Read) -> Program:
    figures, newest = read.of(team.pk), read.quarters[-1]
    served = figures[newest].count("served") if newest in figures else None
    found = {key: rolling(figures, key, until=newest) for key in HIGHER_IS_BETTER}
    return Program(team.pk, served or 0, found)


def course(team: Team, read: Read) -> Course:
    expected = {
        each: read.reports[team.pk, each] for each in read.quarters if (team.pk, each) in read.reports
    }
    return Course(
        quarters=read.quarters,
        figures=read.of(team.pk),
        medians=read.medians,
        goals=read.goals,
        on_time={each: came_on_time(row) for each, row in expected.items()},
    )


def came_on_time(report: QuarterlyReport) -> bool:
    """And was not given back since; one that is being corrected came before."""
    has_come = report.in_force is not None or not report.is_with_team
    return report.submitted_by_id is not None and not report.is_late and has_come


def measure_row(team: Team, key: str, label: str, read: Read) -> MeasureRow:
    goal = read.goals.get(key)
    return MeasureRow(
        label=label,
        goal=written(key, goal) if goal else "",
        cells=tuple(cell(team, key, each, read) for each in read.quarters),
    )


def cell(team: Team, key: str, quarter: Quarter, read: Read) -> Cell:
    median = read.medians.get((key, quarter))
    report, figures = read.reports.get((team.pk, quarter)), read.figures.get((team.pk, quarter))
    own = rate(key, figures) if figures else None
    return Cell(
        quarter=quarter,
        value=own.shown if own else "",
        basis=basis(own) if own else "",
        median=written(key, median) if median is not None else "",
        is_provisional=bool(own and own.shown and report and not report.is_final),
    )


def basis(own: Rate) -> str:
    """Short enough to be read from the last row: "18 of 40 people", "9 for 2.5 specialists"."""
    if own.numerator is None or own.denominator is None or own.value is None:
        return ""
    if own.kind is Kind.SHARE:
        return f"{in_figures(own.numerator)} of {in_figures(own.denominator)} people"
    specialists = "specialist" if own.denominator == 1 else "specialists"
    return f"{in_figures(own.numerator)} for {in_figures(own.denominator)} {specialists}"


def open_actions(
    meeting: SupervisorsMeeting, notes: MeetingNoteQuerySet, today: date, instead: Mapping[str, str]
) -> tuple[Action, ...]:
    """Of this meeting and of every earlier one: what was not done is asked about again."""
    rows = notes.open_actions()
    return tuple(
        Action(row, without_names(row.text, instead), row.meeting.quarter, row.is_overdue(today))
        for row in rows.filter(meeting__quarter__lte=meeting.quarter.starts_on)
    )
