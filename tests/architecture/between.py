"""What a team of the gates' world keeps between quarters: a week, a month and goals, where it has a specialist."""

from datetime import date, timedelta
from typing import Any

from agencies.models import StatePolicy
from ips_portal.quarters import Quarter
from outcomes.actions import between
from outcomes.census import KEYS
from outcomes.models import OnTeam
from outcomes.policy import national
from tests.cast import STARTED, StateCast

SPECIALISTS = {"north_one": "specialist", "south_one": "other_specialist"}
FLAGS = ("weekly_contacts", "monthly_tallies", "specialist_goals")


def offer(cast: StateCast) -> None:
    StatePolicy.objects.create(
        state=cast.state,
        subject=StatePolicy.Subject.OUTCOMES,
        name=f"{cast.state.name} outcomes",
        effective_from=STARTED,
        data={"between": dict.fromkeys(FLAGS, True), "optional": [*national()["optional"], *KEYS]},
    )


def monday(cast: StateCast) -> date:
    today = cast.state.today()
    return today - timedelta(days=today.weekday())


def month(cast: StateCast) -> date:
    return cast.state.today().replace(day=1)


def keep(corner: Any, supervisor: str) -> None:
    """Built through the actions. `corner` is one of the world's; `supervisor` the persona who leads the team."""
    cast, persona = corner.cast, SPECIALISTS.get(corner.key)
    if persona is None:
        return
    person, team = cast.people[persona], cast.teams[corner.key]
    with cast.entered(supervisor) as by:
        on_team = OnTeam.objects.placed().get(team=team, membership__person=person)
        between.save_week(on_team, monday=monday(cast), contacts=5, looking=4, seen="0", by=by)
        between.save_month(on_team, month=month(cast), values={"served": 9}, seen="0", by=by)
        for about in (None, on_team):
            between.set_goals(
                team,
                quarter=Quarter.last_ended(cast.state.today()),
                values={"contacts": 6},
                seen="0.0.0",
                on_team=about,
                by=by,
            )
