"""The papers of a visit: agenda and data request for the agency, tally and blank score sheets for the reviewers.

None of them holds a rating. The score sheets are of the review's scale, in the state's own wording where it has one.
"""

from collections.abc import Callable
from datetime import time

from agencies.permissions import Actor, Resource, Scope, scope_of
from fidelity.dashboards.visiting import days_of, tally_of, values_of, visit_of
from fidelity.in_force import scale_of, wording_of
from fidelity.models import Review, ReviewQuerySet
from fidelity.paper.wording import day, days
from fidelity.reports import with_logo
from fidelity.scales import HIGHEST, LOWEST, Item
from fidelity.snapshots import state_part
from fidelity.visits import MET, OBSERVED, VisitValues, columns, is_by_specialist, measured
from ips_portal.reports import kinds
from ips_portal.reports.kinds import Content, ReportKind

AGENDA, REQUEST, TALLY, SHEETS = "visit-agenda", "visit-request", "visit-tally", "score-sheets"
LABELS = {
    AGENDA: "Agenda",
    REQUEST: "Data request",
    TALLY: "Tally of the visit",
    SHEETS: "Score sheets to fill in by hand",
}
SPECIALISTS_ON_PAPER = 4


def reviews(actor: Actor) -> ReviewQuerySet:
    """Of which this person may have the papers; `dashboards.history.sees_drafts` for many."""
    rows = Review.objects.select_related("team__agency", "state", "scale").defer("scale__data")
    found: ReviewQuerySet = rows.prefetch_related("reviewers", "team__partners").visible_to(actor)
    if scope_of(actor.role, "view", Resource.DRAFT_REPORT) is Scope.STATE:
        return found
    return found.reviewed_by(actor)


def content_of(kind: str) -> Callable[[int], Content]:
    """Read under the requester's context."""

    def content(review_id: int) -> Content:
        rows = Review.objects.select_related("team__agency", "state", "scale").defer("scale__data")
        review = rows.prefetch_related("reviewers__person").get(pk=review_id)
        values = values_of(review, visit_of(review))
        part = PARTS[kind](review, values)
        return with_logo(head(review) | {"kind": kind, "title": LABELS[kind]} | part, review.state)

    return content


def head(review: Review) -> Content:
    names = [row.person.name for row in review.reviewers.all() if not row.set_aside_at]
    return {
        "state": state_part(review.state),
        "team": review.team.name,
        "agency": review.team.agency.name,
        "dates": days(review.starts_on.isoformat(), review.ends_on.isoformat()),
        "starts_on": review.starts_on.isoformat(),
        "review_kind": review.get_kind_display(),
        "mode": review.get_mode_display(),
        "scale": review.scale.name,
        "reviewers": names,
    }


def agenda(review: Review, values: VisitValues) -> Content:
    named = dict(days_of(review, values))
    found = []
    for number in sorted({slot.day for slot in values.agenda}):
        slots = [[clock(slot.time), slot.who, slot.what] for slot in values.agenda if slot.day == number]
        found.append({"name": named[number], "slots": slots})
    return {"days": found}


def clock(text: str) -> str:
    """2:30 PM"""
    return f"{time.fromisoformat(text):%-I:%M %p}" if text else ""


def request(review: Review, values: VisitValues) -> Content:
    wanted_on = values.wanted_on.isoformat() if values.wanted_on else None
    return {
        "wanted_on": day(wanted_on),
        "asked": [{"text": wanted.text, "received": wanted.received} for wanted in values.asked],
    }


def people(review: Review, values: VisitValues) -> Content:
    return {
        "met": [[label, values.people.get(key)] for key, label in MET.items()],
        "observed": [[label, values.people.get(key)] for key, label in OBSERVED.items()],
        "tally": [
            {
                "name": f"{item.seq}. {item.name}",
                "questions": [
                    [each.text, *([count.read, count.met, count.unmet] if count else [None] * 3)]
                    for each in questions
                    for count in [values.tally.get(each.code)]
                ],
            }
            for item, questions in tally_of(scale_of(review))
        ],
    }


def numbers(review: Review, values: VisitValues) -> Content:
    """Rows that are filled, and no others."""
    return {"numbers": [numbers_of(item, values) for item in measured(scale_of(review))]}


def numbers_of(item: Item, values: VisitValues) -> Content:
    return {
        "name": f"{item.seq}. {item.name}",
        "columns": [column.label for column in columns(item)],
        "rows": [
            {"name": name_of(item, place), "cells": list(row)}
            for place, row in enumerate(values.numbers.get(item.code, ()), start=1)
            if row
        ],
    }


def tally(review: Review, values: VisitValues) -> Content:
    """What was counted so far; what was not leaves room for a pencil."""
    items = measured(scale_of(review))
    return people(review, values) | {"numbers": [with_room(item, values) for item in items]}


def with_room(item: Item, values: VisitValues) -> Content:
    """With an empty row for each specialist who may still be counted."""
    found, least = numbers_of(item, values), SPECIALISTS_ON_PAPER if is_by_specialist(item) else 1
    filled = {row["name"]: row for row in found["rows"]}
    last = max(least, len(values.numbers.get(item.code, ())))
    names = [name_of(item, place) for place in range(1, last + 1)]
    empty = [None] * len(found["columns"])
    return found | {"rows": [filled.get(name, {"name": name, "cells": empty}) for name in names]}


def name_of(item: Item, place: int) -> str:
    return f"Specialist {place}" if is_by_specialist(item) else "Team"


def sheets(review: Review, values: VisitValues) -> Content:
    scale, wording = scale_of(review), wording_of(review.state_id, review.scale_id)
    return {
        "sections": [
            {
                "name": section.name,
                "items": [
                    {
                        "seq": item.seq,
                        "name": item.name,
                        "measure": item.measure,
                        "anchors": [
                            [level, wording.get((item.code, level)) or item.anchor(level)]
                            for level in range(LOWEST, HIGHEST + 1)
                        ],
                        "components": [part.text for part in item.components],
                        "gates": [[gate.cap, gate.when] for gate in item.gates],
                        "sources": [scale.source_name(code) for code in item.sources],
                    }
                    for item in section.items
                ],
            }
            for section in scale.sections
        ]
    }


PARTS: dict[str, Callable[[Review, VisitValues], Content]] = {
    AGENDA: agenda,
    REQUEST: request,
    TALLY: tally,
    SHEETS: sheets,
}


def title(content: Content) -> str:
    return f"{content['title']}, {content['team']}, {content['dates']}"


def begin() -> None:
    for key, label in LABELS.items():
        kinds.register(
            ReportKind(
                key=key,
                label=label,
                resource=Resource.DRAFT_REPORT,
                subjects=reviews,
                content=content_of(key),
                renderer="fidelity.printing.sheets_pdf" if key == SHEETS else "fidelity.printing.visit_pdf",
                title=title,
                file_name=lambda content: f"{content['kind']} {content['team']} {content['starts_on']}",
                right="view",
            )
        )
