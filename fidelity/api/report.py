"""The report: written around the ratings, handed over, issued by a second person, read from its frozen editions."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity import reports
from fidelity.actions import reporting
from fidelity.actions.reporting import ItemText
from fidelity.api.fields import Note, Version
from fidelity.finding import check_issued, find_draft, find_edition, find_review, hide_draft_of_others
from fidelity.in_force import scale_of
from fidelity.models import Edition, ItemReport, Review
from fidelity.moderation import check_not_moderator
from fidelity.ratings import agreed_ratings
from ips_portal.api.fields import Flag, Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values
from ips_portal.reports.actions import request_report
from ips_portal.reports.api import FileOut

TEXTS = ("method", "overview", "strengths", "next_steps")


class ItemTextIn(Shape):
    item = Text(max_length=10)
    found = Note()
    recommendation = Note()
    is_priority = Flag()


class ReportIn(Shape):
    """The four texts whole; of the items those that are sent."""

    version = Version(min_value=1)
    method = Note()
    overview = Note()
    strengths = Note()
    next_steps = Note()
    items = Several(ItemTextIn(), required=False, default=list, max_length=100)


class Issuing(Shape):
    version = Version(min_value=1, help_text="The version of the report that was read.")


class ItemTextOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)
    found = serializers.CharField(allow_blank=True)
    recommendation = serializers.CharField(allow_blank=True)
    is_priority = serializers.BooleanField()
    is_drafted = serializers.BooleanField(
        help_text="Still as the portal drafted it; a person edits it first."
    )


class ReportOut(Out):
    version = serializers.IntegerField()
    method = serializers.CharField(allow_blank=True)
    overview = serializers.CharField(allow_blank=True)
    strengths = serializers.CharField(allow_blank=True)
    next_steps = serializers.CharField(allow_blank=True)
    items = ItemTextOut(many=True)


class HandedOver(Out):
    told = serializers.IntegerField(
        help_text="How many people were told now: of the agency, where it has days to correct the draft; who may issue "
        "the report otherwise."
    )


class EditionLine(Out):
    number = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    issued_by = serializers.CharField(source="issued_by.name")
    reason = serializers.CharField(allow_blank=True)
    superseded_by = serializers.SerializerMethodField()

    def get_superseded_by(self, row: Edition) -> int | None:
        """The number of the edition in force, where that is a later one."""
        newest = self.context.get("newest", row.number)
        return newest if newest > row.number else None


class EditionOut(EditionLine):
    snapshot = serializers.DictField(help_text="The report as issued. It never changes.")


class Editions(Out):
    results = EditionLine(many=True)


class OneReport(Endpoint):
    def found(self, review: UUID) -> Review:
        return find_review(self.asked, review)

    def named(self, field: str) -> str:
        """The editor has a field for each text of an item; here they come together."""
        return "items" if field.endswith(("-found", "-recommendation")) else field

    def draft(self, review: UUID) -> Review:
        found = self.found(review)
        hide_draft_of_others(self.asked, found)
        reporting.check_in_draft(found)
        return found

    def told(self, review: Review) -> Response:
        """The text is read before the items: its version then covers them."""
        text = review.text
        rows = {row.item_code: row for row in review.item_reports.all()}
        ratings = agreed_ratings(review)
        items = [
            item_line(item.code, item.name, rows.get(item.code), ratings[item.code].score)
            for item in scale_of(review).items
        ]
        texts = {name: getattr(text, name) for name in TEXTS}
        return self.answer({"version": text.version, **texts, "items": items})


class Draft(OneReport):
    """The report in draft, for its reviewers and the state. PUT saves it over the version that was read; what a second
    person has agreed to before, where the state asks for that, is withdrawn by it."""

    door = opens(Resource.DRAFT_REPORT, GET="view", PUT="edit")
    takes = {"PUT": ReportIn}
    gives = {"GET": Answer(ReportOut), "PUT": Answer(ReportOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(self.draft(review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found, sent = self.draft(review), self.sent()
        reporting.save_report(
            found,
            **{name: sent[name] for name in TEXTS},
            items=texts_of(sent["items"]),
            version=sent["version"],
            by=self.actor,
        )
        return self.told(found)


class HandOver(OneReport):
    """Tells those whose turn it is: the agency where it has days to correct the draft, else who may issue the report.
    Nothing is locked."""

    door = opens(Resource.DRAFT_REPORT, POST="edit")
    gives = {"POST": Answer(HandedOver)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.draft(review)
        self.sent()
        return self.answer({"told": reporting.hand_over(found, by=self.actor)})


class Issue(OneReport):
    """Freezes the report as an edition and drafts the action plan. Never by who led the review."""

    door = opens(Resource.FINAL_REPORT, POST="approve")
    takes = {"POST": Issuing}
    gives = {"POST": Answer(EditionOut, 201)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        reporting.check_in_draft(found)
        reporting.check_second_person(found, self.actor)
        check_not_moderator(found, self.actor)
        return self.answer(reporting.issue(found, version=self.sent()["version"], by=self.actor))


class EditionList(OneReport):
    """The issued editions of a report. A correction is a new edition with its reason."""

    door = opens(Resource.FINAL_REPORT, GET="view")
    gives = {"GET": Answer(Editions)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        check_issued(found)
        rows = Edition.objects.visible_to(self.actor).filter(review=found).select_related("issued_by")
        results = list(rows.defer("snapshot"))
        return self.answer({"results": results}, newest=max(row.number for row in results))


class EditionPage(OneReport):
    """One edition, frozen: ratings, anchors, texts, band and the policy it was issued under."""

    door = opens(Resource.FINAL_REPORT, GET="view")
    gives = {"GET": Answer(EditionOut)}

    def get(self, request: Request, state: str, review: UUID, edition: int) -> Response:
        found = self.found(review)
        row = find_edition(self.asked, found, edition)
        later = reports.successor(row)
        return self.answer(row, newest=later.number if later else row.number)


class DraftPaper(OneReport):
    """Asks for the draft as PDF, or finds the one that says the same. Its own address says when it is ready.

    The agency has the draft as it was handed over, while it is asked to correct it.
    """

    door = opens(Resource.DRAFT_REPORT, POST="view")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        window = find_draft(self.asked, found)
        reporting.check_in_draft(found)
        self.sent()
        if window:
            return self.answer(request_report(reports.HANDED_OVER, window, by=self.actor))
        return self.answer(request_report(reports.DRAFT, found, by=self.actor))


class ReportPaper(OneReport):
    """Asks for the issued report as PDF, or finds the one that says the same."""

    door = opens(Resource.FINAL_REPORT, POST="export")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        check_issued(found)
        self.sent()
        return self.answer(request_report(reports.REPORT, found, by=self.actor))


def texts_of(items: list[Values]) -> dict[str, ItemText]:
    found: dict[str, ItemText] = {}
    for place, sent in enumerate(items):
        if sent["item"] in found:
            raise Unacceptable(f"{sent['item']} stands twice in the list.", field=f"items.{place}.item")
        found[sent["item"]] = ItemText(sent["found"], sent["recommendation"], sent["is_priority"])
    return found


def item_line(code: str, name: str, row: ItemReport | None, rating: int | None) -> dict[str, Any]:
    kept = row or ItemReport()
    return {
        "item": code,
        "name": name,
        "rating": rating,
        "found": kept.found,
        "recommendation": kept.recommendation,
        "is_priority": kept.is_priority,
        "is_drafted": kept.is_drafted and bool(kept.recommendation),
    }
