"""What a team keeps for itself between quarters: a specialist's weeks and months, and the goals a supervisor sets."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Team
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from ips_portal.quarters import Quarter
from outcomes.measures import LARGEST
from outcomes.models import AT_HOME, TALLIED, MonthTally, OnTeam, TeamGoal, WeekOfContacts, leads

CHANGED = "Somebody else has saved this after you opened it"
Row = TypeVar("Row", WeekOfContacts, MonthTally, TeamGoal)
KEEP_YOURS = "Nothing was overwritten: look at it once more, and save again to keep yours."


@transaction.atomic(savepoint=False)
def save_week(
    on_team: OnTeam,
    *,
    monday: date,
    contacts: int,
    looking: int,
    seen: str,
    by: Actor,
    reviewed_on: date | None = None,
) -> WeekOfContacts:
    """One specialist's week, written by the specialist or by a supervisor of the team.

    `seen` is the mark of what was read before. Only a supervisor reviews; a specialist's change to the numbers takes
    a review away. Raises NotPermitted, StaleVersion, Unacceptable, WrongStatus.
    """
    require_at_home(by, on_team)
    if reviewed_on and not leads(by, on_team.team_id):
        raise NotPermitted("A week is reviewed by a supervisor of the team. Nothing was changed.")
    check_begun(monday, on_team.state.today(), "week")
    if monday.weekday():
        raise Unacceptable("A week begins on its Monday.", field="monday")
    check_counts({"contacts": contacts, "looking": looking})
    key = {"team_id": on_team.team_id, "person_id": on_team.person.pk, "monday": monday}
    row = held(WeekOfContacts, **key)
    check_seen(row, seen, told_week(row))
    changed = row is None or (row.contacts, row.looking) != (contacts, looking)
    if row and not changed and not leads(by, on_team.team_id):
        return row
    check_review(reviewed_on, monday, on_team.state.today())
    row = row or WeekOfContacts(state_id=on_team.state_id, version=0, **key)
    row.contacts, row.looking = contacts, looking
    if reviewed_on != row.reviewed_on:
        row.reviewed_on, row.reviewed_by_id = reviewed_on, by.person_id if reviewed_on else None
    return kept(row)


@transaction.atomic(savepoint=False)
def save_month(
    on_team: OnTeam, *, month: date, values: Mapping[str, int | None], seen: str, by: Actor
) -> MonthTally:
    """One specialist's month. Empty is not zero. Raises NotPermitted, StaleVersion, Unacceptable, WrongStatus."""
    require_at_home(by, on_team)
    check_begun(month, on_team.state.today(), "month")
    if month.day != 1:
        raise Unacceptable("A month is kept by its first day.", field="month")
    check_counts({key: values.get(key) for key in TALLIED})
    check_parts(values)
    key = {"team_id": on_team.team_id, "person_id": on_team.person.pk, "month": month}
    row = held(MonthTally, **key)
    check_seen(row, seen, told_month(row))
    if row is None and all(values.get(name) is None for name in TALLIED):
        raise Unacceptable("There is nothing to save yet: enter at least one number.")
    row = row or MonthTally(state_id=on_team.state_id, version=0, **key)
    for name in TALLIED:
        setattr(row, name, values.get(name))
    return kept(row)


@transaction.atomic(savepoint=False)
def set_goals(
    team: Team,
    *,
    quarter: Quarter,
    values: Mapping[str, int | None],
    seen: str,
    by: Actor,
    on_team: OnTeam | None = None,
) -> None:
    """The goals of the team for a quarter, or of one specialist. An empty one is taken back.

    Raises NotPermitted, StaleVersion, Unacceptable.
    """
    require(by, "edit", Resource.OUTCOME_DRAFT, on_team.place if on_team else team.place)
    check_sets_goals(team, by)
    if on_team and on_team.team_id != team.pk:
        raise Unacceptable(f"{on_team} does not work on {team}.")
    check_counts(values)
    who = {"team_id": team.pk, "person_id": on_team.person.pk if on_team else None, "quarter": quarter}
    rows = {row.measure: row for row in TeamGoal.objects.select_for_update().filter(**who)}
    if seen != mark_of_goals(rows):
        raise StaleVersion(
            f"{CHANGED}: {', '.join(map(told_goal, rows.values()))}. {KEEP_YOURS}",
            current={"version": mark_of_goals(rows)},
        )
    for measure in TeamGoal.Measure.values:
        row = rows.get(measure)
        value = values.get(measure)
        if (row.value if row else None) != value:
            row = row or TeamGoal(state_id=team.state_id, version=0, measure=measure, **who)
            row.value = value
            kept(row)


