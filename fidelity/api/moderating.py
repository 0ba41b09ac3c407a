"""A draft that is read by a second person of the state before it goes to the agency: asked for, agreed to, returned."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import moderating
from fidelity.api.fields import Note, Version
from fidelity.dashboards.moderating import Record, moderation_line, records
from fidelity.finding import find_moderated, find_review
from fidelity.models import Moderation, Review
from fidelity.moderation import check_took_no_part
from ips_portal.api.fields import Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values


class AskingIn(Shape):
    answer = Note(
        required=False, default="", help_text="After a return: what was changed, or why it was not."
    )


class AgreementIn(Shape):
    version = Version(min_value=1, help_text="The version of the report that was read.")
    note = Note(required=False, default="")


class ItemRemarkIn(Shape):
    item = Text(max_length=10)
    text = Note(allow_blank=False)


class ReturnIn(Shape):
    version = Version(min_value=1, help_text="The version of the report that was read.")
    reason = Note(allow_blank=False)
    remarks = Several(ItemRemarkIn(), required=False, default=list, max_length=100)


class ItemRemarkOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()


class ModerationRecord(Out):
    version = serializers.IntegerField(help_text="Of the report that was to be read.")
    stage = serializers.ChoiceField(choices=Moderation.Stage.values)
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True, help_text="To the remarks of the time before.")
    done_by = serializers.CharField(allow_blank=True)
    done_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="Of a return its reason.")
    remarks = ItemRemarkOut(many=True)


class ModerationOut(Out):
    stage = serializers.ChoiceField(
        choices=["", *Moderation.Stage.values[:3]],
        help_text="Empty where it is to be asked for, or asked for again.",
    )
    words = serializers.CharField(help_text="Where it stands, in words.")
    records = ModerationRecord(many=True, help_text="Newest first.")


class OneModeration(Endpoint):
    def found(self, review: UUID) -> Review:
        return find_review(self.asked, review)

    def read(self, review: UUID) -> Review:
        """For who may decide about it."""
        found = self.found(review)
        moderating.asked_for(found)
        check_took_no_part(found, self.actor)
        return found

    def told(self, review: Review) -> Response:
        stands, line = (
            find_moderated(self.asked, review),
            moderation_line(review, self.tenant, self.actor),
        )
        words = line.words if line else ""
        return self.answer(
            {"stage": stands.stage, "words": words, "records": [as_json(each) for each in records(review)]}
        )


class ModerationPlace(OneModeration):
    """Where it stands and what was said so far, for those who read drafts. POST is of the reviewers, who ask."""

    door = opens(Resource.DRAFT_REPORT, GET="view", POST="edit")
    takes = {"POST": AskingIn}
    gives = {"GET": Answer(ModerationOut), "POST": Answer(ModerationOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        find_moderated(self.asked, found)
        return self.told(found)

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        find_moderated(self.asked, found)
        moderating.ask(found, **self.sent(), by=self.actor)
        return self.told(found)

    def named(self, field: str) -> str:
        """What is not complete yet stands in the report, with a field for each text of an item."""
        return "items" if "-" in field else field


class ModerationAgree(OneModeration):
    """The draft may go out as it was read. Never by who reviewed; changed texts, ratings or reviewers withdraw it."""

    door = opens(Resource.FINAL_REPORT, POST="approve")
    takes = {"POST": AgreementIn}
    gives = {"POST": Answer(ModerationOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.read(review)
        moderating.agree(found, **self.sent(), by=self.actor)
        return self.told(found)


class ModerationReturn(OneModeration):
    """Back to its reviewers, with a reason and remarks on items."""

    door = opens(Resource.FINAL_REPORT, POST="approve")
    takes = {"POST": ReturnIn}
    gives = {"POST": Answer(ModerationOut)}

    def named(self, field: str) -> str:
        return "remarks" if field.endswith("-remark") else "reason" if field == "note" else field

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found, sent = self.read(review), self.sent()
        moderating.send_back(
            found,
            version=sent["version"],
            reason=sent["reason"],
            remarks=remarks_of(sent["remarks"]),
            by=self.actor,
        )
        return self.told(found)


def remarks_of(sent: list[Values]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, each in enumerate(sent):
        if each["item"] in found:
            raise Unacceptable(f"{each['item']} stands twice in the list.", field=f"remarks.{place}.item")
        found[each["item"]] = each["text"]
    return found


def as_json(record: Record) -> dict[str, Any]:
    row = record.row
    names = ("version", "stage", "asked_at", "answer", "done_at", "note")
    return {name: getattr(row, name) for name in names} | {
        "asked_by": str(row.asked_by),
        "done_by": str(row.done_by or ""),
        "remarks": [{"item": item.code, "name": item.name, "text": text} for item, text in record.remarks],
    }
