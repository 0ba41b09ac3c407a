"""The supervisors' meetings of a practice state, all but the one on the newest quarter, and what teams told there."""

from datetime import timedelta

from agencies.permissions import Role
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.quarters import Quarter
from outcomes.models import MeetingNote, Strategy, SupervisorsMeeting

HELD_AFTER = (46, 75)  # days after the quarter's end: its figures have locked
FEWEST_SITES = 4
TOLD = (
    (
        "job_starts_per_fte",
        "Each specialist keeps three mornings a week for employers and logs every contact the same day.",
        True,
    ),
    (
        "employment",
        "We ask about work at the first visit and meet the first employer within 30 days.",
        True,
    ),
    ("education", "A specialist sits at the community college on the first day of each term.", False),
)
AGREED = (
    ("Send the list of employers in retail to the other supervisors.", 21, True),
    ("Invite the vocational rehabilitation counselors to the next unit meeting.", 60, False),
)
SAID = "Everybody wants to hear more about how to talk with employers. We begin with that next time."


def meet(land: Land, crew: Crew) -> None:
    """The meeting on the newest quarter is left to be begun."""
    if len(land.sites) < FEWEST_SITES:
        return
    before = Quarter.last_ended(land.today) - 1
    for quarter in (before - 1, before):
        held_on = quarter.ends_on + timedelta(days=land.rng.randint(*HELD_AFTER))
        if held_on >= land.today or held_on < land.state.started_on:
            continue
        meeting = land.rows.add(
            SupervisorsMeeting(
                state=land.state,
                quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
                held_on=held_on,
            )
        )
        _notes(land, crew, meeting, is_last=quarter == before)
    _strategies(land, crew)


def _notes(land: Land, crew: Crew, meeting: SupervisorsMeeting, *, is_last: bool) -> None:
    written_at = land.at(meeting.held_on, 11)
    trainer = crew.first(Role.STATE_TRAINER).person
    given = {"state": land.state, "meeting": meeting, "written_at": written_at, "written_by": trainer}
    land.rows.add(MeetingNote(**given, text=SAID, form_key=land.uuid()))
    owners = [membership.person for membership in list(crew.supervisors.values())[: len(AGREED)]]
    for (text, days, is_done), owner in zip(AGREED, owners, strict=True):
        due_on = meeting.held_on + timedelta(days=days)
        done = is_done or not is_last
        land.rows.add(
            MeetingNote(
                **given,
                text=text,
                owner=owner,
                due_on=due_on,
                done_at=land.at(min(due_on, land.today - timedelta(days=1)), 15) if done else None,
                done_by=trainer if done else None,
                form_key=land.uuid(),
            )
        )


def _strategies(land: Land, crew: Crew) -> None:
    running = [site.team for site in land.sites if site.team.ended_on is None]
    for team, (measure, text, consented) in zip(running, TOLD, strict=False):
        supervisor = crew.supervisors.get(team.slug)
        land.rows.add(
            Strategy(
                state=land.state,
                written_by=supervisor.person if supervisor else None,
                team=team,
                team_name=team.name,
                measure=measure,
                text=text,
                told_on=land.today - timedelta(days=60),
                consented=consented,
                form_key=land.uuid(),
            )
        )
