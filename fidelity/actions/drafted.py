"""First words of a report, drafted from its ratings, and taken out again where these may change."""

from collections.abc import Mapping

from fidelity import drafting
from fidelity.in_force import scale_of
from fidelity.models import ItemReport, Review, Visit
from fidelity.ratings import Agreed, agreed_ratings, last_review
from fidelity.scales import Item
from fidelity.scoring import check_rating
from fidelity.visits import method

DRAFTED = ["found", "recommendation", "is_drafted", "is_priority"]


def draft_report(review: Review) -> None:
    """First words for the report, from the notes and the next anchors, wherever nobody has written any."""
    rows = agreed_ratings(review)
    present = {report.item_code: report for report in review.item_reports.all()}
    for item in scale_of(review).items:
        if item.code in present:
            draft_item(present[item.code], item, rows[item.code])
    ItemReport.objects.bulk_update(present.values(), DRAFTED)
    ItemReport.objects.bulk_create(
        draft_item(
            ItemReport(state_id=review.state_id, review=review, team_id=review.team_id, item_code=item.code),
            item,
            rows[item.code],
        )
        for item in scale_of(review).items
        if item.code not in present
    )
    text = review.text
    text.strengths = text.strengths or drafted_strengths(review, rows)
    text.method = text.method or drafted_method(review)
    text.save()


def draft_item(report: ItemReport, item: Item, rated: Agreed) -> ItemReport:
    score = check_rating(rated.score)
    report.found = report.found or rated.note
    if drafting.is_priority(score) and not report.recommendation:
        report.recommendation, report.is_drafted = drafting.recommendation(item, score), True
        report.is_priority = True
    return report


def undraft_report(review: Review) -> None:
    """Takes the portal's own words out again: they follow from ratings and notes that may change now."""
    rows = agreed_ratings(review)
    reports = list(review.item_reports.all())
    for report in reports:
        if report.found == rows[report.item_code].note:
            report.found = ""
        if report.is_drafted:
            report.recommendation, report.is_drafted, report.is_priority = "", False, False
    ItemReport.objects.bulk_update(reports, DRAFTED)
    text = review.text
    text.handed_over_at = text.handed_over_by = None
    if text.strengths == drafted_strengths(review, rows):
        text.strengths = ""
    if text.method == drafted_method(review):
        text.method = ""
    text.save(update_fields=["method", "strengths", "handed_over_at", "handed_over_by"])


def drafted_strengths(review: Review, rows: Mapping[str, Agreed]) -> str:
    ratings = {code: row.score for code, row in rows.items() if row.score is not None}
    before = last_review(review)
    return drafting.strengths(scale_of(review), ratings, before.ratings if before else None)


def drafted_method(review: Review) -> str:
    """From what was counted on the visit; empty where nothing was."""
    visit: Visit | None = review.visits.first()
    return method(visit.values) if visit else ""
