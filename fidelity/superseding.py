"""Files that are given out no more, because the report they were made from was corrected since.

A file is made from the edition that was the newest when it was drawn.
"""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from fidelity.models import ActionPlan, Edition
from ips_portal.reports.models import ReportRequest

KEPT = "so the file is kept but not given out any more."
OF_REPORT = (
    "This file was made from edition {made} of the report. Edition {newest} of {on} has taken its place, "
    f"{KEPT} The earlier edition can be had as a PDF that says so, on the page of the review."
)
OF_EDITION = (
    "This file does not know edition {newest} of {on}, which is the one that counts now, "
    f"{KEPT} Ask for the earlier edition once more on the page of the review."
)
OF_PLAN = (
    "This file names the total of edition {made} of the report. Edition {newest} of {on} has taken its place, "
    f"{KEPT} Ask for the action plan once more on its page."
)


def reports_before(papers: Collection[ReportRequest]) -> Mapping[int, str]:
    return outdated(papers, {paper.subject_id: paper.subject_id for paper in papers}, OF_REPORT)


def editions_before(papers: Collection[ReportRequest]) -> Mapping[int, str]:
    """An edition that was superseded says by which one, so its file holds until the next."""
    rows = Edition.objects.filter(pk__in={paper.subject_id for paper in papers})
    return outdated(papers, dict(rows.values_list("pk", "review_id")), OF_EDITION)


def plans_before(papers: Collection[ReportRequest]) -> Mapping[int, str]:
    rows = ActionPlan.objects.filter(pk__in={paper.subject_id for paper in papers})
    return outdated(papers, dict(rows.values_list("pk", "review_id")), OF_PLAN)


def outdated(papers: Collection[ReportRequest], reviews: Mapping[int, int], words: str) -> Mapping[int, str]:
    """`reviews` names the review of each record the papers are of."""
    later = list(
        Edition.objects.filter(review_id__in=set(reviews.values()), number__gt=1)
        .select_related("state")
        .defer("snapshot")
        .order_by("number")
    )
    found: dict[int, str] = {}
    for paper in papers:
        review_id = reviews.get(paper.subject_id)
        since = [each for each in later if each.review_id == review_id and drawn_before(paper, each)]
        if since:
            newest = since[-1]
            on = newest.issued_at.astimezone(ZoneInfo(newest.state.zone))
            found[paper.pk] = words.format(
                made=since[0].number - 1, newest=newest.number, on=f"{on:%B %-d, %Y}"
            )
    return found


def drawn_before(paper: ReportRequest, edition: Edition) -> bool:
    """One that failed has no file to be outdated, and is asked for once more as always."""
    if paper.file_id is None or paper.finished_at is None:
        return False
    return paper.finished_at < edition.issued_at
