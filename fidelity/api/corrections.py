"""Corrections of issued reports: opened by the state, written by whom it names, issued by somebody else."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.models import Membership
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity import reports
from fidelity.actions import correcting, opening, reporting
from fidelity.actions.correcting import ItemWords
from fidelity.api.consensus import placed
from fidelity.api.fields import Note, Score, Version
from fidelity.api.report import TEXTS, EditionOut, HandedOver
from fidelity.comparing import Comparison, compare
from fidelity.dashboards.corrections import CorrectionPage, correction_page
from fidelity.finding import find_correction, find_edition, find_review
from fidelity.models import Correction, Review
from fidelity.reviewers import correctors
from ips_portal.api.fields import Day, Flag, Key, Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values
from ips_portal.reports.actions import request_report
from ips_portal.reports.api import FileOut


class CorrectionIn(Shape):
    items = Several(Text(max_length=10), required=False, default=list, max_length=100)
    with_texts = Flag(help_text="Whether the texts around the items are opened, too.")
    writer = Key(
        help_text="The membership of who corrects it: a reviewer of the report, or a trainer of the state."
    )
    until = Day(help_text="After this day the correction closes by itself, and the issued edition stands.")
    reason = Note(allow_blank=False, help_text="Everybody who reads the new edition sees it.")


class CorrectedIn(Shape):
    item = Text(max_length=10)
    score = Score()
    found = Note()
    recommendation = Note()
    is_priority = Flag()


class WordsIn(Shape):
    """Of items and texts those that are sent. A text that is null or left out stays as it is."""

    version = Version(min_value=1)
    items = Several(CorrectedIn(), required=False, default=list, max_length=100)
    method = Note(required=False, allow_null=True, default=None)
    overview = Note(required=False, allow_null=True, default=None)
    strengths = Note(required=False, allow_null=True, default=None)
    next_steps = Note(required=False, allow_null=True, default=None)


class CorrectionRead(Shape):
    version = Version(min_value=1, help_text="The version of the correction that was read.")


class CorrectionReason(Shape):
    reason = Note(allow_blank=False)


class CorrectedOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    issued = serializers.IntegerField(help_text="The rating of the edition that stands.")
    score = serializers.IntegerField()
    found = serializers.CharField(allow_blank=True)
    recommendation = serializers.CharField(allow_blank=True)
    is_priority = serializers.BooleanField()


class ChangeOut(Out):
    item = serializers.CharField(allow_blank=True, help_text="Empty for the texts around the items.")
    about = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ChangesOut(Out):
    results = ChangeOut(many=True)


class CorrectionOut(Out):
    corrects = serializers.IntegerField(help_text="The number of the edition that stands meanwhile.")
    reason = serializers.CharField()
    opened_by = serializers.CharField()
    writer = serializers.CharField()
    until = serializers.DateField()
    version = serializers.IntegerField()
    handed_over_at = serializers.DateTimeField(allow_null=True)
    items = CorrectedOut(many=True)
    texts = serializers.DictField(help_text="What was opened of the texts; empty where they stay locked.")
    changes = ChangeOut(many=True, help_text="What the next edition would say otherwise.")


class CorrectionEnded(Out):
    outcome = serializers.ChoiceField(choices=Correction.Outcome.values)


class OneCorrection(Endpoint):
    def found(self, review: UUID) -> Review:
        return find_review(self.asked, review)

    def told(self, review: Review) -> Response:
        page = correction_page(find_correction(self.asked, review), self.actor)
        return self.answer(as_json(page))


class CorrectionOpen(OneCorrection):
    """Opens chosen items of an issued report to one person until a day."""

    door = opens(Resource.REVIEW, POST="reopen")
    takes = {"POST": CorrectionIn}
    gives = {"POST": Answer(CorrectionOut, 201)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found, sent = self.found(review), self.sent()
        opening.check_issued(found)
        opening.check_has_writer(found)
        opening.begin(found, **{**sent, "writer": self.writer(found, sent["writer"])}, by=self.actor)
        return self.told(found)

    def writer(self, review: Review, key: int) -> Membership:
        for each in correctors(review, self.tenant.today()):
            if each.pk == key:
                return each
        raise Unacceptable(f"{key} is not one of the choices.", field="writer")


class CorrectionPlace(OneCorrection):
    """The correction that is open, for those who read drafts. PUT saves what its writer says instead."""

    door = opens(Resource.DRAFT_REPORT, GET="view", PUT="edit")
    takes = {"PUT": WordsIn}
    gives = {"GET": Answer(CorrectionOut), "PUT": Answer(CorrectionOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(self.found(review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        find_correction(self.asked, found)
        sent = self.sent()
        items = words_of(sent["items"])
        texts = {name: sent[name] for name in TEXTS if sent[name] is not None}
        try:
            correcting.save_correction(
                found, items=items, texts=texts, version=sent["version"], by=self.actor
            )
        except Unacceptable as refusal:
            raise Unacceptable(refusal.message, fields=placed(refusal.fields, list(items))) from None
        return self.told(found)


class CorrectionHandOver(OneCorrection):
    """The writer is done: those who may issue the correction are told."""

    door = opens(Resource.DRAFT_REPORT, POST="edit")
    gives = {"POST": Answer(HandedOver)}

    def named(self, field: str) -> str:
        return "items" if "-" in field else field

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        find_correction(self.asked, found)
        self.sent()
        return self.answer({"told": correcting.hand_over(found, by=self.actor)})


class CorrectionIssue(OneCorrection):
    """Freezes the next edition; the one before is superseded. Never by its writer, nor by who led the review."""

    door = opens(Resource.FINAL_REPORT, POST="approve")
    takes = {"POST": CorrectionRead}
    gives = {"POST": Answer(EditionOut, 201)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        held = find_correction(self.asked, found)
        reporting.check_second_person(found, self.actor)
        correcting.check_not_written_by(held, self.actor)
        return self.answer(correcting.issue(found, version=self.sent()["version"], by=self.actor))


class CorrectionAbandon(OneCorrection):
    """Gives the correction up; the issued edition stands."""

    door = opens(Resource.REVIEW, POST="reopen")
    takes = {"POST": CorrectionReason}
    gives = {"POST": Answer(CorrectionEnded)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        find_correction(self.asked, found)
        return self.answer(opening.abandon(found, **self.sent(), by=self.actor))


class EditionPaper(OneCorrection):
    """Asks for an edition as PDF. One that was superseded is printed with what has taken its place."""

    door = opens(Resource.FINAL_REPORT, POST="export")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, review: UUID, edition: int) -> Response:
        found = self.found(review)
        row = find_edition(self.asked, found, edition)
        self.sent()
        newest = reports.successor(row) is None
        kind, subject = (reports.REPORT, found) if newest else (reports.SUPERSEDED, row)
        return self.answer(request_report(kind, subject, by=self.actor))


class EditionChanges(OneCorrection):
    """What an edition says otherwise than the one it corrected; nothing for the first."""

    door = opens(Resource.FINAL_REPORT, GET="view")
    gives = {"GET": Answer(ChangesOut)}

    def get(self, request: Request, state: str, review: UUID, edition: int) -> Response:
        found = self.found(review)
        row = find_edition(self.asked, found, edition)
        if row.number == 1:
            return self.answer({"results": []})
        before = find_edition(self.asked, found, row.number - 1)
        return self.answer({"results": changes_of(compare(before.snapshot, row.snapshot))})


def words_of(items: list[Values]) -> dict[str, ItemWords]:
    found: dict[str, ItemWords] = {}
    for place, sent in enumerate(items):
        if sent["item"] in found:
            raise Unacceptable(f"{sent['item']} stands twice in the list.", field=f"items.{place}.item")
        parts = ("score", "found", "recommendation", "is_priority")
        found[sent["item"]] = ItemWords(*(sent[part] for part in parts))
    return found


def as_json(page: CorrectionPage) -> dict[str, Any]:
    held = page.correction
    return {
        "corrects": held.corrects,
        "reason": held.reason,
        "opened_by": str(held.opened_by),
        "writer": str(held.writer),
        "until": page.last_day,
        "version": held.version,
        "handed_over_at": held.handed_over_at,
        "items": [
            {
                "item": each.item.code,
                "name": each.item.name,
                "issued": each.issued,
                "score": each.row.score,
                "found": each.row.found,
                "recommendation": each.row.recommendation,
                "is_priority": each.row.is_priority,
            }
            for each in page.items
        ],
        "texts": {name: getattr(held, name) for name in TEXTS} if held.with_texts else {},
        "changes": changes_of(page.changes),
    }


def changes_of(changes: Comparison) -> list[Values]:
    return [
        {"item": passage.code, "about": each.about, "before": each.before, "after": each.after}
        for passage in changes.passages
        for each in passage.words
    ]
