"""The agency's time to correct a draft report: what it was handed, what it says is wrong, what the reviewers answer."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import answering
from fidelity.actions.answering import Comment, Reply
from fidelity.api.consensus import placed
from fidelity.api.fields import Note, Version
from fidelity.dashboards.answers import AnswersPage, CommentedItem, answers_page
from fidelity.finding import find_review, find_window
from fidelity.models import DraftComment, Review
from ips_portal.api.fields import Choice, Flag, Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values

TEXTS = ("overview", "strengths", "method", "next_steps")


class CommentIn(Shape):
    item = Text(max_length=10, help_text="The code of the item, such as SV6.")
    wrong = Note(help_text="What is not right in the draft; empty takes a comment back.")
    seen = Note(help_text="Where it can be seen.")
    version = Version(help_text="0 where nothing was said of the item before.")


class CommentsIn(Shape):
    items = Several(CommentIn(), required=False, default=list, max_length=100)
    done = Flag(help_text="True when this is all the agency has to say. Its time then ends at once.")


class ReplyIn(Shape):
    outcome = Choice(DraftComment.Outcome.values, help_text="Whether the report was changed.")
    answer = Note(allow_blank=False, help_text="What was changed, or why nothing was.")
    version = Version(min_value=1, help_text="The version of the comment that was read.")


class CommentOut(Out):
    wrong = serializers.CharField()
    seen = serializers.CharField()
    said_by = serializers.CharField(source="said_by.name")
    said_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=DraftComment.Outcome.values, allow_blank=True)
    answer = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class DraftItemOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)
    found = serializers.CharField(allow_blank=True)
    recommendation = serializers.CharField(allow_blank=True)
    comment = CommentOut(allow_null=True)


class AnswersOut(Out):
    last_day = serializers.DateField()
    is_open = serializers.BooleanField()
    closed_at = serializers.DateTimeField(allow_null=True)
    left = serializers.IntegerField(help_text="Comments that are not answered.")
    texts = serializers.DictField(help_text="What the draft says around its items, while you may read it.")
    items = DraftItemOut(
        many=True, help_text="While you may read the draft, every item; else those commented on, without it."
    )


class OneWindow(Endpoint):
    def read(self, review: Review) -> AnswersPage:
        return answers_page(review, find_window(self.asked, review), self.actor)

    def told(self, review: Review) -> Response:
        page = self.read(review)
        snapshot = page.window.snapshot if page.comments or review.draft_is_open_to(self.actor) else {}
        drafted = {item["code"]: item for part in snapshot.get("sections", ()) for item in part["items"]}
        return self.answer(
            {
                "last_day": page.last_day,
                "is_open": page.is_open,
                "closed_at": page.window.closed_at,
                "left": page.left,
                "texts": texts_of(snapshot) if snapshot else {},
                "items": [
                    line(each, drafted.get(each.item.code, {}))
                    for _, items in page.sections
                    for each in items
                    if drafted or each.comment
                ],
            }
        )


class Answers(OneWindow):
    """The draft as it was handed to the agency, with comments and answers. PUT keeps what the agency says: all of it
    or nothing."""

    door = opens(Resource.DRAFT_REPORT, GET="view", PUT="edit")
    takes = {"PUT": CommentsIn}
    gives = {"GET": Answer(AnswersOut), "PUT": Answer(AnswersOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(find_review(self.asked, review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = find_review(self.asked, review)
        self.read(found)
        sent = self.sent()
        items: dict[str, Comment] = {}
        for place, each in enumerate(sent["items"]):
            if each["item"] in items:
                raise Unacceptable(f"{each['item']} stands twice in the list.", field=f"items.{place}.item")
            items[each["item"]] = Comment(each["wrong"], each["seen"], each["version"])
        try:
            answering.comment(found, items=items, closes=sent["done"], by=self.actor)
        except Unacceptable as refusal:
            raise Unacceptable(refusal.message, fields=placed(refusal.fields, list(items))) from None
        return self.told(found)


class OneAnswer(OneWindow):
    """What the reviewers answer to the comment on one item, once the agency's time is over."""

    door = opens(Resource.DRAFT_REPORT, PUT="edit")
    takes = {"PUT": ReplyIn}
    gives = {"PUT": Answer(AnswersOut)}

    def named(self, field: str) -> str:
        return field.partition("-")[2] or field

    def put(self, request: Request, state: str, review: UUID, item: str) -> Response:
        found = find_review(self.asked, review)
        self.read(found)
        sent = self.sent()
        reply = Reply(sent["outcome"], sent["answer"], sent["version"])
        answering.answer(found, items={item: reply}, by=self.actor)
        return self.told(found)


def texts_of(snapshot: dict[str, Any]) -> Values:
    said = {**snapshot["review"], **snapshot}
    return {name: said.get(name) or "" for name in TEXTS}


def line(each: CommentedItem, drafted: dict[str, Any]) -> Values:
    return {
        "item": each.item.code,
        "name": each.item.name,
        "rating": drafted.get("rating"),
        "found": drafted.get("found", ""),
        "recommendation": drafted.get("recommendation", ""),
        "comment": each.comment,
    }