def require_at_home(by: Actor, on_team: OnTeam) -> None:
    """The specialist, or a supervisor of the team. The table lets an agency's leader edit drafts; these are none."""
    require(by, "edit", Resource.OUTCOME_DRAFT, on_team.place)
    if by.role not in AT_HOME:
        raise NotPermitted("This is kept by the specialist and the supervisor alone. Nothing was changed.")


def check_sets_goals(team: Team, by: Actor) -> None:
    if not leads(by, team.pk):
        raise NotPermitted("Goals are set by a supervisor of the team. Nothing was changed.")


def check_begun(first_day: date, today: date, what: str) -> None:
    if first_day > today:
        raise WrongStatus(
            f"This {what} begins on {first_day:%B %-d, %Y} and has not come yet. Nothing was saved."
        )


def check_review(reviewed_on: date | None, monday: date, today: date) -> None:
    if reviewed_on and not monday <= reviewed_on <= today:
        raise Unacceptable(
            f"A review lies between the Monday of the week, {monday:%B %-d}, and today, {today:%B %-d}.",
            field="reviewed_on",
        )


def check_counts(values: Mapping[str, int | None]) -> None:
    for name, value in values.items():
        if value is not None and not 0 <= value <= LARGEST:
            raise Unacceptable(f"Enter a whole number from 0 to {LARGEST:,}.", field=name)


def check_parts(values: Mapping[str, int | None]) -> None:
    """Whoever works or learns is served. Source: the same sums as the quarter's checks."""
    served = values.get("served")
    for part, word in (("employed", "working"), ("in_education", "in school or training")):
        value = values.get(part)
        if served is not None and value is not None and value > served:
            raise Unacceptable(f"{value} people {word}, but only {served} served. Check both.", field=part)


def held(model: type[Row], **key: Any) -> Row | None:
    """The stored row, locked until the end of the transaction; None before the first save."""
    return model._default_manager.select_for_update().filter(**key).first()


def kept(row: Row) -> Row:
    """Writes the row if nobody was faster. Raises StaleVersion."""
    before, row.version, row.saved_at = row.version, row.version + 1, timezone.now()
    stale = StaleVersion(f"{CHANGED}. {KEEP_YOURS}", current={"version": str(before + 1)})
    if row.pk is None:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise stale from None
        return row
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    if not type(row)._default_manager.filter(pk=row.pk, version=before).update(**fields):
        raise stale
    return row


def mark(row: Any) -> str:
    return str(row.version) if row else "0"


def mark_of_goals(rows: Mapping[str, TeamGoal]) -> str:
    return ".".join(mark(rows.get(measure)) for measure in TeamGoal.Measure.values)


def check_seen(row: Any, seen: str, told: str) -> None:
    if seen != mark(row):
        raise StaleVersion(f"{CHANGED}: {told}. {KEEP_YOURS}", current={"version": mark(row)})


def told_week(row: WeekOfContacts | None) -> str:
    return f"{row.contacts} contacts, {row.looking} looking for work" if row else "nothing is stored"


def told_month(row: MonthTally | None) -> str:
    entered = (
        [f"{key.replace('_', ' ')} {value}" for key, value in row.values.items() if value is not None]
        if row
        else []
    )
    return ", ".join(entered) or "nothing is stored"


def told_goal(row: TeamGoal) -> str:
    return f"{row.get_measure_display()} {'none' if row.value is None else row.value}"
