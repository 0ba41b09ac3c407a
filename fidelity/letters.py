"""The letter that says where a team stands: to its agency, in the state's words, as of the day it is asked for."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from agencies.models import State, Team
from agencies.permissions import Actor, Resource
from fidelity.dashboards.standing import standing_content
from fidelity.reports import with_logo
from fidelity.snapshots import state_part
from ips_portal.reports import kinds
from ips_portal.reports.kinds import Content, ReportKind

LETTER = "standing-letter"


def teams(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = Team.objects.visible_to(actor)
    return rows.select_related("agency", "state").prefetch_related("partners")


def letter_content(team_id: int) -> Content:
    """Read under the requester's context. It is dated, so tomorrow's letter is another one."""
    team = Team.objects.select_related("agency", "state").prefetch_related("partners").get(pk=team_id)
    state: State = team.state
    return with_logo({"state": state_part(state), **standing_content(team, state)}, state)


def title(content: Content) -> str:
    return f"Where {content['team']} stands, {date.fromisoformat(content['on']):%B %-d, %Y}"


KIND = ReportKind(
    key=LETTER,
    label="Letter on a team's standing",
    resource=Resource.STANDING,
    subjects=teams,
    content=letter_content,
    renderer="fidelity.printing.letter_pdf",
    title=title,
    file_name=lambda content: f"standing {content['team']} {content['on']}",
)


def begin() -> None:
    kinds.register(KIND)
