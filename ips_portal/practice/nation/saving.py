"""Rows put in one by one, as Django does it: what copying and importing are measured beside."""

from collections.abc import Mapping, Sequence

from outcomes.models import QuarterlyReport, Revision


def save_reports(first: QuarterlyReport, quarters: int) -> list[QuarterlyReport]:
    """Of the quarters before a team's first report, newest first."""
    saved = []
    for back in range(1, 1 + quarters):
        row = QuarterlyReport(
            state=first.state, team=first.team, due_on=first.due_on, locks_on=first.locks_on
        )
        row.quarter = first.quarter - back
        row.save()
        saved.append(row)
    return saved


def save_drafts(reports: Sequence[QuarterlyReport], figures: Sequence[Mapping[str, object]]) -> None:
    for report, values in zip(reports, figures, strict=True):
        Revision(state=report.state, report=report, team=report.team, number=1, **values).save()
