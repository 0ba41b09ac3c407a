"""The consensus of a review, for its reviewers: every sheet, what was agreed, and closing it."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import consensus as actions
from fidelity.actions.consensus import Settled
from fidelity.api.fields import Note, Score, Version
from fidelity.api.ratings import Finished
from fidelity.api.reviews import PartOut
from fidelity.dashboards.consensus import ComparedItem, compared, consensus_page
from fidelity.finding import check_compared, find_review
from fidelity.models import Review
from ips_portal.api.fields import Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values


class SettledIn(Shape):
    item = Text(max_length=10, help_text="The code of the item, such as SV6.")
    score = Score(help_text="What you agree on.")
    reason = Note(help_text="Asked for where ratings are two or more apart, or nobody gave the agreed one.")
    version = Version(help_text="0 where the item was not settled before.")


class ConsensusIn(Shape):
    items = Several(SettledIn(), allow_empty=False, max_length=100)


class GivenOut(Out):
    reviewer = serializers.CharField()
    score = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)


class ComparedOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    gap = serializers.IntegerField()
    given = GivenOut(many=True)
    agreed = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class SettledPart(PartOut):
    rated = serializers.IntegerField()
    of = serializers.IntegerField()


class ConsensusOut(Out):
    status = serializers.ChoiceField(choices=Review.Status.values)
    left = serializers.IntegerField(help_text="Items that differ and are not settled.")
    exact = serializers.IntegerField(help_text="Pairs of ratings that were alike from the start.")
    pairs = serializers.IntegerField()
    parts = SettledPart(
        many=True,
        help_text="By a scale that reports a total per part, one for each, as far as it is settled.",
    )
    items = ComparedOut(many=True)


class OneConsensus(Endpoint):
    def found(self, review: UUID) -> Review:
        found = find_review(self.asked, review)
        check_compared(self.asked, found)
        return found


class Consensus(OneConsensus):
    """Every sheet beside the others, widest gap first. PUT settles items: all or none."""

    door = opens(Resource.CONSENSUS, GET="view", PUT="edit")
    takes = {"PUT": ConsensusIn}
    gives = {"GET": Answer(ConsensusOut), "PUT": Answer(ConsensusOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(self.found(review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        items: dict[str, Settled] = {}
        for place, sent in enumerate(self.sent()["items"]):
            if sent["item"] in items:
                raise Unacceptable(f"{sent['item']} stands twice in the list.", field=f"items.{place}.item")
            items[sent["item"]] = Settled(sent["score"], sent["reason"], sent["version"])
        try:
            actions.settle(found, items=items, by=self.actor)
        except Unacceptable as refusal:
            raise Unacceptable(refusal.message, fields=placed(refusal.fields, list(items))) from None
        return self.told(found)

    def told(self, review: Review) -> Response:
        page = consensus_page(compared(review), self.actor)
        return self.answer(
            {
                "status": review.status,
                "left": page.left,
                "exact": page.agreement.exact,
                "pairs": page.agreement.pairs,
                "parts": page.score.parts,
                "items": [line(each) for each in page.items],
            }
        )


class CloseConsensus(OneConsensus):
    """Makes what was agreed the ratings of the review, and drafts the report."""

    door = opens(Resource.CONSENSUS, POST="submit")
    gives = {"POST": Answer(Finished)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        self.sent()
        return self.answer(actions.close(found, by=self.actor))


def placed(fields: dict[str, list[str]], codes: list[str]) -> dict[str, list[str]]:
    """Named by their place in the list that was sent."""
    found = {}
    for name, texts in fields.items():
        code, _, part = name.partition("-")
        found[f"items.{codes.index(code)}.{part}" if code in codes else name] = texts
    return found


def line(each: ComparedItem) -> Values:
    agreed = each.agreed
    return {
        "item": each.item.code,
        "name": each.item.name,
        "gap": each.gap,
        "given": [{"reviewer": one.name, "score": one.score, "note": one.note} for one in each.given],
        "agreed": agreed.score if agreed else None,
        "reason": agreed.reason if agreed else "",
        "version": agreed.version if agreed else 0,
    }
