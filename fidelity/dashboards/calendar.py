"""What the months bring: visits that are agreed, reviews that fall due, clocks that end, drafts and plans with a date.

Every day follows from a record or from the standing of a team; nothing is entered here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from agencies.models import State, Team
from agencies.permissions import Actor
from fidelity.dashboards.listing import visit
from fidelity.dashboards.standing import StandingLine, lines, listed
from fidelity.lifecycle.months import months_after
from fidelity.models import ActionPlan, AnswerWindow, Review
from ips_portal.spreadsheets import Table

MONTHS = 12  # told at once
KINDS = {
    "visit": "Visit",
    "due": "Review due",
    "clock": "Time ends",
    "draft": "Comments on a draft",
    "plan": "Plan to be put in use",
}
CHIPS = {"visit": "info", "due": "plain", "clock": "plain", "draft": "info", "plan": "plain"}


@dataclass(frozen=True)
class Entry:
    """`page` is the name of its page, `key` what stands in that page's address."""

    on: date
    kind: str
    text: str
    team: Team
    page: str
    key: str
    is_past: bool = False

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def chip(self) -> str:
        return "action" if self.is_past else CHIPS[self.kind]


@dataclass(frozen=True)
class Month:
    name: str
    is_past: bool
    entries: tuple[Entry, ...]


def entries(actor: Actor, tenant: State) -> list[Entry]:
    """From what is past its day to the end of the twelfth month, the earliest first."""
    today = tenant.today()
    last = months_after(today.replace(day=1), MONTHS) - timedelta(days=1)
    teams = listed(actor)
    known = {team.pk: team for team in teams}
    found = [
        *_of_standings(lines(teams, tenant), today),
        *_visits(actor, known, today),
        *_drafts(actor, known, tenant.now()),
        *_plans(actor, known, today),
    ]
    kept = [entry for entry in found if entry.on <= last]
    return sorted(kept, key=lambda entry: (entry.on, entry.team.name, entry.kind, entry.text))


def _of_standings(found: Iterable[StandingLine], today: date) -> Iterable[Entry]:
    """A review that is agreed, or whose report is being written, is told by its visit alone."""
    for line in found:
        standing, team = line.standing, line.team
        if standing.next_due and not line.booked and not standing.awaiting:
            past = standing.next_due < today
            text = "Past its day, and no visit is agreed" if past else "No visit is agreed yet"
            yield Entry(standing.next_due, "due", text, team, "standing-page", team.slug, past)
        for clock in standing.clocks:
            if clock.until and clock.until >= today and clock.until != standing.next_due:
                yield Entry(clock.until, "clock", clock.name, team, "standing-page", team.slug)


def _visits(actor: Actor, teams: dict[int, Team], today: date) -> Iterable[Entry]:
    rows = Review.objects.visible_to(actor).filter(team__in=teams, status__in=Review.OPEN)
    for row in rows.filter(ends_on__gte=today):
        text = f"{row.get_kind_display()}, {row.get_mode_display().lower()}, {visit(row)}"
        yield Entry(row.starts_on, "visit", text, teams[row.team_id], "review-page", str(row.public_id))


def _drafts(actor: Actor, teams: dict[int, Team], now: datetime) -> Iterable[Entry]:
    rows = AnswerWindow.objects.visible_to(actor).open_at(now).filter(team__in=teams)
    for row in rows.select_related("review", "state").defer("snapshot"):
        key = str(row.review.public_id)
        yield Entry(row.last_day, "draft", "The agency's last day", teams[row.team_id], "answers", key)


def _plans(actor: Actor, teams: dict[int, Team], today: date) -> Iterable[Entry]:
    plans = ActionPlan.objects.visible_to(actor).of_their_own()
    rows = plans.filter(team__in=teams, status=ActionPlan.Status.DRAFT)
    for row in rows.exclude(due_on=None).select_related("review"):
        key, past = str(row.review.public_id), row.due_on < today
        yield Entry(row.due_on, "plan", "After the last review", teams[row.team_id], "plan-page", key, past)


def narrowed(found: Iterable[Entry], kind: str = "", agency: str = "") -> list[Entry]:
    return [entry for entry in found if kind in ("", entry.kind) and agency in ("", entry.team.agency.slug)]


def by_month(found: Collection[Entry]) -> list[Month]:
    past = tuple(entry for entry in found if entry.is_past)
    coming = [entry for entry in found if not entry.is_past]
    months = groupby(coming, key=lambda entry: entry.on.replace(day=1))
    told = [Month(f"{first:%B %Y}", False, tuple(rows)) for first, rows in months]
    return [Month("Past their day", True, past), *told] if past else told


def calendar_table(found: Iterable[Entry], tenant: State, actor: Actor, now: datetime) -> Table:
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (
            entry.on.isoformat(),
            entry.label,
            entry.team.agency.name,
            entry.team.name,
            entry.text,
            "yes" if entry.is_past else "no",
        )
        for entry in found
    )
    return Table(
        about=(
            ("State", tenant.name),
            ("Days", f"of the next {MONTHS} months, by the state's fidelity policy"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=("Day", "What", tenant.terms["agency"].capitalize(), "Team", "Note", "Past its day"),
        rows=rows,
        made=now,
    )
