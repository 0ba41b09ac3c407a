"""One's own sheet of a review: read, save one item, save many in one request, finish."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import finishing
from fidelity.actions import rating as actions
from fidelity.actions.rating import RatingValues, Typed, as_json
from fidelity.api.fields import Note, Score, Version
from fidelity.dashboards.progress import progress, progress_of
from fidelity.dashboards.rating import Stored, stored_sheet
from fidelity.finding import find_rated
from fidelity.forms.rating import known_sources
from fidelity.models import Rating, Review
from fidelity.scales import Item
from ips_portal.api.fields import Flag, Several, Text
from ips_portal.api.shapes import Answer, Out, Shape, Values


class RatingIn(Shape):
    """All fields are sent, so that no note is emptied by accident."""

    score = Score(allow_null=True, help_text="null is “not rated yet”, never zero.")
    note = Note(strip=False)
    sources = Several(Text(max_length=10), help_text="Codes of the item's data sources.")
    is_flagged = Flag(help_text="To come back to.")
    version = Version(help_text="0 for the first save of an item.")


class ItemIn(RatingIn):
    item = Text(max_length=10, help_text="The code of the item, such as SV6.")


class SheetIn(Shape):
    items = Several(ItemIn(), allow_empty=False, max_length=100)


class SectionOut(Out):
    rated = serializers.IntegerField()
    of = serializers.IntegerField()


class RunningPart(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    total_so_far = serializers.IntegerField()
    possible = serializers.IntegerField()


class ProgressOut(Out):
    rated = serializers.IntegerField()
    of = serializers.IntegerField()
    total_so_far = serializers.IntegerField(help_text="Of the leading part, where there are parts.")
    possible = serializers.IntegerField()
    flagged = serializers.IntegerField()
    sections = serializers.DictField(child=SectionOut())
    parts = RunningPart(many=True, help_text="By a scale that reports a total per part, one for each.")


class RatingOut(Out):
    item = serializers.CharField()
    name = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    sources = serializers.ListField(child=serializers.CharField())
    is_flagged = serializers.BooleanField()
    version = serializers.IntegerField()
    saved_at = serializers.CharField(allow_null=True)


class SheetOut(Out):
    finished_at = serializers.DateTimeField(allow_null=True)
    items = RatingOut(many=True)
    progress = ProgressOut()


class Saved(Out):
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    progress = ProgressOut()


class Finished(Out):
    status = serializers.ChoiceField(choices=Review.Status.values)


class OneSheet(Endpoint):
    def found(self, review: UUID) -> Review:
        return find_rated(self.asked, review)

    def stored(self, review: Review) -> Stored:
        return stored_sheet(review, self.actor)

    def told(self, review: Review) -> Response:
        stored = self.stored(review)
        items = [line(item, stored.ratings.get(item.code)) for item in stored.scale.items]
        done = {"finished_at": stored.reviewer.finished_at, "items": items, "progress": how_far(stored)}
        return self.answer(done)


class Sheet(OneSheet):
    """Your own ratings of a review. PUT saves up to all items together: all or none."""

    door = opens(Resource.RATINGS, GET="view", PUT="edit")
    takes = {"PUT": SheetIn}
    gives = {"GET": Answer(SheetOut), "PUT": Answer(SheetOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(self.found(review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        items: dict[str, Typed] = {}
        for place, sent in enumerate(self.sent()["items"]):
            if sent["item"] in items:
                raise Unacceptable(f"{sent['item']} stands twice in the list.", field=f"items.{place}.item")
            values = taken(found, sent["item"], sent, f"items.{place}.")
            items[sent["item"]] = Typed(values, sent["version"])
        actions.save_sheet(found, items=items, by=self.actor)
        return self.told(found)


class OneRating(OneSheet):
    """One item of your own sheet."""

    door = opens(Resource.RATINGS, PUT="edit")
    takes = {"PUT": RatingIn}
    gives = {"PUT": Answer(Saved)}

    def put(self, request: Request, state: str, review: UUID, item: str) -> Response:
        found, sent = self.found(review), self.sent()
        values = taken(found, item, sent)
        saved = actions.save_rating(
            found, item_code=item, values=values, version=sent["version"], by=self.actor
        )
        done = progress_of(found, saved.reviewer).as_json()
        return self.answer({"version": saved.version, "saved_at": saved.saved_at, "progress": done})


class Finish(OneSheet):
    """Locks your sheet. The last to be locked opens the consensus, or where one alone rates, drafts the report."""

    door = opens(Resource.RATINGS, POST="submit")
    gives = {"POST": Answer(Finished)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        self.sent()
        return self.answer(finishing.finish(found, by=self.actor))


def taken(review: Review, code: str, sent: Values, prefix: str = "") -> RatingValues:
    """The values of one item, its sources in the item's order."""
    try:
        sources = known_sources(actions.item_of(review, code), sent["sources"])
    except Unacceptable as refusal:
        raise Unacceptable(refusal.message, field=f"{prefix}{refusal.field}") from None
    return RatingValues(sent["score"], sent["note"], sources, sent["is_flagged"])


def line(item: Item, row: Rating | None) -> Values:
    kept = as_json(row or Rating())
    return {"item": item.code, "name": item.name, **kept, "saved_at": kept["saved_at"] if row else None}


def how_far(stored: Stored) -> Values:
    flagged = sum(row.is_flagged for row in stored.ratings.values())
    return progress(stored.scale, stored.scores(), flagged).as_json()
