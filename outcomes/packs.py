"""The supervisors' meeting as a paper: the pack of the screen, a page for each program to take home.

The page of a program holds no figure of another.
"""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from agencies.permissions import Actor, Resource
from ips_portal.reports import kinds
from ips_portal.reports.kinds import Content, ReportKind
from outcomes.dashboards.meetings import Action, Section, Talk, pack_of, to_take_home
from outcomes.models import MeetingNote, QuarterlyReport, SupervisorsMeeting
from outcomes.reports import state_part

PACK = "meeting-pack"


def meetings(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = SupervisorsMeeting.objects.visible_to(actor).select_related("state")
    return rows


def pack_content(meeting_id: int) -> Content:
    """Read under the requester's context. With names off it holds letters alone, as the screen does."""
    meeting = SupervisorsMeeting.objects.select_related("state").get(pk=meeting_id)
    state = meeting.state
    pack = pack_of(
        meeting,
        state,
        QuarterlyReport.objects.in_state(state.pk),
        MeetingNote.objects.in_state(state.pk).standing(),
    )
    return {
        "state": state_part(state),
        "quarter": meeting.quarter.months,
        "slug": meeting.quarter.slug,
        "held_on": f"{meeting.held_on:%B %-d, %Y}",
        "shows_names": meeting.shows_names,
        "has_provisional": pack.has_provisional,
        "sharing": pack.sharing,
        "numbers": [asdict(each) for each in pack.numbers],
        "chart": pack.chart,
        "course": [[line.quarter.months, line.pooled, line.middle] for line in pack.course],
        "programs": [program_part(to_take_home(each)) for each in pack.sections],
        "actions": [action_part(each) for each in pack.actions],
    }


def program_part(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "agency": section.agency,
        "quarters": [quarter.months for quarter in section.quarters],
        "rows": [
            {
                "label": row.label,
                "goal": row.goal,
                "cells": [
                    [cell.value, cell.basis, "provisional" if cell.is_provisional else ""]
                    for cell in row.cells
                ],
            }
            for row in section.rows
        ],
        "strengths": [[each.sentence, each.rule] for each in section.strengths.told],
        "missing": section.strengths.missing,
        "asks": talks(section.asks),
        "helps": talks(section.helps),
    }


def talks(found: tuple[Talk, ...]) -> list[list[str]]:
    return [[talk.name, talk.reason] for talk in found]


def action_part(action: Action) -> list[str]:
    return [action.text, str(action.note.owner), f"{action.note.due_on:%B %-d, %Y}"]


def begin() -> None:
    kinds.register(
        ReportKind(
            key=PACK,
            label="Pack of the supervisors' meeting",
            resource=Resource.OUTCOME_ACCEPTED,
            subjects=meetings,
            content=pack_content,
            renderer="outcomes.printing.pack_pdf",
            title=lambda content: f"Supervisors' meeting, {content['quarter']}",
            file_name=lambda content: f"meeting {content['state']['name']} {content['slug']}",
        )
    )
