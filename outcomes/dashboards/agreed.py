"""What was written down and agreed in supervisors' meetings, who took it on, and what programs told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agencies.models import Membership, Person, State, Team
from agencies.permissions import Actor
from outcomes.dashboards.meetings import (
    Action,
    hidden,
    letters_of,
    names_of,
    open_actions,
    programs_of,
    without_names,
)
from outcomes.dashboards.side_by_side import side_by_side
from outcomes.goals import MEASURES
from outcomes.models import MeetingNote, QuarterlyReport, Strategy, SupervisorsMeeting

MOST_TOLD = 5


@dataclass(frozen=True)
class Line:
    """A note as it may be shown on the screen of the meeting."""

    note: MeetingNote
    text: str


@dataclass(frozen=True)
class NotesPage:
    open: tuple[Action, ...]
    notes: tuple[Line, ...]  # of this meeting, without its open actions
    mine: frozenset[int]  # notes that the reader may mend or take off


@dataclass(frozen=True)
class Told:
    """A strategy with its measure in words."""

    strategy: Strategy
    label: str
    is_mine: bool = False  # the reader may mend it or take it off


@dataclass(frozen=True)
class Sheet:
    """One program by name, its letter in this meeting, and what it told."""

    team: Team
    letter: str
    strategies: tuple[Told, ...]


def meetings_of(actor: Actor) -> list[SupervisorsMeeting]:
    return list(SupervisorsMeeting.objects.visible_to(actor))


def own_actions(actor: Actor) -> tuple[Line, ...]:
    """What this person took on. Who took it on need not see the meeting itself."""
    rows = MeetingNote.objects.visible_to(actor).filter(owner_id=actor.person_id, done_at=None)
    return tuple(Line(row, row.text) for row in rows)


def people_of(actor: Actor, today: date) -> list[Person]:
    """Who can take something on: everybody with a seat in the state, once each, by name."""
    seats = Membership.objects.visible_to(actor).open_on(today).select_related("person")
    found = {seat.person_id: seat.person for seat in seats}
    return sorted(found.values(), key=lambda person: (str(person).casefold(), person.pk))


def notes_page(meeting: SupervisorsMeeting, tenant: State, actor: Actor) -> NotesPage:
    teams = teams_of(meeting, actor)
    instead = hidden(teams, names_of(teams, meeting), meeting)
    rows = MeetingNote.objects.visible_to(actor).filter(meeting=meeting).select_related("owner")
    written = [row for row in rows.order_by("id") if row.owner_id is None or row.done_at]
    still_open = open_actions(meeting, MeetingNote.objects.visible_to(actor), tenant.today(), instead)
    shown = [*written, *(each.note for each in still_open)]
    return NotesPage(
        open=still_open,
        mine=frozenset(row.pk for row in shown if row.is_mended_by(actor)),
        notes=tuple(Line(row, without_names(row.text, instead)) for row in written),
    )


def sheets_of(meeting: SupervisorsMeeting, actor: Actor) -> tuple[Sheet, ...]:
    teams = teams_of(meeting, actor)
    letters = letters_of(teams, meeting)
    rows = list(Strategy.objects.visible_to(actor).filter(team__in=teams))
    return tuple(
        Sheet(team, letters[team.pk], worded([row for row in rows if row.team_id == team.pk], actor))
        for team in teams
    )


def teams_of(meeting: SupervisorsMeeting, actor: Actor) -> list[Team]:
    return programs_of(
        side_by_side(QuarterlyReport.objects.visible_to(actor), (meeting.quarter,)).reports, meeting.quarter
    )


def strategies_of(team: Team, actor: Actor) -> tuple[Told, ...]:
    return worded(list(Strategy.objects.visible_to(actor).filter(team=team)), actor)


def told_on(measure: str, actor: Actor) -> tuple[Told, ...]:
    """What programs of the state let others read about a measure, newest first."""
    return worded(list(Strategy.objects.visible_to(actor).told().filter(measure=measure)[:MOST_TOLD]), actor)


def worded(rows: Sequence[Strategy], actor: Actor) -> tuple[Told, ...]:
    return tuple(Told(row, MEASURES[row.measure], row.is_mended_by(actor)) for row in rows)
